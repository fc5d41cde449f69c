# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Opening a batch's graph, to read what was published or to write anew."""

import secrets
from pathlib import Path
from typing import Any, Final

from enliterator_core import GraphStorage, ServiceError, locked
from enliterator_neo4j.address import Database
from enliterator_neo4j.graph import Neo4jGraph
from enliterator_neo4j.reading import GraphReader

_EDITION: Final = "MATCH (b:Batch {workspace: $workspace, id: $batch}) RETURN b.edition AS edition"


def workspace_of(state: Path) -> str:
    """Return what tells this workspace's batches from those of others in one database, made at the first call."""
    place = state / "neo4j" / "workspace"
    if not place.is_file():
        place.parent.mkdir(parents=True, exist_ok=True)
        with locked(place.with_name("workspace.lock"), f"{place} is being written", wait=10):
            if not place.is_file():
                place.write_text(secrets.token_hex(8), encoding="ascii")
    return place.read_text(encoding="ascii").strip()


def open_graph(database: Database, state: Path, batch: int, size: int, *, rebuild: bool) -> GraphStorage:
    """Open a batch's published graph, or an empty one to write; the database is closed with it."""
    try:
        workspace = database.address.workspace or workspace_of(state)
        place = state / "neo4j"
        if rebuild:
            return Neo4jGraph(database, place, workspace, batch, size)
        found = database.read(_EDITION, workspace=workspace, batch=batch)
        if not found or found[0]["edition"] is None:
            raise ServiceError(
                f"batch {batch} has no graph at {database.address.host}", hint="build it: enliterator build SOURCE"
            )
        edition = found[0]["edition"]
        return Published(database, edition, place / f"{batch}.{edition}.words")
    except BaseException:
        database.close()
        raise


class Published(GraphReader):
    """A published graph: what would change it is refused."""

    def _refuse(self, *arguments: object) -> Any:
        raise ServiceError("a published graph is read only", hint="open it with rebuild=True to write a new one")

    write_rights: Any = _refuse
    write_sources: Any = _refuse
    write_documents: Any = _refuse
    write_terms: Any = _refuse
    write_entities: Any = _refuse
    write_relations: Any = _refuse
    write_gaps: Any = _refuse
    write_note: Any = _refuse
    publish: Any = _refuse
