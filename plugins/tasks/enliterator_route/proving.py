# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""What an answer must look like, and what it must rest on: used to write answers, and apart from that to prove them."""

from collections.abc import Mapping, Sequence
from itertools import repeat
from typing import Any, Final

import orjson

from enliterator_core import MASK, Draft, Graph, Verdict, entity_id, trouble_with
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
    """Say of each draft whether it holds: of nearly all a look at what they may rest on is enough, of the rest not."""
    found = _plainly(drafts, graph)
    return [found[place] if place in found else _verdict(draft, graph) for place, draft in enumerate(drafts)]


def _plainly(drafts: Sequence[Draft], graph: Graph) -> dict[int, Verdict]:
    """Return by their places that those drafts hold that are what nearly all are: calls about entities by their names,
    which rest on spans of the first.

    This says as much of them as :func:`_verdict` does, in half the time, and nothing of any other draft. All of them
    take one step before any takes the next: what a step needs stays at hand in the processor's caches.
    """
    known = graph.once(by_call)
    read = [_call(draft, known) for draft in drafts]
    calls = [(place, draft, *call) for place, (draft, call) in enumerate(zip(drafts, read, strict=True)) if call]
    evidence, latest = _Evidence(graph), graph.once(_Latest)
    calls = [call for call in calls if evidence.may_bear(call[1], call[2])]
    calls = [call for call in calls if evidence.is_named(call[1], call[2], call[3])]
    calls = [call for call in calls if evidence.is_stated(call[1])]
    calls = [call for call in calls if call[1].assistant == call[2].written(call[3])]
    calls = [call for call in calls if call[2].fits(call[3])]
    calls = [call for call in calls if says(call[1].user, call[2].ways, call[3]) is not None]
    return {
        place: shape.holds
        for place, draft, shape, params in calls
        if (
            len(draft.entities) == len(shape.names)
            if shape.missing
            else not latest.trouble(graph, shape, params, draft.assistant, draft.entities)
        )
    }


def _call(draft: Draft, known: Mapping[tuple[str, tuple[str, ...]], Shape]) -> tuple[Shape, dict[str, Any]] | None:
    """Return which call a draft's answer is, with its parameters; None for one that is none that anybody asks for."""
    try:
        answer = orjson.loads(draft.assistant)
        params = answer["params"]
        shape = known[answer["tool"], tuple(params)]
    except (ValueError, TypeError, LookupError):
        return None
    return (shape, params) if type(params) is dict and type(draft.assistant) is str else None


class _Evidence:
    """What drafts may rest on, at hand for many of them."""

    def __init__(self, graph: Graph) -> None:
        entities = graph.arrays.entities
        self._called, self._row = graph.numbers_called, graph.relations.row
        self._numbers, self._holds = entities.numbers, entities.spans.holds

    def may_bear(self, draft: Draft, shape: Shape) -> bool:
        """Say whether a draft is of this kind, and names nothing that is not in the graph."""
        user, entities, relations, spans = draft.user, draft.entities, draft.relations, draft.spans
        if not (isinstance(entities, tuple) and isinstance(relations, tuple) and isinstance(spans, tuple)):
            return False
        if not entities or not spans or draft.absence is not None or draft.withheld is not None:
            return False
        if shape.path is not None or len(entities) < len(shape.names) or draft.anchor != entities[0]:
            return False
        if type(user) is not str or MASK in user or MASK in draft.assistant:
            return False
        try:
            for relation in relations:
                if self._row(relation) < 0 or {relation[0], relation[2]} != set(entities[:2]):
                    return False
            for id in entities:
                if id not in self._numbers:
                    return False
        except TypeError:
            return False
        return not shape.near or bool(relations)

    def is_named(self, draft: Draft, shape: Shape, params: Mapping[str, Any]) -> bool:
        """Say whether the entities come first that the parameters name, each of which stands for one alone."""
        for key, id in zip(shape.names, draft.entities, strict=False):
            name = params[key]
            if type(name) is not str or self._called(name) != [self._numbers[id]]:
                return False
        return True

    def is_stated(self, draft: Draft) -> bool:
        """Say whether all spans are evidence of the first entity."""
        return all(map(self._holds, repeat(self._numbers[draft.entities[0]]), draft.spans))


def _verdict(draft: Draft, graph: Graph) -> Verdict:
    """Say whether a draft holds, step by step."""
    trouble = trouble_with(draft, graph, strict=True)
    read = Verdict(False, trouble) if trouble else _read(draft, graph)
    if isinstance(read, Verdict):
        return read
    shape, params = read
    for step in _STEPS:
        if trouble := step(graph, draft, shape, params):
            return Verdict(False, trouble)
    return shape.holds


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
