# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""From a dataset to a model that serves and back, by commands, against the stand-in: nothing is ever trained."""

import json
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from enliterator_core import ChatRequest
from enliterator_core.cli import run
from enliterator_core.operations import TrainingJob
from enliterator_core.training import PATIENT
from enliterator_core.training.times import now
from enliterator_core.workspace import Workspace
from enliterator_openai.testing import CUT, CUT_AFTER, MODELS_FILE, SCRIPT, SLOW, Fault, stand_in

KEY = "sk-proj-" + "Zq7Xw2Lm9Rt4Vb6Ny1Kc8Hd3Gf5Js0Pu" * 2

PLUGINS = """
[enliterator]
bundled = false
[[plugin]]
module = "enliterator_sqlite"
[[plugin]]
module = "enliterator_route"
[[plugin]]
module = "enliterator_log"
[[plugin]]
module = "enliterator_openai"
settings = {{ base_url = "{url}", models_file = "{models}", max_retries = 2, timeout = 5.0 }}
"""


class Terminal:
    """Runs command lines in a workspace and hands back exit code, stdout and stderr; `said` is all that was said."""

    def __init__(self, folder, capsys):
        self.folder, self.capsys, self.said = folder, capsys, ""

    def __call__(self, *arguments):
        self.capsys.readouterr()
        code = run(["--workspace", str(self.folder), *map(str, arguments)])
        out, err = self.capsys.readouterr()
        self.said += out + err
        return code, out, err

    def good(self, *arguments):
        code, out, err = self(*arguments)
        assert code == 0, out + err
        return out

    def json(self, *arguments):
        told = json.loads(self.good(*arguments, "--json"))
        assert told.pop("schema_version") == 1
        (values,) = told.values()
        return values


def write_dataset(folder, examples=20):
    """Write a small dataset with a validation split, as another tool may have made it."""
    folder.mkdir()
    for name, count in (("train", examples), ("validation", 3)):
        rows = [
            [{"role": "user", "content": f"{name} {n}?"}, {"role": "assistant", "content": f"{n} bees"}]
            for n in range(count)
        ]
        lines = "".join(json.dumps({"messages": row}) + "\n" for row in rows)
        (folder / f"{name}.jsonl").write_text(lines)
    return folder


@pytest.fixture
def terminal(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "nobody"))
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.chdir(tmp_path)
    made = Terminal(tmp_path / "workspace", capsys)
    made.folder.mkdir()
    write_dataset(tmp_path / "bees")
    return made


@pytest.fixture
def server(terminal):
    with stand_in(key=KEY) as server:
        configure(terminal, server.url)
        yield server


@pytest.fixture(autouse=True)
def hurried():
    """Wait hardly at all for what a real provider takes minutes for."""
    before = PATIENT.sleep
    object.__setattr__(PATIENT, "sleep", lambda seconds: time.sleep(min(seconds, 0.001)))
    yield
    object.__setattr__(PATIENT, "sleep", before)


def configure(terminal, url):
    (terminal.folder / "plugins.toml").write_text(PLUGINS.format(url=url, models=MODELS_FILE))


def whole_loop(terminal):
    """Quote, train, watch, deploy and roll back; return the job as it ended."""
    terminal.good("settings", "set", "model.training.base", "openai:small")
    assert terminal.json("dataset", "quote", "bees")["quote"]["examples"] == 20
    terminal.good("train", "bees", "--budget", "1", "--yes")
    (job,) = terminal.json("jobs", "watch")
    assert job["state"] == "succeeded"
    assert terminal.json("deployments") == []
    (switch,) = terminal.json("deploy", job["id"], "--for", "route")
    assert switch["model"] == f"openai:{job['tuned_model']}"
    (back,) = terminal.json("rollback", "--for", "route")
    assert (back["undoes"], back["model"]) == (switch["id"], switch["previous"])
    return job


def test_the_loop_from_a_dataset_to_a_model_that_serves_and_back(terminal, server):
    job = whole_loop(terminal)
    assert job["metrics"]
    assert server.asked("POST /v1/files") == 2
    assert server.asked("POST /v1/fine_tuning/jobs") == 1


