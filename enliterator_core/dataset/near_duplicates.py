# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Near-duplicates, exactly: which texts have a twin among others, by the Jaccard similarity of character 5-grams.

Two sets of similarity above t share at least one element among the first |x| - ceil(t |x|) + 1 of each, whatever the
order of elements (the prefix filter of Chaudhuri, Ganti and Kaushik, 2006). The order here is rarest first among the
held texts, so that what a template says comes last and texts are told apart by what varies in them. All of it works
on many texts at once, grams being 64-bit hashes; the pairs that are left are compared by their grams themselves.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from attrs import frozen

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.int64]
    Hashes = NDArray[np.uint64]

SIZE: Final = 5  # characters in a gram
_ROWS: Final = 128  # texts at once: what is worked on fits the cache of a core
_CELLS: Final = 1 << 18  # characters of them, filled up to the longest
_TOGETHER: Final = 4096  # texts among which those of like length are put together
_PAIRS: Final = 1_000_000  # pairs of texts counted at once
_SLOTS: Final = 22  # bits of the table that counts grams
_MARKS: Final = 24  # bits of the table that marks the held texts' rarest grams
_SPREAD: Final = 0x9E3779B97F4A7C15  # 2^64 over the golden ratio, an odd number: Knuth's multiplicative hash
_NONE: Final = 2**64 - 1
_COLLISIONS: Final = 2  # grams of a pair that a hash of 48 bits may confuse without a twin being missed


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


@frozen(eq=False)
class _Prefixes:
    """The rarest grams of some texts: ``tokens`` with the ``rows`` they are of, and of each row the number of its
    different grams (``sizes``), how many are behind the prefix (``after``) and the ``last`` token in it."""

    tokens: Hashes
    rows: Numbers
    sizes: Numbers
    after: Numbers
    last: Hashes


