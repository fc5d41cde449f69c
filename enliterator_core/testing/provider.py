# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The check of a provider."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from enliterator_core.contracts.provider import ChatAnswer, ChatRequest, Provider, Secret
from enliterator_core.errors import ServiceError
from enliterator_core.testing.trainer import TRAINER, check_trainer_reads

_CANARY = "canary-7f3a91c4-never-to-be-shown"


def check_provider(provider: Provider, model: str | None = None) -> None:
    """Raise AssertionError, with a plain message, unless the provider keeps its contract.

    Facets are None or whole; no secret shows in the provider's or a facet's repr; a chat answers with a ChatAnswer or
    raises ServiceError; what is told of models fits together; a trainer does not have a job that nobody made. ``model``
    is what is asked; without one, the first of those that the provider names. Nothing is made that costs more than one
    answer: a trainer's whole loop is :func:`check_trainer`'s, and vectors are :func:`check_embed`'s.
    """
    assert isinstance(provider, Provider), f"{provider!r} is no Provider"
    name = getattr(provider, "name", None)
    assert isinstance(name, str), f"{type(provider).__name__} has no name"
    assert name and ":" not in name, f"the name {name!r} cannot stand before the colon in provider:model"
    _check_secrets(provider)
    chat = _facet(provider, "chat", ("complete", "models"))
    if chat is not None:
        _check_chat(name, chat, model)
    _facet(provider, "embed", ("embed",))
    trainer = _facet(provider, "train", TRAINER)
    if trainer is not None:
        check_trainer_reads(name, trainer)
    _check_models(provider)


def _facet(provider: Provider, kind: str, methods: tuple[str, ...]) -> Any:
    """Return a facet, None where there is none or it cannot be had now; a half one is an AssertionError."""
    try:
        facet: Any = getattr(provider, kind)()
    except ServiceError as error:
        assert error.hint, f"{provider.name}: {kind}() raises a ServiceError without a hint: {error.message}"
        return None
    for method in methods if facet is not None else ():
        assert callable(getattr(facet, method, None)), f"{provider.name}: its {kind} has no method {method}"
    return facet


def _check_models(provider: Provider) -> None:
    """What is known without asking: by name, once each, dates that are dates, and the same of one model alone."""
    models = provider.models(ask=False)
    names = [one.name for one in models]
    assert names == sorted(set(names)), f"{provider.name}: models() is not sorted by name, each once"
    for one in models:
        for day in (one.prices_of, one.training_price_of, one.tunable_until, one.shutdown):
            assert day is None or date.fromisoformat(day), f"{provider.name}: {one.name}: {day} is no date"
        priced = any(price is not None for price in (one.input_price, one.output_price))
        day = one.training_price_of or one.prices_of
        dated = (not priced or one.prices_of) and (one.training_price is None or day)
        assert dated, f"{provider.name}: {one.name} has a price without its day"
        assert provider.model(one.name) == one, f"{provider.name}: model({one.name!r}) tells something else"


def _secrets(provider: Provider) -> list[str]:
    """Return the environment variables whose values are secrets of the provider."""
    values = [getattr(provider, one, None) for one in _field_names(provider)]
    variables = [value.variable for value in values if isinstance(value, Secret)]
    named = [value for one, value in zip(_field_names(provider), values, strict=True) if one.endswith("_variable")]
    return [*variables, *(value for value in named if isinstance(value, str) and value)]


def _field_names(provider: Provider) -> list[str]:
    return [one.name for one in getattr(type(provider), "__attrs_attrs__", ())]


@contextmanager
def _set(variables: list[str]) -> Iterator[None]:
    before = {variable: os.environ.get(variable) for variable in variables}
    os.environ.update(dict.fromkeys(variables, _CANARY))
    try:
        yield
    finally:
        for variable, value in before.items():
            if value is None:
                os.environ.pop(variable, None)
            else:
                os.environ[variable] = value


def _check_secrets(provider: Provider) -> None:
    """Set every secret to a word that is looked for, and look for it; nothing is sent anywhere meanwhile."""
    name = provider.name
    with _set(_secrets(provider)):
        shown = [repr(provider), str(provider)]
        for kind in ("chat", "embed", "train"):
            try:
                facet = getattr(provider, kind)()
                shown += [repr(facet), str(facet), repr(getattr(facet, "__dict__", ""))]
            except ServiceError as error:
                shown.append(str(error))
    assert not any(_CANARY in text for text in shown), f"{name}: a secret shows in its repr, or in that of a facet"


def _check_chat(name: str, chat: Any, model: str | None) -> None:
    try:
        models = chat.models()
        assert models == sorted(models), f"{name}: models() is not sorted"
        asked = model or next(iter(models), None)
        if asked is None:
            return
        answer = chat.complete(ChatRequest(asked, [{"role": "user", "content": "Answer with one word: yes."}]))
    except ServiceError as error:
        assert error.hint, f"{name}: a ServiceError does not say what to do next: {error.message}"
        return
    except AssertionError:
        raise
    except Exception as error:
        raise AssertionError(f"{name}: its chat raises {type(error).__name__}, not ServiceError: {error}") from error
    assert isinstance(answer, ChatAnswer), f"{name}: complete returns {type(answer).__name__}, no ChatAnswer"
    assert isinstance(answer.text, str), f"{name}: an answer's text is no text"
    counts = (answer.input_tokens, answer.output_tokens)
    assert all(type(count) is int and count >= 0 for count in counts), f"{name}: token counts are {counts}"
