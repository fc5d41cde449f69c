# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Remove a source, and every entity, example, dataset, job and deployed model made from it is named: end to end."""

import json
import shutil
import time
from contextlib import closing
from pathlib import Path

import pytest

from enliterator_core.cli import run
from enliterator_core.testing.sample_texts import SOURCES
from enliterator_core.training import PATIENT
from enliterator_core.workspace import Workspace
from enliterator_openai.testing import MODELS_FILE, stand_in

KEY = "sk-proj-" + "Zq7Xw2Lm9Rt4Vb6Ny1Kc8Hd3Gf5Js0Pu" * 2
PLUGINS = """
[[plugin]]
module = "enliterator_openai"
settings = {{ base_url = "{url}", models_file = "{models}", max_retries = 2, timeout = 5.0 }}
"""
LOST = "handbook/swarming.md"


class Terminal:
    """Runs command lines in a workspace."""

    def __init__(self, folder, capsys):
        self.folder, self.capsys = folder, capsys

    def __call__(self, *arguments):
        self.capsys.readouterr()
        code = run(["--workspace", str(self.folder), *map(str, arguments)])
        out, err = self.capsys.readouterr()
        return code, out, err

    def good(self, *arguments):
        code, out, err = self(*arguments)
        assert code == 0, out + err
        return out

    def json(self, *arguments):
        told = json.loads(self.good(*arguments, "--json"))
        assert told.pop("schema_version") == 1
        return told

    def one(self, *arguments):
        (values,) = self.json(*arguments).values()
        return values


@pytest.fixture
def terminal(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "nobody"))
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.chdir(tmp_path)
    made = Terminal(tmp_path / "workspace", capsys)
    made.folder.mkdir()
    club = tmp_path / "club"
    for path, _, _, _, text in SOURCES:
        (club / path).parent.mkdir(parents=True, exist_ok=True)
        (club / path).write_text(text)
    return made


@pytest.fixture
def server(terminal, monkeypatch):
    before = PATIENT.sleep
    object.__setattr__(PATIENT, "sleep", lambda seconds: time.sleep(min(seconds, 0.001)))
    with stand_in(key=KEY) as server:
        (terminal.folder / "plugins.toml").write_text(PLUGINS.format(url=server.url, models=MODELS_FILE))
        yield server
    object.__setattr__(PATIENT, "sleep", before)


def build(terminal, source="club", *more):
    return terminal.json("build", source, "--rights", "CC-BY-4.0", "--force", *more)


def provenance(folder):
    return [json.loads(line) for line in (folder / "provenance.jsonl").read_text().splitlines()]


