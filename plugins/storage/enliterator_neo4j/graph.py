# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Writing a graph: an edition beside the published one, which takes its place in one transaction."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import Any, Final

import neo4j

from enliterator_core import (
    POOLS,
    VERBS,
    Document,
    Entity,
    Gap,
    Relation,
    Rights,
    ServiceError,
    Source,
    Term,
    locked,
)
from enliterator_neo4j import rows, schema
from enliterator_neo4j.address import Database
from enliterator_neo4j.reading import GraphReader
from enliterator_neo4j.words import Words

_BATCH: Final = "(b:Batch {workspace: $workspace, id: $batch})"
_BEGIN: Final = f"""
MERGE (c:EditionCounter {{name: 'edition'}})
SET c.last = coalesce(c.last, 0) + 1
MERGE {_BATCH}
SET b.outdated = coalesce(b.outdated, []) + [one IN [b.building, b.previous] WHERE one IS NOT NULL],
    b.building = c.last, b.previous = null
RETURN c.last AS edition, b.outdated AS outdated
"""
_DELETED: Final = f"MATCH {_BATCH} SET b.outdated = [one IN b.outdated WHERE NOT one IN $deleted]"
_PUBLISH: Final = f"""
MATCH {_BATCH} WHERE $edition IN [b.building, b.edition]
SET b.previous = CASE WHEN b.edition = $edition THEN b.previous ELSE b.edition END, b.edition = $edition,
    b.building = CASE WHEN b.building = $edition THEN null ELSE b.building END
RETURN b.edition AS edition
"""
_DISCARD: Final = f"MATCH {_BATCH} WHERE b.building = $edition SET b.building = null"
_NODE: Final = "UNWIND $rows AS row MERGE (n:{label} {{edition: $edition, {key}: row.{key}}}) SET n = row{more}"
_EDGE: Final = """
UNWIND $rows AS row
MATCH (a:Entity {{edition: $edition, id: row.subject}}) MATCH (b:Entity {{edition: $edition, id: row.object}})
MERGE (a)-[r:{type}]->(b) SET r = row.properties
RETURN count(*) AS written
"""
_NAMES: Final = """
MATCH (t:Term) WHERE t.edition = $edition AND t.entity > $after
WITH t ORDER BY t.edition, t.entity LIMIT $rows
OPTIONAL MATCH (e:Entity {edition: $edition, id: t.entity})
FOREACH (one IN CASE WHEN e IS NULL THEN [] ELSE [e] END | MERGE (t)-[:NAMES]->(one))
RETURN max(t.entity) AS last
"""
_LARGE: Final = 4_000_000  # characters of documents that go to the server at once

Row = dict[str, Any]
Work = Callable[[neo4j.ManagedTransaction], None]


def _grouped(items: Sequence[Any], key: Callable[[Any], str]) -> dict[str, list[Any]]:
    groups: dict[str, list[Any]] = {}
    for item in items:
        groups.setdefault(key(item), []).append(item)
    return groups


def _known(names: Iterable[str], canon: Mapping[str, Any]) -> None:
    for name in names:
        if name not in canon:
            raise ServiceError(f"{name!r} is not in the canon", hint="use a pool or a verb that the canon has")


