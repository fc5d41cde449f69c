# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The facet `records` of a storage: what a workspace keeps of its operation, and the events that wait for a worker."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from attrs import frozen

from enliterator_core.nouns import Batch
from enliterator_core.operations import (
    DatasetRecord,
    Deployment,
    EventTotal,
    JobChange,
    JobState,
    TrainingJob,
    UploadedFile,
    Usage,
    UsageTotal,
    WebhookEvent,
    Withdrawal,
)


@frozen
class SettingChange:
    """One change of a setting: what it was, what it became (None: unset), when (ISO 8601, UTC) and who did it.

    ``note`` is what else there is to say: that the value is unverified and why, the job that a deployment came from.
    """

    key: str
    old: str | None
    new: str | None
    at: str
    who: str
    note: str = ""


class Records(Protocol):
    """The operational records of a workspace."""

    def add_batch(self, name: str, origin: str, settings: str) -> Batch:
        """Number and keep a new batch."""

    def batches(self) -> list[Batch]:
        """Every batch, by number."""

    def batch(self, id: int) -> Batch | None:
        """One batch."""

    def batch_of(self, origin: str) -> Batch | None:
        """The newest batch made from the origin."""

    def add_build(self, batch: int, result: Mapping[str, Any]) -> None:
        """Append one build's result (JSON)."""

    def last_build(self, batch: int) -> dict[str, Any] | None:
        """The newest build's result."""

    def set_setting(self, key: str, value: str | None, who: str, note: str = "") -> None:
        """Set (None: unset) a setting and append the change, with its note, to its history, in one transaction."""

    def settings(self) -> dict[str, str]:
        """Every setting that is set, by key."""

    def setting_history(self, key: str | None = None) -> list[SettingChange]:
        """Every change, oldest first, of one setting or of all."""

    def add_dataset(self, dataset: DatasetRecord) -> None:
        """Keep what was sent, by hash; one that is kept already stays as it is."""

    def dataset(self, hash: str) -> DatasetRecord | None:
        """One dataset."""

    def add_file(self, file: UploadedFile) -> None:
        """Append a file that a provider holds."""

    def uploaded_file(self, provider: str, sha256: str) -> UploadedFile | None:
        """The newest file of that content at the provider."""

    def add_job(self, job: TrainingJob) -> TrainingJob:
        """Keep a new job, its token not used before, and its first state; return it numbered (its `id` is not read)."""

    def change_job(
        self,
        id: int,
        told_by: str,
        detail: str = "",
        *,
        on_change: Callable[[WebhookEvent], None] | None = None,
        **changes: Any,
    ) -> TrainingJob:
        """Change fields of a job; a changed `state` is appended to its history, in one transaction.

        With it goes an event `job.changed` into the queue OURS; `on_change` is handed it once it is on disk, so of two
        that tell the same one is. A job that has ended keeps its state, whoever comes late. ServiceError when there is
        no such job.
        """

    def change_jobs(
        self, changes: Sequence[JobChange], told_by: str, on_change: Callable[[WebhookEvent], None] | None = None
    ) -> list[TrainingJob]:
        """Change jobs as `change_job` does, and their metrics where some are given: all in one transaction."""

    def job(self, id: int) -> TrainingJob | None:
        """One job."""

    def jobs(self, *, open: bool = False, remote: str | None = None, limit: int | None = None) -> list[TrainingJob]:
        """Jobs, newest first: all, those that have not ended, or those that a provider calls `remote`."""

    def job_states(self, id: int) -> list[JobState]:
        """A job's states, oldest first, with who told them."""

    def set_job_metrics(self, id: int, rows: Sequence[Mapping[str, float]]) -> None:
        """Keep a job's metrics, a row for a step, in the place of those that were kept."""

    def job_metrics(self, id: int) -> list[dict[str, float]]:
        """A job's metrics, by step; none where none are kept."""

    def deploy(
        self,
        task: str,
        model: str | None,
        who: str,
        *,
        job: int | None = None,
        dataset: str | None = None,
        undoes: int | None = None,
    ) -> Deployment:
        """Set (None: unset) `model.<task>`, append that to its history, and append a deployment: one transaction.

        With it goes an event `model.deployed`, or `model.rolled_back` where it undoes one, into the queue OURS.
        """

    def deployments(self, task: str | None = None) -> list[Deployment]:
        """Every deployment, oldest first, of one task or of all."""

    def add_usage(self, usage: Usage) -> None:
        """Append one call."""

    def usage(self, since: str | None = None) -> list[UsageTotal]:
        """Calls from a time on, added up, by task, provider, model and kind."""

    def add_events(self, events: Sequence[WebhookEvent]) -> list[bool]:
        """Keep events in one transaction, in order, and say of each whether it is new; on disk when it returns.

        One whose `queue` and `webhook_id` are known (or come twice here) is left out. Of each only `queue`,
        `webhook_id`, `type`, `subject`, `body` and `received_at` (empty: now) are read; it is due at once.
        """

    def due_queues(self) -> list[str]:
        """The queues in which something is due, by name; a cheap look before a claim."""

    def claim_events(self, queue: str, by: str, *, limit: int = 100, lease: float = 60.0) -> list[WebhookEvent]:
        """Claim what is due in a queue, oldest first, for `lease` seconds; a claim adds one to the `attempts`.

        Never one of a subject whose earlier event is held by somebody else or waits for its next attempt; events of
        one subject that are all due come together. An empty subject is none: its events are in nobody's way. What was
        claimed and not settled when its lease ends is due again.
        """

    def extend_lease(self, events: Sequence[WebhookEvent], lease: float = 60.0) -> int:
        """Hold claimed events for `lease` seconds from now; return how many of them are still held."""

    def settle_events(
        self,
        events: Sequence[WebhookEvent],
        state: str,
        error: str = "",
        *,
        wait: float = 0.0,
        follow: Sequence[WebhookEvent] = (),
    ) -> int:
        """Give claimed events their `state`, and keep those that `follow` from them, in one transaction.

        With WAITING they are due again in `wait` seconds. One whose claim has been lost stays as it is; return how
        many were held. Those that follow are kept as `add_events` does, whether or not.
        """

    def replay_event(self, number: int) -> WebhookEvent:
        """Let a settled event wait again, its attempts forgotten; ServiceError when there is none that is settled."""

    def event(self, number: int) -> WebhookEvent | None:
        """One event."""

    def events(
        self,
        *,
        queue: str | None = None,
        type: str | None = None,
        state: str | None = None,
        subject: str | None = None,
        webhook_id: str | None = None,
        before: int | None = None,
        limit: int = 50,
    ) -> list[WebhookEvent]:
        """Events, newest first: those that fit all that is given, with a number below `before`."""

    def event_totals(self) -> list[EventTotal]:
        """How many events there are, by queue, type and state."""

    def add_withdrawal(self, withdrawal: Withdrawal) -> Withdrawal:
        """Append a withdrawal, or what takes one back; return it numbered (its `id` is not read).

        ServiceError when it takes back one that there is not, or that was taken back already.
        """

    def withdrawals(self) -> list[Withdrawal]:
        """Every withdrawal, also those taken back and what took them back, oldest first."""

    def close(self) -> None:
        """Let go of the database."""
