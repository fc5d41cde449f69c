# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Shelves of texts of like size, told by as many cells, and which of them may be twins of others.

What is known of texts goes to a file once it is much, and is read again a block at a time: memory is taken by one block
and its index, however many texts there are.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO, TYPE_CHECKING, Final, cast
from weakref import finalize

from enliterator_core.dataset.gram_cells import FINER, counted, folded, sketches_of, tokens_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from enliterator_core.dataset.gram_cells import Flags, Hashes, Numbers, Sketches

    Table = NDArray[np.void]

_KEPT: Final = 1 << 20  # bytes of a shelf that are kept in memory
_WRITTEN: Final = 1 << 16  # cells that are written at once
_READ: Final = 1 << 17  # cells that are read at once
_BLOCK: Final = 1 << 20  # cells in a block
_MOST: Final = 1 << 16  # texts in a block: their numbers have 16 bits
_INDEXED: Final = 1 << 17  # cells that are worked on at once when an index is made
_MARKS: Final = 4  # bits that the number of a mark has more than that of a list
_MORE: Final = 3  # cells that twins have the same in among the rarest that are looked at
_MET: Final = 1 << 16  # texts that are met at once in some list


class Shelf:
    """Texts that are told by 2^bits cells: their numbers, how many grams they have, and their cells."""

    def __init__(self, bits: int, folder: Path | None) -> None:
        import numpy as np

        self._bits = bits
        sketch = max(1, (1 << bits + FINER) // 64)
        self._kind = np.dtype(
            [("number", "q"), ("size", "q"), ("sketch", np.uint64, (sketch,)), ("tokens", np.uint32, (1 << bits,))]
        )
        self._folder = folder
        self._file = self._opened()
        self._room = max(1, min(_MOST, _BLOCK >> bits))
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
            self._file.write(table.tobytes())
            self._sizes.append(sizes.astype(np.int32))

    def parts(self, least: int, most: int) -> Iterator[Table]:
        """Yield what is on the shelf, some at a time; once it is in order, little beside those of so many grams."""
        import numpy as np

        self._write()
        at, end = 0, sum(map(len, self._sizes))
        if self._greatest:
            at = self._blocks[bisect_left(self._greatest, least)]
            end = self._blocks[min(bisect_left(self._greatest, most) + 1, len(self._greatest))]
        while at < end:  # others may read in between
            self._file.seek(at * self._kind.itemsize)
            some = min(max(1, _READ >> self._bits), end - at)
            at += some
            yield np.frombuffer(self._file.read(some * self._kind.itemsize), self._kind)

    def blocks(self, among: NDArray[np.bool_] | None) -> Iterator[Block]:
        """Yield the texts that ``among`` has a flag for, without it all, in blocks of those of nearly the same size."""
        import numpy as np

        self.arrange()
        room = self._room
        for begin, end in pairwise(self._blocks):
            for first in range(begin, end, room):  # more than fit may have the same size
                self._file.seek(first * self._kind.itemsize)
                table = np.frombuffer(self._file.read(min(room, end - first) * self._kind.itemsize), self._kind)
                table = table if among is None else table[among[table["number"]]]
                if len(table):
                    yield Block(table, self._bits)

    def arrange(self) -> None:
        """Put texts of nearly the same size after each other in the file, and note where the blocks of them begin."""
        import numpy as np

        if self._blocks:
            return
        self._write()
        sizes = np.sort(np.concatenate(self._sizes))
        greatest: list[int] = []
        self._blocks = [0]
        while self._blocks[-1] < len(sizes):
            greatest.append(int(sizes[min(self._blocks[-1] + self._room, len(sizes)) - 1]))
            self._blocks.append(int(np.searchsorted(sizes, greatest[-1], "right")))
        arranged, free = self._opened(), list(self._blocks)
        for part in self.parts(0, greatest[-1]):
            block = np.searchsorted(greatest, part["size"])
            rows, counts = part[np.argsort(block, kind="stable")], np.bincount(block, minlength=len(greatest))
            for which, some in enumerate(np.split(rows, np.cumsum(counts)[:-1])):
                if len(some):
                    arranged.seek(free[which] * self._kind.itemsize)
                    arranged.write(some.tobytes())
                    free[which] += len(some)
        self._file.close()
        self._file, self._greatest = arranged, greatest

    def _opened(self) -> IO[bytes]:
        file = SpooledTemporaryFile(_KEPT, dir=None if self._folder is None else str(self._folder))  # noqa: SIM115
        finalize(self, file.close)
        return cast("IO[bytes]", file)


class Block:
    """Some texts of a shelf, and which of them have the same in a cell."""

    def __init__(self, table: Table, bits: int) -> None:
        import numpy as np

        self.numbers, self.sizes = table["number"].copy(), table["size"].copy()
        self._sketches: Sketches = table["sketch"].copy()
        index = table["tokens"].astype(np.uint64)
        index <<= np.uint64(32)
        index |= np.arange(len(table), dtype=np.uint64)[:, None]
        index = index.ravel()
        index.sort()
        index = index[np.searchsorted(index, np.uint64(1 << 32)) :]  # without those of empty cells
        bits = min(22, max(8, len(index).bit_length()))
        self._place, self._mark = np.uint32(32 - bits), np.uint32(32 - bits - _MARKS)
        self._starts = np.zeros((1 << bits) + 1, np.int32)
        self._marks = np.zeros(1 << (bits + _MARKS - 3), np.uint8)
        self._owners = index.astype(np.uint16)
        for begin in range(0, len(index), _INDEXED):
            marks = (index[begin : begin + _INDEXED] >> (np.uint64(32) + self._mark)).astype(np.int64)
            np.add.at(self._starts, (marks >> _MARKS) + 1, np.int32(1))
            low = int(marks[0]) & -8
            marked = np.zeros((int(marks[-1]) | 7) + 1 - low, bool)
            marked[marks - low] = True
            self._marks[low >> 3 : low + len(marked) >> 3] |= np.packbits(marked, bitorder="little")
        np.cumsum(self._starts, out=self._starts)

    def _known(self, tokens: Hashes) -> Flags:
        """Say of each token whether a text here may have it."""
        import numpy as np

        marks = tokens >> self._mark
        bits = marks.astype(np.uint8)
        bits &= np.uint8(7)
        marks >>= np.uint32(3)
        known: NDArray[np.uint8] = self._marks[marks]
        known >>= bits
        known &= np.uint8(1)
        return known.view(bool)

    def near(self, table: Table, differ: Numbers) -> Iterator[tuple[Numbers, Numbers, Numbers]]:
        """Yield rows of a table, the places of texts here that may be twins, and how much their sketches differ.

        ``differ`` says of each row in how many grams, and so in how many cells, a twin may differ.
        """
        import numpy as np

        tokens = np.ascontiguousarray(table["tokens"])
        filled = tokens != 0
        known = self._known(tokens)
        known &= filled
        rows = np.flatnonzero(counted(filled > known) <= differ)
        if not len(rows):
            return
        sketches, most = table["sketch"][rows], differ[rows]
        ones = np.ones(sketches.shape[1], np.float32)
        for some, places in self._met(tokens[rows], filled[rows], known[rows], most):
            apart = np.take(self._sketches, places, axis=0)
            apart ^= np.take(sketches, some, axis=0)
            distance = (np.bitwise_count(apart).astype(np.float32) @ ones).astype(np.int64)
            fits = np.flatnonzero(distance <= most[some])
            if len(fits):
                yield rows[some[fits]], places[fits], distance[fits]

    def _met(self, tokens: Hashes, filled: Flags, known: Flags, differ: Numbers) -> Iterator[tuple[Numbers, Numbers]]:
        """Yield rows and the places of texts that have the same in as many cells as a twin has at least.

        Looked at are the cells that the fewest texts have the same in, some more than may differ: in those a twin
        has the same.
        """
        import numpy as np

        at = np.flatnonzero(known)
        place = tokens.ravel()[at] >> self._place
        first = self._starts[place].astype(np.int64)
        lists = np.where(filled, 0, 2**63 - 1)  # how many have the same and where they stand, in one number
        lists.ravel()[at] = (self._starts[place + np.uint32(1)] - first) << 32 | first
        lists.sort(axis=1)
        more = np.minimum(counted(filled) - differ, _MORE)
        chosen = lists >= 1 << 32
        chosen &= np.arange(lists.shape[1]) < (differ + more)[:, None]
        listed, lists = counted(chosen), lists.ravel()[np.flatnonzero(chosen)]
        ends = np.append(0, np.cumsum(lists >> 32))
        totals = np.diff(ends[np.append(0, np.cumsum(listed))])
        loose = (more < 1) | (totals > len(self.numbers))  # then it is quicker to look at all
        for row in np.flatnonzero(loose).tolist():
            yield np.full(len(self.numbers), row), np.arange(len(self.numbers))
        for least in range(1, _MORE + 1):
            mine = (more == least) > loose
            if mine.all():
                yield from self._often(np.arange(len(mine)), listed, lists, least)
            elif mine.any():
                yield from self._often(np.flatnonzero(mine), listed[mine], lists[np.repeat(mine, listed)], least)

    def _often(self, rows: Numbers, listed: Numbers, lists: Numbers, least: int) -> Iterator[tuple[Numbers, Numbers]]:
        """Yield those of the rows, and of the texts in the lists of each, that stand in at least so many."""
        import numpy as np

        counts = lists >> 32
        ends = np.append(0, np.cumsum(counts))
        firsts = (lists & (2**32 - 1)) - ends[:-1]
        stops = np.append(0, np.cumsum(listed))
        begin = 0
        while begin < len(rows):
            end = int(np.searchsorted(ends[stops], ends[stops[begin]] + _MET, "right")) - 1
            end = max(begin + 1, min(end, begin + (1 << 16)))
            some = slice(int(stops[begin]), int(stops[end]))
            places = np.repeat(firsts[some], counts[some])
            places += np.arange(ends[some.start], ends[some.stop])
            keys = np.repeat(np.arange(0, end - begin << 16, 1 << 16, dtype=np.uint32), listed[begin:end])
            keys = np.repeat(keys, counts[some])
            keys |= self._owners[places]
            keys.sort()
            often = keys[np.flatnonzero(keys[least - 1 :] == keys[: len(keys) - least + 1])]
            if len(often):
                often = often[np.diff(often, prepend=~often[:1]) != 0]
                yield rows[begin + (often >> np.uint32(16))], (often & np.uint32(2**16 - 1)).astype(np.int64)
            begin = end
