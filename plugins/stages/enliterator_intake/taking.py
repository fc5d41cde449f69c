# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""One run of intake: finds files and commits, has each read once, and writes what was made of it."""

from collections import Counter
from hashlib import sha1, sha256
from pathlib import Path
from typing import Any, Final

from attrs import define, evolve, field, frozen
from pathspec import GitIgnoreSpec

from enliterator_core import (
    UNKNOWN_TIME,
    Context,
    Document,
    Raw,
    Reader,
    Refusal,
    RefusedError,
    Source,
    StageResult,
    Time,
    mask,
    pack_document,
    sha256_of,
    unpack_document,
)
from enliterator_intake.decode import decode
from enliterator_intake.history import MEDIA_TYPE, Repository, commit_document, repository
from enliterator_intake.walk import Found, printable, read_file, walk

_HEAD: Final = 4096
_AT_ONCE: Final = 256


@frozen
class _File:
    """Where a source's bytes are, and how git would call them (empty outside a repository)."""

    file: Path
    reader: Reader
    blob: str = ""


@define
class _History:
    """The commits taken of one repository, newest first, and the files in it."""

    prefix: str
    repository: Repository
    hashes: list[str]
    blobs: dict[str, str]
    texts: dict[str, str] = field(factory=dict)

    def text(self, commit: str) -> str:
        """Return a commit's text; many are asked of git at once, in the order in which they will be wanted."""
        if commit not in self.texts:
            first = self.hashes.index(commit)
            self.texts = dict(self.repository.texts(self.hashes[first : first + _AT_ONCE]))
        if commit not in self.texts:
            raise RefusedError("git does not print it")
        return self.texts[commit]


