# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""CSV tables, for spreadsheets, data frames and bulk loaders."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, ClassVar
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from attrs import frozen

from enliterator_core import Exporter, Graph
from enliterator_exports.leaving import entities_out, place, publishable, relations_out

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the first date that a zip file can say


@frozen
class Csv(Exporter):
    """CSV: `entities.csv`, `relations.csv` and `sources.csv` in one zip file, UTF-8, after RFC 4180; several values in
    one cell stand on lines of their own."""

    name: ClassVar[str] = "csv"
    file_name: ClassVar[str] = "graph.csv.zip"

    def export(self, graph: Graph, target: Path) -> int:
        """Write the tables; return how many entities and relations they hold."""
        entities = entities_out(graph)
        relations = list(relations_out(graph, entities))
        tables: dict[str, Iterable[Sequence[Any]]] = {
            "entities.csv": _entities(graph),
            "relations.csv": (
                ("subject", "verb", "object", "confidence", "evidence"),
                *((*one.key, one.confidence, "\n".join(map(place, one.evidence))) for one in relations),
            ),
            "sources.csv": _sources(graph),
        }
        # Stored as it is: what a compressor makes of the same bytes differs from one release to the next.
        with ZipFile(target, "w", ZIP_STORED) as file:
            for name, rows in tables.items():
                text = io.StringIO(newline="")
                csv.writer(text).writerows(rows)
                file.writestr(ZipInfo(name, _EPOCH), text.getvalue().encode())
        return len(entities) + len(relations)


def _entities(graph: Graph) -> Iterator[Sequence[Any]]:
    yield "id", "pool", "name", "kind", "description", "time", "license", "holder", "surface_forms", "evidence"
    for id, entity in entities_out(graph).items():
        rights, term = graph.rights[entity.rights], graph.terms.get(id)
        told = (id, entity.pool, entity.name, entity.kind, entity.description, entity.time.value)
        forms = "\n".join(term.surface_forms) if term else ""
        yield *told, rights.license, rights.holder, forms, "\n".join(map(place, entity.evidence))


def _sources(graph: Graph) -> Iterator[Sequence[Any]]:
    yield "path", "sha256", "media_type", "title", "time", "license", "holder"
    for path, source in graph.sources.items():
        rights = graph.rights_of(path)
        if publishable(rights):
            yield path, source.sha256, source.media_type, source.title, source.time.value, rights.license, rights.holder
