# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""What limits a question: each limit is one that the thing asked for is within, each exclusion leaves it in."""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import ClassVar, Final

from enliterator_core import Query
from enliterator_normalize.dates import DAYS, MONTHS, SEASONS, read_day, read_time
from enliterator_normalize.dice import Dice
from enliterator_normalize.numbered import Numbered
from enliterator_normalize.question import Question
from enliterator_normalize.saying import Sayer
from enliterator_normalize.words import LIMITS, NOUNS, NUMBERS, PLURAL_SAID, VERB_SAID

_WORDS: Final = {number: word for word, number in NUMBERS.items()}
_LICENCES: Final = ("GPL", "AGPL", "LGPL", "MIT", "CC-BY", "CC-BY-NC", "Apache-2.0", "BSD-3-Clause", "GFDL")
#: limits that are tried for each that is wanted
_TRIES: Final = 4
_HOW_MANY: Final = (0, 0, 1, 1, 1, 1, 2, 2, 3)
#: queries for what may be left out
_LEFT_OUT: Final = {
    **{pool: Query(pools=(pool,)) for pool in NOUNS},
    **{licence: Query(licenses=(licence,)) for licence in _LICENCES},
    **{verb: Query(verbs=(verb,)) for verb in VERB_SAID},
}
_WITHOUT: Final = {kind: LIMITS[f"without {kind}"] for kind in ("pools", "licenses", "terms", "of", "verbs")}
#: what stands for a value, and for a name
_SLOT: Final = re.compile(r"\{\w+\}")
_NAME: Final = "{name}"
_SEVERAL_POOLS: Final = tuple(way for way in LIMITS["pools"] if "{pool}" not in way)
#: relative times, and how many days after the time asked for today may be, from and to
_RELATIVE: Final = (
    ("today", 0, 0), ("yesterday", 1, 1), ("this week", 0, 6), ("last week", 1, 13), ("this month", 0, 30),
    ("last month", 1, 60), ("this quarter", 0, 91), ("last quarter", 1, 182), ("this year", 0, 365),
    ("last year", 1, 720), ("the year before last", 366, 1080), ("since yesterday", 0, 1), ("since {day}", 0, 6),
    ("since last week", 0, 13), ("since last month", 0, 60), ("since last year", 0, 720), ("since {season}", 0, 160),
    ("since last {season}", 0, 420), ("last {season}", 60, 440), ("since {month}", 0, 180), ("last {month}", 20, 390),
    ("since last {month}", 0, 390), ("in the past {days} days", 0, 30), ("in the last {number} weeks", 0, 40),
    ("in the past {number} months", 0, 200), ("over the past {number} years", 0, 1500),
    ("in the last year", 0, 1), ("until last year", 1, 1500), ("before last month", 30, 500),
    ("older than {number} months", 60, 900), ("older than a year", 366, 1500), ("nothing older than two years", 0, 730),
    ("before this year", 1, 1500), ("up to yesterday", 1, 400),
)  # fmt: skip
_ABSOLUTE: Final = (
    "since {period}", "from {period} on", "in {period}", "in {period}", "until {period}", "up to {period}",
    "before {later}", "after {earlier}", "between {earlier} and {later}", "nothing before {period}",
    "nothing after {period}", "during {period}",
)  # fmt: skip


@lru_cache(1 << 8)
def _around_name(verb: str) -> tuple[tuple[str, str], ...]:
    """Return how a thing is left out, or what is related to it by a verb: what comes before its name, and after."""
    said = {"name": _NAME, "phrase": VERB_SAID.get(verb, ""), "plural": PLURAL_SAID.get(verb, "")}
    ways = [way.format(**said).partition(_NAME) for way in _WITHOUT["of" if verb else "terms"]]
    return tuple((before, after) for before, _, after in ways)


_Add = Callable[["Limiter", Question, Dice], None]


