# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The files of a dataset: chat lines for each split, and a line of provenance for each example."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

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

    def write(self, data: bytes) -> None:
        self._hash.update(data)
        self._put(data)

    def copy(self, data: bytes, other: Self) -> None:
        """Write what another file goes on with, which until then says the same as this."""
        self._hash = other._hash.copy()  # half of the work is to hash
        self._put(data)

    def _put(self, data: bytes) -> None:
        self._file.write(data)
        self._size += len(data)

    def close(self) -> dict[str, Any]:
        self._file.close()
        return {"sha256": self._hash.hexdigest(), "bytes": self._size}


def write_lines(
    folder: Path, rows: NDArray[np.int64], splits: NDArray[np.int8], spilled: Spilled
) -> dict[str, dict[str, Any]]:
    """Write every split in the order of the rows, all of them one after the other, and the provenance of these.

    ``splits`` holds places in SPLITS. Return the SHA-256 and the size in bytes of each file, by name.
    """
    everything, provenance = _File(folder / TRAINING_DATA), _File(folder / PROVENANCE)
    files = [everything, provenance]
    for split, name in enumerate(SPLITS):
        mine, file = rows[splits == split], _File(folder / f"{name}.jsonl")
        files.append(file)
        said = b'"split":"%s","line":' % name.encode()
        for begin in range(0, len(mine), _AT_ONCE):
            chats, heads, rests = spilled.lines(mine[begin : begin + _AT_ONCE])
            data = b"".join(chats)
            file.write(data)
            if split:
                everything.write(data)
            else:
                everything.copy(data, file)
            told = enumerate(zip(heads, rests, strict=True), begin + 1)
            provenance.write(b"".join([b"%b%b%d,%b" % (head, said, line, rest) for line, (head, rest) in told]))
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
