# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""What people ask for an entity by: its forms, in sentences too and misspelt, what it is mistaken for, what is not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
from attrs import frozen

from enliterator_canon_map.entries import Entries, Entry
from enliterator_canon_map.frames import ASKS, COMPARISONS
from enliterator_canon_map.lexicon import Lexicon
from enliterator_canon_map.quoting import QUOTES, Request, in_sentence
from enliterator_canon_map.rows import Rows, bare
from enliterator_canon_map.slips import slip
from enliterator_core import Graph, Sampler, fold

_MOST_FORMS: Final = 20
_EVERY: Final = 1 << 64
#: how many terms of several forms are asked whether two of them are names of one thing, and in how many ways
_MOST_SAME: Final = round(0.15 * _EVERY)
_SAME: Final = 4
#: ways to ask for a form, ten in each frame: what stands before and after it, whether it is in small letters, and
#: whether an article goes with it where the source has one
_WAYS: Final = tuple((*frame, way < 4, way >= 6) for way in range(10) for frame in ASKS)
#: so many ways to ask are drawn with 64 bits
_ASKS_DRAWN: Final = 8


@frozen
class Shares:
    """How much is asked for one entity: see :class:`enliterator_canon_map.CanonMap`."""

    forms: int
    negatives: int
    slips: float
    unknown: float


class Asker:
    """Asks for the entities of a graph.

    What is chosen for each is drawn at once for all, 64 bits for each sort of question: a share by whether they are
    below it, places in lists by their remainders in turn.
    """

    def __init__(self, graph: Graph, sampler: Sampler, shares: Shares) -> None:
        self._graph, self._sampler, self._shares = graph, sampler, shares
        self._ids, self._entries = graph.arrays.entities.ids, graph.once(Entries)
        self._lexicon, self._absent_name = graph.once(Lexicon), sampler.absent_names(graph, "canon_map")
        self._forms, self._slips, self._unknown = map(self._drawn, ("forms", "slips", "unknown"))
        self._ways = list(self._ways_drawn())
        self._most_slips, self._most_unknown = round(shares.slips * _EVERY), round(shares.unknown * _EVERY)

    def _drawn(self, *context: str) -> memoryview[Any]:
        points: Any = self._sampler.points(self._graph.arrays.entities.keys, "canon_map", *context)
        return memoryview(points)

    def _ways_drawn(self) -> Iterator[memoryview[Any]]:
        """Yield of every place among the forms that are asked for in which way the form of each entity is."""
        keys, points = self._graph.arrays.entities.keys, np.zeros(0, np.uint64)
        ways: Any
        for place in range(self._shares.forms):
            if place % _ASKS_DRAWN == 0:
                points = self._sampler.points(keys, "canon_map", "asks", str(place))
            points, ways = np.divmod(points, np.uint64(len(_WAYS)))
            yield memoryview(ways.astype(np.uint8))

    def requests(self, number: int) -> list[Request]:
        """Return what is asked for an entity, each with the spans whose words it uses."""
        id = self._ids[number]
        entry, own = self._entries[id], self._lexicon.own_forms(id, number, 1 + _MOST_FORMS)
        found = self._named(number, entry, own) if own else []
        if self._slips[number] < self._most_slips and own and (misspelt := self._misspelt(number, own)):
            found.append(misspelt)
        if entry.negative:
            found += self._negative(id, entry)
        if self._unknown[number] < self._most_unknown and (absent := self._absent_name(number)):
            found.append(_ask(absent, self._unknown[number]))
        return found

    def _named(self, number: int, entry: Entry, own: list[str]) -> list[Request]:
        """Return requests that say one of the entity's own forms, of which there is one at least."""
        # Turning the forms lets a term with many cost no more than one with few.
        rest, first = divmod(self._forms[number], len(own))
        own = own[first:] + own[:first]
        quoted = in_sentence(self._graph, entry.evidence, own, rest)
        found = [quoted] if quoted else []
        said_of_it = ""
        for form, ways in zip(own, self._ways, strict=False):
            before, after, small, with_article = _WAYS[ways[number]]
            if small:
                found.append((f"{before}{form.lower()}{after}", ()))
                continue
            if with_article:
                # People say `the`, where the source does.
                said_of_it = said_of_it or entry.said.lower()
                if f"the {form.lower()} " in said_of_it:
                    before = f"{before}the "
            found.append((f"{before}{form}{after}", ()))
        rest //= QUOTES
        if len(own) == 1:
            found.append(_ask(own[0], rest))
        elif self._forms[number] < _MOST_SAME:
            before, between, after = COMPARISONS[rest % _SAME]
            found.append((f"{before}{own[0]}{between}{own[1]}{after}", ()))
        return found

    def _misspelt(self, number: int, own: list[str]) -> Request | None:
        """Return a request that says one of the entity's own forms with a slip."""
        rest, place = divmod(self._slips[number], len(own))
        form = own[place]
        own_part = (bare(form) if form.endswith(")") else None) or form
        misspelt = slip(own_part, self._sampler, self._ids[number], form)
        return _ask(f"{misspelt}{form[len(own_part) :]}", rest) if misspelt else None

    def several(self) -> Iterator[tuple[int, Request]]:
        """Yield a request for every bare name that several things have, with the number of the first of them."""
        for form, numbers in self._graph.once(Rows).shared().items():
            if self._sampler.together(*(self._ids[number] for number in numbers[:3])):
                number = numbers[0]
                yield number, _ask(bare(self._graph.arrays.entities.names[number]) or form, self._forms[number])

    def _negative(self, id: str, entry: Entry) -> Iterator[Request]:
        """Yield requests that mistake something for the entity."""
        sampler = self._sampler
        for form in sampler.ordered(entry.negative, "negative", id)[: self._shares.negatives]:
            known = self._lexicon.owned(fold(form))
            if not known:
                before, after = sampler.choose(ASKS, "ask", id, form)
                yield f"{before}{form}{after}", ()
            elif len(known) == 1 and sampler.together(id, known[0]):
                # Where each is mistaken for the other, one of the two questions is enough.
                if known[0] < id and self._is_mistaken(known[0], id):
                    continue
                pair = [form, entry.forms[0]]
                if sampler.fraction("turned", id, form) < 0.5:
                    pair.reverse()
                before, between, after = sampler.choose(COMPARISONS, "compare", id, form)
                yield f"{before}{pair[0]}{between}{pair[1]}{after}", ()

    def _is_mistaken(self, id: str, other: str) -> bool:
        """Say whether an entity is mistaken for another, by a form that it has."""
        return any(other in self._lexicon.owned(fold(form)) for form in self._entries[id].negative)


def _ask(said: str, place: int) -> Request:
    before, after = ASKS[place % len(ASKS)]
    return f"{before}{said}{after}", ()
