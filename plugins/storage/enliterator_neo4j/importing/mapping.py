# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""What the labels, properties and types of a property graph mean here: `mapping.toml`, read strictly."""

import tomllib
from collections.abc import Mapping as Table
from pathlib import Path
from typing import Any, Final

from attrs import field, fields, frozen

from enliterator_core import POOLS, VERBS, ConfigurationError, Problem, UsageError, reverse_of


@frozen
class Label:
    """What the nodes of a label are: a pool and a kind, and which properties say what.

    `key` identifies a node (without it the graph's own number does), `name` names it, `forms` are further names,
    `description`, `time` and `url` are what they say. Rights come from `rights` (an SPDX expression for all), or from
    the properties `license` and `holder`; where neither says anything, from `--rights`.
    """

    pool: str
    kind: str = ""
    key: str = ""
    name: str = ""
    forms: tuple[str, ...] = ()
    description: str = ""
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


_TEXTS: Final = {one.name for one in fields(Label)} - {"forms"}


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
    problems = [Problem(key, "unknown; there are labels, types and language") for key in data if key not in _KEYS]
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
    known = {key: value for key, value in row.items() if key in _TEXTS or key == "forms"}
    problems += [Problem(f"{place}.{key}", "unknown key") for key in row if key not in known]
    for key, value in known.items():
        good = isinstance(value, list) and all(isinstance(one, str) for one in value)
        if not (good if key == "forms" else isinstance(value, str)):
            problems.append(Problem(f"{place}.{key}", "is no list of texts" if key == "forms" else "is no text"))
            return Label("Manifest")
    if known.get("pool") not in POOLS:
        problems.append(Problem(f"{place}.pool", f"{known.get('pool')!r} is no pool; there are {', '.join(POOLS)}"))
    return Label(**{"pool": "Manifest", **known, "forms": tuple(known.get("forms", ()))})


def _type(name: str, row: Table[str, Any], problems: list[Problem]) -> Type:
    place, verb = f"types.{name}", row.get("verb", "connects_to")
    problems += [Problem(f"{place}.{key}", "unknown key") for key in row if key != "verb"]
    if not isinstance(verb, str) or not is_verb(verb):
        problems.append(Problem(f"{place}.verb", f"{verb!r} is no verb of the glossary; there are {', '.join(VERBS)}"))
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
