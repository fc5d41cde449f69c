# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Which drafts of a batch hold, proven for all at once: each hop is looked up in the graph, and the lines that follow
from the hops that a draft claims are written once more.

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
from enliterator_path_text.telling import names_in_lines
from enliterator_path_text.told import ASKS, MOST, Teller, Told

_BETWEEN: Final = "\n\n"  # the lines of two drafts: none of them is empty
_END: Final = f").{_BETWEEN}"

Array = Any


@frozen(eq=False)
class _Claims:
    """What drafts claim: the number of each entity and ``draft``, whose it is; the key of each relation.

    ``first`` is where each draft's entities begin, ``hops`` are the places of those that a relation leads to.
    """

    numbers: Array
    draft: Array
    first: Array
    hops: Array
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
        # What stands before a node's name, by the verb before it (none for the first in a draft), then by its pool.
        self._heads = [f"{_END}{pool}(" for pool in entities.pools]
        self._heads += [f") → {verb} → {pool}(" for verb in verbs for pool in entities.pools]

    def proven(self, drafts: Sequence[Draft]) -> list[bool]:
        """Say which drafts are proven to hold."""
        told = self._teller.told
        texts = [_lines(draft, told(draft.relations)) for draft in drafts]
        found = list(map(bool, texts))
        if any(found):
            some = list(compress(drafts, found))
            good = self._hold(some, list(compress(texts, found)))
            for place, holds in zip([place for place, text in enumerate(texts) if text], good, strict=True):
                found[place] = holds
        return found

    def _hold(self, drafts: Sequence[Draft], texts: Sequence[str]) -> list[bool]:
        """Say which drafts hold, of which the lines are given."""
        claims, arrays, ground = self._claims(drafts), self._arrays, self._ground
        child = claims.numbers[claims.hops]
        forwards = claims.object == child
        other = np.where(forwards, claims.subject, claims.object)
        stated = forwards | (claims.subject == child)
        parent = _parents(claims, other)
        rows = arrays.steps.rows(claims.subject, claims.verb, claims.object)
        stated &= (arrays.relations.subject[rows] == claims.subject) & (arrays.relations.object[rows] == claims.object)
        stated &= ground.proved[rows] & (rows >= 0) & (parent >= 0)
        verb = np.where(forwards, claims.verb, arrays.reverse[claims.verb])
        good = np.ones(len(drafts), bool)
        good[claims.draft[claims.hops[~stated]]] = False
        good[_alike(ground.words[claims.numbers], claims.draft)] = False
        good[list(self._unlike(drafts, claims, rows))] = False
        written = self._written(claims, parent, verb)
        if written != _BETWEEN.join(texts):
            good &= [one == other for one, other in zip(written.split(_BETWEEN), texts, strict=True)]
        found: list[bool] = good.tolist()
        return found

    def _claims(self, drafts: Sequence[Draft]) -> _Claims:
        number_of = self._numbers.__getitem__
        counts = np.array([len(draft.entities) for draft in drafts])
        ids = chain.from_iterable([draft.entities for draft in drafts])
        subjects, verbs, objects = zip(*chain.from_iterable([draft.relations for draft in drafts]), strict=True)
        first = np.cumsum(counts) - counts
        hops = np.ones(counts.sum(), bool)
        hops[first] = False
        return _Claims(
            np.fromiter(map(number_of, ids), np.int64, len(hops)),
            np.repeat(np.arange(len(drafts)), counts),
            first,
            np.flatnonzero(hops),
            np.fromiter(map(number_of, subjects), np.int64, len(subjects)),
            np.fromiter(map(self._verbs.__getitem__, verbs), np.int64, len(verbs)),
            np.fromiter(map(number_of, objects), np.int64, len(objects)),
        )

    def _written(self, claims: _Claims, parent: Array, verb: Array) -> str:
        """Return the lines of all drafts, each hop from the place of its parent by its verb."""
        entities = self._arrays.entities
        heads, pools = self._heads, len(entities.pools)
        code = entities.pool[claims.numbers].astype(np.int64)
        code[claims.hops] += (verb + 1) * pools
        parts = [""] * (2 * len(code))
        names = names_in_lines(list(map(self._names.__getitem__, claims.numbers.tolist())))
        parts[::2], parts[1::2] = map(heads.__getitem__, code.tolist()), names
        for at in np.flatnonzero(parent != claims.hops - 1).tolist():
            place, start = claims.hops[at], parent[at]
            opened = heads[code[start] % pools].removeprefix(_END)
            parts[2 * place] = f").\n{opened}{names[start]}{parts[2 * place]}"
        return f"{''.join(parts).removeprefix(_END)})."

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
    if len(draft.entities) != len(draft.relations) + 1:
        return ""
    user, assistant = draft.user, draft.assistant
    if question:
        same = user == question and assistant == f"{prose}\n{lines}" and not prose.endswith(").")
    else:
        same = assistant == lines and user in [f"{ask}{prose}" for ask in ASKS["\n" in lines]]
    if not same or MASK in user or MASK in assistant or draft.absence is not None or draft.withheld is not None:
        return ""
    return lines


def _parents(claims: _Claims, other: Array) -> Array:
    """Return for each hop the place, in its draft and before its own, of the entity at its other end; -1 for none."""
    found = np.full(len(other), -1, np.int64)
    left, first = np.arange(len(other)), claims.first[claims.draft[claims.hops]]
    for apart in range(1, MOST + 1):
        left = left[claims.hops[left] - apart >= first[left]]
        place = claims.hops[left] - apart
        there = claims.numbers[place] == other[left]
        found[left[there]] = place[there]
        left = left[~there]
    return found


def _alike(words: Array, draft: Array) -> Array:
    """Return the drafts two of whose entities have the same word."""
    found = [
        draft[apart:][(words[apart:] == words[:-apart]) & (draft[apart:] == draft[:-apart])]
        for apart in range(1, MOST + 1)
    ]
    return np.concatenate(found)
