# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""What a build promises whatever its stages do: results, resuming, nothing half-made, clear failures."""

import sys
import threading
from pathlib import Path

import pytest

from enliterator_core.contracts.stage import Progress
from enliterator_core.errors import GateError, InterruptedBuild, ServiceError, UsageError
from enliterator_core.events import BATCH_BUILT, STAGE_FINISHED
from enliterator_core.folders import locked
from enliterator_core.pipeline import build
from enliterator_core.workspace import Workspace

PLUGINS = """
[enliterator]
bundled = false
[[plugin]]
module = "enliterator_sqlite"
[[plugin]]
module = "mini_stages"
settings = {{ {settings} }}
"""


class World:
    """A workspace with the small stages and a folder of sources."""

    def __init__(self, root):
        self.root = root / "workspace"
        self.sources = root / "beekeeping"
        self.root.mkdir()
        self.sources.mkdir()
        self.configure("")

    def configure(self, settings):
        (self.root / "plugins.toml").write_text(PLUGINS.format(settings=settings))

    def write(self, name, text):
        (self.sources / name).write_bytes(text.encode())

    def open(self):
        return Workspace.open(self.root, environment={})

    def build(self, **options):
        with self.open() as workspace:
            return build(workspace, [str(self.sources)], **{"dataset": False, **options})


