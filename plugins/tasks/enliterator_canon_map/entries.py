# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""What a graph has of each entity: what it is called, what is said of it, and the answer to its name."""

from collections.abc import Callable
from json.encoder import encode_basestring
from typing import Final, NamedTuple, TypeVar

from enliterator_core import Graph, Span, fold

K = TypeVar("K")
V = TypeVar("V")

_REMEMBERED: Final = 1 << 12


class Kept(dict[K, V]):
    """What was made lately, by its key: all is let go of when it grows beyond its bound."""

    def __init__(self, make: Callable[[K], V], bound: int) -> None:
        super().__init__()
        self._make, self._bound = make, bound

    def __missing__(self, key: K) -> V:
        made = self._make(key)
        if len(self) >= self._bound:
            self.clear()
        self[key] = made
        return made


class Answer(NamedTuple):
    """An answer as JSON: the ids of what it ``told`` of, the one that it turns on first, and the first span of each.

    ``absence`` is the form of which it says that nothing is called so.
    """

    text: str
    told: tuple[str, ...]
    spans: tuple[Span, ...]
    absence: str | None = None


class Entry(NamedTuple):
    """What there is of an entity.

    ``forms`` are its name and its term's surface forms, ``folded`` the same folded, ``negative`` what is mistaken for
    it. ``said`` is what its sources say of it, ``description`` what is told: on one line, the term's before its own.
    ``answer`` is the answer to its name.
    """

    forms: tuple[str, ...]
    folded: tuple[str, ...]
    negative: tuple[str, ...]
    said: str
    description: str
    evidence: tuple[Span, ...]
    answer: Answer


class Entries(Kept[str, Entry]):
    """What there is of the entities asked for lately, by id: most are asked for several times in a row."""

    def __init__(self, graph: Graph) -> None:
        super().__init__(self._entry, _REMEMBERED)
        self._entities, self._terms = graph.arrays.entities, graph.terms

    def _entry(self, id: str) -> Entry:
        entities, term = self._entities, self._terms.get(id)
        number = entities.numbers[id]
        said, evidence = entities.descriptions[number], entities.spans.of(number)
        told, forms, negative = said, (entities.names[number],), ()
        if term is not None:
            told, forms, negative = term.description or said, (*forms, *term.surface_forms), term.negative_forms
        description = " ".join(told.split())
        written = encode_basestring(description) if description else "null"
        name, pool = encode_basestring(forms[0]), encode_basestring(entities.pool_of(number))
        text = f'{{"canonical": {name}, "pool": {pool}, "description": {written}, "note": null}}'
        answer = Answer(text, (id,), evidence[:1])
        return Entry(forms, tuple(map(fold, forms)), negative, said, description, evidence, answer)
