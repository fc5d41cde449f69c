# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Requests and their answers, made from the graph: about entities, about sources, and about nothing in particular."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from enliterator_core import Draft, Graph, Sampler, fold
from enliterator_route.asking import Way, around, is_odd, manners_of, request, says
from enliterator_route.beyond import Deed, asked_beyond, out_of_reach
from enliterator_route.calls import fill, form_of, subjects_of
from enliterator_route.options import Request
from enliterator_route.proving import finds_nothing, key_of, unnamed
from enliterator_route.shapes import Shape, shapes

#: this many requests at least are made for a call that turns on nothing in the graph, and for what no tool does
_TIMES: Final = 12


def about_something(graph: Graph, requests: Iterable[Request]) -> list[Draft]:
    """Return what requests about entities and sources become, without those that the graph does not bear out.

    All of them take one step before any takes the next: what a step needs stays at hand in the processor's caches, so
    that this is done in three quarters of the time.
    """
    rows = list(requests)
    subjects = subjects_of(graph, rows)
    for (_, _, _, asked, *_), subject in zip(rows, subjects, strict=True):
        if asked.by_name:
            subject.look_up(graph)
    others = [form_of(graph, row[8], row[7]) if row[3].by_other else None for row in rows]
    filled = [fill(graph, subject, row, other) for row, subject, other in zip(rows, subjects, others, strict=True)]
    calls = [
        (row[3], params, row[3].written(params), subject.with_second(graph, row[8]), row, subject)
        for row, subject, params in zip(rows, subjects, filled, strict=True)
        if params is not None
    ]
    vain = [
        isinstance(asked, Shape) and not asked.missing and finds_nothing(graph, asked, params, answer, entities)
        for asked, params, answer, entities, _, _ in calls
    ]
    calls = [call for call, trouble in zip(calls, vain, strict=True) if not trouble]
    users = [_said(graph, params, row) for _, params, _, _, row, _ in calls]
    clear = [_is_clear(graph, user, call[0], call[1]) for user, call in zip(users, calls, strict=True)]
    relation = graph.arrays.relations.key
    return [
        Draft(
            user,
            answer,
            subject.anchor,
            entities,
            (relation(row[10]),) if row[10] >= 0 else (),
            subject.spans,
            None,
            subject.withheld,
        )
        for user, is_clear, (_, _, answer, entities, row, subject) in zip(users, clear, calls, strict=True)
        if is_clear
    ]


def _said(graph: Graph, params: Mapping[str, Any], request: Request) -> str:
    """Return a request in words."""
    _, _, _, asked, way, manner, _, _, second, _, _ = request
    is_actor = len(way.whos) > 1 and second >= 0 and graph.arrays.entities.pool_of(second) == "Actor"
    said = way.said(params, "who" if is_actor else "what")
    return around(said, manner, not way.texts[0] and isinstance(asked, Shape))


def _is_clear(graph: Graph, user: str, asked: Shape | Deed, params: Mapping[str, Any]) -> bool:
    """Say whether a request can be read in no other way than it is meant."""
    if isinstance(asked, Deed):
        meant = [(asked, fold(params["name"]))]
        return [one for one in asked_beyond(user, graph) if graph.ids_called(one[1])] == meant
    return not any(map(is_odd, params.values())) or says(user, asked.ways, params) is not None


def about_nothing(graph: Graph, sampler: Sampler) -> Iterator[Draft]:
    """Yield requests that name nothing of the graph: calls, those that say too little, and those beyond the tools."""
    calls: list[tuple[Shape, dict[str, Any], str]] = []
    ways, chances = list[Way](), list[float]()
    for shape in graph.once(shapes).of_nothing:
        options = [len(one) for key in shape.keys if (one := shape.properties[key].get("enum"))]
        for place in range(max([_TIMES, *options])):
            params = _plain(sampler, shape, place)
            if params is not None:
                anchor = key_of(shape.tool, params)
                chance = len(shape.ways) * sampler.fraction("way", anchor, shape.tool, *shape.keys, str(place))
                calls.append((shape, params, anchor))
                ways.append(shape.ways[int(chance)])
                chances.append(chance % 1)
    for (shape, params, anchor), way, manner in zip(calls, ways, manners_of(ways, chances), strict=True):
        answer, user = shape.written(params), around(way.said(params), manner, not way.texts[0])
        if (shape.missing or not finds_nothing(graph, shape, params, answer, ())) and _is_clear(
            graph, user, shape, params
        ):
            yield Draft(user, answer, anchor, absence=unnamed(user))
    for deed in graph.once(out_of_reach):
        for place in range(0 if deed.by_name else _TIMES):
            chance = sampler.fraction("beyond", str(place), *deed.way.texts)
            user = request(deed.way.said({}), deed.way.order, chance)
            yield Draft(user, deed.written({}), key_of(None, {"for": deed.reason}), absence=unnamed(user))


def _plain(sampler: Sampler, shape: Shape, place: int) -> dict[str, Any] | None:
    """Return parameters that the schema alone gives, its options in turn; None where it gives none."""
    params: dict[str, Any] = {}
    for key in shape.keys:
        schema = shape.properties[key]
        if options := schema.get("enum") or schema.get("examples"):
            params[key] = options[place % len(options)]
        elif schema.get("type") == "integer":
            least, most = schema.get("minimum", 1), schema.get("maximum", 100)
            number = (3, 5, 10, 20)[int(4 * sampler.fraction("number", shape.tool, key, str(place)))]
            params[key] = min(max(number, least), most)
        else:
            return None
    return params
