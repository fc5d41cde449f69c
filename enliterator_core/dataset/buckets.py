# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Near-duplicates found a second time, for the proof: by buckets of grams that must be equal.

The different 5-grams of a text fall into buckets by their hash, and each bucket has a token, which stands for what is
in it. Where the grams of two texts differ in at most d, at most d buckets differ and all the others are equal (the
pigeonhole principle, as PartEnum uses it: Arasu, Ganti and Kaushik, 2006). It rules out nearly all, in four steps:

1. A text with more than d tokens that none of the others has, has no twin.
2. Its twins are among those of about its size.
3. Go by how many of the others have a token: among the d + k rarest tokens of a text and the d' + k rarest of its twin,
   k are the same (a prefix filter: Chaudhuri, Ganti and Kaushik, 2006; with more than one: Xiao and others, 2011).
4. Two texts that differ in more than d of their buckets are no twins.

What is left is compared by the grams themselves. Hashes of different grams that are equal make the sets of two texts
no more different than they are, but smaller: d is that of a text with ``_slack`` more grams.

How much there is to remember does not grow with the texts: the tokens of the others, and of what the first step leaves,
wait in files, and the others are taken from there a block at a time (:mod:`enliterator_core.dataset.token_files`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING, Final

from enliterator_core.dataset.gram_buckets import (
    Texts,
    batches,
    bucket_bits,
    bucket_sums,
    bucket_tokens,
    fingers_of,
    folded,
)
from enliterator_core.dataset.parted import temporary
from enliterator_core.dataset.token_files import Rarest, RarestFile, Rows, TokenFile, joined
from enliterator_core.dataset.token_tables import MOST_ROWS, Block, Counts, Marks

if TYPE_CHECKING:
    from enliterator_core.dataset.gram_buckets import Hashes, Numbers

    Files = dict[tuple[int, int], TokenFile]  # by the bits of a bucket's number, and the texts' class of size

_MARKS: Final = 24  # bits of the number of a mark: there is a mark for some of all the tokens of a large dataset
_COUNTS: Final = 22  # bits of the number of a count
_HELD: Final = 1 << 20  # rarest tokens of the others in a block
_ASKED: Final = 1 << 18  # tokens of texts that are met with them at once
_SAME: Final = 3  # rarest tokens that twins share
_WIDEST: Final = 1 << 40  # grams that no text has
_EMPTY: Final = 2**64 - 1  # in place of a token where a bucket is empty
_KEPT: Final = 512  # texts whose grams are kept


def alike(texts: Texts, others: Texts, limit: float) -> set[int]:
    """Return the numbers of the texts with one among the others whose Jaccard similarity is over the limit."""
    with Index(limit) as index:
        index.alike(others, keep=True)
        return index.alike(texts)


def _grams_of(text: Callable[[int], str]) -> Callable[[int], set[str]]:
    """Return what tells the grams of a text by its number: of those that may be alike most are asked for many times."""

    @lru_cache(_KEPT)
    def grams(number: int) -> set[str]:
        said = text(number)
        return {said[at : at + 5] for at in range(max(1, len(said) - 4))}

    return grams


def _similar(mine: set[str], its: set[str], limit: float) -> bool:
    shared = len(mine & its)
    return shared > limit * (len(mine) + len(its) - shared)


def _slack(sizes: Numbers) -> Numbers:
    """Return how many grams of so many may have the hash of another, which makes their number seem smaller.

    By the birthday problem more have it in less than one of 10^9 texts, whatever their size; and even then a twin is
    missed only at the very limit.
    """
    return 1 + (sizes >> 8)


class Index:
    """The buckets of texts, to be met by those of others."""

    def __init__(self, limit: float) -> None:
        self._limit = limit
        self._classes = self._bounds()
        self._held: defaultdict[tuple[int, int], list[TokenFile]] = defaultdict(list)
        self._texts: list[tuple[int, Texts]] = []  # those that are held, with the number of the first
        self._count = 0
        self._marks, self._counts = Marks(_MARKS), Counts(_COUNTS)
        self._files = ExitStack()

    def __enter__(self) -> Index:
        return self

    def __exit__(self, *_: object) -> None:
        self._files.close()

    def _bounds(self) -> Numbers:
        """Return the least size of each class but the first: twins are of the same class or of two side by side."""
        import numpy as np

        bounds = [1]
        while bounds[-1] < _WIDEST:
            size = np.array(bounds[-1])
            bounds.append(1 + int(max((size + _slack(size)) / self._limit, 1.1 * size)))
        return np.array(bounds)

    def alike(self, texts: Texts, keep: bool = False) -> set[int]:
        """Return the numbers of texts that are alike to one of the index; keep them in it for those of a later call."""
        with ExitStack() as files:
            asked: Files = {}
            held: Files = {}
            for numbers, table, sizes in batches(texts):
                if self._texts:
                    self._ask(numbers, table, sizes, asked, files)
                if keep:
                    self._hold(self._count + numbers, table, sizes, held)
            found = self._found(texts, asked)
        if keep:
            self._texts.append((self._count, texts))
            self._count += len(texts)
            for key, file in held.items():
                self._held[key].append(file)
        return found

    def _hold(self, numbers: Numbers, table: Hashes, sizes: Numbers, held: Files) -> None:
        """Put away the tokens of texts, for as many buckets as a twin can have: one number of them or two."""
        import numpy as np

        slack = _slack(sizes)
        low, high = bucket_bits(self._limit * sizes - slack), bucket_bits((sizes + slack) / self._limit)
        most = int(high.max())
        sums = bucket_sums(table, most)
        for bits in range(most, int(low.min()) - 1, -1):
            sums = folded(sums, bits)
            rows = np.flatnonzero((low <= bits) & (bits <= high))
            if len(rows):
                tokens = bucket_tokens(sums if len(rows) == len(sums) else sums[rows])
                self._marks.add(tokens)
                self._counts.add(tokens)
                self._put(held, self._files, bits, numbers[rows], sizes[rows], tokens)

    def _ask(self, numbers: Numbers, table: Hashes, sizes: Numbers, asked: Files, files: ExitStack) -> None:
        """Put away the tokens of texts of which so many are known that they may have a twin."""
        import numpy as np

        every = bucket_bits(sizes)
        for bits in np.unique(every).tolist():
            which = np.flatnonzero(every == bits)
            tokens = bucket_tokens(bucket_sums(table if len(which) == len(table) else table[which], bits))
            near = np.flatnonzero(self._marks.unknown(tokens) <= self._lost(sizes[which]))
            rows = which[near]
            self._put(asked, files, bits, numbers[rows], sizes[rows], tokens[near])

    def _put(
        self, places: Files, files: ExitStack, bits: int, numbers: Numbers, sizes: Numbers, tokens: Hashes
    ) -> None:
        import numpy as np

        classes = np.searchsorted(self._classes, sizes, "right")
        for kind in np.unique(classes).tolist():
            rows = np.flatnonzero(classes == kind)
            if (bits, kind) not in places:
                places[bits, kind] = TokenFile(1 << bits, temporary(files))
            places[bits, kind].add(numbers[rows], sizes[rows], tokens[rows])

    def _found(self, texts: Texts, asked: Files) -> set[int]:
        """Return the numbers of those texts that have a twin indeed."""
        found: set[int] = set()
        mine, its = _grams_of(texts.__getitem__), _grams_of(self._text)
        with ExitStack() as files:
            few = {key: self._told_by_few(file, *key, files) for key, file in asked.items()}
            for (bits, kind), held in self._held.items():
                near = [few[bits, one] for one in (kind - 1, kind, kind + 1) if (bits, one) in few]
                for block in self._blocks(held, self._most(kind)) if near else ():
                    for number, other in self._pairs(block, near):
                        if number not in found and _similar(mine(number), its(other), self._limit):
                            found.add(number)
        return found

    def _told_by_few(self, file: TokenFile, bits: int, kind: int, files: ExitStack) -> RarestFile:
        most = self._most(kind)
        few = RarestFile(bits, most, temporary(files))
        for part in file.parts(_ASKED):
            few.add(self._rarest(part, most))
        return few

    def _text(self, number: int) -> str:
        """Return one of the texts that are held."""
        first, texts = next(one for one in reversed(self._texts) if one[0] <= number)
        return texts[number - first]

    def _lost(self, sizes: Numbers) -> Numbers:
        """Return how many grams the symmetric difference of a text of so many and a twin can have."""
        import numpy as np

        lost: Numbers = np.floor((sizes + _slack(sizes)) * (1 - self._limit) / self._limit + 1e-9).astype(np.int64)
        return lost

    def _most(self, kind: int) -> int:
        """Return how many rarest tokens texts of a class are told by at most."""
        return int(self._lost(self._classes[kind] - 1)) + _SAME

    def _rarest(self, rows: Rows, most: int) -> Rarest:
        """Return for each text as many of its rarest tokens as it must be told by."""
        import numpy as np

        tokens, lost = rows.tokens, self._lost(rows.sizes)
        keys = self._counts.of(tokens).astype(np.uint64) << np.uint64(32) | tokens
        keys[tokens == 0] = _EMPTY
        keys.sort(axis=1)
        keys = keys[:, :most]
        filled = np.count_nonzero(tokens, axis=1)
        keys[np.arange(keys.shape[1]) >= (lost + _SAME)[:, None]] = _EMPTY
        rarest = keys.astype(np.uint32)
        rarest[keys == _EMPTY] = 0
        same = np.clip(filled - lost, 0, _SAME)
        return Rarest(rows.numbers, rows.sizes, same, fingers_of(tokens), rarest)

    def _blocks(self, held: list[TokenFile], most: int) -> Iterator[Rarest]:
        """Yield the texts of some files, as many at once as there is room for."""
        some, room = list[Rarest](), max(1, min(_HELD // most, MOST_ROWS))
        for part in chain.from_iterable(file.parts(min(_ASKED, room * file.width)) for file in held):
            if sum(len(one.numbers) for one in some) + len(part.numbers) > room:
                yield joined(some)
                some = []
            some.append(self._rarest(part, most))
        if some:
            yield joined(some)

    def _pairs(self, block: Rarest, asked: list[RarestFile]) -> Iterator[tuple[int, int]]:
        """Yield the numbers of a text and one of a block that may be alike."""
        import numpy as np

        table = Block(block)
        for part in chain.from_iterable(file.parts(_ASKED) for file in asked):
            for mine, other in table.met(part, self._lost(part.sizes)):
                one, another = part.sizes[mine], block.sizes[other]
                near = np.minimum(one, another) + _slack(np.minimum(one, another)) > self._limit * np.maximum(
                    one, another
                )
                yield from zip(part.numbers[mine[near]].tolist(), block.numbers[other[near]].tolist(), strict=True)
