# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Shelves of texts of like size, told by as many cells.

What is known of texts goes to a file once it is much, and is read again a block at a time: memory is taken by one block
and its index, however many texts there are.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator
from functools import partial
from itertools import pairwise
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO, TYPE_CHECKING, Final, cast
from weakref import finalize

from enliterator_core.dataset.gram_blocks import MORE, Block
from enliterator_core.dataset.gram_cells import FINER, counted, folded, sketches_of, tokens_of
from enliterator_core.dataset.gram_ranks import TOKEN_BITS, Ranks

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from enliterator_core.dataset.gram_blocks import Table
    from enliterator_core.dataset.gram_cells import Hashes, Numbers

_KEPT: Final = 1 << 20  # bytes of a shelf that are kept in memory
_WRITTEN: Final = 1 << 16  # cells that are written at once
_READ: Final = 1 << 17  # cells that are read at once
_BLOCK: Final = 3 << 20  # tokens of all texts in a block, at most
_MOST: Final = 1 << 16  # texts in a block: their numbers have 16 bits


class Shelf:
    """Texts that are told by 2^bits cells: their numbers, how many grams they have, and their tokens.

    Of its tokens each text keeps the rarest, by the ``ranks`` of the texts that it is to be compared with; those that
    others are compared with are ranked among themselves, once all are there. ``differ`` says of texts of some sizes in
    how many cells they may differ from a twin.
    """

    def __init__(
        self, bits: int, differ: Callable[..., Numbers], folder: Path | None, ranks: Ranks | None = None
    ) -> None:
        import numpy as np

        self._bits, self._differ, self._ranks = bits, differ, ranks
        sketch = max(1, (1 << bits + FINER) // 64)
        self._kind = np.dtype(
            [("number", "q"), ("size", "i"), ("kept", "i"), ("sketch", "u8", (sketch,)), ("tokens", "u4", (1 << bits,))]
        )
        self._folder = folder
        self._file = self._opened()
        self._blocks: list[int] = []  # where they begin, and the last one ends, once texts are in order
        self._greatest: list[int] = []  # size in each block
        self._sizes: list[Numbers] = []
        self._new: list[tuple[Numbers, Numbers, Hashes]] = []

    def add(self, numbers: Numbers, sizes: Numbers, cells: Hashes) -> None:
        """Put texts on the shelf; ``cells`` are more than are kept."""
        self._new.append((numbers, sizes, folded(cells, self._bits + FINER)))
        if sum(len(one) for one, _, _ in self._new) << self._bits >= _WRITTEN:
            self._write()

    def _write(self) -> None:
        import numpy as np

        if self._new:
            numbers, sizes, cells = map(np.concatenate, zip(*self._new, strict=True))
            self._new.clear()
            table = np.empty(len(numbers), self._kind)
            table["number"], table["size"] = numbers, sizes
            table["sketch"] = sketches_of(cells)
            table["tokens"] = tokens_of(folded(cells, self._bits))
            if self._ranks is not None:
                unknown = self._rank(table, self._ranks)
                table = table[unknown <= self._differ(table["size"])]  # the others share no token with any
            self._file.write(table.tobytes())
            self._sizes.append(table["size"].copy())

    def _rank(self, table: Table, ranks: Ranks) -> Numbers:
        """Put the tokens of each text in order, the rarest first, and return how many of them are unknown."""
        import numpy as np

        tokens = table["tokens"]
        table["kept"] = np.minimum(counted(tokens != 0), self._differ(table["size"]) + MORE)
        ranked = ranks.ranked(tokens)
        unknown = counted(ranked < 1 << TOKEN_BITS)
        table["tokens"] = np.bitwise_and(ranked, np.uint32(2**TOKEN_BITS - 1), out=ranked)
        return unknown

    def parts(self, least: int, most: int) -> Iterator[Table]:
        """Yield what is on the shelf, some at a time; once it is in order, little beside those of so many grams."""
        self._write()
        at, end = 0, sum(map(len, self._sizes))
        if self._greatest:
            at = self._blocks[bisect_left(self._greatest, least)]
            end = self._blocks[min(bisect_left(self._greatest, most) + 1, len(self._greatest))]
        yield from self._read(at, end)

    def _read(self, at: int, end: int) -> Iterator[Table]:
        import numpy as np

        while at < end:  # others may read in between
            self._file.seek(at * self._kind.itemsize)
            some = min(max(1, _READ >> self._bits), end - at)
            at += some
            yield np.frombuffer(self._file.read(some * self._kind.itemsize), self._kind)

    def blocks(self, among: NDArray[np.bool_] | None) -> Iterator[Block]:
        """Yield the texts that ``among`` has a flag for, without it all, in blocks of those of nearly the same size."""
        import numpy as np

        self.arrange()
        for (begin, end), greatest in zip(pairwise(self._blocks), self._greatest, strict=True):
            room = self._room(np.full(end - begin, greatest))
            for first in range(begin, end, room):  # more than fit may have the same size
                parts = partial(self._chosen, first, min(first + room, end), among)
                if any(map(len, parts())):
                    yield Block(parts, self._differ)

    def _chosen(self, at: int, end: int, among: NDArray[np.bool_] | None) -> Iterator[Table]:
        for part in self._read(at, end):
            yield part if among is None else part[among[part["number"]]]

    def _room(self, sizes: Numbers) -> int:
        """Return how many of the first texts fit into a block; their sizes are in order, and the last one counts."""
        import numpy as np

        kept = np.minimum(self._differ(sizes[:_MOST]) + MORE, 1 << self._bits)
        return max(1, int(np.searchsorted(kept * np.arange(1, len(kept) + 1), _BLOCK, "right")))

    @property
    def count(self) -> int:
        """How many blocks there are at least."""
        self.arrange()
        return len(self._greatest)

    @property
    def ranks(self) -> Ranks:
        """By which texts that are compared with these have to be ranked."""
        self.arrange()
        assert self._ranks is not None
        return self._ranks

    def arrange(self) -> None:
        """Put texts of nearly the same size after each other in the file, and note where the blocks of them begin."""
        import numpy as np

        self._write()
        count = sum(map(len, self._sizes))
        if self._blocks or not count:
            return
        ranked, ranks = self._ranks is not None, self._ranks
        if ranks is None:
            ranks = self._ranks = Ranks((part["tokens"] for part in self.parts(0, 0)), count, self._bits)
        sizes = np.sort(np.concatenate(self._sizes))
        greatest: list[int] = []
        self._blocks = [0]
        while self._blocks[-1] < len(sizes):
            room = self._room(sizes[self._blocks[-1] :])
            greatest.append(int(sizes[self._blocks[-1] + room - 1]))
            self._blocks.append(int(np.searchsorted(sizes, greatest[-1], "right")))
        arranged, free = self._opened(), list(self._blocks)
        for part in self.parts(0, greatest[-1]):
            block = np.searchsorted(greatest, part["size"])
            rows, counts = part[np.argsort(block, kind="stable")], np.bincount(block, minlength=len(greatest))
            if not ranked:
                self._rank(rows, ranks)
            for which, some in enumerate(np.split(rows, np.cumsum(counts)[:-1])):
                if len(some):
                    arranged.seek(free[which] * self._kind.itemsize)
                    arranged.write(some.tobytes())
                    free[which] += len(some)
        self._file.close()
        self._file, self._greatest, self._sizes = arranged, greatest, []

    def _opened(self) -> IO[bytes]:
        file = SpooledTemporaryFile(_KEPT, dir=None if self._folder is None else str(self._folder))  # noqa: SIM115
        finalize(self, file.close)
        return cast("IO[bytes]", file)
