# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Keeps a diary of training jobs. `enliterator worker` tells it of each change, again until it has worked."""

from pathlib import Path

from attrs import define, field

from enliterator_core import Event, EventHandler, hookimpl


@define
class JobDiary(EventHandler):
    """Append a line to `.enliterator/diary.txt` whenever a job's state has changed."""

    name = "job_diary"
    event_types = ("job.changed",)
    durable = True

    _path: Path = field(default=Path(), init=False)

    def open(self, state: Path) -> None:
        """Remember where to write."""
        self._path = state / "diary.txt"

    def handle(self, event: Event) -> None:
        """Write the event's id, the job and its state; an id that is there already was told before."""
        if not self._path.exists() or event.id not in self._path.read_text(encoding="utf-8"):
            with self._path.open("a", encoding="utf-8") as diary:
                diary.write(f"{event.id} job {event.data['job']} {event.data['state']}\n")


@hookimpl
def register_event_handlers() -> list[type[EventHandler]]:
    """Add the handler."""
    return [JobDiary]
