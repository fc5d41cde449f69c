# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""`enliterator worker`."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from types import FrameType

import click

from enliterator_core import Session, Workspace

RESTART_SECONDS = 1.0


@click.command()
@click.option("--count", type=click.IntRange(1, 64), default=1, show_default=True, help="How many processes.")
@click.option("--drain", is_flag=True, help="End when nothing is due; what waits for its next attempt is left.")
@click.option("--parent", type=int, hidden=True, help="End when this process is gone, which started it.")
@click.pass_obj
def worker(session: Session, count: int, drain: bool, parent: int | None) -> None:
    """Work on what webhooks told: update the record of jobs, then tell the event handlers.

    Several may run, here and on other machines that share the records. SIGTERM and Ctrl-C end it after what is under
    way; what a killed one held comes back when its lease ends. At its start, and every so often, it asks the providers
    for what their webhooks did not tell.
    """
    stop = threading.Event()

    def told(number: int, frame: FrameType | None) -> None:
        stop.set()

    before = {number: signal.signal(number, told) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        with session.open() as workspace:
            if count > 1:
                _several(workspace.root, count, drain, stop)
            else:
                if parent is not None:
                    threading.Thread(target=_end_with, args=(parent, stop), name="parent", daemon=True).start()
                _one(session, workspace, drain, stop)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _one(session: Session, workspace: Workspace, drain: bool, stop: threading.Event) -> None:
    from enliterator_worker.worker import Worker

    Worker(workspace, session.note, stop).run(drain=drain)


def _end_with(parent: int, stop: threading.Event) -> None:
    """Stop when the parent was killed: its successor starts workers of its own, perhaps with other settings."""
    while not stop.wait(RESTART_SECONDS):
        if os.getppid() != parent:
            stop.set()


def _several(root: Path, count: int, drain: bool, stop: threading.Event) -> None:
    """Run several processes; one that dies is started again, unless they drain."""
    call = [sys.executable, "-m", "enliterator_core.cli", "--workspace", str(root), "worker"]
    call += ["--parent", f"{os.getpid()}"]
    call += ["--drain"] if drain else []
    running = [_start(call) for _ in range(count)]
    while not stop.wait(RESTART_SECONDS):
        if drain and all(one.poll() is not None for one in running):
            break
        if not drain:
            running = [one if one.poll() is None else _start(call) for one in running]
    for one in running:
        one.terminate()
    for one in running:
        one.wait()


def _start(call: list[str]) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(call, stdin=subprocess.DEVNULL)
