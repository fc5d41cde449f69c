# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""A stage of the pipeline, and the context that a run hands it."""

import inspect
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from time import monotonic
from typing import Any, ClassVar

from attrs import define, field, frozen, has

from enliterator_core.contracts.exporter import Exporter
from enliterator_core.contracts.extractor import Extractor
from enliterator_core.contracts.provider import Chat
from enliterator_core.contracts.reader import Reader
from enliterator_core.contracts.storage import GraphStorage
from enliterator_core.errors import InterruptedBuild
from enliterator_core.nouns import Batch, Source, content_id, sha256_of
from enliterator_core.pieces import Pieces


@frozen
class Refusal:
    """One input that was left out, and why."""

    path: str
    reason: str


class Progress:
    """Where progress goes; this one is silent."""

    def begin(self, label: str, total: int | None = None) -> None:
        """Start showing work on `total` things (None: unknown)."""

    def advance(self, count: int = 1) -> None:
        """Say that `count` more are done."""

    def end(self) -> None:
        """Stop showing it."""

    def say(self, message: str) -> None:
        """Tell a detail that only `--verbose` shows."""

    def tell(self, message: str) -> None:
        """Tell what everybody should know, unless they asked for quiet."""


@frozen
class StageResult:
    """What a stage did: `counts` for machines and the report, `summary` in one line for people."""

    counts: Mapping[str, int | float]
    summary: str


@cache
def _code_of(module_file: str) -> str:
    path = Path(module_file)
    files = [path]
    if path.name == "__init__.py":  # a package's templates and tables are as much its code as its modules
        files = sorted(one for one in path.parent.rglob("*") if "__pycache__" not in one.parts and one.is_file())
    return content_id(*(part for file in files for part in (file.name, sha256_of(file.read_bytes()))))


def fingerprint(plugin: object) -> str:
    """Return a content id of a plugin's settings and of the code of its module (its whole package, if it is one)."""
    module = inspect.getmodule(type(plugin))
    package = (module.__name__ if module else "").partition(".")[0]
    top = __import__(package) if package else None
    # The repr of a class without fields is an address in memory, another one in every run.
    settings = repr(plugin) if has(type(plugin)) else type(plugin).__qualname__
    return content_id(settings, _code_of(top.__file__) if top is not None and top.__file__ else "")


@define
class Context:
    """One run of the pipeline, as its stages see it.

    `origins` are the SOURCE arguments, `rights` the `--rights` statement, `graph` the graph being rebuilt,
    `deliverables` the folder for results (written beside, then renamed, by the pipeline). `chat` returns the chat
    facet and the model name that the setting `model.<task>` chose, or None when it is not set. `withdrawn` says of a
    path and the SHA-256 of what stands there why it may not be taken in, or None.
    """

    batch: Batch
    origins: tuple[str, ...]
    rights: str | None
    graph: GraphStorage
    pieces: Pieces
    deliverables: Path
    readers: Sequence[Reader] = ()
    extractors: Sequence[Extractor] = ()
    exporters: Sequence[Exporter] = ()
    chat: Callable[[str], tuple[Chat, str] | None] = lambda task: None
    progress: Progress = field(factory=Progress)
    stop: threading.Event = field(factory=threading.Event)
    refused: list[Refusal] = field(factory=list)
    worked: dict[str, int] = field(factory=dict)
    withdrawn: Callable[[str, str], str | None] = lambda path, sha256: None

    def refuse(self, path: str, reason: str) -> None:
        """Leave one input out, by name."""
        self.refused.append(Refusal(path, reason))

    def check(self) -> None:
        """Raise InterruptedBuild when a person has asked to stop; what is committed is kept."""
        if self.stop.is_set():
            raise InterruptedBuild("stopped", hint="run the same command again to go on where it stopped")

    def each(
        self, stage: str, version: str, sources: Iterable[Source], work: Callable[[Source], Any]
    ) -> Iterator[tuple[Source, Any]]:
        """Yield every source with the JSON values that ``work`` makes of it, made anew only where something changed.

        ``version`` stands for all else that the values depend on (see :func:`fingerprint`); ``work`` returns JSON
        values, or None when it refused the source, which is then not yielded and asked again next time. Tuples come
        back as lists. Reports progress, can be stopped, and keeps what is done every second.
        """
        every = list(sources)
        self.progress.begin(stage, len(every))
        committed = monotonic()
        for source in every:
            self.check()
            key = content_id(version, source.path, source.kind, source.media_type, source.sha256)
            values = self.pieces.get(stage, source.path, key)
            if values is None:
                values = work(source)
                if values is not None:
                    self.pieces.put(stage, source.path, key, values)
                    self.worked[stage] = self.worked.get(stage, 0) + 1
            if monotonic() - committed > 1.0:
                self.pieces.commit()
                committed = monotonic()
            self.progress.advance()
            if values is not None:
                yield source, values
        self.pieces.keep_only(stage, (source.path for source in every))
        self.pieces.commit()
        self.progress.end()


class Stage(ABC):
    """A step of the pipeline.

    Stages run in the order of ``after`` (the names of those that must come first; unknown names are an error); of
    those that may come next, a workspace's own go before the bundled ones, so a plugin can put one in between. The
    same sources and settings must give the same graph. Work done source by source goes through :meth:`Context.each`.
    """

    name: ClassVar[str]
    after: ClassVar[tuple[str, ...]] = ()

    @abstractmethod
    def run(self, context: Context) -> StageResult:
        """Do the stage's work: read from ``context.graph`` what earlier stages wrote, write what later ones need."""
