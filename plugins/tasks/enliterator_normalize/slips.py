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
from typing import TYPE_CHECKING, Any, Final

from enliterator_core import MASK, Graph, fold, fold_all, on_one_line
from enliterator_normalize.hashed import Hashed, hashes
from enliterator_normalize.reading import is_plain

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_KEYS: Final = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_LONG: Final = re.compile(r"[a-z]{5,}")
#: in a folded form there is no end of a line
_NO_DIGITS: Final = re.compile(r"[^\d\n]+")
_NO_DIGITS_ASCII: Final = bytes(set(range(128)) - set(b"0123456789\n"))
_ODDS: Final = (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB)
#: shorter forms have no slips
_SHORTEST: Final = 4
_KEPT: Final = 16_384
#: forms that are folded and hashed at a time
_AT_ONCE: Final = 5_000


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


class _Rests:
    """What is left of folded forms when a third is cut out of them, as hashes.

    A slip touches two letters that stand side by side, at most, and the thirds overlap by one letter: one of them has
    all of the slip, and what is left without it is the same in what was meant. So are the digits.
    """

    def __init__(self, forms: Sequence[str], digits: Sequence[str]) -> None:
        import numpy as np

        self._lengths = np.fromiter(map(len, forms), np.int64, len(forms))
        self._starts = np.cumsum(self._lengths) - self._lengths
        self._digits = hashes(digits) * np.uint64(_ODDS[0])
        # The sum of letters times powers of an odd number by their places: from it comes the hash of every piece.
        letters = np.frombuffer("".join(forms).encode("utf-32-le", "surrogatepass"), np.uint32)
        places = np.arange(len(letters)) - np.repeat(self._starts, self._lengths)
        most = int(self._lengths.max(initial=0)) + 1
        powers = np.cumprod(np.full(most, _ODDS[1], np.uint64))
        self._shifts = np.cumprod(np.full(most, pow(_ODDS[1], -1, 2**64), np.uint64))
        self._sums = np.concatenate((np.zeros(1, np.uint64), np.cumsum(letters * powers[places])))

    def when(self, more: int) -> "tuple[NDArray[Any], NDArray[Any]]":
        """Return the hashes for each third, as if the forms had so many more letters, and which form each is of.

        Forms that are short then have none.
        """
        import numpy as np

        of = np.flatnonzero(self._lengths + more >= _SHORTEST)
        start, end = self._starts[of], self._lengths[of]
        first, second, cut = (end + more) // 3, 2 * (end + more) // 3, 1 - more
        same = self._digits[of] + (end + more).astype(np.uint64)
        rests = (
            self._piece(start, first + cut, end),
            self._piece(start, first * 0, first) * np.uint64(_ODDS[2]) ^ self._piece(start, second + cut, end),
            self._piece(start, first * 0, second),
        )
        mixed = [((rest ^ same) * np.uint64(odd)) >> np.uint64(32) for rest, odd in zip(rests, _ODDS, strict=True)]
        return np.concatenate(mixed), np.tile(of, 3)

    def _piece(self, start: Any, first: Any, end: Any) -> Any:
        """Return the hash of a piece of each form that starts at one of the letters."""
        return (self._sums[start + end] - self._sums[start + first]) * self._shifts[first]


