# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The chat facet: one request through OpenAI's SDK, and its failures in plain words."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any
from weakref import finalize

from attrs import frozen

from enliterator_core import ChatAnswer, ChatRequest, Secret, ServiceError

if TYPE_CHECKING:
    import openai


@frozen(slots=False)
class OpenAIChat:
    """Answers chat requests at ``base_url``, by the Responses API or by chat completions."""

    base_url: str
    key: Secret
    api: str
    timeout: float
    max_retries: int

    @cached_property
    def _client(self) -> "openai.OpenAI":
        import openai

        client = openai.OpenAI(
            api_key=self.key.reveal(), base_url=self.base_url, timeout=self.timeout, max_retries=self.max_retries
        )
        finalize(self, client.close)  # connections end with the facet
        return client

    def complete(self, request: ChatRequest) -> ChatAnswer:
        """Answer; raise ServiceError, with a next step, when the provider does not or cuts the answer short."""
        with self._explained(request.model):
            answer = self._by_responses(request) if self.api == "responses" else self._by_chat(request)
        if not answer.text:
            raise ServiceError(f"{request.model} at {self.base_url} answered nothing", hint="ask another model")
        return answer

    def models(self) -> list[str]:
        """Return the names of the models that the key may use, sorted."""
        with self._explained("its list of models"):
            return sorted(model.id for model in self._client.models.list())

    def _by_responses(self, request: ChatRequest) -> ChatAnswer:
        options = _given(temperature=request.temperature, max_output_tokens=request.max_output_tokens)
        if request.schema is not None:
            form = {"type": "json_schema", "name": "answer", "strict": True, "schema": dict(request.schema)}
            options["text"] = {"format": form}
        messages: Any = [dict(message) for message in request.messages]
        response = self._client.responses.create(model=request.model, input=messages, store=False, **options)
        usage = response.usage
        return ChatAnswer(response.output_text, usage.input_tokens if usage else 0, usage.output_tokens if usage else 0)

    def _by_chat(self, request: ChatRequest) -> ChatAnswer:
        options = _given(temperature=request.temperature, max_completion_tokens=request.max_output_tokens)
        if request.schema is not None:
            form = {"name": "answer", "strict": True, "schema": dict(request.schema)}
            options["response_format"] = {"type": "json_schema", "json_schema": form}
        messages: Any = [dict(message) for message in request.messages]
        completion = self._client.chat.completions.create(model=request.model, messages=messages, **options)
        usage = completion.usage
        text = completion.choices[0].message.content if completion.choices else None
        return ChatAnswer(text or "", usage.prompt_tokens if usage else 0, usage.completion_tokens if usage else 0)

    @contextmanager
    def _explained(self, asked: str) -> Iterator[None]:
        import openai

        try:
            yield
        except openai.AuthenticationError as error:
            raise ServiceError(
                f"{self.base_url} refused the key in {self.key.variable}", hint="check the key, or make a new one"
            ) from error
        except openai.PermissionDeniedError as error:
            raise ServiceError(
                f"{self.base_url} does not let this key use {asked}", hint="choose another model or ask for access"
            ) from error
        except openai.NotFoundError as error:
            raise ServiceError(f"{self.base_url} does not know {asked}", hint="check the model's name") from error
        except openai.RateLimitError as error:
            raise ServiceError(
                f"{self.base_url} is over its rate limit or quota ({error.code or 429})",
                hint="wait, or check the account's quota",
            ) from error
        except openai.APIConnectionError as error:
            raise ServiceError(f"{self.base_url} did not answer", hint="check the network and base_url") from error
        except openai.APIStatusError as error:
            raise ServiceError(
                f"{self.base_url} answered {error.status_code} for {asked} ({error.code or 'no code'})",
                hint="try again later, or check the request's settings",
            ) from error


def _given(**options: Any) -> dict[str, Any]:
    return {name: value for name, value in options.items() if value is not None}
