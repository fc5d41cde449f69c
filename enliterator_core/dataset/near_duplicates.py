# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Near-duplicates, exactly: which texts have a twin among others, by the Jaccard similarity of character 5-grams.

With a similarity above t, two texts differ in fewer than (1 - t) / t * n grams, n being how many either has. The
different grams of a text are thrown into cells by their hash, and a cell keeps the sum of what fell into it, odd
numbers all, so that its last bit tells whether they were an even number. A gram that one text has and the other has not
changes one cell. So of any cells of a text, one more than the grams that may differ, a twin has the same in one (the
pigeonhole principle: Arasu, Ganti and Kaushik, 2006), of a few more it has the same in as many, and the last bits
differ in no more cells than grams differ (the odd sketch: Mitzenmacher, Pagh and Pham, 2014). The first finds what may
be a twin, by those cells of both texts that the fewest held ones have the same in; the second tells nearly all of these
apart; what is left is compared by the grams themselves.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from enliterator_core.dataset.gram_cells import FINER, SIZE, cells_of, counted, hashed
from enliterator_core.dataset.gram_shelves import Shelf

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from enliterator_core.dataset.gram_blocks import Block, Table
    from enliterator_core.dataset.gram_cells import Flags, Hashes, Numbers

_EXTRA: Final = 8  # cells more than grams that may differ, at least
_FEW: Final = 3  # blocks, for which it is quicker to read all that is compared with them
_NONE: Final = (2**63, 0)  # more than any distance


def grams(text: str) -> set[str]:
    """Return the 5-grams of a text; a shorter text is its own only gram."""
    return {text[at : at + SIZE] for at in range(max(1, len(text) - SIZE + 1))}


def jaccard(one: set[str], other: set[str]) -> float:
    """Return the size of the intersection over the size of the union; two empty sets are alike."""
    shared = len(one & other)
    union = len(one) + len(other) - shared
    return shared / union if union else 1.0


def _spare(sizes: Numbers) -> Numbers:
    """Return how many grams of texts with so many hashes may have the hash of another, and some more."""
    return 2 + (sizes * sizes >> 31)


def _differ(threshold: float, sizes: NDArray[np.int32] | Numbers, other: int | None = None) -> Numbers:
    """Return in how many grams texts with so many may differ from a twin, or from one that has at most so many."""
    import numpy as np

    seen = sizes.astype(np.int64)
    most = seen + _spare(seen)
    if other is None:
        return ((1 - threshold) / threshold * most).astype(np.int64)
    both = most + other + _spare(np.array([other]))
    return ((1 - threshold) / (1 + threshold) * both).astype(np.int64)


