# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The train facet through the real SDK: the whole loop, each misbehaviour of the server, and other servers' ways."""

import json

import pytest

from enliterator_core import RejectedError, ServiceError, TrainingRequest
from enliterator_openai import OpenAI
from enliterator_openai.testing import CUT, CUT_AFTER, SLOW, Fault, stand_in

CREATE = "POST /v1/fine_tuning/jobs"


@pytest.fixture(autouse=True)
def key(monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "a-key-for-tests")


@pytest.fixture
def path(tmp_path):
    rows = [
        {"messages": [{"role": "user", "content": f"é {n}"}, {"role": "assistant", "content": "a"}]} for n in range(12)
    ]
    lines = [json.dumps(row, ensure_ascii=False) + "\n" for row in rows]
    (tmp_path / "train.jsonl").write_text("".join(lines), encoding="utf-8")
    return tmp_path / "train.jsonl"


def trainer_at(server, **settings):
    return OpenAI(base_url=server.url, **{"max_retries": 0, **settings}).train()


def asked(file, **options):
    return TrainingRequest(**{"model": "small", "training_file": file.id, "token": "token-1", **options})


def test_a_job_is_followed_from_the_file_to_the_tuned_model(path):
    with stand_in(strict=True) as server:
        trainer = trainer_at(server)
        file = trainer.upload(path, "content-hash.jsonl")
        assert server.contents[file.id] == path.read_bytes()
        assert file.state == "uploaded"
        assert trainer.file(file.id).state == "processed"
        job = trainer.create(asked(file, seed=7, suffix="bees", hyperparameters={"n_epochs": 2}))
        states = [job.state]
        while states[-1] != "succeeded":
            job = trainer.job(job.id)
            states.append(job.state)
        assert states[-5:] == ["queued", "running", "running", "running", "succeeded"]
        assert job.tuned_model == "ft:small:stand-in:bees:000001"
        assert job.trained_tokens == path.stat().st_size // 4 * 2
        assert job.hyperparameters["n_epochs"] == 2
        assert job.error is None
        assert job.finished_at >= job.created_at
        events = list(trainer.events(job.id))
        assert events[0].message == "The job has successfully completed"
        assert events[-1].message.startswith("Created")
        assert [event.data["step"] for event in events if event.data] == list(range(30, 0, -1))
        steps = [(one.step, one.metrics["train_loss"]) for one in trainer.checkpoints(job.id)]
        assert [step for step, _ in steps] == [10, 20, 30]
        assert steps == sorted(steps, key=lambda one: -one[1])
        lines = trainer.content(job.result_files[0]).decode().splitlines()
        assert lines[0].startswith("step,train_loss")
        assert len(lines) == 31
        assert server.drift == []
    body = next(body for path, body in server.requests if "seed" in body)
    assert body["metadata"] == {"enliterator": "token-1"}
    auto = {"n_epochs": 2, "batch_size": "auto", "learning_rate_multiplier": "auto"}
    assert body["method"] == {"type": "supervised", "supervised": {"hyperparameters": auto}}


def test_a_job_of_pairs_is_asked_for_as_such(path):
    with stand_in() as server:
        trainer = trainer_at(server)
        trainer.create(asked(trainer.upload(path, "a"), method="dpo", hyperparameters={"beta": 0.2}))
        method = server.jobs["ftjob-000001"].body["method"]
    assert method["type"] == "dpo"
    assert method["dpo"]["hyperparameters"]["beta"] == 0.2
    assert method["dpo"]["hyperparameters"]["n_epochs"] == "auto"


@pytest.mark.parametrize("filters", [True, False])
@pytest.mark.parametrize("pages", ["", "overlap", "stuck"])
def test_a_job_is_found_by_its_token_among_all_however_pages_come(path, filters, pages):
    with stand_in(pages=pages, filters=filters, pace="hand") as server:
        trainer = trainer_at(server)
        file = trainer.upload(path, "a")
        made = [trainer.create(asked(file, token=f"token-{n}")) for n in range(150)]
        last = made[149] if pages == "stuck" else made[0]
        assert trainer.find(last.token) == last
        assert trainer.find("another") is None
        jobs = list(trainer.jobs())
    assert [job.id for job in jobs] == [job.id for job in reversed(made)][: 100 if pages == "stuck" else 150]


