# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The files of a dataset: chat lines for each split, and a line of provenance for each example."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import orjson

from enliterator_core.dataset.settings import SPLITS
from enliterator_core.dataset.spilled import Spilled
from enliterator_core.nouns import Rights, sha256_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

TRAINING_DATA: Final = "training_data.jsonl"
PROVENANCE: Final = "provenance.jsonl"
METADATA: Final = "metadata.json"
_AT_ONCE: Final = 200


class _File:
    """A file that is hashed as it is written."""

    def __init__(self, path: Path) -> None:
        self.name = path.name
        self._file = path.open("wb")
        self._hash = sha256()
        self._size = 0

    def write(self, lines: Sequence[bytes]) -> None:
        data = b"".join(lines)
        self._file.write(data)
        self._hash.update(data)
        self._size += len(data)

    def close(self) -> dict[str, Any]:
        self._file.close()
        return {"sha256": self._hash.hexdigest(), "bytes": self._size}


def write_lines(
    folder: Path, rows: NDArray[np.int64], splits: NDArray[np.int8], spilled: Spilled
) -> dict[str, dict[str, Any]]:
    """Write every split, all of them together, and their provenance, each in the order of the rows.

    ``splits`` holds places in SPLITS. Return the SHA-256 and the size in bytes of each file, by name.
    """
    import numpy as np

    by_split = [_File(folder / f"{name}.jsonl") for name in SPLITS]
    everything, provenance = _File(folder / TRAINING_DATA), _File(folder / PROVENANCE)
    said = [b'"split":"%s","line":' % name.encode() for name in SPLITS]
    lines = np.zeros(len(rows), np.int32)
    for split in range(len(SPLITS)):
        mine = splits == split
        lines[mine] = np.arange(1, np.count_nonzero(mine) + 1)
    for begin in range(0, len(rows), _AT_ONCE):
        some = slice(begin, begin + _AT_ONCE)
        chats, heads, rests = spilled.lines(rows[some])
        everything.write(chats)
        for split, file in enumerate(by_split):
            file.write([chats[place] for place in np.flatnonzero(splits[some] == split).tolist()])
        told = zip(heads, splits[some].tolist(), lines[some].tolist(), rests, strict=True)
        provenance.write([b"%b%b%d,%b" % (head, said[split], line, rest) for head, split, line, rest in told])
    files = [*by_split, everything, provenance]
    return {file.name: file.close() for file in sorted(files, key=lambda one: one.name)}


def write_json(path: Path, value: Mapping[str, Any]) -> dict[str, Any]:
    """Write one JSON object for people and machines, sorted keys and two spaces; return its hash and size."""
    return write_bytes(path, orjson.dumps(value, option=orjson.OPT_SORT_KEYS | orjson.OPT_INDENT_2) + b"\n")


def write_bytes(path: Path, data: bytes) -> dict[str, Any]:
    """Write a file; return its SHA-256 and its size in bytes."""
    path.write_bytes(data)
    return {"sha256": sha256_of(data), "bytes": len(data)}


def rights_table(counts: Iterable[tuple[Rights, int]]) -> list[dict[str, Any]]:
    """Return how many examples there are under each licence and holder, most first."""
    found = Counter[tuple[str | None, str | None, bool]]()
    for rights, count in counts:
        found[rights.license, rights.holder, rights.publishable] += count
    rows = sorted(found.items(), key=lambda row: (-row[1], row[0][0] or "", row[0][1] or "", row[0][2]))
    return [
        {"license": license, "holder": holder, "publishable": publishable, "examples": count}
        for (license, holder, publishable), count in rows
        if count
    ]
