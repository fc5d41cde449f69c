# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Follows jobs to their end: one pass for cron, and a watch that goes on whatever the network does."""

from collections.abc import Iterator, Sequence
from typing import Final

from attrs import field, frozen

from enliterator_core.contracts.training import JobEvent, ProviderJob, Trainer
from enliterator_core.errors import EnliteratorError, RejectedError, ServiceError
from enliterator_core.operations import PREPARED, TrainingJob
from enliterator_core.training.note import take_note
from enliterator_core.training.plan import trainer_of
from enliterator_core.training.times import PATIENT, Patience, seconds_since
from enliterator_core.workspace import Workspace

_FEW: Final = 1
_ALL_EVENTS: Final = 1000


@frozen
class Sight:
    """What one look showed: the jobs as they are now, the new events of a job watched alone (oldest first), what
    went wrong at a provider, and in how many seconds the next look is (0: none, all have ended)."""

    jobs: tuple[TrainingJob, ...]
    events: tuple[JobEvent, ...] = ()
    problems: tuple[EnliteratorError, ...] = ()
    estimated_finish: str | None = None
    next_look: float = 0.0


@frozen
class _Look:
    jobs: list[TrainingJob]
    problems: list[EnliteratorError]
    told: dict[int, ProviderJob] = field(factory=dict)


def sync(workspace: Workspace) -> tuple[list[TrainingJob], list[EnliteratorError]]:
    """Ask the providers once about every job that has not ended, and return these jobs as they are now.

    A job whose creation got no answer is recognised by its token. A provider that fails is told; the others go on.
    """
    look = _look(workspace, workspace.records.jobs(open=True))
    return look.jobs, look.problems


def _look(workspace: Workspace, jobs: Sequence[TrainingJob]) -> _Look:
    look = _Look([], [])
    open_jobs = [job for job in jobs if not job.ended and job.state != PREPARED]
    seen: dict[int, TrainingJob] = {}
    for name in sorted({job.provider for job in open_jobs}):
        mine = [job for job in open_jobs if job.provider == name]
        try:
            told = _ask(trainer_of(workspace, name), mine)
        except EnliteratorError as error:
            look.problems.append(error)
            continue
        for job in mine:
            if job.id in told:
                seen[job.id] = take_note(workspace, job, told[job.id], "poll")
        look.told.update((id, one) for id, one in told.items() if one is not None)
    look.jobs.extend(seen.get(job.id, job) for job in jobs)
    return look


def _ask(trainer: Trainer, jobs: Sequence[TrainingJob]) -> dict[int, ProviderJob | None]:
    """Return what the provider tells of each job, by our number; None for one that it does not have any more.

    One job is asked for by itself, several by going through the list, which takes one request a page; what the list
    does not hold is asked for by itself. A lost job that is not in the list is left out: it may still arrive.
    """
    by_remote = {job.remote: job.id for job in jobs if job.remote}
    by_token = {job.token: job.id for job in jobs}
    told: dict[int, ProviderJob | None] = {}
    if len(jobs) > _FEW or len(by_remote) < len(jobs):
        for one in trainer.jobs():
            id = by_remote.get(one.id) or by_token.get(one.token or "")
            if id is not None:
                told.setdefault(id, one)
            if len(told) == len(jobs):
                break
    for job in jobs:
        if job.id not in told and job.remote:
            told[job.id] = trainer.job(job.remote)
    return told


def watch(workspace: Workspace, ids: Sequence[int] = (), *, patience: Patience = PATIENT) -> Iterator[Sight]:
    """Look at jobs (all that have not ended, where none is named) until they have ended; yield every look.

    Looks come more rarely while nothing changes, and go on when the network is gone or the provider fails: only a
    refusal, such as a bad key, ends the watch. A job that never reached the provider is not waited for.
    """
    records, pause, known = workspace.records, patience.first, set[str]()
    watched = list(ids) or [job.id for job in records.jobs(open=True)]
    while True:
        before = [job for id in watched if (job := records.job(id)) is not None]
        look = _look(workspace, before)
        refused = next((one for one in look.problems if not _passes(one)), None)
        if refused is not None:
            raise refused
        events = _events(workspace, look, known)
        open_jobs = [job for job in look.jobs if _is_awaited(job, patience)]
        moved = bool(events) or [job.state for job in before] != [job.state for job in look.jobs]
        pause = patience.first if moved and not look.problems else min(pause * 1.5, patience.most)
        told = look.told.get(look.jobs[0].id) if len(look.jobs) == 1 else None
        finish = told.estimated_finish if told else None
        yield Sight(tuple(look.jobs), tuple(events), tuple(look.problems), finish, pause if open_jobs else 0.0)
        if not open_jobs:
            return
        patience.sleep(pause)


def _is_awaited(job: TrainingJob, patience: Patience) -> bool:
    """Whether there is something to wait for: one whose creation got no answer turns up soon, or was never made."""
    if job.ended or job.state == PREPARED:
        return False
    return job.remote is not None or seconds_since(job.updated_at) < patience.settle


def _passes(error: EnliteratorError) -> bool:
    return isinstance(error, ServiceError) and not isinstance(error, RejectedError)


def _events(workspace: Workspace, look: _Look, known: set[str]) -> list[JobEvent]:
    """Return the events of the one job that is watched that were not told yet, oldest first."""
    if len(look.jobs) != 1 or not look.jobs[0].remote or look.problems:
        return []
    new: list[JobEvent] = []
    try:
        for event in trainer_of(workspace, look.jobs[0].provider).events(look.jobs[0].remote):
            if event.id in known or len(new) >= _ALL_EVENTS:
                break
            new.append(event)
    except ServiceError as error:
        look.problems.append(error)
        return []
    known.update(event.id for event in new)
    return new[::-1]


def wait_for(workspace: Workspace, job: TrainingJob, *, patience: Patience = PATIENT) -> TrainingJob:
    """Watch one job to its end and return it as it ended."""
    for sight in watch(workspace, [job.id], patience=patience):
        job = sight.jobs[0]
    return job
