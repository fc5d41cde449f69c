# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The embedded default storage, for both facets: files of SQLite in the workspace's state folder.

`sqlite:` keeps graphs in `.enliterator/graphs/N.db` and records in `.enliterator/records.db`; `sqlite:///absolute/path`
and `sqlite:path` (relative to the workspace) name another folder for graphs or another file for records. The records
may also be in a database of PostgreSQL: the same tables, the same code.
"""

from pathlib import Path
from typing import ClassVar

from attrs import frozen

from enliterator_core import GraphStorage, Records, Storage, hookimpl


@frozen
class Sqlite(Storage):
    """Keep graphs and records in files of SQLite; nothing has to be set up or running."""

    name: ClassVar[str] = "sqlite"
    schemes: ClassVar[tuple[str, ...]] = ("sqlite",)

    def graph(self, url: str, state: Path, batch: int, *, rebuild: bool = False) -> GraphStorage | None:
        """Open a batch's graph: a file of its own, replaced in one step when a rebuilt one is published."""
        from enliterator_sqlite.files import place
        from enliterator_sqlite.graph import SqliteGraph

        return SqliteGraph(place(url, state, "graphs") / f"{batch}.db", batch, rebuild=rebuild)

    def records(self, url: str, state: Path) -> Records | None:
        """Open the records, made or upgraded when needed."""
        from enliterator_sqlite.files import place
        from enliterator_sqlite.records import open_records

        return open_records(place(url, state, "records.db"))


@frozen
class Postgresql(Storage):
    """Keep records in a PostgreSQL server's database, which workers on several machines can share; graphs stay where
    they are. `postgresql://USER@HOST/DATABASE`, the password in PGPASSWORD or ~/.pgpass."""

    name: ClassVar[str] = "postgresql"
    schemes: ClassVar[tuple[str, ...]] = ("postgresql",)

    def records(self, url: str, state: Path) -> Records | None:
        """Open the records, their tables made or upgraded when needed."""
        from enliterator_sqlite.postgresql import open_postgresql

        return open_postgresql(url)


@hookimpl
def register_storages() -> list[type[Storage]]:
    """Add the storages `sqlite` and `postgresql`."""
    return [Sqlite, Postgresql]
