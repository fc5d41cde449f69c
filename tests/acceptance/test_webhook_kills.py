# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The stand-in drives jobs through their states and sends signed webhooks into a running server with two workers, while
all of them are killed (kill -9) at random: the records end right, and what follows from an event happens once."""

import json
import os
import random
import socket
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from enliterator_core import DONE, OURS, Workspace
from enliterator_core.operations import TrainingJob
from enliterator_openai.testing import MODELS_FILE, SECRET, Sender, stand_in

KILLERS = Path(__file__).parent / "killers"
ROW = {"messages": [{"role": "user", "content": "What?"}, {"role": "assistant", "content": "That."}]}
AT = "2026-11-01T00:00:00+00:00"
PATIENCE = 60.0  # seconds until what was told must have reached the records


class Running:
    """A server and two workers, each killed and started again by name."""

    def __init__(self, root, port):
        call = [sys.executable, "-m", "enliterator_core.cli", "--quiet", "--workspace", str(root)]
        self._calls = {
            "server": [*call, "serve", "--port", f"{port}"],
            "one": [*call, "worker"],
            "two": [*call, "worker"],
        }
        self._log = (root / "log.txt").open("ab")
        self._processes = {name: self._start(name) for name in self._calls}

    def _start(self, name):
        return subprocess.Popen(self._calls[name], stdin=subprocess.DEVNULL, stdout=self._log, stderr=self._log)

    def kill(self, name):
        process = self._processes[name]
        assert process.poll() is None, f"{name} ended by itself with {process.returncode}"
        process.kill()
        process.wait()
        self._processes[name] = self._start(name)

    def end(self):
        for process in self._processes.values():
            process.terminate()
        codes = [process.wait(60) for process in self._processes.values()]
        self._log.close()
        return codes


def prepare(root, server):
    settings = f'base_url = "{server.url}", models_file = "{MODELS_FILE}"'
    (root / "plugins.toml").write_text(
        f'[[plugin]]\nmodule = "enliterator_openai"\nsettings = {{ {settings} }}\n'
        '[[plugin]]\nmodule = "enliterator_worker"\nsettings = { lease = 3, first_wait = 0.1, attempts = 100 }\n'
        '[[plugin]]\nmodule = "enliterator_on_success"\nsettings = { deploy_for = ["route"] }\n'
        '[[plugin]]\nmodule = "once_handler"\n'
    )


def new_job(server, records, number):
    file = server.upload(f"{number}.jsonl", (json.dumps(ROW) + "\n").encode() * 12, "fine-tune")["id"]
    made = server.create_job({"model": "small", "training_file": file, "suffix": f"s{number}"})
    return records.add_job(TrainingJob(0, f"t{number}", "openai", "small", "d", {}, {}, "ann", AT, remote=made["id"]))


def drive(tmp_path, monkeypatch, *, jobs, kills, pause=1.6):
    monkeypatch.setenv("OPENAI_API_KEY", "a-key-for-tests")
    monkeypatch.setenv("OPENAI_WEBHOOK_SECRET", SECRET)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, (str(KILLERS), os.environ.get("PYTHONPATH")))))
    monkeypatch.syspath_prepend(str(KILLERS))
    chance = random.Random(7)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    sender = Sender(f"http://127.0.0.1:{port}/webhooks/openai", copies=2, attempts=1000)
    with stand_in(pace="hand", webhooks=sender) as server:
        prepare(tmp_path, server)
        with Workspace.open(tmp_path) as workspace:
            running = Running(tmp_path, port)
            known, killed = [], Counter()
            try:
                while sum(killed.values()) < kills or len(known) < jobs:
                    if len(known) < jobs and chance.random() < jobs / max(kills, 1):
                        known.append(new_job(server, workspace.records, len(known)))
                    server.advance()
                    time.sleep(chance.uniform(0.2, pause))
                    if sum(killed.values()) < kills:
                        victim = chance.choice(("server", "one", "two"))
                        running.kill(victim)
                        killed[victim] += 1
                cancelled = new_job(server, workspace.records, "cancelled")
                server.change_job(cancelled.remote, "cancel")
                server.advance(steps=12)
                settled(workspace.records, len(known) + 1)
            finally:
                codes = running.end()
            assert codes == [0, 0, 0], (tmp_path / "log.txt").read_text()[-2000:]
            check(workspace, known, cancelled, tmp_path)
    return killed


def settled(records, jobs):
    """Wait until every job has ended, what followed from it is there, and nothing is due or claimed."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        open_events = [one for one in records.events(limit=10_000) if one.settled_at is None]
        if not open_events and not records.jobs(open=True) and len(records.events(queue="openai", limit=1000)) == jobs:
            return
        time.sleep(0.1)
    raise AssertionError(f"still open: {open_events[:5]}, {records.jobs(open=True)[:3]}")


def check(workspace, known, cancelled, root):
    records = workspace.records
    changes = Counter()
    for job in known:
        kept = records.job(job.id)
        states = [one.state for one in records.job_states(job.id)]
        assert kept.state == "succeeded" and kept.tuned_model and records.job_metrics(job.id)
        assert len(states) == len(set(states)), f"job {job.id} went back: {states}"
        changes[f"job {job.id}"] = len(states) - 1
    assert records.job(cancelled.id).state == "cancelled"
    changes[f"job {cancelled.id}"] = len(records.job_states(cancelled.id)) - 1
    ours = records.events(queue=OURS, limit=10_000)
    told = Counter(one.subject for one in ours if one.type == "job.changed")
    assert told == changes, "every change is one event, and no event is without one"
    assert {one.state for one in records.events(queue="openai", limit=10_000)} == {DONE}
    deployed = Counter((one.job, one.task) for one in records.deployments())
    assert deployed == {(job.id, "route"): 1 for job in known}
    proposed = Counter(one.subject for one in ours if one.type == "deployment.proposed")
    assert proposed == {f"job {job.id}": 1 for job in known}
    lines = (root / ".enliterator" / "once.txt").read_text().split()
    wanted = {one.webhook_id for one in ours if one.type in ("job.changed", "model.deployed")}
    assert sorted(lines) == sorted(wanted), "each side effect once"


def test_a_few_kills_lose_and_double_nothing(tmp_path, monkeypatch):
    assert sum(drive(tmp_path, monkeypatch, jobs=3, kills=5, pause=1.0).values()) == 5


@pytest.mark.long
@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_a_hundred_kills_lose_and_double_nothing(tmp_path, monkeypatch, database, request):
    if database == "postgresql":
        monkeypatch.setenv("ENLITERATOR_RECORDS", request.getfixturevalue("postgresql_url"))
    killed = drive(tmp_path, monkeypatch, jobs=25, kills=100)
    assert set(killed) == {"server", "one", "two"}
