# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Markdown: CommonMark with tables, definition lists, footnotes, task lists and front matter.

Blocks: `heading` (name: its words), `paragraph`, `quote` (a paragraph inside a quotation), `item` (its own words,
without nested blocks; info: its ordinal, `-` for a bullet, `definition` for a term with its definition, whose name is
the term), `table` (one block a row; info `head` or `row`, name: the first cell), `code` (what stands between the
fences; info: the language, `html` for raw HTML), `comment` (HTML comments) and `front_matter`.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from itertools import pairwise
from typing import Any, Final

from attrs import define, evolve, field, frozen

from enliterator_core import UNKNOWN_TIME, Block, Document, Raw, Reader, RefusedError, Time, hookimpl

_KEY: Final = re.compile(r"([A-Za-z][\w.-]*)[ \t]*:(?:[ \t]+(.*))?$")
_ENTRY: Final = re.compile(r"[ \t]*-[ \t]+(.*)$")
_COMMENT: Final = re.compile(r"[ \t]#.*$")
_ISO_TIME: Final = re.compile(r"\d{4}(-\d\d(-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?)?)?")
_DATE_KEYS: Final = ("date", "published", "created", "updated", "last_modified_at")


def _scalar(value: str) -> str:
    """Return a plain or quoted scalar's text; nothing for what only a YAML parser could tell."""
    value = value.strip()
    if len(value) >= 2 and value[0] == value[-1] and value[0] in "\"'":
        return value[1:-1]
    if value[:1] in ("|", ">", "&", "*", "!", "{", '"', "'"):
        return ""
    value = _COMMENT.sub("", value).strip()
    if value.startswith("[") and value.endswith("]"):
        return ", ".join(part for part in (_scalar(one) for one in value[1:-1].split(",")) if part)
    return value


def _yaml_stated(lines: Iterable[str]) -> dict[str, str]:
    stated: dict[str, str] = {}
    key = ""
    for line in lines:
        if found := _KEY.match(line):
            key = found[1].lower()
            stated[key] = _scalar(found[2] or "")
        elif key and (entry := _ENTRY.match(line)) and not _KEY.match(entry[1]):
            stated[key] = ", ".join(part for part in (stated[key], _scalar(entry[1])) if part)
        elif line.strip() and not line.startswith((" ", "\t", "#")):
            key = ""
    return {key: value for key, value in stated.items() if value}


def _toml_stated(text: str) -> dict[str, str]:
    def words(value: Any) -> str:
        if isinstance(value, date | datetime):
            return value.isoformat()
        if isinstance(value, list):
            return ", ".join(one for one in value if isinstance(one, str))
        return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""

    try:
        table = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError):
        return {}
    return {key.lower(): words(value) for key, value in table.items() if words(value)}


def _time(stated: Mapping[str, str]) -> Time:
    for key in _DATE_KEYS:
        value = stated.get(key, "")
        if _ISO_TIME.fullmatch(value):
            return Time(value.replace(" ", "T", 1), "front matter")
    return UNKNOWN_TIME


@define
class _Item:
    start: int
    info: str
    level: int
    name: str = ""
    has_words: bool = False
    done: bool = False


