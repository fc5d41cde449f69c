# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Splits that cannot leak.

The rule: an example's anchor hashes to a split, whatever else there is, so nothing ever moves. Where an example of one
split shares a piece of a source with one of another split, or nearly equals it, the one whose split can spare it is
dropped: train gives way to validation, both to test. So adding data may drop an old example and never moves one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from enliterator_core.dataset.near_duplicates import Held
from enliterator_core.dataset.rows import Rows
from enliterator_core.dataset.settings import SPLITS, DatasetSettings, shares_of
from enliterator_core.nouns import group_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.int64]

#: places in SPLITS, in the order in which they are cleaned: each gives way to those after it in SPLITS
_GIVING_WAY: Final = (1, 0)
_SPANS: Final = 1 << 16  # that are looked up at once

Texts = Callable[["Numbers"], Sequence[str]]


def split_of(group: str, shares: Mapping[str, float]) -> str:
    """Return the split of a group (16 hexadecimal digits that hash its anchor)."""
    place, bound, last = int(group, 16) / 2**64, 0.0, ""
    for name, share in shares.items():
        if share > 0:
            bound, last = bound + share, name
            if place < bound:
                return name
    return last


def splits_of(groups: NDArray[np.uint64], shares: Mapping[str, float]) -> NDArray[np.int8]:
    """Return :func:`split_of` for many groups, as places in SPLITS."""
    import numpy as np

    used = [(name, share) for name, share in shares.items() if share > 0]
    places, bound = groups.astype(np.float64) / 2**64, 0.0
    splits = np.full(len(groups), SPLITS.index(used[-1][0]), np.int8)
    free = np.ones(len(groups), bool)
    for name, share in used[:-1]:
        bound += share
        inside = free & (places < bound)
        splits[inside] = SPLITS.index(name)
        free &= ~inside
    return splits


def splits_of_anchors(anchors: Sequence[str], shares: Mapping[str, float]) -> NDArray[np.int8]:
    """Return :func:`split_of` for the groups of many anchors, as places in SPLITS."""
    import numpy as np

    groups = np.frombuffer(bytes.fromhex("".join(map(group_of, anchors))), ">u8")
    return splits_of(groups.astype(np.uint64), shares)


