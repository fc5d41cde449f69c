# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Near-duplicates, exactly: which texts have a twin among others, by the Jaccard similarity of character 5-grams.

Two sets of similarity above t share at least one element among the first |x| - ceil(t |x|) + 1 of each, whatever the
order of elements (the prefix filter of Chaudhuri, Ganti and Kaushik, 2006). The order here is rarest first among the
held texts, so that a text with enough grams that no held text has is done with at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.int64]

SIZE: Final = 5  # characters in a gram
_EXACT: Final = 2**63 - 1


def grams(text: str) -> set[str]:
    """Return the 5-grams of a text; a shorter text is its own only gram."""
    return {text[at : at + SIZE] for at in range(max(1, len(text) - SIZE + 1))}


def jaccard(one: set[str], other: set[str]) -> float:
    """Return the size of the intersection over the size of the union; two empty sets are alike."""
    shared = len(one & other)
    union = len(one) + len(other) - shared
    return shared / union if union else 1.0


class Grams:
    """The 5-grams of many texts as numbers, one for one: equal grams and no others have equal numbers."""

    def __init__(self, texts: Sequence[str]) -> None:
        import numpy as np

        padded = [text.ljust(SIZE, "\0") for text in texts]
        flat = np.frombuffer("".join(padded).encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
        lengths = np.fromiter((len(text) for text in padded), dtype=np.int64, count=len(padded))
        ends = np.cumsum(lengths)
        keys = _keys(flat)
        self.sets: list[Numbers] = [
            np.unique(keys[start : end - SIZE + 1])
            for start, end in zip((ends - lengths).tolist(), ends.tolist(), strict=True)
        ]


def _keys(codes: Any) -> Numbers:
    """Number the window of five characters that starts at each character; the last four have none."""
    import numpy as np

    if len(codes) < SIZE:
        return np.empty(0, dtype=np.int64)
    known = np.zeros(int(codes.max()) + 1, dtype=bool)
    known[codes] = True
    base = int(known.sum())
    dense = (np.cumsum(known) - 1)[codes]
    if base**SIZE <= _EXACT:
        keys = dense[: 1 - SIZE].copy()
        for shift in range(1, SIZE):
            keys = keys * base + dense[shift : len(dense) - SIZE + 1 + shift]
        return np.asarray(keys, dtype=np.int64)
    # Too many different characters for one number of 63 bits: number the runs of three, then pairs of run and rest.
    threes = dense[:-2] * base * base + dense[1:-1] * base + dense[2:]
    _, first = np.unique(threes, return_inverse=True)
    _, rest = np.unique(dense[:-1] * base + dense[1:], return_inverse=True)
    return np.asarray(first[:-2] * (int(rest.max()) + 1) + rest[3:], dtype=np.int64)


class Held:
    """Texts that others are compared with, indexed by the rarest grams of each."""

    def __init__(self, sets: Sequence[Numbers], threshold: float) -> None:
        import numpy as np

        self.threshold = threshold
        self.sizes = np.fromiter((len(one) for one in sets), dtype=np.int64, count=len(sets))
        empty = np.empty(0, dtype=np.int64)
        self.known, counts = np.unique(np.concatenate([empty, *sets]), return_counts=True)
        self.rank = np.empty(len(self.known), dtype=np.int64)
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
    every = Grams([*texts, *held]).sets
    index = Held(every[len(texts) :], threshold)
    return [index.twin(keys) for keys in every[: len(texts)]]
