# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Names as somebody types them: one of an entity's names and forms, in small letters or not, misspelt or not."""

from typing import TYPE_CHECKING, Final

from enliterator_normalize.dice import Dice, ManyDice
from enliterator_normalize.reading import is_plain
from enliterator_normalize.slips import Near, slip

if TYPE_CHECKING:
    from enliterator_normalize.dice import Numbers

#: of a hundred names, as many are written in small letters
_IN_SMALL: Final = 60


class Sayer:
    """Says the names of entities, so that each can still be told from all others; of a hundred, ``slips`` misspelt."""

    def __init__(self, near: Near, slips: int) -> None:
        self.near, self.slips = near, slips
        #: names that are to be misspelt: where each stands in which text, how it reads then, and whose name it is
        self._misspelt: list[tuple[list[str], int, str, int]] = []

    def say(self, number: int, dice: Dice, text: list[str]) -> bool:
        """Add one of the entity's names, as somebody types it, to a text; False where none stands for it alone.

        It is misspelt, if at all, by :meth:`misspell`; until then it keeps its place in the text.
        """
        first, end = self.near.first_sayable[number], self.near.first_sayable[number + 1]
        if first == end:
            return False
        row, chance = self.near.sayable[first + dice.under(end - first)], dice.under(10_000)
        form = self.near.say(row, small=chance % 100 < _IN_SMALL)
        if chance // 100 < self.slips:
            self._misspelt.append((text, len(text), slip(form, dice.under(10**6) / 10**6), number))
        text.append(form)
        return True

    def say_all(self, which: "Numbers", numbers: "Numbers", dice: ManyDice) -> "tuple[Numbers, list[list[str]]]":
        """Say the names of many entities as :meth:`say` does, each at the second place of a text.

        Returned is whose names could be said so that a query can name them, and their texts.
        """
        import numpy as np

        firsts, sayable = (np.frombuffer(one, np.int32) for one in (self.near.first_sayable, self.near.sayable))
        first = firsts[numbers]
        counts = firsts[numbers + 1] - first
        there = counts > 0
        which, numbers, first = which[there], numbers[there], first[there]
        rows, chances = sayable[first + dice.under(which, counts[there])], dice.under(which, 10_000)
        small = chances % 100 < _IN_SMALL
        texts = [["", self.near.say(row, small=its)] for row, its in zip(rows.tolist(), small.tolist(), strict=True)]
        slips = np.flatnonzero(chances // 100 < self.slips)
        where = dice.under(which[slips], 10**6) / 10**6
        for at, chance, number in zip(slips.tolist(), where.tolist(), numbers[slips].tolist(), strict=True):
            self._misspelt.append((texts[at], 1, slip(texts[at][1], chance), number))
        alone = np.flatnonzero(self.near.are_alone(numbers))
        return which[alone], [texts[at] for at in alone.tolist()]

    def misspell(self) -> None:
        """Misspell what was said since the last time and is to be so, where it can still be told what is meant."""
        misspelt = [one for one in self._misspelt if is_plain(one[2])]
        self._misspelt.clear()
        for (text, at, form, number), meant in zip(
            misspelt, self.near.ones([form for _, _, form, _ in misspelt]), strict=True
        ):
            if meant == number:
                text[at] = form
