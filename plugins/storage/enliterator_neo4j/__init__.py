# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Graphs in Neo4j: those that Enliterator builds, told apart in one database, to be seen in a team's own tools; and
graphs that somebody already has, imported without moving them.

`neo4j://host:port/database` names the place (port 7687 and the server's default database where they are left out),
`neo4j+s:` and `bolt+s:` with TLS, `neo4j+ssc:` and `bolt+ssc:` with a self-signed certificate, `bolt:` without
routing. User and password come from NEO4J_USERNAME and NEO4J_PASSWORD only. Records need a relational database.
"""

from pathlib import Path
from typing import ClassVar

from attrs import field, frozen
from attrs.validators import ge

from enliterator_core import Command, GraphStorage, Importer, Secret, Storage, env, hookimpl
from enliterator_neo4j.importer import Graphs


@frozen
class Neo4j(Storage):
    """Keep graphs in a Neo4j database (server 5.9 or newer).

    `rows` is how many rows go to the server in one transaction, `patience` for how many seconds a transaction is
    tried again when the server says that this may help: a deadlock, a change of leader, a lost connection.
    """

    name: ClassVar[str] = "neo4j"
    schemes: ClassVar[tuple[str, ...]] = ("neo4j", "neo4j+s", "neo4j+ssc", "bolt", "bolt+s", "bolt+ssc")

    username: Secret = env("NEO4J_USERNAME")  # noqa: RUF009  attrs makes it a field
    password: Secret = env("NEO4J_PASSWORD")  # noqa: RUF009
    rows: int = field(default=5000, validator=ge(1))
    patience: float = field(default=30.0, validator=ge(0))

    def graph(self, url: str, state: Path, batch: int, *, rebuild: bool = False) -> GraphStorage | None:
        """Open a batch's graph; a rebuilt one takes the place of the published one in one transaction."""
        from enliterator_neo4j.address import connect
        from enliterator_neo4j.opening import open_graph

        database = connect(url, self.username, self.password, self.patience)
        return open_graph(database, state, batch, self.rows, rebuild=rebuild)


@hookimpl
def register_storages() -> list[type[Storage]]:
    """Add the storage `neo4j`."""
    return [Neo4j]


@hookimpl
def register_importers() -> list[type[Importer]]:
    """Add the importer of graphs."""
    return [Graphs]


@hookimpl
def register_commands() -> list[Command]:
    """Add `map`."""
    help = "Say what the labels and types of a graph mean."
    return [Command("map", help, "enliterator_neo4j.commands:map_group")]
