# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""`enliterator webhooks` as a person and a script use it."""

import json
import re
import time

import pytest
from attrs import evolve

from enliterator_core import DONE, OURS, WAITING, TrainingJob, WebhookEvent, Workspace
from enliterator_core.cli import run
from enliterator_webhooks import Sender, Webhooks
from enliterator_webhooks.testing import SECRET, serving

KIND = "fine_tuning.job.succeeded"


@pytest.fixture
def terminal(tmp_path, monkeypatch, capsys):
    """Run a command line in a workspace; return exit code, stdout and stderr."""
    monkeypatch.setenv("OPENAI_WEBHOOK_SECRET", SECRET)

    def call(*words):
        code = run(["--workspace", str(tmp_path), *words])
        out, err = capsys.readouterr()
        return code, out, err

    return call


@pytest.fixture
def kept(tmp_path):
    """A workspace with a job and some events, of which the first is done."""
    job = TrainingJob(0, "token", "openai", "small", "0" * 64, {}, {}, "ann", "2026-01-01T00:00:00+00:00")
    with Workspace.open(tmp_path) as workspace:
        records = workspace.records
        number = records.add_job(job).id
        records.change_job(number, "test", remote="ftjob-1")
        records.add_events([WebhookEvent(0, "openai", "a", KIND, "ftjob-1", '{"type":"x","data":{"id":"ftjob-1"}}')])
        (claimed,) = records.claim_events("openai", "someone")
        records.settle_events([claimed], DONE)
        hostile = WebhookEvent(0, "openai", "b", "<b>\u00e9'; DROP TABLE event", "ftjob-2", '{"type":"\\u001b[2J"}')
        ours = WebhookEvent(0, OURS, "c", "job.changed", f"job {number}", "{}")
        records.add_events([hostile, ours, evolve(ours, queue="handler:log")])
    return number


def events(terminal, *words):
    return [one["number"] for one in json.loads(terminal("webhooks", "list", "--json", *words)[1])["events"]]


def test_events_are_listed_newest_first_and_filtered(terminal, kept):
    assert events(terminal) == [4, 3, 2, 1]
    assert events(terminal, "--type", KIND) == [1]
    assert events(terminal, "--status", "waiting") == [4, 3, 2]
    assert events(terminal, "--status", "done") == [1]
    assert events(terminal, "--job", str(kept)) == [4, 3, 1]
    assert events(terminal, "--job", "ftjob-2") == [2]
    assert events(terminal, "--queue", "handler:log") == [4]
    assert events(terminal, "--limit", "2") == [4, 3]
    assert events(terminal, "--before", "3") == [2, 1]
    assert events(terminal, "--type", "none") == []
    _, out, err = terminal("webhooks", "list", "--limit", "2")
    assert out.splitlines()[0].split() == ["event", "received", "queue", "type", "about", "state", "tries", "note"]
    assert "--before 3 goes on" in err
    assert terminal("webhooks", "list", "--job", "77")[0] == 2
    assert "no such events" in terminal("webhooks", "list", "--status", "dead")[2]


def test_an_event_is_shown_with_what_follows_from_it(terminal, kept):
    out = terminal("webhooks", "show", "3")[1]
    assert out.startswith("event 3  waiting  job.changed\n")
    assert re.search(r"the same event elsewhere\n +4  handler:log  waiting", out)
    shown = json.loads(terminal("webhooks", "show", "3", "--json")[1])["event"]
    assert shown["body"] == "{}"
    assert [one["number"] for one in shown["deliveries"]] == [4]
    assert "\x1b" not in terminal("webhooks", "show", "2")[1]
    code, _, err = terminal("webhooks", "show", "9")
    assert (code, err.splitlines()[0]) == (2, "error: there is no event 9")


def test_an_event_is_replayed_and_counted(terminal, kept):
    assert terminal("webhooks", "replay", "1")[1] == f"event 1  waiting  {KIND}\n"
    totals = json.loads(terminal("webhooks", "stats", "--json")[1])["totals"]
    assert {(one["queue"], one["type"], one["state"], one["events"]) for one in totals} == {
        ("handler:log", "job.changed", WAITING, 1),
        (OURS, "job.changed", WAITING, 1),
        ("openai", "<b>\u00e9'; DROP TABLE event", WAITING, 1),
        ("openai", KIND, WAITING, 1),
    }
    assert len(terminal("webhooks", "stats")[1].splitlines()) == 5
    assert terminal("webhooks", "replay", "2")[0] == 4  # it waits already
    assert terminal("webhooks", "replay", "1", "99")[0] == 2


