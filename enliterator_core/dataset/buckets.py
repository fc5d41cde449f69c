# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Near-duplicates found a second time, for the proof: by buckets of grams that must be equal.

The different 5-grams of a text fall into buckets by their hash, and each bucket has a token, which stands for what is
in it. Where the grams of two texts differ in at most d, at most d buckets differ and all the others are equal (the
pigeonhole principle, as PartEnum uses it: Arasu, Ganti and Kaushik, 2006). It rules out nearly all, in four steps:

1. A text with more than d tokens that none of the others has, has no twin.
2. Nor has it one among many of the others, all of like size, where none of these has more than d of its tokens.
3. With all tokens in one order, the rarest among these others first, two twins have k in common of the first d + k of
   either (prefix filtering, as in AllPairs: Bayardo, Ma and Srikant, 2007): these are looked up.
4. Two texts that differ in more than d of their buckets are no twins.

What is left is compared by the grams themselves. Hashes of different grams that are equal make the sets of two texts
no more different than they are, but smaller: d is that of a text with ``_slack`` more grams.

How much there is to remember does not grow with the texts: the tokens of the others, and of what the first step leaves,
wait in files, and the others are taken from there a block at a time (:mod:`enliterator_core.dataset.token_files`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Final

from enliterator_core.dataset.gram_buckets import (
    Texts,
    batches,
    bucket_bits,
    bucket_sums,
    bucket_tokens,
    folded,
)
from enliterator_core.dataset.parted import temporary
from enliterator_core.dataset.token_files import Rows, TokenFile
from enliterator_core.dataset.token_tables import Block, Marks

if TYPE_CHECKING:
    from enliterator_core.dataset.gram_buckets import Hashes, Numbers

_MARKS: Final = 26  # bits of the number of a mark, at most
_TOKENS: Final = 128  # of a text, for which there are marks: about twice as many as most texts have
_HELD: Final = 1 << 21  # tokens of the others in a block
_ASKED: Final = 1 << 18  # tokens of texts that are met with them at once
_KEPT: Final = 512  # texts whose grams are kept


def _grams_of(texts: Texts) -> Callable[[int], set[str]]:
    """Return what tells the grams of a text by its number: of those that may be alike most are asked for many times."""

    @lru_cache(_KEPT)
    def grams(number: int) -> set[str]:
        text = texts[number]
        return {text[at : at + 5] for at in range(max(1, len(text) - 4))}

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


def _bits_for(tokens: int) -> int:
    """Return the bits of the number of a mark where so many are marked: fewer stay at hand, and with more they tell."""
    return min(_MARKS, max(12, tokens.bit_length()))


class Index:
    """The buckets of texts, about ``kept`` of them, to be met by those of others."""

    def __init__(self, limit: float, kept: int) -> None:
        self._limit = limit
        self._held: list[tuple[Texts, dict[int, TokenFile]]] = []
        self._marks = Marks(_bits_for(_TOKENS * kept))
        self._files = ExitStack()

    def __enter__(self) -> Index:
        return self

    def __exit__(self, *_: object) -> None:
        self._files.close()

    def alike(self, texts: Texts, keep: bool = False) -> set[int]:
        """Return the numbers of texts that are alike to one of the index; keep them in it for those of a later call."""
        with ExitStack() as files:
            asked, held = dict[int, TokenFile](), dict[int, TokenFile]()
            for numbers, table, sizes in batches(texts):
                if self._held:
                    self._ask(numbers, table, sizes, asked, files)
                if keep:
                    self._hold(numbers, table, sizes, held)
            found = self._found(texts, asked)
        if keep:
            self._held.append((texts, held))
        return found

    def _hold(self, numbers: Numbers, table: Hashes, sizes: Numbers, held: dict[int, TokenFile]) -> None:
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
                file = held.get(bits) or held.setdefault(bits, TokenFile(bits, temporary(self._files)))
                file.add(numbers[rows], sizes[rows], tokens)

    def _ask(
        self, numbers: Numbers, table: Hashes, sizes: Numbers, asked: dict[int, TokenFile], files: ExitStack
    ) -> None:
        """Put away the tokens of texts of which so many are known that they may have a twin."""
        import numpy as np

        every = bucket_bits(sizes)
        for bits in np.unique(every).tolist():
            which = np.flatnonzero(every == bits)
            tokens = bucket_tokens(bucket_sums(table if len(which) == len(table) else table[which], bits))
            near = np.flatnonzero(self._marks.unknown(tokens) <= self._lost(sizes[which]))
            if len(near):
                rows = which[near]
                file = asked.get(bits) or asked.setdefault(bits, TokenFile(bits, temporary(files)))
                file.add(numbers[rows], sizes[rows], tokens[near])

    def _found(self, texts: Texts, asked: dict[int, TokenFile]) -> set[int]:
        """Return the numbers of those texts that have a twin indeed."""
        found: set[int] = set()
        mine = _grams_of(texts)
        for bits, file in asked.items():
            marks = Marks(_bits_for(file.tokens))
            for part in file.parts(_ASKED):
                marks.add(part.tokens)
            for others, held in self._held:
                its = _grams_of(others)
                for block in held[bits].parts(_HELD, kept=partial(self._known, marks)) if bits in held else ():
                    for number, other in self._pairs(block, file):
                        if number not in found and _similar(mine(number), its(other), self._limit):
                            found.add(number)
        return found

    def _known(self, marks: Marks, rows: Rows) -> Rows:
        """Return the texts of which so many tokens are marked that they may have a twin."""
        import numpy as np

        return rows.chosen(np.flatnonzero(marks.unknown(rows.tokens) <= self._lost(rows.sizes)))

    def _lost(self, sizes: Numbers) -> Numbers:
        """Return how many grams the symmetric difference of a text of so many and a twin can have."""
        import numpy as np

        lost: Numbers = np.floor((sizes + _slack(sizes)) * (1 - self._limit) / self._limit + 1e-9).astype(np.int64)
        return lost

    def _pairs(self, block: Rows, asked: TokenFile) -> Iterator[tuple[int, int]]:
        """Yield the numbers of a text and one of a block that may be alike."""
        import numpy as np

        table = Block(block.tokens, self._lost(block.sizes))
        smallest, largest = block.sizes.min(), (block.sizes + _slack(block.sizes)).max()
        least, most = self._limit * smallest - _slack(smallest), largest / self._limit
        for part in asked.parts(_ASKED, least, most):
            for mine, other in table.met(part.tokens, self._lost(part.sizes)):
                one, another = part.sizes[mine], block.sizes[other]
                near = np.minimum(one, another) + _slack(np.minimum(one, another)) > self._limit * np.maximum(
                    one, another
                )
                yield from zip(part.numbers[mine[near]].tolist(), block.numbers[other[near]].tolist(), strict=True)
