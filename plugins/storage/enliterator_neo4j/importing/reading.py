# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""From any property graph to a staged one: every node that the mapping has a line for, named and with its rights."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any, Final, Protocol

from enliterator_core import fold
from enliterator_neo4j.importing.mapping import Label, Mapping
from enliterator_neo4j.importing.rows import shown
from enliterator_neo4j.importing.staging import Edge, Node, Staging, dumps

_LONGEST: Final = 120


class PropertyGraph(Protocol):
    """A property graph that can be read from beginning to end, as often as is asked."""

    def nodes(self) -> Iterator[Node]:
        """Every node."""

    def edges(self) -> Iterator[Edge]:
        """Every relationship."""

    def close(self) -> None:
        """Let go of it."""


def stage(graph: PropertyGraph, mapping: Mapping, staging: Staging, refuse: Callable[[str, str], None]) -> None:
    """Take in a graph; labels that the mapping has no line for are refused by name, with how many nodes they have."""
    unknown: Counter[str] = Counter()
    places = {label: place for place, label in enumerate(mapping.labels)}

    def rows() -> Iterator[tuple[Any, ...]]:
        for node in graph.nodes():
            label = mapping.label_of(node.labels)
            if label is None:
                unknown[":".join(node.labels) or "no label"] += 1
            else:
                yield _row(node, label, places[label], mapping.labels[label])

    staging.add_nodes(rows())
    staging.name_apart()
    staging.add_edges((edge.start, edge.type, edge.end, dumps(edge.properties)) for edge in graph.edges())
    for label, count in sorted(unknown.items()):
        refuse(f"label {label}", f"the mapping has no line for it ({count:,} nodes)")


def _row(node: Node, label: str, place: int, mapped: Label) -> tuple[Any, ...]:
    said = {name: shown(value).strip() for name, value in node.properties.items() if value is not None}
    key = said.get(mapped.key) or node.id
    name = " ".join(said.get(mapped.name, "").split()) or f"{mapped.kind or label} {key}"
    name = name if len(name) <= _LONGEST else f"{name[:_LONGEST].rstrip()}…"
    license = mapped.rights or said.get(mapped.license, "")
    rights = {"license": license, "holder": said.get(mapped.holder, "")} if license else {}
    stated = json.dumps({one: words for one, words in rights.items() if words}) if rights else ""
    # As two mentions of one thing are found to be one: whatever their case and hyphens.
    folded, time = fold(name.replace("-", " ")), said.get(mapped.time, "")
    return node.id, label, key, place, dumps(node.properties), mapped.pool, folded, name, time, stated
