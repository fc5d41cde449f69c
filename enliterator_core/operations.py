# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The operational nouns: datasets that were sent, files, training jobs, deployments, calls and withdrawals, as records
keep them.

Times are ISO 8601 in UTC; `who` is a person's name as the system knows it; a `provider` is named as in plugins.toml.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal

from attrs import field, frozen

PREPARED: Final = "prepared"
SENT: Final = "sent"
GONE: Final = "gone"
WAITING: Final = "waiting"
CLAIMED: Final = "claimed"
DONE: Final = "done"
SKIPPED: Final = "skipped"
DEAD: Final = "dead"
OURS: Final = "ours"
ENDED: Final = frozenset(("succeeded", "failed", "cancelled", GONE, "rejected"))


@frozen
class DatasetRecord:
    """A dataset as it was sent to training: `hash` stands for its files, `content` holds its files, tasks and sources.

    `content` is `{"files": {name: {"sha256", "bytes"}}, "tasks": {name: count}, "sources": {path: examples}}`.
    """

    hash: str
    batch: int | None
    folder: str
    at: str
    content: Mapping[str, Any]


@frozen
class UploadedFile:
    """A file that a provider holds: `sha256` of its content, `id` as the provider calls it, `size` in bytes."""

    provider: str
    sha256: str
    id: str
    name: str
    size: int
    at: str


@frozen
class TrainingJob:
    """One training job: what was asked, by whom, and how it stands.

    `token` is ours and travels with the job; `remote` is the provider's id, None until it is known. `state` is
    PREPARED (the intent is kept), SENT (the request is on its way, its answer unknown), then the provider's own word,
    kept as it is; `rejected` (the provider said no, nothing was made) and GONE are ours. `request` holds method,
    hyperparameters, seed, suffix and file ids; `quote` what it was to cost; `error` code, message and param.
    `cost` is what the trained tokens came to, in the quote's currency.
    """

    id: int
    token: str
    provider: str
    model: str
    dataset: str
    request: Mapping[str, Any]
    quote: Mapping[str, Any]
    who: str
    created_at: str
    state: str = PREPARED
    updated_at: str = ""
    remote: str | None = None
    tuned_model: str | None = None
    trained_tokens: int | None = None
    cost: float | None = None
    error: Mapping[str, Any] | None = None
    result_files: tuple[str, ...] = ()

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.state in ENDED


@frozen
class JobChange:
    """What changes of a job: its fields by name, its metrics where there are some, and why (`detail`)."""

    job: int
    fields: Mapping[str, Any]
    detail: str = ""
    metrics: Sequence[Mapping[str, float]] = ()


@frozen
class JobState:
    """One state of a job, and who told it: `told_by` is poll, webhook, person or trainer (ourselves)."""

    job: int
    at: str
    state: str
    told_by: str
    detail: str = ""


@frozen
class Deployment:
    """One switch of the model that serves a task; appended, never changed.

    `model` and `previous` are `provider:model` or None (unset); `undoes` is the id of the deployment that a rollback
    took back. `job` and `dataset` are what the model was made from, where it was made here.
    """

    id: int
    at: str
    task: str
    model: str | None
    previous: str | None
    who: str
    job: int | None = None
    dataset: str | None = None
    undoes: int | None = None


@frozen
class WebhookEvent:
    """One event in a queue: what a provider told us, what happened here, or its delivery to one handler.

    `queue` says whose turn it is: a receiver's name (`openai`) for what came in, OURS for what happened here,
    `handler:NAME` for a delivery. `webhook_id` is the same whenever it is sent again, and unique in its queue;
    `subject` is what it is about (the provider's `data.id`, `job 3`): events of one subject are handled in order.
    `body` is JSON, as it came. `state` is WAITING, CLAIMED (by `claimed_by`), DONE, SKIPPED (nobody knows its type) or
    DEAD (given up, see `error`). `due_at` is when it may be claimed: the next attempt, or the end of the lease.
    `attempts` counts the claims. `settled_at` is when it became DONE, SKIPPED or DEAD.
    """

    number: int
    queue: str
    webhook_id: str
    type: str
    subject: str
    body: str
    received_at: str = ""
    state: str = WAITING
    attempts: int = 0
    due_at: str = ""
    claimed_by: str = ""
    error: str = ""
    settled_at: str | None = None


@frozen
class EventTotal:
    """How many events of a queue and a type are in a state, and when the oldest of them was received."""

    queue: str
    type: str
    state: str
    events: int
    oldest: str


@frozen
class Usage:
    """One call of a model: tokens, `seconds` until the answer, `cost` (None: no price is known), and what went wrong.

    `error` is the error's class name, never its text. A `cached` answer took no call.
    """

    at: str
    task: str
    provider: str
    model: str
    kind: Literal["chat", "embed", "train"]
    input_tokens: int = 0
    output_tokens: int = 0
    seconds: float = 0.0
    cost: float | None = None
    currency: str = "USD"
    error: str | None = None
    cached: bool = field(default=False, converter=bool)


@frozen
class UsageTotal:
    """Calls of one task to one model, added up; `seconds` is their mean, `unpriced` counts calls of unknown price."""

    task: str
    provider: str
    model: str
    kind: str
    currency: str
    calls: int
    errors: int
    cached: int
    input_tokens: int
    output_tokens: int
    seconds: float
    cost: float
    unpriced: int


@frozen
class Withdrawal:
    """A source that was withdrawn, or with ``undoes`` (the id of a withdrawal) given back; appended, never changed.

    ``places`` are the batches (numbers) and paths that it stood under, ``sha256`` its content (None where no graph
    held it any more), ``named`` what had been made from it by then, as :func:`enliterator_core.training.made_from`
    returns it.
    """

    id: int
    at: str
    who: str
    reason: str
    places: tuple[tuple[int, str], ...]
    sha256: str | None = None
    named: Mapping[str, Any] = field(factory=dict)
    undoes: int | None = None
