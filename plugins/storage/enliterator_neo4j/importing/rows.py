# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""From the rows of a property graph to sources that a person can read, and what they state."""

import json
from collections.abc import Iterator
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
from enliterator_neo4j.importing.staging import Link, Row, Staging

AT_ONCE: Final = 200
"""Nodes of one source: few enough to read, and to be made anew when one of them changes."""

MEDIA_TYPE: Final = "text/x-property-graph"


def shown(value: Any) -> str:
    """Return a property's value as people write it; lists with commas, true and false as words."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ", ".join(map(shown, value))
    return json.dumps(value, ensure_ascii=False, sort_keys=True) if isinstance(value, dict) else str(value)


def text_of(row: Row, name: str) -> str:
    """Return what a property says, trimmed; nothing where it says nothing."""
    value = row.properties.get(name) if name else None
    return "" if value is None else shown(value).strip()


def _summary(row: Row, mapped: Label) -> str:
    """Return the short values of a node that no property describes."""
    left = (mapped.key, mapped.name, mapped.url, mapped.license, mapped.holder)
    short = [f"{key} {text}" for key in row.properties if key not in left and 0 < len(text := text_of(row, key)) <= 60]
    return "".join(f"; {one}" for one in short[:4])


@define
class _Page:
    """The text of one source as it is written, and what was found in it."""

    path: str
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
        kind = mapped.kind or row.label.lower()
        told = "" if text_of(row, mapped.description) else _summary(row, mapped)
        named = self.write(f"{row.name}: {kind}{told}")
        said: dict[str, Span] = {}
        for key, value in row.properties.items():
            if text := shown(value).strip():
                self.write(f"\n  {key}: ")
                said[key] = self.write(text)
        self.block("entry", named.start, row.name)
        # The first span is the one that holds the description.
        described = said.get(mapped.description, named)
        forms = dict.fromkeys(text_of(row, key) for key in (mapped.name, *mapped.forms))
        time = text_of(row, mapped.time)
        self.candidates.append(
            Candidate(
                row.pool,
                row.name,
                kind,
                text_of(row, mapped.description) or f"{row.name}: {kind}{told}",
                tuple(form for form in forms if form and form != row.name),
                tuple(dict.fromkeys((described, named))),
                Time(time, "document property") if time else UNKNOWN_TIME,
            )
        )

    def link(self, row: Row, link: Link, mapped: Type) -> None:
        """Write a relationship as a line that says it whole."""
        more = "; ".join(f"{key}: {shown(value)}" for key, value in link.properties.items())
        words = f"{row.name} {link.type} {link.name}" + (f" ({more})" if more else "")
        self.write("  ")
        span = self.write(words)
        self.block("item", span.start)
        verb = mapped.verb if fits(mapped.verb, row.pool, link.pool) else "connects_to"
        ends = Reference(row.pool, row.name), Reference(link.pool, link.name)
        self.claims.append(Claim(ends[0], verb, ends[1], (span,), predicate=link.type))


def imported(staging: Staging, mapping: Mapping) -> Iterator[Imported]:
    """Yield the staged graph as sources of at most AT_ONCE nodes of one label and one statement of rights."""
    for (label, rights), rows in groupby(staging.rows(), key=lambda row: (row.label, row.rights)):
        number = 0
        while some := list(islice(rows, AT_ONCE)):
            number += 1
            yield _imported(staging, mapping, some, rights, _path(label, rights, number))


def _path(label: str, rights: str, number: int) -> str:
    words = "".join(one if one.isalnum() or one in "-_. " else "_" for one in label)
    mark = f"-{sha256(rights.encode()).hexdigest()[:6]}" if rights else ""
    return f"{words or '_'}{mark}/{number:05}"


def _imported(staging: Staging, mapping: Mapping, rows: list[Row], rights: str, path: str) -> Imported:
    page, links = _Page(path), staging.links([row.id for row in rows])
    for row in rows:
        page.node(row, mapping.labels[row.label])
        for link in links[row.id]:
            page.link(row, link, mapping.types.get(link.type, Type()))
    stated = tuple((key, value) for key, value in json.loads(rights).items()) if rights else ()
    text, extraction = "".join(page.parts), Extraction(tuple(page.candidates), tuple(page.claims))
    digest = sha256(text.encode("utf-8", "surrogatepass"))
    digest.update(json.dumps([pack_extraction(extraction), stated]).encode())
    size = len(text.encode("utf-8", "surrogatepass"))
    source = Source(path, digest.hexdigest(), MEDIA_TYPE, size, "rows", title=rows[0].label)
    return Imported(source, Document(text, tuple(page.blocks), rows[0].label, stated=stated), extraction)