class Pieces:
    """The pieces of sources that some examples rest on, merged where they overlap.

    ``spans`` are rows of source (a code), start and end.
    """

    def __init__(self, spans: NDArray[np.int64]) -> None:
        import numpy as np

        ends = np.zeros(spans[:, 0].max(initial=-1) + 2, np.int64)  # 0 for the sources that are not among them
        np.maximum.at(ends, spans[:, 0], spans[:, 2])
        # All sources on one line, one after the other: a span is then an interval, whatever its source.
        self._offsets, self._lengths = np.cumsum(ends) - ends, ends
        starts, ends = self._on_line(spans)
        order = np.lexsort((ends, starts))
        starts, reach = starts[order], np.maximum.accumulate(ends[order])
        first = np.ones(len(starts), bool)
        first[1:] = starts[1:] >= reach[:-1]
        self._starts = starts[first]
        self._ends = reach[np.append(np.flatnonzero(first)[1:], len(starts)) - 1] if len(starts) else reach

    def _on_line(self, spans: NDArray[np.int64]) -> tuple[Numbers, Numbers]:
        import numpy as np

        at = np.minimum(spans[:, 0], len(self._lengths) - 1)
        length = self._lengths[at]
        return self._offsets[at] + np.minimum(spans[:, 1], length), self._offsets[at] + np.minimum(spans[:, 2], length)

    def overlap(self, spans: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Say of each span whether a character of it is in one of the pieces."""
        import numpy as np

        starts, ends = self._on_line(spans)
        before = np.searchsorted(self._starts, ends) - 1
        found: NDArray[np.bool_] = (before >= 0) & (starts < ends)
        found[found] = self._ends[before[found]] > starts[found]
        return found


def _first(keys: NDArray[np.int64]) -> Numbers:
    """Return for each row the number of the first one with the same key."""
    import numpy as np

    order = np.argsort(keys, kind="stable")
    keys = keys[order]
    new = np.append(True, keys[1:] != keys[:-1])[: len(keys)]
    first = np.empty(len(keys), np.int64)
    first[order] = order[np.maximum.accumulate(np.where(new, np.arange(len(keys)), 0))]
    return first


def one_of_each(every: Rows, dropped: Counter[str]) -> Numbers:
    """Return the numbers of rows, by id, one for each input of a task: the one with the smallest id.

    Dropped are those that are the same (`duplicate`), that answer the same input differently (`contradiction`), and
    that differ from another in case, spacing or closing marks alone (`near_duplicate`).
    """
    import numpy as np

    kept = [np.zeros(0, np.int64)]
    for task, start in every.by_task():
        order = np.argsort(every.column("id", task), kind="stable")
        first = _first(every.column("given", task)[order])
        others = first != np.arange(len(first))
        said = every.column("said", task)[order]
        same = others & (said == said[first])
        dropped["duplicate"] += int(same.sum())
        dropped["contradiction"] += int(others.sum() - same.sum())
        order = order[~others]
        others = _first(every.column("twin", task)[order]) != np.arange(len(order))
        dropped["near_duplicate"] += int(others.sum())
        kept.append(order[~others] + start)
    rows = np.concatenate(kept)
    return rows[np.argsort(every.column("id")[rows], kind="stable")]


def _give_way(
    every: Rows, rows: Numbers, splits: NDArray[np.int8], mine: NDArray[np.bool_], others: NDArray[np.bool_]
) -> None:
    """Take those of my rows out of their split that rest on a piece of a source on which others rest, too."""
    import numpy as np

    places = np.full(len(every), -1, np.int32)
    places[rows] = np.arange(len(rows), dtype=np.int32)
    mine, others = (np.append(some, False) for some in (mine, others))  # a row that was dropped has the last place

    def spans(which: NDArray[np.bool_]) -> Iterator[tuple[NDArray[np.int32], NDArray[np.int64]]]:
        for owners, *columns in every.spans():
            chosen = np.flatnonzero(which[places[owners]])
            for first in range(0, len(chosen), _SPANS):
                some = chosen[first : first + _SPANS]
                yield places[owners[some]], np.stack([column[some].astype(np.int64) for column in columns], axis=1)

    pieces = Pieces(np.concatenate([np.zeros((0, 3), np.int64), *(found for _, found in spans(others))]))
    for owners, found in spans(mine):
        splits[owners[pieces.overlap(found)]] = -1


def place(
    every: Rows,
    rows: Numbers,
    texts: Texts,
    settings: DatasetSettings,
    dropped: Counter[str],
    scratch: Path | None = None,
) -> NDArray[np.int8]:
    """Return the split of each of the rows as a place in SPLITS, -1 for those that give way to another split.

    What stays shares neither a source's text nor a near-duplicate with another split. ``texts`` reads the texts of
    rows, by which near-duplicates are measured: what the user says and what is answered. What is kept of many of them
    is kept in the folder ``scratch``.
    """
    import numpy as np

    splits = splits_of(every.column("group")[rows], shares_of(settings.split))
    order = np.argsort(rows).astype(np.int32)  # texts are read in the order in which they lie in the files
    held = order[splits[order] > 0]
    index = Held(texts(rows[held]), settings.near_duplicate, scratch)
    for split in _GIVING_WAY:
        mine, others = splits == split, splits > split
        if not (mine.any() and others.any()):
            continue
        _give_way(every, rows, splits, mine, others)
        left = order[splits[order] == split]
        dropped["shared_span"] += int(mine.sum()) - len(left)
        protected = splits[held] > split
        if split:  # all that is left is held
            twins = index.twins_of_held(splits[held] == split, protected)
        else:
            twins = index.twins(texts(rows[left]), protected)
        near = left[np.fromiter((one is not None for one in twins), bool, len(left))]
        splits[near] = -1
        dropped["near_duplicate"] += len(near)
    return splits
