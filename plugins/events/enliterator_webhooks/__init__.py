# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""webhooks: receives what providers tell by Standard Webhooks, verified and kept before it is acknowledged."""

import re
from collections.abc import Mapping
from typing import Any, Final

from attrs import field, frozen
from attrs.validators import ge, le

from enliterator_core import OURS, Command, Route, hookimpl

OPENAI_EVENTS: Final = (
    "fine_tuning.job.succeeded",
    "fine_tuning.job.failed",
    "fine_tuning.job.cancelled",
    "batch.completed",
    "batch.failed",
    "batch.expired",
    "batch.cancelled",
    "response.completed",
    "response.failed",
    "response.cancelled",
    "response.incomplete",
    "eval.run.succeeded",
    "eval.run.failed",
    "eval.run.canceled",
)

_NAME: Final = re.compile(r"[a-z][a-z0-9_-]*")


@frozen
class Sender:
    """Who sends: the environment variable with its secrets, and the event types to ask it for."""

    secret_variable: str
    event_types: tuple[str, ...] = OPENAI_EVENTS


def _openai() -> Mapping[str, Sender]:
    return {"openai": Sender("OPENAI_WEBHOOK_SECRET")}


def _names(instance: Any, attribute: Any, senders: Mapping[str, Sender]) -> None:
    for name in senders:
        if not _NAME.fullmatch(name) or name == OURS:  # a sender's name is that of its queue
            raise ValueError(f'has a sender "{name}": small letters, digits, _ and -, and not "{OURS}"')


@frozen
class Webhooks(Route):
    """Take what a provider tells at `/webhooks/NAME`.

    `senders` are those who may, by name: the variable with its secrets (`secret_variable`, several separated by
    spaces while one is changed for another), and the `event_types` that `webhooks setup` asks it for; what is given
    here takes the place of the default. `tolerance` is how many seconds a timestamp may be off, to either side.
    """

    name = "webhooks"
    path = "/webhooks/{sender}"
    methods = ("POST",)
    target = "enliterator_webhooks.receiver:receiver"

    senders: Mapping[str, Sender] = field(factory=_openai, validator=_names)
    tolerance: int = field(default=300, validator=[ge(1), le(3600)])


@hookimpl
def register_routes() -> list[type[Route]]:
    """Add the receiver."""
    return [Webhooks]


@hookimpl
def register_commands() -> list[Command]:
    """Add the commands."""
    return [Command("webhooks", "Set webhooks up, and see what came in.", "enliterator_webhooks.commands:webhooks")]
