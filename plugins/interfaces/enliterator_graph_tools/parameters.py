# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""What the graph tools share: the schemas of their parameters, and how an entity is looked up and told.

A hub has thousands of neighbours, and a tool's answer tells a few dozens of them: entities are told by their numbers,
from the graph's arrays, without being made.
"""

from abc import abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from enliterator_core import POOLS, VERBS, Graph, Tool

Schema = dict[str, Any]

_NAMED: Final = "a canonical name or any other form of it"
NAME: Final[Schema] = {
    "type": "string",
    "minLength": 1,
    "title": "entity",
    "format": "entity-name",
    "description": _NAMED,
}
OTHER: Final[Schema] = NAME | {"title": "other entity"}
NEIGHBOUR: Final[Schema] = OTHER | {"format": "related-entity-name"}
POOL: Final[Schema] = {
    "type": "string",
    "enum": list(POOLS),
    "title": "pool",
    "format": "pool",
    "description": "only this pool",
}
RELATED_POOL: Final[Schema] = POOL | {"format": "related-pool", "description": "only related entities of this pool"}
LIMIT: Final[Schema] = {
    "type": "integer",
    "minimum": 1,
    "maximum": 100,
    "title": "number",
    "description": "how many at most",
}
VERB: Final[Schema] = {
    "type": "string",
    "enum": list(dict.fromkeys(name for verb in VERBS.values() for name in (verb.name, verb.reverse))),
    "title": "verb",
    "format": "verb",
    "description": "only relations with this verb, read from the entity named first",
}
PATH: Final[Schema] = {
    "type": "string",
    "minLength": 1,
    "title": "source",
    "format": "source-path",
    "description": "a source's path",
}
WORDS: Final[Schema] = {
    "type": "string",
    "minLength": 1,
    "title": "search words",
    "format": "search-words",
    "description": "words to look for",
}
DATE: Final[Schema] = {
    "type": "string",
    "pattern": r"^\d{4}(-\d\d(-\d\d)?)?$",
    "title": "date",
    "format": "date",
    "description": "a year, month or day in ISO 8601, inclusive",
}


def parameters(*required: str, **properties: Schema) -> Schema:
    """Return the JSON Schema of an object with these properties and no others."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
    }


class Finds(Tool):
    """A tool that knows which entities it finds before it tells what they are.

    Whoever wants to know only that, as the route task does of every call it makes an example of, need not wait for the
    rest of the answer, which costs several times as much.
    """

    @abstractmethod
    def finds(self, graph: Graph, parameters: Mapping[str, Any]) -> Sequence[int]:
        """Return the numbers of the entities whose ids an answer has under `found`, in any order."""


def called(graph: Graph, name: str, pool: str | None = None) -> list[int]:
    """Return the numbers of what has exactly that canonical name; when nothing has, of what any form of it names."""
    entities = graph.arrays.entities
    known = graph.numbers_called(name)
    if pool is not None:
        known = [number for number in known if entities.pool_of(number) == pool]
    if len(known) < 2:
        return known
    return [number for number in known if entities.names[number] == name] or known


def briefs(graph: Graph, numbers: Iterable[int]) -> list[dict[str, Any]]:
    """Return what entities are, in short."""
    entities = graph.arrays.entities
    pool_of, kind_of, names, descriptions = entities.pool_of, entities.kind_of, entities.names, entities.descriptions
    return [
        {
            "pool": pool_of(number),
            "name": names[number],
            "kind": kind_of(number),
            "description": descriptions[number],
        }
        for number in numbers
    ]


def ids_of(graph: Graph, numbers: Iterable[int]) -> list[str]:
    """Return the ids of entities."""
    ids = graph.arrays.entities.ids
    return [ids[number] for number in numbers]
