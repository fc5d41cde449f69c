# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""notify: tells another system what happened, by a signed webhook (https://www.standardwebhooks.com)."""

import base64
import binascii
import hmac
import http.client
import ipaddress
import json
import os
import socket
import ssl
import time
from hashlib import sha256
from typing import Any, ClassVar
from urllib.parse import SplitResult, urlsplit

from attrs import define, field
from attrs.validators import min_len

from enliterator_core import Event, EventHandler, ServiceError, hookimpl

_SECONDS = 8.0


def _is_web(instance: Any, attribute: Any, url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.password:
        raise ValueError("is no http: or https: address without a name and password in it")


@define(slots=False)
class Notify(EventHandler):
    """Post what happened to a URL, signed by Standard Webhooks; enter it again with another `as` for another URL.

    The secret (`whsec_...`) is that of the environment variable `secret_variable`. Only events of `types` are told
    (`batch.*`: all that begin so). An address of this machine or of a private network is refused unless
    `allow_private`. Any answer but 2xx is a failure and tried again with the same `webhook-id`: receivers keep those
    they have seen.
    """

    name: ClassVar[str] = "notify"
    event_types: ClassVar[tuple[str, ...]] = ("*",)
    durable: ClassVar[bool] = True

    url: str = field(validator=_is_web)
    types: tuple[str, ...] = field(
        default=("job.changed", "model.deployed", "model.rolled_back", "deployment.proposed", "budget.reached"),
        validator=min_len(1),
    )
    secret_variable: str = "ENLITERATOR_NOTIFY_SECRET"
    allow_private: bool = False

    def __attrs_post_init__(self) -> None:
        vars(self)["event_types"] = self.types  # what it wants is a setting, so that nothing else waits in its queue

    def handle(self, event: Event) -> None:
        """Post the event; ServiceError when it is not taken."""
        secret = os.environ.get(self.secret_variable, "")
        body = json.dumps({"type": event.type, "id": event.id, "data": dict(event.data)}).encode()
        headers = signed(secret, self.secret_variable, event.id, int(time.time()), body)
        parts = urlsplit(self.url)
        status = _post(parts, _address(parts, self.allow_private), body, headers)
        if not 200 <= status < 300:
            raise ServiceError(f"{parts.hostname} answered {status}", hint="see what the receiver's log says")


def signed(secret: str, variable: str, id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """Return the headers for a body; ServiceError, which repeats nothing of it, for a secret that is none."""
    try:
        key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except binascii.Error:
        key = b""
    if not key or not secret.startswith("whsec_"):
        message = f"{variable} holds no secret" if secret else f"{variable} is not set"
        raise ServiceError(message, hint=f"set {variable} to whsec_ and at least 24 random bytes in base64")
    made = hmac.new(key, f"{id}.{timestamp}.".encode() + body, sha256).digest()
    return {
        "Content-Type": "application/json",
        "webhook-id": id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": "v1," + base64.b64encode(made).decode(),
    }


def _address(parts: SplitResult, allow_private: bool) -> tuple[str, int]:
    """Resolve a host once, so that what was checked is what is connected to; ServiceError for one that is private."""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    host = parts.hostname or ""
    try:
        found = [str(one[4][0]) for one in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except OSError as error:
        raise ServiceError(f"{host} is not known", hint="check the name, and the network") from error
    for one in found:
        address = ipaddress.ip_address(one.partition("%")[0])
        mapped = getattr(address, "ipv4_mapped", None) or address
        if not allow_private and (not mapped.is_global or mapped.is_multicast):
            hint = "set allow_private = true if it is meant"
            raise ServiceError(f"{host} is at {one}, which is no public address", hint=hint)
    return found[0], port


def _post(parts: SplitResult, address: tuple[str, int], body: bytes, headers: dict[str, str]) -> int:
    """Post to the address that was checked; return the status. Redirects are not followed."""
    connection = http.client.HTTPConnection(parts.hostname or "", address[1], timeout=_SECONDS)
    try:
        connection.sock = socket.create_connection(address, timeout=_SECONDS)
        if parts.scheme == "https":
            context = ssl.create_default_context()
            connection.sock = context.wrap_socket(connection.sock, server_hostname=parts.hostname)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", path, body, {**headers, "Host": parts.netloc, "User-Agent": "enliterator"})
        return connection.getresponse().status
    except (OSError, http.client.HTTPException) as error:
        raise ServiceError(f"{parts.hostname} did not answer: {error}", hint="check that it runs") from error
    finally:
        connection.close()


@hookimpl
def register_event_handlers() -> list[type[EventHandler]]:
    """Add the handler."""
    return [Notify]
