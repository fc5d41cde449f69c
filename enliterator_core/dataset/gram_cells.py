# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Texts as cells: the different 5-grams of many texts at once, thrown into cells by their hash.

The number of a cell is the last bits of the hash, so that adding the second half of the cells to the first gives what
half as many would hold. Grams with the same hash, one in thousands of millions, are taken for one: texts then seem to
have fewer grams, never to differ in more.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Flags = NDArray[np.bool_]
    Hashes = NDArray[np.uint32]
    Numbers = NDArray[np.int64]
    Sketches = NDArray[np.uint64]

SIZE: Final = 5  # characters in a gram
FINER: Final = 2  # bits that the number of a cell has more in a sketch
_ROWS: Final = 128  # texts at once: what is worked on fits the cache of a core
_CHARACTERS: Final = 1 << 18  # of them, filled up to the longest
_TOGETHER: Final = 8192  # texts among which those of like length are put together
_ODDS: Final = (2654435769, 2246822519, 3266489917, 668265263)  # by which bits are spread: numbers of xxHash


def hashes_of(texts: Sequence[str], lengths: Numbers) -> tuple[Hashes, Flags]:
    """Return a row of hashes for the grams of each text, sorted, after zeros, and which are the first of their kind."""
    import numpy as np

    width = max(SIZE, int(lengths[-1]))
    padded = "".join([text.ljust(width, "\0") for text in texts])
    if padded.isascii():
        codes = np.frombuffer(padded.encode(), np.uint8).astype(np.uint32)
    else:
        codes = np.frombuffer(padded.encode("utf-32-le", "surrogatepass"), "<u4")
    one, two, three = map(np.uint32, _ODDS[:3])
    pairs = codes[:-1] * one
    pairs += codes[1:]
    fours = pairs[:-2] * two
    fours += pairs[2:]
    hashes = np.zeros((len(texts), width), np.uint32)
    fives = hashes.ravel()[: 1 - SIZE]
    np.multiply(fours[:-1], three, out=fives)
    fives += codes[4:]
    fives ^= fives >> np.uint32(15)
    counts = np.maximum(1, lengths - SIZE + 1)
    least = int(counts[0])
    hashes[:, least:] *= np.arange(least, width) < counts[:, None]  # no grams: those that begin near a text's end
    hashes.sort(axis=1)
    first = np.empty(hashes.shape, bool)
    np.not_equal(hashes.ravel()[1:], hashes.ravel()[:-1], out=first.ravel()[1:])
    first[:, 0] = hashes[:, 0] != 0
    return hashes, first


def cells_of(hashes: Hashes, first: Flags, bits: int) -> Hashes:
    """Return a row of 2^bits cells for each text, each a sum of odd numbers that stand for its grams.

    ``hashes`` are used up: the numbers are written over them.
    """
    import numpy as np

    rows = len(hashes)
    places = hashes & np.uint32((1 << bits) - 1)
    places += np.arange(0, rows << bits, 1 << bits, dtype=np.uint32)[:, None]
    hashes |= np.uint32(1)
    hashes *= first
    cells = np.zeros(rows << bits, np.uint32)
    np.add.at(cells, places.ravel().astype(np.int64), hashes.ravel())
    return cells.reshape(rows, -1)


def counted(flags: Flags) -> Numbers:
    """Return how many flags are set in each row."""
    import numpy as np

    # A product of floats adds up rows several times as fast as a sum does, and is exact for so few.
    return (flags.astype(np.float32) @ np.ones(flags.shape[1], np.float32)).astype(np.int64)


def folded(cells: Hashes, bits: int) -> Hashes:
    """Return 2^bits cells for each text, from more of them."""
    while (half := cells.shape[1] // 2) >= 1 << bits:
        cells = cells[:, :half] + cells[:, half:]
    return cells


def sketches_of(cells: Hashes) -> Sketches:
    """Return of each text the last bits of its cells."""
    import numpy as np

    return np.packbits(cells.astype(np.uint8) & np.uint8(1), axis=1).view(np.uint64)


def tokens_of(cells: Hashes) -> Hashes:
    """Return numbers that stand for what is in each cell and for its place, 0 where it is empty."""
    import numpy as np

    tokens = cells + np.arange(cells.shape[1], dtype=np.uint32) * np.uint32(_ODDS[0])
    tokens *= np.uint32(_ODDS[1])
    tokens ^= tokens >> np.uint32(15)
    tokens *= np.uint32(_ODDS[2])
    tokens |= np.uint32(1)
    tokens *= cells != 0
    return tokens


def hashed(texts: Sequence[str]) -> Iterator[tuple[Numbers, Hashes, Flags]]:
    """Yield the texts' numbers, hashes and which are the first of their kind, those of like length together."""
    for numbers, some, lengths in pieces_of(texts):
        yield numbers, *hashes_of(some, lengths)


def pieces_of(texts: Sequence[str]) -> Iterator[tuple[Numbers, list[str], Numbers]]:
    """Yield the texts a few at a time with their numbers and lengths, those of like length together."""
    import numpy as np

    for start in range(0, len(texts), _TOGETHER):
        some = texts[start : start + _TOGETHER]
        lengths = np.fromiter(map(len, some), np.int64, len(some))
        plain = np.fromiter(map(str.isascii, some), bool, len(some))
        for group in np.flatnonzero(plain), np.flatnonzero(~plain):
            order = group[np.argsort(lengths[group], kind="stable")]
            while len(order):
                # The longest of those taken together sets the width for all.
                rows = _ROWS
                while rows > 1 and rows * lengths[order[:rows][-1]] > _CHARACTERS:
                    rows //= 2
                chosen, order = order[:rows], order[rows:]
                yield start + chosen, [some[number] for number in chosen.tolist()], lengths[chosen]
