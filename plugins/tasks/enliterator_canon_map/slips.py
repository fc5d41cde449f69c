# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Misspellings as they were counted, and what a misspelt form may have meant.

Of some 50,000 misspellings in 25 million words of scholarly text, 90 to 95 in a hundred hold a single mistake, and most
insertions double a letter (Pollock and Zamora 1983, Journal of the American Society for Information Science 34:1,
51-58); 34 in a hundred leave a letter out, 27 put one in, 19 take another, 12 swap two, and the first letter is hardly
ever wrong (Pollock and Zamora 1984, Communications of the ACM 27:4, 358-368). So a slip is one of these four, by these
frequencies, never in a first letter; a wrong letter is a neighbour on the keyboard.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from enliterator_core import Sampler

if TYPE_CHECKING:
    from numpy.typing import NDArray

_WORD: Final = re.compile(r"[a-z]{5,}")
_TOKEN: Final = re.compile(r"([^\W_]+)")
_KEYS: Final = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_OMISSION, _INSERTION, _SUBSTITUTION, _TRANSPOSITION = 34, 27, 19, 12
_BESIDE: Final = {key: row[place - 1 if place else 1] for row in _KEYS for place, key in enumerate(row)}
#: forms that may have been meant are compared up to this many; what looks like more is like nothing
_MOST_COMPARED: Final = 500
#: bits that tell which hashes are there, for each of them
_ROOM: Final = 12
#: a hash is found by at most so many of its last bits, and compared by the next
_COMPARED: Final = 24
_OTHER: Final = (1 << 8) - 1
#: what tells the first and last halves of forms one letter shorter, as long, and one letter longer from each other
_AROUND: Final = np.arange(-2, 4)


def slip(form: str, sampler: Sampler, *key: str) -> str | None:
    """Return the form in small letters with one slip in a word of five letters or more; None where it has none."""
    lower = form.lower()
    words = [match.span() for match in _WORD.finditer(lower)]
    if not words:
        return None
    place = sampler.fraction("slip", *key) * len(words)
    start, end = words[int(place)]
    inner = place % 1 * (end - start - 2)
    at = start + 1 + int(inner)
    kind = inner % 1 * (_OMISSION + _INSERTION + _SUBSTITUTION + _TRANSPOSITION)
    here = lower[at]
    if kind < _OMISSION:
        changed = ""
    elif kind < _OMISSION + _INSERTION:
        changed = here * 2
    elif kind < _OMISSION + _INSERTION + _SUBSTITUTION:
        changed = _BESIDE[here]
    else:
        changed, end = lower[at + 1] + here, at + 2
        return None if lower[at + 1] == here else lower[:at] + changed + lower[end:]
    return lower[:at] + changed + lower[at + 1 :]


