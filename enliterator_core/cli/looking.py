# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""`enliterator dataset show` and `diff`: one example with what proves it, and what differs between two datasets."""

import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from attrs import asdict

from enliterator_core.cli import show
from enliterator_core.cli.session import Session, find_batch

if TYPE_CHECKING:
    from enliterator_core.dataset import Shown
    from enliterator_core.dataset.diff import Difference
    from enliterator_core.workspace import Workspace

as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")

WIDTH = 96


@click.command("show")
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
) -> int:
    """Show one example with its piece of the graph, the words of its sources, its rights, and its verifier, run again.

    Exit code 1 when the verifier refuses it now.
    """
    from random import SystemRandom

    from enliterator_core.dataset import show_example
    from enliterator_core.dataset.again import dataset_folder
    from enliterator_core.graph import Graph

    if drawn and seed is None:
        seed = SystemRandom().randrange(2**32)
    with session.graph(batch) as (workspace, found, storage):
        folder, tasks = dataset_folder(workspace, found), workspace.plugins.task_types
        graph = Graph(storage, workspace.plugins.tools)
        example = show_example(folder, graph, tasks=tasks, id=id, index=number, task=task, seed=seed)
    if as_json:
        show.document("example", asdict(example))
    else:
        _show_example(example)
    return 0 if example.verified is None or example.verified[0] else 1


def _show_example(example: "Shown") -> None:
    proof = example.provenance
    show.line(f"{proof['task']}  {proof['id']}  {proof['split']}  line {proof['line']}  group {proof['group']}")
    for message in example.messages:
        lines = [part for line in message["content"].split("\n") for part in _wrapped(line)]
        system = (
            message["role"] == "system" and len(lines) > 1
        )  # it is every example's of the task: its beginning will do
        _labelled(message["role"], [f"{lines[0]} …"] if system else lines)
    linked = {end for edge in example.edges for end in (edge.subject, edge.object)}
    nodes = [node for node in example.nodes if node not in linked]
    graph = [f"{edge.subject} → {edge.verb} → {edge.object}" for edge in example.edges]
    _labelled("graph", [part for one in (*nodes, *graph) for part in _wrapped(one)])
    _labelled("in words", [part for edge in example.edges for part in _wrapped(edge.words)])
    _labelled("because", [_quoted(span) for span in example.spans])
    for edge in example.edges:
        stated = [_quoted(span) for span in edge.spans if span not in example.spans]
        _labelled("" if example.spans else "because", stated[:3])
    if proof.get("absence"):
        _labelled("absent", _wrapped(f"nothing is found by {proof['absence']['query']}"))
    if proof.get("withheld"):
        _labelled("withheld", [proof["withheld"]])
    _labelled("rights", [_rights(proof["rights"], bool(example.spans))])
    _labelled("verifier", [part for one in _verdicts(example) for part in _wrapped(one)])


def _verdicts(example: "Shown") -> list[str]:
    """Return what the verifier said when the dataset was made, and what it says now."""
    words, now = example.provenance["verifier"], example.verified
    if now is None:
        return [words, "it cannot be asked again: no plugin adds this task"]
    if now == (True, words):
        return [words, "asked again just now, it says the same"]
    return [words, f"asked again just now, it {'accepts' if now[0] else 'REFUSES'} it: {now[1]}"]


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, break_long_words=False, break_on_hyphens=False) or [""]


def _quoted(span: Any) -> str:
    text = " ".join(span.text.split())
    return f"{span.source}:{span.line}  " + (f'"{text}"' if len(text) <= WIDTH else f'"{text[: WIDTH - 1]}…"')


def _rights(rights: dict[str, Any], reproduces: bool) -> str:
    license = rights["license"] or ("no licence" if reproduces else "nothing of a source is reproduced")
    said = ", ".join(one for one in (license, rights["holder"]) if one)
    may = "may" if rights["trainable"] else "may not"
    publish = "may" if rights["publishable"] else "may not"
    return f"{said}: {may} be trained on, {publish} be published"


def _labelled(label: str, lines: list[str]) -> None:
    for place, text in enumerate(lines):
        show.line(f"  {label if place == 0 else '':<10} {show.plain(text)}".rstrip())


@click.command("diff")
@click.argument("one", metavar="A")
@click.argument("other", metavar="B")
@as_json
@click.pass_obj
def diff(session: Session, one: str, other: str, as_json: bool) -> int:
    """Say what differs between two datasets, each a batch or a folder; exit code 1 when examples changed splits."""
    from enliterator_core.dataset.diff import compare

    with session.open() as workspace:
        folders = [_folder(workspace, name) for name in (one, other)]
    found = compare(*folders)
    if as_json:
        show.document("difference", asdict(found))
    else:
        _show_difference(found)
    return 1 if found.moved else 0


def _folder(workspace: "Workspace", name: str) -> Path:
    from enliterator_core.dataset.again import dataset_folder

    path = Path(name)
    return path if (path / "metadata.json").is_file() else dataset_folder(workspace, find_batch(workspace, name))


def _show_difference(found: "Difference") -> None:
    shown = 5
    rows = (("added", found.added), ("removed", found.removed), ("changed", found.changed), ("moved", found.moved))
    for label, changes in rows:
        show.line(f"{label:<10} {len(changes):,}")
        for change in changes[:shown]:
            show.line(f"           {change.task}  {change.id}  {change.split}  {show.plain(change.what)}")
        if len(changes) > shown:
            show.line(f"           and {len(changes) - shown:,} more")
    show.line(f"{'same':<10} {found.same:,}")
    for title, counts in found.counts.items():
        changed = [(name, pair) for name, pair in counts.items() if pair[0] != pair[1]]
        for place, (name, (before, after)) in enumerate(changed):
            show.line(f"{title if place == 0 else '':<10} {show.plain(name)}: {before:,} → {after:,}")
    for place, (key, (was, now)) in enumerate(found.settings.items()):
        lines = [f"{key}: {_short(was)} → {_short(now)}"]
        show.line(f"{'settings' if place == 0 else '':<10} {show.plain(lines[0])}")


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= WIDTH else f"{text[: WIDTH - 1]}…"
