# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Files of tokens, for the proof: what is known of texts while they wait to be met with others."""

from __future__ import annotations

from collections.abc import Iterator
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
        self._width = 2 + self._buckets
        self._file, self._size = file, 0

    @property
    def tokens(self) -> int:
        """Return how many there are."""
        return self._size // (self._width * 4) * self._buckets

    def add(self, numbers: Numbers, sizes: Numbers, tokens: Hashes) -> None:
        """Put texts to the end of the file."""
        import numpy as np

        rows = np.empty((len(numbers), self._width), np.uint32)
        rows[:, 0], rows[:, 1] = numbers, sizes
        rows[:, 2:] = tokens
        self._file.seek(self._size)
        self._size += self._file.write(rows.data.cast("B"))

    def parts(self, most: int) -> Iterator[Rows]:
        """Yield all, in parts of at most so many tokens, or one text."""
        import numpy as np

        size = max(1, most // self._buckets) * self._width * 4
        for begin in range(0, self._size, size):
            self._file.seek(begin)
            rows = np.frombuffer(self._file.read(min(size, self._size - begin)), np.uint32).reshape(-1, self._width)
            numbers, sizes = rows[:, :2].T.astype(np.int64)
            yield Rows(numbers, sizes, rows[:, 2:])
