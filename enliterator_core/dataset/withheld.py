# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Words of withheld sources in many texts at once: which texts must be looked at one by one.

What counts as content is told by :meth:`Graph.leaks`: five words in a row. Here every word that withheld sources have
is a number, and five in a row a hash, so that a batch of texts is compared with all of them in a few array operations.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from enliterator_core.graph import Graph

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Hashes = NDArray[np.uint64]

_WORD: Final = re.compile(r"\w+")
_RUN: Final = 5
_SPREAD: Final = 0x9E3779B97F4A7C15  # 2^64 over the golden ratio, an odd number: Knuth's multiplicative hash


class Withheld:
    """The content of a graph's sources that are not trainable, and of others when they are asked about."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._numbers: dict[str, int] = {}
        self._sources: dict[str, Hashes] = {}
        self._every = self._joined(path for path in graph.sources if not graph.rights_of(path).trainable)

    def suspects(self, texts: Sequence[str], paths: Sequence[str | None]) -> list[int]:
        """Return which texts may say five words in a row of a withheld source, or of the one named for each."""
        import numpy as np

        named = {path for path in paths if path is not None and path in self._graph.sources}
        if not len(self._every) and not named:
            return []
        own = {path: self._runs_of(path) for path in sorted(named)}
        numbers, sizes = list[int](), list[int]()
        get = self._numbers.get
        for text in texts:
            found = [get(word, 0) for word in _WORD.findall(text.casefold())]
            numbers += found
            numbers += (0,) * _RUN  # a run does not go on from one text to the next
            sizes.append(len(found) + _RUN)
        places, hashes = _runs(np.array(numbers, np.uint64))
        owners = np.searchsorted(np.cumsum(sizes), places, side="right")
        found_in = set(owners[_isin(hashes, self._every)].tolist())
        for path, runs in own.items():
            for owner in set(owners[_isin(hashes, runs)].tolist()):
                if paths[owner] == path:
                    found_in.add(owner)
        return sorted(found_in)

    def _joined(self, paths: Iterable[str]) -> Hashes:
        import numpy as np

        return np.unique(np.concatenate([np.zeros(0, np.uint64), *map(self._runs_of, paths)]))

    def _runs_of(self, path: str) -> Hashes:
        """Return the hashes of a source's runs, sorted; its words are numbered from then on."""
        import numpy as np

        if path not in self._sources:
            numbers = self._numbers
            words = _WORD.findall(self._graph.document(path).text.casefold())
            found = [numbers.setdefault(word, len(numbers) + 1) for word in words]
            self._sources[path] = np.unique(_runs(np.array(found, np.uint64))[1])
        return self._sources[path]


def _runs(numbers: Hashes) -> tuple[NDArray[np.int64], Hashes]:
    """Return where runs of known words (not 0) stand, and their hashes."""
    import numpy as np

    count = len(numbers) - _RUN + 1
    if count <= 0:
        return np.zeros(0, np.int64), np.zeros(0, np.uint64)
    known = numbers != 0
    whole = known[:count].copy()
    for shift in range(1, _RUN):
        whole &= known[shift : count + shift]
    places = np.flatnonzero(whole)
    hashes = numbers[places]
    for shift in range(1, _RUN):
        hashes = hashes * np.uint64(_SPREAD) + numbers[places + shift]
    return places, hashes


def _isin(hashes: Hashes, known: Hashes) -> NDArray[np.bool_]:
    import numpy as np

    if not len(known):
        return np.zeros(len(hashes), bool)
    at = np.minimum(np.searchsorted(known, hashes), len(known) - 1)
    found: NDArray[np.bool_] = known[at] == hashes
    return found
