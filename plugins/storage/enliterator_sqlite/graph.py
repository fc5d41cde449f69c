# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Writing a graph file: beside the published one, then renamed over it."""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import islice
from operator import itemgetter
from pathlib import Path
from typing import Any, Final

import attrs
import orjson

from enliterator_core import (
    Document,
    Entity,
    Gap,
    Relation,
    Rights,
    ServiceError,
    Source,
    Span,
    Term,
    fill_words,
    pack_document,
)
from enliterator_sqlite import layout
from enliterator_sqlite.files import BuildLock, replace_durably, told
from enliterator_sqlite.reading import GraphReader, Row, open_published

_CHUNK: Final = 100_000

_RIGHTS: Final = tuple(one.name for one in attrs.fields(Rights))
_GAP: Final = tuple(one.name for one in attrs.fields(Gap))

_FIRST: Final = itemgetter(0)


def _json(value: Any) -> str:
    try:
        return orjson.dumps(value).decode()
    except orjson.JSONEncodeError as error:
        raise ServiceError(
            f"cannot be stored as JSON: {error}", hint="leave out or escape text that is not valid Unicode"
        ) from error


class SqliteGraph(GraphReader):
    """A graph in one file, read only unless it was opened to be rebuilt.

    A graph being rebuilt is a file of its own that no one else opens and that is thrown away unless published. So its
    journal stays in memory, which undoes a write that fails, and nothing is synchronised to disk before `publish`.
    What makes reading fast, the index of edges read backwards and the words, is made at the first use after a write.
    """

    def __init__(self, place: Path, batch: int, *, rebuild: bool = False) -> None:
        """Open the published graph to read, or an empty one to write; ServiceError when that cannot be."""
        self._place, self._batch = place, batch
        self._lock = BuildLock(place.with_name(f"{place.stem}.lock"), batch) if rebuild else None
        self._building = place.with_name(f"{place.name}.building")
        self._numbers: dict[str, int] = {}
        self._path_ids: dict[str, int] = {}
        self._writable = self._words_stale = self._edges_stale = rebuild
        try:
            connection = self._begun() if rebuild else open_published(place, batch)
            super().__init__(connection, self._building if rebuild else place)
        except BaseException:
            self._release()
            raise

    def _begun(self) -> sqlite3.Connection:
        with told(self._building):
            self._building.unlink(missing_ok=True)
            connection = sqlite3.connect(self._building, isolation_level=None, check_same_thread=False)
            try:
                for pragma in ("journal_mode=MEMORY", "synchronous=OFF", "locking_mode=EXCLUSIVE", "cache_size=-65536"):
                    connection.execute(f"PRAGMA {pragma}")
                layout.create(connection)
            except BaseException:
                connection.close()
                raise
        return connection

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Do everything inside or, when it fails, nothing of it."""
        if not self._writable:
            raise ServiceError("a published graph is read only", hint="open it with rebuild=True to write a new one")
        if self._connection.in_transaction:  # what is written is itself made by something that writes
            yield
            return
        self._rows("BEGIN")
        try:
            yield
            self._rows("COMMIT")
        except BaseException:
            if self._connection.in_transaction:
                self._rows("ROLLBACK")
            self._numbers.clear()
            self._path_ids.clear()
            self._words_stale = self._edges_stale = True
            raise

    def _write(self, statement: str, rows: Iterable[Row]) -> int:
        """Write rows in chunks sorted by their first column, which is nearly all the sorting that pays; of two with
        one key the later wins."""
        count, remaining = 0, iter(rows)
        with self._writing():
            while chunk := list(islice(remaining, _CHUNK)):
                chunk.sort(key=_FIRST)
                with told(self._path):
                    self._connection.executemany(statement, chunk)
                count += len(chunk)
        return count

    def _path_id(self, path: str) -> int:
        """Return the number of a path, giving it one when it is new."""
        if path not in self._path_ids:
            rows = self._rows("INSERT INTO path (path) VALUES (?) ON CONFLICT DO NOTHING RETURNING id", (path,))
            rows = rows or self._rows("SELECT id FROM path WHERE path = ?", (path,))
            self._path_ids[path] = rows[0][0]
        return self._path_ids[path]

    def _packed(self, spans: tuple[Span, ...]) -> bytes:
        try:
            return layout.pack_spans(spans, self._path_ids)
        except KeyError:
            for span in spans:
                self._path_id(span.source)
            return layout.pack_spans(spans, self._path_ids)

    def _code(self, codes: Mapping[str, int], name: str) -> int:
        if name not in codes:
            raise ServiceError(f"{name!r} is not in the canon", hint="use a pool or a verb that the canon has")
        return codes[name]

    def write_rights(self, rights: Iterable[Rights]) -> int:
        """Keep rights, by id; return how many were given."""
        rows = ((one.id, _json([getattr(one, name) for name in _RIGHTS])) for one in rights)
        return self._write("REPLACE INTO rights VALUES (?, ?)", rows)

    def write_sources(self, sources: Iterable[Source]) -> int:
        """Keep sources, by path."""

        def row(one: Source) -> Row:
            time = one.time.value, one.time.basis
            fields = one.sha256, one.media_type, one.size, one.kind, one.encoding, one.title, *time, one.rights
            return self._path_id(one.path), _json(fields)

        return self._write("REPLACE INTO source VALUES (?, ?)", map(row, sources))

    def write_documents(self, documents: Iterable[tuple[str, Document]]) -> int:
        """Keep the text and blocks of sources, by path; one at a time, because they may be large."""
        count = 0
        with self._writing():
            for path, document in documents:
                row = self._path_id(path), _json(pack_document(document))
                self._rows("REPLACE INTO document VALUES (?, ?)", row)
                count += 1
        return count

    def write_terms(self, terms: Iterable[Term]) -> int:
        """Keep terms, by entity, which need not be there yet; ServiceError for a pool that the canon does not have."""

        def row(one: Term) -> Row:
            entity, pool = layout.number_of(one.entity), self._code(self._pool_codes, one.pool)
            if entity is None:
                raise ServiceError(f"{one.entity!r}, of the term {one.name!r}, is not the id of an entity")
            forms = _json(one.surface_forms), _json(one.negative_forms), _json(one.languages)
            return entity, pool, one.name, one.description, *forms

        self._words_stale = True
        return self._write("REPLACE INTO term VALUES (?, ?, ?, ?, ?, ?, ?)", map(row, terms))

    def write_entities(self, entities: Iterable[Entity]) -> int:
        """Keep entities, by id; ServiceError for a pool that the canon does not have."""
        known = self._numbers

        def row(one: Entity) -> Row:
            id, pool = one.id, self._code(self._pool_codes, one.pool)
            number = layout.number_of(id)
            assert number is not None, "an entity's id is a content id"
            if known:
                known[id] = number
            texts = one.name, one.kind, one.description, one.repr_text
            return number, pool, *texts, one.time.value, one.time.basis, one.rights, self._packed(one.evidence)

        self._words_stale = True
        return self._write("REPLACE INTO node VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", map(row, entities))

    def _number(self, id: str, verb: str) -> int:
        """Return the number of an entity that is there; ServiceError when it is not."""
        if id not in self._numbers:
            self._numbers.update((layout.id_of(number), number) for (number,) in self._rows("SELECT id FROM node"))
        if id not in self._numbers:
            raise ServiceError(f"there is no entity {id!r} for the relation {verb}", hint="write its entities first")
        return self._numbers[id]

    def write_relations(self, relations: Iterable[Relation]) -> int:
        """Keep relations, by subject, verb and object; ServiceError when an entity is missing, or for a verb that the
        glossary does not have."""
        return self._write("REPLACE INTO edge VALUES (?, ?, ?, ?, ?, ?)", self._edges(relations))

    def _edges(self, relations: Iterable[Relation]) -> Iterator[Row]:
        numbers, codes, paths = self._numbers, self._verb_codes, self._path_ids
        pack = layout.pack_spans
        for one in relations:
            try:
                src, verb, dst = numbers[one.subject], codes[one.verb], numbers[one.object]
                evidence = pack(one.evidence, paths)
            except KeyError:  # the first time, or not there at all
                src, verb = self._number(one.subject, one.verb), self._code(codes, one.verb)
                dst, evidence = self._number(one.object, one.verb), self._packed(one.evidence)
            yield src, verb, dst, evidence, one.confidence, one.predicate

    def write_gaps(self, gaps: Iterable[Gap]) -> int:
        """Replace all gaps."""
        rows = [(place, _json([getattr(gap, name) for name in _GAP])) for place, gap in enumerate(gaps)]
        with self._writing():
            self._rows("DELETE FROM gap")
            for row in rows:
                self._rows("INSERT INTO gap VALUES (?, ?)", row)
        return len(rows)

    def write_note(self, key: str, value: Mapping[str, Any]) -> None:
        """Keep one JSON object under a key."""
        with self._writing():
            self._rows("REPLACE INTO note VALUES (?, ?)", (key, _json(dict(value))))

    def _settle_edges(self) -> None:
        if self._edges_stale:
            self._rows(layout.BACK)
            self._edges_stale = False

    def _settle_words(self) -> None:
        if self._words_stale:
            with self._writing(), told(self._path):
                fill_words(self._connection)
            self._words_stale = False

    def publish(self) -> None:
        """Make the rebuilt graph the batch's graph in one step; durable when it returns. From then on it is read only.

        The right to build the batch is kept until `close`.
        """
        self._settle_edges()
        self._settle_words()
        if not self._writable:
            raise ServiceError("the graph is published already", hint="open it with rebuild=True to write a new one")
        with told(self._building):
            self._writable = False
            self._connection.close()
            replace_durably(self._building, self._place)
        self._numbers.clear()
        self._path_ids.clear()
        self._path = self._place
        self._open(open_published(self._place, self._batch))

    def _release(self) -> None:
        if self._lock is None:
            return
        try:
            with told(self._building):
                self._building.unlink(missing_ok=True)
        finally:
            self._lock.release()
            self._lock = None

    def close(self) -> None:
        """Let go of the graph; what was rebuilt and not published is discarded."""
        self._writable = False
        super().close()
        self._release()
