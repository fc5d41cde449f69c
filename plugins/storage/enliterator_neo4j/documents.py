# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Documents that were written or read last, kept in memory up to a bound: stages read each source one by one, in the
order of the paths, and a question to the server for each would be most of the time of a build."""

from collections import OrderedDict
from collections.abc import Sequence
from typing import Final

from enliterator_core import Document
from enliterator_neo4j.rows import sort_of

_MOST: Final = 64_000_000
"""Bytes, about, that are kept."""
_BLOCK: Final = 200
_AHEAD: Final = 64


class Documents:
    """The documents kept, by path; which were used longest ago go first."""

    def __init__(self, most: int = _MOST) -> None:
        self._most = most
        self._size = 0
        self._kept: OrderedDict[str, Document] = OrderedDict()
        self._asked, self._ahead = "", 1
        self._whole = ("", "")  # between these two there is none that is not kept

    def _weight(self, one: Document) -> int:
        return len(one.text) + _BLOCK * (1 + len(one.blocks))

    def keep(self, path: str, one: Document) -> None:
        """Keep a document in the place of the one that was kept under its path."""
        old = self._kept.pop(path, None)
        self._kept[path] = one
        self._size += self._weight(one) - (self._weight(old) if old else 0)
        while self._size > self._most:
            self._size -= self._weight(self._kept.popitem(last=False)[1])
        self._whole = ("", "")

    def get(self, path: str) -> Document | None:
        """Return a document that is kept."""
        if path in self._kept:
            self._kept.move_to_end(path)
        return self._kept.get(path)

    def missing(self, path: str) -> bool:
        """Say whether it is known that there is no document that is not kept under the path."""
        return self._whole[0] <= sort_of(path) < self._whole[1]

    def ahead(self, path: str) -> int:
        """Return how many documents to read from a path on: more and more while paths are asked for in their order."""
        self._ahead = min(2 * self._ahead, _AHEAD) if path > self._asked else 1
        self._asked = path
        return self._ahead

    def took(self, path: str, read: Sequence[tuple[str, Document]]) -> Document | None:
        """Keep what was read from a path on, and return that path's document, if it was there."""
        for one, document in read:
            self.keep(one, document)
        if read:
            self._whole = (sort_of(path), sort_of(read[-1][0]))
        return dict(read[:1]).get(path)
