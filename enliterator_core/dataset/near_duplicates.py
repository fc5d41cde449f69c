# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Near-duplicates, exactly: which texts have a twin among others, by the Jaccard similarity of character 5-grams.

With a similarity above t, two texts differ in fewer than (1 - t) / t * n grams, n being those of either. The different
grams of a text are thrown into cells by their hash, and each cell keeps the sum of what fell into it, odd numbers all,
so that its last bit tells whether they were an even number. A gram that one text has and its twin has not changes one
cell. So of any cells more than the grams that may differ, one is equal in both (Arasu, Ganti and Kaushik, 2006), and
the last bits differ in no more cells than that (the odd sketch of Mitzenmacher, Pagh and Pham, 2014). The first finds
those that may be twins, by the cells that the fewest held texts have; the second tells nearly all of them apart; what
is left is compared by the grams themselves. Cells next to one another are added up where fewer are wanted: more grams
in a cell make it rarer. All of it works on many texts at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Hashes = NDArray[np.uint32]
    Numbers = NDArray[np.int64]
    Flags = NDArray[np.bool_]
    Sketches = NDArray[np.uint64]

SIZE: Final = 5  # characters in a gram
_ROWS: Final = 256  # texts at once: what is worked on fits the cache of a core
_CELLS: Final = 1 << 18  # characters of them, filled up to the longest
_TOGETHER: Final = 4096  # texts among which those of like length are put together
_MET: Final = 1 << 13  # held texts that are met at once
_SPARE: Final = 8  # cells that a text has more than grams that may differ, at least
_FINER: Final = 2  # bits that the number of a cell of a sketch has more
_MARKS: Final = 4  # bits that the number of a mark has more than that of a list
_ODDS: Final = tuple(map(int, "2654435769 2246822519 3266489917 668265263 374761393".split()))  # those of xxHash


def grams(text: str) -> set[str]:
    """Return the 5-grams of a text; a shorter text is its own only gram."""
    return {text[at : at + SIZE] for at in range(max(1, len(text) - SIZE + 1))}


def jaccard(one: set[str], other: set[str]) -> float:
    """Return the size of the intersection over the size of the union; two empty sets are alike."""
    shared = len(one & other)
    union = len(one) + len(other) - shared
    return shared / union if union else 1.0


def _hashes(texts: Sequence[str], lengths: Numbers) -> Hashes:
    """Return a row for each text with the hashes of its grams, sorted, after zeros."""
    import numpy as np

    width = max(SIZE, int(lengths.max()))
    padded = "".join([text.ljust(width, "\0") for text in texts]).encode("utf-32-le", "surrogatepass")
    codes = np.frombuffer(padded, "<u4")
    one, two, three, _, _ = map(np.uint32, _ODDS)
    pairs = codes[:-1] * one
    pairs += codes[1:]
    fours = pairs[:-2] * two
    fours += pairs[2:]
    rows = np.zeros(len(codes), np.uint32)
    fives = rows[: 1 - SIZE]
    np.multiply(fours[:-1], three, out=fives)
    fives += codes[4:]
    fives ^= fives >> np.uint32(15)
    table = rows.reshape(len(texts), width)
    counts = np.maximum(1, lengths - SIZE + 1)
    least = int(counts.min())
    table[:, least:] *= np.arange(least, width) < counts[:, None]
    table.sort(axis=1)
    return table


def _cells(texts: Sequence[str], lengths: Numbers, bits: int) -> tuple[Hashes, Numbers]:
    """Return a row of cells for each text, and how many different grams it has."""
    import numpy as np

    hashes = _hashes(texts, lengths)
    new = np.empty(hashes.shape, bool)
    np.not_equal(hashes.ravel()[1:], hashes.ravel()[:-1], out=new.ravel()[1:])
    new[:, 0] = hashes[:, 0] != 0
    places = hashes & np.uint32((1 << bits) - 1)
    places += np.arange(0, len(texts) << bits, 1 << bits, np.uint32)[:, None]
    hashes *= np.uint32(_ODDS[4])
    hashes |= np.uint32(1)
    hashes *= new
    cells = np.zeros(len(texts) << bits, np.uint32)
    np.add.at(cells, places.ravel().astype(np.int64), hashes.ravel())
    return cells.reshape(len(texts), -1), np.count_nonzero(new, axis=1)


