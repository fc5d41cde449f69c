# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Near-duplicates, exactly: which texts have a twin among others, by the Jaccard similarity of character 5-grams.

With a similarity above t, two texts differ in fewer than (1 - t) / t * n grams, n being how many either has. The
different grams of a text are thrown into cells by their hash, and a cell keeps the sum of what fell into it, odd
numbers all, so that its last bit tells whether they were an even number. A gram that one text has and the other has not
changes one cell. So of any cells of a text, one more than the grams that may differ, a twin has the same in one (the
pigeonhole principle: Arasu, Ganti and Kaushik, 2006), and the last bits differ in no more cells than grams differ (the
odd sketch: Mitzenmacher, Pagh and Pham, 2014). The first finds what may be a twin, by the cells that the fewest held
texts have the same in; the second tells nearly all of these apart; what is left is compared by the grams themselves.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from enliterator_core.dataset.gram_cells import (
    SIZE,
    cells_of,
    counted,
    folded,
    hashes_of,
    pieces_of,
    sketches_of,
    tokens_of,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from enliterator_core.dataset.gram_cells import Flags, Hashes, Numbers, Sketches

_MET: Final = 1 << 13  # held texts that are met at once, by one text or more
_INDEXED: Final = 1 << 17  # cells that are worked on at once when the index is made
_EXTRA: Final = 8  # cells more than grams that may differ, at least
_FINER: Final = 2  # bits that the number of a cell has more in a sketch
_MARKS: Final = 4  # bits that the number of a mark has more than that of a list


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


class _Shelf:
    """Held texts whose grams are told by so many cells, and which of them have the same in a cell."""

    def __init__(self, bits: int) -> None:
        self.bits = bits
        self._parts: list[tuple[Numbers, Numbers, Sketches]] = []
        self._tokens: list[tuple[Hashes, Numbers]] = []

    def add(self, numbers: Numbers, sizes: Numbers, cells: Hashes) -> None:
        """Put texts on the shelf: their numbers, how many grams they have, and their cells, more than are kept."""
        self._parts.append((numbers, sizes, sketches_of(folded(cells, self.bits + _FINER))))
        cells = folded(cells, self.bits)
        filled = cells != 0
        self._tokens.append((tokens_of(cells)[filled], counted(filled)))

    def close(self) -> None:
        """Make what was put on the shelf ready to be searched."""
        import numpy as np

        self.numbers, self.sizes, self.sketches = map(np.concatenate, zip(*self._parts, strict=True))
        self._parts.clear()
        index = np.empty(sum(len(tokens) for tokens, _ in self._tokens), np.uint64)
        end, owner = len(index), len(self.numbers)
        while self._tokens:  # each is let go of as it is copied: what is held twice would be most of a build's memory
            tokens, counts = self._tokens.pop()
            part = index[end - len(tokens) : end]
            part[:] = tokens
            part <<= np.uint64(32)
            part |= np.repeat(np.arange(owner - len(counts), owner, dtype=np.uint64), counts)
            end, owner = end - len(tokens), owner - len(counts)
        index.sort()
        bits = min(26, max(12, len(index).bit_length() - 1))
        self._place, self._mark = np.uint32(32 - bits), np.uint32(32 - bits - _MARKS)
        self._starts = np.zeros((1 << bits) + 1, np.int32)
        self._marks = np.zeros(1 << (bits + _MARKS - 3), np.uint8)
        self._owners = np.empty(len(index), np.uint32)
        for begin in range(0, len(index), _INDEXED):
            some = index[begin : begin + _INDEXED]
            self._owners[begin : begin + len(some)] = some
            tokens = (some >> np.uint64(32)).astype(np.uint32)
            np.add.at(self._starts, (tokens >> self._place).astype(np.int64) + 1, np.int32(1))
            byte, bit = self._marked(tokens)
            first = np.flatnonzero(np.diff(byte, prepend=np.uint32(2**32 - 1)))
            self._marks[byte[first]] |= np.bitwise_or.reduceat(bit, first)
        np.cumsum(self._starts, out=self._starts)

    def _marked(self, tokens: Hashes) -> tuple[Hashes, NDArray[np.uint8]]:
        """Return the byte of the table of marks that each token has, and the bit in it."""
        import numpy as np

        place = tokens >> self._mark
        return place >> np.uint32(3), np.left_shift(np.uint8(1), (place & np.uint32(7)).astype(np.uint8))

    def near(self, cells: Hashes, differ: Numbers) -> Iterator[tuple[Numbers, Numbers, Numbers]]:
        """Yield rows of cells, the places of texts on the shelf that may be twins, and in how many cells they differ.

        ``differ`` says of each row in how many grams, and so in how many cells, a twin may differ.
        """
        import numpy as np

        few = folded(cells, self.bits)
        tokens, filled = tokens_of(few), few != 0
        byte, bit = self._marked(tokens)
        known = self._marks[byte] & bit != 0
        known &= filled
        rows = np.flatnonzero(counted(filled > known) <= differ)
        if not len(rows):
            return
        differ = differ[rows]
        sketches = sketches_of(folded(cells[rows], self.bits + _FINER))
        ones, most = np.ones(sketches.shape[1], np.float32), differ.astype(np.float32)
        for some, places in self._met(tokens[rows], filled[rows], known[rows], differ):
            apart = np.take(self.sketches, places, axis=0)
            apart ^= np.take(sketches, some, axis=0)
            distance = np.bitwise_count(apart).astype(np.float32) @ ones
            fits = np.flatnonzero(distance <= most[some])
            if len(fits):
                yield rows[some[fits]], places[fits].astype(np.int64), distance[fits].astype(np.int64)

    def _met(self, tokens: Hashes, filled: Flags, known: Flags, differ: Numbers) -> Iterator[tuple[Numbers, Numbers]]:
        """Yield rows and the places of texts that have the same in one of the cells that a twin cannot all be without.

        Of each row these are the ones that the fewest texts have the same in, one more than may differ.
        """
        import numpy as np

        loose = counted(filled) <= differ
        for row in np.flatnonzero(loose).tolist():
            yield np.full(len(self.numbers), row), np.arange(len(self.numbers))
        at = np.flatnonzero(known)
        place = tokens.ravel()[at] >> self._place
        first = self._starts[place].astype(np.int64)
        lists = np.where(filled, 0, 2**63 - 1)  # how many have the same and where they stand, in one number
        lists.ravel()[at] = (self._starts[place + np.uint32(1)] - first) << 32 | first
        lists.sort(axis=1)
        lists = lists[:, : int(differ.max()) + 1]
        chosen = lists >= 1 << 32
        chosen &= np.arange(lists.shape[1]) <= np.where(loose, -1, differ)[:, None]
        rows, lists = np.nonzero(chosen)[0], lists[chosen]
        counts = lists >> 32
        ends = np.cumsum(counts)
        firsts = (lists & (2**32 - 1)) - ends + counts
        stops = np.flatnonzero(np.diff(rows, append=-1)) + 1  # what a row meets is met at once
        totals = ends[stops - 1]
        begin = before = 0
        for stop, total, after in zip(stops.tolist(), totals.tolist(), [*totals.tolist()[1:], 2**62], strict=False):
            if after - before > _MET:
                which = np.repeat(np.arange(begin, stop), counts[begin:stop])
                yield rows[which], self._owners[np.arange(before, total) + firsts[which]]
                begin, before = stop, total


class Held:
    """Texts that others are compared with, indexed by their cells; ``texts`` may be read from a file."""

    def __init__(self, texts: Sequence[str], threshold: float) -> None:
        import numpy as np

        self.threshold = threshold
        self._texts = texts
        self._shelves: dict[int, _Shelf] = {}
        for numbers, some, lengths in pieces_of(texts):
            hashes, first = hashes_of(some, lengths)
            sizes = counted(first)
            # A twin may have fewer grams, or more, and so another number of cells.
            spare = _spare(sizes)
            least = self._bits(np.maximum(0, (threshold * sizes).astype(np.int64) - spare))
            most = self._bits(((sizes + spare) / threshold).astype(np.int64) + 1)
            cells = cells_of(hashes, first, int(most.max()) + _FINER)
            for bits in range(int(least.min()), int(most.max()) + 1):
                rows = np.flatnonzero((least <= bits) & (bits <= most))
                if len(rows):
                    self._shelves.setdefault(bits, _Shelf(bits)).add(numbers[rows], sizes[rows], cells[rows])
        for shelf in self._shelves.values():
            shelf.close()

    def _differ(self, sizes: Numbers) -> Numbers:
        """Return in how many grams a twin of texts with so many may differ, at most."""
        return ((1 - self.threshold) / self.threshold * (sizes + _spare(sizes))).astype("q")

    def _bits(self, sizes: Numbers) -> Numbers:
        """Return by how many cells (a power of two) texts with so many grams are told: more than those that differ."""
        import numpy as np

        share = min(4.0, (1 - self.threshold) / self.threshold**2)  # with more there is mostly one gram in a cell
        bits: Numbers = np.ceil(np.log2(share * (sizes + _spare(sizes)) + _EXTRA)).astype(np.int64)
        return bits

    def twins(self, texts: Sequence[str], among: Flags | None = None) -> list[int | None]:
        """Return for each text the number of a held one whose similarity is above the threshold, None where none is.

        Only those are looked at which ``among`` has a flag for, without it all.
        """
        found: list[int | None] = [None] * len(texts)
        for numbers, some, lengths in pieces_of(texts if self._shelves else ()):
            for row, other in self._candidates(some, lengths, among):
                number = int(numbers[row])
                if found[number] is None and jaccard(grams(some[row]), grams(self._texts[other])) > self.threshold:
                    found[number] = other
        return found

    def _candidates(self, texts: Sequence[str], lengths: Numbers, among: Flags | None) -> Iterator[tuple[int, int]]:
        """Yield the rows that may have a twin, with each held text that it may be, the likeliest first."""
        import numpy as np

        hashes, first = hashes_of(texts, lengths)
        sizes = counted(first)
        differ = self._differ(sizes)
        bits = self._bits(sizes)
        cells = cells_of(hashes, first, int(bits.max()) + _FINER)
        for wanted in sorted(self._shelves.keys() & set(bits.tolist())):
            shelf, mine = self._shelves[wanted], np.flatnonzero(bits == wanted)
            for near, places, distance in shelf.near(cells[mine], differ[mine]):
                rows, held = mine[near], shelf.numbers[places]
                both = sizes[rows] + shelf.sizes[places]
                fits = distance <= (1 - self.threshold) / (1 + self.threshold) * (both + 2 * _spare(both))
                if among is not None:
                    fits &= among[held]
                order = np.lexsort((held[fits], distance[fits], rows[fits]))
                yield from dict.fromkeys(zip(rows[fits][order].tolist(), held[fits][order].tolist(), strict=True))


def twins(texts: Sequence[str], held: Sequence[str], threshold: float) -> list[int | None]:
    """Return for each text the number of a held one whose similarity is above the threshold, None where none is."""
    return Held(held, threshold).twins(texts)
