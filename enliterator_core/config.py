# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The configuration in layers: flag > ENLITERATOR_<KEY> > workspace plugins.toml > user plugins.toml > default.

The `[[plugin]]` entries of the files are laid over each other too, the bundled list lowest: an entry with the same
module (or entry point) and the same `as` as one below configures that one, any other entry adds a plugin.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import attrs
from attrs import evolve, field, frozen
from attrs.validators import ge

from enliterator_core.errors import Problem
from enliterator_core.structure import make, settable, structure, unknown_keys

FILE_NAME = "plugins.toml"
BUNDLED = "bundled"
DEFAULT = "default"
PREFIX = "ENLITERATOR_"

_URL = re.compile(r"[a-z][a-z0-9+._-]*:.*")  # with the underscore of a plugin's name, which RFC 3986 leaves out
_PASSWORD = re.compile(r"//[^/@:]*:[^/@]+@")


def _url(instance: Any, attribute: "attrs.Attribute[str]", value: str) -> None:
    if _PASSWORD.search(value):
        raise ValueError("carries a password; take it out and set it in the environment")
    if not _URL.fullmatch(value):
        raise ValueError(f'"{value}" is no URL: it starts with a scheme, like sqlite:')


def _split(instance: Any, attribute: "attrs.Attribute[str]", value: str) -> None:
    if not re.fullmatch(r"[0-9]+/[0-9]+(/[0-9]+)?", value) or sum(map(int, value.split("/"))) != 100:
        raise ValueError(f'"{value}" is no split: two or three whole numbers that add up to 100, like 80/10/10')


_WEIGHT = re.compile(r"(?P<task>[^\W\d][\w.-]*)=(?P<weight>\d+(?:\.\d+)?)")


def weights_of(text: str) -> dict[str, float]:
    """Read `path_text=2 route=0.5` into weights by task; ValueError for anything else, or a weight of 0."""
    weights: dict[str, float] = {}
    for part in text.replace(",", " ").split():
        found = _WEIGHT.fullmatch(part)
        if found is None or not float(found["weight"]):
            raise ValueError(f'"{part}" is no weight: a task, = and a number above 0, like path_text=2')
        weights[found["task"]] = float(found["weight"])
    return weights


def _weights(instance: Any, attribute: "attrs.Attribute[str]", value: str) -> None:
    weights_of(value)


def _languages(instance: Any, attribute: "attrs.Attribute[str]", value: str) -> None:
    for part in value.split():
        if not re.fullmatch(r"[a-z]{2}", part):
            raise ValueError(f'"{part}" is no language: two letters after ISO 639-1, like en')


def _key(default: Any, meaning: str, validator: Any = None) -> Any:
    return field(default=default, validator=validator, metadata={"help": meaning})


@frozen
class Configuration:
    """The `[enliterator]` table, every value settled; `origin_of` says which layer settled it."""

    bundled: bool = _key(True, "whether the plugins that come with Enliterator are loaded")
    graph: str = _key("sqlite:", "where graphs are kept: a storage's URL", _url)
    records: str = _key("sqlite:", "where batches, settings and builds are kept: a storage's URL", _url)
    split: str = _key("80/10/10", "percentages of train, validation and test (or of train and validation)", _split)
    seed: int = _key(0, "what choices in the dataset derive from, so that another seed draws other examples")
    examples: int = _key(0, "how many examples a dataset has at most; 0: all that the graph gives", ge(0))
    weights: str = _key("", "the tasks' parts of it, like `path_text=2 route=0.5`; 1 for each not named", _weights)
    languages: str = _key("", "the only languages of examples, like `en de` (ISO 639-1); none named: all", _languages)
    _origins: Mapping[str, str] = field(factory=dict, repr=False, eq=False)

    def origin_of(self, key: str) -> str:
        """Return the layer that settled the key: a flag, a variable, the path of a file, or `default`."""
        return self._origins.get(key, DEFAULT)

    def rows(self) -> list[tuple[str, Any, str]]:
        """Return every key with its value and the layer that settled it."""
        return [(key, getattr(self, key), self.origin_of(key)) for key in settable(type(self))]


@frozen
class Entry:
    """One plugin to load: `path` is where the uppermost file names it, each setting has the path it came from."""

    path: str
    origin: str
    module: str | None = None
    entry_point: str | None = None
    alias: str | None = None
    enabled: bool = True
    requires: str | None = None
    settings: Mapping[str, tuple[str, Any]] = field(factory=dict)

    @property
    def key(self) -> tuple[str | None, str | None, str | None]:
        """What makes two entries speak of the same plugin."""
        return self.module, self.entry_point, self.alias

    @property
    def name(self) -> str:
        """What the plugin is called: its `as`, else its module or entry point."""
        return self.alias or self.module or self.entry_point or ""


_ENTRY_KEYS: dict[str, Any] = {
    "module": str,
    "entry_point": str,
    "as": str,
    "enabled": bool,
    "requires": str,
    "settings": dict[str, Any],
}