def _folded(cells: Hashes, bits: int) -> Hashes:
    """Return 2^bits cells for each text, from more of them."""
    while (half := cells.shape[1] // 2) >= 1 << bits:
        cells = cells[:, :half] + cells[:, half:]
    return cells


def _sketches(cells: Hashes) -> Sketches:
    """Return of each text the last bits of its cells."""
    import numpy as np

    odd = np.packbits(cells.astype(np.uint8) & np.uint8(1), axis=1)
    return odd.view(np.uint64) if odd.shape[1] % 8 == 0 else odd.view(np.uint32).astype(np.uint64)


def _tokens(cells: Hashes) -> Hashes:
    """Return numbers that stand for what is in each cell and for its place."""
    import numpy as np

    tokens = cells + np.arange(cells.shape[1], dtype=np.uint32) * np.uint32(_ODDS[0])
    tokens ^= tokens >> np.uint32(15)
    tokens *= np.uint32(_ODDS[1])
    tokens ^= tokens >> np.uint32(13)
    tokens *= np.uint32(_ODDS[2])
    tokens ^= tokens >> np.uint32(16)
    return tokens


def _spare(sizes: Numbers) -> Numbers:
    """Return how many grams of texts with so many hashes may have the hash of another, and some more."""
    return 2 + (sizes * sizes >> 31)


def _pieces(texts: Sequence[str]) -> Iterator[tuple[Numbers, list[str], Numbers]]:
    """Yield the texts a few at a time with their numbers and lengths, those of like length together."""
    import numpy as np

    for start in range(0, len(texts), _TOGETHER):
        some = texts[start : start + _TOGETHER]
        lengths = np.fromiter(map(len, some), np.int64, len(some))
        order = np.argsort(lengths, kind="stable")
        while len(order):
            # The longest of those taken together sets the width for all.
            rows = _ROWS
            while rows > 1 and rows * lengths[order[:rows][-1]] > _CELLS:
                rows //= 2
            chosen, order = order[:rows], order[rows:]
            yield start + chosen, [some[number] for number in chosen.tolist()], lengths[chosen]


class _Shelf:
    """Held texts whose grams are told by so many cells, and which of them have the same in a cell."""

    def __init__(self, bits: int) -> None:
        self.bits = bits
        self._parts: list[tuple[Numbers, Numbers, Sketches]] = []
        self._keys: list[NDArray[np.uint64]] = []
        self._count = 0

    def add(self, numbers: Numbers, sizes: Numbers, cells: Hashes) -> None:
        """Put texts on the shelf: their numbers, how many grams they have, and their cells, more than are kept."""
        import numpy as np

        self._parts.append((numbers, sizes, _sketches(_folded(cells, self.bits + _FINER))))
        cells = _folded(cells, self.bits)
        owners, places = np.nonzero(cells)
        tokens = _tokens(cells)[owners, places].astype(np.uint64)
        self._keys.append((tokens << np.uint64(32)) | (owners + self._count).astype(np.uint64))
        self._count += len(numbers)

    def close(self) -> None:
        """Make what was put on the shelf ready to be searched."""
        import numpy as np

        self.numbers, self.sizes, self.sketches = map(np.concatenate, zip(*self._parts, strict=True))
        self._parts.clear()
        index, end = np.empty(sum(map(len, self._keys)), np.uint64), 0
        while self._keys:  # each is let go of as it is copied: what is held twice would be most of a build's memory
            part = self._keys.pop()
            index[end : end + len(part)] = part
            end += len(part)
        index.sort()
        bits = min(26, max(12, len(index).bit_length() - 1))
        self._place, self._mark = np.uint32(32 - bits), np.uint32(32 - bits - _MARKS)
        self._starts = np.zeros((1 << bits) + 1, np.int32)
        self._marks = np.zeros(1 << (bits + _MARKS - 3), np.uint8)
        self._owners = np.empty(len(index), np.uint32)
        for begin in range(0, len(index), 1 << 20):
            some = index[begin : begin + (1 << 20)]
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

        sketches = _sketches(_folded(cells, self.bits + _FINER))
        ones = np.ones(sketches.shape[1], np.float32)  # with floats a product adds up a row fastest
        for rows, places in self._met(_folded(cells, self.bits), differ):
            apart = np.take(self.sketches, places, axis=0)
            apart ^= np.take(sketches, rows, axis=0)
            distance = np.bitwise_count(apart).astype(np.float32) @ ones
            fits = np.flatnonzero(distance <= differ[rows])
            if len(fits):
                yield rows[fits], places[fits].astype(np.int64), distance[fits].astype(np.int64)

    def _met(self, cells: Hashes, differ: Numbers) -> Iterator[tuple[Numbers, Numbers]]:
        """Yield rows and the places of texts that have the same in one of the cells that a twin cannot all be without.

        Of each row these are the ones that the fewest texts have the same in, one more than may differ.
        """
        import numpy as np

        tokens, filled = _tokens(cells), cells != 0
        byte, bit = self._marked(tokens)
        known = self._marks[byte] & bit != 0
        known &= filled
        total = np.count_nonzero(filled, axis=1)
        for row in np.flatnonzero(total <= differ).tolist():
            yield np.full(len(self.numbers), row), np.arange(len(self.numbers))
        rows = np.flatnonzero((total > differ) & (total - np.count_nonzero(known, axis=1) <= differ))
        if not len(rows):
            return
        place = tokens[rows] >> self._place
        first = self._starts[place].astype(np.int64)
        lists = self._starts[place + np.uint32(1)] - first
        lists <<= 32
        lists |= first
        lists *= known[rows]
        lists[~filled[rows]] = 2**63 - 1
        lists.sort(axis=1)
        lists = lists[:, : int(differ[rows].max()) + 1]
        chosen = lists >= 1 << 32
        chosen &= np.arange(lists.shape[1]) <= differ[rows][:, None]
        lists, rows = lists[chosen], np.repeat(rows, np.count_nonzero(chosen, axis=1))
        counts = lists >> 32
        ends = np.cumsum(counts)
        firsts = (lists & (2**32 - 1)) - ends + counts
        begin = 0
        while begin < len(ends):
            before = ends[begin - 1] if begin else 0
            end = max(begin + 1, int(np.searchsorted(ends, before + _MET, side="right")))
            which = np.repeat(np.arange(begin, end), counts[begin:end])
            yield rows[which], self._owners[np.arange(before, ends[end - 1]) + firsts[which]]
            begin = end


class Held:
    """Texts that others are compared with, indexed by their cells; ``texts`` may be read from a file."""

    def __init__(self, texts: Sequence[str], threshold: float) -> None:
        import numpy as np

        self.threshold = threshold
        self._texts = texts
        self._shelves: dict[int, _Shelf] = {}
        for numbers, some, lengths in _pieces(texts):
            cells, sizes = self._cells(some, lengths)
            # A twin may have fewer grams, or more, and so another number of cells.
            spare = _spare(sizes)
            least = self._bits(self._differ(np.maximum(0, (threshold * sizes).astype(np.int64) - spare)))
            most = self._bits(self._differ(((sizes + spare) / threshold).astype(np.int64) + 1))
            for bits in range(int(least.min()), int(most.max()) + 1):
                rows = np.flatnonzero((least <= bits) & (bits <= most))
                if len(rows):
                    self._shelves.setdefault(bits, _Shelf(bits)).add(numbers[rows], sizes[rows], cells[rows])
        for shelf in self._shelves.values():
            shelf.close()

    def _differ(self, sizes: Numbers) -> Numbers:
        """Return in how many grams a twin of texts with so many may differ, at most."""
        import numpy as np

        return np.floor((1 - self.threshold) / self.threshold * (sizes + _spare(sizes))).astype(np.int64)

    def _bits(self, differ: Numbers) -> Numbers:
        """Return by how many cells (a power of two) texts are told that may differ in so many grams."""
        import numpy as np

        return np.ceil(np.log2(differ / self.threshold + _SPARE)).astype(np.int64)

    def _cells(self, texts: Sequence[str], lengths: Numbers) -> tuple[Hashes, Numbers]:
        """Return as many cells as any shelf may want of the texts, and how many grams they have."""
        import numpy as np

        longest = lengths[-1:] + 1
        most = self._bits(self._differ(np.ceil((longest + _spare(longest)) / self.threshold).astype(np.int64) + 1))
        return _cells(texts, lengths, int(most[0]) + _FINER)

    def twins(self, texts: Sequence[str], among: Flags | None = None) -> list[int | None]:
        """Return for each text the number of a held one whose similarity is above the threshold, None where none is.

        Only those are looked at which ``among`` has a flag for, without it all.
        """
        found: list[int | None] = [None] * len(texts)
        if not self._shelves:
            return found
        for numbers, some, lengths in _pieces(texts):
            for row, other in self._candidates(some, lengths, among):
                number = int(numbers[row])
                if found[number] is None and jaccard(grams(some[row]), grams(self._texts[other])) > self.threshold:
                    found[number] = other
        return found

    def _candidates(self, texts: Sequence[str], lengths: Numbers, among: Flags | None) -> Iterator[tuple[int, int]]:
        """Yield the rows that may have a twin, with each held text that it may be, the likeliest first."""
        import numpy as np

        cells, sizes = self._cells(texts, lengths)
        differ = self._differ(sizes)
        bits = self._bits(differ)
        for wanted in np.unique(bits).tolist():
            shelf = self._shelves.get(wanted)
            if shelf is None:
                continue
            mine = np.flatnonzero(bits == wanted)
            for rows, places, distance in shelf.near(cells[mine], differ[mine]):
                rows, held = mine[rows], shelf.numbers[places]
                both = sizes[rows] + shelf.sizes[places]
                fits = distance <= (1 - self.threshold) / (1 + self.threshold) * (both + _spare(both))
                if among is not None:
                    fits &= among[held]
                order = np.lexsort((held[fits], distance[fits], rows[fits]))
                yield from dict.fromkeys(zip(rows[fits][order].tolist(), held[fits][order].tolist(), strict=True))


def twins(texts: Sequence[str], held: Sequence[str], threshold: float) -> list[int | None]:
    """Return for each text the number of a held one whose similarity is above the threshold, None where none is."""
    return Held(held, threshold).twins(texts)
