# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The route's contract, and what this one answers."""

from pools_route import PoolsRoute
from starlette.testclient import TestClient

from enliterator_core.testing import check_route


def test_the_pools_are_told_and_counted(tmp_path):
    app, server = check_route(PoolsRoute(only="Idea"), tmp_path)
    answer = TestClient(app).get("/pools")
    assert list(answer.json()) == ["Idea"]
    assert server.counts["enliterator_pools_answers_total"] == 1
