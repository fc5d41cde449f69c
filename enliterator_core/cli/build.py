# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""`enliterator build`: from a folder to fine-tuning data."""

import signal
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import FrameType
from typing import Any

import click

from enliterator_core.cli import show
from enliterator_core.cli.session import Session
from enliterator_core.nouns import Batch


@contextmanager
def stoppable() -> Iterator[threading.Event]:
    """Hand out an event that the first Ctrl-C sets, so that work ends where it can go on; a second ends at once."""
    stop = threading.Event()

    def ask(number: int, frame: FrameType | None) -> None:
        stop.set()
        show.note("stopping at the next safe point; Ctrl-C again ends at once")
        signal.signal(signal.SIGINT, signal.SIG_DFL)

    before = signal.signal(signal.SIGINT, ask)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, before)


@click.command()
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@click.option("--rights", metavar="own|SPDX-ID|FILE", help="The rights in sources that say nothing themselves.")
@click.option(
    "--map", "mapping", metavar="FILE", help="How a graph's labels and types read: `enliterator map suggest`."
)
@click.option("--name", help="What to call the batch: by default, as its first source.")
@click.option("--graph", metavar="URL", help="Where to keep the graph.")
@click.option("--records", metavar="URL", help="Where to keep batches, settings and builds.")
@click.option("--new", is_flag=True, help="Make a new batch, though these sources have one.")
@click.option("--through", metavar="STAGE", help="Stop after a stage; what later stages made before stays.")
@click.option("--no-dataset", is_flag=True, help="Make no fine-tuning data.")
@click.option("--force", is_flag=True, help="Make a dataset though the score is too low; its metadata says so.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def build(
    session: Session,
    sources: tuple[str, ...],
    rights: str | None,
    mapping: str | None,
    name: str | None,
    graph: str | None,
    records: str | None,
    new: bool,
    through: str | None,
    no_dataset: bool,
    force: bool,
    as_json: bool,
) -> int:
    """Make sources literate: from a folder to fine-tuning data.

    A SOURCE is a folder, a repository, a file, or the address of a graph. Building the same sources again updates
    their batch: only what changed is worked on. Ctrl-C stops at a safe point; the same command goes on from there.
    """
    from enliterator_core.dataset.gate import BelowGate
    from enliterator_core.pipeline import build as run

    table = BuildTable(shown=not as_json)
    with session.open({"graph": graph, "records": records}) as workspace, stoppable() as stop:
        try:
            result = run(
                workspace,
                sources,
                rights=rights,
                mapping=mapping,
                name=name,
                new=new,
                through=through,
                dataset=not no_dataset,
                force=force,
                progress=session.progress,
                stop=stop,
                finished=table.stage,
            )
        except BelowGate as refusal:
            table.rest(refusal.result)
            raise
    table.rest(result)
    for failure in result["failures"]:
        show.note(f"failed: {failure}")
    return 1 if result["failures"] else 0


class BuildTable:
    """A build as people read it: a line for each stage as it ends, then the score and the dataset; or one object."""

    def __init__(self, shown: bool) -> None:
        self._shown = shown
        self._begun = False

    def stage(self, batch: Batch, stage: Mapping[str, Any]) -> None:
        """Print one stage's line, the batch's before the first."""
        if self._shown:
            if not self._begun:
                show.line(f"batch {batch.id}  {show.plain(batch.name)}")
                self._begun = True
            show.line(f"  {stage['name']:<16} {show.plain(stage['summary']):<72} {stage['seconds']:6.1f} s")

    def rest(self, result: Mapping[str, Any]) -> None:
        """Print what came of the stages."""
        if not self._shown:
            show.json_object(result)
            return
        if result.get("unchanged"):
            show.line("  nothing has changed since the last build")
        graph_lines(result["graph"])
        literacy_lines(result["literacy"])
        if result["dataset"] is not None:
            dataset_lines(result["dataset"])
        refused = len(result["refused"])
        where = f"  enliterator status {result['batch']['id']} says which and why" if refused else ""
        show.line(f"refused            {refused:,} file{'' if refused == 1 else 's'}{where}")
        if result["dataset"] is not None:
            show.line(f"Next: look at some (enliterator dataset show {result['batch']['id']})")


def graph_lines(graph: Mapping[str, Any] | None) -> None:
    """Print how many entities each pool has, and relations each verb."""
    for title, key in (("pools", "by_pool"), ("verbs", "by_verb")):
        if graph and graph[key]:
            show.line(f"{title:<18} {'  '.join(f'{name} {count:,}' for name, count in graph[key].items())}")


def literacy_lines(literacy: Mapping[str, Any] | None) -> None:
    """Print score, maturity and components."""
    if literacy is None:
        return
    maturity = literacy["maturity"]
    parts = [f"{name} {show.number(part['value'])}" for name, part in literacy["components"].items()]
    show.line(f"literacy           {literacy['score']:.1f}  {maturity['level']} {maturity['name']}")
    show.line(f"                   {'  '.join(parts)}")


def dataset_lines(dataset: Mapping[str, Any]) -> None:
    """Print how many examples there are, by task and split, and where."""
    total = sum(dataset["splits"].values())
    splits = "  ".join(f"{name} {count:,}" for name, count in dataset["splits"].items())
    tasks = "  ".join(f"{name} {count:,}" for name, count in dataset["tasks"].items())
    show.line(f"dataset            {total:,} examples, all verified")
    show.line(f"                   {splits}; no group, span or near-duplicate in two splits")
    show.line(f"                   {tasks}")
    show.line(f"                   {show.plain(dataset['path'])}")
