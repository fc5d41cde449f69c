# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""How a question is read: a day, a greeting, a head, limits one by one, and a closing.

What cannot be read whole has no reading, and neither has a question that says a limit twice.
"""

import re
from collections.abc import Sequence
from datetime import date
from typing import Final

from enliterator_core import Query
from enliterator_normalize.dates import DAYS, MONTHS, SEASONS, STARTS, read_day, read_time, time_ending
from enliterator_normalize.limits_said import limits_said
from enliterator_normalize.ways import any_of, by_word, first_word, opening, openings_by_word, pools_said, verb_said
from enliterator_normalize.words import (
    AND,
    CLOSINGS,
    EVERYTHING,
    FILTERED,
    GREETINGS,
    NEAR,
    NUMBERS,
    POOL_OF,
    RELATED,
    TOPICS,
)

_TODAY: Final = re.compile(rf"Today: (\d{{4}}-\d\d-\d\d) \(({'|'.join(DAYS)})\)\n")
_GREETED: Final = openings_by_word(GREETINGS)
_TOPIC: Final = openings_by_word(TOPICS)
#: closings by their last character, the longest first
_CLOSED: Final = {
    last: sorted({one for one in CLOSINGS if one.endswith(last)}, key=len, reverse=True)
    for last in {one[-1] for one in CLOSINGS if one}
}
_HEADS: Final = by_word(
    [*(("related", way) for way in (*RELATED, *NEAR)), *(("filtered", way) for way in (*FILTERED, *EVERYTHING))], 0
)

#: what stands in brackets and may be a limit; a time is one where it can be read
_ASIDE: Final = re.compile(
    rf" \((?:(?:not the )?(?:{any_of(POOL_OF)})(?: (?:and|or) (?:{any_of(POOL_OF)}))?(?: only)?|[\w.+-]+ only|"
    rf"(?:[1-9]\d?|{any_of(NUMBERS)}) will do|(?P<time>[a-z][^()]*))\)"
)
#: the words of which a head that ends in a time has one, and those of which one is its last, unless that is a year, a
#: month, a day or a decade in so many characters
_STARTS: Final = frozenset(text.split()[0] for text in STARTS)
_ENDS: Final = frozenset((*MONTHS, *SEASONS, *DAYS, "today", "yesterday", "last", "on")) | {
    f"{unit}{end}" for unit in ("day", "week", "month", "quarter", "year") for end in ("", "s")
}
_LENGTHS: Final = frozenset(map(len, ("2025", "2025-04", "2025-04-10", "1990s")))
_BOTH: Final = re.compile(r"both (.+) and (.+)\Z")


Excluded = Query | tuple[str, str]


class Reading:
    """What a question says; names as it says them.

    ``without`` holds what is left out, each as a query for it, or as a verb ("" where there is none) and a name.
    ``said`` are the parts of the question that are said, each but once.
    """

    # Most questions say few of these: what is not said is read from the class.
    today: date | None = None
    terms: Sequence[str] = ()
    of: Sequence[str] = ()
    every: bool = False
    verbs: tuple[str, ...] = ()
    pools: tuple[str, ...] = ()
    licenses: tuple[str, ...] = ()
    after: str | None = None
    before: str | None = None
    rights: str | None = None
    without: tuple[Excluded, ...] = ()
    limit: int = 10

    def __init__(self) -> None:
        self.said: set[str] = set()

    def named(self) -> list[str]:
        """Return every name in the question: what is asked for or about, then what is left out."""
        left_out = [one[1] for one in self.without if type(one) is tuple] if self.without else ()
        return [*(self.terms or self.of), *left_out]

    def only_names(self) -> bool:
        """Say whether the question asks for what it names, and says nothing else."""
        return bool(self.terms) and not (self.said or self.without)

    def once(self, part: str) -> bool:
        """Note that a part of the question is said; False where it was said before."""
        if part in self.said:
            return False
        self.said.add(part)
        return True


def today_said(today: date) -> str:
    """Return the line that says which day relative dates are counted from."""
    return f"Today: {today.isoformat()} ({DAYS[today.weekday()]})\n"


def is_plain(form: str, words: Sequence[str] = ()) -> bool:
    """Say whether a name can stand in a question without being taken for something else that a question says.

    Who has split it may hand in its words, in small letters.
    """
    marked = form.endswith(("?", ".")) or ", " in form or " (" in form or "\n" in form or form.startswith("what")
    if not marked and ((words and _TELLING_FOLDED.isdisjoint(words)) or _TELLING.isdisjoint(form.split(" "))):
        return True  # as most names are
    if _NOT_PLAIN.search(form) or time_ending(form):
        return False
    return not any(map(_is_limit, _ASIDE.finditer(form)))


_BEGUN: Final = (
    "both ", "who ", "what", "all ", "any ", "which ", "list ", "things ", "everything ", "is there ", "whatever ",
    "give me ",
)  # fmt: skip
_JOINED: Final = (*AND, " or ")
_NOT_PLAIN: Final = re.compile(
    rf", |\n|\A(?:{any_of((*GREETINGS, *TOPICS, *_BEGUN))})|"
    rf"(?:{any_of(_JOINED)})|(?:{any_of(CLOSINGS)})\Z|\A(?:{any_of((*POOL_OF, *EVERYTHING))})\Z"
)
#: the words of which a form that is not plain has one, if it does not show by its marks
_TELLING: Final = frozenset(
    text.split()[0]
    for text in (*GREETINGS, *TOPICS, *_BEGUN, *_JOINED, *CLOSINGS, *POOL_OF, *EVERYTHING, *STARTS)
    if text
)
_TELLING_FOLDED: Final = frozenset(map(str.casefold, _TELLING))


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
        if opening(low, _GREETED) or opening(low, _TOPIC) or first_word(low) in _HEADS:
            rest = low
    if greeting := opening(rest, _GREETED):
        rest = rest[len(greeting) :]
    head = rest
    if ", " in rest or " (" in rest:
        head, *limits = _pieces(rest)
        for limit in limits:
            if not _read_limit(limit, reading):
                return None
    if _may_end_in_time(head) and (time := time_ending(head)):
        bounds = read_time(time[0][1:], reading.today)
        if bounds is None or not reading.once("time"):
            return None
        reading.after, reading.before = bounds
        head = head[: time.start()]
    return reading if _read_head(head, reading) else None


def _may_end_in_time(head: str) -> bool:
    """Say whether a head begins a time and ends in what one ends in: to look for the time itself takes longer."""
    last = head[head.rfind(" ") + 1 :]
    is_end = last in _ENDS or (last[:3].isdigit() and len(last) in _LENGTHS)
    return is_end and not _STARTS.isdisjoint(head.split(" "))


def _is_limit(aside: re.Match[str]) -> bool:
    return aside["time"] is None or read_time(aside["time"], date(2000, 1, 1)) is not None


def _pieces(text: str) -> list[str]:
    """Split a question before its limits; what stands in brackets and is none belongs to the name before it."""
    first, *rest = text.split(", ")
    pieces = [first, *[f", {piece}" for piece in rest]]
    if " (" in text:
        return [part for piece in pieces for part in (_apart(piece) if " (" in piece else (piece,))]
    return pieces


def _apart(piece: str) -> list[str]:
    """Split a piece of a question before each of its limits in brackets."""
    parts, start, at = [], 0, piece.find(" (")
    while at >= 0:
        aside = _ASIDE.match(piece, at)
        if aside and _is_limit(aside):
            parts.append(piece[start:at])
            start = at
        at = piece.find(" (", at + 1)
    return [*parts, piece[start:]]


def _read_head(head: str, reading: Reading) -> bool:
    for way in _HEADS.get(head.partition(" ")[0], ()):
        if not head.startswith(way.start) or (found := way.match(head)) is None:
            continue
        if "pools" in way.values:
            pools = pools_said(found["pools"])
            if pools is None or not reading.once("pools"):
                continue
            reading.pools = pools
        if way.kind == "filtered":
            reading.terms = reading.of = []
            return True
        names, verb = found["names"], verb_said(found)
        if names.startswith("both ") and (both := _BOTH.match(names)):
            reading.of, reading.every = [both[1], both[2]], True
        else:
            reading.of = names.split(" or ")
        if verb:
            reading.verbs = (verb,)
        return not verb or reading.once("verbs")
    head = head[len(opening(head, _TOPIC)) :]
    reading.terms = [head]
    for joint in AND:
        if joint in head:
            reading.terms = head.split(joint)
            break
    return all(reading.terms)


def _read_limit(text: str, reading: Reading) -> bool:
    """Read one limit; False where it is none, or says what was said before."""
    for part, value in limits_said(text):
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
