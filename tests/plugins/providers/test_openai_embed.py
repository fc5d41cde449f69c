# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The embed facet, and the limits that all facets share."""

import threading
import time

import pytest

from enliterator_core import RejectedError, ServiceError
from enliterator_openai import OpenAI
from enliterator_openai.embed import CHARACTERS, TEXTS
from enliterator_openai.service import Limits
from enliterator_openai.testing import CUT, Fault, stand_in


@pytest.fixture(autouse=True)
def key(monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "a-key-for-tests")


def test_every_text_has_its_vector_however_many_requests_it_takes():
    texts = [f"text {number}" for number in range(TEXTS + 500)]
    with stand_in(strict=True) as server:
        embed = OpenAI(base_url=server.url).embed()
        made = embed.embed("small", texts)
        alone = embed.embed("small", [texts[TEXTS + 7]])
        assert server.drift == []
    assert len(made.vectors) == len(texts)
    assert made.vectors[TEXTS + 7] == alone.vectors[0]
    assert len({tuple(vector) for vector in made.vectors}) == len(texts)
    assert made.input_tokens > len(texts)
    assert server.asked("POST /v1/embeddings") == 3


def test_long_texts_are_spread_over_requests():
    with stand_in() as server:
        made = OpenAI(base_url=server.url).embed().embed("small", ["a" * (CHARACTERS - 1), "b", "c", "d" * CHARACTERS])
    assert len(made.vectors) == 4
    sent = [len(body["input"]) for _, body in server.requests]
    assert sorted(sent) == [1, 1, 2]


def test_nothing_is_embedded_by_no_request():
    with stand_in() as server:
        assert OpenAI(base_url=server.url).embed().embed("small", []).vectors == []
    assert server.calls == []


def test_an_empty_text_is_refused_before_anything_is_paid():
    with stand_in() as server, pytest.raises(RejectedError, match="text 2 of 2 is empty"):
        OpenAI(base_url=server.url).embed().embed("small", ["a", ""])
    assert server.calls == []


def test_a_failure_ends_what_was_not_begun():
    texts = [f"text {number}" for number in range(TEXTS * 12)]
    with stand_in(faults=[Fault(CUT, times=None)]) as server:
        embed = OpenAI(base_url=server.url, max_retries=0, max_concurrency=1).embed()
        with pytest.raises(ServiceError, match="did not answer"):
            embed.embed("small", texts)
    assert len(server.calls) < 12


def test_no_more_calls_than_allowed_run_at_once():
    limits = Limits(concurrency=3, per_minute=0)
    running, most, lock = 0, 0, threading.Lock()

    def work():
        nonlocal running, most
        with limits.call():
            with lock:
                running += 1
                most = max(most, running)
            time.sleep(0.01)
            with lock:
                running -= 1

    threads = [threading.Thread(target=work) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 3


def test_calls_begin_no_faster_than_allowed():
    limits = Limits(concurrency=8, per_minute=60 * 50)
    started = time.monotonic()
    for _ in range(6):
        with limits.call():
            pass
    assert time.monotonic() - started >= 5 / 50


def test_embedding_with_an_unknown_model_is_told():
    with stand_in() as server, pytest.raises(RejectedError, match="does not know huge"):
        OpenAI(base_url=server.url).embed().embed("huge", ["a"])
