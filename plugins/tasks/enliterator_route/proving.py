# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""What an answer must look like, and what it must rest on: used to write answers, and apart from that to prove them."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

from enliterator_core import Draft, Graph, Verdict, entity_id
from enliterator_route.beyond import asked_beyond
from enliterator_route.shapes import ENCODE, Shape

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
    """Say what a draft rests on that its parameters do not name; None where it rests on what they name.

    That what it rests on is in the graph, as :func:`trouble_with` sees it, is known.
    """
    entities, relations = draft.entities, draft.relations
    path = params[shape.path] if shape.path is not None else None
    for at, key in enumerate(shape.names):
        known = graph.ids_called(params[key])
        if len(known) != 1:
            return "a name stands for nothing, or for more than one thing"
        if at >= len(entities) or known[0] != entities[at]:
            return "the entities are not those that are named"
    for subject, _, object in relations:
        if {subject, object} != set(entities[:2]):
            return "a relation is not between the entities"
    if shape.near and entities and not relations:
        return "what is related is without its relation"
    if path is not None and path not in graph.sources:
        return f"there is no source {path!r}"
    if not entities:
        return _rests_on_nothing(draft, shape.tool, params, path, graph)
    if draft.anchor != entities[0] or draft.absence is not None or draft.withheld is not None:
        return "the anchor is not what is asked about"
    if path is None and len(entities) == 1 and not relations:
        # Nothing else is there that a span could be the evidence of.
        return None
    holds, number = graph.arrays.entities.spans.holds, graph.number(entities[0])
    for span in draft.spans:
        if (path is None or span.source == path) and holds(number, span):
            return None
    return "what is asked about is without its span"


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
    """Return what is wrong with the answer to a call, as :func:`finds_nothing` says it.

    A tool that tells what it finds without telling what that is (``finds``) is asked for that, where that is enough.
    """
    tool, numbers = graph.tools[shape.tool], graph.arrays.entities.numbers
    try:
        finds = getattr(tool, "finds", None)
        found = finds(graph, params) if finds is not None else ()
        if not found:
            answer = tool.call(graph, params)
            found = [numbers.get(id, -1) for id in answer["found"]]
            if not found and not any(value for key, value in answer.items() if key != "found"):
                return f"{shape.tool} has no answer"
    except Exception as error:  # noqa: BLE001  a tool may be anyone's; what it did is told in the verdict
        return f"{shape.tool} failed: {error!r}"
    if not entities:
        return None
    known = len(shape.names) + (shape.path is not None)
    if len(entities) > known:
        right = {numbers[id] for id in entities[known:]}.issubset(found)
    elif numbers[entities[0]] in found:
        right = True
    elif shape.path is not None:
        right = not found
    else:
        # Of what was named itself, a tool finds it, or what is around it.
        around = graph.arrays.steps.neighbours(numbers[entities[0]])
        right = not set(found).isdisjoint(around)
    return None if right else f"{shape.tool} does not find what is asked about"


def beyond(draft: Draft, graph: Graph) -> Verdict:
    """Accept that no tool fits where the request is for something that no tool does."""
    holds = graph.arrays.entities.spans.holds
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
                and any(holds(graph.number(known[0]), span) for span in draft.spans)
            )
        if right and draft.entities == tuple(known):
            return Verdict(True, "no tool does what is asked")
    return Verdict(False, "it is not known that no tool fits")