@pytest.fixture
def world(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(str(Path(__file__).parent / "mini"))
    made = World(tmp_path)
    made.write("hive.txt", "a hive")
    made.write("swarm.txt", "a swarm")
    return made


@pytest.fixture
def worked(world):
    world.open().close()
    found = sys.modules["mini_stages"].WORKED
    found.clear()
    return found


def test_a_build_returns_the_documented_object(world):
    world.write("bad.txt", "\0")
    result = world.build(name="bees")
    assert list(result) == ["schema_version", "batch", "stages", "graph", "literacy", "dataset", "refused", "failures"]
    assert result["batch"] == {"id": 1, "name": "bees"}
    assert [stage["name"] for stage in result["stages"]] == ["intake", "pools", "literacy", "deliverables", "killer"]
    assert result["graph"] == {"entities": 2, "relations": 0, "by_pool": {"Idea": 2}, "by_verb": {}}
    assert result["refused"] == [{"path": "bad.txt", "reason": "binary"}]
    assert result["literacy"]["score"] == 80
    assert (world.root / "deliverables/batch_1/report.html").read_text() == "hive\nswarm"


def test_the_same_sources_are_the_same_batch_unless_told_otherwise(world):
    assert world.build()["batch"]["id"] == 1
    assert world.build()["batch"]["id"] == 1
    assert world.build(new=True)["batch"]["id"] == 2
    assert world.build()["batch"]["id"] == 2
    with pytest.raises(UsageError, match="already and is called beekeeping"):
        world.build(name="other")


def test_a_second_build_with_nothing_changed_runs_intake_alone(world):
    first = world.build()
    told = []
    second = world.build(finished=lambda batch, stage: told.append(stage["name"]))
    assert told == ["intake"]
    assert second == first | {"unchanged": True}
    assert not list(world.root.glob("deliverables/*.building"))


def test_only_what_changed_is_worked_on_and_the_result_equals_a_fresh_build(world, worked):
    world.build()
    world.write("hive.txt", "another hive")
    worked.clear()
    changed = world.build()
    assert worked == ["hive.txt"]
    assert "unchanged" not in changed
    fresh = world.build(new=True)
    assert fresh["graph"] == changed["graph"]


@pytest.mark.parametrize(
    "change",
    [
        lambda world: world.configure("score = 90.0"),
        lambda world: (world.root / "deliverables/batch_1/report.html").write_text("cut"),
        lambda world: (world.root / "deliverables/batch_1/report.html").unlink(),
        lambda world: world.write("third.txt", "third"),
        lambda world: (world.sources / "hive.txt").unlink(),
        lambda world: world.write("bad.txt", "\0"),
    ],
)
def test_whatever_the_result_depends_on_makes_it_anew(world, change):
    world.build()
    change(world)
    assert "unchanged" not in world.build()
    assert world.build()["unchanged"] is True


def test_a_rights_file_that_changed_makes_it_anew(world, tmp_path):
    rules = tmp_path / "rights.toml"
    rules.write_text("one")
    world.build(rights=str(rules))
    assert world.build(rights=str(rules))["unchanged"]
    rules.write_text("two")
    assert "unchanged" not in world.build(rights=str(rules))
    assert "unchanged" not in world.build(rights="own")


def test_through_stops_after_the_stage_and_publishes_what_there_is(world):
    result = world.build(through="pools")
    assert [stage["name"] for stage in result["stages"]] == ["intake", "pools"]
    assert result["literacy"] is None
    assert result["graph"]["entities"] == 2
    assert not (world.root / "deliverables/batch_1").exists()
    with pytest.raises(UsageError, match="no stage pool; did you mean pools"):
        world.build(through="pool")


def test_a_source_that_is_not_there_is_told_before_anything_is_made(world):
    with world.open() as workspace, pytest.raises(UsageError, match="nowhere does not exist"):
        build(workspace, ["nowhere"])
    assert not (world.root / ".enliterator").exists()


def test_a_low_score_says_no_after_the_rest_is_published(world):
    world.configure("score = 41.5")
    for _ in range(2):
        with pytest.raises(GateError, match=r"scores 41\.5 and a dataset wants more than 70") as refusal:
            world.build(dataset=True)
        assert refusal.value.result["literacy"]["score"] == 41.5
        assert "--force" in refusal.value.hint
        assert (world.root / "deliverables/batch_1/report.html").exists()


def test_an_empty_folder_gets_plain_words(world):
    for path in world.sources.iterdir():
        path.unlink()
    with pytest.raises(GateError, match="batch 1 holds nothing: its score is 0"):
        world.build(dataset=True)


def test_a_stopped_build_keeps_what_it_found_and_says_how_to_go_on(world, worked):
    stop = threading.Event()

    class StopAfterOne(Progress):
        def advance(self, count=1):
            stop.set()

    with pytest.raises(InterruptedBuild) as stopped:
        world.build(stop=stop, progress=StopAfterOne())
    assert "run the same command again" in stopped.value.hint
    assert worked == ["hive.txt"]
    assert not (world.root / "deliverables/batch_1").exists()
    assert world.build()["graph"]["entities"] == 2
    assert worked == ["hive.txt", "swarm.txt"]


def test_a_stage_that_raises_is_named(world):
    world.configure('fault = "raise"')
    with pytest.raises(ServiceError, match="the stage pools failed: KeyError"):
        world.build()


def test_a_full_disk_is_one_line_and_the_published_batch_stays(world):
    world.build()
    world.write("third.txt", "third")
    world.configure('fault = "disk"')
    with pytest.raises(ServiceError, match=r"^some/file: No space left on device") as failure:
        world.build()
    assert "free some space" in failure.value.hint
    assert (world.root / "deliverables/batch_1/report.html").read_text() == "hive\nswarm"
    world.configure("")
    assert world.build()["graph"]["entities"] == 3


def test_a_batch_that_is_being_built_elsewhere_is_refused(world):
    world.build()
    with (
        locked(world.root / ".enliterator/locks/1.lock", "no"),
        pytest.raises(ServiceError, match=r"batch 1 \(beekeeping\) is being built by another process"),
    ):
        world.build()


def test_events_tell_of_stages_and_of_the_batch(world):
    told = []
    with world.open() as workspace:
        workspace.emit = lambda event: told.append(event.type)
        build(workspace, [str(world.sources)], dataset=False)
    assert told == [STAGE_FINISHED] * 5 + [BATCH_BUILT]


def test_no_stages_at_all_is_said_plainly(world):
    (world.root / "plugins.toml").write_text("[enliterator]\nbundled = false\n")
    with pytest.raises(UsageError, match="no plugin adds a stage"):
        world.build()


def test_an_interrupted_publication_is_not_taken_for_the_old_build(world):
    first = world.build()
    with world.open() as workspace:
        workspace.records.add_build(1, {"state": "publishing"})
    second = world.build()
    assert "unchanged" not in second
    assert second["graph"] == first["graph"]
