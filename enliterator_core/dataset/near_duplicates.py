# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Near-duplicates, exactly: which texts have a twin among others, by the Jaccard similarity of character 5-grams.

The different grams of a text, in the order of their hashes, are taken two by two: each with the one that follows. Where
the grams of a text are changed into those of its twin, a gram that goes takes two such pairs along and one that comes
takes one, which with a similarity above t makes at most 2 (1 - t) n pairs of n grams. So of any more pairs a twin has
the rest (the prefix filter of Chaudhuri, Ganti and Kaushik, 2006); looked for are those that are rarest among the held
texts. What a template says, and what many names share, thus says nothing. All of it works on many texts at once; what
is left is compared by the grams themselves.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.int64]
    Hashes = NDArray[np.uint32]

SIZE: Final = 5  # characters in a gram
_ROWS: Final = 128  # texts at once: what is worked on fits the cache of a core
_CELLS: Final = 1 << 18  # characters of them, filled up to the longest
_TOGETHER: Final = 4096  # texts among which those of like length are put together
_TOGETHER_COUNTED: Final = 1_000_000  # pairs of texts counted at once
_COUNTED: Final = 1 << 12  # held texts by which it is told what is rare
_SLOTS: Final = 22  # bits of the table by which pairs are counted
_OWNER: Final = 32  # bits of the number of a held text
_SPREAD: Final = 0x9E3779B1  # 2^32 over the golden ratio, an odd number: Knuth's multiplicative hash
_MIX: Final = 0x85EBCA77  # another odd number
_NONE: Final = 2**32 - 1
_COLLISIONS: Final = 1  # pairs that hashes may confuse without a twin being missed, and one more for every 2^15 grams
_MORE: Final = 5  # pairs beyond the first that a twin must show, and one for every so many grams
_MORE_OF: Final = 16


def grams(text: str) -> set[str]:
    """Return the 5-grams of a text; a shorter text is its own only gram."""
    return {text[at : at + SIZE] for at in range(max(1, len(text) - SIZE + 1))}


def jaccard(one: set[str], other: set[str]) -> float:
    """Return the size of the intersection over the size of the union; two empty sets are alike."""
    shared = len(one & other)
    union = len(one) + len(other) - shared
    return shared / union if union else 1.0


def _hashes(texts: Sequence[str]) -> tuple[Hashes, Numbers]:
    """Return the hashes of the different grams of each text, sorted, text after text, and how many each has."""
    import numpy as np

    width = max(SIZE, *map(len, texts))
    padded = "".join([text.ljust(width, "\0") for text in texts]).encode("utf-32-le", "surrogatepass")
    codes = np.frombuffer(padded, "<u4").reshape(len(texts), width)
    count = width - SIZE + 1
    keys = codes[:, :count] * np.uint32(_SPREAD)
    for shift in range(1, SIZE):
        keys += codes[:, shift : count + shift]
        keys *= np.uint32(_SPREAD)
        keys ^= keys >> np.uint32(15)
    lengths = np.fromiter(map(len, texts), np.int64, len(texts))
    keys[np.arange(count) >= np.maximum(1, lengths - SIZE + 1)[:, None]] = _NONE
    keys.sort(axis=1)
    inside = keys != _NONE
    inside[:, 1:] &= keys[:, 1:] != keys[:, :-1]
    return keys[inside], np.count_nonzero(inside, axis=1)


def _pairs(hashes: Hashes, sizes: Numbers) -> Hashes:
    """Return the pairs of neighbours among the grams of each text, one less than it has grams, text after text."""
    import numpy as np

    pairs = (hashes[:-1] ^ (hashes[:-1] >> np.uint32(13))) * np.uint32(_MIX) + hashes[1:]
    pairs ^= pairs >> np.uint32(16)
    pairs *= np.uint32(_SPREAD)
    pairs ^= pairs >> np.uint32(15)
    ends = np.cumsum(sizes)[:-1]
    return np.delete(pairs, ends[(ends > 0) & (ends < len(hashes)) & (sizes[:-1] > 0)] - 1)


def _pieces(texts: Sequence[str], every: int = 1) -> Iterator[tuple[list[int], list[str]]]:
    """Yield the texts, or one of so many, a few at a time with their numbers, those of like length together."""
    for start in range(0, len(texts), _TOGETHER * every):
        some = list(texts[start : start + _TOGETHER * every : every])
        order = sorted(range(len(some)), key=lambda number: len(some[number]))
        while order:
            # The longest of those taken together sets the width for all.
            rows = _ROWS
            while rows > 1 and rows * len(some[order[min(rows, len(order)) - 1]]) > _CELLS:
                rows //= 2
            chosen, order = order[:rows], order[rows:]
            yield [start + number * every for number in chosen], [some[number] for number in chosen]


