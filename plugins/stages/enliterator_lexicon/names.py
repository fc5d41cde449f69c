# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""What a heading names: its words without numbering, the pool they belong to, and whether they stand by themselves."""

import re
from typing import Final

from enliterator_core import MASK, UNKNOWN_TIME, Time, plain
from enliterator_lexicon.words import AMBIGUOUS, EMPTY, GENERIC, IMPERATIVE, INTRODUCTORY, LINKING, NOUNS, STOP

_NUMBERING: Final = re.compile(
    r"(?:(?:step|chapter|part|section|appendix)\s+)?(?:\d+(?:\.\d+)*|[IVX]+|[A-Z])[.):·]\s+|\d+(?:\.\d+)+\s+(?=[^\W\d])"
    r"|(?:step|chapter|part)\s+\d+\s*[-–—:.]?\s+",
    re.IGNORECASE,
)
_EDGE: Final = re.compile(r"^[^\w`'\"“(\[{<$/.@#+~&-]+|[\s:;,#·–—-]+$")
_VERSION: Final = re.compile(
    r"(?:version\s+|release\s+|v)?\[?v?(\d+\.\d+(?:\.\d+)*(?:[-.]?(?:a|b|rc|dev|post|alpha|beta)[-.]?\d*)?)\]?(?![\w.])",
    re.I,
)
_MONTHS: Final = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)
_MONTH: Final = "|".join(f"{month[:3]}(?:{month[3:]})?" for month in _MONTHS) + "|sept"
_DATE: Final = re.compile(
    rf"(?P<iso>(?:19|20)\d\d(?P<dash>[-./])[01]\d(?P=dash)[0-3]\d)(?!\d)|(?<!\d)(?P<day>[0-3]?\d)(?:st|nd|rd|th)?\.?\s+(?:of\s+)?(?P<month>{_MONTH})\.?,?\s+(?P<year>(?:19|20)\d\d)"
    rf"|(?P<month2>{_MONTH})\.?\s+(?P<day2>[0-3]?\d)(?:st|nd|rd|th)?,?\s+(?P<year2>(?:19|20)\d\d)",
    re.IGNORECASE,
)
_WORD: Final = re.compile(r"[^\W_](?:[\w'’]|[-./+](?=\w))*")


def heading_words(text: str) -> str:
    """Return a heading's words without markup, numbering and closing punctuation; empty when nothing is left."""
    words = plain(text)
    if MASK in words:
        return ""
    words = _EDGE.sub("", _NUMBERING.sub("", words, count=1) if _NUMBERING.match(words) else words)
    if len(words) > 90 or not any(character.isalpha() for character in words):
        return words if date_of(words).value else ""
    return words


def date_of(text: str) -> Time:
    """Return the first full date that the text states, or an unknown time."""
    match = _DATE.search(text)
    if match is None:
        return UNKNOWN_TIME
    if match["iso"]:
        return Time(re.sub(r"\D", "-", match["iso"]), "statement")
    month = (match["month"] or match["month2"])[:3].lower()
    number = next(index for index, name in enumerate(_MONTHS, 1) if name.startswith(month))
    day = int(match["day"] or match["day2"])
    year = match["year"] or match["year2"]
    return Time(f"{year}-{number:02}-{day:02}", "statement") if 1 <= day <= 31 else UNKNOWN_TIME


def opens_with_date(text: str) -> bool:
    """Say whether a heading begins with a date, as the entry of a diary or a log does."""
    return _DATE.match(text) is not None


def version_of(text: str) -> str | None:
    """Return the version number that a heading such as `[1.2.0] - 2026-01-31` opens with."""
    match = _VERSION.match(text)
    return match[1] if match else None


def content_words(text: str) -> list[str]:
    """Return the words of a name that are no stop words, lower case, in order."""
    return [word for word in (match.group().lower() for match in _WORD.finditer(text)) if word not in STOP]


def is_generic(words: str) -> bool:
    """Say whether a heading names nothing outside its document."""
    return words.lower().rstrip("?!.") in GENERIC


def is_introductory(words: str) -> bool:
    """Say whether what stands under a heading tells what the whole document is about."""
    return words.lower().rstrip("?!.") in INTRODUCTORY


def is_empty(words: str) -> bool:
    """Say whether a heading only announces a list of something, such as `References`."""
    lowered = words.lower().rstrip("?!.")
    return lowered in EMPTY or not lowered


def stands_alone(words: str) -> bool:
    """Say whether a heading can be understood outside its document: it has two words or more that mean something."""
    return not is_generic(words) and len(content_words(words)) >= 2


def is_instruction(words: str) -> bool:
    """Say whether words tell how to do something: `Install the tool`, `Writing a plugin`, `How to roll back`."""
    parts = words.lower().split()
    if len(parts) < 2 or words.endswith("?") or not parts[1][0].isalnum():
        return False
    first, second = parts[0], parts[1]
    if first == "how" and second == "to":
        return len(parts) > 2
    if first in AMBIGUOUS:
        return second in LINKING and second not in {"of", "and", "in", "by", "as", "at", "for", "on"}
    if first in IMPERATIVE:
        return second not in {"of", "and", "is", "are", "or"} and second not in NOUNS
    return (
        first.endswith("ing")
        and len(first) > 5
        and second in {"a", "an", "the", "your", "our", "it", "with", "from", "to"}
    )


def as_title(context: str, fallback: str) -> str:
    """Return what qualifies a name: the context when it is short enough to be read, else the fallback."""
    return context if 0 < len(context) <= 60 else fallback
