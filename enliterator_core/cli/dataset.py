# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Fine-tuning data: built again, checked, quoted, and looked at one example at a time."""

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from attrs import asdict

from enliterator_core.cli import show
from enliterator_core.cli.build import dataset_lines, stoppable
from enliterator_core.cli.session import Session, find_batch
from enliterator_core.cli.train import quote

if TYPE_CHECKING:
    from enliterator_core.dataset import Defect, Shown

as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")

SHOWN_WIDTH = 96


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
    with (
        session.open({"split": split, "weights": weights, "languages": languages, **numbers}) as workspace,
        stoppable() as stop,
    ):
        found = find_batch(workspace, batch)
        exporters = [exporter_of(workspace, name, dataset=True) for name in formats]
        result = rebuild_dataset(workspace, found, force=force, progress=session.progress, stop=stop)
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


def _folder(session: Session, batch: str) -> Path:
    from enliterator_core.dataset.again import dataset_folder

    with session.open() as workspace:
        return dataset_folder(workspace, find_batch(workspace, batch))


@dataset.command()
@click.argument("what", nargs=-1, required=True, metavar="BATCH|FILE...")
@as_json
@click.pass_obj
def check(session: Session, what: tuple[str, ...], as_json: bool) -> int:
    """Check any chat JSONL line by line: a batch's dataset, or files; exit code 1 when there are errors."""
    from enliterator_core.cli.withdraw import withdrawn_defects
    from enliterator_core.dataset import check_paths

    paths = [Path(one) if Path(one).exists() else _folder(session, one) for one in what]
    defects = [*check_paths(paths), *withdrawn_defects(session, paths)]
    if as_json:
        show.document("defects", [asdict(one) for one in defects])
    else:
        _show_defects(defects)
    return 1 if any(one.severity == "error" for one in defects) else 0


def _show_defects(defects: "list[Defect]") -> None:
    for one in defects:
        place = f"{one.path}:{one.line}" if one.line else one.path
        show.line(f"{show.plain(place)}  {one.severity}  {one.code}: {show.plain(one.message)}")
        show.line(f"    {show.plain(one.fix)}")
    errors = sum(one.severity == "error" for one in defects)
    show.line(f"{errors:,} errors, {len(defects) - errors:,} warnings" if defects else "no errors, no warnings")


dataset.add_command(quote)


@dataset.command("show")
@click.argument("batch", metavar="BATCH")
@click.option("--task", metavar="TASK", help="Only examples of this task.")
@click.option("--id", "id", metavar="ID", help="The example with this id, or whose id begins so.")
@click.option("--number", type=click.IntRange(min=1), help="The example on this line of training_data.jsonl.")
@click.option("--random", "drawn", is_flag=True, help="Another one each time.")
@click.option("--seed", type=int, help="Draw one, the same each time.")
@as_json
@click.pass_obj
def show_one(
    session: Session,
    batch: str,
    task: str | None,
    id: str | None,
    number: int | None,
    drawn: bool,
    seed: int | None,
    as_json: bool,
) -> None:
    """Show one example with what proves it: the words of its sources, its rights, and what its verifier found."""
    from random import SystemRandom

    from enliterator_core.dataset import show_example
    from enliterator_core.dataset.again import dataset_folder
    from enliterator_core.graph import Graph

    if drawn and seed is None:
        seed = SystemRandom().randrange(2**32)
    with session.graph(batch) as (workspace, found, storage):
        folder = dataset_folder(workspace, found)
        example = show_example(folder, Graph(storage), id=id, index=number, task=task, seed=seed)
    if as_json:
        show.document("example", asdict(example))
    else:
        _show_example(example)


def _show_example(example: "Shown") -> None:
    proof = example.provenance
    show.line(f"{proof['task']}  {proof['id']}  {proof['split']}  line {proof['line']}")
    for message in example.messages:
        _labelled(message["role"], message["content"].split("\n"))
    _labelled(
        "because",
        [f"{span.source}:{span.line}  {_shortened(' '.join(span.text.split()))}" for span in example.spans],
    )
    if proof.get("absence"):
        _labelled("absent", [f"nothing is found by {proof['absence']['query']}"])
    _labelled("rights", [_rights(proof["rights"])])
    _labelled("verifier", [proof["verifier"]])


def _rights(rights: dict[str, Any]) -> str:
    said = ", ".join(one for one in (rights["license"] or "no licence", rights["holder"]) if one)
    may = "may" if rights["trainable"] else "may not"
    publish = "may" if rights["publishable"] else "may not"
    return f"{said}: {may} be trained on, {publish} be published"


def _shortened(text: str) -> str:
    return f'"{text}"' if len(text) <= SHOWN_WIDTH else f'"{text[: SHOWN_WIDTH - 1]}…"'


def _labelled(label: str, lines: list[str]) -> None:
    for place, text in enumerate(lines):
        show.line(f"  {label if place == 0 else '':<10} {show.plain(text)}".rstrip())
