# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""A real Neo4j community server for tests, from the jars on Maven Central: no container, no installation.

The jars are pinned by hash (`jars.sha256`) and kept in the user's cache. What is needed is Java 17 or newer, and Maven
for the first time. `python -m neo4j_server` (`make neo4j`) gives a person the same server.
"""

import hashlib
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import neo4j
import pytest
from neo4j.exceptions import AuthError, DriverError, Neo4jError

HERE = Path(__file__).parent
VERSION = "5.26.20"
USERNAME = "neo4j"
PASSWORD = "for-the-tests-only"
OPENS = ("java.nio", "java.io", "sun.nio.ch", "java.util.concurrent")
PATIENCE = 120.0
_STARTED: list["subprocess.Popen[bytes]"] = []  # a server that outlives its object is nobody's mistake


class Missing(Exception):
    """What the server needs is not on this machine; the message says how to get it."""


def cache() -> Path:
    """Return the folder that keeps the jars."""
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return base / "enliterator" / f"neo4j-{VERSION}"


def pinned() -> dict[str, str]:
    """Return the SHA-256 of every jar, by its file's name."""
    lines = (HERE / "jars.sha256").read_text(encoding="ascii").splitlines()
    return {name: hash for hash, name in (line.split() for line in lines)}


def jars() -> Path:
    """Return a folder with exactly the pinned jars, fetched when they are not there yet; Missing when they cannot be.

    They are checked when they are fetched; then the folder is renamed to its place, so that it is there whole or not.
    """
    place = cache()
    if place.is_dir():
        return place
    if shutil.which("mvn") is None:
        raise Missing(f"Neo4j's jars are not in {place} and there is no Maven: install it (Debian: apt install maven)")
    new = place.with_name(f"{place.name}.{os.getpid()}")
    new.mkdir(parents=True)
    try:
        command = ["mvn", "-B", "-q", "-f", str(HERE / "pom.xml"), "dependency:copy-dependencies"]
        fetched = subprocess.run([*command, f"-DoutputDirectory={new}"], capture_output=True, text=True, timeout=600)
        if fetched.returncode:
            raise Missing(f"Maven could not fetch Neo4j's jars: {fetched.stdout.strip()[-500:]}")
        found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in new.iterdir()}
        if found != pinned():
            wrong = sorted(set(found.items()) ^ set(pinned().items()))
            raise Missing(f"Neo4j's jars are not the ones that were pinned: {wrong[:4]}")
        try:
            new.rename(place)
        except OSError:
            if not place.is_dir():  # otherwise another process was quicker
                raise
    finally:
        shutil.rmtree(new, ignore_errors=True)
    return place


def free_port() -> int:
    """Return a port of the loopback interface that nobody listens on now."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


@dataclass
class Server:
    """A server: where its data are, its port, and the process while it runs.

    Java compiles as far as `tiers`: with 1 it is up and answers its first questions in half the time, with 4 it is
    faster once it has run for minutes.
    """

    home: Path
    port: int
    owner: int
    keep: bool
    tiers: int = 1
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def url(self) -> str:
        """The URL for the driver."""
        return f"bolt://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start the server and wait until it lets us in; Missing without Java."""
        if shutil.which("java") is None:
            raise Missing("there is no Java: install version 17 or newer (Debian: apt install openjdk-17-jre-headless)")
        self.home.mkdir(parents=True, exist_ok=True)
        opens = [part for name in OPENS for part in ("--add-opens", f"java.base/{name}=ALL-UNNAMED")]
        memory = ["-Xmx768m", "-XX:+UseSerialGC", f"-XX:TieredStopAtLevel={self.tiers}"]
        end = ["keep" if self.keep else "discard"]
        command = ["java", *opens, *memory, "-cp", f"{jars()}/*", str(HERE / "Server.java")]
        log = (self.home / "server.log").open("ab")
        with log:  # the child has its own copy
            self.process = subprocess.Popen(
                [*command, str(self.home), str(self.port), str(self.owner), *end],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        _STARTED.append(self.process)
        self._await()

    def _await(self) -> None:
        until = time.monotonic() + PATIENCE
        while not self._lets_in():
            assert self.process is not None
            if self.process.poll() is not None or time.monotonic() > until:
                told = (self.home / "server.log").read_text(encoding="utf-8", errors="replace")
                raise RuntimeError(f"the Neo4j server did not start:\n{told[-3000:]}")
            time.sleep(0.2)

    def _lets_in(self) -> bool:
        """Say whether the server answers to our password, which is set at the first log-in."""
        with neo4j.GraphDatabase.driver(self.url, auth=(USERNAME, PASSWORD)) as driver, driver.session() as session:
            try:
                session.run("RETURN 1").consume()
                return True
            except AuthError:
                return self._set_password()
            except (DriverError, Neo4jError, OSError):
                return False

    def _set_password(self) -> bool:
        query = "ALTER CURRENT USER SET PASSWORD FROM 'neo4j' TO $password"
        first = neo4j.GraphDatabase.driver(self.url, auth=(USERNAME, "neo4j"))
        with first as driver, driver.session(database="system") as session:
            try:
                session.run(query, password=PASSWORD).consume()
            except (DriverError, Neo4jError):
                return False
        return True

    def kill(self) -> None:
        """End it as a power cut would."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def stop(self) -> None:
        """End it in order."""
        if self.process is not None:
            self.process.terminate()
            self.process.wait(60)


def start_or_skip(server: Server) -> None:
    """Start a server for a test, which is skipped where its needs are missing; with ENLITERATOR_TESTS=all it fails."""
    try:
        server.start()
    except Missing as missing:
        if os.environ.get("ENLITERATOR_TESTS") == "all":
            raise
        pytest.skip(str(missing))


@contextmanager
def server(home: Path, *, port: int = 0, keep: bool = False, tiers: int = 1) -> Iterator[Server]:
    """Run a server; it ends with the block, and at the latest with this process."""
    running = Server(home, port or free_port(), os.getpid(), keep, tiers)
    running.start()
    try:
        yield running
    finally:
        running.stop()
