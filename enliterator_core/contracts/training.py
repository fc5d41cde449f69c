# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The train facet of a provider: what is asked of it, and what it tells. Whatever it does not know it leaves None."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Protocol

from attrs import field, frozen

from enliterator_core.errors import Problem


@frozen
class TrainingRequest:
    """One job: the base `model`, the provider's ids of the files, and how to train.

    A hyperparameter that is not given is the provider's to choose. `token` is ours: it travels in the job's metadata,
    and `find` finds the job by it. `method` is supervised or dpo.
    """

    model: str
    training_file: str
    token: str
    validation_file: str | None = None
    method: str = "supervised"
    hyperparameters: Mapping[str, int | float] = field(factory=dict)
    seed: int | None = None
    suffix: str | None = None


@frozen
class ProviderFile:
    """A file at the provider: `state` is uploaded, processed or error, or the provider's own word; `error` says why."""

    id: str
    name: str
    size: int
    state: str = "processed"
    error: str | None = None


@frozen
class ProviderJob:
    """A job as the provider tells it; `state` is its own word: validating_files, queued, running, paused, succeeded,
    failed, cancelled, or one that nobody here knows yet. Times are ISO 8601 in UTC."""

    id: str
    model: str
    state: str
    token: str | None = None
    tuned_model: str | None = None
    trained_tokens: int | None = None
    created_at: str | None = None
    finished_at: str | None = None
    estimated_finish: str | None = None
    error: Mapping[str, Any] | None = None
    hyperparameters: Mapping[str, Any] = field(factory=dict)
    result_files: tuple[str, ...] = ()


@frozen
class JobEvent:
    """Something that the provider tells of a job: `data` may hold step, train_loss and other metrics by name."""

    id: str
    at: str
    level: str
    message: str
    data: Mapping[str, Any] = field(factory=dict)


@frozen
class Checkpoint:
    """A model as it was after `step` steps, with its metrics by name."""

    id: str
    model: str
    step: int
    metrics: Mapping[str, float] = field(factory=dict)


class Trainer(Protocol):
    """The train facet.

    Every method raises ServiceError, with a next step, when the provider does not answer; RejectedError when it said
    no and so nothing was made or changed there. Reads may be retried inside; `create` never is.
    """

    @property
    def methods(self) -> tuple[str, ...]:
        """The ways of training that it knows: supervised, dpo."""

    def epochs(self, examples: int, hyperparameters: Mapping[str, int | float]) -> int:
        """How many epochs the provider will train, as far as its rules are known."""

    def preflight(self, request: TrainingRequest) -> list[Problem]:
        """What the provider would refuse, without asking it to make anything: suffix, method, hyperparameters.

        The request's file ids are empty yet; a problem's path names the setting at fault. An organisation that the
        provider cut off from tuning is told here where it can be found out.
        """

    def upload(self, path: Path, name: str) -> ProviderFile:
        """Upload a file under a name; not retried after the file may have arrived."""

    def file(self, id: str) -> ProviderFile | None:
        """One file as it stands; None when the provider does not have it (any more)."""

    def find_file(self, name: str) -> ProviderFile | None:
        """The oldest usable file that was uploaded under the name."""

    def create(self, request: TrainingRequest) -> ProviderJob:
        """Create one job, by one attempt. Any other error than RejectedError means: it may be there."""

    def find(self, token: str) -> ProviderJob | None:
        """The oldest job that carries the token, among all jobs."""

    def job(self, id: str) -> ProviderJob | None:
        """One job as it stands; None when the provider does not have it (any more)."""

    def jobs(self) -> Iterator[ProviderJob]:
        """Every job, newest first; fetched page by page, so that whoever stops early asks for no further page."""

    def events(self, id: str) -> Iterator[JobEvent]:
        """A job's events, newest first, fetched page by page; one that a page repeats is told once."""

    def checkpoints(self, id: str) -> list[Checkpoint]:
        """A job's checkpoints, by step."""

    def content(self, file: str) -> bytes:
        """A file's content, for result files; RejectedError when it has expired."""

    def cancel(self, id: str) -> ProviderJob:
        """Cancel a job and return it as it then stands."""

    def pause(self, id: str) -> ProviderJob:
        """Pause a job; RejectedError where the provider cannot."""

    def resume(self, id: str) -> ProviderJob:
        """Resume a paused job; RejectedError where the provider cannot."""
