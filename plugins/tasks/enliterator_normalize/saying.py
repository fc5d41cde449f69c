# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Names as somebody types them: one of an entity's names and forms, in small letters or not, misspelt or not."""

from collections.abc import Iterable
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

    def said(self, number: int, dice: Dice) -> str:
        """Return one of the entity's names as somebody types it; "" where it has none that stands for it alone."""
        return self.all_said([(number, dice)])[0]

    def all_said(self, asked: Iterable[tuple[int, Dice]]) -> list[str]:
        """Return what :meth:`said` returns, for each entity with its dice."""
        asked = list(asked)
        forms = [self._form(number, dice) for number, dice in asked]
        said = [form for form, _ in forms]
        slipped = [
            (at, slip(form, asked[at][1].under(10**6) / 10**6)) for at, (form, slips) in enumerate(forms) if slips
        ]
        one = self.near.one
        for at, form in slipped:
            if is_plain(form) and one(form) == asked[at][0]:
                said[at] = form
        return said

    def _form(self, number: int, dice: Dice) -> tuple[str, bool]:
        """Return one of the entity's names, and whether it is to be misspelt."""
        rows = self.near.sayable(number)
        if not rows:
            return "", False
        row, chance = dice.one_of(rows), dice.under(10_000)
        return self.near.say(row, small=chance % 100 < _IN_SMALL), chance // 100 < self.slips
