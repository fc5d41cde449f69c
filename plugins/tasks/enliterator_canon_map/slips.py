# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Misspellings as they were counted, and what a misspelt form may have meant.

Of some 50,000 misspellings in 25 million words of scholarly text, 90 to 95 in a hundred hold a single mistake, and most
insertions double a letter (Pollock and Zamora 1983, Journal of the American Society for Information Science 34:1,
51-58); 34 in a hundred leave a letter out, 27 put one in, 19 take another, 12 swap two, and the first letter is hardly
ever wrong (Pollock and Zamora 1984, Communications of the ACM 27:4, 358-368). So a slip is one of these four, by these
frequencies, never in a first letter; a wrong letter is a neighbour on the keyboard.
"""

import re
from bisect import bisect_left, bisect_right
from typing import Any, Final

from enliterator_core import Sampler

_WORD: Final = re.compile(r"[a-z]{5,}")
_TOKEN: Final = re.compile(r"([^\W_]+)")
_KEYS: Final = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_OMISSION, _INSERTION, _SUBSTITUTION, _TRANSPOSITION = 34, 27, 19, 12
_BESIDE: Final = {key: row[place - 1 if place else 1] for row in _KEYS for place, key in enumerate(row)}
#: forms that may have been meant are compared up to this many; what looks like more is like nothing
_MOST_COMPARED: Final = 500
#: bits that tell which hashes are there, for each of them
_ROOM: Final = 12


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

    def __init__(self, forms: list[str]) -> None:
        import numpy
        from rapidfuzz.distance import OSA

        self._forms, self._distance = forms, OSA.distance
        self._sizes = frozenset(map(len, forms))
        every = numpy.array([key for form in forms for key in _halves(form, len(form))], dtype=numpy.int64)
        order: Any = numpy.argsort(every, kind="stable")
        keys: Any = every[order]
        self._keys, self._places = memoryview(keys), memoryview((order >> 1).astype(numpy.int32))
        # Most of what is looked up is not there, which the last digits of its hash tell at once: a bit for each.
        size = 1 << (_ROOM * len(keys)).bit_length()
        taken = numpy.zeros(size, dtype=bool)
        taken[keys & (size - 1)] = True
        self._taken, self._last = numpy.packbits(taken, bitorder="little").tobytes(), size - 1

    def near(self, said: str) -> list[str]:
        """Return the forms one slip away from a folded form, in order of their spelling; too many give none."""
        taken, last, length = self._taken, self._last, len(said)
        keys = []
        for size in (length - 1, length, length + 1):
            if size not in self._sizes:
                continue
            for key in _halves(said, size):
                place = key & last
                if taken[place >> 3] >> (place & 7) & 1:
                    keys.append(key)
        if not keys:
            return []
        return sorted(form for form in self._under(keys) if self._distance(form, said, score_cutoff=1) <= 1)

    def _under(self, keys: list[int]) -> set[str]:
        """Return the forms under some hashes; none where there are too many."""
        ranges, count = [], 0
        for key in keys:
            begin = bisect_left(self._keys, key)
            end = bisect_right(self._keys, key, begin)
            ranges.append((begin, end))
            count += end - begin
        if count > _MOST_COMPARED:
            return set()
        return {self._forms[place] for begin, end in ranges for place in self._places[begin:end]}


def _halves(form: str, size: int) -> tuple[int, int]:
    """Return the hashes under which a form of that size is kept that is the same as this one in its first or last half.

    A letter (of an odd size) or two in the middle belong to neither half, so that two swapped ones break only one.
    """
    half = (size - 1) // 2
    return hash(form[:half]) ^ 2 * size, hash(form[len(form) - half :]) ^ (2 * size + 1)


def is_slip(said: str, form: str) -> bool:
    """Say whether two folded forms that are one slip apart differ within one longer word, not in its first letter."""
    pairs = zip(_TOKEN.split(said), _TOKEN.split(form), strict=False)
    apart = [(one, other) for one, other in pairs if one != other]
    if len(apart) != 1:
        return False
    ((one, other),) = apart
    return one.isalpha() and other.isalpha() and one[0] == other[0] and len(other) >= 5
