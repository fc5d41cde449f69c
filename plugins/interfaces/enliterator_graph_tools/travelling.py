# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Tools that go along relations: neighbours, paths, what two entities have in common."""

from collections import deque
from collections.abc import Mapping
from typing import Any, ClassVar, Final

from enliterator_core import Graph, Path, Tool, reverse_of
from enliterator_graph_tools.parameters import (
    LIMIT,
    NAME,
    OTHER,
    RELATED_POOL,
    VERB,
    Schema,
    brief,
    called,
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
            (entity, name, other)
            for entity in called(graph, parameters["name"])
            for name, other in graph.around(entity.id)
            if verb in (None, name) and (pool is None or graph.entities[other].pool == pool)
        ]
        shown = hops[: parameters.get("limit", 20)]
        return {
            "found": list(dict.fromkeys(other for _, _, other in shown)),
            "count": len(hops),
            "relations": [{"from": one.name, "verb": name} | brief(graph.entities[id]) for one, name, id in shown],
        }


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
        sides = [
            dict.fromkeys(id for entity in called(graph, parameters[key]) for _, id in graph.around(entity.id))
            for key in ("name", "other")
        ]
        both = [id for id in sides[0] if id in sides[1]]
        shown = both[: parameters.get("limit", 20)]
        return {"found": shown, "count": len(both), "entities": [brief(graph.entities[id]) for id in shown]}


def shortest_path(graph: Graph, start: str, end: str) -> Path | None:
    """Return a shortest path of at most four hops, the same one every time; None when there is none."""
    before: dict[str, tuple[str, str]] = {start: ("", "")}
    after: dict[str, tuple[str, str]] = {end: ("", "")}
    sides = ((deque([start]), before), (deque([end]), after))
    for _ in range(_MOST_HOPS):
        middle = next((id for id in before if id in after), None)
        if middle is not None:
            return _joined(middle, before, after)
        edge, known = min(sides, key=lambda side: len(side[0]))
        for _ in range(len(edge)):
            here = edge.popleft()
            for verb, other in graph.around(here):
                if other not in known:
                    known[other] = (verb, here)
                    edge.append(other)
    middle = next((id for id in before if id in after), None)
    return None if middle is None else _joined(middle, before, after)


def _joined(middle: str, before: dict[str, tuple[str, str]], after: dict[str, tuple[str, str]]) -> Path:
    """Return the path through the entity in which the searches from both ends met."""
    entities, verbs = [middle], list[str]()
    while before[entities[0]][0]:
        verb, previous = before[entities[0]]
        entities.insert(0, previous)
        verbs.insert(0, verb)
    while after[entities[-1]][0]:
        verb, following = after[entities[-1]]
        entities.append(following)
        verbs.append(reverse_of(verb))
    return Path(tuple(entities), tuple(verbs))
