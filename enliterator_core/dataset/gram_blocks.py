# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Which texts of a block may be twins of others: those that share enough of their rarest tokens.

Where two texts have some order of tokens in common, the first few that they share are among the first of either: as
many, and as many more as one may have and the other not (the prefix filter: Chaudhuri, Ganti and Kaushik, 2006). So
neither the others' lists of who has them, nor look-ups in those, are needed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Final

from enliterator_core.dataset.gram_cells import counted
from enliterator_core.dataset.gram_ranks import TOKEN_BITS

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from enliterator_core.dataset.gram_cells import Flags, Hashes, Numbers, Sketches

    Table = NDArray[np.void]

MORE: Final = 3  # tokens that are looked at, more than may differ: so many, at least, do twins share
_INDEXED: Final = 1 << 14  # tokens that are worked on at once when an index is made
_HALVED: Final = 1 << 21  # tokens of which an index is made in two turns, since either takes half the memory
_LISTS: Final = 21  # bits, at most, of the number of a list
_MARKS: Final = 4  # bits that the number of a mark has more than that of a list
_LONG: Final = 16  # texts in a list; of one with more only those are met that a group has to look at
_GROUP_BITS: Final = 2  # of the number of a group of those who ask
_GROUPS: Final = 1 << _GROUP_BITS
_MET: Final = 1 << 16  # texts that are met at once in some list


