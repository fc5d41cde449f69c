# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""What joins each entity to others: counted, and the most telling of it chosen, for a whole graph at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np

from enliterator_core import VERBS, Graph, phrase_of

#: verbs that most things of a kind can have without being alike
LOOSE: Final = frozenset({"co_occurs_with", "connects_to", "is_connected_from"})
_MOST_WEIGHED: Final = 200

Array = Any


def one_by_one(array: Any) -> memoryview[Any]:
    """Return an array's numbers for reading one at a time, which is faster than from the array."""
    contiguous: Any = np.ascontiguousarray(array)
    return memoryview(contiguous)


class _Kept(dict[int, str]):
    """What is made of a number, made when it is first asked for."""

    def __init__(self, make: Callable[[int], str]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, number: int) -> str:
        made = self[number] = self._make(number)
        return made


class Joined:
    """The relations of every entity, by its number, as read from it."""

    def __init__(self, graph: Graph) -> None:
        arrays = graph.arrays
        steps = arrays.steps
        self._phrases = sorted({phrase_of(verb) for verb in arrays.verbs})
        self._offsets, self._groups = one_by_one(steps.offsets), one_by_one(steps.groups)
        self._verbs = steps.group_verb.tobytes()
        owners = np.repeat(np.arange(len(arrays.entities)), np.diff(steps.groups))
        self._counts, self._bounds = (one_by_one(one) for one in self._counted(graph, owners))
        self._told = one_by_one(_most_telling(graph, owners))
        # Of one phrase there are few different numbers: all that are counted together are no more than the relations.
        self._parts = _Kept(lambda count: f"{self._phrase(count)} {self._number(count):,}")

    def _counted(self, graph: Graph, owners: Array) -> tuple[Array, Array]:
        """Return how often each phrase is said of an entity, the most first, and where each entity's counts begin."""
        steps, phrases = graph.arrays.steps, self._phrases
        codes = np.array([phrases.index(phrase_of(verb)) for verb in graph.arrays.verbs], np.int64)
        # Two verbs may have one phrase.
        said, place = np.unique(owners * len(phrases) + codes[steps.group_verb], return_inverse=True)
        numbers = np.bincount(place, np.diff(steps.group_start), len(said)).astype(np.int64)
        owner, code = np.divmod(said, len(phrases))
        order = np.lexsort((code, -numbers, owner))
        bounds = np.searchsorted(owner, np.arange(len(graph.arrays.entities) + 1))
        return (numbers * len(phrases) + code)[order], bounds

    def _phrase(self, count: int) -> str:
        return self._phrases[count % len(self._phrases)]

    def _number(self, count: int) -> int:
        return count // len(self._phrases)

    def degree(self, entity: int) -> int:
        """Return how many relations an entity has."""
        degree: int = self._offsets[entity + 1] - self._offsets[entity]
        return degree

    def verbs(self, entity: int) -> bytes:
        """Return the codes of the verbs that an entity has, each once."""
        return self._verbs[self._groups[entity] : self._groups[entity + 1]]

    def step(self, entity: int) -> int:
        """Return the step from an entity (which has one at least) that says most of it."""
        step: int = self._told[entity]
        return step

    def counts(self, entity: int) -> list[str]:
        """Return what is said of an entity how often, the most first: `cites 3 things`, `contains 2`."""
        parts = [self._parts[count] for count in self._counts[self._bounds[entity] : self._bounds[entity + 1]]]
        parts[0] += " thing" if parts[0].endswith(" 1") else " things"
        return parts


def _most_telling(graph: Graph, owners: Array) -> Array:
    """Return for each entity the step that says most of it, -1 for none.

    It is by a verb that tells something, if any, and its own before others'; between steps of one verb the ids decide
    that they lead to.
    """
    arrays = graph.arrays
    steps, verbs = arrays.steps, arrays.verbs
    best = np.full(len(arrays.entities), -1, np.int64)
    if not len(owners):
        return best
    costs = np.array([(verb in LOOSE) * 2 + (verb not in VERBS) for verb in verbs], np.int64) * len(verbs)
    costs = costs[steps.group_verb] + steps.group_verb
    costs[steps.group_start[:-1] >= steps.offsets[owners] + _MOST_WEIGHED] = 4 * len(verbs)
    has = np.flatnonzero(np.diff(steps.groups))
    least = np.minimum.reduceat(costs, steps.groups[has])
    chosen = np.flatnonzero(costs == np.repeat(least, np.diff(steps.groups)[has]))
    sizes = np.diff(steps.group_start)[chosen]
    owners = np.repeat(owners[chosen], sizes)
    at = np.arange(sizes.sum()) + np.repeat(steps.group_start[chosen] - np.cumsum(sizes) + sizes, sizes)
    weighed = at < steps.offsets[owners] + _MOST_WEIGHED
    owners, at = owners[weighed], at[weighed]
    order = np.lexsort((arrays.entities.keys[steps.other[at]], owners))
    best[has] = at[order[np.searchsorted(owners, has)]]
    return best
