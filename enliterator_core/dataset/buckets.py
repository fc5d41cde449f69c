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
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Hashes = NDArray[np.uint64]
    Numbers = NDArray[np.int64]

_AT_ONCE: Final = 128  # texts, whose numbers take 7 bits
_CELLS: Final = 1 << 19  # characters of them, filled up to the longest
_MORE: Final = 4  # equal buckets beyond the first that a pair must show
_COUNTERS: Final = 22  # bits of the table by which buckets are counted
_ODD: Final = 0xD6E8FEB86659FD93  # an odd number by which bits are spread
_FULL: Final = 2**64 - 1


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
    found: set[int] = set()
    if len(texts) and len(others):
        index = _Index(others, limit)
        for start, some in _some(texts):
            for number, other in index.pairs(some):
                if start + number not in found and _similar(some[number], others[other], limit):
                    found.add(start + number)
    return found


def _some(texts: Texts) -> Iterator[tuple[int, list[str]]]:
    start, some, width = 0, list[str](), 0
    for text in texts:
        width = max(width, len(text))
        if some and (len(some) == _AT_ONCE or width * (len(some) + 1) > _CELLS):
            yield start, some
            start, some, width = start + len(some), [], len(text)
        some.append(text)
    yield start, some


def _similar(one: str, other: str, limit: float) -> bool:
    mine, its = ({text[i : i + 5] for i in range(max(1, len(text) - 4))} for text in (one, other))
    shared = len(mine & its)
    return shared > limit * (len(mine) + len(its) - shared)


def _mixed(values: Hashes) -> Hashes:
    import numpy as np

    mixed = values ^ (values >> np.uint64(32))
    mixed *= np.uint64(_ODD)
    mixed ^= mixed >> np.uint64(29)
    return mixed


def _sets(texts: Sequence[str]) -> tuple[Hashes, Numbers, Numbers]:
    """Return the hashes of the different grams of each text, sorted, the text of each, and how many each has."""
    import numpy as np

    width = max(5, *map(len, texts))
    joined = "".join([text.ljust(width, "\0") for text in texts]).encode("utf-32-le", "surrogatepass")
    codes = np.frombuffer(joined, "<u4").reshape(-1, width)
    table = codes[:, : width - 4].astype(np.uint64)
    for place in range(1, 5):  # Horner's scheme, in place
        table *= np.uint64(_ODD)
        table += codes[:, place : place + width - 4]
    table = _mixed(table)
    lengths = np.array([max(1, len(text) - 4) for text in texts])
    table[np.arange(width - 4) >= lengths[:, None]] = _FULL
    table.sort(axis=1)
    inside = table != _FULL
    inside[:, 1:] &= table[:, 1:] != table[:, :-1]
    return table[inside], np.repeat(np.arange(len(texts)), inside.sum(axis=1)), inside.sum(axis=1)


def _bits(sizes: NDArray[np.float64] | Numbers) -> Numbers:
    """Return the bits of a bucket's number for texts of so many grams, so that two to four are in each bucket."""
    import numpy as np

    return np.maximum(3, np.ceil(np.log2(np.maximum(sizes, 1) / 4))).astype(np.int64)


def _buckets(grams: Hashes, rows: Numbers, bits: Numbers) -> tuple[Hashes, Numbers]:
    """Return a token for each bucket that is not empty, of what is in it, and the text of each; bits go by text."""
    import numpy as np

    bits = bits[rows].astype(np.uint64)
    buckets = grams >> (np.uint64(64) - bits)
    new = np.ones(len(grams), bool)
    new[1:] = (rows[1:] != rows[:-1]) | (buckets[1:] != buckets[:-1])
    starts = np.flatnonzero(new)
    sums = np.add.reduceat(_mixed(grams), starts)
    return _mixed(sums + (bits[starts] << np.uint64(40)) + buckets[starts]), rows[starts]


