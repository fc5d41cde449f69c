# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Storage by URL scheme, with two facets: `graph` (one batch's graph) and `records` (batches, settings, builds)."""

from abc import ABC
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar, Protocol

from enliterator_core.columns import EntityColumns, RelationColumns
from enliterator_core.contracts.records import Records
from enliterator_core.nouns import Document, Entity, Gap, Relation, Rights, Source, Term


class GraphStorage(Protocol):
    """One batch's graph.

    Writes are upserts by id (a source's by path). What is written to a graph opened for rebuilding becomes visible
    to others in one step, with `publish`. Every `Iterator` streams in the order that its method names.
    """

    def write_rights(self, rights: Iterable[Rights]) -> int:
        """Keep rights, by id; return how many were given (as every write does)."""

    def write_sources(self, sources: Iterable[Source]) -> int:
        """Keep sources, by path."""

    def write_documents(self, documents: Iterable[tuple[str, Document]]) -> int:
        """Keep the text and blocks of sources, by path."""

    def write_terms(self, terms: Iterable[Term]) -> int:
        """Keep terms, by entity."""

    def write_entities(self, entities: Iterable[Entity]) -> int:
        """Keep entities, by id, and make their names, descriptions and texts findable by `search`."""

    def write_relations(self, relations: Iterable[Relation]) -> int:
        """Keep relations, by subject, verb and object; both entities must be there, else ServiceError."""

    def write_gaps(self, gaps: Iterable[Gap]) -> int:
        """Replace all gaps."""

    def write_note(self, key: str, value: Mapping[str, Any]) -> None:
        """Keep one JSON object under a key: a stage's result, the literacy."""

    def rights(self) -> Iterator[Rights]:
        """Every rights, by id."""

    def sources(self) -> Iterator[Source]:
        """Every source, by path."""

    def document(self, path: str) -> Document | None:
        """The text and blocks of one source."""

    def terms(self) -> Iterator[Term]:
        """Every term, by pool, then name."""

    def entities(self) -> Iterator[Entity]:
        """Every entity, by pool, then name."""

    def entity(self, id: str) -> Entity | None:
        """One entity."""

    def relations(self) -> Iterator[Relation]:
        """Every relation, by subject, verb and object."""

    def scan_entities(self, size: int) -> Iterator[EntityColumns]:
        """Every entity, by pool, then name, in columns, at most ``size`` at a time.

        What reads a whole graph reads this. A storage that has nothing faster passes `entities` through
        :func:`enliterator_core.entity_columns`.
        """

    def scan_relations(self, size: int) -> Iterator[RelationColumns]:
        """Every relation, by subject, verb and object, in columns, at most ``size`` at a time."""

    def relations_of(self, id: str) -> list[Relation]:
        """The relations that the entity is subject or object of, by subject, verb and object."""

    def search(self, query: str, *, pools: Iterable[str] = (), limit: int = 10) -> list[tuple[str, float]]:
        """Entity ids and scores (higher is better), best first, ties by id; all words first, any of them as fallback.

        Any text is a legal query; one without a word finds nothing. A storage may also have `search_few`, with the same
        parameters: the ids alone, in no order, and None where the limit leaves any of them out.
        """

    def gaps(self) -> list[Gap]:
        """Every gap, in the order written."""

    def note(self, key: str) -> dict[str, Any] | None:
        """What was kept under the key."""

    def notes(self) -> list[str]:
        """The keys under which something was kept, sorted."""

    def counts(self) -> dict[str, int]:
        """How many `sources`, `entities`, `relations` and `terms` there are."""

    def publish(self) -> None:
        """Make a rebuilt graph the batch's graph in one step; durable when it returns."""

    def close(self) -> None:
        """Let go of the graph; what was rebuilt and not published is discarded.

        A storage may also have `let_go`, without parameters: it lets go of what is in memory only to be read faster,
        and goes on being read.
        """


class Storage(ABC):
    """A storage, chosen by the scheme of a URL; a facet that it does not have returns None."""

    name: ClassVar[str]
    schemes: ClassVar[tuple[str, ...]]

    def graph(self, url: str, state: Path, batch: int, *, rebuild: bool = False) -> GraphStorage | None:
        """Open a batch's graph: the published one to read, or with `rebuild` an empty one to write.

        `state` is the workspace's `.enliterator` folder. Raises ServiceError when there is no such graph, or when
        another process is rebuilding it.
        """
        return None

    def records(self, url: str, state: Path) -> Records | None:
        """Open the records, making or upgrading the database when needed; ServiceError when that cannot be."""
        return None
