# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""However a build ends, the next one goes on and ends with the bytes of a build that nothing disturbed."""

import json
import os
import random
import resource
import signal
import subprocess
import sys
import time
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import pytest

from enliterator_core.workspace import Workspace

KILLERS = Path(__file__).parent / "killers"
STAGES = ("intake", "rights", "lexicon", "pools", "graph", "representations", "literacy", "deliverables")
KILLED = -signal.SIGKILL


# REUSE-IgnoreStart
TAGS = "SPDX-FileCopyrightText: 2024 Kubebi Society\nSPDX-License-Identifier: CC-BY-4.0"
# REUSE-IgnoreEnd


def handbook(folder):
    """Write two dozen sources that give a dataset: pages that refer to each other, and some code."""
    folder.mkdir()
    (folder / "README.md").write_text(f"<!-- {TAGS} -->\n# Handbook\n\nThe handbook tells how a **hive** is kept.\n")
    things = ["hive", "swarm", "smoker", "frame", "brood", "honey", "comb", "drone", "queen", "nectar"]
    for number, thing in enumerate(things):
        other = things[(number + 1) % len(things)]
        (folder / f"{thing}.md").write_text(
            f"<!-- {TAGS} -->\n"
            f"# {thing.capitalize()}\n\nA **{thing}** is the part of the apiary that comes before the {other}. "
            f"See [{other}]({other}.md).\n\n## Check the {thing}\n\n1. Open the {thing}.\n2. Look for the {other}.\n"
        )
        (folder / f"{thing}_tools.py").write_text(
            "".join(f"# {line}\n" for line in TAGS.replace("CC-BY-4.0", "MIT").splitlines())
            + f'"""Tools for the {thing}."""\n\nimport json\n\n\ndef weigh_{thing}(kilograms: float) -> float:\n'
            f'    """Return what the {thing} weighs with its {other}."""\n    return kilograms * {number + 1}\n'
        )


class Beekeepers:
    """A workspace whose builds can be killed, with the handbook beside it."""

    def __init__(self, root, sources):
        self.root = root
        self.sources = sources
        root.mkdir()
        (root / "plugins.toml").write_text('[[plugin]]\nmodule = "killing_stages"\n')

    def start(self, kill="", **options):
        path = os.pathsep.join(filter(None, [str(KILLERS), os.environ.get("PYTHONPATH")]))
        environment = os.environ | {"PYTHONPATH": path, "KILL": kill or "nothing"}
        command = [sys.executable, "-m", "enliterator_core.cli", "build", str(self.sources), "--force"]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        return subprocess.Popen(command, cwd=self.root, env=environment, **pipes, **options)

    def build(self, kill="", **options):
        process = self.start(kill, **options)
        out, err = process.communicate(timeout=120)
        return process.returncode, out, err

    def bytes(self):
        """Return the hash of every file that a build is for, and everything that its graph says."""
        folders = [self.root / "fine_tune", self.root / "deliverables"]
        files = sorted(path for folder in folders for path in folder.rglob("*") if path.is_file())
        found = {str(path.relative_to(self.root)): sha256(path.read_bytes()).hexdigest() for path in files}
        plugins_off = {"XDG_CONFIG_HOME": str(self.root / "nobody")}
        with Workspace.open(self.root, environment=plugins_off) as workspace, closing(workspace.graph(1)) as graph:
            found["graph"] = repr([list(graph.sources()), list(graph.entities()), list(graph.relations())])
            found["terms"] = repr([list(graph.terms()), graph.gaps(), graph.note("literacy")])
        return found


@pytest.fixture(scope="module")
def sources(tmp_path_factory):
    folder = tmp_path_factory.mktemp("data") / "handbook"
    handbook(folder)
    return folder


@pytest.fixture(autouse=True)
def importable(monkeypatch):
    monkeypatch.syspath_prepend(str(KILLERS))


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory, sources):
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(KILLERS))
        made = Beekeepers(tmp_path_factory.mktemp("calm") / "workspace", sources)
        code, _, err = made.build()
        assert code == 0, err
        return made.bytes()


@pytest.fixture
def bees(tmp_path, sources):
    return Beekeepers(tmp_path / "workspace", sources)


def test_an_undisturbed_build_makes_every_file(undisturbed):
    assert {Path(name).name for name in undisturbed} >= {"train.jsonl", "provenance.jsonl", "report.html", "graph"}


def test_killed_after_every_stage_in_turn(bees, undisturbed):
    for stage in STAGES:
        assert bees.build(f"stage {stage}")[0] == KILLED
        assert not list(bees.root.glob("fine_tune/*"))
        assert not (bees.root / "deliverables/batch_1").exists()
    assert bees.build("source 7")[0] == 0  # what was found before the kills is not looked for again
    assert bees.bytes() == undisturbed


def test_killed_in_the_middle_of_a_stage(bees, undisturbed):
    assert bees.build("source 5")[0] == KILLED
    assert bees.build()[0] == 0
    assert bees.bytes() == undisturbed


