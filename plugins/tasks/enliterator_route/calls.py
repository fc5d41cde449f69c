# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Calls that turn on an entity or a source: parameters filled from the graph by what a tool's schema says of them."""

import re
from collections.abc import Mapping
from typing import Any, Final

from attrs import field, frozen

from enliterator_core import MASK, Entity, Graph, Sampler, Span
from enliterator_route.asking import Way, ways

_LOOSE: Final = frozenset({"co_occurs_with", "connects_to", "is_connected_from"})
#: this many neighbours are enough to choose from
_MOST: Final = 64
_NUMBERS: Final = (3, 5, 10, 20, 7, 2, 15, 50)
_WORD: Final = re.compile(r"[^\W\d_]{4,}")
_COMMON: Final = re.compile(
    "that|this|with|from|have|been|were|will|which|what|when|where|their|there|them|then|than|they|these|those|into|"
    "return|returns|yield|yields|raise|raises|whether|none|said|says|make|makes|keep|only|also|such|each|every|"
    "other|some|more|most|must|does|done|over|under|between|through|about|your|could|would|should|because|while|"
    "same|using|used|uses|here|very|just|like|given|after|before|without|within|against|being"
)
#: what of the graph a parameter holds, by which a call's shape is known
NAMED: Final = frozenset({"entity-name", "related-entity-name"})
_KEPT: Final = 16_384


@frozen
class Shape:
    """One tool with one set of parameters, and the ways to ask for it; ``missing`` are those that are left out."""

    tool: str
    keys: tuple[str, ...]
    ways: tuple[Way, ...] = field(eq=False)
    properties: Mapping[str, Any] = field(eq=False)
    missing: tuple[str, ...] = ()

    @property
    def formats(self) -> tuple[str, ...]:
        """What each parameter holds, empty where its schema does not say."""
        return tuple(self.properties[key].get("format", "") for key in self.keys)


@frozen
class Call:
    """A tool's parameters, and the entities (those that they name first), relations and spans that they rest on."""

    params: dict[str, Any]
    entities: tuple[str, ...]
    relations: tuple[tuple[str, str, str], ...]
    spans: tuple[Span, ...]


@frozen
class Kinds:
    """Shapes by what they turn on: the calls that an entity makes, by tool, and those that say too little of one;
    the calls about a source, by tool; and what turns on nothing in the graph. By tool, each shape stands as often as
    there are ways to ask for it."""

    calls: list[list[Shape]]
    short: list[Shape]
    of_source: list[list[Shape]]
    of_nothing: list[Shape]


def shapes(graph: Graph) -> Kinds:
    """Return every shape of the graph's tools."""
    calls: dict[str, list[Shape]] = {}
    of_source: dict[str, list[Shape]] = {}
    kinds = Kinds([], [], [], [])
    for (tool, keys), known in graph.once(ways).items():
        schema = graph.tools[tool].parameters
        missing = tuple(key for key in schema.get("required", ()) if key not in keys)
        shape = Shape(tool, keys, tuple(known), schema.get("properties", {}), missing)
        formats = set(shape.formats)
        if formats & NAMED and missing:
            kinds.short.append(shape)
        elif "source-path" in formats and not missing:
            of_source.setdefault(tool, []).extend([shape] * len(known))
        elif missing or not formats - {"", "pool"}:
            kinds.of_nothing.append(shape)
        else:
            calls.setdefault(tool, []).extend([shape] * len(known))
    kinds.calls.extend(calls.values())
    kinds.of_source.extend(of_source.values())
    return kinds


class UniqueForms:
    """The names and forms that stand for one entity alone and hold no masked secret, by its id; the latest are kept."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._known: dict[str, tuple[str, ...]] = {}

    def of(self, id: str) -> tuple[str, ...]:
        """Return an entity's own forms."""
        if id not in self._known:
            if len(self._known) >= _KEPT:
                self._known.clear()
            term = self._graph.terms.get(id)
            forms = dict.fromkeys((self._graph.name(id), *(term.surface_forms if term else ())))
            self._known[id] = tuple(
                form
                for form in forms
                if form.strip() == form != "" and MASK not in form and len(self._graph.called(form)) == 1
            )
        return self._known[id]


def form_of(graph: Graph, sampler: Sampler, id: str) -> str | None:
    """Return a name or form that stands for this entity alone, as somebody writes it; None when there is none."""
    forms = graph.once(UniqueForms).of(id)
    if not forms:
        return None
    chance = sampler.fraction("form", id) * len(forms)
    form = forms[int(chance)]
    return form.lower() if chance % 1 < 0.25 and graph.called(form.lower()) == graph.called(form) else form


def _words(entity: Entity, chance: float) -> str | None:
    """Return two to four words of an entity's description that say something."""
    if MASK in entity.description:
        return None
    words = [word for word in dict.fromkeys(_WORD.findall(entity.description.lower())) if not _COMMON.fullmatch(word)]
    return " ".join(words[: 2 + int(3 * chance)]) if len(words) >= 2 else None