def contents(folder):
    return sorted(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def made_from(row, path=LOST):
    return path in {span["source"] for span in row["spans"]} or row.get("withheld") == path


def train_and_deploy(terminal):
    terminal.good("settings", "set", "model.training.base", "openai:small")
    terminal.good("train", "1", "--yes")
    (job,) = terminal.one("jobs", "watch")
    assert job["state"] == "succeeded"
    terminal.good("deploy", job["id"], "--for", "route", "--for", "answer")
    return job


def test_everything_made_from_a_source_is_named_marked_and_gone_from_the_next_build(terminal, server, tmp_path):
    build(terminal)
    dataset = terminal.folder / "fine_tune" / "batch_1"
    before = provenance(dataset)
    job = train_and_deploy(terminal)
    with Workspace.open(terminal.folder) as workspace, closing(workspace.graph(1)) as graph:
        entities = {one.id for one in graph.entities() if LOST in {span.source for span in one.evidence}}
        relations = [one for one in graph.relations() if LOST in {span.source for span in one.evidence}]
        alone = {one.id for one in graph.entities() if {span.source for span in one.evidence} == {LOST}}
    files = contents(dataset)

    shown = terminal.one("withdraw", LOST)
    assert not shown["done"] and terminal.one("withdraw") == [], "without --yes nothing is written"
    code, _, err = terminal("withdraw", LOST, "--yes")
    assert code == 2 and "--reason" in err
    done = terminal.one("withdraw", LOST, "--reason", "the author asked", "--yes")
    assert done["named"] == shown["named"] and done["places"] == [[1, LOST]] and done["reason"] == "the author asked"

    named = done["named"]
    (known,) = named["batches"]
    assert {one["id"] for one in known["entities"]} == entities and known["relations"] == len(relations)
    assert {one["id"] for one in known["entities"] if one["alone"]} == alone
    (one,) = named["datasets"]
    rows = {(row["id"], row["split"], row["line"]) for row in before if made_from(row) or alone & set(row["entities"])}
    assert rows and {(row["id"], row["split"], row["line"]) for row in one["listed"]} == rows
    assert one["sent"] and one["hash"] == job["dataset"] and one["folder"] == "fine_tune/batch_1"
    assert {file["provider"] for file in named["files"]} == {"openai"} and named["files"]
    assert [each["id"] for each in named["jobs"]] == [job["id"]]
    (model,) = named["models"]
    assert model["model"] == f"openai:{job['tuned_model']}" and sorted(model["serves"]) == ["answer", "route"]
    assert files == contents(dataset), "nothing is deleted behind one's back"

    every_command_says_so(terminal, job, dataset, rows)

    result = build(terminal)
    (refusal,) = [each for each in result["refused"] if each["path"] == LOST]
    assert refusal["reason"].startswith("withdrawn") and "the author asked" in refusal["reason"]
    assert not any(made_from(row) for row in provenance(dataset)) and provenance(dataset)
    with Workspace.open(terminal.folder) as workspace, closing(workspace.graph(1)) as graph:
        assert LOST not in {source.path for source in graph.sources()}
        assert not alone & {entity.id for entity in graph.entities()}
    assert terminal("dataset", "check", "1")[0] == 0
    assert "left out" in terminal.good("status", "1")
    assert LOST in terminal.good("jobs", "show", job["id"]), "what was trained stays trained"
    terminal.good("train", "1", "--yes")


def every_command_says_so(terminal, job, dataset, rows):
    words = "withdrawn on"
    told = terminal.one("status", "1")["withdrawn"]
    assert [each["path"] for each in told] == [LOST] and "still in the graph" in told[0]["state"]
    assert words in terminal.good("status", "1")
    assert list(terminal.one("jobs", "show", job["id"])["withdrawn"]) == [LOST]
    assert words in terminal.good("jobs", "show", job["id"])
    assert all(LOST in each["withdrawn"] for each in terminal.one("deployments"))
    assert words in terminal.good("deployments")
    code, out, err = terminal("train", "1", "--yes", "--again")
    assert code == 3 and LOST in err and words in err
    code, out, err = terminal("dataset", "build", "1", "--force")
    assert code == 3 and LOST in err
    code, out, _ = terminal("dataset", "check", dataset, "--json")
    found = [each for each in json.loads(out)["defects"] if each["code"] == "withdrawn"]
    direct = {(split, line) for _, split, line in rows}
    assert code == 1 and found and {(Path(each["path"]).stem, each["line"]) for each in found} <= direct
    code, out, _ = terminal("doctor", "--json")
    (check,) = [each for each in json.loads(out)["checks"] if each["check"] == "withdrawn sources"]
    assert code == 1 and not check["passed"] and job["tuned_model"] in check["words"]


def test_a_withdrawn_source_is_refused_under_any_name_until_it_is_taken_back(terminal, server, tmp_path):
    build(terminal, "club", "--no-dataset")
    (tmp_path / "other").mkdir()
    shutil.copy(tmp_path / "club" / LOST, tmp_path / "other" / "copied.md")
    (tmp_path / "other" / "empty.md").write_text("")
    build(terminal, "other", "--no-dataset")
    done = terminal.one("withdraw", LOST, "--reason", "asked", "--yes")
    assert done["places"] == [[1, LOST], [2, "copied.md"]], "the same content in another batch is the same source"
    (tmp_path / "club" / "elsewhere.md").write_bytes((tmp_path / "club" / LOST).read_bytes())
    (tmp_path / "club" / LOST).write_text("# Quite another text\n\nIt stands where the other one stood.\n")
    first = {each["path"] for each in build(terminal, "club", "--no-dataset")["refused"]}
    assert {LOST, "elsewhere.md"} <= first, "the same path, and the same content under another one"
    assert "copied.md" in {each["path"] for each in build(terminal, "other", "--no-dataset")["refused"]}
    code, _, err = terminal("withdraw", "elsewhere.md")
    assert code == 2 and "no batch has" in err
    assert terminal("withdraw", LOST, "--reason", "again", "--yes")[0] == 2

    back = terminal.one("withdraw", LOST, "--undo", "--reason", "a mistake")
    assert back["undoes"] == done["id"]
    refused = {each["path"] for each in build(terminal, "club", "--no-dataset")["refused"]}
    assert not {LOST, "elsewhere.md"} & refused
    assert terminal("withdraw", LOST, "--undo")[0] == 2
    history = terminal.one("withdraw")
    assert [(each["undoes"], each["holds"]) for each in history] == [(None, False), (done["id"], False)]


def test_an_empty_file_takes_no_other_empty_file_with_it(terminal, server, tmp_path):
    for name in ("a.md", "b.md"):
        (tmp_path / "club" / name).write_text("")
    build(terminal, "club", "--no-dataset")
    assert terminal.one("withdraw", "a.md", "--reason", "asked", "--yes")["places"] == [[1, "a.md"]]
    refused = {each["path"] for each in build(terminal, "club", "--no-dataset")["refused"]}
    assert "a.md" in refused and "b.md" not in refused


def test_what_was_trained_on_is_named_though_its_source_and_files_are_gone(terminal, server, tmp_path):
    build(terminal)
    job = train_and_deploy(terminal)
    (tmp_path / "club" / LOST).unlink()
    build(terminal)
    found = terminal.one("withdraw", LOST)
    assert [each["id"] for each in found["named"]["jobs"]] == [job["id"]] and found["sha256"] is None
    (dataset,) = found["named"]["datasets"]
    assert dataset["hash"] == job["dataset"] and dataset["examples"] and not dataset["listed"]
    assert job["tuned_model"] in terminal.good("withdraw", LOST)
