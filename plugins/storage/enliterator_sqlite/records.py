# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The records in a database that SQLAlchemy knows; `open_records` opens one of SQLite."""

import sqlite3
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import URL, Connection, create_engine, event, insert, select

from enliterator_core import Batch, ServiceError, SettingChange
from enliterator_sqlite.database import now, to_json
from enliterator_sqlite.files import service_error
from enliterator_sqlite.migrations import upgrade
from enliterator_sqlite.operations import Operations, write_setting
from enliterator_sqlite.tables import BATCH, BUILD, SETTING, SETTING_CHANGE
from enliterator_sqlite.withdrawals import Withdrawals

_WAIT = 30.0  # seconds that a writer waits for another


class SqlRecords(Operations, Withdrawals):
    """The operational records of a workspace."""

    def upgrade(self) -> None:
        """Make the tables, or bring those of an older version up to date, in one transaction."""
        with self._writing() as connection:
            upgrade(connection)

    def add_batch(self, name: str, origin: str, settings: str) -> Batch:
        """Number and keep a new batch; a number is never given twice."""
        values = {"name": name, "origin": origin, "created_at": now(), "settings": settings}
        with self._writing() as connection:
            id = connection.execute(insert(BATCH).values(values).returning(BATCH.c.id)).scalar_one()
        return Batch(id, **values)

    def batches(self) -> list[Batch]:
        """Every batch, by number."""
        with self._reading() as connection:
            return [Batch(*row) for row in connection.execute(select(BATCH).order_by(BATCH.c.id))]

    def batch(self, id: int) -> Batch | None:
        """One batch."""
        with self._reading() as connection:
            row = connection.execute(select(BATCH).where(BATCH.c.id == id)).one_or_none()
        return None if row is None else Batch(*row)

    def batch_of(self, origin: str) -> Batch | None:
        """The newest batch made from the origin."""
        statement = select(BATCH).where(BATCH.c.origin == origin).order_by(BATCH.c.id.desc()).limit(1)
        with self._reading() as connection:
            row = connection.execute(statement).one_or_none()
        return None if row is None else Batch(*row)

    def add_build(self, batch: int, result: Mapping[str, Any]) -> None:
        """Append one build's result (JSON); ServiceError when there is no such batch."""
        with self._writing() as connection:
            if connection.execute(select(BATCH.c.id).where(BATCH.c.id == batch)).one_or_none() is None:
                raise ServiceError(f"there is no batch {batch}", hint="enliterator batches lists those that there are")
            connection.execute(insert(BUILD).values(batch=batch, at=now(), result=to_json(result)))

    def last_build(self, batch: int) -> dict[str, Any] | None:
        """The newest build's result."""
        statement = select(BUILD.c.result).where(BUILD.c.batch == batch).order_by(BUILD.c.id.desc()).limit(1)
        with self._reading() as connection:
            kept = connection.execute(statement).scalar_one_or_none()
        result: dict[str, Any] | None = None if kept is None else orjson.loads(kept)
        return result

    def set_setting(self, key: str, value: str | None, who: str, note: str = "") -> None:
        """Set (None: unset) a setting and append the change to its history, in one transaction."""
        with self._writing() as connection:
            write_setting(connection, key, value, who, note)

    def settings(self) -> dict[str, str]:
        """Every setting that is set, by key."""
        with self._reading() as connection:
            rows = connection.execute(select(SETTING.c.key, SETTING.c.value).order_by(SETTING.c.key))
            return {row.key: row.value for row in rows}

    def setting_history(self, key: str | None = None) -> list[SettingChange]:
        """Every change, oldest first, of one setting or of all."""
        table = SETTING_CHANGE.c
        statement = select(table.key, table.old, table.new, table.at, table.who, table.note).order_by(table.id)
        if key is not None:
            statement = statement.where(table.key == key)
        with self._reading() as connection:
            return [SettingChange(*row) for row in connection.execute(statement)]


def _prepare(connection: sqlite3.Connection, _: object) -> None:
    connection.isolation_level = None  # transactions begin where this module says
    end = time.monotonic() + _WAIT
    while True:  # SQLite does not wait by itself for the lock under which a new file becomes one with a WAL
        try:
            connection.execute("PRAGMA journal_mode=WAL").close()
            break
        except sqlite3.OperationalError as error:
            if error.sqlite_errorname != "SQLITE_BUSY" or time.monotonic() > end:
                raise
            time.sleep(0.01)
    for pragma in ("synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin(connection: Connection) -> None:
    """Take the write lock at the start of a transaction that writes: one that takes it later can fail at once."""
    writes = connection.get_execution_options().get("enliterator_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def open_records(path: Path) -> SqlRecords:
    """Open the records in a file of SQLite, making or upgrading it when needed; ServiceError when that cannot be."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise service_error(error, path) from error
    engine = create_engine(URL.create("sqlite", database=str(path)), connect_args={"timeout": _WAIT})
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    records = SqlRecords(engine, lambda error: service_error(error, path))
    try:
        records.upgrade()
    except BaseException:
        records.close()
        raise
    return records
