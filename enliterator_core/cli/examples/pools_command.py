# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""`enliterator pools`: what the pools of the canon mean."""

import click

from enliterator_core import POOLS, Command, hookimpl


@click.command()
def pools() -> None:
    """Print every pool and its meaning."""
    for pool in POOLS.values():
        click.echo(f"{pool.name:14} {pool.meaning}")


@hookimpl
def register_commands() -> list[Command]:
    """Add the command."""
    return [Command("pools", "Print every pool and its meaning.", "pools_command:pools")]
