# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Every storage that comes with Enliterator keeps the contracts."""

import pytest

from enliterator_core import Storage
from enliterator_core.testing import MemoryStorage
from enliterator_core.testing.storage import GraphStorageContract, RecordsContract, refused
from enliterator_sqlite import Postgresql, Sqlite


class TestMemoryGraph(GraphStorageContract):
    """The graph that tests are written with."""

    url = "memory:"

    def storage(self) -> Storage:
        return MemoryStorage()


class TestSqliteGraph(GraphStorageContract):
    """The embedded default."""

    url = "sqlite:"

    def storage(self) -> Storage:
        return Sqlite()


class TestSqliteGraphElsewhere(TestSqliteGraph):
    """In a folder of the workspace that the URL names."""

    url = "sqlite:some where/graphs%20?#"


class TestSqliteRecords(RecordsContract):
    """The embedded default."""

    url = "sqlite:"

    def storage(self) -> Storage:
        return Sqlite()


class TestSqliteRecordsElsewhere(TestSqliteRecords):
    """In a file of the workspace that the URL names."""

    url = "sqlite:some where/my records?#.db"


class TestPostgresqlRecords(RecordsContract):
    """A real server, which the tests start; a database for each test."""

    @pytest.fixture(autouse=True)
    def database(self, postgresql_url: str) -> None:
        self.url = postgresql_url

    def storage(self) -> Storage:
        return Postgresql()


def test_refused_itself_fails_when_nothing_is_refused() -> None:
    with pytest.raises(AssertionError, match="should have been refused"):
        refused(lambda: None)
