# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Which tokens of a text are its rarest: those that the fewest of some texts have.

Whatever the order, a token has the same place in it for all texts. So of what two texts have the same in, the first in
order is among the first in order of both.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from enliterator_core.dataset.gram_cells import Hashes, Numbers

NONE: Final = 2**32 - 1  # in place of a token where a text has no more
TOKEN_BITS: Final = 26  # of a ranked token: what it stands for; above them stands how many have it
_PLACES: Final = 22  # bits, at most, of the number of a place where those are counted that have some tokens
_COUNTED: Final = 2**15  # then it is not counted on
_LAST: Final = 2 ** (32 - TOKEN_BITS) - 2  # rank, so that no ranked token is the same as none


class Ranks:
    """How many of some texts have each token: nearly, and in steps of a fifth."""

    def __init__(self, parts: Iterator[Hashes], texts: int, bits: int) -> None:
        import numpy as np

        places = min(_PLACES, max(10, (texts << bits).bit_length()))
        self._place = np.uint32(32 - places)
        counts = np.zeros(1 << places, np.uint16)
        for tokens in parts:
            at = (tokens[tokens != 0] >> self._place).astype(np.int64)
            np.add.at(counts, at[counts[at] < _COUNTED], np.uint16(1))
        counts += np.uint16(1)
        # The exponent and the first two bits after the point of a number of 16 bits, without the offset.
        steps = (counts.astype(np.float16).view(np.uint16) >> np.uint16(8)) - np.uint16(60)
        self._ranks: NDArray[np.uint8] = np.minimum(steps, _LAST).astype(np.uint8)

    def rarest(self, tokens: Hashes, most: Numbers) -> Hashes:
        """Return the tokens of each text with their ranks before them, in order, and ``NONE`` after so many."""
        import numpy as np

        none = np.uint32(NONE)
        ranked = self._ranks[tokens >> self._place].astype(np.uint32)
        ranked <<= np.uint32(TOKEN_BITS)
        ranked |= tokens >> np.uint32(32 - TOKEN_BITS)
        ranked |= (tokens == 0) * none
        ranked.sort(axis=1)
        ranked |= (np.arange(tokens.shape[1]) >= most[:, None]) * none
        return ranked
