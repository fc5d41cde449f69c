# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""What the labels, properties and types of a property graph mean here: `mapping.toml`, read strictly."""

import tomllib
from collections.abc import Iterable
from collections.abc import Mapping as Table
from pathlib import Path
from typing import Any, Final

from attrs import field, fields, frozen

from enliterator_core import POOLS, VERBS, ConfigurationError, Problem, UsageError, did_you_mean, reverse_of


@frozen
class Label:
    """What the nodes of a label are: a pool and a kind, and which properties say what.

    `key` identifies a node (without it the graph's own number does), `name` names it (several properties, as given name
    and surname: together), `forms` are further names, `description` says what it is (of several properties, the first
    that is there), `time` and `url` are what they say. Rights come from `rights` (an SPDX expression for all), or from
    the properties `license` and `holder`; where neither says anything, from `--rights`.
    """

    pool: str
    kind: str = ""
    key: str = ""
    name: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()
    description: tuple[str, ...] = ()
    time: str = ""
    url: str = ""
    rights: str = ""
    license: str = ""
    holder: str = ""


@frozen
class Type:
    """What the relationships of a type say: a verb, or a verb's reverse; the type's own name is kept beside it."""

    verb: str = "connects_to"


@frozen
class Mapping:
    """Labels, the more specific first (a node with several is what the first of them says), and types.

    Where a property has values in several languages (`prefLabel@de`), those in `language` name and describe.
    """

    labels: Table[str, Label] = field(factory=dict)
    types: Table[str, Type] = field(factory=dict)
    language: str = "en"

    def label_of(self, labels: Table[str, Any] | tuple[str, ...]) -> str | None:
        """Return the label that says what a node with these labels is."""
        return next((one for one in self.labels if one in labels), None)


_LISTS: Final = ("name", "description", "forms")
_TEXTS: Final = {one.name for one in fields(Label)} - set(_LISTS)


def load(path: Path) -> Mapping:
    """Read a mapping; ConfigurationError with everything that is wrong in it, UsageError when there is no such file."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeError) as error:
        raise UsageError(f"{path} cannot be read: {error}", hint="enliterator map suggest SOURCE writes one") from error
    return parse(text, path.name)


def parse(text: str, where: str) -> Mapping:
    """Read a mapping from its text; ConfigurationError with everything that is wrong in it."""
    try:
        data = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ConfigurationError(where, [Problem("", f"is no TOML: {error}")]) from error
    problems = [_unknown(key, key, _KEYS) for key in data if key not in _KEYS]
    language = data.get("language", "en")
    if not isinstance(language, str):
        problems.append(Problem("language", "is no text"))
    labels = {name: _label(name, row, problems) for name, row in _rows(data, "labels", problems).items()}
    types = {name: _type(name, row, problems) for name, row in _rows(data, "types", problems).items()}
    if problems:
        raise ConfigurationError(where, problems)
    return Mapping(labels, types, language)


_KEYS: Final = ("labels", "types", "language")


def _rows(data: Table[str, Any], table: str, problems: list[Problem]) -> dict[str, Table[str, Any]]:
    rows = data.get(table, {})
    if not isinstance(rows, dict):
        problems.append(Problem(table, "is no table"))
        return {}
    problems += [Problem(f"{table}.{name}", "is no table") for name, row in rows.items() if not isinstance(row, dict)]
    return {name: row for name, row in rows.items() if isinstance(row, dict)}


def _label(name: str, row: Table[str, Any], problems: list[Problem]) -> Label:
    place = f"labels.{name}"
    known = {key: value for key, value in row.items() if key in _TEXTS or key in _LISTS}
    problems += [_unknown(f"{place}.{key}", key, (*_TEXTS, *_LISTS)) for key in row if key not in known]
    lists = {key: _texts(known.get(key, [])) for key in _LISTS}
    for key, value in known.items():
        if (lists[key] is None) if key in _LISTS else not isinstance(value, str):
            what = "is neither a text nor a list of texts" if key in _LISTS else "is no text"
            problems.append(Problem(f"{place}.{key}", what))
    pool = known.get("pool")
    if pool not in POOLS:
        problems.append(Problem(f"{place}.pool", f"{pool!r} is no pool{_near(str(pool), POOLS)}"))
    texts = {key: value for key, value in known.items() if key in _TEXTS and isinstance(value, str)}
    said: dict[str, Any] = {"pool": "Manifest", **texts, **{key: value or () for key, value in lists.items()}}
    return Label(**said)


def _texts(value: Any) -> tuple[str, ...] | None:
    """Return one text or a list of texts as texts; None for anything else."""
    every = [value] if isinstance(value, str) else value
    good = isinstance(every, list) and all(isinstance(one, str) for one in every)
    return tuple(one for one in every if one) if good else None


def _unknown(place: str, key: str, known: Iterable[str]) -> Problem:
    return Problem(place, f"unknown key{_near(key, known)}")


def _near(word: str, known: Iterable[str]) -> str:
    return did_you_mean(word, known) or f"; there are {', '.join(known)}"


def _type(name: str, row: Table[str, Any], problems: list[Problem]) -> Type:
    place, verb = f"types.{name}", row.get("verb", "connects_to")
    problems += [_unknown(f"{place}.{key}", key, ("verb",)) for key in row if key != "verb"]
    if not isinstance(verb, str) or not is_verb(verb):
        verbs = [*VERBS, *(one.reverse for one in VERBS.values() if not one.symmetric)]
        problems.append(Problem(f"{place}.verb", f"{verb!r} is no verb of the glossary{_near(str(verb), verbs)}"))
        return Type()
    return Type(verb)


def is_verb(name: str) -> bool:
    """Say whether the glossary has a verb of this name, read in either direction."""
    try:
        reverse_of(name)
    except KeyError:
        return False
    return True


def fits(verb: str, subject: str, object: str) -> bool:
    """Say whether a verb, read in either direction, may join these pools."""
    if verb in VERBS:
        return VERBS[verb].joins(subject, object)
    return VERBS[reverse_of(verb)].joins(object, subject)
