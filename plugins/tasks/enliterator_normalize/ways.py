# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The ways in which things are said, as patterns, and what of a text is said in which."""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, cached_property
from typing import Final

from enliterator_normalize.words import NUMBERS, PHRASES, PLURALS, POOL_OF


def any_of(texts: Iterable[str]) -> str:
    """Return a pattern for any of the texts, the longest first."""
    return "|".join(re.escape(text) for text in sorted(set(texts) - {""}, key=len, reverse=True))


#: what the values of a way look like, but for verbs
VALUES: Final = {
    "pools": r"(?P<pools>[\w-]+(?: (?:and|or) [\w-]+)?)",
    "pool": r"(?P<pools>[A-Z][a-z]+)",
    "name": r"(?P<name>.+)",
    "names": r"(?P<names>.+)",
    "licence": r"(?P<licence>[\w.+-]+)",
    "time": r"(?P<time>.+)",
    "number": rf"(?P<number>[1-9]\d?|{any_of(NUMBERS)})",
    "whom": "(?:what|who)",
}
#: what verbs are said with, by the slot of a way
_VERBS: Final = {"phrase": PHRASES, "plural": PLURALS}
_NOTHING: Final = re.compile("")
_SLOT: Final = re.compile(r"\{(\w+)\}")
_GROUP: Final = re.compile(r"\?P<(\w+)>")
_OR: Final = re.compile(" (?:and|or) ")


class Way:
    """A way to say something: what it begins with, what it says (``kind``), and which values it has.

    Patterns are made when they are first needed, and the one for all verbs but once: it takes long, and none of the
    phrases begins another.
    """

    def __init__(self, kind: str, way: str) -> None:
        self.start, self.kind = way.partition("{")[0], kind
        self._verb = next((slot for slot in _VERBS if f"{{{slot}}}" in way), "")
        before, _, after = way.partition(f"{{{self._verb}}}") if self._verb else (way, "", "")
        self._before, self._after = _pattern(before), _pattern(after)
        self.values = frozenset(_GROUP.findall(self._before + self._after)) | {self._verb} - {""}

    def match(self, text: str) -> Mapping[str, str] | None:
        """Return the values that a text has if it is said in this way."""
        before, verb, after = self._patterns
        found = before.match(text)
        if found is None or verb is None:
            return found.groupdict() if found else None
        said = verb.match(text, found.end())
        rest = after.match(text, said.end()) if said else None
        return {**found.groupdict(), self._verb: said[0], **rest.groupdict()} if said and rest else None

    @cached_property
    def _patterns(self) -> tuple[re.Pattern[str], re.Pattern[str] | None, re.Pattern[str]]:
        end = r"\Z"
        if not self._verb:
            return re.compile(self._before + end), None, _NOTHING
        return re.compile(self._before), _any_verb(self._verb), re.compile(self._after + end)


@cache
def _any_verb(slot: str) -> re.Pattern[str]:
    return re.compile(any_of(_VERBS[slot]))


def _pattern(way: str) -> str:
    """Return the pattern of a way, or of a part of it, with a group for each of its values."""
    return "".join(VALUES[one] if at % 2 else re.escape(one) for at, one in enumerate(_SLOT.split(way)))


def by_word(ways: Iterable[tuple[str, str]], skip: int) -> dict[str, list[Way]]:
    """Return the ways under their first words after so many characters; what begins with more, or is longer, is first.

    Ways that begin with a value are under "" as well.
    """
    first = {"{pools}": [word for word in POOL_OF if word.islower()], "{whom}": ["what", "who"]}
    found: dict[str, list[Way]] = {"": []}
    for kind, way in sorted(ways, key=lambda one: (-len(one[1].partition("{")[0]), -len(one[1]))):
        word = first_word(way[skip:])
        said = Way(kind, way)
        words = ["", *first.get(word, [])] if word.startswith("{") else [word]
        for one in words:
            found.setdefault(one, []).append(said)
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


def verb_said(found: Mapping[str, str]) -> str:
    """Return the verb that is among the values of what was said in a way; "" where there is none."""
    return PHRASES[found["phrase"]] if "phrase" in found else PLURALS.get(found.get("plural", ""), "")
