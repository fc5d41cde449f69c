# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Sends a job: an intent first, each file once, one creation. Killed anywhere, the next run goes on where it stopped.

The order is what makes it safe. The intent and its token are on disk before anything is sent; a file's name holds its
hash and a job's metadata the token, so that what a lost answer left at the provider is found there. Only when the
provider was asked, for as long as its lists may lag, and does not have it, is it sent again.
"""

import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from attrs import asdict, evolve

from enliterator_core.contracts.training import ProviderFile, ProviderJob, Trainer, TrainingRequest
from enliterator_core.errors import GateError, RejectedError, ServiceError, UsageError
from enliterator_core.events import BUDGET_REACHED, Event
from enliterator_core.folders import locked
from enliterator_core.operations import PREPARED, SENT, TrainingJob, UploadedFile
from enliterator_core.training.note import take_note
from enliterator_core.training.plan import FILES, Plan, trainer_of
from enliterator_core.training.preflight import BUDGET, preflight, require
from enliterator_core.training.times import PATIENT, Patience, now, seconds_since
from enliterator_core.workspace import Workspace

_ATTEMPTS: Final = 3
_BUSY: Final = ("uploaded", "pending", "running", "processing")
_AGAIN: Final = "run the same command again: it looks for what was sent before it sends anything"


def train(
    workspace: Workspace, plan: Plan, *, who: str, again: bool = False, patience: Patience = PATIENT
) -> TrainingJob:
    """Check the plan and send it; return the job as the provider has it.

    A job that was not sent to its end is gone on with. GateError when preflight says no, or when a job trains (or has
    trained) the same already, unless ``again``; ServiceError when the provider fails.
    """
    refusal = "another process is sending a job from this workspace"
    with locked(workspace.state / "locks" / "training.lock", refusal):
        job, twin = _same(workspace, plan)
        if job is None and twin is not None and not again:
            message = f"job {twin.id} ({twin.state}) trains {plan.model} on the same dataset in the same way"
            raise GateError(message, hint=f"enliterator jobs show {twin.id}, or add --again to pay for another")
        trainer = trainer_of(workspace, plan.provider)
        if job is not None and job.state == SENT and (made := look_for(trainer, job, patience)) is not None:
            return take_note(workspace, job, made, "trainer")
        _require(workspace, plan)
        workspace.records.add_dataset(plan.dataset)
        return _send(workspace, trainer, plan, job or workspace.records.add_job(_intent(plan, who)), patience)


def _require(workspace: Workspace, plan: Plan) -> None:
    problems = preflight(workspace, plan)
    if any(one.path == BUDGET for one in problems):
        told = {"batch": plan.dataset.batch, "provider": plan.provider, "model": plan.model, "cost": plan.quote.cost}
        workspace.emit(Event(BUDGET_REACHED, {**told, "budget": plan.options.budget}))
    require(problems)


def _same(workspace: Workspace, plan: Plan) -> tuple[TrainingJob | None, TrainingJob | None]:
    """Return the job of this plan that was not sent to its end, and the newest one that was sent and did not fail."""
    wanted = (plan.provider, plan.model, plan.dataset.hash)
    same = [one for one in workspace.records.jobs() if (one.provider, one.model, one.dataset) == wanted]
    same = [one for one in same if all(one.request.get(name) == value for name, value in plan.request.items())]
    unsent = next((one for one in same if one.state in (PREPARED, SENT)), None)
    sent = next((one for one in same if one.remote and (not one.ended or one.state == "succeeded")), None)
    return unsent, sent


def _intent(plan: Plan, who: str) -> TrainingJob:
    token = f"enliterator-{secrets.token_hex(12)}"
    quote = asdict(plan.quote)
    return TrainingJob(0, token, plan.provider, plan.model, plan.dataset.hash, plan.request, quote, who, now())


def _send(workspace: Workspace, trainer: Trainer, plan: Plan, job: TrainingJob, patience: Patience) -> TrainingJob:
    try:
        files = plan.dataset.content["files"].items()
        ids = [upload_once(workspace, trainer, plan, plan.folder / name, file, patience) for name, file in files]
        request = plan.asked(job.token, ids[0], ids[1] if len(ids) == len(FILES) else None)
        sent = {"training_file": request.training_file, "validation_file": request.validation_file}
        quote = asdict(plan.quote)  # of today, where the intent was kept earlier
        job = workspace.records.change_job(job.id, "trainer", state=SENT, request={**job.request, **sent}, quote=quote)
        made = _create(trainer, request, job, patience)
    except RejectedError as error:
        told = {"message": error.message}
        workspace.records.change_job(job.id, "trainer", error.message, state="rejected", error=told)
        raise
    return take_note(workspace, job, made, "trainer")


def _create(trainer: Trainer, request: TrainingRequest, job: TrainingJob, patience: Patience) -> ProviderJob:
    """Create the job; after an answer that was lost, look for it, and only when it is not there create it again.

    RejectedError when the provider said no to the first attempt: then there is no job.
    """
    for attempt in range(_ATTEMPTS):
        try:
            return trainer.create(request)
        except RejectedError as error:
            if attempt == 0:
                raise
            # An earlier attempt may yet turn up: the job stays sent, and is looked for again.
            raise ServiceError(error.message, hint=error.hint) from error
        except ServiceError as error:
            made = look_for(trainer, evolve(job, updated_at=now()), patience)
            if made is not None:
                return made
            if attempt == _ATTEMPTS - 1:
                raise ServiceError(f"{error.message}; no job was made", hint=_AGAIN) from error
    raise AssertionError("every attempt returned or raised")


def look_for(trainer: Trainer, job: TrainingJob, patience: Patience = PATIENT) -> ProviderJob | None:
    """Return the job that carries the token, looking until its request has had time to settle."""
    left = max(0.0, patience.settle - seconds_since(job.updated_at))
    found: ProviderJob | None = _until(lambda: trainer.find(job.token), left, patience)
    return found


def _until(look: Callable[[], Any], limit: float, patience: Patience) -> Any:
    for _ in patience.pauses(limit):
        found = look()
        if found is not None:
            return found
    return None


def upload_once(
    workspace: Workspace, trainer: Trainer, plan: Plan, path: Path, file: dict[str, Any], patience: Patience
) -> str:
    """Return the provider's id of a file with this content: the one that is there, or one that is uploaded now.

    RejectedError when the provider refuses the file, with what it says of it.
    """
    known = workspace.records.uploaded_file(plan.provider, file["sha256"])
    held = trainer.file(known.id) if known else None
    if known and held and held.size == known.size and held.state != "error":
        return _processed(trainer, held, patience).id
    name = f"enliterator-{file['sha256'][:40]}.jsonl"
    held = trainer.find_file(name) or _upload(trainer, path, name, patience)
    kept = UploadedFile(plan.provider, file["sha256"], held.id, name, held.size, now())
    workspace.records.add_file(kept)
    return _processed(trainer, held, patience).id


def _upload(trainer: Trainer, path: Path, name: str, patience: Patience) -> ProviderFile:
    for attempt in range(_ATTEMPTS):
        try:
            return trainer.upload(path, name)
        except RejectedError:
            raise
        except ServiceError as error:
            held: ProviderFile | None = _until(lambda: trainer.find_file(name), patience.settle, patience)
            if held is not None:
                return held
            if attempt == _ATTEMPTS - 1:
                raise ServiceError(f"{error.message}; {path.name} was not uploaded", hint=_AGAIN) from error
    raise AssertionError("every attempt returned or raised")


def _processed(trainer: Trainer, held: ProviderFile, patience: Patience) -> ProviderFile:
    """Wait until the provider has looked through a file; one that it never says so of is tried as it is."""
    for _ in patience.pauses(patience.processing):
        if held.state not in _BUSY:
            break
        seen = trainer.file(held.id)
        if seen is None:
            raise ServiceError(f"the file {held.id} is gone at the provider", hint=_AGAIN)
        held = seen
    if held.state == "error":
        why = f": {held.error}" if held.error else ""
        hint = "enliterator dataset check FOLDER, then train again"
        raise RejectedError(f"the provider refused the file {held.name}{why}", hint=hint)
    return held


def job_of(workspace: Workspace, id: int) -> TrainingJob:
    """Return a job by its number; UsageError when there is none."""
    job = workspace.records.job(id)
    if job is None:
        raise UsageError(f"there is no job {id}", hint="enliterator jobs list shows those that there are")
    return job
