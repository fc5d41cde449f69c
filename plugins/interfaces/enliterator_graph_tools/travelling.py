# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Tools that go along relations: neighbours, paths, what two entities have in common."""

from collections.abc import Mapping, Sequence
from itertools import islice, pairwise
from typing import Any, ClassVar, Final

from enliterator_core import Graph, Path, Tool, reverse_of
from enliterator_graph_tools.parameters import (
    LIMIT,
    NAME,
    OTHER,
    RELATED_POOL,
    VERB,
    Schema,
    briefs,
    called,
    ids_of,
    parameters,
)

_MOST_HOPS: Final = 4


class RelatedEntities(Tool):
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

    def call(self, graph: Graph, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """Answer with `relations`, each a verb (as read from the entity) and the other entity, and their `count`."""
        verb, pool = parameters.get("verb"), parameters.get("pool")
        hops = [
            (one.name, _steps(graph, graph.number(one.id), verb, pool)) for one in called(graph, parameters["name"])
        ]
        every = ((name, step) for name, steps in hops for step in steps)
        shown = list(islice(every, parameters.get("limit", 20)))
        steps, verbs = graph.arrays.steps, graph.arrays.verbs
        others = steps.other[[step for _, step in shown]].tolist()
        return {
            "found": list(dict.fromkeys(ids_of(graph, others))),
            "count": sum(len(steps) for _, steps in hops),
            "relations": [
                {"from": name, "verb": verbs[steps.verb[step]], **told}
                for (name, step), told in zip(shown, briefs(graph, others), strict=True)
            ],
        }


def _steps(graph: Graph, number: int, verb: str | None, pool: str | None) -> Sequence[int]:
    """Return which steps are an entity's: all of them, or those of one verb or to one pool alone."""
    steps, verbs = graph.arrays.steps, graph.arrays.verbs
    start, end = steps.offsets[number : number + 2].tolist()
    if verb is not None:
        # An entity's steps stand in the order of their verbs.
        codes, code = steps.verb[start:end], verbs.index(verb)
        start, end = start + int(codes.searchsorted(code)), start + int(codes.searchsorted(code, "right"))
    if pool is None:
        return range(start, end)
    pool_of = graph.arrays.entities.pool_of
    return [at for at, other in enumerate(steps.other[start:end].tolist(), start) if pool_of(other) == pool]


class PathBetween(Tool):
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

    def call(self, graph: Graph, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """Answer with the path as `text`, None when four hops do not join them, and in `found` its entities."""
        starts, ends = called(graph, parameters["from"]), called(graph, parameters["to"])
        path = shortest_path(graph, starts[0].id, ends[0].id) if starts and ends else None
        return {
            "found": list(path.entities) if path else [],
            "text": graph.textize(path) if path else None,
        }


class InCommon(Tool):
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

    def call(self, graph: Graph, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """Answer with `entities` in the order in which they stand around the first, and their `count`."""
        first, second = (
            [
                other
                for one in called(graph, parameters[key])
                for other in graph.arrays.steps.neighbours(graph.number(one.id))
            ]
            for key in ("name", "other")
        )
        others = set(second)
        both = [number for number in dict.fromkeys(first) if number in others]
        shown = both[: parameters.get("limit", 20)]
        return {"found": ids_of(graph, shown), "count": len(both), "entities": briefs(graph, shown)}


def shortest_path(graph: Graph, start: str, end: str) -> Path | None:
    """Return a shortest path of at most four hops, the same one every time; None when there is none."""
    if start not in graph.entities or end not in graph.entities:
        return Path((start,), ()) if start == end else None
    first, last = graph.number(start), graph.number(end)
    # By an entity's number, the one before it on the way from the first, and the one after it on the way to the last.
    before, after = {first: first}, {last: last}
    sides = [([first], before), ([last], after)]
    for hops in range(_MOST_HOPS + 1):
        middle = next((number for number in before if number in after), None)
        if middle is not None:
            return _joined(graph, middle, before, after)
        if hops == _MOST_HOPS:
            break
        side = 0 if len(sides[0][0]) <= len(sides[1][0]) else 1
        edge, known = sides[side]
        further = []
        for here in edge:
            for other in graph.arrays.steps.neighbours(here):
                if other not in known:
                    known[other] = here
                    further.append(other)
        sides[side] = (further, known)
    return None


def _joined(graph: Graph, middle: int, before: Mapping[int, int], after: Mapping[int, int]) -> Path:
    """Return the path through the entity in which the searches from both ends met."""
    numbers = [middle]
    while before[numbers[0]] != numbers[0]:
        numbers.insert(0, before[numbers[0]])
    verbs = [_verb(graph, here, other) for here, other in pairwise(numbers)]
    while after[numbers[-1]] != numbers[-1]:
        # Of several relations that the search from the other end came by, it took the first as read from there.
        verbs.append(reverse_of(_verb(graph, after[numbers[-1]], numbers[-1])))
        numbers.append(after[numbers[-1]])
    return Path(tuple(ids_of(graph, numbers)), tuple(verbs))


def _verb(graph: Graph, here: int, other: int) -> str:
    """Return the verb of the first step from one entity to another."""
    steps = graph.arrays.steps
    verb: str = graph.arrays.verbs[steps.verb[int(steps.offsets[here]) + steps.neighbours(here).index(other)]]
    return verb
