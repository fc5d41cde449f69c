# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Records in a PostgreSQL server's database, for several machines; the tables are those of SQLite."""

from typing import Final

from sqlalchemy import create_engine
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from enliterator_core import ServiceError, UsageError, mask
from enliterator_sqlite.records import SqlRecords

_CONNECT: Final = 10  # seconds until a server that does not answer is given up
_FULL: Final = ("53100", "53200")  # PostgreSQL's codes for a full disk and for no memory


def open_postgresql(url: str) -> SqlRecords:
    """Open the records in the database that a `postgresql:` URL names, making or upgrading the tables when needed.

    UsageError when the driver is not installed or the URL names none, ServiceError when the server does not serve.
    """
    try:
        place = make_url(url).set(drivername="postgresql+psycopg")
        connect = {"connect_timeout": _CONNECT, "application_name": "enliterator"}
        engine = create_engine(place, connect_args=connect, pool_pre_ping=True)
    except ModuleNotFoundError as error:
        raise UsageError(
            "the driver for postgresql: is not installed", hint="pip install 'enliterator[postgresql]'"
        ) from error
    except (ArgumentError, ValueError) as error:
        hint = "write postgresql://USER@HOST:PORT/DATABASE, the password in PGPASSWORD or ~/.pgpass"
        raise UsageError("the URL of the records names no PostgreSQL database", hint=hint) from error
    shown = place.set(drivername="postgresql").render_as_string(hide_password=True)
    records = SqlRecords(engine, lambda error: explained(error, shown))
    try:
        records.upgrade()
    except BaseException:
        records.close()
        raise
    return records


def explained(error: Exception, where: str) -> ServiceError:
    """Return what an error of PostgreSQL or of a text's encoding means to a person."""
    line = mask(" ".join(str(error).split()))[0][:300]
    code = getattr(error, "sqlstate", None) or ""
    if isinstance(error, UnicodeError):
        message = f"text that is not valid Unicode cannot be stored in {where}: {line}"
        return ServiceError(message, hint="leave out or escape its lone surrogates")
    if code in _FULL:
        return ServiceError(f"no space left on the server of {where}", hint="make room there, then try again")
    if code.startswith("28"):
        hint = "check the user, and PGPASSWORD or ~/.pgpass"
        return ServiceError(f"{where} refused the login: {line}", hint=hint)
    if not code or code.startswith(("08", "57")):
        return ServiceError(f"{where} does not answer: {line}", hint="check that the server runs and can be reached")
    return ServiceError(f"{where}: {line}", hint="see the server's log")
