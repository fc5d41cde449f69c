# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""What was acknowledged is kept, once: the server is killed under load, again and again, and the sender tries again."""

import asyncio
import signal
import socket
import sqlite3
from contextlib import closing

import pytest

from enliterator_webhooks.testing import Load, serving


async def under_kills(folder, load, numbers, kills, port):
    sending = asyncio.ensure_future(load.sending(numbers))
    for life in range(kills):
        with serving(folder, port=port) as server:
            await asyncio.sleep(0.5 + life % 5 * 0.13)
            assert not sending.done(), "the load was over before the kill"
            server.process.send_signal(signal.SIGKILL)
    with serving(folder, port=port):
        await sending


def lost_and_doubled(folder, kills, rate, seconds):
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    load = Load(f"http://127.0.0.1:{port}", rate)
    numbers = range(int(rate * seconds))
    asyncio.run(under_kills(folder, load, numbers, kills, port))
    with closing(sqlite3.connect(folder / ".enliterator" / "records.db")) as connection:
        kept = [row[0] for row in connection.execute("SELECT webhook_id FROM event")]
    assert load.retries >= kills, "the kills hit nobody"
    return len({f"evt_{number}" for number in numbers} - set(kept)), len(kept) - len(set(kept))


def test_two_kills_lose_and_double_nothing(tmp_path):
    assert lost_and_doubled(tmp_path, 2, 300, 4.5) == (0, 0)


@pytest.mark.long
def test_twenty_kills_lose_and_double_nothing(tmp_path):
    assert lost_and_doubled(tmp_path, 20, 500, 45) == (0, 0)
