# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The check of routes: the endpoint as the server would make it, in an application that Starlette's client can call."""

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import define, field

from enliterator_core.contracts.route import Route
from enliterator_core.workspace import Workspace

if TYPE_CHECKING:
    from starlette.applications import Starlette


@define
class RecordedServer:
    """A `Server` that keeps what a route counts, checks and logs."""

    workspace: Workspace
    counts: dict[str, float] = field(factory=dict)
    gauges: dict[str, Callable[[], Mapping[tuple[tuple[str, str], ...], float]]] = field(factory=dict)
    checks: dict[str, Callable[[], str | None]] = field(factory=dict)
    lines: list[str] = field(factory=list)

    @property
    def metrics(self) -> "RecordedServer":
        """Where to count: here."""
        return self

    def counter(self, name: str, help: str) -> Callable[..., None]:
        """Return what adds to the count of a name, whatever the labels."""

        def count(amount: float = 1, **labels: str) -> None:
            self.counts[name] = self.counts.get(name, 0) + amount

        return count

    def histogram(self, name: str, help: str, buckets: Sequence[float]) -> Callable[..., None]:
        """Return what counts how often a value was observed."""
        count = self.counter(name, help)
        return lambda value: count()

    def gauge(self, name: str, help: str, read: Callable[[], Mapping[tuple[tuple[str, str], ...], float]]) -> None:
        """Keep what is read."""
        self.gauges[name] = read

    def check(self, name: str, trouble: Callable[[], str | None]) -> None:
        """Keep the check."""
        self.checks[name] = trouble

    def log(self, text: str, *, kind: str | None = None) -> None:
        """Keep the line."""
        self.lines.append(text)


def check_route(route: Route, folder: Path) -> "tuple[Starlette, RecordedServer]":
    """Raise AssertionError, with a plain message, unless the route keeps its contract.

    Returns an application with that route alone, for `starlette.testclient.TestClient`, and the server that it was
    handed, whose workspace is `folder`.
    """
    from starlette.applications import Starlette
    from starlette.routing import Route as Address

    assert isinstance(route, Route), f"{route!r} is no Route"
    assert route.path.startswith("/"), f"{route.name}: the path {route.path!r} does not begin with /"
    methods: Any = route.methods
    assert isinstance(methods, tuple) and methods, f"{route.name}: methods is {methods!r}, no tuple of names"
    assert all(one == one.upper() for one in methods), f"{route.name}: methods are written in capitals: {methods!r}"
    module, _, attribute = route.target.partition(":")
    target = getattr(import_module(module), attribute, None)
    assert callable(target), f"{route.name}: there is no function {route.target}"
    server = RecordedServer(Workspace.open(flags={"workspace": str(folder)}))
    endpoint = target(route, server)
    return Starlette(routes=[Address(route.path, endpoint, methods=list(methods))]), server
