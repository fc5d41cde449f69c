# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Keeps each graph as one JSON file, whole in memory while it is open: `graph = "shelf:"`."""

from pathlib import Path

import orjson
from cattrs import Converter

from enliterator_core import (
    Document,
    Entity,
    Gap,
    GraphStorage,
    Relation,
    Rights,
    ServiceError,
    Source,
    Storage,
    Term,
    hookimpl,
)
from enliterator_core.testing import MemoryGraph

CONVERTER = Converter()


class ShelfGraph(MemoryGraph):
    """A graph in memory that is written to its file when it is published."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path

    def publish(self) -> None:
        """Write everything beside the file, then rename: readers see the old graph or the new one."""
        super().publish()
        sources = list(self.sources())
        parts = {
            "rights": list(self.rights()),
            "sources": sources,
            "documents": [(source.path, self.document(source.path)) for source in sources],
            "terms": list(self.terms()),
            "entities": list(self.entities()),
            "relations": list(self.relations()),
            "gaps": self.gaps(),
            "notes": {key: self.note(key) for key in self.notes()},
        }
        self.path.parent.mkdir(parents=True, exist_ok=True)
        beside = self.path.with_suffix(".new")
        beside.write_bytes(orjson.dumps(CONVERTER.unstructure(parts)))
        beside.replace(self.path)

    def load(self) -> None:
        """Read the file back."""
        parts = orjson.loads(self.path.read_bytes())
        self.write_rights(CONVERTER.structure(parts["rights"], list[Rights]))
        self.write_sources(CONVERTER.structure(parts["sources"], list[Source]))
        documents = CONVERTER.structure(parts["documents"], list[tuple[str, Document | None]])
        self.write_documents((path, document) for path, document in documents if document is not None)
        self.write_terms(CONVERTER.structure(parts["terms"], list[Term]))
        self.write_entities(CONVERTER.structure(parts["entities"], list[Entity]))
        self.write_relations(CONVERTER.structure(parts["relations"], list[Relation]))
        self.write_gaps(CONVERTER.structure(parts["gaps"], list[Gap]))
        for key, value in parts["notes"].items():
            self.write_note(key, value)
        super().publish()  # a published graph is read only


class Shelf(Storage):
    """Graphs as JSON files in `.enliterator/shelf/`; records stay where they are."""

    name = "shelf"
    schemes = ("shelf",)

    def graph(self, url: str, state: Path, batch: int, *, rebuild: bool = False) -> GraphStorage | None:
        """Open a batch's graph, or with `rebuild` an empty one that takes its place when published."""
        graph = ShelfGraph(state / self.name / f"{batch}.json")
        if not rebuild:
            if not graph.path.exists():
                raise ServiceError(f"{graph.path} does not exist", hint="build the batch again")
            graph.load()
        return graph


@hookimpl
def register_storages() -> list[type[Storage]]:
    """Add the shelf."""
    return [Shelf]
