# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Takes note of what a provider tells of a job, whoever brought it: a poll, a webhook, a person."""

import json
from collections.abc import Sequence
from itertools import islice
from typing import Any, Final

from attrs import evolve

from enliterator_core.contracts.training import ProviderJob
from enliterator_core.errors import RejectedError, ServiceError
from enliterator_core.events import Event
from enliterator_core.operations import ENDED, GONE, JobChange, TrainingJob, WebhookEvent
from enliterator_core.training.metrics import of_events, parse
from enliterator_core.training.plan import trainer_of
from enliterator_core.workspace import Workspace

_MOST_EVENTS: Final = 5000


def take_note(workspace: Workspace, job: TrainingJob, told: ProviderJob | None, told_by: str) -> TrainingJob:
    """Keep what was told (None: the provider has no such job any more), and tell of a state that changed."""
    return keep_changes(workspace, [change_told(workspace, job, told)], told_by)[0]


def keep_changes(workspace: Workspace, changes: Sequence[JobChange], told_by: str) -> list[TrainingJob]:
    """Keep what was told of several jobs, in one transaction, and tell this process's handlers of changed states."""

    def tell(kept: WebhookEvent) -> None:
        workspace.emit(Event(kept.type, json.loads(kept.body), kept.webhook_id))

    return workspace.records.change_jobs(changes, told_by, tell) if changes else []


def change_told(workspace: Workspace, job: TrainingJob, told: ProviderJob | None) -> JobChange:
    """Return what changes of a job by what was told of it; nothing is kept yet.

    Of one that ends the metrics are fetched, to be kept with its end: one that is killed before leaves the job open.
    """
    if told is None:
        return JobChange(job.id, {"state": GONE}, "the provider has no such job any more")
    changes: dict[str, Any] = {"remote": told.id, "state": told.state}
    if told.tuned_model:
        changes["tuned_model"] = told.tuned_model
    if told.trained_tokens is not None:
        changes["trained_tokens"] = told.trained_tokens
        price = job.quote.get("price")
        changes["cost"] = None if price is None else round(told.trained_tokens * price / 1e6, 6)
    if told.error:
        changes["error"] = dict(told.error)
    if told.result_files:
        changes["result_files"] = told.result_files
    detail = str(told.error.get("message", "")) if told.error else ""
    metrics: list[dict[str, float]] = []
    if told.state in ENDED and not job.ended:
        try:
            metrics = _told_metrics(workspace, evolve(job, remote=told.id, result_files=told.result_files))
        except ServiceError as error:  # the end is worth more than the curve, which `jobs metrics` fetches later
            detail = "; ".join(filter(None, (detail, f"no metrics yet: {error.message}")))
    return JobChange(job.id, changes, detail, metrics)


def fetch_metrics(workspace: Workspace, job: TrainingJob) -> list[dict[str, float]]:
    """Return a job's metrics by step: those kept, else those of its result files, else those of its events.

    What is fetched of a job that has ended is kept. ServiceError when the provider does not answer.
    """
    kept = workspace.records.job_metrics(job.id)
    rows = kept or _told_metrics(workspace, job)
    if rows and job.ended and not kept:
        workspace.records.set_job_metrics(job.id, rows)
    return rows


def _told_metrics(workspace: Workspace, job: TrainingJob) -> list[dict[str, float]]:
    if job.remote is None:
        return []
    trainer = trainer_of(workspace, job.provider)
    try:
        rows = [row for file in job.result_files for row in parse(trainer.content(file))]
    except RejectedError:  # the files have expired; the events hold the same figures, though not of every step
        rows = []
    return rows or of_events(islice(trainer.events(job.remote), _MOST_EVENTS))
