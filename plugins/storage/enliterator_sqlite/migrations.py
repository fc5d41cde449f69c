# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""How the records' tables came to be what they are: numbered steps, applied in order, never changed once released.

Each step writes its tables out in full, so that it means the same when `tables` has moved on. To add one, append a
function to MIGRATIONS and bring `tables` up to date.
"""

from collections.abc import Callable
from typing import Final

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    insert,
    inspect,
    select,
    text,
    update,
)

from enliterator_core import ServiceError
from enliterator_sqlite.withdrawals import withdrawn_sources

Migration = Callable[[Connection], None]

VERSION_TABLE: Final = Table("schema_version", MetaData(), Column("version", Integer, nullable=False))


def batches_and_builds(connection: Connection) -> None:
    """1: batches, and what each of their builds resulted in."""
    tables = MetaData()
    Table(
        "batch",
        tables,
        Column("id", Integer, primary_key=True),
        Column("name", Text, nullable=False),
        Column("origin", Text, nullable=False, index=True),
        Column("created_at", Text, nullable=False),
        Column("settings", Text, nullable=False),
        sqlite_autoincrement=True,
    )
    Table(
        "build",
        tables,
        Column("id", Integer, primary_key=True),
        Column("batch", Integer, ForeignKey("batch.id"), nullable=False, index=True),
        Column("at", Text, nullable=False),
        Column("result", Text, nullable=False),
        sqlite_autoincrement=True,
    )
    tables.create_all(connection)


def settings_with_history(connection: Connection) -> None:
    """2: settings, and every change of one."""
    tables = MetaData()
    Table(
        "setting",
        tables,
        Column("key", Text, primary_key=True),
        Column("value", Text, nullable=False),
    )
    Table(
        "setting_change",
        tables,
        Column("id", Integer, primary_key=True),
        Column("key", Text, nullable=False, index=True),
        Column("old", Text),
        Column("new", Text),
        Column("at", Text, nullable=False),
        Column("who", Text, nullable=False),
        sqlite_autoincrement=True,
    )
    tables.create_all(connection)


def notes_of_changes(connection: Connection) -> None:
    """3: what there is to say of a setting's change: that it is unverified, the job that it came from."""
    connection.execute(text("ALTER TABLE setting_change ADD COLUMN note TEXT NOT NULL DEFAULT ''"))


def uploads(connection: Connection) -> None:
    """4: datasets that were sent to training, and the files that providers hold."""
    tables = MetaData()
    Table(
        "dataset",
        tables,
        Column("hash", Text, primary_key=True),
        Column("batch", Integer),
        Column("folder", Text, nullable=False),
        Column("at", Text, nullable=False),
        Column("content", Text, nullable=False),
    )
    Table(
        "uploaded_file",
        tables,
        Column("number", Integer, primary_key=True),
        Column("provider", Text, nullable=False),
        Column("sha256", Text, nullable=False, index=True),
        Column("id", Text, nullable=False),
        Column("name", Text, nullable=False),
        Column("size", Integer, nullable=False),
        Column("at", Text, nullable=False),
        sqlite_autoincrement=True,
    )
    tables.create_all(connection)


def jobs(connection: Connection) -> None:
    """5: training jobs with their states and metrics."""
    tables = MetaData()
    Table(
        "job",
        tables,
        Column("id", Integer, primary_key=True),
        Column("token", Text, nullable=False, unique=True),
        Column("provider", Text, nullable=False),
        Column("model", Text, nullable=False),
        Column("dataset", Text, nullable=False, index=True),
        Column("request", Text, nullable=False),
        Column("quote", Text, nullable=False),
        Column("who", Text, nullable=False),
        Column("created_at", Text, nullable=False),
        Column("state", Text, nullable=False, index=True),
        Column("updated_at", Text, nullable=False),
        Column("remote", Text, index=True),
        Column("tuned_model", Text),
        Column("trained_tokens", Integer),
        Column("cost", Float),
        Column("error", Text),
        Column("result_files", Text, nullable=False),
        sqlite_autoincrement=True,
    )
    Table(
        "job_state",
        tables,
        Column("number", Integer, primary_key=True),
        Column("job", Integer, ForeignKey("job.id"), nullable=False, index=True),
        Column("at", Text, nullable=False),
        Column("state", Text, nullable=False),
        Column("told_by", Text, nullable=False),
        Column("detail", Text, nullable=False),
        sqlite_autoincrement=True,
    )
    Table(
        "job_metrics",
        tables,
        Column("job", Integer, ForeignKey("job.id"), primary_key=True),
        Column("rows", Text, nullable=False),
    )
    tables.create_all(connection)


