# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Nouns as properties of nodes and relationships, and back. Every property is text, a number, or a list of these."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import attrs

from enliterator_core import (
    Block,
    Document,
    Entity,
    Gap,
    Relation,
    Rights,
    Source,
    Span,
    Term,
    Time,
    content_id,
)

LONGEST: Final = 1000
"""Characters of a name that are sorted by an index; an index holds about 8 kB a row."""

Row = dict[str, Any]
_RIGHTS: Final = tuple(one.name for one in attrs.fields(Rights))
_GAP: Final = tuple(one.name for one in attrs.fields(Gap))
_BLOCK: Final = tuple(one.name for one in attrs.fields(Block))


def sort_of(name: str) -> str:
    """Return a name as it is sorted: whole, or its beginning and something that tells it from others."""
    return name if len(name) <= LONGEST else f"{name[:LONGEST]}{content_id(name)}"


def spans_row(spans: Sequence[Span]) -> Row:
    """Return spans as three lists of one length."""
    return {
        "evidence_sources": [span.source for span in spans],
        "evidence_starts": [span.start for span in spans],
        "evidence_ends": [span.end for span in spans],
    }


def spans_of(row: Mapping[str, Any]) -> tuple[Span, ...]:
    """Return the spans of a row."""
    parts = row["evidence_sources"], row["evidence_starts"], row["evidence_ends"]
    return tuple(Span(*one) for one in zip(*parts, strict=True))


def _time(row: Mapping[str, Any]) -> Time:
    return Time(row.get("time"), row["time_basis"])


def entity_row(one: Entity) -> Row:
    """Return an entity's properties."""
    return {
        "id": one.id,
        "pool": one.pool,
        "name": one.name,
        "sort": sort_of(one.name),
        "kind": one.kind,
        "description": one.description,
        "repr_text": one.repr_text,
        "time": one.time.value,
        "time_basis": one.time.basis,
        "rights": one.rights,
        **spans_row(one.evidence),
    }


def entity_of(row: Mapping[str, Any]) -> Entity:
    """Return the entity of a row."""
    texts = row["kind"], row["description"], row["repr_text"]
    return Entity(row["pool"], row["name"], *texts, _time(row), row["rights"], spans_of(row))


def term_row(one: Term) -> Row:
    """Return a term's properties."""
    return {
        "entity": one.entity,
        "pool": one.pool,
        "name": one.name,
        "sort": sort_of(one.name),
        "description": one.description,
        "surface_forms": list(one.surface_forms),
        "negative_forms": list(one.negative_forms),
        "language_forms": [form for form, _ in one.languages],
        "language_tags": [tag for _, tag in one.languages],
    }


def term_of(row: Mapping[str, Any]) -> Term:
    """Return the term of a row."""
    forms = tuple(row["surface_forms"]), tuple(row["negative_forms"])
    languages = tuple(zip(row.get("language_forms", ()), row.get("language_tags", ()), strict=True))
    return Term(row["entity"], row["pool"], row["name"], row["description"], *forms, languages)


def relation_row(one: Relation) -> Row:
    """Return a relation's properties."""
    return {**spans_row(one.evidence), "confidence": float(one.confidence), "predicate": one.predicate}


def relation_of(subject: str, verb: str, object: str, row: Mapping[str, Any]) -> Relation:
    """Return the relation of a relationship's ends, verb and properties."""
    return Relation(subject, verb, object, spans_of(row), row["confidence"], row.get("predicate"))


def source_row(one: Source) -> Row:
    """Return a source's properties."""
    return {
        "id": content_id(one.path),
        "path": one.path,
        "sort": sort_of(one.path),
        "sha256": one.sha256,
        "media_type": one.media_type,
        "size": one.size,
        "kind": one.kind,
        "encoding": one.encoding,
        "title": one.title,
        "time": one.time.value,
        "time_basis": one.time.basis,
        "rights": one.rights,
    }


def source_of(row: Mapping[str, Any]) -> Source:
    """Return the source of a row."""
    head = row["path"], row["sha256"], row["media_type"], row["size"], row["kind"], row["encoding"]
    return Source(*head, row["title"], _time(row), row["rights"])


def document_row(path: str, one: Document) -> Row:
    """Return a document's properties: its blocks as lists of one length, a list for each field."""
    blocks = {f"block_{name}s": [getattr(block, name) for block in one.blocks] for name in _BLOCK}
    return {
        "id": content_id(path),
        "path": path,
        "sort": sort_of(path),
        "text": one.text,
        "title": one.title,
        "time": one.time.value,
        "time_basis": one.time.basis,
        "stated_keys": [key for key, _ in one.stated],
        "stated_values": [value for _, value in one.stated],
        **blocks,
    }


def document_of(row: Mapping[str, Any]) -> Document:
    """Return the document of a row."""
    blocks = tuple(Block(*one) for one in zip(*(row[f"block_{name}s"] for name in _BLOCK), strict=True))
    stated = tuple(zip(row["stated_keys"], row["stated_values"], strict=True))
    return Document(row["text"], blocks, row["title"], _time(row), stated)


def rights_row(one: Rights) -> Row:
    """Return the properties of rights."""
    return {"id": one.id, **{name: getattr(one, name) for name in _RIGHTS}}


def rights_of(row: Mapping[str, Any]) -> Rights:
    """Return the rights of a row."""
    fields: list[Any] = [row.get(name) for name in _RIGHTS]
    return Rights(*fields)


def gap_row(position: int, one: Gap) -> Row:
    """Return a gap's properties."""
    return {"position": position, **{name: getattr(one, name) for name in _GAP}}


def gap_of(row: Mapping[str, Any]) -> Gap:
    """Return the gap of a row."""
    return Gap(*(row[name] for name in _GAP))
