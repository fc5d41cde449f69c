# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""A graph in memory, for tests: it keeps every promise of the contract, and nothing outlives the process."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar, TypeVar

import attrs
import orjson

from enliterator_core.columns import EntityColumns, RelationColumns, entity_columns, relation_columns
from enliterator_core.contracts.storage import GraphStorage, Storage
from enliterator_core.errors import ServiceError
from enliterator_core.nouns import Document, Entity, Gap, Relation, Rights, Source, Term

_WORD = re.compile(r"[^\W_]+")

T = TypeVar("T")


def _fields(noun: Any) -> tuple[Any, ...]:
    return tuple(getattr(noun, one.name) for one in attrs.fields(type(noun)))


def _checked(given: Iterable[T]) -> list[T]:
    """Return what was given when all of it is storable text, numbers and nouns; ServiceError otherwise."""
    every = list(given)
    try:
        for one in every:
            orjson.dumps(one, default=_fields)
    except TypeError as error:
        raise ServiceError(
            f"cannot be stored: {error}", hint="leave out or escape text that is not valid Unicode"
        ) from error
    return every


class MemoryGraph:
    """A complete :class:`~enliterator_core.GraphStorage` in dictionaries.

    Its search scores an entity by the words that it shares with the query: 4 for a word of its name, 2 of a surface
    form, 1 of its description or text. ``published`` is called once by `publish`.
    """

    def __init__(self, published: Callable[["MemoryGraph"], None] | None = None) -> None:
        self._published = published
        self._read_only = False
        self._rights: dict[str, Rights] = {}
        self._sources: dict[str, Source] = {}
        self._documents: dict[str, Document] = {}
        self._terms: dict[str, Term] = {}
        self._entities: dict[str, Entity] = {}
        self._relations: dict[tuple[str, str, str], Relation] = {}
        self._around: dict[str, set[tuple[str, str, str]]] = {}
        self._gaps: list[Gap] = []
        self._notes: dict[str, bytes] = {}
        self._words: dict[str, dict[str, int]] | None = None

    def _writable(self) -> None:
        if self._read_only:
            raise ServiceError("a published graph is read only", hint="open it with rebuild=True to write a new one")

    def write_rights(self, rights: Iterable[Rights]) -> int:
        """Keep rights, by id; return how many were given."""
        self._writable()
        every = _checked(rights)
        self._rights.update((one.id, one) for one in every)
        return len(every)

    def write_sources(self, sources: Iterable[Source]) -> int:
        """Keep sources, by path."""
        self._writable()
        every = _checked(sources)
        self._sources.update((one.path, one) for one in every)
        return len(every)

    def write_documents(self, documents: Iterable[tuple[str, Document]]) -> int:
        """Keep the text and blocks of sources, by path."""
        self._writable()
        every = _checked(documents)
        self._documents.update(every)
        return len(every)

    def write_terms(self, terms: Iterable[Term]) -> int:
        """Keep terms, by entity."""
        self._writable()
        every = _checked(terms)
        self._terms.update((one.entity, one) for one in every)
        self._words = None
        return len(every)

    def write_entities(self, entities: Iterable[Entity]) -> int:
        """Keep entities, by id."""
        self._writable()
        every = _checked(entities)
        self._entities.update((one.id, one) for one in every)
        self._words = None
        return len(every)

    def write_relations(self, relations: Iterable[Relation]) -> int:
        """Keep relations, by subject, verb and object; ServiceError, with nothing kept, when an entity is missing."""
        self._writable()
        every = _checked(relations)
        for one in every:
            for end in (one.subject, one.object):
                if end not in self._entities:
                    raise ServiceError(f"there is no entity {end!r} for the relation {one.verb}")
        for one in every:
            self._relations[one.key] = one
            self._around.setdefault(one.subject, set()).add(one.key)
            self._around.setdefault(one.object, set()).add(one.key)
        return len(every)

    def write_gaps(self, gaps: Iterable[Gap]) -> int:
        """Replace all gaps."""
        self._writable()
        self._gaps = _checked(gaps)
        return len(self._gaps)

    def write_note(self, key: str, value: Mapping[str, Any]) -> None:
        """Keep one JSON object under a key."""
        self._writable()
        _checked([key, dict(value)])
        self._notes[key] = orjson.dumps(dict(value))

    def rights(self) -> Iterator[Rights]:
        """Every rights, by id."""
        return (self._rights[id] for id in sorted(self._rights))

    def sources(self) -> Iterator[Source]:
        """Every source, by path."""
        return (self._sources[path] for path in sorted(self._sources))

    def document(self, path: str) -> Document | None:
        """The text and blocks of one source."""
        return self._documents.get(path)

    def terms(self) -> Iterator[Term]:
        """Every term, by pool, then name."""
        return iter(sorted(self._terms.values(), key=lambda one: (one.pool, one.name, one.entity)))

    def entities(self) -> Iterator[Entity]:
        """Every entity, by pool, then name."""
        return iter(sorted(self._entities.values(), key=lambda one: (one.pool, one.name)))

    def entity(self, id: str) -> Entity | None:
        """One entity."""
        return self._entities.get(id)

    def relations(self) -> Iterator[Relation]:
        """Every relation, by subject, verb and object."""
        return (self._relations[key] for key in sorted(self._relations))

    def scan_entities(self, size: int) -> Iterator[EntityColumns]:
        """Every entity, by pool, then name, in columns."""
        return entity_columns(self.entities(), size)

    def scan_relations(self, size: int) -> Iterator[RelationColumns]:
        """Every relation, by subject, verb and object, in columns."""
        return relation_columns(self.relations(), size)

    def relations_of(self, id: str) -> list[Relation]:
        """The relations that the entity is subject or object of, by subject, verb and object."""
        return [self._relations[key] for key in sorted(self._around.get(id, ()))]

    def search(self, query: str, *, pools: Iterable[str] = (), limit: int = 10) -> list[tuple[str, float]]:
        """Entity ids and scores, best first, ties by id; all words first, any of them as fallback."""
        wanted = sorted(set(_WORD.findall(query.casefold())))
        if self._words is None:
            self._words = self._indexed()
        postings = [self._words.get(word, {}) for word in wanted]
        among = set(pools)
        scores: dict[str, int] = {}
        matched: dict[str, int] = {}
        for posting in postings:
            for id, weight in posting.items():
                if not among or self._entities[id].pool in among:
                    scores[id] = scores.get(id, 0) + weight
                    matched[id] = matched.get(id, 0) + 1
        whole = [id for id, count in matched.items() if count == len(wanted)]
        best = sorted(whole or scores, key=lambda id: (-scores[id], id))
        return [(id, float(scores[id])) for id in best[: max(limit, 0)]]

    def _indexed(self) -> dict[str, dict[str, int]]:
        words: dict[str, dict[str, int]] = {}
        for id, entity in self._entities.items():
            term = self._terms.get(id)
            forms = " ".join(term.surface_forms) if term else ""
            for weight, text in ((1, f"{entity.description} {entity.repr_text}"), (2, forms), (4, entity.name)):
                for word in set(_WORD.findall(text.casefold())):
                    posting = words.setdefault(word, {})
                    posting[id] = posting.get(id, 0) + weight
        return words

    def gaps(self) -> list[Gap]:
        """Every gap, in the order written."""
        return list(self._gaps)

    def note(self, key: str) -> dict[str, Any] | None:
        """What was kept under the key."""
        kept = self._notes.get(key)
        value: dict[str, Any] | None = None if kept is None else orjson.loads(kept)
        return value

    def counts(self) -> dict[str, int]:
        """How many `sources`, `entities`, `relations` and `terms` there are."""
        return {
            "sources": len(self._sources),
            "entities": len(self._entities),
            "relations": len(self._relations),
            "terms": len(self._terms),
        }

    def publish(self) -> None:
        """Make it the batch's graph; from then on it is read only."""
        self._writable()
        self._read_only = True
        if self._published is not None:
            self._published(self)

    def close(self) -> None:
        """Let go of the graph; nothing is held."""


class MemoryStorage(Storage):
    """Graphs in memory, for as long as this object lives; the scheme is ``memory``."""

    name: ClassVar[str] = "memory"
    schemes: ClassVar[tuple[str, ...]] = ("memory",)

    def __init__(self) -> None:
        self._graphs: dict[tuple[str, Path, int], MemoryGraph] = {}

    def graph(self, url: str, state: Path, batch: int, *, rebuild: bool = False) -> GraphStorage | None:
        """Open a batch's published graph, or with `rebuild` an empty one that replaces it when published."""
        place = (url, state, batch)
        if rebuild:
            return MemoryGraph(lambda graph: self._graphs.__setitem__(place, graph))
        if place not in self._graphs:
            raise ServiceError(f"batch {batch} has no graph", hint="build it first")
        return self._graphs[place]
