# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Requests and their answers, made from the graph: about entities, about sources, and about nothing in particular."""

from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

import numpy as np

from enliterator_core import Draft, Graph, Sampler, entity_id, fold
from enliterator_route.asking import is_odd, request, says
from enliterator_route.beyond import about_something, asked_beyond, out_of_reach
from enliterator_route.calls import Call, Draws, Subject, fill
from enliterator_route.proving import finds_nothing, key_of, unnamed, written_beyond
from enliterator_route.shapes import Shape, shapes

#: this many requests at least are made for a call that turns on nothing in the graph, and for what no tool does
_TIMES: Final = 12
_TOGETHER: Final = 1024
_ONCE: Final = ("tools", "short", "beyond", "form")
_EACH: Final = len(Draws._fields)


class Chances(NamedTuple):
    """The numbers in [0, 1) that the requests about one entity are drawn with."""

    id: str
    tools: float
    short: float
    beyond: float
    form: float
    draws: Sequence[Draws]


def by_source(graph: Graph, sampler: Sampler, requests: int) -> Iterator[Chances]:
    """Yield what so many requests about each entity are drawn with, and those about what one source first speaks of
    together, so that what is said of it is read from that source while it is still open.

    An entity that no source gives evidence for has none.
    """
    entities = graph.arrays.entities
    first = entities.spans.offsets[:-1]
    stated = np.flatnonzero(np.diff(entities.spans.offsets))
    order = stated[np.argsort(entities.spans.places[first[stated], 0], kind="stable")]
    once = len(_ONCE)
    columns = [*_ONCE, *(f"{one} {place}" for place in range(requests) for one in Draws._fields)]
    for start in range(0, len(order), _TOGETHER):
        some = order[start : start + _TOGETHER]
        points = [sampler.points(entities.keys[some], "route", column) for column in columns]
        # As many of a point's bits as a float holds.
        rows = ((np.column_stack(points) >> np.uint64(11)) * 2.0**-53).tolist()
        for number, row in zip(some.tolist(), rows, strict=True):
            draws = [Draws(*row[at : at + _EACH]) for at in range(once, len(columns), _EACH)]
            yield Chances(entities.ids[number], row[0], row[1], row[2], row[3], draws)


def in_turn(every: Sequence[Sequence[Shape]], chance: float, count: int) -> list[Shape]:
    """Return a shape of each of that many tools, all chosen by one chance; every tool is as likely as another."""
    rest, tools, chosen = chance, list(every), []
    for _ in range(min(count, len(tools))):
        rest *= len(tools)
        mine = tools.pop(int(rest))
        rest = rest % 1 * len(mine)
        chosen.append(mine[int(rest)])
        rest %= 1
    return chosen


def about_entity(graph: Graph, subject: Subject, shape: Shape, draws: Draws, path: str = "") -> Draft | None:
    """Return a request for a call of this shape about the entity; None where none finds what it is about."""
    call = fill(graph, subject, shape, draws, path)
    return None if call is None else _asked(graph, shape, call, subject.id, draws.way)


def _asked(
    graph: Graph, shape: Shape, call: Call, anchor: str, chance: float, withheld: str | None = None
) -> Draft | None:
    """Return the request for a call; None where it could be read in another way, or the call finds something else."""
    params, entities = call.params, call.entities
    answer = shape.written(params)
    if not shape.missing and finds_nothing(graph, shape, params, answer, entities):
        return None
    chance *= len(shape.ways)
    way = shape.ways[int(chance)]
    who = "who" if len(entities) == 2 and len(way.whos) > 1 and graph.pool(entities[1]) == "Actor" else "what"
    user = request(way.said(params, who), way.order, chance % 1, not way.texts[0])
    if any(map(is_odd, params.values())) and not says(user, shape.ways, params):
        return None
    absence = None if entities or withheld else unnamed(user)
    return Draft(user, answer, anchor, entities, call.relations, call.spans, absence, withheld)


def about_source(graph: Graph, sampler: Sampler, path: str) -> Iterator[Draft | None]:
    """Yield requests about a source, one for each tool; where it is withheld, such as name its path alone."""
    ids = sorted(map(graph.id, graph.by_source.numbers(path))) if path in graph.by_source else []
    whole = entity_id("Manifest", path)
    every = graph.once(shapes).of_source
    for shape in in_turn(every, sampler.fraction("tools", path), len(every)):
        draws = Draws(*(sampler.fraction(one, path, shape.tool) for one in Draws._fields))
        if not graph.rights_of(path).trainable:
            if len(shape.keys) == 1:
                yield _asked(graph, shape, Call({shape.keys[0]: path}, (), (), ()), whole, draws.way, path)
        elif ids:
            id = whole if whole in ids else sampler.pick(ids, "source", path)
            yield about_entity(graph, Subject(graph, id, draws.form), shape, draws, path)


def about_nothing(graph: Graph, sampler: Sampler) -> Iterator[Draft | None]:
    """Yield requests that name nothing of the graph: calls, those that say too little, and those beyond the tools."""
    for shape in graph.once(shapes).of_nothing:
        options = [len(one) for key in shape.keys if (one := shape.properties[key].get("enum"))]
        for place in range(max([_TIMES, *options])):
            params = _plain(sampler, shape, place)
            if params is not None:
                anchor = key_of(shape.tool, params)
                chance = sampler.fraction("way", anchor, shape.tool, *shape.keys, str(place))
                yield _asked(graph, shape, Call(params, (), (), ()), anchor, chance)
    for deed in graph.once(out_of_reach):
        for place in range(0 if deed.way.slots else _TIMES):
            chance = sampler.fraction("beyond", str(place), *deed.way.texts)
            user = request(deed.way.said({}), deed.way.order, chance)
            anchor = key_of(None, {"for": deed.reason})
            yield Draft(user, written_beyond(deed.reason), anchor, absence=unnamed(user))


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


def beyond_tools(graph: Graph, subject: Subject, chance: float) -> Draft | None:
    """Return a request about the entity that no tool does; None where it could be read in another way."""
    deeds, entity = graph.once(about_something), subject.entity
    form = subject.form() if deeds else None
    if form is None:
        return None
    chance *= len(deeds)
    deed = deeds[int(chance)]
    user = request(deed.way.said({"name": form}), deed.way.order, chance % 1)
    if [one for one in asked_beyond(user, graph) if graph.ids_called(one[1])] != [(deed, fold(form))]:
        return None
    return Draft(user, written_beyond(deed.reason), subject.id, (subject.id,), spans=entity.evidence[:1])
