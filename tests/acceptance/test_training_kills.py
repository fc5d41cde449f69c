# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""A process that trains is killed (kill -9) at every step: afterwards there is one job, one of each file, and the
whole record."""

import json
import os
import random
import signal
import sys
import time
import traceback

import pytest

from enliterator_core.training import Patience, TrainingOptions, plan_training, sync, train, wait_for
from enliterator_core.workspace import Workspace
from enliterator_openai.testing import MODELS_FILE, stand_in

QUICK = Patience(settle=0.05, processing=0.04, first=0.005, most=0.01)
ENVIRONMENT = {"OPENAI_API_KEY": "a-key-for-tests"}
LINE = '{{"messages":[{{"role":"user","content":"What is {0}?"}},{{"role":"assistant","content":"It is {0}."}}]}}\n'

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="kills a forked process")


@pytest.fixture(autouse=True)
def key(monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", ENVIRONMENT["OPENAI_API_KEY"])


def prepare(root, server):
    settings = f'base_url = "{server.url}", models_file = "{MODELS_FILE}", max_retries = 0'
    root.mkdir()
    (root / "plugins.toml").write_text(f'[[plugin]]\nmodule = "enliterator_openai"\nsettings = {{ {settings} }}\n')
    folder = root / "fine_tune" / "batch_1"
    folder.mkdir(parents=True)
    (folder / "train.jsonl").write_text("".join(LINE.format(number * 7919) for number in range(12)))
    (folder / "validation.jsonl").write_text(LINE.format(999_983))
    (folder / "metadata.json").write_text(json.dumps({"batch": {"id": 1}}))


def train_to_the_end(root, steps=None):
    """Train in the workspace; `steps` is told before and after everything that reaches the disk or the provider."""
    with Workspace.open(root, environment=ENVIRONMENT) as workspace:
        if steps is not None:
            workspace.__dict__["records"] = Watched(workspace.records, "records", steps)
            for provider in workspace.plugins.providers:
                made = provider.train
                object.__setattr__(workspace, "provider", lambda name, made=made, one=provider: Able(one, made, steps))
        plan = plan_training(workspace, root / "fine_tune" / "batch_1", model="openai:small", options=TrainingOptions())
        return wait_for(workspace, train(workspace, plan, who="ann", patience=QUICK), patience=QUICK)


class Watched:
    """An object each of whose calls is a step before and a step after."""

    def __init__(self, inner, name, steps):
        self._inner, self._name, self._steps = inner, name, steps

    def __getattr__(self, attribute):
        value = getattr(self._inner, attribute)
        if not callable(value) or attribute == "close":
            return value

        def call(*positional, **named):
            self._steps(f"before {self._name}.{attribute}")
            result = value(*positional, **named)
            self._steps(f"after {self._name}.{attribute}")
            return result

        return call


class Able:
    """A provider whose trainer is watched."""

    def __init__(self, inner, made, steps):
        self._inner, self._made, self._steps = inner, made, steps

    def __getattr__(self, attribute):
        return getattr(self._inner, attribute)

    def train(self):
        return Watched(self._made(), "trainer", self._steps)


def forked(work):
    """Run the work in a process of its own and return its id; it never returns here."""
    child = os.fork()
    if child:
        return child
    try:
        work()
        os._exit(0)
    except BaseException:  # noqa: BLE001  whatever it was, the child says so and ends here
        traceback.print_exc(file=sys.__stderr__)
        os._exit(1)


def killed_at(root, number):
    """Train, killed at the step of that number; return whether there was such a step."""
    left = [number]

    def steps(name):
        left[0] -= 1
        if left[0] < 0:
            os.kill(os.getpid(), signal.SIGKILL)

    _, status = os.waitpid(forked(lambda: train_to_the_end(root, steps)), 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0, "it failed by itself"
    return os.WIFSIGNALED(status)


def everything_is_there_once(root, server):
    with Workspace.open(root, environment=ENVIRONMENT) as workspace:
        (job,) = workspace.records.jobs()
        assert (job.state, job.remote) == ("succeeded", next(iter(server.jobs)))
        assert len(server.jobs) == 1
        assert len([row for row in server.files.values() if row["purpose"] == "fine-tune"]) == 2
        assert job.tuned_model and job.trained_tokens and job.cost and workspace.records.job_metrics(job.id)
        assert {"training_file", "validation_file"} <= set(job.request)
        states = [one.state for one in workspace.records.job_states(job.id)]
        assert states[:2] == ["prepared", "sent"] and states[-1] == "succeeded" and len(states) == len(set(states))
        assert workspace.records.dataset(job.dataset) is not None


def recovered(root, server):
    """Do what a person does after a crash: the same command, unless the job was sent to its end."""
    with Workspace.open(root, environment=ENVIRONMENT) as workspace:
        jobs = workspace.records.jobs()
        if jobs and jobs[0].remote:
            while sync(workspace)[0]:
                pass
            return
    train_to_the_end(root)


def test_a_kill_at_any_step_leaves_one_job_one_of_each_file_and_the_whole_record(tmp_path):
    number = 0
    while True:
        with stand_in() as server:
            root = tmp_path / f"{number}"
            prepare(root, server)
            if not killed_at(root, number):
                break
            recovered(root, server)
            everything_is_there_once(root, server)
        number += 1
    assert number >= 40, "every call to the records and the provider is a step before and a step after"


@pytest.mark.long
def test_a_hundred_kills_at_random_moments(tmp_path):
    chance, kills, number = random.Random(7), 0, 0
    for name in ("first", "whole"):  # the first run imports what the forked ones then have
        with stand_in() as server:
            prepare(tmp_path / name, server)
            started = time.monotonic()
            train_to_the_end(tmp_path / name)
            whole = time.monotonic() - started
    while kills < 100:
        with stand_in() as server:
            root = tmp_path / f"{number}"
            prepare(root, server)
            child = forked(lambda root=root: train_to_the_end(root))
            time.sleep(chance.uniform(0.0, whole))
            os.kill(child, signal.SIGKILL)
            if os.WIFSIGNALED(os.waitpid(child, 0)[1]):
                kills += 1
            else:
                whole *= 0.9  # it was done before: the machine is faster now than when it was timed
            recovered(root, server)
            everything_is_there_once(root, server)
        number += 1
        assert number < 400, "the kills come too late"
