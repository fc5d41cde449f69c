# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""OpenAI, and every server that speaks its protocol at another ``base_url``."""

from typing import Literal

from attrs import Factory, field, frozen
from attrs.validators import ge, gt, in_

from enliterator_core import Chat, Provider, Secret, ServiceError, hookimpl


@frozen
class OpenAI(Provider):
    """OpenAI's API, or a compatible server's.

    The key comes from the environment variable that ``api_key_variable`` names. ``api`` is the call that the server
    understands: OpenAI's ``responses``, or ``chat`` (chat completions) for most compatible servers. ``timeout`` counts
    seconds for one attempt; failures that pass are retried ``max_retries`` times, honouring Retry-After.
    """

    name = "openai"

    base_url: str = "https://api.openai.com/v1"
    api: Literal["responses", "chat"] = field(default="responses", validator=in_(("responses", "chat")))
    api_key_variable: str = "OPENAI_API_KEY"
    timeout: float = field(default=60.0, validator=gt(0))
    max_retries: int = field(default=4, validator=ge(0))
    api_key: Secret = field(init=False, default=Factory(lambda self: Secret(self.api_key_variable), takes_self=True))

    def chat(self) -> Chat | None:
        """Return the chat facet; raise ServiceError when there is no key."""
        from enliterator_openai.chat import OpenAIChat

        if self.api_key.reveal() is None:
            raise ServiceError(
                f"{self.base_url} needs a key and {self.api_key.variable} is not set",
                hint=f"set {self.api_key.variable} in the environment",
            )
        return OpenAIChat(self.base_url, self.api_key, self.api, self.timeout, self.max_retries)


@hookimpl
def register_providers() -> list[type[Provider]]:
    """Add OpenAI."""
    return [OpenAI]
