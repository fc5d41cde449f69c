# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Every form of a graph as a row of numbers: found by its hash, and read again from the graph to be compared."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import accumulate, chain
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from enliterator_canon_map.frames import FIRST_WORDS
from enliterator_canon_map.slips import Spelling, halves_of
from enliterator_core import Graph, fold_all

if TYPE_CHECKING:
    from numpy.typing import NDArray

_QUALIFIED: Final = re.compile(r"(.+?) \([^()]+\)\Z", re.DOTALL)
_DOTTED: Final = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)+\Z")
_FILE: Final = re.compile(r"\.[a-z0-9]{1,4}\Z")
_BEGINS: Final = frozenset(word.casefold() for word in FIRST_WORDS)
_PIECE: Final = 1 << 14  # forms read at a time
_ROOM: Final = 16  # bits for each row in the table that tells whether there may be one


def bare(name: str) -> str | None:
    """Return what a name is called where it is clear which is meant: without brackets, folder or module; else None."""
    if name.endswith(")") and (match := _QUALIFIED.match(name)):
        return match[1]
    if "/" in name:
        part = name.rpartition("/")[2]
    elif "." in name and _DOTTED.match(name) and not (name.count(".") == 1 and _FILE.search(name)):
        part = name.rpartition(".")[2]
    else:
        return None
    return part if any(map(str.isalpha, part)) else None


class _Section:
    """Forms of one sort: the columns say of each its hash, those of its halves, the number of its entity, and how many
    bytes it takes in ``text``."""

    def __init__(self) -> None:
        self.columns: tuple[list[NDArray[Any]], ...] = [], [], [], []
        self.text = bytearray()
        self.begins: set[str] = set()
        self.longest = self.size = 0
        self._forms: list[str] = []
        self._numbers: list[int] = []

    def add(self, forms: Sequence[str], number: int) -> None:
        """Append forms of an entity."""
        self._forms += forms
        self._numbers += [number] * len(forms)
        if len(self._forms) >= _PIECE:
            self.finish()

    def finish(self) -> None:
        """Take in what was appended."""
        self.take(self._forms, self._numbers)
        self._forms, self._numbers = [], []

    def take(self, forms: Sequence[str], numbers: Sequence[int]) -> None:
        """Take in many forms at once, each of the entity of a number."""
        folded, (hashes, halves, owners, sizes) = fold_all(forms), self.columns
        encoded = list(map(_encoded, folded))
        hashes.append(np.fromiter(map(hash, folded), np.int64, len(folded)))
        halves.append(halves_of(folded))
        owners.append(np.array(numbers, np.int32))
        sizes.append(np.fromiter(map(len, encoded), np.uint32, len(encoded)))
        self.text += b"".join(encoded)
        self.begins |= _BEGINS.intersection([form.partition(" ")[0] for form in folded])
        self.longest, self.size = max(self.longest, *map(len, folded), 0), self.size + len(folded)


def _encoded(form: str) -> bytes:
    return form.encode("utf-8", "surrogatepass")


