# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Which plugins there are, what they add, and what is wrong with the configuration."""

import click
from attrs import asdict

from enliterator_core.cli import show
from enliterator_core.cli.scaffold import new
from enliterator_core.cli.session import Session
from enliterator_core.errors import ConfigurationError, Problem

as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")


@click.group()
def plugins() -> None:
    """List, check and make plugins."""


plugins.add_command(new)


@plugins.command("list")
@as_json
@click.pass_obj
def list_plugins(session: Session, as_json: bool) -> None:
    """List the plugins in their order, with what each adds and its settings."""
    from enliterator_core.cli.inventory import listing

    with session.open() as workspace:
        every = listing(workspace.plugins)
    if as_json:
        show.document("plugins", [asdict(one) for one in every])
        return
    for one in every:
        state = "" if one.enabled else "  (switched off)"
        show.line(f"{one.name}{state}  {show.plain(one.help)}")
        for hook, names in one.adds.items():
            show.line(f"    {hook.removeprefix('register_').replace('_', ' ')}: {', '.join(names)}")
        for setting in one.settings:
            show.line(f"    {setting.name} = {show.plain(repr(setting.value))}  {show.plain(setting.help)}".rstrip())


@plugins.command()
@as_json
@click.pass_obj
def check(session: Session, as_json: bool) -> int:
    """Explain everything that is wrong with plugins.toml, all at once; exit code 2 when something is."""
    problems: list[Problem] = []
    try:
        with session.open() as workspace:
            count = len(workspace.plugins.loaded)
    except ConfigurationError as error:
        if not as_json:
            raise
        problems = error.problems
    if as_json:
        show.document("problems", [asdict(one) for one in problems])
    else:
        show.line(f"{count} plugins, no problems")
    return ConfigurationError.exit_code if problems else 0