class Block:
    """Some texts of a shelf, and which of them have the same token.

    Those who ask are in groups by their size: the greater they are, the more may differ, so the more tokens of a text
    here have to be looked at. In a list those come first whose token the first group looks at, and so on.
    """

    def __init__(self, parts: Callable[[], Iterator[Table]], differ: Callable[[Numbers, int], Numbers]) -> None:
        """Read texts some at a time, as often as is needed.

        ``differ`` says in how many cells texts of some sizes may differ from a twin of at most another size.
        """
        import numpy as np

        said = [[part[name].copy() for name in ("number", "size", "kept", "sketch")] for part in parts()]
        self.numbers, sizes, kept, sketches = map(np.concatenate, zip(*said, strict=True))
        self._sketches: Sketches = sketches
        self.sizes = sizes.astype(np.int64)
        # A group is of those who ask that have at most so many grams, the last one of those who have more.
        self._bounds = np.linspace(sizes.min(), sizes.max(), _GROUPS - 1).astype(np.int64)
        total = int(kept.sum())
        turns = 2 if total >= _HALVED else 1
        groups = self._bounds.tolist() if turns > 1 else []  # among fewer texts lists are short
        looked = np.array([differ(self.sizes, bound) + MORE for bound in groups]).T
        bits = min(_LISTS, max(8, total.bit_length()))
        self._place, self._mark = np.uint32(TOKEN_BITS - bits), np.uint32(TOKEN_BITS - bits - _MARKS)
        self._starts = np.zeros((1 << bits) + 1, np.int32)
        self._marks = np.zeros(1 << (bits + _MARKS - 3), np.uint8)
        self._owners = np.empty(total, np.uint16)
        room, at = np.empty(total, np.uint64), 0
        long, ends = [], []
        for turn in range(turns):
            index = self._index(parts(), turn, 2**TOKEN_BITS // turns, looked, room)
            self._owners[at : at + len(index)] = index
            self._list(index)
            first, last = (turn << bits) // turns + 1, (turn + 1 << bits) // turns + 1
            long.append(np.flatnonzero(self._starts[first:last] > _LONG) + first - 1)
            keys = (long[-1][:, None] * _GROUPS + np.arange(1, _GROUPS + 1)).astype(np.uint64)
            ends.append(at + np.searchsorted(index, keys << np.uint64(TOKEN_BITS - bits + 16)))
            at += len(index)
        self._long, self._ends = np.concatenate(long), np.concatenate(ends)
        np.cumsum(self._starts, out=self._starts)

    def _index(
        self, parts: Iterator[Table], turn: int, share: int, looked: Numbers, room: NDArray[np.uint64]
    ) -> NDArray[np.uint64]:
        """Return in order those of so many tokens that have their turn, each with the place of a text that has it.

        Between the number of a list and what else there is of a token stands the first group that looks at it.
        """
        import numpy as np

        total, texts = 0, 0
        for part in parts:
            tokens = part["tokens"]
            columns = np.arange(tokens.shape[1], dtype=np.int32)
            chosen = columns < part["kept"][:, None]
            if share < 1 << TOKEN_BITS:
                chosen &= tokens - np.uint32(turn * share) < share
            found = tokens[chosen].astype(np.uint64)
            rest = found & np.uint64((1 << int(self._place)) - 1)
            found ^= rest
            found *= np.uint64(_GROUPS)
            found |= rest
            if looked.size:
                group = np.zeros(tokens.shape, np.uint8)
                for most in looked[texts : texts + len(part)].astype(np.int32).T:
                    group += columns >= most[:, None]
                found |= group[chosen].astype(np.uint64) << np.uint64(self._place)
            found <<= np.uint64(16)
            found |= np.repeat(np.arange(texts, texts + len(part), dtype=np.uint64), counted(chosen))
            room[total : total + len(found)] = found
            total, texts = total + len(found), texts + len(part)
        index = room[:total]
        index.sort()
        return index

    def _list(self, index: NDArray[np.uint64]) -> None:
        """Count how many are in each list of an index, and mark the tokens that some have."""
        import numpy as np

        for begin in range(0, len(index), _INDEXED):
            marks = (index[begin : begin + _INDEXED] >> np.uint64(16)).astype(np.int64)
            lists = marks >> int(self._place) + _GROUP_BITS
            np.add.at(self._starts, lists + 1, np.int32(1))
            low = int(lists[0]) << _MARKS
            marked = np.zeros((int(lists[-1]) + 1 << _MARKS) - low, bool)
            marks >>= int(self._mark)
            marks &= (1 << _MARKS) - 1
            lists <<= _MARKS
            marks += lists
            marked[marks - low] = True
            self._marks[low >> 3 : low + len(marked) >> 3] |= np.packbits(marked, bitorder="little")

    def _known(self, tokens: Hashes) -> Flags:
        """Say of each token whether a text here may have it."""
        import numpy as np

        marks = tokens >> self._mark
        bits = marks.astype(np.uint8)
        bits &= np.uint8(7)
        marks >>= np.uint32(3)
        known: NDArray[np.uint8] = self._marks[marks.astype(np.int64)]
        known >>= bits
        known &= np.uint8(1)
        return known.view(bool)

    def near(self, table: Table, differ: Numbers) -> Iterator[tuple[Numbers, Numbers, Numbers]]:
        """Yield rows of a table, the places of texts here that may be twins, and how much their sketches differ.

        ``differ`` says of each row in how many grams, and so in how many cells, a twin may differ. If a text has fewer
        tokens than that, and ``MORE``, twins share as many fewer; if none is left, it is compared with all.
        """
        import numpy as np

        if not len(table):
            return
        tokens = table["tokens"][:, : int(differ.max()) + MORE]
        rarest = np.minimum(table["kept"], differ + MORE)
        known = self._known(tokens)
        short = np.min_scalar_type(tokens.shape[1])
        known &= np.arange(tokens.shape[1], dtype=short) < rarest.astype(short)[:, None]
        shared = rarest - differ
        rows = np.flatnonzero(counted(known) >= shared)
        if not len(rows):
            return
        groups = np.searchsorted(self._bounds, table["size"][rows])
        sketches, most = table["sketch"][rows], differ[rows]
        ones = np.ones(sketches.shape[1], np.float32)
        for some, places in self._met(tokens[rows], known[rows], shared[rows], groups):
            apart = np.take(self._sketches, places, axis=0)
            apart ^= np.take(sketches, some, axis=0)
            distance = (np.bitwise_count(apart).astype(np.float32) @ ones).astype(np.int64)
            fits = np.flatnonzero(distance <= most[some])
            if len(fits):
                yield rows[some[fits]], places[fits], distance[fits]

    def _met(self, tokens: Hashes, known: Flags, shared: Numbers, groups: Numbers) -> Iterator[tuple[Numbers, Numbers]]:
        """Yield rows and the places of texts that share as many of the known tokens as a twin does at least."""
        import numpy as np

        places = (tokens.ravel()[np.flatnonzero(known)] >> self._place).astype(np.int64)
        firsts = self._starts[places].astype(np.int64)
        counts = self._starts[places + 1] - firsts
        listed = counted(known)
        long = np.flatnonzero(counts > _LONG)
        which = np.searchsorted(self._long, places[long])
        counts[long] = self._ends[which, np.repeat(groups, listed)[long]] - firsts[long]
        ends = np.append(0, np.cumsum(counts))
        totals = np.diff(ends[np.append(0, np.cumsum(listed))])
        loose = (shared < 1) | (totals > len(self.numbers))  # then it is quicker to look at all
        for row in np.flatnonzero(loose).tolist():
            yield np.full(len(self.numbers), row), np.arange(len(self.numbers))
        for least in range(1, MORE + 1):
            mine = (shared == least) > loose
            if mine.all():
                yield from self._often(np.arange(len(mine)), listed, firsts, counts, least)
            elif mine.any():
                lists = np.repeat(mine, listed)
                yield from self._often(np.flatnonzero(mine), listed[mine], firsts[lists], counts[lists], least)

    def _often(
        self, rows: Numbers, listed: Numbers, firsts: Numbers, counts: Numbers, least: int
    ) -> Iterator[tuple[Numbers, Numbers]]:
        """Yield those of the rows, and of the texts in the lists of each, that stand in at least so many."""
        import numpy as np

        ends = np.append(0, np.cumsum(counts))
        firsts = firsts - ends[:-1]
        stops = np.append(0, np.cumsum(listed))
        ends = ends[stops]
        begin = 0
        while begin < len(rows):
            end = int(np.searchsorted(ends, ends[begin] + _MET, "right")) - 1
            end = max(begin + 1, min(end, begin + (1 << 16)))
            some = slice(int(stops[begin]), int(stops[end]))
            places = np.repeat(firsts[some], counts[some])
            places += np.arange(ends[begin], ends[end])
            keys = np.repeat(np.arange(0, end - begin << 16, 1 << 16, dtype=np.uint32), listed[begin:end])
            keys = np.repeat(keys, counts[some])
            keys |= self._owners[places]
            keys.sort()
            often = keys[np.flatnonzero(keys[least - 1 :] == keys[: len(keys) - least + 1])]
            if len(often):
                often = often[np.append(True, often[1:] != often[:-1])]
                yield rows[begin + (often >> np.uint32(16))], (often & np.uint32(2**16 - 1)).astype(np.int64)
            begin = end
