# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Switches which model serves a task, with the job, the dataset and the person attached, and switches back."""

from collections.abc import Iterable, Sequence

from enliterator_core.errors import GateError, UsageError, did_you_mean
from enliterator_core.events import MODEL_DEPLOYED, MODEL_ROLLED_BACK, Event
from enliterator_core.operations import Deployment, TrainingJob
from enliterator_core.training.send import job_of
from enliterator_core.workspace import Workspace

ALL = "all"


def deploy(
    workspace: Workspace, what: str | TrainingJob, tasks: Iterable[str], who: str
) -> tuple[list[Deployment], str]:
    """Let a model serve tasks (`all` stands for every task type); return a deployment for each, and what is unverified.

    ``what`` is a job, a job's number, or `provider:model`. UsageError for what is no such thing, or a model that the
    provider does not have; GateError for a job that has no model to deploy. All tasks are checked before any changes.
    """
    made_by: TrainingJob | None
    if isinstance(what, TrainingJob) or what.isdecimal():
        made_by = what if isinstance(what, TrainingJob) else job_of(workspace, int(what))
        model = f"{made_by.provider}:{_tuned(made_by)}"
    else:
        model, made_by = what, next(iter(_makers(workspace, what)), None)
    names = _tasks(workspace, tasks)
    note = admit(workspace, model, names)
    number, dataset = (made_by.id, made_by.dataset) if made_by else (None, None)
    records = workspace.records
    return [_told(workspace, records.deploy(one, model, who, job=number, dataset=dataset)) for one in names], note


def admit(workspace: Workspace, model: str, tasks: Sequence[str]) -> str:
    """The gate before a model serves: the provider must have it. An evaluation, once there is one, has its say here.

    A provider that cannot be asked stops nothing: the note that is returned then says `unverified`, and why.
    """
    for task in tasks:
        workspace.settings.check(f"model.{task}", model)
    return next(filter(None, (workspace.settings.doubt(f"model.{task}", model) for task in tasks)), "")


def rollback(workspace: Workspace, tasks: Iterable[str], who: str) -> list[Deployment]:
    """Take the newest deployment of each task back that was not taken back yet; `all` for every task that has one.

    Needs no provider. GateError, with nothing changed, when there is none, or when the task's model was changed by
    hand since.
    """
    wanted = list(dict.fromkeys(tasks))
    if ALL in wanted:
        wanted = [task for task, one in _newest(workspace).items() if one is not None]
    names = _tasks(workspace, wanted)
    last = {task: _to_undo(workspace, task) for task in names}
    return [
        _told(workspace, workspace.records.deploy(task, one.previous, who, undoes=one.id)) for task, one in last.items()
    ]


def serving(workspace: Workspace) -> dict[str, Deployment]:
    """Return the deployment that each task's model came from, where it was not changed by hand since."""
    now, newest = workspace.records.settings(), {one.task: one for one in workspace.records.deployments()}
    held = {
        task: one for task, one in newest.items() if one.model is not None and now.get(f"model.{task}") == one.model
    }
    return dict(sorted(held.items()))


def _newest(workspace: Workspace) -> dict[str, Deployment | None]:
    """Return, for each task that was deployed to, the newest deployment that was not taken back."""
    history = workspace.records.deployments()
    taken_back = {one.undoes for one in history}
    newest: dict[str, Deployment | None] = {one.task: None for one in history}
    newest |= {one.task: one for one in history if one.undoes is None and one.id not in taken_back}
    return dict(sorted(newest.items()))


def _to_undo(workspace: Workspace, task: str) -> Deployment:
    last = _newest(workspace).get(task)
    if last is None:
        raise GateError(f"nothing is deployed for {task}", hint="enliterator deployments lists what was")
    now = workspace.records.settings().get(f"model.{task}")
    if now != last.model:
        message = f"model.{task} was set to {now or 'nothing'} after {last.model} was deployed"
        raise GateError(message, hint=f"enliterator settings set model.{task} {last.previous or 'PROVIDER:MODEL'}")
    return last


def _told(workspace: Workspace, deployment: Deployment) -> Deployment:
    data = {"task": deployment.task, "model": deployment.model, "previous": deployment.previous, "job": deployment.job}
    type = MODEL_DEPLOYED if deployment.undoes is None else MODEL_ROLLED_BACK
    workspace.emit(Event(type, {**data, "deployment": deployment.id, "who": deployment.who}))
    return deployment


def _tuned(job: TrainingJob) -> str:
    if job.tuned_model is None or job.state != "succeeded":
        raise GateError(f"job {job.id} ({job.state}) has no model to deploy", hint=f"enliterator jobs watch {job.id}")
    return job.tuned_model


def _makers(workspace: Workspace, model: str) -> Iterable[TrainingJob]:
    """Yield the jobs that made a model, where it was made here."""
    return (one for one in workspace.records.jobs() if one.tuned_model and f"{one.provider}:{one.tuned_model}" == model)


def _tasks(workspace: Workspace, tasks: Iterable[str]) -> list[str]:
    known = [one.key.partition(".")[2] for one in workspace.settings.list() if one.key.startswith("model.")]
    names: list[str] = []
    for task in tasks:
        if task != ALL and task not in known:
            raise UsageError(f"no task {task}{did_you_mean(task, known)}", hint=f"tasks: {', '.join(known)}, all")
        names += sorted(one.name for one in workspace.plugins.task_types) if task == ALL else [task]
    return list(dict.fromkeys(names))
