# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Parquet, for data frames and the Hugging Face Hub: a file for each split, written some rows at a time."""

from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any, ClassVar

from attrs import field, frozen
from attrs.validators import ge

from enliterator_core import Dataset, DatasetExporter, DatasetRow, UsageError


@frozen
class Parquet(DatasetExporter):
    """Parquet: the chat messages and the whole provenance of each example in typed columns.

    `rows` is how many rows are written at a time, and then read together. The bytes are the same for the same release
    of pyarrow, whose version each file names. Needs `pip install enliterator[parquet]`.
    """

    name: ClassVar[str] = "parquet"

    rows: int = field(default=1000, validator=ge(1))

    def export(self, dataset: Dataset, folder: Path) -> Mapping[str, int]:
        """Write a file for each split."""
        try:
            from pyarrow import parquet  # type: ignore[import-untyped]
        except ImportError as error:
            hint = "pip install 'enliterator[parquet]'"
            raise UsageError("Parquet files are written with pyarrow, which is not installed", hint=hint) from error
        counts = {}
        for split in dataset.splits:
            every, count = dataset.rows(split), 0
            with parquet.ParquetWriter(folder / f"{split}.parquet", _schema(), compression="zstd") as file:
                while some := list(islice(every, self.rows)):
                    file.write_table(_table(some))
                    count += len(some)
            counts[f"{split}.parquet"] = count
        return counts


def _schema() -> Any:
    import pyarrow as pa

    text, number = pa.string(), pa.int64()
    message = pa.struct([("role", text), ("content", text)])
    relation = pa.struct([("subject", text), ("verb", text), ("object", text)])
    span = pa.struct([("source", text), ("start", number), ("end", number)])
    return pa.schema(
        [
            ("messages", pa.list_(message)),
            *((name, text) for name in ("id", "task", "group", "verifier", "license", "holder")),
            ("publishable", pa.bool_()),
            ("entities", pa.list_(text)),
            ("relations", pa.list_(relation)),
            ("spans", pa.list_(span)),
            ("absence", text),
            ("withheld", text),
        ]
    )


def _table(rows: list[DatasetRow]) -> Any:
    import pyarrow as pa

    return pa.Table.from_pylist(list(map(_row, rows)), schema=_schema())


def _row(row: DatasetRow) -> dict[str, Any]:
    told, rights = row.provenance, row.provenance["rights"]
    return {
        "messages": list(row.messages),
        **{name: told[name] for name in ("id", "task", "group", "verifier", "entities", "spans")},
        **{name: rights[name] for name in ("license", "holder", "publishable")},
        "relations": list(_relations(told["relations"])),
        "absence": told["absence"]["query"] if told.get("absence") else None,
        "withheld": told.get("withheld"),
    }


def _relations(keys: list[list[str]]) -> Iterator[dict[str, str]]:
    return (dict(zip(("subject", "verb", "object"), key, strict=True)) for key in keys)
