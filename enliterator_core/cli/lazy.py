# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Groups that know their commands by name and help, and import one only when it runs."""

from collections.abc import Iterable
from importlib import import_module
from typing import Any

import click

from enliterator_core.contracts.command import Command
from enliterator_core.errors import UsageError


class LazyGroup(click.Group):
    """A group of declared commands: listing, completing and correcting them imports nothing."""

    def __init__(self, *args: Any, declared: Iterable[Command] = (), **attributes: Any) -> None:
        super().__init__(*args, **attributes)
        self.declared = {command.name: command for command in declared}

    def declarations(self, context: click.Context) -> dict[str, Command]:
        """Return every command that there is, by name."""
        return self.declared

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order in which they were declared."""
        return list(self.declarations(ctx))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return what stands in a list for the command: its name and its help."""
        command = self.declarations(ctx).get(cmd_name)
        return None if command is None else click.Command(cmd_name, short_help=command.help)

    def load(self, context: click.Context, name: str) -> click.Command:
        """Import the command itself; UsageError when its plugin names a place where there is none."""
        module, _, attribute = self.declarations(context)[name].target.partition(":")
        try:
            found = getattr(import_module(module), attribute)
        except (ImportError, AttributeError) as error:
            raise UsageError(f"the command {name} cannot be loaded from {module}:{attribute}: {error}") from error
        if not isinstance(found, click.Command):
            raise UsageError(f"the command {name} is no click command: {module}:{attribute}")
        return found

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that is about to run, and import it."""
        self.commands = {name: click.Command(name) for name in self.declarations(ctx)}  # what "did you mean" offers
        name, command, rest = super().resolve_command(ctx, args)
        return name, None if name is None or command is None else self.load(ctx, name), rest
