# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""What first gives evidence for each entity and each relation: made once for who asks, and again for who checks."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from enliterator_core import Graph, Span

_KEPT: Final = 16_384


class FirstSpans(dict[int, Span | None]):
    """The first span of each entity or relation, by its number; None where it has none. The last ones are kept."""

    def __init__(self, spans: Any, one_by_one: Callable[[Any], Sequence[int]]) -> None:
        super().__init__()
        self._spans, self._offsets = spans, one_by_one(spans.offsets)

    def __missing__(self, number: int) -> Span | None:
        self.make((number,))
        return self[number]

    def are_there(self, number: int) -> bool:
        """Say whether there is any span of that number."""
        return self._offsets[number] < self._offsets[number + 1]

    def make(self, numbers: Iterable[int]) -> None:
        """Make the spans of all these numbers at once."""
        numbers = dict.fromkeys(numbers)
        if len(self) + len(numbers) > _KEPT:
            self.clear()
        new = [number for number in numbers if number not in self]
        there = [number for number in new if self.are_there(number)]
        if len(there) < len(new):
            self.update(dict.fromkeys(new))
        paths = self._spans.paths
        places = self._spans.places[[self._offsets[number] for number in there]].tolist()
        for number, (path, start, end) in zip(there, places, strict=True):
            self[number] = Span(paths[path], start, end)


class Evidence:
    """The first spans of a graph's entities and of its relations; made once for a graph."""

    def __init__(self, graph: Graph) -> None:
        arrays = graph.arrays
        self.of_entity = FirstSpans(arrays.entities.spans, arrays.one_by_one)
        self.of_relation = FirstSpans(arrays.relations.spans, arrays.one_by_one)
