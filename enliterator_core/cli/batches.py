# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""What was built, how it stands, how literate it is, and what it lacks."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import click
from attrs import asdict

from enliterator_core.cli import show
from enliterator_core.cli.session import Session, find_batch
from enliterator_core.errors import UsageError
from enliterator_core.nouns import Batch

if TYPE_CHECKING:
    from enliterator_core.contracts.storage import GraphStorage
    from enliterator_core.workspace import Workspace

as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
the_batch = click.argument("batch", metavar="BATCH")


def examples_in(build: Mapping[str, Any]) -> int | None:
    """Return how many examples a build's dataset has, or None where it made none."""
    return sum(build["dataset"]["splits"].values()) if build.get("dataset") else None


@click.command()
@as_json
@click.pass_obj
def batches(session: Session, as_json: bool) -> None:
    """List what was built, oldest first."""
    with session.open() as workspace:
        rows = [_row(batch, workspace.records.last_build(batch.id) or {}) for batch in workspace.records.batches()]
    if as_json:
        show.document("batches", rows)
        return
    if not rows:
        show.note("nothing has been built in this workspace yet: enliterator build SOURCE")
    cells = [(row["id"], row["name"], row["state"], _or_dash(row["score"]), _or_dash(row["examples"])) for row in rows]
    show.table([("batch", "name", "state", "score", "examples"), *cells] if cells else [], right=(0, 3, 4))


def _or_dash(value: float | None) -> str:
    return "-" if value is None else show.number(value)


def _row(batch: Batch, build: Mapping[str, Any]) -> dict[str, Any]:
    literacy = build.get("literacy")
    return {
        "id": batch.id,
        "name": batch.name,
        "origin": batch.origin,
        "created_at": batch.created_at,
        "state": state_of(build),
        "score": literacy["score"] if literacy else None,
        "examples": examples_in(build),
    }


def state_of(build: Mapping[str, Any]) -> str:
    """Return in one word how the last build went: built, or unfinished."""
    return "built" if "stages" in build else "unfinished"


@click.command()
@click.argument("batch", metavar="[BATCH]", required=False)
@as_json
@click.pass_obj
def status(session: Session, batch: str | None, as_json: bool) -> None:
    """Tell how a batch (the newest, if none is named) stands, and which files were left out and why."""
    with session.open() as workspace:
        found = find_batch(workspace, batch)
        build = workspace.records.last_build(found.id) or {}
        told = {
            **_row(found, build),
            "stages": build.get("stages", []),
            "refused": build.get("refused", []),
            "quarantined": list(_quarantined(workspace, found)) if "stages" in build else [],
            "dataset": build.get("dataset"),
            "failures": build.get("failures", []),
            "withdrawn": list(_withdrawn(workspace, found)),
            "models": list(_serving(workspace)),
        }
    if as_json:
        show.document("status", told)
    else:
        _show_status(told)


def _quarantined(workspace: "Workspace", batch: Batch) -> Iterator[dict[str, Any]]:
    from contextlib import closing

    with closing(workspace.graph(batch.id)) as graph:
        rights = {one.id: one for one in graph.rights()}
        for source in graph.sources():
            one = rights.get(source.rights)
            if one is not None and one.quarantined:
                yield {"path": source.path, "license": one.license, "holder": one.holder, "reason": one.reason}


def _withdrawn(workspace: "Workspace", batch: Batch) -> Iterator[dict[str, Any]]:
    """Yield the sources that were withdrawn from a batch, and whether its graph was built before that."""
    from enliterator_core.dataset.withdrawn import Withdrawn, held_by, said

    held, every = held_by(workspace, batch), Withdrawn(workspace.records)
    places = {path for one in every.holding for _, path in one.places if every.of(batch.id, path)}
    for path in sorted(places | set(held)):
        one = held.get(path) or every.of(batch.id, path)
        if one is not None:
            state = "still in the graph: build it again" if path in held else "left out"
            yield {"path": path, "reason": said(one), "state": state}


def _serving(workspace: "Workspace") -> Iterator[dict[str, Any]]:
    """Yield which model serves what: each task with its model, where that is set, and the job that made it."""
    from enliterator_core.training import serving

    deployed = serving(workspace)
    for setting in workspace.settings.list():
        if setting.key.startswith("model.") and setting.value is not None:
            task = setting.key.partition(".")[2]
            one = deployed.get(task)
            row = {"task": task, "model": setting.value, "from": setting.origin, "note": setting.note}
            yield {**row, "deployment": one.id if one else None, "job": one.job if one else None}


