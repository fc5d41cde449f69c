# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""What first gives evidence for each entity and each relation: made once for who asks, and again for who checks."""

from collections.abc import Iterable
from typing import Any, Final

from enliterator_core import Graph, Span

_KEPT: Final = 8_192


class FirstSpans(dict[int, Span | None]):
    """The first span of each entity or relation, by its number; None where it has none. The last ones are kept."""

    def __init__(self, spans: Any) -> None:
        super().__init__()
        self._spans = spans

    def __missing__(self, number: int) -> Span | None:
        self.make((number,))
        return self[number]

    def are_there(self, numbers: Any) -> Any:
        """Say of each number of an array whether there is any span."""
        return self._spans.offsets[numbers] < self._spans.offsets[numbers + 1]

    def make(self, numbers: Iterable[int]) -> None:
        """Make the spans of all these numbers at once."""
        import numpy as np

        wanted = dict.fromkeys(numbers)
        if len(self) + len(wanted) > _KEPT:
            self.clear()
        new = np.array([number for number in wanted if number not in self], np.int64)
        there = self.are_there(new)
        if not there.all():
            self.update(dict.fromkeys(new[~there].tolist()))
        paths, places = self._spans.paths, self._spans.places[self._spans.offsets[new[there]]]
        for number, (path, start, end) in zip(new[there].tolist(), places.tolist(), strict=True):
            self[number] = Span(paths[path], start, end)


class Evidence:
    """The first spans of a graph's entities and of its relations; made once for a graph."""

    def __init__(self, graph: Graph) -> None:
        arrays = graph.arrays
        self.of_entity = FirstSpans(arrays.entities.spans)
        self.of_relation = FirstSpans(arrays.relations.spans)
