# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The database of the records: one writer after the other, and its failures in one line."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, datetime
from typing import Any, Final

import orjson
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from enliterator_core import ServiceError

_ONE_WRITER: Final = text("SELECT pg_advisory_xact_lock(1162759239)")  # any number that no other program uses here


def now() -> str:
    """Return the time as records keep it: ISO 8601, UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def to_json(value: Any) -> str:
    """Return JSON text; ServiceError for what is none."""
    try:
        return orjson.dumps(dict(value) if isinstance(value, Mapping) else value).decode()
    except orjson.JSONEncodeError as error:
        raise ServiceError(
            f"cannot be stored as JSON: {error}", hint="leave out or escape text that is not valid Unicode"
        ) from error


class Database:
    """Transactions on an engine; `explain` says in one line what an error of it means."""

    def __init__(self, engine: Engine, explain: Callable[[Exception], ServiceError]) -> None:
        self._engine = engine
        self._explain = explain
        # Threads of one process take turns here: those that wait for SQLite's own lock sleep for ever longer, in vain.
        alone = engine.dialect.name == "sqlite"
        self._turn: AbstractContextManager[object] = threading.Lock() if alone else nullcontext()

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            cause = error.orig if isinstance(error.orig, Exception) else error
            raise self._explain(cause) from error
        except (SQLAlchemyError, OSError, UnicodeError) as error:
            raise self._explain(error) from error

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with self._told(), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def _writing(self, *, alone: bool = True) -> Iterator[Connection]:
        """Do everything inside in one transaction, one writer after the other; on disk when it ends.

        What locks the rows that it reads need not be `alone`, where the database can have several writers.
        """
        engine = self._engine.execution_options(enliterator_writes=True)
        with self._told(), self._turn, engine.begin() as connection:
            if alone and connection.dialect.name == "postgresql":
                connection.execute(_ONE_WRITER)
            yield connection

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()