def test_setup_tells_what_to_enter_and_checks_the_secret(terminal, monkeypatch):
    code, out, _ = terminal("webhooks", "setup", "--url", "https://hooks.example.org/")
    assert code == 0
    assert "this URL: https://hooks.example.org/webhooks/openai\n" in out
    assert KIND in out
    assert "eval.run.canceled" in out
    assert "OPENAI_WEBHOOK_SECRET: set, 1 secret of the right form" in out
    assert SECRET not in out
    monkeypatch.setenv("OPENAI_WEBHOOK_SECRET", "sk-proj-0123456789")
    code, out, _ = terminal("webhooks", "setup")
    assert code == 1
    assert "secret 1 does not begin with whsec_" in out
    assert "0123456789" not in out
    monkeypatch.delenv("OPENAI_WEBHOOK_SECRET")
    code, out, _ = terminal("webhooks", "setup", "--json")
    (sender,) = json.loads(out)["senders"]
    assert (code, sender["state"], sender["variable"]) == (0, "not set yet", "OPENAI_WEBHOOK_SECRET")
    assert terminal("webhooks", "setup", "--url", "hooks.example.org")[0] == 2


def test_any_sender_of_the_standard_can_be_configured(terminal, tmp_path, monkeypatch):
    (tmp_path / "plugins.toml").write_text(
        '[[plugin]]\nmodule = "enliterator_webhooks"\n[plugin.settings.senders]\n'
        'foundry = { secret_variable = "FOUNDRY_WEBHOOK_SECRET", event_types = ["batch.completed"] }\n'
    )
    monkeypatch.setenv("FOUNDRY_WEBHOOK_SECRET", SECRET)
    out = terminal("webhooks", "setup")[1]
    assert "/webhooks/foundry" in out
    assert "openai" not in out
    with serving(tmp_path) as server:
        code, out, _ = terminal(
            "webhooks", "send-test", "--url", server.url, "--sender", "foundry", "--wait", "0", "--json"
        )
        assert code == 0
        assert json.loads(out)["event"]["queue"] == "foundry"
        assert terminal("webhooks", "send-test", "--url", server.url)[0] == 2


@pytest.mark.parametrize("name", ["ours", "handler:log", "Ab", "", "a/b"])
def test_a_sender_cannot_have_the_name_of_another_queue(name):
    with pytest.raises(ValueError, match="has a sender"):
        Webhooks(senders={name: Sender("X")})


def test_a_test_event_is_sent_and_what_became_of_it_is_told(terminal, tmp_path, monkeypatch):
    code, _, err = terminal("webhooks", "send-test", "--url", "http://127.0.0.1:9")
    assert code == 4
    assert "cannot be reached" in err
    assert "start it (enliterator serve)" in err
    with serving(tmp_path) as server:
        code, out, err = terminal("webhooks", "send-test", "--url", server.url, "--about", "ftjob-3", "--wait", "0")
        assert (code, out) == (0, "answered 200, kept as event 1: waiting\n")
        assert "enliterator serve --worker" in err
        assert events(terminal, "--job", "ftjob-3") == [1]
        other = tmp_path / "other"
        other.mkdir()
        assert run(["--workspace", str(other), "webhooks", "send-test", "--url", server.url]) == 4
        monkeypatch.setenv("OPENAI_WEBHOOK_SECRET", "whsec_" + "bmV3" * 8)
        code, _, err = terminal("webhooks", "send-test", "--url", server.url)
        assert code == 4
        assert "answered 401" in err
        assert "another secret" in err
    monkeypatch.setenv("OPENAI_WEBHOOK_SECRET", "")
    assert "webhooks setup tells" in terminal("webhooks", "send-test")[2]


def test_with_a_worker_beside_it_a_test_event_is_settled(terminal, tmp_path):
    with serving(tmp_path, "--worker", "2") as server:
        code, out, _ = terminal("webhooks", "send-test", "--url", server.url, "--wait", "20")
        assert code == 0
        assert re.fullmatch(r"answered 200, kept as event 1: skipped.*\n", out)
        time.sleep(0.1)
    assert "is started again" not in server.log.read_text()
