# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""GraphML, for graph tools."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar
from xml.sax.saxutils import escape, quoteattr

from attrs import frozen

from enliterator_core import VERBS, Exporter, Graph
from enliterator_exports.leaving import entities_out, place, relations_out

# What XML 1.0 cannot hold, not even escaped.
_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@frozen
class GraphMl(Exporter):
    """GraphML: nodes with pool, name, kind, description, time and licence; edges with verb, phrase and evidence.

    Every edge is directed and says whether its verb is symmetric: common readers refuse a graph that mixes both kinds.
    """

    name: ClassVar[str] = "graphml"
    file_name: ClassVar[str] = "graph.graphml"

    def export(self, graph: Graph, target: Path) -> int:
        """Write one GraphML document; return how many entities and relations it holds."""
        entities, count = entities_out(graph), 0
        with target.open("w", encoding="utf-8", newline="\n") as file:
            file.write(_GRAPHML_HEAD)
            for id, entity in entities.items():
                rights = graph.rights[entity.rights]
                values = {
                    "name": entity.name,
                    "pool": entity.pool,
                    "kind": entity.kind,
                    "description": entity.description,
                    "time": entity.time.value or "",
                    "license": rights.license or "",
                }
                file.write(f'<node id="{id}">{_data(values)}</node>\n')
            for relation in relations_out(graph, entities):
                count += 1
                spans = "\n".join(place(span) for span in relation.evidence)
                values = {"verb": relation.verb, "phrase": VERBS[relation.verb].phrase, "evidence": spans}
                ends = f'source="{relation.subject}" target="{relation.object}"'
                symmetric = str(VERBS[relation.verb].symmetric).lower()
                file.write(f'<edge id="e{count}" {ends}>{_data(values)}<data key="symmetric">{symmetric}</data>')
                file.write(f'<data key="confidence">{relation.confidence:g}</data></edge>\n')
            file.write("</graph>\n</graphml>\n")
        return len(entities) + count


_KEYS = (
    *((name, "node", "string") for name in ("name", "pool", "kind", "description", "time", "license")),
    *((name, "edge", "string") for name in ("verb", "phrase", "evidence")),
    ("symmetric", "edge", "boolean"),
    ("confidence", "edge", "double"),
)

_GRAPHML_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n'
    + "".join(f'<key id="{id}" for="{of}" attr.name={quoteattr(id)} attr.type="{type}"/>\n' for id, of, type in _KEYS)
    + '<graph id="batch" edgedefault="directed">\n'
)


def _data(values: Mapping[str, str]) -> str:
    return "".join(
        f'<data key="{key}">{escape(_NOT_XML.sub(chr(0xFFFD), value))}</data>' for key, value in values.items() if value
    )
