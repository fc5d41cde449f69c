# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Requests and their answers, made from the graph: about entities, about sources, and about nothing in particular."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from enliterator_core import Draft, Entity, Graph, Sampler, entity_id, fold
from enliterator_route.asking import is_odd, request, says
from enliterator_route.beyond import asked_beyond, out_of_reach
from enliterator_route.calls import Call, Shape, answered, fill, form_of, shapes
from enliterator_route.proving import finds_nothing, key_of, unnamed, written, written_beyond

#: this many requests at least are made for a call that turns on nothing in the graph, and for what no tool does
_TIMES: Final = 12


def in_turn(every: Sequence[Sequence[Shape]], chance: float, count: int) -> Iterator[Shape]:
    """Yield a shape of each of that many tools, all chosen by one chance; every tool is as likely as another."""
    rest, tools = chance, list(every)
    for _ in range(min(count, len(tools))):
        rest *= len(tools)
        mine = tools.pop(int(rest))
        rest = rest % 1 * len(mine)
        yield mine[int(rest)]
        rest %= 1


def about_entity(graph: Graph, sampler: Sampler, entity: Entity, shape: Shape, path: str = "") -> Iterator[Draft]:
    """Yield a request for a call of this shape about the entity, where there is one that finds what it is about."""
    call = fill(graph, sampler, entity, shape, path)
    if call is not None and call.spans:
        yield from _asked(graph, sampler, shape, call, entity.id)


def _asked(
    graph: Graph, sampler: Sampler, shape: Shape, call: Call, anchor: str, place: str = "", withheld: str | None = None
) -> Iterator[Draft]:
    """Yield the request for a call, unless it could be read in another way or the call finds something else."""
    chance = sampler.fraction("way", anchor, shape.tool, *shape.keys, place) * len(shape.ways)
    way = shape.ways[int(chance)]
    others = [graph.entities[id].pool for id in call.entities[1:]]
    user = request(
        way.said(call.params, "who" if others == ["Actor"] else "what"), way.order, chance % 1, not way.texts[0]
    )
    answer = written(shape.tool, call.params, shape.properties, shape.missing)
    absence = None if call.entities or withheld else unnamed(user)
    draft = Draft(user, answer, anchor, call.entities, call.relations, call.spans, absence, withheld)
    found = shape.missing or not finds_nothing(draft, shape.tool, call.params, shape.formats, graph)
    if found and (not any(map(is_odd, call.params.values())) or says(user, shape.tool, call.params, graph)):
        yield draft


def about_source(graph: Graph, sampler: Sampler, path: str) -> Iterator[Draft]:
    """Yield requests about a source, one for each tool; where it is withheld, such as name its path alone."""
    ids = sorted(entity.id for entity in graph.by_source.get(path, ()))
    whole = entity_id("Manifest", path)
    every = graph.once(shapes).of_source
    for shape in in_turn(every, sampler.fraction("tools", path), len(every)):
        if not graph.rights_of(path).trainable:
            if len(shape.keys) == 1:
                yield from _asked(graph, sampler, shape, Call({shape.keys[0]: path}, (), (), ()), whole, "", path)
        elif ids:
            entity = graph.entities[whole if whole in ids else sampler.pick(ids, "source", path)]
            yield from about_entity(graph, sampler, entity, shape, path)


def about_nothing(graph: Graph, sampler: Sampler) -> Iterator[Draft]:
    """Yield requests that name nothing of the graph: calls, those that say too little, and those beyond the tools."""
    for shape in graph.once(shapes).of_nothing:
        options = [len(one) for key in shape.keys if (one := shape.properties[key].get("enum"))]
        for place in range(max([_TIMES, *options])):
            params = _plain(sampler, shape, place)
            if params is not None and (shape.missing or answered(graph, shape.tool, params)[1] is True):
                call = Call(params, (), (), ())
                yield from _asked(graph, sampler, shape, call, key_of(shape.tool, params), str(place))
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


def beyond_tools(graph: Graph, sampler: Sampler, entity: Entity, chance: float) -> Iterator[Draft]:
    """Yield a request about the entity that no tool does."""
    deeds = [deed for deed in graph.once(out_of_reach) if deed.way.slots]
    form = form_of(graph, sampler, entity.id) if deeds else None
    if form and entity.evidence:
        deed = deeds[int(chance * len(deeds))]
        user = request(deed.way.said({"name": form}), deed.way.order, sampler.fraction("words", entity.id))
        if [one for one in asked_beyond(user, graph) if graph.called(one[1])] == [(deed, fold(form))]:
            answer = written_beyond(deed.reason)
            yield Draft(user, answer, entity.id, (entity.id,), spans=entity.evidence[:1])
