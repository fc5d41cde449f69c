# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Every relation from both of its ends, in compressed sparse rows keyed by (entity, verb), and walks along them.

Each choice of a walk is a hash of what it is for (seed, start, walker, step: splitmix64 of Steele, Lea and Flood, 2014)
looked up on a ring of the entity's neighbours, so that paths do not depend on how many are drawn at once, and one more
neighbour changes few of them.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from enliterator_core.graph.arrays import REVERSE, VERB_CODES, VERB_NAMES
from enliterator_core.graph.packed import one_by_one

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from enliterator_core.graph.arrays import RelationArrays

Array = Any
NEVER: Final = 3
"""The cost of a verb that must not be taken; 0 to 2 are taken in their order."""

_VERBS: Final = len(VERB_NAMES)
_FEW: Final = 16  # steps of a group of which the nearest is found by looking at each
_PIECE: Final = 1 << 18  # steps that are sorted at a time


def mixed(values: NDArray[Any]) -> NDArray[np.uint64]:
    """Return 64 bits for each unsigned 64-bit number, as splitmix64 does."""
    z = values.astype(np.uint64) + np.uint64(0x9E3779B97F4A7C15)
    z ^= z >> np.uint64(30)
    z *= np.uint64(0xBF58476D1CE4E5B9)
    z ^= z >> np.uint64(27)
    z *= np.uint64(0x94D049BB133111EB)
    z ^= z >> np.uint64(31)
    return z


_MIXED_VERBS: Final = mixed(np.arange(_VERBS))


