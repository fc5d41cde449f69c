# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""What an answer must look like, and what it must rest on: used to write answers, and apart from that to prove them."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

from enliterator_core import Draft, Graph, Span, Verdict, entity_id
from enliterator_route.beyond import asked_beyond
from enliterator_route.shapes import ENCODE, NAMED, Shape

#: of so many calls it is kept what came of them: a draft that was just made is proven soon
_KEPT: Final = 4096


@lru_cache(maxsize=64)
def written_beyond(reason: str) -> str:
    """Write that no tool fits, and why."""
    return ENCODE({"tool": None, "params": {}, "reason": reason})


def unnamed(user: str) -> str:
    """Return the query that finds nothing where a request names no entity and no source."""
    return f"entities named in: {user}"


def key_of(tool: str | None, params: Mapping[str, Any]) -> str:
    """Return the anchor of an answer that turns on nothing in the graph."""
    return f"route {tool} {ENCODE(params)}"


def rests_elsewhere(draft: Draft, shape: Shape, params: Mapping[str, Any], graph: Graph) -> str | None:
    """Say what a draft rests on that its parameters do not name; None where it rests on what they name."""
    entities, path = draft.entities, None
    named = 0
    for value, kind in zip(params.values(), shape.formats, strict=True):
        if kind in NAMED:
            known = graph.ids_called(value)
            if len(known) != 1:
                return "a name stands for nothing, or for more than one thing"
            if named >= len(entities) or known[0] != entities[named]:
                return "the entities are not those that are named"
            named += 1
        elif kind == "source-path":
            path = value
    if draft.relations and any({key[0], key[2]} != set(entities[:2]) for key in draft.relations):
        return "a relation is not between the entities"
    if shape.near and entities and not draft.relations:
        return "what is related is without its relation"
    if path is not None and path not in graph.sources:
        return f"there is no source {path!r}"
    if not entities:
        return _rests_on_nothing(draft, shape.tool, params, path, graph)
    if draft.anchor != entities[0] or draft.absence is not None or draft.withheld is not None:
        return "the anchor is not what is asked about"
    if any(_is_evidence(graph, entities[0], span) for span in draft.spans if path is None or span.source == path):
        return None
    return "what is asked about is without its span"


def _is_evidence(graph: Graph, id: str, span: Span) -> bool:
    return graph.arrays.entities.spans.holds(graph.number(id), span)


def _rests_on_nothing(draft: Draft, tool: str, params: Mapping[str, Any], path: str | None, graph: Graph) -> str | None:
    """Say what is wrong with a draft without entities: it is about a source that is withheld, or names nothing."""
    if path is None:
        right: tuple[str, str | None, str | None] = (key_of(tool, params), unnamed(draft.user), None)
    else:
        right = (entity_id("Manifest", path), None, None if graph.rights_of(path).trainable else path)
    if (draft.anchor, draft.absence, draft.withheld) != right or draft.spans:
        return "it rests on nothing that the request names"
    return None


def _found(graph: Graph) -> dict[tuple[str, tuple[str, ...]], str | None]:
    return {}


def finds_nothing(
    graph: Graph, shape: Shape, params: Mapping[str, Any], written: str, entities: Sequence[str]
) -> str | None:
    """Call the tool; say what is wrong with its answer, None where it finds the entities that a draft is about.

    A tool answers the same call in the same way, so what came of the latest calls is kept, by how they are ``written``.
    """
    known, call = graph.once(_found), (written, tuple(entities))
    if call not in known:
        if len(known) >= _KEPT:
            known.clear()
        known[call] = _called_in_vain(graph, shape, params, entities)
    return known[call]


def _called_in_vain(graph: Graph, shape: Shape, params: Mapping[str, Any], entities: Sequence[str]) -> str | None:
    try:
        found, says = _answered(graph, shape.tool, params)
    except Exception as error:  # noqa: BLE001  a tool may be anyone's; what it did is told in the verdict
        return f"{shape.tool} failed: {error!r}"
    if not says:
        return f"{shape.tool} has no answer"
    if not entities:
        return None
    numbers, known = graph.arrays.entities.numbers, shape.named + shape.in_source
    if len(entities) > known:
        right = found.issuperset([numbers[id] for id in entities[known:]])
    elif shape.in_source:
        right = not found or numbers[entities[0]] in found
    else:
        # Of what was named itself, a tool finds it, or what is around it.
        first = numbers[entities[0]]
        right = first in found or not found.isdisjoint(graph.arrays.steps.neighbours(first))
    return None if right else f"{shape.tool} does not find what is asked about"


def _answered(graph: Graph, name: str, params: Mapping[str, Any]) -> tuple[frozenset[int], bool]:
    """Call a tool; return the numbers of what it finds, and whether it says anything.

    One that tells what it finds without telling what that is (``finds``) is asked for that alone, where it is enough.
    """
    tool = graph.tools[name]
    finds = getattr(tool, "finds", None)
    if finds is not None and (found := finds(graph, params)):
        return frozenset(found), True
    answer, numbers = tool.call(graph, params), graph.arrays.entities.numbers
    found = frozenset([numbers.get(id, -1) for id in answer["found"]])
    return found, bool(found) or any(value for key, value in answer.items() if key != "found")


def beyond(draft: Draft, graph: Graph) -> Verdict:
    """Accept that no tool fits where the request is for something that no tool does."""
    for deed, name in asked_beyond(draft.user, graph):
        known = graph.ids_called(name) if name else []
        if draft.assistant != written_beyond(deed.reason) or draft.withheld is not None or draft.relations:
            continue
        if not deed.way.slots:
            right = (draft.anchor, draft.absence) == (key_of(None, {"for": deed.reason}), unnamed(draft.user))
        else:
            right = (
                len(known) == 1
                and (draft.anchor, draft.absence) == (known[0], None)
                and any(_is_evidence(graph, known[0], span) for span in draft.spans)
            )
        if right and draft.entities == tuple(known):
            return Verdict(True, "no tool does what is asked")
    return Verdict(False, "it is not known that no tool fits")