def fill(graph: Graph, sampler: Sampler, entity: Entity, shape: Shape, path: str = "") -> Call | None:
    """Return a call of this shape that turns on the entity (or on its source), or None where the graph has none."""
    filler = _Filler(graph, sampler, entity, shape, path)
    params: dict[str, Any] = {}
    for key, kind in zip(shape.keys, shape.formats, strict=True):
        value = filler.value(key, kind)
        if value is None:
            return None
        params[key] = value
    spans = tuple(span for span in entity.evidence if path in ("", span.source))[:1]
    others = (filler.other,) if filler.other else ()
    return Call(params, (entity.id, *others), filler.relations, spans)


class _Filler:
    """Fills one shape; ``other`` is the second entity, once one was needed."""

    def __init__(self, graph: Graph, sampler: Sampler, entity: Entity, shape: Shape, path: str) -> None:
        self.graph, self.sampler, self.entity, self.shape, self.path = graph, sampler, entity, shape, path
        self.other: str | None = None
        self.verb: str | None = None
        self.relations: tuple[tuple[str, str, str], ...] = ()
        self.named = False

    def value(self, key: str, kind: str) -> Any:
        """Return what a parameter of this format is given; None where nothing can be."""
        if kind == "entity-name" and not self.named:
            self.named = True
            return form_of(self.graph, self.sampler, self.entity.id)
        if kind == "entity-name":
            return self._far()
        if kind == "related-entity-name":
            return form_of(self.graph, self.sampler, self.other) if self._near() and self.other else None
        if kind == "verb":
            # Of a loose verb nobody asks, and its phrase reads the same both ways.
            return self.verb if self._near() and self.verb not in _LOOSE else None
        if kind == "related-pool":
            return self.graph.entities[self.other].pool if self._near() and self.other else None
        if kind == "source-path":
            return self.path or None
        return self._own(key, kind)

    def _own(self, key: str, kind: str) -> Any:
        """Return what depends on the entity itself, or on the schema alone."""
        schema = self.shape.properties[key]
        if kind == "pool":
            return self.entity.pool
        if kind == "search-words":
            return _words(self.entity, self._chance(key))
        if kind == "date":
            value = (self.entity.time.value or "")[: (4, 7, 10)[int(3 * self._chance(key))]]
            return value if re.fullmatch(r"\d{4}(-\d\d){0,2}", value) else None
        if options := schema.get("enum") or schema.get("examples"):
            return options[int(self._chance(key) * len(options))]
        if schema.get("type") == "integer":
            least, most = schema.get("minimum", 1), schema.get("maximum", 100)
            fitting = [number for number in _NUMBERS if least <= number <= most]
            return fitting[int(self._chance(key) * len(fitting))] if fitting else None
        return None

    def _chance(self, key: str) -> float:
        return self.sampler.fraction("value", self.entity.id, self.shape.tool, key)

    def _near(self) -> bool:
        """Choose a neighbour and the verb that leads to it, once; say whether there is one."""
        if self.other is None:
            around = self.graph.around(self.entity.id)[:_MOST]
            ids = sorted({id for _, id in around} - {self.entity.id})
            if not ids:
                return False
            self.other = self.sampler.pick(ids, "near", self.entity.id, self.shape.tool, *self.shape.keys)
            self.verb = min((verb for verb, id in around if id == self.other), key=lambda verb: (verb in _LOOSE, verb))
            relation = self.graph.relation(self.entity.id, self.verb, self.other)
            self.relations = (relation.key,) if relation is not None and relation.evidence else ()
        return bool(self.relations)

    def _far(self) -> str | None:
        """Return a form of what is two steps away, or of a neighbour where nothing is."""
        around = self.graph.around(self.entity.id)[:_MOST]
        ids = sorted({id for _, id in around} - {self.entity.id})
        if not ids:
            return None
        middle = self.sampler.pick(ids, "far", self.entity.id)
        further = sorted({id for _, id in self.graph.around(middle)[:_MOST]} - {self.entity.id})
        self.other = self.sampler.pick(further or [middle], "end", self.entity.id)
        return form_of(self.graph, self.sampler, self.other)


class _Answers:
    """What the graph's tools answered to the latest calls: what is found, and whether anything is said."""

    def __init__(self) -> None:
        self.known: dict[tuple[str, str], tuple[frozenset[str], bool] | str] = {}


def _answers(graph: Graph) -> _Answers:
    return _Answers()


def answered(graph: Graph, tool: str, params: Mapping[str, Any]) -> tuple[frozenset[str], bool] | str:
    """Call a tool: return the ids that it found and whether its answer says anything; or what went wrong, in words.

    A tool answers the same call in the same way, so the latest answers are kept.
    """
    known, key = graph.once(_answers).known, (tool, repr(params))
    if key not in known:
        if len(known) >= _KEPT:
            known.clear()
        known[key] = _call(graph, tool, params)
    return known[key]


def _call(graph: Graph, tool: str, params: Mapping[str, Any]) -> tuple[frozenset[str], bool] | str:
    try:
        answer = graph.tools[tool].call(graph, params)
        found = frozenset(answer["found"])
    except Exception as error:  # noqa: BLE001  a tool may be anyone's; what it did is told in the verdict
        return f"{tool} failed: {error!r}"
    return found, bool(found) or any(value for key, value in answer.items() if key != "found")