class Spelling:
    """Every name and form of a graph, found again by what is one slip away.

    One slip leaves the first or the last half of a form as it was, so that forms are kept by the hash of each half
    together with their length; what a hash finds is compared letter by letter.
    """

    def __init__(
        self, forms: Sequence[str], halves: NDArray[np.uint32] | None = None, longest: int | None = None
    ) -> None:
        """Take forms, each once, what :func:`halves_of` says of them, and how long the longest is, where known."""
        from rapidfuzz.distance import OSA

        self._forms, self._distance = forms, OSA.distance
        self._longest = max(map(len, forms), default=0) if longest is None else longest
        every = (halves_of(forms) if halves is None else halves).reshape(-1)
        # By their last digits, of which it is kept where each begins; of the others some are kept to compare.
        self._digits = (1 << min(_COMPARED, max(8, len(every).bit_length() - 1))) - 1
        order = np.argsort(every & np.uint32(self._digits), kind="stable").astype(np.int32)
        every = every[order]
        bounds = np.searchsorted(every & np.uint32(self._digits), np.arange(self._digits + 2, dtype=np.uint32))
        self._bounds = _one_by_one(bounds.astype(np.int32))
        self._others = (every >> _COMPARED).astype(np.uint8).tobytes()
        self._places = _one_by_one(order >> 1)
        # Most of what is looked up is not there, which the last digits of its hash tell at once: a bit for each.
        self._last = (1 << (_ROOM * len(every)).bit_length()) - 1
        taken = np.zeros(self._last + 1, bool)
        taken[every & self._last] = True
        self._taken = np.packbits(taken, bitorder="little")

    def near(self, said: Sequence[str]) -> list[list[str]]:
        """Return the forms one slip away from each of some folded forms, in order of their spelling.

        Too many give none.
        """
        near: list[list[str]] = [[] for _ in said]
        for place, found in self._under_all(said).items():
            form, distance = said[place], self._distance
            if len(found) <= _MOST_COMPARED:
                others = {self._forms[self._places[at]] for at in found}
                near[place] = sorted(other for other in others if distance(other, form, score_cutoff=1) <= 1)
        return near

    def _under_all(self, said: Sequence[str]) -> dict[int, list[int]]:
        """Return what stands under the hashes of the halves of some forms, by the place of each."""
        lengths, keys = _keys_of(said)
        last = keys & self._last
        there = (self._taken[last >> 3] >> (last & 7) & 1).astype(bool) & (lengths - 1 <= self._longest)[:, np.newaxis]
        places, keys = np.nonzero(there)[0].tolist(), keys[there]
        digits, others = (keys & self._digits).tolist(), (keys >> _COMPARED & _OTHER).tolist()
        found: dict[int, list[int]] = {}
        bounds, of_all = self._bounds, self._others
        for place, digit, other in zip(places, digits, others, strict=True):
            if under := [at for at in range(bounds[digit], bounds[digit + 1]) if of_all[at] == other]:
                found.setdefault(place, []).extend(under)
        return found


def _keys_of(said: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return how long some forms are, and the hashes under which stands what is one slip away from each.

    A form one letter shorter or longer has one of two halves, and a form of the same length has one of them too.
    """
    halves: list[int] = []
    for form in said:
        length = len(form)
        short, long = max(length - 2, 0) // 2, length // 2
        halves += hash(form[:short]), hash(form[length - short :]), hash(form[:long]), hash(form[length - long :])
    lengths = np.fromiter(map(len, said), np.int64, len(said))
    every = np.array(halves, np.int64).reshape(-1, 4)
    of_short, of_long = every[:, :2], every[:, 2:]
    same = np.where((lengths % 2 == 1)[:, np.newaxis], of_long, of_short)
    return lengths, np.hstack((of_short, same, of_long)) ^ (2 * lengths[:, np.newaxis] + _AROUND)


def _one_by_one(array: Any) -> memoryview[Any]:
    return memoryview(array)


def halves_of(forms: Sequence[str]) -> NDArray[np.uint32]:
    """Return a hash of the first and of the last half of each form, both together with how long the form is.

    A letter (of an odd size) or two in the middle belong to neither half, so that two swapped ones break only one.
    """
    halves = np.empty((len(forms), 2), np.int64)
    lengths = np.fromiter(map(len, forms), np.int64, len(forms))
    ends = np.maximum(lengths - 1, 0) >> 1
    halves[:, 0] = [hash(form[:end]) for form, end in zip(forms, ends.tolist(), strict=True)]
    halves[:, 1] = [hash(form[start:]) for form, start in zip(forms, (lengths - ends).tolist(), strict=True)]
    halves[:, 0] ^= 2 * lengths
    halves[:, 1] ^= 2 * lengths + 1
    return halves.astype(np.uint32)


def is_slip(said: str, form: str) -> bool:
    """Say whether two folded forms that are one slip apart differ within one longer word, not in its first letter."""
    words, others = said.split(" "), form.split(" ")
    if len(words) != len(others) or not f"{said}{form}".replace(" ", "").isalnum():
        words, others = _TOKEN.split(said), _TOKEN.split(form)
    apart = [(one, other) for one, other in zip(words, others, strict=False) if one != other]
    if len(apart) != 1:
        return False
    ((one, other),) = apart
    return one.isalpha() and other.isalpha() and one[0] == other[0] and len(other) >= 5
