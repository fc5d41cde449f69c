# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""What stages found out source by source, kept in one local file, so that only changed sources are worked on again."""

import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import orjson

from enliterator_core.nouns import Block, Document, Time


def pack_document(document: Document) -> list[Any]:
    """Return a document as JSON values."""
    blocks = [(b.kind, b.start, b.end, b.level, b.info, b.name) for b in document.blocks]
    return [document.text, blocks, document.title, [document.time.value, document.time.basis], document.stated]


def unpack_document(values: list[Any]) -> Document:
    """Return the document that :func:`pack_document` packed."""
    text, blocks, title, time, stated = values
    return Document(
        text, tuple(Block(*block) for block in blocks), title, Time(*time), tuple((k, v) for k, v in stated)
    )


class Pieces:
    """A map from (stage, source) to the JSON values that the stage last made of it, each valid for one key only.

    Writes are kept in one transaction until `commit`; a crash loses what was not committed and nothing else.
    """

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._connection = sqlite3.connect(path, isolation_level=None, timeout=30)
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.execute("PRAGMA synchronous=NORMAL")
        self._connection.execute(
            "CREATE TABLE IF NOT EXISTS piece"
            " (stage TEXT, source TEXT, key TEXT, value BLOB, PRIMARY KEY (stage, source)) WITHOUT ROWID"
        )
        self._writing = False

    def get(self, stage: str, source: str, key: str) -> Any:
        """Return what was kept for this key, or None."""
        statement = "SELECT value FROM piece WHERE stage = ? AND source = ? AND key = ?"
        row = self._connection.execute(statement, (stage, source, key)).fetchone()
        return None if row is None else orjson.loads(row[0])

    def put(self, stage: str, source: str, key: str, value: Any) -> None:
        """Keep JSON values (not None) in the place of whatever was there."""
        if not self._writing:
            self._connection.execute("BEGIN IMMEDIATE")
            self._writing = True
        self._connection.execute("REPLACE INTO piece VALUES (?, ?, ?, ?)", (stage, source, key, orjson.dumps(value)))

    def of(self, stage: str) -> Iterator[tuple[str, Any]]:
        """Yield every source, by path, with what the stage made of it; true once the stage has run to its end."""
        statement = "SELECT source, value FROM piece WHERE stage = ? ORDER BY source"
        for source, value in self._connection.execute(statement, (stage,)):
            yield source, orjson.loads(value)

    def keep_only(self, stage: str, sources: Iterable[str]) -> None:
        """Forget what the stage made of any other source."""
        kept = set(sources)
        rows = self._connection.execute("SELECT source FROM piece WHERE stage = ?", (stage,)).fetchall()
        gone = [(stage, source) for (source,) in rows if source not in kept]
        self._connection.executemany("DELETE FROM piece WHERE stage = ? AND source = ?", gone)

    def commit(self) -> None:
        """Make everything put so far last."""
        if self._writing:
            self._connection.execute("COMMIT")
            self._writing = False

    def close(self) -> None:
        """Commit and let go of the file."""
        self.commit()
        self._connection.close()
