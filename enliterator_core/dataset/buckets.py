# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Near-duplicates found a second time, for the proof: by buckets of grams that must be equal.

The different 5-grams of a text fall into buckets by their hash, and each bucket has a signature, a sum over what is in
it. Where the grams of two texts differ in at most d, at most d buckets differ and all the others are equal (the
pigeonhole principle, as PartEnum uses it: Arasu, Ganti and Kaushik, 2006). It rules out nearly all, in three steps:

1. A text with more than d buckets that are found in none of the others has no twin.
2. Of any d + k buckets of a text its twin has k; those that are rarest among the others are looked up.
3. Two texts that differ in more than d of a fixed number of small buckets are no twins. Here the signature is one bit,
   whether the number of grams is odd.

What is left is compared by the grams themselves. Hashes of different grams that are equal make the sets of two texts
no more different than they are, but smaller: d is that of a text with ``_slack`` more grams.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from enliterator_core.dataset.gram_buckets import (
    Texts,
    batches,
    bucket_bits,
    bucket_sums,
    bucket_tokens,
    odd_counts,
)

if TYPE_CHECKING:
    from enliterator_core.dataset.gram_buckets import Hashes, Numbers, Words

_PAIRS: Final = 1 << 20  # that are looked at at once
_MORE: Final = 2  # equal buckets beyond the first that a pair must show
_SMALL: Final = (9, 13)  # bits of a small bucket's number, at least and at most
_LOW: Final = 32  # bits of a number that goes with another in one
_LOWER: Final = 2**_LOW - 1  # all of them


def alike(texts: Texts, others: Texts, limit: float) -> set[int]:
    """Return the numbers of the texts with one among the others whose Jaccard similarity is over the limit."""
    index = Index(limit)
    index.alike(others, keep=True)
    return index.alike(texts)


def _similar(one: str, other: str, limit: float) -> bool:
    mine, its = ({text[i : i + 5] for i in range(max(1, len(text) - 4))} for text in (one, other))
    shared = len(mine & its)
    return shared > limit * (len(mine) + len(its) - shared)


def _slack(sizes: Numbers) -> Numbers:
    """Return how many grams of so many may have the hash of another, which makes their number seem smaller.

    By the birthday problem more have it in less than one of 10^9 texts, whatever their size; and even then a twin is
    missed only at the very limit.
    """
    return 1 + (sizes >> 8)


