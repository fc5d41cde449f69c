# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The layout of a graph file.

An entity's integer id is its content id read as a 64-bit number and shifted so that the order of the numbers is the
order of the texts; no table from text ids to numbers is needed, and the clustered order of `edge` is the order that
the contract promises. Pools and verbs are codes in alphabetical order, kept in the file, so that a file reads the same
when the canon has grown. A span is three unsigned 32-bit numbers: source, start, end.
"""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from struct import Struct, error, iter_unpack, pack
from typing import Any, Final

from enliterator_core import POOLS, VERBS, WORD_TABLES, ServiceError, Span

VERSION: Final = 2
"""`PRAGMA user_version` of the files that this module writes and reads."""

APPLICATION: Final = 0x454E4C47
"""`PRAGMA application_id`: ENLG."""

TABLES: Final = """
CREATE TABLE pool (code INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE verb (code INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE path (id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE);
CREATE TABLE rights (id TEXT PRIMARY KEY, fields TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE source (path INTEGER PRIMARY KEY REFERENCES path, fields TEXT NOT NULL);
CREATE TABLE document (path INTEGER PRIMARY KEY REFERENCES path, fields TEXT NOT NULL);
CREATE TABLE node (
    id INTEGER PRIMARY KEY, pool INTEGER NOT NULL REFERENCES pool, name TEXT NOT NULL, kind TEXT NOT NULL,
    description TEXT NOT NULL, repr_text TEXT NOT NULL, time TEXT, basis TEXT NOT NULL, rights TEXT NOT NULL,
    evidence BLOB NOT NULL
);
CREATE UNIQUE INDEX node_name ON node (pool, name);
CREATE TABLE term (
    entity INTEGER PRIMARY KEY, pool INTEGER NOT NULL REFERENCES pool, name TEXT NOT NULL, description TEXT NOT NULL,
    surface_forms TEXT NOT NULL, negative_forms TEXT NOT NULL,
    languages TEXT NOT NULL
);
CREATE INDEX term_name ON term (pool, name, entity);
CREATE TABLE edge (
    src INTEGER NOT NULL REFERENCES node, verb INTEGER NOT NULL REFERENCES verb, dst INTEGER NOT NULL REFERENCES node,
    evidence BLOB NOT NULL, confidence REAL NOT NULL, predicate TEXT, PRIMARY KEY (src, verb, dst)
) WITHOUT ROWID;
CREATE TABLE gap (position INTEGER PRIMARY KEY, fields TEXT NOT NULL);
CREATE TABLE note (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""

BACK: Final = "CREATE INDEX IF NOT EXISTS edge_back ON edge (dst, verb, src)"
"""The index for reading edges backwards; made after a bulk load, which is faster than keeping it during one."""

_ONE_SPAN: Final = Struct("<III")
_SHIFT: Final = 1 << 63


def number_of(id: str) -> int | None:
    """Return the number of a text id, or None when it is not 16 lower-case hexadecimal digits."""
    try:
        number = int(id, 16)
    except ValueError:
        return None
    return number - _SHIFT if id == f"{number:016x}" else None


def id_of(number: int) -> str:
    """Return the text id of a number."""
    return f"{number + _SHIFT:016x}"


def pack_spans(spans: Sequence[Span], paths: Mapping[str, int]) -> bytes:
    """Return spans as bytes, 12 for each; ``paths`` numbers their sources. ServiceError for a position below 0 or
    from 4 GiB on."""
    try:
        if len(spans) == 1:
            span = spans[0]
            return _ONE_SPAN.pack(paths[span.source], span.start, span.end)
        numbers = [number for span in spans for number in (paths[span.source], span.start, span.end)]
        return pack(f"<{len(numbers)}I", *numbers)
    except error as reason:
        raise ServiceError(f"a span of {spans[0].source} cannot be stored: {reason}") from reason


def unpack_spans(packed: bytes, paths: Mapping[int, str]) -> tuple[Span, ...]:
    """Return the spans that :func:`pack_spans` packed."""
    return tuple(Span(paths[source], start, end) for source, start, end in iter_unpack("<III", packed))


def create(connection: sqlite3.Connection) -> None:
    """Make the tables of an empty graph and fill in the codes of the canon."""
    connection.executescript(TABLES + WORD_TABLES)
    connection.executemany("INSERT INTO pool VALUES (?, ?)", enumerate(sorted(POOLS)))
    connection.executemany("INSERT INTO verb VALUES (?, ?)", enumerate(sorted(VERBS)))
    connection.execute(f"PRAGMA application_id = {APPLICATION}")
    connection.execute(f"PRAGMA user_version = {VERSION}")


def check(connection: sqlite3.Connection, path: Path) -> None:
    """Raise ServiceError, with what to do, unless the file is a graph of this layout."""
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if application != APPLICATION:
        raise ServiceError(f"{path} is not a graph", hint="move it away and build the batch again")
    if version != VERSION:
        age = "a newer" if version > VERSION else "an older"
        raise ServiceError(
            f"{path} was made by {age} version of Enliterator (layout {version}, this one reads {VERSION})",
            hint="build the batch again" + (", or use the newer version" if version > VERSION else ""),
        )


def codes(connection: sqlite3.Connection, table: str) -> dict[str, int]:
    """Return name and code of every pool or verb, in alphabetical order, which is that of the codes."""
    rows: Iterable[tuple[str, Any]] = connection.execute(f"SELECT name, code FROM {table} ORDER BY code")
    return dict(rows)
