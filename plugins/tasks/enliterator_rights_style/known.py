# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""What requests and answers need to know of a graph's things and sources: read once, from arrays, and kept for a while.

An entity or a relation as an object would take longer to make than an answer.
"""

from collections import Counter
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from enliterator_core import Graph, Kept, Rights, Span, Verdict, entity_id, mention_of
from enliterator_rights_style.clauses import clause_of
from enliterator_rights_style.licences import asked_for, credit, licence_of, terms_of
from enliterator_rights_style.names import Names
from enliterator_rights_style.quoting import Blocks
from enliterator_rights_style.stating import Statements

if TYPE_CHECKING:
    from numpy.typing import NDArray

_COMMIT: Final = "commit:"


class Thing(NamedTuple):
    """An entity: its number in the graph, what prose (``mention``) and people (``names``) call it, where it stands.

    ``clause`` is what it is or does, to go on after its name; ``shared`` are those of the names that something else
    in the graph may have as well.
    """

    id: str
    number: int
    pool: str
    kind: str
    name: str
    description: str
    clause: str | None
    mention: str
    names: tuple[str, ...]
    shared: tuple[str, ...]
    evidence: tuple[Span, ...]


class Known:
    """The things and sources of a graph, each read when it is first asked for; ``graph.once(Known)`` has them."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.things: Kept[str, Thing] = Kept(self._thing, 1000)
        """Every entity by its id; KeyError for one that is not in the graph."""
        self.origins: Kept[str, Origin] = Kept(lambda path: Origin(self, path), 128)
        """Every source by its path, whether the graph has it or not."""
        entities, one_by_one = graph.arrays.entities, graph.arrays.one_by_one
        self._entities = entities
        self._names = Names(graph)
        self.statements = Statements(graph)
        self._codes = {path: code for code, path in enumerate(entities.spans.paths)}
        self._pool, self._kind = one_by_one(entities.pool), one_by_one(entities.kind)

    def _thing(self, id: str) -> Thing:
        entities = self._entities
        number = entities.numbers[id]
        name, words = entities.names[number], entities.descriptions[number]
        pool, kind = entities.pools[self._pool[number]], entities.kinds[self._kind[number]]
        names = self._names.of(number)
        shared = self._names.shared(number, names)
        clause, mention = clause_of(name, kind, words), mention_of(pool, kind, name)
        return Thing(id, number, pool, kind, name, words, clause, mention, names, shared, entities.spans.of(number))

    def means(self, form: str, thing: Thing, path: str) -> bool:
        """Say whether nothing else in a source is called by one of a thing's names."""
        if form not in thing.shared:
            return True
        others = [one for one in self.graph.called(form) if one.id != thing.id]
        return not any(span.source == path for one in others for span in one.evidence)

    def expect(self) -> None:
        """Be ready for questions about all that is first found in a source that may be used, source by source."""
        spans = self._entities.spans
        places = {path: place for place, path in enumerate(self.graph.sources) if is_usable(self.graph.rights_of(path))}
        place_of = np.array([places.get(path, -1) for path in spans.paths], np.int64)
        numbers = np.flatnonzero(np.diff(spans.offsets))
        first = place_of[spans.places[spans.offsets[numbers], 0]]
        order = np.argsort(first, kind="stable")
        self.statements.expect(numbers[order[np.searchsorted(first[order], 0) :]])

    def first_found(self, path: str) -> "NDArray[np.int64]":
        """Return the numbers of the entities that are first found in a source, in their order."""
        by_source, spans = self.graph.by_source, self._entities.spans
        numbers = np.array(by_source.numbers(path) if path in by_source else (), np.int64)
        first: NDArray[np.int64] = numbers[spans.places[spans.offsets[numbers], 0] == self._codes.get(path, -1)]
        return first

    @cached_property
    def file_names(self) -> Counter[str]:
        """How many sources have each file name."""
        return Counter(path.rpartition("/")[2] for path in self.graph.sources)


def is_usable(rights: Rights) -> bool:
    """Say whether what is under these rights may be trained on and published."""
    return rights.trainable and rights.publishable


class Origin:
    """A source: its rights and what follows from them, its text and what is in it, each read at its first use.

    ``usable`` says whether it may be trained on and published, ``line`` is its attribution, ``called`` what people
    call it: its path, and its file name where no other source has that. ``verdicts`` are those on right answers to
    what is asked of it, each made once.
    """

    def __init__(self, known: Known, path: str) -> None:
        self._known = known
        self._graph = known.graph
        self.path = path
        self.rights = known.graph.rights_of(path)
        self.usable = is_usable(self.rights)
        self.line = credit(path, self.rights)
        self.called = _called(known, path)
        self.verdicts: dict[str, Verdict] = {}

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
        """What is said of a thing in it that somebody wants to reuse, with the attribution."""
        owed = asked_for(terms_of(self.rights.license), changed=True)
        return f"stands in {self.path}, under {licence_of(self.rights)}. {owed}\n\n{self.line}"

    @cached_property
    def first_here(self) -> "NDArray[np.int64]":
        """The numbers of the entities that are first found in it, in their order."""
        return self._known.first_found(self.path)

    @cached_property
    def by_place(self) -> "NDArray[np.int64]":
        """The numbers of the same entities, in the order in which they stand in it."""
        entities, here = self._graph.arrays.entities, self.first_here
        places = entities.spans.places[entities.spans.offsets[here]]
        return here[np.lexsort((entities.keys[here], places[:, 2], places[:, 1]))]

    def first_of(self, thing: Thing) -> Span | None:
        """Return the first evidence of a thing that is in it; None where there is none."""
        for span in thing.evidence:
            if span.source == self.path:
                return span
        return None

    @cached_property
    def speaker(self) -> str | None:
        """The id of the entity that stands for it: the one that is the file, else the first of :attr:`by_place`."""
        whole = entity_id("Manifest", self.path)
        if whole in self._graph.entities:
            span = self._graph.first_evidence(whole)
            if span is not None and span.source == self.path:
                return whole
        return self._graph.id(int(self.by_place[0])) if len(self.by_place) else None


def _called(known: Known, path: str) -> tuple[str, ...]:
    if path.startswith(_COMMIT):
        return path, f"commit {path.removeprefix(_COMMIT)[:10]}"
    name = path.rpartition("/")[2]
    return (path, name) if name != path and "." in name and known.file_names[name] == 1 else (path,)
