# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Reading one edition of a graph.

Lists are read page by page in the order of an index, each page from the key at which the last one ended, in a read
transaction of its own: memory is bounded on both sides, and a stage may write while it reads.
"""

import json
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from enliterator_core import (
    POOLS,
    Document,
    Entity,
    EntityColumns,
    Gap,
    Relation,
    RelationColumns,
    Rights,
    Source,
    Term,
    content_id,
    entity_columns,
    relation_columns,
)
from enliterator_neo4j import rows
from enliterator_neo4j.address import Database
from enliterator_neo4j.words import Words, kept

_PAGE: Final = 2000
_COUNTS: Final = """
MATCH (n:Source {edition: $edition}) WITH count(n) AS sources
OPTIONAL MATCH (n:Entity {edition: $edition}) WITH sources, count(n) AS entities
OPTIONAL MATCH (n:Term {edition: $edition}) WITH sources, entities, count(n) AS terms
OPTIONAL MATCH (:Entity {edition: $edition})-[r]->(:Entity)
RETURN sources, entities, count(r) AS relations, terms
"""
_RELATIONS: Final = """
MATCH (a:Entity) WHERE a.edition = $edition AND a.id > $after
WITH a ORDER BY a.edition, a.id LIMIT $page
OPTIONAL MATCH (a)-[r]->(b:Entity)
RETURN a.id AS subject, type(r) AS type, b.id AS object, properties(r) AS row
"""
_AROUND: Final = """
MATCH (a:Entity {edition: $edition, id: $id})-[r]-(:Entity)
WITH DISTINCT r
RETURN startNode(r).id AS subject, type(r) AS type, endNode(r).id AS object, properties(r) AS row
"""

Row = dict[str, Any]


class GraphReader:
    """The reading half of a graph: the edition that was published when it was opened, or the one being rebuilt."""

    def __init__(self, database: Database, edition: int, words: Path) -> None:
        self._database = database
        self._edition = edition
        self._words_place = words
        self._words: Words | None = None

    def _read(self, query: str, **parameters: Any) -> list[Any]:
        return self._database.read(query, edition=self._edition, **parameters)

    def _rows(self, label: str, **keys: Any) -> list[Row]:
        """Return the properties of the nodes of a label with these keys."""
        having = "".join(f", {key}: ${key}" for key in keys)
        query = f"MATCH (n:{label} {{edition: $edition{having}}}) RETURN properties(n) AS row"
        return [record["row"] for record in self._read(query, **keys)]

    def _sorted(self, label: str, *, last: str = "sort", pool: str | None = None) -> Iterator[Row]:
        """Yield nodes in the order of an index that ends with `sort` and, where names repeat, with `last`."""
        keys = [*(["pool"] if pool is not None else []), *dict.fromkeys(("sort", last))]
        where = " AND n.pool = $pool" if pool is not None else ""
        beyond = "n.sort > $sort" if last == "sort" else f"n.sort >= $sort AND (n.sort > $sort OR n.{last} > $last)"
        order = ", ".join(f"n.{key}" for key in ("edition", *keys))
        query = f"MATCH (n:{label}) WHERE n.edition = $edition{where} AND {{}} RETURN properties(n) AS row"
        query += f" ORDER BY {order} LIMIT {_PAGE}"
        page = self._read(query.format("n.sort >= ''"), pool=pool)
        while page:
            yield from (record["row"] for record in page)
            if len(page) < _PAGE:
                return
            end = page[-1]["row"]
            page = self._read(query.format(beyond), pool=pool, sort=end["sort"], last=end[last])

    def _in_order(self, found: Iterator[Row], name: str) -> Iterator[Row]:
        """Put right the order of names that begin alike for longer than an index reads."""
        for _, alike in groupby(found, key=lambda row: row[name][: rows.LONGEST]):
            yield from sorted(alike, key=lambda row: (row[name], row.get("entity", "")))

    def rights(self) -> Iterator[Rights]:
        """Every rights, by id."""
        found = sorted(self._rows("RightsStatement"), key=lambda row: str(row["id"]))
        return (rows.rights_of(row) for row in found)

    def sources(self) -> Iterator[Source]:
        """Every source, by path."""
        return (rows.source_of(row) for row in self._in_order(self._sorted("Source"), "path"))

    def document(self, path: str) -> Document | None:
        """The text and blocks of one source."""
        found = self._rows("Document", id=content_id(path))
        return rows.document_of(found[0]) if found else None

    def terms(self) -> Iterator[Term]:
        """Every term, by pool, then name."""
        for pool in sorted(POOLS):
            found = self._sorted("Term", last="entity", pool=pool)
            yield from (rows.term_of(row) for row in self._in_order(found, "name"))

    def entities(self) -> Iterator[Entity]:
        """Every entity, by pool, then name."""
        for pool in sorted(POOLS):
            found = self._sorted("Entity", pool=pool)
            yield from (rows.entity_of(row) for row in self._in_order(found, "name"))

    def entity(self, id: str) -> Entity | None:
        """One entity."""
        found = self._rows("Entity", id=id)
        return rows.entity_of(found[0]) if found else None

    def relations(self) -> Iterator[Relation]:
        """Every relation, by subject, verb and object."""
        after, page = "", 1
        while page:
            found = self._read(_RELATIONS, after=after, page=_PAGE // 4)
            page = len(found)
            some = [rows.relation_of(*record) for record in found if record["type"] is not None]
            yield from sorted(some, key=lambda one: one.key)
            after = max((record["subject"] for record in found), default=after)

    def scan_entities(self, size: int) -> Iterator[EntityColumns]:
        """Every entity, by pool, then name, in columns."""
        return entity_columns(self.entities(), size)

    def scan_relations(self, size: int) -> Iterator[RelationColumns]:
        """Every relation, by subject, verb and object, in columns."""
        return relation_columns(self.relations(), size)

    def relations_of(self, id: str) -> list[Relation]:
        """The relations that the entity is subject or object of, by subject, verb and object."""
        return sorted((rows.relation_of(*record) for record in self._read(_AROUND, id=id)), key=lambda one: one.key)

    def search(self, query: str, *, pools: Iterable[str] = (), limit: int = 10) -> list[tuple[str, float]]:
        """Entity ids and scores, best first, ties by id."""
        if self._words is None:
            self._words = self._open_words()
        return self._words.find(query, tuple(pools), limit)

    def _open_words(self) -> Words:
        return kept(self._words_place, *self._texts())

    def _texts(self) -> tuple[Iterator[tuple[str, ...]], Iterator[tuple[str, tuple[str, ...]]]]:
        """Return what is indexed of every entity and of every term."""
        entities = ((one.id, one.pool, one.name, one.description, one.repr_text) for one in self.entities())
        return entities, ((one.entity, one.surface_forms) for one in self.terms())

    def gaps(self) -> list[Gap]:
        """Every gap, in the order written."""
        return [rows.gap_of(row) for row in sorted(self._rows("Gap"), key=lambda row: int(row["position"]))]

    def note(self, key: str) -> dict[str, Any] | None:
        """What was kept under the key."""
        found = self._rows("Note", key=key)
        value: dict[str, Any] | None = json.loads(found[0]["value"]) if found else None
        return value

    def notes(self) -> list[str]:
        """The keys under which something was kept, sorted."""
        return sorted(str(row["key"]) for row in self._rows("Note"))

    def counts(self) -> dict[str, int]:
        """How many `sources`, `entities`, `relations` and `terms` there are."""
        return dict(self._read(_COUNTS)[0])

    def close(self) -> None:
        """Let go of the server."""
        if self._words is not None:
            self._words.close()
            self._words = None
        self._database.close()
