# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The words of a graph, found beside the server: so that a graph in Neo4j finds what the same graph finds elsewhere.

The server has a full-text index of its own for people and their tools; its ranking is another one. The index here is
a file in the workspace's state folder, made from the graph when it is first searched, and can be deleted at any time.
"""

import json
import os
import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

from enliterator_core import POOLS, WORD_TABLES, ServiceError, fill_words, find_words

_TABLES: Final = """
CREATE TABLE node (id INTEGER PRIMARY KEY, pool INTEGER NOT NULL, name TEXT, description TEXT, repr_text TEXT);
CREATE TABLE term (entity INTEGER PRIMARY KEY, surface_forms TEXT NOT NULL);
"""
_CODES: Final = {name: code for code, name in enumerate(sorted(POOLS))}
_SHIFT: Final = 1 << 63


class Words:
    """The index of one edition, in a file or, while the graph still changes, in memory."""

    def __init__(self, place: Path | None = None) -> None:
        """Open the index at a place, or an empty one in memory."""
        self._connection = sqlite3.connect(place or ":memory:", isolation_level=None, check_same_thread=False)

    def find(self, query: str, pools: Sequence[str], limit: int) -> list[tuple[str, float]]:
        """Return ids and scores, best first; pools that the canon does not have hold nothing."""
        among = [_CODES[pool] for pool in pools if pool in _CODES] if pools else None
        found = find_words(self._connection, query, among, limit)
        return [(f"{number + _SHIFT:016x}", score) for number, score in found]

    def fill(self, entities: Iterable[Sequence[Any]], terms: Iterable[tuple[str, Sequence[str]]]) -> None:
        """Index entities (id, pool, name, description, repr_text) and terms (entity, surface forms)."""
        connection = self._connection
        connection.executescript(_TABLES + WORD_TABLES)
        connection.execute("BEGIN")
        nodes = ((int(id, 16) - _SHIFT, _CODES[pool], *texts) for id, pool, *texts in entities)
        connection.executemany("INSERT INTO node VALUES (?, ?, ?, ?, ?)", nodes)
        forms = ((int(id, 16) - _SHIFT, json.dumps(list(surface))) for id, surface in terms)
        connection.executemany("INSERT INTO term VALUES (?, ?)", forms)
        fill_words(connection)
        connection.execute("UPDATE node SET name = NULL, description = NULL, repr_text = NULL")
        connection.execute("DELETE FROM term")
        connection.execute("COMMIT")

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()


def kept(place: Path, entities: Iterable[Sequence[Any]], terms: Iterable[tuple[str, Sequence[str]]]) -> Words:
    """Return the index in the file `place`, made (beside it, then renamed) when it is not there."""
    if not place.is_file():
        new = place.with_name(f"{place.name}.{os.getpid()}")
        try:
            new.parent.mkdir(parents=True, exist_ok=True)
            new.unlink(missing_ok=True)
            words = Words(new)
            words.fill(entities, terms)
            words.close()
            new.replace(place)
        except (OSError, sqlite3.Error) as error:
            raise ServiceError(f"the index {place} cannot be written: {error}", hint="make room there") from error
        finally:
            new.unlink(missing_ok=True)
    return Words(place)
