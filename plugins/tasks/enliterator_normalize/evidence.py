# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""What first gives evidence for each entity and each relation: made once for who asks, and again for who checks."""

from typing import Any, Final

from enliterator_core import Graph, Span

_KEPT: Final = 8_192


class FirstSpans(dict[int, Span | None]):
    """The first span of each entity or relation, by its number; None where it has none. The last ones are kept."""

    def __init__(self, spans: Any) -> None:
        super().__init__()
        self._first = spans.first

    def __missing__(self, number: int) -> Span | None:
        if len(self) >= _KEPT:
            self.clear()
        span: Span | None = self._first(number)
        self[number] = span
        return span


class Evidence:
    """The first spans of a graph's entities and of its relations; made once for a graph."""

    def __init__(self, graph: Graph) -> None:
        self.of_entity = FirstSpans(graph.arrays.entities.spans)
        self.of_relation = FirstSpans(graph.arrays.relations.spans)
