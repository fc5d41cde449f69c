# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The tables of the records as they are now, for any database that SQLAlchemy knows.

`migrations` is how a database gets there; a test holds the two together.
"""

from sqlalchemy import Column, ForeignKey, Integer, MetaData, Table, Text

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
