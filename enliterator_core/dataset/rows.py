# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""What is known of the accepted examples, as columns in files: a row of numbers for each example.

Splits, cleaning and balance go by these numbers alone. A column is read when it is asked for, so that what is decided
by one is not in memory while another is decided by: of millions of examples, all columns together take hundreds of
megabytes.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

KINDS: Final = {
    "id": "Q",
    "group": "Q",
    "given": "q",
    "said": "q",
    "twin": "q",
    "region": "i",
    "rights": "i",
    "tokens": "i",
    "chat": "i",
    "proof": "i",
    "text": "i",
    "spans": "i",
}
"""The columns with a number for each example, and their types.

``id`` and ``group`` are content ids as numbers; ``given`` stands for the input, ``said`` for the answer, ``twin`` for
both without what makes no difference (case, spaces, closing marks): equal numbers within one task only. ``region`` and
``rights`` are codes that the maker gave, ``tokens`` counts, where they were counted. ``chat``, ``proof`` and ``text``
are the sizes in bytes of what was spilled, ``spans`` says how many pieces of sources each rests on.
"""

SPAN_KINDS: Final = {"source": "i", "start": "I", "end": "I"}
"""The columns with a number for each span, those of an example after each other: a source's code, first and last."""


class Columns:
    """The columns of one task, written as its examples are accepted."""

    def __init__(self, path: Path) -> None:
        kinds = (KINDS | SPAN_KINDS).items()
        self._files = {name: (kind, path.with_name(f"{path.name}.{name}").open("wb")) for name, kind in kinds}

    def extend(self, name: str, numbers: Iterable[int]) -> None:
        """Append numbers to a column."""
        kind, file = self._files[name]
        file.write(array(kind, numbers))

    def close(self) -> None:
        """Write what is left."""
        for _, file in self._files.values():
            file.close()


class Rows:
    """The rows of some tasks' examples, one task after the other, in the order in which they were made.

    ``paths`` are what the columns were written to, ``counts`` how many examples of each task there are.
    """

    def __init__(self, paths: Sequence[Path], counts: Sequence[int]) -> None:
        self._paths = paths
        self._counts = counts

    def __len__(self) -> int:
        return sum(self._counts)

    def task(self) -> NDArray[np.int16]:
        """Return the number of each example's task."""
        import numpy as np

        return np.repeat(np.arange(len(self._counts), dtype=np.int16), self._counts)

    def column(self, name: str, task: int | None = None) -> NDArray[Any]:
        """Return a column with a number for each example, of all or of one task."""
        return self._read(name, KINDS[name], self._counts, task)

    def by_task(self) -> Iterator[tuple[int, int]]:
        """Yield the number of each task, and that of its first row."""
        yield from enumerate(accumulate(self._counts[:-1], initial=0)) if self._counts else ()

    def spans(self) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.uint32], NDArray[np.uint32]]]:
        """Yield of each span of a task the row that it belongs to, its source, start and end."""
        import numpy as np

        for task, first in self.by_task():
            each = self.column("spans", task)
            counts = [0] * task + [int(each.sum())]
            source, start, end = (self._read(name, kind, counts, task) for name, kind in SPAN_KINDS.items())
            yield np.repeat(np.arange(first, first + len(each)), each), source, start, end

    def rights(self, codes: Sequence[Sequence[int]]) -> NDArray[np.int32]:
        """Return the rights of each example, the codes of each task replaced by what stands at their places."""
        import numpy as np

        rights = [np.array([*codes[task], 0], np.int32)[self.column("rights", task)] for task, _ in self.by_task()]
        return np.concatenate([np.zeros(0, np.int32), *rights])

    def _read(self, name: str, kind: str, counts: Sequence[int], only: int | None = None) -> NDArray[Any]:
        import numpy as np

        wanted = [count if only in (None, task) else 0 for task, count in enumerate(counts)]
        column = np.empty(sum(wanted), kind)
        first = 0
        for path, count in zip(self._paths, wanted, strict=False):
            if count:
                file = path.with_name(f"{path.name}.{name}")
                column[first : first + count] = np.fromfile(file, kind, count)
            first += count
        return column
