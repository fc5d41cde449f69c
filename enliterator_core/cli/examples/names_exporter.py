# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Two formats: of a graph, the names of all entities that may be published; of a dataset, its questions."""

from pathlib import Path

from enliterator_core import Dataset, DatasetExporter, Exporter, Graph, hookimpl


class Names(Exporter):
    """A plain list of names."""

    name = "names"
    file_name = "names.txt"

    def export(self, graph: Graph, target: Path) -> int:
        """Write pool and name, in the graph's order."""
        free = [entity for entity in graph.entities.values() if graph.rights[entity.rights].publishable]
        target.write_text("".join(f"{entity.pool}\t{entity.name!r}\n" for entity in free), encoding="utf-8")
        return len(free)


class Questions(DatasetExporter):
    """What is asked, with its task: a file for each split."""

    name = "questions"

    def export(self, dataset: Dataset, folder: Path) -> dict[str, int]:
        """Write task and question of each example, in the order of their ids."""
        counts = {}
        for split in dataset.splits:
            asked = [f"{row.provenance['task']}\t{row.said('user')!r}\n" for row in dataset.rows(split)]
            (folder / f"{split}.txt").write_text("".join(asked), encoding="utf-8")
            counts[f"{split}.txt"] = len(asked)
        return counts


@hookimpl
def register_exporters() -> list[type[Exporter] | type[DatasetExporter]]:
    """Add the formats."""
    return [Names, Questions]
