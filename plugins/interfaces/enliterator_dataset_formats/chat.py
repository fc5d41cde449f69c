# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""ShareGPT and Alpaca: one JSON object on each line, a file for each split."""

from abc import abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar, Final

import orjson
from attrs import frozen

from enliterator_core import Dataset, DatasetExporter, DatasetRow

_FROM: Final = {"system": "system", "user": "human", "assistant": "gpt"}


def origin(row: DatasetRow) -> dict[str, Any]:
    """Return where an example comes from and what may be done with it, in flat JSON values.

    A source is written as its path and a character range, as fragments of plain text are (RFC 5147).
    """
    told, rights = row.provenance, row.provenance["rights"]
    return {
        "id": told["id"],
        "task": told["task"],
        "license": rights["license"],
        "holder": rights["holder"],
        "publishable": rights["publishable"],
        "sources": [f"{span['source']}#char={span['start']},{span['end']}" for span in told["spans"]],
        "verifier": told["verifier"],
    }


def write_lines(path: Path, records: Iterable[Mapping[str, Any]]) -> int:
    """Write JSON objects, one on each line; return how many."""
    count = 0
    with path.open("wb") as file:
        for count, record in enumerate(records, 1):  # noqa: B007  the last number is the count
            file.write(orjson.dumps(record) + b"\n")
    return count


class _Lines(DatasetExporter):
    """A format with a JSON object for each example."""

    @abstractmethod
    def record(self, row: DatasetRow) -> dict[str, Any]:
        """Return one example in the format."""

    def export(self, dataset: Dataset, folder: Path) -> Mapping[str, int]:
        """Write a file for each split."""
        return {
            f"{split}.jsonl": write_lines(folder / f"{split}.jsonl", self._records(dataset, split))
            for split in dataset.splits
        }

    def _records(self, dataset: Dataset, split: str) -> Iterator[dict[str, Any]]:
        return (self.record(row) for row in dataset.rows(split))


@frozen
class ShareGpt(_Lines):
    """ShareGPT: `conversations` of turns with `from` (system, human, gpt) and `value`, and where each comes from."""

    name: ClassVar[str] = "sharegpt"

    def record(self, row: DatasetRow) -> dict[str, Any]:
        """Return one conversation."""
        turns = [{"from": _FROM[one["role"]], "value": one["content"]} for one in row.messages]
        return {"conversations": turns, **origin(row)}


@frozen
class Alpaca(_Lines):
    """Alpaca: `system`, `instruction`, `input` (always empty) and `output`, and where each comes from."""

    name: ClassVar[str] = "alpaca"

    def record(self, row: DatasetRow) -> dict[str, Any]:
        """Return one instruction with its answer."""
        told = {"system": row.said("system"), "instruction": row.said("user"), "input": ""}
        return {**told, "output": row.said("assistant"), **origin(row)}
