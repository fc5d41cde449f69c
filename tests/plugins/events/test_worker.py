# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The worker: what a provider told reaches the record once, whatever comes late or twice, and handlers are told."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from attrs import evolve

from enliterator_core import CLAIMED, DEAD, DONE, OURS, SKIPPED, WAITING, Event, WebhookEvent, Workspace
from enliterator_core.operations import TrainingJob
from enliterator_core.testing import check_event_handler
from enliterator_openai.testing import MODELS_FILE, SLOW, Fault, stand_in
from enliterator_worker import RecordKeeper
from enliterator_worker.keeper import MANY, by_subject, look
from enliterator_worker.worker import Worker

HERE = Path(__file__).parent
ROW = {"messages": [{"role": "user", "content": "What?"}, {"role": "assistant", "content": "That."}]}
AT = "2026-11-01T00:00:00+00:00"


@pytest.fixture
def server():
    with stand_in() as server:
        yield server


@pytest.fixture
def root(tmp_path, server, monkeypatch):
    """A workspace with the stand-in as its provider, and the handlers of told_handlers.py."""
    monkeypatch.setenv("OPENAI_API_KEY", "a-key-for-tests")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, (str(HERE), os.environ.get("PYTHONPATH")))))
    monkeypatch.syspath_prepend(str(HERE))
    settings = f'base_url = "{server.url}", models_file = "{MODELS_FILE}", max_retries = 0'
    keeper = "attempts = 3, first_wait = 0.0, lease = 20"
    (tmp_path / "plugins.toml").write_text(
        f'[[plugin]]\nmodule = "enliterator_openai"\nsettings = {{ {settings} }}\n'
        f'[[plugin]]\nmodule = "enliterator_worker"\nsettings = {{ {keeper} }}\n'
        '[[plugin]]\nmodule = "enliterator_on_success"\nenabled = false\n'
        '[[plugin]]\nmodule = "told_handlers"\n'
    )
    return tmp_path


@pytest.fixture
def workspace(root):
    with Workspace.open(root) as workspace:
        yield workspace


def job_at(server, records, steps, token="token"):
    """A job of ours at the provider, so many states on; the record knows it as queued."""
    file = server.upload("train.jsonl", (json.dumps(ROW) + "\n").encode() * 12, "fine-tune")["id"]
    made = server.create_job({"model": "small", "training_file": file, "metadata": {"enliterator": token}})
    server.advance(made["id"], steps)
    job = TrainingJob(0, token, "openai", "small", "d", {}, {"price": 2.0}, "ann", AT, "queued", remote=made["id"])
    return records.add_job(job)


def told(id, type, subject, queue="openai", **data):
    return WebhookEvent(0, queue, id, type, subject, json.dumps({"type": type, "data": {"id": subject, **data}}))


def drain(workspace):
    """Work until nothing is due; return what was said."""
    said = []
    Worker(workspace, said.append).run(drain=True)
    return said


def by_id(workspace, id, queue="openai"):
    (event,) = workspace.records.events(webhook_id=id, queue=queue)
    return event


def written(root):
    path = root / ".enliterator" / "written.txt"
    return [line.split() for line in path.read_text().splitlines()] if path.exists() else []


def test_what_a_provider_tells_is_asked_for_and_kept_once(root, server, workspace):
    records = workspace.records
    job = job_at(server, records, 10)
    types = ("succeeded", "succeeded", "failed", "cancelled", "running")
    events = [told(f"wh_{n}", f"fine_tuning.job.{type}", job.remote) for n, type in enumerate(types)]
    assert records.add_events(events) == [True] * 5 and records.add_events(events) == [False] * 5
    assert drain(workspace) == []
    kept = records.job(job.id)
    assert kept.state == "succeeded" and kept.tuned_model and kept.trained_tokens and records.job_metrics(job.id)
    assert [(one.state, one.told_by) for one in records.job_states(job.id)][1:] == [("succeeded", "webhook")]
    assert {by_id(workspace, f"wh_{n}").state for n in range(5)} == {DONE}
    assert server.asked(f"GET /v1/fine_tuning/jobs/{job.remote}") == 1, "what is true now is asked for once"
    (changed,) = records.events(queue=OURS, type="job.changed")
    assert written(root) == [[changed.webhook_id, "job.changed", f"{job.id}", "succeeded"]]
    records.add_events([told("wh_late", "fine_tuning.job.failed", job.remote)])
    drain(workspace)
    assert records.job(job.id) == kept and len(written(root)) == 1


