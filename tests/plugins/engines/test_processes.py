# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Processes give the results of one process, in order, and say plainly what went wrong in one of them."""

import os
import signal
import time

import pytest

from enliterator_core import Batch, Draft, Grade, ServiceError, TaskType, Verdict
from enliterator_core.dataset import build_dataset
from enliterator_core.testing import sample_graph
from enliterator_processes import Processes


class Describe(TaskType):
    """What is it?"""

    name = "describe"
    system_prompt = "Say what it is."
    size = 7

    def generate(self, graph, sampler):
        drafts = [
            Draft(f"{self.name}: {one.name}?", f"{one.name} is {one.description}", id, (id,), spans=one.evidence[:1])
            for id, one in graph.entities.items()
            if one.description
        ]
        for at in range(0, len(drafts), self.size):
            yield drafts[at : at + self.size]

    def verify(self, draft, graph):
        return Verdict(graph.entities[draft.anchor].description in draft.assistant, "it is the graph's")

    def grade(self, draft, answer, graph):
        return Grade(float(answer == draft.assistant), {"same": 1.0})


class Explain(Describe):
    name = "explain"


class Tell(Describe):
    name = "tell"

    def generate(self, graph, sampler):
        yield from super().generate(graph, sampler)
        raise RuntimeError("enough")


def test_results_come_in_the_order_of_the_batches_and_from_other_processes():
    def slow_first(number):
        time.sleep(0.1 * (number == 0))
        return number, os.getpid()

    results = list(Processes(processes=2).map_batches(slow_first, range(5)))
    assert [number for number, _ in results] == [0, 1, 2, 3, 4]
    assert os.getpid() not in {process for _, process in results}
    assert {process for _, process in Processes().map_batches(slow_first, [1])} == {os.getpid()}


def test_what_a_function_raises_is_raised_here():
    def fail(number):
        raise ValueError(f"number {number}")

    with pytest.raises(ValueError, match="number 3"):
        list(Processes(processes=2).map_batches(fail, [3]))


def test_a_process_that_is_killed_is_told_in_one_line():
    def die(number):
        os.kill(os.getpid(), signal.SIGKILL)

    with pytest.raises(ServiceError, match="ended from outside"):
        list(Processes(processes=2).map_batches(die, [1]))


def test_datasets_are_the_same_bytes_however_they_are_made(tmp_path):
    graph, made = sample_graph(20), {}
    for name, engine, size in (("alone", None, 7), ("two", Processes(processes=2), 1000), ("here", Processes(), 1)):
        Describe.size = size
        made[name] = build_dataset(
            graph,
            [Describe(), Explain(), Tell()],
            batch=Batch(1, "sample", "here", "2026-01-01T00:00:00Z"),
            literacy=graph.storage.note("literacy"),
            folder=tmp_path / name / "batch_1",
            engine=engine,
            reopen=lambda: graph.storage,
        )
    files = [
        {path.name: path.read_bytes() for path in (tmp_path / name / "batch_1").rglob("*") if path.is_file()}
        for name in made
    ]
    assert files[0] == files[1] == files[2]
    assert all(made["two"].tasks.values()) and [one.task for one in made["two"].problems] == ["tell"]
