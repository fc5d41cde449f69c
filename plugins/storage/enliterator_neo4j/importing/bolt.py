# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Reading somebody's Neo4j database: two streams in read transactions, and nothing else."""

import re
from collections.abc import Iterator
from typing import Any, Final

import neo4j
from attrs import frozen

from enliterator_neo4j.address import Database
from enliterator_neo4j.importing.staging import Edge, Node

_NODES: Final = "MATCH (n) RETURN elementId(n) AS id, labels(n) AS labels, properties(n) AS properties"
_EDGES: Final = (
    "MATCH (a)-[r]->(b) RETURN elementId(a) AS start, type(r) AS type, elementId(b) AS end, properties(r) AS properties"
)


def number(element: str) -> str:
    """Return the part of an element's id that is its own; the rest names the database (`4:...:17`)."""
    return element.rpartition(":")[2]


def plain(value: Any) -> Any:
    """Return a property's value as JSON has it: times as ISO 8601, points as their coordinates."""
    if isinstance(value, float) and value != value:  # not a number: a result that there is none of
        return None
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if hasattr(value, "iso_format"):  # durations are tuples, too
        return re.sub(r"\.0+(?=$|[Z+-])", "", value.iso_format())
    if isinstance(value, (list, tuple)) and not hasattr(value, "srid"):
        return [plain(one) for one in value]
    if isinstance(value, (bytes, bytearray)):
        return f"{len(value)} bytes"
    if hasattr(value, "srid"):
        return [float(one) for one in value]
    return str(value)


@frozen
class BoltGraph:
    """A database, read only: what would write is refused by the server."""

    database: Database

    def _stream(self, query: str) -> Iterator[neo4j.Record]:
        """Yield a query's records as they arrive, a few thousand in memory at a time."""
        with self.database.told(), self.database.reading() as session:
            yield from session.run(query)

    def nodes(self) -> Iterator[Node]:
        """Every node."""
        for id, labels, properties in self._stream(_NODES):
            yield Node(
                number(id), tuple(sorted(labels)), {name: plain(properties[name]) for name in sorted(properties)}
            )

    def edges(self) -> Iterator[Edge]:
        """Every relationship."""
        for start, type, end, properties in self._stream(_EDGES):
            yield Edge(number(start), type, number(end), {name: plain(properties[name]) for name in sorted(properties)})

    def close(self) -> None:
        """Let go of the connections."""
        self.database.close()
