# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Near-duplicates found a second time, for the proof: by buckets of grams that must be equal.

The different 5-grams of a text fall into buckets by their hash, and each bucket has a signature, a sum over what is in
it. Where the grams of two texts differ in at most d, at most d buckets differ and all the others are equal (the
pigeonhole principle, as PartEnum uses it: Arasu, Ganti and Kaushik, 2006). So of any d + k buckets of a text its twin
has k; those that are rarest among the others are looked for, and the pairs that are left are compared by their grams.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Hashes = NDArray[np.uint32]
    Numbers = NDArray[np.int64]

_AT_ONCE: Final = 128  # texts, those of like length among so many:
_ORDERED: Final = 4096
_CELLS: Final = 1 << 18  # characters of them, filled up to the longest
_PAIRS: Final = 1 << 20  # that are counted at once
_MORE: Final = 4  # equal buckets beyond the first that a pair must show
_SAMPLE: Final = 4096  # texts by which it is told which buckets are rare
_COUNTERS: Final = 22  # bits of the table by which they are counted
_SLACK: Final = 1  # by which sizes are off when hashes of grams meet, and one more for every 2^15 grams
_ODD: Final = 0xCC9E2D51  # odd numbers by which bits are spread, those of MurmurHash3
_SECOND: Final = 0x1B873593
_FULL: Final = 2**32 - 1
_LOW: Final = 32  # bits of a number that goes with another in one


class Texts(Protocol):
    """Texts that can be gone through and looked up."""

    def __len__(self) -> int:
        """Return how many there are."""

    def __iter__(self) -> Iterator[str]:
        """Go through all."""

    def __getitem__(self, number: int) -> str:
        """Return one."""


def alike(texts: Texts, others: Texts, limit: float) -> set[int]:
    """Return the numbers of the texts with one among the others whose Jaccard similarity is over the limit."""
    return Index(others, limit).alike(texts) if len(others) else set()


def _some(texts: Texts, step: int = 1) -> Iterator[tuple[list[int], list[str]]]:
    """Yield the texts, or one of each `step`, some at a time, with their numbers, those of like length together."""
    every = ((number, text) for number, text in enumerate(texts) if number % step == 0)
    while group := sorted(islice(every, _ORDERED), key=lambda one: len(one[1])):
        while group:
            count = next(size for size in (_AT_ONCE, 16, 1) if size * len(group[:size][-1][1]) <= _CELLS or size == 1)
            some, group = group[:count], group[count:]
            yield [number for number, _ in some], [text for _, text in some]


def _similar(one: str, other: str, limit: float) -> bool:
    mine, its = ({text[i : i + 5] for i in range(max(1, len(text) - 4))} for text in (one, other))
    shared = len(mine & its)
    return shared > limit * (len(mine) + len(its) - shared)


def _mixed(values: Hashes) -> Hashes:
    import numpy as np

    mixed = values ^ (values >> np.uint32(16))
    mixed *= np.uint32(_ODD)
    mixed ^= mixed >> np.uint32(13)
    return mixed


def _sets(texts: Sequence[str]) -> tuple[Hashes, Numbers]:
    """Return the hashes of the different grams of each text, sorted, text after text, and how many each has."""
    import numpy as np

    width = max(5, *map(len, texts))
    joined = "".join([text.ljust(width, "\0") for text in texts]).encode("utf-32-le", "surrogatepass")
    codes = np.frombuffer(joined, "<u4").reshape(-1, width)
    table = codes[:, : width - 4] * np.uint32(_SECOND)
    for place in range(1, 5):  # Horner's scheme, in place, the high bits mixed into the low ones
        table ^= table >> np.uint32(14)
        table += codes[:, place : place + width - 4]
        table *= np.uint32(_ODD if place % 2 else _SECOND)
    table = _mixed(table)
    lengths = np.array([max(1, len(text) - 4) for text in texts])
    table[np.arange(width - 4) >= lengths[:, None]] = _FULL
    table.sort(axis=1)
    inside = table != _FULL
    inside[:, 1:] &= table[:, 1:] != table[:, :-1]
    return table[inside], np.count_nonzero(inside, axis=1)


def _bits(sizes: NDArray[np.float64] | Numbers) -> Numbers:
    """Return the bits of a bucket's number for texts of so many grams, so that two to four are in each bucket."""
    import numpy as np

    return np.maximum(3, np.ceil(np.log2(np.maximum(sizes, 1) / 4))).astype(np.int64)


