# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The ways in which people ask for a call, the calls that turn on an entity, and what no tool does."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from attrs import frozen

from enliterator_core import MASK, Entity, Graph, Sampler, Span, phrase_of, reverse_of

#: a tool and what it is given, in order: how people ask for it; {back} is the phrase of the verb's reverse
_WAYS: Final[Mapping[tuple[str, ...], tuple[str, ...]]] = {
    ("search_entities", "query"): (
        "search for {query}",
        "is there anything on {query}?",
        "find me something about {query}",
        "keywords: {query}",
    ),
    ("search_entities", "query", "pool"): ("search the {pool} pool for {query}", "any {pool} entries about {query}?"),
    ("search_entities", "query", "limit"): ("the {limit} best hits for {query}", "top {limit} results on {query} pls"),
    ("describe_entity", "name"): ("what is {name}?", "tell me about {name}", "describe {name}", "{name}??"),
    ("describe_entity", "name", "pool"): ("what is {name} in the {pool} pool?", "describe {name} ({pool})"),
    ("related_entities", "name"): (
        "what is {name} related to?",
        "show the neighbours of {name}",
        "what hangs together with {name}?",
    ),
    ("related_entities", "name", "limit"): ("show me {limit} things related to {name}",),
    ("related_entities", "name", "verb"): (
        "list everything that {back} {name}",
        "what else {back} {name}?",
        "i need all that {back} {name}",
    ),
    ("path_between", "from", "to"): (
        "how are {from} and {to} connected?",
        "how do i get from {from} to {to}?",
        "what links {from} with {to}?",
    ),
    ("stated_where", "from", "to", "verb"): (
        "where does it say that {from} {phrase} {to}?",
        "who says that {from} {phrase} {to}?",
        "show me the evidence that {from} {phrase} {to}",
    ),
    ("stated_where", "from", "to"): ("which passage mentions {from} and {to}?",),
    ("entities_of_source", "path"): ("what does {path} speak of?", "list what comes from {path}"),
    ("entities_of_source", "path", "pool"): ("which {pool} entries come from {path}?",),
    ("rights_of_source", "path"): (
        "what licence is {path} under?",
        "who holds the rights to {path}?",
        "may {path} be published?",
        "can i train a model on {path}?",
    ),
}
#: what no tool does: the word for it, how people ask for it, and why not
_BEYOND: Final = (
    ("rename", "rename {name} to something shorter", "The tools read the collection; none can rename."),
    ("delete", "delete {name}", "The tools read the collection; none can delete."),
    ("translate", "translate {name} into French", "No tool can translate."),
    ("send", "send {name} to my colleague", "No tool can send anything."),
    ("remind", "remind me of {name} tomorrow", "No tool can remind anyone."),
    ("predict", "what will become of {name} next year?", "No tool can predict what is to come."),
    ("draw", "draw me a picture of {name}", "No tool can draw."),
    ("rate", "rate {name} from 1 to 10", "No tool can rate things: the collection holds what its sources say."),
)
_LOOSE: Final = frozenset({"co_occurs_with", "connects_to", "is_connected_from"})
#: this many neighbours of a neighbour are enough to choose from
_MOST: Final = 200
_WORD: Final = re.compile(r"[^\W\d_]{4,}")
_COMMON: Final = re.compile(
    "that|this|with|from|have|been|were|will|which|what|when|where|their|there|them|then|than|they|these|those|into|"
    "return|returns|yield|yields|raise|raises|whether|none|said|says|make|makes|keep|"
    "only|also|such|each|every|other|some|more|most|must|does|done|over|under|between|through|about"
)


@frozen
class Call:
    """A tool with its parameters, and the entities (the one it turns on first), relations and spans it rests on."""

    tool: str
    params: dict[str, Any]
    entities: tuple[str, ...]
    relations: tuple[tuple[str, str, str], ...]
    spans: tuple[Span, ...]


def asked(tool: str, params: Mapping[str, Any]) -> list[str]:
    """Return the requests that ask for exactly this call."""
    words = dict(params)
    if "verb" in params:
        try:
            words |= {"phrase": phrase_of(params["verb"]), "back": phrase_of(reverse_of(params["verb"]))}
        except (KeyError, TypeError):
            return []
    return [way.format_map(words) for way in _WAYS.get((tool, *params), ())]


def out_of_reach(graph: Graph) -> tuple[tuple[str, str, str], ...]:
    """Return what none of the graph's tools says that it does."""
    told = " ".join(f"{tool.name} {tool.description}".casefold() for tool in graph.tools.values())
    return tuple(one for one in _BEYOND if not re.search(rf"\b{one[0]}", told))


def form_of(graph: Graph, sampler: Sampler, entity: Entity) -> str | None:
    """Return a name or form that stands for this entity alone."""
    term = graph.terms.get(entity.id)
    forms = sampler.ordered({entity.name, *(term.surface_forms if term else ())}, "form", entity.id)
    return next((form for form in forms if len(graph.called(form)) == 1 and MASK not in form), None)


def calls_on(graph: Graph, sampler: Sampler, entity: Entity, form: str | None) -> Iterator[Call]:
    """Yield the calls that turn on the entity, one for each tool at most."""
    alone, spans = (entity.id,), entity.evidence[:1]
    words = [word for word in dict.fromkeys(_WORD.findall(entity.description.lower())) if not _COMMON.fullmatch(word)]
    if len(words) >= 2 and MASK not in entity.description:
        more: dict[str, Any] = sampler.choose(
            ({}, {"pool": entity.pool}, {"limit": 3}, {"limit": 5}), "search", entity.id
        )
        yield Call("search_entities", {"query": " ".join(words[:4]), **more}, alone, (), spans)
    named = {"name": form} if form else {"name": entity.name}
    pool = {} if form and sampler.fraction("pool", entity.id) < 0.85 else {"pool": entity.pool}
    yield Call("describe_entity", {**named, **pool}, alone, (), spans)
    ids = sorted({id for _, id in graph.around(entity.id)} - {entity.id})
    if not form or not ids:
        return
    id = sampler.pick(ids, "around", entity.id)
    verb = min(
        (verb for verb, other in graph.around(entity.id) if other == id), key=lambda verb: (verb in _LOOSE, verb)
    )
    relation, its_form = graph.relation(entity.id, verb, id), form_of(graph, sampler, graph.entities[id])
    if relation is None or not relation.evidence:
        return
    both, stated = (entity.id, id), ((relation.key,), spans)
    by_verb = {} if verb in _LOOSE else {"verb": verb}
    more = sampler.choose((by_verb, by_verb, {"limit": 5}, {}), "related", entity.id)
    yield Call("related_entities", {**named, **more}, both, *stated)
    if its_form:
        yield Call("stated_where", {"from": form, "to": its_form, **by_verb}, both, *stated)
    further = sorted({id for _, id in graph.around(id)[:_MOST]} - {entity.id})
    end = graph.entities[sampler.pick(further or [id], "end", entity.id)]
    if its_form := form_of(graph, sampler, end):
        yield Call("path_between", {"from": form, "to": its_form}, (entity.id, end.id), (), spans)
