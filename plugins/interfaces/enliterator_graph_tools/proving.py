# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Tools that lead back to the sources: what states what, whose it is, and what is lacking."""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Final

from enliterator_core import Gap, Graph, Rights, Tool
from enliterator_graph_tools.parameters import (
    LIMIT,
    NAME,
    NEIGHBOUR,
    PATH,
    POOL,
    VERB,
    Finds,
    Schema,
    briefs,
    called,
    ids_of,
    parameters,
)


class StatedWhere(Finds):
    """The evidence of one relation."""

    name: ClassVar[str] = "stated_where"
    description: ClassVar[str] = "Show where the sources state a relation between two entities, word for word."
    parameters: ClassVar[Schema] = parameters("from", "to", **{"from": NAME, "to": NEIGHBOUR, "verb": VERB})
    asked: ClassVar[tuple[str, ...]] = (
        "where does it say that {from} {verb:phrase} {to}?",
        "who says that {from} {verb:phrase} {to}?",
        "show me the evidence that {from} {verb:phrase} {to}",
        "really? {from} {verb:phrase} {to}? quote me the passage",
        "i was told that {from} {verb:phrase} {to}. where is that from?",
        "which passage mentions {from} and {to}?",
        "quote the place where {from} and {to} are related",
        "where are {from} and {to} spoken of together?",
        "where does it say that?",
        "where is the relation of {from} stated?",
    )

    def finds(self, graph: Graph, parameters: Mapping[str, Any]) -> list[int]:
        """Return what is related so, each once."""
        starts, ends = called(graph, parameters["from"]), called(graph, parameters["to"])
        if len(starts) != 1 or len(ends) != 1 or starts == ends:
            return _along(_hops(graph, parameters))
        steps, verb = graph.arrays.steps, parameters.get("verb")
        start, end = *starts, *ends
        related = end in steps.neighbours(start) if verb is None else steps.find(start, verb, end) >= 0
        return [start, end] if related else []

    def call(self, graph: Graph, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """Answer with `statements`: the verb, the source's path, and its words."""
        hops = _hops(graph, parameters)
        steps, relations = graph.arrays.steps, graph.arrays.relations
        statements = [
            (verb, span) for start, verb, end in hops for span in relations.spans.of(steps.find(start, verb, end))
        ]
        return {
            "found": ids_of(graph, _along(hops)),
            "statements": [
                {"verb": verb, "source": span.source, "words": graph.text(span)} for verb, span in statements
            ],
        }


def _hops(graph: Graph, parameters: Mapping[str, Any]) -> list[tuple[int, str, int]]:
    """Return each step from what one name stands for to what another does, of one verb or of all: start, verb, end."""
    wanted, ends = parameters.get("verb"), set(called(graph, parameters["to"]))
    around = graph.arrays.steps.around
    return [
        (start, verb, other)
        for start in called(graph, parameters["from"])
        for verb, other in around(start)
        if other in ends and (wanted is None or verb == wanted)
    ]


def _along(hops: Iterable[tuple[int, str, int]]) -> list[int]:
    return list(dict.fromkeys([number for start, _, end in hops for number in (start, end)]))


class SourcesOfEntity(Finds):
    """Where an entity is from."""

    name: ClassVar[str] = "sources_of_entity"
    description: ClassVar[str] = "List the sources that speak of an entity, with the words that each says of it."
    parameters: ClassVar[Schema] = parameters("name", name=NAME, limit=LIMIT)
    asked: ClassVar[tuple[str, ...]] = (
        "which sources speak of {name}?",
        "where does {name} come from?",
        "in which files is {name} mentioned?",
        "sources for {name}",
        "where can i read about {name}?",
        "what is your source for {name}?",
        "quote what the sources say about {name}",
        "show me {limit} passages on {name}",
        "which files is it mentioned in?",
        "what are the sources for that?",
    )

    def finds(self, graph: Graph, parameters: Mapping[str, Any]) -> list[int]:
        """Return what the name stands for."""
        return called(graph, parameters["name"])

    def call(self, graph: Graph, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """Answer with `passages`: a source's path and its words; and the `count` of all."""
        known = self.finds(graph, parameters)
        spans = [span for number in known for span in graph.arrays.entities.spans.of(number)]
        shown = spans[: parameters.get("limit", 20)]
        return {
            "found": ids_of(graph, known),
            "count": len(spans),
            "passages": [{"source": span.source, "words": graph.text(span)} for span in shown],
        }


class EntitiesOfSource(Finds):
    """What one source speaks of."""

    name: ClassVar[str] = "entities_of_source"
    description: ClassVar[str] = "List the entities that a source, named by its path, gives evidence for."
    parameters: ClassVar[Schema] = parameters("path", path=PATH, pool=POOL, limit=LIMIT)
    asked: ClassVar[tuple[str, ...]] = (
        "what does {path} speak of?",
        "list what comes from {path}",
        "what is in {path}?",
        "contents of {path}",
        "i can't open {path}, what is it about?",
        "which {pool} entries come from {path}?",
        "{path}: only the {pool} pool",
        "{limit} things that {path} speaks of",
        "what is in that file?",
        "which {pool} entries come from this file?",
    )

    def finds(self, graph: Graph, parameters: Mapping[str, Any]) -> list[int]:
        """Return the first of what the source gives evidence for."""
        return _under(graph, parameters)[: parameters.get("limit", 20)]

    def call(self, graph: Graph, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """Answer with `entities` and their `count`, in the order of pool and name."""
        every = _under(graph, parameters)
        shown = every[: parameters.get("limit", 20)]
        return {"found": ids_of(graph, shown), "count": len(every), "entities": briefs(graph, shown)}


def _under(graph: Graph, parameters: Mapping[str, Any]) -> list[int]:
    """Return the numbers of what a source gives evidence for, of all pools or of one."""
    path, pool = parameters["path"], parameters.get("pool")
    every = graph.by_source.numbers(path) if path in graph.by_source else []
    if pool is None:
        return every
    pool_of = graph.arrays.entities.pool_of
    return [number for number in every if pool_of(number) == pool]


_QUARANTINED: Final = Rights()


def _told(rights: Rights) -> dict[str, Any]:
    return {
        "license": rights.license,
        "holder": rights.holder,
        "publishable": rights.publishable,
        "trainable": rights.trainable,
        "embargo": rights.embargo,
        "reason": rights.reason,
    }


class RightsOfSource(Tool):
    """What may be done with one source."""

    name: ClassVar[str] = "rights_of_source"
    description: ClassVar[str] = "Tell a source's licence and holder, and whether it may be published or trained on."
    parameters: ClassVar[Schema] = parameters("path", path=PATH)
    asked: ClassVar[tuple[str, ...]] = (
        "what licence is {path} under?",
        "who holds the rights to {path}?",
        "may {path} be published?",
        "can i train a model on {path}?",
        "am i allowed to share {path}?",
        "{path} license?",
        "check the rights of {path}",
        "we want to print {path}. is that ok?",
        "what licence is that file under?",
        "may i publish this?",
    )

    def call(self, graph: Graph, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """Answer with the `source`'s path, None when there is none, and its rights."""
        path = parameters["path"]
        told = _told(graph.rights_of(path))
        return {"found": [], "source": path, **told} if path in graph.sources else {"found": [], "source": None}


class RightsOfEntity(Finds):
    """What may be done with what is known of one entity."""

    name: ClassVar[str] = "rights_of_entity"
    description: ClassVar[str] = "Tell under which licence and whose what is known of an entity is, by its sources."
    parameters: ClassVar[Schema] = parameters("name", name=NAME)
    asked: ClassVar[tuple[str, ...]] = (
        "what licence covers what we know about {name}?",
        "may i publish what it says about {name}?",
        "whose is the text on {name}?",
        "can the passages on {name} be used for training?",
        "i'd like to reprint the part on {name}, is that allowed?",
        "rights for {name}?",
        "may i reprint that part?",
    )

    def finds(self, graph: Graph, parameters: Mapping[str, Any]) -> list[int]:
        """Return what the name stands for."""
        return called(graph, parameters["name"])

    def call(self, graph: Graph, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """Answer with `entities`: the strictest rights among the sources of each, and their paths."""
        entities = graph.arrays.entities
        known = self.finds(graph, parameters)
        return {
            "found": ids_of(graph, known),
            "entities": [
                {
                    "pool": entities.pool_of(number),
                    "name": entities.names[number],
                    "sources": entities.spans.sources(number),
                    **_told(graph.rights.get(graph.entities[entities.ids[number]].rights, _QUARANTINED)),
                }
                for number in known
            ],
        }


def _gaps(graph: Graph) -> list[Gap]:
    return graph.gaps()


class ListGaps(Tool):
    """What the collection lacks."""

    name: ClassVar[str] = "list_gaps"
    description: ClassVar[str] = "List what the collection lacks, and what intake would close each gap."
    parameters: ClassVar[Schema] = parameters(
        kind={"type": "string", "minLength": 1, "title": "kind of gap"},
        severity={"enum": ["high", "medium", "low"], "title": "severity"},
        limit=LIMIT,
    )
    asked: ClassVar[tuple[str, ...]] = (
        "what is missing?",
        "where are the gaps?",
        "what does the collection lack?",
        "what should i take in next?",
        "list the gaps of {severity} severity",
        "any gaps with severity {severity}?",
        "{limit} gaps of {severity} severity, please",
        "the {limit} gravest gaps",
    )

    def call(self, graph: Graph, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """Answer with `gaps` and their `count`."""
        kind, severity = parameters.get("kind"), parameters.get("severity")
        every = [gap for gap in graph.once(_gaps) if kind in (None, gap.kind) and severity in (None, gap.severity)]
        shown = every[: parameters.get("limit", 20)]
        keys = ("kind", "severity", "subject", "message", "close", "count")
        return {
            "found": [],
            "count": len(every),
            "gaps": [{key: getattr(gap, key) for key in keys} for gap in shown],
        }
