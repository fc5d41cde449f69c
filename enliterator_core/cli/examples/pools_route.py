# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Answers `GET /pools` with every pool of the canon and its meaning."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from attrs import frozen

from enliterator_core import POOLS, Route, Server, hookimpl

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response


@frozen
class PoolsRoute(Route):
    """Tell every pool and its meaning, or `only` one of them."""

    name = "pools"
    path = "/pools"
    methods = ("GET",)
    target = "pools_route:endpoint"

    only: str | None = None


def endpoint(route: PoolsRoute, server: Server) -> "Callable[[Request], Awaitable[Response]]":
    """Return the endpoint; called once, when the server starts."""
    from starlette.responses import JSONResponse

    meanings = {pool.name: pool.meaning for pool in POOLS.values() if route.only in (None, pool.name)}
    count = server.metrics.counter("enliterator_pools_answers_total", "How often it was asked for.")

    async def answer(request: "Request") -> "Response":
        count()
        return JSONResponse(meanings)

    return answer


@hookimpl
def register_routes() -> list[type[Route]]:
    """Add the route."""
    return [PoolsRoute]
