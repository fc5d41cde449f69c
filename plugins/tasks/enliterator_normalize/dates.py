# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Times as people say them, and the bounds that they mean: `since last spring`, `in the past three months`.

A period is a first and a last day, month or year in ISO 8601. Relative ones are counted from a given day: weeks begin
on Monday, spring, summer, autumn and winter with March, June, September and December. A month or season alone is the
latest that has begun; with `last` it is the latest that is over.
"""

import re
from calendar import monthrange
from datetime import date, timedelta
from functools import cache
from typing import Final

Bounds = tuple[str | None, str | None]
Period = tuple[str, str]

#: what begins a period that needs no word before it
_ALONE: Final = ("last ", "this ", "today", "yesterday", "the year")

MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
SEASONS: Final = {"winter": 12, "spring": 3, "summer": 6, "autumn": 9}
NUMBERS: Final = {"a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "ten": 10, "twelve": 12}

_MONTH: Final = "|".join(MONTHS)
_SEASON: Final = "|".join(SEASONS)
_PERIOD: Final = (
    rf"(?:\d{{4}}-\d\d-\d\d|\d{{4}}-\d\d|\d{{4}}|the \d{{3}}0s|\d\d? (?:{_MONTH}) \d{{4}}"
    rf"|(?:(?:last|this) )?(?:{_MONTH}|{_SEASON})(?: \d{{4}})?|(?:last|this) (?:week|month|quarter|year)"
    rf"|the year before last|today|yesterday|{'|'.join(DAYS)})"
)
_COUNT: Final = rf"(?:\d\d?|{'|'.join(NUMBERS)}) (?:day|week|month|year)s?"
#: what a time may be said with, its periods or count in groups
_TIME: Final = (
    rf"(?:(?P<how>since|until|up to|before|after|in|during|on|nothing before|nothing after) )?(?P<period>{_PERIOD})"
    rf"|from (?P<start>{_PERIOD}) on|between (?P<one>{_PERIOD}) and (?P<other>{_PERIOD})"
    rf"|(?P<past>in the past|in the last|over the past|for the last|older than|nothing older than) (?P<count>{_COUNT})"
)
#: what a time at the end of a text begins with
STARTS: Final = (
    "since", "until", "up", "before", "after", "in", "during", "on", "from", "between", "last", "this", "today",
    "yesterday", "the year", "over", "for", "older",
)  # fmt: skip


@cache
def _whole() -> re.Pattern[str]:
    return re.compile(_TIME)  # takes long, and few datasets have times


@cache
def _ending() -> re.Pattern[str]:
    return re.compile(rf" (?={'|'.join(STARTS)})(?:{re.sub(r'[?]P<[a-z]+>', '?:', _TIME)})\Z")


def time_ending(text: str) -> re.Match[str] | None:
    """Return the time that a text ends in, with the space before it; None where it ends in none."""
    return _ending().search(text)


def read_day(text: str) -> date | None:
    """Return the day that an ISO text is; None when it is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _months_from(year: int, month: int, count: int) -> str:
    year, month = divmod(year * 12 + month - 1 + count, 12)
    return f"{year:04}-{month + 1:02}"


def _named(first: int, length: int, today: date, *, over: bool, year: int | None) -> Period:
    """Return the months of a season or the one month that begins with the month `first`."""
    if year is None:
        year = today.year
        now = f"{today.year:04}-{today.month:02}"
        while (_months_from(year, first, length - 1) >= now) if over else (_months_from(year, first, 0) > now):
            year -= 1
    elif first == 12 and length == 3:
        year -= 1  # winter 2024 is the one that ends in 2024
    return _months_from(year, first, 0), _months_from(year, first, length - 1)


