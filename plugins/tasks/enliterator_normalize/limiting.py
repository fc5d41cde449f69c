# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""What limits a question: each limit is one that the thing asked for is within, each exclusion leaves it in."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, Final

from attrs import define, evolve, field

from enliterator_core import Entity, Graph, Query, Rights, Sampler, Span, reverse_of
from enliterator_normalize.dates import DAYS, MONTHS, SEASONS, read_day, read_time
from enliterator_normalize.dice import Dice
from enliterator_normalize.slips import Near
from enliterator_normalize.words import LIMITS, NOUNS, NUMBERS, PLURAL_SAID, VERB_SAID

_MOST: Final = 64
_WORDS: Final = {number: word for word, number in NUMBERS.items()}
_LICENCES: Final = ("GPL", "AGPL", "LGPL", "MIT", "CC-BY", "CC-BY-NC", "Apache-2.0", "BSD-3-Clause", "GFDL")
_HOW_MANY: Final = (0, 0, 1, 1, 1, 1, 2, 2, 3)
_KINDS: Final = (*("time", "without") * 3, "pools", "rights", "licenses", "limit", "verbs")
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


@define
class Question:
    """A question in the making: its head, what limits it, its query, and what it rests on.

    ``opened`` says that it begins with a word that may be written with a capital letter.
    """

    head: str
    query: Query
    entities: list[str]
    found: str
    tails: list[str] = field(factory=list)
    excluded: list[str] = field(factory=list)
    relations: tuple[tuple[str, str, str], ...] = ()
    spans: tuple[Span, ...] = ()
    today: date | None = None
    opened: bool = True


class Limiter:
    """Adds limits to questions about one graph; ``said`` says an entity's name."""

    def __init__(self, graph: Graph, sampler: Sampler, said: Callable[[str, Dice], str | None]) -> None:
        self.graph, self.sampler, self.said = graph, sampler, said

    def limit(self, question: Question, found: Entity, dice: Dice, least: int = 0) -> None:
        """Add up to three limits, at least that many where it can; each is one that ``found`` is within."""
        count = max(dice.one_of(_HOW_MANY), least)
        for _ in range(4 * count):
            if len(question.tails) >= count:
                break
            getattr(self, f"_{dice.one_of(_KINDS)}")(question, found, dice)
        if question.today is None and (day := _day_of(found)) and dice.happens(0.2):
            question.today = day + timedelta(days=dice.under(700))

    def _add(self, question: Question, dice: Dice, kind: str, values: dict[str, Any], **parts: Any) -> None:
        question.tails.append(dice.one_of(LIMITS[kind]).format(**values))
        question.query = evolve(question.query, **parts)

    def _pools(self, question: Question, found: Entity, dice: Dice) -> None:
        if not question.query.pools and not _leaves_out(question, "pools"):
            noun = dice.one_of(NOUNS[found.pool])
            pools: tuple[str, ...] = (found.pool,)
            if dice.happens(0.25) and (other := dice.one_of(self.graph.once(_pools_there))) != found.pool:
                noun, pools = f"{noun} or {dice.one_of(NOUNS[other])}", (found.pool, other)
            kinds = [way for way in LIMITS["pools"] if len(pools) == 1 or "{pool}" not in way]
            question.tails.append(dice.one_of(kinds).format(pools=noun, pool=found.pool))
            question.query = evolve(question.query, pools=pools)

    def _verbs(self, question: Question, found: Entity, dice: Dice) -> None:
        verbs = sorted({verb for verb, _ in self.graph.around(found.id)[:_MOST]} & set(VERB_SAID))
        if verbs and not question.query.verbs and not question.query.of:
            verb = dice.one_of(verbs)
            self._add(question, dice, "verbs", {"phrase": VERB_SAID[verb]}, verbs=(verb,))

    def _rights(self, question: Question, found: Entity, dice: Dice) -> None:
        rights, kind = self._rights_of(found), dice.one_of(("trainable", "publishable"))
        if question.query.rights is None and getattr(rights, kind):
            self._add(question, dice, kind, {}, rights=kind)

    def _licenses(self, question: Question, found: Entity, dice: Dice) -> None:
        own = self._rights_of(found).license
        if own and own[0].isupper() and " " not in own and not question.query.licenses:
            family = own.split("-")[0] if own.startswith(("GPL", "AGPL", "LGPL")) and dice.happens(0.5) else own
            self._add(question, dice, "licenses", {"licence": family}, licenses=(family,))

    def _rights_of(self, entity: Entity) -> Rights:
        return self.graph.rights.get(entity.rights, Rights())

    def _limit(self, question: Question, found: Entity, dice: Dice) -> None:
        number = dice.one_of((3, 5, 10, 20, 1, 2, 4, 50))
        if not any(one in tail for tail in question.tails for one in ("max", "top", "at most", "will do", "more than")):
            said = _WORDS[number] if number in _WORDS and dice.happens(0.4) else str(number)
            self._add(question, dice, "limit", {"number": said}, limit=number)

    def _time(self, question: Question, found: Entity, dice: Dice) -> None:
        if question.query.after or question.query.before or not found.time.value:
            return
        day = _day_of(found)
        phrase, today = _absolute(found.time.value[:10], dice), None
        for _ in range(3 if day and dice.happens(0.6) else 0):
            said, then = _relative(day, dice) if day else ("", None)
            if (bounds := read_time(said, then)) and _holds(found.time.value, bounds):
                phrase, today = said, then
                break
        bounds = read_time(phrase, today)
        if bounds is None or not _holds(found.time.value, bounds):
            return
        question.today = today or question.today
        question.query = evolve(question.query, after=bounds[0], before=bounds[1])
        if dice.happens(0.75) and not question.tails and not phrase.startswith("nothing"):
            question.head += f" {phrase}"
            question.tails.append("")
        else:
            question.tails.append(dice.one_of(LIMITS["time"]).format(time=phrase))

    def _without(self, question: Question, found: Entity, dice: Dice) -> None:
        """Leave out a pool, a licence, another thing, or what is related to another thing."""
        kind = dice.one_of(("pools", "pools", "licenses", "terms", "terms", "of", "of", "verbs"))
        values: dict[str, str] = {}
        parts: dict[str, Any] = {}
        chosen: tuple[str, str, str] | None = None
        if kind == "pools":
            pool = dice.one_of(self.graph.once(_pools_there))
            if pool == found.pool or question.query.pools:
                return
            values, parts = {"pools": dice.one_of(NOUNS[pool])}, {"pools": (pool,)}
        elif kind == "licenses":
            licence, own = dice.one_of(_LICENCES), self._rights_of(found).license or ""
            if licence.split("-")[0] in own or question.query.licenses:
                return
            values, parts = {"licence": licence}, {"licenses": (licence,)}
        elif kind == "verbs":
            verb = dice.one_of(self.graph.once(_verbs_there))
            if verb in question.query.verbs or any(verb == one for one, _ in self.graph.around(found.id)):
                return
            values, parts = {"phrase": VERB_SAID[verb]}, {"verbs": (verb,)}
        elif not (chosen := self._other(question, found, dice, by_verb=kind == "of")):
            return
        else:
            other, verb, name = chosen
            values = {"name": name, "phrase": VERB_SAID.get(verb, ""), "plural": PLURAL_SAID.get(verb, "")}
            named = (self.graph.name(other),)
            parts = {"of": named, "verbs": (verb,)} if verb else {"terms": named}
        if not _leaves_out(question, kind):
            question.excluded += [chosen[0]] if kind in ("terms", "of") and chosen else []
            self._add(question, dice, f"without {kind}", values, without=(*question.query.without, Query(**parts)))

    def _other(self, question: Question, found: Entity, dice: Dice, *, by_verb: bool) -> tuple[str, str, str] | None:
        """Return another thing near by, a verb by which what is asked for is not related to it, and its name said."""
        around = self.graph.around(question.entities[0] if question.entities else found.id)[:_MOST]
        if not around:
            return None
        middle = dice.one_of(around)[1]
        verb, other = dice.one_of(self.graph.around(middle)[:_MOST])
        other = other if dice.happens(0.5) else middle
        named = (*question.entities, *question.excluded, found.id)
        if other in named or not self.sampler.together(named[0], other):
            return None
        if by_verb and (verb not in VERB_SAID or self.graph.relation(found.id, verb, other) is not None):
            return None
        name = self.said(other, dice) if self.graph.once(Near).alone(other) else None
        return (other, verb if by_verb else "", name) if name else None


