# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""How a limit of a question is read: what it may say, and what it says then."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from itertools import chain
from typing import Any, Final

from enliterator_core import Query
from enliterator_normalize.ways import Way, by_word, first_word, pools_said, verb_said
from enliterator_normalize.words import LIMITS, NUMBERS

_LIMITS: Final = by_word([(kind, way) for kind, ways in LIMITS.items() for way in ways], 2)
#: queries for what is left out by each part of a query
_LEFT_OUT: Final[dict[str, Callable[[tuple[str, ...]], Query]]] = {
    "pools": lambda pools: Query(pools=pools),
    "licenses": lambda licenses: Query(licenses=licenses),
    "verbs": lambda verbs: Query(verbs=verbs),
}


@lru_cache(1 << 12)
def limits_said(text: str) -> tuple[tuple[str, Any], ...]:
    """Return each way to read one limit, the likeliest first: a part of the reading with its value, or as it is said.

    Most limits are said again and again, so that they are kept.
    """
    if text.startswith(" ("):
        text = f" ({text[2:-1]})" if text.endswith(")") else ""
    limits = []
    for way in chain(_LIMITS.get(first_word(text[2:]), ()), _LIMITS[""]):
        found = way.match(text) if text.startswith(way.start) else None
        if found is not None and (limit := _limit(way, found)):
            limits.append(limit)
            if limit[0] == "without":
                break  # what is left out may be said again: no other way to read it is ever needed
    return tuple(limits)


def _limit(way: Way, found: Mapping[str, str]) -> tuple[str, Any] | None:
    """Return which part of a reading a limit is, and its value; None where it is no such limit after all."""
    kind, values = way.kind, way.values
    if "name" in values:
        return "without", (verb_said(found), found["name"])
    if kind in ("trainable", "publishable"):
        return "rights", kind
    if kind == "limit":
        return kind, NUMBERS.get(found["number"]) or int(found["number"])
    if kind == "time":
        return kind, found["time"]
    said: tuple[str, ...] | None
    if "pools" in values:
        said = pools_said(found["pools"])
    elif "licence" in values:
        said = (found["licence"],) if found["licence"][0].isupper() else None
    else:
        said = (verb_said(found),)
    part = kind.removeprefix("without ")
    if said is None or part == kind:
        return (part, said) if said else None
    return "without", _LEFT_OUT[part](said)
