# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Neo4j keeps the contract of a graph storage, on a real server."""

import pytest

from enliterator_core import Storage
from enliterator_core.testing.storage import GraphStorageContract
from enliterator_neo4j import Neo4j


class TestNeo4jGraph(GraphStorageContract):
    """Over the Bolt protocol, all workspaces of these tests in one database."""

    @pytest.fixture(autouse=True)
    def _server(self, neo4j_login):
        self.url = neo4j_login

    def storage(self) -> Storage:
        return Neo4j()