class Index:
    """The buckets of texts, to be met by those of others; texts are numbered as they come."""

    def __init__(self, limit: float) -> None:
        import numpy as np

        self._limit = limit
        self._texts: list[Texts] = []
        self._numbers, self._sizes = np.zeros(0, np.int64), np.zeros(0, np.int64)
        self._keys, self._small, self._bits = np.zeros(0, np.uint64), np.zeros((0, 0), np.uint64), 0

    def alike(self, texts: Texts, keep: bool = False) -> set[int]:
        """Return the numbers of texts that are alike to one of the index; keep them in it for those of a later call."""
        found: set[int] = set()
        kept: list[tuple[Numbers, Numbers, Words]] = []
        parts = [self._keys]
        count = len(self._sizes)
        for numbers, some, table, sizes in batches(texts):
            for row, other in self._pairs(table, sizes) if len(self._sizes) else ():
                number = int(numbers[row])
                if number not in found and _similar(some[row], self._text(other), self._limit):
                    found.add(number)
            if keep:
                self._bits = self._bits or min(max(_SMALL[0], int(sizes[-1]).bit_length()), _SMALL[1])
                kept.append((numbers, sizes, odd_counts(table, self._bits)))
                parts += self._keys_of(table, sizes, count)
                count += len(sizes)
        if kept:
            self._keep(texts, kept, parts)
        return found

    def _text(self, number: int) -> str:
        number = int(self._numbers[number])
        for texts in self._texts:
            if number < len(texts):
                break
            number -= len(texts)
        return texts[number]

    def _keys_of(self, table: Hashes, sizes: Numbers, count: int) -> Iterator[Words]:
        """Yield the tokens of each text, with its number, for as many buckets as its twin can have: one size or two."""
        import numpy as np

        slack = _slack(sizes)
        low, high = bucket_bits(self._limit * sizes - slack), bucket_bits((sizes + slack) / self._limit)
        sums = bucket_sums(table, int(high.max()))
        for bits in range(int(low.min()), int(high.max()) + 1):
            rows = np.flatnonzero((low <= bits) & (bits <= high))
            if len(rows):
                tokens = bucket_tokens(sums[rows], np.full(len(rows), bits))
                keys = tokens.astype(np.uint64) << np.uint64(_LOW)
                keys |= (rows + count).astype(np.uint64)[:, None]
                yield keys[tokens != 0]

    def _keep(self, texts: Texts, kept: list[tuple[Numbers, Numbers, Words]], parts: list[Words]) -> None:
        import numpy as np

        numbers, sizes, small = (np.concatenate(column) for column in zip(*kept, strict=True))
        self._numbers = np.append(self._numbers, sum(map(len, self._texts)) + numbers)
        self._sizes = np.append(self._sizes, sizes)
        self._small = np.append(self._small, small, axis=0) if len(self._small) else small
        self._texts.append(texts)
        self._starts, self._marks = np.zeros(0, np.int32), np.zeros(0, np.uint8)  # to make room
        self._keys, filled = np.empty(sum(map(len, parts)), np.uint64), 0
        while parts:  # one after the other, since together they are as large as the whole
            part = parts.pop()
            self._keys[filled : filled + len(part)] = part
            filled += len(part)
        self._keys.sort()
        self._mark()

    def _mark(self) -> None:
        """Note where the keys of a token begin, and in a table so small that it is at hand which tokens there are."""
        import numpy as np

        slots = min(26, max(12, len(self._keys).bit_length()))
        self._place = np.uint32(32 - slots)
        self._starts = np.zeros((1 << slots) + 1, np.int32)
        self._marked = np.uint32(32 - slots - 3)  # eight marks for each place where keys may begin, a bit each
        self._marks = np.zeros(1 << slots, np.uint8)
        for begin in range(0, len(self._keys), _PAIRS):
            tokens = (self._keys[begin : begin + _PAIRS] >> np.uint64(_LOW)).astype(np.uint32)
            places = (tokens >> self._place).astype(np.int64)
            first, last = int(places[0]), int(places[-1])
            there = np.zeros(last - first + 1 << 3, bool)
            there[(tokens >> self._marked).astype(np.int64) - (first << 3)] = True
            self._marks[first : last + 1] |= np.packbits(there, bitorder="little")
            np.add.at(self._starts, places + 1, np.int32(1))
        np.cumsum(self._starts, out=self._starts)

    def _lost(self, sizes: Numbers) -> Numbers:
        """Return how many grams the symmetric difference of a text of so many and a twin can have."""
        import numpy as np

        lost: Numbers = np.floor((sizes + _slack(sizes)) * (1 - self._limit) / self._limit + 1e-9).astype(np.int64)
        return lost

    def _pairs(self, table: Hashes, sizes: Numbers) -> Iterator[tuple[int, int]]:
        """Yield the pairs of a text and one of the index that may be alike, as their numbers."""
        import numpy as np

        bits = bucket_bits(sizes)
        tokens = bucket_tokens(bucket_sums(table, int(bits.max())), bits)
        marks = self._marks.take((tokens >> self._place).astype(np.int64))
        marks >>= (tokens >> self._marked & np.uint32(7)).astype(np.uint8)
        unknown = (tokens != 0).view(np.uint8) & ~marks
        lost = self._lost(sizes)
        rows = np.flatnonzero(unknown.sum(axis=1, dtype=np.uint32) <= lost)
        if not len(rows):
            return
        for places, other in self._met(tokens.take(rows, axis=0), lost[rows]):
            mine = rows[places]
            near = self._near(table, sizes, mine, other)
            yield from zip(mine[near].tolist(), other[near].tolist(), strict=True)

    def _near(self, table: Hashes, sizes: Numbers, mine: Numbers, other: Numbers) -> Numbers:
        """Return the places of those pairs that neither their sizes nor their small buckets tell apart."""
        import numpy as np

        both = sizes[mine] + self._sizes[other]
        most = (both + _slack(both) + 1) * ((1 - self._limit) / (1 + self._limit)) + 1e-9
        near = np.flatnonzero(np.abs(sizes[mine] - self._sizes[other]) <= most)
        rows, places = np.unique(mine[near], return_inverse=True)
        words = odd_counts(table.take(rows, axis=0), self._bits).take(places, axis=0)
        words ^= self._small.take(other[near], axis=0)
        differing = np.bitwise_count(words).astype(np.float32) @ np.ones(words.shape[1], np.float32)
        return near[differing <= most[near]]

    def _met(self, tokens: Hashes, lost: Numbers) -> Iterator[tuple[Numbers, Numbers]]:
        """Yield pairs of a text, as its row, and one of the index that may share enough of the rarest tokens."""
        import numpy as np

        place = (tokens >> self._place).astype(np.int64)
        start = self._starts.take(place)
        counts = self._starts.take(place + 1) - start
        keys = counts.astype(np.int64) << _LOW | start  # by how many there are, then where they stand
        keys[tokens == 0] = -1
        keys.sort(axis=1)
        empty = (tokens == 0).sum(axis=1)
        more = np.clip(tokens.shape[1] - empty - lost - 1, 0, _MORE)
        columns = np.arange(tokens.shape[1])
        wanted = (columns >= empty[:, None]) & (columns <= (empty + lost + more)[:, None]) & (keys >> _LOW > 0)
        keys, ends = keys[wanted], np.append(0, np.cumsum(wanted.sum(axis=1)))
        counts, start = keys >> _LOW, keys & _LOWER
        met = np.append(0, np.cumsum(counts))
        by_row = met[ends]
        row = 0
        while row < len(tokens):  # all that is met by a row is counted together
            after = max(row + 1, int(np.searchsorted(by_row, by_row[row] + _PAIRS, side="right")) - 1)
            which = np.repeat(np.arange(ends[row], ends[after]), counts[ends[row] : ends[after]])
            places = np.arange(by_row[row], by_row[after]) + (start - met[:-1])[which]
            rows = np.repeat(np.arange(row, after), np.diff(by_row[row : after + 1]))
            pairs = rows << _LOW | (self._keys[places] & np.uint64(_LOWER)).astype(np.int64)
            pairs.sort()
            again = np.minimum(np.arange(len(pairs)) + more[pairs >> _LOW], len(pairs) - 1)
            pairs = np.unique(pairs[pairs[again] == pairs])  # those that stand there so many times more
            yield pairs >> _LOW, pairs & _LOWER
            row = after
        every = np.arange(len(self._sizes))
        for row in np.flatnonzero(tokens.shape[1] - empty <= lost).tolist():  # too few to meet any
            yield np.full(len(every), row), every
