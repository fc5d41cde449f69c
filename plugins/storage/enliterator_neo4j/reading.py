# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Reading one edition of a graph.

Lists are read page by page in the order of an index, each page from the key at which the last one ended, in a read
transaction of its own: memory is bounded on both sides, and a stage may write while it reads. A page comes as one
record, a list: a record for each row takes the driver three times as long.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, islice, starmap
from operator import itemgetter
from pathlib import Path
from typing import Any, Final, TypeVar

import neo4j

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
)
from enliterator_neo4j import columns, rows
from enliterator_neo4j.address import Database
from enliterator_neo4j.columns import Edge
from enliterator_neo4j.documents import Documents
from enliterator_neo4j.words import Words, kept

_PAGE: Final = 4000
_LARGE: Final = 4_000_000  # characters of documents that are read ahead
_COUNTS: Final = """
MATCH (n:Source {edition: $edition}) WITH count(n) AS sources
OPTIONAL MATCH (n:Entity {edition: $edition}) WITH sources, count(n) AS entities, sum(COUNT { (n)-->() }) AS relations
OPTIONAL MATCH (n:Term {edition: $edition})
RETURN sources, entities, relations, count(n) AS terms
"""
_DOCUMENTS: Final = """
MATCH (n:Document) WHERE n.edition = $edition AND n.sort >= $sort
RETURN properties(n) AS row ORDER BY n.edition, n.sort LIMIT $ahead
"""
_DEGREES: Final = """
MATCH (a:Entity) WHERE a.edition = $edition AND a.id > $after
WITH a ORDER BY a.edition, a.id LIMIT $page
RETURN collect([a.id, COUNT { (a)-->() }]) AS rows
"""
_FROM: Final = """
MATCH (a:Entity) WHERE a.edition = $edition AND a.id >= $first AND a.id <= $last
MATCH (a)-[r]->(b:Entity)
RETURN collect([a.id, type(r), b.id, properties(r)]) AS rows
"""
_TYPES: Final = "MATCH (:Entity {edition: $edition, id: $id})-[r]->() RETURN collect(DISTINCT type(r)) AS rows"
_HUB: Final = """
MATCH (a:Entity {edition: $edition, id: $id})-[r]->(b:Entity) WHERE type(r) = $type AND b.id > $after
WITH r, b.id AS object ORDER BY object LIMIT $page
RETURN collect([$id, $type, object, properties(r)]) AS rows
"""
_AROUND: Final = """
MATCH (:Entity {edition: $edition, id: $id})-[r]-(:Entity)
WITH DISTINCT r
RETURN collect([startNode(r).id, type(r), endNode(r).id, properties(r)]) AS rows
"""

T = TypeVar("T")
Row = dict[str, Any]


def _some_documents(result: neo4j.Result) -> list[tuple[str, Document]]:
    """Return documents until there is much text; the rest is left to the server."""
    found, size = [], 0
    for record in result:
        found.append((record["row"]["path"], rows.document_of(record["row"])))
        size += len(found[-1][1].text)
        if size > _LARGE:
            break
    return found


def _in_canon(found: Iterable[Sequence[Any]]) -> list[Edge]:
    """Return edges with the verbs of the glossary for the types, in the order of relations."""
    edges = [(subject, str(type).lower(), object, row) for subject, type, object, row in found]
    return sorted(edges, key=itemgetter(0, 1, 2))


def _chunks(items: Iterator[T], size: int) -> Iterator[list[T]]:
    while some := list(islice(items, size)):
        yield some


