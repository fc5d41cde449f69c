# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Files of tokens, for the proof: what is known of texts while they wait to be met with others."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from enliterator_core.dataset.gram_buckets import Fingers, Hashes, Numbers


class Rows(NamedTuple):
    """Texts, a row for each: number, how many grams, and a token for each bucket."""

    numbers: Numbers
    sizes: Numbers
    tokens: Hashes


class Rarest(NamedTuple):
    """Texts told by their rarest tokens, a row for each: number, how many grams, fingers of all tokens, some tokens.

    ``same`` is how many of the tokens a twin has at least.
    """

    numbers: Numbers
    sizes: Numbers
    same: Numbers
    fingers: Fingers
    tokens: Hashes


def joined(parts: list[Rarest]) -> Rarest:
    """Return the texts of all parts, one part after the other."""
    import numpy as np

    return Rarest(*map(np.concatenate, zip(*parts, strict=True)))


class TokenFile:
    """Texts with so many tokens in an open file."""

    def __init__(self, width: int, file: IO[bytes]) -> None:
        self.width = width
        self._file, self._size = file, 0

    def add(self, numbers: Numbers, sizes: Numbers, tokens: Hashes) -> None:
        """Put texts to the end of the file."""
        import numpy as np

        rows = np.empty((len(numbers), 2 + self.width), np.uint32)
        rows[:, 0], rows[:, 1] = numbers, sizes
        rows[:, 2:] = tokens
        self._file.seek(self._size)
        self._size += self._file.write(rows.data.cast("B"))

    def parts(self, most: int) -> Iterator[Rows]:
        """Yield all, in parts of at most so many tokens, or one text."""
        import numpy as np

        size = max(1, most // self.width) * (2 + self.width) * 4
        for begin in range(0, self._size, size):
            self._file.seek(begin)
            rows = np.frombuffer(self._file.read(min(size, self._size - begin)), np.uint32).reshape(-1, 2 + self.width)
            numbers, sizes = rows[:, :2].T.astype(np.int64)
            yield Rows(numbers, sizes, rows[:, 2:])


class RarestFile:
    """Texts that are told by at most so many of 2^bits tokens, in an open file."""

    def __init__(self, bits: int, most: int, file: IO[bytes]) -> None:
        self._fingers, self._tokens = (1 << bits) // 8, min(most, 1 << bits)
        self._file = TokenFile(1 + self._fingers + self._tokens, file)

    def add(self, some: Rarest) -> None:
        """Put texts to the end of the file."""
        import numpy as np

        rows = np.hstack((some.same[:, None].astype(np.uint32), some.fingers.view(np.uint32), some.tokens))
        self._file.add(some.numbers, some.sizes, rows)

    def parts(self, most: int) -> Iterator[Rarest]:
        """Yield all, in parts of at most so many numbers, or one text."""
        import numpy as np

        for numbers, sizes, rows in self._file.parts(most):
            same, fingers, tokens = np.split(rows, (1, 1 + self._fingers), axis=1)
            yield Rarest(
                numbers, sizes, same[:, 0].astype(np.int64), np.ascontiguousarray(fingers).view(np.uint64), tokens
            )
