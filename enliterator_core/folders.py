# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Folders that are written beside and then renamed, locks that end with their process, and what a machine refuses."""

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import rmtree

from enliterator_core.errors import ServiceError

AGAIN = "run the same command again: it goes on where it stopped"


@contextmanager
def locked(path: Path, refusal: str, *, wait: float = 0.0) -> Iterator[None]:
    """Hold the lock that the file `path` stands for; ServiceError with the refusal when another process holds it.

    SQLite's file lock: it works on every system that Python has sqlite3 on, and ends with the process, however that
    ends. Waits at most `wait` seconds.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(path, isolation_level=None, timeout=wait)
    try:
        try:
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error):
                raise
            raise ServiceError(refusal, hint="wait until it has ended, then run this again") from error
        yield
    finally:
        connection.close()


@contextmanager
def batch_lock(state: Path, batch: int, name: str) -> Iterator[None]:
    """Keep other processes from building the batch meanwhile; ServiceError when one already is."""
    refusal = f"batch {batch} ({name}) is being built by another process"
    with locked(state / "locks" / f"{batch}.lock", refusal):
        yield


@contextmanager
def machine_failures() -> Iterator[None]:
    """Turn what the machine refuses (a full disk, a folder that may not be written) into a ServiceError of one line."""
    try:
        yield
    except sqlite3.Error as error:
        message = f"what was found out could not be kept: {error}"
        raise ServiceError(message, hint=f"free some space, then {AGAIN}") from error
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        full = error.errno in (errno.ENOSPC, errno.EFBIG, errno.EDQUOT)
        hint = f"free some space, then {AGAIN}" if full else AGAIN
        raise ServiceError(f"{place}{error.strerror or error}", hint=hint) from error


def _beside(final: Path, what: str) -> Path:
    return final.with_name(f"{final.name}.{what}")


def building(final: Path) -> Path:
    """Return an empty folder beside `final` to write in; what an interrupted run left of either is settled first."""
    old, new = _beside(final, "old"), _beside(final, "building")
    if old.exists() and not final.exists():
        old.rename(final)
    for left in (old, new):
        if left.exists():
            rmtree(left)
    new.mkdir(parents=True)
    return new


def put_in_place(final: Path) -> None:
    """Rename the folder that was written beside `final` to it, in the place of what was there.

    A folder cannot be renamed onto a full one: between the two renames there is none, and :func:`building` puts the
    old one back if the process ends just there.
    """
    old = _beside(final, "old")
    if final.exists():
        final.rename(old)
    _beside(final, "building").rename(final)
    if old.exists():
        rmtree(old)


def discard(final: Path) -> None:
    """Remove what was written beside `final` and is not wanted."""
    new = _beside(final, "building")
    if new.exists():
        rmtree(new)


def sizes(folder: Path, root: Path) -> dict[str, int]:
    """Return the size in bytes of every file below `folder`, by its path from `root`, in order."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(root).as_posix(): path.stat().st_size for path in files}