class Held:
    """Texts that others are compared with, indexed by the rarest grams of each; ``texts`` may be read from a file."""

    def __init__(self, texts: Sequence[str], threshold: float) -> None:
        import numpy as np

        self.threshold = threshold
        self._texts = texts
        counts = np.zeros(1 << _SLOTS, np.uint32)
        for _, some in _pieces(texts):
            keys = hashes(some)
            np.add.at(counts, (keys >> np.uint64(64 - _SLOTS))[keys != _NONE], 1)
        # Full counters stay full, since an order is all that they give.
        self._counts = np.minimum(counts, 2**16 - 2).astype(np.uint16)
        tokens, owners = [np.zeros(0, np.uint64)], [np.zeros(0, np.int32)]
        self._sizes, self._after = np.zeros(len(texts), np.int64), np.zeros(len(texts), np.int64)
        self._last = np.zeros(len(texts), np.uint64)
        for numbers, some in _pieces(texts):
            prefixes, places = self._prefixes(some), np.array(numbers)
            tokens.append(prefixes.tokens)
            owners.append(places[prefixes.rows].astype(np.int32))
            self._sizes[places], self._after[places] = prefixes.sizes, prefixes.after
            self._last[places] = prefixes.last
        every = np.concatenate(tokens)
        order = np.argsort(every, kind="stable")
        self._owners = np.concatenate(owners)[order]
        self._tokens, starts = np.unique(every[order], return_index=True)
        self._starts = np.append(starts, len(every))
        self._marks = np.zeros(1 << _MARKS, bool)
        self._marks[self._tokens & np.uint64((1 << _MARKS) - 1)] = True

    def _prefixes(self, texts: Sequence[str]) -> _Prefixes:
        import numpy as np

        keys = hashes(texts)
        rarity = self._counts[keys >> np.uint64(64 - _SLOTS)].astype(np.uint64)
        tokens = np.where(keys == _NONE, keys, (rarity << np.uint64(48)) | (keys & np.uint64(2**48 - 1)))
        tokens.sort(axis=1)
        different = tokens != _NONE
        different[:, 1:] &= tokens[:, 1:] != tokens[:, :-1]
        place = np.cumsum(different, axis=1, dtype=np.int32)
        sizes = place[:, -1].astype(np.int64)
        after = np.ceil(self.threshold * sizes - 1e-9).astype(np.int64) - 1
        inside = different & (place <= (sizes - after)[:, None])
        rows, columns = np.nonzero(inside)
        ends = np.cumsum(inside.sum(axis=1)) - 1
        return _Prefixes(tokens[rows, columns], rows, sizes, after, tokens[rows[ends], columns[ends]])

    def twins(self, texts: Sequence[str]) -> list[int | None]:
        """Return for each text the number of a held one whose similarity is above the threshold, None where none is."""
        found: list[int | None] = [None] * len(texts)
        if not len(self._texts):
            return found
        for numbers, some in _pieces(texts):
            prefixes = self._prefixes(some)
            for row, candidates in self._candidates(prefixes):
                found[numbers[row]] = self._alike(some[row], candidates)
        return found

    def _candidates(self, prefixes: _Prefixes) -> Iterator[tuple[int, list[int]]]:
        """Yield the rows that may have a twin, each with the held texts it may be, the likeliest first.

        What two texts share is at most what their prefixes share and what follows the prefix that ends first (PPJoin's
        bound, Xiao et al., 2008).
        """
        import numpy as np

        marked = self._marks[prefixes.tokens & np.uint64((1 << _MARKS) - 1)]
        tokens, rows = prefixes.tokens[marked], prefixes.rows[marked]
        at = np.minimum(np.searchsorted(self._tokens, tokens), len(self._tokens) - 1)
        known = self._tokens[at] == tokens
        at, rows = at[known], rows[known]
        counts = self._starts[at + 1] - self._starts[at]
        for first, last in _bounded(rows, counts):
            some = slice(first, last)
            number = counts[some]
            places = np.repeat(self._starts[at[some]] - np.cumsum(number) + number, number) + np.arange(number.sum())
            pairs = np.repeat(rows[some], number) * len(self._sizes) + self._owners[places]
            pairs, shared = np.unique(pairs, return_counts=True)
            probe, held = np.divmod(pairs, len(self._sizes))
            after = np.where(self._last[held] > prefixes.last[probe], prefixes.after[probe], self._after[held])
            needed = self.threshold / (1 + self.threshold) * (prefixes.sizes[probe] + self._sizes[held])
            fits = shared + after + _COLLISIONS >= needed
            probe, held, shared = probe[fits], held[fits], shared[fits]
            order = np.lexsort((held, -shared, probe))
            probe, held = probe[order], held[order]
            ends = [*np.flatnonzero(np.diff(probe)) + 1, len(probe)] if len(probe) else []
            for begin, end in zip([0, *ends], ends, strict=False):
                yield int(probe[begin]), held[begin:end].tolist()

    def _alike(self, text: str, candidates: list[int]) -> int | None:
        mine = grams(text)
        return next((one for one in candidates if jaccard(mine, grams(self._texts[one])) > self.threshold), None)


def _bounded(rows: Numbers, counts: Numbers) -> Iterator[tuple[int, int]]:
    """Yield ranges of tokens whose held texts are not too many to be counted at once; a row is in one range."""
    import numpy as np

    if not len(rows):
        return
    ends = np.append(np.flatnonzero(np.diff(rows)) + 1, len(rows))
    total = np.cumsum(counts)[ends - 1]
    first = before = 0
    for row, end in enumerate(ends.tolist()):
        if row + 1 == len(ends) or total[row + 1] - before > _PAIRS:
            yield first, end
            first, before = end, int(total[row])


def twins(texts: Sequence[str], held: Sequence[str], threshold: float) -> list[int | None]:
    """Return for each text the number of a held one whose similarity is above the threshold, None where none is."""
    return Held(held, threshold).twins(texts)
