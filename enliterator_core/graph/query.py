# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Structured queries, and what they find in a graph: exact look-ups first, full text only as far as it is needed."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain, islice
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from enliterator_core.graph.kept import Kept
from enliterator_core.nouns import Rights

if TYPE_CHECKING:
    from attrs import frozen as quickly_frozen

    from enliterator_core.graph.arrays import EntityArrays
    from enliterator_core.graph.view import Graph
else:
    from enliterator_core.nouns import quickly_frozen

_FIRST: Final = 1 << 11
_NONE: Final[Mapping[str, tuple[int, ...]]] = MappingProxyType({})
_LICENCE: Final = re.compile(r"[a-z0-9.+-]+")


@quickly_frozen()
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

    def first(self, graph: Graph) -> Sequence[int]:
        """Return the numbers of the entities that the query finds, as many as its limit says, best first."""
        return graph.once(Finder).first[self]

    def finds(self, graph: Graph, numbers: Collection[int], alone: Mapping[str, tuple[int, ...]] = _NONE) -> bool:
        """Say whether all of these entities are among the first that the query finds, as many as its limit says.

        ``alone`` says which entity a name stands for, and for no other: what is in it is not looked up.
        """
        return graph.once(Finder).finds(self, numbers, alone)


def is_licensed(expression: str | None, licenses: Iterable[str]) -> bool:
    """Say whether a licence expression names one of the licences, or one beginning so: GPL is in GPL-3.0-only."""
    return _is_licensed(expression, tuple(licenses))


@lru_cache(1 << 12)
def _is_licensed(expression: str | None, licenses: tuple[str, ...]) -> bool:
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


_Excluded = tuple[Query, Collection[int], Sequence[Sequence[int]]]


