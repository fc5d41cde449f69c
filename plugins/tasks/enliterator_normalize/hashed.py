# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Rows by the hashes of texts, in arrays: a dictionary of as many texts would take ten times the memory."""

from array import array
from collections.abc import Iterable
from typing import Any, Final

#: half of a hash is kept, since whoever finds a row compares the texts anyway
_HALF: Final = 2**32 - 1


class Hashed:
    """Which rows stand under the hash of a text. Rows are put in one by one; after ``finish`` they can be found."""

    def __init__(self) -> None:
        self._hashes, self._rows = array("q"), array("i")
        self._starts, self._shift = array("I"), 32

    def put(self, texts: Iterable[str], rows: Iterable[int]) -> None:
        """Put a row under each text."""
        self._hashes.extend(map(hash, texts))
        self._rows.extend(rows)

    def finish(self) -> None:
        """Sort what was put in by its hash."""
        import numpy as np

        hashes: Any = (np.array(self._hashes, np.int64) & _HALF).astype(np.uint32)
        order = np.argsort(hashes, kind="stable")
        hashes = hashes[order]
        bits = max(len(hashes).bit_length(), 1)
        self._shift = 32 - bits
        # Where the hashes that begin with the same bits start: they are so few that none is searched for among them.
        firsts = np.searchsorted(hashes, np.arange(2**bits, dtype=np.uint32) << np.uint32(self._shift))
        self._starts = array("I", np.append(firsts, len(hashes)).astype(np.uint32).tobytes())
        self._rows = array("i", np.array(self._rows, np.int32)[order].tobytes())
        self._hashes = array("I", hashes.tobytes())

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
