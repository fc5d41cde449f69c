# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Whom else requests are about, chosen for many at once: what an entity is related to, or what is two steps away.

A choice is made as :meth:`Sampler.pick` makes it: ids stand on a ring, and the first one at or after a point is taken,
so that one more neighbour changes few choices.
"""

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from enliterator_core import Graph

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: of a loose verb nobody asks, and its phrase reads the same both ways
LOOSE: Final = frozenset({"co_occurs_with", "connects_to", "is_connected_from"})
#: this many steps are enough to choose from
_MOST: Final = 64


def near(graph: Graph, numbers: "NDArray[Any]", chances: "NDArray[np.floating[Any]]") -> "NDArray[np.int64]":
    """Return for each entity, by its number, a step to one of its neighbours: the first whose verb says something.

    It is -1 where there is none, or none that a source states.
    """
    steps, stated = graph.arrays.steps, graph.arrays.relations.spans.offsets
    found = np.full(len(numbers), -1, np.int64)
    place, step = _chosen(graph, numbers, chances, numbers)
    loose = np.array([verb in LOOSE for verb in graph.arrays.verbs])[steps.verb[step]]
    for some in (loose, ~loose):
        # What stands first is written last, and stays.
        found[place[some][::-1]] = step[some][::-1]
    known = np.flatnonzero(found >= 0)
    row = steps.row[found[known]]
    found[known[stated[row] == stated[row + 1]]] = -1
    return found


def far(
    graph: Graph, numbers: "NDArray[Any]", chances: "NDArray[np.floating[Any]]", ends: "NDArray[np.floating[Any]]"
) -> "NDArray[np.int64]":
    """Return for each entity the number of what is two steps away, of a neighbour where nothing is; -1 for none."""
    other = graph.arrays.steps.other
    found = np.full(len(numbers), -1, np.int64)
    place, step = _chosen(graph, numbers, chances, numbers)
    found[place] = other[step]
    known = np.flatnonzero(found >= 0)
    place, step = _chosen(graph, found[known], ends[known], numbers[known])
    found[known[place]] = other[step]
    return found


def _chosen(
    graph: Graph, numbers: "NDArray[Any]", chances: "NDArray[np.floating[Any]]", besides: "NDArray[Any]"
) -> "tuple[NDArray[np.int64], NDArray[np.int64]]":
    """Choose a neighbour of each entity, another than the one that is named besides it.

    Return every step that leads to it, by the place of the entity, then in the order of steps.
    """
    steps, keys = graph.arrays.steps, graph.arrays.entities.keys
    first = steps.offsets[numbers]
    count = np.minimum(steps.offsets[numbers + 1] - first, _MOST)
    place = np.repeat(np.arange(len(numbers)), count)
    step = np.arange(len(place)) + np.repeat(first - (np.cumsum(count) - count), count)
    apart = steps.other[step] != besides[place]
    place, step = place[apart], step[apart]
    if not len(place):
        return place, step
    points = (chances * 2.0**64).astype(np.uint64)
    # How far each stands after the point: the numbers wrap as the ring does.
    after = keys[steps.other[step]] - points[place]
    starts = np.flatnonzero(np.diff(place, prepend=-1))
    least = np.repeat(np.minimum.reduceat(after, starts), np.diff(starts, append=len(place)))
    return place[after == least], step[after == least]
