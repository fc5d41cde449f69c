# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Calls that turn on an entity or a source: parameters filled from the graph by what a tool's schema says of them."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from enliterator_core import MASK, Graph, Span
from enliterator_route.shapes import Shape

_LOOSE: Final = frozenset({"co_occurs_with", "connects_to", "is_connected_from"})
#: this many neighbours are enough to choose from
_MOST: Final = 64
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
_KEPT: Final = 16_384
#: each parameter of a request is drawn by other digits of one number
_DIGITS: Final = 1 << 10


class Call(NamedTuple):
    """A tool's parameters, and the entities (those that they name first), relations and spans that they rest on."""

    params: dict[str, Any]
    entities: tuple[str, ...]
    relations: tuple[tuple[str, str, str], ...]
    spans: tuple[Span, ...]


class Draws(NamedTuple):
    """The numbers in [0, 1) that one request is drawn with: how it is asked, its values, and who else it is about."""

    way: float
    value: float
    other: float
    end: float
    form: float


class Subject:
    """An entity that requests are about; what it is called in them, drawn by a chance, is looked up once."""

    def __init__(self, graph: Graph, id: str, chance: float) -> None:
        self.id = id
        self.entity = graph.entities[id]
        self._drawn: tuple[Graph, float] | None = (graph, chance)
        self._form: str | None = None

    def form(self) -> str | None:
        """Return :func:`form_of` the entity."""
        if self._drawn is not None:
            graph, chance = self._drawn
            self._form, self._drawn = form_of(graph, self.id, chance), None
        return self._form


def form_of(graph: Graph, id: str, chance: float) -> str | None:
    """Return a name or form that stands for this entity alone, as somebody writes it; None when there is none.

    One that holds a masked secret is nothing that anybody writes.
    """
    alone, name, term = [id], graph.name(id), graph.terms.get(id)
    forms = list(dict.fromkeys((name, *term.surface_forms))) if term else [name]
    while forms:
        chance *= len(forms)
        form = forms.pop(int(chance))
        chance %= 1
        if form.strip() == form != "" and MASK not in form:
            if chance < 0.25 and graph.ids_called(lower := form.lower()) == alone:
                return lower
            if graph.ids_called(form) == alone:
                return form
    return None


def fill(graph: Graph, subject: Subject, shape: Shape, draws: Draws, path: str = "") -> Call | None:
    """Return a call of this shape that turns on the entity (or on its source), or None where the graph has none."""
    spans = subject.entity.evidence
    span = next((one for one in spans if one.source == path), None) if path else spans[0] if spans else None
    second: _Second | None = _NOBODY
    if shape.near:
        second = _near(graph, subject.id, draws.other)
    elif shape.far:
        second = _far(graph, subject.id, draws)
    if span is None or second is None:
        return None
    params: dict[str, Any] = {}
    chance = draws.value
    for key, part in shape.parts:
        value: Any
        if part == "entity-name":
            value = subject.form()
        elif part == "other":
            value = form_of(graph, second.id, draws.form)
        elif part == "verb":
            # Of a loose verb nobody asks, and its phrase reads the same both ways.
            value = None if second.verb in _LOOSE else second.verb
        elif part == "related-pool":
            value = graph.pool(second.id)
        elif part == "source-path":
            value = path or None
        else:
            value = _own(graph, subject, shape.properties[key], part, chance)
            chance = chance * _DIGITS % 1
        if value is None:
            return None
        params[key] = value
    return Call(params, (subject.id, second.id) if second.id else (subject.id,), second.relations, (span,))


def _own(graph: Graph, subject: Subject, schema: Mapping[str, Any], kind: str, chance: float) -> Any:
    """Return what depends on the entity itself, or on the schema alone."""
    entity = subject.entity
    if kind == "pool":
        return entity.pool
    if kind == "search-words":
        return _words(graph, entity.description, chance)
    if kind == "date":
        value = (entity.time.value or "")[: (4, 7, 10)[int(3 * chance)]]
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
    counts = Counter(word for number in some for word in set(_WORD.findall(descriptions[number].lower())))
    most = max(_FEW, _OFTEN * len(some))
    return frozenset(word for word, count in counts.items() if count > most)


