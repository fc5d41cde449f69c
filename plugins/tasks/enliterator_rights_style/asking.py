# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""How people ask, from `requests.toml`: written for a source or a thing in it, and read back from any text."""

import re
import tomllib
from array import array
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeVar

import numpy as np

from enliterator_core import Entity, Graph, Sampler, fold
from enliterator_rights_style.origins import origin_of
from enliterator_rights_style.things import Thing, names_of, thing_of

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


def _means(graph: Graph, form: str, thing: Thing, path: str) -> bool:
    """Say whether nothing else in a source is called so."""
    if hash(fold(form)) not in graph.once(_shared):
        return True
    others = [one for one in graph.called(form) if one.id != thing.id]
    return not any(span.source == path for one in others for span in one.evidence)


def _shared(graph: Graph) -> frozenset[int]:
    """Return the hashes of the forms that several things have, among those that people are let call them by."""
    hashes = array("q")
    for id, name in zip(graph.arrays.entities.ids, graph.arrays.entities.names, strict=True):
        hashes.extend({hash(fold(form)) for form in names_of(graph, id, name)})
    every = np.sort(np.frombuffer(hashes, np.int64)) if hashes else np.zeros(0, np.int64)
    return frozenset(every[1:][every[1:] == every[:-1]].tolist())


def write(request: Request, graph: Graph, sampler: Sampler) -> str | None:
    """Return a request in one of the ways that people ask it, the same one for the same seed; None where its thing
    has no name of its own in the source."""
    ask, path, id, today = request
    drawn = sampler.fraction("request", ask, path, id or "", today.isoformat() if today else "")
    drawn, way = _draw(drawn, _WAYS[ask])
    drawn, called = _draw(drawn, origin_of(graph, path).called)
    if id is None or ask in ABOUT_A_SOURCE:
        asked = way.format(path=called)
    else:
        thing = thing_of(graph, id)
        names = [one for one in thing.names if one.strip()]
        drawn, first = _draw(drawn, names)
        name = next((one for one in (first, *names) if _means(graph, one, thing, path)), None)
        if name is None:
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
    thing = thing_of(graph, about.id) if isinstance(about, Entity) else about
    id = thing.id if thing else None
    today, asked = _today(user)
    called = [one for one in origin_of(graph, path).called if one in asked]
    for one in called:
        said = asked.replace(one, "{path}", 1)
        ask = _ASK.get(said)
        if ask in ABOUT_A_SOURCE:
            return Request(ask, path, id, today)
        for name in thing.names if thing else ():
            ask = _ASK.get(said.replace(name, "{name}", 1)) if name in said else None
            if thing and ask in ABOUT_A_THING and _means(graph, name, thing, path):
                return Request(ask, path, id, today)
    return _read_slowly(asked, called, path, thing, today, graph)


def _read_slowly(
    asked: str, called: list[str], path: str, thing: Thing | None, today: date | None, graph: Graph
) -> Request | None:
    """Try every way, where a name or a path is a part of its words, or of the other one."""
    for one in called:
        for name in thing.names if thing else ("",):
            ask = next((ask for way, ask in _ASK.items() if way.format(path=one, name=name) == asked), None)
            if ask in ABOUT_A_SOURCE or (ask and thing and _means(graph, name, thing, path)):
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
