# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""What a provider's event changes here: the record of the job that it tells of, through the code that polling uses.

An event carries little more than the job's id, and events come late, twice and in any order: so none is believed.
The provider is asked what is true now, once for all events of a job, and what it answers is kept.
"""

import json
from collections.abc import Iterable, Mapping
from itertools import groupby, islice
from typing import Any, Final

from enliterator_core import (
    DONE,
    ENDED,
    PROVIDER_EVENTS,
    SKIPPED,
    EnliteratorError,
    EventHandler,
    JobChange,
    ProviderJob,
    TrainingJob,
    WebhookEvent,
    Workspace,
    change_told,
    trainer_of,
    wants,
)

HANDLER: Final = "handler:"
JOBS: Final = ("fine_tuning.job.*",)
ENDS: Final = tuple(f"fine_tuning.job.{state}" for state in sorted(ENDED))

MANY: Final = 20  # jobs from which on a provider's list is looked through
ROWS: Final = 10  # of the list for each of the jobs: it has pages of a hundred

Glances = dict[str, tuple[TrainingJob, ProviderJob]]

Seen = tuple[str, str, JobChange | None]
"""DONE or SKIPPED, what there is to say, and what changes of a job."""


def deliveries(event: WebhookEvent, handlers: Iterable[EventHandler]) -> list[WebhookEvent]:
    """Return the event once more for each durable handler that wants it, in a queue of the handler's own."""
    names = [one.name for one in handlers if one.durable and wants(one.event_types, event.type)]
    told = (event.webhook_id, event.type, event.subject, event.body, event.received_at)
    return [WebhookEvent(0, f"{HANDLER}{name}", *told) for name in names]


def is_known(type: str, handlers: Iterable[EventHandler]) -> bool:
    """Whether an event of the type means anything here: one that providers are known to tell, or a handler names."""
    named = [one for handler in handlers for one in handler.event_types if one != "*"]
    return wants(PROVIDER_EVENTS, type) or wants(named, type)


def data_of(event: WebhookEvent) -> Mapping[str, Any]:
    """Return what an event says: of a provider's its `data`, of one of ours the whole body; nothing of what is none."""
    try:
        body = json.loads(event.body)
    except (ValueError, RecursionError):  # the body is kept as it came, for a person to look at
        return {}
    if not isinstance(body, dict):
        return {}
    data = body.get("data") if "type" in body else body
    return data if isinstance(data, dict) else {}


def glance(workspace: Workspace, subjects: Iterable[str]) -> Glances:
    """Return what the providers' lists show of our open jobs that have ended there, by what they call them.

    Only an end is final, so that a list that lags behind does no harm; every other job is asked for by itself. A list
    is looked through only where many jobs are asked for at once, and no further than that is worth it.
    """
    wanted, shown = set(subjects), Glances()
    if len(wanted) < MANY:
        return shown
    asked = [job for job in workspace.records.jobs(open=True) if job.remote in wanted]
    for name in sorted({job.provider for job in asked}):
        mine = {job.remote: job for job in asked if job.provider == name}
        if len(mine) < MANY:
            continue
        try:
            for one in islice(trainer_of(workspace, name).jobs(), ROWS * len(mine)):
                if one.id in mine and one.state in ENDED:
                    shown[one.id] = (mine.pop(one.id), one)
                if not mine:
                    break
        except EnliteratorError:  # each job is then asked for by itself, and told of if that fails as well
            continue
    return shown


def look(workspace: Workspace, subject: str, queue: str | None, shown: Glances | None = None) -> Seen:
    """Ask the provider about the job that its events tell of, and say what changes by it; nothing is kept yet.

    ServiceError when it does not answer. A job that has ended, here or in what was `shown`, is not asked for again.
    """
    if not subject:
        return SKIPPED, "it names no job", None
    if shown and subject in shown:
        return DONE, "", change_told(workspace, *shown[subject])
    job = next(iter(workspace.records.jobs(remote=subject)), None) or _lost(workspace, subject, queue)
    if job is None:
        return SKIPPED, f"no job of this workspace is {subject}", None
    if job.ended:
        return DONE, "", None
    return DONE, "", change_told(workspace, job, trainer_of(workspace, job.provider).job(subject))


def _lost(workspace: Workspace, remote: str, queue: str | None) -> TrainingJob | None:
    """Return the job of ours that carries the token of a provider's job: one whose creation got no answer."""
    lost = [job for job in workspace.records.jobs(open=True) if job.remote is None]
    for name in sorted({job.provider for job in lost}):
        # A sender may be called otherwise than its provider; where one is called the same, only that one is asked.
        if queue in {one.name for one in workspace.plugins.providers} and queue != name:
            continue
        told = trainer_of(workspace, name).job(remote)
        for job in lost:
            if told is not None and told.token == job.token and job.provider == name:
                return job
    return None


def by_subject(events: Iterable[WebhookEvent]) -> list[list[WebhookEvent]]:
    """Return events in groups of one subject each, in order; those without one stand alone."""

    def key(event: WebhookEvent) -> tuple[str, int]:
        return event.subject, 0 if event.subject else event.number

    return [list(group) for _, group in groupby(sorted(events, key=lambda one: (*key(one), one.number)), key)]
