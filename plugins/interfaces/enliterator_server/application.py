# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The application: the routes of all plugins, health and metrics, and the account of every request."""

import os
import time
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route as Address
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from enliterator_core import Route, Server, UsageError
from enliterator_server.metrics import CONTENT_TYPE
from enliterator_server.site import Site

SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
_METHODS: Final = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"))
_NO_STORE: Final = {"Cache-Control": "no-store"}


def endpoint_of(route: Route, server: Server) -> Any:
    """Import a route's target and call it; UsageError when its plugin names a place where there is none."""
    module, _, attribute = route.target.partition(":")
    try:
        target = getattr(import_module(module), attribute)
    except (ImportError, AttributeError) as error:
        raise UsageError(f"the route {route.name} cannot be loaded from {route.target}: {error}") from error
    return target(route, server)


def application(site: Site, routes: Sequence[Route]) -> ASGIApp:
    """Return what answers: own addresses first, then the plugins' in their order.

    UsageError when two answer the same method at the same path.
    """
    own = _own(site)
    taken = {(address.path, method): "the server" for address in own for method in address.methods or ()}
    addresses = list(own)
    for route in routes:
        for method in route.methods:
            first = taken.setdefault((route.path, method), route.name)
            if first != route.name:
                message = f"{method} {route.path} is answered by {first} and by {route.name}"
                raise UsageError(message, hint="switch one of the plugins off in plugins.toml")
        addresses.append(Address(route.path, endpoint_of(route, site), methods=list(route.methods), name=route.name))
    app = Starlette(routes=addresses)
    app.router.redirect_slashes = False  # a sender of webhooks takes a redirect for a failure
    return _Accounted(app, {id(one.endpoint): one.path for one in addresses}, site)


def _own(site: Site) -> list[Address]:
    site.check("records", site.reach_records)
    site.check("storage", site.write_storage)

    async def alive(request: Request) -> Response:
        return PlainTextResponse("ok\n", headers=_NO_STORE)

    def ready(request: Request) -> Response:
        found = dict(site.troubles())
        for name, trouble in found.items():
            if trouble:
                site.log(f"not ready: {name}: {trouble}")
        passed = not any(found.values())
        states = {name: "failed" if trouble else "ok" for name, trouble in found.items()}  # why is in the log
        return JSONResponse({"ready": passed, "checks": states}, 200 if passed else 503, _NO_STORE)

    def metrics(request: Request) -> Response:
        return Response(site.metrics.text(), media_type=CONTENT_TYPE, headers=_NO_STORE)

    return [Address("/healthz", alive), Address("/readyz", ready), Address("/metrics", metrics)]


class _Accounted:
    """Counts every request by route, method and status, and how long it took."""

    def __init__(self, app: ASGIApp, paths: Mapping[int, str], site: Site) -> None:
        self._app, self._paths = app, paths
        declare = site.metrics
        self._requests = declare.counter("enliterator_http_requests_total", "Requests, by route, method and status.")
        self._seconds = declare.histogram(
            "enliterator_http_request_seconds", "Seconds from a request's headers to its answer.", SECONDS
        )
        declare.gauge("process_resident_memory_bytes", "Memory of the server's process in bytes.", _memory)
        began = time.time()
        declare.gauge("process_start_time_seconds", "When the server started, in Unix time.", lambda: {(): began})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        began, status = time.perf_counter(), 0

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, watched)
        finally:
            # Of what a stranger makes up no label is made, so that nobody can fill the memory with them.
            route = self._paths.get(id(scope.get("endpoint")), "other")
            method = scope["method"] if scope["method"] in _METHODS else "other"
            self._requests(route=route, method=method, status=str(status))
            self._seconds(time.perf_counter() - began)


def _memory() -> Mapping[tuple[tuple[str, str], ...], float]:
    statm = Path("/proc/self/statm")
    return {(): int(statm.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")} if statm.exists() else {}