def _words(graph: Graph, description: str, chance: float) -> str | None:
    """Return two to four words of an entity's description that say something."""
    if MASK in description:
        return None
    often = graph.once(_often)
    words = [
        word for word in dict.fromkeys(_WORD.findall(description.lower())) if word not in _COMMON and word not in often
    ]
    return " ".join(words[: 2 + int(3 * chance)]) if len(words) >= 2 else None


class _Second(NamedTuple):
    """The second entity of a call, the verb that leads to it, and the relation that says so where one is needed."""

    id: str
    verb: str = ""
    relations: tuple[tuple[str, str, str], ...] = ()


_NOBODY: Final = _Second("")


def _near(graph: Graph, id: str, chance: float) -> _Second | None:
    """Choose a neighbour and the verb that leads to it; None where the graph has none that a source states."""
    steps, numbers, verbs = (
        graph.arrays.steps,
        graph.arrays.steps.neighbours(graph.number(id))[:_MOST],
        graph.arrays.verbs,
    )
    ids = _apart(graph, numbers, id)
    if not ids:
        return None
    other = _on_ring(ids, chance)
    number, first = graph.number(other), int(steps.offsets[graph.number(id)])
    leading = [verbs[steps.verb[first + at]] for at, one in enumerate(numbers) if one == number]
    verb = next((verb for verb in leading if verb not in _LOOSE), leading[0])
    relation = graph.relation(id, verb, other)
    return _Second(other, verb, (relation.key,)) if relation is not None and relation.evidence else None


def _far(graph: Graph, id: str, draws: Draws) -> _Second | None:
    """Choose what is two steps away, or a neighbour where nothing is."""
    ids = _apart(graph, graph.arrays.steps.neighbours(graph.number(id))[:_MOST], id)
    if not ids:
        return None
    middle = _on_ring(ids, draws.other)
    further = _apart(graph, graph.arrays.steps.neighbours(graph.number(middle))[:_MOST], id)
    return _Second(_on_ring(further or [middle], draws.end))


def _on_ring(ids: Sequence[str], chance: float) -> str:
    """Return one of the sorted ids as :meth:`Sampler.pick` does, so that one more changes few choices."""
    return ids[bisect_left(ids, f"{int(chance * 2**64):016x}") % len(ids)]


def _apart(graph: Graph, numbers: Iterable[int], id: str) -> list[str]:
    """Return the ids of entities but one, sorted, each once."""
    every = graph.arrays.entities.ids
    ids = {every[number] for number in numbers}
    ids.discard(id)
    return sorted(ids)


def _answers(graph: Graph) -> dict[str, tuple[frozenset[str], bool] | str]:
    return {}


def answered(graph: Graph, tool: str, params: Mapping[str, Any], written: str) -> tuple[frozenset[str], bool] | str:
    """Call a tool: return the ids that it found and whether its answer says anything; or what went wrong, in words.

    A tool answers the same call in the same way, so the latest answers are kept, by how the calls are ``written``.
    """
    known = graph.once(_answers)
    answer = known.get(written)
    if answer is None:
        if len(known) >= _KEPT:
            known.clear()
        answer = known[written] = _call(graph, tool, params)
    return answer


def _call(graph: Graph, tool: str, params: Mapping[str, Any]) -> tuple[frozenset[str], bool] | str:
    try:
        answer = graph.tools[tool].call(graph, params)
        found = frozenset(answer["found"])
    except Exception as error:  # noqa: BLE001  a tool may be anyone's; what it did is told in the verdict
        return f"{tool} failed: {error!r}"
    return found, bool(found) or any(value for key, value in answer.items() if key != "found")
