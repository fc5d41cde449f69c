# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Tools that find and tell entities: search, describe, list, and what comes when."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from enliterator_core import Graph, Tool
from enliterator_graph_tools.parameters import (
    DATE,
    LIMIT,
    NAME,
    POOL,
    WORDS,
    Finds,
    Schema,
    briefs,
    called,
    ids_of,
    parameters,
)


class SearchEntities(Finds):
    """Full-text search."""

    name: ClassVar[str] = "search_entities"
    description: ClassVar[str] = "Find entities whose names, forms or descriptions have the words of the query."
    parameters: ClassVar[Schema] = parameters("query", query=WORDS, pool=POOL, limit=LIMIT)
    asked: ClassVar[tuple[str, ...]] = (
        "search for {query}",
        "is there anything on {query}?",
        "find me something about {query}",
        "keywords: {query}",
        "anything that mentions {query}?",
        "i vaguely remember something with {query}, can you find it?",
        "full text search, words: {query}",
        "do a search on {query}",
        "search the {pool} pool for {query}",
        "any {pool} entries about {query}?",
        "search: {query} (only {pool})",
        "the {limit} best hits for {query}",
        "top {limit} results on {query}",
        "search {query} and give me {limit} results at most",
        "run a search",
        "i want to search for something",
        "search the {pool} pool",
        "give me the top {limit} hits",
    )

    def finds(self, graph: Graph, parameters: Mapping[str, Any]) -> list[int]:
        """Return what a search finds, unranked where the storage can tell so little, which takes half the time."""
        few = getattr(graph.storage, "search_few", None)
        found = few(**_asked(parameters)) if few is not None else None
        numbers = graph.arrays.entities.numbers
        return _ranked(graph, parameters) if found is None else [numbers[id] for id in found]

    def call(self, graph: Graph, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """Answer with `entities`, best first."""
        found = _ranked(graph, parameters)
        return {"found": ids_of(graph, found), "entities": briefs(graph, found)}


def _asked(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a storage is asked for."""
    pools = (parameters["pool"],) if "pool" in parameters else ()
    return {"query": parameters["query"], "pools": pools, "limit": parameters.get("limit", 10)}


def _ranked(graph: Graph, parameters: Mapping[str, Any]) -> list[int]:
    """Return what a search finds, best first."""
    numbers = graph.arrays.entities.numbers
    return [numbers[id] for id, _ in graph.storage.search(**_asked(parameters))]


class DescribeEntity(Finds):
    """One entity, looked up by any of its names."""

    name: ClassVar[str] = "describe_entity"
    description: ClassVar[str] = "Tell what an entity is, what else it is called, when it dates from and its sources."
    parameters: ClassVar[Schema] = parameters("name", name=NAME, pool=POOL)
    asked: ClassVar[tuple[str, ...]] = (
        "what is {name}?",
        "what's {name}?",
        "tell me about {name}",
        "describe {name}",
        "{name}??",
        "i don't know {name}, what is that?",
        "explain {name} to me",
        "what do we know about {name}?",
        "someone mentioned {name}. what is it?",
        "give me a short description of {name}",
        "what else is {name} called?",
        "when does {name} date from?",
        "what is {name} in the {pool} pool?",
        "describe {name} ({pool})",
        "{name}, the one in the {pool} pool: what is it?",
        "can you explain what that is?",
        "describe it for me",
        "what does that term mean?",
    )

    def finds(self, graph: Graph, parameters: Mapping[str, Any]) -> list[int]:
        """Return what the name stands for."""
        return called(graph, parameters["name"], parameters.get("pool"))

    def call(self, graph: Graph, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """Answer with `entities`: more than one where the name is shared."""
        known = self.finds(graph, parameters)
        return {"found": ids_of(graph, known), "entities": [_told(graph, number) for number in known]}


def _told(graph: Graph, number: int) -> dict[str, Any]:
    entity = graph.entities[graph.id(number)]
    term = graph.terms.get(entity.id)
    return {
        "pool": entity.pool,
        "name": entity.name,
        "kind": entity.kind,
        "description": entity.description,
        "forms": list(term.surface_forms) if term else [],
        "time": entity.time.value,
        "relations": graph.arrays.steps.degree(number),
        "sources": graph.arrays.entities.spans.sources(number),
    }


def _by_pool(graph: Graph) -> dict[str, Sequence[int]]:
    """Return the numbers of each pool's entities, in their order."""
    entities = graph.arrays.entities
    return {pool: _numbers(np.flatnonzero(entities.pool == code)) for code, pool in enumerate(entities.pools)}


def _numbers(array: Any) -> Sequence[int]:
    """Return an array's numbers one by one as Python's own."""
    return memoryview(array)


class ListEntities(Tool):
    """What a pool holds."""

    name: ClassVar[str] = "list_entities"
    description: ClassVar[str] = "List the entities of a pool by name, and tell how many there are."
    parameters: ClassVar[Schema] = parameters("pool", pool=POOL, limit=LIMIT)
    asked: ClassVar[tuple[str, ...]] = (
        "list the {pool} pool",
        "what is in the {pool} pool?",
        "how many {pool} entries are there?",
        "show me what we have under {pool}",
        "count the {pool} pool",
        "browse {pool}",
        "the first {limit} entries of the {pool} pool",
        "list {limit} of the {pool} pool",
        "list one of the pools for me",
        "how many are there in that pool?",
        "show me {limit} entries of a pool",
    )

    def call(self, graph: Graph, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """Answer with `entities` in the order of their names, and the `count` of all."""
        every = graph.once(_by_pool).get(parameters["pool"], [])
        shown = every[: parameters.get("limit", 20)]
        return {"found": ids_of(graph, shown), "count": len(every), "entities": briefs(graph, shown)}


def _dated(graph: Graph) -> dict[str, Sequence[int]]:
    """Return the numbers of each pool's entities that have a time, in its order; of all pools together under ""."""
    entities = graph.arrays.entities
    times = entities.times
    # The sort is stable: what is of one time stays in the order of pool and name.
    place = np.zeros(len(times), np.int64)
    place[sorted(range(len(times)), key=lambda code: times[code] or "")] = np.arange(len(times))
    order = np.argsort(place[entities.time], kind="stable")
    order = order[np.array([bool(time) for time in times], bool)[entities.time[order]]]
    pools = {pool: order[entities.pool[order] == code] for code, pool in enumerate(entities.pools)}
    return {pool: _numbers(numbers) for pool, numbers in ({"": order} | pools).items()}


class Timeline(Finds):
    """What came when."""

    name: ClassVar[str] = "timeline"
    description: ClassVar[str] = "List entities in the order of their times: all, or those of a pool or a span of time."
    parameters: ClassVar[Schema] = parameters(pool=POOL, after=DATE, before=DATE, limit=LIMIT)
    asked: ClassVar[tuple[str, ...]] = (
        "show me the timeline",
        "what came when?",
        "what is there from {after} on, in order of time?",
        "timeline since {after}",
        "what has come in since {after}?",
        "what was there up to {before}?",
        "timeline until {before}",
        "timeline from {after} to {before}",
        "what happened between {after} and {before}?",
        "timeline of the {pool} pool since {after}",
        "put the {pool} entries in order of time, starting with {after}",
        "chronology of the {pool} pool until {before}",
        "the first {limit} things since {after}, oldest first",
    )

    def finds(self, graph: Graph, parameters: Mapping[str, Any]) -> list[int]:
        """Return what has a time within the bounds, the oldest first."""
        after, before, pool = (parameters.get(key, "") for key in ("after", "before", "pool"))
        time_of = graph.arrays.entities.time_of
        dated = graph.once(_dated).get(pool, [])
        first = bisect_left(dated, after, key=time_of)
        shown = dated[first : first + parameters.get("limit", 20)]
        return [number for number in shown if not before or (time_of(number) or "")[: len(before)] <= before]

    def call(self, graph: Graph, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """Answer with `entities`, the oldest first, each with its `time`."""
        time_of, shown = graph.arrays.entities.time_of, self.finds(graph, parameters)
        told = zip(shown, briefs(graph, shown), strict=True)
        return {
            "found": ids_of(graph, shown),
            "entities": [one | {"time": time_of(number)} for number, one in told],
        }
