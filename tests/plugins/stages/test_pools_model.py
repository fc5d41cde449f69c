# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""A model is believed only as far as it can quote the text."""

import json

import pytest
from jsonschema import Draft202012Validator

from enliterator_core import Block, ChatAnswer, ChatRequest, Document, Raw, Source
from enliterator_markdown import Markdown
from enliterator_pools.model import ModelReading, chunks, locate

TEXT = "# Temple\n\nRadical inclusion is embodied in the Temple 2023.\nThe key ████ is hidden.\n"
SOURCE = Source("a.md", "0" * 64, "text/markdown", len(TEXT))
QUOTE = "Radical inclusion is embodied in the  Temple 2023."


class Scripted:
    """A model that answers what it was given, and keeps what it was asked."""

    def __init__(self, answer: str) -> None:
        self.answer = answer
        self.asked: list[ChatRequest] = []

    def complete(self, request: ChatRequest) -> ChatAnswer:
        self.asked.append(request)
        return ChatAnswer(self.answer, 1, 1)

    def models(self) -> list[str]:
        return ["m"]


def reading(**said: object) -> tuple[ModelReading, Scripted]:
    chat = Scripted(json.dumps({"entities": [], "relations": [], **said}))
    return ModelReading(chat, "m"), chat


def document(text: str = TEXT) -> Document:
    return Markdown().read(Raw("a.md", "text/markdown", text.encode(), text))


def entity(**changed: object) -> dict[str, object]:
    return {"pool": "Idea", "name": "Radical inclusion", "quote": QUOTE, **changed}


def relation(**changed: object) -> dict[str, object]:
    ends = {"subject_pool": "Idea", "subject": "Radical inclusion", "object_pool": "Manifest", "object": "Temple 2023"}
    return {**ends, "verb": "embodies", "quote": QUOTE, **changed}


def test_what_it_can_quote_becomes_candidates_and_claims():
    model, chat = reading(entities=[entity()], relations=[relation()])
    found = model.read(SOURCE, document())
    (candidate,), (claim,) = found.candidates, found.claims
    assert (candidate.pool, candidate.name) == ("Idea", "Radical inclusion")
    assert (claim.subject.name, claim.verb, claim.object.name) == ("Radical inclusion", "embodies", "Temple 2023")
    span = claim.evidence[0]
    assert TEXT[span.start : span.end] == "Radical inclusion is embodied in the Temple 2023."
    assert model.dropped == 0
    schema = chat.asked[0].schema
    assert schema is not None
    Draft202012Validator(schema).validate(json.loads(chat.answer))


@pytest.mark.parametrize(
    "lie",
    [
        entity(quote="Radical inclusion was born in 1986."),
        entity(name="Radical exclusion"),
        entity(name="inclu"),
        entity(pool="Feeling"),
        entity(name=3),
        entity(name="key", quote="The key ████ is hidden."),
        entity(quote=""),
        "no object",
    ],
)
def test_an_entity_without_a_quote_that_holds_is_dropped_and_counted(lie):
    model, _ = reading(entities=[lie])
    assert model.read(SOURCE, document()).candidates == ()
    assert model.dropped == 1


@pytest.mark.parametrize(
    "lie",
    [
        relation(verb="elicits"),
        relation(verb="loves"),
        relation(verb="co_occurs_with"),
        relation(object="Temple 2024"),
        relation(subject_pool="Manifest"),
        relation(quote="It is so."),
    ],
)
def test_a_relation_that_the_text_or_the_canon_does_not_bear_is_dropped(lie):
    model, _ = reading(relations=[lie])
    assert model.read(SOURCE, document()).claims == ()
    assert model.dropped == 1


@pytest.mark.parametrize("answer", ["", "I cannot do that", "[1]", '{"entities": 3}', "null"])
def test_an_answer_that_is_not_the_json_asked_for_gives_nothing(answer):
    model = ModelReading(Scripted(answer), "m")
    found = model.read(SOURCE, document())
    assert (found.candidates, found.claims) == ((), ())


def test_a_long_document_is_asked_about_in_whole_blocks():
    blocks = tuple(Block("paragraph", start, start + 5000) for start in range(0, 50_000, 5000))
    parts = chunks(Document("x" * 50_000, (*blocks, Block("code", 50_000, 60_000))))
    assert parts[0] == (0, 5000)
    assert parts[-1][1] == 50_000
    assert all(start < end for start, end in parts)


def test_a_quote_is_found_whatever_its_spaces():
    assert locate("a  b\nc", "b c", 0, 6) == (3, 6)
    assert locate("a b c", "b d", 0, 5) is None
    assert locate("a b c", "c", 0, 5) is None