def deployments_and_calls(connection: Connection) -> None:
    """6: which model was switched to serve what, and the calls of models."""
    tables = MetaData()
    Table(
        "deployment",
        tables,
        Column("id", Integer, primary_key=True),
        Column("at", Text, nullable=False),
        Column("task", Text, nullable=False, index=True),
        Column("model", Text),
        Column("previous", Text),
        Column("who", Text, nullable=False),
        Column("job", Integer),
        Column("dataset", Text),
        Column("undoes", Integer),
        sqlite_autoincrement=True,
    )
    Table(
        "usage",
        tables,
        Column("number", Integer, primary_key=True),
        Column("at", Text, nullable=False, index=True),
        Column("task", Text, nullable=False),
        Column("provider", Text, nullable=False),
        Column("model", Text, nullable=False),
        Column("kind", Text, nullable=False),
        Column("input_tokens", Integer, nullable=False),
        Column("output_tokens", Integer, nullable=False),
        Column("seconds", Float, nullable=False),
        Column("cost", Float),
        Column("currency", Text, nullable=False),
        Column("error", Text),
        Column("cached", Boolean, nullable=False),
        sqlite_autoincrement=True,
    )
    tables.create_all(connection)


def events(connection: Connection) -> None:
    """7: events that wait for a worker, and their history; those that are open have indexes of their own."""
    event = Table(
        "event",
        MetaData(),
        Column("number", Integer, primary_key=True),
        Column("queue", Text, nullable=False),
        Column("webhook_id", Text, nullable=False),
        Column("type", Text, nullable=False),
        Column("subject", Text, nullable=False),
        Column("body", Text, nullable=False),
        Column("received_at", Text, nullable=False),
        Column("state", Text, nullable=False, server_default="waiting"),
        Column("attempts", Integer, nullable=False, server_default="0"),
        Column("due_at", Text, nullable=False),
        Column("claimed_by", Text, nullable=False, server_default=""),
        Column("error", Text, nullable=False, server_default=""),
        Column("settled_at", Text),
        UniqueConstraint("queue", "webhook_id"),
        sqlite_autoincrement=True,
    )
    opened = text("settled_at IS NULL")
    Index("event_open", event.c.queue, event.c.number, sqlite_where=opened, postgresql_where=opened)
    Index("event_order", event.c.queue, event.c.subject, event.c.number, sqlite_where=opened, postgresql_where=opened)
    for name in ("queue", "type", "state", "subject"):
        Index(f"event_{name}", event.c[name], event.c.number)
    Index("event_total", event.c.queue, event.c.type, event.c.state, event.c.received_at)
    event.create(connection)


MIGRATIONS: Final[list[Migration]] = [
    batches_and_builds,
    settings_with_history,
    notes_of_changes,
    uploads,
    jobs,
    deployments_and_calls,
    events,
    withdrawn_sources,
]


def version_of(connection: Connection) -> int:
    """Return the number of the last step that the database has had; 0 for an empty one.

    ServiceError for a database that holds something else.
    """
    names = inspect(connection).get_table_names()
    if VERSION_TABLE.name in names:
        return int(connection.execute(select(VERSION_TABLE.c.version)).scalar_one())
    if names:
        raise ServiceError(
            f"the database holds other tables ({', '.join(sorted(names)[:3])}) and no records",
            hint="name a database of its own with --records",
        )
    return 0


def upgrade(connection: Connection) -> None:
    """Apply the steps that are missing, within the caller's transaction; ServiceError when the database is newer."""
    version = version_of(connection)
    if version > len(MIGRATIONS):
        raise ServiceError(
            f"the records were made by a newer version of Enliterator (schema {version},"
            f" this one knows {len(MIGRATIONS)})",
            hint="use that version, or name another database with --records",
        )
    if version == len(MIGRATIONS):
        return
    for migration in MIGRATIONS[version:]:
        migration(connection)
    if version == 0:
        VERSION_TABLE.create(connection)
        connection.execute(insert(VERSION_TABLE).values(version=len(MIGRATIONS)))
    else:
        connection.execute(update(VERSION_TABLE).values(version=len(MIGRATIONS)))
