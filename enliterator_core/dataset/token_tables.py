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

_PAIRS: Final = 1 << 16  # that are looked at at once
_MORE: Final = 2  # equal buckets beyond the first that a pair must show
_LOW: Final = 32  # bits of a number that goes with another in one
_TOKEN: Final = 24  # bits of a token that tell it in a block
_TOKENS: Final = 2**_TOKEN - 1  # all of them
_BITS: Final = 22  # of them by which it is looked up, at most
_RANKED: Final = 1 << 17  # tokens that are put in order at once


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
    """The tokens of some texts, a row for each, and which rows have the rarest of theirs in common with others.

    Tokens are put in order by how many of the block there are, about, and then by themselves. Where a row has all of
    its tokens but so many in common with another, any more of its first tokens are among the first of the other: only
    the first of each row are looked up, and only the first of each row of the block can be found.
    """

    def __init__(self, tokens: Hashes, lost: Numbers) -> None:
        import numpy as np

        self._tokens = tokens
        bits = min(_BITS, max(9, tokens.size.bit_length()))
        self._shift = np.uint32(32 - bits)
        self._rank = _ranks(tokens, bits)
        spare = (tokens != 0).sum(axis=1) - lost
        self._poor = np.flatnonzero(spare <= 0)  # they need not have anything in common with a twin
        self._more = int(min(_MORE, spare.min(initial=_MORE + 1, where=spare > 0) - 1))
        step = max(1, _RANKED // tokens.shape[1])
        parts = [self._firsts(begin, lost[begin : begin + step]) for begin in range(0, len(tokens), step)]
        keys = np.concatenate(parts)
        parts.clear()
        keys.sort()
        self._rows = keys.astype(np.uint32)
        keys >>= np.uint64(_LOW)
        bits = min(_BITS, max(9, len(keys).bit_length() + 1))
        self._start_shift = np.uint32(_TOKEN - bits)
        keys >>= np.uint64(self._start_shift)
        keys += np.uint64(1)
        self._starts = np.zeros((1 << bits) + 1, np.int32)
        np.add.at(self._starts, keys.view(np.int64), np.int32(1))
        np.cumsum(self._starts, out=self._starts)

    def _firsts(self, begin: int, lost: Numbers) -> NDArray[np.uint64]:
        """Return the first tokens of some rows, each with its row."""
        import numpy as np

        tokens = self._tokens[begin : begin + len(lost)]
        empty = (tokens == 0).sum(axis=1)
        keys, wanted, _ = self._ordered(tokens, empty, empty + lost + self._more + 1)
        firsts: NDArray[np.uint64] = (keys[wanted] & np.uint32(_TOKENS)).astype(np.uint64) << np.uint64(_LOW)
        firsts |= np.repeat(np.arange(begin, begin + len(lost), dtype=np.uint64), wanted.sum(axis=1))
        return firsts

    def _ordered(self, tokens: Hashes, empty: Numbers, ends: Numbers) -> tuple[Hashes, NDArray[np.bool_], Numbers]:
        """Return the tokens of rows in order, which of them stand before an end, and how many the block has not.

        Those that the block has not come first, and are not among the wanted.
        """
        import numpy as np

        keys = self._rank.take((tokens >> self._shift).astype(np.int64)).astype(np.uint32)
        keys[tokens == 0] = 0
        keys <<= np.uint32(_TOKEN)
        keys |= tokens >> np.uint32(32 - _TOKEN)
        keys.sort(axis=1)
        unknown = (keys <= _TOKENS).sum(axis=1)
        columns = np.arange(tokens.shape[1])
        wanted = (columns >= unknown[:, None]) & (columns < ends[:, None])
        return keys, wanted, unknown - empty

    def met(self, tokens: Hashes, lost: Numbers) -> Iterator[tuple[Numbers, Numbers]]:
        """Yield pairs of a row and one of the block that may share all tokens but so many."""
        import numpy as np

        ones = np.ones(tokens.shape[1], np.float32)
        for mine, other in self._sharing(tokens, lost):
            differing = tokens.take(mine, axis=0) != self._tokens.take(other, axis=0)
            near = np.flatnonzero(differing.astype(np.float32) @ ones <= lost[mine])
            yield mine[near], other[near]
        every, asked = np.arange(len(self._tokens)), np.arange(len(tokens))
        for row in np.flatnonzero((tokens != 0).sum(axis=1) <= lost).tolist():
            yield np.full(len(every), row), every
        for row in self._poor.tolist():
            yield asked, np.full(len(asked), row)

    def _sharing(self, tokens: Hashes, lost: Numbers) -> Iterator[tuple[Numbers, Numbers]]:
        """Yield pairs of a row and one of the block that have enough of their first tokens in common."""
        import numpy as np

        empty = (tokens == 0).sum(axis=1)
        more = np.minimum(self._more, tokens.shape[1] - empty - lost - 1)
        keys, wanted, unknown = self._ordered(tokens, empty, empty + lost + more + 1)
        wanted[unknown > lost] = False
        for value in np.unique(more[more >= 0]).tolist():
            rows = np.flatnonzero((more == value) & wanted.any(axis=1))
            of_these = wanted[rows]
            places = (keys[rows][of_these] & np.uint32(_TOKENS)) >> self._start_shift
            for row, other in self._twice(places.astype(np.int64), of_these.sum(axis=1), value):
                yield rows[row], other

    def _twice(self, places: Numbers, each: Numbers, more: int) -> Iterator[tuple[Numbers, Numbers]]:
        """Yield pairs of a row and one of the block that meet at so many places beyond the first.

        Rows have ``each`` so many of the places, one row after the other.
        """
        import numpy as np

        starts = self._starts.take(places)
        counts = self._starts.take(places + 1) - starts
        row_of = np.repeat(np.arange(len(each)), each)
        some = np.flatnonzero(counts)
        starts, counts, row_of = starts[some], counts[some].astype(np.int64), row_of[some]
        before = np.append(0, np.cumsum(counts))  # pairs
        bits = len(self._tokens).bit_length()
        low, begin = np.uint32((1 << bits) - 1), 0
        while begin < len(counts):  # all that is met by a row is counted together
            first = int(row_of[begin])
            end = int(np.searchsorted(before, before[begin] + _PAIRS, side="right")) - 1
            last = row_of[end] if end < len(counts) else len(each)
            last = min(max(first + 1, int(last)), first + (1 << (32 - bits)))
            end = int(np.searchsorted(row_of, last))
            these = slice(begin, end)
            at = np.repeat(starts[these] - (before[begin:end] - before[begin]), counts[these])
            at += np.arange(len(at))
            pairs = np.repeat((row_of[these] - first).astype(np.uint32) << np.uint32(bits), counts[these])
            pairs |= self._rows.take(at)
            pairs.sort()
            repeated = pairs[more:]  # those that stand there so many times more, each once
            repeated = repeated[repeated == pairs[: len(repeated)]]
            pairs = repeated[np.diff(repeated, prepend=~repeated[:1]) != 0]
            yield (pairs >> np.uint32(bits)).astype(np.int64) + first, (pairs & low).astype(np.int64)
            begin = end


def _ranks(tokens: Hashes, bits: int) -> NDArray[np.uint8]:
    """Return for the first bits of a token how many there are: 0, or one more than 16 times the binary logarithm."""
    import numpy as np

    counts = np.zeros(1 << bits, np.int32)
    step = max(1, _RANKED // tokens.shape[1])
    for begin in range(0, len(tokens), step):
        some = tokens[begin : begin + step] >> np.uint32(32 - bits)
        np.add.at(counts, some.ravel().astype(np.int64), np.int32(1))
    ranks = np.zeros(1 << bits, np.uint8)
    for begin in range(0, 1 << bits, _RANKED):
        there = counts[begin : begin + _RANKED]
        high = np.log2(np.maximum(there, 1).astype(np.float32)) * 16 + 1
        ranks[begin : begin + _RANKED] = np.minimum(255, high * (there > 0))
    return ranks
