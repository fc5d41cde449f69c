# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Calls of models: each is accounted in the records, and one that was made before is answered from a local file.

What is kept of a call is the hash of its request and the answer, never the request.
"""

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
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
from enliterator_core.contracts.records import Records
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

    def get(self, ids: Iterable[str]) -> dict[str, Any]:
        """Return the JSON values that are kept under any of the ids."""
        with closing(self._opened()) as connection:
            found = ((id, connection.execute("SELECT value FROM answer WHERE id = ?", (id,)).fetchone()) for id in ids)
            return {id: orjson.loads(row[0]) for id, row in found if row is not None}

    def put(self, values: Mapping[str, Any]) -> None:
        """Keep JSON values by id."""
        with closing(self._opened()) as connection, connection:
            rows = [(id, orjson.dumps(value)) for id, value in values.items()]
            connection.executemany("REPLACE INTO answer VALUES (?, ?)", rows)


@frozen
class Account:
    """Where the calls of a task to a provider are written down, with the price that is known of the model."""

    task: str
    provider: Provider
    records: Records

    @property
    def asked(self) -> str:
        """The provider with its settings, part of what an answer depends on; its secrets do not show."""
        kind = type(self.provider)
        settings = repr(self.provider) if attrs.has(kind) else ""  # else an address, another one in each process
        return f"{kind.__module__}.{kind.__qualname__} {self.provider.name} {settings}"

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
    """A chat whose calls are accounted, and answered from what is kept where the very same was asked before.

    With a temperature above 0 each answer is to be another one: none is kept.
    """

    chat: Chat
    account: Account
    answers: Answers | None

    @property
    def provider(self) -> str:
        """The provider's name, for results that depend on who answers."""
        return self.account.provider.name

    def complete(self, request: ChatRequest) -> ChatAnswer:
        """Answer; raise ServiceError as the provider's chat does."""
        answers = None if request.temperature else self.answers
        id = content_id("chat", self.account.asked, _text_of(attrs.asdict(request)))
        kept = answers.get([id]) if answers else {}
        if id in kept:
            self.account.cached("chat", request.model)
            return ChatAnswer(*kept[id])
        answer = self.account.call(
            "chat",
            request.model,
            lambda: self.chat.complete(request),
            lambda one: (one.input_tokens, one.output_tokens),
        )
        if answers:
            answers.put({id: attrs.astuple(answer)})
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
        asked = self.account.asked
        ids = [content_id("embed", asked, model, text) for text in texts]
        kept = self.answers.get(dict.fromkeys(ids))
        missing = {id: text for id, text in zip(ids, texts, strict=True) if id not in kept}
        if not missing:
            self.account.cached("embed", model)
            return Embeddings([kept[id] for id in ids], 0)
        made = self.account.call(
            "embed",
            model,
            lambda: self.embedder.embed(model, list(missing.values())),
            lambda one: (one.input_tokens, 0),
        )
        new = dict(zip(missing, map(list, made.vectors), strict=True))
        self.answers.put(new)
        kept |= new
        return Embeddings([kept[id] for id in ids], made.input_tokens)


def _text_of(values: Any) -> str:
    return orjson.dumps(values, option=orjson.OPT_SORT_KEYS).decode()
