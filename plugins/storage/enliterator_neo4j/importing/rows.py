# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""From the rows of a property graph to sources that a person can read, and what they state."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from collections.abc import Mapping as Table
from hashlib import sha256
from itertools import groupby, islice
from typing import Any, Final

from attrs import define, field

from enliterator_core import (
    UNKNOWN_TIME,
    Block,
    Candidate,
    Claim,
    Document,
    Extraction,
    Imported,
    Reference,
    Source,
    Span,
    Time,
    pack_extraction,
)
from enliterator_neo4j.importing.mapping import Label, Mapping, Type, fits
from enliterator_neo4j.importing.names import in_words, is_key, local
from enliterator_neo4j.importing.staging import Link, Row, Staging

AT_ONCE: Final = 200
"""Nodes of one source: few enough to read, and to be made anew when one of them changes."""

MEDIA_TYPE: Final = "text/x-property-graph"


_NOTHING: Final = (None, "NULL", r"\N")
"""How nothing is written; as texts, where a table went through a file on its way into the graph."""


def shown(value: Any) -> str:
    """Return a property's value as people write it; lists with commas, true and false as words."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ", ".join(filter(None, map(shown, value)))
    if value in _NOTHING:
        return ""
    return json.dumps(value, ensure_ascii=False, sort_keys=True) if isinstance(value, dict) else str(value)


def values_of(properties: Table[str, Any], name: str) -> list[tuple[str, str]]:
    """Return what a property says, each with the language it says it in (empty: none is told), by language."""
    found = []
    for key in sorted(properties) if name else ():
        base, _, language = key.partition("@")
        if (key == name or base == name) and properties[key] is not None:
            value = properties[key]
            for one in value if isinstance(value, list) else [value]:
                if text := shown(one).strip():
                    found.append((text, language if base == name else ""))
    return found


def text_of(properties: Table[str, Any], name: str, language: str = "en") -> str:
    """Return what a property says: without a language, else in the one that is wanted, else in the first."""
    found = values_of(properties, name)
    wanted = [[text for text, tag in found if test(tag)] for test in (lambda tag: not tag, lambda tag: tag == language)]
    first = next((texts for texts in wanted if texts), [text for text, _ in found[:1]])
    return ", ".join(first)


def name_of(properties: Table[str, Any], mapped: Label, language: str) -> str:
    """Return what a node is called, in one line: what its naming properties say, one after another."""
    return " ".join(" ".join(text_of(properties, name, language) for name in mapped.name).split())


def description_of(properties: Table[str, Any], mapped: Label, language: str) -> str:
    """Return what a node's describing properties say: the first of them that says anything."""
    return next((text for name in mapped.description if (text := text_of(properties, name, language))), "")


_TIME: Final = re.compile(r"(-?\d{4}(?:-\d\d(?:-\d\d)?)?)(?:[T ](\d\d:\d\d\S*))?")
_MIDNIGHT: Final = re.compile(r"00:00(?::00(?:\.0+)?)?(?:Z|[+-]\d\d:?\d\d)?")
_SHORT: Final = 60


def _naming(mapped: Label) -> tuple[str, ...]:
    """Return the properties whose every value is a name; parts of a name are none."""
    return (*(mapped.name if len(mapped.name) == 1 else ()), *mapped.forms)


def when(text: str) -> Time:
    """Return a property's time, a day for its midnight; unknown where the text is no ISO 8601."""
    found = _TIME.fullmatch(text.strip())
    if found is None:
        return UNKNOWN_TIME
    day, clock = found.groups()
    return Time(day if clock is None or _MIDNIGHT.fullmatch(clock) else f"{day}T{clock}", "document property")


def summary(properties: Table[str, Any], mapped: Label, kind: str) -> str:
    """Return in a few words what a node is: its kind and its short values, its time first."""
    left = {*mapped.name, *mapped.description, *mapped.forms, mapped.key, mapped.url, mapped.license, mapped.holder}
    names = dict.fromkeys(key.partition("@")[0] for key in (mapped.time, *properties) if key)
    told = []
    for name in names:
        text = when(value).value or value if (value := text_of(properties, name)) else ""
        if name not in left and not is_key(name) and 0 < len(text) <= _SHORT and text != "false":
            told.append(f", {in_words(name)}" + ("" if text == "true" else f" {text}"))
    return kind + "".join(told[:4])


