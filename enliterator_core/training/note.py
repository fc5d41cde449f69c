# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Takes note of what a provider tells of a job, whoever brought it: a poll, a webhook, a person."""

from typing import Any

from attrs import evolve

from enliterator_core.contracts.training import ProviderJob
from enliterator_core.errors import ServiceError
from enliterator_core.events import JOB_CHANGED, Event
from enliterator_core.operations import ENDED, GONE, TrainingJob
from enliterator_core.training.metrics import parse
from enliterator_core.training.plan import trainer_of
from enliterator_core.workspace import Workspace


def take_note(workspace: Workspace, job: TrainingJob, told: ProviderJob | None, told_by: str) -> TrainingJob:
    """Keep what was told (None: the provider has no such job any more), and tell of a state that changed.

    Results are fetched before an end is kept: killed in between, the job is still open and is looked at again.
    """
    if told is None:
        kept = workspace.records.change_job(job.id, told_by, "the provider has no such job any more", state=GONE)
        return _tell(workspace, job, kept)
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
    if told.state in ENDED:
        fetch_metrics(workspace, evolve(job, result_files=told.result_files))
    detail = str(told.error.get("message", "")) if told.error else ""
    return _tell(workspace, job, workspace.records.change_job(job.id, told_by, detail, **changes))


def _tell(workspace: Workspace, before: TrainingJob, after: TrainingJob) -> TrainingJob:
    if before.state != after.state:
        data = {"job": after.id, "provider": after.provider, "state": after.state, "model": after.tuned_model}
        workspace.emit(Event(JOB_CHANGED, data))
    return after


def fetch_metrics(workspace: Workspace, job: TrainingJob) -> list[dict[str, float]]:
    """Return a job's metrics by step: those kept, else those of its result files, which are kept then.

    None where the provider does not answer or the files have expired: they are asked for again by the next call.
    """
    kept = workspace.records.job_metrics(job.id)
    if kept or not job.result_files:
        return kept
    try:
        trainer = trainer_of(workspace, job.provider)
        rows = [row for file in job.result_files for row in parse(trainer.content(file))]
    except ServiceError:  # the end of the job is worth more than its curve, which can be had later
        return []
    workspace.records.set_job_metrics(job.id, rows)
    return rows
