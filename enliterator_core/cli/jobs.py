# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Training jobs: listed, followed to their end, and looked into."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click
from attrs import asdict

from enliterator_core.cli import show
from enliterator_core.cli.session import Session
from enliterator_core.cli.watching import View, show_curves

if TYPE_CHECKING:
    from enliterator_core.operations import TrainingJob
    from enliterator_core.training import Chain

as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
the_job = click.argument("id", metavar="JOB", type=click.IntRange(min=1))

SHOWN_SOURCES = 10


@click.group()
def jobs() -> None:
    """Follow training jobs, and see what they are made of."""


@jobs.command("list")
@click.option("--open", "open_only", is_flag=True, help="Only those that have not ended.")
@click.option("--limit", type=click.IntRange(min=0), default=100, show_default=True, help="The newest so many; 0: all.")
@as_json
@click.pass_obj
def list_jobs(session: Session, open_only: bool, limit: int, as_json: bool) -> None:
    """List jobs, newest first, as the records have them; nobody is asked."""
    with session.open() as workspace:
        found = workspace.records.jobs(open=open_only, limit=limit + 1 if limit else None)
    _show_jobs(found[: limit or None], as_json)
    if 0 < limit < len(found):
        show.note(f"older ones are left out: enliterator jobs list --limit {10 * limit}")
    if not found:
        show.note("no jobs: enliterator train BATCH makes one")


def _show_jobs(found: Sequence["TrainingJob"], as_json: bool) -> None:
    if as_json:
        show.document("jobs", [asdict(one) for one in found])
        return
    rows = [
        (one.id, one.state, f"{one.provider}:{one.model}", one.created_at, _cost(one), one.tuned_model or "")
        for one in found
    ]
    show.table([("job", "state", "base", "created", "cost", "model"), *rows] if rows else [], right=(0,))


def _cost(job: "TrainingJob") -> str:
    quoted, currency = job.quote.get("cost"), job.quote.get("currency", "")
    if job.cost is not None:
        return show.money(job.cost, currency)
    return "-" if quoted is None else f"about {show.money(quoted, currency)}"


@jobs.command()
@as_json
@click.pass_obj
def sync(session: Session, as_json: bool) -> int:
    """Ask the providers once about every job that has not ended; for cron."""
    from enliterator_core.training import sync

    with session.open() as workspace:
        found, problems = sync(workspace)
    _show_jobs(found, as_json)
    for problem in problems:
        show.error(problem)
    return max((one.exit_code for one in problems), default=0)


@jobs.command()
@click.argument("ids", metavar="[JOB]...", nargs=-1, type=click.IntRange(min=1))
@as_json
@click.pass_obj
def watch(session: Session, ids: tuple[int, ...], as_json: bool) -> int:
    """Follow jobs (all that have not ended, if none is named) to their end.

    It goes on when the network is gone; exit code 1 when a job did not succeed.
    """
    from enliterator_core.training import job_of, of_events, watch

    with session.open() as workspace:
        for id in ids:
            job_of(workspace, id)  # one that there is not is told
        view, sight = View(session.progress, quiet=as_json), None
        try:
            for sight in watch(workspace, ids):
                view.show(sight, of_events)
        finally:
            view.end()
        ended = [] if sight is None else list(sight.jobs)
        metrics = {job.id: workspace.records.job_metrics(job.id) for job in ended}
    if as_json:
        show.document("jobs", [{**asdict(job), "metrics": metrics[job.id]} for job in ended])
    for job in ended if not as_json else ():
        show_curves(metrics[job.id])
        _show_end(job)
    if not ended:
        show.note("no job is open: enliterator jobs list shows all")
    return 0 if all(job.state == "succeeded" for job in ended) else 1


def _show_end(job: "TrainingJob") -> None:
    show.line(f"job {job.id}  {show.plain(job.state)}  {show.plain(job.tuned_model or '')}".rstrip())
    if job.trained_tokens is not None:
        show.line(f"  trained {job.trained_tokens:,} tokens, {_cost(job)}")
    if job.error:
        show.note(f"  {_error(job.error)}")
        show.note(f"  enliterator jobs events {job.id} tells more; what was sent is in enliterator jobs show {job.id}")
    elif job.state == "gone":
        show.note(f"  {job.provider} has no such job any more: enliterator jobs show {job.id} has what was kept of it")
    elif job.state == "succeeded":
        show.note(f"Next: enliterator deploy {job.id} --for TASK")


def _error(error: Mapping[str, Any]) -> str:
    where = ", ".join(str(error[key]) for key in ("code", "param") if error.get(key))
    return show.plain(f"{error.get('message') or 'no reason was given'}{f' ({where})' if where else ''}")


