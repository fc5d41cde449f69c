# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Examples that were spilled to files, read again: their lines, and their texts."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from enliterator_core.dataset.spill import HEAD, Rows

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Spilled:
    """The files that examples were spilled to, by their tasks' numbers, to be read again."""

    def __init__(self, paths: Sequence[Path], tasks: Sequence[str]) -> None:
        self._files = [os.open(path, os.O_RDONLY) for path in paths]
        self._heads = [len(HEAD % orjson.dumps(task)) for task in tasks]

    def close(self) -> None:
        """Let go of the files."""
        for file in self._files:
            os.close(file)

    def texts(self, rows: Rows, numbers: NDArray[np.integer[Any]]) -> Sequence[str]:
        """Return what the user says and what is answered of some rows, each read when it is asked for."""
        return _Texts(self._files, rows, numbers)

    def lines(self, rows: Rows) -> Iterable[tuple[bytes, bytes, bytes]]:
        """Yield of each row its line of chat, and its line of provenance in two parts: before and after the split."""
        sizes = zip(rows.chat.tolist(), rows.proof.tolist(), strict=True)
        for task, offset, (chat, proof) in zip(rows.task.tolist(), rows.offset.tolist(), sizes, strict=True):
            both = os.pread(self._files[task], chat + proof, offset)
            head = chat + self._heads[task]
            yield both[:chat], both[chat:head], both[head:]


class _Texts(Sequence[str]):
    """Texts in files, by number, each read when it is asked for."""

    def __init__(self, files: Sequence[int], rows: Rows, numbers: NDArray[np.integer[Any]]) -> None:
        self._files, self._rows, self._numbers = files, rows, numbers

    def __len__(self) -> int:
        return len(self._numbers)

    def __getitem__(self, number: Any) -> Any:
        if not isinstance(number, slice):
            return self[number : number + 1 or None][0]
        chosen, rows = self._numbers[number], self._rows
        starts = rows.offset[chosen] + rows.chat[chosen] + rows.proof[chosen]
        places = zip(rows.task[chosen].tolist(), starts.tolist(), rows.text[chosen].tolist(), strict=True)
        return [os.pread(self._files[task], size, start).decode() for task, start, size in places]
