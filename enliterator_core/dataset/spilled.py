# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Examples that were spilled to files, read again: their lines, and their texts."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from enliterator_core.dataset.rows import Rows
from enliterator_core.dataset.spill import HEAD, chat_head, texts_beside

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.int64]


class Spilled:
    """The files that the tasks' examples were spilled to; an example is asked for by its place in ``rows``.

    ``prompts`` are the system prompts of the tasks by their names.
    """

    def __init__(self, paths: Sequence[Path], prompts: Mapping[str, str], rows: Rows) -> None:
        self.rows = rows
        self._lines = [os.open(path, os.O_RDONLY) for path in paths]
        self._texts = [os.open(texts_beside(path), os.O_RDONLY) for path in paths]
        self._chat_heads = list(map(chat_head, prompts.values()))
        self._proof_heads = [len(HEAD % orjson.dumps(task)) for task in prompts]

    def close(self) -> None:
        """Let go of the files, and of what is known of them."""
        for file in (*self._lines, *self._texts):
            os.close(file)
        self.__dict__.pop("_places", None)

    def texts(self, rows: Numbers) -> Sequence[str]:
        """Return what the user says and what is answered of each row, each read when it is asked for."""
        sizes, task = self.rows.column("text"), self.rows.task()
        return _Texts(self._texts, task[rows], _starts(sizes, task)[rows], sizes[rows])

    def lines(self, rows: Numbers) -> tuple[list[bytes], list[bytes], list[bytes]]:
        """Return of each row its line of chat, and its line of provenance in two parts: up to the split, and on."""
        heads = self._chat_heads
        task, start, chat, both, head = (column[rows].tolist() for column in self._places)
        read = [os.pread(self._lines[file], size, first) for file, size, first in zip(task, both, start, strict=True)]
        return (
            [heads[file] + line[:size] for file, line, size in zip(task, read, chat, strict=True)],
            [line[size:end] for line, size, end in zip(read, chat, head, strict=True)],
            [line[end:] for line, end in zip(read, head, strict=True)],
        )

    @cached_property
    def _places(self) -> tuple[NDArray[Any], ...]:
        """Each row's task and, in its file, its start, the size of chat, of all, and where provenance is split."""
        import numpy as np

        task, chat = self.rows.task(), self.rows.column("chat")
        both = chat + self.rows.column("proof")
        return task, _starts(both, task), chat, both, chat + np.array(self._proof_heads, np.int32)[task]


def _starts(sizes: NDArray[np.int32], task: NDArray[np.int16]) -> Numbers:
    """Return where each row begins in the file of its task, after the rows of that task before it."""
    import numpy as np

    starts = np.cumsum(sizes, dtype=np.int64)
    starts -= sizes
    if len(task):
        first = np.searchsorted(task, np.arange(int(task[-1]) + 1))  # of a task without rows that of the next one
        starts -= starts[first][task]
    return starts


class _Texts(Sequence[str]):
    """Texts in files, by number, each read when it is asked for."""

    def __init__(self, files: Sequence[int], *places: Any) -> None:
        self._files = files
        self._places = [memoryview(one) for one in places]

    def __len__(self) -> int:
        return len(self._places[0])

    def __getitem__(self, number: Any) -> Any:
        if isinstance(number, slice):
            places = zip(*(column[number].tolist() for column in self._places), strict=True)
            return [os.pread(self._files[task], size, start).decode() for task, start, size in places]
        task, start, size = (column[number] for column in self._places)
        return os.pread(self._files[task], size, start).decode()