@jobs.command("show")
@the_job
@as_json
@click.pass_obj
def show_job(session: Session, id: int, as_json: bool) -> None:
    """Show a job: its states and who told them, its dataset, batch and sources, its cost, and where it serves."""
    from enliterator_core.dataset.withdrawn import withdrawn_in
    from enliterator_core.training import chain

    with session.open() as workspace:
        found = chain(workspace, id)
        withdrawn = withdrawn_in(workspace, found.dataset)
    if as_json:
        show.document("job", {**found.as_json(), "sources": found.sources, "withdrawn": withdrawn})
        return
    _show_chain(found)
    for path, words in withdrawn.items():
        show.line(f"  {show.plain(path)} was {show.plain(words)}")


def _show_chain(found: "Chain") -> None:
    job, dataset = found.job, found.dataset
    show.line(f"job {job.id}  {show.plain(job.state)}  {show.plain(job.tuned_model or '')}".rstrip())
    asked = [f"{name} {value}" for name, value in job.request.items() if value not in (None, {}, "")]
    rows = [
        ("provider", f"{job.provider}, there called {job.remote or 'not known yet'}"),
        ("base", job.model),
        ("asked", f"{job.created_at} by {job.who}: {', '.join(asked)}"),
        ("cost", _cost(job)),
        ("dataset", f"{job.dataset[:16]} in {dataset.folder}" if dataset else job.dataset[:16]),
        ("batch", f"{found.batch.id} {found.batch.name}, from {found.batch.origin}" if found.batch else "none here"),
    ]
    sources = sorted(found.sources.items(), key=lambda row: (-row[1], row[0]))
    rows += [("sources", f"{len(sources):,}")] if sources else []
    rows += [("", f"{path}  {count:,} examples") for path, count in sources[:SHOWN_SOURCES]]
    rows += (
        [("", f"and {len(sources) - SHOWN_SOURCES:,} more: --json lists all")] if len(sources) > SHOWN_SOURCES else []
    )
    rows += [("error", _error(job.error))] if job.error else []
    rows += [("serves", f"{one.task} since {one.at}, by {one.who}") for one in found.deployments if one.undoes is None]
    rows += [("proposed", f"{found.proposed}: enliterator deploy {job.id} --for TASK|all")] if found.proposed else []
    show.table(rows, indent=2)
    show.line("states")
    show.table(((one.at, one.state, f"told by {one.told_by}", one.detail) for one in found.states), indent=2)
    show_curves(found.metrics)


def _controls(verb: str, words: str) -> None:
    @jobs.command(verb, help=words)
    @the_job
    @as_json
    @click.pass_obj
    def control_job(session: Session, id: int, as_json: bool) -> None:
        from enliterator_core.training import control

        with session.open() as workspace:
            job = control(workspace, id, verb)  # type: ignore[arg-type]  # one of the three below
        if as_json:
            show.document("job", asdict(job))
        else:
            show.line(f"job {job.id}  {show.plain(job.state)}")


for _verb, _words in (
    ("cancel", "Cancel a job; one that was not sent yet never will be."),
    ("pause", "Pause a job, where the provider can."),
    ("resume", "Resume a paused job."),
):
    _controls(_verb, _words)


@jobs.command()
@the_job
@as_json
@click.pass_obj
def events(session: Session, id: int, as_json: bool) -> None:
    """List what the provider tells of a job, oldest first."""
    from enliterator_core.training import events

    with session.open() as workspace:
        found = events(workspace, id)
    if as_json:
        show.document("events", [asdict(one) for one in found])
    else:
        show.table((one.at, one.level, one.message) for one in found)


@jobs.command()
@the_job
@as_json
@click.pass_obj
def checkpoints(session: Session, id: int, as_json: bool) -> None:
    """List the models that a job kept on its way, by step."""
    from enliterator_core.training import checkpoints

    with session.open() as workspace:
        found = checkpoints(workspace, id)
    if as_json:
        show.document("checkpoints", [asdict(one) for one in found])
        return
    rows = [
        (one.step, one.model, ", ".join(f"{name} {value:g}" for name, value in one.metrics.items())) for one in found
    ]
    show.table([("step", "model", "metrics"), *rows] if rows else [], right=(0,))


@jobs.command()
@the_job
@as_json
@click.pass_obj
def metrics(session: Session, id: int, as_json: bool) -> None:
    """Show loss and accuracy by step, from the job's result files."""
    from enliterator_core.training import fetch_metrics, job_of

    with session.open() as workspace:
        rows = fetch_metrics(workspace, job_of(workspace, id))
    if as_json:
        show.document("metrics", rows)
    elif rows:
        show_curves(rows)
        last = rows[-1]
        show.line(", ".join(f"{name} {value:g}" for name, value in last.items()))
    else:
        show.note(f"job {id} has no metrics yet")
