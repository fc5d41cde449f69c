# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Structured queries, and what they find in a graph: exact look-ups first, full text only as far as it is needed."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import TYPE_CHECKING, Final

from attrs import frozen

from enliterator_core.canon import reverse_of
from enliterator_core.nouns import Rights

if TYPE_CHECKING:
    from enliterator_core.graph.view import Graph

_KEPT: Final = 1 << 14
_HUB: Final = 64
_LICENCE: Final = re.compile(r"[a-z0-9.+-]+")


@frozen
class Query:
    """A structured query; every part that is given must hold.

    `terms` are names or surface forms, or words to search for: any of them. `of` are names or forms of what the found
    is related to, any of them or, with `every`, all; `verbs` are those by which it is, read from the found entity
    (`depends_on` with `of` x finds what depends on x; without `of` it finds what depends on anything). `pools` and
    `licenses` (SPDX ids, or what they begin with: GPL) name any of which one must fit. `after` and `before` bound the
    entity's time: ISO 8601, inclusive, to the precision given; a time that is less precise must be surely within.
    `rights` is "trainable" or "publishable". What fits any of the queries in `without` is left out (of these, `terms`
    are names or forms alone, and limits do not count). Without `terms` and `of`, the newest come first where a time is
    bounded.
    """

    terms: tuple[str, ...] = ()
    of: tuple[str, ...] = ()
    every: bool = False
    verbs: tuple[str, ...] = ()
    pools: tuple[str, ...] = ()
    licenses: tuple[str, ...] = ()
    after: str | None = None
    before: str | None = None
    rights: str | None = None
    without: tuple[Query, ...] = ()
    limit: int = 10


def is_licensed(expression: str | None, licenses: Iterable[str]) -> bool:
    """Say whether a licence expression names one of the licences, or one beginning so: GPL is in GPL-3.0-only."""
    named = _LICENCE.findall((expression or "").casefold())
    wanted = [one.casefold() for one in licenses]
    return any(one == name or name.startswith(f"{one}-") for one in wanted for name in named)


def is_within(time: str | None, after: str | None, before: str | None) -> bool:
    """Say whether a time is surely within bounds, each compared to its own precision; an unknown one never is."""
    if time is None:
        return False
    if after and (time[: len(after)] < after):
        return False
    end = (before or "")[: len(time)]
    return not before or time[: len(end)] < end or (time[: len(end)] == end and len(time) >= len(before))


class Finder:
    """Finds what fits a query, as entities' numbers; made once for a graph."""

    def __init__(self, graph: Graph) -> None:
        from enliterator_core.graph.packed import one_by_one

        self._graph = graph
        self._entities = graph.arrays.entities
        self._codes = [one_by_one(codes) for codes in (self._entities.time, self._entities.rights)]
        times = self._entities.times
        dated = sorted((time, -at) for at, code in enumerate(self._codes[0]) if (time := times[code]) is not None)
        self._pools: dict[str, list[int]] = {}
        for at, code in enumerate(self._entities.pool.tolist()):
            self._pools.setdefault(self._entities.pools[code], []).append(at)
        # The times of what has one, in order, and whose they are: of all under "", and of each pool.
        self._dated: dict[str, tuple[list[str], list[int]]] = {"": ([], [])}
        for time, at in dated:
            for pool in ("", self._entities.pool_of(-at)):
                ordered, numbers = self._dated.setdefault(pool, ([], []))
                ordered.append(time)
                numbers.append(-at)
        self._known: dict[str, list[int]] = {}
        self._hubs: dict[int, list[tuple[str, int]]] = {}
        none = Rights()
        self._rights = [graph.rights.get(id, none) for id in self._entities.rights_ids]

    def found(self, query: Query) -> Iterator[int]:
        """Yield what fits a query, each once, in order, as far as somebody wants to know; its limit aside."""
        seen: set[int] = set()
        ends = self._ends(query)
        for number in self._candidates(query, ends):
            if number not in seen:
                seen.add(number)
                if self._fits(number, query, ends) and not any(self.fits(number, one) for one in query.without):
                    yield number

    def fits(self, number: int, query: Query) -> bool:
        """Say whether an entity fits a query whose terms are its names or forms, limits and `without` aside."""
        if query.terms and number not in chain.from_iterable(self._called(query.terms)):
            return False
        return self._fits(number, query, self._ends(query))

    def _called(self, terms: Iterable[str]) -> list[list[int]]:
        found = []
        for term in terms:
            if term not in self._known:
                if len(self._known) >= _KEPT:
                    self._known.clear()
                self._known[term] = [self._graph.number(entity.id) for entity in self._graph.called(term)]
            found.append(self._known[term])
        return found

    def _ends(self, query: Query) -> list[list[int]]:
        return self._called(query.of) if query.of else []

    def _candidates(self, query: Query, ends: list[list[int]]) -> Iterable[int]:
        if query.terms:
            return chain(chain.from_iterable(self._called(query.terms)), self._searched(query))
        if query.of:
            wanted = {reverse_of(verb) for verb in query.verbs}
            every = (step for end in chain.from_iterable(ends) for step in self._around(end))
            return (other for verb, other in every if not wanted or verb in wanted)
        if query.after or query.before:
            pool = query.pools[0] if len(query.pools) == 1 else ""
            times, numbers = self._dated.get(pool, ([], []))
            first = bisect_left(times, query.after or "")
            # "~" comes after every character of a time, so that what is within the last day, month or year is in.
            last = bisect_left(times, f"{query.before}~") if query.before else len(times)
            return (numbers[at] for at in range(last - 1, first - 1, -1))
        if query.pools:
            return chain.from_iterable(self._pools.get(pool, ()) for pool in query.pools)
        return range(len(self._entities))

    def _around(self, number: int) -> list[tuple[str, int]]:
        """Return the steps of an entity; those of the largest are kept, since much is related to them."""
        steps = self._graph.arrays.steps
        if steps.degree(number) < _HUB:
            return steps.around(number)
        if number not in self._hubs:
            if len(self._hubs) >= _HUB:
                self._hubs.clear()
            self._hubs[number] = steps.around(number)
        return self._hubs[number]

    def _searched(self, query: Query) -> Iterator[int]:
        for term in query.terms:
            for entity in self._graph.search(term, pools=query.pools, limit=max(query.limit * 5, 50)):
                yield self._graph.number(entity.id)

    def _fits(self, number: int, query: Query, ends: list[list[int]]) -> bool:
        if query.pools and self._entities.pool_of(number) not in query.pools:
            return False
        if query.after or query.before:
            time = self._entities.times[self._codes[0][number]]
            if not is_within(time, query.after, query.before):
                return False
        if query.rights or query.licenses:
            rights = self._rights[self._codes[1][number]]
            if query.rights and not (rights.trainable if query.rights == "trainable" else rights.publishable):
                return False
            if query.licenses and not is_licensed(rights.license, query.licenses):
                return False
        if query.of:
            related = (any(self._is_related(number, query.verbs, end) for end in one) for one in ends)
            return all(related) if query.every else any(related)
        return not query.verbs or any(verb in query.verbs for verb, _ in self._around(number))

    def _is_related(self, number: int, verbs: tuple[str, ...], end: int) -> bool:
        steps = self._graph.arrays.steps
        if verbs:
            return any(steps.find(number, verb, end) >= 0 for verb in verbs)
        near, far = sorted((number, end), key=steps.degree)
        return any(other == far for _, other in steps.around(near))