CREATE = "POST /v1/fine_tuning/jobs"
MISBEHAVIOURS = {
    "a rate limit": {"faults": [Fault(429, times=2)]},
    "a rate limit at creation": {"faults": [Fault(429, CREATE)]},
    "an internal error": {"faults": [Fault(500, "POST /v1/files"), Fault(500, "GET", times=2)]},
    "an overload": {"faults": [Fault(503, CREATE)]},
    "a connection cut before the upload": {"faults": [Fault(CUT, "POST /v1/files")]},
    "a connection cut after the upload": {"faults": [Fault(CUT_AFTER, "POST /v1/files")]},
    "a connection cut before the job was made": {"faults": [Fault(CUT, CREATE)]},
    "a connection cut after the job was made": {"faults": [Fault(CUT_AFTER, CREATE)]},
    "states that nobody knows": {"script": ("pondering", *SCRIPT[:3], "resting", *SCRIPT[3:])},
    "an error that is none": {"job_fields": {"error": {}}},
    "missing fields": {"missing": ("seed", "estimated_finish", "organization_id", "integrations")},
    "pages that overlap": {"pages": "overlap"},
    "a file that is long processed": {"processing": 9},
    "a slow answer": {"faults": [Fault(SLOW, CREATE, seconds=0.3)]},
}


@pytest.mark.parametrize("name", MISBEHAVIOURS)
def test_the_loop_ends_well_whatever_the_server_does(terminal, name):
    options = {key: [*value] if isinstance(value, list) else value for key, value in MISBEHAVIOURS[name].items()}
    options["faults"] = [Fault(one.what, one.where, one.times, one.seconds) for one in options.get("faults", ())]
    with stand_in(key=KEY, **options) as server:
        configure(terminal, server.url)
        job = whole_loop(terminal)
        assert len(server.jobs) == 1
        assert sum(one["purpose"] == "fine-tune" for one in server.files.values()) == 2
    states = [one["state"] for one in terminal.json("jobs", "show", job["id"])["states"]]
    assert states[:2] == ["prepared", "sent"]
    assert states[-1] == "succeeded"
    assert {one for one in options.get("script", ()) if one not in SCRIPT} <= set(states)


def test_a_job_that_fails_says_code_and_param_and_has_nothing_to_deploy(terminal):
    with stand_in(key=KEY, script=("queued", "failed")) as server:
        configure(terminal, server.url)
        terminal.good("settings", "set", "model.training.base", "openai:small")
        terminal.good("train", "bees", "--yes")
        code, out, err = terminal("jobs", "watch")
        assert code == 1
        assert "job 1  failed" in out
        assert "Line 3 has no messages. (invalid_training_file, training_file)" in err
        code, _, err = terminal("deploy", "1", "--for", "route")
        assert code == 3
        assert err == "error: job 1 (failed) has no model to deploy\n  enliterator jobs watch 1\n"


def test_a_job_is_cancelled_paused_and_resumed_and_one_that_is_gone_is_said_to_be(terminal):
    with stand_in(key=KEY, pace="hand", script=("queued", "running")) as server:
        configure(terminal, server.url)
        terminal.good("settings", "set", "model.training.base", "openai:small")
        terminal.good("train", "bees", "--yes")
        assert "paused" in terminal.good("jobs", "pause", 1)
        assert "paused" not in terminal.good("jobs", "resume", 1)
        server.jobs.clear()
        terminal.good("jobs", "sync")
        assert terminal.json("jobs", "list")[0]["state"] == "gone"
        terminal.good("train", "bees", "--yes")
        assert "cancelled" in terminal.good("jobs", "cancel", 2)
        assert terminal.json("jobs", "list", "--open") == []
        states = terminal.json("jobs", "show", 2)["states"]
        assert (states[-1]["state"], states[-1]["told_by"]) == ("cancelled", "person")


def test_a_watch_of_a_job_that_never_ends_is_stopped_and_taken_up_again(terminal):
    def stop(seconds):
        raise KeyboardInterrupt

    with stand_in(key=KEY, script=("queued", "running"), pace="hand") as server:
        configure(terminal, server.url)
        terminal.good("settings", "set", "model.training.base", "openai:small")
        terminal.good("train", "bees", "--yes")
        object.__setattr__(PATIENT, "sleep", stop)
        assert terminal("jobs", "watch", 1)[0] == 130
        assert terminal.json("jobs", "list", "--open")[0]["state"] == "queued"
        server.jobs["ftjob-000001"].script[:] = ["succeeded"]
        assert terminal("jobs", "sync")[0] == 0
        assert terminal.json("jobs", "list", "--open") == []


