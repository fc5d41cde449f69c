# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""server: `enliterator serve` answers the routes of all plugins, and tells how it fares."""

from enliterator_core import Command, hookimpl


@hookimpl
def register_commands() -> list[Command]:
    """Add the command."""
    return [Command("serve", "Answer on the network: webhooks, health, metrics.", "enliterator_server.command:serve")]
