# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""From a dataset to a deployed model and back, by the Python API, against the stand-in for the paid API."""

import json
from datetime import date

import pytest
from attrs import evolve

from enliterator_core import GateError, RejectedError, ServiceError, UsageError
from enliterator_core.training import (
    Patience,
    TrainingOptions,
    chain,
    checkpoints,
    control,
    deploy,
    events,
    fetch_metrics,
    plan_training,
    preflight,
    rollback,
    sync,
    train,
    wait_for,
    watch,
)
from enliterator_core.workspace import Workspace
from enliterator_openai.testing import MODELS_FILE, Fault, stand_in

QUICK = Patience(settle=0.2, processing=0.2, first=0.01, most=0.02)


def line(number):
    said = ("system", "Answer."), ("user", f"What is thing {number}?"), ("assistant", f"Thing {number} is a thing.")
    return json.dumps({"messages": [{"role": role, "content": text} for role, text in said]}) + "\n"


def dataset_at(folder, start=0, count=12):
    """Write a dataset with a provenance; its lines differ enough not to be near-duplicates of one another."""
    folder.mkdir(parents=True)
    (folder / "train.jsonl").write_text("".join(line(n * 7919) for n in range(start, start + count)))
    (folder / "validation.jsonl").write_text(line(999_983 + start))
    rows = [
        {"split": split, "spans": [{"source": source, "start": 0, "end": 1} for source in sources]}
        for split, sources in (("train", ("a.md", "b.md")), ("validation", ("a.md",)), ("test", ("held.md",)))
    ]
    (folder / "provenance.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    (folder / "metadata.json").write_text(
        json.dumps({"batch": {"id": 1, "name": "things"}, "tasks": {"route": count + 1}})
    )
    return folder


@pytest.fixture
def server():
    with stand_in(strict=True) as known:
        yield known
    assert known.drift == []


@pytest.fixture
def workspace(tmp_path, server):
    settings = f'base_url = "{server.url}", models_file = "{MODELS_FILE}", max_retries = 0'
    (tmp_path / "plugins.toml").write_text(f'[[plugin]]\nmodule = "enliterator_openai"\nsettings = {{ {settings} }}\n')
    with Workspace.open(tmp_path, environment={"OPENAI_API_KEY": "a-key-for-tests"}) as opened:
        opened.records.add_batch("things", "things", "{}")
        yield opened


@pytest.fixture(autouse=True)
def key(monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "a-key-for-tests")


@pytest.fixture
def plan(workspace):
    return plan_training(
        workspace, dataset_at(workspace.root / "fine_tune" / "batch_1"), model="openai:small", options=TrainingOptions()
    )


def test_the_quote_counts_tokens_and_names_the_price_and_its_date(plan):
    quote = plan.quote
    assert quote.examples == 12
    assert quote.epochs == 9, "raised until 100 examples are seen"
    assert quote.trained_tokens == quote.tokens * 9
    assert quote.cost == pytest.approx(quote.trained_tokens * quote.price / 1e6)
    assert (quote.currency, quote.prices_of) == ("USD", "2026-11-01")


def test_from_dataset_to_succeeded_deployed_and_rolled_back(workspace, server, plan):
    job = wait_for(workspace, train(workspace, plan, who="ann", patience=QUICK), patience=QUICK)
    assert job.state == "succeeded" and job.tuned_model and job.remote in server.jobs
    assert job.cost == pytest.approx(job.trained_tokens * plan.quote.price / 1e6)
    told = chain(workspace, job.id)
    states = [one.state for one in told.states]
    assert states[:2] == ["prepared", "sent"] and states[-1] == "succeeded"
    assert {one.told_by for one in told.states} == {"person", "trainer", "poll"}
    assert told.sources == {"a.md": 2, "b.md": 1}, "what is only tested with was not sent"
    assert told.batch.id == 1 and told.metrics and "train_loss" in told.metrics[0]
    assert events(workspace, job.id) and checkpoints(workspace, job.id)[0].metrics
    workspace.settings.set("model.route", "openai:large", "ann")
    (made,), note = deploy(workspace, str(job.id), ["route"], "ben")
    assert (made.job, made.dataset, note) == (job.id, job.dataset, "")
    assert workspace.settings.model_for("route") == f"openai:{job.tuned_model}"
    rollback(workspace, ["route"], "cy")
    assert workspace.settings.model_for("route") == "openai:large"
    with pytest.raises(GateError, match="nothing is deployed"):
        rollback(workspace, ["route"], "cy")
    assert [one.model for one in chain(workspace, job.id).deployments] == [f"openai:{job.tuned_model}"]


