# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Many small choices from few draws: a fraction is used up digit by digit, and fractions are drawn for many at once."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final, TypeVar

from enliterator_core import Sampler

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.int64]

T = TypeVar("T")

#: a fraction of 53 bits is used up when the choices made from it are as many as this
_MOST: Final = 2**40
#: fractions for one question: it takes three as a rule, and hardly ever more than these
_FRACTIONS: Final = 8


class Dice:
    """Choices made one after another from fractions; after the last one, the first is used again."""

    __slots__ = ("_fractions", "_rest", "_spent", "_throws")

    def __init__(self, fractions: Sequence[float], rest: float | None = None, spent: int = 1, throws: int = 1) -> None:
        self._fractions, self._throws = fractions, throws
        self._rest, self._spent = fractions[0] if rest is None else rest, spent

    def under(self, count: int) -> int:
        """Return a number from 0 up to, not including, the count."""
        spent = self._spent * count
        if spent > _MOST:
            self._throw()
            spent = count
        self._spent = spent
        rest = self._rest * count
        place = int(rest)
        self._rest = rest - place
        return place

    def one_of(self, options: Sequence[T]) -> T:
        """Return one of the options, of which there is at least one."""
        count = len(options)  # as in `under`, which is not called since most choices are made here
        spent = self._spent * count
        if spent > _MOST:
            self._throw()
            spent = count
        self._spent = spent
        rest = self._rest * count
        place = int(rest)
        self._rest = rest - place
        return options[place]

    def happens(self, percent: int) -> bool:
        """Say yes in so many of a hundred cases."""
        return self.under(100) < percent

    def _throw(self) -> None:
        self._rest = self._fractions[self._throws % len(self._fractions)]
        self._throws += 1


class ManyDice:
    """The dice of many questions, thrown for some of them at once: each falls as it does by itself."""

    def __init__(self, fractions: Sequence[Sequence[float]]) -> None:
        import numpy as np

        self._rows, self._fractions = fractions, np.array(fractions).reshape(-1, _FRACTIONS)
        self._rest = self._fractions[:, 0].copy()
        self._spent, self._throws = (np.ones(len(fractions), np.int64) for _ in range(2))

    def under(self, which: "Numbers", count: "Numbers | int") -> "Numbers":
        """Return for each of these dice (none twice) a number from 0 up to, not including, its count."""
        import numpy as np

        counts = np.broadcast_to(np.asarray(count, np.int64), which.shape)
        spent = self._spent[which] * counts
        over = np.flatnonzero(spent > _MOST)
        if len(over):
            again = which[over]
            self._rest[again] = self._fractions[again, self._throws[again] % _FRACTIONS]
            self._throws[again] += 1
            spent[over] = counts[over]
        self._spent[which] = spent
        rest = self._rest[which] * counts
        places = rest.astype(np.int64)
        self._rest[which] = rest - places
        return places

    def one_by_one(self) -> list[Dice]:
        """Return the dice as they are now, each to be thrown by itself."""
        return list(map(Dice, self._rows, self._rest.tolist(), self._spent.tolist(), self._throws.tolist()))


def drawn(sampler: Sampler, keys: Any, *context: str) -> list[list[float]]:
    """Return the fractions that dice are made of, for each of an array of keys."""
    import numpy as np

    points = [sampler.points(keys, "normalize", *context, str(place)) for place in range(_FRACTIONS)]
    fractions: list[list[float]] = ((np.stack(points, axis=1) >> np.uint64(11)) * 2.0**-53).tolist()
    return fractions