def test_files_that_have_expired_at_the_provider_are_uploaded_again(terminal, server):
    whole_loop(terminal)
    server.files.clear()
    terminal.good("train", "bees", "--yes", "--again")
    assert sorted(one["filename"] for one in server.files.values()) == sorted(one["name"] for one in uploads(terminal))


def uploads(terminal):
    """The files of the newest job, as the records know them."""
    with Workspace.open(terminal.folder) as workspace:
        record = workspace.records.dataset(workspace.records.jobs()[0].dataset)
        return [
            {"name": workspace.records.uploaded_file("openai", one["sha256"]).name}
            for one in record.content["files"].values()
        ]


def test_ten_thousand_jobs_are_listed_within_a_second(terminal, server):
    with Workspace.open(terminal.folder) as workspace:
        job = TrainingJob(0, "t", "openai", "small", "d" * 64, {}, {"cost": 1.5, "currency": "USD"}, "ann", now())
        workspace.records.add_job(job)
        with closing(sqlite3.connect(terminal.folder / ".enliterator" / "records.db")) as database:
            columns = [row[1] for row in database.execute("PRAGMA table_info(job)") if row[1] not in ("id", "token")]
            names = ", ".join(columns)
            numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9999)"
            database.execute(f"{numbers} INSERT INTO job (token, {names}) SELECT 't' || i, {names} FROM n, job")
            database.commit()
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "enliterator_core.cli", "jobs", "list"],
        cwd=terminal.folder, capture_output=True, text=True, check=True,
    )  # fmt: skip
    seconds = time.perf_counter() - start
    assert done.stdout.count("\n") == 101
    assert done.stderr == "older ones are left out: enliterator jobs list --limit 1000\n"
    assert terminal.good("jobs", "list", "--limit", "0").count("\n") == 10_001
    assert seconds < 3, "a second on a quiet machine"


def test_lists_and_charts_read_well(terminal, server):
    whole_loop(terminal)
    assert "openai:small  chat, embed, train" in terminal.good("models", "--can", "embed")
    assert "chat, embed, train  OPENAI_API_KEY is set" in terminal.good("providers")
    out = terminal.good("jobs", "show", 1)
    for words in ("dataset", "told by poll", "loss", "accuracy", "serves    route"):
        assert words in out
    assert "New fine-tuned model created" in terminal.good("jobs", "events", 1)
    assert ":ckpt-step-10" in terminal.good("jobs", "checkpoints", 1)
    assert "step 30" in terminal.good("jobs", "metrics", 1)
    assert "takes back 1" in terminal.good("deployments")
    code, out, err = terminal("train", "bees", "--yes")
    assert (code, "trains small on the same dataset" in err) == (3, True)


def test_what_calls_took_is_added_up_by_task_and_model(terminal, server):
    terminal.good("settings", "set", "model.answer", "openai:small")
    with Workspace.open(terminal.folder) as workspace:
        chat, model = workspace.chat("answer", fresh=True)
        for number in range(3):
            chat.complete(ChatRequest(model, [{"role": "user", "content": f"{number}?"}]))
    (row,) = terminal.json("usage")
    assert (row["task"], row["model"], row["calls"], row["errors"]) == ("answer", "small", 3, 0)
    assert row["input_tokens"] > 0
    assert row["cost"] > 0
    assert "openai:small" in terminal.good("usage")
    assert terminal.json("usage", "--since", "2999-01-01") == []
    assert terminal("usage", "--since", "yesterday")[0] == 2


# what is refused, and how


def refused(terminal, code, words, *arguments):
    got, _, err = terminal(*arguments)
    assert got == code, err
    assert words in err
    assert err.startswith("error: ")
    assert err.count("\n") >= 2, "what, and what to do"


