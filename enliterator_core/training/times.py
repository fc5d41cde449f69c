# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The clock of operations, and how long to wait for a provider."""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Final

from attrs import frozen


def now() -> str:
    """Return the time as records keep it: ISO 8601, UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def seconds_since(at: str) -> float:
    """Return the seconds since a time that the records keep."""
    return (datetime.now(UTC) - datetime.fromisoformat(at)).total_seconds()


@frozen
class Patience:
    """How long to wait for a provider, in seconds.

    A job or file whose request got no answer is looked for during ``settle``; then it is taken not to be there.
    Uploads may be processed for ``processing``. A job is looked at from every ``first`` to every ``most``, more rarely
    while nothing changes.
    """

    settle: float = 15.0
    processing: float = 600.0
    first: float = 2.0
    most: float = 60.0
    sleep: Callable[[float], None] = time.sleep

    def pauses(self, limit: float) -> Iterator[None]:
        """Yield at once, then after longer and longer pauses that add up to the limit."""
        yield None
        waited, pause = 0.0, min(0.5, limit / 4)
        while waited < limit:
            pause = min(pause, limit - waited)
            self.sleep(pause)
            waited += pause
            pause = min(pause * 2, self.most)
            yield None


PATIENT: Final = Patience()