class Limiter:
    """Adds limits to questions about one graph; ``sides`` tells the split of each entity."""

    def __init__(self, sayer: Sayer, numbered: Numbered, sides: Sequence[int]) -> None:
        self.sayer, self.numbered, self.sides = sayer, numbered, sides

    def limit(self, questions: Iterable[tuple[Question, Dice]], least: int = 0) -> None:
        """Add up to three limits to each, at least that many where it can; what is found is within every limit."""
        every = list(questions)
        wanted = [(max(dice.one_of(_HOW_MANY), least), question, dice) for question, dice in every]
        left, tried = [one for one in wanted if one[0]], 0
        while left:
            # Those that get a limit of one kind do so one after another, kind by kind.
            drawn: dict[_Add, list[tuple[int, Question, Dice]]] = {add: [] for add in self._kinds}
            for one in left:
                drawn[one[2].one_of(self._kinds)].append(one)
            for add, some in drawn.items():
                for _, question, dice in some:
                    add(self, question, dice)
            tried += 1
            left = [one for one in left if one[1].limits < one[0] and tried < _TRIES * one[0]]
        for question, dice in every:
            if question.today is None and (day := self._day_of(question.found)) and dice.happens(20):
                question.today = day + timedelta(days=dice.under(700))

    def _pools(self, question: Question, dice: Dice) -> None:
        if not question.pools and not (question.without and question.leaves_out("pools")):
            pool = self.numbered.pool_of(question.found)
            noun, pools = dice.one_of(NOUNS[pool]), [pool]
            if dice.happens(25) and (other := dice.one_of(self.numbered.pools_there)) != pool:
                noun, pools = f"{noun} or {dice.one_of(NOUNS[other])}", [pool, other]
            kinds = LIMITS["pools"] if len(pools) == 1 else _SEVERAL_POOLS
            question.add(dice.one_of(kinds).replace("{pools}", noun).replace("{pool}", pool))
            question.pools = tuple(pools)

    def _verbs(self, question: Question, dice: Dice) -> None:
        if question.verbs or question.of:
            return
        verbs = self.numbered.verbs_of(question.found)
        if sayable := sorted([verb for verb in verbs if verb in VERB_SAID]):
            verb = dice.one_of(sayable)
            question.add(dice.one_of(LIMITS["verbs"]).replace("{phrase}", VERB_SAID[verb]))
            question.verbs = (verb,)

    def _rights(self, question: Question, dice: Dice) -> None:
        rights, kind = self.numbered.rights_of(question.found), dice.one_of(("trainable", "publishable"))
        if not question.rights and getattr(rights, kind):
            question.add(dice.one_of(LIMITS[kind]))
            question.rights = kind

    def _licenses(self, question: Question, dice: Dice) -> None:
        own = self.numbered.rights_of(question.found).license
        if own and own[0].isupper() and " " not in own and not question.licenses:
            family = own.split("-")[0] if own.startswith(("GPL", "AGPL", "LGPL")) and dice.happens(50) else own
            question.add(dice.one_of(LIMITS["licenses"]).replace("{licence}", family))
            question.licenses = (family,)

    def _limit(self, question: Question, dice: Dice) -> None:
        number = dice.one_of((3, 5, 10, 20, 1, 2, 4, 50))
        if not question.limited:
            said = _WORDS[number] if number in _WORDS and dice.happens(40) else str(number)
            question.add(dice.one_of(LIMITS["limit"]).replace("{number}", said))
            question.limit, question.limited = number, True

    def _time(self, question: Question, dice: Dice) -> None:
        value = self.numbered.time_of(question.found)
        if not value or question.after is not None or question.before is not None:
            return
        day = self._day_of(question.found)
        phrase, today = _absolute(value[:10], dice), None
        for _ in range(3 if day and dice.happens(60) else 0):
            said, then = _relative(day, dice) if day else ("", None)
            if (bounds := read_time(said, then)) and _holds(value, bounds):
                phrase, today = said, then
                break
        bounds = read_time(phrase, today)
        if bounds is None or not _holds(value, bounds):
            return
        question.today = today or question.today
        question.after, question.before = bounds
        if dice.happens(75) and not question.limits and not phrase.startswith("nothing"):
            question.head.append(f" {phrase}")
            question.limits += 1
        else:
            question.add(dice.one_of(LIMITS["time"]).replace("{time}", phrase))

    def _without(self, question: Question, dice: Dice) -> None:
        """Leave out a pool, a licence, another thing, or what is related to another thing."""
        kind = dice.one_of(("pools", "pools", "licenses", "terms", "terms", "of", "of", "verbs"))
        numbered, found = self.numbered, question.found
        free = not (question.without and question.leaves_out(kind))
        if kind == "pools":
            left_out = dice.one_of(numbered.pools_there)
            if left_out == numbered.pool_of(found) or question.pools:
                return
            said = dice.one_of(NOUNS[left_out])
        elif kind == "licenses":
            left_out, own = dice.one_of(_LICENCES), numbered.rights_of(found).license or ""
            if left_out.split("-")[0] in own or question.licenses:
                return
            said = left_out
        elif kind == "verbs":
            left_out = dice.one_of(numbered.verbs_there)
            if left_out in question.verbs or numbered.has(found, left_out):
                return
            said = VERB_SAID[left_out]
        else:
            self._leave_out_other(question, dice, free=free, by_verb=kind == "of")
            return
        if free:
            question.without += (_LEFT_OUT[left_out],)
            question.add(_SLOT.sub(said, dice.one_of(_WITHOUT[kind])))

    def _leave_out_other(self, question: Question, dice: Dice, *, free: bool, by_verb: bool) -> None:
        """Leave out another thing near by, or what is related to it by a verb by which what is asked for is not."""
        numbered = self.numbered
        named = (*question.asked, *question.excluded, question.found)
        if not (steps := numbered.steps(question.asked[0] if question.asked else question.found)):
            return
        middle = numbered.other[dice.one_of(steps)]
        step = dice.one_of(numbered.steps(middle))
        other, verb = numbered.other[step] if dice.happens(50) else middle, numbered.verb(step)
        if other in named or self.sides[named[0]] != self.sides[other]:
            return
        if by_verb and (verb not in VERB_SAID or numbered.relation(question.found, verb, other) >= 0):
            return
        if not self.sayer.near.alone(other):
            return
        text = question.tail if free else []
        text.append("")
        if not self.sayer.say(other, dice, text):
            text.pop()
        elif free:
            text[-2], after = dice.one_of(_around_name(verb if by_verb else ""))
            question.add(after)
            question.excluded += (other,)
            its = (numbered.names[other],)
            question.without += (Query((), its, False, (verb,)) if by_verb else Query(its),)

    #: times and exclusions are drawn more often than others
    _kinds: ClassVar[tuple[_Add, ...]] = (*(_time, _without) * 3, _pools, _rights, _licenses, _limit, _verbs)

    def _day_of(self, number: int) -> date | None:
        value = self.numbered.time_of(number)
        return read_day(value[:10]) if value and len(value) >= 10 else None


