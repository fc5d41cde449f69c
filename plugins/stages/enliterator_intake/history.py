# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Commits of a git repository, as texts that anyone can print again.

A commit's text is exactly what this prints (run in the repository):

    git -c core.quotePath=false -c log.showSignature=false show --no-color --no-ext-diff --no-textconv \\
        --diff-merges=off --encoding=UTF-8 --name-status -M -l1000 \\
        --format='commit %H%nAuthor: %an%nDate: %aI%n%n%B' <hash>

The repository is not trusted: git runs with the settings of system and user off, without hooks, pagers, external
diffs, file system monitors, signature programs, replaced objects and the network.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

from attrs import frozen

from enliterator_core import Block, Document, RefusedError, Time

_FORMAT: Final = "commit %H%nAuthor: %an%nDate: %aI%n%n%B"
_SHOW: Final = (
    *("--no-color", "--no-ext-diff", "--no-textconv", "--diff-merges=off", "--encoding=UTF-8"),
    *("--name-status", "-M", "-l1000", f"--format=%x00{_FORMAT}"),
)
_SAFE: Final = (
    *("core.quotePath=false", "core.fsmonitor=false", "core.hooksPath=/dev/null", "core.attributesFile=/dev/null"),
    *("log.showSignature=false", "log.mailmap=false", "protocol.allow=never", "diff.orderFile=/dev/null"),
)
_SECONDS: Final = 300
_HASH: Final = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_STATUS: Final = re.compile(r"([ACDMRT])\d*\t([^\t\n]+)(?:\t([^\t\n]+))?$")
_ESCAPE: Final = re.compile(r'\\([abfnrtv"\\]|[0-7]{3})')
_ESCAPED: Final = {"a": 7, "b": 8, "t": 9, "n": 10, "v": 11, "f": 12, "r": 13, '"': 34, "\\": 92}
_CHANGES: Final = {
    "A": "added", "C": "copied", "D": "deleted", "M": "modified", "R": "renamed", "T": "type changed"
}  # fmt: skip

MEDIA_TYPE: Final = "text/x-git-commit"


