# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""A durable handler that does what it does once, by the event's id, however often it is told."""

from pathlib import Path

from attrs import define, field

from enliterator_core import Event, EventHandler, hookimpl


@define
class Once(EventHandler):
    """Append a line for each event that was not told before."""

    name = "once"
    event_types = ("job.changed", "model.deployed")
    durable = True
    _path: Path | None = field(default=None, init=False)

    def open(self, state: Path) -> None:
        self._path = state / "once.txt"

    def handle(self, event: Event) -> None:
        known = self._path.read_text().split() if self._path.exists() else []
        if event.id not in known:
            with self._path.open("ab", buffering=0) as file:
                file.write(f"{event.id}\n".encode())


@hookimpl
def register_event_handlers() -> list[type[EventHandler]]:
    return [Once]
