# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""How people ask, from `requests.toml`: written for a source or a thing in it, and read back from any text."""

import re
import tomllib
from array import array
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final, TypeVar

import numpy as np
from attrs import frozen

from enliterator_core import Entity, Graph, Sampler, fold
from enliterator_rights_style.keeping import Kept

_DATA: Final[dict[str, Any]] = tomllib.loads(Path(__file__).with_name("requests.toml").read_text(encoding="utf-8"))
ABOUT_A_THING: Final[dict[str, list[str]]] = _DATA["about_a_thing"]
ABOUT_A_SOURCE: Final[dict[str, list[str]]] = _DATA["about_a_source"]
_DATED: Final[list[str]] = _DATA["dated"]
_ASK: Final = {way: ask for asks in (ABOUT_A_THING, ABOUT_A_SOURCE) for ask, ways in asks.items() for way in ways}
_BEFORE: Final = [re.compile(re.escape(way).replace(r"\{today\}", r"(\d{4}-\d\d-\d\d)")) for way in _DATED]
_COMMIT: Final = "commit:"
_MOST_FORMS: Final = 4

T = TypeVar("T")


@frozen
class Request:
    """What is asked: ``ask`` is a key of `requests.toml`, ``today`` the day that the request names, if it does."""

    ask: str
    path: str
    entity: Entity | None = None
    today: date | None = None


def _names(graph: Graph) -> Counter[str]:
    """Count how many sources have each file name."""
    return Counter(path.rpartition("/")[2] for path in graph.sources)


def paths_of(graph: Graph, path: str) -> tuple[str, ...]:
    """Return what people call a source: its path, and its file name where no other source has that."""
    kept = graph.once(_paths)
    if path not in kept:
        kept[path] = _paths_of(graph, path)
    return kept[path]


def _paths(graph: Graph) -> Kept[tuple[str, ...]]:
    return Kept()


def _paths_of(graph: Graph, path: str) -> tuple[str, ...]:
    if path.startswith(_COMMIT):
        return path, f"commit {path.removeprefix(_COMMIT)[:10]}"
    name = path.rpartition("/")[2]
    return (path, name) if name != path and "." in name and graph.once(_names)[name] == 1 else (path,)


def names_of(graph: Graph, entity: Entity) -> tuple[str, ...]:
    """Return what people may call a thing: its name and the first of its other forms."""
    term = graph.terms.get(entity.id)
    return tuple(dict.fromkeys((entity.name, *(term.surface_forms[:_MOST_FORMS] if term else ()))))


def means(graph: Graph, form: str, entity: Entity, path: str) -> bool:
    """Say whether nothing else in a source is called so."""
    if hash(fold(form)) not in graph.once(_shared):
        return True
    others = [one for one in graph.called(form) if one.id != entity.id]
    return not any(span.source == path for one in others for span in one.evidence)


def _shared(graph: Graph) -> frozenset[int]:
    """Return the hashes of the forms that several things have, among those that people are let call them by."""
    hashes = array("q")
    for entity in graph.entities.values():
        hashes.extend({hash(fold(form)) for form in names_of(graph, entity)})
    every = np.sort(np.frombuffer(hashes, np.int64)) if hashes else np.zeros(0, np.int64)
    return frozenset(every[1:][every[1:] == every[:-1]].tolist())


def write(request: Request, graph: Graph, sampler: Sampler) -> str | None:
    """Return a request in one of the ways that people ask it, the same one for the same seed; None where its thing
    has no name of its own in the source."""
    path, entity, today = request.path, request.entity, request.today
    key = (request.ask, path, entity.id if entity else "", today.isoformat() if today else "")
    drawn = sampler.fraction("request", *key)
    ways, paths = (ABOUT_A_THING.get(request.ask) or ABOUT_A_SOURCE[request.ask]), paths_of(graph, path)
    drawn, way = _draw(drawn, ways)
    drawn, called = _draw(drawn, paths)
    if entity is None or request.ask in ABOUT_A_SOURCE:
        asked = way.format(path=called)
    else:
        names = [one for one in names_of(graph, entity) if one.strip()]
        drawn, first = _draw(drawn, names)
        name = next((one for one in (first, *names) if means(graph, one, entity, path)), None)
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


def read(user: str, path: str, entity: Entity | None, graph: Graph) -> Request | None:
    """Return what a text asks about a source, or about a thing in it; None when it asks neither."""
    kept, key = graph.once(_readings), (user, path, entity.id if entity else None)
    if key not in kept:
        kept[key] = _read(user, path, entity, graph)
    return kept[key]


def _readings(graph: Graph) -> Kept[Request | None]:
    return Kept()


def _read(user: str, path: str, entity: Entity | None, graph: Graph) -> Request | None:
    today, asked = _today(user)
    called = [one for one in paths_of(graph, path) if one in asked]
    for one in called:
        about = asked.replace(one, "{path}", 1)
        if (ask := _ASK.get(about)) in ABOUT_A_SOURCE:
            return Request(ask, path, entity, today)
        if entity is None:
            continue
        for name in names_of(graph, entity):
            ask = _ASK.get(about.replace(name, "{name}", 1)) if name in about else None
            if ask in ABOUT_A_THING and means(graph, name, entity, path):
                return Request(ask, path, entity, today)
    return _read_slowly(asked, called, path, entity, today, graph)


def _read_slowly(
    asked: str, called: list[str], path: str, entity: Entity | None, today: date | None, graph: Graph
) -> Request | None:
    """Try every way, where a name or a path is a part of its words, or of the other one."""
    names = names_of(graph, entity) if entity is not None else ("",)
    for one in called:
        for name in names:
            ask = next((ask for way, ask in _ASK.items() if way.format(path=one, name=name) == asked), None)
            if ask in ABOUT_A_SOURCE or (ask and entity is not None and means(graph, name, entity, path)):
                return Request(ask, path, entity, today)
    return None


def _today(user: str) -> tuple[date | None, str]:
    for pattern in _BEFORE:
        if found := pattern.match(user):
            try:
                return date.fromisoformat(found[1]), user[found.end() :]
            except ValueError:  # no day of any year
                return None, user
    return None, user