def _buckets(grams: Hashes, rows: Numbers, bits: Numbers) -> tuple[Hashes, Numbers]:
    """Return a token for each bucket that is not empty, of what is in it, and the text of each; bits go by text."""
    import numpy as np

    if not len(grams):
        return grams, rows
    width = bits.astype(np.uint32)[rows]
    buckets = grams >> (np.uint32(32) - width)
    new = np.ones(len(grams), bool)
    new[1:] = (rows[1:] != rows[:-1]) | (buckets[1:] != buckets[:-1])
    starts = np.flatnonzero(new)
    sums = np.add.reduceat(_mixed(grams), starts, dtype=np.uint32)
    return _mixed(sums + width[starts] * np.uint32(_SECOND) + buckets[starts]), rows[starts]


def _runs(first: Numbers, counts: Numbers) -> tuple[Numbers, Numbers]:
    """Return for each row the places from its first on, as many as its count, after the row of each."""
    import numpy as np

    rows = np.repeat(np.arange(len(counts)), counts)
    return rows, np.arange(len(rows)) - (np.cumsum(counts) - counts - first)[rows]


class Index:
    """The rarest buckets of texts, to be met by those of others."""

    def __init__(self, texts: Texts, limit: float) -> None:
        import numpy as np

        self._texts, self._limit = texts, limit
        self._slots = np.uint32(32 - min(_COUNTERS, max(12, (128 * len(texts)).bit_length())))
        self._counts = np.zeros(1 << int(32 - self._slots), np.int32)
        for _, some in _some(texts, -(-len(texts) // _SAMPLE)):
            for tokens, _, _ in self._held(*_sets(some)):
                np.add.at(self._counts, (tokens >> self._slots).astype(np.int64), np.int32(1))
        parts = []
        self._more = np.full(len(texts), _MORE, np.int64)
        for numbers, some in _some(texts):
            for tokens, rows, sizes in self._held(*_sets(some)):
                rarest, owners, more = self._rarest(tokens, rows, sizes)
                parts.append((rarest.astype(np.uint64) << np.uint64(_LOW)) | np.array(numbers, np.uint64)[owners])
                self._more[numbers] = np.minimum(self._more[numbers], more)
        self._keys, filled = np.empty(sum(map(len, parts)), np.uint64), 0
        while parts:  # one after the other, since together they are as large as the whole
            part = parts.pop()
            self._keys[filled : filled + len(part)] = part
            filled += len(part)
        self._keys.sort()
        self._shift = np.uint64(64 - min(26, max(12, (2 * len(self._keys)).bit_length())))
        self._starts = np.zeros((1 << int(np.uint64(64) - self._shift)) + 1, np.int32)
        for begin in range(0, len(self._keys), _PAIRS):
            places = (self._keys[begin : begin + _PAIRS] >> self._shift).astype(np.int64)
            np.add.at(self._starts, places + 1, np.int32(1))
        np.cumsum(self._starts, out=self._starts)
        self._loose = np.flatnonzero(self._more < 0)

    def _held(self, grams: Hashes, sizes: Numbers) -> Iterator[tuple[Hashes, Numbers, Numbers]]:
        """Yield the buckets of each text, as many as a text that may be its twin can have: one number or two."""
        import numpy as np

        rows = np.repeat(np.arange(len(sizes)), sizes)
        slack = _SLACK + (sizes >> 15)
        low, high = _bits(np.ceil(self._limit * sizes) - slack), _bits(np.floor(sizes / self._limit) + slack)
        yield *_buckets(grams, rows, low), sizes
        two = (low != high)[rows]
        if two.any():
            yield *_buckets(grams[two], rows[two], high), np.where(low != high, sizes, 0)

    def _rarest(self, tokens: Hashes, rows: Numbers, sizes: Numbers) -> tuple[Hashes, Numbers, Numbers]:
        """Return the d + 1 + k rarest tokens of each text, the text of each, and k for each text.

        A k under 0 says that a text has too few buckets for its twin to share one. With a size of 0 it has no say.
        """
        import numpy as np

        allowed = np.floor(sizes * (1 - self._limit) / self._limit + 1e-9).astype(np.int64) + _SLACK + (sizes >> 15)
        rarity = np.minimum(self._counts[tokens >> self._slots], 2**16 - 1).astype(np.uint64)
        keys = (rows.astype(np.uint64) << np.uint64(48)) | (rarity << np.uint64(_LOW)) | tokens
        keys.sort()  # by text, then by rarity: the number of the text comes first in each
        totals = np.bincount(rows, minlength=len(sizes))
        rows, chosen = _runs(np.cumsum(totals) - totals, np.minimum(totals, allowed + 1 + _MORE))
        more = np.where(sizes == 0, _MORE, np.clip(totals - allowed - 1, -1, _MORE))
        return keys[chosen].astype(np.uint32), rows, more

    def alike(self, texts: Texts, first: int = 0) -> set[int]:
        """Return the numbers of texts that are alike to one of the index, whose texts before ``first`` do not count."""
        found: set[int] = set()
        for numbers, some in _some(texts):
            for row, other in self._pairs(some):
                if (
                    other >= first
                    and numbers[row] not in found
                    and _similar(some[row], self._texts[other], self._limit)
                ):
                    found.add(numbers[row])
        return found

    def _pairs(self, texts: Sequence[str]) -> Iterator[tuple[int, int]]:
        """Yield the pairs of a text and one of the index that may be alike, as their numbers."""
        import numpy as np

        grams, sizes = _sets(texts)
        rows = np.repeat(np.arange(len(sizes)), sizes)
        tokens, rows, more = self._rarest(*_buckets(grams, rows, _bits(sizes)), sizes)
        keys = tokens.astype(np.uint64) << np.uint64(_LOW)
        place = keys >> self._shift
        start = self._starts[place]
        counts = self._starts[place + np.uint64(1)] - start
        known = np.flatnonzero(counts)
        tokens, rows, start, counts = tokens[known], rows[known], start[known], counts[known].astype(np.int64)
        for begin, end in _parts(counts, rows):
            at, met = _runs(start[begin:end], counts[begin:end])
            keys = self._keys[met]
            same = (keys >> np.uint64(_LOW)).astype(np.uint32) == tokens[begin:end][at]
            keys = (rows[begin:end][at[same]].astype(np.uint64) << np.uint64(_LOW)) | keys[same].astype(np.uint32)
            keys, shared = np.unique(keys, return_counts=True)
            probe, other = (keys >> np.uint64(_LOW)).astype(np.int64), keys.astype(np.uint32).astype(np.int64)
            fits = shared > np.minimum(more[probe], self._more[other])
            probe, other = probe[fits], other[fits]
            fits = self._near(grams, sizes, probe, other)
            yield from zip(probe[fits].tolist(), other[fits].tolist(), strict=True)
        for number in range(len(texts)):
            rest = range(len(self._more)) if more[number] < 0 else self._loose.tolist()
            yield from ((number, one) for one in rest)

    def _near(self, grams: Hashes, sizes: Numbers, probe: Numbers, other: Numbers) -> NDArray[np.bool_]:
        """Say of each pair whether the hashes of all their grams let them be alike."""
        import numpy as np

        near = np.zeros(len(probe), bool)
        starts = np.cumsum(sizes) - sizes
        for begin in range(0, len(probe), _AT_ONCE):
            mine, theirs = probe[begin : begin + _AT_ONCE], other[begin : begin + _AT_ONCE]
            every, which = np.unique(theirs, return_inverse=True)
            others, lengths = _sets([self._texts[number] for number in every.tolist()])
            rows, places = _runs(starts[mine], sizes[mine])
            ours = (rows.astype(np.uint64) << np.uint64(_LOW)) | grams[places]
            rows, places = _runs((np.cumsum(lengths) - lengths)[which], lengths[which])
            yours = (rows.astype(np.uint64) << np.uint64(_LOW)) | others[places]
            both = np.intersect1d(ours, yours, assume_unique=True) >> np.uint64(_LOW)
            shared = np.bincount(both.astype(np.int64), minlength=len(mine))
            union = sizes[mine] + lengths[which] - shared
            near[begin : begin + _AT_ONCE] = shared + _SLACK + (union >> 15) > self._limit * union
        return near


def _parts(counts: Numbers, rows: Numbers) -> Iterator[tuple[int, int]]:
    """Yield ranges of tokens, those of a text in one, that meet no more than can be counted at once."""
    import numpy as np

    ends = np.flatnonzero(np.diff(rows, append=-1)) + 1
    met = np.cumsum(counts)[ends - 1] if len(ends) else ends
    begin = 0
    while begin < len(ends):
        before = met[begin - 1] if begin else 0
        stop = max(begin + 1, int(np.searchsorted(met, before + _PAIRS, side="right")))
        yield int(ends[begin - 1]) if begin else 0, int(ends[stop - 1])
        begin = stop