def _holds(time: str, bounds: tuple[str | None, str | None]) -> bool:
    after, before = bounds
    return (after is None or time[: len(after)] >= after) and (before is None or time[: len(before)] <= before)


def _relative(day: date, dice: Dice) -> tuple[str, date]:
    """Return a time said relative to a day, and that day, such that it holds for the given one."""
    phrase, first, last = dice.one_of(_RELATIVE)
    phrase = phrase.format(
        day=dice.one_of(DAYS),
        season=dice.one_of(tuple(SEASONS)),
        month=dice.one_of(MONTHS),
        number=dice.one_of((*NUMBERS, "3", "6", "8")),
        days=dice.one_of(("3", "7", "ten", "14", "30", "90")),
    )
    return phrase.replace("one months", "one month"), day + timedelta(days=first + dice.under(last - first + 1))


def _absolute(value: str, dice: Dice) -> str:
    """Return a time said by the calendar, such as holds for the given one."""
    year, month = int(value[:4]), int(value[5:7]) if len(value) >= 7 else 0
    way = dice.one_of(_ABSOLUTE)
    if month and dice.happens(50):
        return way.format(
            period=_month(year, month, dice),
            earlier=_month(year - (month < 4), (month - 4) % 12 + 1, dice),
            later=_month(year + (month > 10), (month + 1) % 12 + 1, dice),
        )
    period = value if len(value) == 10 and dice.happens(20) else f"{year}"
    if len(period) == 10:
        way = way.replace("in ", "on ").replace("during", "on")
    elif month and dice.happens(15):
        period = next(season for season, first in SEASONS.items() if (month - first) % 12 < 3)
        period += f" {year + (month == 12)}"
    return way.format(period=period, earlier=year - 1 - dice.under(3), later=year + 1 + dice.under(3))


def _month(year: int, month: int, dice: Dice) -> str:
    return f"{MONTHS[month - 1]} {year}" if dice.happens(70) else f"{year}-{month:02}"
