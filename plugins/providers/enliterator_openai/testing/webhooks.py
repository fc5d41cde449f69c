# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Signed webhooks as the API sends them, by the Standard Webhooks specification (https://www.standardwebhooks.com)."""

import base64
import hmac
import json
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from hashlib import sha256
from queue import Queue

from attrs import define, field

SECRET = "whsec_" + base64.b64encode(b"the stand-in signs with this").decode()


def sign(secret: str, number: str, timestamp: int, body: bytes) -> dict[str, str]:
    """Return the three headers for a body: HMAC-SHA256 over ``id.timestamp.body`` with the base64 part of whsec_..."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    made = hmac.new(key, f"{number}.{timestamp}.".encode() + body, sha256).digest()
    return {
        "webhook-id": number,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": "v1," + base64.b64encode(made).decode(),
    }


@define
class Delivery:
    """One attempt to deliver an event: the HTTP status that came back, or 0 where nobody answered."""

    number: str
    type: str
    status: int


@define
class Sender:
    """Sends events to ``url`` from a thread of its own, each ``copies`` times, and tries again what is not taken.

    Redirects count as failures, as with the real sender; after ``attempts`` an event is given up.
    """

    url: str
    secret: str = SECRET
    copies: int = 1
    attempts: int = 3
    wait: float = 0.05
    deliveries: list[Delivery] = field(factory=list)
    _queue: "Queue[Mapping[str, object] | None]" = field(factory=Queue, init=False)
    _thread: threading.Thread | None = field(default=None, init=False)

    def send(self, event: Mapping[str, object]) -> None:
        """Put an event in line."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, daemon=True)
            self._thread.start()
        self._queue.put(event)

    def flush(self) -> None:
        """Wait until every event in line was delivered or given up."""
        self._queue.join()

    def close(self) -> None:
        """Deliver what is in line, and end."""
        if self._thread is not None:
            self._queue.put(None)
            self._thread.join()
            self._thread = None

    def _run(self) -> None:
        while (event := self._queue.get()) is not None:
            for _ in range(self.copies):
                self._deliver(event)
            self._queue.task_done()
        self._queue.task_done()

    def _deliver(self, event: Mapping[str, object]) -> None:
        body = json.dumps(event).encode()
        number = str(event["id"])
        for attempt in range(self.attempts):
            headers = sign(self.secret, number, int(time.time()), body)
            status = self._post(body, {**headers, "Content-Type": "application/json"})
            self.deliveries.append(Delivery(number, str(event["type"]), status))
            if 200 <= status < 300:
                return
            time.sleep(self.wait * (attempt + 1))

    def _post(self, body: bytes, headers: dict[str, str]) -> int:
        request = urllib.request.Request(self.url, body, headers, method="POST")
        opener = urllib.request.build_opener(_NoRedirects)
        try:
            with opener.open(request, timeout=5) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as refused:
            with refused:
                return refused.code
        except OSError:
            return 0  # nobody answered: the delivery says so, and it is tried again


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: object, **kwargs: object) -> None:
        """Follow nothing: the status of the redirect comes back as a failure."""
