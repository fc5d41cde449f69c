# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""One example, opened: its messages, its piece of the graph, the words of its sources, and its verifier, run again."""

from collections.abc import Iterable, Iterator, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Any

import orjson
from attrs import frozen

from enliterator_core.canon import VERBS, phrase_of
from enliterator_core.contracts.exporter import DatasetRow, draft_of
from enliterator_core.contracts.task_type import TaskType
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
class Edge:
    """A relation of an example as the graph has it now: in words, and with the spans that state it."""

    subject: str
    verb: str
    object: str
    words: str
    spans: tuple[OpenedSpan, ...]


@frozen
class Shown:
    """An example with what proves it: ``provenance`` is its line of provenance.jsonl, ``index`` counts from 1.

    ``nodes`` are its entities as text, ``edges`` its relations, both as the graph has them now. ``verified`` is what
    its task's verifier says now: whether it holds, and why; None when it cannot be asked.
    """

    index: int
    messages: tuple[dict[str, Any], ...]
    provenance: dict[str, Any]
    spans: tuple[OpenedSpan, ...]
    nodes: tuple[str, ...] = ()
    edges: tuple[Edge, ...] = ()
    verified: tuple[bool, str] | None = None


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
    tasks: Sequence[TaskType] = (),
    id: str | None = None,
    index: int | None = None,
    task: str | None = None,
    seed: int | None = None,
) -> Shown:
    """Return the first example that fits, or with ``seed`` one drawn among them; its spans opened in the graph.

    ``id`` is an example's id or its beginning, ``index`` its line in training_data.jsonl (from 1), ``task`` its task.
    ``tasks`` are the task types, whose verifier is asked once more.
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
    row = DatasetRow(orjson.loads(line)["messages"], record)
    spans = (Span(one["source"], one["start"], one["end"]) for one in record["spans"])
    return Shown(
        place,
        tuple(dict(one) for one in row.messages),
        record,
        tuple(open_spans(spans, graph)),
        tuple(_node(id, graph) for id in record["entities"]),
        tuple(_edges(record["relations"], graph)),
        _verified(row, tasks, graph),
    )


def open_spans(spans: Iterable[Span], graph: Graph) -> Iterator[OpenedSpan]:
    """Yield spans with their words; those of sources that the graph lost are left out."""
    for span in spans:
        if span.source in graph.sources:
            before = graph.document(span.source).text[: span.start]
            yield OpenedSpan(span.source, before.count("\n") + 1, graph.text(span))


def _node(id: str, graph: Graph) -> str:
    entity = graph.entities.get(id)
    return f"{entity.pool}({entity.name})" if entity else f"{id}, which is not in the graph any more"


def _edges(keys: Iterable[Sequence[str]], graph: Graph) -> Iterator[Edge]:
    for subject, verb, object in keys:
        ends = [graph.entities.get(id) for id in (subject, object)]
        names = [one.mention if one else id for one, id in zip(ends, (subject, object), strict=True)]
        known = graph.relation(subject, verb, object)
        phrase = phrase_of(verb, known.predicate if known else None) if verb in VERBS else verb
        words = f"{names[0]} {phrase} {names[1]}"
        words = words if known else f"{words}: not in the graph any more"
        spans = tuple(open_spans(known.evidence if known else (), graph))
        yield Edge(_node(subject, graph), verb, _node(object, graph), words, spans)


def _verified(row: DatasetRow, tasks: Sequence[TaskType], graph: Graph) -> tuple[bool, str] | None:
    task = next((one for one in tasks if one.name == row.provenance["task"]), None)
    draft = draft_of(row, graph)
    if task is None:
        return None
    if draft is None:
        return False, "what its answer turns on is not in the graph any more"
    verdict = task.verify(draft, graph)
    return verdict.holds, verdict.words