@define
class _Blocks:
    """Turns the parser's events into blocks, whose positions are bytes at first."""

    data: bytes
    blocks: list[Block] = field(factory=list)
    items: list[_Item] = field(factory=list)
    lists: list[int | None] = field(factory=list)
    quotes: int = 0
    words: list[str] | None = None
    code: list[int] | None = None
    language: str = ""
    cell: str | None = None
    term: tuple[int, str] | None = None

    def take(self, event: Any, start: int, end: int) -> None:
        """Handle one event of the parser that covers those bytes."""
        if isinstance(event, str):
            if self.words is not None and event in ("SoftBreak", "HardBreak"):
                self.words.append(" ")
            elif event == "Rule":
                self._close_item(start)
            return
        for kind, value in event.items():
            if kind == "Start":
                name, detail = next(iter(value.items())) if isinstance(value, dict) else (value, None)
                self._start(name, detail, start, end)
            elif kind == "End":
                self._end(next(iter(value)) if isinstance(value, dict) else value, value, start, end)
            elif kind in ("Text", "Code"):
                self._text(value, start, end)

    def _text(self, value: str, start: int, end: int) -> None:
        if self.words is not None:
            self.words.append(value)
        if self.code is not None:
            self.code += (start, end)
        elif self.items:
            self.items[-1].has_words = True

    def _start(self, name: str, detail: Any, start: int, end: int) -> None:
        if name in ("Heading", "List", "CodeBlock", "Table", "BlockQuote", "HtmlBlock", "DefinitionList"):
            self._close_item(start)
        if name in ("Heading", "DefinitionListTitle", "TableCell"):
            self.words = []
        elif name == "CodeBlock":
            self.code = []
            said = detail["Fenced"].split() if isinstance(detail, dict) else []
            self.language = said[0] if said else ""
        elif name == "List":
            self.lists.append(detail)
        elif name == "Item":
            ordinal = self.lists[-1]
            self.items.append(_Item(start, "-" if ordinal is None else str(ordinal), len(self.lists)))
            if ordinal is not None:
                self.lists[-1] = ordinal + 1
        elif name == "DefinitionListDefinition" and self.term is not None:
            first, words = self.term
            self.items.append(_Item(start if first < 0 else first, "definition", len(self.lists) + 1, words))
            self.term = (-1, words)
        elif name == "BlockQuote":
            self.quotes += 1
        elif name in ("TableHead", "TableRow"):
            self.cell = None
        elif name == "MetadataBlock":
            self._add("front_matter", start, end)

    def _end(self, name: str, value: Any, start: int, end: int) -> None:
        if name == "Heading":
            level = int(value["Heading"][1:])
            self._add("heading", start, end, level, name=self._said())
        elif name == "Paragraph":
            if self.items and not self.items[-1].done:
                self._close_item(end)
            else:
                self._add("quote" if self.quotes else "paragraph", start, end, len(self.lists))
        elif name == "CodeBlock":
            if self.code:
                self._add("code", self.code[0], self.code[-1], info=self.language)
            self.code = None
        elif name == "HtmlBlock":
            comment = self.data[start:end].lstrip().startswith(b"<!--")
            self._add("comment" if comment else "code", start, end, info="" if comment else "html")
        elif name in ("Item", "DefinitionListDefinition"):
            if self.items:
                self._close_item(end)
                self.items.pop()
        elif name == "DefinitionListTitle":
            self.term = (start, self._said())
        elif name in ("List", "BlockQuote"):
            if name == "List":
                self.lists.pop()
            else:
                self.quotes -= 1
        elif name == "TableCell":
            said = self._said()
            self.cell = said if self.cell is None else self.cell
        elif name in ("TableHead", "TableRow"):
            self._add("table", start, end, info="head" if name == "TableHead" else "row", name=self.cell or "")

    def _said(self) -> str:
        said, self.words = " ".join("".join(self.words or ()).split()), None
        return said

    def _close_item(self, end: int) -> None:
        """End the words of the innermost item here, where something nested in it starts, or where it ends itself."""
        if self.items and not self.items[-1].done:
            item = self.items[-1]
            item.done = True
            if item.has_words:
                self._add("item", item.start, end, item.level, item.info, item.name)

    def _add(self, kind: str, start: int, end: int, level: int = 0, info: str = "", name: str = "") -> None:
        piece = self.data[start:end]
        first, last = start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip())
        if first < last:
            self.blocks.append(Block(kind, first, last, level, info, name))


def _in_characters(blocks: list[Block], data: bytes) -> list[Block]:
    """Turn positions in bytes into positions in characters, in one pass over the text."""
    if data.isascii():
        return blocks
    stops = sorted({0, *(block.start for block in blocks), *(block.end for block in blocks)})
    at, count = {0: 0}, 0
    for before, after in pairwise(stops):
        count += len(data[before:after].decode("utf-8"))
        at[after] = count
    return [evolve(block, start=at[block.start], end=at[block.end]) for block in blocks]


@frozen
class Markdown(Reader):
    """Read Markdown files."""

    name = "markdown"
    media_types = {".md": "text/markdown", ".markdown": "text/markdown", ".mdown": "text/markdown"}

    def read(self, raw: Raw) -> Document:
        """Return the document; its title is the front matter's, else the first heading's words."""
        from pyromark import Markdown as Parser
        from pyromark import Options

        if raw.text is None:
            raise RefusedError("it is not text")
        parser = Parser(
            options=Options.ENABLE_TABLES
            | Options.ENABLE_DEFINITION_LIST
            | Options.ENABLE_FOOTNOTES
            | Options.ENABLE_TASKLISTS
            | Options.ENABLE_STRIKETHROUGH
            | Options.ENABLE_HEADING_ATTRIBUTES
            | Options.ENABLE_YAML_STYLE_METADATA_BLOCKS
            | Options.ENABLE_PLUSES_DELIMITED_METADATA_BLOCKS
        )
        made = _Blocks(raw.text.encode("utf-8"))
        for event, place in parser.events_with_range(raw.text):
            made.take(event, place["start"], place["end"])
        placed = _in_characters(made.blocks, made.data)
        blocks = [block for block in placed if not raw.text[block.start : block.end].isspace()]
        stated: dict[str, str] = {}
        if blocks and blocks[0].kind == "front_matter":
            lines = raw.text[blocks[0].start : blocks[0].end].splitlines()
            stated = _toml_stated("\n".join(lines[1:-1])) if lines[0].startswith("+") else _yaml_stated(lines[1:-1])
        headings = (block.name for block in blocks if block.kind == "heading" and block.name)
        title = stated.get("title") or next(headings, "")
        return Document(raw.text, tuple(blocks), title, _time(stated), tuple(sorted(stated.items())))


@hookimpl
def register_readers() -> list[type[Reader]]:
    """Add Markdown."""
    return [Markdown]