class Steps:
    """A step is a relation as read from one of its entities.

    The steps of entity ``e`` are ``offsets[e]`` up to ``offsets[e + 1]``, by ``verb`` (code), then by ``other`` (the
    number of the entity that it leads to); ``row`` is the relation. Steps of one entity and one verb are a group:
    ``groups[e]`` up to ``groups[e + 1]`` are the entity's, ``group_verb`` says the verb, and ``group_start[g]`` up to
    ``group_start[g + 1]`` are the group's steps.
    """

    def __init__(self, entities: int, relations: RelationArrays) -> None:
        self._size = max(entities, 1)
        count = len(relations)
        verb = np.concatenate((relations.verb, REVERSE[relations.verb]))
        other = np.concatenate((relations.object, relations.subject))
        # (entity, verb, other) in one number, made in place: this is most of what reading a graph takes for a while.
        keys = np.concatenate((relations.subject, relations.object)).astype(np.int64)
        keys *= _VERBS
        keys += verb
        keys *= self._size
        keys += other
        # Of two steps that read the same, the one whose relation is stored so comes first.
        order = np.argsort(keys, kind="stable").astype(np.int32)
        self.keys: NDArray[np.int64] = keys[order]
        del keys
        self.verb: NDArray[np.int8] = verb[order]
        self.other: NDArray[np.int32] = other[order]
        order[order >= count] -= count
        self.row: NDArray[np.int32] = order
        self.offsets: NDArray[np.int64] = np.searchsorted(self.keys, np.arange(entities + 1) * _VERBS * self._size)
        pairs = self.keys // self._size
        starts = np.flatnonzero(np.diff(pairs, prepend=-1))
        self.group_start: NDArray[np.int32] = np.append(starts, len(pairs)).astype(np.int32)
        self.group_verb: NDArray[np.int8] = self.verb[starts]
        self.groups: NDArray[np.int64] = np.searchsorted(pairs[starts], np.arange(entities + 1) * _VERBS)
        self._by_verb: dict[str, Array] = {}
        columns = (self.offsets, self.keys, self.verb, self.other, self.row)
        self._fast: tuple[memoryview[Any], ...] = tuple(one_by_one(one) for one in columns)

    def around(self, entity: int) -> list[tuple[str, int]]:
        """Return (verb or reverse verb, number of the neighbour) for every step of an entity."""
        offsets, _, verb, other, _ = self._fast
        start, end = offsets[entity], offsets[entity + 1]
        return [(VERB_NAMES[code], number) for code, number in zip(verb[start:end], other[start:end], strict=True)]

    def neighbours(self, entity: int) -> list[int]:
        """Return the number of the entity at the other end of each of an entity's steps, in their order."""
        offsets, _, _, other, _ = self._fast
        return other[offsets[entity] : offsets[entity + 1]].tolist()

    def degree(self, entity: int) -> int:
        """Return how many steps an entity has."""
        offsets = self._fast[0]
        return int(offsets[entity + 1] - offsets[entity])

    def find(self, entity: int, verb: str, other: int) -> int:
        """Return the row of the relation that a step stands for, the verb read in either direction; -1 for none."""
        code = VERB_CODES.get(verb)
        if code is None:
            return -1
        offsets, keys, _, _, row = self._fast
        key = (entity * _VERBS + code) * self._size + other
        end = offsets[entity + 1]
        at = bisect_left(keys, key, offsets[entity], end)
        return row[at] if at < end and keys[at] == key else -1

    def rows(self, entities: Array, verbs: Array, others: Array) -> Array:
        """Return :meth:`find` for many steps, their verbs as codes."""
        keys = (entities.astype(np.int64) * _VERBS + verbs) * self._size + others
        if not len(self.keys):
            return np.full(len(keys), -1, np.int32)
        at = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        return np.where(self.keys[at] == keys, self.row[at], -1)

    @cached_property
    def ring(self) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.uint32], NDArray[np.int32]]:
        """Which groups have many steps, where each begins among all of theirs, and those in the order of their ring:
        where each stands on it, and which step that is."""
        many = np.flatnonzero(np.diff(self.group_start) > _FEW).astype(np.int32)
        sizes = self.group_start[many + 1] - self.group_start[many]
        first = np.append(0, np.cumsum(sizes)).astype(np.int32)
        order = np.arange(first[-1], dtype=np.int32) + np.repeat(self.group_start[many] - first[:-1], sizes)
        places = self._places(order)
        bounds = np.searchsorted(first, np.arange(0, len(places), _PIECE))
        # Piece by piece, whole groups in each, so that sorting takes little memory.
        for start, end in pairwise([*np.unique(first[bounds]).tolist(), len(places)]):
            group = np.searchsorted(first, np.arange(start, end), side="right")
            sorting = np.lexsort((places[start:end], group)) + start
            places[start:end], order[start:end] = places[sorting], order[sorting]
        return many, first, places, order

    def _places(self, steps: Array) -> Array:
        """Return where each step stands on the ring of its group."""
        return (mixed(self.other[steps]) >> np.uint64(32)).astype(np.uint32)

    def follow(self, group: Array, points: Array) -> Array:
        """Return for each group the first of its steps at or after a point (64 bits) on its ring."""
        chosen = self.group_start[group]
        size = self.group_start[group + 1] - chosen
        left = np.flatnonzero((size > 1) & (size <= _FEW))
        if len(left):
            point, start = (points[left] >> np.uint64(32)).astype(np.uint32), chosen[left]
            least, size_left, place = self._places(start) - point, size[left], 1
            while len(left):
                ahead = self._places(start + place) - point
                nearer = ahead < least
                chosen[left[nearer]] = start[nearer] + place
                least, place = np.minimum(least, ahead), place + 1
                more = size_left > place
                left, point, start, least, size_left = (
                    left[more],
                    point[more],
                    start[more],
                    least[more],
                    size_left[more],
                )
        many = np.flatnonzero(size > _FEW)
        if len(many):
            chosen[many] = self._follow(group[many], (points[many] >> np.uint64(32)).astype(np.uint32))
        return chosen

    def _follow(self, group: Array, point: Array) -> Array:
        """Do it for groups of many steps, along their ring."""
        many, first, places, order = self.ring
        at = np.searchsorted(many, group)
        start, end = first[at], first[at + 1]
        low, high, left = start.copy(), end.copy(), np.arange(len(group))
        while len(left):
            middle = (low[left] + high[left]) >> 1
            less = places[middle] < point[left]
            low[left] = np.where(less, middle + 1, low[left])
            high[left] = np.where(less, high[left], middle)
            left = left[low[left] < high[left]]
        return order[np.where(low < end, low, start)]

    def groups_by(self, verb: str) -> Array:
        """Return for each entity its group of that verb or reverse verb, -1 where it has none."""
        if verb not in self._by_verb:
            found = np.full(len(self.offsets) - 1, -1, np.int32)
            these = np.flatnonzero(self.group_verb == VERB_CODES.get(verb, -1))
            found[np.searchsorted(self.groups, these, side="right") - 1] = these
            self._by_verb[verb] = found
        return self._by_verb[verb]

    def choose(self, entities: Array, hashes: Array, cost: Callable[[Array, Array], Array] | None = None) -> Array:
        """Return for each entity one of its groups, the one whose verb's hash is least; -1 where there is none.

        ``cost`` is called with rows and a group for each, and returns 0 to 2, of which the least goes first, or
        :data:`NEVER`.
        """
        first = self.groups[entities]
        count = self.groups[entities + 1] - first
        chosen = np.full(len(entities), -1, np.int64)
        some = np.flatnonzero(count)
        if not len(some):
            return chosen
        count = count[some]
        starts = np.cumsum(count) - count
        rows = np.repeat(some, count)
        group = np.arange(len(rows)) + np.repeat(first[some] - starts, count)
        score = mixed(hashes[rows] ^ _MIXED_VERBS[self.group_verb[group]]) >> np.uint64(2)
        if cost is not None:
            score |= cost(rows, group).astype(np.uint64) << np.uint64(62)
        least = np.minimum.reduceat(score, starts)
        found = np.flatnonzero((score == np.repeat(least, count)) & (score < np.uint64(NEVER << 62)))[::-1]
        chosen[rows[found]] = group[found]  # of equals the first, which comes last here
        return chosen
