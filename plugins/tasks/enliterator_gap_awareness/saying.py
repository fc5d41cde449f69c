# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""What the texts of the sources say: words that would answer questions, and names.

Most words are not there: a word need not be looked for where four of its bytes are nowhere in the text.
"""

from typing import Final

import numpy as np

from enliterator_core import Graph
from enliterator_gap_awareness.asking import BEYOND, Beyond

_REMEMBERED: Final = 1 << 16
_WIDTH: Final = 4
_SPREAD: Final = 0x9E3779B1
_BITS: Final = 0xFFFFFFFF


def _mark(data: bytes, at: int) -> int:
    """Return a number below 2**16 for four bytes."""
    return (int.from_bytes(data[at : at + _WIDTH], "little") * _SPREAD & _BITS) >> 16


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


_WORDS: Final = {word: _encoded(word) for scope in BEYOND for word in scope.words}
_SHORT: Final = {word: data for word, data in _WORDS.items() if len(data) < _WIDTH}
_LONG: Final = [word for word in _WORDS if word not in _SHORT]
_MARKS: Final = [[_mark(_WORDS[word], at) for at in range(len(_WORDS[word]) - _WIDTH + 1)] for word in _LONG]
_EVERY_MARK: Final = np.concatenate(_MARKS)
#: where the marks of each long word begin among all
_FIRST_MARKS: Final = np.cumsum([0, *map(len, _MARKS[:-1])])


class Said:
    """One text, case folded, with a mark for every four bytes in a row that it has."""

    def __init__(self, text: str) -> None:
        self._text = text.casefold()
        data = _encoded(self._text) + bytes(2 * _WIDTH - 1)
        there = np.zeros(1 << 16, np.uint8)
        for first in range(_WIDTH):
            pieces = np.frombuffer(data, "<u4", len(data) // _WIDTH - 1, first)
            there[(pieces * np.uint32(_SPREAD) >> np.uint32(16)).astype(np.intp)] = 1
        self._data, self._there, self._marked = np.frombuffer(data, np.uint8), there, there.tobytes()

    def says(self, text: str) -> bool:
        """Say whether a text stands anywhere in this one, whatever their case."""
        folded = text.casefold()
        data, marked = _encoded(folded), self._marked
        # From the end: names that are made up of two have what is new there.
        number = int.from_bytes(data[1 - _WIDTH :], "little")
        for byte in data[-_WIDTH::-1]:
            number = (number << 8 | byte) & _BITS
            if not marked[(number * _SPREAD & _BITS) >> 16]:
                return False
        return folded in self._text

    def words(self) -> frozenset[str]:
        """Return which of the words that answer questions stand in it."""
        text, may = self._text, np.minimum.reduceat(self._there[_EVERY_MARK], _FIRST_MARKS)
        found = [_LONG[at] for at in np.flatnonzero(may).tolist() if _LONG[at] in text]
        return frozenset([*found, *(word for word, data in _SHORT.items() if self._has(data))])

    def _has(self, word: bytes) -> bool:
        """Say whether a few bytes stand in the text: comparing all at once is faster than a search for so few."""
        size = len(self._data) - len(word) + 1
        here = self._data[:size] == word[0]
        for at in range(1, len(word)):
            here &= self._data[at : at + size] == word[at]
        return bool(here.any())


class Sayings:
    """What the sources of one graph say; what was looked up lately is kept."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._words: dict[str, frozenset[str]] = {}
        self._sets: dict[frozenset[str], frozenset[str]] = {}
        self._last: tuple[str, Said] | None = None

    def said(self, path: str) -> Said:
        """Return what a source says; that of the last is kept, since drafts are made source by source."""
        if self._last is None or self._last[0] != path:
            self._last = path, Said(self._graph.document(path).text)
        return self._last[1]

    def says(self, path: str, text: str) -> bool:
        """Say whether a source says a text, whatever their case."""
        return self.said(path).says(text)

    def holds(self, path: str, scope: Beyond) -> bool:
        """Say whether a source holds a word of the answer to such a question."""
        known = self._words.get(path)
        if known is None:
            if len(self._words) >= _REMEMBERED:
                for kept in (self._words, self._sets):
                    kept.clear()
            words = self.said(path).words()
            # Many sources hold the same few words: of each such set there is one.
            known = self._words[path] = self._sets.setdefault(words, words)
        return not known.isdisjoint(scope.words)

    def forget(self) -> None:
        """Let go of the last text."""
        self._last = None
