# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Examples that were spilled to files, read again: their lines, and their texts."""

from __future__ import annotations

import mmap
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


_AROUND: Final = 1 << 16  # bytes that come into memory with a piece that is read, at most: Linux maps so many
_MOST: Final = 1 << 27  # bytes of files that are in memory at once, about


class Spilled:
    """The files that the tasks' examples were spilled to; an example is asked for by its place in ``rows``.

    ``prompts`` are the system prompts of the tasks by their names.
    """

    def __init__(self, paths: Sequence[Path], prompts: Mapping[str, str], rows: Rows) -> None:
        import numpy as np

        self.rows = rows
        self._lines, self._texts = _Mapped(paths), _Mapped(list(map(texts_beside, paths)))
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
        task, start, chat, both = (column[rows] for column in self._places)
        middle = start + chat
        head = middle + self._proof_heads[task]
        files = task.tolist()
        first, second, third, last = (one.tolist() for one in (start, middle, head, start + both))
        heads, lines = self._chat_heads, self._lines.several(len(rows))
        return (
            [heads[file] + lines[file][begin:end] for file, begin, end in zip(files, first, second, strict=True)],
            [lines[file][begin:end] for file, begin, end in zip(files, second, third, strict=True)],
            [lines[file][begin:end] for file, begin, end in zip(files, third, last, strict=True)],
        )

    @cached_property
    def _places(self) -> tuple[NDArray[Any], ...]:
        """Each row's task and, in its file, its start, the size of chat, and of all."""
        task, chat = self.rows.task(), self.rows.column("chat")
        both = chat + self.rows.column("proof")
        return task, _starts(both, task), chat, both


class _Mapped:
    """Files that are read as memory; of large ones what was read does not stay there."""

    def __init__(self, paths: Sequence[Path]) -> None:
        self._maps = list(map(_map_of, paths))
        self._size = sum(map(len, self._maps))
        self._most = 0  # bytes of them that may be in memory

    def several(self, pieces: int) -> Sequence[mmap.mmap]:
        """Return the files, for so many pieces to be read from them."""
        self._most += pieces * _AROUND
        if min(self._most, self._size) > _MOST:
            self._most = pieces * _AROUND
            for one in self._maps:
                one.madvise(mmap.MADV_DONTNEED)
        return self._maps

    def close(self) -> None:
        """Let go of the files."""
        for one in self._maps:
            one.close()


def _map_of(path: Path) -> mmap.mmap:
    with path.open("rb") as file:
        if path.stat().st_size:
            return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    return mmap.mmap(-1, 1)  # nothing can be mapped of an empty file


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

    def __init__(self, files: _Mapped, *places: Any) -> None:
        self._files = files
        self._places = [memoryview(one) for one in places]

    def __len__(self) -> int:
        return len(self._places[0])

    def __getitem__(self, number: Any) -> Any:
        if isinstance(number, slice):
            places = [column[number].tolist() for column in self._places]
            files = self._files.several(len(places[0]))
            return [files[task][start : start + size].decode() for task, start, size in zip(*places, strict=True)]
        task, start, size = (column[number] for column in self._places)
        return self._files.several(1)[task][start : start + size].decode()
