# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""What people look at datasets with: show, diff, check with --fix, and exports, as commands on a built batch."""

import json
import shutil
from pathlib import Path

import pytest

from enliterator_core.cli import run
from enliterator_core.dataset.diff import compare

PAGES = {
    "hive.md": "# Hive\n\nThe **hive** is a box in which bees live. It is part of the [apiary](apiary.md).\n",
    "apiary.md": "# Apiary\n\nAn **apiary** is a place where hives stand. See the [smoker](smoker.md).\n",
    "smoker.md": "# Smoker\n\nA **smoker** is a tool that calms bees.\n\n## Lighting\n\n1. Fill it.\n2. Light it.\n",
    "queen.md": "# Queen\n\nThe **queen** is a bee that lays eggs. She lives in the [hive](hive.md).\n",
}


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    """A workspace with one batch and its dataset."""
    folder = tmp_path_factory.mktemp("views")
    (folder / "notes").mkdir()
    for name, text in PAGES.items():
        (folder / "notes" / name).write_text(text, encoding="utf-8")
    assert command(folder, "build", str(folder / "notes"), "--rights", "CC0-1.0", "--force") == 0
    return folder


def command(folder, *arguments):
    return run(["--quiet", "--workspace", str(folder), *arguments])


def told(capsys, folder, *arguments, code=0):
    capsys.readouterr()
    assert command(folder, *arguments, "--json") == code
    return json.loads(capsys.readouterr().out)


def test_show_opens_sources_tells_the_subgraph_and_asks_the_verifier_again(workspace, capsys):
    example = told(capsys, workspace, "dataset", "show", "1", "--task", "path_text", "--seed", "1")["example"]
    assert example["verified"][0] is True and example["edges"]
    for edge in example["edges"]:
        assert edge["subject"] in example["nodes"] and edge["object"] in example["nodes"] and edge["words"]
    for span in [*example["spans"], *(span for edge in example["edges"] for span in edge["spans"])]:
        lines = PAGES[span["source"]].split("\n")
        assert span["text"].split("\n")[0] in lines[span["line"] - 1]
    again = told(capsys, workspace, "dataset", "show", "1", "--id", example["provenance"]["id"][:10])["example"]
    assert again == example
    assert command(workspace, "dataset", "show", "1", "--id", example["provenance"]["id"]) == 0
    shown = capsys.readouterr().out
    assert "in words" in shown and "asked again just now, it says the same" in shown
    assert all(f"{span['source']}:{span['line']}" in shown for span in example["spans"])


def test_an_example_that_its_graph_no_longer_bears_out_is_shown_as_refused(workspace, tmp_path, capsys):
    shutil.copytree(workspace, tmp_path / "w")
    file = tmp_path / "w" / "fine_tune" / "batch_1" / "training_data.jsonl"
    rows = [json.loads(line) for line in file.read_bytes().splitlines()]
    for row in rows:
        row["messages"][-1]["content"] += " Or so they say."
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    example = told(capsys, tmp_path / "w", "dataset", "show", "1", "--number", "1", code=1)["example"]
    assert example["verified"][0] is False


def test_a_dataset_does_not_differ_from_itself(workspace, capsys):
    found = told(capsys, workspace, "dataset", "diff", "1", "1")["difference"]
    assert found["same"] > 50
    assert not any(found[name] for name in ("added", "removed", "changed", "moved", "settings"))


def test_more_sources_add_and_remove_examples_and_move_none(workspace, tmp_path, capsys):
    (tmp_path / "w").mkdir()
    shutil.copytree(workspace / "notes", tmp_path / "notes")
    (tmp_path / "notes" / "drone.md").write_text("# Drone\n\nA **drone** is a bee without a sting.\n", encoding="utf-8")
    (tmp_path / "notes" / "queen.md").write_text(PAGES["queen.md"].replace("eggs", "all eggs"), encoding="utf-8")
    assert command(tmp_path / "w", "build", str(tmp_path / "notes"), "--rights", "CC-BY-4.0", "--force") == 0
    older, newer = (folder / "fine_tune" / "batch_1" for folder in (workspace, tmp_path / "w"))
    found = compare(older, newer)
    assert found.added and found.changed and not found.moved
    assert any("drone" in change.what.lower() for change in found.added)
    assert any(before.was and before.was != before.id for before in found.changed)
    rows = [len((folder / "training_data.jsonl").read_bytes().splitlines()) for folder in (older, newer)]
    assert rows[0] == found.same + len(found.changed) + len(found.removed)
    assert rows[1] == found.same + len(found.changed) + len(found.added)
    assert [sum(pair[side] for pair in found.counts["tasks"].values()) for side in (0, 1)] == rows
    assert {name for name, pair in found.counts["rights"].items() if pair[1]} & {"CC-BY-4.0"}
    capsys.readouterr()
    assert command(workspace, "dataset", "diff", str(older), str(newer)) == 0
    assert "moved      0" in capsys.readouterr().out


