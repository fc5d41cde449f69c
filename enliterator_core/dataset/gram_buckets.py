# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""What the buckets of grams are made of, for the proof: the hashes of 5-grams, sums over them and tokens of those.

All of it works on many texts at once, a row for each. Nothing of it is shared with what made the dataset.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Hashes = NDArray[np.uint32]
    Numbers = NDArray[np.int64]
    Words = NDArray[np.uint64]

_ORDERED: Final = 8192  # texts, those of like length among so many at once:
_CELLS: Final = 1 << 17  # characters of them, filled up to the longest, so that all stays in the cache of a core
_GRAMS: Final = 6  # in a bucket, at most, as a mean over those of a text
_FEWEST: Final = 3  # bits of a bucket's number
_WIDTHS: Final = 24  # different ones, each twice as many buckets as that before
_ODD: Final = 0xCC9E2D51  # odd numbers by which bits are spread, those of MurmurHash3
_SECOND: Final = 0x1B873593
_NONE: Final = 2**32 - 1  # in place of a gram where a text has ended


class Texts(Protocol):
    """Texts that can be gone through and looked up."""

    def __len__(self) -> int:
        """Return how many there are."""

    def __iter__(self) -> Iterator[str]:
        """Go through all."""

    def __getitem__(self, number: int) -> str:
        """Return one."""


def batches(texts: Texts) -> Iterator[tuple[Numbers, list[str], Hashes, Numbers]]:
    """Yield the texts some at a time, those of like length together: their numbers, they themselves and their grams."""
    import numpy as np

    every, start = iter(texts), 0
    while group := list(islice(every, _ORDERED)):
        lengths = np.fromiter(map(len, group), np.int64, len(group))
        order = np.argsort(-lengths, kind="stable")
        while len(order):
            width = max(5, int(lengths[order[0]]))
            chosen, order = np.split(order, [max(1, _CELLS // width)])
            some = [group[number] for number in chosen.tolist()]
            yield start + chosen, some, *_grams(some, lengths[chosen])
        start += len(group)


def _grams(texts: list[str], lengths: Numbers) -> tuple[Hashes, Numbers]:
    """Return a row for each text, the longest first, of its different grams' hashes, and how many each has.

    A row ends with one ``_NONE`` and zeros; zeros also stand for grams that are there already. Hashes are odd, so that
    a sum of them tells whether they are an odd number.
    """
    import numpy as np

    width = max(5, int(lengths[0]))
    joined = "".join([text.ljust(width, "\0") for text in texts])
    codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), "<u4")
    flat = codes * np.uint32(_ODD)
    for place in range(1, 5):  # Horner's scheme, in place
        flat[:-place] += codes[place:]
        flat *= np.uint32(_ODD)
    flat ^= flat >> np.uint32(15)
    flat *= np.uint32(_SECOND)
    flat |= np.uint32(1)
    table = flat.reshape(-1, width)
    counts = np.maximum(1, lengths - 4)
    shortest = int(counts[-1])
    ended = np.arange(shortest, width) >= counts[:, None]
    table[:, shortest:] |= np.uint32(0) - ended.astype(np.uint32)
    table.sort(axis=1)
    new = np.ones(table.shape, bool)
    np.not_equal(flat[1:], flat[:-1], out=new.ravel()[1:])
    new[:, 0] = True
    flat *= new.ravel().astype(np.uint32)
    return table, new.sum(axis=1, dtype=np.uint32).astype(np.int64) - 1


def _places(table: Hashes, bits: int) -> Numbers:
    """Return the bucket of each gram, those of all texts in one row; grams in one have the same so many high bits."""
    import numpy as np

    places = table >> np.uint32(32 - bits)
    places += (np.arange(len(table), dtype=np.uint32) << np.uint32(bits))[:, None]
    return places.ravel().astype(np.int64)


def bucket_sums(table: Hashes, bits: int) -> Hashes:
    """Return the sum of the hashes in each bucket of each text."""
    import numpy as np

    sums = np.zeros((len(table), 1 << bits), np.uint32)
    np.add.at(sums.ravel(), _places(table, bits), table.ravel())
    sums[:, -1] -= np.uint32(_NONE)
    return sums


def bucket_bits(sizes: NDArray[np.floating] | Numbers) -> Numbers:
    """Return the bits of a bucket's number for texts of so many grams."""
    import numpy as np

    return np.searchsorted(_GRAMS << np.arange(_FEWEST, _FEWEST + _WIDTHS), sizes) + _FEWEST


def bucket_tokens(sums: Hashes, bits: Numbers) -> Hashes:
    """Return a token for each bucket that is not empty, of what is in it; the bits go by text, the sums by the most.

    Two buckets whose number differs in the last bit are one where the bits are one less.
    """
    import numpy as np

    sums = sums.copy()
    for width in range(sums.shape[1].bit_length() - 2, int(bits.min()) - 1, -1):
        rows = np.flatnonzero(bits <= width)
        finer = sums[rows, : 2 << width]
        sums[rows, : 1 << width] = finer[:, ::2] + finer[:, 1::2]
        sums[rows, 1 << width : 2 << width] = 0
    tokens = sums + bits.astype(np.uint32)[:, None]
    tokens *= np.uint32(_ODD)
    tokens ^= tokens >> np.uint32(15)
    tokens *= np.uint32(_SECOND)
    tokens *= (sums != 0).astype(np.uint32)
    return tokens


def odd_counts(table: Hashes, bits: int) -> Words:
    """Return for each text, a bit for each small bucket, whether the number of grams in it is odd."""
    import numpy as np

    counts = np.zeros((len(table), 1 << bits), np.uint8)
    np.add.at(counts.ravel(), _places(table, bits), table.ravel().astype(np.uint8))
    counts[:, -1] += np.uint8(1)
    counts &= np.uint8(1)
    return np.packbits(counts, axis=1).view(np.uint64)
