# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Which model serves a task: switched, listed, and switched back."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import click
from attrs import asdict

from enliterator_core.cli import show
from enliterator_core.cli.session import Session, who
from enliterator_core.operations import Deployment

if TYPE_CHECKING:
    from enliterator_core.workspace import Workspace

as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
for_tasks = click.option(
    "--for", "tasks", required=True, multiple=True, metavar="TASK|all", help="A task (may be repeated), or all types."
)


@click.command()
@click.argument("what", metavar="MODEL|JOB")
@for_tasks
@as_json
@click.pass_obj
def deploy(session: Session, what: str, tasks: tuple[str, ...], as_json: bool) -> None:
    """Let a model serve tasks: MODEL is provider:model, JOB the number of the job that made it."""
    from enliterator_core.training.deploy import deploy

    with session.open() as workspace:
        made, note = deploy(workspace, what, tasks, who())
    _show(made, as_json)
    if note:
        show.note(f"deployed as {note}")


@click.command()
@click.option("--for", "task", metavar="TASK", help="Only those of this task.")
@as_json
@click.pass_obj
def deployments(session: Session, task: str | None, as_json: bool) -> None:
    """List every switch of a model that serves a task, oldest first, and what is proposed."""
    from enliterator_core.training.control import proposals

    with session.open() as workspace:
        if task is not None:
            workspace.settings.get(f"model.{task}")  # a task that is not known is told
        made, proposed = workspace.records.deployments(task), proposals(workspace)
        withdrawn = {one.id: _withdrawn(workspace, one) for one in made}
    _show(made, as_json, withdrawn)
    for job, at in proposed.items():
        show.note(f"proposed {at}: enliterator deploy {job} --for TASK|all")
    if not made:
        show.note("nothing was deployed yet: enliterator deploy MODEL|JOB --for TASK")


@click.command()
@for_tasks
@as_json
@click.pass_obj
def rollback(session: Session, tasks: tuple[str, ...], as_json: bool) -> None:
    """Give tasks back to the model that served them before; no provider is asked."""
    from enliterator_core.training.deploy import rollback

    with session.open() as workspace:
        undone = rollback(workspace, tasks, who())
    _show(undone, as_json)


def _withdrawn(workspace: "Workspace", one: Deployment) -> dict[str, str]:
    from enliterator_core.dataset.withdrawn import withdrawn_in

    return withdrawn_in(workspace, workspace.records.dataset(one.dataset)) if one.dataset else {}


def _show(made: Iterable[Deployment], as_json: bool, withdrawn: Mapping[int, Mapping[str, str]] | None = None) -> None:
    """Print switches; ``withdrawn`` names, by a switch's id, the withdrawn sources that its model was made from."""
    made, found = list(made), withdrawn or {}
    if as_json:
        show.document("deployments", [{**asdict(one), "withdrawn": found.get(one.id, {})} for one in made])
        return
    show.table(
        (one.id, one.at, one.who, one.task, one.previous or "unset", "->", one.model or "unset", _origin(one))
        for one in made
    )
    for one in made:
        for path, words in found.get(one.id, {}).items():
            show.line(f"  {one.id} was made from {show.plain(path)}, {show.plain(words)}")


def _origin(one: Deployment) -> str:
    parts = [f"takes back {one.undoes}" if one.undoes else "", f"job {one.job}" if one.job else ""]
    return ", ".join([*filter(None, parts), *([f"dataset {one.dataset[:12]}"] if one.dataset else [])])
