# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Names as somebody types them, and what is meant by them.

A name may be misspelt by one slip of the kinds and frequencies that were counted in scholarly typing (Pollock and
Zamora 1984: omission 34, insertion 27, substitution 19, transposition 12 in a hundred); a first letter is hardly ever
wrong, so it stays.
"""

import re
from array import array
from bisect import bisect_left
from collections.abc import Iterator
from typing import Final

from enliterator_core import MASK, Graph, fold
from enliterator_normalize.reading import is_plain

_KEYS: Final = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_LONG: Final = re.compile(r"[a-z]{5,}")
_DIGIT: Final = re.compile(r"\d")
_KEPT: Final = 16_384


def slip(form: str, chance: float) -> str:
    """Return the form with one slip of the keyboard inside a word of at least five letters; without, where none is."""
    words = list(_LONG.finditer(form))
    if not words:
        return form
    rest = chance * len(words)
    word, rest = words[int(rest)], rest % 1 * 92
    kind = rest
    at = word.start() + 1 + int(rest % 1 * (len(word.group()) - 2))
    here = form[at]
    if kind < 34:
        return form[:at] + form[at + 1 :]
    if kind < 61:
        return form[:at] + here + form[at:]
    if kind < 80:
        row = next(row for row in _KEYS if here in row)
        return form[:at] + row[abs(row.index(here) - 1)] + form[at + 1 :]
    return form[:at] + form[at + 1] + here + form[at + 2 :]


def _halves(form: str, length: int) -> Iterator[int]:
    """Yield hashes of a form's beginning and of its end, each a letter short of half the given length.

    A slip touches two letters that stand side by side, at most: one of the two is as it was.
    """
    half = length // 2 - 1
    if half > 0:
        yield hash((0, length, form[:half]))
        yield hash((1, length, form[len(form) - half :]))


class Near:
    """Finds the entities that have a name or form within one slip of what is said; made once for a graph."""

    def __init__(self, graph: Graph) -> None:
        import numpy as np
        from rapidfuzz.distance import OSA

        self._graph = graph
        self._said: dict[str, frozenset[str]] = {}
        self._own: dict[str, list[str]] = {}
        self._folded: dict[str, frozenset[str]] = {}
        self._distance = OSA.distance
        hashes, numbers = array("q"), array("i")
        for number, id in enumerate(graph.entities):
            for form in self._forms(id):
                for half in _halves(form, len(form)):
                    hashes.append(half)
                    numbers.append(number)
        order = np.argsort(np.frombuffer(hashes, np.int64), kind="stable") if hashes else np.zeros(0, np.int64)
        self._hashes = array("q", np.frombuffer(hashes, np.int64)[order].tobytes()) if hashes else hashes
        self._numbers = array("i", np.frombuffer(numbers, np.int32)[order].tobytes()) if hashes else numbers

    def _forms(self, id: str) -> frozenset[str]:
        if id not in self._folded:
            if len(self._folded) >= _KEPT:
                self._folded.clear()
            term = self._graph.terms.get(id)
            self._folded[id] = frozenset(map(fold, (self._graph.name(id), *(term.surface_forms if term else ()))))
        return self._folded[id]

    def _alike(self, said: str) -> Iterator[int]:
        for length in (len(said) - 1, len(said), len(said) + 1):
            for half in _halves(said, length):
                at = bisect_left(self._hashes, half)
                while at < len(self._hashes) and self._hashes[at] == half:
                    yield self._numbers[at]
                    at += 1

    def meant(self, said: str) -> frozenset[str]:
        """Return the ids of what is called so, or, where nothing is, of what is called so but for one slip."""
        if said not in self._said:
            if len(self._said) >= _KEPT:
                self._said.clear()
            self._said[said] = frozenset(one.id for one in self._graph.called(said)) or self._within(fold(said))
        return self._said[said]

    def _within(self, folded: str) -> frozenset[str]:
        near = []
        for number in set(self._alike(folded)):
            id = self._graph.id(number)
            for form in self._forms(id):
                if -2 < len(form) - len(folded) < 2 and self._distance(folded, form, score_cutoff=1) <= 1:
                    # Another number is another thing, not a slip.
                    if _DIGIT.findall(form) == _DIGIT.findall(folded):
                        near.append(id)
                    break
        return frozenset(near)

    def alone(self, id: str) -> bool:
        """Say whether an entity's canonical name stands for it alone, so that a query can name it so."""
        return self.meant(self._graph.name(id)) == {id}

    def own(self, id: str) -> list[str]:
        """Return the names and forms that stand for an entity alone and can be said in a question."""
        if id not in self._own:
            if len(self._own) >= _KEPT:
                self._own.clear()
            term = self._graph.terms.get(id)
            forms = dict.fromkeys((self._graph.name(id), *(term.surface_forms if term else ())))
            self._own[id] = [form for form in forms if _is_sayable(form) and self.meant(form) == {id}]
        return self._own[id]


def _is_sayable(form: str) -> bool:
    return len(form) > 1 and MASK not in form and form == " ".join(form.split()) and is_plain(form)
