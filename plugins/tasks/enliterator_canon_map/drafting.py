# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""From what is asked to drafts: of every request that has one label, and was not made before."""

from collections.abc import Iterator, Sequence
from itertools import chain, islice
from typing import Final

import numpy as np

from enliterator_canon_map.answering import Answers
from enliterator_canon_map.asking import Asker
from enliterator_canon_map.entries import Entries
from enliterator_canon_map.proving import are_alike
from enliterator_canon_map.quoting import Request
from enliterator_canon_map.reading import Reader
from enliterator_core import MASK, Draft, Graph, fold_all

_AT_ONCE: Final = 1000
_READ: Final = 200  # entities that are read at once


def _by_first_source(graph: Graph) -> Iterator[int]:
    """Yield the number of every entity that has evidence, under the source of the first of it, source by source."""
    spans, by_source = graph.arrays.entities.spans, graph.by_source
    has_evidence = np.diff(spans.offsets) > 0
    first = np.full(len(has_evidence), -1)
    first[has_evidence] = spans.places[spans.offsets[:-1][has_evidence], 0]
    codes = {path: code for code, path in enumerate(spans.paths)}
    for path in by_source:
        numbers = np.array(by_source.numbers(path))
        yield from numbers[first[numbers] == codes[path]].tolist()


def _in_pieces(numbers: Iterator[int]) -> Iterator[list[int]]:
    while some := list(islice(numbers, _READ)):
        yield some


class Drafter:
    """Makes a draft of every request that has one label, and was not made before."""

    def __init__(self, graph: Graph, asker: Asker) -> None:
        self._graph, self._asker = graph, asker
        self._ids, self._numbers = graph.arrays.entities.ids, graph.arrays.entities.numbers
        self._reader, self._answers, self._entries = graph.once(Reader), graph.once(Answers), graph.once(Entries)
        # Whose requests were made; what was asked of others is told by its folded request.
        self._done = bytearray(len(self._ids))
        self._elsewhere: set[str] = set()

    def batches(self) -> Iterator[list[Draft]]:
        """Yield drafts for every entity, source by source, then for the names that several things share."""
        of_each = chain.from_iterable(self._of_some(some) for some in _in_pieces(_by_first_source(self._graph)))
        of_several = ((number, [request]) for number, request in self._asker.several())
        asked: list[tuple[int, list[Request]]] = []
        count = 0
        for one in chain(of_each, of_several):
            asked.append(one)
            count += len(one[1])
            if count >= _AT_ONCE:
                yield self._drafts(asked)
                asked, count = [], 0
        yield self._drafts(asked)

    def _of_some(self, numbers: Sequence[int]) -> list[tuple[int, list[Request]]]:
        """Return what is asked for the entities of some numbers, with each of these."""
        self._entries.read(numbers)
        requests = self._asker.requests
        return [(number, requests(number)) for number in numbers]

    def _drafts(self, asked: Sequence[tuple[int, list[Request]]]) -> list[Draft]:
        """Return the drafts of requests, some for each of the entities of some numbers, that are to be."""
        drafts: list[Draft] = []
        seen: set[str] = set()
        answers, elsewhere = self._answers, self._elsewhere
        users = [user for _, requests in asked for user, _ in requests]
        keys = fold_all(users)
        read = zip(keys, self._reader.read_all(users, keys), strict=True)
        for number, requests in asked:
            id = self._ids[number]
            entry = self._entries[id]
            alone = entry.answer.told
            for (user, quoted), (key, label) in zip(requests, read, strict=False):
                if label is None or key in seen or key in elsewhere or MASK in user:
                    continue
                # What tells of the entity that it is made for can only have been asked for that one.
                sort, about, form, _ = label
                if about != alone:
                    if sort == "none" and not are_alike(entry.forms[0], form):
                        continue
                    if self._was_asked(key, about):
                        continue
                    elsewhere.add(key)
                seen.add(key)
                answer = entry.answer if sort == "name" and about == alone else answers.answer(label, id)
                text, told, spans, absence = answer
                if quoted:
                    spans = (*spans, *[span for span in quoted if span not in spans])
                if MASK not in text and (answers.is_borne_out(answer, spans) if quoted or len(told) > 1 else spans):
                    drafts.append(Draft(user, text, told[0], told, (), spans, absence))
            self._done[number] = 1
        return drafts

    def _was_asked(self, key: str, about: tuple[str, ...]) -> bool:
        """Say whether a request that tells of another thing than it is made for was among those of that thing."""
        number = self._numbers[about[0]] if len(about) == 1 else -1
        if number < 0 or not self._done[number]:
            return False
        return key in fold_all([user for user, _ in self._asker.requests(number)])
