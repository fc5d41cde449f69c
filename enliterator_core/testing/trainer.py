# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The checks of the embed and train facets."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from enliterator_core.contracts.provider import Embed, Embeddings
from enliterator_core.contracts.training import JobEvent, ProviderFile, ProviderJob, Trainer, TrainingRequest
from enliterator_core.errors import RejectedError, ServiceError
from enliterator_core.operations import ENDED

TRAINER: Final = (
    "epochs",
    "preflight",
    "upload",
    "file",
    "find_file",
    "create",
    "find",
    "job",
    "jobs",
    "events",
    "checkpoints",
    "content",
    "cancel",
    "pause",
    "resume",
)
_NOBODY: Final = "nobody-made-this"


def check_embed(embed: Embed, model: str, texts: Sequence[str] = ("one", "two", "three")) -> None:
    """Raise AssertionError unless each text has its own vector, in order, all of one length. It costs a few tokens."""
    made = embed.embed(model, texts)
    assert isinstance(made, Embeddings), f"embed returns {type(made).__name__}, no Embeddings"
    assert len(made.vectors) == len(texts), f"{len(made.vectors)} vectors for {len(texts)} texts"
    assert len({len(vector) for vector in made.vectors}) == 1, "the vectors are of several lengths"
    turned = embed.embed(model, texts[::-1]).vectors
    for one, other in zip(made.vectors, turned[::-1], strict=True):
        assert all(abs(a - b) < 1e-3 for a, b in zip(one, other, strict=True)), (
            "the vectors are not in the texts' order"
        )
    assert type(made.input_tokens) is int, f"input_tokens is {made.input_tokens!r}"
    assert embed.embed(model, []).vectors == [], "no texts have vectors"


def check_trainer_reads(name: str, trainer: Trainer) -> None:
    """Raise AssertionError unless what was never made is not there, and nothing but ServiceErrors is raised."""
    assert trainer.methods, f"{name}: its trainer knows no method"
    for examples in (1, 10, 100, 100_000):
        epochs = trainer.epochs(examples, {})
        assert type(epochs) is int, f"{name}: epochs({examples}) is {epochs!r}"
        assert epochs >= 1, f"{name}: epochs({examples}) is {epochs!r}"
    assert trainer.epochs(100, {"n_epochs": 7}) == 7, f"{name}: epochs() does not heed n_epochs"
    for method in ("file", "job", "find", "find_file"):
        try:
            found = getattr(trainer, method)(_NOBODY)
        except ServiceError as error:
            assert error.hint, f"{name}: a ServiceError does not say what to do next: {error.message}"
        except Exception as error:
            raise AssertionError(
                f"{name}: {method} raises {type(error).__name__}, not ServiceError: {error}"
            ) from error
        else:
            assert found is None, f"{name}: {method} finds what nobody made"


def check_trainer(trainer: Trainer, model: str, path: Path, *, wait: float = 60.0, pause: float = 0.0) -> ProviderJob:
    """Train for real on the JSONL file at `path`, and raise AssertionError unless the loop keeps its contract.

    It costs what the provider asks for: run it against a stand-in, or with a small file. `wait` and `pause` are seconds
    for the whole and between two looks. The job is returned as it ended.
    """
    token = f"check-{time.time_ns()}"
    name = f"{token}.jsonl"
    file = trainer.upload(path, name)
    assert isinstance(file, ProviderFile), f"upload returns {type(file).__name__}"
    end = time.monotonic() + wait
    while (seen := trainer.file(file.id)) is not None and seen.state == "uploaded" and time.monotonic() < end:
        time.sleep(pause)
    assert seen is not None, "a file that was uploaded is not there"
    assert seen.state == "processed", f"a good file is {seen.state}: {seen.error}"
    found = trainer.find_file(name)
    assert found is not None, "find_file does not find what was uploaded under the name"
    assert found.id == file.id, "find_file finds another file than the one that was uploaded"
    request = TrainingRequest(model, file.id, token)
    assert trainer.preflight(request) == [], f"preflight finds {trainer.preflight(request)}"
    job = trainer.create(request)
    _check_found(trainer, job, token)
    while job.state not in ENDED and time.monotonic() < end:
        time.sleep(pause)
        told = trainer.job(job.id)
        assert told is not None, "a job that was created is gone"
        job = told
    assert job.state == "succeeded", f"the job is {job.state} after {wait:g} seconds: {job.error}"
    assert job.tuned_model, "a job that succeeded names no model"
    _check_told(trainer, job)
    return job


def _check_found(trainer: Trainer, job: ProviderJob, token: str) -> None:
    assert job.token == token, "a job does not carry the token that it was created with"
    found = trainer.find(token)
    assert found is not None, "find does not find the job that carries the token"
    assert found.id == job.id, "find finds another job"
    assert trainer.find(f"{token}-other") is None, "find finds a job by a token that none carries"
    ids = [one.id for one in trainer.jobs()]
    assert job.id in ids, "jobs does not list a job that was created"
    assert len(ids) == len(set(ids)), "jobs lists a job twice"


def _check_told(trainer: Trainer, job: ProviderJob) -> None:
    events: list[JobEvent] = list(trainer.events(job.id))
    assert len({one.id for one in events}) == len(events), "events tells one twice"
    times = [one.at for one in events]
    assert times == sorted(times, reverse=True), "events are not newest first"
    steps = [one.step for one in trainer.checkpoints(job.id)]
    assert steps == sorted(steps), "checkpoints are not by step"
    for file in job.result_files:
        content: Any = trainer.content(file)
        assert isinstance(content, bytes), f"content returns {type(content).__name__}"
    try:
        trainer.content(_NOBODY)
    except RejectedError as error:
        assert error.hint, "a RejectedError does not say what to do next"
    else:
        raise AssertionError("content returns a file that nobody made")