def test_an_example_in_another_split_is_told(workspace, tmp_path, capsys):
    copy = tmp_path / "copy"
    shutil.copytree(workspace / "fine_tune" / "batch_1", copy)
    file = copy / "provenance.jsonl"
    file.write_bytes(file.read_bytes().replace(b'"split":"test"', b'"split":"train"', 1))
    found = told(capsys, workspace, "dataset", "diff", "1", str(copy), code=1)["difference"]
    assert [change["what"].startswith("was in test") for change in found["moved"]] == [True]


def test_check_with_fix_mends_a_copy_and_ends_as_the_copy_is(workspace, tmp_path, capsys):
    lines = (workspace / "fine_tune" / "batch_1" / "train.jsonl").read_bytes().splitlines()
    file = tmp_path / "mine.jsonl"
    file.write_bytes(b"\n".join([*lines, b'{"messages": [', lines[0]]))
    assert told(capsys, workspace, "dataset", "check", str(file), code=1)["defects"][0]["code"] == "not_json"
    result = told(capsys, workspace, "dataset", "check", str(file), "--fix")
    assert result["defects"] == []
    (fixed,) = result["fixed"]
    assert fixed["dropped"] == {"not_json": 1, "duplicate": 1}
    assert Path(fixed["to"]).read_bytes().splitlines() == lines
    assert command(workspace, "dataset", "check", str(file), "--fix") == 2, "a copy is not written over"


def test_the_limit_is_the_models_own(workspace, tmp_path, capsys):
    models = tmp_path / "models.toml"
    models.write_text(
        '[[model]]\nnames = ["small"]\nabilities = ["train"]\nmax_example_tokens = 100\n', encoding="utf-8"
    )
    (tmp_path / "plugins.toml").write_text(
        f'[[plugin]]\nmodule = "enliterator_openai"\nsettings = {{ models_file = "{models}" }}\n', encoding="utf-8"
    )
    file = str(workspace / "fine_tune" / "batch_1" / "train.jsonl")
    assert told(capsys, tmp_path, "dataset", "check", file)["defects"] == []
    found = told(capsys, tmp_path, "dataset", "check", file, "--model", "openai:small", code=1)["defects"]
    assert {one["code"] for one in found} == {"too_long"}
    assert command(tmp_path, "dataset", "check", file, "--model", "openai:large") == 2


def test_export_writes_what_plugins_add(workspace, tmp_path, capsys):
    formats = told(capsys, workspace, "export", "1")["formats"]
    assert {row["of"] for row in formats} == {"graph", "dataset"} and all(row["what"] for row in formats)
    done = told(capsys, workspace, "export", "1", "sharegpt")["export"]
    assert done["path"].endswith("batch_1-sharegpt") and done["counts"]["train.jsonl"] > 20
    graph = told(capsys, workspace, "export", "1", "graphml", "--to", str(tmp_path / "g.graphml"))["export"]
    assert list(tmp_path.iterdir()) == [Path(graph["path"])]
    assert command(workspace, "export", "1", "alpaca", "--to", str(tmp_path)) == 2, "the folder is not empty"
    assert command(workspace, "export", "1", "sharegtp") == 2
    assert "did you mean sharegpt?" in capsys.readouterr().err
    model = next(
        one for one in told(capsys, workspace, "models", "--offline")["models"] if one["provider"] == "openai"
    )["name"]
    wanted = ("--format", "alpaca", "--tokens", "--model", f"openai:{model}")
    built = told(capsys, workspace, "dataset", "build", "1", "--force", *wanted)
    metadata = json.loads((Path(built["dataset"]["path"]) / "metadata.json").read_bytes())
    assert metadata["settings"]["dataset"]["max_tokens"] == 65_536 and all(metadata["tokens"].values())
    assert command(workspace, "dataset", "build", "1", "--force", "--model", model) == 2, "no provider is named"
    assert [one["format"] for one in built["exports"]] == ["alpaca"]
    assert command(workspace, "dataset", "build", "1", "--force", "--format", "graphml") == 2
