# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Rows by the hashes of texts, in arrays: a dictionary of as many texts would take ten times the memory."""

from array import array
from collections.abc import Iterable, Sequence
from typing import Any, Final

#: half of a hash is kept, since whoever finds a row compares the texts anyway
_HALF: Final = 2**32 - 1


class Hashed:
    """Which rows stand under the hash of a text. Rows are put in one by one; after ``finish`` they can be found."""

    def __init__(self) -> None:
        #: until all is put in, a hash and a row in each number, so that sorting takes no more memory than they do
        self._pairs = array("Q")
        self._hashes, self._rows = array("I"), array("i")
        self._starts, self._shift = array("I"), 32

    def put(self, texts: Sequence[str], rows: Sequence[int]) -> None:
        """Put a row under each text; rows come in their order."""
        import numpy as np

        hashes = np.fromiter(map(hash, texts), np.int64, len(texts)).astype(np.uint64) << np.uint64(32)
        self._pairs.frombytes((hashes | np.array(rows, np.uint64)).tobytes())

    def finish(self) -> None:
        """Sort what was put in by its hash."""
        import numpy as np

        pairs: Any = np.frombuffer(self._pairs, np.uint64)
        pairs.sort()
        hashes = (pairs >> np.uint64(32)).astype(np.uint32)
        self._rows = array("i", (pairs & np.uint64(_HALF)).astype(np.int32).tobytes())
        self._hashes = array("I", hashes.tobytes())
        del pairs
        self._pairs = array("Q")
        # Where the hashes that begin with the same bits start: they are so few that none is searched for among them.
        bits = max(len(hashes).bit_length() - 1, 1)
        self._shift = 32 - bits
        counts = np.bincount(hashes >> np.uint32(self._shift), minlength=2**bits)
        self._starts = array("I", np.concatenate(([0], np.cumsum(counts))).astype(np.uint32).tobytes())

    def find(self, texts: Iterable[str]) -> set[int]:
        """Return the rows under any of the texts, and maybe some that are under others of the same hash."""
        found: set[int] = set()
        hashes, starts, shift = self._hashes, self._starts, self._shift
        for text in texts:
            wanted = hash(text) & _HALF
            bucket = wanted >> shift
            for at in range(starts[bucket], starts[bucket + 1]):
                if hashes[at] == wanted:
                    found.add(self._rows[at])
        return found

    def shared(self, owners: "array[int]") -> list[int]:
        """Return the rows under whose hash there is a row of another owner; ``owners`` names that of each row."""
        import numpy as np

        hashes, rows = np.frombuffer(self._hashes, np.uint32), np.frombuffer(self._rows, np.int32)
        owner = np.frombuffer(owners, np.int32)[rows]
        apart = (hashes[1:] == hashes[:-1]) & (owner[1:] != owner[:-1])
        shared: list[int] = rows[np.isin(hashes, hashes[1:][apart])].tolist()
        return shared
