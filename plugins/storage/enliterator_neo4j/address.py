# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Where a database is, how to get in, and what went wrong there in one line."""

import re
import ssl
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from time import monotonic
from typing import Any, Final, TypeVar
from urllib.parse import parse_qsl, unquote, urlsplit

import neo4j
from attrs import Factory, frozen
from neo4j.api import BookmarkManager
from neo4j.exceptions import (
    AuthError,
    ConfigurationError,
    DatabaseUnavailable,
    DriverError,
    Forbidden,
    IncompleteCommit,
    Neo4jError,
    ServiceUnavailable,
    UnsupportedServerProduct,
)

from enliterator_core import Secret, ServiceError, UsageError

SCHEMES: Final = ("neo4j", "neo4j+s", "neo4j+ssc", "bolt", "bolt+s", "bolt+ssc")
OLDEST: Final = (5, 9)
_PORT: Final = 7687
_NEWER: Final = f"use a server from {OLDEST[0]}.{OLDEST[1]} on"
_FETCHED: Final = 2000
"""Records that the server sends before it waits to be asked for more."""
_WRITE: Final = "write neo4j://host:7687/database"


T = TypeVar("T")


@frozen
class Address:
    """A database's place: the driver's URI, the host as a person knows it, and the database's name (None: default)."""

    uri: str
    host: str
    database: str | None = None
    workspace: str | None = None


def parse(url: str) -> Address:
    """Read `neo4j://host:port/database?workspace=ID`; UsageError for any other form, and for a password in it."""
    shown = _without_login(url)
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port or _PORT
    except ValueError as error:  # its words may hold the password
        raise UsageError(f"{shown!r} is no address of a database", hint=_WRITE) from error
    if shown != url:
        raise UsageError(
            f"the address {shown!r} holds a user or a password",
            hint="take it out and set NEO4J_USERNAME and NEO4J_PASSWORD",
        )
    if not host or "/" in parts.path.strip("/") or parts.fragment:
        raise UsageError(f"{url!r} is no address of a database", hint=_WRITE)
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    if set(options) - {"workspace"}:
        raise UsageError(f"{url!r} has an option that is not known", hint="the only one is workspace")
    host = f"[{host}]" if ":" in host else host
    database = unquote(parts.path.strip("/")) or None
    return Address(f"{parts.scheme}://{host}:{port}", f"{host}:{port}", database, options.get("workspace"))


def _without_login(url: str) -> str:
    """Return an address, whatever is wrong with it, without what stands before its last @."""
    scheme, mark, rest = url.partition("://")
    return f"{scheme}{mark}{rest.rpartition('@')[2]}" if "@" in rest else url


def _line(error: BaseException, user: str) -> str:
    """Return what an error says, in one line and without the user's name, which some servers tell."""
    return re.sub(rf"(['\"`]){re.escape(user)}\1", "the user", " ".join(str(error).split()))[:300]


def service_error(error: Exception, address: Address, user: str) -> ServiceError:
    """Return what an error of the driver or the server means to a person."""
    host, name = address.host, address.database or "the default database"
    code, line = getattr(error, "code", None) or type(error).__name__, _line(error, user)
    if isinstance(error, AuthError):
        return ServiceError(
            f"{host} refused the login ({code})",
            hint="set NEO4J_USERNAME and NEO4J_PASSWORD to those of a user who may log in there",
        )
    if isinstance(error, Forbidden):  # the community edition has no roles: only others say this
        return ServiceError(
            f"the user of NEO4J_USERNAME may not do this in {name} on {host}: {line}",
            hint="give the user the privilege to read, and for a build to write and to make constraints and indexes",
        )
    if code == "Neo.ClientError.Database.DatabaseNotFound":
        return ServiceError(
            f"{host} has no database {name!r}", hint="correct the address, or leave the database out for the default"
        )
    if isinstance(error, DatabaseUnavailable):
        return ServiceError(f"{name} on {host} is not online: {line}", hint="start it, then try again")
    if isinstance(error.__cause__, ssl.SSLError) or "SSL" in line or "certificate" in line.lower():
        return ServiceError(
            f"no TLS connection to {host}: {line}",
            hint="neo4j+s: needs a certificate that is trusted here, neo4j+ssc: takes a self-signed one, neo4j: none",
        )
    if isinstance(error, UnsupportedServerProduct):
        return ServiceError(f"{host} runs no Neo4j that this driver can talk to: {line}", hint=_NEWER)
    if isinstance(error, (ServiceUnavailable, OSError)):
        return ServiceError(
            f"no Neo4j server answers at {host}: {line}",
            hint="see that it runs and that its Bolt port is the one named, then run the same command again",
        )
    if isinstance(error, UnicodeError):
        return ServiceError(
            f"text that is not valid Unicode cannot be stored in {host}: {line}",
            hint="leave out or escape its lone surrogates",
        )
    return ServiceError(f"{host}: {line} ({code})", hint="run the same command again: it goes on")


