# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""What requests and answers need to know of a graph's things and sources: read once, from arrays, and kept for a while.

An entity or a relation as an object would take longer to make than an answer.
"""

from array import array
from collections import Counter
from functools import cached_property
from typing import Any, Final, NamedTuple

import numpy as np

from enliterator_core import Graph, Span, entity_id, fold, mention_of
from enliterator_rights_style.keeping import Kept
from enliterator_rights_style.licences import asked_for, credit, licence_of, terms_of
from enliterator_rights_style.quoting import Blocks

_COMMIT: Final = "commit:"
_MOST_FORMS: Final = 4


class Thing(NamedTuple):
    """An entity: its number in the graph, what prose (``mention``) and people (``names``) call it, where it stands.

    ``shared`` are those of the names that something else in the graph may have as well.
    """

    id: str
    number: int
    pool: str
    kind: str
    name: str
    description: str
    mention: str
    names: tuple[str, ...]
    shared: tuple[str, ...]
    evidence: tuple[Span, ...]


class Known:
    """The things and sources of a graph, each read when it is first asked for; ``graph.once(Known)`` has them."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.things: Kept[str, Thing] = Kept(self._thing)
        """Every entity by its id; KeyError for one that is not in the graph."""
        self.origins: Kept[str, Origin] = Kept(lambda path: Origin(self, path), 128)
        """Every source by its path, whether the graph has it or not."""
        self._entities = graph.arrays.entities
        spans = graph.arrays.relations.spans
        bounds: Any = spans.offsets
        places: Any = spans.places.reshape(-1)
        # Numbers are read one at a time faster from memory than from an array.
        self._bounds, self._places, self._paths = memoryview(bounds), memoryview(places), spans.paths

    def _thing(self, id: str) -> Thing:
        entities = self._entities
        number = entities.numbers[id]
        name, pool, kind = entities.names[number], entities.pool_of(number), entities.kind_of(number)
        names, often = self._names(id, name), self._often
        shared = tuple([one for one in names if hash(fold(one)) in often])
        words, evidence = entities.descriptions[number], entities.spans.of(number)
        return Thing(id, number, pool, kind, name, words, mention_of(pool, kind, name), names, shared, evidence)

    def _names(self, id: str, name: str) -> tuple[str, ...]:
        """Return what people may call an entity: its name and the first of its other forms."""
        term = self.graph.terms.get(id)
        forms = (name, *term.surface_forms[:_MOST_FORMS]) if term else (name,)
        return tuple([form for form in dict.fromkeys(forms) if form.strip()])

    @cached_property
    def _often(self) -> frozenset[int]:
        """The hashes of the forms that several things have, among those that people are let call them by."""
        hashes = array("q")
        entities, terms = self._entities, self.graph.terms
        for id, surface, _ in terms.forms():
            if id in entities.numbers:
                names = entities.names[entities.numbers[id]], *surface[:_MOST_FORMS]
                hashes.extend({hash(fold(form)) for form in names if form.strip()})
        hashes.extend(
            hash(fold(name)) for id, name in zip(entities.ids, entities.names, strict=True) if id not in terms
        )
        every = np.sort(np.frombuffer(hashes, np.int64)) if hashes else np.zeros(0, np.int64)
        return frozenset(every[1:][every[1:] == every[:-1]].tolist())

    def means(self, form: str, thing: Thing, path: str) -> bool:
        """Say whether nothing else in a source is called by one of a thing's names."""
        if form not in thing.shared:
            return True
        others = [one for one in self.graph.called(form) if one.id != thing.id]
        return not any(span.source == path for one in others for span in one.evidence)

    def mention(self, number: int) -> str:
        """Return how prose speaks of the entity with a number."""
        entities = self._entities
        return mention_of(entities.pool_of(number), entities.kind_of(number), entities.names[number])

    def stated(self, row: int, path: str) -> tuple[int, int] | None:
        """Return where (start, end) a source first states the relation of a row; None where it does not."""
        places, paths = self._places, self._paths
        for at in range(3 * self._bounds[row], 3 * self._bounds[row + 1], 3):
            if paths[places[at]] == path:
                return places[at + 1], places[at + 2]
        return None

    @cached_property
    def file_names(self) -> Counter[str]:
        """How many sources have each file name."""
        return Counter(path.rpartition("/")[2] for path in self.graph.sources)


class Origin:
    """A source: its rights and what follows from them, its text and what is in it, each read at its first use.

    ``usable`` says whether it may be trained on and published, ``line`` is its attribution, ``called`` what people
    call it: its path, and its file name where no other source has that.
    """

    def __init__(self, known: Known, path: str) -> None:
        self._graph = known.graph
        self.path = path
        self.rights = known.graph.rights_of(path)
        self.usable = self.rights.trainable and self.rights.publishable
        self.line = credit(path, self.rights)
        self.called = _called(known, path)

    @cached_property
    def length(self) -> int:
        """How many characters it has."""
        return len(self._graph.document(self.path).text)

    @cached_property
    def blocks(self) -> Blocks:
        """Its pieces that may be quoted."""
        return Blocks(self.path, self._graph.document(self.path))

    @cached_property
    def reused(self) -> str:
        """What is said of a thing in it that somebody wants to reuse."""
        owed = asked_for(terms_of(self.rights.license), changed=True)
        return f"stands in {self.path}, under {licence_of(self.rights)}. {owed}"

    @cached_property
    def first_here(self) -> list[int]:
        """The numbers of the entities that are first found in it, in their order."""
        if self.path not in self._graph.by_source:
            return []
        spans = self._graph.arrays.entities.spans
        numbers = self._graph.by_source.numbers(self.path)
        paths = spans.places[spans.offsets[numbers], 0].tolist()
        return [number for number, code in zip(numbers, paths, strict=True) if spans.paths[code] == self.path]

    @cached_property
    def by_place(self) -> list[int]:
        """The numbers of the same entities, in the order in which they stand in it."""
        spans, ids = self._graph.arrays.entities.spans, self._graph.arrays.entities.ids
        places = spans.places[spans.offsets[self.first_here], 1:].tolist() if self.first_here else []
        placed = zip(places, (ids[number] for number in self.first_here), self.first_here, strict=True)
        return [number for _, _, number in sorted(placed)]

    @cached_property
    def speaker(self) -> str | None:
        """The id of the entity that stands for it: the one that is the file, else the first of :attr:`by_place`."""
        whole = entity_id("Manifest", self.path)
        if whole in self._graph.entities:
            span = self._graph.first_evidence(whole)
            if span is not None and span.source == self.path:
                return whole
        return self._graph.id(self.by_place[0]) if self.by_place else None


def _called(known: Known, path: str) -> tuple[str, ...]:
    if path.startswith(_COMMIT):
        return path, f"commit {path.removeprefix(_COMMIT)[:10]}"
    name = path.rpartition("/")[2]
    return (path, name) if name != path and "." in name and known.file_names[name] == 1 else (path,)
