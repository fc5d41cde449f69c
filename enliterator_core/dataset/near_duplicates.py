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
    Hashes = NDArray[np.uint64]

SIZE: Final = 5  # characters in a gram
_ROWS: Final = 128  # texts at once: what is worked on fits the cache of a core
_CELLS: Final = 1 << 18  # characters of them, filled up to the longest
_TOGETHER: Final = 4096  # texts among which those of like length are put together
_TOGETHER_COUNTED: Final = 1_000_000  # pairs of texts counted at once
_SLOTS: Final = 23  # bits of the table by which pairs are counted
_OWNER: Final = 24  # bits of the number of a held text
_SPREAD: Final = 0x9E3779B97F4A7C15  # 2^64 over the golden ratio, an odd number: Knuth's multiplicative hash
_NONE: Final = 2**64 - 1
_COLLISIONS: Final = 1  # grams of a text that hashes may confuse without a twin being missed
_MORE: Final = 6  # pairs beyond the first that a twin must show, and one for every so many grams
_MORE_OF: Final = 12


def grams(text: str) -> set[str]:
    """Return the 5-grams of a text; a shorter text is its own only gram."""
    return {text[at : at + SIZE] for at in range(max(1, len(text) - SIZE + 1))}


def jaccard(one: set[str], other: set[str]) -> float:
    """Return the size of the intersection over the size of the union; two empty sets are alike."""
    shared = len(one & other)
    union = len(one) + len(other) - shared
    return shared / union if union else 1.0


def hashes(texts: Sequence[str]) -> Hashes:
    """Return a row for each text with the hash of the gram at each place, filled up with the largest number."""
    import numpy as np

    width = max(SIZE, *map(len, texts))
    padded = "".join([text.ljust(width, "\0") for text in texts]).encode("utf-32-le", "surrogatepass")
    codes = np.frombuffer(padded, "<u4").reshape(len(texts), width)
    count = width - SIZE + 1
    keys = codes[:, :count].astype(np.uint64)
    for shift in range(1, SIZE):
        keys *= np.uint64(_SPREAD)
        keys += codes[:, shift : count + shift]
    keys ^= keys >> np.uint64(32)
    keys *= np.uint64(_SPREAD)
    lengths = np.fromiter(map(len, texts), np.int64, len(texts))
    keys[np.arange(count) >= np.maximum(1, lengths - SIZE + 1)[:, None]] = _NONE
    return keys


def _pieces(texts: Sequence[str]) -> Iterator[tuple[list[int], list[str]]]:
    """Yield the texts a few at a time with their numbers, those of like length together."""
    for start in range(0, len(texts), _TOGETHER):
        some = list(texts[start : start + _TOGETHER])
        order = sorted(range(len(some)), key=lambda number: len(some[number]))
        while order:
            # The longest of those taken together sets the width for all.
            rows = _ROWS
            while rows > 1 and rows * len(some[order[min(rows, len(order)) - 1]]) > _CELLS:
                rows //= 2
            chosen, order = order[:rows], order[rows:]
            yield [start + number for number in chosen], [some[number] for number in chosen]


