# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""How people ask, from `requests.toml`: written for a source or a thing in it, and read back from any text."""

import re
import tomllib
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeVar

from enliterator_core import Entity, Graph
from enliterator_rights_style.known import Known, Thing

_DATA: Final[dict[str, Any]] = tomllib.loads(Path(__file__).with_name("requests.toml").read_text(encoding="utf-8"))
ABOUT_A_THING: Final[dict[str, list[str]]] = _DATA["about_a_thing"]
ABOUT_A_SOURCE: Final[dict[str, list[str]]] = _DATA["about_a_source"]
_DATED: Final[list[str]] = _DATA["dated"]
_WAYS: Final = ABOUT_A_THING | ABOUT_A_SOURCE
_ASK: Final = {way: ask for ask, ways in _WAYS.items() for way in ways}
_BEFORE: Final = re.compile("|".join(re.escape(way).replace(r"\{today\}", r"(\d{4}-\d\d-\d\d)") for way in _DATED))

T = TypeVar("T")


class Request(NamedTuple):
    """What is asked: ``ask`` is a key of `requests.toml`, ``today`` the day that the request names, if it does.

    ``thing`` is the id of an entity: what is asked about, or what stands for the source.
    """

    ask: str
    path: str
    thing: str | None = None
    today: date | None = None


def write(request: Request, drawn: float, known: Known) -> str | None:
    """Return a request in one of the ways that people ask it, by a number drawn in [0, 1).

    None where its thing has no name of its own in the source.
    """
    ask, path, id, today = request
    drawn, way = _draw(drawn, _WAYS[ask])
    drawn, called = _draw(drawn, known.origins[path].called)
    if id is None or ask in ABOUT_A_SOURCE:
        asked = way.format(path=called)
    else:
        thing = known.things[id]
        if not thing.names:
            return None
        drawn, name = _draw(drawn, thing.names)
        if not known.means(name, thing, path):
            name = next((one for one in thing.names if known.means(one, thing, path)), "")
        if not name:
            return None
        asked = way.format(path=called, name=name)
    if today is None:
        return asked
    return _draw(drawn, _DATED)[1].format(today=today.isoformat()) + asked


def _draw(drawn: float, options: Sequence[T]) -> tuple[float, T]:
    """Return one of the options for a number in [0, 1), and what is left of the number to draw again with."""
    place = int(drawn * len(options))
    return drawn * len(options) - place, options[place]


def read(user: str, path: str, about: Entity | Thing | None, graph: Graph) -> Request | None:
    """Return what a text asks about a source, or about a thing in it; None when it asks neither."""
    known = graph.once(Known)
    thing = known.things[about.id] if isinstance(about, Entity) else about
    id = thing.id if thing else None
    today, asked = _today(user)
    called = [one for one in known.origins[path].called if one in asked]
    for one in called:
        said = asked.replace(one, "{path}", 1)
        ask = _ASK.get(said)
        if ask in ABOUT_A_SOURCE:
            return Request(ask, path, id, today)
        for name in thing.names if thing else ():
            ask = _ASK.get(said.replace(name, "{name}", 1)) if name in said else None
            if thing and ask in ABOUT_A_THING and known.means(name, thing, path):
                return Request(ask, path, id, today)
    return _read_slowly(asked, called, path, thing, today, known)


def _read_slowly(
    asked: str, called: list[str], path: str, thing: Thing | None, today: date | None, known: Known
) -> Request | None:
    """Try every way, where a name or a path is a part of its words, or of the other one."""
    for one in called:
        for name in thing.names if thing else ("",):
            ask = next((ask for way, ask in _ASK.items() if way.format(path=one, name=name) == asked), None)
            if ask in ABOUT_A_SOURCE or (ask and thing and known.means(name, thing, path)):
                return Request(ask, path, thing.id if thing else None, today)
    return None


def _today(user: str) -> tuple[date | None, str]:
    found = _BEFORE.match(user)
    if found is not None:
        try:
            return date.fromisoformat(found[found.lastindex or 0]), user[found.end() :]
        except ValueError:  # no day of any year
            return None, user
    return None, user
