# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Many small choices from few draws: a fraction is used up digit by digit."""

from collections.abc import Sequence
from typing import Final, TypeVar

from enliterator_core import Sampler

T = TypeVar("T")

#: a fraction of 53 bits is used up when the choices made from it are as many as this
_MOST: Final = 2**40


class Dice:
    """Choices drawn one after another for a key; the next fraction is drawn when one is used up."""

    __slots__ = ("_key", "_rest", "_sampler", "_spent", "_throws")

    def __init__(self, sampler: Sampler, *key: str) -> None:
        self._sampler, self._key, self._throws = sampler, key, 0
        self._rest, self._spent = 0.0, 2 * _MOST

    def under(self, count: int) -> int:
        """Return a number from 0 up to, not including, the count."""
        self._spent *= count
        if self._spent > _MOST:
            self._throw(count)
        rest = self._rest * count
        place = int(rest)
        self._rest = rest - place
        return place

    def one_of(self, options: Sequence[T]) -> T:
        """Return one of the options, of which there is at least one."""
        count = len(options)  # as in `under`, which is not called since most choices are made here
        self._spent *= count
        if self._spent > _MOST:
            self._throw(count)
        rest = self._rest * count
        place = int(rest)
        self._rest = rest - place
        return options[place]

    def happens(self, percent: int) -> bool:
        """Say yes in so many of a hundred cases."""
        return self.under(100) < percent

    def _throw(self, count: int) -> None:
        self._rest, self._spent = self._sampler.fraction(*self._key, str(self._throws)), count
        self._throws += 1
