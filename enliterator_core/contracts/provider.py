# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""A provider answers model calls; each of its facets is optional."""

import os
from abc import ABC
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Protocol

from attrs import field, frozen


@frozen(repr=False)
class Secret:
    """A value from the environment that is never shown: neither by `repr` nor by `str`."""

    variable: str

    def reveal(self) -> str | None:
        """Return the variable's value now, or None when it is unset or empty."""
        return os.environ.get(self.variable) or None

    def __repr__(self) -> str:
        return f"Secret({self.variable})"


def env(variable: str) -> Any:
    """Make an attrs field whose secret comes from the environment only: no configuration file can set it."""
    return field(init=False, factory=lambda: Secret(variable))


@frozen
class ChatRequest:
    """One call: `messages` in OpenAI's chat form; `schema` (JSON Schema) asks for JSON of that shape."""

    model: str
    messages: Sequence[Mapping[str, str]]
    schema: Mapping[str, Any] | None = None
    temperature: float | None = None
    max_output_tokens: int | None = None


@frozen
class ChatAnswer:
    """One answer and what it took, in tokens."""

    text: str
    input_tokens: int
    output_tokens: int


class Chat(Protocol):
    """The chat facet."""

    def complete(self, request: ChatRequest) -> ChatAnswer:
        """Answer; raise ServiceError, with a next step, when the provider does not."""

    def models(self) -> list[str]:
        """The names of the models that can be asked, sorted; ServiceError when the provider does not tell."""


class Provider(ABC):
    """A provider of models; a facet that it does not have is None."""

    name: ClassVar[str]

    def chat(self) -> Chat | None:
        """Return the chat facet."""
        return None
