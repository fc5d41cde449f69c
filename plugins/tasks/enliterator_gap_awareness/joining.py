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
_CONNECT: Final = ("connects_to", "is_connected_from")
_MOST_WEIGHED: Final = 200

Array = Any


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
        steps, one_by_one = arrays.steps, arrays.one_by_one
        self._offsets, self._groups = one_by_one(steps.offsets), one_by_one(steps.groups)
        self._verbs = steps.group_verb.tobytes()
        owners = np.repeat(np.arange(len(arrays.entities)), np.diff(steps.groups))
        self._phrases, said = _said(graph)
        self._counts, self._bounds = (one_by_one(one) for one in _counted(graph, said, len(self._phrases)))
        self._told = one_by_one(_most_telling(graph, owners))
        # Of one phrase there are few different numbers: all that are counted together are no more than the relations.
        self._parts = _Kept(lambda count: f"{self._phrase(count)} {self._number(count):,}")

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


def _said(graph: Graph) -> tuple[list[str], Array]:
    """Return the phrases in which relations are told, in alphabetical order, and the place of each step's phrase.

    A relation that only connects is told by the name that it has of its own, where it has one.
    """
    arrays = graph.arrays
    steps, predicates = arrays.steps, arrays.relations.predicates
    connects = np.isin(steps.verb, [arrays.verbs.index(verb) for verb in _CONNECT])
    named = np.where(connects, arrays.relations.predicate[steps.row] + 1, 0)
    pairs = steps.verb.astype(np.int64) * (len(predicates) + 1) + named
    there = np.flatnonzero(np.bincount(pairs))
    parts = (divmod(pair, len(predicates) + 1) for pair in there.tolist())
    said = [phrase_of(arrays.verbs[verb], predicates[name - 1] if name else None) for verb, name in parts]
    phrases = sorted(set(said))
    places = {phrase: place for place, phrase in enumerate(phrases)}
    codes = np.zeros(there.max(initial=0) + 1, np.int64)
    codes[there] = [places[phrase] for phrase in said]
    return phrases, codes[pairs]


def _counted(graph: Graph, said: Array, phrases: int) -> tuple[Array, Array]:
    """Return how often each phrase is said of an entity, the most first, and where each entity's counts begin."""
    entities = np.arange(len(graph.arrays.entities) + 1)
    owners = np.repeat(entities[:-1], np.diff(graph.arrays.steps.offsets))
    pairs, numbers = np.unique(owners * phrases + said, return_counts=True)
    owner, phrase = np.divmod(pairs, max(phrases, 1))
    order = np.lexsort((phrase, -numbers, owner))
    return (numbers * phrases + phrase)[order], np.searchsorted(owner, entities)


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
