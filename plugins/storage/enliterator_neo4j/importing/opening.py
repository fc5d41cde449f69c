# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Opens a SOURCE that is a graph: a database by its address, or a file."""

from pathlib import Path
from typing import Final

from enliterator_core import Secret
from enliterator_neo4j.address import SCHEMES, connect, parse
from enliterator_neo4j.importing.bolt import BoltGraph
from enliterator_neo4j.importing.files import CsvGraph, GraphMLGraph, is_dump
from enliterator_neo4j.importing.rdf import FORMATS, RdfGraph
from enliterator_neo4j.importing.reading import PropertyGraph

PATIENCE: Final = 30.0


def claimed(origin: str) -> str | None:
    """Return the SOURCE as it is remembered, if it is a graph."""
    if origin.partition(":")[0] in SCHEMES:
        address = parse(origin)
        return address.uri + (f"/{address.database}" if address.database else "")
    path = Path(origin)
    suffix = path.suffix.lower()
    graph = suffix == ".graphml" or suffix in FORMATS or (suffix in (".csv", ".cypher-csv") and is_dump(path))
    return str(path.resolve()) if path.is_file() and graph else None


def opened(origin: str, username: Secret, password: Secret) -> PropertyGraph:
    """Open a claimed SOURCE; ServiceError when that cannot be."""
    if origin.partition(":")[0] in SCHEMES:
        return BoltGraph(connect(origin, username, password, PATIENCE))
    path = Path(origin)
    if path.suffix.lower() in FORMATS:
        return RdfGraph(path)
    return GraphMLGraph(path) if path.suffix.lower() == ".graphml" else CsvGraph(path)
