# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Files of tokens, for the proof: what is known of texts while they wait to be met with others."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import inf
from typing import IO, TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from enliterator_core.dataset.gram_buckets import Hashes, Numbers


class Rows(NamedTuple):
    """Texts, a row for each: number, how many grams, and a token for each bucket."""

    numbers: Numbers
    sizes: Numbers
    tokens: Hashes

    def chosen(self, rows: Numbers) -> Rows:
        """Return those in so many rows."""
        return Rows(self.numbers[rows], self.sizes[rows], self.tokens[rows])


def joined(parts: list[Rows]) -> Rows:
    """Return the texts of all parts, one part after the other."""
    import numpy as np

    numbers, sizes, tokens = zip(*parts, strict=True)
    return Rows(np.concatenate(numbers), np.concatenate(sizes), np.concatenate(tokens))


class TokenFile:
    """Texts with so many buckets, 2 to the power of ``bits``, in an open file."""

    def __init__(self, bits: int, file: IO[bytes]) -> None:
        self._buckets = 1 << bits
        self._file, self._size = file, 0
        self._pieces: list[_Piece] = []

    @property
    def tokens(self) -> int:
        """Return how many there are."""
        return self._size // ((2 + self._buckets) * 4) * self._buckets

    def add(self, numbers: Numbers, sizes: Numbers, tokens: Hashes) -> None:
        """Put texts to the end of the file; what is put there at once should be of like size."""
        import numpy as np

        rows = np.empty((len(numbers), 2 + self._buckets), np.uint32)
        rows[:, 0], rows[:, 1] = numbers, sizes
        rows[:, 2:] = tokens
        self._file.seek(self._size)
        self._pieces.append(_Piece(int(sizes.min()), int(sizes.max()), self._size, rows.nbytes))
        self._size += self._file.write(rows.data.cast("B"))

    def parts(
        self, tokens: int, least: float = 0, most: float = inf, kept: Callable[[Rows], Rows] | None = None
    ) -> Iterator[Rows]:
        """Yield all texts of at least and at most so many grams, and some others, the smallest first.

        A part of them has so many tokens, or not many more; of what is read ``kept`` returns what belongs to it.
        """
        some, count = list[Rows](), 0
        for piece in sorted(self._pieces):
            if piece.most >= least and piece.least <= most:
                read = self._read(piece)
                some.append(read if kept is None else kept(read))
                count += some[-1].tokens.size
                if count >= tokens:
                    some, count = [joined(some)], 0
                    yield some.pop()  # and keep nothing of it here
        if count:
            yield joined(some)

    def _read(self, piece: _Piece) -> Rows:
        import numpy as np

        self._file.seek(piece.begin)
        rows = np.frombuffer(self._file.read(piece.length), np.uint32).reshape(-1, 2 + self._buckets)
        numbers, sizes = rows[:, :2].T.astype(np.int64)
        return Rows(numbers, sizes, rows[:, 2:])


class _Piece(NamedTuple):
    """Where texts stand that were put into a file at once, and how many grams the smallest and the largest has."""

    least: int
    most: int
    begin: int
    length: int