def test_what_no_job_is_about_is_skipped_by_name(workspace, server):
    records = workspace.records
    records.add_events(
        [
            told("wh_1", "fine_tuning.job.succeeded", "ftjob-of-others"),
            told("wh_2", "fine_tuning.job.succeeded", ""),
            told("wh_3", "weather.changed", "x"),
            evolve(told("wh_4", "batch.completed", "batch_1"), body='{"type": "batch.completed", "data": []}'),
            told("wh_5", "eval.run.canceled", "run_1"),
        ]
    )
    assert drain(workspace) == []
    states = [(by_id(workspace, f"wh_{n}").state, by_id(workspace, f"wh_{n}").error) for n in range(1, 6)]
    assert states[0] == (SKIPPED, "no job of this workspace is ftjob-of-others")
    assert states[1:3] == [(SKIPPED, "it names no job"), (SKIPPED, "nobody here knows weather.changed")]
    assert states[3:] == [(DONE, ""), (DONE, "")]
    assert by_id(workspace, "wh_4", "handler:writes").state == DONE


def test_a_job_whose_creation_got_no_answer_is_known_by_its_token(workspace, server):
    records = workspace.records
    job = job_at(server, records, 10)
    remote = job.remote
    records.change_job(job.id, "trainer", state="sent", remote=None)
    records.add_events([told("wh_1", "fine_tuning.job.succeeded", remote)])
    drain(workspace)
    assert (records.job(job.id).state, records.job(job.id).remote) == ("succeeded", remote)


def test_a_provider_that_fails_is_asked_again_and_then_given_up(workspace, server):
    records = workspace.records
    job, fine = job_at(server, records, 10), job_at(server, records, 10, "another")
    server.faults.append(Fault(500, f"GET /v1/fine_tuning/jobs/{job.remote}", None))
    records.add_events([told(f"wh_{n}", "fine_tuning.job.succeeded", job.remote) for n in range(2)])
    records.add_events([told("wh_fine", "fine_tuning.job.succeeded", fine.remote)])
    said = drain(workspace)
    assert [by_id(workspace, f"wh_{n}").state for n in range(2)] == [DEAD, DEAD]
    assert "500" in by_id(workspace, "wh_0").error and any("given up" in line for line in said)
    assert records.job(fine.id).state == "succeeded", "the trouble of one job is no other's"
    server.faults.clear()
    records.replay_event(by_id(workspace, "wh_0").number)
    drain(workspace)
    assert by_id(workspace, "wh_0").state == DONE and records.job(job.id).state == "succeeded"


def test_of_many_jobs_that_have_ended_the_list_tells(workspace, server):
    records = workspace.records
    jobs = [job_at(server, records, 10, f"t{n}") for n in range(MANY)]
    running = job_at(server, records, 3, "running")
    told_of = [told(f"wh_{n}", "fine_tuning.job.succeeded", job.remote) for n, job in enumerate([*jobs, running])]
    records.add_events(told_of)
    assert drain(workspace) == []
    assert {records.job(job.id).state for job in jobs} == {"succeeded"} and all(map(records.job_metrics, ids(jobs)))
    assert records.job(running.id).state == "running", "by itself: what the list says of it may be old"
    assert server.calls.count("GET /v1/fine_tuning/jobs") == 1
    assert server.asked("GET /v1/fine_tuning/jobs/") == server.asked(f"GET /v1/fine_tuning/jobs/{running.remote}") == 1


def test_where_the_list_fails_every_job_is_asked_for_by_itself(workspace, server):
    records = workspace.records
    jobs = [job_at(server, records, 10, f"t{n}") for n in range(MANY)]
    server.faults.append(Fault(500, "GET /v1/fine_tuning/jobs", 1))
    records.add_events([told(f"wh_{n}", "fine_tuning.job.succeeded", job.remote) for n, job in enumerate(jobs)])
    assert drain(workspace) == []
    assert {records.job(job.id).state for job in jobs} == {"succeeded"}
    assert server.asked("GET /v1/fine_tuning/jobs/") == MANY


