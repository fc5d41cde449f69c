# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Which drafts of a batch hold, proven for all at once: their lines are read back, each hop is looked up in the graph.

Only a draft that is proven here is accepted without another look; it says nothing against one that is not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, compress
from typing import Any, Final

import numpy as np
from attrs import frozen

from enliterator_core import MASK, Draft, Graph
from enliterator_path_text.drawing import Ground
from enliterator_path_text.told import ASKS, MOST, Teller, Told

_FIRST, _AGAIN, _NEXT = range(3)
"""What a node is in a text: the first, one that a further line starts from, or one after a verb."""

_UNKNOWN: Final = _NEXT << 16 | 255

Array = Any


@frozen(eq=False)
class _Read:
    """The nodes of texts in turn: what each is, the codes of the verb before it and of its pool, and its name."""

    place: Array
    verb: Array
    pool: Array
    names: Sequence[str]


@frozen(eq=False)
class _Claims:
    """What drafts claim: the number of each entity and ``draft``, whose it is; the key and the span of each relation.

    ``first`` is where each draft's entities begin.
    """

    numbers: Array
    draft: Array
    first: Array
    subject: Array
    verb: Array
    object: Array


class Prover:
    """Proves drafts about one graph."""

    def __init__(self, graph: Graph) -> None:
        self._arrays, self._teller, self._ground = graph.arrays, graph.once(Teller), graph.once(Ground)
        entities, verbs = self._arrays.entities, self._arrays.verbs
        self._numbers, self._names = entities.numbers, entities.names
        self._verbs = {verb: code for code, verb in enumerate(verbs)}
        self._paths = {path: code for code, path in enumerate(self._arrays.relations.spans.paths)}
        # What may stand before a node's name, and what it tells: what the node is, verb and pool, eight bits each.
        self._heads: dict[str, int] = {}
        for code, pool in enumerate(entities.pools):
            self._heads |= {f"\n\n{pool}": _FIRST << 16 | code, f"\n{pool}": _AGAIN << 16 | code}
            self._heads |= {
                f"{verb} → {pool}": _NEXT << 16 | number + 1 << 8 | code for verb, number in self._verbs.items()
            }

    def proven(self, drafts: Sequence[Draft]) -> list[bool]:
        """Say which drafts are proven to hold."""
        told = self._teller.told
        texts = [_lines(draft, told(draft.relations)) for draft in drafts]
        some = [number for number, text in enumerate(texts) if text]
        found = [False] * len(drafts)
        while some:
            read = self._read([texts[number] for number in some])
            fits = _fits(read, np.array([len(drafts[number].entities) for number in some]))
            if fits.all():
                for number, good in zip(some, self._hold([drafts[number] for number in some], read), strict=True):
                    found[number] = good
                break
            some = list(compress(some, fits.tolist()))
        return found

    def _read(self, texts: Sequence[str]) -> _Read:
        """Read lines; a name that has an escape, or an arrow after a bracket, is not read as what it is."""
        text = "\n\n".join(("", *texts))
        parts = text[:-2].replace(").\n", ") → \n").split(") → ")
        heads, _, names = zip(*[part.partition("(") for part in parts], strict=True)
        known = self._heads
        codes = np.fromiter([known.get(head, _UNKNOWN) for head in heads], np.int64, len(heads))
        return _Read(codes >> 16, (codes >> 8 & 255) - 1, codes & 255, names)

    def _hold(self, drafts: Sequence[Draft], read: _Read) -> list[bool]:
        """Say which drafts hold, of which as many nodes were read as they claim."""
        claims, arrays, ground = self._claims(drafts), self._arrays, self._ground
        nodes = self._claimed(claims, read)
        numbers, hops = claims.numbers[nodes], np.flatnonzero(read.place == _NEXT)
        start, end, verb = numbers[hops - 1], numbers[hops], read.verb[hops]
        forwards = (start == claims.subject) & (end == claims.object) & (verb == claims.verb)
        backwards = (start == claims.object) & (end == claims.subject) & (verb == arrays.reverse[claims.verb])
        rows = arrays.steps.rows(claims.subject, claims.verb, claims.object)
        stated = (arrays.relations.subject[rows] == claims.subject) & (arrays.relations.object[rows] == claims.object)
        stated &= ground.proved[rows] & (rows >= 0) & (forwards | backwards)
        good = np.ones(len(drafts), bool)
        good[claims.draft[nodes[hops[~stated]]]] = False
        good[claims.draft[nodes[read.pool != arrays.entities.pool[numbers]]]] = False
        expected = tuple(map(self._names.__getitem__, numbers.tolist()))
        if read.names != expected:
            unlike = [name != other for name, other in zip(read.names, expected, strict=True)]
            good[claims.draft[nodes[unlike]]] = False
        good[_alike(ground.words[claims.numbers], claims.draft)] = False
        good[list(self._unlike(drafts, claims, rows))] = False
        found: list[bool] = good.tolist()
        return found

    def _claims(self, drafts: Sequence[Draft]) -> _Claims:
        number_of = self._numbers.__getitem__
        counts = np.array([len(draft.entities) for draft in drafts])
        ids = chain.from_iterable([draft.entities for draft in drafts])
        subjects, verbs, objects = zip(*chain.from_iterable([draft.relations for draft in drafts]), strict=True)
        return _Claims(
            np.fromiter(map(number_of, ids), np.int64),
            np.repeat(np.arange(len(drafts)), counts),
            np.cumsum(counts) - counts,
            np.fromiter(map(number_of, subjects), np.int64),
            np.fromiter(map(self._verbs.__getitem__, verbs), np.int64),
            np.fromiter(map(number_of, objects), np.int64),
        )

    def _claimed(self, claims: _Claims, read: _Read) -> Array:
        """Return for each node that was read the place of that which is claimed: new ones in their order."""
        new = read.place != _AGAIN
        nodes = np.empty(len(new), np.int64)
        nodes[new] = np.arange(len(claims.numbers))
        names, numbers = self._names, claims.numbers
        for at in np.flatnonzero(~new).tolist():
            # The line before ends with the last node: what starts from that would have gone on there.
            first, last = claims.first[claims.draft[nodes[at - 1]]], nodes[at - 1]
            earlier = (place for place in range(first, last) if names[numbers[place]] == read.names[at])
            nodes[at] = next(earlier, first)
        return nodes

    def _unlike(self, drafts: Sequence[Draft], claims: _Claims, rows: Array) -> Iterator[int]:
        """Yield the drafts whose spans are not the first evidence of their relations, in their order, each once."""
        spans, codes, first = self._arrays.relations.spans, self._paths, claims.first - np.arange(len(drafts))
        due = spans.places[spans.offsets[rows]]
        counts = np.diff(first, append=len(rows))
        whole = np.array([len(draft.spans) for draft in drafts]) == counts
        every = list(chain.from_iterable([draft.spans for draft in compress(drafts, whole.tolist())]))
        columns = np.empty((len(every), 3), np.int64)
        columns[:, 0] = [codes.get(span.source, -1) for span in every]
        columns[:, 1], columns[:, 2] = [span.start for span in every], [span.end for span in every]
        same = np.ones(len(rows), bool)
        of_whole = np.repeat(whole, counts)
        same[of_whole] = (columns == due[of_whole]).all(axis=1)
        yield from np.repeat(np.arange(len(drafts)), counts)[~same].tolist()
        for number in np.flatnonzero(~whole).tolist():
            some = rows[first[number] : first[number] + counts[number]].tolist()
            if drafts[number].spans != tuple(dict.fromkeys(map(spans.first, some))):
                yield number


