# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""An exporter writes what a batch holds in one format: its graph, or its dataset."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

import orjson
from attrs import frozen

from enliterator_core.contracts.task_type import Draft, TaskType
from enliterator_core.errors import UsageError
from enliterator_core.graph import Graph
from enliterator_core.nouns import Span, entity_id, group_of


class Exporter(ABC):
    """A deliverable: `name` is the format's, `file_name` what it is called in `deliverables/batch_N/`."""

    name: ClassVar[str]
    file_name: ClassVar[str]

    @abstractmethod
    def export(self, graph: Graph, target: Path) -> int:
        """Write the file at `target` (beside its final place; the caller renames it); return how many things it holds.

        Only what may be published goes out; the same graph gives the same bytes.
        """


@frozen
class DatasetRow:
    """One example as it was written: its `messages` in chat form, and its line of provenance."""

    messages: Sequence[Mapping[str, str]]
    provenance: Mapping[str, Any]

    def said(self, role: str) -> str:
        """Return what the first message of that role says; nothing where there is none."""
        return next((one["content"] for one in self.messages if one["role"] == role), "")


class Dataset:
    """A dataset that was written, read line by line.

    ``metadata`` is its metadata.json, ``graph`` the graph that it was made from, ``tasks`` the task types by name. With
    ``publishable`` only examples that may be published are read; all of them may be trained on.
    """

    def __init__(
        self, folder: Path, metadata: Mapping[str, Any], graph: Graph, tasks: Sequence[TaskType], publishable: bool
    ) -> None:
        self.folder = folder
        self.metadata = metadata
        self.graph = graph
        self.tasks: Mapping[str, TaskType] = {task.name: task for task in tasks}
        self.publishable = publishable

    @property
    def splits(self) -> list[str]:
        """The names of the splits that hold examples, train first."""
        return [name for name in ("train", "validation", "test") if self.metadata["splits"].get(name)]

    def rows(self, *splits: str) -> Iterator[DatasetRow]:
        """Yield the examples of some splits, or of all, one after the other, each in the order of ids."""
        wanted = splits or tuple(self.splits)
        try:
            with (
                (self.folder / "training_data.jsonl").open("rb") as lines,
                (self.folder / "provenance.jsonl").open("rb") as records,
            ):
                for line, record in zip(lines, records, strict=True):
                    provenance = orjson.loads(record)
                    rights = provenance["rights"]
                    allowed = rights["trainable"] and (rights["publishable"] or not self.publishable)
                    if allowed and provenance["split"] in wanted:
                        yield DatasetRow(orjson.loads(line)["messages"], provenance)
        except (OSError, ValueError) as error:
            message = f"{self.folder}: its lines and their provenance do not go together: {error}"
            raise UsageError(message, hint="build the dataset again: enliterator dataset build") from error

    def draft(self, row: DatasetRow) -> Draft | None:
        """Return an example as its task's verifier takes it; None when what it turns on is not in the graph now."""
        return draft_of(row, self.graph)


def draft_of(row: DatasetRow, graph: Graph) -> Draft | None:
    """Return an example as its task's verifier takes it; None when what its group stands for is not in the graph."""
    told = row.provenance
    anchor = next((id for id in told["entities"] if group_of(id) == told["group"]), None)
    anchor = anchor or told.get("anchor") or graph.once(_anchors).get(told["group"])
    if anchor is None:
        return None
    return Draft(
        row.said("user"),
        row.said("assistant"),
        anchor,
        tuple(told["entities"]),
        tuple((subject, verb, object) for subject, verb, object in told["relations"]),
        tuple(Span(one["source"], one["start"], one["end"]) for one in told["spans"]),
        told["absence"]["query"] if told.get("absence") else None,
        told.get("withheld"),
    )


def _anchors(graph: Graph) -> dict[str, str]:
    """Return what groups can stand for: entities, and the sources that have none, by group."""
    return {group_of(id): id for id in (*(entity_id("Manifest", path) for path in graph.sources), *graph.entities)}


class DatasetExporter(ABC):
    """A dataset format: `name` is the format's."""

    name: ClassVar[str]

    @abstractmethod
    def export(self, dataset: Dataset, folder: Path) -> Mapping[str, int]:
        """Write its files into an empty folder; return how many examples each holds, or were left out, by name.

        System prompts, rights and provenance travel as far as the format can carry them; the same dataset gives the
        same bytes, without a date.
        """