@frozen
class Database:
    """An open driver for one database; every call of it raises ServiceError alone.

    The sessions share their bookmarks, so that in a cluster, too, what was written is what is read afterwards.
    """

    address: Address
    driver: neo4j.Driver
    user: str
    patience: float
    bookmarks: BookmarkManager = Factory(neo4j.GraphDatabase.bookmark_manager)

    @contextmanager
    def told(self) -> Iterator[None]:
        """Turn whatever goes wrong inside with the server into a ServiceError."""
        try:
            yield
        except (DriverError, Neo4jError, OSError, UnicodeError, OverflowError) as error:
            raise service_error(error, self.address, self.user) from error

    def _session(self, mode: str, fetched: int = _FETCHED) -> neo4j.Session:
        return self.driver.session(
            database=self.address.database,
            default_access_mode=mode,
            fetch_size=fetched,
            bookmark_manager=self.bookmarks,
        )

    def reading(self) -> neo4j.Session:
        """Return a session in which the server refuses to write."""
        return self._session(neo4j.READ_ACCESS)

    def take(
        self, query: str, parameters: dict[str, Any], take: Callable[[neo4j.Result], T], fetched: int = _FETCHED
    ) -> T:
        """Return what `take` makes of a query's result, in a managed transaction that is tried again where that may
        help; the server sends `fetched` records at a time."""

        def once() -> T:
            with self._session(neo4j.READ_ACCESS, fetched) as session:
                return session.execute_read(lambda transaction: take(transaction.run(query, parameters)))

        return self._again(once)

    def read(self, query: str, **parameters: Any) -> list[neo4j.Record]:
        """Return every record of a query."""
        return self.take(query, parameters, list)

    def write(self, work: Callable[[neo4j.ManagedTransaction], T]) -> T:
        """Do work in one managed transaction that is tried again where that may help; so it must bear repeating."""

        def once() -> T:
            with self._session(neo4j.WRITE_ACCESS) as session:
                return session.execute_write(work)

        return self._again(once)

    def _again(self, once: Callable[[], T]) -> T:
        """Do a transaction again, for a while, when the connection is lost while the server commits, where nobody can
        know whether it did: the one case that the driver leaves to its user."""
        until = monotonic() + self.patience
        with self.told():
            while True:
                try:
                    return once()
                except IncompleteCommit:
                    if monotonic() > until:
                        raise

    def execute(self, query: str, **parameters: Any) -> list[neo4j.Record]:
        """Do one query that writes, and return its records."""
        return self.write(lambda transaction: list(transaction.run(query, parameters)))

    def answers(self) -> bool:
        """Say whether the server answers now."""
        try:
            with self.reading() as session:
                session.run("RETURN 1").consume()
        except (DriverError, Neo4jError, OSError):
            return False
        return True

    def close(self) -> None:
        """Let go of the connections."""
        self.driver.close()


def connect(url: str, username: Secret, password: Secret, patience: float) -> Database:
    """Return an open database; ServiceError when its server cannot be reached, refuses the login or is too old."""
    address = parse(url)
    user, word = username.reveal(), password.reveal()
    if user is None or word is None:
        missing = " and ".join(one.variable for one in (username, password) if one.reveal() is None)
        raise ServiceError(f"{address.host} needs a login, and {missing} is not set", hint=f"set {missing}")
    database = _opened(address, address.uri, (user, word), patience)
    try:
        _check(_agent(database), address)
    except BaseException as error:
        database.close()
        if isinstance(error.__cause__, ServiceUnavailable) and address.uri.startswith("neo4j"):
            # With routing the driver does not say why it found no server; the way to that one alone does.
            with closing(_opened(address, address.uri.replace("neo4j", "bolt", 1), (user, word), patience)) as alone:
                _agent(alone)
        raise
    return database


def _opened(address: Address, uri: str, login: tuple[str, str], patience: float) -> Database:
    try:
        driver = neo4j.GraphDatabase.driver(
            uri,
            auth=login,
            max_transaction_retry_time=patience,
            connection_timeout=min(max(patience, 1.0), 30.0),
            notifications_min_severity=neo4j.NotificationMinimumSeverity.OFF,
            user_agent="enliterator",
        )
    except (ConfigurationError, ValueError) as error:
        raise UsageError(f"{uri!r} is no address: {_line(error, login[0])}", hint=_WRITE) from error
    return Database(address, driver, login[0], patience)


def _agent(database: Database) -> str:
    """Return what the server calls itself, once it has let us in."""
    with database.told(), database.reading() as session:
        agent: str = session.run("RETURN 1").consume().server.agent
        return agent


def _check(agent: str, address: Address) -> None:
    """Refuse a server that is too old; calendar versions (2025.x) come after 5.x."""
    version = agent.partition("/")[2]
    numbers = tuple(int(part) for part in version.split(".")[:2] if part.isdigit())
    if numbers and numbers < OLDEST:
        raise ServiceError(f"{address.host} runs Neo4j {version}, which is too old", hint=_NEWER)
