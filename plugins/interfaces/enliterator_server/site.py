# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The server as routes are handed it: the workspace, what is counted, what `/readyz` asks, and the log."""

import logging
import sys
import tempfile
import time
import unicodedata
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import Final

from attrs import define, field

from enliterator_core import EnliteratorError, Workspace
from enliterator_server.metrics import Registry

QUIET_SECONDS: Final = 60.0
_KINDS: Final = 1000


@define
class Log:
    """Lines on stderr with their time; of each kind one in a minute, with the count of those that were left out."""

    _last: dict[str, tuple[float, int]] = field(factory=dict)
    _lock: Lock = field(factory=Lock)

    def write(self, text: str, kind: str | None = None) -> None:
        """Write a line, unless one of its kind was written within a minute."""
        kind, now = kind or text, time.monotonic()
        with self._lock:
            last, left_out = self._last.get(kind, (-QUIET_SECONDS, 0))
            if now - last < QUIET_SECONDS:
                self._last[kind] = last, left_out + 1
                return
            if len(self._last) >= _KINDS:
                self._last.clear()
            self._last[kind] = now, 0
        more = f" (and {left_out:,} more like it before)" if left_out else ""
        at = datetime.now(UTC).isoformat(timespec="seconds")
        sys.stderr.write(f"{at} {_plain(text)}{more}\n")
        sys.stderr.flush()


def _plain(text: str) -> str:
    """Escape what gives a terminal orders, line ends apart: a traceback has several lines."""
    kept = ("Zs", "Cf")
    return "".join(
        one if one == "\n" or one.isprintable() or unicodedata.category(one) in kept else ascii(one)[1:-1]
        for one in text
    )


class LogHandler(logging.Handler):
    """Brings what uvicorn has to say, from warnings on, into the log."""

    def __init__(self, log: Log) -> None:
        super().__init__(logging.WARNING)
        self._log = log
        self.setFormatter(logging.Formatter("%(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        """Write one record; alike are those from one place with one kind of exception."""
        raised = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else ""
        self._log.write(self.format(record), f"{record.pathname}:{record.lineno} {raised}")


@define
class Site:
    """See `enliterator_core.Server`."""

    workspace: Workspace
    metrics: Registry = field(factory=Registry)
    checks: dict[str, Callable[[], str | None]] = field(factory=dict)
    _log: Log = field(factory=Log)

    def check(self, name: str, trouble: Callable[[], str | None]) -> None:
        """Add to what `/readyz` asks: `trouble` returns None, or in one line what is wrong and what to do."""
        self.checks[name] = trouble

    def log(self, text: str, *, kind: str | None = None) -> None:
        """Write a line to the log; of one `kind` (by default the text) one in a minute."""
        self._log.write(text, kind)

    def handler(self) -> LogHandler:
        """Return what brings uvicorn's warnings into the log."""
        return LogHandler(self._log)

    def troubles(self) -> Iterator[tuple[str, str | None]]:
        """Ask every check, in the order in which they were added."""
        for name, trouble in self.checks.items():
            try:
                yield name, trouble()
            except EnliteratorError as error:
                yield name, str(error).replace("\n", ";")
            except Exception as error:  # noqa: BLE001  a plugin's check may raise anything; it has failed then
                yield name, f"{type(error).__name__}: {error}"

    def reach_records(self) -> str | None:
        """Read from the records; ServiceError when they cannot be reached."""
        self.workspace.records.settings()
        return None

    def write_storage(self) -> str | None:
        """Write a page into the workspace's folder, and tell when that fails."""
        return _unwritable(self.workspace.state)


def _unwritable(folder: Path) -> str | None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(bytes(4096))
            file.flush()
    except OSError as error:
        return f"{folder} cannot be written: {error.strerror}; free space there, or make it the server's own"
    return None