def test_a_change_that_cannot_be_kept_stops_no_other(workspace, server, monkeypatch):
    records = workspace.records
    jobs = [job_at(server, records, 10, f"t{n}") for n in range(3)]
    monkeypatch.setattr("enliterator_worker.worker.look", looks_at_none_of(jobs[0].remote))
    records.add_events([told(f"wh_{n}", "fine_tuning.job.succeeded", job.remote) for n, job in enumerate(jobs)])
    assert any("given up" in line for line in drain(workspace))
    assert [by_id(workspace, f"wh_{n}").state for n in range(3)] == [DEAD, DONE, DONE]
    assert [records.job(job.id).state for job in jobs] == ["queued", "succeeded", "succeeded"]


def ids(jobs):
    return [job.id for job in jobs]


def looks_at_none_of(remote):
    """Look as always, but of one job see what cannot be kept."""

    def seen(workspace, subject, queue, shown):
        state, note, change = look(workspace, subject, queue, shown)
        return state, note, evolve(change, job=99) if subject == remote else change

    return seen


def test_what_one_event_leads_to_stops_no_other(workspace, server, monkeypatch):
    records, job = workspace.records, job_at(server, workspace.records, 10)

    def look(workspace, subject, queue, shown):
        raise KeyError("a field that nobody expected")

    monkeypatch.setattr("enliterator_worker.worker.look", look)
    records.add_events([told("wh_1", "fine_tuning.job.succeeded", job.remote), told("wh_2", "weather.changed", "x")])
    assert any("given up" in line for line in drain(workspace))
    assert (by_id(workspace, "wh_1").state, by_id(workspace, "wh_2").state) == (DEAD, SKIPPED)
    assert by_id(workspace, "wh_1").error == "KeyError: 'a field that nobody expected'"


def test_every_attempt_waits_longer_and_none_alike(workspace):
    records, waits = workspace.records, []
    worker = Worker(workspace, lambda line: None)
    worker.keeper.attempts, worker.keeper.first_wait, worker.keeper.longest_wait = 50, 2.0, 100.0
    records.add_events([told("wh_1", "batch.failed", "b")])
    (claimed,) = records.claim_events("openai", "w")
    records.settle_events = lambda events, state, error, *, wait, follow: waits.append(wait)  # type: ignore[method-assign]
    for attempt in range(1, 40):
        worker._again([evolve(claimed, attempts=attempt)], "busy")
    assert 1 <= waits[0] <= 2 and 2 <= waits[1] <= 4 and all(50 <= wait <= 100 for wait in waits[6:])
    assert len(set(waits)) == len(waits), "no two wait alike"


def test_a_handler_that_raises_dies_or_hangs_hurts_only_itself(root, workspace):
    records = workspace.records
    for type in ("probe.raise", "probe.die", "probe.hang"):
        workspace.keep(Event(type, {"job": 1, "id": type}))
    drain(workspace)
    dead = {one.queue: (one.attempts, one.error) for one in records.events(state=DEAD)}
    assert dead["handler:raises"] == (3, "RuntimeError: as it does")
    assert dead["handler:dies"] == (3, "its process ended with 7")
    assert dead["handler:hangs"] == (3, "took more than 0.3 s and was ended") and len(dead) == 3
    assert [line[1] for line in written(root)] == ["probe.raise", "probe.die", "probe.hang"]
    with pytest.raises(ProcessLookupError):
        os.kill(int((root / ".enliterator" / "hung.txt").read_text()), 0)


def test_a_worker_that_dies_with_an_event_again_and_again_gives_it_up(workspace):
    records = workspace.records
    records.add_events([told("wh_1", "batch.failed", "b")])
    for _ in range(3):
        assert records.claim_events("openai", "dead", lease=-1)
    said = drain(workspace)
    assert by_id(workspace, "wh_1").state == DEAD and "died" in by_id(workspace, "wh_1").error and said


