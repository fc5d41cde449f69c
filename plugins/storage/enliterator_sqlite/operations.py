# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Datasets that were sent, uploads, training jobs, deployments and calls, in the records' database."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import attrs
import orjson
from sqlalchemy import Connection, Integer, Select, cast, delete, func, insert, select, update

from enliterator_core import (
    ENDED,
    DatasetRecord,
    Deployment,
    JobChange,
    JobState,
    ServiceError,
    TrainingJob,
    UploadedFile,
    Usage,
    UsageTotal,
    WebhookEvent,
)
from enliterator_sqlite.database import now, to_json
from enliterator_sqlite.events import Events, keep_ours
from enliterator_sqlite.tables import (
    DATASET,
    DEPLOYMENT,
    JOB,
    JOB_METRICS,
    JOB_STATE,
    SETTING,
    SETTING_CHANGE,
    UPLOADED_FILE,
    USAGE,
)

_JSON: Final = ("request", "quote", "error", "result_files")
_FIXED: Final = frozenset(("id", "token", "created_at", "updated_at"))


def _row(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return a job's fields as its columns hold them."""
    return {name: to_json(value) if name in _JSON and value is not None else value for name, value in values.items()}


def job_row(job: TrainingJob) -> dict[str, Any]:
    """Return the columns of a job that has no number yet."""
    values = _row(attrs.asdict(job, recurse=False))
    del values["id"]
    return values


_FIELDS: Final = tuple(JOB.c[one.name] for one in attrs.fields(TrainingJob))
_NAMES: Final = frozenset(one.name for one in _FIELDS)
_PLACES: Final = tuple(place for place, one in enumerate(_FIELDS) if one.name in _JSON)


def _job(row: Sequence[Any]) -> TrainingJob:
    """Return the job of a row of _FIELDS, of which the result files are the last."""
    values = list(row)
    for place in _PLACES:
        values[place] = None if values[place] is None else orjson.loads(values[place])
    values[-1] = tuple(values[-1])
    return TrainingJob(*values)


def write_setting(connection: Connection, key: str, value: str | None, who: str, note: str) -> str | None:
    """Set (None: unset) a setting and append the change to its history; return what it was."""
    old: str | None = connection.execute(select(SETTING.c.value).where(SETTING.c.key == key)).scalar_one_or_none()
    if value is None:
        connection.execute(delete(SETTING).where(SETTING.c.key == key))
    elif old is None:
        connection.execute(insert(SETTING).values(key=key, value=value))
    else:
        connection.execute(update(SETTING).where(SETTING.c.key == key).values(value=value))
    change = {"key": key, "old": old, "new": value, "at": now(), "who": who, "note": note}
    connection.execute(insert(SETTING_CHANGE).values(change))
    return old


def _keep_metrics(connection: Connection, job: int, rows: Sequence[Mapping[str, float]]) -> None:
    connection.execute(delete(JOB_METRICS).where(JOB_METRICS.c.job == job))
    connection.execute(insert(JOB_METRICS).values(job=job, rows=to_json([dict(row) for row in rows])))


def _change(connection: Connection, change: JobChange, told_by: str) -> tuple[TrainingJob, WebhookEvent | None]:
    """Change one job; return it, and the event that tells of it where its state has changed."""
    id, at = change.job, now()
    row = connection.execute(select(*_FIELDS).where(JOB.c.id == id)).one_or_none()
    if row is None:
        raise ServiceError(f"there is no job {id}", hint="enliterator jobs list shows those that there are")
    values = _row(change.fields)
    if row.state in ENDED:
        values.pop("state", None)
    changed = {name: value for name, value in values.items() if value != getattr(row, name)}
    if changed:
        values = {**changed, "updated_at": at}
        row = connection.execute(update(JOB).where(JOB.c.id == id).values(values).returning(*_FIELDS)).one()
    if change.metrics:
        _keep_metrics(connection, id, change.metrics)
    job = _job(row)
    if "state" not in changed:
        return job, None
    state = {"job": id, "at": at, "state": job.state, "told_by": told_by, "detail": change.detail}
    connection.execute(insert(JOB_STATE).values(state))
    told = {"job": id, "provider": job.provider, "state": job.state, "model": job.tuned_model}
    return job, keep_ours(connection, "job.changed", f"job {id}", told)


class Operations(Events):
    """What was sent, trained, deployed and asked."""

    def add_dataset(self, dataset: DatasetRecord) -> None:
        """Keep what was sent, by hash; one that is kept already stays as it is."""
        with self._writing() as connection:
            known = connection.execute(select(DATASET.c.hash).where(DATASET.c.hash == dataset.hash)).one_or_none()
            if known is None:
                values = {**attrs.asdict(dataset, recurse=False), "content": to_json(dataset.content)}
                connection.execute(insert(DATASET).values(values))

    def dataset(self, hash: str) -> DatasetRecord | None:
        """One dataset."""
        with self._reading() as connection:
            row = connection.execute(select(DATASET).where(DATASET.c.hash == hash)).mappings().one_or_none()
        return None if row is None else DatasetRecord(**{**row, "content": orjson.loads(row["content"])})

    def add_file(self, file: UploadedFile) -> None:
        """Append a file that a provider holds."""
        with self._writing() as connection:
            connection.execute(insert(UPLOADED_FILE).values(attrs.asdict(file)))

    def uploaded_file(self, provider: str, sha256: str) -> UploadedFile | None:
        """The newest file of that content at the provider."""
        table = UPLOADED_FILE.c
        statement = select(UPLOADED_FILE).where(table.provider == provider, table.sha256 == sha256)
        with self._reading() as connection:
            row = connection.execute(statement.order_by(table.number.desc()).limit(1)).mappings().one_or_none()
        return None if row is None else UploadedFile(*(row[one.name] for one in attrs.fields(UploadedFile)))

    def add_job(self, job: TrainingJob) -> TrainingJob:
        """Keep a new job and its first state; return it numbered."""
        values = {**job_row(job), "updated_at": job.created_at}
        with self._writing() as connection:
            id = connection.execute(insert(JOB).values(values).returning(JOB.c.id)).scalar_one()
            state = {"job": id, "at": job.created_at, "state": job.state, "told_by": "person", "detail": ""}
            connection.execute(insert(JOB_STATE).values(state))
        return attrs.evolve(job, id=id, updated_at=job.created_at)

    def change_job(
        self,
        id: int,
        told_by: str,
        detail: str = "",
        *,
        on_change: Callable[[WebhookEvent], None] | None = None,
        **changes: Any,
    ) -> TrainingJob:
        """Change fields of a job; a changed state goes to its history and as an event, in one transaction."""
        return self.change_jobs([JobChange(id, changes, detail)], told_by, on_change)[0]

    def change_jobs(
        self, changes: Sequence[JobChange], told_by: str, on_change: Callable[[WebhookEvent], None] | None = None
    ) -> list[TrainingJob]:
        """Change jobs, and their metrics where some are given, in one transaction."""
        for change in changes:
            unknown = set(change.fields) - _NAMES | (set(change.fields) & _FIXED)
            if unknown:
                raise TypeError(f"a job's {', '.join(sorted(unknown))} cannot be changed")
        with self._writing() as connection:
            kept = [_change(connection, change, told_by) for change in changes]
        for _, event in kept:
            if event is not None and on_change is not None:
                on_change(event)
        return [job for job, _ in kept]

    def job(self, id: int) -> TrainingJob | None:
        """One job."""
        found = self._jobs(select(*_FIELDS).where(JOB.c.id == id))
        return found[0] if found else None

    def jobs(self, *, open: bool = False, remote: str | None = None, limit: int | None = None) -> list[TrainingJob]:
        """Jobs, newest first: all, those that have not ended, or those that a provider calls `remote`."""
        statement = select(*_FIELDS).order_by(JOB.c.id.desc()).limit(limit)
        if open:
            statement = statement.where(JOB.c.state.not_in(sorted(ENDED)))
        return self._jobs(statement if remote is None else statement.where(JOB.c.remote == remote))

    def _jobs(self, statement: Select[Any]) -> list[TrainingJob]:
        with self._reading() as connection:
            return [_job(row) for row in connection.execute(statement)]

    def job_states(self, id: int) -> list[JobState]:
        """A job's states, oldest first, with who told them."""
        table = JOB_STATE.c
        columns = (table.job, table.at, table.state, table.told_by, table.detail)
        with self._reading() as connection:
            rows = connection.execute(select(*columns).where(table.job == id).order_by(table.number))
            return [JobState(*row) for row in rows]

    def set_job_metrics(self, id: int, rows: Sequence[Mapping[str, float]]) -> None:
        """Keep a job's metrics, a row for a step, in the place of those that were kept."""
        with self._writing() as connection:
            _keep_metrics(connection, id, rows)

    def job_metrics(self, id: int) -> list[dict[str, float]]:
        """A job's metrics, by step; none where none are kept."""
        with self._reading() as connection:
            kept = connection.execute(select(JOB_METRICS.c.rows).where(JOB_METRICS.c.job == id)).scalar_one_or_none()
        rows: list[dict[str, float]] = [] if kept is None else orjson.loads(kept)
        return rows

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
        """Set `model.<task>`, append that to its history, and append a deployment: one transaction."""
        note = f"deployed from job {job}" if job else "deployed" if undoes is None else f"deployment {undoes} undone"
        values: dict[str, Any] = {"task": task, "model": model, "who": who, "job": job, "dataset": dataset}
        with self._writing() as connection:
            previous = write_setting(connection, f"model.{task}", model, who, note)
            values |= {"at": now(), "previous": previous, "undoes": undoes}
            id = connection.execute(insert(DEPLOYMENT).values(values).returning(DEPLOYMENT.c.id)).scalar_one()
            told = {"deployment": id, **{name: values[name] for name in ("task", "model", "previous", "job", "who")}}
            keep_ours(connection, "model.deployed" if undoes is None else "model.rolled_back", f"task {task}", told)
        return Deployment(id=id, **values)

    def deployments(self, task: str | None = None) -> list[Deployment]:
        """Every deployment, oldest first, of one task or of all."""
        statement = select(DEPLOYMENT).order_by(DEPLOYMENT.c.id)
        if task is not None:
            statement = statement.where(DEPLOYMENT.c.task == task)
        with self._reading() as connection:
            return [Deployment(**row) for row in connection.execute(statement).mappings()]

    def add_usage(self, usage: Usage) -> None:
        """Append one call."""
        with self._writing() as connection:
            connection.execute(insert(USAGE).values(attrs.asdict(usage)))

    def usage(self, since: str | None = None) -> list[UsageTotal]:
        """Calls from a time on, added up, by task, provider, model and kind."""
        table = USAGE.c
        by = (table.task, table.provider, table.model, table.kind, table.currency)
        sums = (
            func.count(),
            func.count(table.error),
            func.coalesce(func.sum(cast(table.cached, Integer)), 0),
            func.sum(table.input_tokens),
            func.sum(table.output_tokens),
            func.avg(table.seconds),
            func.coalesce(func.sum(table.cost), 0.0),
            func.count() - func.count(table.cost),
        )
        statement = select(*by, *sums).group_by(*by).order_by(*by)
        if since is not None:
            statement = statement.where(table.at >= since)
        with self._reading() as connection:
            return [UsageTotal(*row) for row in connection.execute(statement)]
