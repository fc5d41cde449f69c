# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Examples that were spilled to files, read again: their lines, and their texts."""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import orjson

from enliterator_core.dataset.spill import HEAD, Rows


class Spilled:
    """The files that examples were spilled to, by their tasks' numbers, to be read again."""

    def __init__(self, paths: Sequence[Path], tasks: Sequence[str]) -> None:
        self._files = [os.open(path, os.O_RDONLY) for path in paths]
        self._heads = [len(HEAD % orjson.dumps(task)) for task in tasks]

    def close(self) -> None:
        """Let go of the files."""
        for file in self._files:
            os.close(file)

    def texts(self, rows: Rows) -> Sequence[str]:
        """Return what the user says and what is answered of each row, each read when it is asked for."""
        return _Texts(self._files, rows)

    def lines(self, rows: Rows) -> Iterable[tuple[bytes, bytes, bytes]]:
        """Yield of each row its line of chat, and its line of provenance in two parts: before and after the split."""
        sizes = zip(rows.chat.tolist(), rows.proof.tolist(), strict=True)
        for task, offset, (chat, proof) in zip(rows.task.tolist(), rows.offset.tolist(), sizes, strict=True):
            both = os.pread(self._files[task], chat + proof, offset)
            head = chat + self._heads[task]
            yield both[:chat], both[chat:head], both[head:]


class _Texts(Sequence[str]):
    """Texts in files, by number, each read when it is asked for."""

    def __init__(self, files: Sequence[int], rows: Rows) -> None:
        self._files = files
        columns: tuple[Any, ...] = (rows.task, rows.offset + rows.chat + rows.proof, rows.text)
        self._places = [memoryview(one) for one in columns]

    def __len__(self) -> int:
        return len(self._places[0])

    def __getitem__(self, number: Any) -> Any:
        if isinstance(number, slice):
            places = zip(*(column[number].tolist() for column in self._places), strict=True)
            return [os.pread(self._files[task], size, start).decode() for task, start, size in places]
        task, start, size = (column[number] for column in self._places)
        return os.pread(self._files[task], size, start).decode()