def test_the_same_is_not_bought_twice_and_files_are_uploaded_once(workspace, server, plan):
    first = train(workspace, plan, who="ann", patience=QUICK)
    with pytest.raises(GateError, match=f"job {first.id} .* trains small on the same dataset"):
        train(workspace, plan, who="ann", patience=QUICK)
    second = train(workspace, plan, who="ann", again=True, patience=QUICK)
    assert second.id != first.id and len(server.jobs) == 2
    assert server.asked("POST /v1/files") == 2, "a training and a validation file, for both jobs"
    server.expire_files()
    train(workspace, plan, who="ann", again=True, patience=QUICK)
    assert server.asked("POST /v1/files") == 4


@pytest.mark.parametrize("what", ["cut", "cut after", 500, 503, 429])
@pytest.mark.parametrize("where", ["POST /v1/files", "POST /v1/fine_tuning/jobs"])
def test_a_lost_answer_buys_nothing_twice(workspace, server, plan, what, where):
    server.faults.append(Fault(what, where))
    job = train(workspace, plan, who="ann", patience=QUICK)
    assert job.remote and len(server.jobs) == 1
    assert len({row["filename"] for row in server.files.values()}) == len(server.files) == 2
    assert len(workspace.records.jobs()) == 1


def test_a_provider_that_is_down_is_gone_on_with_by_the_same_command(workspace, server, plan):
    server.faults.append(Fault("cut after", "POST /v1/fine_tuning/jobs"))

    class OnceThereIsAJob(Fault):
        def strikes(self, call):
            return bool(server.jobs) and super().strikes(call)

    server.faults.append(OnceThereIsAJob(500, "GET /v1/fine_tuning/jobs", times=None))
    with pytest.raises(ServiceError):
        train(workspace, plan, who="ann", patience=QUICK)
    (job,) = workspace.records.jobs()
    assert job.state == "sent" and job.remote is None and len(server.jobs) == 1
    server.faults.clear()
    assert train(workspace, plan, who="ann", patience=QUICK).id == job.id
    assert len(server.jobs) == 1


def test_what_the_provider_refuses_is_rejected_for_good(workspace, server, plan):
    server.tuning_open = False
    with pytest.raises(RejectedError, match="does not let"):
        train(workspace, plan, who="ann", patience=QUICK)
    (job,) = workspace.records.jobs()
    assert job.state == "rejected" and "does not let" in job.error["message"]
    server.tuning_open = True
    assert train(workspace, plan, who="ann", patience=QUICK).id == 2


def test_a_watch_goes_on_when_the_network_is_gone(workspace, server, plan):
    job = train(workspace, plan, who="ann", patience=QUICK)
    server.faults.append(Fault("cut", "GET", times=40))
    sights = list(watch(workspace, [job.id], patience=QUICK))
    assert sights[-1].jobs[0].state == "succeeded" and sights[-1].next_look == 0
    assert sum(bool(sight.problems) for sight in sights) >= 5
    told = [event.id for sight in sights for event in sight.events]
    assert told and len(told) == len(set(told))


def test_a_bad_key_ends_a_watch(workspace, server, plan, monkeypatch):
    job = train(workspace, plan, who="ann", patience=QUICK)
    server.key = "another"
    with pytest.raises(ServiceError, match="refused the key"):
        list(watch(workspace, [job.id], patience=QUICK))
    assert workspace.records.job(job.id).state == job.state


def test_unknown_states_are_kept_as_they_are_and_a_lost_job_is_said_to_be_gone(workspace, server, plan):
    server.script, server.strict = ("queued", "brewing", "running"), False  # the SDK knows no such state
    job = train(workspace, plan, who="ann", patience=QUICK)
    for _ in range(3):
        sync(workspace)
    assert "brewing" in [one.state for one in workspace.records.job_states(job.id)]
    server.jobs.clear()
    (gone,), problems = sync(workspace)
    assert gone.state == "gone" and problems == []


def test_a_failed_job_says_why(workspace, server, plan):
    server.script = ("queued", "failed")
    job = wait_for(workspace, train(workspace, plan, who="ann", patience=QUICK), patience=QUICK)
    assert job.state == "failed" and job.error["code"] and job.error["message"]
    with pytest.raises(GateError, match="has no model"):
        deploy(workspace, job, ["route"], "ann")