class Held:
    """Texts that others are compared with, indexed by their rarest pairs; ``texts`` may be read from a file."""

    def __init__(self, texts: Sequence[str], threshold: float) -> None:
        import numpy as np

        self.threshold = threshold
        self._texts = texts
        self._slots = np.uint32(32 - min(_SLOTS, max(12, (256 * len(texts)).bit_length())))
        counts = np.zeros(1 << int(32 - self._slots), np.int32)
        for _, some in _pieces(texts, max(1, -(-len(texts) // _COUNTED))):
            pairs = _pairs(*_hashes(some))
            np.add.at(counts, (pairs >> self._slots).astype(np.int64), np.int32(1))
        # Full counters stay full, since an order is all that they give.
        self._counts = np.minimum(counts, 2**16 - 1).astype(np.uint16)
        del counts
        self._more = np.zeros(len(texts), np.int16)
        parts = []
        for numbers, some in _pieces(texts):
            tokens, rows, self._more[numbers] = self._rarest(*_hashes(some))
            parts.append((tokens.astype(np.uint64) << np.uint64(_OWNER)) | np.array(numbers, np.uint64)[rows])
        self._index, end = np.empty(sum(map(len, parts)), np.uint64), 0
        while parts:  # each is let go of as it is copied: what is held twice would be most of a build's memory
            part = parts.pop()
            self._index[end : end + len(part)] = part
            end += len(part)
        self._index.sort()
        slots = min(26, max(12, len(self._index).bit_length() - 1))
        self._places = np.uint32(32 - slots)
        self._starts = np.zeros((1 << slots) + 1, np.int32)
        self._marked = np.uint32(32 - min(slots + 4, 29))
        self._marks = np.zeros(1 << int(29 - self._marked), np.uint8)
        for begin in range(0, len(self._index), _TOGETHER_COUNTED):
            tokens = (self._index[begin : begin + _TOGETHER_COUNTED] >> np.uint64(_OWNER)).astype(np.uint32)
            byte, bit = self._mark(tokens)
            first = np.flatnonzero(np.diff(byte, prepend=np.uint32(_NONE)))
            self._marks[byte[first]] |= np.bitwise_or.reduceat(bit, first)
            np.add.at(self._starts, (tokens >> self._places).astype(np.int64) + 1, np.int32(1))
        np.cumsum(self._starts, out=self._starts)
        self._most = int(self._more.min(initial=_MORE))
        self._loose = np.flatnonzero(self._more < 0).tolist()

    def _lost(self, sizes: Numbers) -> Numbers:
        """Return how many pairs of texts with so many grams a twin may be without."""
        import numpy as np

        lost: Numbers = np.floor(2 * (1 - self.threshold) * sizes + 1e-9).astype(np.int64)
        return lost + _COLLISIONS + (sizes >> 15)

    def _mark(self, tokens: Hashes) -> tuple[Hashes, NDArray[np.uint8]]:
        """Return the byte of the table of marks that each pair has, and the bit in it."""
        import numpy as np

        place = tokens >> self._marked
        return place >> np.uint32(3), np.uint8(1) << (place & np.uint32(7)).astype(np.uint8)

    def _rarest(self, hashes: Hashes, sizes: Numbers) -> tuple[Hashes, Numbers, Numbers]:
        """Return the rarest pairs of each text, the row of each, and how many a twin has of them.

        What a twin has is told beyond the first; -1 stands for a text so short that a twin may share no pair.
        """
        import numpy as np

        pairs = _pairs(hashes, sizes)
        totals = np.maximum(sizes - 1, 0)
        keys = self._counts[pairs >> self._slots].astype(np.uint64) << np.uint64(32)
        keys |= pairs
        keys |= np.repeat(np.arange(len(sizes), dtype=np.uint64) << np.uint64(48), totals)
        keys.sort()  # by row, then by rarity
        lost = self._lost(sizes)
        more = np.clip(totals - lost - 1, -1, _MORE + sizes // _MORE_OF)
        wanted = np.clip(lost + more + 1, 0, totals)
        rows, places = _ranges(np.cumsum(totals) - totals, wanted)
        return keys[places].astype(np.uint32), rows, more

    def twins(self, texts: Sequence[str]) -> list[int | None]:
        """Return for each text the number of a held one whose similarity is above the threshold, None where none is."""
        found: list[int | None] = [None] * len(texts)
        if not len(self._texts):
            return found
        for numbers, some in _pieces(texts):
            for row, candidates in self._candidates(some):
                if found[numbers[row]] is None:
                    found[numbers[row]] = self._alike(some[row], candidates)
        return found

    def _candidates(self, texts: Sequence[str]) -> Iterator[tuple[int, Sequence[int]]]:
        """Yield the rows that may have a twin, each with the held texts it may be, the likeliest first."""
        import numpy as np

        hashes, sizes = _hashes(texts)
        tokens, rows, more = self._rarest(hashes, sizes)
        byte, bit = self._mark(tokens)
        marked = self._marks[byte] & bit != 0
        enough = np.bincount(rows[marked], minlength=len(texts)) > np.minimum(more, self._most)
        marked &= enough[rows]
        tokens, rows = tokens[marked], rows[marked]
        place = tokens >> self._places
        first = self._starts[place]
        for begin, end in _bounded(rows, counts := self._starts[place + np.uint32(1)] - first):
            met, places = _ranges(first[begin:end], counts[begin:end])
            entries = self._index[places]
            same = (entries >> np.uint64(_OWNER)).astype(np.uint32) == tokens[begin:end][met]
            both = rows[begin:end][met[same]].astype(np.uint64) << np.uint64(_OWNER)
            both, shared = np.unique(both | (entries[same] & np.uint64(2**_OWNER - 1)), return_counts=True)
            probe, held = ((both >> np.uint64(_OWNER)).astype(np.int64), both.astype(np.uint32).astype(np.int64))
            fits = shared > np.minimum(more[probe], self._more[held])
            probe, held, shared = probe[fits], held[fits], shared[fits]
            order = np.lexsort((held, -shared, probe))
            probe, held = self._near(hashes, sizes, probe[order], held[order])
            ends = [*(np.flatnonzero(np.diff(probe)) + 1).tolist(), len(probe)] if len(probe) else []
            for start, stop in zip([0, *ends], ends, strict=False):
                yield int(probe[start]), held[start:stop].tolist()
        if self._loose:
            yield from ((row, self._loose) for row in range(len(texts)))
        yield from ((row, range(len(self._texts))) for row in np.flatnonzero(more < 0).tolist())

    def _near(self, hashes: Hashes, sizes: Numbers, probe: Numbers, held: Numbers) -> tuple[Numbers, Numbers]:
        """Return those of pairs of a text and a held one that the hashes of all their grams do not tell apart."""
        import numpy as np

        fits = [np.zeros(0, bool)]
        starts = np.cumsum(sizes) - sizes
        for first in range(0, len(probe), _ROWS):
            mine, others = probe[first : first + _ROWS], held[first : first + _ROWS]
            some, place = np.unique(others, return_inverse=True)
            theirs, lengths = _hashes([self._texts[number] for number in some.tolist()])
            pairs, places = _ranges(starts[mine], sizes[mine])
            again, spots = _ranges((np.cumsum(lengths) - lengths)[place], lengths[place])
            keys = np.concatenate((pairs, again)).astype(np.uint64) << np.uint64(32)
            keys |= np.concatenate((hashes[places], theirs[spots]))
            keys.sort()
            both = (keys[1:][keys[1:] == keys[:-1]] >> np.uint64(32)).astype(np.int64)
            shared = np.bincount(both, minlength=len(mine))
            union = sizes[mine] + lengths[place] - shared
            fits.append(shared + _COLLISIONS + (union >> 15) > self.threshold * union)
        near = np.concatenate(fits)
        return probe[near], held[near]

    def _alike(self, text: str, candidates: Sequence[int]) -> int | None:
        mine = grams(text)
        return next((one for one in candidates if jaccard(mine, grams(self._texts[one])) > self.threshold), None)


def _ranges(first: Numbers, counts: Numbers) -> tuple[Numbers, Numbers]:
    """Return the numbers from each first one on, as many as its count, after the place of each in ``first``."""
    import numpy as np

    rows = np.repeat(np.arange(len(counts)), counts)
    return rows, np.arange(len(rows)) + (first - np.cumsum(counts) + counts)[rows]


def _bounded(rows: Numbers, counts: Numbers) -> Iterator[tuple[int, int]]:
    """Yield ranges of tokens whose held texts are not too many to be counted at once; a row is in one range."""
    import numpy as np

    if not len(rows):
        return
    ends = np.append(np.flatnonzero(np.diff(rows)) + 1, len(rows))
    total = np.cumsum(counts)[ends - 1]
    first = before = 0
    for row, end in enumerate(ends.tolist()):
        if row + 1 == len(ends) or total[row + 1] - before > _TOGETHER_COUNTED:
            yield first, end
            first, before = end, int(total[row])


def twins(texts: Sequence[str], held: Sequence[str], threshold: float) -> list[int | None]:
    """Return for each text the number of a held one whose similarity is above the threshold, None where none is."""
    return Held(held, threshold).twins(texts)
