# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""What an answer must look like, and what it must rest on: used to write answers, and apart from that to prove them."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import orjson

from enliterator_core import Draft, Graph, Verdict, entity_id, trouble_with
from enliterator_route.asking import says
from enliterator_route.beyond import asked_beyond
from enliterator_route.shapes import ENCODE, Shape, by_call

#: twice as many calls of which it is kept what came of them, as are made at once before the first of them is proven
_KEPT: Final = 1 << 12


def unnamed(user: str) -> str:
    """Return the query that finds nothing where a request names no entity and no source."""
    return f"entities named in: {user}"


def key_of(tool: str | None, params: Mapping[str, Any]) -> str:
    """Return the anchor of an answer that turns on nothing in the graph."""
    return f"route {tool} {ENCODE(params)}"


def verdicts(drafts: Sequence[Draft], graph: Graph) -> list[Verdict]:
    """Say of each draft whether it holds: all of them take one step before any takes the next."""
    first = [trouble_with(draft, graph, strict=True) for draft in drafts]
    read = [Verdict(False, one) if one else _read(draft, graph) for draft, one in zip(drafts, first, strict=True)]
    calls = [(place, drafts[place], *one) for place, one in enumerate(read) if not isinstance(one, Verdict)]
    for step in _STEPS:
        troubles = [step(graph, draft, shape, params) for _, draft, shape, params in calls]
        if any(troubles):
            for (place, *_), trouble in zip(calls, troubles, strict=True):
                if trouble:
                    read[place] = Verdict(False, trouble)
            calls = [call for call, trouble in zip(calls, troubles, strict=True) if not trouble]
    for place, _, shape, _ in calls:
        read[place] = shape.holds
    return [one for one in read if isinstance(one, Verdict)]


def _read(draft: Draft, graph: Graph) -> tuple[Shape, dict[str, Any]] | Verdict:
    """Return which call a draft's answer is, with its parameters, or the verdict on one that is none."""
    try:
        answer = orjson.loads(draft.assistant)  # a key that stands twice does not come out the same when written
    except ValueError:
        answer = None
    if not isinstance(answer, dict):
        return Verdict(False, "the answer is no JSON object")
    tool, params = answer.get("tool"), answer.get("params")
    if tool is None:
        return _beyond(draft, graph)
    if not isinstance(tool, str) or not isinstance(params, dict) or tool not in graph.tools:
        return Verdict(False, "the answer is not a call of a tool that there is")
    shape = graph.once(by_call).get((tool, tuple(params)))
    return (shape, params) if shape is not None else Verdict(False, f"nobody asks for {tool} with these parameters")


def _is_no_call(graph: Graph, draft: Draft, shape: Shape, params: Mapping[str, Any]) -> str | None:
    if draft.assistant != shape.written(params):
        return "the answer is not a call, or does not ask for exactly what is missing"
    return None if shape.fits(params) else f"the parameters do not fit the schema of {shape.tool}"


def _is_not_asked_for(graph: Graph, draft: Draft, shape: Shape, params: Mapping[str, Any]) -> str | None:
    return "the request does not ask for this call" if says(draft.user, shape.ways, params) is None else None


def _is_in_vain(graph: Graph, draft: Draft, shape: Shape, params: Mapping[str, Any]) -> str | None:
    if not shape.missing:
        return finds_nothing(graph, shape, params, draft.assistant, draft.entities)
    return "what cannot be called finds nothing" if len(draft.entities) > len(shape.names) else None


def _rests_elsewhere(graph: Graph, draft: Draft, shape: Shape, params: Mapping[str, Any]) -> str | None:
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


class _Latest:
    """What came of the latest calls: what is wrong with each, empty where nothing is. The older half is let go of."""

    def __init__(self, graph: Graph) -> None:
        self._newer: dict[tuple[str, tuple[str, ...]], str] = {}
        self._older = self._newer

    def trouble(
        self, graph: Graph, shape: Shape, params: Mapping[str, Any], written: str, entities: Sequence[str]
    ) -> str:
        """Return it from what is kept, by how the call is written and what it should find; or call the tool."""
        call = written, tuple(entities)
        found = self._newer.get(call)
        if found is None:
            found = self._older.get(call)
            if found is None:
                found = _called_in_vain(graph, shape, params, entities) or ""
            if len(self._newer) >= _KEPT:
                self._older, self._newer = self._newer, {}
            self._newer[call] = found
        return found


def finds_nothing(
    graph: Graph, shape: Shape, params: Mapping[str, Any], written: str, entities: Sequence[str]
) -> str | None:
    """Call the tool; say what is wrong with its answer, None where it finds the entities that a draft is about.

    A tool answers the same call in the same way, so that one that was just made is not made again to be proven.
    """
    return graph.once(_Latest).trouble(graph, shape, params, written, entities) or None


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


def _beyond(draft: Draft, graph: Graph) -> Verdict:
    """Accept that no tool fits where the request is for something that no tool does."""
    holds = graph.arrays.entities.spans.holds
    for deed, name in asked_beyond(draft.user, graph):
        known = graph.ids_called(name) if name else []
        if draft.assistant != deed.written({}) or draft.withheld is not None or draft.relations:
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


_STEPS: Final = (_is_no_call, _is_not_asked_for, _rests_elsewhere, _is_in_vain)