class Near:
    """Finds the entities that have a name or form within one slip of what is said; made once for a graph.

    Entities go by their numbers. Every name and surface form has a row: that of a name is the entity's number; those of
    surface forms come after those of all names.
    """

    def __init__(self, graph: Graph) -> None:
        from rapidfuzz.distance import OSA

        entities = graph.arrays.entities
        self._ids, self._names, self._distance = entities.ids, entities.names, OSA.distance
        self._known: dict[str, int] = {}
        self._stands_for: dict[str, tuple[int, ...]] = {}
        self._texts, self._ends = bytearray(), array("Q", [0])
        self._owners, sayable = array("i"), bytearray()
        self._called, self._alike = Hashed(), Hashed()
        for first in range(0, len(self._names), _AT_ONCE):
            names = self._names[first : first + _AT_ONCE]
            self._add(names, range(first, first + len(names)), sayable)
        forms = self._surface_forms(graph)
        while some := list(islice(forms, _AT_ONCE)):
            self._texts += "".join([form for form, _ in some]).encode("utf-8", "surrogatepass")
            self._add([form for form, _ in some], [number for _, number in some], sayable)
        self._called.finish()
        self._alike.finish()
        self._alone = bytearray(b"\1") * len(self._owners)
        shared = self._called.shared(self._owners)
        for row, found in zip(shared, self._exactly([fold(self.form(row)) for row in shared]), strict=True):
            if len(found) > 1:
                self._alone[row] = sayable[row] = False
        del self._alone[len(self._names) :]
        #: the rows of what stands for an entity alone and can be said in a question, and where those of each begin
        self.sayable, self.first_sayable = _by_owner(self._owners, sayable, len(self._names))

    def _surface_forms(self, graph: Graph) -> Iterator[tuple[str, int]]:
        """Yield every surface form with the number of its entity, and note where it ends."""
        numbers, end = graph.arrays.entities.numbers, 0
        for id, surface, _ in graph.terms.forms():
            number = numbers.get(id)
            if number is not None:
                forms = dict.fromkeys(surface)
                forms.pop(self._names[number], None)
                for form in forms:
                    end += len(form) if form.isascii() else len(form.encode("utf-8", "surrogatepass"))
                    self._ends.append(end)
                    yield form, number

    def _add(self, forms: Sequence[str], owners: Sequence[int], sayable: bytearray) -> None:
        """Give forms their rows, the next ones, and say of each whether it can be said in a question."""
        import numpy as np

        first = len(self._owners)
        folded = fold_all(forms)
        self._owners.extend(owners)
        sayable.extend(
            len(form) > 1 and form == line and MASK not in form and is_plain(form, form_folded.split(" "))
            for form, line, form_folded in zip(forms, on_one_line(forms), folded, strict=True)
        )
        self._called.put(folded, range(first, first + len(forms)))
        # Of a name in capitals and the like, that is of one that reads as the name does, there is the name already.
        others_of = dict.fromkeys(owners) if first >= len(self._names) else ()
        names = {owner: fold(self._names[owner]) for owner in others_of}
        put = [at for at, (form, owner) in enumerate(zip(folded, owners, strict=True)) if form != names.get(owner)]
        others = [folded[at] for at in put]
        rests, places = _Rests(others, _digits(others)).when(0)
        self._alike.put_hashes(rests, first + np.array(put, np.int64)[places])

    def form(self, row: int) -> str:
        """Return the name or surface form of a row."""
        at = row - len(self._names)
        if at < 0:
            return self._names[row]
        return self._texts[self._ends[at] : self._ends[at + 1]].decode("utf-8", "surrogatepass")

    def alone(self, number: int) -> bool:
        """Say whether an entity's canonical name stands for it alone, so that a query can name it so."""
        return bool(self._alone[number])

    def are_alone(self, numbers: "NDArray[Any]") -> "NDArray[np.bool_]":
        """Say of many entities what :meth:`alone` says of each."""
        import numpy as np

        alone: NDArray[np.bool_] = np.frombuffer(self._alone, np.bool_)[numbers]
        return alone

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
        return frozenset([self._ids[number] for number in self._numbers([said])[0]])

    def ones(self, said: Sequence[str]) -> list[int]:
        """Return for each text the number of the only entity that is :meth:`meant`; -1 where it is none or several."""
        known = self._known
        if new := [text for text in dict.fromkeys(said) if text not in known]:
            if len(known) + len(new) > _KEPT:
                known.clear()
                new = list(dict.fromkeys(said))
            for text, numbers in zip(new, self._numbers(new), strict=True):
                known[text] = numbers.pop() if len(numbers) == 1 else -1
        return [known[text] for text in said]

    def _numbers(self, said: Sequence[str]) -> list[set[int]]:
        folded = list(map(fold, said))
        found = self._exactly(folded)
        left = [at for at, numbers in enumerate(found) if not numbers]
        for at, numbers in zip(left, self._nearly([folded[at] for at in left]), strict=True):
            found[at] = numbers
        return found

    def _exactly(self, folded: Sequence[str]) -> list[set[int]]:
        found: list[set[int]] = [set() for _ in folded]
        places, rows = self._called.find_hashes(hashes(folded))
        for place, row in zip(places.tolist(), rows.tolist(), strict=True):
            if fold(self.form(row)) == folded[place]:
                found[place].add(self._owners[row])
        return found

    def _nearly(self, folded: Sequence[str]) -> list[set[int]]:
        """Return what is called so but for one slip; another number is another thing, not a slip."""
        import numpy as np

        digits = _digits(folded)
        found: list[set[int]] = [set() for _ in folded]
        pairs = []
        forms_rests = _Rests(folded, digits)
        for more in (-1, 0, 1):
            rests, of = forms_rests.when(more)
            places, rows = self._alike.find_hashes(rests)
            pairs.append(of[places] << 32 | rows)
        each = np.unique(np.concatenate(pairs))
        forms = [fold(self.form(row)) for row in (each & 0xFFFFFFFF).tolist()]
        near = zip((each >> 32).tolist(), (each & 0xFFFFFFFF).tolist(), forms, _digits(forms), strict=True)
        for place, row, form, its in near:
            if its == digits[place] and self._distance(folded[place], form, score_cutoff=1) <= 1:
                found[place].add(self._owners[row])
        return found


def _by_owner(owners: "array[int]", sayable: bytearray, count: int) -> "tuple[array[int], array[int]]":
    """Return the rows that can be said, owner by owner, and where those of each of so many owners begin."""
    import numpy as np

    rows = np.flatnonzero(np.frombuffer(sayable, np.int8)).astype(np.int32)
    owner = np.frombuffer(owners, np.int32)[rows]
    first = np.concatenate(([0], np.cumsum(np.bincount(owner, minlength=count)))).astype(np.int32)
    return array("i", rows[np.argsort(owner, kind="stable")].tobytes()), array("i", first.tobytes())


def _digits(forms: Sequence[str]) -> list[str]:
    """Return the digits of each folded form."""
    text = "\n".join(forms)
    text = text.encode().translate(None, _NO_DIGITS_ASCII).decode() if text.isascii() else _NO_DIGITS.sub("", text)
    return text.split("\n") if forms else []