@define
class _Page:
    """The text of one source as it is written, and what was found in it."""

    path: str
    language: str
    parts: list[str] = field(factory=list)
    length: int = 0
    blocks: list[Block] = field(factory=list)
    candidates: list[Candidate] = field(factory=list)
    claims: list[Claim] = field(factory=list)

    def write(self, text: str) -> Span:
        """Write a piece of text and return where it stands."""
        span = Span(self.path, self.length, self.length + len(text))
        self.parts.append(text)
        self.length += len(text)
        return span

    def block(self, kind: str, start: int, name: str = "") -> None:
        """Make what was written since a place a block, and end its line."""
        self.blocks.append(Block(kind, start, self.length, name=name))
        self.write("\n")

    def node(self, row: Row, mapped: Label) -> None:
        """Write what a node says of itself: a line with its name and kind, and one for each property."""
        kind = mapped.kind or in_words(row.label)
        start = self.write(f"{row.name}: ").start
        brief = summary(row.properties, mapped, kind)
        told = self.write(brief)
        named = Span(self.path, start, told.end)
        said: dict[str, Span] = {}
        for key, value in row.properties.items():
            if text := shown(value).strip():
                base, _, tag = key.partition("@")
                self.write(f"\n  {base} ({tag}): " if tag else f"\n  {key}: ")
                said[key] = self.write(text)
        self.block("entry", named.start, row.name)
        # The first span is the one that holds the description.
        description = description_of(row.properties, mapped, self.language)
        described = next(
            (at for key, at in said.items() if description and text_of(row.properties, key) == description), told
        )
        called = dict.fromkeys(one for key in _naming(mapped) for one in values_of(row.properties, key))
        forms = dict.fromkeys(form for form, _ in called if form != row.name)
        self.candidates.append(
            Candidate(
                row.pool,
                row.name,
                kind,
                description or brief,
                tuple(forms),
                tuple(dict.fromkeys((described, named))),
                when(text_of(row.properties, mapped.time)),
                languages=tuple(sorted((form, tag) for form, tag in called if tag)),
            )
        )

    def link(self, row: Row, link: Link, mapped: Type) -> None:
        """Write a relationship as a line that says it whole."""
        more = "; ".join(f"{key}: {shown(value)}" for key, value in link.properties.items())
        words = f"{row.name} {local(link.type)} {link.name}" + (f" ({more})" if more else "")
        self.write("  ")
        span = self.write(words)
        self.block("item", span.start)
        verb = mapped.verb if fits(mapped.verb, row.pool, link.pool) else "connects_to"
        ends = Reference(row.pool, row.name), Reference(link.pool, link.name)
        self.claims.append(Claim(ends[0], verb, ends[1], (span,), predicate=link.type))


def imported(staging: Staging, mapping: Mapping) -> Iterator[Imported]:
    """Yield the staged graph as sources of at most AT_ONCE nodes of one label and one statement of rights."""
    folders = _folders(mapping)
    for (label, rights), rows in groupby(staging.rows(), key=lambda row: (row.label, row.rights)):
        number = 0
        while some := list(islice(rows, AT_ONCE)):
            number += 1
            yield _imported(staging, mapping, some, rights, f"{folders[label]}{_mark(rights)}/{number:05}")


_NO_PATH: Final = re.compile(r"[^\w. -]|^\.+")


def _short(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:6]


def _folders(mapping: Mapping) -> dict[str, str]:
    """Return where the sources of each label stand: its name as a path can have it, with a mark where two share it."""
    plain = {label: _NO_PATH.sub("_", local(label)) or "_" for label in mapping.labels}
    shared = Counter(name.casefold() for name in plain.values())
    return {label: name if shared[name.casefold()] == 1 else f"{name} {_short(label)}" for label, name in plain.items()}


def _mark(rights: str) -> str:
    """Return what tells the sources of one statement of rights from those of others: its licence, where that is all."""
    if not rights:
        return ""
    stated = json.loads(rights)
    shown = _NO_PATH.sub("_", stated["license"])[:40]
    return f" {shown}" if stated == {"license": shown} else f" {shown} {_short(rights)}"


def _imported(staging: Staging, mapping: Mapping, rows: list[Row], rights: str, path: str) -> Imported:
    page, links = _Page(path, mapping.language), staging.links([row.id for row in rows])
    for row in rows:
        page.node(row, mapping.labels[row.label])
        for link in links[row.id]:
            page.link(row, link, mapping.types.get(link.type, Type()))
    stated = tuple((key, value) for key, value in json.loads(rights).items()) if rights else ()
    text, extraction = "".join(page.parts), Extraction(tuple(page.candidates), tuple(page.claims))
    digest = sha256(text.encode("utf-8", "surrogatepass"))
    digest.update(json.dumps([pack_extraction(extraction), stated]).encode())
    size = len(text.encode("utf-8", "surrogatepass"))
    source = Source(path, digest.hexdigest(), MEDIA_TYPE, size, "rows", title=local(rows[0].label))
    return Imported(source, Document(text, tuple(page.blocks), local(rows[0].label), stated=stated), extraction)
