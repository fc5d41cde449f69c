# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The graph tools: the questions about a graph that people and models can have answered by a call."""

from collections import deque
from collections.abc import Mapping
from typing import Any, ClassVar, Final

from enliterator_core import POOLS, VERBS, Entity, Graph, Path, Tool, hookimpl, reverse_of

_NAME: Final[dict[str, Any]] = {
    "type": "string",
    "minLength": 1,
    "description": "a canonical name or any other form of it",
}
_POOL: Final[dict[str, Any]] = {"type": "string", "enum": list(POOLS), "description": "only this pool"}
_LIMIT: Final[dict[str, Any]] = {"type": "integer", "minimum": 1, "maximum": 100, "description": "how many at most"}
_VERB: Final[dict[str, Any]] = {
    "type": "string",
    "enum": list(dict.fromkeys(name for verb in VERBS.values() for name in (verb.name, verb.reverse))),
    "description": "only relations with this verb, read from the entity",
}
_MOST_HOPS: Final = 4


def _parameters(required: tuple[str, ...], **properties: dict[str, Any]) -> dict[str, Any]:
    """Return the JSON Schema of an object with these properties and no others."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
    }


def _called(graph: Graph, name: str, pool: str | None = None) -> list[Entity]:
    """Return what has exactly that canonical name; when nothing has, what any form of it names."""
    known = [entity for entity in graph.called(name) if pool in (None, entity.pool)]
    return [entity for entity in known if entity.name == name] or known


def _brief(entity: Entity) -> dict[str, Any]:
    return {"pool": entity.pool, "name": entity.name, "kind": entity.kind, "description": entity.description}


class SearchEntities(Tool):
    """Full-text search."""

    name: ClassVar[str] = "search_entities"
    description: ClassVar[str] = "Find entities whose names, forms or descriptions have the words of the query."
    parameters: ClassVar[dict[str, Any]] = _parameters(
        ("query",), query={"type": "string", "minLength": 1}, pool=_POOL, limit=_LIMIT
    )

    def call(self, graph: Graph, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """Answer with `entities`, best first."""
        pools = (parameters["pool"],) if "pool" in parameters else ()
        found = graph.search(parameters["query"], pools=pools, limit=parameters.get("limit", 10))
        return {"found": [entity.id for entity in found], "entities": [_brief(entity) for entity in found]}


class DescribeEntity(Tool):
    """One entity, looked up by any of its names."""

    name: ClassVar[str] = "describe_entity"
    description: ClassVar[str] = "Tell what an entity is, what else it is called, when it dates from and its sources."
    parameters: ClassVar[dict[str, Any]] = _parameters(("name",), name=_NAME, pool=_POOL)

    def call(self, graph: Graph, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """Answer with `entities`: more than one where the name is shared."""
        known = _called(graph, parameters["name"], parameters.get("pool"))

        def told(entity: Entity) -> dict[str, Any]:
            term = graph.terms.get(entity.id)
            return _brief(entity) | {
                "forms": list(term.surface_forms) if term else [],
                "time": entity.time.value,
                "relations": len(graph.around(entity.id)),
                "sources": list(dict.fromkeys(span.source for span in entity.evidence)),
            }

        return {"found": [entity.id for entity in known], "entities": [told(entity) for entity in known]}


class RelatedEntities(Tool):
    """An entity's neighbours."""

    name: ClassVar[str] = "related_entities"
    description: ClassVar[str] = "List what an entity is related to, by all verbs or by one."
    parameters: ClassVar[dict[str, Any]] = _parameters(("name",), name=_NAME, pool=_POOL, verb=_VERB, limit=_LIMIT)

    def call(self, graph: Graph, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """Answer with `relations`, each a verb (as read from the entity) and the other entity, and their `count`."""
        verb = parameters.get("verb")
        hops = [
            (entity, name, graph.entities[other])
            for entity in _called(graph, parameters["name"], parameters.get("pool"))
            for name, other in graph.around(entity.id)
            if verb in (None, name)
        ]
        shown = hops[: parameters.get("limit", 20)]
        return {
            "found": list(dict.fromkeys(other.id for _, _, other in shown)),
            "count": len(hops),
            "relations": [{"from": one.name, "verb": name} | _brief(other) for one, name, other in shown],
        }


class PathBetween(Tool):
    """The shortest path between two entities."""

    name: ClassVar[str] = "path_between"
    description: ClassVar[str] = "Show how two entities are connected: the shortest path between them."
    parameters: ClassVar[dict[str, Any]] = _parameters(("from", "to"), **{"from": _NAME, "to": _NAME})

    def call(self, graph: Graph, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """Answer with the path as `text`, None when four hops do not join them, and in `found` its entities."""
        starts, ends = _called(graph, parameters["from"]), _called(graph, parameters["to"])
        path = shortest_path(graph, starts[0].id, ends[0].id) if starts and ends else None
        return {
            "found": list(path.entities) if path else [],
            "text": graph.textize(path) if path else None,
        }


class StatedWhere(Tool):
    """The evidence of one relation."""

    name: ClassVar[str] = "stated_where"
    description: ClassVar[str] = "Show where the sources state a relation between two entities, word for word."
    parameters: ClassVar[dict[str, Any]] = _parameters(("from", "to"), **{"from": _NAME, "to": _NAME, "verb": _VERB})

    def call(self, graph: Graph, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """Answer with `statements`: the verb, the source's path, and its words."""
        ends = {entity.id for entity in _called(graph, parameters["to"])}
        verb = parameters.get("verb")
        hops = [
            (entity.id, name, other)
            for entity in _called(graph, parameters["from"])
            for name, other in graph.around(entity.id)
            if other in ends and verb in (None, name)
        ]
        relations = [(name, relation) for a, name, b in hops if (relation := graph.relation(a, name, b)) is not None]
        return {
            "found": list(dict.fromkeys(id for start, _, end in hops for id in (start, end))),
            "statements": [
                {"verb": name, "source": span.source, "words": graph.text(span)}
                for name, relation in relations
                for span in relation.evidence
            ],
        }


class EntitiesOfSource(Tool):
    """What one source speaks of."""

    name: ClassVar[str] = "entities_of_source"
    description: ClassVar[str] = "List the entities that a source, named by its path, gives evidence for."
    parameters: ClassVar[dict[str, Any]] = _parameters(
        ("path",), path={"type": "string", "minLength": 1}, pool=_POOL, limit=_LIMIT
    )

    def call(self, graph: Graph, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """Answer with `entities` and their `count`, in the order of pool and name."""
        pool = parameters.get("pool")
        every = [one for one in graph.by_source.get(parameters["path"], ()) if pool in (None, one.pool)]
        shown = every[: parameters.get("limit", 20)]
        return {"found": [one.id for one in shown], "count": len(every), "entities": [_brief(one) for one in shown]}


class RightsOfSource(Tool):
    """What may be done with one source."""

    name: ClassVar[str] = "rights_of_source"
    description: ClassVar[str] = "Tell a source's licence and holder, and whether it may be published or trained on."
    parameters: ClassVar[dict[str, Any]] = _parameters(("path",), path={"type": "string", "minLength": 1})

    def call(self, graph: Graph, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """Answer with the `source`'s path, None when there is none, and its rights."""
        path = parameters["path"]
        rights = graph.rights_of(path)
        told = {
            "license": rights.license,
            "holder": rights.holder,
            "publishable": rights.publishable,
            "trainable": rights.trainable,
            "embargo": rights.embargo,
            "reason": rights.reason,
        }
        return {"found": [], "source": path, **told} if path in graph.sources else {"found": [], "source": None}


class ListGaps(Tool):
    """What the collection lacks."""

    name: ClassVar[str] = "list_gaps"
    description: ClassVar[str] = "List what the collection lacks, and what intake would close each gap."
    parameters: ClassVar[dict[str, Any]] = _parameters(
        (), kind={"type": "string", "minLength": 1}, severity={"enum": ["high", "medium", "low"]}, limit=_LIMIT
    )

    def call(self, graph: Graph, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """Answer with `gaps` and their `count`."""
        kind, severity = parameters.get("kind"), parameters.get("severity")
        every = [gap for gap in graph.gaps() if kind in (None, gap.kind) and severity in (None, gap.severity)]
        shown = every[: parameters.get("limit", 20)]
        keys = ("kind", "severity", "subject", "message", "close", "count")
        return {
            "found": [],
            "count": len(every),
            "gaps": [{key: getattr(gap, key) for key in keys} for gap in shown],
        }


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


@hookimpl
def register_tools() -> list[type[Tool]]:
    """Add the graph tools."""
    return [
        SearchEntities,
        DescribeEntity,
        RelatedEntities,
        PathBetween,
        StatedWhere,
        EntitiesOfSource,
        RightsOfSource,
        ListGaps,
    ]
