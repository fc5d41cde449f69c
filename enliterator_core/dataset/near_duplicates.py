# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Near-duplicates, exactly: which texts have a twin among others, by the Jaccard similarity of character 5-grams.

Two sets of similarity above t share at least one element among the first |x| - ceil(t |x|) + 1 of each, whatever the
order of elements (the prefix filter of Chaudhuri, Ganti and Kaushik, 2006). The order here is rarest first among the
held texts, so that a text with enough grams that no held text has is done with at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import count, islice
from math import ceil
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.int64]

SIZE: Final = 5  # characters in a gram
TEXTS_AT_ONCE: Final = 1000
_EXACT: Final = 2**63 - 1


def grams(text: str) -> set[str]:
    """Return the 5-grams of a text; a shorter text is its own only gram."""
    return {text[at : at + SIZE] for at in range(max(1, len(text) - SIZE + 1))}


def jaccard(one: set[str], other: set[str]) -> float:
    """Return the size of the intersection over the size of the union; two empty sets are alike."""
    shared = len(one & other)
    union = len(one) + len(other) - shared
    return shared / union if union else 1.0


class Numbering:
    """Numbers for the 5-grams of texts, one for one: equal grams and no others have equal numbers.

    ``texts`` are all that will be numbered, so that their characters are known. Texts are worked on a few at a time,
    since the numbers of a text take eight times its room.
    """

    def __init__(self, texts: Iterable[str]) -> None:
        import numpy as np

        used = set[str]().union(*texts)
        # What short texts are filled up with stands in none of them, so that "" and "\0" stay two.
        self._filling = next(character for code in count() if (character := chr(code)) not in used)
        used.add(self._filling)
        self._base = len(used)
        self._place = np.zeros(max(map(ord, used)) + 1, dtype=np.int64)
        self._place[sorted(map(ord, used))] = np.arange(len(used))
        self._rest: dict[int, int] = {}

    def sets(self, texts: Iterable[str]) -> Iterator[Numbers]:
        """Yield the sorted numbers of the different grams of each text."""
        import numpy as np

        every = iter(texts)
        while some := [text.ljust(SIZE, self._filling) for text in islice(every, TEXTS_AT_ONCE)]:
            codes = np.frombuffer("".join(some).encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
            keys = self._keys(self._place[codes])
            start = 0
            for text in some:
                yield np.unique(keys[start : start + len(text) - SIZE + 1])
                start += len(text)

    def _keys(self, places: Numbers) -> Numbers:
        """Number the window of five characters that starts at each character but the last four."""
        import numpy as np

        keys = places[: 1 - SIZE].copy()
        exact = self._base**SIZE <= _EXACT
        for shift in range(1, SIZE):
            if shift == SIZE - 2 and not exact:
                keys = self._numbered(keys)
            keys = keys * self._base + places[shift : len(places) - SIZE + 1 + shift]
        return np.asarray(keys, dtype=np.int64)

    def _numbered(self, keys: Numbers) -> Numbers:
        """Give keys smaller numbers, one for one: too many characters for five of them in 63 bits, three are enough."""
        import numpy as np

        known, where = np.unique(keys, return_inverse=True)
        numbers = [self._rest.setdefault(key, len(self._rest)) for key in known.tolist()]
        return np.asarray(numbers, dtype=np.int64)[where]


class Held:
    """Texts that others are compared with, given by the numbers of their grams, indexed by the rarest of each."""

    def __init__(self, sets: Sequence[Numbers], threshold: float) -> None:
        import numpy as np

        self.threshold = threshold
        self.sizes = np.fromiter((len(one) for one in sets), dtype=np.int64, count=len(sets))
        empty = np.empty(0, dtype=np.int64)
        self.known, counts = np.unique(np.concatenate([empty, *sets]), return_counts=True)
        self.rank = np.empty(len(self.known), dtype=np.int32)
        self.rank[np.lexsort((self.known, counts))] = np.arange(len(self.known))
        self.ranks = [np.sort(self.rank[np.searchsorted(self.known, one)]) for one in sets]
        prefixes = [ranks[: self._prefix(len(ranks))] for ranks in self.ranks]
        self.last = np.fromiter((prefix[-1] for prefix in prefixes), dtype=np.int64, count=len(prefixes))
        self.after = self.sizes - np.fromiter(map(len, prefixes), dtype=np.int64, count=len(prefixes))
        tokens = np.concatenate([empty, *prefixes])
        owners = np.repeat(np.arange(len(sets)), [len(prefix) for prefix in prefixes])
        order = np.argsort(tokens, kind="stable")
        self.owners = owners[order]
        self.starts = np.searchsorted(tokens[order], np.arange(len(self.known) + 1))
        self._mark = np.zeros(len(self.known), dtype=bool)

    def _prefix(self, size: int) -> int:
        return size - ceil(self.threshold * size - 1e-9) + 1

    def twin(self, keys: Numbers) -> int | None:
        """Return the number of a held text whose similarity to this one is above the threshold, or None.

        What two texts share is at most what their prefixes share and what follows the prefix that ends first (PPJoin's
        bound, Xiao et al., 2008); only pairs for which this is enough are compared.
        """
        import numpy as np

        if not len(self.known):
            return None
        at = np.minimum(np.searchsorted(self.known, keys), len(self.known) - 1)
        seen = self.known[at] == keys
        room = self._prefix(len(keys)) - (len(keys) - int(seen.sum()))
        if room <= 0:
            return None
        ranks = np.sort(self.rank[at[seen]])
        if not len(ranks):
            return None
        found = [self.owners[self.starts[token] : self.starts[token + 1]] for token in ranks[:room].tolist()]
        candidates, shared = np.unique(np.concatenate(found), return_counts=True)
        after = np.where(
            self.last[candidates] > ranks[:room][-1], len(keys) - self._prefix(len(keys)), self.after[candidates]
        )
        needed = self.threshold / (1 + self.threshold) * (len(keys) + self.sizes[candidates])
        fits = shared + after >= needed - 1e-9
        likely = candidates[fits][np.argsort(-shared[fits], kind="stable")]
        self._mark[ranks] = True
        result = next((one for one in likely.tolist() if self._alike(one, len(keys))), None)
        self._mark[ranks] = False
        return result

    def _alike(self, candidate: int, size: int) -> bool:
        ranks = self.ranks[candidate]
        shared = int(self._mark[ranks].sum())
        return shared / (size + len(ranks) - shared) > self.threshold


def twins(texts: Sequence[str], held: Sequence[str], threshold: float) -> list[int | None]:
    """Return for each text the number of a held one whose similarity is above the threshold, None where none is."""
    numbering = Numbering((*texts, *held))
    index = Held(list(numbering.sets(held)), threshold)
    return [index.twin(keys) for keys in numbering.sets(texts)]
