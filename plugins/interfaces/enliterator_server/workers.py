# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Worker processes beside the server: started with it, started again when one dies, stopped with it."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from enliterator_server.site import Site

STOP_SECONDS: Final = 15.0
_LOOK: Final = 0.2
_LONGEST_PAUSE: Final = 30.0
_WRONG_CALL: Final = 2


class Workers:
    """So many processes of `enliterator worker`; a context manager around the time in which they run."""

    def __init__(self, count: int, root: Path, site: Site) -> None:
        self._call = [sys.executable, "-m", "enliterator_core.cli", "--workspace", str(root), "worker"]
        self._call += ["--parent", f"{os.getpid()}"]  # one that is killed leaves no workers of old settings behind
        self._site = site
        self._running: dict[int, subprocess.Popen[bytes]] = {}
        self._count = count
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="workers", daemon=True)
        if count:
            self._restarted = site.metrics.counter("enliterator_worker_restarts_total", "Workers started again.")
            self._restarted(0)
            site.metrics.gauge("enliterator_workers", "Worker processes that run beside the server.", self._alive)

    def __enter__(self) -> "Workers":
        for number in range(self._count):
            self._start(number)
        if self._count:
            self._thread.start()
        return self

    def __exit__(self, *raised: object) -> None:
        self._stop.set()
        if self._count:
            self._thread.join()
        for one in self._running.values():
            one.terminate()
        until = time.monotonic() + STOP_SECONDS
        for one in self._running.values():
            try:
                one.wait(max(0.0, until - time.monotonic()))
            except subprocess.TimeoutExpired:  # what it held comes back when its lease ends
                one.kill()
                one.wait()

    def _alive(self) -> Mapping[tuple[tuple[str, str], ...], float]:
        return {(): sum(one.poll() is None for one in list(self._running.values()))}

    def _start(self, number: int) -> None:
        self._running[number] = subprocess.Popen(self._call, stdin=subprocess.DEVNULL)

    def _watch(self) -> None:
        pauses = dict.fromkeys(range(self._count), 1.0)
        due: dict[int, float] = {}
        while not self._stop.wait(_LOOK):
            for number, one in list(self._running.items()):
                code = one.poll()
                if code is None:
                    continue
                if code == _WRONG_CALL:
                    self._site.log("the workers cannot start: enliterator worker tells why", kind="workers")
                    del self._running[number]
                elif number not in due:
                    self._site.log(f"worker {number + 1} ended with {code}; it is started again", kind="workers")
                    due[number] = time.monotonic() + pauses[number]
                    pauses[number] = min(2 * pauses[number], _LONGEST_PAUSE)
                elif time.monotonic() >= due[number]:
                    del due[number]
                    self._start(number)
                    self._restarted()
