# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""What the commands and routes of plugins are handed: a `Session` and a `Server`."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Protocol

from enliterator_core.workspace import Workspace


class Session(Protocol):
    """One call of the program, as `click.pass_obj` hands it to a command: the workspace, and how to print."""

    @property
    def workspace(self) -> Path | None:
        """The folder given with `--workspace`."""

    @property
    def quiet(self) -> bool:
        """Whether notes and progress are unwanted."""

    def open(self, flags: Mapping[str, str | None] | None = None) -> AbstractContextManager[Workspace]:
        """Open the workspace; `flags` are configuration given on the command line."""

    def line(self, text: str = "") -> None:
        """Print one line of the result; whatever it holds, it stays on its line and gives a terminal no orders."""

    def table(self, rows: Iterable[Sequence[object]], *, indent: int = 0, right: Iterable[int] = ()) -> None:
        """Print rows in columns as wide as needed; those of `right` stand to the right."""

    def document(self, key: str, values: Any) -> None:
        """Print one JSON object: `schema_version` and the values under their key."""

    def note(self, text: str) -> None:
        """Say something on stderr, unless notes are unwanted."""


class Metrics(Protocol):
    """What is counted while the server runs; told at `/metrics`. Names are Prometheus's, `enliterator_` in front."""

    def counter(self, name: str, help: str) -> Callable[..., None]:
        """Declare a counter; call what is returned as `count(amount=1, **labels)`."""

    def histogram(self, name: str, help: str, buckets: Sequence[float]) -> Callable[..., None]:
        """Declare a histogram with the upper bounds of its buckets; call what is returned as `observe(value)`."""

    def gauge(self, name: str, help: str, read: Callable[[], Mapping[tuple[tuple[str, str], ...], float]]) -> None:
        """Declare a gauge, read whenever it is asked for: its value by its labels (pairs of name and value)."""


class Server(Protocol):
    """The running server, as a route's target is handed it; it outlives every request."""

    @property
    def workspace(self) -> Workspace:
        """The open workspace."""

    @property
    def metrics(self) -> Metrics:
        """Where to count."""

    def check(self, name: str, trouble: Callable[[], str | None]) -> None:
        """Add to what `/readyz` asks: `trouble` returns None, or in one line what is wrong and what to do."""

    def log(self, text: str, *, kind: str | None = None) -> None:
        """Write a line to the log; of one `kind` (by default the text) one in a minute, with the count of the rest."""
