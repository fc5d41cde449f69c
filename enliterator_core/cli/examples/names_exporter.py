# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Exports the names of all entities that may be published, one a line."""

from pathlib import Path

from enliterator_core import Exporter, Graph, hookimpl


class Names(Exporter):
    """A plain list of names."""

    name = "names"
    file_name = "names.txt"

    def export(self, graph: Graph, target: Path) -> int:
        """Write pool and name, in the graph's order."""
        free = [entity for entity in graph.entities.values() if graph.rights[entity.rights].publishable]
        target.write_text("".join(f"{entity.pool}\t{entity.name!r}\n" for entity in free), encoding="utf-8")
        return len(free)


@hookimpl
def register_exporters() -> list[type[Exporter]]:
    """Add the format."""
    return [Names]