def test_all_jobs_take_a_request_a_page_and_whoever_stops_early_asks_no_more(path):
    with stand_in(pace="hand") as server:
        trainer = trainer_at(server)
        file = trainer.upload(path, "a")
        for number in range(200):
            trainer.create(asked(file, token=str(number)))
        assert len(list(trainer.jobs())) == 200
        assert server.asked("GET /v1/fine_tuning/jobs") == 2
        next(trainer.jobs())
        assert server.asked("GET /v1/fine_tuning/jobs") == 3


@pytest.mark.parametrize("what", [CUT, CUT_AFTER, 500, 503, 429, 408])
def test_creating_is_tried_once_and_a_lost_answer_is_no_rejection(path, what):
    with stand_in(faults=[Fault(what, CREATE)]) as server:
        trainer = trainer_at(server, max_retries=4)
        file = trainer.upload(path, "a")
        with pytest.raises(ServiceError) as caught:
            trainer.create(asked(file))
        assert not isinstance(caught.value, RejectedError)
        assert caught.value.hint
        assert server.asked(CREATE) == 1
        found = trainer.find("token-1")
    assert (found is not None) == (what == CUT_AFTER) == (len(server.jobs) == 1)


def test_an_upload_is_tried_once_and_found_by_its_name(path):
    with stand_in(faults=[Fault(CUT_AFTER, "POST /v1/files")]) as server:
        trainer = trainer_at(server, max_retries=4)
        with pytest.raises(ServiceError, match="did not answer"):
            trainer.upload(path, "content-hash.jsonl")
        assert trainer.find_file("content-hash.jsonl").id in server.files
        assert trainer.find_file("other.jsonl") is None
        assert len(server.files) == 1


def test_of_two_files_of_a_name_the_oldest_usable_one_is_found(path):
    with stand_in() as server:
        trainer = trainer_at(server)
        files = [trainer.upload(path, "same") for _ in range(3)]
        server.files[files[0].id]["status"] = "error"
        assert trainer.find_file("same").id == files[1].id


def test_reads_are_tried_again(path):
    with stand_in(faults=[Fault(429, "GET"), Fault(CUT, "GET"), Fault(503, "GET")]) as server:
        assert trainer_at(server, max_retries=3).job("ftjob-1") is None
    assert len(server.calls) == 4


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (Fault(401), "refused the key in OPENAI_API_KEY"),
        (Fault(403), "does not let this organisation or key create tuning jobs"),
        (Fault(429, code="insufficient_quota"), "quota is used up"),
        (Fault(400, code="model_not_available", message="Model small is gone"), "Model small is gone"),
        (Fault(400, code="x", message="bad a-key-for-tests\n in it"), "bad the key in it"),
        (Fault(404), "does not know tuning small"),
        (Fault(422), "refused tuning small"),
    ],
)
def test_a_refusal_is_told_in_one_line_with_a_next_step(path, fault, words):
    with stand_in() as server:
        trainer = trainer_at(server)
        file = trainer.upload(path, "a")
        server.faults.append(fault)
        with pytest.raises(RejectedError, match=words) as caught:
            trainer.create(asked(file))
    assert caught.value.hint
    assert caught.value.exit_code == 4
    assert "\n" not in caught.value.message
    assert "a-key-for-tests" not in str(caught.value)


def test_an_organisation_cut_off_from_tuning_is_told_where_to_go(path):
    with stand_in(tuning_open=False) as server:
        trainer = trainer_at(server)
        file = trainer.upload(path, "a")
        with pytest.raises(RejectedError) as caught:
            trainer.create(asked(file))
    assert "another provider" in caught.value.hint


def test_a_model_that_cannot_be_tuned_is_told_with_where_to_look(path):
    with stand_in(untunable=("small",)) as server:
        trainer = trainer_at(server)
        with pytest.raises(RejectedError, match="not available for fine-tuning") as caught:
            trainer.create(asked(trainer.upload(path, "a")))
    assert "enliterator models" in caught.value.hint


