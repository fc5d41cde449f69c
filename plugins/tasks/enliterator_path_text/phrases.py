# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""What an edge is called in prose: its verb's phrase; where that says little, the name that it was imported with."""

from typing import Final

from enliterator_core import VERBS, phrase_of, reverse_of

_NUMBER: Final = {"is": "are", "has": "have", "was": "were"}

_NAMES: Final = sorted({name for verb in VERBS.values() for name in (verb.name, verb.reverse)})
PHRASES: Final = {name: phrase_of(name) for name in _NAMES}
REVERSED: Final = {name: reverse_of(name) for name in _NAMES}


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


AMBIGUOUS: Final = frozenset(
    name for name, phrase in PHRASES.items() if REVERSED[name] != name and PHRASES[REVERSED[name]] == phrase
)
"""Verbs whose phrase does not tell which way it is read."""