@frozen
class Layer:
    """One file: its `[enliterator]` table and its entries as written, `prefix` in front of each problem's path."""

    origin: str
    prefix: str
    table: Mapping[str, Any] = field(factory=dict)
    entries: Sequence[tuple[str, Mapping[str, Any]]] = ()
    problems: Sequence[Problem] = ()


def read_layer(path: Path, origin: str, prefix: str = "") -> Layer:
    """Read one plugins.toml; whatever is wrong with it is among the layer's problems."""
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        message, _, place = str(error).partition(" (at ")
        return Layer(origin, prefix, problems=[Problem(prefix + (place.rstrip(")") or "file"), message)])
    except (OSError, UnicodeDecodeError) as error:
        return Layer(origin, prefix, problems=[Problem(f"{prefix}file", f"cannot be read: {error}")])
    problems = unknown_keys(document, {"enliterator": 0, "plugin": 0}, prefix.rstrip(), "table")
    table, wrong = structure(document.get("enliterator", {}), dict[str, Any], f"{prefix}enliterator")
    problems += wrong
    listed, wrong = structure(document.get("plugin", []), list[dict[str, Any]], f"{prefix}plugin")
    problems += wrong
    entries: list[tuple[str, Mapping[str, Any]]] = []
    for number, written in enumerate([] if wrong else listed):
        place = f"{prefix}plugin[{number}]"
        found = _wrong_in(written, place)
        problems += found
        if not found:
            entries.append((place, written))
    return Layer(origin, prefix, table if isinstance(table, dict) else {}, entries, problems)


def _wrong_in(written: Mapping[str, Any], place: str) -> list[Problem]:
    problems = unknown_keys(written, _ENTRY_KEYS, place, "key")
    for key, kind in _ENTRY_KEYS.items():
        if key in written:
            problems += structure(written[key], kind, f"{place}.{key}")[1]
    if ("module" in written) == ("entry_point" in written):
        problems.append(Problem(place, "needs either module or entry_point"))
    if isinstance(written.get("as"), str) and not re.fullmatch(r"[A-Za-z][\w-]*", written["as"]):
        problems.append(Problem(f"{place}.as", "is no name: letters, digits, _ and -, a letter first"))
    return problems


def lay_over(layers: Sequence[Layer]) -> tuple[list[Entry], list[Problem]]:
    """Lay the layers' entries over each other, the lowest first: a known plugin keeps its place, others follow."""
    entries: dict[tuple[str | None, str | None, str | None], Entry] = {}
    problems: list[Problem] = []
    for layer in layers:
        here: dict[tuple[str | None, str | None, str | None], str] = {}
        for place, written in layer.entries:
            key = written.get("module"), written.get("entry_point"), written.get("as")
            below = entries.get(key, Entry(place, layer.origin, *key))
            if key in here:
                name = f"is named at {here[key]} already; give one of them a name of its own with `as`"
                problems.append(Problem(place, name))
            here[key] = place
            added = {name: (f"{place}.settings.{name}", one) for name, one in written.get("settings", {}).items()}
            entries[key] = evolve(
                below,
                path=place,
                enabled=written.get("enabled", below.enabled),
                requires=written.get("requires", below.requires),
                settings={**below.settings, **added},
            )
    return list(entries.values()), problems


def settle(
    layers: Sequence[Layer], flags: Mapping[str, str], environment: Mapping[str, str]
) -> tuple[Configuration, list[Problem]]:
    """Settle every key from the layers of files (the lowest first), the environment and the flags.

    An empty variable counts as unset. Where values are wrong, the configuration holds the next lower ones.
    """
    problems: list[Problem] = []
    values: dict[str, tuple[str, Any]] = {}
    origins: dict[str, str] = {}
    known = settable(Configuration)
    offers: list[tuple[str, str, str, Any]] = []
    for layer in layers:
        path = f"{layer.prefix}enliterator"
        problems += unknown_keys(layer.table, known, path, "key")
        offers += [(key, f"{path}.{key}", layer.origin, one) for key, one in layer.table.items() if key in known]
    variables = {key: PREFIX + key.upper() for key in known}
    texts = [(key, name, environment[name]) for key, name in variables.items() if environment.get(name)]
    texts += [(key, f"--{key}", flags[key]) for key in known if key in flags]
    offers += [(key, name, name, read_text(text, known[key].type)) for key, name, text in texts]
    for key, place, origin, value in offers:
        wrong = make(Configuration, {key: (place, value)}, place)[1]
        problems += wrong
        if not wrong:
            values[key], origins[key] = (place, value), origin
    settled = {key: value for key, (_, value) in values.items()}
    return Configuration(**settled, origins=origins), problems


def read_text(text: str, kind: Any) -> Any:
    """Return what text from the environment or a flag says as `kind`; the text itself where it says no such thing."""
    if kind is int and re.fullmatch(r"[+-]?[0-9]+", text):
        return int(text)
    return {"true": True, "false": False}.get(text, text) if kind is bool else text
