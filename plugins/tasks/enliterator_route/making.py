# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Requests and their answers, made from the graph: about entities, about sources, and about nothing in particular."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from enliterator_core import Draft, Graph, Sampler, entity_id, fold
from enliterator_route.asking import Manner, Way, around, is_odd, manners_of, says
from enliterator_route.beyond import Deed, asked_beyond, out_of_reach
from enliterator_route.calls import Subject, fill
from enliterator_route.options import Request
from enliterator_route.proving import finds_nothing, key_of, unnamed, written_beyond
from enliterator_route.shapes import Shape, shapes

#: this many requests at least are made for a call that turns on nothing in the graph, and for what no tool does
_TIMES: Final = 12


def about_something(graph: Graph, requests: Iterable[Request]) -> Iterator[Draft | None]:
    """Yield for each request, about an entity or a source, what it becomes; None where the graph bears none out."""
    subject: Any = None
    for one in requests:
        number, called, path, asked, *_ = one
        if number >= 0 and (subject is None or subject.number != number or path):
            subject = Subject(graph, number, called, path)
        if isinstance(asked, Deed):
            yield _beyond_tools(graph, subject, asked, one)
        elif number >= 0:
            yield _called(graph, subject, asked, one)
        else:
            yield _about_withheld(graph, asked, one)


def _called(graph: Graph, subject: Subject, shape: Shape, request: Request) -> Draft | None:
    """Return a request for a call about an entity; None where the graph gives none."""
    params = fill(graph, subject, shape, request) if subject.spans else None
    if params is None:
        return None
    _, _, _, _, way, manner, _, _, second, _, row = request
    entities = subject.entities if second < 0 else (subject.id, graph.id(second))
    who = "who" if second >= 0 and len(way.whos) > 1 and graph.arrays.entities.pool_of(second) == "Actor" else "what"
    asked = _asked(graph, shape, params, entities, way, manner, who)
    if asked is None:
        return None
    relations = (graph.arrays.relations.key(row),) if row >= 0 else ()
    return Draft(*asked, subject.id, entities, relations, subject.spans)


def _asked(
    graph: Graph,
    shape: Shape,
    params: Mapping[str, Any],
    entities: tuple[str, ...],
    way: Way,
    manner: Manner,
    who: str = "what",
) -> tuple[str, str] | None:
    """Return the request for a call, and the call.

    None where it could be read in another way, or the call finds something else.
    """
    answer = shape.written(params)
    if not shape.missing and finds_nothing(graph, shape, params, answer, entities):
        return None
    user = around(way.said(params, who), manner, not way.texts[0])
    if any(map(is_odd, params.values())) and not says(user, shape.ways, params):
        return None
    return user, answer


def _about_withheld(graph: Graph, shape: Shape, request: Request) -> Draft | None:
    """Return a request about a source of which nothing may be said but its path."""
    _, _, path, _, way, manner, *_ = request
    asked = _asked(graph, shape, {shape.keys[0]: path}, (), way, manner)
    return None if asked is None else Draft(*asked, entity_id("Manifest", path), withheld=path)


def _beyond_tools(graph: Graph, subject: Subject, deed: Deed, request: Request) -> Draft | None:
    """Return a request about an entity that no tool does; None where it could be read in another way."""
    form = subject.form()
    if form is None:
        return None
    _, _, _, _, way, manner, *_ = request
    user = around(way.said({"name": form}), manner, False)
    if [one for one in asked_beyond(user, graph) if graph.ids_called(one[1])] != [(deed, fold(form))]:
        return None
    return Draft(user, written_beyond(deed.reason), subject.id, subject.entities, spans=subject.spans)


def about_nothing(graph: Graph, sampler: Sampler) -> Iterator[Draft | None]:
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
        asked = _asked(graph, shape, params, (), way, manner)
        yield None if asked is None else Draft(*asked, anchor, absence=unnamed(asked[0]))
    deeds = [deed for deed in graph.once(out_of_reach) if not deed.way.slots for _ in range(_TIMES)]
    chances = [sampler.fraction("beyond", str(place % _TIMES), *deed.way.texts) for place, deed in enumerate(deeds)]
    for deed, manner in zip(deeds, manners_of([deed.way for deed in deeds], chances), strict=True):
        user = around(deed.way.said({}), manner, False)
        yield Draft(user, written_beyond(deed.reason), key_of(None, {"for": deed.reason}), absence=unnamed(user))


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