@pytest.mark.parametrize("pages", ["", "overlap"])
def test_two_hundred_jobs_take_one_request_a_page(workspace, server, plan, pages):
    server.pace, server.pages = "hand", pages
    body = {"model": "small"}
    for number in range(200):
        train_file = server.keep(f"{number}.jsonl", line(1).encode() * 12, "fine-tune")
        made = server.create_job({**body, "training_file": train_file, "metadata": {"enliterator": f"t{number}"}})
        job = evolve(_job(plan, f"t{number}"), state="sent" if number % 2 else "queued")
        kept = workspace.records.add_job(job)
        if not number % 2:
            workspace.records.change_job(kept.id, "trainer", remote=made["id"])
    server.calls.clear()
    jobs, problems = sync(workspace)
    assert problems == [] and len(jobs) == 200
    assert all(job.remote in server.jobs for job in jobs)
    assert len(server.calls) == server.asked("GET /v1/fine_tuning/jobs") <= 3
    assert len({job.remote for job in jobs}) == 200


def _job(plan, token):
    from enliterator_core import TrainingJob

    return TrainingJob(0, token, "openai", "small", plan.dataset.hash, {}, {}, "ann", "2026-11-01T00:00:00+00:00")


def test_cancel_before_and_after_it_was_sent(workspace, server, plan):
    kept = workspace.records.add_job(_job(plan, "t1"))
    assert control(workspace, kept.id, "cancel").state == "cancelled"
    server.pace = "hand"
    job = train(workspace, plan, who="ann", patience=QUICK)
    server.advance()
    server.advance()
    server.advance()
    sync(workspace)
    assert control(workspace, job.id, "pause").state == "paused"
    control(workspace, job.id, "resume")
    assert control(workspace, job.id, "cancel").state == "cancelled"
    assert workspace.records.job_states(job.id)[-1].told_by == "person"
    with pytest.raises(UsageError, match="has ended"):
        control(workspace, job.id, "cancel")


def paths(workspace, plan, **options):
    asked = evolve(plan, options=evolve(plan.options, **options))
    return {one.path: one.message for one in preflight(workspace, asked, today=date(2026, 11, 22))}


def test_a_budget_that_is_reached_is_an_event(workspace, server, plan):
    told = []
    workspace.emit = told.append
    with pytest.raises(GateError, match="over the budget"):
        train(workspace, evolve(plan, options=evolve(plan.options, budget=0.0)), who="ann", patience=QUICK)
    (event,) = told
    assert (event.type, event.data["budget"], event.data["cost"]) == ("budget.reached", 0.0, plan.quote.cost)
    assert server.jobs == {}


def test_preflight_names_everything_that_is_wrong_at_once(workspace, server, plan):
    assert paths(workspace, plan) == {}
    cents = plan.quote.cost
    assert paths(workspace, plan, budget=cents) == {}
    assert "is over the budget" in paths(workspace, plan, budget=cents - 0.0001)["training.budget"]
    server.shutdown["small"] = "2026-12-15"
    assert "runs until 2026-12-15: 23 days" in paths(workspace, plan, min_lifetime_days=180)["model.training.base"]
    assert paths(workspace, plan, min_lifetime_days=23) == {}
    assert "training.suffix" in paths(workspace, plan, suffix="x" * 65)
    huge = evolve(plan, model="huge")
    assert "has no model huge" in preflight(workspace, huge)[0].message
    with (plan.folder / "train.jsonl").open("a") as file:
        file.write("{}\n")
    assert any(path.startswith("train.jsonl:13") for path in paths(workspace, plan))
    with pytest.raises(GateError, match="not sent"):
        train(workspace, plan, who="ann", patience=QUICK)
    assert workspace.records.jobs() == [] and server.asked("POST") == 0


def test_metrics_are_had_later_where_the_results_cannot_be_fetched(workspace, server, plan):
    job = train(workspace, plan, who="ann", patience=QUICK)
    server.faults.append(Fault(500, "GET /v1/files/", times=None))
    done = wait_for(workspace, job, patience=QUICK)
    assert done.state == "succeeded" and workspace.records.job_metrics(job.id) == []
    server.faults.clear()
    assert fetch_metrics(workspace, done) == workspace.records.job_metrics(job.id) != []


