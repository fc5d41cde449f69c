# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Tables of tokens, for the proof: which there are, and which texts have them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from enliterator_core.dataset.gram_buckets import differing

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from enliterator_core.dataset.gram_buckets import Hashes, Numbers
    from enliterator_core.dataset.token_files import Rarest

MOST_ROWS: Final = 1 << 16  # in a block: their numbers have 16 bits
_PAIRS: Final = 1 << 16  # that are looked at at once
_LOW: Final = 32  # bits of a number that goes with another in one


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


class Counts:
    """How many texts have a token, more or less: it only puts tokens in order, the same for all who ask."""

    def __init__(self, bits: int) -> None:
        import numpy as np

        self._shift = np.uint32(32 - bits)
        self._counts = np.zeros(1 << bits, np.uint32)

    def add(self, tokens: Hashes) -> None:
        """Count tokens."""
        import numpy as np

        np.add.at(self._counts, (tokens >> self._shift).ravel().astype(np.int64), np.uint32(1))

    def of(self, tokens: Hashes) -> Hashes:
        """Return for each token how often it was counted."""
        import numpy as np

        return self._counts.take((tokens >> self._shift).astype(np.int64))


class Block:
    """Some texts, and which of them are told by a token."""

    def __init__(self, texts: Rarest) -> None:
        import numpy as np

        self._fingers, self._same = texts.fingers, int(texts.same.min())
        keys = texts.tokens.astype(np.uint64)
        keys <<= np.uint64(_LOW)
        keys |= np.arange(len(keys), dtype=np.uint64)[:, None]
        keys = keys.ravel()
        keys.sort()
        keys = keys[np.searchsorted(keys, np.uint64(1 << _LOW)) :]  # 0 is no token
        bits = min(24, max(9, len(keys).bit_length() + 1))
        self._shift = np.uint32(32 - bits)
        self._rows = keys.astype(np.uint16)
        keys >>= np.uint64(64 - bits)
        self._starts = np.zeros((1 << bits) + 1, np.int32)
        np.cumsum(np.bincount(keys.view(np.int64), minlength=1 << bits), out=self._starts[1:])

    def met(self, texts: Rarest, lost: Numbers) -> Iterator[tuple[Numbers, Numbers]]:
        """Yield pairs of a row and one of the block that may share all buckets but so many."""
        import numpy as np

        same = np.minimum(texts.same, self._same)
        for least in np.unique(same).tolist():
            rows = np.flatnonzero(same == least)
            for row, other in self._sharing(texts.tokens[rows], least) if least else self._all(rows):
                mine = rows[row]
                near = np.flatnonzero(
                    differing(texts.fingers.take(mine, axis=0), self._fingers.take(other, axis=0)) <= lost[mine]
                )
                yield mine[near], other[near]

    def _all(self, rows: Numbers) -> Iterator[tuple[Numbers, Numbers]]:
        """Yield each row with all of the block: so few buckets are filled that a twin need share none."""
        import numpy as np

        every = np.arange(len(self._fingers))
        for row in range(len(rows)):
            yield np.full(len(every), row), every

    def _sharing(self, tokens: Hashes, least: int) -> Iterator[tuple[Numbers, Numbers]]:
        """Yield pairs of a row and one of the block that share so many tokens."""
        import numpy as np

        place = (tokens >> self._shift).astype(np.int64)
        start = self._starts.take(place)
        counts = self._starts.take(place + 1)
        counts -= start
        counts *= tokens != 0
        listed = np.flatnonzero(counts)
        counts, start, owner = counts.ravel()[listed], start.ravel()[listed], listed // tokens.shape[1]
        met = np.append(0, np.cumsum(counts))
        ends = np.searchsorted(owner, np.arange(len(tokens) + 1))
        by_row = met[ends]
        row = 0
        while row < len(tokens):  # all that is met by a row is counted together
            after = int(np.searchsorted(by_row, by_row[row] + _PAIRS, side="right")) - 1
            after = min(max(row + 1, after), row + MOST_ROWS)
            some = slice(ends[row], ends[after])
            places = np.arange(by_row[row], by_row[after]) + np.repeat((start - met[:-1])[some], counts[some])
            pairs = np.repeat((owner[some] - row).astype(np.uint32) << np.uint32(16), counts[some])
            pairs |= self._rows[places]
            pairs.sort()
            pairs = pairs[: len(pairs) - least + 1][pairs[least - 1 :] == pairs[: len(pairs) - least + 1]]
            if len(pairs):
                pairs = pairs[np.append(True, pairs[1:] != pairs[:-1])]
                yield (
                    row + (pairs >> np.uint32(16)).astype(np.int64),
                    (pairs & np.uint32(MOST_ROWS - 1)).astype(np.int64),
                )
            row = after
