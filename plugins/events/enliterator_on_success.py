# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""on_success: when a job has succeeded, fetch its metrics and result files, and propose to deploy its model."""

from pathlib import Path
from typing import ClassVar

from attrs import define, field

from enliterator_core import Event, EventHandler, TrainingJob, Workspace, hookimpl


@define
class OnSuccess(EventHandler):
    """Fetch what a job that succeeded has left, and propose to deploy its model.

    Metrics go into the record, result files into `.enliterator/jobs/N/`. What is proposed is seen in `enliterator jobs
    show N`. Only where `deploy_for` names tasks (or `all`) is the model deployed for them, each once.
    """

    name: ClassVar[str] = "on_success"
    event_types: ClassVar[tuple[str, ...]] = ("job.changed",)
    durable: ClassVar[bool] = True
    time_limit: ClassVar[float] = 120.0

    deploy_for: tuple[str, ...] = field(default=())
    _root: Path | None = field(init=False, default=None)

    def open(self, state: Path) -> None:
        """Remember the workspace."""
        self._root = state.parent

    def handle(self, event: Event) -> None:
        """Fetch, propose and, where a setting says so, deploy; done again, it changes nothing more.

        ServiceError when the provider does not answer: then it is tried again.
        """
        if event.data.get("state") != "succeeded":
            return
        from enliterator_core import deploy, fetch_metrics

        with Workspace.open(flags={"workspace": str(self._root)}) as workspace:
            job = workspace.records.job(int(event.data["job"]))
            if job is None or job.tuned_model is None:
                return
            fetch_metrics(workspace, job)
            self._fetch(workspace, job)
            told = {
                "job": job.id,
                "model": f"{job.provider}:{job.tuned_model}",
                "command": f"deploy {job.id} --for all",
            }
            workspace.keep(Event("deployment.proposed", told, f"{event.id}-proposed"))
            done = {one.task for one in workspace.records.deployments() if one.job == job.id}
            # A task that was rolled back since is not deployed to again, whoever asks late.
            deploy(workspace, job, [task for task in self._tasks(workspace) if task not in done], self.name)

    def _tasks(self, workspace: Workspace) -> list[str]:
        every = sorted(one.name for one in workspace.plugins.task_types)
        return sorted({one for task in self.deploy_for for one in (every if task == "all" else [task])})

    @staticmethod
    def _fetch(workspace: Workspace, job: TrainingJob) -> None:
        from enliterator_core import trainer_of

        folder = workspace.state / "jobs" / f"{job.id}"
        for number, file in enumerate(job.result_files, 1):
            place = folder / f"result_{number}.csv"
            if not place.exists():
                content = trainer_of(workspace, job.provider).content(file)
                folder.mkdir(parents=True, exist_ok=True)
                beside = place.with_suffix(".new")
                beside.write_bytes(content)
                beside.replace(place)


@hookimpl
def register_event_handlers() -> list[type[EventHandler]]:
    """Add the handler."""
    return [OnSuccess]
