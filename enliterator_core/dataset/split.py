# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Splits that cannot leak, and a fair share for every task.

The rule: an example's anchor hashes to a split, whatever else there is, so nothing ever moves. Where an example of one
split shares a piece of a source with one of another split, or nearly equals it, the one whose split can spare it is
dropped: train gives way to validation, both to test. So adding data may drop an old example and never moves one.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from enliterator_core.dataset.near_duplicates import Held, Numbering
from enliterator_core.dataset.settings import SPLITS, DatasetSettings, shares_of
from enliterator_core.nouns import Example, Span

if TYPE_CHECKING:
    from enliterator_core.dataset.near_duplicates import Numbers

#: the order in which splits are filled; each later one gives way to those before
_PROTECTED: Final = ("test", "validation", "train")


def split_of(group: str, shares: Mapping[str, float]) -> str:
    """Return the split of a group (16 hexadecimal digits that hash its anchor)."""
    used = [(name, share) for name, share in shares.items() if share > 0]
    place, bound = int(group, 16) / 2**64, 0.0
    for name, share in used[:-1]:
        bound += share
        if place < bound:
            return name
    return used[-1][0]


def text_of(example: Example) -> str:
    """Return the text by which near-duplicates are measured: what the user says and what is answered."""
    return f"{example.user}\n{example.assistant}"


class Pieces:
    """The pieces of sources that some examples rest on, merged where they overlap."""

    def __init__(self, spans: Iterable[Span] = ()) -> None:
        self._starts: dict[str, list[int]] = {}
        self._ends: dict[str, list[int]] = {}
        for span in sorted(set(spans)):
            starts, ends = self._starts.setdefault(span.source, []), self._ends.setdefault(span.source, [])
            if ends and span.start < ends[-1]:
                ends[-1] = max(ends[-1], span.end)
            else:
                starts.append(span.start)
                ends.append(span.end)

    def overlaps(self, span: Span) -> bool:
        """Say whether a character of the span is in one of the pieces."""
        starts = self._starts.get(span.source, [])
        before = bisect_left(starts, span.end) - 1
        return before >= 0 and self._ends[span.source][before] > span.start


def without_contradictions(examples: Iterable[Example], dropped: Counter[str]) -> list[Example]:
    """Keep one answer for each input of a task, the one with the smallest id, and return all that is left by id."""
    answers: dict[tuple[str, str], Example] = {}
    for example in sorted(examples, key=lambda one: one.id):
        kept = answers.setdefault((example.task, example.user.strip()), example)
        if kept is not example:
            same = kept.assistant.strip() == example.assistant.strip()
            dropped["duplicate" if same else "contradiction"] += 1
    return list(answers.values())


def place(examples: Sequence[Example], settings: DatasetSettings, dropped: Counter[str]) -> dict[str, list[Example]]:
    """Return the examples of each split, none of which shares a source's text or a near-duplicate with another's."""
    shares = shares_of(settings.split)
    placed: dict[str, list[int]] = {name: [] for name in SPLITS}
    for number, example in enumerate(examples):
        placed[split_of(example.group, shares)].append(number)
    numbering = Numbering(map(text_of, examples))
    held: list[int] = []
    sets: list[Numbers] = []
    for name in _PROTECTED:
        pieces = Pieces(span for number in held for span in examples[number].spans)
        index = Held(sets, settings.near_duplicate)
        kept = []
        texts = (text_of(examples[number]) for number in placed[name])
        for number, keys in zip(placed[name], numbering.sets(texts), strict=True):
            if any(pieces.overlaps(span) for span in examples[number].spans):
                dropped["shared_span"] += 1
            elif index.twin(keys) is not None:
                dropped["near_duplicate"] += 1
            else:
                kept.append(number)
                # Nothing is compared with train, which comes last.
                sets += [keys] if name != "train" else []
        placed[name] = kept
        held += kept
    return {name: [examples[number] for number in placed[name]] for name in SPLITS}


def balance(
    splits: Mapping[str, list[Example]], settings: DatasetSettings, dropped: Counter[str]
) -> dict[str, list[Example]]:
    """Cut every task down to its share of all; which examples go is decided by their ids alone."""
    counts = Counter(example.task for examples in splits.values() for example in examples)
    share = max(settings.max_share, 2 / (len(counts) + 1)) if counts else 1.0
    room = dict.fromkeys(counts, 0) | _fair(counts, share)
    dropped["over_share"] += sum(counts.values()) - sum(room.values())
    kept: set[str] = set()
    for task, most in room.items():
        ids = sorted(one.id for examples in splits.values() for one in examples if one.task == task)
        kept.update(ids[:most])
    return {name: [example for example in examples if example.id in kept] for name, examples in splits.items()}


def _fair(counts: Mapping[str, int], share: float) -> dict[str, int]:
    """Return how many of each task may stay, so that none is more than its share of what stays."""
    if share >= 1:
        return dict(counts)
    room = dict(counts)
    while True:
        # Every task over its share is cut to what the others, as they are now, leave it; that can make others too many.
        total = sum(room.values())
        over = [task for task, count in room.items() if count > share * total]
        if not over:
            return room
        largest = max(over, key=lambda task: (room[task], task))
        rest = total - room[largest]
        room[largest] = int(share * rest / (1 - share))


def thin(
    splits: Mapping[str, Sequence[Example]], tasks: Iterable[str], settings: DatasetSettings
) -> dict[str, list[str]]:
    """Return the tasks that each used split has no example of, and under `share` those that make up too little."""
    every = sorted(tasks)
    shares = shares_of(settings.split)
    counts = {name: Counter(one.task for one in examples) for name, examples in splits.items()}
    total = sum(counts.values(), Counter[str]())
    few = {name: [task for task in every if not counts[name][task]] for name in splits if shares[name] > 0}
    few["share"] = [task for task in every if total[task] < settings.min_share * total.total()]
    return {name: names for name, names in few.items() if names}