@pytest.mark.long
@pytest.mark.parametrize("moment", ["before", "after"])
def test_killed_around_everything_that_is_put_in_place(bees, undisturbed, moment):
    for number in range(1, 30):
        code, _, err = bees.build(f"rename {number} {moment}")
        if code != KILLED:
            break
    assert code == 0, err
    assert number > 3
    assert bees.bytes() == undisturbed


@pytest.mark.parametrize("last", [3, pytest.param(7, marks=pytest.mark.long)])
def test_killed_while_results_take_the_place_of_older_ones(bees, undisturbed, tmp_path, last):
    bees.sources = tmp_path / "handbook"
    handbook(bees.sources)
    assert bees.build()[0] == 0
    assert bees.bytes() == undisturbed
    page = (bees.sources / "hive.md").read_text()
    (bees.sources / "hive.md").write_text(f"{page}\nThis has changed.\n")
    for number in range(1, last + 1):
        assert bees.build(f"rename {number} before")[0] in (KILLED, 0)
    (bees.sources / "hive.md").write_text(page)
    assert bees.build()[0] == 0
    assert bees.bytes() == undisturbed
    assert {path.name for path in bees.root.glob("*/batch_1*")} == {"batch_1"}


@pytest.mark.long
@pytest.mark.parametrize("seed", range(40))
def test_killed_at_random_moments(bees, undisturbed, seed):
    moments = random.Random(seed)
    for _ in range(3):
        process = bees.start()
        time.sleep(moments.uniform(0.3, 2.5))
        process.kill()
        process.communicate()
        assert process.returncode in (KILLED, 0)
    assert bees.build()[0] == 0
    assert bees.bytes() == undisturbed


def stopped(bees, process, count):
    """Send Ctrl-C `count` times once the pools stage is at work, and return what came of it."""
    deadline = time.monotonic() + 60
    while not (bees.root / ".enliterator/pieces/1.db").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(1.0)
    for _ in range(count):
        process.send_signal(signal.SIGINT)
        time.sleep(0.2)
    out, err = process.communicate(timeout=60)
    return process.returncode, out, err


def test_ctrl_c_stops_at_a_safe_point_and_says_how_to_go_on(bees, undisturbed):
    code, _, err = stopped(bees, bees.start("pause 0.5"), 1)
    assert code == 130
    assert err.splitlines() == [
        "stopping at the next safe point; Ctrl-C again ends at once",
        "error: stopped",
        "  run the same command again to go on where it stopped",
    ]
    assert bees.build()[0] == 0
    assert bees.bytes() == undisturbed


def test_a_second_ctrl_c_ends_at_once_and_loses_nothing(bees, undisturbed):
    started = time.monotonic()
    code, _, _ = stopped(bees, bees.start("pause 30"), 2)
    assert code == -signal.SIGINT
    assert time.monotonic() - started < 25
    assert bees.build()[0] == 0
    assert bees.bytes() == undisturbed


def test_a_second_process_is_refused_in_one_line_and_the_first_goes_on(bees, undisturbed):
    first = bees.start("pause 0.15")
    while not (bees.root / ".enliterator/pieces/1.db").exists():
        assert first.poll() is None
        time.sleep(0.05)
    code, out, err = bees.build()
    assert (code, out) == (4, "")
    assert err.startswith("error: batch 1 (handbook) is being built by another process\n  ")
    assert len(err.splitlines()) == 2
    assert first.wait(timeout=60) == 0
    first.communicate()
    assert bees.bytes() == undisturbed


@pytest.mark.parametrize("limit", [4_000, 200_000, *(pytest.param(n, marks=pytest.mark.long) for n in (9_000, 60_000))])
def test_a_full_disk_is_one_line_and_half_written_files_are_never_seen(bees, undisturbed, limit):
    def small_files():
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    code, _, err = bees.build(preexec_fn=small_files)
    assert code == 4, err
    assert err.startswith("error: ")
    assert len(err.splitlines()) == 2, err
    assert not list(bees.root.glob("fine_tune/batch_1"))
    assert bees.build()[0] == 0
    assert bees.bytes() == undisturbed


def test_a_file_that_cannot_be_read_is_refused_by_name_and_the_rest_goes_on(bees, sources, monkeypatch, capsys):
    """As root nothing is unreadable, so opening it is made to fail."""
    from enliterator_core.cli import run

    real = os.open

    def failing(path, *arguments, **options):
        if str(path).endswith("swarm.md"):
            raise PermissionError(13, "Permission denied", str(path))
        return real(path, *arguments, **options)

    monkeypatch.setattr(os, "open", failing)
    code = run(["--workspace", str(bees.root), "build", str(sources), "--force", "--json"])
    told = json.loads(capsys.readouterr().out)
    assert code == 0
    (refused,) = told["refused"]
    assert refused["path"] == "swarm.md"
    assert "ermission denied" in refused["reason"]
    assert told["graph"]["entities"] > 20
