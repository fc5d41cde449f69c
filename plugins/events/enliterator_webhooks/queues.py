# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""What waits in the queues, as gauges: read from the records, so that the workers' doings are in them."""

import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from enliterator_core import CLAIMED, WAITING, EnliteratorError, EventTotal, Server

KEPT_SECONDS: Final = 5.0

Labels = tuple[tuple[str, str], ...]


class _Totals:
    """The totals, asked for at most every five seconds."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._kept: list[EventTotal] = []
        self._until = 0.0

    def read(self) -> list[EventTotal]:
        if time.monotonic() >= self._until:
            try:
                self._kept = self._server.workspace.records.event_totals()
            except EnliteratorError as error:
                self._kept = []
                self._server.log(f"the queues cannot be read: {error}", kind="queues")
            self._until = time.monotonic() + KEPT_SECONDS
        return self._kept

    def events(self) -> Mapping[Labels, float]:
        sums: dict[Labels, float] = {}
        for one in self.read():
            labels = (("queue", one.queue), ("state", one.state))
            sums[labels] = sums.get(labels, 0) + one.events
        return sums

    def ages(self) -> Mapping[Labels, float]:
        now = datetime.now(UTC)
        oldest: dict[Labels, float] = {}
        for one in self.read():
            if one.state in (WAITING, CLAIMED):
                labels = (("queue", one.queue),)
                age = max(0.0, (now - datetime.fromisoformat(one.oldest)).total_seconds())
                oldest[labels] = max(oldest.get(labels, 0.0), age)
        return oldest


def declare_gauges(server: Server) -> None:
    """Add how many events are in which state, and how long the oldest has been waiting."""
    totals = _Totals(server)
    server.metrics.gauge("enliterator_events", "Events, by queue and state.", totals.events)
    server.metrics.gauge(
        "enliterator_event_oldest_seconds", "Age of the oldest event that is not settled, by queue.", totals.ages
    )
