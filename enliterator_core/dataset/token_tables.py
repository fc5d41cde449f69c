# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Tables of tokens, for the proof: which there are, and which texts have them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from enliterator_core.dataset.gram_buckets import Hashes, Numbers

_PAIRS: Final = 1 << 18  # that are looked at at once
_MORE: Final = 2  # equal buckets beyond the first that a pair must show
_LOW: Final = 32  # bits of a number that goes with another in one
_LOWER: Final = 2**_LOW - 1  # all of them


class Marks:
    """Which tokens there are in each column: some seem to be there that are not, never the other way round."""

    def __init__(self, bits: int) -> None:
        import numpy as np

        self._shift = np.uint32(32 - bits)
        self._bytes = np.zeros(1 << bits, np.uint8)  # a bit of each is for the columns whose number ends so
        self._bytes[0] = 255  # an empty bucket is no reason against anything

    def add(self, tokens: Hashes) -> None:
        """Mark tokens as being there."""
        import numpy as np

        places = (tokens >> self._shift).astype(np.int64)
        for bit in range(8):
            some = places[:, bit::8].ravel()
            self._bytes[some] = self._bytes.take(some) | np.uint8(1 << bit)

    def unknown(self, tokens: Hashes) -> NDArray[np.float32]:
        """Return how many in each row are not there; 0 is no token."""
        import numpy as np

        known = self._bytes.take((tokens >> self._shift).astype(np.int64))
        known &= np.uint8(1) << (np.arange(tokens.shape[1], dtype=np.uint8) & np.uint8(7))
        # A product of floats adds up rows several times as fast as a sum does, and is exact for so few.
        unknown: NDArray[np.float32] = (known == 0).astype(np.float32) @ np.ones(tokens.shape[1], np.float32)
        return unknown


class Block:
    """The tokens of some texts, a row for each, and which rows have them."""

    def __init__(self, tokens: Hashes) -> None:
        import numpy as np

        self._tokens = tokens
        keys = tokens.astype(np.uint64)
        keys <<= np.uint64(_LOW)
        keys |= np.arange(len(tokens), dtype=np.uint64)[:, None]
        keys = keys.ravel()
        keys.sort()
        keys = keys[np.searchsorted(keys, np.uint64(1 << _LOW)) :]  # 0 is no token
        bits = min(24, max(9, len(keys).bit_length() - 1))
        self._shift = np.uint32(32 - bits)
        self._rows = keys.astype(np.uint32)
        keys >>= np.uint64(64 - bits)
        self._starts = np.zeros((1 << bits) + 1, np.int32)
        np.cumsum(np.bincount(keys.view(np.int64), minlength=1 << bits), out=self._starts[1:])
        self._marks = Marks(bits)
        self._marks.add(tokens)

    def met(self, tokens: Hashes, lost: Numbers) -> Iterator[tuple[Numbers, Numbers]]:
        """Yield pairs of a row and one of the block that may share all tokens but so many."""
        import numpy as np

        rows = np.flatnonzero(self._marks.unknown(tokens) <= lost)
        if not len(rows):
            return
        tokens, lost = tokens.take(rows, axis=0), lost[rows]
        empty = (tokens == 0).sum(axis=1)
        ones = np.ones(tokens.shape[1], np.float32)
        for mine, other in self._rarest(tokens, empty, lost):
            differing = tokens.take(mine, axis=0) != self._tokens.take(other, axis=0)
            near = np.flatnonzero(differing.astype(np.float32) @ ones <= lost[mine])
            yield rows[mine[near]], other[near]
        every = np.arange(len(self._tokens))
        for row in rows[tokens.shape[1] - empty <= lost].tolist():  # too few to meet any
            yield np.full(len(every), row), every

    def _rarest(self, tokens: Hashes, empty: Numbers, lost: Numbers) -> Iterator[tuple[Numbers, Numbers]]:
        """Yield pairs of a row and one of the block that share enough of the rarest tokens."""
        import numpy as np

        place = (tokens >> self._shift).astype(np.int64)
        start = self._starts.take(place)
        counts = self._starts.take(place + 1) - start
        keys = counts.astype(np.int64) << _LOW | start  # by how many there are, then where they stand
        keys[tokens == 0] = -1
        keys.sort(axis=1)
        more = np.clip(tokens.shape[1] - empty - lost - 1, 0, _MORE)
        columns = np.arange(tokens.shape[1])
        wanted = (columns >= empty[:, None]) & (columns <= (empty + lost + more)[:, None]) & (keys > _LOWER)
        keys, ends = keys[wanted], np.append(0, np.cumsum(wanted.sum(axis=1)))
        counts, start = keys >> _LOW, keys & _LOWER
        met = np.append(0, np.cumsum(counts))
        by_row = met[ends]
        row = 0
        while row < len(tokens):  # all that is met by a row is counted together
            after = max(row + 1, int(np.searchsorted(by_row, by_row[row] + _PAIRS, side="right")) - 1)
            some = slice(ends[row], ends[after])
            places = np.arange(by_row[row], by_row[after]) + np.repeat((start - met[:-1])[some], counts[some])
            rows = np.repeat(np.arange(row, after), np.diff(by_row[row : after + 1]))
            pairs = rows << _LOW | self._rows[places].astype(np.int64)
            pairs.sort()
            again = np.minimum(np.arange(len(pairs)) + more[pairs >> _LOW], len(pairs) - 1)
            pairs = pairs[pairs[again] == pairs]  # those that stand there so many times more
            pairs = pairs[np.diff(pairs, prepend=-1) != 0]
            yield pairs >> _LOW, pairs & _LOWER
            row = after
