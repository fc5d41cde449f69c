# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Examples that were spilled to files, read again: their lines, and their texts."""

from __future__ import annotations

import mmap
import os
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import orjson

from enliterator_core.dataset.rows import Rows
from enliterator_core.dataset.spill import HEAD, chat_head, texts_beside

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.int64]


_MOST: Final = 1 << 27  # bytes of files that may all come into memory


class Spilled:
    """The files that the tasks' examples were spilled to; an example is asked for by its place in ``rows``.

    ``prompts`` are the system prompts of the tasks by their names.
    """

    def __init__(self, paths: Sequence[Path], prompts: Mapping[str, str], rows: Rows) -> None:
        import numpy as np

        self.rows = rows
        self._lines, self._texts = _Files(paths), _Files(list(map(texts_beside, paths)))
        self._chat_heads = list(map(chat_head, prompts.values()))
        self._proof_heads = np.array([len(HEAD % orjson.dumps(task)) for task in prompts], np.int64)

    def close(self) -> None:
        """Let go of the files, and of what is known of them."""
        self._lines.close()
        self._texts.close()
        self.__dict__.pop("_places", None)

    def texts(self, rows: Numbers) -> Sequence[str]:
        """Return what the user says and what is answered of each row, each read when it is asked for."""
        sizes, task = self.rows.column("text"), self.rows.task()
        return _Texts(self._texts, task[rows], _starts(sizes, task)[rows], sizes[rows])

    def lines(self, rows: Numbers) -> tuple[list[bytes], list[bytes], list[bytes]]:
        """Return of each row its line of chat, and its line of provenance in two parts: up to the split, and on."""
        heads = self._chat_heads
        task, start, chat, both = (column[rows] for column in self._places)
        end = (chat + self._proof_heads[task]).tolist()
        files, chat = task.tolist(), chat.tolist()
        read = self._lines.pieces(files, start.tolist(), both.tolist())
        return (
            [heads[file] + line[:size] for file, line, size in zip(files, read, chat, strict=True)],
            [line[size:head] for line, size, head in zip(read, chat, end, strict=True)],
            [line[head:] for line, head in zip(read, end, strict=True)],
        )

    @cached_property
    def _places(self) -> tuple[NDArray[Any], ...]:
        """Each row's task and, in its file, its start, the size of chat, and of all."""
        task, chat = self.rows.task(), self.rows.column("chat")
        both = chat + self.rows.column("proof")
        return task, _starts(both, task), chat, both


class _Files:
    """Files of which pieces are read: as memory, which spares a call of the system, unless too much comes into it."""

    def __init__(self, paths: Sequence[Path]) -> None:
        self._files = [os.open(path, os.O_RDONLY) for path in paths]
        sizes = [os.fstat(file).st_size for file in self._files]
        self._maps: list[mmap.mmap] = []
        if sum(sizes) <= _MOST:
            for file, size in zip(self._files, sizes, strict=True):  # of an empty file nothing can be mapped
                self._maps.append(mmap.mmap(file if size else -1, size or 1, access=mmap.ACCESS_READ))

    def pieces(self, files: Sequence[int], starts: Sequence[int], sizes: Sequence[int]) -> list[bytes]:
        """Return pieces of files, which are named by their places."""
        places = zip(files, starts, sizes, strict=True)
        if maps := self._maps:
            return [maps[file][start : start + size] for file, start, size in places]
        return [os.pread(self._files[file], size, start) for file, start, size in places]

    def close(self) -> None:
        """Let go of the files, if that was not done before."""
        while self._maps:
            self._maps.pop().close()
        while self._files:
            os.close(self._files.pop())


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

    def __init__(self, files: _Files, *places: Any) -> None:
        self._files = files
        self._places = [memoryview(one) for one in places]

    def __len__(self) -> int:
        return len(self._places[0])

    def __getitem__(self, number: Any) -> Any:
        if not isinstance(number, slice):
            return self[number : number + 1][0]
        places = [column[number].tolist() for column in self._places]
        return list(map(bytes.decode, self._files.pieces(*places)))
