# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The checks of readers, stages and event handlers."""

import threading
import time
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from attrs import evolve

from enliterator_core.contracts.event_handler import EventHandler
from enliterator_core.contracts.reader import Raw, Reader
from enliterator_core.contracts.stage import Context, Stage, StageResult
from enliterator_core.errors import RefusedError
from enliterator_core.events import Event, wants
from enliterator_core.nouns import Batch, Document
from enliterator_core.pieces import Pieces
from enliterator_core.testing.memory import MemoryGraph
from enliterator_core.workspace import Workspace

#: what Block.kind may be
KINDS: Final = frozenset(
    ("heading", "paragraph", "item", "table", "code", "quote", "front_matter", "symbol", "comment", "entry")
)


def check_reader(reader: Reader, path: str, data: bytes) -> Document:
    """Raise AssertionError, with a plain message, unless the reader keeps its contract; return what it made of `data`.

    ``path`` is the file's name, as intake would give it. The text is left as it is, blocks stand in order and within
    it, the same bytes give the same document, and bytes that are no such file are read or refused by name.
    """
    assert isinstance(reader, Reader), f"{reader!r} is no Reader"
    media_type = reader.matches(path, data[:4096])
    assert media_type, f"{reader.name} does not match {path}"
    assert "/" in media_type, f"{reader.name}: {media_type!r} is no media type"
    raw = Raw(path, media_type, data, _decoded(data))
    document = reader.read(raw)
    _check_document(reader.name, raw, document)
    assert reader.read(raw) == document, f"{reader.name}: the same bytes give another document the second time"
    for broken in (b"", data[: len(data) // 2], b"\x00\xff\xfe\x00" * 50, data.replace(b"\n", b""), b"[" * 5000):
        damaged = evolve(raw, data=broken, text=_decoded(broken))
        try:
            _check_document(reader.name, damaged, reader.read(damaged))
        except RefusedError:
            continue
        except AssertionError:
            raise
        except Exception as error:
            message = f"{reader.name} raises {type(error).__name__}, not RefusedError, on {broken[:20]!r}: {error}"
            raise AssertionError(message) from error
    return document


def _decoded(data: bytes) -> str | None:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _check_document(name: str, raw: Raw, document: Any) -> None:
    assert isinstance(document, Document), f"{name}: read returns {type(document).__name__}, no Document"
    assert raw.text is None or document.text == raw.text, f"{name}: the text is changed, so spans would not open"
    last = 0
    for block in document.blocks:
        assert block.kind in KINDS, f"{name}: there is no kind of block {block.kind!r}"
        inside = 0 <= block.start <= block.end <= len(document.text)
        assert inside, f"{name}: a block goes beyond the text: {block!r}"
        assert block.start >= last, f"{name}: blocks are not in the order of their start: {block!r}"
        last = block.start


def check_stage(stage: Stage, files: Mapping[str, str], folder: Path) -> MemoryGraph:
    """Raise AssertionError, with a plain message, unless the stage keeps its contract; return the graph it left.

    ``files`` (text by path) are written below ``folder`` and go through the stages of the workspace there up to this
    one, with the licence CC0-1.0; twice, and what comes of it must be the same.
    """
    assert isinstance(stage, Stage), f"{stage!r} is no Stage"
    source = folder / "source"
    for path, text in files.items():
        (source / path).parent.mkdir(parents=True, exist_ok=True)
        (source / path).write_text(text, encoding="utf-8", newline="")
    with Workspace.open(
        flags={"workspace": str(folder)}, environment={"XDG_CONFIG_HOME": str(folder / "config")}
    ) as workspace:
        stages = _up_to(stage, workspace.plugins.stages)
        first, second = (_run(stages, workspace, source, folder / name) for name in ("first", "second"))
    assert _content(first) == _content(second), f"{stage.name}: the same sources give another graph the second time"
    return first


def _up_to(stage: Stage, known: tuple[Stage, ...]) -> list[Stage]:
    """Return the stages before this one, and this one: after the last of those that it must come after."""
    others = [one for one in known if one.name != stage.name]
    names = [one.name for one in others]
    unknown = [name for name in stage.after if name not in names]
    assert not unknown, f"{stage.name} comes after {unknown[0]}, which no plugin adds"
    place = max((names.index(name) + 1 for name in stage.after), default=0)
    return [*others[:place], stage]


def _run(stages: list[Stage], workspace: Workspace, source: Path, folder: Path) -> MemoryGraph:
    folder.mkdir(parents=True, exist_ok=True)
    graph, plugins = MemoryGraph(), workspace.plugins
    with closing(Pieces(folder / "pieces.db")) as pieces:
        context = Context(
            Batch(1, "check", str(source), "2026-01-01T00:00:00Z"),
            (str(source),),
            "CC0-1.0",
            graph,
            pieces,
            folder,
            readers=plugins.readers,
            importers=plugins.importers,
            extractors=plugins.extractors,
            exporters=plugins.exporters,
            stop=threading.Event(),
        )
        for stage in stages:
            result: Any = stage.run(context)
            assert isinstance(result, StageResult), f"{stage.name}: run returns {type(result).__name__}, no StageResult"
            numbers = all(isinstance(count, int | float) for count in result.counts.values())
            assert numbers, f"{stage.name}: its counts are not all numbers: {dict(result.counts)}"
            assert "\n" not in result.summary, f"{stage.name}: its summary has several lines"
    return graph


def _content(graph: MemoryGraph) -> list[Any]:
    paths = [source.path for source in graph.sources()]
    everything = [graph.sources(), graph.rights(), graph.terms(), graph.entities(), graph.relations(), graph.gaps()]
    return [*map(list, everything), [graph.document(path) for path in paths]]


def check_event_handler(handler: EventHandler, event: Event, state: Path) -> None:
    """Raise AssertionError, with a plain message, unless the handler keeps its contract.

    It is opened with the folder ``state`` and told of the event, of a type that it lists: once, or twice when it is
    durable, since such a one may be told again. It must be done within its time limit.
    """
    assert isinstance(handler, EventHandler), f"{handler!r} is no EventHandler"
    types = handler.event_types
    assert isinstance(types, tuple) and all(isinstance(one, str) and one for one in types), (
        f"{handler.name}: event_types is {types!r}, no tuple of names"
    )
    assert types, f"{handler.name} wants no event, so it is never told of any"
    assert wants(types, event.type), f"{handler.name} does not list {event.type}: it would not be told"
    started = time.monotonic()
    try:
        handler.open(state)
        handler.handle(event)
        took = time.monotonic() - started
        if handler.durable:
            handler.handle(event)
    except Exception as error:
        raise AssertionError(f"{handler.name} raises {type(error).__name__} on {event.type}: {error}") from error
    assert took <= handler.time_limit, f"{handler.name} takes {took:.1f} s, its time limit is {handler.time_limit:g} s"