def test_a_refused_file_is_told_with_its_line(path):
    path.write_text(path.read_text(encoding="utf-8") + '{"messages": []}\n', encoding="utf-8")
    with stand_in() as server, pytest.raises(RejectedError, match="Line 13"):
        trainer_at(server).upload(path, "a")


def test_a_failed_job_says_code_message_and_param(path):
    with stand_in(script=("validating_files", "failed")) as server:
        trainer = trainer_at(server)
        job = trainer.create(asked(trainer.upload(path, "a")))
        trainer.job(job.id)
        failed = trainer.job(job.id)
    assert failed.state == "failed"
    assert failed.error["code"] == "invalid_training_file"
    assert failed.error["param"] == "training_file"
    assert "Line 3" in failed.error["message"]


def test_odd_states_stay_and_missing_or_empty_fields_are_none(path):
    missing = (
        "fine_tuned_model",
        "trained_tokens",
        "result_files",
        "seed",
        "hyperparameters",
        "finished_at",
        "created_at",
    )
    with stand_in(script=("defrosting", "running"), job_fields={"error": {}}, missing=missing) as server:
        trainer = trainer_at(server)
        job = trainer.create(asked(trainer.upload(path, "a")))
        assert job.state == "defrosting"
        assert (job.error, job.tuned_model, job.trained_tokens, job.created_at) == (None, None, None, None)
        assert job.result_files == ()
        assert [trainer.job(job.id).state for _ in range(4)][1:] == ["running"] * 3
        server.missing = ("status", "metadata")
        assert trainer.job(job.id).state == "unknown"
        assert trainer.job(job.id).token is None


def test_an_answer_without_an_id_is_no_answer_and_no_rejection(path):
    with stand_in(missing=("id",)) as server:
        trainer = trainer_at(server)
        file = trainer.upload(path, "a")
        with pytest.raises(ServiceError, match="no id") as caught:
            trainer.create(asked(file))
        assert not isinstance(caught.value, RejectedError)
        assert list(trainer.jobs()) == []


def test_what_is_gone_is_none_but_a_wrong_address_is_an_error(path):
    with stand_in() as server:
        trainer = trainer_at(server)
        assert trainer.job("ftjob-9") is None
        assert trainer.file("file-9") is None
        wrong = OpenAI(base_url=server.url + "/else", max_retries=0).train()
        with pytest.raises(ServiceError, match="does not know job ftjob-9"):
            wrong.job("ftjob-9")


def test_expired_result_files_are_told(path):
    with stand_in() as server:
        trainer = trainer_at(server)
        job = trainer.create(asked(trainer.upload(path, "a")))
        server.advance(job.id, 9)
        server.expire_files("fine-tune-results")
        with pytest.raises(RejectedError, match="any more"):
            trainer.content(trainer.job(job.id).result_files[0])


def test_result_files_that_are_not_in_base64_are_read_as_they_are():
    with stand_in() as server:
        number = server.keep("metrics.csv", b"step,train_loss\n1,2.0\n")
        assert trainer_at(server).content(number) == b"step,train_loss\n1,2.0\n"


def test_a_job_is_paused_resumed_and_cancelled(path):
    with stand_in(strict=True) as server:
        trainer = trainer_at(server)
        job = trainer.create(asked(trainer.upload(path, "a")))
        assert trainer.pause(job.id).state == "paused"
        assert trainer.job(job.id).state == "paused"
        assert trainer.resume(job.id).state == "validating_files"
        assert trainer.cancel(job.id).state == "cancelled"
        with pytest.raises(RejectedError, match="cannot pause"):
            trainer.pause(job.id)
        assert server.drift == []


def test_slow_answers_are_given_up_after_the_timeout():
    with (
        stand_in(faults=[Fault(SLOW, seconds=0.5)]) as server,
        pytest.raises(ServiceError, match="did not answer within"),
    ):
        trainer_at(server, timeout=0.1).job("ftjob-1")


