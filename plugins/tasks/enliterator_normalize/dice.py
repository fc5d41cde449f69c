# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Many small choices from few draws: a fraction is used up digit by digit."""

from collections.abc import Sequence
from typing import TypeVar

from enliterator_core import Sampler

T = TypeVar("T")


class Dice:
    """Choices drawn one after another for a key; the next fraction is drawn when one is used up."""

    def __init__(self, sampler: Sampler, *key: str) -> None:
        self._sampler, self._key, self._throws = sampler, key, 0
        self._rest, self._spent = 0.0, float(2**60)

    def under(self, count: int) -> int:
        """Return a number from 0 up to, not including, the count."""
        self._spent *= count
        if self._spent > 2**40:
            self._rest, self._spent = self._sampler.fraction(*self._key, str(self._throws)), float(count)
            self._throws += 1
        self._rest *= count
        place = int(self._rest)
        self._rest -= place
        return place

    def one_of(self, options: Sequence[T]) -> T:
        """Return one of the options, of which there is at least one."""
        return options[self.under(len(options))]

    def happens(self, share: float) -> bool:
        """Say yes in that share of all cases, to the hundredth."""
        return self.under(100) < round(share * 100)
