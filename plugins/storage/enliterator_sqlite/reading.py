# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Reading a graph file."""

import sqlite3
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any, Final

import orjson

from enliterator_core import (
    Document,
    Entity,
    EntityColumns,
    Gap,
    Relation,
    RelationColumns,
    Rights,
    ServiceError,
    Source,
    Span,
    Term,
    Time,
    find_few,
    find_words,
    unpack_document,
)
from enliterator_sqlite import columns, layout
from enliterator_sqlite.files import told

_NODE: Final = "pool, name, kind, description, repr_text, time, basis, rights, evidence"
_EDGE: Final = "src, verb, dst, evidence, confidence, predicate"
_PAGE: Final = 2000
_MAPPED: Final = 1 << 32  # bytes of a published file that are read through memory mapping, shared by all processes

Row = tuple[Any, ...]


class GraphReader:
    """The reading half of a graph, over one connection.

    Streams are read page by page, each from the key at which the last one ended: nothing stays open between pages, so
    that a stage may write while it reads.
    """

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._path = path
        self._open(connection)

    def _open(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        with told(self._path):
            self._pool_codes = layout.codes(connection, "pool")
            self._verb_codes = layout.codes(connection, "verb")
        self._pools = list(self._pool_codes)
        self._verbs = list(self._verb_codes)
        self._paths: dict[int, str] = {}

    def _rows(self, statement: str, values: Iterable[Any] = ()) -> list[Row]:
        with told(self._path):
            return self._connection.execute(statement, tuple(values)).fetchall()

    def _pages(self, selected: str, source: str, keys: tuple[str, ...], size: int = _PAGE) -> Iterator[list[Row]]:
        """Yield rows, at most so many at a time, in the order of their keys, the last of the columns selected."""
        order, marks = ", ".join(keys), ", ".join("?" * len(keys))
        select = f"SELECT {selected}, {order} FROM {source}"
        page = self._rows(f"{select} ORDER BY {order} LIMIT {size}")
        while page:
            yield page
            if len(page) < size:
                return
            page = self._rows(
                f"{select} WHERE ({order}) > ({marks}) ORDER BY {order} LIMIT {size}", page[-1][-len(keys) :]
            )

    def _stream(self, selected: str, source: str, keys: tuple[str, ...]) -> Iterator[Row]:
        """Yield rows one by one, in the order of their keys."""
        return chain.from_iterable(self._pages(selected, source, keys))

    def _spans(self, packed: bytes) -> tuple[Span, ...]:
        try:
            return layout.unpack_spans(packed, self._paths)
        except KeyError:
            self._paths = dict(self._rows("SELECT id, path FROM path"))
            return layout.unpack_spans(packed, self._paths)

    def rights(self) -> Iterator[Rights]:
        """Every rights, by id."""
        return (Rights(*orjson.loads(fields)) for fields, _ in self._stream("fields", "rights", ("id",)))

    def sources(self) -> Iterator[Source]:
        """Every source, by path."""
        joined = "path JOIN source ON source.path = path.id"
        for fields, path in self._stream("fields", joined, ("path.path",)):
            sha256, media_type, size, kind, encoding, title, time, basis, rights = orjson.loads(fields)
            yield Source(path, sha256, media_type, size, kind, encoding, title, Time(time, basis), rights)

    def document(self, path: str) -> Document | None:
        """The text and blocks of one source."""
        statement = "SELECT fields FROM document WHERE path = (SELECT id FROM path WHERE path = ?)"
        rows = self._rows(statement, (path,))
        return unpack_document(orjson.loads(rows[0][0])) if rows else None

    def terms(self) -> Iterator[Term]:
        """Every term, by pool, then name."""
        rows = self._stream("description, surface_forms, negative_forms, languages", "term", ("pool", "name", "entity"))
        for description, surface, negative, tagged, pool, name, entity in rows:
            forms = tuple(orjson.loads(surface)), tuple(orjson.loads(negative))
            languages = tuple(map(tuple, orjson.loads(tagged)))
            yield Term(layout.id_of(entity), self._pools[pool], name, description, *forms, languages)

    def _entity(self, row: Row) -> Entity:
        pool, name, kind, description, text, time, basis, rights, evidence = row
        spans = self._spans(evidence)
        return Entity(self._pools[pool], name, kind, description, text, Time(time, basis), rights, spans)

    def entities(self) -> Iterator[Entity]:
        """Every entity, by pool, then name."""
        return (self._entity(row[:-2]) for row in self._stream(_NODE, "node", ("pool", "name")))

    def entity(self, id: str) -> Entity | None:
        """One entity."""
        rows = self._rows(f"SELECT {_NODE} FROM node WHERE id = ?", (layout.number_of(id),))
        return self._entity(rows[0]) if rows else None

    def _relation(self, row: Row) -> Relation:
        src, verb, dst, evidence, confidence, predicate = row
        spans = self._spans(evidence)
        return Relation(layout.id_of(src), self._verbs[verb], layout.id_of(dst), spans, confidence, predicate)

    def relations(self) -> Iterator[Relation]:
        """Every relation, by subject, verb and object."""
        return (self._relation(row[:-3]) for row in self._stream(_EDGE, "edge", ("src", "verb", "dst")))

    def relations_of(self, id: str) -> list[Relation]:
        """The relations that the entity is subject or object of, by subject, verb and object."""
        self._settle_edges()
        number = layout.number_of(id)
        rows = self._rows(f"SELECT {_EDGE} FROM edge WHERE src = ?", (number,))
        rows += self._rows(f"SELECT {_EDGE} FROM edge WHERE dst = ?1 AND src <> ?1", (number,))
        return [self._relation(row) for row in sorted(rows, key=lambda row: row[:3])]

    def _path_list(self) -> list[str]:
        rows = self._rows("SELECT id, path FROM path")
        paths = [""] * (max((id for id, _ in rows), default=0) + 1)
        for id, path in rows:
            paths[id] = path
        return paths

    def _scan(self, selected: str, source: str, keys: tuple[str, ...], size: int) -> Iterator[list[Row]]:
        """Yield pages of a whole table, and let go of what is mapped of each: what is read once should not stay."""
        for page in self._pages(selected, source, keys, size):
            self.let_go()
            yield page

    def scan_entities(self, size: int) -> Iterator[EntityColumns]:
        """Every entity, by pool, then name, in columns, at most ``size`` at a time."""
        paths = self._path_list()
        for page in self._scan(f"{_NODE}, id", "node", ("pool", "name"), size):
            pools, names, kinds, descriptions, texts, times, bases, rights, packed, ids, *_ = zip(*page, strict=True)
            yield EntityColumns(
                columns.ids(ids),
                [self._pools[pool] for pool in pools],
                names,
                kinds,
                descriptions,
                texts,
                times,
                bases,
                rights,
                columns.spans(packed, paths),
            )

    def scan_relations(self, size: int) -> Iterator[RelationColumns]:
        """Every relation, by subject, verb and object, in columns, at most ``size`` at a time."""
        paths = self._path_list()
        for page in self._scan("evidence, confidence, predicate", "edge", ("src", "verb", "dst"), size):
            packed, confidences, predicates, sources, verbs, targets = zip(*page, strict=True)
            yield RelationColumns(
                columns.ids(sources),
                [self._verbs[verb] for verb in verbs],
                columns.ids(targets),
                confidences,
                predicates,
                columns.spans(packed, paths),
            )

    def search(self, query: str, *, pools: Iterable[str] = (), limit: int = 10) -> list[tuple[str, float]]:
        """Entity ids and scores, best first, ties by id; pools that the canon does not have hold nothing."""
        self._settle_words()
        with told(self._path):
            found = find_words(self._connection, query, self._among(pools), limit)
        return [(layout.id_of(number), score) for number, score in found]

    def search_few(self, query: str, *, pools: Iterable[str] = (), limit: int = 10) -> list[str] | None:
        """The ids of all that a search finds, in no order; None where the limit leaves any of it out."""
        self._settle_words()
        with told(self._path):
            found = find_few(self._connection, query, self._among(pools), limit)
        return None if found is None else list(map(layout.id_of, found))

    def _among(self, pools: Iterable[str]) -> list[int] | None:
        """Return the codes of the pools to look in; None for all."""
        wanted = tuple(pools)
        return [self._pool_codes[pool] for pool in wanted if pool in self._pool_codes] if wanted else None

    def gaps(self) -> list[Gap]:
        """Every gap, in the order written."""
        return [Gap(*orjson.loads(fields)) for (fields,) in self._rows("SELECT fields FROM gap ORDER BY position")]

    def note(self, key: str) -> dict[str, Any] | None:
        """What was kept under the key."""
        rows = self._rows("SELECT value FROM note WHERE key = ?", (key,))
        value: dict[str, Any] | None = orjson.loads(rows[0][0]) if rows else None
        return value

    def notes(self) -> list[str]:
        """The keys under which something was kept, sorted."""
        return [key for (key,) in self._rows("SELECT key FROM note ORDER BY key")]

    def counts(self) -> dict[str, int]:
        """How many `sources`, `entities`, `relations` and `terms` there are."""
        tables = {"sources": "source", "entities": "node", "relations": "edge", "terms": "term"}
        return {name: self._rows(f"SELECT count(*) FROM {table}")[0][0] for name, table in tables.items()}

    def _settle_edges(self) -> None:
        """Make sure that edges can be read backwards; a published file's can."""

    def _settle_words(self) -> None:
        """Make sure that what was written can be found; in a published file it can."""

    def let_go(self) -> None:
        """Let go of what is mapped of the file, which counts as memory of the process; reading maps it again."""
        ((mapped,),) = self._rows("PRAGMA mmap_size") or [(0,)]
        self._rows("PRAGMA mmap_size=0")
        self._rows(f"PRAGMA mmap_size={mapped}")

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()


def open_published(path: Path, batch: int) -> sqlite3.Connection:
    """Open a published graph to read; ServiceError when there is none, or none that this version reads.

    A published file is never written again, only replaced by a rename, so it is opened as immutable: no locks, no
    files beside it, and whoever has the old one open goes on reading it.
    """
    if not path.is_file():
        raise ServiceError(f"batch {batch} has no graph at {path}", hint="build it: enliterator build SOURCE")
    with told(path):
        uri = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
        connection = sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False)
        try:
            layout.check(connection, path)
            connection.execute(f"PRAGMA mmap_size={_MAPPED}")
        except BaseException:
            connection.close()
            raise
    return connection