def test_pairs_are_trained_by_preference(workspace, server):
    folder = workspace.root / "pairs"
    folder.mkdir()
    asked = {"messages": [{"role": "user", "content": "What is it?"}]}
    said = [[{"role": "assistant", "content": text}] for text in ("A thing.", "No.")]
    row = {"input": asked, "preferred_output": said[0], "non_preferred_output": said[1]}
    (folder / "train.jsonl").write_text((json.dumps(row) + "\n") * 12)
    plan = plan_training(workspace, folder, model="openai:small", options=TrainingOptions({"beta": 0.1}))
    assert plan.method == "dpo" and plan.quote.tokens > 0
    job = train(workspace, plan, who="ann", patience=QUICK)
    body = server.jobs[job.remote].body
    assert body["method"]["type"] == "dpo" and body["method"]["dpo"]["hyperparameters"]["beta"] == 0.1


def test_metrics_come_from_events_where_the_results_have_expired(workspace, server, plan):
    job = train(workspace, plan, who="ann", patience=QUICK)
    server.faults.append(Fault(404, "GET /v1/files/", times=None, code="not_found"))
    done = wait_for(workspace, job, patience=QUICK)
    assert done.state == "succeeded"
    rows = workspace.records.job_metrics(job.id)
    assert rows == fetch_metrics(workspace, done) and "train_loss" in rows[0]
    assert [row["step"] for row in rows] == sorted({row["step"] for row in rows})


def test_a_refusal_after_a_lost_answer_leaves_the_job_to_be_looked_for(workspace, server, plan):
    server.faults.append(Fault("cut", "POST /v1/fine_tuning/jobs"))
    server.faults.append(Fault(400, "POST /v1/fine_tuning/jobs", message="no"))
    with pytest.raises(ServiceError) as caught:
        train(workspace, plan, who="ann", patience=QUICK)
    assert not isinstance(caught.value, RejectedError) and caught.value.hint
    assert workspace.records.jobs()[0].state == "sent"
    assert train(workspace, plan, who="ann", patience=QUICK).id == 1 and len(server.jobs) == 1


def test_a_watch_does_not_wait_for_a_job_that_never_reached_the_provider(workspace, server, plan):
    kept = workspace.records.add_job(_job(plan, "t1"))
    workspace.records.change_job(kept.id, "trainer", state="sent")
    (*_, last) = watch(workspace, patience=evolve(QUICK, settle=1.5, first=0.1, most=0.2))
    assert last.jobs[0].state == "sent" and last.next_look == 0.0


def test_two_processes_do_not_send_at_once(workspace, plan):
    from enliterator_core.folders import locked

    with (
        locked(workspace.state / "locks" / "training.lock", "held"),
        pytest.raises(ServiceError, match="another process is sending"),
    ):
        train(workspace, plan, who="ann", patience=QUICK)


def test_a_dataset_of_another_workspace_has_no_batch_here(workspace):
    folder = dataset_at(workspace.root / "copied")
    (folder / "metadata.json").write_text('{"batch": {"id": 1, "name": "others"}}')
    assert plan_training(workspace, folder, model="openai:small").dataset.batch is None
    (folder / "metadata.json").write_text("no json")
    with pytest.raises(UsageError, match="build the dataset again"):
        plan_training(workspace, folder, model="openai:small")


def test_a_rollback_goes_back_step_by_step_and_not_over_what_was_set_by_hand(workspace):
    for model in ("small", "large", "small"):
        deploy(workspace, f"openai:{model}", ["route", "answer"], "ann")
    rollback(workspace, ["all"], "ann")
    rollback(workspace, ["route"], "ann")
    assert (workspace.settings.model_for("route"), workspace.settings.model_for("answer")) == (
        "openai:small",
        "openai:large",
    )
    workspace.settings.set("model.answer", "openai:small", "ben")
    with pytest.raises(GateError, match=r"model.answer was set to openai:small after openai:large"):
        rollback(workspace, ["route", "answer"], "ann")
    assert workspace.settings.model_for("route") == "openai:small", "neither is changed where one cannot be"
    with pytest.raises(UsageError, match="no task rout; did you mean route"):
        deploy(workspace, "openai:small", ["rout"], "ann")
    with pytest.raises(UsageError, match="has no model huge"):
        deploy(workspace, "openai:huge", ["route"], "ann")
