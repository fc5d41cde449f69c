# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""A provider answers model calls; each of its facets is optional."""

import os
from abc import ABC
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Protocol

from attrs import field, frozen

from enliterator_core.contracts.training import Trainer


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


@frozen
class Embeddings:
    """One vector for each text, in their order, and the tokens that they took."""

    vectors: Sequence[Sequence[float]]
    input_tokens: int


class Embed(Protocol):
    """The embed facet."""

    def embed(self, model: str, texts: Sequence[str]) -> Embeddings:
        """Embed texts, however many; raise ServiceError, with a next step, when the provider does not."""


@frozen
class ModelInfo:
    """What is known of a model; None: not known.

    `abilities` are chat, embed and train. Prices are for a million tokens in `currency`, as they were on the ISO dates
    `prices_of` and, that of training, `training_price_of`. No job can be created from `tunable_until` on, and the model
    does not answer from `shutdown` on. `max_example_tokens` is the most that one example to train on may have. `listed`
    says that the provider itself named it just now.
    """

    name: str
    abilities: tuple[str, ...] = ()
    input_price: float | None = None
    output_price: float | None = None
    training_price: float | None = None
    currency: str = "USD"
    prices_of: str | None = None
    training_price_of: str | None = None
    tunable_until: str | None = None
    shutdown: str | None = None
    max_example_tokens: int | None = None
    listed: bool = False


class Provider(ABC):
    """A provider of models; a facet that it does not have is None, one that it has needs no network to be returned."""

    name: ClassVar[str]

    def chat(self) -> Chat | None:
        """Return the chat facet."""
        return None

    def embed(self) -> Embed | None:
        """Return the embed facet."""
        return None

    def train(self) -> Trainer | None:
        """Return the train facet."""
        return None

    def models(self, *, ask: bool = True) -> list[ModelInfo]:
        """Return what is known of its models, by name: with `ask` what it names now, else only what needs no network.

        ServiceError when it is asked and does not tell.
        """
        chat = self.chat() if ask else None
        return [ModelInfo(name, ("chat",), listed=True) for name in (chat.models() if chat else ())]

    def model(self, name: str) -> ModelInfo | None:
        """Return what is known of one model without asking, for its price; None where nothing is."""
        return next((one for one in self.models(ask=False) if one.name == name), None)


def secrets_of(provider: Provider) -> list[Secret]:
    """Return the secrets that a provider reads from the environment, in the order of its fields."""
    values = [getattr(provider, one.name) for one in getattr(type(provider), "__attrs_attrs__", ())]
    return [one for one in values if isinstance(one, Secret)]
