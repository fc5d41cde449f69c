# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""on_success: what a job left is fetched, a deployment is proposed, and made only where a setting says so, once."""

import json

import pytest

from enliterator_core import Event, Workspace
from enliterator_core.cli import run
from enliterator_core.operations import TrainingJob
from enliterator_core.testing import check_event_handler
from enliterator_core.training import rollback, take_note, trainer_of
from enliterator_on_success import OnSuccess
from enliterator_openai.testing import MODELS_FILE, stand_in

ROW = {"messages": [{"role": "user", "content": "What?"}, {"role": "assistant", "content": "That."}]}
EVENT = Event("job.changed", {"job": 1, "provider": "openai", "state": "succeeded"}, "evt_1")


@pytest.fixture
def workspace(tmp_path, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "a-key-for-tests")
    with stand_in() as server:
        settings = f'base_url = "{server.url}", models_file = "{MODELS_FILE}", max_retries = 0'
        (tmp_path / "plugins.toml").write_text(
            f'[[plugin]]\nmodule = "enliterator_openai"\nsettings = {{ {settings} }}\n'
        )
        file = server.upload("train.jsonl", (json.dumps(ROW) + "\n").encode() * 12, "fine-tune")["id"]
        made = server.create_job({"model": "small", "training_file": file})
        server.advance(made["id"], 10)
        at = "2026-11-01T00:00:00+00:00"
        with Workspace.open(tmp_path) as workspace:
            job = TrainingJob(0, "t", "openai", "small", "d", {}, {}, "ann", at, "running", remote=made["id"])
            job = workspace.records.add_job(job)
            take_note(workspace, job, trainer_of(workspace, "openai").job(made["id"]), "poll")
            yield workspace


def test_it_fetches_and_proposes_and_does_it_again_without_harm(workspace, tmp_path, capsys):
    for _ in range(2):
        check_event_handler(OnSuccess(), EVENT, workspace.state)
    (file,) = (workspace.state / "jobs" / "1").iterdir()
    assert file.read_bytes() and workspace.records.job_metrics(1) and workspace.records.deployments() == []
    (proposed,) = workspace.records.events(type="deployment.proposed")
    told = json.loads(proposed.body)
    assert (proposed.subject, told["job"], told["model"]) == (
        "job 1",
        1,
        f"openai:{workspace.records.job(1).tuned_model}",
    )
    assert run(["--workspace", str(tmp_path), "jobs", "show", "1"]) == 0
    assert "enliterator deploy 1 --for TASK|all" in capsys.readouterr().out
    assert run(["--workspace", str(tmp_path), "deployments"]) == 0
    assert "proposed" in capsys.readouterr().err


def test_it_deploys_where_a_setting_says_so_and_not_again_after_a_rollback(workspace, tmp_path, capsys):
    handler = OnSuccess(deploy_for=("route", "canon_map"))
    check_event_handler(handler, EVENT, workspace.state)
    check_event_handler(handler, EVENT, workspace.state)
    made = workspace.records.deployments()
    assert [(one.task, one.job, one.who) for one in made] == [
        ("canon_map", 1, "on_success"),
        ("route", 1, "on_success"),
    ]
    rollback(workspace, ["route"], "ann")
    check_event_handler(handler, EVENT, workspace.state)
    assert len(workspace.records.deployments()) == 3
    assert run(["--workspace", str(tmp_path), "jobs", "show", "1"]) == 0
    assert "proposed" not in capsys.readouterr().out


def test_other_states_and_jobs_are_nothing_to_it(workspace):
    handler = OnSuccess(deploy_for=("all",))
    check_event_handler(handler, Event("job.changed", {"job": 1, "state": "failed"}, "evt_2"), workspace.state)
    check_event_handler(handler, Event("job.changed", {"job": 9, "state": "succeeded"}, "evt_3"), workspace.state)
    assert workspace.records.deployments() == [] == workspace.records.events(type="deployment.proposed")
