# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""worker: keeps the record of jobs by what providers tell, and tells durable handlers what happened, at least once."""

from pathlib import Path
from typing import ClassVar

from attrs import define, field
from attrs.validators import ge, gt

from enliterator_core import Command, Event, EventHandler, Workspace, hookimpl


@define
class RecordKeeper(EventHandler):
    """Bring a job's record up to date when its provider tells of it; `enliterator worker` works by these settings.

    What fails is tried again after about `first_wait` seconds, then twice that and so on up to `longest_wait`, and is
    given up after `attempts`. A worker holds what it works on for `lease` seconds at a time: so long it takes until
    what a killed one held comes back. Every `sync_minutes` (0: only at its start) the providers are asked for what
    their webhooks did not tell. `lanes` is how many queues one worker works on at once.
    """

    name: ClassVar[str] = "record_keeper"
    event_types: ClassVar[tuple[str, ...]] = ("fine_tuning.job.*",)
    durable: ClassVar[bool] = True

    attempts: int = field(default=12, validator=ge(1))
    first_wait: float = field(default=2.0, validator=ge(0))
    longest_wait: float = field(default=3600.0, validator=gt(0))
    lease: float = field(default=60.0, validator=ge(1))
    sync_minutes: float = field(default=15.0, validator=ge(0))
    lanes: int = field(default=8, validator=ge(1))
    _root: Path | None = field(init=False, default=None)

    def open(self, state: Path) -> None:
        """Remember the workspace."""
        self._root = state.parent

    def handle(self, event: Event) -> None:
        """Bring one job's record up to date; ServiceError when its provider does not answer."""
        from enliterator_core import keep_changes
        from enliterator_worker.keeper import look

        with Workspace.open(flags={"workspace": str(self._root)}) as workspace:
            _, _, change = look(workspace, str(event.data.get("id", "")), None)
            keep_changes(workspace, [change] if change else [], "webhook")


@hookimpl
def register_event_handlers() -> list[type[EventHandler]]:
    """Add the record keeper."""
    return [RecordKeeper]


@hookimpl
def register_commands() -> list[Command]:
    """Add the worker."""
    return [
        Command("worker", "Work on what webhooks told, and tell event handlers.", "enliterator_worker.command:worker")
    ]
