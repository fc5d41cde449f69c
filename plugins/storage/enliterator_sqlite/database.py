# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The database of the records: one writer after the other, and its failures in one line."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from enliterator_core import ServiceError
from enliterator_sqlite.files import service_error


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
    """Transactions on an engine; `path` is how the database is called in errors."""

    def __init__(self, engine: Engine, path: Path) -> None:
        self._engine = engine
        self._path = path

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            cause = error.orig if isinstance(error.orig, Exception) else error
            raise service_error(cause, self._path) from error
        except (SQLAlchemyError, OSError, UnicodeError) as error:
            raise service_error(error, self._path) from error

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with self._told(), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        """Do everything inside in one transaction, one writer after the other; on disk when it ends."""
        with self._told(), self._engine.execution_options(enliterator_writes=True).begin() as connection:
            yield connection

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()
