# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The train facet: OpenAI's fine-tuning API, and servers that have it with known differences."""

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final, Literal

from attrs import frozen

from enliterator_core import (
    Checkpoint,
    JobEvent,
    Problem,
    ProviderFile,
    ProviderJob,
    RejectedError,
    ServiceError,
    TrainingRequest,
)
from enliterator_openai.service import Service, given, is_missing
from enliterator_openai.told import TOKEN, checkpoint_told, event_told, file_told, job_told, plain_content, rows_told

PAGE: Final = 100  # rows in a page of jobs and events; the API's limit
BOM: Final = b"\xef\xbb\xbf"

# What a hyperparameter may be, by OpenAI's reference of fine-tuning jobs.
HYPERPARAMETERS: Final[Mapping[str, tuple[type, float, float]]] = {
    "n_epochs": (int, 1, 50),
    "batch_size": (int, 1, 256),
    "learning_rate_multiplier": (float, 0, 100),
    "beta": (float, 0, 2),
}


@frozen
class Dialect:
    """How a server differs from OpenAI: see the settings of the same names."""

    hyperparameters_in: Literal["method", "top-level"] = "method"
    training_type: str = ""
    training_options: Mapping[str, Any] = {}
    bom: bool = False
    suffix_length: int = 64


@frozen
class OpenAITrainer:
    """Tunes at ``service``; ``methods`` are those that it knows."""

    service: Service
    dialect: Dialect = Dialect()
    methods: tuple[str, ...] = ("supervised", "dpo")

    def epochs(self, examples: int, hyperparameters: Mapping[str, int | float]) -> int:
        """How many epochs are trained: what is set, else OpenAI's published rule.

        Three, raised (to 25 at most) until 100 examples are seen, lowered until no more than 25,000 are.
        """
        if "n_epochs" in hyperparameters:
            return int(hyperparameters["n_epochs"])
        if examples <= 0:
            return 0
        if examples * 3 < 100:
            return min(25, -(-100 // examples))
        return max(1, 25_000 // examples) if examples * 3 > 25_000 else 3

    def preflight(self, request: TrainingRequest) -> list[Problem]:
        """What would be refused; one read asks whether the key may use tuning at all.

        That an organisation was cut off shows only when a job is created.
        """
        problems = []
        if request.method not in self.methods:
            known = ", ".join(self.methods)
            problems.append(Problem("training.method", f'"{request.method}" is none of {known}'))
        if request.suffix is not None and not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", request.suffix):
            problems.append(
                Problem("training.suffix", f'"{request.suffix}" has more than letters, digits, ".", "_" and "-"')
            )
        if len(request.suffix or "") > self.dialect.suffix_length:
            problems.append(Problem("training.suffix", f"is longer than {self.dialect.suffix_length} characters"))
        for name, value in request.hyperparameters.items():
            trouble = _trouble_with(name, value, request.method)
            if trouble is not None:
                problems.append(Problem(f"training.{name}", trouble))
        try:
            with self.service.asking("fine-tuning"):
                self.service.client.fine_tuning.jobs.list(limit=1)
        except RejectedError as error:
            problems.append(Problem("provider", f"{error.message} ({error.hint})"))
        return problems

    def upload(self, path: Path, name: str) -> ProviderFile:
        """Upload a file under a name, by one attempt."""
        with self.service.asking(path.name), path.open("rb") as file:
            content: Any = BOM + file.read() if self.dialect.bom else file
            made = self.service.once.files.create(file=(name, content), purpose="fine-tune")
        self._whole(made, path.name)
        return file_told(made)

    def file(self, id: str) -> ProviderFile | None:
        """One file as it stands; None when the provider does not have it (any more)."""
        told = self._one(f"file {id}", lambda: self.service.client.files.retrieve(id))
        return None if told is None else file_told(told)

    def find_file(self, name: str) -> ProviderFile | None:
        """The oldest usable file that was uploaded under the name."""
        rows = rows_told(self.service, "its files", lambda: self.service.client.files.list(purpose="fine-tune"))
        same = [row for row in rows if getattr(row, "filename", None) == name]
        same.sort(key=lambda row: (getattr(row, "created_at", None) or 0, row.id))
        return next((told for told in map(file_told, same) if told.state not in ("error", "deleted")), None)

    def create(self, request: TrainingRequest) -> ProviderJob:
        """Create one job, by one attempt. Any other error than RejectedError means: it may be there."""
        options = given(
            seed=request.seed, suffix=request.suffix, validation_file=request.validation_file, **self._how(request)
        )
        if self.dialect.training_type:
            options["extra_body"] = {"trainingType": self.dialect.training_type}
        try:
            with self.service.asking(f"tuning {request.model}", to="do"):
                made = self.service.once.fine_tuning.jobs.create(
                    model=request.model, training_file=request.training_file, metadata={TOKEN: request.token}, **options
                )
        except RejectedError as error:
            raise self._refused(error, request.model) from error
        self._whole(made, f"tuning {request.model}")
        return job_told(made)

    def _how(self, request: TrainingRequest) -> dict[str, Any]:
        """Return the method and its hyperparameters, all "auto" unless set, where the server wants them."""
        if self.dialect.hyperparameters_in == "top-level":
            return {"hyperparameters": {**self.dialect.training_options, **request.hyperparameters}}
        names = ("n_epochs", "batch_size", "learning_rate_multiplier")
        auto = dict.fromkeys(names if request.method != "dpo" else (*names, "beta"), "auto")
        settled = {**auto, **self.dialect.training_options, **request.hyperparameters}
        return {"method": {"type": request.method, request.method: {"hyperparameters": settled}}}

    def _refused(self, error: RejectedError, model: str) -> RejectedError:
        status = getattr(error.__cause__, "status_code", None)
        if status == 403:
            message = f"{self.service.base_url} does not let this organisation or key create tuning jobs ({model})"
            hint = "tune at another provider (enliterator providers): OpenAI has closed tuning, step by step"
            return RejectedError(message, hint=hint)
        if getattr(error.__cause__, "code", None) in ("model_not_available", "model_not_found"):
            return RejectedError(error.message, hint="choose another base model: enliterator models")
        if getattr(error.__cause__, "param", None) in ("training_file", "validation_file"):
            return RejectedError(
                error.message, hint="check the dataset (enliterator dataset check), then upload it anew"
            )
        return error

    def find(self, token: str) -> ProviderJob | None:
        """The oldest job that carries the token, among all jobs."""
        import openai

        def filtered() -> Any:
            jobs = self.service.client.fine_tuning.jobs
            try:
                return jobs.list(limit=PAGE, metadata={TOKEN: token})
            except openai.BadRequestError:  # a server that knows no filter: look through every job
                return jobs.list(limit=PAGE)

        found = [job for job in map(job_told, rows_told(self.service, "its jobs", filtered)) if job.token == token]
        return min(found, key=lambda job: (job.created_at or "", job.id)) if found else None

    def job(self, id: str) -> ProviderJob | None:
        """One job as it stands; None when the provider does not have it (any more)."""
        told = self._one(f"job {id}", lambda: self.service.client.fine_tuning.jobs.retrieve(id))
        return None if told is None else job_told(told)

    def jobs(self) -> Iterator[ProviderJob]:
        """Every job, newest first, page by page."""
        ask = self.service.client.fine_tuning.jobs
        return map(job_told, rows_told(self.service, "its jobs", lambda: ask.list(limit=PAGE)))

    def events(self, id: str) -> Iterator[JobEvent]:
        """A job's events, newest first, page by page; each once."""
        ask = self.service.client.fine_tuning.jobs
        name = f"the events of job {id}"
        return map(event_told, rows_told(self.service, name, lambda: ask.list_events(id, limit=PAGE)))

    def checkpoints(self, id: str) -> list[Checkpoint]:
        """A job's checkpoints, by step."""
        ask = self.service.client.fine_tuning.jobs.checkpoints
        rows = rows_told(self.service, f"the checkpoints of job {id}", lambda: ask.list(id, limit=PAGE))
        return sorted(map(checkpoint_told, rows), key=lambda one: (one.step, one.id))

    def content(self, file: str) -> bytes:
        """A file's content, for result files; RejectedError when it has expired."""
        data = self._one(f"file {file}", lambda: self.service.client.files.content(file).content)
        if data is None:
            message = f"{self.service.base_url} does not have file {file} any more"
            raise RejectedError(message, hint="the events of the job still hold its metrics: enliterator jobs metrics")
        return plain_content(data)

    def cancel(self, id: str) -> ProviderJob:
        """Cancel a job and return it as it then stands."""
        return self._change(id, "cancel")

    def pause(self, id: str) -> ProviderJob:
        """Pause a job; RejectedError where the server cannot."""
        return self._change(id, "pause")

    def resume(self, id: str) -> ProviderJob:
        """Resume a paused job; RejectedError where the server cannot."""
        return self._change(id, "resume")

    def _change(self, id: str, verb: str) -> ProviderJob:
        with self.service.asking(f"to {verb} job {id}"):
            told = getattr(self.service.client.fine_tuning.jobs, verb)(id)
        self._whole(told, f"to {verb} job {id}")
        return job_told(told)

    def _one(self, asked: str, ask: Callable[[], Any]) -> Any:
        """Return what is asked for, or None when the server says that it does not have it."""
        import openai

        with self.service.asking(asked):
            try:
                told = ask()
            except openai.NotFoundError as error:
                if is_missing(error):
                    return None
                raise
        return told if isinstance(told, bytes) else self._whole(told, asked)

    def _whole(self, told: Any, asked: str) -> Any:
        if getattr(told, "id", None):
            return told
        message = f"{self.service.base_url} answered {asked} with something that has no id"
        raise ServiceError(message, hint="check base_url, then try again")


def _trouble_with(name: str, value: int | float, method: str) -> str | None:
    if name not in HYPERPARAMETERS or (name == "beta" and method != "dpo"):
        return f"is no hyperparameter of {method}"
    kind, least, most = HYPERPARAMETERS[name]
    if isinstance(value, bool) or (kind is int and not isinstance(value, int)):
        return f"{value} is no whole number"
    return None if least <= value <= most and value > 0 else f"{value} is not from {least} to {most}"