def test_a_lease_is_renewed_while_it_is_worked_on(workspace, server):
    records, job = workspace.records, job_at(server, workspace.records, 10)
    (keeper,) = (one for one in workspace.plugins.event_handlers if one.name == "record_keeper")
    keeper.lease = 1.0
    server.faults.append(Fault(SLOW, f"GET /v1/fine_tuning/jobs/{job.remote}", seconds=2.5))
    records.add_events([told("wh_1", "fine_tuning.job.succeeded", job.remote)])
    working = threading.Thread(target=drain, args=[workspace])
    working.start()
    end = time.monotonic() + 10
    while by_id(workspace, "wh_1").state != CLAIMED and time.monotonic() < end:
        time.sleep(0.02)
    claimed = time.monotonic()
    while working.is_alive() and time.monotonic() - claimed < 2.2:
        assert records.claim_events("openai", "thief") == [], "its lease of a second ran out"
        time.sleep(0.1)
    working.join()
    assert by_id(workspace, "wh_1").state == DONE and by_id(workspace, "wh_1").attempts == 1


def test_a_stage_that_finished_reaches_a_durable_handler_only_where_one_asks(workspace):
    workspace.emit(Event("stage.finished", {"batch": 1}))
    assert workspace.records.events(queue=OURS) == []
    workspace.emit(Event("probe.own", {"batch": 1, "id": "x"}))
    (kept,) = workspace.records.events(queue=OURS)
    assert (kept.type, kept.subject, kept.state) == ("probe.own", "batch 1", WAITING) and kept.webhook_id


def test_the_command_drains_stops_when_told_and_counts(root, server, workspace):
    job = job_at(server, workspace.records, 10)
    workspace.records.add_events([told("wh_1", "fine_tuning.job.succeeded", job.remote)])
    call = [sys.executable, "-m", "enliterator_core.cli", "--workspace", str(root), "worker"]
    running = subprocess.Popen([*call, "--count", "2"])
    end = time.monotonic() + 60
    while not written(root) and time.monotonic() < end:
        time.sleep(0.05)
    running.send_signal(signal.SIGTERM)
    assert running.wait(60) == 0 and workspace.records.job(job.id).state == "succeeded"
    assert len(written(root)) == 1 and by_id(workspace, "wh_1").state == DONE


def test_workers_end_with_the_process_that_started_them_and_was_killed(root):
    call = [sys.executable, "-m", "enliterator_core.cli", "--workspace", str(root), "worker", "--count", "1"]
    starter = "import subprocess, sys, os; print(subprocess.Popen([*sys.argv[1:], '--parent', str(os.getpid())]).pid)"
    ended = subprocess.run([sys.executable, "-c", starter, *call], stdout=subprocess.PIPE, check=True)
    worker, end = int(ended.stdout), time.monotonic() + 30
    while Path(f"/proc/{worker}").exists() and time.monotonic() < end:
        time.sleep(0.1)
    assert not Path(f"/proc/{worker}").exists()


def test_a_hung_handler_ends_with_the_worker_that_was_killed(root):
    call = [sys.executable, "-m", "enliterator_worker.host", str(root), "hangs"]
    with subprocess.Popen(call, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as host:
        assert json.loads(host.stdout.readline()) == {"error": None}
        host.stdin.write(b'{"type": "probe.hang", "data": {}, "id": "x"}\n')
        host.stdin.flush()
        end = time.monotonic() + 10
        while not (root / ".enliterator" / "hung.txt").exists() and time.monotonic() < end:
            time.sleep(0.02)
        assert (root / ".enliterator" / "hung.txt").exists(), "it hangs"
        host.stdin.close()  # what the system does for a process that was killed
        assert host.wait(5) == 0


def test_the_record_keeper_is_a_handler_like_any_other(workspace, server):
    job = job_at(server, workspace.records, 10)
    event = Event("fine_tuning.job.succeeded", {"id": job.remote}, "wh_1")
    check_event_handler(RecordKeeper(), event, workspace.state)
    assert [one.state for one in workspace.records.job_states(job.id)][1:] == ["succeeded"]


def test_events_of_a_subject_come_together_in_order():
    events = [evolve(told(f"{n}", "t", name), number=n) for n, name in enumerate(("b", "", "a", "b", ""))]
    groups = [[one.number for one in group] for group in by_subject(events)]
    assert sorted(groups) == [[0, 3], [1], [2], [4]]
