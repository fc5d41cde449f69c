# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Every call of a model is counted with its tokens, time and price, and what was asked before is not paid again."""

import pytest
from attrs import evolve, frozen

from enliterator_core import ChatAnswer, ChatRequest, Embeddings, ModelInfo, Provider, Secret, ServiceError, env
from enliterator_core.calls import Account, AccountedChat, AccountedEmbed, Answers

ASK = ChatRequest("big", [{"role": "user", "content": "What is a hive?"}])
SECRET = "sk-planted-7f3a91c4-never-to-be-kept"


@frozen
class Acme(Provider):
    name = "acme"

    region: str = "here"
    key: Secret = env("ACME_TEST_KEY")  # noqa: RUF009  a field, as attrs makes it

    def models(self, *, ask=True):
        return [ModelInfo("big", ("chat", "embed"), input_price=2.0, output_price=10.0, currency="EUR")]


class Facet:
    def __init__(self):
        self.asked = []

    def complete(self, request):
        self.asked.append(request)
        if request.model == "broken":
            raise ServiceError("down", hint="wait")
        return ChatAnswer(f"answer {len(self.asked)}", 100, 10)

    def embed(self, model, texts):
        self.asked.append(texts)
        return Embeddings([[float(len(text))] for text in texts], 7)


class Book:
    """The part of the records that is written here."""

    def __init__(self):
        self.calls = []

    def add_usage(self, call):
        self.calls.append(call)


@pytest.fixture
def kept(tmp_path):
    return Answers(tmp_path / "answers.db")


@pytest.fixture
def book():
    return Book()


def test_a_call_is_counted_with_tokens_time_and_price(kept, book):
    answer = AccountedChat(Facet(), Account("route", Acme(), book), kept).complete(ASK)
    assert answer == ChatAnswer("answer 1", 100, 10)
    (call,) = book.calls
    assert (call.task, call.provider, call.model, call.kind) == ("route", "acme", "big", "chat")
    assert (call.input_tokens, call.output_tokens, call.currency) == (100, 10, "EUR")
    assert call.cost == pytest.approx((100 * 2 + 10 * 10) / 1e6)
    assert call.seconds >= 0
    assert call.at.endswith("+00:00")
    assert not call.cached


def test_the_same_request_is_answered_as_before_and_counted_as_free(kept, book):
    facet = Facet()
    chat = AccountedChat(facet, Account("route", Acme(), book), kept)
    assert (
        chat.complete(ASK)
        == chat.complete(ASK)
        == AccountedChat(facet, Account("eval", Acme(), book), kept).complete(ASK)
    )
    assert len(facet.asked) == 1
    assert [(one.cached, one.cost, one.input_tokens) for one in book.calls][1:] == [(True, 0.0, 0)] * 2


@pytest.mark.parametrize(
    "other",
    [
        evolve(ASK, messages=[{"role": "user", "content": "What is a bee?"}]),
        evolve(ASK, model="small"),
        evolve(ASK, schema={"type": "object"}),
        evolve(ASK, max_output_tokens=5),
        evolve(ASK, temperature=0.0),
    ],
)
def test_another_request_is_asked_anew(kept, book, other):
    facet = Facet()
    chat = AccountedChat(facet, Account("route", Acme(), book), kept)
    chat.complete(ASK)
    chat.complete(other)
    assert facet.asked == [ASK, other]


def test_another_setting_of_the_provider_asks_anew(kept, book):
    facet = Facet()
    for region in ("here", "there", "here"):
        AccountedChat(facet, Account("route", Acme(region), book), kept).complete(ASK)
    assert len(facet.asked) == 2


def test_with_a_temperature_each_answer_is_another(kept, book):
    facet = Facet()
    chat = AccountedChat(facet, Account("route", Acme(), book), kept)
    warm = evolve(ASK, temperature=0.7)
    assert chat.complete(warm) != chat.complete(warm)


def test_a_failure_is_counted_by_its_kind_and_not_kept(kept, book):
    facet = Facet()
    chat = AccountedChat(facet, Account("route", Acme(), book), kept)
    for _ in range(2):
        with pytest.raises(ServiceError):
            chat.complete(evolve(ASK, model="broken"))
    assert [(one.error, one.cost) for one in book.calls] == [("ServiceError", None), ("ServiceError", None)]
    assert len(facet.asked) == 2


def test_a_model_without_a_price_costs_nobody_knows_what(kept, book):
    AccountedChat(Facet(), Account("route", Acme(), book), kept).complete(evolve(ASK, model="small"))
    assert book.calls[0].cost is None


def test_of_vectors_only_those_that_are_not_kept_are_asked_for(kept, book):
    facet = Facet()
    embed = AccountedEmbed(facet, Account("embedding", Acme(), book), kept)
    assert embed.embed("big", ["a", "bb", "a"]) == Embeddings([[1.0], [2.0], [1.0]], 7)
    assert embed.embed("big", ["bb", "a"]) == Embeddings([[2.0], [1.0]], 0)
    assert embed.embed("big", ["bb", "ccc"]) == Embeddings([[2.0], [3.0]], 7)
    assert embed.embed("big", []) == Embeddings([], 0)
    assert facet.asked == [["a", "bb"], ["ccc"]]
    assert [(one.kind, one.cached) for one in book.calls][:3] == [("embed", False), ("embed", True), ("embed", False)]
    assert book.calls[0].cost == pytest.approx(7 * 2 / 1e6)


def test_no_secret_is_kept(kept, book, tmp_path, monkeypatch):
    monkeypatch.setenv("ACME_TEST_KEY", SECRET)
    AccountedChat(Facet(), Account("route", Acme(), book), kept).complete(ASK)
    assert SECRET.encode() not in b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert SECRET not in repr(book.calls)
