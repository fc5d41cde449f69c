# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The drafts on the entities that are first found in one source: what is asked of each is drawn."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np
from attrs import frozen

from enliterator_core import Draft, Graph, Sampler
from enliterator_gap_awareness.asking import AGREE, NAME, ask, asked_beyond
from enliterator_gap_awareness.naming import form_of
from enliterator_gap_awareness.saying import Sayings
from enliterator_gap_awareness.states import Homes, absent, beyond, is_beyond, present
from enliterator_gap_awareness.telling import Teller
from enliterator_gap_awareness.things import Thing, Things

_OF_SEVERAL: Final = (*NAME, *AGREE, *AGREE)
#: what is drawn for each entity: its form, the way to ask, whether it is told though thin, what is asked beside it
_DRAWN: Final = ("form", "way", "thin", "absent", "beyond")
_AT_ONCE: Final = 512


@frozen
class Shares:
    """The shares of entities: beside which something absent is asked for, beyond which, and of the thin those told."""

    absent: float
    beyond: float
    thin: float


#: an entity that is asked about, the form of its name by which it is, whether it is told, and what was drawn for it
_Asked = tuple[Thing, str, bool, Sequence[float]]


class Asker:
    """Asks about the entities of one graph."""

    def __init__(self, graph: Graph, sampler: Sampler, shares: Shares) -> None:
        self._graph, self._shares = graph, shares
        self._homes, self._things, self._teller = graph.once(Homes), graph.once(Things), graph.once(Teller)
        self._absent_name = sampler.absent_names(graph, "gap_awareness", says=graph.once(Sayings).says)
        self._draws = _draws(graph, sampler)

    def drafts(self, path: str) -> Iterator[list[Draft]]:
        """Yield the drafts on the entities whose first evidence is in a source, some hundred entities at a time."""
        numbers = self._homes.of(path)
        for first in range(0, len(numbers), _AT_ONCE):
            asked = self._asked(numbers[first : first + _AT_ONCE])
            self._teller.tell([thing for thing, _, is_told, _ in asked if is_told])
            drafts: list[Draft] = []
            for one in asked:
                self._add(drafts, *one)
            yield drafts

    def _asked(self, numbers: list[int]) -> list[_Asked]:
        """Return those of some entities that are called by a form as nothing else is."""
        graph, teller, thin = self._graph, self._teller, self._shares.thin
        found = []
        for thing, drawn in zip(self._things.things(numbers), self._draws[numbers].tolist(), strict=True):
            if thing and (form := form_of(graph, thing, drawn[0])) is not None:
                is_told = drawn[2] < thin or not teller.is_thin(thing) or teller.difference(thing) is not None
                found.append((thing, form, is_told, drawn))
        return found

    def _add(self, drafts: list[Draft], thing: Thing, form: str, is_told: bool, drawn: Sequence[float]) -> None:
        """Add the drafts on one entity: what is known of it, what is not there beside it, what lies beyond."""
        _, way, _, without, outside = drawn
        shares = self._shares
        if is_told:
            ways = _OF_SEVERAL if thing.sources > 1 else NAME
            drafts.append(present(self._teller, thing, ask(ways[int(way * len(ways))], form)))
        if without < shares.absent and (name := self._absent_name(thing.number)):
            drafts.append(absent(thing, name, ask(NAME[int(without / shares.absent * len(NAME))], name)))
        if outside < shares.beyond and (questions := asked_beyond(thing)):
            scope, how = questions[int(outside / shares.beyond * len(questions))]
            if is_beyond(self._graph, thing, scope):
                drafts.append(beyond(thing, scope, ask(how, form)))


def _draws(graph: Graph, sampler: Sampler) -> Any:
    """Return what is drawn for each entity: a row of numbers from 0 up to, not including, 1."""
    keys = graph.arrays.entities.keys
    points = [sampler.points(keys, "gap_awareness", word) for word in _DRAWN]
    return (np.stack(points, axis=1) >> np.uint64(11)) / 2**53
