# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The embed facet: texts to vectors, as many to a request as the API takes."""

from collections.abc import Iterator, Sequence
from typing import Final

from attrs import frozen

from enliterator_core import Embeddings, RejectedError, ServiceError
from enliterator_openai.service import Service

TEXTS: Final = 2048  # in a request; the API's own limit
CHARACTERS: Final = 400_000  # in a request, which keeps it below the API's 300,000 tokens for nearly any text


@frozen
class OpenAIEmbed:
    """Embeds texts, several requests at once where there are many."""

    service: Service

    def embed(self, model: str, texts: Sequence[str]) -> Embeddings:
        """Embed texts, however many, in their order; an empty text, which the API refuses, raises RejectedError."""
        from concurrent.futures import ThreadPoolExecutor

        empty = next((place for place, text in enumerate(texts) if not text), None)
        if empty is not None:
            raise RejectedError(
                f"text {empty + 1} of {len(texts)} is empty", hint="embed only texts that say something"
            )
        parts = list(_parts(texts))
        with ThreadPoolExecutor(max_workers=max(1, min(len(parts), self.service.limits.concurrency))) as pool:
            asked = [pool.submit(self._ask, model, part) for part in parts]
            try:
                answers = [one.result() for one in asked]
            finally:
                for one in asked:  # after a failure or an interruption nothing more is asked, or paid
                    one.cancel()
        vectors = [vector for answer in answers for vector in answer.vectors]
        return Embeddings(vectors, sum(answer.input_tokens for answer in answers))

    def _ask(self, model: str, texts: Sequence[str]) -> Embeddings:
        with self.service.asking(model):
            answer = self.service.client.embeddings.create(model=model, input=list(texts))
            rows = sorted(answer.data or [], key=lambda row: row.index)
        if [row.index for row in rows] != list(range(len(texts))):
            message = f"{model} at {self.service.base_url} answered {len(rows)} vectors for {len(texts)} texts"
            raise ServiceError(message, hint="try again, or embed with another model")
        return Embeddings([row.embedding for row in rows], answer.usage.prompt_tokens if answer.usage else 0)


def _parts(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    start, size = 0, 0
    for place, text in enumerate(texts):
        if place > start and (place - start == TEXTS or size + len(text) > CHARACTERS):
            yield texts[start:place]
            start, size = place, 0
        size += len(text)
    if start < len(texts):
        yield texts[start:]
