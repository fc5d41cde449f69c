# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Sources, as far as requests and answers speak of them: what is the same for every request about one is made once."""

from collections import Counter
from functools import cached_property, partial
from typing import Final

from enliterator_core import Graph, entity_id
from enliterator_rights_style.keeping import Kept
from enliterator_rights_style.licences import asked_for, credit, licence_of, terms_of
from enliterator_rights_style.quoting import Blocks

_COMMIT: Final = "commit:"


class Origin:
    """A source: its rights and what follows from them, its text and what is in it, each read at its first use.

    ``usable`` says whether it may be trained on and published, ``line`` is its attribution, ``called`` what people
    call it: its path, and its file name where no other source has that.
    """

    def __init__(self, graph: Graph, path: str) -> None:
        self._graph = graph
        self.path = path
        self.rights = graph.rights_of(path)
        self.usable = self.rights.trainable and self.rights.publishable
        self.line = credit(path, self.rights)
        self.called = _called(graph, path)

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


def origin_of(graph: Graph, path: str) -> Origin:
    """Return a source, whether the graph has it or not."""
    return graph.once(_origins)[path]


def _origins(graph: Graph) -> Kept[str, Origin]:
    return Kept(partial(Origin, graph), 256)


def _names(graph: Graph) -> Counter[str]:
    """Count how many sources have each file name."""
    return Counter(path.rpartition("/")[2] for path in graph.sources)


def _called(graph: Graph, path: str) -> tuple[str, ...]:
    if path.startswith(_COMMIT):
        return path, f"commit {path.removeprefix(_COMMIT)[:10]}"
    name = path.rpartition("/")[2]
    return (path, name) if name != path and "." in name and graph.once(_names)[name] == 1 else (path,)
