# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Which tokens of a text are its rarest: those that the fewest of some texts have.

All texts have their tokens in the same order, by rank and then by token, and the order alone decides what is looked at.
So ranks need not be right: with wrong ones more has to be compared, and nothing is missed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from enliterator_core.dataset.gram_cells import Hashes

TOKEN_BITS: Final = 26  # of a ranked token: what it stands for; above them stands how many have it
_PLACES: Final = 20  # bits, at most, of the number of a place where those are counted that have some tokens
_AT_ONCE: Final = 1 << 16  # places whose ranks are worked out together
_LAST: Final = 2 ** (32 - TOKEN_BITS) - 2  # rank: no ranked token is to come after those of empty cells


class Ranks:
    """How many of some texts have each token, on a scale with four steps from a number to its double.

    Tokens that are counted in the same place have the rank of all of them together. With rank 0 no text has a token.
    """

    def __init__(self, parts: Iterator[Hashes], texts: int, bits: int) -> None:
        import numpy as np

        places = min(_PLACES, max(10, (texts << bits - 1).bit_length()))
        self._place = np.uint32(32 - places)
        counts = np.ones(1 << places, np.uint32)
        for tokens in parts:
            np.add.at(counts, (tokens >> self._place).astype(np.int64).ravel(), np.uint32(1))
        self._ranks = np.empty(len(counts), np.uint8)
        for begin in range(0, len(counts), _AT_ONCE):
            floats = counts[begin : begin + _AT_ONCE].astype(np.float32)
            # The exponent and the first two bits after the point, without the offset.
            steps = (floats.view(np.uint32) >> np.uint32(21)) - np.uint32(127 << 2)
            self._ranks[begin : begin + _AT_ONCE] = np.minimum(steps, _LAST)

    def ranked(self, tokens: Hashes) -> Hashes:
        """Return the tokens of each text with their ranks before them, in order; last come those of empty cells."""
        import numpy as np

        ranked = self._ranks[(tokens >> self._place).astype(np.int64)].astype(np.uint32)
        ranked <<= np.uint32(TOKEN_BITS)
        ranked |= tokens >> np.uint32(32 - TOKEN_BITS)
        ranked |= (tokens == 0) * np.uint32(2**32 - 1)
        ranked.sort(axis=1)
        return ranked
