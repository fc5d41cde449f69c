# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The outermost group: the commands of its own, those of the bundled plugins, and those that a workspace's plugins add.

What the bundled plugins add is written down here once more, so that `--help` imports none of them; a test holds it
equal to what their `register_commands` return.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import click

from enliterator_core.cli.lazy import LazyGroup
from enliterator_core.contracts.command import Command

BUNDLED_COMMANDS: Final[Mapping[str, tuple[Command, ...]]] = {
    "enliterator_neo4j": (
        Command("map", "Say what the labels and types of a graph mean.", "enliterator_neo4j.commands:map_group"),
    ),
    "enliterator_server": (
        Command("serve", "Answer on the network: webhooks, health, metrics.", "enliterator_server.command:serve"),
    ),
    "enliterator_webhooks": (
        Command("webhooks", "Set webhooks up, and see what came in.", "enliterator_webhooks.commands:webhooks"),
    ),
    "enliterator_worker": (
        Command("worker", "Work on what webhooks told, and tell event handlers.", "enliterator_worker.command:worker"),
    ),
}


class RootGroup(LazyGroup):
    """Shows plugins' commands after its own; looks for them only where a plugins.toml may name some."""

    def declarations(self, context: click.Context) -> dict[str, Command]:
        """Return its own commands, then the plugins'; a name of its own cannot be taken."""
        key = f"{__name__}.commands"
        if key not in context.meta:
            told = context.params.get("workspace") or os.environ.get("ENLITERATOR_WORKSPACE")
            found = _plugin_commands(Path(told) if told else Path.cwd())
            context.meta[key] = self.declared | {name: one for name, one in found.items() if name not in self.declared}
        declarations: dict[str, Command] = context.meta[key]
        return declarations


def _plugin_commands(start: Path) -> dict[str, Command]:
    """Return what plugins add in the workspace that `start` lies in; what is wrong with one is told when it opens."""
    here = start.resolve()
    folders = (here, *here.parents, Path(click.get_app_dir("enliterator")))
    added: tuple[Command, ...] = ()
    modules = set(BUNDLED_COMMANDS)  # the usual case, in which nothing more is imported
    if os.environ.get("ENLITERATOR_BUNDLED") or any((folder / "plugins.toml").is_file() for folder in folders):
        from enliterator_core.workspace import find_commands

        added, modules = find_commands(start)
    bundled = (command for module, commands in BUNDLED_COMMANDS.items() if module in modules for command in commands)
    return {command.name: command for command in (*added, *bundled)}