class Held:
    """Texts that others are compared with; they may be read from a file, and what is kept of them is, in ``folder``."""

    def __init__(self, texts: Sequence[str], threshold: float, folder: Path | None = None) -> None:
        import numpy as np

        self.threshold = threshold
        self._texts, self._folder = texts, folder
        self._shelves: dict[int, Shelf] = {}
        for numbers, hashes, first in hashed(texts):
            sizes = counted(first)
            # A twin may have fewer grams, or more, and so another number of cells.
            spare = _spare(sizes)
            least = self._bits(np.maximum(0, (threshold * sizes).astype(np.int64) - spare))
            most = self._bits(((sizes + spare) / threshold).astype(np.int64) + 1)
            cells = cells_of(hashes, first, int(most.max()) + FINER)
            for bits in range(int(least.min()), int(most.max()) + 1):
                rows = np.flatnonzero((least <= bits) & (bits <= most))
                self._put(self._shelves, bits, numbers[rows], sizes[rows], cells[rows])

    def _put(self, shelves: dict[int, Shelf], bits: int, numbers: Numbers, sizes: Numbers, cells: Hashes) -> None:
        if len(numbers):
            if bits not in shelves:
                ranks = None if shelves is self._shelves else self._shelves[bits].ranks
                shelves[bits] = Shelf(bits, partial(_differ, self.threshold), self._folder, ranks)
            shelves[bits].add(numbers, sizes, cells)

    def _bits(self, sizes: Numbers) -> Numbers:
        """Return by how many cells (a power of two) texts with so many grams are told: more than those that differ."""
        import numpy as np

        share = min(4.0, (1 - self.threshold) / self.threshold)  # with more there is mostly one gram in a cell
        bits: Numbers = np.ceil(np.log2(share * (sizes + _spare(sizes)) + _EXTRA)).astype(np.int64)
        return bits

    def twins(self, texts: Sequence[str], among: Flags | None = None) -> list[int | None]:
        """Return for each text the number of a held one whose similarity is above the threshold, None where none is.

        Of several it is the likeliest. Only those are looked at which ``among`` has a flag for, without it all.
        """
        import numpy as np

        asked: dict[int, Shelf] = {}
        for numbers, hashes, first in hashed(texts if self._shelves else ()):
            sizes = counted(first)
            bits = self._bits(sizes)
            cells = cells_of(hashes, first, int(bits.max()) + FINER)
            for wanted in sorted(self._shelves.keys() & set(bits.tolist())):
                rows = np.flatnonzero(bits == wanted)
                self._put(asked, wanted, numbers[rows], sizes[rows], cells[rows])
        found = self._found(asked, texts, among, None)
        return [found[number][1] if number in found else None for number in range(len(texts))]

    def twins_of_held(self, asking: Flags, among: Flags) -> list[int | None]:
        """Return the same for those of the held texts that ``asking`` has a flag for."""
        import numpy as np

        found = self._found(self._shelves, self._texts, among, asking)
        return [found[number][1] if number in found else None for number in np.flatnonzero(asking).tolist()]

    def _found(
        self, asked: Mapping[int, Shelf], texts: Sequence[str], among: Flags | None, asking: Flags | None
    ) -> dict[int, tuple[int, int]]:
        """Return the numbers of the texts that have a twin, with how far its sketch is, and its number."""
        found: dict[int, tuple[int, int]] = {}
        for bits, shelf in asked.items():
            if self._shelves[bits].count > _FEW:
                shelf.arrange()
            for block in self._shelves[bits].blocks(among):
                for number, distance, other in self._candidates(self._asking(shelf, bits, asking, block), block):
                    nearer = (distance, other) < found.get(number, _NONE)
                    if nearer and jaccard(grams(texts[number]), grams(self._texts[other])) > self.threshold:
                        found[number] = distance, other
                del block  # before the next is made
        return found

    def _asking(self, shelf: Shelf, bits: int, asking: Flags | None, block: Block) -> Iterator[Table]:
        """Yield what is on a shelf, some at a time: of those that are held what is flagged, on its own shelf.

        Of what has too few grams for a twin in the block, or too many, there is little.
        """
        import numpy as np

        least, most, spare = int(block.sizes.min()), int(block.sizes.max()), int(_spare(block.sizes).max())
        for part in shelf.parts(int(self.threshold * least) - spare, int((most + spare) / self.threshold) + 1):
            if asking is None:
                yield part
            else:
                yield part[asking[part["number"]] & (self._bits(part["size"].astype(np.int64)) == bits)]

    def _candidates(self, asked: Iterator[Table], block: Block) -> Iterator[tuple[int, int, int]]:
        """Yield numbers of texts with what may be a twin in a block, the likeliest first: its distance and number."""
        import numpy as np

        limit = (1 - self.threshold) / (1 + self.threshold)
        ends = np.array([block.sizes.min(), block.sizes.max()])
        least, most = int(ends[0]), int((ends + _spare(ends))[1])
        for part in asked:
            seen = part["size"].astype(np.int64)
            sizes = seen + _spare(seen)
            rows = np.flatnonzero((sizes >= self.threshold * least) & (most >= self.threshold * seen))
            table, sizes = (part, sizes) if len(rows) == len(part) else (part[rows], sizes[rows])
            differ = np.minimum(limit * (sizes + most), (1 - self.threshold) / self.threshold * sizes).astype(np.int64)
            for rows, places, distance in block.near(table, differ):
                both = table["size"][rows] + block.sizes[places]
                fits = distance <= limit * (both + 2 * _spare(both))
                numbers, held = table["number"][rows[fits]], block.numbers[places[fits]]
                order = np.lexsort((held, distance[fits], numbers))
                yield from zip(*(one[order].tolist() for one in (numbers, distance[fits], held)), strict=True)


def twins(texts: Sequence[str], held: Sequence[str], threshold: float) -> list[int | None]:
    """Return for each text the number of a held one whose similarity is above the threshold, None where none is."""
    return Held(held, threshold).twins(texts)
