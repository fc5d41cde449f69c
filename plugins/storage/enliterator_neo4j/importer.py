# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The importer of graphs that exist: a Neo4j database, GraphML, APOC's CSV, and RDF in any of its formats."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import ClassVar

from attrs import frozen

from enliterator_core import Imported, Importer, Secret, env


@frozen
class Graphs(Importer):
    """Import a graph by a mapping (`enliterator map suggest` writes one); without one, by what that would say.

    Nothing is ever written to a database: it is read in transactions in which the server refuses to write.
    """

    name: ClassVar[str] = "graph"

    username: Secret = env("NEO4J_USERNAME")  # noqa: RUF009  attrs makes it a field
    password: Secret = env("NEO4J_PASSWORD")  # noqa: RUF009

    def claims(self, origin: str) -> str | None:
        """Claim the addresses of databases, RDF and GraphML files, and CSV files that begin as APOC's do."""
        if ":" not in origin and "." not in Path(origin).name:
            return None
        from enliterator_neo4j.importing.opening import claimed

        return claimed(origin)

    def read(self, origin: str, mapping: Path | None, refuse: Callable[[str, str], None]) -> Iterator[Imported]:
        """Read the graph once, from beginning to end, then yield its rows by label and key.

        A file that Enliterator wrote tells itself what is what, and is read back by that.
        """
        from enliterator_neo4j.importing.mapping import load
        from enliterator_neo4j.importing.opening import opened
        from enliterator_neo4j.importing.own import is_own, read_back
        from enliterator_neo4j.importing.rdf import RdfGraph
        from enliterator_neo4j.importing.reading import stage
        from enliterator_neo4j.importing.rows import imported
        from enliterator_neo4j.importing.staging import Staging
        from enliterator_neo4j.importing.suggest import suggest
        from enliterator_neo4j.importing.survey import survey

        known = load(mapping) if mapping else None
        graph = opened(origin, self.username, self.password)
        try:
            if known is None and isinstance(graph, RdfGraph) and is_own(graph):
                yield from read_back(graph)
                return
            meant = known or suggest(survey(graph))
            with Staging() as staging:
                stage(graph, meant, staging, refuse)
                yield from imported(staging, meant)
        finally:
            graph.close()
