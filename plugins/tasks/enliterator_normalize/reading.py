# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""How a question is read: a day, a greeting, a head, limits one by one, and a closing.

What cannot be read whole has no reading, and neither has a question that says a limit twice.
"""

import re
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Any, Final

from attrs import define, field

from enliterator_core import Query
from enliterator_normalize.dates import DAYS, STARTS, TAIL, read_day, read_time
from enliterator_normalize.words import (
    AND,
    CLOSINGS,
    EVERYTHING,
    FILTERED,
    GREETINGS,
    LIMITS,
    NEAR,
    NUMBERS,
    PHRASES,
    PLURALS,
    POOL_OF,
    RELATED,
    TOPICS,
)


def _any_of(texts: Iterable[str]) -> str:
    return "|".join(re.escape(text) for text in sorted(set(texts) - {""}, key=len, reverse=True))


_VALUES: Final = {
    "pools": r"(?P<pools>[\w-]+(?: (?:and|or) [\w-]+)?)",
    "pool": r"(?P<pools>[A-Z][a-z]+)",
    "phrase": rf"(?P<phrase>{_any_of(PHRASES)})",
    "plural": rf"(?P<plural>{_any_of(PLURALS)})",
    "name": r"(?P<name>.+)",
    "names": r"(?P<names>.+)",
    "licence": r"(?P<licence>[\w.+-]+)",
    "time": r"(?P<time>.+)",
    "number": rf"(?P<number>[1-9]\d?|{_any_of(NUMBERS)})",
    "whom": "(?:what|who)",
}
_SLOT: Final = re.compile(r"\{(\w+)\}")


def _pattern(way: str) -> re.Pattern[str]:
    pieces = _SLOT.split(way)
    return re.compile("".join(_VALUES[one] if at % 2 else re.escape(one) for at, one in enumerate(pieces)) + r"\Z")


def _by_word(ways: Iterable[tuple[str, str]], skip: int) -> dict[str, list[tuple[str, str, re.Pattern[str]]]]:
    """Return what each way begins with, what it says, and its pattern, under its first word after so many characters.

    What begins with more, or is longer, comes first. Ways that begin with a value are under "" as well.
    """
    first = {"{pools}": [word for word in POOL_OF if word.islower()], "{whom}": ["what", "who"]}
    found: dict[str, list[tuple[str, str, re.Pattern[str]]]] = {"": []}
    for kind, way in sorted(ways, key=lambda one: (-len(one[1].partition("{")[0]), -len(one[1]))):
        word = _word(way[skip:])
        words = ["", *first.get(word, [])] if word.startswith("{") else [word]
        for one in words:
            found.setdefault(one, []).append((way.partition("{")[0], kind, _pattern(way)))
    return found


def _word(text: str) -> str:
    return text.partition(" ")[0].rstrip(",")


_TODAY: Final = re.compile(rf"Today: (\d{{4}}-\d\d-\d\d) \(({'|'.join(DAYS)})\)\n")
_GREETED: Final = re.compile(_any_of(GREETINGS))
_TOPIC: Final = re.compile(_any_of(TOPICS))
#: closings by their last character, the longest first
_CLOSED: Final = {
    last: sorted({one for one in CLOSINGS if one.endswith(last)}, key=len, reverse=True)
    for last in {one[-1] for one in CLOSINGS if one}
}
_PIECE: Final = re.compile(r",(?= )| (?=\([^()]*\))")
_LIMITS: Final = _by_word([(kind, way) for kind, ways in LIMITS.items() for way in ways], 2)
_HEADS: Final = _by_word(
    [*(("related", way) for way in (*RELATED, *NEAR)), *(("filtered", way) for way in (*FILTERED, *EVERYTHING))], 0
)

#: what stands in brackets and may be a limit; a time is one where it can be read
_ASIDE: Final = re.compile(
    rf" \((?:(?:not the )?(?:{_any_of(POOL_OF)})(?: (?:and|or) (?:{_any_of(POOL_OF)}))?(?: only)?|[\w.+-]+ only|"
    rf"(?:[1-9]\d?|{_any_of(NUMBERS)}) will do|(?P<time>[a-z][^()]*))\)"
)
_OR: Final = re.compile(" (?:and|or) ")
_BOTH: Final = re.compile(r"both (.+) and (.+)\Z")


@define
class Reading:
    """What a question says; names as it says them. ``without`` holds what is left out, each as a query for it."""

    today: date | None = None
    terms: list[str] = field(factory=list)
    of: list[str] = field(factory=list)
    every: bool = False
    verbs: tuple[str, ...] = ()
    pools: tuple[str, ...] = ()
    licenses: tuple[str, ...] = ()
    after: str | None = None
    before: str | None = None
    rights: str | None = None
    without: tuple[Query, ...] = ()
    limit: int = 10
    said: frozenset[str] = frozenset()

    def once(self, part: str) -> bool:
        """Note that a part of the question is said; False where it was said before."""
        if part in self.said:
            return False
        self.said |= {part}
        return True


def today_said(today: date) -> str:
    """Return the line that says which day relative dates are counted from."""
    return f"Today: {today.isoformat()} ({DAYS[today.weekday()]})\n"


def is_plain(form: str) -> bool:
    """Say whether a name can stand in a question without being taken for something else that a question says."""
    marked = form.endswith(("?", ".")) or ", " in form or " (" in form or "\n" in form or form.startswith("what")
    if not marked and _TELLING.isdisjoint(form.split(" ")):
        return True  # as most names are
    return not _NOT_PLAIN.search(form) and TAIL.search(form) is None and not any(map(_is_limit, _ASIDE.finditer(form)))


_BEGUN: Final = (
    "both ", "who ", "what", "all ", "any ", "which ", "list ", "things ", "everything ", "is there ", "whatever ",
    "give me ",
)  # fmt: skip
_JOINED: Final = (*AND, " or ")
_NOT_PLAIN: Final = re.compile(
    rf", |\n|\A(?:{_any_of((*GREETINGS, *TOPICS, *_BEGUN))})|"
    rf"(?:{_any_of(_JOINED)})|(?:{_any_of(CLOSINGS)})\Z|\A(?:{_any_of((*POOL_OF, *EVERYTHING))})\Z"
)
#: the words of which a form that is not plain has one, if it does not show by its marks
_TELLING: Final = frozenset(
    text.split()[0]
    for text in (*GREETINGS, *TOPICS, *_BEGUN, *_JOINED, *CLOSINGS, *POOL_OF, *EVERYTHING, *STARTS)
    if text
)


def read(user: str) -> Reading | None:
    """Return what a question says; None when it cannot be read."""
    reading, rest = Reading(), user
    if user.startswith("Today: ") and (found := _TODAY.match(user)):
        reading.today = read_day(found[1])
        if reading.today is None or DAYS[reading.today.weekday()] != found[2]:
            return None
        rest = user[found.end() :]
    for closing in _CLOSED.get(rest[-1:], ()):
        if rest.endswith(closing):
            rest = rest[: -len(closing)]
            break
    if rest[:1].isupper():
        low = rest[0].lower() + rest[1:]
        if _GREETED.match(low) or _TOPIC.match(low) or _word(low) in _HEADS:
            rest = low
    if greeted := _GREETED.match(rest):
        rest = rest[greeted.end() :]
    head = rest
    if ", " in rest or " (" in rest:
        head, *limits = _pieces(rest)
        for limit in limits:
            if not _read_limit(limit, reading):
                return None
    if time := TAIL.search(head):
        bounds = read_time(time[0][1:], reading.today)
        if bounds is None or not reading.once("time"):
            return None
        reading.after, reading.before = bounds
        head = head[: time.start()]
    return reading if _read_head(head, reading) else None


def _is_limit(aside: re.Match[str]) -> bool:
    return aside["time"] is None or read_time(aside["time"], date(2000, 1, 1)) is not None


def _pieces(text: str) -> list[str]:
    """Split a question before its limits; what stands in brackets and is none belongs to the name before it."""
    if " (" not in text:
        first, *rest = text.split(", ")
        return [first, *[f", {piece}" for piece in rest]]
    pieces, start = [], 0
    for begun in _PIECE.finditer(text):
        at = begun.start()
        aside = _ASIDE.match(text, at) if text[at] == " " else None
        if text[at] == "," or (aside and _is_limit(aside)):
            pieces.append(text[start:at])
            start = at
    return [*pieces, text[start:]]


def _pools(text: str) -> tuple[str, ...] | None:
    """Return the pools that a noun or two stand for; None where they are no nouns of pools, or of the same one."""
    if text in POOL_OF:
        return (POOL_OF[text],)
    pools = [POOL_OF.get(word) for word in _OR.split(text)]
    return tuple([pool for pool in pools if pool]) if all(pools) and len(set(pools)) == len(pools) else None


def _read_head(head: str, reading: Reading) -> bool:
    for start, kind, pattern in _HEADS.get(_word(head), ()):
        if head.startswith(start) and (found := pattern.match(head)):
            said = found.groupdict()
            pools = _pools(said["pools"]) if "pools" in said else ()
            if pools is None or (pools and not reading.once("pools")):
                continue
            reading.pools = pools or reading.pools
            if kind == "filtered":
                return True
            names, verb = said["names"], _verb(said)
            both = _BOTH.match(names) if names.startswith("both ") else None
            reading.of, reading.every = [both[1], both[2]] if both else names.split(" or "), both is not None
            reading.verbs = (verb,) if verb else reading.verbs
            return not verb or reading.once("verbs")
    if found := _TOPIC.match(head):
        head = head[found.end() :]
    reading.terms = [head]
    for joint in AND:
        if joint in head:
            reading.terms = head.split(joint)
            break
    return all(reading.terms)


def _read_limit(text: str, reading: Reading) -> bool:
    """Read one limit; False where it is none, or says what was said before."""
    for part, value in _limits(text):
        if part == "without":
            reading.without += (value,)
            return True
        bounds = read_time(value, reading.today) if part == "time" else None
        if (part != "time" or bounds is not None) and reading.once(part):
            if bounds is None:
                setattr(reading, part, value)
            else:
                reading.after, reading.before = bounds
            return True
    return False


@lru_cache(1 << 12)
def _limits(text: str) -> tuple[tuple[str, Any], ...]:
    """Return each way to read one limit, the likeliest first: a part of the reading with its value, or as it is said.

    Most limits are said again and again, so that they are kept.
    """
    if text.startswith(" ("):
        text = f" ({text[2:-1]})" if text.endswith(")") else ""
    limits = []
    for start, kind, pattern in (*_LIMITS.get(_word(text[2:]), ()), *_LIMITS[""]):
        if text.startswith(start) and (found := pattern.match(text)) and (limit := _limit(kind, found.groupdict())):
            limits.append(limit)
            if limit[0] == "without":
                break  # what is left out may be said again: no other way to read it is ever needed
    return tuple(limits)


def _limit(kind: str, said: dict[str, str]) -> tuple[str, Any] | None:
    pools = _pools(said["pools"]) if "pools" in said else ()
    licence, verb = said.get("licence", ""), _verb(said)
    if pools is None or (licence and not licence[0].isupper()):
        return None
    if kind in ("trainable", "publishable"):
        return "rights", kind
    if kind == "limit":
        return kind, NUMBERS.get(said["number"]) or int(said["number"])
    if kind == "time":
        return kind, said["time"]
    parts: dict[str, dict[str, Any]] = {
        "pools": {"pools": pools},
        "licenses": {"licenses": (licence,)},
        "terms": {"terms": (said.get("name", ""),)},
        "of": {"of": (said.get("name", ""),), "verbs": (verb,)},
        "verbs": {"verbs": (verb,)},
    }
    part = kind.removeprefix("without ")
    return ("without", Query(**parts[part])) if part != kind else (kind, parts[part][kind])


def _verb(said: dict[str, str]) -> str:
    return PHRASES.get(said.get("phrase", "")) or PLURALS.get(said.get("plural", "")) or ""
