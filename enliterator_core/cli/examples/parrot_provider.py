# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""A provider that needs no network: it finds nothing, and says so in the shape that was asked for."""

import json

from enliterator_core import Chat, ChatAnswer, ChatRequest, Provider, hookimpl


class ParrotChat:
    """Answers every request with an empty answer of the schema's shape."""

    def complete(self, request: ChatRequest) -> ChatAnswer:
        """Return an empty list for each property that the schema asks for."""
        properties = (request.schema or {}).get("properties", {})
        text = json.dumps({name: [] for name in properties}) if properties else "nothing"
        return ChatAnswer(text, input_tokens=0, output_tokens=0)

    def models(self) -> list[str]:
        """Return the one model there is."""
        return ["green"]


class Parrot(Provider):
    """A provider for trying things out without a network."""

    name = "parrot"

    def chat(self) -> Chat | None:
        """Return the chat facet."""
        return ParrotChat()


@hookimpl
def register_providers() -> list[type[Provider]]:
    """Add the provider."""
    return [Parrot]
