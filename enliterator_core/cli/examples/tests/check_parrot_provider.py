# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The provider's contract, and what this one answers."""

from parrot_provider import Parrot

from enliterator_core import ChatRequest
from enliterator_core.testing import check_provider


def test_it_keeps_the_contract():
    check_provider(Parrot())


def test_it_answers_in_the_shape_that_was_asked_for():
    schema = {"type": "object", "properties": {"entities": {"type": "array"}}}
    request = ChatRequest("green", [{"role": "user", "content": "What do you see?"}], schema=schema)
    assert Parrot().chat().complete(request).text == '{"entities": []}'