@frozen
class Repository:
    """A git repository whose working tree is the folder `root`."""

    root: Path
    git: str

    def run(self, *arguments: str, given: bytes = b"") -> bytes:
        """Return what a git command prints; raise RefusedError, with git's own words, when it fails."""
        settings = [part for one in _SAFE for part in ("-c", one)]
        command = [self.git, "--no-pager", "--no-replace-objects", f"--git-dir={self.root / '.git'}", *settings]
        clean = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
        clean |= {"GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull, "GIT_OPTIONAL_LOCKS": "0"}
        clean |= {"GIT_TERMINAL_PROMPT": "0", "GIT_ALLOW_PROTOCOL": "none", "GIT_NO_LAZY_FETCH": "1", "LC_ALL": "C"}
        try:
            done = subprocess.run(
                [*command, *arguments], input=given, capture_output=True, timeout=_SECONDS, env=clean, check=False
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise RefusedError(f"its history cannot be read: {error}") from error
        if done.returncode:
            words = done.stderr.decode("utf-8", "replace").strip().splitlines()
            raise RefusedError(f"its history cannot be read: {words[0] if words else 'git failed'}")
        return done.stdout

    def commits(self, limit: int) -> list[str]:
        """Return the hashes of the newest commits that lead to the one checked out, newest first."""
        if limit == 0 or not self.run("rev-parse", "--verify", "--quiet", "HEAD^{commit}").strip():
            return []
        words = self.run("rev-list", f"--max-count={limit}", "--topo-order", "HEAD").decode("ascii").split()
        return [word for word in words if _HASH.fullmatch(word)]

    def boundary(self) -> bytes:
        """Return what names the commits where a shallow clone ends; their texts change when it is deepened."""
        return (
            self.run("rev-list", "--max-parents=0", "HEAD")
            if self.run("rev-parse", "--is-shallow-repository").strip() == b"true"
            else b""
        )

    def texts(self, hashes: Iterable[str]) -> Iterator[tuple[str, str]]:
        """Yield (hash, text) of the commits, from one process."""
        given = "\n".join(hashes).encode("ascii")
        if not given:
            return
        printed = self.run("log", "--no-walk=unsorted", "--stdin", *_SHOW, given=given)
        for part in printed.decode("utf-8", "replace").split("\0")[1:]:
            yield part[7:].partition("\n")[0], part

    def blobs(self) -> dict[str, str]:
        """Return the hash of the content that the commit checked out has for every file, by path."""
        listed = self.run("ls-tree", "-r", "-z", "HEAD").decode("utf-8", "surrogateescape")
        rows = (row.partition("\t") for row in listed.split("\0") if row)
        return {path: head.split()[2] for head, _, path in rows if head.split()[1] == "blob"}


def repository(root: Path) -> Repository | None:
    """Return the repository of a folder's own `.git`, or None when there is none or git is not installed."""
    inside = root / ".git"
    git = shutil.which("git")
    if git is None or inside.is_symlink() or not inside.exists():
        return None
    return Repository(root, git)


def _unquoted(path: str) -> str:
    """Return a path as git prints it, without the quotes that git puts around one with special characters."""
    if not (len(path) >= 2 and path[0] == path[-1] == '"'):
        return path

    def byte(found: re.Match[str]) -> str:
        code = int(found[1], 8) if found[1].isdigit() else _ESCAPED[found[1]]
        return bytes([code & 255]).decode("latin-1")

    return _ESCAPE.sub(byte, path[1:-1])


def commit_document(text: str) -> Document:
    """Return a commit's text with its blocks.

    `entry` blocks for `commit`, `Author` and `Date` (info: the key, name: the value) and for each file (info: added,
    copied, deleted, modified, renamed or type changed, name: the path); a `heading` for the subject; a `paragraph` for
    each paragraph of the message's body. The time is the author's date.
    """
    blocks: list[Block] = []
    *head, rest = (text + "\n" * 4).split("\n", 3)
    position = 0
    for line in head:
        key, _, value = line.partition(" ")
        blocks.append(Block("entry", position, position + len(line), info=key.rstrip(":"), name=value))
        position += len(line) + 1
    paragraphs, files = _parts(rest, position)
    for number, (start, end) in enumerate(paragraphs):
        words = " ".join(text[start:end].split())
        blocks.append(Block("paragraph", start, end) if number else Block("heading", start, end, 1, name=words))
    blocks += files
    stated = {block.info.lower(): block.name for block in blocks[:3] if block.info in ("Author", "Date")}
    title = next((block.name for block in blocks if block.kind == "heading"), "")
    date = stated.get("date") or None
    return Document(text, tuple(blocks), title, Time(date, "git" if date else "unknown"), tuple(sorted(stated.items())))


def _parts(rest: str, offset: int) -> tuple[Sequence[tuple[int, int]], list[Block]]:
    """Return where the message's paragraphs stand, and the blocks of the files that follow it."""
    lines = rest.rstrip("\n").split("\n")
    first = len(lines)
    while first and _STATUS.match(lines[first - 1]):
        first -= 1
    if first and lines[first - 1]:
        first = len(lines)  # no blank line before them: they are the message's own words
    paragraphs: list[tuple[int, int]] = []
    files: list[Block] = []
    position, open_at = offset, -1
    for number, line in enumerate(lines):
        found = _STATUS.match(line) if number >= first else None
        if found:
            path = _unquoted(found[3] or found[2])
            files.append(Block("entry", position, position + len(line), info=_CHANGES[found[1]], name=path))
        elif line.strip():
            if open_at < 0:
                open_at = position
                paragraphs.append((position, position + len(line)))
            else:
                paragraphs[-1] = (paragraphs[-1][0], position + len(line))
        if not line.strip():
            open_at = -1
        position += len(line) + 1
    return paragraphs, files
