# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Events that come in together are kept in one transaction: a disk that must write is waited for once for all."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from enliterator_core import WebhookEvent

GATHER_SECONDS: Final = 0.004
MOST: Final = 256

_Waiting = tuple[WebhookEvent, "asyncio.Future[bool]"]


class Writer:
    """Keeps events, in the order in which they came; `add` is `Records.add_events`, called from one thread."""

    def __init__(
        self, add: Callable[[Sequence[WebhookEvent]], list[bool]], observe: Callable[[int], None] = lambda count: None
    ) -> None:
        self._add = add
        self._observe = observe
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="webhooks")
        self._waiting: list[_Waiting] = []
        self._task: asyncio.Task[None] | None = None

    async def keep(self, event: WebhookEvent) -> bool:
        """Return, once the event is on disk, whether it is new; raises what `add` raises."""
        loop = asyncio.get_running_loop()
        done: asyncio.Future[bool] = loop.create_future()
        self._waiting.append((event, done))
        if self._task is None or self._task.done():
            self._task = loop.create_task(self._write())
        return await done

    async def _write(self) -> None:
        loop = asyncio.get_running_loop()
        while self._waiting:
            await asyncio.sleep(GATHER_SECONDS)
            now, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
            events = [event for event, _ in now]
            try:
                new = await loop.run_in_executor(self._thread, self._add, events)
            except Exception as error:  # noqa: BLE001  whatever it is, those who wait are told
                for _, done in now:
                    if not done.done():
                        done.set_exception(error)
                continue
            self._observe(len(events))
            for (_, done), is_new in zip(now, new, strict=True):
                if not done.done():
                    done.set_result(is_new)
