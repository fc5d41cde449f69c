# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""How fast a worker drains events: a thousand of them against the stand-in for the paid API, which runs beside it.

Floors of the same run: as many commits as there are claims and settlings, and as many retrievals as there are jobs.
"""

import json
import os
import tempfile
import time
from multiprocessing import Pipe, Process
from multiprocessing.connection import Connection
from pathlib import Path

from enliterator_core import DONE, WebhookEvent, Workspace, trainer_of
from enliterator_core.operations import TrainingJob
from enliterator_openai.testing import MODELS_FILE, stand_in
from enliterator_worker.worker import Worker

EVENTS = 1000
KEY = "a-key-for-tests"


def serve(told: Connection, jobs: int, done: bool) -> None:
    """Be the stand-in, in a process of its own: make jobs, tell their ids, and answer until the other end is closed."""
    with stand_in() as server:
        row = {"messages": [{"role": "user", "content": "What?"}, {"role": "assistant", "content": "That."}]}
        file = server.upload("train.jsonl", (json.dumps(row) + "\n").encode() * 12, "fine-tune")["id"]
        made = [server.create_job({"model": "small", "training_file": file})["id"] for _ in range(jobs)]
        for one in made if done else ():
            server.advance(one, 10)
        told.send((server.url, made))
        told.recv()


def known(workspace: Workspace, remotes: list[str]) -> None:
    """Keep a record of each job."""
    for number, remote in enumerate(remotes):
        at = "2026-11-01T00:00:00+00:00"
        kept = TrainingJob(0, f"token-{number}", "openai", "small", "d", {}, {}, "ann", at, "queued", remote=remote)
        workspace.records.add_job(kept)


def drained(jobs: int, done: bool) -> None:
    """Drain a thousand events about so many jobs, and print how many a second that were."""
    here, there = Pipe()
    Process(target=serve, args=(there, jobs, done), daemon=True).start()
    url, remotes = here.recv()
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "plugins.toml").write_text(
            f'[[plugin]]\nmodule = "enliterator_openai"\n'
            f'settings = {{ base_url = "{url}", models_file = "{MODELS_FILE}" }}\n'
            '[[plugin]]\nmodule = "enliterator_on_success"\nenabled = false\n'
        )
        with Workspace.open(Path(folder)) as workspace:
            known(workspace, remotes)
            trainer = trainer_of(workspace, "openai")
            trainer.job(remotes[0])
            started = time.perf_counter()
            for remote in remotes:
                trainer.job(remote)
            retrievals = time.perf_counter() - started
            type = "fine_tuning.job.succeeded"
            body = [json.dumps({"type": type, "data": {"id": remotes[n % jobs]}}) for n in range(EVENTS)]
            told = [WebhookEvent(0, "openai", f"wh_{n}", type, remotes[n % jobs], body[n]) for n in range(EVENTS)]
            assert all(workspace.records.add_events(told))
            started = time.perf_counter()
            Worker(workspace, print).run(drain=True)
            seconds = time.perf_counter() - started
            assert len(workspace.records.events(queue="openai", state=DONE, limit=EVENTS)) == EVENTS
            assert not done or {one.state for one in workspace.records.jobs()} == {"succeeded"}
    here.send(None)
    what = "that have succeeded" if done else "that still run"
    print(
        f"{EVENTS} events of {jobs:4} jobs {what:20} {EVENTS / seconds:6.0f} events/s,"
        f" {seconds:5.2f} s; retrieving the jobs alone {retrievals:5.2f} s ({seconds / retrievals:.1f} times)"
    )


if __name__ == "__main__":
    os.environ.setdefault("OPENAI_API_KEY", KEY)
    for jobs, done in ((20, True), (200, True), (1000, False), (1000, True)):
        drained(jobs, done)