class Neo4jGraph(GraphReader):
    """A graph being rebuilt.

    Rows go to the server in transactions of `size`, each tried again where the server says that this may help; they
    are upserts, so that one that was done although its answer was lost does no harm when it is done again. A call of
    no more rows than that is done whole or not at all.
    """

    def __init__(self, database: Database, place: Path, workspace: str, batch: int, size: int) -> None:
        """Begin a new edition; ServiceError when another process is rebuilding the batch."""
        self._size, self._writable = size, True
        self._key = {"workspace": workspace, "batch": batch}
        self._place, self._batch = place, batch
        self._held = ExitStack()
        refusal = f"batch {batch} is being built by another process"
        self._held.enter_context(locked(place / f"{batch}.lock", refusal))
        try:
            schema.settle(database)
            begun = database.execute(_BEGIN, **self._key)[0]
            for old in begun["outdated"]:
                schema.delete(database, old, size)
            if begun["outdated"]:
                database.execute(_DELETED, deleted=begun["outdated"], **self._key)
            super().__init__(database, begun["edition"], place / f"{batch}.{begun['edition']}.words")
        except BaseException:
            self._held.close()
            raise

    def _writing(self) -> None:
        if not self._writable:
            raise ServiceError("a published graph is read only", hint="open it with rebuild=True to write a new one")
        if self._words is not None:
            self._words.close()
            self._words = None

    def _open_words(self) -> Words:
        """The words of a graph that may still change are kept in memory, until the next write."""
        if not self._writable:
            return super()._open_words()
        words = Words()
        words.fill(*self._texts())
        return words

    def _each(self, items: Iterable[Any], work: Callable[[list[Any]], Work]) -> int:
        """Do the work of each chunk in a transaction; return how many items there were."""
        self._writing()
        count, rest = 0, iter(items)
        while chunk := list(islice(rest, self._size)):
            self._database.write(work(chunk))
            count += len(chunk)
        return count

    def _nodes(self, label: str, key: str, made: Sequence[Row], more: str = "") -> Work:
        query = _NODE.format(label=label, key=key, more=more)
        for row in made:
            row["edition"] = self._edition

        def work(transaction: neo4j.ManagedTransaction) -> None:
            transaction.run(query, rows=made, edition=self._edition).consume()

        return work

    def write_rights(self, rights: Iterable[Rights]) -> int:
        """Keep rights, by id; return how many were given."""
        return self._each(
            rights, lambda chunk: self._nodes("RightsStatement", "id", [rows.rights_row(one) for one in chunk])
        )

    def write_sources(self, sources: Iterable[Source]) -> int:
        """Keep sources, by path."""
        return self._each(sources, lambda chunk: self._nodes("Source", "id", [rows.source_row(one) for one in chunk]))

    def write_documents(self, documents: Iterable[tuple[str, Document]]) -> int:
        """Keep the text and blocks of sources, by path; a few at a time, because they may be large."""
        self._writing()
        count, size, waiting = 0, 0, list[tuple[str, Document]]()

        def write() -> None:
            self._database.write(self._nodes("Document", "id", [rows.document_row(*one) for one in waiting]))
            for one in waiting:
                self._documents.keep(*one)
            waiting.clear()

        for path, document in documents:
            waiting.append((path, document))
            count, size = count + 1, size + len(document.text)
            if size > _LARGE or len(waiting) >= self._size:
                write()
                size = 0
        if waiting:
            write()
        return count

    def write_terms(self, terms: Iterable[Term]) -> int:
        """Keep terms, by entity, which need not be there yet; ServiceError for a pool that the canon does not have."""

        def work(chunk: list[Term]) -> Work:
            _known((one.pool for one in chunk), POOLS)
            return self._nodes("Term", "entity", [rows.term_row(one) for one in chunk])

        return self._each(terms, work)

    def write_entities(self, entities: Iterable[Entity]) -> int:
        """Keep entities, by id, each with its pool as a label; ServiceError for a pool that the canon does not have."""

        def work(chunk: list[Entity]) -> Work:
            _known((one.pool for one in chunk), POOLS)
            groups = _grouped(chunk, lambda one: str(one.pool))
            parts = [
                self._nodes("Entity", "id", [rows.entity_row(one) for one in some], f" SET n:`{pool}`")
                for pool, some in groups.items()
            ]

            def all_parts(transaction: neo4j.ManagedTransaction) -> None:
                for part in parts:
                    part(transaction)

            return all_parts

        return self._each(entities, work)

    def write_relations(self, relations: Iterable[Relation]) -> int:
        """Keep relations, each with its verb as its type; ServiceError when an entity is missing, or for a verb that
        the glossary does not have."""

        def work(chunk: list[Relation]) -> Work:
            _known((one.verb for one in chunk), VERBS)
            groups = _grouped(chunk, lambda one: str(one.verb))
            edges = {
                verb: [
                    {"subject": one.subject, "object": one.object, "properties": rows.relation_row(one)} for one in some
                ]
                for verb, some in groups.items()
            }

            def all_edges(transaction: neo4j.ManagedTransaction) -> None:
                for verb, some in edges.items():
                    query = _EDGE.format(type=verb.upper())
                    done = transaction.run(query, rows=some, edition=self._edition).single(strict=True)["written"]
                    if done < len(some):
                        raise self._missing(transaction, verb, some)

            return all_edges

        return self._each(relations, work)

    def _missing(self, transaction: neo4j.ManagedTransaction, verb: str, edges: Sequence[Row]) -> ServiceError:
        """Say which entity a relation lacks."""
        ids = sorted({edge[end] for edge in edges for end in ("subject", "object")})
        query = "UNWIND $ids AS id MATCH (n:Entity {edition: $edition, id: id}) RETURN n.id AS id"
        known = {record["id"] for record in transaction.run(query, ids=ids, edition=self._edition)}
        absent = next((id for id in ids if id not in known), "")
        return ServiceError(f"there is no entity {absent!r} for the relation {verb}", hint="write its entities first")

    def write_gaps(self, gaps: Iterable[Gap]) -> int:
        """Replace all gaps."""
        self._writing()
        made = [rows.gap_row(position, one) for position, one in enumerate(gaps)]
        keep = self._nodes("Gap", "position", made)

        def work(transaction: neo4j.ManagedTransaction) -> None:
            transaction.run("MATCH (n:Gap {edition: $edition}) DELETE n", edition=self._edition).consume()
            keep(transaction)

        self._database.write(work)
        return len(made)

    def write_note(self, key: str, value: Mapping[str, Any]) -> None:
        """Keep one JSON object, as text, under a key."""
        self._writing()
        text = json.dumps(dict(value), ensure_ascii=False)
        self._database.write(self._nodes("Note", "key", [{"key": key, "value": text}]))

    def publish(self) -> None:
        """Make the rebuilt graph the batch's graph in one transaction; from then on it is read only.

        What was published before is kept until the batch is rebuilt once more, for those who have it open.
        """
        self._writing()
        last: str | None = ""
        while last is not None:
            page = {"edition": self._edition, "after": last, "rows": self._size}
            last = self._database.execute(_NAMES, **page)[0]["last"]
        if not self._database.execute(_PUBLISH, edition=self._edition, **self._key):
            raise ServiceError(
                f"batch {self._batch} was begun anew by somebody else meanwhile", hint="run the same command again"
            )
        self._writable = False
        for old in self._place.glob(f"{self._batch}.*.words"):
            old.unlink(missing_ok=True)

    def close(self) -> None:
        """Let go of the graph; what was rebuilt and not published is discarded: now, or, when the server is gone, when
        the batch is built again."""
        try:
            if self._writable and self._database.answers():
                schema.delete(self._database, self._edition, self._size)
                self._database.execute(_DISCARD, edition=self._edition, **self._key)
        finally:
            self._writable = False
            self._held.close()
            super().close()
