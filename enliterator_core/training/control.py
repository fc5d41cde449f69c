# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""What a person does with a job that is there: cancel, pause, resume it, and look at what it is made of."""

import json
from typing import Any, Literal

from attrs import asdict, frozen

from enliterator_core.contracts.training import Checkpoint, JobEvent
from enliterator_core.errors import UsageError
from enliterator_core.events import DEPLOYMENT_PROPOSED
from enliterator_core.nouns import Batch
from enliterator_core.operations import OURS, PREPARED, SENT, DatasetRecord, Deployment, JobState, TrainingJob
from enliterator_core.training.note import take_note
from enliterator_core.training.plan import trainer_of
from enliterator_core.training.send import job_of, look_for
from enliterator_core.training.times import PATIENT, Patience
from enliterator_core.workspace import Workspace


@frozen
class Chain:
    """What a job is made of and what it led to: its states, dataset, batch, sources, metrics and deployments, and
    since when its deployment is `proposed` (None: it is not)."""

    job: TrainingJob
    states: tuple[JobState, ...]
    dataset: DatasetRecord | None
    batch: Batch | None
    deployments: tuple[Deployment, ...]
    metrics: tuple[dict[str, float], ...]
    proposed: str | None = None

    @property
    def sources(self) -> dict[str, int]:
        """The paths of the sources, with how many of the examples rest on each."""
        return dict(self.dataset.content.get("sources", {})) if self.dataset else {}

    def as_json(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return asdict(self)


def chain(workspace: Workspace, id: int) -> Chain:
    """Return what is known of a job, from the records alone; UsageError when there is none."""
    records, job = workspace.records, job_of(workspace, id)
    dataset = records.dataset(job.dataset)
    batch = records.batch(dataset.batch) if dataset and dataset.batch is not None else None
    deployments = tuple(one for one in records.deployments() if one.job == id)
    proposed = None if deployments else proposals(workspace).get(id)
    states, metrics = tuple(records.job_states(id)), tuple(records.job_metrics(id))
    return Chain(job, states, dataset, batch, deployments, metrics, proposed)


def proposals(workspace: Workspace) -> dict[int, str]:
    """Return the jobs whose model is proposed for deployment and was not deployed yet, with when that was."""
    deployed = {one.job for one in workspace.records.deployments()}
    events = workspace.records.events(type=DEPLOYMENT_PROPOSED, queue=OURS)
    told = {int(json.loads(event.body)["job"]): event.received_at for event in reversed(events)}
    return {job: at for job, at in told.items() if job not in deployed}


def control(
    workspace: Workspace, id: int, verb: Literal["cancel", "pause", "resume"], *, patience: Patience = PATIENT
) -> TrainingJob:
    """Cancel, pause or resume a job and return it as it then stands.

    UsageError when it has ended or was never sent (which `cancel` then keeps from being sent); RejectedError when the
    provider says no.
    """
    job = job_of(workspace, id)
    if job.ended:
        raise UsageError(f"job {id} has ended ({job.state})", hint=f"enliterator jobs show {id}")
    trainer = trainer_of(workspace, job.provider)
    remote = job.remote
    if remote is None and job.state == SENT:
        found = look_for(trainer, job, patience)
        remote = found.id if found else None
    if remote is None:
        if verb != "cancel":
            raise UsageError(f"job {id} was not sent yet ({job.state})", hint="enliterator train DATASET sends it")
        return workspace.records.change_job(id, "person", "before it was sent", state="cancelled")
    return take_note(workspace, job, getattr(trainer, verb)(remote), "person")


def events(workspace: Workspace, id: int) -> list[JobEvent]:
    """Return a job's events as the provider has them, oldest first."""
    remote = _remote(workspace, id)
    return list(trainer_of(workspace, job_of(workspace, id).provider).events(remote))[::-1]


def checkpoints(workspace: Workspace, id: int) -> list[Checkpoint]:
    """Return a job's checkpoints as the provider has them, by step."""
    remote = _remote(workspace, id)
    return trainer_of(workspace, job_of(workspace, id).provider).checkpoints(remote)


def _remote(workspace: Workspace, id: int) -> str:
    job = job_of(workspace, id)
    if job.remote is None:
        state = "was not sent" if job.state == PREPARED else f"is {job.state}, and not known to the provider"
        raise UsageError(f"job {id} {state}", hint=f"enliterator jobs show {id}")
    return job.remote
