# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Calls of models: each is accounted in the records, and one that was made before is answered from a local file.

What is kept of a call is the hash of its request and the answer, never the request.
"""

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Any, Literal, TypeVar

import attrs
import orjson
from attrs import frozen

from enliterator_core.contracts.provider import (
    Chat,
    ChatAnswer,
    ChatRequest,
    Embed,
    Embeddings,
    ModelInfo,
    Provider,
)
from enliterator_core.contracts.storage import Records
from enliterator_core.nouns import content_id
from enliterator_core.operations import Usage

T = TypeVar("T")


@frozen
class Answers:
    """Answers by the content id of what was asked, in a file that any thread or process may use meanwhile."""

    path: Path

    def _opened(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self.path, timeout=30)
        connection.execute("CREATE TABLE IF NOT EXISTS answer (id TEXT PRIMARY KEY, value BLOB) WITHOUT ROWID")
        return connection

    def get(self, id: str) -> Any:
        """Return the JSON values kept under the id, or None."""
        with closing(self._opened()) as connection:
            row = connection.execute("SELECT value FROM answer WHERE id = ?", (id,)).fetchone()
        return None if row is None else orjson.loads(row[0])

    def put(self, id: str, value: Any) -> None:
        """Keep JSON values under the id."""
        with closing(self._opened()) as connection, connection:
            connection.execute("REPLACE INTO answer VALUES (?, ?)", (id, orjson.dumps(value)))


@frozen
class Account:
    """Where the calls of a task to a provider are written down, with the price that is known of the model."""

    task: str
    provider: Provider
    records: Records

    def call(self, kind: Literal["chat", "embed"], model: str, make: Callable[[], T], tokens: Callable[[T], Any]) -> T:
        """Make one call and write down what it took, also when it fails; `tokens` tells an answer's, in and out."""
        start, used, error = perf_counter(), (0, 0), None
        try:
            answer = make()
            used = tokens(answer)
            return answer
        except BaseException as raised:
            error = type(raised).__name__
            raise
        finally:
            self._write(kind, model, used, perf_counter() - start, error, cached=False)

    def cached(self, kind: Literal["chat", "embed"], model: str) -> None:
        """Write down that an answer took no call."""
        self._write(kind, model, (0, 0), 0.0, None, cached=True)

    def _write(
        self, kind: Any, model: str, used: tuple[int, int], seconds: float, error: str | None, *, cached: bool
    ) -> None:
        info = self.provider.model(model) or ModelInfo(model)
        price_in, price_out = info.input_price, info.output_price if kind == "chat" else 0.0
        cost = 0.0 if cached else None
        if price_in is not None and price_out is not None:
            cost = (used[0] * price_in + used[1] * price_out) / 1e6
        at = datetime.now(UTC).isoformat(timespec="seconds")
        row = Usage(at, self.task, self.provider.name, model, kind, *used, seconds, cost, info.currency, error, cached)
        self.records.add_usage(row)


@frozen(repr=False)
class AccountedChat:
    """A chat whose calls are accounted, and answered from what is kept where the very same was asked before."""

    chat: Chat
    account: Account
    answers: Answers | None

    def __repr__(self) -> str:
        return f"chat of {self.account.provider.name}"  # part of what results are kept by: the same in every process

    def complete(self, request: ChatRequest) -> ChatAnswer:
        """Answer; raise ServiceError as the provider's chat does."""
        asked = orjson.dumps(attrs.asdict(request), option=orjson.OPT_SORT_KEYS).decode()
        id = content_id("chat", self.account.provider.name, asked)
        kept = self.answers.get(id) if self.answers else None
        if kept is not None:
            self.account.cached("chat", request.model)
            return ChatAnswer(*kept)
        answer = self.account.call(
            "chat",
            request.model,
            lambda: self.chat.complete(request),
            lambda one: (one.input_tokens, one.output_tokens),
        )
        if self.answers:
            self.answers.put(id, attrs.astuple(answer))
        return answer

    def models(self) -> list[str]:
        """The names of the models that can be asked, sorted."""
        return self.chat.models()


@frozen(repr=False)
class AccountedEmbed:
    """An embed facet whose calls are accounted, and made only for texts that were not embedded before."""

    embedder: Embed
    account: Account
    answers: Answers

    def embed(self, model: str, texts: Sequence[str]) -> Embeddings:
        """Embed texts; raise ServiceError as the provider's facet does."""
        ids = [content_id("embed", self.account.provider.name, model, text) for text in texts]
        kept = {id: self.answers.get(id) for id in dict.fromkeys(ids)}
        missing = {id: text for id, text in zip(ids, texts, strict=True) if kept[id] is None}
        if not missing:
            self.account.cached("embed", model)
            return Embeddings([kept[id] for id in ids], 0)
        made = self.account.call(
            "embed",
            model,
            lambda: self.embedder.embed(model, list(missing.values())),
            lambda one: (one.input_tokens, 0),
        )
        for id, vector in zip(missing, made.vectors, strict=True):
            kept[id] = list(vector)
            self.answers.put(id, kept[id])
        return Embeddings([kept[id] for id in ids], made.input_tokens)