def _pools_there(graph: Graph) -> tuple[str, ...]:
    """Return the pools that the graph has, and some that many graphs have."""
    return tuple(dict.fromkeys((*sorted(set(map(graph.pool, graph.entities))), "Idea", "Evidence", "Actor")))


def _verbs_there(graph: Graph) -> tuple[str, ...]:
    """Return the verbs that the graph has, and their reverses, as far as they can be said."""
    verbs = {verb for _, verb, _ in graph.relations}
    there = sorted((verbs | {reverse_of(verb) for verb in verbs}) & set(VERB_SAID))
    return tuple(there or sorted(VERB_SAID))


def _leaves_out(question: Question, kind: str) -> bool:
    return any(getattr(one, kind) for one in question.query.without)


def _day_of(entity: Entity) -> date | None:
    value = entity.time.value or ""
    return read_day(value[:10]) if len(value) >= 10 else None


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
    if month and dice.happens(0.5):
        return way.format(
            period=_month(year, month, dice),
            earlier=_month(year - (month < 4), (month - 4) % 12 + 1, dice),
            later=_month(year + (month > 10), (month + 1) % 12 + 1, dice),
        )
    period = value if len(value) == 10 and dice.happens(0.2) else f"{year}"
    if len(period) == 10:
        way = way.replace("in ", "on ").replace("during", "on")
    elif month and dice.happens(0.15):
        period = next(season for season, first in SEASONS.items() if (month - first) % 12 < 3)
        period += f" {year + (month == 12)}"
    return way.format(period=period, earlier=year - 1 - dice.under(3), later=year + 1 + dice.under(3))


def _month(year: int, month: int, dice: Dice) -> str:
    return f"{MONTHS[month - 1]} {year}" if dice.happens(0.7) else f"{year}-{month:02}"