def _lines(draft: Draft, told: Told | None) -> str:
    """Return the lines that end a draft which is as the graph has it told; nothing where it is not."""
    if told is None or draft.entities != told[0] or draft.spans != told[1] or draft.anchor != told[0][0]:
        return ""
    _, _, question, prose, lines = told
    user, assistant = draft.user, draft.assistant
    if question:
        same = user == question and assistant == f"{prose}\n{lines}" and not prose.endswith(").")
    else:
        same = assistant == lines and user in [f"{ask}{prose}" for ask in ASKS["\n" in lines]]
    if not same or MASK in user or MASK in assistant or draft.absence is not None or draft.withheld is not None:
        return ""
    last = assistant[-len(lines) :]
    return last if last.endswith(").") else ""


def _fits(read: _Read, counts: Array) -> Array:
    """Say in which texts as many nodes were read as there should be."""
    starts = np.flatnonzero(read.place == _FIRST)
    if len(starts) != len(counts):
        return np.zeros(len(counts), bool)
    fits: Array = np.add.reduceat((read.place != _AGAIN).astype(np.int64), starts) == counts
    return fits


def _alike(words: Array, draft: Array) -> Array:
    """Return the drafts two of whose entities have the same word."""
    found = [
        draft[apart:][(words[apart:] == words[:-apart]) & (draft[apart:] == draft[:-apart])]
        for apart in range(1, MOST + 1)
    ]
    return np.concatenate(found)
