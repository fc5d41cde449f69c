# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""From any property graph to a staged one: every node that the mapping has a line for, named and with its rights."""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any, Final, Protocol

from enliterator_core import fold
from enliterator_neo4j.importing.mapping import Mapping
from enliterator_neo4j.importing.names import in_words, local
from enliterator_neo4j.importing.rows import name_of, text_of, when
from enliterator_neo4j.importing.staging import Edge, Node, Staging, dumps

_LONGEST: Final = 120
_COMMONS: Final = re.compile(
    r"https?://creativecommons\.org/(?:licenses|publicdomain)/([a-z-]+)/(\d\.\d)/?(?:legalcode)?", re.IGNORECASE
)


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
                yield _row(node, label, places[label], mapping)

    twice = staging.add_nodes(rows())
    staging.name_apart()
    loose = staging.add_edges((edge.start, edge.type, edge.end, dumps(edge.properties)) for edge in graph.edges())
    for label, count in sorted(unknown.items()):
        refuse(f"label {label}", f"the mapping has no line for it ({count:,} nodes)")
    if twice:
        refuse("nodes", f"{twice:,} have an id that another has")
    if loose:
        refuse("relationships", f"{loose:,} begin or end at a node that is not there or is left out")


def _row(node: Node, label: str, place: int, mapping: Mapping) -> tuple[Any, ...]:
    mapped, language, properties = mapping.labels[label], mapping.language, node.properties
    key = text_of(properties, mapped.key) or node.id
    kind = mapped.kind or in_words(label)
    name = name_of(properties, mapped, language) or f"{kind} {local(key)}"
    name = name if len(name) <= _LONGEST else f"{name[:_LONGEST].rstrip()}…"
    license = mapped.rights or license_of(text_of(properties, mapped.license))
    rights = {"license": license, "holder": text_of(properties, mapped.holder)} if license else {}
    stated = json.dumps({one: words for one, words in rights.items() if words}) if rights else ""
    # As two mentions of one thing are found to be one: whatever their case and hyphens.
    folded, time = fold(name.replace("-", " ")), when(text_of(properties, mapped.time)).value or ""
    return node.id, label, kind, local(key), place, dumps(properties), mapped.pool, folded, name, time, stated


def license_of(words: str) -> str:
    """Return a licence as SPDX writes it where it is a link of Creative Commons; any other words as they are."""
    found = _COMMONS.fullmatch(words.strip())
    if found is None:
        return words
    kind, version = found[1].lower(), found[2]
    return f"CC0-{version}" if kind == "zero" else f"CC-{kind.upper()}-{version}"
