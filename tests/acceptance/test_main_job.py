# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The main job: the project makes its own repository literate, as `make demo` does; what comes out is held to it."""

import hashlib
import json
import re
import shlex
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SPLITS = ("train", "validation", "test")


@pytest.fixture(scope="module")
def builds(tmp_path_factory, run):
    """Two copies of the repository in different folders, each built: the folders and what the builds printed."""
    results = []
    for name in ("here", "elsewhere/deeper"):
        folder = tmp_path_factory.mktemp("clone") / name
        folder.parent.mkdir(parents=True, exist_ok=True)
        run("git", "clone", "--quiet", ROOT, folder)
        command = (sys.executable, "-m", "enliterator_core.cli", "build", ".", "--name", "enliterator", "--json")
        results.append((folder, json.loads(run(*command, cwd=folder).stdout)))
    return results


@pytest.fixture(scope="module")
def built(builds):
    """The first of them."""
    return builds[0]


def dataset(folder):
    return folder / "fine_tune" / "batch_1"


def records(folder):
    return [
        json.loads(line) for line in (dataset(folder) / "provenance.jsonl").read_text(encoding="utf-8").splitlines()
    ]


def test_it_passes_its_own_gate_with_a_verified_dataset_of_six_tasks(built):
    folder, result = built
    assert result["literacy"]["score"] > 70
    assert result["literacy"]["gate"]
    assert json.loads((dataset(folder) / "metadata.json").read_text(encoding="utf-8"))["forced"] is False
    total = sum(result["dataset"]["splits"].values())
    assert total >= 1270
    tasks = result["dataset"]["tasks"]
    assert set(tasks) == {"canon_map", "path_text", "route", "normalize", "rights_style", "gap_awareness"}
    assert min(tasks.values()) >= 0.05 * total


def test_every_file_is_taken_in_or_refused_by_name(built):
    folder, result = built
    listed = subprocess.run(["git", "ls-files"], cwd=folder, capture_output=True, text=True, check=True).stdout.split(
        "\n"
    )
    intake = next(stage for stage in result["stages"] if stage["name"] == "intake")
    assert intake["counts"]["files"] + len(result["refused"]) == len([name for name in listed if name])


def test_every_source_knows_its_licence(built):
    folder, _ = built
    status = subprocess.run(
        [sys.executable, "-m", "enliterator_core.cli", "status", "1", "--json"],
        cwd=folder, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    rights = next(stage for stage in json.loads(status)["status"]["stages"] if stage["name"] == "rights")
    assert rights["counts"]["quarantined"] == 0
    assert {record["rights"]["license"] for record in records(folder) if record["spans"]} == {"Apache-2.0"}


def test_two_builds_in_different_folders_are_the_same_bytes(builds):
    hashes = []
    for folder, _ in builds:
        files = sorted(dataset(folder).glob("*.jsonl"))
        hashes.append({path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files})
    assert len(hashes[0]) == 5
    assert hashes[0] == hashes[1]


def test_every_span_opens_in_the_real_file(built):
    folder, _ = built
    texts = {}
    for record in records(folder):
        assert record["spans"] or record.get("absence") or record.get("withheld")
        for span in record["spans"]:
            path = span["source"]
            if path not in texts:
                texts[path] = commit_text(folder, path) if path.startswith("commit:") else read(folder / path)
            piece = texts[path][span["start"] : span["end"]]
            assert piece.strip(), span
            assert len(piece) == span["end"] - span["start"]


def read(path):
    with path.open(encoding="utf-8", newline="") as file:
        return file.read()


def commit_text(folder, path):
    """The text of a commit, by the command that docs/dataset.md names."""
    page = (ROOT / "docs" / "dataset.md").read_text(encoding="utf-8")
    command = re.search(r"^(git [^`]*?HASH)$", page, re.MULTILINE)[1].replace("\\\n", " ")
    words = [word.replace("HASH", path.removeprefix("commit:")) for word in shlex.split(command)]
    return subprocess.run(words, cwd=folder, capture_output=True, check=True).stdout.decode()


def test_answers_say_what_their_spans_say(built):
    """A quotation stands word for word in the file; a description is the words of its span."""
    folder, _ = built
    lines = {split: (dataset(folder) / f"{split}.jsonl").read_text(encoding="utf-8").split("\n") for split in SPLITS}
    quoted = described = 0
    for record in records(folder):
        answer = json.loads(lines[record["split"]][record["line"] - 1])["messages"][-1]["content"]
        if record["task"] == "rights_style" and answer.startswith('"') and len(record["spans"]) == 1:
            span = record["spans"][0]
            if not span["source"].startswith("commit:"):
                words = answer[1:].split('"\n')[0]
                piece = read(folder / span["source"])[span["start"] : span["end"]]
                assert " ".join(words.split()) in " ".join(piece.split())
                quoted += 1
        if record["task"] == "canon_map" and json.loads(answer)["canonical"]:
            described += bool(json.loads(answer)["description"])
    assert quoted > 50
    assert described > 100


def test_the_splits_do_not_leak_by_a_third_count(built):
    folder, _ = built
    where = {}
    for record in records(folder):
        where.setdefault(record["group"], set()).add(record["split"])
    assert all(len(splits) == 1 for splits in where.values())
    assert Counter(record["split"] for record in records(folder))["train"] > 1000


def test_a_second_run_does_nothing_and_says_so(built, run):
    folder, result = built
    command = (sys.executable, "-m", "enliterator_core.cli", "build", ".", "--name", "enliterator", "--json")
    again = json.loads(run(*command, cwd=folder).stdout)
    assert again["unchanged"] is True
    assert again["dataset"]["tasks"] == result["dataset"]["tasks"]
