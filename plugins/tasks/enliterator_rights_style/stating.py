# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""What a source states that a thing does: its relations, in words; read for many things at once, by arrays."""

from itertools import pairwise
from typing import Any, Final, NamedTuple

import numpy as np

from enliterator_core import VERBS, Graph, Span, phrase_of
from enliterator_rights_style.licences import listed

Key = tuple[str, str, str]

#: how the verbs are said that say more than that two things have to do with each other
_PHRASES: Final = {verb: phrase_of(verb) for verb in VERBS if verb not in ("co_occurs_with", "connects_to")}
_PART_OF: Final = "part_of"
_MOST: Final = 4
_NAMED: Final = 3
_TOGETHER: Final = 500  # things


class Stated(NamedTuple):
    """What a source, by its path, states that a thing does, each verb once: in words, by which relations, and where.

    ``telling`` says whether that is more than what it is a part of.
    """

    path: str
    about: list[str]
    keys: list[Key]
    spans: list[Span]
    telling: bool


class Statements:
    """The relations of a graph, as read from the thing that they say something of."""

    def __init__(self, graph: Graph) -> None:
        arrays = graph.arrays
        self._entities, self._relations, self._steps = arrays.entities, arrays.relations, arrays.steps
        self._verbs = arrays.verbs
        self._said = np.array([verb in _PHRASES for verb in arrays.verbs])
        self._codes = {path: code for code, path in enumerate(arrays.relations.spans.paths)}
        self._order: Any = np.zeros(0, np.int32)
        self._block: Any = np.full(len(arrays.entities), -1, np.int32)
        self._last = -1
        self._kept: dict[int, Stated] = {}

    def expect(self, numbers: Any) -> None:
        """Have what is stated of entities read together, in this order, each in the source that it is first found in.

        Only what was read last is at hand, so they have to be asked about in this order too.
        """
        self._order, self._last, self._kept = numbers, -1, {}
        self._block[numbers] = np.arange(len(numbers)) // _TOGETHER

    def of(self, number: int, path: str) -> Stated:
        """Return what a source states that the entity with a number does."""
        stated = self._kept.get(number)
        if stated is None and self._block[number] > self._last:
            self._read_block(int(self._block[number]))
            stated = self._kept.get(number)
        if stated is None or stated.path != path:
            (stated,) = self._read(np.array([number]), [path])
        return stated

    def _read_block(self, block: int) -> None:
        self._last = block
        numbers = self._order[block * _TOGETHER : (block + 1) * _TOGETHER]
        spans = self._entities.spans
        paths = [spans.paths[code] for code in spans.places[spans.offsets[numbers], 0].tolist()]
        self._kept = dict(zip(numbers.tolist(), self._read(numbers, paths), strict=True))

    def _read(self, numbers: Any, paths: list[str]) -> list[Stated]:
        """Return what is stated of each entity in the source beside it."""
        ids, verbs = self._entities.ids, self._verbs
        codes = np.array([self._codes.get(path, -1) for path in paths])
        thing, verb, other, place = self._told(numbers, codes)
        # Steps of one thing by one verb are a group; the first of each are named.
        starts = np.flatnonzero(np.diff(thing * len(verbs) + verb, prepend=-1))
        sizes = np.diff(starts, append=len(thing))
        named = np.arange(len(thing)) - np.repeat(starts, sizes) < _NAMED
        others = other[named].tolist()
        mentions = self._entities.mentions(other[named])
        keys = list(
            zip(
                map(ids.__getitem__, numbers[thing[named]].tolist()),
                map(verbs.__getitem__, verb[named].tolist()),
                map(ids.__getitem__, others),
                strict=True,
            )
        )
        stands = self._relations.spans.places[place[named]]
        sources = map(paths.__getitem__, thing[named].tolist())
        spans = list(map(Span, sources, stands[:, 1].tolist(), stands[:, 2].tolist()))
        bounds = [0, *np.cumsum(np.minimum(sizes, _NAMED)).tolist()]
        said = [verbs[code] for code in verb[starts].tolist()]
        about = [
            f"{_PHRASES[verb]} {mentions[first] if size == 1 else _some(mentions[first:end], size)}"
            for verb, first, end, size in zip(said, bounds, bounds[1:], sizes.tolist(), strict=False)
        ]
        groups = np.searchsorted(thing[starts], np.arange(len(numbers) + 1)).tolist()
        stated = []
        for path, (first, end) in zip(paths, pairwise(groups), strict=True):
            last = min(end, first + _MOST)
            telling = end - first > 1 or (end > first and said[first] != _PART_OF)
            these = slice(bounds[first], bounds[last])
            stated.append(Stated(path, about[first:last], keys[these], spans[these], telling))
        return stated

    def _told(self, numbers: Any, codes: Any) -> tuple[Any, Any, Any, Any]:
        """Return the steps that say what the entities do: whose (by its place), verb, other end, where it is stated."""
        steps, relations = self._steps, self._relations
        ends = steps.offsets[numbers + 1]
        counts = ends - steps.offsets[numbers]
        thing = np.repeat(np.arange(len(numbers)), counts)
        at = np.arange(len(thing)) + (ends - np.cumsum(counts))[thing]
        told = self._said[steps.verb[at]]
        thing, at = thing[told], at[told]
        row = steps.row[at]
        place = self._first_place(row, codes[thing])
        # What others do to it is theirs.
        told = np.flatnonzero((place >= 0) & (relations.subject[row] == numbers[thing]))
        at = at[told]
        return thing[told], steps.verb[at], steps.other[at], place[told]

    def _first_place(self, rows: Any, codes: Any) -> Any:
        """Return which place of the spans is the first of each relation in the source beside it; -1 for none."""
        spans = self._relations.spans
        place, ends = spans.offsets[rows], spans.offsets[rows + 1]
        left = np.arange(len(rows))
        while len(left):
            left = left[place[left] < ends[left]]
            left = left[spans.places[place[left], 0] != codes[left]]
            place[left] += 1
        place[place == ends] = -1
        return place


def _some(names: list[str], count: int) -> str:
    return listed(names) if count <= _NAMED else f"{', '.join(names)} and {count - _NAMED} more"
