# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Keeps the stages' times in a file of its own."""

from pathlib import Path

from attrs import define, field

from enliterator_core import Event, EventHandler, hookimpl


@define
class StageTimes(EventHandler):
    """Append a line to `.enliterator/times.txt` whenever a stage has finished."""

    name = "stage_times"
    event_types = ("stage.finished",)

    _path: Path | None = field(default=None, init=False)

    def open(self, state: Path) -> None:
        """Remember where to write."""
        self._path = state / "times.txt"

    def handle(self, event: Event) -> None:
        """Write the stage's name and its seconds."""
        if self._path is not None:
            with self._path.open("a", encoding="utf-8") as lines:
                lines.write(f"{event.data['name']} {event.data['seconds']:.3f}\n")


@hookimpl
def register_event_handlers() -> list[type[EventHandler]]:
    """Add the handler."""
    return [StageTimes]
