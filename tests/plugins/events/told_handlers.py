# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Durable handlers for the worker's tests: one that writes, one that raises, one that hangs, one that dies."""

import os
import time
from pathlib import Path

from attrs import define, field

from enliterator_core import Event, EventHandler, hookimpl


@define
class Writes(EventHandler):
    """Append what it is told to a file, in one write."""

    name = "writes"
    event_types = ("job.changed", "batch.*", "probe.*")
    durable = True
    _path: Path | None = field(default=None, init=False)

    def open(self, state: Path) -> None:
        self._path = state / "written.txt"

    def handle(self, event: Event) -> None:
        print("what a handler prints is no answer")
        with self._path.open("ab", buffering=0) as file:
            state = event.data.get("state") or event.data.get("id")
            file.write(f"{event.id} {event.type} {event.data.get('job')} {state}\n".encode())


@define
class Raises(EventHandler):
    """Raise."""

    name = "raises"
    event_types = ("probe.raise",)
    durable = True

    def handle(self, event: Event) -> None:
        raise RuntimeError("as it does\nalways")


@define
class Hangs(EventHandler):
    """Never end, and start something that does not either."""

    name = "hangs"
    event_types = ("probe.hang",)
    durable = True
    time_limit = 0.3
    _state: Path | None = field(default=None, init=False)

    def open(self, state: Path) -> None:
        self._state = state

    def handle(self, event: Event) -> None:
        (self._state / "hung.txt").write_text(f"{os.getpid()}")
        time.sleep(600)


@define
class Dies(EventHandler):
    """End its process."""

    name = "dies"
    event_types = ("probe.die",)
    durable = True

    def handle(self, event: Event) -> None:
        os._exit(7)


@hookimpl
def register_event_handlers() -> list[type[EventHandler]]:
    return [Writes, Raises, Hangs, Dies]
