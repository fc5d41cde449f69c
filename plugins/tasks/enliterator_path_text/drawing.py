# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Which pieces of the graph are told: drawn from every entity, all at once, along whatever verbs there are."""

from collections.abc import Callable
from typing import Any, Final

import numpy as np
from attrs import frozen

from enliterator_core import MASK, Graph, Sampler

SHAPES: Final = (
    *((0,),) * 3,
    *((0, 1),) * 5,
    *((0, 1, 2),) * 4,
    *((0, 1, 2, 3),) * 3,
    *((0, 0),) * 3,
    *((0, 0, 0),) * 2,
    *((0, 1, 1),) * 2,
    *((0, 0, 2),) * 2,
    *((0, 1, 2, 2), (0, 0, 2, 3)),
)
"""The shapes of pieces, each as often as it is tried: the node that each edge starts from."""

_MOST: Final = 4
_PARENTS: Final = np.array([(*shape, *(0,) * (_MOST - len(shape))) for shape in SHAPES], np.int8)
_LENGTHS: Final = np.array([len(shape) for shape in SHAPES], np.int8)
_TRIES: Final = 6
_BLOCK: Final = 1 << 14  # entities that are started from at a time: what that takes is needed for so many alone
_PIECE: Final = 1 << 17  # relations whose places are looked up at a time
_NEVER: Final = 3  # the cost of a verb that must not be taken
_LOOSE: Final = ("co_occurs_with", "connects_to", "is_connected_from")

Array = Any


