# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Many rows of whole numbers, for the proof: they wait in a file and come back a part at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, Final

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Table = NDArray[np.int64]

_BITS: Final = 5  # of the number of a part
_HELD: Final = 1 << 16  # rows that are written at once
_ODD: Final = 0x9E3779B97F4A7C15  # spreads numbers over all the parts, whatever they are


def temporary(files: ExitStack) -> IO[bytes]:
    """Return an open file that is gone when ``files`` are closed."""
    return files.enter_context(TemporaryFile())


class PartedRows:
    """Rows of so many numbers in an open file; all that begin with the same number are in one part."""

    def __init__(self, columns: int, file: IO[bytes]) -> None:
        self._columns, self._file = columns, file
        self._held: list[Table] = []
        self._where: list[list[tuple[int, int]]] = [[] for _ in range(1 << _BITS)]
        self._end = self._count = 0

    def add(self, *columns: NDArray[np.integer]) -> None:
        """Put rows to the others, given as their columns."""
        import numpy as np

        rows = np.empty((len(columns[0]), self._columns), np.int64)
        for place, column in enumerate(columns):
            rows[:, place] = column
        self._held.append(rows)
        self._count += len(rows)
        if self._count >= _HELD:
            self._write()

    def _write(self) -> None:
        import numpy as np

        rows = np.concatenate(self._held)
        spread = rows[:, 0].view(np.uint64) * np.uint64(_ODD)
        part = (spread >> np.uint64(64 - _BITS)).astype(np.uint8)
        rows = rows[np.argsort(part, kind="stable")]
        ends = np.cumsum(np.bincount(part, minlength=1 << _BITS)) * self._columns * 8
        for where, begin, end in zip(self._where, [0, *ends.tolist()], ends.tolist(), strict=False):
            where.append((self._end + begin, end - begin))
        self._file.seek(self._end)
        self._end += self._file.write(rows.data.cast("B"))
        self._held, self._count = [], 0

    def parts(self) -> Iterator[list[Table]]:
        """Yield the columns of all rows of a part, for each part that there is anything of."""
        import numpy as np

        if self._count:
            self._write()
        for where in self._where:
            pieces = []
            for begin, size in where:
                self._file.seek(begin)
                pieces.append(self._file.read(size))
            rows = np.frombuffer(b"".join(pieces), np.int64).reshape(-1, self._columns)
            if len(rows):
                yield [column.copy() for column in rows.T]
