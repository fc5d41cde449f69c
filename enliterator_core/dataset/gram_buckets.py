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

_ORDERED: Final = 8192  # texts, those of like length among so many at once:
_CELLS: Final = 1 << 17  # characters of them, filled up to the longest, so that all stays in the cache of a core
_GRAMS: Final = 7  # in a bucket, at most, as a mean over those of a text
_FEWEST: Final = 5  # bits of a bucket's number
_WIDTHS: Final = 22  # different ones, each twice as many buckets as that before
_ODD: Final = 0xCC9E2D51  # odd numbers by which bits are spread, those of MurmurHash3
_SECOND: Final = 0x1B873593
_THIRD: Final = 0x85EBCA6B
_NONE: Final = 2**32 - 1  # in place of a gram where a text has ended


class Texts(Protocol):
    """Texts that can be gone through and looked up."""

    def __len__(self) -> int:
        """Return how many there are."""

    def __iter__(self) -> Iterator[str]:
        """Go through all."""

    def __getitem__(self, number: int) -> str:
        """Return one."""


def batches(texts: Texts) -> Iterator[tuple[Numbers, Hashes, Numbers]]:
    """Yield texts some at a time, those of like length together: their numbers, their grams and how many each has."""
    import numpy as np

    every, start = iter(texts), 0
    while group := list(islice(every, _ORDERED)):
        lengths = np.fromiter(map(len, group), np.int64, len(group))
        order = np.argsort(-lengths, kind="stable")
        while len(order):
            width = max(5, int(lengths[order[0]]))
            chosen, order = np.split(order, [max(1, _CELLS // width)])
            yield start + chosen, *_grams([group[number] for number in chosen.tolist()], lengths[chosen])
        start += len(group)


def _grams(texts: list[str], lengths: Numbers) -> tuple[Hashes, Numbers]:
    """Return a row for each text, the longest first, of its different grams' hashes, and how many each has.

    A row ends with one ``_NONE`` and zeros; zeros also stand for grams that are there already. Hashes are odd, so that
    none is 0.
    """
    import numpy as np

    width = max(5, int(lengths[0]))
    joined = "".join([text.ljust(width, "\0") for text in texts])
    codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), "<u4")
    threes = codes * np.uint32(_ODD)
    threes[:-1] ^= codes[1:]
    threes *= np.uint32(_THIRD)
    threes[:-2] += codes[2:]
    flat = threes * np.uint32(_ODD)
    flat[:-2] ^= threes[2:]  # a gram is two runs of three characters, the last of the one the first of the other
    flat ^= np.right_shift(flat, np.uint32(15), out=threes)
    flat *= np.uint32(_SECOND)
    flat |= np.uint32(1)
    table = flat.reshape(-1, width)
    counts = np.maximum(1, lengths - 4)
    shortest = int(counts[-1])
    ended = np.arange(shortest, width) >= counts[:, None]
    table[:, shortest:] |= np.uint32(0) - ended.astype(np.uint32)
    table.sort(axis=1)
    new = np.ones(table.shape, np.uint8)
    np.not_equal(flat[1:], flat[:-1], out=new.ravel()[1:].view(bool))
    new[:, 0] = 1
    flat *= new.ravel()
    # A product of floats adds up rows several times as fast as a sum does, and is exact for so few.
    counted = threes.view(np.float32).reshape(table.shape)  # its memory is at hand
    counted[:] = new
    return table, (counted @ np.ones(width, np.float32)).astype(np.int64) - 1


def bucket_sums(table: Hashes, bits: int) -> Hashes:
    """Return the sum of the hashes in each bucket of each text; hashes in one have the same so many high bits."""
    import numpy as np

    places = table >> np.uint32(32 - bits)
    places += (np.arange(len(table), dtype=np.uint32) << np.uint32(bits))[:, None]
    sums = np.zeros((len(table), 1 << bits), np.uint32)
    np.add.at(sums.ravel(), places.ravel().astype(np.int64), table.ravel())
    sums[:, -1] -= np.uint32(_NONE)
    return sums


def bucket_bits(sizes: NDArray[np.floating] | Numbers) -> Numbers:
    """Return the bits of a bucket's number for texts of so many grams."""
    import numpy as np

    return np.searchsorted(_GRAMS << np.arange(_FEWEST, _FEWEST + _WIDTHS), sizes) + _FEWEST


def folded(sums: Hashes, bits: int) -> Hashes:
    """Return the sums of so many buckets, from those of as many or more: two whose number differs in the last bit."""
    while sums.shape[1] > 1 << bits:
        sums = sums[:, ::2] + sums[:, 1::2]
    return sums


def bucket_tokens(sums: Hashes) -> Hashes:
    """Return a token for each bucket that is not empty, of what is in it."""
    import numpy as np

    tokens = sums ^ sums >> np.uint32(15)
    tokens *= np.uint32(_SECOND)
    return tokens
