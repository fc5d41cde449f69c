# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""What a licence asks for in return and what it reserves, read from `licences.toml`; and the attribution line."""

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any, Final

from attrs import frozen

from enliterator_core import Rights

_DATA: Final[dict[str, Any]] = tomllib.loads(Path(__file__).with_name("licences.toml").read_text(encoding="utf-8"))
_LATER: Final = re.compile(r"(-only|-or-later|\+)$")
_EXCEPTION: Final = re.compile(r" WITH \S+")


@frozen
class Terms:
    """What a licence asks of who passes a work on as it is, and what more of who changes it; what it `forbids`."""

    unchanged: tuple[str, ...]
    changed: tuple[str, ...]
    forbids: frozenset[str]


@cache
def _known() -> dict[str, Terms]:
    conditions = _DATA["condition"]
    known: dict[str, Terms] = {}
    for one in _DATA["licence"]:
        names = one["conditions"]
        unchanged = tuple(conditions[name]["words"] for name in names if not conditions[name].get("changed"))
        changed = tuple(conditions[name]["words"] for name in names if conditions[name].get("changed"))
        known |= dict.fromkeys(one["ids"], Terms(unchanged, changed, frozenset(one.get("forbids", ()))))
    return known


@cache
def terms_of(expression: str | None) -> Terms | None:
    """Return the terms of an SPDX expression; None when they are not known.

    Of licences joined with AND all terms hold. Where there is a choice (OR) the terms depend on what is chosen, and an
    exception (WITH) changes what is asked in ways that are not known here.
    """
    if not expression or " OR " in expression or _EXCEPTION.search(expression):
        return None
    parts = [_known().get(_LATER.sub("", one.strip("() "))) for one in expression.split(" AND ")]
    every = [one for one in parts if one is not None]
    if len(every) < len(parts):
        return None
    return Terms(
        tuple(dict.fromkeys(words for one in every for words in one.unchanged)),
        tuple(dict.fromkeys(words for one in every for words in one.changed)),
        frozenset().union(*(one.forbids for one in every)),
    )


def licence_of(rights: Rights) -> str:
    """Name a source's licence, or say with which words it states its rights."""
    if rights.license == "LicenseRef-own":
        return "the user's own work"
    return rights.license or (
        f'as stated: "{" ".join(rights.statement.split())}"' if rights.statement else "none found"
    )


def credit(path: str, rights: Rights) -> str:
    """Write the attribution line: source, holder, licence."""
    holder = f"rights held by {rights.holder}" if rights.holder else "no holder is named"
    return f"Source: {path}; {holder}; licence: {licence_of(rights)}."


def listed(parts: list[str] | tuple[str, ...]) -> str:
    """Join parts as prose does: a, b and c."""
    if len(parts) > 1:
        return f"{', '.join(parts[:-1])} and {parts[-1]}"
    return parts[0] if parts else ""


def asked_for(terms: Terms | None, *, changed: bool) -> str:
    """Say in a sentence what the licence asks for in return."""
    if terms is None:
        return "What it asks for in return stands in the licence itself: read that before you do."
    every = [*terms.unchanged, *(terms.changed if changed else ())]
    if not every:
        return "The licence asks for nothing in return; naming the source is good manners all the same."
    return f"In return you have to {listed(every) if len(every) < 3 else '; '.join(every)}."
