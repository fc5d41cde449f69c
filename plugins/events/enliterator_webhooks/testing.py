# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""What webhooks are tested with: a server in a process of its own, and a sender that keeps a rate and tries again."""

import asyncio
import json
import os
import subprocess
import sys
import time
from base64 import b64encode
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from attrs import define, field, frozen

from enliterator_webhooks.signature import keys_of, sign

SECRET: Final = "whsec_" + b64encode(b"what the tests sign with, 32 bit").decode()
_RETRY_SECONDS: Final = 0.05


@frozen
class Served:
    """A running `enliterator serve`: where it answers, its process, and the file that its log goes to."""

    url: str
    process: "subprocess.Popen[str]"
    log: Path


@contextmanager
def serving(folder: Path, *arguments: str, secrets: str = SECRET, port: int = 0) -> Iterator[Served]:
    """Run a server in the workspace `folder` while the block runs; then it is stopped with SIGTERM, if it still runs.

    `secrets` go into OPENAI_WEBHOOK_SECRET; a port of 0 is any free one.
    """
    call = [sys.executable, "-m", "enliterator_core.cli", "--workspace", str(folder), "serve", "--port", str(port)]
    environment = {**os.environ, "OPENAI_WEBHOOK_SECRET": secrets}
    log = folder / "serve.log"
    with log.open("a") as errors:
        process = subprocess.Popen(
            [*call, *arguments], env=environment, stdout=subprocess.PIPE, stderr=errors, text=True, encoding="utf-8"
        )
    with process:
        try:
            assert process.stdout is not None
            url = process.stdout.readline().strip()
            if not url:
                raise RuntimeError(f"the server did not start: {log.read_text(encoding='utf-8')}")
            yield Served(url, process, log)
        finally:
            process.terminate()
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()


def request_for(
    number: int, *, kind: str = "fine_tuning.job.succeeded", about: str | None = None, path: str = "/webhooks/openai"
) -> bytes:
    """Return a whole HTTP request with the signed event of that number, dated now."""
    webhook_id, now = f"evt_{number}", str(int(time.time()))
    told = {"id": webhook_id, "object": "event", "type": kind, "data": {"id": about or f"ftjob-{number % 50}"}}
    body = json.dumps(told).encode()
    signature = sign(keys_of(SECRET)[0][0], webhook_id.encode(), now.encode(), body).decode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n"
        f"webhook-id: {webhook_id}\r\nwebhook-timestamp: {now}\r\nwebhook-signature: {signature}\r\n\r\n"
    )
    return head.encode() + body


@define
class Load:
    """Events sent at a `rate` (a second) over several connections, each until it is acknowledged.

    `seconds` has, for each event, the time from when it was due until it was acknowledged: what waits for a free
    connection is counted too. `retries` counts attempts that were not acknowledged.
    """

    url: str
    rate: float
    connections: int = 32
    seconds: list[float] = field(factory=list)
    retries: int = 0
    _left: Iterator[tuple[int, float]] = field(init=False, default=iter(()))

    def send(self, numbers: Sequence[int]) -> None:
        """Send the events of those numbers, and return when all are acknowledged."""
        asyncio.run(self.sending(numbers))

    async def sending(self, numbers: Sequence[int]) -> None:
        """Send, beside whatever else the loop does."""
        began = time.perf_counter() + 0.1
        self._left = iter([(number, began + place / self.rate) for place, number in enumerate(numbers)])
        async with asyncio.TaskGroup() as group:
            for _ in range(self.connections):
                group.create_task(self._connection())

    async def _connection(self) -> None:
        streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        place = urlsplit(self.url)
        for number, due in self._left:
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            while True:
                try:
                    if streams is None:
                        streams = await asyncio.open_connection(place.hostname, place.port)
                    if await _post(*streams, request_for(number)) == 200:
                        break
                except (OSError, EOFError):
                    _close(streams)
                    streams = None
                self.retries += 1
                await asyncio.sleep(_RETRY_SECONDS)
            self.seconds.append(time.perf_counter() - due)
        _close(streams)


def _close(streams: "tuple[asyncio.StreamReader, asyncio.StreamWriter] | None") -> None:
    if streams is not None:
        streams[1].close()


async def _post(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes) -> int:
    """Return the status of the answer, which has no body."""
    writer.write(request)
    head = await reader.readuntil(b"\r\n\r\n")
    return int(head.split(b" ", 2)[1])
