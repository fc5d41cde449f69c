# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Kills, full disks and other processes: what was published or acknowledged is there, whole, afterwards."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from enliterator_core import Entity, GraphStorage, Records, ServiceError
from enliterator_core.graph.copying import copy_graph
from enliterator_core.testing import sample_storage
from enliterator_core.testing.storage_graph import assert_same_graph
from enliterator_sqlite import Sqlite

HEAD = """
import resource, sys
from pathlib import Path
from enliterator_core import Entity, ServiceError
from enliterator_core.testing import sample_storage
from enliterator_core.graph.copying import copy_graph
from enliterator_sqlite import Sqlite
state = Path(sys.argv[1])
def say(word):
    print(word, flush=True)
def limit(size):
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
"""

REBUILD = """
graph = Sqlite().graph("sqlite:", state, 1, rebuild=True)
graph.write_entities(Entity("Idea", f"new {number}") for number in range(2000))
say("writing")
for number in range(10**9):
    graph.write_entities([Entity("Idea", f"more {number}", repr_text="x" * 5000)])
"""

PUBLISH = """
say("ready")
for number in range(10**9):
    graph = Sqlite().graph("sqlite:", state, 1, rebuild=True)
    graph.write_entities(Entity("Idea", f"{number} of {name}") for name in range(200))
    graph.publish()
    graph.close()
    say(number)
"""

ACKNOWLEDGE = """
import time
records = Sqlite().records("sqlite:", state)
for number in range(10**9):
    time.sleep(float(sys.argv[2]) if sys.argv[2:] else 0)
    batch = records.add_batch("b", f"{number}", "{}")
    records.set_setting("newest", f"{batch.id}", "child")
    say(batch.id)
"""

FULL_GRAPH = """
limit(600_000)
graph = Sqlite().graph("sqlite:", state, 1, rebuild=True)
try:
    for number in range(1000):
        graph.write_entities(Entity("Idea", f"{number}.{name}", repr_text="word " * 100) for name in range(100))
        if number == int(sys.argv[2]):
            limit((state / "graphs" / "1.db.building").stat().st_size + 4096)
            graph.publish()
            break
except ServiceError as error:
    say(error.message)
    say(error.hint)
graph.close()
"""

FULL_RECORDS = """
records = Sqlite().records("sqlite:", state)
records.add_batch("first", "first", "{}")
limit(300_000)
try:
    for number in range(1000):
        records.add_batch("b" * 10_000, "o", "{}")
except ServiceError as error:
    say(error.message)
    say(error.hint)
say(len(records.batches()))
records.close()
"""


@contextmanager
def child(script: str, state: Path, *more: str) -> Iterator[subprocess.Popen[str]]:
    """Run a script in another process, killed at the end if it has not ended."""
    command = [sys.executable, "-c", HEAD + script, str(state), *more]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.kill()
        process.communicate(timeout=20)


def run(script: str, state: Path, *more: str) -> list[str]:
    """Return the lines that a script prints; it must end well."""
    with child(script, state, *more) as process:
        out, errors = process.communicate(timeout=60)
        assert process.returncode == 0, errors
    return out.splitlines()


def opened(state: Path, *, rebuild: bool = False) -> GraphStorage:
    graph = Sqlite().graph("sqlite:", state, 1, rebuild=rebuild)
    assert graph is not None
    return graph


def records_of(state: Path) -> Records:
    records = Sqlite().records("sqlite:", state)
    assert records is not None
    return records


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """A state folder in which batch 1 is the sample."""
    graph = opened(tmp_path, rebuild=True)
    copy_graph(sample_storage(), graph)
    graph.publish()
    graph.close()
    return tmp_path


def assert_is_sample(state: Path) -> None:
    graph = opened(state)
    assert_same_graph(sample_storage(), graph)
    assert graph.search("hive")
    graph.close()


def test_a_killed_rebuild_leaves_the_published_graph_and_no_lock(state: Path) -> None:
    with child(REBUILD, state) as process:
        assert process.stdout is not None and process.stdout.readline() == "writing\n"
        assert_is_sample(state)
        process.kill()
        process.wait(timeout=20)
    assert_is_sample(state)
    assert (state / "graphs" / "1.db.building").exists(), "the kill came in the middle"
    again = opened(state, rebuild=True)
    assert again.counts()["entities"] == 0, "nothing of the killed one is taken over"
    again.write_entities([Entity("Idea", "after")])
    again.publish()
    again.close()
    assert [path.name for path in sorted((state / "graphs").iterdir())] == ["1.db", "1.lock"]
    reader = opened(state)
    assert [one.name for one in reader.entities()] == ["after"]
    reader.close()