class Finder:
    """Finds what fits a query, as entities' numbers; made once for a graph.

    ``alone`` is as in :meth:`Query.finds`. The ends of a query are what each name in its ``of`` stands for.
    """

    def __init__(self, graph: Graph) -> None:
        import numpy as np

        from enliterator_core.graph.arrays import REVERSE, VERB_CODES
        from enliterator_core.graph.packed import one_by_one

        self._graph, self._entities, self._steps = graph, graph.arrays.entities, graph.arrays.steps
        columns = self._entities.time, self._entities.rights, self._steps.groups, self._steps.group_verb
        self._time, self._rights_code, self._groups, self._group_verb = map(one_by_one, columns)
        self._pool = one_by_one(self._entities.pool)
        self._group_start, self._other = one_by_one(self._steps.group_start), one_by_one(self._steps.other)
        self._code = VERB_CODES
        self._back = {verb: int(REVERSE[code]) for verb, code in VERB_CODES.items()}
        self._of_pool = {
            pool: one_by_one(np.flatnonzero(self._entities.pool == code).astype(np.int32))
            for code, pool in enumerate(self._entities.pools)
        }
        self._dated = _Dated(self._entities, self._of_pool)
        self.first: Kept[Query, tuple[int, ...]] = Kept(self._found_first, _FIRST)
        """What each query finds first, up to its limit; of the last queries it is kept."""
        none = Rights()
        self._rights = [graph.rights.get(id, none) for id in self._entities.rights_ids]

    def found(self, query: Query) -> Iterator[int]:
        """Yield what fits a query, each once, in order, as far as somebody wants to know; its limit aside."""
        seen: set[int] = set()
        ends, without = self._called(query.of, _NONE), self._without(query, _NONE)
        # What is gone through is related to one of the ends: it need not be looked up again.
        known = bool(query.of) and not query.terms and not (query.every and len(ends) > 1)
        for number in self._candidates(query, ends):
            if number not in seen:
                seen.add(number)
                fits = self._is_within(number, query) and (known or self._is_as_asked(number, query, ends))
                if fits and not (without and self._is_left_out(number, without)):
                    yield number

    def _found_first(self, query: Query) -> tuple[int, ...]:
        return tuple(islice(self.found(query), query.limit))

    def finds(self, query: Query, numbers: Collection[int], alone: Mapping[str, tuple[int, ...]]) -> bool:
        """Say whether all of these are among the first that are found, up to the query's limit.

        What fits is, whatever else does, where there are no more candidates than the limit lets through.
        """
        ends = self._called(query.of, alone) if query.of else ()
        without = self._without(query, alone) if query.without else ()
        for number in numbers:
            if not self._fits(number, query, ends) or (without and self._is_left_out(number, without)):
                return False
        if query.terms:
            called = [number for one in self._called(query.terms, alone) for number in one]
            if len(called) <= query.limit and set(numbers).issubset(called):
                return True
        elif query.of and sum([self._count(end, query.verbs) for one in ends for end in one]) <= query.limit:
            return True
        return set(numbers).issubset(self.first[query])

    def _without(self, query: Query, alone: Mapping[str, tuple[int, ...]]) -> list[_Excluded]:
        """Return what is left out: each query for it, with what its terms stand for, and its ends."""
        return [
            (one, list(chain.from_iterable(self._called(one.terms, alone))), self._called(one.of, alone))
            for one in query.without
        ]

    def _is_left_out(self, number: int, without: Sequence[_Excluded]) -> bool:
        for query, called, ends in without:
            if (not query.terms or number in called) and self._fits(number, query, ends):
                return True
        return False

    def _called(self, names: Iterable[str], alone: Mapping[str, tuple[int, ...]]) -> list[Sequence[int]]:
        return [alone.get(name) or self._graph.numbers_called(name) for name in names]

    def _candidates(self, query: Query, ends: Sequence[Sequence[int]]) -> Iterable[int]:
        if query.terms:
            return chain(chain.from_iterable(self._called(query.terms, _NONE)), self._searched(query))
        if query.of:
            return chain.from_iterable(self._related(end, query.verbs) for one in ends for end in one)
        if query.after or query.before:
            return self._dated.newest(query.pools[0] if len(query.pools) == 1 else "", query.after, query.before)
        if query.pools:
            return chain.from_iterable(self._of_pool.get(pool, ()) for pool in query.pools)
        return range(len(self._entities))

    def _related(self, number: int, verbs: tuple[str, ...]) -> Iterator[int]:
        """Yield what is related to an entity, by any of the verbs where there are some, in the order of its steps."""
        wanted = [self._back[verb] for verb in verbs]
        groups, starts = range(self._groups[number], self._groups[number + 1]), self._group_start
        for group in groups:
            if not wanted or self._group_verb[group] in wanted:
                yield from self._other[starts[group] : starts[group + 1]]

    def _searched(self, query: Query) -> Iterator[int]:
        for term in query.terms:
            for entity in self._graph.search(term, pools=query.pools, limit=max(query.limit * 5, 50)):
                yield self._graph.number(entity.id)

    def _fits(self, number: int, query: Query, ends: Sequence[Sequence[int]]) -> bool:
        return self._is_within(number, query) and self._is_as_asked(number, query, ends)

    def _is_within(self, number: int, query: Query) -> bool:
        """Say whether an entity is within the limits that it can be seen to be within by itself."""
        if query.pools and self._entities.pools[self._pool[number]] not in query.pools:
            return False
        if query.after or query.before:
            time = self._entities.times[self._time[number]]
            if not is_within(time, query.after, query.before):
                return False
        if query.rights or query.licenses:
            rights = self._rights[self._rights_code[number]]
            if query.rights and not (rights.trainable if query.rights == "trainable" else rights.publishable):
                return False
            if query.licenses and not _is_licensed(rights.license, query.licenses):
                return False
        return True

    def _is_as_asked(self, number: int, query: Query, ends: Sequence[Sequence[int]]) -> bool:
        """Say whether an entity is related to the ends as the query says, or to anything where it has none."""
        verbs = query.verbs
        if query.of:
            related = [self._is_related(number, verbs, one) for one in ends]
            return False not in related if query.every else True in related
        if not verbs:
            return True
        its = self._group_verb[self._groups[number] : self._groups[number + 1]]
        return not {self._code.get(verb) for verb in verbs}.isdisjoint(its)

    def _is_related(self, number: int, verbs: tuple[str, ...], ends: Sequence[int]) -> bool:
        for end in ends:
            for verb in verbs:
                if self._steps.find(number, verb, end) >= 0:
                    return True
            if not verbs:
                near, far = sorted((number, end), key=self._steps.degree)
                if far in self._steps.neighbours(near):
                    return True
        return False

    def _count(self, number: int, verbs: tuple[str, ...]) -> int:
        """Return how many steps from an entity lead to what is related to it by any of the verbs, if there are some."""
        first, last = self._groups[number], self._groups[number + 1]
        starts = self._group_start
        if not verbs:
            return int(starts[last] - starts[first])
        wanted = [self._back.get(verb) for verb in verbs]
        its = enumerate(self._group_verb[first:last], first)
        return sum([starts[group + 1] - starts[group] for group, code in its if code in wanted])


class _Dated:
    """What has a time, in its order: of every pool, and of all under ""."""

    def __init__(self, entities: EntityArrays, of_pool: Mapping[str, Any]) -> None:
        import numpy as np

        from enliterator_core.graph.packed import one_by_one

        self._times = sorted(time for time in entities.times if time is not None)
        places = {time: place for place, time in enumerate(self._times)}
        place = np.array([places.get(time, -1) for time in entities.times], np.int32)[entities.time]
        self._of: dict[str, tuple[memoryview[Any], memoryview[Any]]] = {}
        for pool, numbers in (("", np.arange(len(entities))), *of_pool.items()):
            known = np.array(numbers)[place[numbers] >= 0]
            # Of what has the same time, the last comes first: they are gone through from the newest.
            order = np.lexsort((-known, place[known]))
            self._of[pool] = one_by_one(place[known][order]), one_by_one(known[order].astype(np.int32))

    def newest(self, pool: str, after: str | None, before: str | None) -> Iterator[int]:
        """Yield the numbers of what may be within bounds, the newest first."""
        if pool not in self._of:
            return iter(())
        places, numbers = self._of[pool]
        first = bisect_left(places, bisect_left(self._times, after or ""))
        # "~" comes after every character of a time, so that what is within the last day, month or year is in.
        last = bisect_left(places, bisect_left(self._times, f"{before}~")) if before else len(places)
        found: Iterator[int] = reversed(numbers[first:last])
        return found
