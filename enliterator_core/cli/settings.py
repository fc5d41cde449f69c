# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Settings: which model serves what, changed while Enliterator runs, every change kept."""

import click
from attrs import asdict

from enliterator_core.cli import show
from enliterator_core.cli.session import Session, who

as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")


@click.group()
def settings() -> None:
    """Say which model serves what, and see who changed it."""


@settings.command("list")
@as_json
@click.pass_obj
def list_settings(session: Session, as_json: bool) -> None:
    """List every setting that there is, with its value and where that comes from."""
    with session.open() as workspace:
        every = workspace.settings.list()
    if as_json:
        show.document("settings", [asdict(one) for one in every])
        return
    rows = [(one.key, "-" if one.value is None else one.value, one.origin or "unset", one.note) for one in every]
    show.table([("setting", "value", "from"), *rows])


@settings.command()
@click.argument("key")
@as_json
@click.pass_obj
def get(session: Session, key: str, as_json: bool) -> int:
    """Print a setting's value; exit code 1 when it is unset."""
    with session.open() as workspace:
        setting = workspace.settings.get(key)
    if as_json:
        show.document("setting", asdict(setting))
    elif setting.value is not None:
        show.line(setting.value)
    else:
        show.note(f"{key} is unset: enliterator settings set {key} VALUE")
    return 0 if setting.value is not None else 1


@settings.command("set")
@click.argument("key")
@click.argument("value")
@click.pass_obj
def set_setting(session: Session, key: str, value: str) -> None:
    """Set a setting; the provider is asked whether it has a model, and where it cannot be, the value is unverified."""
    with session.open() as workspace:
        change = workspace.settings.set(key, value, who=who())
    show.line(f"{change.key}: {change.old or 'unset'} -> {change.new}")
    if change.note:
        show.note(f"kept as {change.note}")


@settings.command()
@click.argument("key")
@click.pass_obj
def unset(session: Session, key: str) -> None:
    """Take a setting back; the environment's value, if any, holds again."""
    with session.open() as workspace:
        change = workspace.settings.unset(key, who=who())
    show.line(f"{change.key}: {change.old} -> unset")


@settings.command()
@click.argument("key", required=False)
@as_json
@click.pass_obj
def history(session: Session, key: str | None, as_json: bool) -> None:
    """List every change, oldest first, of one setting or of all."""
    with session.open() as workspace:
        changes = workspace.settings.history(key)
    if as_json:
        show.document("changes", [asdict(one) for one in changes])
        return
    show.table((one.at, one.who, one.key, one.old or "unset", "->", one.new or "unset", one.note) for one in changes)