class Rows:
    """The forms of a graph, folded, each a row: all names in the order of entities, then surface forms in the order of
    terms, then bare names, then what is mistaken for something.

    ``surface``, ``bare`` and ``negative`` are the first rows of the latter three. ``numbers`` says which entity a row
    is of, ``first_surface`` where the surface forms of an entity begin. ``single`` says of each name and surface form
    whether nothing else has one that may be the same. ``there`` tells by the last digits of a form's hash (those in
    ``last``) whether there may be such a form: a bit for each. ``begins`` are the first words of frames that forms
    begin with. ``spelling`` finds all forms but what is mistaken for something.
    """

    def __init__(self, graph: Graph) -> None:
        entities, one_by_one = graph.arrays.entities, graph.arrays.one_by_one
        sections = names, surface, parts, negative = _Section(), _Section(), _Section(), _Section()
        for start in range(0, len(entities), _PIECE):
            some = entities.names[start : start + _PIECE]
            names.take(some, range(start, start + len(some)))
            bares = [(number, part) for number, part in enumerate(map(bare, some), start) if part]
            parts.take([part for _, part in bares], [number for number, _ in bares])
        for id, forms, mistaken in graph.terms.forms():
            number = entities.numbers.get(id)
            if number is not None and (forms or mistaken):
                surface.add(forms, number)
                negative.add(mistaken, number)
        for section in sections:
            section.finish()
        hashes, halves, numbers, sizes = (_joined([section.columns[at] for section in sections]) for at in range(4))
        self.begins = frozenset(word for section in sections for word in section.begins)
        self.surface, self.bare, self.negative = accumulate(section.size for section in sections[:3])
        self._text = b"".join(section.text for section in sections)
        self._offsets = one_by_one(np.concatenate(([0], np.cumsum(sizes, dtype=np.uint32))).astype(np.uint32))
        self.numbers = one_by_one(numbers)
        # The surface forms of an entity are rows that follow each other.
        first = np.zeros(len(entities), np.int32)
        first[numbers[self.surface : self.bare][::-1]] = np.arange(self.surface, self.bare, dtype=np.int32)[::-1]
        self.first_surface = one_by_one(first)
        # The sort is stable: of forms that are the same, names come first, in the order of entities.
        order = np.argsort(hashes, kind="stable")
        self._order = one_by_one(order.astype(np.int32))
        self._bounds = one_by_one(self._index(hashes[order]))
        self.single = self._single(order[order < self.bare], hashes, numbers)
        _, group, counts = np.unique(hashes[self.bare : self.negative], return_inverse=True, return_counts=True)
        self._shared: list[int] = (np.flatnonzero(counts[group] > 1) + self.bare).tolist()
        first_of_each = order[_starts(hashes[order])].astype(np.int32)
        del hashes, order, numbers, sizes, group, counts
        spelled = np.sort(first_of_each[first_of_each < self.negative])
        longest = max(section.longest for section in sections[:3])
        self.spelling = Spelling(_Texts(self, one_by_one(spelled)), halves[spelled], longest)

    def _index(self, ordered: NDArray[np.int64]) -> NDArray[np.int32]:
        """Return where the hashes with each beginning stand among all in order, and note which there are."""
        self.last = (1 << (_ROOM * len(ordered)).bit_length()) - 1
        there = np.zeros(self.last + 1, bool)
        there[ordered & self.last] = True
        self.there = np.packbits(there, bitorder="little").tobytes()
        bits = min(24, max(8, len(ordered).bit_length() - 1))
        self._shift, self._half = 64 - bits, 1 << (bits - 1)
        return np.searchsorted(ordered >> self._shift, np.arange(-self._half, self._half + 1)).astype(np.int32)

    def _single(self, order: NDArray[np.int64], hashes: NDArray[np.int64], numbers: NDArray[np.int32]) -> bytes:
        single = np.zeros(len(order), bool)
        if len(order):
            starts = _starts(hashes[order])
            least, most = (one.reduceat(numbers[order], starts) for one in (np.minimum, np.maximum))
            single[order] = np.repeat(least == most, np.diff(starts, append=len(order)))
        return single.tobytes()

    def may_have(self, form: str) -> bool:
        """Say whether there may be a folded form: False of most that there are not."""
        place = hash(form) & self.last
        return self.there[place >> 3] >> (place & 7) & 1 != 0

    def text(self, row: int) -> str:
        """Return the folded form that a row stands for."""
        return self._text[self._offsets[row] : self._offsets[row + 1]].decode("utf-8", "surrogatepass")

    def find(self, form: str) -> list[int]:
        """Return the rows of a folded form, in their order."""
        place, encoded, text, offsets = (
            (hash(form) >> self._shift) + self._half,
            _encoded(form),
            self._text,
            self._offsets,
        )
        rows = self._order[self._bounds[place] : self._bounds[place + 1]].tolist()
        return [row for row in rows if text[offsets[row] : offsets[row + 1]] == encoded]

    def shared(self) -> dict[str, list[int]]:
        """Return the bare names that several things have, each with their numbers, all in the order of entities."""
        shared: dict[str, list[int]] = {}
        for row in self._shared:
            shared.setdefault(self.text(row), []).append(self.numbers[row])
        return {form: numbers for form, numbers in shared.items() if len(numbers) > 1}


def _joined(columns: Sequence[list[NDArray[Any]]]) -> NDArray[Any]:
    """Return the parts of columns as one array, and let go of them."""
    joined = np.concatenate(list(chain.from_iterable(columns)))
    for parts in columns:
        parts.clear()
    return joined


def _starts(ordered: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return where numbers that are in order change, the first one included."""
    return np.flatnonzero(np.diff(ordered, prepend=~ordered[:1]))


class _Texts(Sequence[str]):
    """The forms of some rows."""

    def __init__(self, rows: Rows, among: Sequence[int] | memoryview[Any]) -> None:
        self._rows, self._among = rows, among

    def __len__(self) -> int:
        return len(self._among)

    def __getitem__(self, at: Any) -> Any:
        return self._rows.text(self._among[at])
