# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""A graph on its way in: nodes and relationships as they stream from a source, in a temporary file.

The source is read once, from beginning to end, whatever its size; sorting, naming and looking up ends is done here,
so it asks nothing of the source and takes little memory.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from attrs import frozen

_TABLES: Final = """
CREATE TABLE node (
    id TEXT PRIMARY KEY, label TEXT NOT NULL, kind TEXT NOT NULL, key TEXT NOT NULL, place INTEGER NOT NULL,
    properties TEXT NOT NULL, pool TEXT NOT NULL, folded TEXT NOT NULL, name TEXT NOT NULL, time TEXT NOT NULL,
    rights TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE edge (start TEXT NOT NULL, type TEXT NOT NULL, end TEXT NOT NULL, properties TEXT NOT NULL);
"""
_CHUNK: Final = 10_000


@frozen
class Node:
    """A node: its number in the source, its labels, and its properties as JSON values."""

    id: str
    labels: tuple[str, ...]
    properties: dict[str, Any]


@frozen
class Edge:
    """A relationship: the numbers of its ends, its type, and its properties as JSON values."""

    start: str
    type: str
    end: str
    properties: dict[str, Any]


@frozen
class Row:
    """A node that has a place in the mapping: what is written of it."""

    id: str
    label: str
    key: str
    properties: dict[str, Any]
    pool: str
    name: str
    rights: str


@frozen
class Link:
    """A relationship as its start tells of it: type, properties, and its end's label, pool and name."""

    start: str
    type: str
    properties: dict[str, Any]
    label: str
    pool: str
    name: str


def dumps(properties: dict[str, Any]) -> str:
    """Return properties as JSON, in the order of their names."""
    return json.dumps(properties, sort_keys=True, ensure_ascii=False)


class Staging:
    """The temporary file; a context manager that leaves nothing behind."""

    def __enter__(self) -> "Staging":
        self._folder = TemporaryDirectory(prefix="enliterator-")
        path = Path(self._folder.name) / "staging.db"
        self._connection = sqlite3.connect(path, isolation_level=None)
        self._connection.execute("PRAGMA journal_mode=OFF")
        self._connection.execute("PRAGMA synchronous=OFF")
        self._connection.executescript(_TABLES)
        self._connection.execute("BEGIN")
        return self

    def __exit__(self, *told: object) -> None:
        self._connection.close()
        self._folder.cleanup()

    def add_nodes(self, rows: Iterable[tuple[Any, ...]]) -> int:
        """Keep nodes: (id, label, kind, key, place, properties, pool, folded name, name, time, rights).

        Return how many were left out because another has their id.
        """
        return self._many("INSERT OR IGNORE INTO node VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)

    def add_edges(self, rows: Iterable[tuple[Any, ...]]) -> int:
        """Keep relationships: (start, type, end, properties); return how many join nothing, an end not being there."""
        self._many("INSERT INTO edge VALUES (?, ?, ?, ?)", rows)
        self._connection.execute("CREATE INDEX edge_start ON edge (start)")
        statement = "DELETE FROM edge WHERE start NOT IN (SELECT id FROM node) OR end NOT IN (SELECT id FROM node)"
        return self._connection.execute(statement).rowcount

    def _many(self, statement: str, rows: Iterable[tuple[Any, ...]]) -> int:
        """Write rows in chunks; return how many were not taken."""
        rest, missed = iter(rows), 0
        while chunk := list(islice(rest, _CHUNK)):
            missed += len(chunk) - self._connection.executemany(statement, chunk).rowcount
        return missed

    def name_apart(self) -> None:
        """Give nodes of one pool that share a name names of their own: with their kind where that tells each of them
        apart, else with their time, else with their key, and at last with their number."""
        for qualifier in ("kind", "time", "key", "id"):
            self._connection.execute("DROP TABLE IF EXISTS apart")
            self._connection.execute(
                "CREATE TEMP TABLE apart AS SELECT pool, folded FROM node GROUP BY pool, folded HAVING count(*) > 1"
                f" AND ('{qualifier}' = 'id' OR (count(DISTINCT {qualifier}) = count(*) AND min({qualifier}) <> ''))"
            )
            more = f"|| ' (' || {qualifier} || ')'"
            self._connection.execute(
                f"UPDATE node SET name = name {more}, folded = folded {more}"
                " WHERE (pool, folded) IN (SELECT pool, folded FROM apart)"
            )

    def counts(self) -> dict[str, int]:
        """Return how many nodes each label has."""
        return dict(self._connection.execute("SELECT label, count(*) FROM node GROUP BY label ORDER BY label"))

    def rows(self) -> Iterator[Row]:
        """Yield the nodes by label (in the mapping's order), rights and key."""
        statement = "SELECT id, label, key, properties, pool, name, rights FROM node ORDER BY place, rights, key, id"
        for id, label, key, properties, *rest in self._connection.execute(statement):
            yield Row(id, label, key, json.loads(properties), *rest)

    def links(self, ids: Sequence[str]) -> dict[str, list[Link]]:
        """Return the relationships that start at these nodes, by node, sorted; those whose end is not there are not."""
        marks = ", ".join("?" * len(ids))
        statement = (
            "SELECT edge.start, edge.type, edge.properties, node.label, node.pool, node.name FROM edge"
            f" JOIN node ON node.id = edge.end WHERE edge.start IN ({marks})"
            " ORDER BY edge.start, edge.type, node.pool, node.name, edge.properties"
        )
        found: dict[str, list[Link]] = {id: [] for id in ids}
        for start, type, properties, *end in self._connection.execute(statement, tuple(ids)):
            found[start].append(Link(start, type, json.loads(properties), *end))
        return found
