# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""How fast webhooks are received, and how fast events are listed.

    python benchmarks/webhooks.py [--rate 500] [--seconds 20] [--kills 20] [--events 100000]

1. A server in a process of its own, on sqlite with every transaction on disk, gets signed events at a steady rate. The
   time of each counts from when it was due. Targets: 99 of 100 within 50 ms; the server's share of one core is told.
   The floor in the same run: a bare sqlite3 loop that commits as often, one event after the other.
2. The server is killed with SIGKILL again and again under that load; the sender tries again: none lost, none twice.
3. Lists of 100,000 stored events, newest first and by every filter. Target: 100 ms each.
"""

import argparse
import asyncio
import os
import signal
import socket
import sqlite3
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import quantiles
from time import perf_counter

from enliterator_core import WebhookEvent, Workspace
from enliterator_webhooks.testing import Load, serving


def cpu_seconds(process: int) -> float:
    """Return what a process has had of the processors, in seconds."""
    fields = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def told(name: str, seconds: list[float], words: str = "") -> float:
    """Print the spread of times in milliseconds, and return their 99th percentile."""
    cuts = quantiles(seconds, n=1000, method="inclusive")
    p50, p99, p999 = (1000 * cuts[at] for at in (499, 989, 998))
    print(f"  {name:44} p50 {p50:7.1f} ms  p99 {p99:7.1f} ms  p99.9 {p999:7.1f} ms  {words}")
    return p99


def floor(folder: Path, count: int = 300) -> None:
    """Time bare commits of one row."""
    connection = sqlite3.connect(folder / "floor.db", isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE event(id TEXT PRIMARY KEY, body TEXT)")
    seconds = []
    for number in range(count):
        began = perf_counter()
        connection.execute("INSERT INTO event VALUES (?, ?)", (f"evt_{number}", "x" * 200))
        seconds.append(perf_counter() - began)
    connection.close()
    told("bare sqlite3, a commit for each event", seconds)


def stored(folder: Path) -> list[str]:
    """Return the ids of every event in a workspace's records."""
    with sqlite3.connect(folder / ".enliterator" / "records.db") as connection:
        return [row[0] for row in connection.execute("SELECT webhook_id FROM event")]


def steady(folder: Path, rate: float, seconds: float) -> bool:
    """Send at the rate, and say how long each took."""
    floor(folder)
    numbers = range(int(rate * seconds))
    with serving(folder) as server:
        Load(server.url, rate).send(range(10**6, 10**6 + 200))  # everything is loaded, and connected once
        before, began = cpu_seconds(server.process.pid), perf_counter()
        load = Load(server.url, rate)
        load.send(numbers)
        took = perf_counter() - began
        share = (cpu_seconds(server.process.pid) - before) / took
    words = f"{len(numbers) / took:.0f}/s, server {share:.0%} of a core, {load.retries} retries"
    p99 = told(f"{rate:.0f} verified events a second", load.seconds, words)
    return p99 <= 50 and len(stored(folder)) == len(set(stored(folder))) == len(numbers) + 200


def free_port() -> int:
    """Return a port that nobody listens at now."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


async def kill_again_and_again(folder: Path, port: int, load: Load, numbers: range, kills: int) -> None:
    """Send, while the server lives a second at a time."""
    sending = asyncio.ensure_future(load.sending(numbers))
    for life in range(kills + 1):
        with serving(folder, port=port) as server:
            if life == kills:
                await sending
                return
            await asyncio.sleep(1 + life % 5 * 0.13)
            server.process.send_signal(signal.SIGKILL)


def killed(folder: Path, rate: float, kills: int) -> bool:
    """Kill the server under load and say what was lost and what was kept twice."""
    port = free_port()
    load = Load(f"http://127.0.0.1:{port}", rate)
    numbers = range(int(rate * 2 * kills))
    asyncio.run(kill_again_and_again(folder, port, load, numbers, kills))
    ids = stored(folder)
    lost, doubled = len(numbers) - len(set(ids)), len(ids) - len(set(ids))
    print(f"  {kills} kills, {len(numbers):,} events, {load.retries:,} retries: {lost} lost, {doubled} doubled")
    return lost == doubled == 0


def lists(folder: Path, count: int) -> bool:
    """Store many events and time every way of listing them."""
    kinds = ("fine_tuning.job.succeeded", "batch.completed", "response.completed", "no.such.type")
    with Workspace.open(flags={"workspace": str(folder)}) as workspace:
        records = workspace.records
        for start in range(0, count, 5000):
            records.add_events(
                [
                    WebhookEvent(0, "openai", f"evt_{n}", kinds[n % 4], f"ftjob-{n % 997}", '{"type":"x"}')
                    for n in range(start, min(start + 5000, count))
                ]
            )
        ways: dict[str, Callable[[], object]] = {
            "the newest 50": records.events,
            "by type": lambda: records.events(type=kinds[1]),
            "by a type that is not there": lambda: records.events(type="none"),
            "by state": lambda: records.events(state="waiting"),
            "by a state that none is in": lambda: records.events(state="dead"),
            "by subject": lambda: records.events(subject="ftjob-17"),
            "by queue, type, state and subject": lambda: records.events(
                queue="openai", type=kinds[0], state="waiting", subject="ftjob-12"
            ),
            "by webhook-id": lambda: records.events(webhook_id="evt_77"),
            "the oldest page": lambda: records.events(before=60),
            "totals": records.event_totals,
        }
        slow = 0
        for name, ask in ways.items():
            seconds = []
            for _ in range(11):
                began = perf_counter()
                ask()
                seconds.append(perf_counter() - began)
            median = 1000 * sorted(seconds)[5]
            slow += median > 100
            print(f"  {name:44} {median:7.1f} ms")
    return not slow


def main() -> None:
    """Run the three, and end with 1 when a target is missed."""
    parser = argparse.ArgumentParser(description="Webhooks: rate, kills, lists.")
    parser.add_argument("--rate", type=float, default=500)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--events", type=int, default=100_000)
    given = parser.parse_args()
    passed = []
    with tempfile.TemporaryDirectory() as place:
        for name in ("steady", "killed", "lists"):
            (Path(place) / name).mkdir()
        print("received")
        passed.append(steady(Path(place) / "steady", given.rate, given.seconds))
        if given.kills:
            passed.append(killed(Path(place) / "killed", given.rate, given.kills))
        print(f"listed, of {given.events:,} events")
        passed.append(lists(Path(place) / "lists", given.events))
    print("targets met" if all(passed) else "TARGETS MISSED")
    sys.exit(not all(passed))


if __name__ == "__main__":
    main()
