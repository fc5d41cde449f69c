# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""A process for one durable handler: `Host` starts, asks and kills it; run as a module, this is the process itself.

They talk in lines of JSON over pipes. The process ends itself when the worker that started it is gone, or when the
handler takes so long that the worker should have ended it.
"""

import faulthandler
import json
import os
import queue
import select
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any, Final

from enliterator_core import Event, EventHandler, Workspace

START_SECONDS: Final = 60.0
_GRACE: Final = 5.0
_MOST: Final = 500


class HandlerFailed(Exception):
    """What a handler raised, or that it took too long, in one line."""


class Host:
    """One handler's process; started when the first event comes, and again after it was ended."""

    def __init__(self, root: Path, handler: EventHandler) -> None:
        self._call = [sys.executable, "-m", "enliterator_worker.host", str(root), handler.name]
        self._limit = handler.time_limit
        self._process: subprocess.Popen[bytes] | None = None
        self._rest = b""

    def tell(self, event: Event) -> None:
        """Hand the handler an event; HandlerFailed when it raises, dies, or takes longer than its limit."""
        if self._process is None or self._process.poll() is not None:
            self.kill()
            self._start()
        assert self._process is not None and self._process.stdin is not None
        line = json.dumps({"type": event.type, "data": dict(event.data), "id": event.id}) + "\n"
        try:
            self._process.stdin.write(line.encode())
            self._process.stdin.flush()
        except OSError as error:
            self.kill()
            raise HandlerFailed("its process ended") from error
        self._answer(self._limit)

    def _start(self) -> None:
        # A session of its own: a terminal's Ctrl-C is the worker's to answer, and what a handler starts ends with it.
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(self._call, stdin=pipe, stdout=pipe, start_new_session=True)
        self._answer(START_SECONDS)

    def _answer(self, limit: float) -> None:
        assert self._process is not None and self._process.stdout is not None
        end, pipe = time.monotonic() + limit, self._process.stdout.fileno()
        while b"\n" not in self._rest:
            ready, _, _ = select.select([pipe], [], [], max(0.0, end - time.monotonic()))
            if not ready:
                self.kill()
                raise HandlerFailed(f"took more than {limit:g} s and was ended")
            read = os.read(pipe, 65536)
            if not read:
                code = self._process.wait()
                self.kill()
                raise HandlerFailed(f"its process ended with {code}")
            self._rest += read
        line, _, self._rest = self._rest.partition(b"\n")
        error = json.loads(line)["error"]
        if error is not None:
            raise HandlerFailed(str(error))

    def kill(self) -> None:
        """End the process, and what it started; it is started again when there is something to tell."""
        process, self._process, self._rest = self._process, None, b""
        if process is None:
            return
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            process.kill()  # which does nothing to one that has ended
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                _close(pipe)


def _close(pipe: Any) -> None:
    try:
        pipe.close()
    except BrokenPipeError:  # what was not read any more is flushed in vain
        return


def _handler(root: Path, name: str) -> EventHandler:
    """Open a workspace's handler; the workspace itself is closed, handlers open what they need."""
    with Workspace.open(flags={"workspace": str(root)}) as workspace:
        handler = next(one for one in workspace.plugins.event_handlers if one.name == name)
        workspace.state.mkdir(parents=True, exist_ok=True)
        handler.open(workspace.state)
        return handler


def _lines() -> "queue.SimpleQueue[bytes]":
    """Read lines in a thread, which ends the process when the worker at the other end is gone."""
    lines: queue.SimpleQueue[bytes] = queue.SimpleQueue()

    def read() -> None:
        for line in sys.stdin.buffer:
            lines.put(line)
        os._exit(0)

    threading.Thread(target=read, name="worker", daemon=True).start()
    return lines


def main(root: Path, name: str) -> None:
    """Be a handler's process: answer each event with the error, or null."""
    out = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)  # what a handler prints is no answer

    def answer(error: BaseException | None) -> None:
        text = None if error is None else f"{type(error).__name__}: {error}".partition("\n")[0][:_MOST]
        out.write(json.dumps({"error": text}).encode() + b"\n")

    lines = _lines()
    try:
        handler = _handler(root, name)
    except Exception as error:
        answer(error)
        raise SystemExit(1) from error
    answer(None)
    while True:
        told = json.loads(lines.get())
        # A watchdog that no lock of the interpreter can hold up, for when the worker was killed meanwhile.
        faulthandler.dump_traceback_later(handler.time_limit + _GRACE, exit=True)
        try:
            handler.handle(Event(told["type"], told["data"], told["id"]))
        except Exception as error:  # noqa: BLE001  a handler may raise anything; the worker is told
            answer(error)
        else:
            answer(None)
        faulthandler.cancel_dump_traceback_later()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
