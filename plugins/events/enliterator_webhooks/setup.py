# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""What is to be entered at a provider, and a test event that is signed as the provider would sign it."""

import secrets
import time
import urllib.error
import urllib.request
from typing import Final
from urllib.parse import urlsplit

import orjson
from attrs import frozen

from enliterator_core import CLAIMED, WAITING, Records, ServiceError, UsageError, WebhookEvent, Workspace
from enliterator_webhooks import Webhooks
from enliterator_webhooks.signature import keys_of, sign

TIMEOUT: Final = 30.0
_LOOK: Final = 0.1

_HINTS: Final = {
    400: "the server takes it for no event: is it of the same version?",
    401: "the server has another secret, or its clock differs: compare the variables and the clocks of both machines",
    404: "the server knows no such sender: name it under senders in its plugins.toml",
    503: "the server has no secret, or cannot keep events: its log tells which",
}


@frozen
class Steps:
    """What to enter for one sender, and how its secrets look: `problems`, or how many there are in `state`."""

    name: str
    url: str
    event_types: tuple[str, ...]
    variable: str
    state: str
    problems: list[str]


def _route(workspace: Workspace) -> Webhooks:
    for route in workspace.plugins.routes:
        if isinstance(route, Webhooks):
            return route
    raise UsageError("the plugin enliterator_webhooks is switched off", hint="switch it on in plugins.toml")


def steps_for(workspace: Workspace, url: str) -> list[Steps]:
    """Return the steps for every sender; UsageError when the URL is none that a provider would take."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment:
        raise UsageError(f"{url} is no address of a server", hint="give it as https://hooks.example.org")
    steps = []
    for name, sender in _route(workspace).senders.items():
        text = workspace.environment.get(sender.secret_variable, "")
        keys, problems = keys_of(text)
        state = f"set, {len(keys)} secret{'s' if len(keys) != 1 else ''} of the right form" if keys else "not set yet"
        full = f"{url.rstrip('/')}/webhooks/{name}"
        steps.append(Steps(name, full, tuple(sender.event_types), sender.secret_variable, state, problems))
    return steps


def keys_for(workspace: Workspace, name: str) -> list[bytes]:
    """Return a sender's keys in this environment; UsageError when there is no such sender, or no key."""
    senders = _route(workspace).senders
    if name not in senders:
        raise UsageError(f"there is no sender {name}", hint=f"known senders: {', '.join(senders)}")
    variable = senders[name].secret_variable
    keys, problems = keys_of(workspace.environment.get(variable, ""))
    if not keys:
        trouble = f": {'; '.join(problems)}" if problems else ""
        raise UsageError(
            f"{variable} holds no secret{trouble}", hint="enliterator webhooks setup tells what goes there"
        )
    return keys


def send(url: str, sender: str, key: bytes, kind: str, about: str) -> str:
    """Post a signed event and return its webhook-id; ServiceError when the server did not take it."""
    webhook_id, now = f"test_{secrets.token_hex(8)}", int(time.time())
    told = {"id": webhook_id, "object": "event", "type": kind, "created_at": now, "data": {"id": about}}
    body = orjson.dumps(told)
    headers = {
        "Content-Type": "application/json",
        "webhook-id": webhook_id,
        "webhook-timestamp": str(now),
        "webhook-signature": sign(key, webhook_id.encode(), str(now).encode(), body).decode(),
    }
    full = f"{url.rstrip('/')}/webhooks/{sender}"
    request = urllib.request.Request(full, body, headers, method="POST")
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT):
            return webhook_id
    except urllib.error.HTTPError as refused:
        with refused:
            hint = _HINTS.get(refused.code, "the server's log may tell why")
            raise ServiceError(f"{full} answered {refused.code}", hint=hint) from refused
    except (OSError, ValueError) as error:
        reason = getattr(error, "reason", error)
        raise ServiceError(
            f"{full} cannot be reached: {reason}", hint="start it (enliterator serve), or name it with --url"
        ) from error


def settled(records: Records, queue: str, webhook_id: str, wait: float) -> WebhookEvent:
    """Return the event once it is settled, or as it is after `wait` seconds; ServiceError when it is not here."""
    until = time.monotonic() + wait
    while True:
        found = records.events(queue=queue, webhook_id=webhook_id, limit=1)
        if not found:
            raise ServiceError(
                "the server took the event, but it is not in these records",
                hint="the server runs in another workspace: call this with the same --workspace",
            )
        if found[0].state not in (WAITING, CLAIMED) or time.monotonic() >= until:
            return found[0]
        time.sleep(_LOOK)
