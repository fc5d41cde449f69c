# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""How a question is read: a day, a greeting, a head, limits one by one, and a closing.

What cannot be read whole has no reading, and neither has a question that says a limit twice.
"""

import re
from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from attrs import define, field

from enliterator_normalize.dates import DAYS, TAIL, read_day, read_time
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
_CLOSED: Final = tuple(sorted(set(CLOSINGS) - {""}, key=len, reverse=True))
_PIECES: Final = re.compile(r"(?=, )|(?= \([^()]*\))")
_LIMITS: Final = _by_word([(kind, way) for kind, ways in LIMITS.items() for way in ways], 2)
_HEADS: Final = _by_word(
    [*(("related", way) for way in (*RELATED, *NEAR)), *(("filtered", way) for way in (*FILTERED, *EVERYTHING))], 0
)

#: what stands in brackets and may be a limit; a time is one where it can be read
_ASIDE: Final = re.compile(
    rf" \((?:(?:not the )?(?:{_any_of(POOL_OF)})(?: (?:and|or) (?:{_any_of(POOL_OF)}))?(?: only)?|[\w.+-]+ only|"
    rf"(?:[1-9]\d?|{_any_of(NUMBERS)}) will do|(?P<time>[a-z][^()]*))\)"
)
_BOTH: Final = re.compile(r"both (.+) and (.+)\Z")


@define
class Reading:
    """What a question says; names as it says them. ``without`` holds what is left out, each by what it says."""

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
    without: list[dict[str, tuple[str, ...]]] = field(factory=list)
    limit: int = 10
    said: set[str] = field(factory=set)

    def once(self, part: str, **values: Any) -> bool:
        """Set what a part of the question says; False where it was said before."""
        if part in self.said:
            return False
        self.said.add(part)
        for name, value in values.items():
            setattr(self, name, value)
        return True


def today_said(today: date) -> str:
    """Return the line that says which day relative dates are counted from."""
    return f"Today: {today.isoformat()} ({DAYS[today.weekday()]})\n"


def is_plain(form: str) -> bool:
    """Say whether a name can stand in a question without being taken for something else that a question says."""
    return not _NOT_PLAIN.search(form) and TAIL.search(form) is None and not any(map(_is_limit, _ASIDE.finditer(form)))


_NOT_PLAIN: Final = re.compile(
    rf", |\n|\A(?:{_any_of(GREETINGS)}|{_any_of(TOPICS)}|"
    r"both |who |what|all |any |which |list |things |everything |is there |whatever |give me )|"
    rf"(?:{_any_of(AND)}| or )|(?:{_any_of(CLOSINGS)})\Z|\A(?:{_any_of((*POOL_OF, *EVERYTHING))})\Z"
)


def read(user: str) -> Reading | None:
    """Return what a question says; None when it cannot be read."""
    reading, rest = Reading(), user
    if found := _TODAY.match(user):
        reading.today = read_day(found[1])
        if reading.today is None or DAYS[reading.today.weekday()] != found[2]:
            return None
        rest = user[found.end() :]
    closing = next((one for one in _CLOSED if rest.endswith(one)), "")
    rest = rest[: len(rest) - len(closing)]
    if rest[:1].isupper():
        low = rest[0].lower() + rest[1:]
        if _GREETED.match(low) or _TOPIC.match(low) or _word(low) in _HEADS:
            rest = low
    if greeted := _GREETED.match(rest):
        rest = rest[greeted.end() :]
    head, *limits = _pieces(rest)
    for limit in limits:
        if not _read_limit(limit, reading):
            return None
    if time := TAIL.search(head):
        bounds = read_time(time[0][1:], reading.today)
        if bounds is None or not reading.once("time", after=bounds[0], before=bounds[1]):
            return None
        head = head[: time.start()]
    return reading if _read_head(head, reading) else None


def _is_limit(aside: re.Match[str]) -> bool:
    return aside["time"] is None or read_time(aside["time"], date(2000, 1, 1)) is not None


def _pieces(text: str) -> list[str]:
    """Split a question before its limits; what stands in brackets and is none belongs to the name before it."""
    if ", " not in text and " (" not in text:
        return [text]
    first, *rest = _PIECES.split(text)
    pieces = [first]
    for piece in rest:
        aside = _ASIDE.match(piece) if piece.startswith(" (") else None
        if piece.startswith(" (") and not (aside and _is_limit(aside)):
            pieces[-1] += piece
        else:
            pieces.append(piece)
    return pieces


def _pools(text: str) -> tuple[str, ...] | None:
    pools = [POOL_OF.get(word) for word in re.split(" (?:and|or) ", text)]
    return tuple(pool for pool in pools if pool) if all(pools) and len(set(pools)) == len(pools) else None


def _read_head(head: str, reading: Reading) -> bool:
    for start, kind, pattern in _HEADS.get(_word(head), ()):
        if head.startswith(start) and (found := pattern.match(head)):
            said = found.groupdict()
            pools = _pools(said["pools"]) if "pools" in said else ()
            if pools is None or (pools and not reading.once("pools", pools=pools)):
                continue
            if kind == "filtered":
                return True
            verb = PHRASES.get(said.get("phrase") or "") or PLURALS.get(said.get("plural") or "")
            both = _BOTH.match(said["names"])
            reading.of, reading.every = [both[1], both[2]] if both else said["names"].split(" or "), bool(both)
            return not verb or reading.once("verbs", verbs=(verb,))
    if found := _TOPIC.match(head):
        head = head[found.end() :]
    joint = next((one for one in AND if one in head), None)
    reading.terms = head.split(joint) if joint else [head]
    return all(reading.terms)


def _read_limit(text: str, reading: Reading) -> bool:
    """Read one limit; False where it is none, or says what was said before."""
    if text.startswith(" ("):
        text = f" ({text[2:-1]})" if text.endswith(")") else ""
    for start, kind, pattern in (*_LIMITS.get(_word(text[2:]), ()), *_LIMITS[""]):
        if text.startswith(start) and (found := pattern.match(text)) and _take(kind, found.groupdict(), reading):
            return True
    return False


def _take(kind: str, said: dict[str, str], reading: Reading) -> bool:
    pools = _pools(said["pools"]) if "pools" in said else ()
    verb = PHRASES.get(said.get("phrase") or "") or PLURALS.get(said.get("plural") or "") or ""
    if pools is None:
        return False
    if kind == "pools":
        return reading.once(kind, pools=pools)
    if kind == "verbs":
        return reading.once(kind, verbs=(verb,))
    if kind in ("trainable", "publishable"):
        return reading.once("rights", rights=kind)
    if kind == "licenses":
        return said["licence"][0].isupper() and reading.once(kind, licenses=(said["licence"],))
    if kind == "limit":
        return reading.once(kind, limit=NUMBERS.get(said["number"]) or int(said["number"]))
    if kind == "time":
        bounds = read_time(said["time"], reading.today)
        return bounds is not None and reading.once(kind, after=bounds[0], before=bounds[1])
    if kind == "without licenses" and not said["licence"][0].isupper():
        return False
    parts: dict[str, dict[str, tuple[str, ...]]] = {
        "without pools": {"pools": pools},
        "without licenses": {"licenses": (said.get("licence", ""),)},
        "without terms": {"terms": (said.get("name", ""),)},
        "without of": {"of": (said.get("name", ""),), "verbs": (verb,)},
        "without verbs": {"verbs": (verb,)},
    }
    reading.without.append(parts[kind])
    return True
