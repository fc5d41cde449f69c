# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Names as somebody types them: one of an entity's names and forms, in small letters or not, misspelt or not."""

from typing import Final

from enliterator_normalize.dice import Dice
from enliterator_normalize.reading import is_plain
from enliterator_normalize.slips import Near, slip

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
        rows = self.near.sayable(number)
        if not rows:
            return False
        row, chance = dice.one_of(rows), dice.under(10_000)
        form = self.near.say(row, small=chance % 100 < _IN_SMALL)
        if chance // 100 < self.slips:
            self._misspelt.append((text, len(text), slip(form, dice.under(10**6) / 10**6), number))
        text.append(form)
        return True

    def misspell(self) -> None:
        """Misspell what was said since the last time and is to be so, where it can still be told what is meant."""
        misspelt = [one for one in self._misspelt if is_plain(one[2])]
        self._misspelt.clear()
        for (text, at, form, number), meant in zip(
            misspelt, self.near.ones([form for _, _, form, _ in misspelt]), strict=True
        ):
            if meant == number:
                text[at] = form
