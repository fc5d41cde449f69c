# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The ways in which things are said, as patterns, and what of a text is said in which."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from enliterator_normalize.words import NUMBERS, PHRASES, PLURALS, POOL_OF


def any_of(texts: Iterable[str]) -> str:
    """Return a pattern for any of the texts, the longest first."""
    return "|".join(re.escape(text) for text in sorted(set(texts) - {""}, key=len, reverse=True))


_VALUES: Final = {
    "pools": r"(?P<pools>[\w-]+(?: (?:and|or) [\w-]+)?)",
    "pool": r"(?P<pools>[A-Z][a-z]+)",
    "phrase": rf"(?P<phrase>{any_of(PHRASES)})",
    "plural": rf"(?P<plural>{any_of(PLURALS)})",
    "name": r"(?P<name>.+)",
    "names": r"(?P<names>.+)",
    "licence": r"(?P<licence>[\w.+-]+)",
    "time": r"(?P<time>.+)",
    "number": rf"(?P<number>[1-9]\d?|{any_of(NUMBERS)})",
    "whom": "(?:what|who)",
}
_SLOT: Final = re.compile(r"\{(\w+)\}")
_OR: Final = re.compile(" (?:and|or) ")


class Way(NamedTuple):
    """A way to say something: what it begins with, what it says, how it is matched, and which values it has."""

    start: str
    kind: str
    match: Callable[[str], re.Match[str] | None]
    values: frozenset[str]


def _way(kind: str, way: str) -> Way:
    pieces = _SLOT.split(way)
    pattern = "".join(_VALUES[one] if at % 2 else re.escape(one) for at, one in enumerate(pieces)) + r"\Z"
    match = re.compile(pattern).match
    return Way(way.partition("{")[0], kind, match, frozenset(re.compile(pattern).groupindex))


def by_word(ways: Iterable[tuple[str, str]], skip: int) -> dict[str, list[Way]]:
    """Return the ways under their first words after so many characters; what begins with more, or is longer, is first.

    Ways that begin with a value are under "" as well.
    """
    first = {"{pools}": [word for word in POOL_OF if word.islower()], "{whom}": ["what", "who"]}
    found: dict[str, list[Way]] = {"": []}
    for kind, way in sorted(ways, key=lambda one: (-len(one[1].partition("{")[0]), -len(one[1]))):
        word = first_word(way[skip:])
        words = ["", *first.get(word, [])] if word.startswith("{") else [word]
        for one in words:
            found.setdefault(one, []).append(_way(kind, way))
    return found


def openings_by_word(texts: Iterable[str]) -> dict[str, list[str]]:
    """Return what a question may open with under the first word of each, the longest first."""
    found: dict[str, list[str]] = {}
    for text in sorted(set(texts) - {""}, key=len, reverse=True):
        found.setdefault(text.split(" ")[0], []).append(text)
    return found


def first_word(text: str) -> str:
    """Return the first word of a text, without a comma after it."""
    return text.partition(" ")[0].rstrip(",")


def opening(text: str, openings: Mapping[str, Sequence[str]]) -> str:
    """Return which of the openings a text begins with; "" where it is none."""
    for one in openings.get(text.partition(" ")[0], ()):
        if text.startswith(one):
            return one
    return ""


def pools_said(text: str) -> tuple[str, ...] | None:
    """Return the pools that a noun or two stand for; None where they are no nouns of pools, or of the same one."""
    if text in POOL_OF:
        return (POOL_OF[text],)
    pools = [POOL_OF.get(word) for word in _OR.split(text)]
    return tuple([pool for pool in pools if pool]) if all(pools) and len(set(pools)) == len(pools) else None


def verb_said(way: Way, found: re.Match[str]) -> str:
    """Return the verb that is said in a way; "" where it has none."""
    if "phrase" in way.values:
        return PHRASES[found["phrase"]]
    return PLURALS[found["plural"]] if "plural" in way.values else ""
