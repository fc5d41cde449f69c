# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""A stranger's plugin, proven: scaffolded, built, installed beside the wheel, and used, outside the repository."""

import json

import pytest

from enliterator_core.cli.scaffold import KINDS


@pytest.fixture(scope="module")
def handbook(tmp_path_factory):
    """A folder with a little text, outside the repository."""
    folder = tmp_path_factory.mktemp("data") / "handbook"
    folder.mkdir()
    (folder / "hives.md").write_text(
        "# Keeping bees\n\nKeeping bees is the care of honey bees in hives.\n\n"
        "**Hive**: a box in which a colony of bees lives.\n\n"
        "**Smoker**: a tool that calms the bees of a hive with smoke.\n\n"
        "## Open the hive\n\n1. Light the smoker.\n2. Lift the lid.\n3. Take out one frame.\n\n"
        "See [the calendar](calendar.md).\n",
        encoding="utf-8",
    )
    (folder / "calendar.md").write_text(
        "# Calendar\n\nThe calendar says what to do in a hive through the year.\n\nSee [keeping bees](hives.md).\n",
        encoding="utf-8",
    )
    return folder


@pytest.fixture(scope="module")
def installed(fresh_environment, tmp_path_factory, run, make_wheel):
    """Install a scaffolded plugin of each kind, and return the python that has them."""
    projects = tmp_path_factory.mktemp("projects")
    for kind in KINDS:
        name = f"my-{kind}"
        run(fresh_environment, "-m", "enliterator_core.cli", "plugins", "new", kind, name, "--into", projects)
        project = projects / f"enliterator-{name}"
        made = make_wheel(project, tmp_path_factory.mktemp("plugin"))
        run(fresh_environment, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", made)
        run(fresh_environment, "-m", "pytest", "-q", "-p", "no:cacheprovider", cwd=project)
    return fresh_environment


def workspace(folder, *names, settings=""):
    text = "".join(f'[[plugin]]\nentry_point = "{name}"\n' for name in names)
    (folder / "plugins.toml").write_text(settings + text, encoding="utf-8")
    return folder


def test_a_scaffolded_task_is_short(installed, run, tmp_path):
    run(installed, "-m", "enliterator_core.cli", "plugins", "new", "task-type", "short", "--into", tmp_path)
    lines = (tmp_path / "enliterator-short" / "enliterator_short.py").read_text().splitlines()
    assert len(lines) < 80


def test_a_strangers_task_has_verified_examples_in_the_dataset(installed, run, handbook, tmp_path):
    place = workspace(tmp_path, "my-task-type")
    command = ("-m", "enliterator_core.cli", "build", handbook, "--rights", "CC-BY-4.0", "--force", "--json")
    built = json.loads(run(installed, *command, cwd=place).stdout)
    assert built["dataset"]["tasks"]["my_task_type"] > 0
    lines = (place / "fine_tune" / "batch_1" / "provenance.jsonl").read_text().splitlines()
    mine = [record for record in map(json.loads, lines) if record["task"] == "my_task_type"]
    assert len(mine) == built["dataset"]["tasks"]["my_task_type"]
    for record in mine:
        assert record["verifier"]
        for span in record["spans"]:
            text = (handbook / span["source"]).read_bytes().decode()
            assert text[span["start"] : span["end"]].strip()


def test_a_provider_is_swapped_by_a_line_and_a_setting(installed, run, handbook, tmp_path):
    """The model that extracts is the stranger's: nothing of the core knows its name."""
    place = workspace(tmp_path, "my-provider")
    run(installed, "-m", "enliterator_core.cli", "settings", "set", "model.extraction", "my_provider:green", cwd=place)
    command = ("-m", "enliterator_core.cli", "build", handbook, "--rights", "CC-BY-4.0", "--no-dataset", "--json")
    built = json.loads(run(installed, *command, cwd=place).stdout)
    pools = next(stage for stage in built["stages"] if stage["name"] == "pools")
    assert pools["counts"]["model_calls"] > 0


def test_a_storage_is_swapped_by_its_url_and_gives_the_same_bytes(installed, run, handbook, tmp_path):
    results = []
    for name, url in (("one", "sqlite:"), ("other", "my_storage:")):
        place = tmp_path / name
        place.mkdir()
        workspace(place, "my-storage")
        command = ("-m", "enliterator_core.cli", "build", handbook, "--rights", "CC-BY-4.0", "--force", "--graph", url)
        run(installed, *command, cwd=place)
        results.append((place / "fine_tune" / "batch_1" / "training_data.jsonl").read_bytes())
    assert results[0] == results[1]


def test_a_stage_a_reader_and_a_handler_do_their_work(installed, run, handbook, tmp_path):
    place = workspace(tmp_path, "my-stage", "my-reader", "my-event-handler")
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "app.log").write_text("10:00 started\n")
    command = (
        "-m",
        "enliterator_core.cli",
        "build",
        handbook,
        tmp_path / "logs",
        "--rights",
        "own",
        "--no-dataset",
        "--json",
    )
    built = json.loads(run(installed, *command, cwd=place).stdout)
    stages = [stage["name"] for stage in built["stages"]]
    assert stages.index("rights") < stages.index("my_stage")
    assert not built["refused"]
    assert (place / ".enliterator" / "times.txt").read_text().count("\n") == len(stages)