class Held:
    """Texts that others are compared with, indexed by their rarest pairs; ``texts`` may be read from a file."""

    def __init__(self, texts: Sequence[str], threshold: float) -> None:
        import numpy as np

        self.threshold = threshold
        self._texts = texts
        self._slots = np.uint64(64 - min(_SLOTS, max(12, (256 * len(texts)).bit_length())))
        counts = np.zeros(1 << int(64 - self._slots), np.uint32)
        most = 0
        for _, some in _pieces(texts):
            pairs, sizes = _pairs(hashes(some))
            most += int(np.minimum(sizes, self._lost(sizes) + 1 + _MORE + sizes // _MORE_OF).sum())
            np.add.at(counts, (pairs >> self._slots)[pairs != _NONE].astype(np.int64), np.uint32(1))
        # Full counters stay full, since an order is all that they give.
        self._counts = np.minimum(counts, 2**16 - 2).astype(np.uint16)
        del counts
        self._more = np.zeros(len(texts), np.int16)
        # One array from the start, as large as it can become: two of them would be most of a build's memory.
        index, end = np.empty(most, np.uint64), 0
        self._marked = np.uint64(max(12, (16 * most).bit_length()))
        self._marks = np.zeros(1 << int(self._marked - 3), np.uint8)
        for numbers, some in _pieces(texts):
            tokens, rows, self._more[numbers] = self._rarest(some)
            index[end : end + len(tokens)] = (tokens << np.uint64(_OWNER)) | np.array(numbers, np.uint64)[rows]
            end += len(tokens)
            byte, bit = self._mark(tokens)
            order = np.argsort(byte)
            byte, bit = byte[order], bit[order]
            first = np.flatnonzero(np.diff(byte, prepend=np.uint64(_NONE)))
            if len(first):
                self._marks[byte[first]] |= np.bitwise_or.reduceat(bit, first)
        self._index = index[:end]
        self._index.sort()
        self._most = int(self._more.min(initial=_MORE))
        self._loose = np.flatnonzero(self._more < 0).tolist()

    def _lost(self, sizes: Numbers) -> Numbers:
        """Return how many pairs of texts with so many grams a twin may be without."""
        import numpy as np

        lost: Numbers = np.floor(2 * (1 - self.threshold) * sizes + 1e-9).astype(np.int64) + _COLLISIONS
        return lost

    def _mark(self, tokens: Hashes) -> tuple[Hashes, NDArray[np.uint8]]:
        """Return the byte of the table of marks that each pair has, and the bit in it."""
        import numpy as np

        place = (tokens * np.uint64(_SPREAD)) >> (np.uint64(64) - self._marked)
        return place >> np.uint64(3), np.uint8(1) << (place & np.uint64(7)).astype(np.uint8)

    def _rarest(self, texts: Sequence[str]) -> tuple[Hashes, Numbers, Numbers]:
        """Return the rarest pairs of each text as numbers of 40 bits, the row of each, and how many a twin has of them.

        What a twin has is told beyond the first; -1 stands for a text so short that a twin may share no pair.
        """
        import numpy as np

        pairs, sizes = _pairs(hashes(texts))
        rarity = self._counts[pairs >> self._slots].astype(np.uint64) << np.uint64(48)
        pairs = np.where(pairs == _NONE, pairs, rarity | (pairs & np.uint64(2**48 - 1)))
        pairs.sort(axis=1)
        lost = self._lost(sizes)
        more = np.clip(sizes - 1 - lost - 1, -1, _MORE + sizes // _MORE_OF)
        inside = np.arange(pairs.shape[1]) <= np.maximum(lost + more, -1)[:, None]
        inside &= pairs != _NONE
        rows, _ = np.nonzero(inside)
        return (pairs[inside] & np.uint64(2**48 - 1)) >> np.uint64(8), rows, more

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

        tokens, rows, more = self._rarest(texts)
        byte, bit = self._mark(tokens)
        marked = self._marks[byte] & bit != 0
        enough = np.bincount(rows[marked], minlength=len(texts)) > np.minimum(more, self._most)
        marked &= enough[rows]
        tokens, rows = tokens[marked], rows[marked]
        order = np.argsort(tokens)  # sorted ones are looked up several times faster
        tokens, rows = tokens[order], rows[order]
        first = np.searchsorted(self._index, tokens << np.uint64(_OWNER))
        counts = np.searchsorted(self._index, (tokens + np.uint64(1)) << np.uint64(_OWNER)) - first
        order = np.flatnonzero(counts)[np.argsort(rows[counts > 0], kind="stable")]
        first, rows, counts = first[order], rows[order], counts[order]
        total = len(self._texts)
        for begin, end in _bounded(rows, counts):
            number = counts[begin:end]
            places = np.repeat(first[begin:end] - np.cumsum(number) + number, number) + np.arange(number.sum())
            held = (self._index[places] & np.uint64((1 << _OWNER) - 1)).astype(np.int64)
            both, shared = np.unique(np.repeat(rows[begin:end], number) * total + held, return_counts=True)
            probe, held = np.divmod(both, total)
            fits = shared > np.minimum(more[probe], self._more[held])
            probe, held, shared = probe[fits], held[fits], shared[fits]
            order = np.lexsort((held, -shared, probe))
            probe, held = probe[order], held[order]
            ends = [*(np.flatnonzero(np.diff(probe)) + 1).tolist(), len(probe)] if len(probe) else []
            for start, stop in zip([0, *ends], ends, strict=False):
                yield int(probe[start]), held[start:stop].tolist()
        if self._loose:
            yield from ((row, self._loose) for row in range(len(texts)))
        yield from ((row, range(total)) for row in np.flatnonzero(more < 0).tolist())

    def _alike(self, text: str, candidates: Sequence[int]) -> int | None:
        mine = grams(text)
        return next((one for one in candidates if jaccard(mine, grams(self._texts[one])) > self.threshold), None)


def _pairs(keys: Hashes) -> tuple[Hashes, Numbers]:
    """Return for each row of grams the pairs of neighbours among the different ones, and how many different there are.

    Rows are filled up with the largest number; the rows of ``keys`` are sorted on the way.
    """
    import numpy as np

    keys.sort(axis=1)
    repeated = np.zeros(keys.shape, bool)
    np.equal(keys[:, 1:], keys[:, :-1], out=repeated[:, 1:])
    if (repeated & (keys != _NONE)).any():
        keys[repeated] = _NONE
        keys.sort(axis=1)
    sizes = np.count_nonzero(keys != _NONE, axis=1)
    pairs = (keys[:, :-1] ^ (keys[:, :-1] >> np.uint64(31))) * np.uint64(_SPREAD) + keys[:, 1:]
    pairs ^= pairs >> np.uint64(29)
    pairs *= np.uint64(_SPREAD)
    pairs[np.arange(pairs.shape[1]) >= (sizes - 1)[:, None]] = _NONE
    return pairs, sizes


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
