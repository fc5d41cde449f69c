# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""How people ask, from `requests.toml`: written for a source or a thing in it, and read back from any text."""

import re
import tomllib
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, Final, NamedTuple

from enliterator_core import Entity, Graph
from enliterator_rights_style.known import Known, Origin, Thing

_DATA: Final[dict[str, Any]] = tomllib.loads(Path(__file__).with_name("requests.toml").read_text(encoding="utf-8"))
ABOUT_A_THING: Final[dict[str, list[str]]] = _DATA["about_a_thing"]
ABOUT_A_SOURCE: Final[dict[str, list[str]]] = _DATA["about_a_source"]
_DATED: Final[list[str]] = _DATA["dated"]
_WAYS: Final = ABOUT_A_THING | ABOUT_A_SOURCE
_ASK: Final = {way: ask for ask, ways in _WAYS.items() for way in ways}
_OF_A_THING: Final = {way: ask for way, ask in _ASK.items() if ask in ABOUT_A_THING}
_OF_A_SOURCE: Final = {way: ask for way, ask in _ASK.items() if ask in ABOUT_A_SOURCE}
_WRITERS: Final[dict[str, list[Callable[[str, str], str]]]] = {
    ask: [way.replace("{path}", "{0}").replace("{name}", "{1}").format for way in ways] for ask, ways in _WAYS.items()
}
"""Each way to ask, as what writes it of a path and a name."""
_BEGINNINGS: Final = tuple(way.partition("{today}")[0] for way in _DATED)
_BEFORE: Final = re.compile("|".join(re.escape(way).replace(r"\{today\}", r"(\d{4}-\d\d-\d\d)") for way in _DATED))

Asked = tuple[str, date | None]
"""What is asked: a key of `requests.toml`; and the day that the request names, if it does."""


class Request(NamedTuple):
    """What is asked: ``ask`` is a key of `requests.toml`, ``today`` the day that the request names, if it does.

    ``thing`` is the id of an entity: what is asked about, or what stands for the source.
    """

    ask: str
    path: str
    thing: str | None = None
    today: date | None = None


def write(
    ask: str, drawn: float, origin: Origin, thing: Thing | None, known: Known, today: date | None = None
) -> str | None:
    """Return what is asked of a source, or of a thing in it, in one of the ways that people ask it.

    A number drawn in [0, 1) says which: its whole part, times the number of ways, is the way, what is left of it draws
    again. None where the thing has no name of its own in the source.
    """
    ways, called = _WRITERS[ask], origin.called
    drawn *= len(ways)
    way = ways[int(drawn)]
    path, name = called[0], ""
    if len(called) > 1:
        drawn = drawn % 1 * len(called)
        path = called[int(drawn)]
    if ask in ABOUT_A_THING:
        if thing is None or not thing.names:
            return None
        drawn = drawn % 1 * len(thing.names)
        name = thing.names[int(drawn)]
        if thing.shared and not known.means(name, thing, origin.path):
            name = next((one for one in thing.names if known.means(one, thing, origin.path)), "")
            if not name:
                return None
    asked = way(path, name)
    return asked if today is None else _DATED[int(drawn % 1 * len(_DATED))].format(today=today.isoformat()) + asked


def read(user: str, path: str, about: Entity | Thing | None, graph: Graph) -> Request | None:
    """Return what a text asks about a source, or about a thing in it; None when it asks neither."""
    known = graph.once(Known)
    thing = known.things[about.id] if isinstance(about, Entity) else about
    asked = read_as(user, known.origins[path], thing, known)
    return Request(asked[0], path, thing.id if thing else None, asked[1]) if asked else None


def read_as(user: str, origin: Origin, thing: Thing | None, known: Known) -> Asked | None:
    """Return what a text asks about a source, or about a thing in it; None when it asks neither."""
    today, asked = _today(user) if user.startswith(_BEGINNINGS) else (None, user)
    for path in origin.called:
        if path not in asked:
            continue
        said = asked.replace(path, "{path}", 1)
        if said in _OF_A_SOURCE:
            return _OF_A_SOURCE[said], today
        if thing is None:
            continue
        for name in thing.names:
            if name in said:
                ask = _OF_A_THING.get(said.replace(name, "{name}", 1))
                if ask is not None and (not thing.shared or known.means(name, thing, origin.path)):
                    return ask, today
    return _read_slowly(asked, today, origin, thing, known)


def _read_slowly(asked: str, today: date | None, origin: Origin, thing: Thing | None, known: Known) -> Asked | None:
    """Try every way, where a name or a path is a part of its words, or of the other one."""
    for path in origin.called:
        for name in (thing.names if thing else ("",)) if path in asked else ():
            ask = next((ask for way, ask in _ASK.items() if way.format(path=path, name=name) == asked), None)
            if ask in ABOUT_A_SOURCE or (ask and thing and known.means(name, thing, origin.path)):
                return ask, today
    return None


def _today(user: str) -> tuple[date | None, str]:
    found = _BEFORE.match(user)
    if found is not None:
        try:
            return date.fromisoformat(found[found.lastindex or 0]), user[found.end() :]
        except ValueError:  # no day of any year
            return None, user
    return None, user
