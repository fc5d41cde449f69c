# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""What an edge is called in prose: its verb's phrase; where that says little, the name that it was imported with."""

import re
from functools import lru_cache
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


_BY_NAME: Final = {"connects_to": "is connected by {} to", "is_connected_from": "is connected by {} from"}
_PARTS: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[^A-Z\s_-]+|[A-Z]")
_LONGEST: Final = 60


@lru_cache(maxsize=4096)
def name_in_words(predicate: str | None) -> str:
    """Return the name of an imported relation as people write it: ACTED_IN is "acted in", .../core#broader "broader".

    It stands in quotes, several with "and"; empty where there is none, or none that can be read.
    """
    names = []
    for one in (predicate or "").split(" | "):
        last = re.split(r"[#/]", one.rstrip("#/"))[-1] if "://" in one else one
        words = " ".join(_PARTS.findall("".join(" " if c in '"\\' or not c.isprintable() else c for c in last)))
        if words and len(words) <= _LONGEST:
            names.append(f'"{words.lower()}"')
    return " and ".join(dict.fromkeys(names))


def phrase(verb: str, name: str) -> str:
    """Return a verb's phrase; of one that says little, with the relation's own name."""
    return _BY_NAME[verb].format(name) if name and verb in _BY_NAME else PHRASES[verb]


AMBIGUOUS: Final = frozenset(
    name for name, phrase in PHRASES.items() if REVERSED[name] != name and PHRASES[REVERSED[name]] == phrase
)
"""Verbs whose phrase does not tell which way it is read."""
