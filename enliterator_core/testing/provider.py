# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The check of a provider."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from enliterator_core.contracts.provider import ChatAnswer, ChatRequest, Provider, Secret
from enliterator_core.errors import ServiceError

_CANARY = "canary-7f3a91c4-never-to-be-shown"


def check_provider(provider: Provider, model: str | None = None) -> None:
    """Raise AssertionError, with a plain message, unless the provider keeps its contract.

    Facets are None or whole; no secret shows in the provider's or a facet's repr; a chat answers with a ChatAnswer or
    raises ServiceError. ``model`` is what is asked; without one, the first of those that the provider names.
    """
    assert isinstance(provider, Provider), f"{provider!r} is no Provider"
    name = getattr(provider, "name", None)
    assert isinstance(name, str), f"{type(provider).__name__} has no name"
    assert name and ":" not in name, f"the name {name!r} cannot stand before the colon in provider:model"
    _check_secrets(provider)
    try:
        chat: Any = provider.chat()
    except ServiceError as error:
        assert error.hint, f"{name}: chat() raises a ServiceError without a hint: {error.message}"
        return
    if chat is not None:
        for method in ("complete", "models"):
            assert callable(getattr(chat, method, None)), f"{name}: its chat has no method {method}"
        _check_chat(name, chat, model)


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
        try:
            facet = provider.chat()
            shown += [repr(facet), str(facet), repr(getattr(facet, "__dict__", ""))]
        except ServiceError as error:
            shown.append(str(error))
    assert not any(_CANARY in text for text in shown), f"{name}: a secret shows in its repr, or in that of its chat"


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
