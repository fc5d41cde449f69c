# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""HTTP with a deadline: a request that drips in ever so slowly is cut off, which uvicorn alone does not do."""

import asyncio
from collections.abc import Callable
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol


class DeadlineProtocol(H11Protocol):
    """One connection; from its begin, or the first byte of a later request, a whole request must arrive in time.

    What is answered may take as long as it takes. An answer that is given early leaves the deadline in force for the
    rest of the request, so that nobody can go on sending for ever.
    """

    seconds: float = 20.0
    count: Callable[[str], None]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a request."""
        super().connection_made(transport)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no more."""
        self._arrived()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Begin to wait with a request's first byte, and end with its last one."""
        self._wait()
        super().data_received(data)
        if self.conn.their_state in (h11.DONE, h11.MUST_CLOSE, h11.CLOSED, h11.ERROR):
            self._arrived()

    def on_response_complete(self) -> None:
        """Go on with what was sent behind the request that is answered now: if only its headers are here, wait."""
        super().on_response_complete()
        if self.conn.their_state is h11.SEND_BODY:
            self._wait()

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no HTTP."""
        type(self).count("malformed")
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            super().send_400_response(msg)
        else:  # an answer is under way already, so there is nothing else to say
            self.transport.abort()

    def _wait(self) -> None:
        if self._deadline is None:
            self._deadline = self.loop.call_later(self.seconds, self._late)

    def _arrived(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _late(self) -> None:
        self._deadline = None
        type(self).count("late")
        self.transport.abort()


def with_deadline(seconds: float, count: Callable[[str], None]) -> type[asyncio.Protocol]:
    """Return the protocol with its deadline; `count` is told `late` or `malformed` of each request that was cut off."""
    return type("Protocol", (DeadlineProtocol,), {"seconds": seconds, "count": staticmethod(count)})
