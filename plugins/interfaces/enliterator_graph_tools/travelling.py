# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Tools that go along relations: neighbours, paths, what two entities have in common."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from itertools import chain, islice, pairwise
from typing import Any, ClassVar, Final, NamedTuple

from enliterator_core import Graph, Path, reverse_of
from enliterator_graph_tools.parameters import (
    LIMIT,
    NAME,
    OTHER,
    RELATED_POOL,
    VERB,
    Finds,
    Schema,
    briefs,
    called,
    ids_of,
    parameters,
)

_MOST_HOPS: Final = 4


class RelatedEntities(Finds):
    """An entity's neighbours."""

    name: ClassVar[str] = "related_entities"
    description: ClassVar[str] = "List what an entity is related to: all of it, or by one verb or of one pool."
    parameters: ClassVar[Schema] = parameters("name", name=NAME, verb=VERB, pool=RELATED_POOL, limit=LIMIT)
    asked: ClassVar[tuple[str, ...]] = (
        "what is {name} related to?",
        "show the neighbours of {name}",
        "what hangs together with {name}?",
        "what is around {name}?",
        "i'm reading up on {name}. what else should i look at?",
        "everything connected to {name}",
        "{name}: any relations?",
        "show me {limit} things related to {name}",
        "{limit} neighbours of {name}",
        "which {pool} entries have to do with {name}?",
        "what from the {pool} pool is related to {name}?",
        "neighbours of {name}, {pool} only",
        "{verb:who} {verb:back} {name}?",
        "{verb:who} else {verb:back} {name}?",
        "list everything that {verb:back} {name}",
        "i need all that {verb:back} {name}",
        "is there anything that {verb:back} {name}?",
        "i have {name} in front of me. {verb:who} {verb:back} it?",
        "whatever {verb:back} {name}, {limit} at most",
        "what is it related to?",
        "{verb:who} {verb:back} this one?",
        "show me {limit} neighbours",
    )

    def finds(self, graph: Graph, parameters: Mapping[str, Any]) -> list[int]:
        """Return the first of the entities that it is related to, each once."""
        shown = islice(chain.from_iterable(_steps(graph, parameters)), parameters.get("limit", 20))
        other = graph.once(_columns).other
        return list(dict.fromkeys([other[step] for step in shown]))

    def call(self, graph: Graph, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """Answer with `relations`, each a verb (as read from the entity) and the other entity, and their `count`."""
        names, verbs, columns = graph.arrays.entities.names, graph.arrays.verbs, graph.once(_columns)
        starts, steps = called(graph, parameters["name"]), _steps(graph, parameters)
        every = ((start, step) for start, some in zip(starts, steps, strict=True) for step in some)
        shown = list(islice(every, parameters.get("limit", 20)))
        others = [columns.other[step] for _, step in shown]
        return {
            "found": list(dict.fromkeys(ids_of(graph, others))),
            "count": sum(map(len, steps)),
            "relations": [
                {"from": names[start], "verb": verbs[columns.verb[step]], **told}
                for (start, step), told in zip(shown, briefs(graph, others), strict=True)
            ],
        }


class _Columns(NamedTuple):
    """What steps are, for reading one at a time."""

    offsets: Sequence[int]
    verb: Sequence[int]
    other: Sequence[int]
    pool: Sequence[int]


def _columns(graph: Graph) -> _Columns:
    steps, one_by_one = graph.arrays.steps, graph.arrays.one_by_one
    columns = (steps.offsets, steps.verb, steps.other, graph.arrays.entities.pool)
    return _Columns(*map(one_by_one, columns))


def _steps(graph: Graph, parameters: Mapping[str, Any]) -> list[Sequence[int]]:
    """Return which steps are those of each entity of that name: all of them, or those of one verb or to one pool."""
    verb, pool = parameters.get("verb"), parameters.get("pool")
    columns = graph.once(_columns)
    found: list[Sequence[int]] = []
    for number in called(graph, parameters["name"]):
        start, end = columns.offsets[number], columns.offsets[number + 1]
        if verb is not None:
            # An entity's steps stand in the order of their verbs.
            code = graph.arrays.verbs.index(verb)
            start = bisect_left(columns.verb, code, start, end)
            end = bisect_right(columns.verb, code, start, end)
        if pool is None:
            found.append(range(start, end))
        else:
            pools = graph.arrays.entities.pools
            code = pools.index(pool) if pool in pools else -1
            found.append([step for step in range(start, end) if columns.pool[columns.other[step]] == code])
    return found


class PathBetween(Finds):
    """The shortest path between two entities."""

    name: ClassVar[str] = "path_between"
    description: ClassVar[str] = "Show how two entities are connected: the shortest path between them."
    parameters: ClassVar[Schema] = parameters("from", "to", **{"from": NAME, "to": OTHER})
    asked: ClassVar[tuple[str, ...]] = (
        "how are {from} and {to} connected?",
        "how do i get from {from} to {to}?",
        "what links {from} with {to}?",
        "show me the way from {from} to {to}",
        "is there a connection between {from} and {to}?",
        "path from {from} to {to}",
        "{from} -> {to}?",
        "what on earth has {from} got to do with {to}?",
        "i know {from}, but how does one come from there to {to}?",
        "trace {from} through to {to}",
        "how do i get to {to}?",
        "show me the way to {to}",
        "how do i get on from {from}?",
        "path starting at {from}",
        "how are these two connected?",
        "find the shortest path",
    )

    def finds(self, graph: Graph, parameters: Mapping[str, Any]) -> list[int]:
        """Return what the path leads through."""
        ends = _ends(graph, parameters)
        met = _met(graph, *ends) if ends else None
        return met.numbers() if met else []

    def call(self, graph: Graph, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """Answer with the path as `text`, None when four hops do not join them, and in `found` its entities."""
        ends = _ends(graph, parameters)
        path = shortest_path(graph, *ids_of(graph, ends)) if ends else None
        return {
            "found": list(path.entities) if path else [],
            "text": graph.textize(path) if path else None,
        }


def _ends(graph: Graph, parameters: Mapping[str, Any]) -> tuple[int, int] | None:
    """Return the numbers of the first that each of two names stands for; None where one stands for nothing."""
    starts, ends = called(graph, parameters["from"]), called(graph, parameters["to"])
    return (starts[0], ends[0]) if starts and ends else None


class InCommon(Finds):
    """What two entities are both related to."""

    name: ClassVar[str] = "in_common"
    description: ClassVar[str] = "List what two entities have in common: the entities that both are related to."
    parameters: ClassVar[Schema] = parameters("name", "other", name=NAME, other=OTHER, limit=LIMIT)
    asked: ClassVar[tuple[str, ...]] = (
        "what do {name} and {other} have in common?",
        "what do {name} and {other} share?",
        "compare {name} and {other}: what do both have to do with?",
        "which neighbours do {name} and {other} share?",
        "common ground of {name} and {other}",
        "{limit} things that {name} and {other} have in common",
        "what does {name} have in common with the other one?",
        "what do the two have in common?",
    )

    def finds(self, graph: Graph, parameters: Mapping[str, Any]) -> list[int]:
        """Return the first of what both are related to."""
        return _shared(graph, parameters)[: parameters.get("limit", 20)]

    def call(self, graph: Graph, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """Answer with `entities` in the order in which they stand around the first, and their `count`."""
        both = _shared(graph, parameters)
        shown = both[: parameters.get("limit", 20)]
        return {"found": ids_of(graph, shown), "count": len(both), "entities": briefs(graph, shown)}


def _shared(graph: Graph, parameters: Mapping[str, Any]) -> list[int]:
    """Return the numbers of all that two entities are related to, in their order around the first."""
    first, second = (_around(graph, parameters[key]) for key in ("name", "other"))
    others = set(second)
    return [number for number in dict.fromkeys(first) if number in others]


def _around(graph: Graph, name: str) -> list[int]:
    """Return the numbers of what is related to anything of that name."""
    neighbours, known = graph.arrays.steps.neighbours, called(graph, name)
    return neighbours(known[0]) if len(known) == 1 else [other for number in known for other in neighbours(number)]


def shortest_path(graph: Graph, start: str, end: str) -> Path | None:
    """Return a shortest path of at most four hops, the same one every time; None when there is none."""
    if start not in graph.entities or end not in graph.entities:
        return Path((start,), ()) if start == end else None
    met = _met(graph, graph.number(start), graph.number(end))
    return Path(tuple(ids_of(graph, met.numbers())), tuple(met.verbs(graph))) if met else None


class _Met(NamedTuple):
    """The entity in which the searches from both ends of a path met.

    By an entity's number, the one before it on the way from the first, and the one after it on the way to the last; the
    first and the last are their own.
    """

    middle: int
    before: Mapping[int, int]
    after: Mapping[int, int]

    def numbers(self) -> list[int]:
        """Return the path's entities."""
        return [*reversed(_to_end(self.middle, self.before)), *_to_end(self.middle, self.after)[1:]]

    def verbs(self, graph: Graph) -> list[str]:
        """Return what leads from each of them to the next."""
        there = [_verb(graph, here, other) for here, other in pairwise(reversed(_to_end(self.middle, self.before)))]
        # Of several relations that the search from the other end came by, it took the first as read from there.
        back = [_verb(graph, other, here) for here, other in pairwise(_to_end(self.middle, self.after))]
        return [*there, *map(reverse_of, back)]


def _to_end(middle: int, known: Mapping[int, int]) -> list[int]:
    """Return the numbers from the middle of a path to that end of it from which a search came."""
    numbers = [middle]
    while (further := known[numbers[-1]]) != numbers[-1]:
        numbers.append(further)
    return numbers


def _met(graph: Graph, first: int, last: int) -> _Met | None:
    """Search from both ends, from the one with less to look at first; None where no path is short enough."""
    neighbours = graph.arrays.steps.neighbours
    before, after = {first: first}, {last: last}
    sides = [([first], before), ([last], after)]
    for hops in range(_MOST_HOPS + 1):
        if not before.keys().isdisjoint(after.keys()):
            return _Met(next(number for number in before if number in after), before, after)
        if hops == _MOST_HOPS:
            break
        side = 0 if len(sides[0][0]) <= len(sides[1][0]) else 1
        edge, known = sides[side]
        further = []
        for here in edge:
            for other in neighbours(here):
                if other not in known:
                    known[other] = here
                    further.append(other)
        sides[side] = (further, known)
    return None


def _verb(graph: Graph, here: int, other: int) -> str:
    """Return the verb of the first step from one entity to another."""
    return next(verb for verb, number in graph.arrays.steps.around(here) if number == other)