class _Index:
    """The rarest buckets of texts, to be met by those of others."""

    def __init__(self, texts: Texts, limit: float) -> None:
        import numpy as np

        self._limit = limit
        self._slots = np.uint64(64 - min(_COUNTERS, max(12, (128 * len(texts)).bit_length())))
        self._counts = np.zeros(1 << int(64 - self._slots), np.int64)
        for _, tokens, _, _ in self._held(texts):
            np.add.at(self._counts, (tokens >> self._slots).astype(np.int64), np.int64(1))
        keys, owners = [np.zeros(0, np.uint64)], [np.zeros(0, np.int32)]
        self._more = np.full(len(texts), _MORE, np.int64)
        for start, tokens, rows, sizes in self._held(texts):
            rarest, owned, more = self._rarest(tokens, rows, sizes)
            keys.append(rarest)
            owners.append((start + owned).astype(np.int32))
            mine = slice(start, start + len(sizes))
            self._more[mine] = np.minimum(self._more[mine], more)
        every = np.concatenate(keys)
        order = np.argsort(every, kind="stable")
        self._owners = np.concatenate(owners)[order]
        self._keys, starts = np.unique(every[order], return_index=True)
        self._starts = np.append(starts, len(every))
        self._shift = np.uint64(57 - max(12, min(25, (16 * len(self._keys)).bit_length())))
        self._seen = np.zeros(1 << int(57 - self._shift), bool)
        self._seen[_mixed(self._keys) >> (self._shift + np.uint64(7))] = True
        self._loose = np.flatnonzero(self._more < 0)

    def _held(self, texts: Texts) -> Iterator[tuple[int, Hashes, Numbers, Numbers]]:
        """Yield the buckets of each text, as many as a text that may be its twin can have: one number or two."""
        import numpy as np

        for start, some in _some(texts):
            grams, rows, sizes = _sets(some)
            low, high = _bits(np.ceil(self._limit * sizes)), _bits(np.floor(sizes / self._limit))
            yield start, *_buckets(grams, rows, low), sizes
            two = (low != high)[rows]
            if two.any():
                tokens, owners = _buckets(grams[two], rows[two], high)
                yield start, tokens, owners, np.where(low != high, sizes, 0)

    def _rarest(self, tokens: Hashes, rows: Numbers, sizes: Numbers) -> tuple[Hashes, Numbers, Numbers]:
        """Return the d + 1 + k rarest tokens of each text as numbers, the text of each, and k for each text.

        A k under 0 says that a text has too few buckets for its twin to share one. With a size of 0 it has no say.
        """
        import numpy as np

        allowed = np.floor(sizes * (1 - self._limit) / self._limit + 1e-9).astype(np.int64)
        rarity = np.minimum(self._counts[tokens >> self._slots], 2**16 - 1).astype(np.uint64)
        keys = (rows.astype(np.uint64) << np.uint64(57)) | (rarity << np.uint64(41)) | (tokens & np.uint64(2**41 - 1))
        keys.sort()  # by text, then by rarity: the number of the text comes first in each
        totals = np.bincount(rows, minlength=len(sizes))
        rows = np.repeat(np.arange(len(sizes)), totals)
        place = np.arange(len(keys)) - (np.cumsum(totals) - totals)[rows]
        chosen = place <= (allowed + _MORE)[rows]
        more = np.where(sizes == 0, _MORE, np.minimum(totals - allowed - 1, _MORE))
        return keys[chosen] & np.uint64(2**57 - 1), rows[chosen], more

    def pairs(self, texts: Sequence[str]) -> Iterator[tuple[int, int]]:
        """Yield the pairs of a text and one of the index that may be alike, as their numbers."""
        import numpy as np

        grams, rows, sizes = _sets(texts)
        tokens, rows, more = self._rarest(*_buckets(grams, rows, _bits(sizes)), sizes)
        likely = self._seen[_mixed(tokens) >> (self._shift + np.uint64(7))]
        tokens, rows = tokens[likely], rows[likely]
        order = np.argsort(tokens)  # sorted keys are looked up several times faster
        tokens, rows = tokens[order], rows[order]
        at = np.minimum(np.searchsorted(self._keys, tokens), max(len(self._keys) - 1, 0))
        known = self._keys[at] == tokens if len(self._keys) else np.zeros(len(tokens), bool)
        at, rows = at[known], rows[known]
        first, counts = self._starts[at], self._starts[at + 1] - self._starts[at]
        met = np.repeat(first - np.cumsum(counts) + counts, counts) + np.arange(counts.sum())
        pairs, shared = np.unique(np.repeat(rows, counts) * len(self._more) + self._owners[met], return_counts=True)
        probe, other = np.divmod(pairs, len(self._more))
        fits = shared > np.minimum(more[probe], self._more[other])
        yield from zip(probe[fits].tolist(), other[fits].tolist(), strict=True)
        for number in range(len(texts)):
            rest = range(len(self._more)) if more[number] < 0 else self._loose.tolist()
            yield from ((number, one) for one in rest)