class Ground:
    """What is known of a graph before anything is drawn from it.

    ``told`` says which entities can be told, ``words`` holds a number for each folded name, ``proved`` says which
    relations have evidence and do not contradict times, ``crowded`` which entities a large part of all relations
    leads to, ``loose`` which groups of steps say little, ``alone`` which have one
    step, ``home`` the entity whose words each relation is stated in.
    """

    def __init__(self, graph: Graph) -> None:
        self.arrays = graph.arrays
        entities, relations, steps = self.arrays.entities, self.arrays.relations, self.arrays.steps
        self.told = np.fromiter((bool(name) and MASK not in name for name in entities.names), bool, len(entities))
        self.words = entities.folded
        self.proved = np.diff(relations.spans.offsets) > 0
        self.proved[out_of_order(graph)] = False
        many = max(20, len(relations) // 50)
        self.crowded = np.diff(steps.offsets) > many
        self.loose = np.isin(steps.group_verb, [self.arrays.verbs.index(verb) for verb in _LOOSE])
        if self.crowded.any():
            self.loose |= np.logical_and.reduceat(self.crowded[steps.other], steps.group_start[:-1])
        self.alone = np.diff(steps.group_start) == 1
        self.home = homes(graph)


def homes(graph: Graph) -> Array:
    """Return for each relation the first entity whose first evidence is that of the relation, else its subject."""
    entities, relations = graph.arrays.entities, graph.arrays.relations
    codes = {path: code for code, path in enumerate(entities.spans.paths)}
    paths = np.array([codes.get(path, len(codes)) for path in relations.spans.paths], np.int64)
    owned, numbers = np.unique(_places(entities.spans, np.arange(len(codes)), slice(None)), return_index=True)
    found = relations.subject.copy()
    if not len(owned):
        return found
    # Few relations are stated where an entity is: most of the others are told by a part of the number.
    some = np.zeros(1 << 20, bool)
    some[owned >> np.uint64(44)] = True
    for start in range(0, len(found), _PIECE):
        stated = _places(relations.spans, paths, slice(start, start + _PIECE))
        rows = np.flatnonzero(some[stated >> np.uint64(44)] & (stated > 0))
        at = np.minimum(np.searchsorted(owned, stated[rows]), len(owned) - 1)
        there = owned[at] == stated[rows]
        found[start + rows[there]] = numbers[at[there]]
    return found


def _places(spans: Any, paths: Array, rows: slice) -> Array:
    """Return one number for the place of the first span of each of some rows, 0 for a row without any."""
    first = spans.offsets[:-1][rows]
    has = spans.offsets[1:][rows] > first
    found = np.zeros(len(has), np.uint64)
    places = spans.places[first[has]]
    numbers = paths[places[:, 0].astype(np.int64)].astype(np.uint64)
    start, end = places[:, 1].astype(np.uint64), places[:, 2].astype(np.uint64)
    # A product of odd numbers spreads the three over 64 bits; another place with the same number costs a draft.
    found[has] = numbers * np.uint64(0x9E3779B97F4A7C15) + start * np.uint64(0xBF58476D1CE4E5B9) + end + np.uint64(1)
    return found


def out_of_order(graph: Graph) -> Array:
    """Return the rows of relations by which something precedes what was, by their known times, before it."""
    entities, relations = graph.arrays.entities, graph.arrays.relations
    rows = np.flatnonzero(relations.verb == graph.arrays.verbs.index("precedes"))
    pairs, of_row = np.unique(
        _paired(entities.time[relations.subject[rows]], entities.time[relations.object[rows]]), return_inverse=True
    )
    wrong = [not in_order(entities.times[pair >> 32], entities.times[pair & 0xFFFFFFFF]) for pair in pairs.tolist()]
    return rows[np.array(wrong, bool)[of_row]]


def _paired(one: Array, other: Array) -> Array:
    """Return one number for each pair of codes."""
    return one.astype(np.int64) << 32 | other.astype(np.uint32)


def in_order(one: str | None, other: str | None) -> bool:
    """Say whether a time is not after another, as far as both are known and precise."""
    if one is None or other is None:
        return True
    shared = min(len(one), len(other))
    return one[:shared] <= other[:shared]


@frozen(eq=False)
class Pieces:
    """Drawn pieces, a row each: numbers of entities and steps (-1 from ``sizes`` on), and the nodes they start from."""

    nodes: Array
    steps: Array
    parents: Array
    sizes: Array

    def __len__(self) -> int:
        return len(self.nodes)

    def __getitem__(self, some: slice) -> "Pieces":
        return Pieces(self.nodes[some], self.steps[some], self.parents[some], self.sizes[some])


def draw(graph: Graph, sampler: Sampler, walkers: int, loose_share: float) -> Pieces:
    """Return the pieces of all walkers from every entity, by entity, then walker, none of the same relations twice."""
    ground = graph.once(Ground)
    entities = ground.arrays.entities
    sides = sampler.sides(graph)
    degrees = np.diff(ground.arrays.steps.offsets)
    starts = np.flatnonzero(ground.told & (degrees > 0))
    count = len(starts) * walkers
    nodes, steps = np.empty((count, _MOST + 1), np.int32), np.empty((count, _MOST), np.int32)
    parents, sizes = np.empty((count, _MOST), np.int8), np.empty(count, np.int8)
    for first in range(0, len(starts), _BLOCK):
        some = starts[first : first + _BLOCK]
        for walker in range(walkers):

            def points(rows: Array, *context: str, some: Array = some, walker: str = str(walker)) -> Array:
                return sampler.points(entities.keys[some[rows]], "path_text", walker, *context)

            every = slice(first * walkers + walker, (first + len(some)) * walkers, walkers)
            nodes[every], steps[every], parents[every], sizes[every] = _walk(ground, some, sides, points, loose_share)
    kept = np.flatnonzero(sizes > 0)
    kept = kept[_firsts(np.where(steps[kept] >= 0, ground.arrays.steps.row[steps[kept]], np.int32(-1)))]
    return Pieces(nodes[kept], steps[kept], parents[kept], sizes[kept])


def _firsts(rows: Array) -> Array:
    """Return which rows of four numbers are the first of those with the same numbers, in whatever order they stand."""
    rows = np.sort(rows, axis=1)
    one, other = (_paired(rows[:, at], rows[:, at + 1]) for at in (0, 2))
    order = np.lexsort((other, one))
    new = np.ones(len(rows), bool)
    new[1:] = (np.diff(one[order]) != 0) | (np.diff(other[order]) != 0)
    return np.sort(order[new])


def _walk(
    ground: Ground, starts: Array, sides: Array, points: Callable[..., Array], loose_share: float
) -> tuple[Array, Array, Array, Array]:
    """Return nodes, steps, parents and the number of edges of a piece from each start."""
    steps = ground.arrays.steps
    every = np.arange(len(starts))
    shape = (points(every, "shape") % np.uint64(len(SHAPES))).astype(np.int64)
    parents, wanted = _PARENTS[shape], _LENGTHS[shape]
    # Where there is one way to go, what would branch at once branches after it.
    alone = np.diff(steps.offsets)[starts] == 1
    parents[:, 1:] = np.where(alone[:, None] & (parents[:, 1:] == 0), 1, parents[:, 1:])
    # In half of the branches the verb stays the same, so that there is a list to be told.
    same = (points(every, "same") & np.uint64(1)).astype(bool)
    nodes = np.full((len(starts), _MOST + 1), -1, np.int32)
    taken = np.full((len(starts), _MOST), -1, np.int32)
    nodes[:, 0] = starts
    sizes = np.zeros(len(starts), np.int8)
    for at in range(_MOST):
        rows = np.flatnonzero((wanted > at) & (sizes == at))
        free = _part(points(rows, "loose", str(at))) < loose_share
        here = nodes[rows, parents[rows, at]]
        cost = _costs(ground, taken[rows, :at], parents[rows, : at + 1], same[rows], free)
        group = steps.choose(here, points(rows, "verb", str(at)), cost)
        there = group >= 0
        rows, group, free = rows[there], group[there], free[there]
        for attempt in range(_TRIES):
            step = steps.follow(group, points(rows, "step", str(at), str(attempt)))
            other, alone = steps.other[step], ground.alone[group]
            good = _may(ground, step, other, nodes[rows, : at + 1], sides, sides[starts[rows]])
            good &= ~ground.crowded[other] | free | alone | (attempt >= _TRIES // 2) | ground.loose[group]
            taken[rows[good], at], nodes[rows[good], at + 1], sizes[rows[good]] = step[good], other[good], at + 1
            # Where there is but one step, it would be tried again.
            rest = ~good & ~alone
            rows, group, free = rows[rest], group[rest], free[rest]
    return nodes, taken, parents, sizes


def _part(points: Array) -> Array:
    return (points >> np.uint64(11)).astype(np.float64) / 2**53


def _costs(ground: Ground, taken: Array, parents: Array, same: Array, free: Array) -> Callable[[Array, Array], Array]:
    """Return what choosing a verb costs: never back the way that led here; new verbs first, what says little last."""
    steps, at = ground.arrays.steps, taken.shape[1]
    reverse, verbs = ground.arrays.reverse, ground.arrays.steps.verb[taken]
    leads = [parents[:, at] == before + 1 for before in range(at)]
    beside = [parents[:, at] == parents[:, before] for before in range(at)]
    listing = same & np.logical_or.reduce(beside) if at else same

    def cost(rows: Array, group: Array) -> Array:
        verb, reluctant = steps.group_verb[group], ground.loose[group] & ~free[rows]
        if not at:
            return np.where(reluctant, np.int8(2), np.int8(0))
        used, back, again = (np.zeros(len(rows), bool) for _ in range(3))
        back_verb = reverse[verb]
        for before in range(at):
            one = verbs[rows, before]
            same, reversed = verb == one, back_verb == one
            used |= same | reversed
            back |= reversed & leads[before][rows]
            again |= same & beside[before][rows]
        listed = listing[rows]
        costs = np.where(listed, ~again, used).astype(np.int8)
        costs[reluctant & ~(listed & again)] = 2
        costs[back] = _NEVER
        return costs

    return cost


def _may(ground: Ground, step: Array, other: Array, so_far: Array, sides: Array, side: Array) -> Array:
    """Say which steps lead to something new that can be told, with evidence in the split of the start."""
    steps = ground.arrays.steps
    row = steps.row[step]
    good = ground.told[other] & ground.proved[row] & (sides[ground.home[row]] == side)
    for before in range(so_far.shape[1]):
        good &= ground.words[so_far[:, before]] != ground.words[other]
    return good
