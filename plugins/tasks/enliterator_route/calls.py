# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Calls that turn on an entity or a source: parameters filled from the graph by what a tool's schema says of them."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import chain
from typing import Any, Final

from enliterator_core import MASK, Graph, Span, entity_id
from enliterator_route.neighbours import LOOSE
from enliterator_route.options import Request

_NUMBERS: Final = (3, 5, 10, 20, 7, 2, 15, 50)
_WORD: Final = re.compile(r"[^\W\d_]{4,}")
_SAYING_LITTLE: Final = (
    "that this with from have been were will which what when where their there them then than they these those into "
    "return returns yield yields raise raises whether none said says make makes keep only also such each every other "
    "some more most must does done over under between through about your could would should because while same using "
    "used uses here very just like given after before without within against being"
)
_COMMON: Final = frozenset(_SAYING_LITTLE.split())
#: so many descriptions tell which words are in too many of them to find anything by
_LOOKED_AT: Final = 2048
_OFTEN: Final = 0.01
_FEW: Final = 20
_DATE: Final = re.compile(r"\d{4}(-\d\d){0,2}")
#: each parameter of a request is drawn by other digits of one number
_DIGITS: Final = 1 << 10


class Subject:
    """What requests are about: an entity, or a source that is withheld, of which nothing but its path may be said.

    Of an entity the first span that speaks of it is known, and what it is called, once that was looked up.
    """

    __slots__ = ("_chance", "anchor", "entities", "form", "is_looked_up", "number", "spans", "withheld")

    def __init__(self, graph: Graph, number: int, chance: float, path: str) -> None:
        """Take an entity's number, and the path of the source that it is spoken of in, or any; -1 for such a path."""
        self.number, self._chance, self.is_looked_up = number, chance, False
        self.form: str | None = None
        self.entities: tuple[str, ...] = ()
        self.spans: tuple[Span, ...] = ()
        self.withheld: str | None = None
        if number < 0:
            self.anchor, self.withheld = entity_id("Manifest", path), path
            return
        spans = graph.arrays.entities.spans
        self.anchor = graph.id(number)
        self.entities = (self.anchor,)
        if path:
            self.spans = tuple([span for span in spans.of(number) if span.source == path][:1])
        elif (first := spans.first(number)) is not None:
            self.spans = (first,)

    def look_up(self, graph: Graph) -> None:
        """Look up what the entity is called, as a chance has it; it is once."""
        if not self.is_looked_up:
            self.form, self.is_looked_up = form_of(graph, self.number, self._chance), True

    def with_second(self, graph: Graph, second: int) -> tuple[str, ...]:
        """Return the ids of the entities that a request is about: this one, and a second where there is one."""
        return self.entities if second < 0 else (self.anchor, graph.id(second))


def subjects_of(graph: Graph, requests: Iterable[Request]) -> list[Subject]:
    """Return what each of some requests is about; those about the same entity share it."""
    subjects: list[Subject] = []
    last = -1
    for number, chance, path, *_ in requests:
        if number == last and not path:
            subjects.append(subjects[-1])
        else:
            subjects.append(Subject(graph, number, chance, path))
            last = number
    return subjects


def form_of(graph: Graph, number: int, chance: float) -> str | None:
    """Return a name or form that stands for this entity alone, as somebody writes it; None when there is none.

    One that holds a masked secret is nothing that anybody writes.
    """
    entities = graph.arrays.entities
    alone = [number]
    forms = list(dict.fromkeys((entities.names[number], *graph.terms.surface[entities.ids[number]])))
    while forms:
        chance *= len(forms)
        form = forms.pop(int(chance))
        chance %= 1
        if form.strip() == form != "" and MASK not in form:
            if chance < 0.25 and graph.numbers_called(lower := form.lower()) == alone:
                return lower
            if graph.numbers_called(form) == alone:
                return form
    return None


def fill(graph: Graph, subject: Subject, request: Request, other: str | None) -> dict[str, Any] | None:
    """Return the parameters of a call, from the graph, with what a second entity is called; None where it lacks any."""
    if not subject.spans and subject.withheld is None:
        return None
    _, _, path, asked, _, _, chance, _, second, verb, _ = request
    params: dict[str, Any] = {}
    for key, part in asked.parts:
        value: Any
        if part == "entity-name":
            value = subject.form
        elif part == "other":
            value = other
        elif part == "verb":
            value = graph.arrays.verbs[verb]
            if value in LOOSE:
                return None
        elif part == "related-pool":
            value = graph.arrays.entities.pool_of(second)
        elif part == "source-path":
            value = path or None
        else:
            value = _own(graph, subject.number, asked.properties[key], part, chance)
            chance = chance * _DIGITS % 1
        if value is None:
            return None
        params[key] = value
    return params


def _own(graph: Graph, number: int, schema: Mapping[str, Any], kind: str, chance: float) -> Any:
    """Return what depends on the entity itself, or on the schema alone."""
    entities = graph.arrays.entities
    if kind == "pool":
        return entities.pool_of(number)
    if kind == "search-words":
        return _words(graph, entities.descriptions[number], chance)
    if kind == "date":
        value = (entities.time_of(number) or "")[: (4, 7, 10)[int(3 * chance)]]
        return value if _DATE.fullmatch(value) else None
    options = schema.get("enum") or schema.get("examples")
    if not options and schema.get("type") == "integer":
        least, most = schema.get("minimum", 1), schema.get("maximum", 100)
        options = [number for number in _NUMBERS if least <= number <= most]
    return options[int(chance * len(options))] if options else None


def _often(graph: Graph) -> frozenset[str]:
    """Return the words that stand in so many descriptions that searching for them finds nothing in particular.

    Such a search costs the more the larger the graph is, and what it is about is seldom among the best hits.
    """
    descriptions = graph.arrays.entities.descriptions
    some = range(0, len(descriptions), -(-len(descriptions) // _LOOKED_AT) or 1)
    words = [dict.fromkeys(_WORD.findall(descriptions[number].lower())) for number in some]
    counts = Counter(chain.from_iterable(words))
    most = max(_FEW, _OFTEN * len(some))
    return frozenset(word for word, count in counts.items() if count > most)


def _words(graph: Graph, description: str, chance: float) -> str | None:
    """Return two to four words of an entity's description that say something."""
    if MASK in description:
        return None
    often, most = graph.once(_often), 2 + int(3 * chance)
    words: list[str] = []
    for found in _WORD.finditer(description.lower()):
        word = found[0]
        if word not in _COMMON and word not in often and word not in words:
            words.append(word)
            if len(words) == most:
                break
    return " ".join(words) if len(words) >= 2 else None
