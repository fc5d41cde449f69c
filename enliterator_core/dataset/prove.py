# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The proof that splits do not leak, from the written files alone.

A second piece of code on purpose: it reads the files back, shares nothing with what made them, and finds
near-duplicates in another way (:mod:`enliterator_core.dataset.buckets`).
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from itertools import chain, count, islice
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from msgspec import Struct
from msgspec.json import Decoder

from enliterator_core.dataset.buckets import Index
from enliterator_core.dataset.parted import PartedRows, temporary

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from enliterator_core.dataset.parted import Table

Piece = TypeVar("Piece")

SPLIT_NAMES: Final = ("train", "validation", "test")
LIMIT: Final = 0.9
_READ: Final = 1 << 16  # bytes of lines that are parsed at once: few enough that what comes of them stays at hand
_TRAIN: Final = 1 << SPLIT_NAMES.index("train")


class _Span(Struct, gc=False):
    source: str
    start: int
    end: int


class _Record(Struct, gc=False):
    """What is asked for of a line of provenance; what else it says is passed over."""

    split: str
    group: str
    entities: list[str]
    spans: list[_Span]


class _Message(Struct, gc=False):
    role: str
    content: str


class _Chat(Struct, gc=False):
    messages: list[_Message]


_RECORDS: Final = Decoder(_Record)
_CHATS: Final = Decoder(_Chat)


def prove(folder: Path) -> dict[str, int]:
    """Return what stands in more than one split of a written dataset: each of the first three must be 0.

    `shared_groups` counts groups, `shared_spans` pieces of sources that overlap one of another split,
    `near_duplicates` texts with a twin (Jaccard of character 5-grams of user and assistant text over .9) in another
    split, `unaccounted` lines without their provenance. `mentioned_in_train_and_held_out` counts the entities that are
    spoken of on both sides, out of `mentioned_in_held_out`: no leak, and told for who wants to judge.
    """
    import numpy as np

    result = {"shared_groups": 0, "shared_spans": 0, "mentioned_in_train_and_held_out": 0, "mentioned_in_held_out": 0}
    with ExitStack() as files:
        told = _Provenance(folder / "provenance.jsonl", files)
        for groups in told.groups.splits():
            result["shared_groups"] += int((np.bitwise_count(groups) > 1).sum())
        for entities in told.entities.splits():
            held = entities & ~np.uint8(_TRAIN) != 0
            result["mentioned_in_train_and_held_out"] += int((held & (entities & _TRAIN != 0)).sum())
            result["mentioned_in_held_out"] += int(held.sum())
        result["shared_spans"] = told.spans.shared()
        lines = told.lines
    texts = [_Lines(folder / f"{name}.jsonl") for name in SPLIT_NAMES]
    result["near_duplicates"] = _near_duplicates(sum(lines[1:]), *texts)
    result["unaccounted"] = sum(abs(len(texts[split]) - count) for split, count in enumerate(lines))
    return result


def holds(proof: dict[str, int]) -> bool:
    """Say whether a proof shows no leak."""
    return not any(proof[key] for key in ("shared_groups", "shared_spans", "near_duplicates", "unaccounted"))


def _pieces(path: Path) -> Iterator[list[bytes]]:
    with path.open("rb", _READ) as file:
        while lines := file.readlines(_READ):
            yield lines


class _Provenance:
    """What a file of provenance says of groups, entities and spans, and how many lines of each split it has."""

    def __init__(self, path: Path, files: ExitStack) -> None:
        self.groups, self.entities = (_Names(PartedRows(2, temporary(files))) for _ in range(2))
        self.spans = _Spans(PartedRows(4, temporary(files)))
        self.lines = [0] * len(SPLIT_NAMES)
        for lines in _pieces(path):
            self._add(lines)

    def _add(self, lines: list[bytes]) -> None:
        told = [(one.split, one.group, one.entities, one.spans) for one in map(_RECORDS.decode, lines)]
        names, groups, entities, spans = zip(*told, strict=True)
        splits = bytes(map(SPLIT_NAMES.index, names))
        self.groups.add(groups, splits)
        self.entities.add(*_flat(entities, splits))
        self.spans.add(*_flat(spans, splits))
        for split in range(len(SPLIT_NAMES)):
            self.lines[split] += splits.count(split)


def _flat(lists: Sequence[Sequence[Piece]], splits: bytes) -> tuple[list[Piece], bytes]:
    """Return what is in lists, one after the other, and the split of each."""
    import numpy as np

    repeated = np.frombuffer(splits, np.uint8).repeat(list(map(len, lists)))
    return list(chain.from_iterable(lists)), repeated.tobytes()


