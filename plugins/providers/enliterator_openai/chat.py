# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The chat facet: one request through OpenAI's SDK."""

from typing import Any

from attrs import frozen

from enliterator_core import ChatAnswer, ChatRequest, ServiceError
from enliterator_openai.service import Service, given


@frozen
class OpenAIChat:
    """Answers chat requests, by the Responses API or by chat completions."""

    service: Service
    api: str

    def complete(self, request: ChatRequest) -> ChatAnswer:
        """Answer; raise ServiceError, with a next step, when the provider does not or cuts the answer short."""
        with self.service.asking(request.model):
            answer = self._by_responses(request) if self.api == "responses" else self._by_chat(request)
        if not answer.text:
            where = self.service.base_url
            raise ServiceError(f"{request.model} at {where} answered nothing", hint="ask another model")
        return answer

    def models(self) -> list[str]:
        """Return the names of the models that the key may use, sorted."""
        with self.service.asking("its list of models"):
            return sorted(model.id for model in self.service.client.models.list().data)

    def _by_responses(self, request: ChatRequest) -> ChatAnswer:
        options = given(temperature=request.temperature, max_output_tokens=request.max_output_tokens)
        if request.schema is not None:
            form = {"type": "json_schema", "name": "answer", "strict": True, "schema": dict(request.schema)}
            options["text"] = {"format": form}
        messages: Any = [dict(message) for message in request.messages]
        response = self.service.client.responses.create(model=request.model, input=messages, store=False, **options)
        usage = response.usage
        return ChatAnswer(response.output_text, usage.input_tokens if usage else 0, usage.output_tokens if usage else 0)

    def _by_chat(self, request: ChatRequest) -> ChatAnswer:
        options = given(temperature=request.temperature, max_completion_tokens=request.max_output_tokens)
        if request.schema is not None:
            form = {"name": "answer", "strict": True, "schema": dict(request.schema)}
            options["response_format"] = {"type": "json_schema", "json_schema": form}
        messages: Any = [dict(message) for message in request.messages]
        completion = self.service.client.chat.completions.create(model=request.model, messages=messages, **options)
        usage = completion.usage
        text = completion.choices[0].message.content if completion.choices else None
        return ChatAnswer(text or "", usage.prompt_tokens if usage else 0, usage.completion_tokens if usage else 0)
