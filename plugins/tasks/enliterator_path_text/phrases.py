# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""How verbs are said: their own phrases, and those of relations whose predicate says more than `connects_to`."""

from collections.abc import Callable, Iterable
from typing import Final, TypeVar

import orjson

from enliterator_core import PREDICATES, VERBS, Relation, name_in_words, phrase_of, reverse_of

T = TypeVar("T")

_NUMBER: Final = {"is": "are", "has": "have", "was": "were"}


class _Kept(dict[str, T]):
    """What is made of a verb, made when it is first asked for."""

    def __init__(self, make: Callable[[str], T]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, verb: str) -> T:
        made = self[verb] = self._make(verb)
        return made


def _phrase(verb: str) -> str:
    name, _, predicate = verb.partition("/")
    return phrase_of(name, predicate)


def _reversed(verb: str) -> str:
    name, slash, predicate = verb.partition("/")
    return f"{reverse_of(name)}{slash}{predicate}"


def plural(phrase: str) -> str:
    """Return a verb's phrase as several say it: is part of, are part of; carries, carry; wrote, wrote."""
    verb, space, rest = phrase.partition(" ")
    if verb in _NUMBER:
        verb = _NUMBER[verb]
    elif verb.endswith("ies") and len(verb) > 4:
        verb = f"{verb[:-3]}y"
    elif verb.endswith("sses"):
        verb = verb[:-2]
    elif verb.endswith("s"):
        verb = verb[:-1]
    return f"{verb}{space}{rest}"


def _is_ambiguous(verb: str) -> bool:
    back = REVERSED[verb]
    return back != verb and PHRASES[back] == PHRASES[verb]


def _edge(verb: str) -> tuple[str, bool]:
    name, _, predicate = verb.partition("/")
    said = {"verb": name if name in VERBS else reverse_of(name)} | ({"as": called(predicate)} if predicate else {})
    return f',{orjson.dumps(said).decode()[1:-1]},"to":', name not in VERBS


def called(predicate: str) -> str:
    """Return a predicate as the edges of a question have it."""
    return predicate if predicate in PREDICATES else name_in_words(predicate).replace('"', "")


VERB_NAMES: Final = sorted({name for verb in VERBS.values() for name in (verb.name, verb.reverse)})
PHRASES: Final = _Kept(_phrase)
"""How a verb is said; one whose relation says more by its predicate is written `connects_to/is described in`."""
REVERSED: Final = _Kept(_reversed)
AMBIGUOUS: Final = _Kept(_is_ambiguous)
"""Whether a verb's phrase does not tell which way it is read."""
PLURALS: Final = _Kept(lambda verb: plural(PHRASES[verb]))


ARROWS: Final = _Kept(lambda verb: f" → {verb.partition('/')[0]} → ")
"""A verb between two nodes of a line."""
EDGES: Final = _Kept(_edge)
"""A verb as the graph stores it, between the two ends of an edge in JSON, and whether these are to be exchanged."""


def says_more(predicate: str | None) -> bool:
    """Say whether a predicate of `connects_to` says more than that."""
    return predicate in PREDICATES or bool(name_in_words(predicate))


def added_by(relations: Iterable[Relation | None]) -> list[str]:
    """Return what our own predicates, and those of some relations, add to a verb."""
    named = [one.predicate for one in relations if one is not None and one.predicate]
    return ["", *(f"/{predicate}" for predicate in (*PREDICATES, *named))]