class GraphReader:
    """The reading half of a graph: the edition that was published when it was opened, or the one being rebuilt."""

    def __init__(self, database: Database, edition: int, words: Path) -> None:
        self._database = database
        self._edition = edition
        self._words_place = words
        self._words: Words | None = None
        self._documents = Documents()

    def _read(self, query: str, **parameters: Any) -> list[Any]:
        """Return the list that a query's one record holds."""
        found: list[Any] = self._database.read(query, edition=self._edition, **parameters)[0][0]
        return found

    def _rows(self, label: str, **keys: Any) -> list[Row]:
        """Return the properties of the nodes of a label with these keys."""
        having = "".join(f", {key}: ${key}" for key in keys)
        query = f"MATCH (n:{label} {{edition: $edition{having}}}) RETURN collect(properties(n)) AS rows"
        return self._read(query, **keys)

    def _sorted(self, label: str, *, last: str = "sort", pool: str | None = None) -> Iterator[Row]:
        """Yield nodes in the order of an index that ends with `sort` and, where names repeat, with `last`."""
        keys = [*(["pool"] if pool is not None else []), *dict.fromkeys(("sort", last))]
        where = " AND n.pool = $pool" if pool is not None else ""
        beyond = "n.sort > $sort" if last == "sort" else f"n.sort >= $sort AND (n.sort > $sort OR n.{last} > $last)"
        order = ", ".join(f"n.{key}" for key in ("edition", *keys))
        query = f"MATCH (n:{label}) WHERE n.edition = $edition{where} AND {{}} WITH n ORDER BY {order} LIMIT $page"
        query += " RETURN collect(properties(n)) AS rows"
        page = self._read(query.format("n.sort >= ''"), pool=pool, page=_PAGE)
        while page:
            yield from page
            if len(page) < _PAGE:
                return
            end = page[-1]
            page = self._read(query.format(beyond), pool=pool, page=_PAGE, sort=end["sort"], last=end[last])

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
        found = self._documents.get(path)
        if found is not None or self._documents.missing(path):
            return found
        parameters = {"edition": self._edition, "sort": rows.sort_of(path), "ahead": self._documents.ahead(path)}
        read = self._database.take(_DOCUMENTS, parameters, _some_documents, 4)
        return self._documents.took(path, read)

    def terms(self) -> Iterator[Term]:
        """Every term, by pool, then name."""
        for pool in sorted(POOLS):
            found = self._sorted("Term", last="entity", pool=pool)
            yield from (rows.term_of(row) for row in self._in_order(found, "name"))

    def _entity_rows(self) -> Iterator[Row]:
        for pool in sorted(POOLS):
            yield from self._in_order(self._sorted("Entity", pool=pool), "name")

    def entities(self) -> Iterator[Entity]:
        """Every entity, by pool, then name."""
        return map(rows.entity_of, self._entity_rows())

    def entity(self, id: str) -> Entity | None:
        """One entity."""
        found = self._rows("Entity", id=id)
        return rows.entity_of(found[0]) if found else None

    def _edges(self) -> Iterator[Edge]:
        """Yield every relation, a page of subjects at a time; a subject with very many by itself."""
        for first, last, count in self._subjects():
            if count <= _PAGE:
                yield from _in_canon(self._read(_FROM, first=first, last=last))
            else:
                yield from self._hub(first)

    def _subjects(self) -> Iterator[tuple[str, str, int]]:
        """Yield from which subject to which there is a page of relations, and how many these are."""
        first, last, count = "", "", 0
        found = self._read(_DEGREES, after="", page=_PAGE)
        while found:
            for id, degree in found:
                if count and count + degree > _PAGE:
                    yield first, last, count
                    count = 0
                if degree:
                    first, last, count = first if count else id, id, count + degree
            found = self._read(_DEGREES, after=found[-1][0], page=_PAGE) if len(found) == _PAGE else []
        if count:
            yield first, last, count

    def _hub(self, id: str) -> Iterator[Edge]:
        """Yield the relations of one subject, by verb, then object."""
        for type in sorted(self._read(_TYPES, id=id), key=str.lower):
            page = self._read(_HUB, id=id, type=type, after="", page=_PAGE)
            while page:
                yield from _in_canon(page)
                page = self._read(_HUB, id=id, type=type, after=page[-1][2], page=_PAGE) if len(page) == _PAGE else []

    def relations(self) -> Iterator[Relation]:
        """Every relation, by subject, verb and object."""
        return starmap(rows.relation_of, self._edges())

    def scan_entities(self, size: int) -> Iterator[EntityColumns]:
        """Every entity, by pool, then name, in columns."""
        return map(columns.entities, _chunks(self._entity_rows(), size))

    def scan_relations(self, size: int) -> Iterator[RelationColumns]:
        """Every relation, by subject, verb and object, in columns."""
        return map(columns.relations, _chunks(self._edges(), size))

    def relations_of(self, id: str) -> list[Relation]:
        """The relations that the entity is subject or object of, by subject, verb and object."""
        return list(starmap(rows.relation_of, _in_canon(self._read(_AROUND, id=id))))

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
        return dict(self._database.read(_COUNTS, edition=self._edition)[0])

    def close(self) -> None:
        """Let go of the server."""
        if self._words is not None:
            self._words.close()
            self._words = None
        self._database.close()
