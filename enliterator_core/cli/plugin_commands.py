# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The outermost group: the commands of its own, and those that a workspace's plugins add."""

import os
from pathlib import Path

import click

from enliterator_core.cli.lazy import LazyGroup
from enliterator_core.contracts.command import Command


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
    if not any((folder / "plugins.toml").is_file() for folder in folders):
        return {}  # the usual case, in which nothing more is imported
    from enliterator_core.workspace import find_commands

    return {command.name: command for command in find_commands(start)}
