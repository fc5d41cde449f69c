# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""log: every event as one JSON line in .enliterator/events.jsonl."""

import json
from datetime import UTC, datetime
from pathlib import Path

from attrs import define, field
from attrs.validators import matches_re

from enliterator_core import Event, EventHandler, hookimpl


@define
class EventLog(EventHandler):
    """Append every event to a file, as `at` (UTC), `type` and `data`.

    `file_name` is what the file is called in the workspace's `.enliterator` folder.
    """

    name = "log"
    event_types = ("*",)

    file_name: str = field(default="events.jsonl", validator=matches_re(r"[\w.-]*\w"))
    _path: Path | None = field(init=False, default=None)

    def open(self, state: Path) -> None:
        """Remember where to write; the file comes into being with the first event."""
        self._path = state / self.file_name

    def handle(self, event: Event) -> None:
        """Append one line in one write, so that lines of several processes do not mix."""
        if self._path is None:
            raise RuntimeError("the log was handed an event before it was opened")
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        line = json.dumps({"at": at, "type": event.type, "data": dict(event.data)}, ensure_ascii=False, default=str)
        with self._path.open("ab", buffering=0) as file:
            file.write(f"{line}\n".encode("utf-8", "surrogatepass"))


@hookimpl
def register_event_handlers() -> list[type[EventHandler]]:
    """Add the log."""
    return [EventLog]
