# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Fine-tuning data: built again, checked, quoted, and looked at one example at a time."""

from collections.abc import Iterable
from contextlib import closing
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import click
from attrs import asdict

from enliterator_core.cli import show
from enliterator_core.cli.build import dataset_lines, stoppable
from enliterator_core.cli.looking import diff, show_one
from enliterator_core.cli.session import Session, find_batch
from enliterator_core.cli.train import quote
from enliterator_core.errors import UsageError
from enliterator_core.folders import machine_failures

if TYPE_CHECKING:
    from enliterator_core.dataset import Defect
    from enliterator_core.dataset.fix import Fixed

as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")


@click.group()
def dataset() -> None:
    """Build, check, price and look at fine-tuning data."""


@dataset.command()
@click.argument("batch", metavar="BATCH")
@click.option("--split", metavar="80/10/10", help="Percentages of train, validation and test (or of the first two).")
@click.option("--seed", type=int, help="Another seed draws other examples.")
@click.option("--examples", type=int, help="How many examples at most; 0: all that the graph gives.")
@click.option("--weights", metavar="TASK=WEIGHT...", help='The tasks\' parts of it, like "path_text=2 route=0.5".')
@click.option("--languages", metavar="CODE...", help='The only languages of examples, like "en de".')
@click.option("--model", metavar="MODEL", help="The base model, as provider:model, whose limit for one example counts.")
@click.option("--tokens", is_flag=True, help="Count the tokens of each split, for the metadata.")
@click.option("--force", is_flag=True, help="Make a dataset though the score is too low; its metadata says so.")
@click.option("--format", "formats", metavar="NAME", multiple=True, help="Write it in this format, too.")
@as_json
@click.pass_obj
def build(
    session: Session,
    batch: str,
    split: str | None,
    seed: int | None,
    examples: int | None,
    weights: str | None,
    languages: str | None,
    model: str | None,
    tokens: bool,
    force: bool,
    formats: tuple[str, ...],
    as_json: bool,
) -> int:
    """Build a batch's dataset once more from the graph as it is; `enliterator export BATCH` lists the formats."""
    from enliterator_core.cli.export import export_lines
    from enliterator_core.dataset.again import rebuild_dataset
    from enliterator_core.dataset.export import export, exporter_of

    numbers = {
        name: None if number is None else str(number) for name, number in (("seed", seed), ("examples", examples))
    }
    limit = _limit(session, model)
    with (
        session.open({"split": split, "weights": weights, "languages": languages, **numbers}) as workspace,
        stoppable() as stop,
    ):
        found = find_batch(workspace, batch)
        exporters = [exporter_of(workspace, name, dataset=True) for name in formats]
        result = rebuild_dataset(
            workspace, found, force=force, progress=session.progress, stop=stop, max_tokens=limit, tokens=tokens
        )
        with closing(workspace.graph(found.id)) as storage:
            exported = [(one.name, *export(workspace, found, storage, one)) for one in exporters]
    if as_json:
        told = [{"format": name, "path": str(path), "counts": dict(counts)} for name, path, counts in exported]
        show.json_object({**result, "exports": told} if told else result)
    else:
        dataset_lines(result["dataset"])
        for name, path, counts in exported:
            export_lines(name, path, counts)
        for failure in result["failures"]:
            show.note(f"failed: {failure}")
    return 1 if result["failures"] else 0


@dataset.command()
@click.argument("what", nargs=-1, required=True, metavar="BATCH|FILE...")
@click.option("--model", metavar="MODEL", help="The base model, as provider:model, whose limit for one example counts.")
@click.option("--fix", is_flag=True, help="Write a mended copy beside each file; nothing is changed in place.")
@click.option("--to", type=click.Path(path_type=Path), metavar="FOLDER", help="Where mended copies go.")
@as_json
@click.pass_obj
def check(session: Session, what: tuple[str, ...], model: str | None, fix: bool, to: Path | None, as_json: bool) -> int:
    """Check any chat JSONL line by line: a batch's dataset, or files; exit code 1 when there are errors.

    Several files, and those of a folder, are taken for the splits of one dataset. With --fix the exit code is that of
    the mended copies.
    """
    from enliterator_core.cli.withdraw import withdrawn_defects
    from enliterator_core.dataset.check import defects_of
    from enliterator_core.dataset.fix import fix_paths

    paths = [Path(one) if Path(one).exists() else _folder(session, one) for one in what]
    limit = _limit(session, model)
    if fix or to is not None:
        with machine_failures():
            fixed = fix_paths(paths, to=to, limit=limit)
        defects = defects_of([Path(one.to) for one in fixed], limit=limit)
    else:
        fixed = []
        defects = chain(defects_of(paths, limit=limit), withdrawn_defects(session, paths))
    if as_json:
        every = list(defects)
        told = {"schema_version": show.SCHEMA_VERSION, "defects": [asdict(one) for one in every]}
        show.json_object(told | ({"fixed": [asdict(one) for one in fixed]} if fixed else {}))
        return 1 if any(one.severity == "error" for one in every) else 0
    _show_fixed(fixed)
    return _show_defects(defects)


def _folder(session: Session, batch: str) -> Path:
    from enliterator_core.dataset.again import dataset_folder

    with session.open() as workspace:
        return dataset_folder(workspace, find_batch(workspace, batch))


def _limit(session: Session, model: str | None) -> int:
    """Return the most tokens that one example may have for a base model, or for any."""
    from enliterator_core.dataset.check import MOST_TOKENS

    if model is None:
        return MOST_TOKENS
    provider, colon, name = model.partition(":")
    if not colon:
        raise UsageError(f'"{model}" is not provider:model', hint="give one like --model provider:model")
    with session.open() as workspace:
        info = workspace.provider(provider).model(name)
    if info is None:
        raise UsageError(f"{provider} knows no model {name}", hint="enliterator models lists them")
    return info.max_example_tokens or MOST_TOKENS


def _show_fixed(fixed: "list[Fixed]") -> None:
    for one in fixed:
        show.line(f"{show.plain(one.path)} → {show.plain(one.to)}  {one.examples:,} examples")
        for label, counts in (("mended", one.changed), ("left out", one.dropped)):
            if counts:
                said = ", ".join(f"{code} {count:,}" for code, count in sorted(counts.items()))
                show.line(f"    {label:<9} {said}")


def _show_defects(defects: "Iterable[Defect]") -> int:
    """Print defects as they are found, then how many; return the exit code."""
    counts = {"error": 0, "warning": 0}
    for one in defects:
        place = f"{one.path}:{one.line}" if one.line else one.path
        show.line(f"{show.plain(place)}  {one.severity}  {one.code}: {show.plain(one.message)}")
        show.line(f"    {show.plain(one.fix)}")
        counts[one.severity] += 1
    errors, warnings = counts.values()
    show.line(f"{errors:,} errors, {warnings:,} warnings" if errors or warnings else "no errors, no warnings")
    return 1 if errors else 0


for command in (quote, show_one, diff):
    dataset.add_command(command)
