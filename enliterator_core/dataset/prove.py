# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The proof that splits do not leak, from the written files alone.

A second piece of code on purpose: it reads the files back and shares nothing with what made them. Near-duplicates are
found with sets of strings, by the prefix filter over an order that counts held texts only.
"""

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterator
from math import ceil
from pathlib import Path
from typing import Any, Final

import orjson

SPLIT_NAMES: Final = ("train", "validation", "test")
LIMIT: Final = 0.9


def prove(folder: Path) -> dict[str, int]:
    """Return what stands in more than one split of a written dataset: each of the first three must be 0.

    `shared_groups` counts groups, `shared_spans` pieces of sources that overlap one of another split,
    `near_duplicates` texts with a twin (Jaccard of character 5-grams of user and assistant text over .9) in another
    split, `unaccounted` lines without their provenance. `mentioned_in_train_and_held_out` counts the entities that are
    spoken of on both sides, out of `mentioned_in_held_out`: no leak, and told for who wants to judge.
    """
    texts = {name: list(_texts(folder / f"{name}.jsonl")) for name in SPLIT_NAMES}
    records = [orjson.loads(line) for line in (folder / "provenance.jsonl").read_bytes().splitlines()]
    groups: dict[str, set[str]] = defaultdict(set)
    mentions: dict[bool, set[str]] = {True: set(), False: set()}
    lines: Counter[str] = Counter()
    for record in records:
        groups[record["group"]].add(record["split"])
        mentions[record["split"] == "train"].update(record["entities"])
        lines[record["split"]] += 1
    return {
        "shared_groups": sum(len(splits) > 1 for splits in groups.values()),
        "shared_spans": _shared_spans(records),
        "near_duplicates": _near_duplicates(texts),
        "unaccounted": sum(abs(len(texts[name]) - lines[name]) for name in SPLIT_NAMES),
        "mentioned_in_train_and_held_out": len(mentions[True] & mentions[False]),
        "mentioned_in_held_out": len(mentions[False]),
    }


def holds(proof: dict[str, int]) -> bool:
    """Say whether a proof shows no leak."""
    return not any(proof[key] for key in ("shared_groups", "shared_spans", "near_duplicates", "unaccounted"))


def _texts(path: Path) -> Iterator[str]:
    for line in path.read_bytes().splitlines():
        said = {message["role"]: message["content"] for message in orjson.loads(line)["messages"]}
        yield said["user"] + "\n" + said["assistant"]


def _shared_spans(records: list[Any]) -> int:
    """Count spans that overlap a span of another split: a sweep over each source, from left to right."""
    by_source: dict[str, set[tuple[int, int, str]]] = defaultdict(set)
    for record in records:
        for span in record["spans"]:
            by_source[span["source"]].add((span["start"], span["end"], record["split"]))
    shared = 0
    for spans in by_source.values():
        reach = dict.fromkeys(SPLIT_NAMES, 0)
        for start, end, split in sorted(spans):
            shared += any(start < reach[other] for other in SPLIT_NAMES if other != split)
            reach[split] = max(reach[split], end)
    return shared


def _five_grams(text: str) -> set[str]:
    return {text[i : i + 5] for i in range(max(1, len(text) - 4))}


def _reach(size: int) -> int:
    """Return how many of a set's first elements must be looked at so that no set over the limit is missed."""
    return size - ceil(LIMIT * size - 1e-9) + 1


def _near_duplicates(texts: dict[str, list[str]]) -> int:
    """Count texts of one split that nearly equal a text of a split after it (train, validation, test)."""
    return _count(texts["train"], texts["validation"] + texts["test"]) + _count(texts["validation"], texts["test"])


def _count(probes: list[str], held: list[str]) -> int:
    """Count the probes that have a near-duplicate among the held texts."""
    frequency = Counter(gram for text in held for gram in _five_grams(text))
    order = {gram: place for place, (_, gram) in enumerate(sorted((n, gram) for gram, n in frequency.items()))}
    del frequency
    index: dict[int, list[int]] = defaultdict(list)
    places: list[array[int]] = []
    for number, text in enumerate(held):
        places.append(array("i", sorted(map(order.__getitem__, _five_grams(text)))))
        for place in places[-1][: _reach(len(places[-1]))]:
            index[place].append(number)

    def has_twin(text: str) -> bool:
        grams = _five_grams(text)
        known = sorted(map(order.__getitem__, order.keys() & grams))
        # Grams that no held text has come first in the order: only what is left of the reach can meet the index.
        size, reach = len(grams), _reach(len(grams))
        first = known[: max(reach - size + len(known), 0)]
        met = Counter(number for place in first for number in index.get(place, ()))
        for number, count in met.items():
            other = places[number]
            its_reach = _reach(len(other))
            rest = size - reach if first[-1] < other[its_reach - 1] else len(other) - its_reach
            if count + rest + 1e-9 >= LIMIT / (1 + LIMIT) * (size + len(other)):
                shared = len(set(known).intersection(other))
                if shared > LIMIT * (size + len(other) - shared):
                    return True
        return False

    return sum(map(has_twin, probes))