def test_a_second_process_is_refused_at_once_and_told_whom_to_wait_for(state: Path) -> None:
    with child(REBUILD, state) as process:
        assert process.stdout is not None and process.stdout.readline() == "writing\n"
        before = time.monotonic()
        with pytest.raises(ServiceError, match=r"^batch 1 is being built by another process\n") as refusal:
            opened(state, rebuild=True)
        assert time.monotonic() - before < 1
        assert f"process {process.pid}" in (refusal.value.hint or "")
        other = Sqlite().graph("sqlite:", state, 2, rebuild=True)
        assert other is not None, "another batch may be built meanwhile"
        other.close()
    opened(state, rebuild=True).close()


def test_the_lock_is_held_until_close_and_free_after_a_failure(state: Path) -> None:
    graph = opened(state, rebuild=True)
    graph.publish()
    with pytest.raises(ServiceError, match="being built"):
        opened(state, rebuild=True)
    graph.close()
    graph.close()
    (state / "graphs" / "1.db.building").mkdir()
    with pytest.raises(ServiceError, match=r"1\.db\.building"):
        opened(state, rebuild=True)
    (state / "graphs" / "1.db.building").rmdir()
    opened(state, rebuild=True).close()


@pytest.mark.parametrize("kills", [4, pytest.param(60, marks=pytest.mark.long)])
def test_a_kill_around_publishing_leaves_one_whole_graph(state: Path, kills: int) -> None:
    for kill in range(kills):
        with child(PUBLISH, state) as process:
            assert process.stdout is not None and process.stdout.readline() == "ready\n"
            time.sleep(0.02 + 0.37 * (kill * 0.618 % 1))
            process.kill()
            out, _ = process.communicate(timeout=20)
        graph = opened(state)
        names = {one.name.split(" of ")[0] for one in graph.entities()}
        count = graph.counts()["entities"]
        graph.close()
        said = [int(line) for line in out.splitlines() if line.isdigit()]
        if said:
            assert len(names) == 1 and count == 200, "one graph, all of it"
            assert int(names.pop()) >= said[-1], "what was published is there"


@pytest.mark.parametrize("publish_after", ["999", "2"])
def test_a_full_disk_is_one_line_and_a_way_on(state: Path, publish_after: str) -> None:
    message, hint = run(FULL_GRAPH, state, publish_after)
    assert "1.db" in message and ("full" in message or "no space" in message)
    assert "make room" in hint
    assert_is_sample(state)
    assert not (state / "graphs" / "1.db.building").exists()
    opened(state, rebuild=True).close()


def test_records_that_were_acknowledged_survive_a_kill(tmp_path: Path) -> None:
    with child(ACKNOWLEDGE, tmp_path) as process:
        assert process.stdout is not None
        for _ in range(20):
            process.stdout.readline()
        process.kill()
        out, _ = process.communicate(timeout=20)
    last = int(out.split()[-1]) if out.split() else 20
    records = records_of(tmp_path)
    ids = [batch.id for batch in records.batches()]
    assert ids == list(range(1, len(ids) + 1)) and len(ids) >= last >= 20
    newest = int(records.settings()["newest"])
    assert newest >= last
    assert [int(one.new or 0) for one in records.setting_history("newest")] == list(range(1, newest + 1))
    records.close()


def test_records_are_written_by_several_processes(tmp_path: Path) -> None:
    with child(ACKNOWLEDGE, tmp_path, "0.01") as one, child(ACKNOWLEDGE, tmp_path, "0.01") as other:
        seen = [int(process.stdout.readline()) for _ in range(15) for process in (one, other) if process.stdout]
    assert len(set(seen)) == 30, "no number is given twice"


def test_records_on_a_full_disk_refuse_and_keep_what_they_had(tmp_path: Path) -> None:
    message, hint, count = run(FULL_RECORDS, tmp_path)
    assert "records.db" in message and ("full" in message or "no space" in message) and "make room" in hint
    records = records_of(tmp_path)
    assert len(records.batches()) == int(count) >= 1
    assert records.batches()[0].name == "first"
    records.close()
