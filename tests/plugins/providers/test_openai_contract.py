# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The provider keeps the contract that every provider must, and the check of it finds what breaks it."""

import json

import pytest

from enliterator_core import ChatRequest, Embeddings, RejectedError, ServiceError, TrainingRequest
from enliterator_core.testing import check_embed, check_provider, check_trainer
from enliterator_openai import OpenAI
from enliterator_openai.testing import MODELS_FILE, stand_in


@pytest.fixture(autouse=True)
def key(monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "a-key-for-tests")


@pytest.fixture
def path(tmp_path):
    row = {"messages": [{"role": "user", "content": "q"}, {"role": "assistant", "content": "a"}]}
    (tmp_path / "train.jsonl").write_text((json.dumps(row) + "\n") * 12, encoding="utf-8")
    return tmp_path / "train.jsonl"


def test_the_contract_is_kept_with_a_server_and_without(monkeypatch):
    with stand_in(strict=True) as server:
        check_provider(OpenAI(base_url=server.url, models_file=str(MODELS_FILE)))
        assert server.drift == []
        assert not server.asked("POST /v1/f")
    check_provider(OpenAI(base_url="http://127.0.0.1:9/v1", max_retries=0))
    check_provider(OpenAI(base_url="http://127.0.0.1:9/v1", max_retries=0, tunes=False))
    monkeypatch.delenv("OPENAI_API_KEY")
    check_provider(OpenAI())


@pytest.mark.parametrize("pages", ["", "overlap"])
def test_the_whole_loop_keeps_the_contract(path, pages):
    with stand_in(strict=True, pages=pages, processing=3) as server:
        job = check_trainer(OpenAI(base_url=server.url).train(), "small", path)
        check_embed(OpenAI(base_url=server.url).embed(), "small")
        assert job.tuned_model in server.names()
        assert len(server.jobs) == 1
        assert server.drift == []


class Changed:
    """A trainer with one answer changed."""

    def __init__(self, trainer, **changes):
        self.trainer, self.changes = trainer, changes

    def __getattr__(self, name):
        return self.changes.get(name) or getattr(self.trainer, name)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"find_file": lambda name: None}, "find_file does not find"),
        ({"find": lambda token: None}, "find does not find the job"),
        ({"preflight": lambda request: ["no"]}, "preflight finds"),
        ({"content": lambda file: b"x"}, "a file that nobody made"),
        ({"job": lambda id: None}, "a job that was created is gone"),
    ],
)
def test_a_trainer_that_breaks_it_is_found(path, changes, words):
    with stand_in() as server, pytest.raises(AssertionError, match=words):
        check_trainer(Changed(OpenAI(base_url=server.url).train(), **changes), "small", path, wait=5)


def test_vectors_out_of_order_are_found():
    class Shuffled:
        def embed(self, model, texts):
            return Embeddings([[float(place)] for place in range(len(texts))], 1)

    with pytest.raises(AssertionError, match="not in the texts' order"):
        check_embed(Shuffled(), "small")


@pytest.mark.parametrize("odd", ["text", "other fields"])
@pytest.mark.parametrize("api", ["responses", "chat"])
def test_whatever_comes_in_place_of_an_answer_is_a_failure_with_a_next_step(path, monkeypatch, odd, api):
    def send(handler, *args):
        data = b"<html>a page of a proxy</html>" if odd == "text" else b'{"hello": 1}'
        handler.send_response(200)
        handler.send_header("Content-Type", "text/html" if odd == "text" else "application/json")
        handler.send_header("Content-Length", str(len(data)))
        handler.end_headers()
        handler.wfile.write(data)

    monkeypatch.setattr("enliterator_openai.testing.server._Handler._send", send)
    with stand_in() as server:
        provider = OpenAI(base_url=server.url, api=api, max_retries=0)
        chat, trainer = provider.chat(), provider.train()
        for ask in (
            lambda: chat.complete(ChatRequest("small", [{"role": "user", "content": "?"}])),
            chat.models,
            provider.models,
            lambda: provider.embed().embed("small", ["a"]),
            lambda: trainer.upload(path, "a"),
            lambda: trainer.file("file-1"),
            lambda: trainer.find_file("a"),
            lambda: trainer.create(TrainingRequest("small", "file-1", "t")),
            lambda: trainer.find("t"),
            lambda: trainer.job("ftjob-1"),
            lambda: list(trainer.jobs()),
            lambda: list(trainer.events("ftjob-1")),
            lambda: trainer.checkpoints("ftjob-1"),
            lambda: trainer.cancel("ftjob-1"),
        ):
            with pytest.raises(ServiceError) as caught:
                ask()
            assert caught.value.hint
            assert not isinstance(caught.value, RejectedError)
