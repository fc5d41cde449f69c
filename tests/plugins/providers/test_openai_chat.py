# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The OpenAI provider, through the real SDK, against a real HTTP server that stands in for the paid API."""

import json

import pytest
from openai.types.chat import ChatCompletion
from openai.types.responses import Response

from enliterator_core import ChatRequest, ServiceError
from enliterator_openai import OpenAI
from enliterator_openai.testing import stand_in

ASK = [{"role": "user", "content": "What is a hive?"}]


@pytest.fixture(autouse=True)
def key(monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "a-key-for-tests")


def echo(body):
    return json.dumps({"asked": (body.get("input") or body["messages"])[-1]["content"]})


@pytest.mark.parametrize("api", ["responses", "chat"])
def test_an_answer_comes_back_with_its_tokens_and_the_schema_travels(api):
    schema = {"type": "object", "properties": {"asked": {"type": "string"}}, "required": ["asked"]}
    with stand_in(echo) as server:
        chat = OpenAI(base_url=server.url, api=api).chat()
        answer = chat.complete(ChatRequest("small", ASK, schema=schema, temperature=0.0, max_output_tokens=50))
    assert json.loads(answer.text) == {"asked": "What is a hive?"}
    assert (answer.input_tokens, answer.output_tokens) == (7, 3)
    path, body = server.requests[0]
    assert path == {"responses": "/v1/responses", "chat": "/v1/chat/completions"}[api]
    sent = body["text"]["format"]["schema"] if api == "responses" else body["response_format"]["json_schema"]["schema"]
    assert sent == schema
    assert body["temperature"] == 0.0
    assert 50 in (body.get("max_output_tokens"), body.get("max_completion_tokens"))


def test_failures_that_pass_are_retried():
    with stand_in(echo, failures=[429, 503, "cut"]) as server:
        answer = OpenAI(base_url=server.url, max_retries=3).chat().complete(ChatRequest("small", ASK))
    assert "hive" in answer.text
    assert len(server.requests) == 4


@pytest.mark.parametrize(
    ("failures", "model", "words"),
    [
        ([401], "small", "refused the key in OPENAI_API_KEY"),
        ([403], "small", "does not let this key use small"),
        ([], "huge", "does not know huge"),
        ([429], "small", "rate limit or quota"),
        ([500], "small", "answered 500"),
        (["cut"], "small", "did not answer"),
    ],
)
def test_what_does_not_pass_is_one_line_with_a_next_step_and_no_secret(failures, model, words):
    with stand_in(echo, failures=failures) as server:
        chat = OpenAI(base_url=server.url, max_retries=0).chat()
        with pytest.raises(ServiceError, match=words) as caught:
            chat.complete(ChatRequest(model, ASK))
    assert caught.value.hint
    assert caught.value.exit_code == 4
    assert "\n" not in caught.value.message
    assert "a-key-for-tests" not in str(caught.value) + repr(chat)


def test_an_empty_answer_is_a_failure():
    with stand_in(lambda body: "") as server, pytest.raises(ServiceError, match="answered nothing"):
        OpenAI(base_url=server.url).chat().complete(ChatRequest("small", ASK))


def test_models_are_listed_sorted():
    with stand_in(echo, models=("b", "a")) as server:
        assert OpenAI(base_url=server.url).chat().models() == ["a", "b"]


def test_without_a_key_the_variable_is_named(monkeypatch):
    monkeypatch.delenv("OTHER_KEY", raising=False)
    with pytest.raises(ServiceError, match="OTHER_KEY is not set"):
        OpenAI(api_key_variable="OTHER_KEY").chat()


def test_the_stand_in_speaks_in_shapes_that_the_sdk_knows():
    with stand_in(echo) as server:
        Response.model_validate(server.respond("/v1/responses", {"model": "small", "input": ASK}), strict=True)
        completion = server.respond("/v1/chat/completions", {"model": "small", "messages": ASK})
        assert ChatCompletion.model_validate(completion, strict=True).choices[0].message.content