@define
class Run:
    """One run of intake: what was found, then what was made of it."""

    context: Context
    max_file_bytes: int
    max_files: int
    max_total_bytes: int
    max_commits: int
    exclude: GitIgnoreSpec
    files: dict[str, _File] = field(factory=dict)
    found: dict[str, Source] = field(factory=dict)
    histories: list[_History] = field(factory=list)
    commits: dict[str, _History] = field(factory=dict)
    changed: dict[str, Time] = field(factory=dict)
    written: list[Source] = field(factory=list)
    redactions: Counter[str] = field(factory=Counter)
    problems: list[tuple[str, str]] = field(factory=list)
    total: int = 0
    beyond: int = 0

    # finding

    def scan(self, prefix: str, root: Path) -> None:
        """Find the files and commits of one SOURCE."""
        if not root.is_dir():
            self.file(prefix, Found(root.resolve().name, root.resolve()), None)
            return
        history = self.history(prefix, root)
        for one in walk(root, self.exclude):
            self.context.check()
            if isinstance(one, Refusal):
                self.context.refuse(prefix + one.path, one.reason)
            else:
                self.file(prefix, one, history)
        if self.beyond:
            reason = f"{self.beyond} files are over the limits max_files or max_total_bytes"
            self.context.refuse(prefix or root.name, reason)
            self.beyond = 0
        if history is not None:
            for commit in history.hashes:
                if f"commit:{commit}" in self.found:
                    self.commits.setdefault(f"commit:{commit}", history)

    def history(self, prefix: str, root: Path) -> _History | None:
        """Return the newest commits of a folder's repository, or None; what git cannot read is refused by name."""
        inside = repository(root)
        if inside is None or not self.max_commits:
            return None
        try:
            hashes = inside.commits(self.max_commits)
            made = _History(prefix, inside, hashes, inside.blobs() if hashes else {})
            boundary = inside.boundary() if hashes else b""
        except RefusedError as error:
            self.context.refuse(f"{prefix}.git", error.message)
            return None
        for commit in hashes:
            # A commit's name is a hash of all that it is; reading its text only to hash it again would be slow.
            digest = sha256_of(commit.encode("ascii") + boundary)
            path = f"commit:{commit}"
            if (withdrawn := self.context.withdrawn(path, digest)) is not None:
                self.context.refuse(path, withdrawn)
                continue
            self.found.setdefault(path, Source(path, digest, MEDIA_TYPE, 0, kind="commit"))
        self.histories.append(made)
        return made

    def file(self, prefix: str, one: Found, history: _History | None) -> None:
        """Hash one file and find its reader, or refuse it: what was withdrawn is refused before anything reads it."""
        path = prefix + one.path
        if len(self.files) >= self.max_files or self.total >= self.max_total_bytes:
            self.beyond += 1
            return
        try:
            data = read_file(one.file, self.max_file_bytes)
            if (withdrawn := self.context.withdrawn(path, digest := sha256_of(data))) is not None:
                raise RefusedError(withdrawn)
            head = data[:_HEAD]
            matches = ((reader, reader.matches(path, head)) for reader in self.context.readers)
            reader, media_type = next(((reader, kind) for reader, kind in matches if kind is not None), (None, ""))
            if reader is None or media_type is None:
                raise RefusedError("it is not text, and no plugin reads it")
        except RefusedError as error:
            self.context.refuse(printable(path), error.message)
            return
        self.total += len(data)
        self.files[path] = _File(one.file, reader, _blob(data, history.blobs.get(one.path, "")) if history else "")
        self.found[path] = Source(path, digest, media_type, len(data))

    # taking in

    def take_in(self, version: str) -> None:
        """Read what was found and write documents, then sources."""
        files = [self.found[path] for path in sorted(self.files)]
        commits = [self.found[path] for path in self.commits]
        documents: list[tuple[str, Document]] = []
        for source, values in self.context.each("intake", version, [*files, *commits], self.read):
            document = unpack_document(values["document"])
            documents.append((source.path, document))
            self.note(source, document, values)
            if len(documents) >= _AT_ONCE:
                self.context.graph.write_documents(documents)
                documents.clear()
        self.context.graph.write_documents(documents)
        self.context.graph.write_sources(self.timed(source) for source in self.written)

    def read(self, source: Source) -> dict[str, Any] | None:
        """Return the piece that is kept for a source, or None when it is refused."""
        try:
            if source.kind == "commit":
                text, encoding = self.commits[source.path].text(source.path.removeprefix("commit:")), "utf-8"
                masked, findings = mask(text)
                document, size = commit_document(masked), len(text.encode("utf-8"))
            else:
                masked, findings, document, encoding, size = self.read_file(source)
        except RefusedError as error:
            self.context.refuse(printable(source.path), error.message)
            return None
        redactions = dict(sorted(Counter(finding.kind for finding in findings).items()))
        return {"document": pack_document(document), "redactions": redactions, "encoding": encoding, "size": size}

    def read_file(self, source: Source) -> tuple[str, list[Any], Document, str, int]:
        """Read one file with its reader, secrets masked before the reader sees them."""
        data = read_file(self.files[source.path].file, self.max_file_bytes)
        if sha256_of(data) != source.sha256:
            raise RefusedError("it changed while it was being read; the next run takes it in")
        decoded = decode(data)
        text, encoding = decoded or (None, "binary")
        masked, findings = mask(text) if text is not None else (None, [])
        reader = self.files[source.path].reader
        raw = Raw(source.path, source.media_type, data if text is None else b"", masked)
        try:
            document = reader.read(raw)
        except RefusedError:
            raise
        except Exception as error:  # a reader may raise anything on broken input; it is told by name
            raise RefusedError(f"the reader {reader.name} failed: {type(error).__name__}: {error}") from error
        if masked is None:
            document, findings = _masked(document)
        elif document.text != masked:
            raise RefusedError(f"the reader {reader.name} changed its text")
        return document.text, findings, document, encoding, len(data)

    def note(self, source: Source, document: Document, values: dict[str, Any]) -> None:
        """Remember a source that was taken in and what is told of it."""
        self.written.append(
            evolve(source, title=document.title, time=document.time, encoding=values["encoding"], size=values["size"])
        )
        self.redactions.update(values["redactions"])
        self.problems += [(source.path, value) for key, value in document.stated if key == "problem"]
        if source.kind == "commit":
            prefix = self.commits[source.path].prefix
            for block in document.blocks:
                if block.kind == "entry" and block.info not in ("commit", "Author", "Date", "deleted"):
                    self.changed.setdefault(prefix + block.name, document.time)

    def timed(self, source: Source) -> Source:
        """Give a file without a time that of the last commit that changed it, if it still is what that made of it."""
        file = self.files.get(source.path)
        if file is None or source.time.value is not None or not file.blob:
            return source
        return evolve(source, time=self.changed.get(source.path, UNKNOWN_TIME))

    def result(self) -> StageResult:
        """Count, and keep what a report tells of intake."""
        first: dict[str, str] = {}
        duplicates = [
            (one.path, of) for one in self.written if (of := first.setdefault(one.sha256, one.path)) != one.path
        ]
        files = sum(source.kind == "file" for source in self.written)
        commits, size = len(self.written) - files, sum(one.size for one in self.written if one.kind == "file")
        refused = sorted((one.path, one.reason) for one in self.context.refused)
        self.context.graph.write_note(
            "intake",
            {
                "redactions": dict(sorted(self.redactions.items())),
                "refused": refused,
                "duplicates": duplicates,
                "problems": sorted(self.problems),
            },
        )
        counts = {"files": files, "commits": commits, "bytes": size, "refused": len(refused)}
        counts |= {"duplicates": len(duplicates), "redactions": self.redactions.total()}
        parts = [f"{files:,} files", f"{size / 1000:,.0f} kB"]
        parts += [f"{count:,} {word}" for word, count in list(counts.items())[1:] if count and word != "bytes"]
        return StageResult(counts, ", ".join(parts))


def _blob(data: bytes, expected: str) -> str:
    """Return git's hash of a file's content when it is the expected one, else nothing."""
    made = (sha256 if len(expected) == 64 else sha1)(b"blob %d\0" % len(data) + data).hexdigest()
    return made if made == expected else ""


def _masked(document: Document) -> tuple[Document, list[Any]]:
    """Mask what a reader made of bytes: its text, and the words that it took from elsewhere."""
    text, findings = mask(document.text)
    title, more = mask(document.title)
    stated = [(key, mask(value)) for key, value in document.stated]
    blocks = tuple(evolve(block, name=mask(block.name)[0], info=mask(block.info)[0]) for block in document.blocks)
    findings = [*findings, *more, *(finding for _, (_, found) in stated for finding in found)]
    return evolve(
        document, text=text, title=title, blocks=blocks, stated=tuple((k, v) for k, (v, _) in stated)
    ), findings
