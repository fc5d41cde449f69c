# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""An event handler reacts to what happened."""

from abc import ABC, abstractmethod
from pathlib import Path
from typing import ClassVar

from enliterator_core.events import Event


class EventHandler(ABC):
    """Told of the events whose types it lists (`("*",)`: all), in order; see `enliterator_core.events`.

    `state`, the workspace's `.enliterator` folder, is set by the workspace before the first event.
    """

    name: ClassVar[str]
    event_types: ClassVar[tuple[str, ...]]

    def open(self, state: Path) -> None:
        """Get ready; called once, before the first event."""

    @abstractmethod
    def handle(self, event: Event) -> None:
        """React to one event; raising or taking over ten seconds hurts only this handler."""
