# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The receiver: a body is read within bounds, verified as it came, kept on disk, and only then acknowledged."""

import time
from collections.abc import Mapping
from typing import Any, Final

import orjson
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from enliterator_core import EnliteratorError, Server, WebhookEvent
from enliterator_webhooks import Webhooks
from enliterator_webhooks.queues import declare_gauges
from enliterator_webhooks.signature import NotSigned, Signed, keys_of, read_headers, verify
from enliterator_webhooks.writer import Writer

MOST_BYTES: Final = 1024 * 1024
MOST_DISCARDED: Final = 8 * MOST_BYTES
DEEPEST: Final = 100

_SECONDS: Final = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)
_EVENTS: Final = (1, 2, 5, 10, 20, 50, 100, 200)


class Gone(Exception):
    """The client went away before the whole body was here."""


class TooLarge(Exception):
    """The body is longer than what is read."""


def receiver(route: Webhooks, server: Server) -> "Receiver":
    """Return the endpoint; what is wrong with the secrets is told by `/readyz` and at the start."""
    keys: dict[str, list[bytes]] = {}
    for name, sender in route.senders.items():
        text = server.workspace.environment.get(sender.secret_variable, "")
        keys[name], problems = keys_of(text)
        server.check(f"webhooks/{name}", _trouble(sender.secret_variable, text, problems))
    declare_gauges(server)
    return Receiver(route, server, keys)


def _trouble(variable: str, text: str, problems: list[str]) -> Any:
    if not text.strip():
        return lambda: f"set {variable} to the secret that the provider shows; until then its webhooks are answered 503"
    return lambda: f"{variable}: {'; '.join(problems)}" if problems else None


class Receiver:
    """An ASGI application for one path with the parameter `sender`."""

    def __init__(self, route: Webhooks, server: Server, keys: Mapping[str, list[bytes]]) -> None:
        self._keys, self._tolerance = keys, route.tolerance
        self._server = server
        declare = server.metrics
        self._count = declare.counter("enliterator_webhooks_total", "Webhooks, by sender and what became of them.")
        self._seconds = declare.histogram(
            "enliterator_webhook_seconds", "Seconds from a webhook's headers to its acknowledgement.", _SECONDS
        )
        together = declare.histogram("enliterator_webhook_transaction_events", "Events kept in one write.", _EVENTS)
        self._writer = Writer(server.workspace.records.add_events, together)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request: 2xx means that the event is on disk."""
        began, name = time.perf_counter(), scope["path_params"]["sender"]
        if name not in self._keys:
            await Response(status_code=404)(scope, receive, send)
            return
        status, outcome = await self._take(name, scope, receive)
        self._count(sender=name, outcome=outcome)
        if status == 200:
            self._seconds(time.perf_counter() - began)
        headers = {"Retry-After": "10"} if status == 503 else {"Connection": "close"} if status == 413 else {}
        if status:
            await Response(status_code=status, headers=headers)(scope, receive, send)

    async def _take(self, name: str, scope: Scope, receive: Receive) -> tuple[int, str]:
        """Return the status (0: nobody is there to be told) and, in one word, what became of it."""
        try:
            body = await _read(receive, MOST_BYTES)
            if not self._keys[name]:
                return 503, "no_secret"
            signed = read_headers(scope["headers"])
            verify(signed, body, self._keys[name], tolerance=self._tolerance, now=time.time())
            event = _event(name, signed, body, scope["headers"])
            new = await self._writer.keep(event)
        except Gone:
            return 0, "gone"
        except TooLarge:
            return self._refused(413, name, "too_large")
        except NotSigned as refused:
            return self._refused(refused.status, name, refused.why)
        except EnliteratorError as error:
            self._server.log(f"a webhook from {name} could not be kept: {error}", kind=f"webhooks {name} kept")
            return 503, "not_kept"
        return 200, "stored" if new else "duplicate"

    def _refused(self, status: int, name: str, why: str) -> tuple[int, str]:
        self._server.log(f"refused a webhook to /webhooks/{name} ({why})", kind=f"webhooks {name} {why}")
        return status, why


async def _read(receive: Receive, most: int) -> bytes:
    """Return the body; Gone, or TooLarge once the rest has been read and thrown away, as far as that is bearable."""
    parts, length = [], 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise Gone
        part = message.get("body", b"")
        length += len(part)
        if length <= most:
            parts.append(part)
        else:
            parts.clear()
        if not message.get("more_body") or length > MOST_DISCARDED:
            break
    if length > most:
        raise TooLarge
    return b"".join(parts)


def _event(queue: str, signed: Signed, body: bytes, headers: list[tuple[bytes, bytes]]) -> WebhookEvent:
    """Return what is to be kept of a verified request; NotSigned where it is no event."""
    kinds = [value for name, value in headers if name == b"content-type"]
    if len(kinds) != 1 or not _is_json(kinds[0]) or any(name == b"content-encoding" for name, _ in headers):
        raise NotSigned(400, "content_type")
    try:
        told = orjson.loads(body)
    except orjson.JSONDecodeError:
        told = None
    kind = told.get("type") if isinstance(told, dict) else None
    if not isinstance(kind, str) or not 0 < len(kind) <= 255 or not kind.isprintable() or _depth(told) > DEEPEST:
        raise NotSigned(400, "body")
    data = told.get("data")
    subject = data.get("id") if isinstance(data, dict) else None
    if not isinstance(subject, str) or len(subject) > 255 or not subject.isprintable():
        subject = ""
    return WebhookEvent(0, queue, signed.id.decode(), kind, subject, body.decode())


def _is_json(kind: bytes) -> bool:
    kind = kind.partition(b";")[0].strip().lower()
    return kind == b"application/json" or (kind.startswith(b"application/") and kind.endswith(b"+json"))


def _depth(value: Any) -> int:
    """Return how deep arrays and objects lie in each other."""
    depth, inside = 0, [value]
    while inside:
        depth += 1
        inside = [
            one
            for outer in inside
            for one in (outer.values() if isinstance(outer, dict) else outer if isinstance(outer, list) else ())
            if isinstance(one, dict | list)
        ]
    return depth
