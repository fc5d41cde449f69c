# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The proof that splits do not leak, from the written files alone.

A second piece of code on purpose: it reads the files back, shares nothing with what made them, and finds
near-duplicates in another way (:mod:`enliterator_core.dataset.buckets`).
"""

from array import array
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import orjson

from enliterator_core.dataset.buckets import Index

SPLIT_NAMES: Final = ("train", "validation", "test")
LIMIT: Final = 0.9


def prove(folder: Path) -> dict[str, int]:
    """Return what stands in more than one split of a written dataset: each of the first three must be 0.

    `shared_groups` counts groups, `shared_spans` pieces of sources that overlap one of another split,
    `near_duplicates` texts with a twin (Jaccard of character 5-grams of user and assistant text over .9) in another
    split, `unaccounted` lines without their provenance. `mentioned_in_train_and_held_out` counts the entities that are
    spoken of on both sides, out of `mentioned_in_held_out`: no leak, and told for who wants to judge.
    """
    groups: dict[str, int] = {}
    shared_groups: set[str] = set()
    mentions: dict[bool, set[str]] = {True: set(), False: set()}
    sources: dict[str, int] = {}
    spans = array("q")
    lines: Counter[str] = Counter()
    for record in _records(folder / "provenance.jsonl"):
        split = record["split"]
        number = SPLIT_NAMES.index(split)
        if groups.setdefault(record["group"], number) != number:
            shared_groups.add(record["group"])
        mentions[split == "train"].update(record["entities"])
        lines[split] += 1
        for span in record["spans"]:
            spans.extend((sources.setdefault(span["source"], len(sources)), span["start"], span["end"], number))
    texts = {name: _Lines(folder / f"{name}.jsonl") for name in SPLIT_NAMES}
    result = {
        "shared_groups": len(shared_groups),
        "shared_spans": _shared(spans),
        "unaccounted": sum(abs(len(texts[name]) - lines[name]) for name in SPLIT_NAMES),
        "mentioned_in_train_and_held_out": len(mentions[True] & mentions[False]),
        "mentioned_in_held_out": len(mentions[False]),
    }
    del groups, mentions, spans  # what follows needs the room
    result["near_duplicates"] = _near_duplicates(texts)
    for one in texts.values():
        one.close()
    return result


def holds(proof: dict[str, int]) -> bool:
    """Say whether a proof shows no leak."""
    return not any(proof[key] for key in ("shared_groups", "shared_spans", "near_duplicates", "unaccounted"))


def _records(path: Path) -> Iterator[dict[str, Any]]:
    with path.open("rb") as lines:
        yield from map(orjson.loads, lines)


class _Lines:
    """The texts of a chat file, read from it line by line as they are asked for."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb")
        self._starts, start = array("q"), 0
        for line in self._file:
            self._starts.append(start)
            start += len(line)

    def __len__(self) -> int:
        return len(self._starts)

    def __iter__(self) -> Iterator[str]:
        self._file.seek(0)
        return map(_text, self._file)

    def __getitem__(self, number: int) -> str:
        self._file.seek(self._starts[number])
        return _text(self._file.readline())

    def close(self) -> None:
        self._file.close()


class _Both:
    """The texts of one file and then those of another."""

    def __init__(self, first: _Lines, second: _Lines) -> None:
        self._first, self._second = first, second

    def __len__(self) -> int:
        return len(self._first) + len(self._second)

    def __iter__(self) -> Iterator[str]:
        yield from self._first
        yield from self._second

    def __getitem__(self, number: int) -> str:
        return self._first[number] if number < len(self._first) else self._second[number - len(self._first)]


def _text(line: bytes) -> str:
    said = {message["role"]: message["content"] for message in orjson.loads(line)["messages"]}
    text: str = said["user"] + "\n" + said["assistant"]
    return text


def _shared(spans: "array[int]") -> int:
    """Count spans (source, start, end, split) that overlap one of another split: a sweep over each source.

    Going by start, a span overlaps an earlier one of another split when that split has reached beyond its start.
    """
    import numpy as np

    rows = np.unique(np.frombuffer(spans, np.int64).reshape(-1, 4), axis=0)
    width = int(rows[:, 1:3].max(initial=0)) + 1
    starts, ends = rows[:, 0] * width + rows[:, 1], rows[:, 0] * width + rows[:, 2]
    shared = np.zeros(len(rows), bool)
    for split in range(len(SPLIT_NAMES)):
        reach = np.maximum.accumulate(np.where(rows[:, 3] == split, ends, 0))
        shared[1:] |= (rows[1:, 3] != split) & (starts[1:] < reach[:-1])
    return int(shared.sum())


def _near_duplicates(texts: dict[str, _Lines]) -> int:
    """Count texts of one split that nearly equal a text of a split after it (train, validation, test)."""
    train, validation, test = (texts[name] for name in SPLIT_NAMES)
    held = _Both(validation, test)
    if not len(held):
        return 0
    index = Index(held, LIMIT)
    return len(index.alike(train)) + len(index.alike(validation, first=len(validation)))
