# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""TOML and JSON: an `entry` block for every key whose value holds no further keys.

Its span runs from the key to the end of the value, its name is the key, its info the path (`project.scripts.run`,
`plugin[0].module`). The standard library decides whether a file is valid; a small scanner then finds the places, and
an entry whose path does not lead to a value in the parsed data is left out. A file that is not valid is read as
pieces of code, and `stated` says so under `problem`.
"""

import json
import re
import tomllib
from collections.abc import Callable, Iterator
from datetime import date, time
from typing import Any, Final

from attrs import define, field, frozen
from attrs.validators import ge

from enliterator_core import Block, Document, Raw, Reader, RefusedError, hookimpl

Keys = tuple[str | int, ...]
Found = Iterator[tuple[Keys, int, int]]

_CHUNK: Final = re.compile(r"\S[^\n]*(?:\n[^\S\n]*\S[^\n]*)*")
_STATED_KEYS: Final = ("title", "name", "version", "date", "author", "license", "description", "homepage")
_PLAIN_KEY: Final = re.compile(r"[A-Za-z0-9_-]+")

_JSON_TOKEN: Final = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+')
_TOML_SPACE: Final = re.compile(r"(?:\s|#[^\n]*)*")
_TOML_KEY: Final = re.compile(r'[ \t]*("(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'|[A-Za-z0-9_-]+)[ \t]*(\.?)')
_TOML_TOKEN: Final = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"{3,5}|\'\'\'(?:[^\']|\'(?!\'\'))*\'{3,5}'
    r'|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'|#[^\n]*|[\[\]{}\n]|[^\s\[\]{}"\'#]+',
    re.DOTALL,
)
_DEEPEST: Final = 32


def path_of(keys: Keys) -> str:
    """Return the path of a value as text; a key that is no bare word stands in quotes."""
    path = ""
    for key in keys:
        if isinstance(key, int):
            path += f"[{key}]"
        else:
            word = key if _PLAIN_KEY.fullmatch(key) else json.dumps(key, ensure_ascii=False)
            path += f".{word}" if path else word
    return path


@define
class _Level:
    """An object or array that is open; ``holds_objects`` once there is an object somewhere inside it."""

    is_object: bool
    key: str | None = None
    key_start: int = 0
    index: int = 0
    holds_objects: bool = False


def json_entries(text: str) -> Found:
    """Yield (keys, start, end) of every member of valid JSON whose value is a scalar or an array without objects."""
    levels: list[_Level] = []

    def keys() -> Keys:
        return tuple(level.key if level.is_object and level.key is not None else level.index for level in levels)

    for token in _JSON_TOKEN.finditer(text):
        mark, top = token[0][0], levels[-1] if levels else None
        if mark in "{[":
            for level in reversed(levels if mark == "{" else ()):
                if level.holds_objects:
                    break
                level.holds_objects = True
            levels.append(_Level(is_object=mark == "{"))
        elif mark in "}]":
            closed = levels.pop()
            if levels and levels[-1].is_object and not closed.is_object and not closed.holds_objects:
                yield keys(), levels[-1].key_start, token.end()
        elif top is None or mark == ":":
            continue
        elif mark == ",":
            top.key = None
            top.index += 1
        elif top.is_object and top.key is None:
            top.key, top.key_start = json.loads(token[0]), token.start()
        elif top.is_object:
            yield keys(), top.key_start, token.end()


def _toml_key(text: str, position: int) -> tuple[list[str], int]:
    """Read a dotted key; return its parts and the position after it."""
    parts: list[str] = []
    while found := _TOML_KEY.match(text, position):
        word = found[1]
        parts.append(next(iter(tomllib.loads(f"{word}=0"))) if word[0] in "\"'" else word)
        position = found.end()
        if not found[2]:
            break
    return parts, position


def _toml_value_end(text: str, position: int) -> int:
    """Return where the value that starts at or after the position ends."""
    depth, end = 0, position
    for token in _TOML_TOKEN.finditer(text, position):
        mark = token[0][0]
        if depth == 0 and mark in "#\n":
            break
        if mark in "#\n":
            continue
        depth += (token[0] in ("[", "{")) - (token[0] in ("]", "}"))
        end = token.end()
    return end


def toml_entries(text: str) -> Found:
    """Yield (keys, start, end) of every key of valid TOML; an inline table is one value."""
    counts: dict[Keys, int] = {}
    table: Keys = ()
    position = 0
    while True:
        space = _TOML_SPACE.match(text, position)
        start = space.end() if space else position
        if start >= len(text):
            return
        if text[start] == "[":
            several = text.startswith("[[", start)
            parts, position = _toml_key(text, start + 1 + several)
            table = ()
            for at, part in enumerate(parts, 1):
                table += (part,)
                if several and at == len(parts):
                    counts[table] = counts.get(table, -1) + 1
                if table in counts:
                    table += (counts[table],)
            position = text.find("]", position) + 1 + several
        else:
            parts, position = _toml_key(text, start)
            position = _toml_value_end(text, position + 1)
            yield (*table, *parts), start, position
        if not parts:
            return  # not TOML after all


def _value(data: Any, keys: Keys) -> tuple[bool, Any]:
    """Follow the keys; return whether they lead somewhere, and where."""
    for key in keys:
        try:
            data = data[key]
        except (KeyError, IndexError, TypeError):
            return False, None
    return True, data


def _words(value: Any) -> str:
    if isinstance(value, date | time):
        return value.isoformat()
    return value if isinstance(value, str) else ""


class _Data(Reader):
    """What both formats share; `max_entries` bounds the blocks of one file."""

    max_entries: int

    def _document(
        self, raw: Raw, load: Callable[[str], Any], scan: Callable[[str], Found], invalid: type[ValueError]
    ) -> Document:
        if raw.text is None:
            raise RefusedError("it is not text")
        try:
            data = load(raw.text)
        except (invalid, RecursionError) as error:
            problem = f"not valid: {error}".splitlines()[0]
            pieces = (Block("code", found.start(), found.end()) for found in _CHUNK.finditer(raw.text))
            return Document(raw.text, tuple(pieces), stated=(("problem", problem),))
        blocks: list[Block] = []
        for keys, start, end in scan(raw.text):
            if len(blocks) >= self.max_entries:
                break
            if len(keys) <= _DEEPEST and _value(data, keys)[0]:
                blocks.append(Block("entry", start, end, len(keys), path_of(keys), str(keys[-1])))
        top = data if isinstance(data, dict) else {}
        main = next((one for one in (top.get("project"), top.get("package")) if isinstance(one, dict)), top)
        stated = {key: _words(main.get(key)) for key in _STATED_KEYS}
        title = stated["title"] or stated["name"]
        return Document(raw.text, tuple(blocks), title, stated=tuple((k, v) for k, v in sorted(stated.items()) if v))


@frozen
class Toml(_Data):
    """Read TOML files."""

    name = "toml"
    media_types = {".toml": "application/toml"}

    max_entries: int = field(default=20_000, validator=ge(1))

    def read(self, raw: Raw) -> Document:
        """Return the document; its title is the top table's title or name, or the project's."""
        return self._document(raw, tomllib.loads, toml_entries, tomllib.TOMLDecodeError)


@frozen
class Json(_Data):
    """Read JSON files."""

    name = "json"
    media_types = {".json": "application/json"}

    max_entries: int = field(default=20_000, validator=ge(1))

    def read(self, raw: Raw) -> Document:
        """Return the document; its title is the top object's title or name."""
        return self._document(raw, json.loads, json_entries, json.JSONDecodeError)


@hookimpl
def register_readers() -> list[type[Reader]]:
    """Add TOML and JSON."""
    return [Toml, Json]