def _show_status(told: Mapping[str, Any]) -> None:
    show.line(f"batch {told['id']}  {show.plain(told['name'])}  {told['state']}")
    if told["state"] == "unfinished":
        show.line("  its last build did not end: enliterator build with the same sources goes on")
    show.table(((one["name"], one["summary"]) for one in told["stages"]), indent=2)
    dataset = told["dataset"]
    if told["stages"]:
        where = f"{told['examples']:,} examples in {show.plain(dataset['path'])}" if dataset else "none was made"
        show.line(f"  dataset  {where}")
    for title in ("refused", "quarantined"):
        if told[title]:
            show.line(f"{title}  {len(told[title]):,}")
            show.table(((one["path"], one["reason"]) for one in told[title]), indent=2)
    if told["withdrawn"]:
        show.line(f"withdrawn  {len(told['withdrawn']):,}")
        show.table(((one["path"], one["state"], one["reason"]) for one in told["withdrawn"]), indent=2)
    if told["models"]:
        show.line("models")
        show.table(((one["task"], one["model"], _made_by(one)) for one in told["models"]), indent=2)
    for failure in told["failures"]:
        show.line(f"failed  {show.plain(failure)}")


def _made_by(one: Mapping[str, Any]) -> str:
    job = f", made by job {one['job']}" if one["job"] else ""
    return (
        f"deployment {one['deployment']}{job}" if one["deployment"] else f"from {one['from']}  {one['note']}".rstrip()
    )


def _literacy_of(graph: "GraphStorage", batch: Batch) -> dict[str, Any]:
    note = graph.note("literacy")
    if note is None:
        raise UsageError(f"batch {batch.id} was not measured", hint="enliterator build without --through measures it")
    return note


@click.command()
@the_batch
@as_json
@click.pass_obj
def literacy(session: Session, batch: str, as_json: bool) -> None:
    """Show a batch's literacy score, the counts behind it, and the acceptance checks."""
    with session.graph(batch) as (_, found, graph):
        note = _literacy_of(graph, found)
    if as_json:
        show.document("literacy", note)
        return
    maturity, gate = note["maturity"], note["gate"]
    show.line(f"{note['score']:.1f}  {maturity['level']} {maturity['name']}")
    show.line(f"a dataset wants more than {gate['threshold']:g}: {'passed' if gate['passed'] else 'not passed'}")
    for name, part in note["components"].items():
        show.line()
        show.line(f"{name:<15} {show.number(float(part['value']))}, weight {show.number(part['weight'])}")
        show.table(_counts(part), indent=2, right=(1,))
    show.line()
    checks = note["acceptance"]
    show.table(("passed" if one["passed"] else "failed", one["check"], _words(one["counts"])) for one in checks)
    if maturity.get("next"):
        show.line(f"next: {show.plain(maturity['next'])}")


def _counts(part: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Yield each part of a component: its name, its value, and the counts that it is made of."""
    counts = part.get("counts") or {}
    for name, value in (part.get("parts") or {}).items():
        meaning = (part.get("meanings") or {}).get(name, "")
        made_of = f"{show.number(counts[name])} of {show.number(counts[f'{name}_of'])}" if name in counts else ""
        yield name.replace("_", " "), show.number(float(value)), f"{made_of}  {meaning}".strip()


def _words(counts: Any) -> str:
    if not isinstance(counts, Mapping):
        return str(counts)
    return ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in counts.items())


@click.command()
@the_batch
@as_json
@click.pass_obj
def gaps(session: Session, batch: str, as_json: bool) -> None:
    """List what a batch lacks, the gravest first, each with what would close it."""
    with session.graph(batch) as (_, _, graph):
        found = graph.gaps()
    if as_json:
        show.document("gaps", [asdict(gap) for gap in found])
        return
    if not found:
        show.note("no gaps were found")
    for gap in found:
        show.line(f"{gap.severity:<7} {show.plain(gap.message)}")
        show.line(f"        {show.plain(gap.close)}")


@click.command()
@the_batch
@click.option("--open", "opened", is_flag=True, help="Open the page in a browser.")
@as_json
@click.pass_obj
def report(session: Session, batch: str, opened: bool, as_json: bool) -> None:
    """Tell where a batch's report page is."""
    with session.open() as workspace:
        found = find_batch(workspace, batch)
        page = workspace.root / "deliverables" / f"batch_{found.id}" / "report.html"
    if not page.is_file():
        raise UsageError(f"batch {found.id} has no report", hint="enliterator build without --through writes one")
    if as_json:
        show.document("report", {"batch": found.id, "path": str(page)})
    else:
        show.line(str(page))
    if opened:
        click.launch(str(page))
