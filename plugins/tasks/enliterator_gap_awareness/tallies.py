# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""What is counted over all entities of a kind, for a whole graph at once."""

from typing import Any, Final

import numpy as np
from attrs import frozen

from enliterator_core import Graph

#: verbs that most things of a kind can have without being alike
LOOSE: Final = frozenset({"co_occurs_with", "connects_to", "is_connected_from"})
_FEWEST_ALIKE: Final = 3
_USUAL_SHARE: Final = 0.5

Array = Any


@frozen
class Tally:
    """One kind's counts: all, those that lack nothing, and the sources that give evidence for them.

    ``usual`` are the codes of the telling verbs that at least half of the kind has, with their shares; none of a kind
    of one or two. ``lacking`` counts what has no description, no relation, no date; ``instances`` holds the number of
    the first of each that has evidence, ``first`` that of the first with evidence at all, None where there is none.
    """

    pool: str
    kind: str
    count: int
    whole: int
    sources: int
    first: int | None
    usual: tuple[tuple[int, float], ...]
    lacking: dict[str, int]
    instances: dict[str, int]

    @property
    def spoken(self) -> str:
        """How people speak of the entities of the kind."""
        return f"entries of the kind {self.kind or 'unnamed'} ({self.pool})"


class Tallies:
    """The tally of ``every`` pool and kind, in the graph's order; ``places`` says in which each entity is counted."""

    def __init__(self, graph: Graph) -> None:
        entities = graph.arrays.entities
        pairs = entities.pool.astype(np.int64) * len(entities.kinds) + entities.kind
        _, first, place = np.unique(pairs, return_index=True, return_inverse=True)
        order = np.argsort(np.argsort(first))
        self.places: Array = order[place].astype(np.int32)
        self.every = _counted(graph, self.places, np.sort(first).tolist())


def _counted(graph: Graph, kind: Array, first: list[int]) -> list[Tally]:
    """Return the tallies, given the place of each entity's tally and the first entity of each."""
    entities, many = graph.arrays.entities, len(first)
    counts = np.bincount(kind, minlength=many)
    evident = np.diff(entities.spans.offsets) > 0
    lacks = graph.once(lacking)
    holes = {lack: np.bincount(kind[here], minlength=many).tolist() for lack, here in lacks.items()}
    whole = np.bincount(kind[~np.logical_or.reduce(list(lacks.values()))], minlength=many).tolist()
    instances = {lack: _firsts(kind, here & evident) for lack, here in lacks.items()}
    firsts = _firsts(kind, evident)
    paths = len(entities.spans.paths)
    wide = kind.astype(np.int64) * paths
    named = distinct(np.repeat(wide, np.diff(entities.spans.offsets)) + entities.spans.places[:, 0])
    sources = np.bincount(named // max(paths, 1), minlength=many).tolist()
    usual = _usual(graph, kind, counts)
    return [
        Tally(
            entities.pool_of(one),
            entities.kind_of(one),
            int(counts[place]),
            whole[place],
            sources[place],
            firsts.get(place),
            tuple(usual.get(place, ())),
            {lack: numbers[place] for lack, numbers in holes.items()},
            {lack: numbers[place] for lack, numbers in instances.items() if place in numbers},
        )
        for place, one in enumerate(first)
    ]


def distinct(numbers: Array) -> Array:
    """Return an array's numbers, each once, the smallest first: of so many, sorting is faster than `numpy.unique`."""
    every = np.sort(numbers)
    return every[np.flatnonzero(np.diff(every, prepend=-1))]


def lacking(graph: Graph) -> dict[str, Array]:
    """Return for each entity whether it has no description, no relation, no date."""
    entities = graph.arrays.entities
    dated = np.array([bool(time) for time in entities.times], bool)
    return {
        "description": ~np.fromiter(map(bool, entities.descriptions), bool, len(entities)),
        "relation": np.diff(graph.arrays.steps.offsets) == 0,
        "date": ~dated[entities.time],
    }


def _firsts(kind: Array, here: Array) -> dict[int, int]:
    """Return the first of the entities that are marked, by the place of its tally."""
    these = np.flatnonzero(here)
    places, first = np.unique(kind[these], return_index=True)
    return dict(zip(places.tolist(), these[first].tolist(), strict=True))


def _usual(graph: Graph, kind: Array, counts: Array) -> dict[int, list[tuple[int, float]]]:
    """Return the verbs that are usual for the kinds, with their shares, by the place of the tally."""
    steps, verbs = graph.arrays.steps, graph.arrays.verbs
    having = np.bincount(np.repeat(kind * len(verbs), np.diff(steps.groups)) + steps.group_verb)
    found: dict[int, list[tuple[int, float]]] = {}
    for pair in np.flatnonzero(having).tolist():
        place, verb = divmod(pair, len(verbs))
        share = int(having[pair]) / int(counts[place])
        if counts[place] >= _FEWEST_ALIKE and share >= _USUAL_SHARE and verbs[verb] not in LOOSE:
            found.setdefault(place, []).append((verb, share))
    return found


def large_kinds(graph: Graph) -> dict[str, Tally]:
    """Return the tallies of the kinds with five entities or more, by how people speak of them."""
    return {tally.spoken: tally for tally in graph.once(Tallies).every if tally.count >= 5}
