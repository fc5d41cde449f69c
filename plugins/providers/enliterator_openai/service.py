# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""What the facets share: one client of OpenAI's SDK, limits to what is asked of it, and its failures in plain words."""

import re
import threading
import time
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any

from attrs import define, field, frozen

from enliterator_core import RejectedError, Secret, ServiceError, mask

if TYPE_CHECKING:
    import openai

_QUOTA = ("insufficient_quota", "billing_hard_limit_reached", "billing_not_active")


@define
class Limits:
    """At most ``concurrency`` calls at once, and ``per_minute`` begun in a minute, evenly spaced (0: no limit)."""

    concurrency: int
    per_minute: int
    _slots: threading.Semaphore = field(init=False, repr=False)
    _lock: threading.Lock = field(factory=threading.Lock, init=False, repr=False)
    _next: float = field(default=0.0, init=False)

    def __attrs_post_init__(self) -> None:
        self._slots = threading.Semaphore(self.concurrency)

    @contextmanager
    def call(self) -> Iterator[None]:
        """Wait for a place, and hold it while the block runs; an interruption ends the waiting."""
        with self._slots:
            if self.per_minute:
                with self._lock:
                    start = max(time.monotonic(), self._next)
                    self._next = start + 60 / self.per_minute
                time.sleep(max(0.0, start - time.monotonic()))
            yield


@frozen(slots=False, eq=False)
class Service:
    """The server at ``base_url``; ``timeout`` counts seconds for one attempt, what passes is tried again."""

    base_url: str
    key: Secret
    timeout: float
    max_retries: int
    limits: Limits
    hint_404: str = "check the model's name"

    @cached_property
    def client(self) -> "openai.OpenAI":
        """The SDK's client; its retries wait with jitter, and as long as Retry-After says up to two minutes.

        ServiceError when there is no key.
        """
        import openai

        self.needs_key()
        client = openai.OpenAI(
            api_key=self.key.reveal(), base_url=self.base_url, timeout=self.timeout, max_retries=self.max_retries
        )
        weakref.finalize(self, client.close)  # the client is part of cycles; this closes its connections at once
        return client

    @cached_property
    def once(self) -> "openai.OpenAI":
        """The same client without retries, for what must not happen twice."""
        return self.client.with_options(max_retries=0)

    def needs_key(self) -> None:
        """Raise ServiceError when there is no key."""
        if self.key.reveal() is None:
            raise ServiceError(
                f"{self.base_url} needs a key and {self.key.variable} is not set",
                hint=f"set {self.key.variable} in the environment",
            )

    @contextmanager
    def asking(self, asked: str, *, to: str = "use") -> Iterator[None]:
        """Hold a place while the block asks for something, and turn its failures into ServiceErrors.

        A RejectedError says that the server said no, so that nothing was made or changed there.
        """
        import openai

        try:
            with self.limits.call():
                yield
        except openai.APITimeoutError as error:
            raise ServiceError(
                f"{self.base_url} did not answer within {self.timeout:g} seconds", hint="try again, or raise timeout"
            ) from error
        except openai.APIConnectionError as error:
            raise ServiceError(f"{self.base_url} did not answer", hint="check the network and base_url") from error
        except openai.APIStatusError as error:
            raise self._explained(error, asked, to) from error
        # JSON that is none is a ValueError; where the server sends something else, what the SDK makes lacks its parts.
        except (openai.OpenAIError, ValueError, AttributeError, TypeError) as error:
            raise ServiceError(
                f"{self.base_url} answered {asked} with something that is no answer", hint="check base_url"
            ) from error

    def _explained(self, error: "openai.APIStatusError", asked: str, to: str) -> ServiceError:
        where, status, code = self.base_url, error.status_code, error.code or "no code"
        if status == 401:
            return RejectedError(
                f"{where} refused the key in {self.key.variable}", hint="check the key, or make a new one"
            )
        if status == 403:
            message = f"{where} does not let this key {to} {asked}"
            return RejectedError(message, hint="choose another model or ask for access")
        if status == 404:
            return RejectedError(f"{where} does not know {asked}", hint=self.hint_404)
        if status == 429 and error.code in _QUOTA:
            message = f"{where}: the account's rate limit or quota is used up ({code})"
            return RejectedError(message, hint="add credit or raise the account's limit, then try again")
        if status == 429:
            wait = error.response.headers.get("retry-after")
            hint = f"wait {wait} seconds" if wait and wait != "0" else "wait"
            message = f"{where} is over its rate limit or quota ({error.code or 429})"
            return ServiceError(message, hint=f"{hint}, or check the account's quota")
        if status < 500 and status not in (408, 409):
            message = f"{where} refused {asked}: {self.said(error)} ({code})"
            return RejectedError(message, hint="change what it names, then try again")
        message = f"{where} answered {status} for {asked} ({code})"
        return ServiceError(message, hint="try again later, or check the request's settings")

    def said(self, error: "openai.APIStatusError") -> str:
        """Return the server's own words in one line of at most 300 characters, with no secret in them."""
        body = error.body
        words = str(body.get("message") or body) if isinstance(body, dict) else str(body or "nothing")
        key = self.key.reveal()
        if key:
            words = words.replace(key, "the key")
        return re.sub(r"\s+", " ", mask(words)[0])[:300].strip().rstrip(".")


def is_missing(error: "openai.NotFoundError") -> bool:
    """Say whether a 404 speaks of the thing asked for, and not of an address that the server does not have."""
    body = error.body
    words = str(body.get("message") or "") if isinstance(body, dict) else ""
    return bool(words) and not words.startswith("Invalid URL")


def given(**options: Any) -> dict[str, Any]:
    """Return the options that have a value."""
    return {name: value for name, value in options.items() if value is not None}
