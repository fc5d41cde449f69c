# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Finds the files below a folder and opens them, trusting neither names nor links nor sizes."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from attrs import frozen
from pathspec import GitIgnoreSpec

from enliterator_core import Refusal, RefusedError

_HISTORIES: Final = frozenset({".git", ".hg", ".svn", ".bzr", ".jj"})
_WORKSPACE: Final = ".enliterator"
_RESULTS: Final = frozenset({"fine_tune", "deliverables"})
_MAX_IGNORE_BYTES: Final = 1 << 20

_Rules = tuple[tuple[str, GitIgnoreSpec], ...]


@frozen
class Found:
    """A file that may be read: its POSIX path below the folder, and where it is."""

    path: str
    file: Path


def printable(name: str) -> str:
    """Return a file name on one line: what cannot be printed or is not valid Unicode is written as an escape."""
    text = name.encode("utf-8", "backslashreplace").decode("utf-8")
    return "".join(one if one.isprintable() else one.encode("unicode_escape").decode("ascii") for one in text)


def unusable(name: str) -> str | None:
    """Return why a file cannot be taken in under this name, or None."""
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        return "its name is not valid UTF-8"
    if any(ord(one) < 32 or ord(one) == 127 or one in "\x85\u2028\u2029" for one in name):
        return "its name has control characters or line breaks"
    return None


def read_file(file: Path, limit: int) -> bytes:
    """Return a regular file's bytes; raise RefusedError for a link, a device, or more than `limit` bytes.

    The size is asked of the open file, so that a huge one is refused unread.
    """
    try:
        handle = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise RefusedError(f"it cannot be read: {error.strerror or error}") from error
    with os.fdopen(handle, "rb") as opened:
        try:
            status = os.fstat(opened.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise RefusedError("it is not a regular file")
            data = b"" if status.st_size > limit else opened.read(limit + 1)
        except OSError as error:
            raise RefusedError(f"it cannot be read: {error.strerror or error}") from error
    if status.st_size > limit or len(data) > limit:
        size = max(status.st_size, len(data)) / 2**20
        raise RefusedError(f"it is too large: {size:.1f} MiB, and {limit / 2**20:.1f} is the limit (max_file_bytes)")
    return data


def _rules_in(folder: Path, name: str) -> GitIgnoreSpec | str | None:
    """Return the rules of one ignore file, None when there is none, or why it cannot be used."""
    file = folder / name
    if not file.is_file() or file.is_symlink():
        return None
    try:
        text = read_file(file, _MAX_IGNORE_BYTES).decode("utf-8", "replace")
        return GitIgnoreSpec.from_lines(text.splitlines())
    except (RefusedError, ValueError) as error:
        return f"its rules are not used: {error}"


def _ignored(path: str, is_folder: bool, rules: _Rules) -> bool:
    """Say what git would: the deepest ignore file that has a rule for the path decides, its last matching rule."""
    for prefix, spec in reversed(rules):
        verdict = spec.check_file(path[len(prefix) :] + ("/" if is_folder else "")).include
        if verdict is not None:
            return verdict
    return False


def walk(root: Path, exclude: GitIgnoreSpec) -> Iterator[Found | Refusal]:
    """Yield every file below a folder, in the order of paths, or a refusal that names it.

    Left out without a word: what `.gitignore` files or `exclude` leave out, version control's own folders, and a
    workspace's own (`.enliterator`, and beside it `fine_tune` and `deliverables`). Links are never followed.
    """
    first: list[tuple[str, GitIgnoreSpec]] = []
    private = _rules_in(root / ".git" / "info", "exclude")
    if isinstance(private, GitIgnoreSpec):
        first.append(("", private))
    waiting: list[tuple[str, Path, _Rules]] = [("", root, tuple(first))]
    while waiting:
        prefix, folder, rules = waiting.pop()
        own = _rules_in(folder, ".gitignore")
        if isinstance(own, str):
            yield Refusal(printable(f"{prefix}.gitignore"), own)
        elif own is not None:
            rules = (*rules, (prefix, own))
        try:
            with os.scandir(folder) as entries:
                every = sorted(entries, key=lambda entry: os.fsencode(entry.name))
        except OSError as error:
            yield Refusal(printable(prefix), f"the folder cannot be read: {error.strerror or error}")
            continue
        skipped = _RESULTS if any(entry.name == _WORKSPACE for entry in every) else frozenset()
        folders = []
        for entry in every:
            path = prefix + entry.name
            if entry.name in _HISTORIES or entry.name == _WORKSPACE or entry.name in skipped:
                continue
            outcome = _entry(entry, path, rules, exclude)
            if isinstance(outcome, str):
                folders.append((path + "/", folder / entry.name, rules))
            elif outcome is not None:
                yield outcome
        waiting += reversed(folders)


def _entry(entry: os.DirEntry[str], path: str, rules: _Rules, exclude: GitIgnoreSpec) -> Found | Refusal | str | None:
    """Return a file, a refusal, "folder", or None for what is left out."""
    is_link = entry.is_symlink()
    is_folder = not is_link and entry.is_dir(follow_symlinks=False)
    reason = unusable(entry.name)
    if reason is None and (_ignored(path, is_folder, rules) or exclude.match_file(path + ("/" if is_folder else ""))):
        return None
    if is_link:
        reason = reason or "it is a symbolic link, and links are never followed"
    elif reason is None and not is_folder and not entry.is_file(follow_symlinks=False):
        reason = "it is not a regular file"
    if reason is not None:
        return Refusal(printable(path), reason)
    return "folder" if is_folder else Found(path, Path(entry.path))
