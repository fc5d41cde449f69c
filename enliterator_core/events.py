# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""What happened, and who is told: events are handed to every handler that wants their type.

A handler that raises or takes too long hurts only itself: the failure is kept and told, the others go on.
"""

import threading
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Protocol

from attrs import define, field, frozen

STAGE_FINISHED = "stage.finished"
DATASET_BUILT = "dataset.built"
BATCH_BUILT = "batch.built"
SETTING_CHANGED = "setting.changed"
JOB_CHANGED = "job.changed"
MODEL_DEPLOYED = "model.deployed"
MODEL_ROLLED_BACK = "model.rolled_back"
DEPLOYMENT_PROPOSED = "deployment.proposed"
BUDGET_REACHED = "budget.reached"

EVENT_TYPES = (
    STAGE_FINISHED,
    DATASET_BUILT,
    BATCH_BUILT,
    SETTING_CHANGED,
    JOB_CHANGED,
    MODEL_DEPLOYED,
    MODEL_ROLLED_BACK,
    DEPLOYMENT_PROPOSED,
    BUDGET_REACHED,
)

KEPT_WITH_THE_CHANGE = (JOB_CHANGED, MODEL_DEPLOYED, MODEL_ROLLED_BACK)
"""Those that the records keep by themselves, in the transaction of what they tell of."""

PROVIDER_EVENTS = ("fine_tuning.job.*", "batch.*", "response.*", "eval.run.*")
"""What providers tell by webhook, as handlers may ask for it; `eval.run.canceled` has one l."""


@frozen
class Event:
    """Something that happened: its ``type`` (one of EVENT_TYPES or a plugin's own) and its ``data`` (JSON values).

    ``id`` is the same whenever the event is told again; empty for one that is told once, in the process that saw it.
    """

    type: str
    data: Mapping[str, Any]
    id: str = ""


def wants(event_types: Sequence[str], type: str) -> bool:
    """Say whether a handler's event types name one: by name, with all that begin alike (`batch.*`), or all (`*`)."""
    return any(one in (type, "*") or (one.endswith(".*") and type.startswith(one[:-1])) for one in event_types)


class Handler(Protocol):
    """What the dispatcher needs of an event handler."""

    name: ClassVar[str]
    event_types: ClassVar[tuple[str, ...]]

    def handle(self, event: Event) -> None:
        """React to one event."""


@frozen
class HandlerFailure:
    """One handler's failure at one event, in one line."""

    handler: str
    event: str
    message: str


@define
class Dispatcher:
    """Tells handlers of events, in their order; each has ``time_limit`` seconds for one event."""

    handlers: Sequence[Handler] = ()
    time_limit: float = 10.0
    failures: list[HandlerFailure] = field(factory=list)

    def emit(self, event: Event) -> None:
        """Hand the event to every handler that wants its type and keep what failed."""
        for handler in self.handlers:
            if wants(handler.event_types, event.type):
                self._tell(handler, event)

    def _tell(self, handler: Handler, event: Event) -> None:
        raised: list[BaseException] = []

        def call() -> None:
            try:
                handler.handle(event)
            except Exception as error:  # noqa: BLE001  a handler may raise anything; it is kept and told
                raised.append(error)

        thread = threading.Thread(target=call, name=f"handler {handler.name}", daemon=True)
        thread.start()
        thread.join(self.time_limit)
        if thread.is_alive():
            message = f"took more than {self.time_limit:g} s and was left behind"
        elif raised:
            message = f"{type(raised[0]).__name__}: {raised[0]}"
        else:
            return
        self.failures.append(HandlerFailure(handler.name, event.type, message))
