# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The part of the records' contract that holds what costs money: uploads, jobs, deployments and calls."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from attrs import evolve

from enliterator_core.contracts.records import Records
from enliterator_core.operations import DatasetRecord, JobChange, TrainingJob, UploadedFile, Usage, WebhookEvent
from enliterator_core.testing.storage_graph import refused

_AT = "2026-11-01T10:00:00+00:00"


def job_with(token: str, **fields: Any) -> TrainingJob:
    """Return a job that is not kept yet, its number 0."""
    given = {"provider": "acme", "model": "small", "dataset": "d1", "request": {"seed": 7}, "quote": {"price": 1.5}}
    return TrainingJob(0, token, who="ann", created_at=_AT, **{**given, **fields})


class OperationsContract:
    """What the records promise of datasets, files, jobs, deployments and calls."""

    @contextmanager
    def opened(self, workspace: Path) -> Iterator[Records]:
        """Open the records, and close them."""
        raise NotImplementedError
        yield

    def test_datasets_are_kept_by_hash_and_files_by_content(self, tmp_path: Path) -> None:
        """The first of a dataset and the newest of a file are what counts."""
        with self.opened(tmp_path) as records:
            one = DatasetRecord("d1", 1, "fine_tune/batch_1", _AT, {"sources": {"a.md": 3}})
            records.add_dataset(one)
            records.add_dataset(evolve(one, folder="elsewhere"))
            old = UploadedFile("acme", "ab", "file-1", "a.jsonl", 10, _AT)
            new = evolve(old, id="file-2")
            records.add_file(old)
            records.add_file(new)
        with self.opened(tmp_path) as records:
            assert records.dataset("d1") == one and records.dataset("d2") is None
            assert records.uploaded_file("acme", "ab") == new
            assert records.uploaded_file("acme", "cd") is None and records.uploaded_file("other", "ab") is None

    def test_jobs_keep_every_state_and_who_told_it(self, tmp_path: Path) -> None:
        """A state is appended when it changes, whatever word it is; what has ended stays ended."""
        with self.opened(tmp_path) as records:
            job = records.add_job(job_with("t1"))
            assert job == evolve(job_with("t1"), id=job.id, updated_at=job.updated_at) and records.job(job.id) == job
            refused(lambda: records.add_job(job_with("t1")))
            records.change_job(job.id, "trainer", state="sent")
            records.change_job(job.id, "poll", state="brewing → ü", remote="ft-1", result_files=("f1", "f2"))
            records.change_job(job.id, "poll", state="brewing → ü")
            done = records.change_job(job.id, "webhook", "as told", state="succeeded", tuned_model="small:1", cost=0.5)
            late = records.change_job(job.id, "poll", state="running", trained_tokens=9, error={"code": "x"})
            assert done.ended and late.state == "succeeded" and late.trained_tokens == 9
            refused(lambda: records.change_job(99, "poll", state="running"))
        with self.opened(tmp_path) as records:
            assert records.job(job.id) == late and late.result_files == ("f1", "f2") and late.error == {"code": "x"}
            told = [(one.state, one.told_by, one.detail) for one in records.job_states(job.id)]
            assert told == [
                ("prepared", "person", ""),
                ("sent", "trainer", ""),
                ("brewing → ü", "poll", ""),
                ("succeeded", "webhook", "as told"),
            ]
            assert records.job(99) is None and records.job_states(99) == []

    def test_jobs_are_listed_newest_first(self, tmp_path: Path) -> None:
        """All of them, those that have not ended, those of a provider's id, and no more than asked for."""
        with self.opened(tmp_path) as records:
            every = [records.add_job(job_with(f"t{number}", remote=f"ft-{number}")) for number in range(5)]
            records.change_job(every[1].id, "poll", state="failed")
            records.change_job(every[3].id, "poll", state="unheard of")
            ids = [job.id for job in reversed(every)]
            assert [job.id for job in records.jobs()] == ids
            assert [job.id for job in records.jobs(open=True)] == [id for id in ids if id != every[1].id]
            assert [job.id for job in records.jobs(limit=2)] == ids[:2]
            assert [job.id for job in records.jobs(remote="ft-2")] == [every[2].id]

    def test_metrics_of_a_job_replace_those_before(self, tmp_path: Path) -> None:
        """Rows as they were given."""
        with self.opened(tmp_path) as records:
            job = records.add_job(job_with("t1"))
            assert records.job_metrics(job.id) == []
            records.set_job_metrics(job.id, [{"step": 1, "train_loss": 2.5}])
            records.set_job_metrics(job.id, [{"step": 1, "train_loss": 2.5}, {"step": 2, "train_loss": 1.25}])
            assert records.job_metrics(job.id)[1] == {"step": 2, "train_loss": 1.25}
            records.change_job(job.id, "poll", state="running")
            assert len(records.job_metrics(job.id)) == 2, "where none are given, those that are kept stay"

    def test_several_jobs_change_together_with_their_metrics(self, tmp_path: Path) -> None:
        """All of them or, where one cannot, none; what tells of them is told after."""
        with self.opened(tmp_path) as records:
            one, other = (records.add_job(job_with(token)) for token in ("t1", "t2"))
            told: list[WebhookEvent] = []
            end = JobChange(one.id, {"state": "succeeded"}, "as told", [{"step": 3, "train_loss": 0.5}])
            refused(lambda: records.change_jobs([end, JobChange(99, {"state": "failed"})], "webhook", told.append))
            assert (records.job(one.id), records.job_metrics(one.id), told) == (one, [], [])
            changed = records.change_jobs([end, JobChange(other.id, {"state": "failed"})], "webhook", told.append)
            assert [job.state for job in changed] == ["succeeded", "failed"]
            assert records.job_metrics(one.id) == [{"step": 3, "train_loss": 0.5}]
            assert [event.subject for event in told] == [f"job {one.id}", f"job {other.id}"]
            assert records.job_states(one.id)[-1].detail == "as told"

    def test_a_deployment_is_a_setting_with_its_history(self, tmp_path: Path) -> None:
        """Both are changed together, and what was before is kept."""
        with self.opened(tmp_path) as records:
            records.set_setting("model.route", "acme:base", "ann")
            first = records.deploy("route", "acme:tuned", "ben", job=3, dataset="d1")
            assert (first.previous, first.job, records.settings()["model.route"]) == ("acme:base", 3, "acme:tuned")
            undone = records.deploy("route", first.previous, "cy", undoes=first.id)
            other = records.deploy("answer", "acme:tuned", "ben")
            cleared = records.deploy("answer", None, "ben", undoes=other.id)
        with self.opened(tmp_path) as records:
            assert records.settings() == {"model.route": "acme:base"}
            assert records.deployments() == [first, undone, other, cleared]
            assert records.deployments("route") == [first, undone] and undone.undoes == first.id
            changes = [(one.old, one.new, one.who) for one in records.setting_history("model.route")]
            assert changes[1:] == [("acme:base", "acme:tuned", "ben"), ("acme:tuned", "acme:base", "cy")]

    def test_calls_are_added_up(self, tmp_path: Path) -> None:
        """By task, provider, model and kind, from a time on."""
        call = Usage("2026-11-02T00:00:00+00:00", "route", "acme", "small", "chat", 10, 2, 1.0, 0.5)
        with self.opened(tmp_path) as records:
            assert records.usage() == []
            records.add_usage(call)
            records.add_usage(evolve(call, at="2026-11-03T00:00:00+00:00", seconds=3.0, cost=None, error="Timeout"))
            records.add_usage(evolve(call, kind="embed", cached=True, cost=0.0))
            chat, embed = records.usage()
            assert (chat.calls, chat.errors, chat.input_tokens, chat.seconds) == (2, 1, 20, 2.0)
            assert (chat.cost, chat.unpriced, embed.cached, embed.cost) == (0.5, 1, 1, 0.0)
            assert [one.calls for one in records.usage("2026-11-03T00:00:00+00:00")] == [1]

    def test_a_job_changed_by_many_loses_nothing(self, tmp_path: Path) -> None:
        """Four at once: every state that was a change is there, once."""
        with self.opened(tmp_path) as records:
            job = records.add_job(job_with("t1"))

        def work(who: int) -> None:
            with self.opened(tmp_path) as records:
                for number in range(8):
                    records.change_job(job.id, f"{who}", state=f"{who}.{number}")

        with ThreadPoolExecutor(4) as pool:
            list(pool.map(work, range(4)))
        with self.opened(tmp_path) as records:
            states = [one.state for one in records.job_states(job.id)]
            assert len(states) == 33 and len(set(states)) == 33