def _around(text: str, today: date) -> Period | None:
    """Return the period that stands in a relation to today."""
    monday = today - timedelta(days=today.weekday())
    if text in DAYS:
        day = today - timedelta(days=(today.weekday() - DAYS.index(text)) % 7)
        return day.isoformat(), day.isoformat()
    if text in ("today", "yesterday"):
        day = today - timedelta(days=text == "yesterday")
        return day.isoformat(), day.isoformat()
    last, unit = text.startswith("last "), text.rpartition(" ")[2]
    if unit == "week":
        first = monday - timedelta(days=7 * last)
        return first.isoformat(), (first + timedelta(days=6)).isoformat()
    if unit == "month":
        month = _months_from(today.year, today.month, -last)
        return month, month
    if unit == "quarter":
        first_month = (today.month - 1) // 3 * 3 + 1
        return _months_from(today.year, first_month, -3 * last), _months_from(today.year, first_month, 2 - 3 * last)
    if unit in ("year", "last"):
        year = f"{today.year - (2 if unit == 'last' else last):04}"
        return year, year
    return None


def period(text: str, today: date | None) -> Period | None:
    """Return the period that a text names; None when it is none, or when it needs a day to be counted from."""
    if text[0].isdigit():
        if " " not in text:
            padded = text + "-01-01"[len(text) - 4 :] if len(text) < 10 else text
            return (text, text) if read_day(padded) else None
        number, month, year = text.split(" ")
        day = f"{year}-{MONTHS.index(month) + 1:02}-{int(number):02}"
        return (day, day) if read_day(day) else None
    if text.endswith("0s"):
        return text[4:8], f"{text[4:7]}9"
    words = text.split(" ")
    year_said = words[-1] if words[-1].isdigit() else None
    name = next((word for word in words if word in SEASONS or word in MONTHS), None)
    if name is not None:
        if (year_said is None and today is None) or (year_said and words[0] in ("last", "this")):
            return None
        first, length = (SEASONS[name], 3) if name in SEASONS else (MONTHS.index(name) + 1, 1)
        year_number = int(year_said) if year_said else None
        return _named(first, length, today or date.min, over=words[0] == "last", year=year_number)
    return _around(text, today) if today else None


def beside(text: str, step: int) -> str:
    """Return the day, month or year right before (-1) or after (1) one; ValueError beyond the years 1 to 9999."""
    parts = [int(part) for part in text.split("-")]
    if len(parts) == 1:
        return f"{parts[0] + step:04}"
    if len(parts) == 2:
        return _months_from(parts[0], parts[1], step)
    return (date(*parts) + timedelta(days=step)).isoformat()


def back(today: date, count: int, unit: str) -> date:
    """Return the day that lies so many days, weeks, months or years back; the last of the month where it is shorter."""
    if unit in ("day", "week"):
        return today - timedelta(days=count * (7 if unit == "week" else 1))
    year, month = map(int, _months_from(today.year, today.month, -count * (12 if unit == "year" else 1)).split("-"))
    return date(year, month, min(today.day, monthrange(year, month)[1]))


def read_time(text: str, today: date | None) -> Bounds | None:
    """Return the bounds that a time, as somebody says it, means; None when it is none."""
    found = _whole().fullmatch(text)
    if found is None:
        return None
    try:
        return _bounds(found, today)
    except (ValueError, OverflowError):
        return None


def _bounds(found: re.Match[str], today: date | None) -> Bounds | None:
    if found["past"]:
        if today is None:
            return None
        number, unit = found["count"].split(" ")
        day = back(today, NUMBERS.get(number) or int(number), unit.rstrip("s"))
        return (None, beside(day.isoformat(), -1)) if found["past"] == "older than" else (day.isoformat(), None)
    if found["one"]:
        one, other = period(found["one"], today), period(found["other"], today)
        return (one[0], other[1]) if one and other and one[0] <= other[1] else None
    meant = period(found["start"] or found["period"], today)
    if meant is None:
        return None
    how = "since" if found["start"] else found["how"]
    if how in ("since", "nothing before"):
        return meant[0], None
    if how in ("until", "up to", "nothing after"):
        return None, meant[1]
    if how == "before":
        return None, beside(meant[0], -1)
    if how == "after":
        return beside(meant[1], 1), None
    return meant if how or found["period"].startswith(_ALONE) else None
