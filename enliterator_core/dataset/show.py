# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""One example, opened: its messages, its provenance, and the words of its sources."""

from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path
from typing import Any

import orjson
from attrs import frozen

from enliterator_core.dataset.write import METADATA, PROVENANCE, TRAINING_DATA
from enliterator_core.errors import UsageError
from enliterator_core.graph import Graph
from enliterator_core.nouns import Span


@frozen
class OpenedSpan:
    """A span of a source with its words, and the line (from 1) in which it starts."""

    source: str
    line: int
    text: str


@frozen
class Shown:
    """An example with what proves it: ``provenance`` is its line of provenance.jsonl, ``index`` counts from 1."""

    index: int
    messages: tuple[dict[str, Any], ...]
    provenance: dict[str, Any]
    spans: tuple[OpenedSpan, ...]


def metadata_of(folder: Path) -> dict[str, Any]:
    """Return the metadata of a dataset; UsageError when the folder holds none."""
    try:
        metadata: dict[str, Any] = orjson.loads((folder / METADATA).read_bytes())
    except (OSError, ValueError) as error:
        hint = "enliterator build makes one; enliterator dataset check looks at any JSONL file"
        raise UsageError(f"{folder} holds no dataset: {METADATA} cannot be read", hint=hint) from error
    return metadata


def _records(folder: Path) -> Iterator[tuple[bytes, dict[str, Any]]]:
    """Yield each example's line with its provenance."""
    metadata_of(folder)
    try:
        with (folder / TRAINING_DATA).open("rb") as lines, (folder / PROVENANCE).open("rb") as provenance:
            for line, record in zip(lines, provenance, strict=True):
                yield line, orjson.loads(record)
    except (OSError, ValueError) as error:
        hint = "build the dataset again"
        raise UsageError(f"{folder}: its lines and their provenance do not go together: {error}", hint=hint) from error


def show_example(
    folder: Path,
    graph: Graph,
    *,
    id: str | None = None,
    index: int | None = None,
    task: str | None = None,
    seed: int | None = None,
) -> Shown:
    """Return the first example that fits, or with ``seed`` one drawn among them; its spans opened in the graph.

    ``id`` is an example's id or its beginning, ``index`` its line in training_data.jsonl (from 1), ``task`` its task.
    Raises UsageError when there is no dataset or no such example, or when the id fits several.
    """
    chosen: tuple[int, bytes, dict[str, Any]] | None = None
    least, fitting = b"", 0
    for place, (line, record) in enumerate(_records(folder), 1):
        if (id and not record["id"].startswith(id)) or (index and place != index) or (task and record["task"] != task):
            continue
        fitting += 1
        draw = b"" if seed is None else blake2b(f"{seed} {record['id']}".encode(), digest_size=8).digest()
        if chosen is None or draw < least:
            chosen, least = (place, line, record), draw
    if id and fitting > 1 and seed is None:
        raise UsageError(f"{fitting} examples have an id that starts with {id}", hint="give more of it")
    if chosen is None:
        known = ", ".join(metadata_of(folder)["tasks"])
        raise UsageError(f"{folder} has no such example", hint=f"its tasks are {known}")
    place, line, record = chosen
    return Shown(place, tuple(orjson.loads(line)["messages"]), record, tuple(open_spans(record, graph)))


def open_spans(record: dict[str, Any], graph: Graph) -> Iterator[OpenedSpan]:
    """Yield the spans of a line of provenance with their words; those of sources that the graph lost are left out."""
    for span in record["spans"]:
        source, start, end = span["source"], span["start"], span["end"]
        if source in graph.sources:
            before = graph.document(source).text[:start]
            yield OpenedSpan(source, before.count("\n") + 1, graph.text(Span(source, start, end)))
