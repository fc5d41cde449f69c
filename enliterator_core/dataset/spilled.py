# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Examples that were spilled to files, read again: their lines, and their texts."""

import os
from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, Final

import orjson

from enliterator_core.dataset.spill import HEAD, Rows

_AT_ONCE: Final = 32  # texts that are read at once,
_GAP: Final = 1 << 12  # where no more bytes than this are between one and the next


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
    """Texts in files, by number; of a slice, those that lie near one another are read at once."""

    def __init__(self, files: Sequence[int], rows: Rows) -> None:
        self._files = files
        self._places = rows.task, rows.offset + rows.chat + rows.proof, rows.text

    def __len__(self) -> int:
        return len(self._places[0])

    def __getitem__(self, number: Any) -> Any:
        if isinstance(number, slice):
            return self._some(number)
        task, start, size = (places[number] for places in self._places)
        return os.pread(self._files[task], size, start).decode()

    def _some(self, numbers: slice) -> list[str]:
        import numpy as np

        tasks, starts, sizes = (places[numbers] for places in self._places)
        ends = starts + sizes
        apart = np.arange(len(tasks)) % _AT_ONCE == 0
        gaps = starts[1:] - ends[:-1]
        apart[1:] |= (tasks[1:] != tasks[:-1]) | (gaps < 0) | (gaps > _GAP)
        first = np.flatnonzero(apart)
        last = np.append(first, len(tasks))[1:] - 1
        counts = last - first + 1
        begins = np.repeat(starts[first], counts)
        inside = zip((starts - begins).tolist(), (ends - begins).tolist(), strict=True)
        read = zip(*(one.tolist() for one in (tasks[first], starts[first], ends[last], counts)), strict=True)
        texts: list[str] = []
        for task, start, end, count in read:
            piece = os.pread(self._files[task], end - start, start)
            places = islice(inside, count)
            if piece.isascii():  # nearly always: characters then stand where their bytes do
                said = piece.decode()
                texts += [said[begin:stop] for begin, stop in places]
            else:
                texts += [piece[begin:stop].decode() for begin, stop in places]
        return texts
