# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Slips of the keyboard, and what is meant by names in which there is one.

A name may be misspelt by one slip of the kinds and frequencies that were counted in scholarly typing (Pollock and
Zamora 1984: omission 34, insertion 27, substitution 19, transposition 12 in a hundred); a first letter is hardly ever
wrong, so it stays.
"""

import re
from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Final

from enliterator_core import MASK, Graph, fold
from enliterator_normalize.hashed import Hashed
from enliterator_normalize.reading import is_plain

_KEYS: Final = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_LONG: Final = re.compile(r"[a-z]{5,}")
_NO_DIGITS: Final = re.compile(r"\D+")
_KEPT: Final = 16_384
#: forms that are folded and hashed at a time
_AT_ONCE: Final = 20_000


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


def _rests(form: str, digits: str, length: int) -> tuple[str, ...]:
    """Return what is left of a form when a third of it is cut out, for each third, as if it had that length.

    A slip touches two letters that stand side by side, at most, and the thirds overlap by one letter: one of them has
    all of the slip, and what is left without it is the same in what was meant. So are the digits.
    """
    if length < 4:
        return ()
    one, two, more = length // 3, 2 * length // 3, len(form) - length + 1
    whole = f"{digits}\0{length}\0"
    return f"{whole}\0{form[one + more :]}", f"{whole}{form[:one]}\0{form[two + more :]}", f"{whole}{form[:two]}\0"


class Near:
    """Finds the entities that have a name or form within one slip of what is said; made once for a graph.

    Entities go by their numbers. Every name and surface form has a row: that of a name is the entity's number; the
    rows of an entity's forms stand side by side, after those of all names.
    """

    def __init__(self, graph: Graph) -> None:
        from rapidfuzz.distance import OSA

        entities = graph.arrays.entities
        self._ids, self._names, self._distance = entities.ids, entities.names, OSA.distance
        self._known: dict[str, int] = {}
        self._stands_for: dict[str, tuple[int, ...]] = {}
        self._texts, self._ends = bytearray(), array("Q", [0])
        self._owners, self._sayable = array("i"), bytearray()
        self._firsts, self._lasts = (array("i", bytes(4 * len(self._names))) for _ in range(2))
        self._called, self._alike = Hashed(), Hashed()
        for first in range(0, len(self._names), _AT_ONCE):
            names = self._names[first : first + _AT_ONCE]
            self._add(names, range(first, first + len(names)))
        forms = self._surface_forms(graph)
        while some := list(islice(forms, _AT_ONCE)):
            self._texts += "".join(form for form, _ in some).encode("utf-8", "surrogatepass")
            self._add([form for form, _ in some], [number for _, number in some])
        self._called.finish()
        self._alike.finish()
        self._alone = bytearray(b"\1") * len(self._owners)
        for row in self._called.shared(self._owners):
            if len(self._exactly(fold(self.form(row)))) > 1:
                self._alone[row] = self._sayable[row] = False

    def _surface_forms(self, graph: Graph) -> Iterator[tuple[str, int]]:
        """Yield every surface form with the number of its entity, and note which rows are that one's."""
        numbers, row, end = graph.arrays.entities.numbers, len(self._names), 0
        for id, surface, _ in graph.terms.forms():
            number = numbers.get(id)
            if number is not None:
                forms = dict.fromkeys(surface)
                forms.pop(self._names[number], None)
                self._firsts[number], row = row, row + len(forms)
                self._lasts[number] = row
                for form in forms:
                    end += len(form) if form.isascii() else len(form.encode("utf-8", "surrogatepass"))
                    self._ends.append(end)
                    yield form, number

    def _add(self, forms: Sequence[str], owners: Sequence[int]) -> None:
        """Give forms their rows, the next ones."""
        rows = range(len(self._owners), len(self._owners) + len(forms))
        folded = list(map(fold, forms))
        self._owners.extend(owners)
        self._sayable.extend(map(_is_sayable, forms, folded))
        self._called.put(folded, rows)
        rests: list[str] = []
        alike: list[int] = []
        last, name = -1, ""
        for row, owner, form in zip(rows, owners, folded, strict=True):
            if owner != last:
                last, name = owner, fold(self._names[owner])
            if row == owner or form != name:  # names in capitals and the like are put in once
                some = _rests(form, _digits(form), len(form))
                rests += some
                alike += [row] * len(some)
        self._alike.put(rests, alike)

    def form(self, row: int) -> str:
        """Return the name or surface form of a row."""
        at = row - len(self._names)
        if at < 0:
            return self._names[row]
        return self._texts[self._ends[at] : self._ends[at + 1]].decode("utf-8", "surrogatepass")

    def sayable(self, number: int) -> list[int]:
        """Return the rows of what stands for an entity alone and can be said in a question, its name first."""
        sayable = self._sayable
        rows = [row for row in range(self._firsts[number], self._lasts[number]) if sayable[row]]
        return [number, *rows] if sayable[number] else rows

    def alone(self, number: int) -> bool:
        """Say whether an entity's canonical name stands for it alone, so that a query can name it so."""
        return bool(self._alone[number])

    def alone_among(self, numbers: Iterable[int]) -> dict[str, tuple[int, ...]]:
        """Return the names of those of the entities that are alone, and of others, each with what it stands for."""
        alone, names, known = self._alone, self._names, self._stands_for
        if len(known) >= _KEPT:
            known.clear()
        for number in numbers:
            if alone[number]:
                known[names[number]] = (number,)
        return known

    def say(self, row: int, *, small: bool) -> str:
        """Return the form of a row that stands for its entity alone, in small letters where that is no other form.

        What it means is kept: who says it will soon be asked.
        """
        form = self.form(row)
        if small:
            lower = form.lower()
            form = lower if form.isascii() or fold(lower) == fold(form) else form
        known = self._known
        if len(known) >= _KEPT:
            known.clear()
        known[form] = self._owners[row]
        return form

    def meant(self, said: str) -> frozenset[str]:
        """Return the ids of what is called so, or, where nothing is, of what is called so but for one slip."""
        return frozenset([self._ids[number] for number in self._numbers(said)])

    def one(self, said: str) -> int:
        """Return the number of the only entity that is :meth:`meant`; -1 where there are none or several."""
        found = self._known.get(said)
        if found is None:
            numbers = self._numbers(said)
            found = numbers.pop() if len(numbers) == 1 else -1
            if len(self._known) >= _KEPT:
                self._known.clear()
            self._known[said] = found
        return found

    def _numbers(self, said: str) -> set[int]:
        folded = fold(said)
        return self._exactly(folded) or self._nearly(folded)

    def _exactly(self, folded: str) -> set[int]:
        found: set[int] = set()
        for row in self._called.find((folded,)):
            form = self.form(row)
            if form.casefold() == folded or fold(form) == folded:
                found.add(self._owners[row])
        return found

    def _nearly(self, folded: str) -> set[int]:
        """Return what is called so but for one slip; another number is another thing, not a slip."""
        digits = _digits(folded)
        found: set[int] = set()
        lengths = range(len(folded) - 1, len(folded) + 2)
        rests = [rest for length in lengths for rest in _rests(folded, digits, length)]
        for row in self._alike.find(rests):
            form = fold(self.form(row))
            if self._distance(folded, form, score_cutoff=1) <= 1 and _digits(form) == digits:
                found.add(self._owners[row])
        return found


def _digits(form: str) -> str:
    return _NO_DIGITS.sub("", form)


def _is_sayable(form: str, folded: str) -> bool:
    return len(form) > 1 and MASK not in form and folded == form.casefold() and is_plain(form)
