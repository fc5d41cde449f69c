# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Where the files of a storage are, who may write them, and what went wrong with them in one line."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from errno import EDQUOT, EFBIG, ENOSPC
from pathlib import Path

from enliterator_core import ServiceError, UsageError

_ROOM = "make room there (or raise the limit on file sizes), then run the same command again"


def place(url: str, state: Path, default: str) -> Path:
    """Return the path that a `sqlite:` URL names, as it stands (nothing in it is decoded).

    `sqlite:` is `default` in the state folder, `sqlite:///path` an absolute path, `sqlite:path` one relative to the
    workspace, the folder that holds the state folder. UsageError for any other form.
    """
    _, _, rest = url.partition(":")
    if rest.startswith("//") and not rest.startswith("///"):
        raise UsageError(
            f"{url!r} names a host, which sqlite does not have", hint="write sqlite:///absolute/path or sqlite:path"
        )
    if not rest:
        return state / default
    return Path("/" + rest.lstrip("/")) if rest.startswith("/") else state.parent / rest


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())


def service_error(error: Exception, path: Path) -> ServiceError:
    """Return what an error of SQLite, of the file system or of a text's encoding means to a person."""
    name = getattr(error, "sqlite_errorname", "") or ""
    errno = error.errno if isinstance(error, OSError) else None
    if isinstance(error, UnicodeError):
        return ServiceError(
            f"text that is not valid Unicode cannot be stored in {path}: {_one_line(error)}",
            hint="leave out or escape its lone surrogates",
        )
    if isinstance(error, OverflowError):
        return ServiceError(f"a number is too large for {path}: {_one_line(error)}")
    if name == "SQLITE_FULL" or errno in (ENOSPC, EDQUOT, EFBIG):
        return ServiceError(f"no space left on {path.parent} for {path.name}", hint=_ROOM)
    if name.startswith("SQLITE_IOERR"):
        return ServiceError(
            f"{path} cannot be read or written ({name.lower()}): the disk is full or failing", hint=_ROOM
        )
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return ServiceError(f"{path} is in use by another process", hint="wait for it to end, then try again")
    if name.startswith(("SQLITE_NOTADB", "SQLITE_CORRUPT")):
        return ServiceError(f"{path} is damaged or not a database", hint="move it away; a graph can be built again")
    return ServiceError(f"{path}: {_one_line(error)}", hint="check that the folder exists and may be written")


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Turn whatever goes wrong inside with the file at `path` into a ServiceError."""
    try:
        yield
    except (sqlite3.Error, OSError, UnicodeError, OverflowError) as error:
        raise service_error(error, path) from error


class BuildLock:
    """The right to rebuild one batch's graph: one process at a time, given up when the process ends, however it ends.

    The lock is the operating system's on an open file, so that a killed process leaves none behind; the file itself
    stays, because removing it would let two processes hold two files of one name.
    """

    def __init__(self, path: Path, batch: int) -> None:
        """Take the lock or raise ServiceError at once."""
        import fcntl

        with told(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.read(self._file, 32).decode("ascii", "replace").strip()
            os.close(self._file)
            process = f"process {holder}" if holder else "the other process"
            raise ServiceError(
                f"batch {batch} is being built by another process",
                hint=f"wait for {process} to end, or stop it, then run the same command again",
            ) from error
        try:
            with told(path):
                os.ftruncate(self._file, 0)
                os.pwrite(self._file, f"{os.getpid()}\n".encode("ascii"), 0)
        except ServiceError:
            self.release()
            raise

    def release(self) -> None:
        """Give the lock up, also for children that were forked meanwhile; a second time does nothing."""
        import fcntl

        if self._file >= 0:
            fcntl.flock(self._file, fcntl.LOCK_UN)
            os.close(self._file)
            self._file = -1


def _to_disk(path: Path, flags: int) -> None:
    descriptor = os.open(path, flags)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def replace_durably(made: Path, place: Path) -> None:
    """Rename a finished file over another in one step; on disk when it returns. OSError when that fails."""
    _to_disk(made, os.O_RDWR)
    made.replace(place)
    _to_disk(place.parent, os.O_RDONLY)
