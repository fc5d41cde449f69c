# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""What joins each entity to others: counted, and the most telling of it chosen, for a whole graph at once."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, Final

import numpy as np

from enliterator_core import VERBS, Graph, phrase_of
from enliterator_gap_awareness.tallies import LOOSE, distinct

_CONNECT: Final = ("connects_to", "is_connected_from")
_MOST_WEIGHED: Final = 200
_PIECE: Final = 1 << 17  # steps that are counted at a time

Array = Any


class Joined:
    """The relations of every entity, by its number, as read from it.

    ``told`` is the step from each entity that says most of it, -1 for none. What is said of an entity how often is
    ``counts[bounds[entity]]`` up to ``counts[bounds[entity + 1]]``, the most first; ``parts`` is each in words.
    """

    def __init__(self, graph: Graph) -> None:
        one_by_one = graph.arrays.one_by_one
        phrases, said = _said(graph)
        bits = len(phrases).bit_length()
        counts, bounds = _counted(graph, said, bits)
        self.counts, self.bounds = one_by_one(counts), one_by_one(bounds)
        self.told = one_by_one(_most_telling(graph))
        # Of one phrase there are few different numbers: all that are counted together are no more than the relations.
        self.parts = {
            count: f"{phrases[count & (1 << bits) - 1]} {count >> bits:,}" for count in distinct(counts).tolist()
        }


def _said(graph: Graph) -> tuple[list[str], Array]:
    """Return the phrases in which relations are told, in alphabetical order, and the place of each step's phrase.

    A relation that only connects is told by the name that it has of its own, where it has one.
    """
    arrays = graph.arrays
    steps, predicates = arrays.steps, arrays.relations.predicates
    pairs = steps.verb.astype(np.int32) * (len(predicates) + 1)
    connects = np.flatnonzero(np.array([verb in _CONNECT for verb in arrays.verbs])[steps.verb])
    pairs[connects] += arrays.relations.predicate[steps.row[connects]] + 1
    there = np.flatnonzero(np.bincount(pairs))
    parts = (divmod(pair, len(predicates) + 1) for pair in there.tolist())
    said = [phrase_of(arrays.verbs[verb], predicates[name - 1] if name else None) for verb, name in parts]
    phrases = sorted(set(said))
    places = {phrase: place for place, phrase in enumerate(phrases)}
    codes = np.zeros(there.max(initial=0) + 1, np.int32)
    codes[there] = [places[phrase] for phrase in said]
    return phrases, codes[pairs]


def _pieces(graph: Graph) -> list[tuple[int, int]]:
    """Return the entities in pieces of so few steps that what is counted of a piece takes little memory."""
    offsets = graph.arrays.steps.offsets
    bounds = np.searchsorted(offsets, np.arange(0, max(1, offsets[-1]), _PIECE)).tolist()
    return list(pairwise(dict.fromkeys((*bounds, len(offsets) - 1))))


def _counted(graph: Graph, said: Array, bits: int) -> tuple[Array, Array]:
    """Return how often each phrase is said of an entity, the most first, and where each entity's counts begin."""
    offsets = graph.arrays.steps.offsets
    counts, many = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for first, end in _pieces(graph):
        owners = np.repeat(np.arange(end - first), np.diff(offsets[first : end + 1]))
        pairs, numbers = np.unique(owners << bits | said[offsets[first] : offsets[end]], return_counts=True)
        # The most comes first, of as many the phrase that does: one number to sort by that tells all three.
        most = int(numbers.max(initial=0))
        fewer, wide, phrase = most - numbers, bits + most.bit_length(), (1 << bits) - 1
        every = np.sort((pairs >> bits << wide) | (fewer << bits) | (pairs & phrase))
        counts.append((most - (every >> bits & (1 << most.bit_length()) - 1) << bits) | (every & phrase))
        many.append(np.bincount(pairs >> bits, minlength=end - first))
    bounds = np.append(0, np.cumsum(np.concatenate(many)))
    every = np.concatenate(counts)
    return every.astype(np.int32 if every.max(initial=0) < 1 << 31 else np.int64), bounds.astype(np.int32)


def _most_telling(graph: Graph) -> Array:
    """Return for each entity the step that says most of it, -1 for none.

    It is by a verb that tells something, if any, and its own before others'; between steps of one verb the ids decide
    that they lead to.
    """
    verbs, offsets = graph.arrays.verbs, graph.arrays.steps.offsets
    costs = np.array([(verb in LOOSE) * 2 + (verb not in VERBS) for verb in verbs], np.int16) * len(verbs)
    costs += np.arange(len(verbs), dtype=np.int16)
    best = np.full(len(graph.arrays.entities), -1, np.int32)
    for first, end in _pieces(graph):
        sizes = np.diff(offsets[first : end + 1])
        has = np.flatnonzero(sizes)
        if len(has):
            best[first + has] = _best_steps(graph, costs, offsets[first + has], sizes[has])
    return best


def _best_steps(graph: Graph, costs: Array, starts: Array, sizes: Array) -> Array:
    """Return the best of each entity's steps, given where they start and how many they are, one entity's after another.

    It is one of the least cost, of these one to the least id.
    """
    steps, keys = graph.arrays.steps, graph.arrays.entities.keys
    first, end = starts[0], starts[-1] + sizes[-1]
    places = starts - first
    cost = costs[steps.verb[first:end]]
    cost[np.arange(end - first) - np.repeat(places, sizes) >= _MOST_WEIGHED] = costs.max() + 1
    least = np.repeat(np.minimum.reduceat(cost, places), sizes)
    ids = np.where(cost == least, keys[steps.other[first:end]], np.iinfo(np.uint64).max)
    lowest = np.flatnonzero(ids == np.repeat(np.minimum.reduceat(ids, places), sizes))
    return first + lowest[np.searchsorted(lowest, places)]