def test_preflight_names_every_setting_at_fault_and_a_key_without_access():
    bad = {"n_epochs": 0, "batch_size": 1.5, "momentum": 1, "beta": 1}
    request = TrainingRequest("small", "", "t", method="reinforcement", suffix="a b" * 40, hyperparameters=bad)
    with stand_in(faults=[Fault(403, "GET")]) as server:
        found = trainer_at(server).preflight(request)
        assert trainer_at(server).preflight(TrainingRequest("small", "", "t", suffix="bees-1")) == []
    paths = [problem.path for problem in found]
    settings = ["method", "suffix", "suffix", "n_epochs", "batch_size", "momentum", "beta"]
    assert paths == [*(f"training.{name}" for name in settings), "provider"]
    assert not [call for call in server.calls if call.startswith("POST")]


@pytest.mark.parametrize(
    ("examples", "epochs"),
    [(0, 0), (1, 25), (10, 10), (33, 4), (34, 3), (8333, 3), (8334, 2), (25_000, 1), (99_999, 1)],
)
def test_epochs_follow_the_published_rule(examples, epochs):
    with stand_in() as server:
        trainer = trainer_at(server)
    assert trainer.epochs(examples, {}) == epochs
    assert trainer.epochs(examples, {"n_epochs": 7}) == 7


def test_other_servers_get_what_they_want_where_they_want_it(path):
    with stand_in(required=("trainingType",), bom=True) as server:
        trainer = trainer_at(server, training_type="Standard", bom=True, suffix_length=18)
        file = trainer.upload(path, "a")
        assert server.contents[file.id] == b"\xef\xbb\xbf" + path.read_bytes()
        assert trainer.create(asked(file)).state == "validating_files"
        assert [one.path for one in trainer.preflight(asked(file, suffix="b" * 19))] == ["training.suffix"]
    with stand_in(required=("hyperparameters",), refused=("method",)) as server:
        trainer = trainer_at(server, hyperparameters_in="top-level", training_options={"lora": True})
        trainer.create(asked(trainer.upload(path, "a"), hyperparameters={"n_epochs": 2}))
        assert server.jobs["ftjob-000001"].body["hyperparameters"] == {"lora": True, "n_epochs": 2}
        assert trainer.methods == ("supervised",)


def test_a_server_that_does_not_tune_has_no_train_facet():
    assert OpenAI(base_url="http://127.0.0.1:9/v1", tunes=False).train() is None


def test_a_tuned_model_that_must_be_deployed_first_is_told_so():
    from enliterator_core import ChatRequest

    with stand_in() as server:
        chat = OpenAI(base_url=server.url, deployment_step=True, max_retries=0).chat()
        with pytest.raises(ServiceError) as caught:
            chat.complete(ChatRequest("ft:small:x", [{"role": "user", "content": "?"}]))
    assert "deploy the model" in caught.value.hint


def test_no_facet_shows_the_key():
    with stand_in() as server:
        provider = OpenAI(base_url=server.url)
        shown = [repr(one) for one in (provider, provider.chat(), provider.embed(), provider.train())]
        provider.train().job("ftjob-1")
        shown.append(repr(provider.train().service.__dict__))
    assert not any("a-key-for-tests" in text for text in shown)


def test_a_long_wait_that_the_server_asks_for_is_told_and_not_sat_through():
    with stand_in(faults=[Fault(429, retry_after="900", times=None)]) as server:
        with pytest.raises(ServiceError, match="rate limit") as caught:
            trainer_at(server, max_retries=4).job("ftjob-1")
        assert len(server.calls) == 1
    assert "900 seconds" in caught.value.hint


def test_a_body_that_is_no_json_is_no_answer(monkeypatch):
    with stand_in() as server:
        monkeypatch.setattr("enliterator_openai.testing.server.answer_to", lambda *args: b"<html>hello</html>")
        trainer = trainer_at(server)
        for ask in (lambda: trainer.job("ftjob-1"), lambda: list(trainer.jobs()), lambda: trainer.find("t")):
            with pytest.raises(ServiceError) as caught:
                ask()
            assert caught.value.hint
