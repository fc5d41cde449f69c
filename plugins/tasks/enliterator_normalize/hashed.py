# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Rows by the hashes of texts, in arrays: a dictionary of as many texts would take ten times the memory."""

from array import array
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

#: half of a hash is kept, since whoever finds a row compares the texts anyway
_HALF: Final = 2**32 - 1


def hashes(texts: Sequence[str]) -> "NDArray[np.uint64]":
    """Return the hash of each text."""
    import numpy as np

    return np.fromiter(map(hash, texts), np.int64, len(texts)).astype(np.uint64)


class Hashed:
    """Which rows stand under the hash of a text. Rows are put in one by one; after ``finish`` they can be found."""

    _hashes: "NDArray[np.uint32]"
    _rows: "NDArray[np.int32]"
    _starts: "NDArray[np.uint32]"

    def __init__(self) -> None:
        #: until all is put in, a hash and a row in each number, so that sorting takes no more memory than they do
        self._pairs = array("Q")
        self._shift = 32

    def put(self, texts: Sequence[str], rows: Sequence[int]) -> None:
        """Put a row under each text; rows come in their order."""
        self.put_hashes(hashes(texts), rows)

    def put_hashes(self, hashes: "NDArray[np.uint64]", rows: Any) -> None:
        """Put a row under the hash of each text."""
        import numpy as np

        self._pairs.frombytes((hashes << np.uint64(32) | np.array(rows, np.uint64)).tobytes())

    def finish(self) -> None:
        """Sort what was put in by its hash."""
        import numpy as np

        pairs: Any = np.frombuffer(self._pairs, np.uint64)
        pairs.sort()
        self._hashes = (pairs >> np.uint64(32)).astype(np.uint32)
        self._rows = pairs.astype(np.uint32).view(np.int32)
        del pairs
        self._pairs = array("Q")
        # Where the hashes that begin with the same bits start: they are so few that none is searched for among them.
        bits = max(len(self._hashes).bit_length() - 1, 1)
        self._shift = 32 - bits
        counts = np.bincount(self._hashes >> np.uint32(self._shift), minlength=2**bits)
        self._starts = np.concatenate(([0], np.cumsum(counts))).astype(np.uint32)

    def find(self, texts: Sequence[str]) -> set[int]:
        """Return the rows under any of the texts, and maybe some that are under others of the same hash."""
        return set(self.find_hashes(hashes(texts))[1].tolist())

    def find_hashes(self, hashes: "NDArray[np.uint64]") -> "tuple[NDArray[np.int64], NDArray[np.int32]]":
        """Return the rows under many hashes: the place of the hash that each is under, and the row."""
        import numpy as np

        wanted = hashes.astype(np.uint32)
        buckets = wanted >> np.uint32(self._shift)
        first = self._starts[buckets].astype(np.int64)
        count = self._starts[buckets + np.uint32(1)] - first
        places = np.repeat(np.arange(len(wanted)), count)
        at = np.arange(len(places)) + np.repeat(first - np.cumsum(count) + count, count)
        same = self._hashes[at] == wanted[places]
        return places[same], self._rows[at[same]]

    def shared(self, owners: "array[int]") -> list[int]:
        """Return the rows under whose hash there is a row of another owner; ``owners`` names that of each row."""
        import numpy as np

        hashes, rows = self._hashes, self._rows
        owner = np.frombuffer(owners, np.int32)[rows]
        apart = (hashes[1:] == hashes[:-1]) & (owner[1:] != owner[:-1])
        shared: list[int] = rows[np.isin(hashes, hashes[1:][apart])].tolist()
        return shared