class _Names:
    """Names and the splits that they stand in; those of 16 hexadecimal digits, which may be millions, as numbers."""

    def __init__(self, rows: PartedRows) -> None:
        self._rows = rows
        self._others: defaultdict[str, int] = defaultdict(int)

    def add(self, names: Sequence[str], splits: bytes) -> None:
        """Note that each name stands in the split of that number."""
        import numpy as np

        ids = _ids(names)
        if ids is not None:
            self._rows.add(np.frombuffer(ids, np.int64), np.frombuffer(splits, np.uint8))
        elif len(names) > 1:
            for name, split in zip(names, splits, strict=True):
                self.add([name], bytes([split]))
        else:
            self._others[names[0]] |= 1 << splits[0]

    def splits(self) -> Iterator[NDArray[np.uint8]]:
        """Yield for different names, some at a time, the splits that each stands in, a bit for each."""
        import numpy as np

        yield np.fromiter(self._others.values(), np.uint8, len(self._others))
        for numbers, splits in self._rows.parts():
            order = np.argsort(numbers)
            ids = numbers[order]
            first = np.flatnonzero(np.append(True, ids[1:] != ids[:-1]))
            yield np.bitwise_or.reduceat(np.uint8(1) << splits.astype(np.uint8)[order], first)


def _ids(names: Sequence[str]) -> bytes | None:
    """Return the bytes that names of 16 hexadecimal digits stand for, None where not all are such names."""
    try:
        digits = "".join(names)
        ids = bytes.fromhex(digits)
    except ValueError:
        return None
    return ids if ids.hex() == digits and set(map(len, names)) <= {16} else None


class _Spans:
    """Pieces of sources and the splits that they stand in."""

    def __init__(self, rows: PartedRows) -> None:
        self._known: defaultdict[str, int] = defaultdict(count().__next__)
        self._rows = rows

    def add(self, spans: list[_Span], splits: bytes) -> None:
        """Note that each span stands in the split of that number."""
        import numpy as np

        known = self._known
        numbers = (
            array("q", [known[span.source] for span in spans]),
            array("q", [span.start for span in spans]),
            array("q", [span.end for span in spans]),
        )
        self._rows.add(*(np.frombuffer(one, np.int64) for one in numbers), np.frombuffer(splits, np.uint8))

    def shared(self) -> int:
        """Count different spans that overlap one of another split."""
        return sum(_shared(*columns) for columns in self._rows.parts())


def _shared(sources: Table, starts: Table, ends: Table, splits: Table) -> int:
    """Count different spans that overlap one of another split: a sweep over each source.

    Going by start, a span overlaps an earlier one of another split when that split has reached beyond its start.
    """
    import numpy as np

    sources = sources * (int(max(starts.max(initial=0), ends.max(initial=0))) + 1)
    starts, ends = sources + starts, sources + ends
    order = np.lexsort((splits, ends, starts))
    starts, ends, splits = starts[order], ends[order], splits[order]
    new = np.ones(len(order), bool)
    new[1:] = (starts[1:] != starts[:-1]) | (ends[1:] != ends[:-1]) | (splits[1:] != splits[:-1])
    starts, ends, splits = starts[new], ends[new], splits[new]
    shared = np.zeros(len(starts), bool)
    for split in range(len(SPLIT_NAMES)):
        reach = np.maximum.accumulate(np.where(splits == split, ends, 0))
        shared[1:] |= (splits[1:] != split) & (starts[1:] < reach[:-1])
    return int(shared.sum())


class _Lines:
    """The texts of a chat file, read from it as they are asked for, and counted when it is gone through."""

    def __init__(self, path: Path) -> None:
        self._path, self._count = path, 0
        self._firsts, self._begins = array("q"), array("q")  # of each piece: number of its first line, where it begins

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[str]:
        self._count = begin = 0
        self._firsts, self._begins = array("q"), array("q")
        for lines in _pieces(self._path):
            self._firsts.append(self._count)
            self._begins.append(begin)
            self._count += len(lines)
            begin += sum(map(len, lines))
            yield from _texts(lines)

    def __getitem__(self, number: int) -> str:
        piece = bisect_right(self._firsts, number) - 1
        with self._path.open("rb") as file:
            file.seek(self._begins[piece])
            return _texts([next(islice(file, number - self._firsts[piece], None))])[0]


def _texts(lines: list[bytes]) -> list[str]:
    texts = []
    for line in lines:
        messages = _CHATS.decode(line).messages[-2:]
        first, last = messages[0], messages[-1]
        if first.role != "user" or last.role != "assistant":
            said = {message.role: message for message in messages}
            first, last = said["user"], said["assistant"]
        texts.append(first.content + "\n" + last.content)
    return texts


def _near_duplicates(held: int, train: _Lines, validation: _Lines, test: _Lines) -> int:
    """Count texts of one split that nearly equal a text of a split after it; in those after train are ``held``."""
    with Index(LIMIT, held) as index:
        index.alike(test, keep=True)
        return len(index.alike(validation, keep=True)) + len(index.alike(train))
