# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The tables of the records as they are now, for any database that SQLAlchemy knows.

`migrations` is how a database gets there; a test holds the two together.
"""

from sqlalchemy import Boolean, Column, Float, ForeignKey, Index, Integer, MetaData, Table, UniqueConstraint, text

from enliterator_sqlite.texts import AnyText as Text

METADATA = MetaData()

BATCH = Table(
    "batch",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("origin", Text, nullable=False, index=True),
    Column("created_at", Text, nullable=False),
    Column("settings", Text, nullable=False),
    sqlite_autoincrement=True,
)

BUILD = Table(
    "build",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("batch", Integer, ForeignKey("batch.id"), nullable=False, index=True),
    Column("at", Text, nullable=False),
    Column("result", Text, nullable=False),
    sqlite_autoincrement=True,
)

SETTING = Table(
    "setting",
    METADATA,
    Column("key", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

SETTING_CHANGE = Table(
    "setting_change",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("key", Text, nullable=False, index=True),
    Column("old", Text),
    Column("new", Text),
    Column("at", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("note", Text, nullable=False, server_default=""),
    sqlite_autoincrement=True,
)

DATASET = Table(
    "dataset",
    METADATA,
    Column("hash", Text, primary_key=True),
    Column("batch", Integer),
    Column("folder", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("content", Text, nullable=False),
)

UPLOADED_FILE = Table(
    "uploaded_file",
    METADATA,
    Column("number", Integer, primary_key=True),
    Column("provider", Text, nullable=False),
    Column("sha256", Text, nullable=False, index=True),
    Column("id", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("size", Integer, nullable=False),
    Column("at", Text, nullable=False),
    sqlite_autoincrement=True,
)

JOB = Table(
    "job",
    METADATA,
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

JOB_STATE = Table(
    "job_state",
    METADATA,
    Column("number", Integer, primary_key=True),
    Column("job", Integer, ForeignKey("job.id"), nullable=False, index=True),
    Column("at", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("told_by", Text, nullable=False),
    Column("detail", Text, nullable=False),
    sqlite_autoincrement=True,
)

JOB_METRICS = Table(
    "job_metrics",
    METADATA,
    Column("job", Integer, ForeignKey("job.id"), primary_key=True),
    Column("rows", Text, nullable=False),
)

DEPLOYMENT = Table(
    "deployment",
    METADATA,
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

USAGE = Table(
    "usage",
    METADATA,
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

EVENT = Table(
    "event",
    METADATA,
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
_OPEN = text("settled_at IS NULL")
Index("event_open", EVENT.c.queue, EVENT.c.number, sqlite_where=_OPEN, postgresql_where=_OPEN)
Index("event_order", EVENT.c.queue, EVENT.c.subject, EVENT.c.number, sqlite_where=_OPEN, postgresql_where=_OPEN)
Index("event_queue", EVENT.c.queue, EVENT.c.number)
Index("event_type", EVENT.c.type, EVENT.c.number)
Index("event_state", EVENT.c.state, EVENT.c.number)
Index("event_subject", EVENT.c.subject, EVENT.c.number)
Index("event_total", EVENT.c.queue, EVENT.c.type, EVENT.c.state, EVENT.c.received_at)

WITHDRAWAL = Table(
    "withdrawal",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("at", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("places", Text, nullable=False),
    Column("sha256", Text),
    Column("named", Text, nullable=False),
    Column("undoes", Integer, ForeignKey("withdrawal.id"), unique=True),
    sqlite_autoincrement=True,
)
