# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""An event handler reacts to what happened."""

from abc import ABC, abstractmethod
from pathlib import Path
from typing import ClassVar

from enliterator_core.events import Event


class EventHandler(ABC):
    """Told of the events whose types it lists (`("batch.*",)`: those that begin so, `("*",)`: all), in order.

    By default it is told in the process in which something happens, once, unless that process dies. One that is
    `durable` is told by `enliterator worker`, in a process of its own: what it raises, or what takes longer than
    `time_limit` seconds (its process is then ended), is tried again later with the same event id, until it is given
    up into the list of the dead. It is told at least once: `event.id` says what it has seen before.
    """

    name: ClassVar[str]
    event_types: ClassVar[tuple[str, ...]]
    durable: ClassVar[bool] = False
    time_limit: ClassVar[float] = 10.0

    def open(self, state: Path) -> None:
        """Get ready; called once, before the first event, with the workspace's `.enliterator` folder."""

    @abstractmethod
    def handle(self, event: Event) -> None:
        """React to one event; raising or taking over `time_limit` seconds hurts only this handler."""
