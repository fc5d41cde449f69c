# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""What a graph keeps in few bytes: texts that repeat as codes, texts in one piece of UTF-8, spans as numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from enliterator_core.nouns import Span

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from enliterator_core.columns import SpanColumns


def joined(parts: Sequence[NDArray[Any]], dtype: Any) -> NDArray[Any]:
    """Return arrays as one of the given type; of none an empty one."""
    return np.concatenate(parts).astype(dtype, copy=False) if parts else np.zeros(0, dtype)


def one_by_one(array: Any) -> memoryview[Any]:
    """Return an array's numbers for reading one at a time: as Python's own, and faster than from the array."""
    contiguous: Any = np.ascontiguousarray(array)
    return memoryview(contiguous)


class Codes:
    """Texts that repeat, each numbered when it is first met: ``values`` lists them, ``rows`` holds the codes."""

    def __init__(self) -> None:
        self._codes: dict[str | None, int] = {}
        self._parts: list[NDArray[np.int32]] = []
        self.values: list[Any] = []

    def add(self, texts: Sequence[str | None]) -> None:
        """Append a column."""
        codes = self._codes
        for text in dict.fromkeys(texts):
            codes.setdefault(text, len(codes))
        self._parts.append(np.fromiter(map(codes.__getitem__, texts), np.int32, len(texts)))

    def finish(self) -> NDArray[np.int32]:
        """Return the codes of all that was added."""
        self.values = list(self._codes)
        rows: NDArray[np.int32] = joined(self._parts, np.int32)
        self._parts.clear()
        return rows


class Texts(Sequence[str]):
    """Texts in one piece of UTF-8, decoded one by one as they are asked for."""

    def __init__(self) -> None:
        self._bytes = bytearray()
        self._lengths: list[NDArray[np.int64]] = []
        self._offsets: memoryview[Any] = one_by_one(np.zeros(1, np.int64))

    def add(self, texts: Iterable[str]) -> None:
        """Append texts."""
        self.add_encoded([text.encode("utf-8", "surrogatepass") for text in texts])

    def add_encoded(self, encoded: Sequence[bytes]) -> None:
        """Append texts that are UTF-8 already."""
        self._bytes += b"".join(encoded)
        self._lengths.append(np.fromiter(map(len, encoded), np.int64, len(encoded)))

    def finish(self) -> Texts:
        """Make what was added readable."""
        self._offsets = one_by_one(np.concatenate(([0], np.cumsum(joined(self._lengths, np.int64)))))
        self._lengths.clear()
        return self

    def __len__(self) -> int:
        return len(self._offsets) - 1

    def __getitem__(self, at: Any) -> Any:
        return self._bytes[self._offsets[at] : self._offsets[at + 1]].decode("utf-8", "surrogatepass")


class Spans:
    """The evidence of every row: ``offsets[row]`` up to ``offsets[row + 1]`` in ``places`` (path code, start, end)."""

    def __init__(self) -> None:
        self._codes: dict[str, int] = {}
        self._counts: list[NDArray[np.int64]] = []
        self._places: list[NDArray[np.uint32]] = []
        self._known: tuple[Sequence[str], NDArray[np.uint32]] | None = None
        self.paths: list[str] = []
        self.offsets: NDArray[np.int64] = np.zeros(1, np.int64)
        self.places: NDArray[np.uint32] = np.zeros((0, 3), np.uint32)

    def add(self, spans: SpanColumns) -> None:
        """Append the spans of some rows."""
        if self._known is None or self._known[0] is not spans.paths:
            codes = (self._codes.setdefault(path, len(self._codes)) for path in spans.paths)
            self._known = spans.paths, np.fromiter(codes, np.uint32, len(spans.paths))
        places = spans.places.copy()
        if len(places):
            places[:, 0] = self._known[1][places[:, 0]]
        self._counts.append(spans.counts)
        self._places.append(places)

    def finish(self) -> Spans:
        """Make what was added readable."""
        self.offsets = np.concatenate(([0], np.cumsum(joined(self._counts, np.int64))))
        self.places = np.concatenate(self._places) if self._places else self.places
        self.paths = list(self._codes)
        self._counts.clear()
        self._places.clear()
        self._known = None
        return self

    @cached_property
    def _fast(self) -> tuple[memoryview[Any], memoryview[Any]]:
        return one_by_one(self.offsets), one_by_one(self.places.reshape(-1))

    def of(self, row: int) -> tuple[Span, ...]:
        """Return the spans of a row."""
        offsets, flat = self._fast
        paths, first, last = self.paths, 3 * offsets[row], 3 * offsets[row + 1]
        if last - first == 3:
            return (Span(paths[flat[first]], flat[first + 1], flat[first + 2]),)
        return tuple([Span(paths[flat[at]], flat[at + 1], flat[at + 2]) for at in range(first, last, 3)])

    def holds(self, row: int, span: Span) -> bool:
        """Say whether a span is one of a row's, without making those."""
        offsets, flat = self._fast
        start, end = span.start, span.end
        for at in range(3 * offsets[row], 3 * offsets[row + 1], 3):
            if flat[at + 1] == start and flat[at + 2] == end and self.paths[flat[at]] == span.source:
                return True
        return False

    def first(self, row: int) -> Span | None:
        """Return the first span of a row, None when it has none."""
        offsets, flat = self._fast
        at = offsets[row]
        if at == offsets[row + 1]:
            return None
        return Span(self.paths[flat[3 * at]], flat[3 * at + 1], flat[3 * at + 2])

    def sources(self, row: int) -> list[str]:
        """Return the paths that a row's spans are in, each once, in their order."""
        offsets, flat = self._fast
        return list(dict.fromkeys(self.paths[flat[3 * at]] for at in range(offsets[row], offsets[row + 1])))
