# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Storage by URL scheme, with two facets: `graph` (one batch's graph) and `records` (batches, settings, builds)."""

from abc import ABC
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar, Protocol

from attrs import frozen

from enliterator_core.columns import EntityColumns, RelationColumns
from enliterator_core.nouns import Batch, Document, Entity, Gap, Relation, Rights, Source, Term
from enliterator_core.operations import (
    DatasetRecord,
    Deployment,
    JobState,
    TrainingJob,
    UploadedFile,
    Usage,
    UsageTotal,
    Withdrawal,
)


class GraphStorage(Protocol):
    """One batch's graph.

    Writes are upserts by id (a source's by path). What is written to a graph opened for rebuilding becomes visible
    to others in one step, with `publish`. Every `Iterator` streams in the order that its method names.
    """

    def write_rights(self, rights: Iterable[Rights]) -> int:
        """Keep rights, by id; return how many were given (as every write does)."""

    def write_sources(self, sources: Iterable[Source]) -> int:
        """Keep sources, by path."""

    def write_documents(self, documents: Iterable[tuple[str, Document]]) -> int:
        """Keep the text and blocks of sources, by path."""

    def write_terms(self, terms: Iterable[Term]) -> int:
        """Keep terms, by entity."""

    def write_entities(self, entities: Iterable[Entity]) -> int:
        """Keep entities, by id, and make their names, descriptions and texts findable by `search`."""

    def write_relations(self, relations: Iterable[Relation]) -> int:
        """Keep relations, by subject, verb and object; both entities must be there, else ServiceError."""

    def write_gaps(self, gaps: Iterable[Gap]) -> int:
        """Replace all gaps."""

    def write_note(self, key: str, value: Mapping[str, Any]) -> None:
        """Keep one JSON object under a key: a stage's result, the literacy."""

    def rights(self) -> Iterator[Rights]:
        """Every rights, by id."""

    def sources(self) -> Iterator[Source]:
        """Every source, by path."""

    def document(self, path: str) -> Document | None:
        """The text and blocks of one source."""

    def terms(self) -> Iterator[Term]:
        """Every term, by pool, then name."""

    def entities(self) -> Iterator[Entity]:
        """Every entity, by pool, then name."""

    def entity(self, id: str) -> Entity | None:
        """One entity."""

    def relations(self) -> Iterator[Relation]:
        """Every relation, by subject, verb and object."""

    def scan_entities(self, size: int) -> Iterator[EntityColumns]:
        """Every entity, by pool, then name, in columns, at most ``size`` at a time.

        What reads a whole graph reads this. A storage that has nothing faster passes `entities` through
        :func:`enliterator_core.entity_columns`.
        """

    def scan_relations(self, size: int) -> Iterator[RelationColumns]:
        """Every relation, by subject, verb and object, in columns, at most ``size`` at a time."""

    def relations_of(self, id: str) -> list[Relation]:
        """The relations that the entity is subject or object of, by subject, verb and object."""

    def search(self, query: str, *, pools: Iterable[str] = (), limit: int = 10) -> list[tuple[str, float]]:
        """Entity ids and scores (higher is better), best first, ties by id; all words first, any of them as fallback.

        Any text is a legal query; one without a word finds nothing.
        """

    def gaps(self) -> list[Gap]:
        """Every gap, in the order written."""

    def note(self, key: str) -> dict[str, Any] | None:
        """What was kept under the key."""

    def notes(self) -> list[str]:
        """The keys under which something was kept, sorted."""

    def counts(self) -> dict[str, int]:
        """How many `sources`, `entities`, `relations` and `terms` there are."""

    def publish(self) -> None:
        """Make a rebuilt graph the batch's graph in one step; durable when it returns."""

    def close(self) -> None:
        """Let go of the graph; what was rebuilt and not published is discarded."""


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

    def change_job(self, id: int, told_by: str, detail: str = "", **changes: Any) -> TrainingJob:
        """Change fields of a job; a changed `state` is appended to its history, in one transaction.

        A job that has ended keeps its state, whoever comes late. ServiceError when there is no such job.
        """

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
        """Set (None: unset) `model.<task>`, append that to its history, and append a deployment: one transaction."""

    def deployments(self, task: str | None = None) -> list[Deployment]:
        """Every deployment, oldest first, of one task or of all."""

    def add_usage(self, usage: Usage) -> None:
        """Append one call."""

    def usage(self, since: str | None = None) -> list[UsageTotal]:
        """Calls from a time on, added up, by task, provider, model and kind."""

    def add_withdrawal(self, withdrawal: Withdrawal) -> Withdrawal:
        """Append a withdrawal, or what takes one back; return it numbered (its `id` is not read).

        ServiceError when it takes back one that there is not, or that was taken back already.
        """

    def withdrawals(self) -> list[Withdrawal]:
        """Every withdrawal, also those taken back and what took them back, oldest first."""

    def close(self) -> None:
        """Let go of the database."""


class Storage(ABC):
    """A storage, chosen by the scheme of a URL; a facet that it does not have returns None."""

    name: ClassVar[str]
    schemes: ClassVar[tuple[str, ...]]

    def graph(self, url: str, state: Path, batch: int, *, rebuild: bool = False) -> GraphStorage | None:
        """Open a batch's graph: the published one to read, or with `rebuild` an empty one to write.

        `state` is the workspace's `.enliterator` folder. Raises ServiceError when there is no such graph, or when
        another process is rebuilding it.
        """
        return None

    def records(self, url: str, state: Path) -> Records | None:
        """Open the records, making or upgrading the database when needed; ServiceError when that cannot be."""
        return None
