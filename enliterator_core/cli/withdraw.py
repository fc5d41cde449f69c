# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""`enliterator withdraw`: everything that was made from a source, named and marked; and the way back."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from attrs import asdict

from enliterator_core.cli import show
from enliterator_core.cli.session import Session, find_batch, who
from enliterator_core.errors import UsageError

if TYPE_CHECKING:
    from enliterator_core.dataset import Defect
    from enliterator_core.operations import Withdrawal

SHOWN = 10


@click.command()
@click.argument("source", metavar="[SOURCE]", required=False)
@click.option("--batch", metavar="BATCH", help="The batch that SOURCE is a path in; else any that has it.")
@click.option("--reason", default="", help="Why; kept with who and when, and told wherever the source is refused.")
@click.option("--undo", is_flag=True, help="Take a withdrawal back: the next build takes the source in again.")
@click.option("--yes", "-y", is_flag=True, help="Do it; without this, only what it would concern is shown.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def withdraw(
    session: Session, source: str | None, batch: str | None, reason: str, undo: bool, yes: bool, as_json: bool
) -> None:
    """Withdraw a source: name every entity, example, dataset, job and model made from it, and build without it.

    SOURCE is its path in a batch. Nothing is deleted, here or at a provider: what is left is named, so that a person
    can. Without SOURCE, list what was withdrawn.
    """
    from enliterator_core.training.withdraw import give_back, made_from
    from enliterator_core.training.withdraw import withdraw as keep

    with session.open() as workspace:
        if source is None:
            _list(workspace.records.withdrawals(), as_json)
            return
        found = find_batch(workspace, batch) if batch is not None else None
        if undo:
            _undone(give_back(workspace, source, found, who(), reason), as_json)
            return
        if yes and not reason.strip():
            raise UsageError("why is it withdrawn?", hint="add --reason TEXT: it is kept, and told where it is refused")
        made = keep(workspace, source, found, who(), reason) if yes else made_from(workspace, source, found)
    if as_json:
        show.document("withdrawal", {**asdict(made), "done": yes})
        return
    _show(source, made)
    show.note(
        "Next: enliterator build with the same sources makes graph, deliverables and dataset without it"
        if yes
        else "nothing was changed: add --reason TEXT --yes to withdraw it"
    )


def _undone(back: "Withdrawal", as_json: bool) -> None:
    if as_json:
        show.document("withdrawal", {**asdict(back), "done": True})
        return
    for batch, path in back.places:
        show.line(f"batch {batch}  {show.plain(path)}  is taken in again by the next build")


def _list(every: "list[Withdrawal]", as_json: bool) -> None:
    taken_back = {one.undoes for one in every}
    if as_json:
        show.document(
            "withdrawals", [{**asdict(one), "holds": one.undoes is None and one.id not in taken_back} for one in every]
        )
        return
    rows = []
    for one in every:
        what = f"takes back {one.undoes}" if one.undoes else "taken back" if one.id in taken_back else "holds"
        rows += [(one.id, one.at, one.who, f"batch {batch}", path, what, one.reason) for batch, path in one.places]
    show.table(rows, right=(0,))
    if not every:
        show.note("nothing was withdrawn: enliterator withdraw SOURCE shows what was made from a source")


def _show(source: str, made: "Withdrawal") -> None:
    """Print everything that was made from a source; long lists are cut, --json has all of them."""
    named = made.named
    show.line(show.plain(source))
    show.table([(f"batch {batch}", path) for batch, path in made.places], indent=2)
    for one in named["batches"]:
        alone = sum(entity["alone"] for entity in one["entities"])
        counts = f"{len(one['entities']):,} entities, {alone:,} known from nothing else; "
        counts += f"{one['relations']:,} relations, {one['relations_alone']:,} stated by nothing else"
        show.line(f"in the graph of batch {one['batch']} {show.plain(one['name'])}: {counts}")
        _some([(f"{entity['pool']}({entity['name']})",) for entity in one["entities"]])
    for one in named["datasets"]:
        _dataset(one)
    for title, rows in (
        ("files at providers", [(one["provider"], one["id"], one["name"]) for one in named["files"]]),
        ("jobs", [(one["id"], one["state"], one["base"]) for one in named["jobs"]]),
        ("models", [(one["model"], f"job {one['job']}", _serves(one)) for one in named["models"]]),
    ):
        if rows:
            show.line(title)
            show.table(rows, indent=2)
    if not any(named[key] for key in ("datasets", "files", "jobs", "models")):
        show.line("no example, dataset, job or model was made from it")


def _dataset(one: Mapping[str, Any]) -> None:
    sent = ", was sent to training" if one["sent"] else ""
    gone = "" if one["listed"] else " (its files are no longer there)"
    show.line(f"dataset {one['hash'][:16]} in {show.plain(one['folder'])}: {one['examples']:,} examples{sent}{gone}")
    _some([(row["id"], row["task"], f"{row['split']}.jsonl:{row['line']}") for row in one["listed"]])


def _serves(model: Mapping[str, Any]) -> str:
    return f"serves {', '.join(model['serves'])}" if model["serves"] else "serves nothing now"


def _some(rows: list[tuple[str, ...]]) -> None:
    more = [(f"and {len(rows) - SHOWN:,} more: --json lists all",)] if len(rows) > SHOWN else []
    show.table([*rows[:SHOWN], *more], indent=2)


def withdrawn_defects(session: Session, paths: list[Path]) -> "Iterator[Defect]":
    """Yield the examples of the workspace's datasets among the paths that were made from a withdrawn source."""
    from enliterator_core.dataset import Defect
    from enliterator_core.dataset.withdrawn import defects_of, said

    with session.open() as workspace:
        if not workspace.state.is_dir():  # nothing was ever built here
            return
        for folder in dict.fromkeys(path if path.is_dir() else path.parent for path in paths):
            for row, withdrawal in defects_of(workspace, folder):
                file = folder / f"{row['split']}.jsonl"
                if folder in paths or file in paths:
                    message = f"made from {', '.join(row['sources'])}, {said(withdrawal)}"
                    fix = "enliterator build with the same sources makes a dataset without it"
                    yield Defect(str(file), row["line"], "error", "withdrawn", message, fix)