def test_what_is_refused_has_its_exit_code_and_its_words(terminal):
    soon = (datetime.now(UTC) + timedelta(days=30)).date().isoformat()
    with stand_in(key=KEY, shutdown={"large": soon}, untunable=["large"]) as server:
        configure(terminal, server.url)
        unset = "no model is set for training.base: model.training.base is unset"
        refused(terminal, 2, unset, "train", "bees", "--yes")
        refused(terminal, 2, "no task rout; did you mean route?", "deploy", "openai:small", "--for", "rout")
        refused(terminal, 2, "no setting model.rout", "settings", "set", "model.rout", "openai:small")
        refused(terminal, 2, "no provider opnai; did you mean openai?", "train", "bees", "--provider", "opnai", "--yes")
        terminal.good("settings", "set", "model.training.base", "openai:small")
        refused(terminal, 2, "nobody is there to say yes", "train", "bees")
        cost = terminal.json("dataset", "quote", "bees")["quote"]["cost"]
        refused(terminal, 3, "is over the budget of", "train", "bees", "--yes", "--budget", cost - 0.0001)
        terminal.good("settings", "set", "training.budget", "0")
        refused(terminal, 3, "is over the budget of 0.0000", "train", "bees", "--yes")
        terminal.good("settings", "unset", "training.budget")
        ends = f"large runs until {soon}: 30 days, you asked for 180 (training.min_lifetime_days)"
        refused(terminal, 3, ends, "train", "bees", "--provider", "openai", "--model", "large", "--yes")
        assert server.asked("POST") == 0
        assert server.jobs == {}


def test_a_wrong_key_an_organisation_cut_off_and_a_server_that_is_gone_end_with_four(terminal, server, monkeypatch):
    terminal.good("settings", "set", "model.training.base", "openai:small")
    server.tuning_open = False
    got, _, err = terminal("train", "bees", "--yes")
    assert got in (3, 4), err
    assert "fine-tun" in err or "tuning" in err
    server.tuning_open = True
    monkeypatch.setenv("OPENAI_API_KEY", "wrong")
    refused(terminal, 4, "refused the key in OPENAI_API_KEY", "train", "bees", "--yes")
    refused(terminal, 4, "refused the key in OPENAI_API_KEY", "models")
    code, _, err = terminal("settings", "set", "model.answer", "openai:small")
    assert (code, "kept as unverified" in err) == (0, True)
    monkeypatch.delenv("OPENAI_API_KEY")
    refused(terminal, 4, "OPENAI_API_KEY is not set", "train", "bees", "--yes")
    configure(terminal, "http://127.0.0.1:9/v1")
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    refused(terminal, 4, "did not answer", "train", "bees", "--yes")


def test_a_file_that_the_provider_refuses_is_told_with_its_line(terminal, server, tmp_path):
    terminal.good("settings", "set", "model.training.base", "openai:small")
    with (tmp_path / "bees" / "train.jsonl").open("a") as lines:
        lines.write('{"messages": [{"role": "user", "content": "unanswered"}]}\n')
    got, _, err = terminal("train", "bees", "--yes")
    assert got == 3
    assert "train.jsonl:21" in err
    assert server.files == {}


# secrets


def test_no_secret_is_in_the_database_the_output_or_any_file(terminal, monkeypatch):
    faults = [Fault(429, times=1, message=f"over quota for {KEY}"), Fault(500, CREATE, message=KEY)]
    with stand_in(key=KEY, faults=faults) as server:
        configure(terminal, server.url)
        whole_loop(terminal)
        terminal("settings", "set", "model.answer", f"openai:{KEY}")
        terminal("settings", "set", "openai.api_key", KEY)
        server.faults[:] = [Fault(400, CREATE, message=f"Incorrect API key provided: {KEY}", times=None)]
        terminal("train", "bees", "--yes", "--again")
        server.faults[:] = [Fault(401, message=f"Incorrect API key provided: {KEY}", times=None)]
        for command in (["models"], ["jobs", "sync"], ["train", "bees", "--yes", "--again"], ["jobs", "events", "1"]):
            terminal(*command)
            terminal("--traceback", *command)
        server.faults.clear()
        for command in (["doctor"], ["doctor", "--json"], ["providers", "--json"], ["settings", "history"]):
            terminal(*command)
        for number in range(1, len(terminal.json("jobs", "list")) + 1):
            terminal.json("jobs", "show", number)
        assert KEY not in json.dumps([body for _, body in server.requests])
    assert KEY not in terminal.said
    for path in sorted(terminal.folder.rglob("*")):
        if path.is_file():
            assert KEY.encode() not in path.read_bytes(), path
