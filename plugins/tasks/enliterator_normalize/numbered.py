# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""What questions are made from, read by the numbers of entities: to make the entities would take longer than to ask."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from enliterator_core import Graph, Rights
from enliterator_normalize.words import VERB_SAID

if TYPE_CHECKING:
    from enliterator_normalize.dice import Numbers

#: the steps of an entity that are looked at
_MOST: Final = 64


class Numbered:
    """A graph's entities, the rights of each and the first steps from each, by number."""

    def __init__(self, graph: Graph) -> None:
        arrays = graph.arrays
        entities, self._steps = arrays.entities, arrays.steps
        self.ids, self.names = entities.ids, entities.names
        self.pool_of, self.time_of = entities.pool_of, entities.time_of
        self._first_step: Sequence[int] = arrays.one_by_one(arrays.steps.offsets)
        self._verb = arrays.one_by_one(arrays.steps.verb)
        #: what each step leads to
        self.other: Sequence[int] = arrays.one_by_one(arrays.steps.other)
        self._verbs: Sequence[str] = arrays.verbs
        self._codes = {verb: code for code, verb in enumerate(arrays.verbs)}
        self._back = arrays.reverse.tolist()
        unknown = Rights()
        self._rights_code = arrays.one_by_one(entities.rights)
        self._rights = [graph.rights.get(id, unknown) for id in entities.rights_ids]
        used = {arrays.verbs[code] for code in set(arrays.steps.group_verb.tolist())} & set(VERB_SAID)
        #: the pools that the graph has, and some that many graphs have
        self.pools_there = tuple(dict.fromkeys((*sorted(entities.pools), "Idea", "Evidence", "Actor")))
        #: the verbs that the graph has, read either way, as far as they can be said
        self.verbs_there = tuple(sorted(used or VERB_SAID))

    def rights_of(self, number: int) -> Rights:
        """Return an entity's rights."""
        rights: Rights = self._rights[self._rights_code[number]]
        return rights

    def steps(self, number: int) -> range:
        """Return the first steps from an entity."""
        first, end = self._first_step[number], self._first_step[number + 1]
        return range(first, min(end, first + _MOST))

    def first_steps(self, numbers: "Numbers") -> "tuple[Numbers, Numbers]":
        """Return for each of many entities which of its steps is the first, and how many :meth:`steps` it has."""
        import numpy as np

        first = self._steps.offsets[numbers]
        return first, np.minimum(self._steps.offsets[numbers + 1] - first, _MOST)

    def degree(self, number: int) -> int:
        """Return how many steps an entity has."""
        return self._first_step[number + 1] - self._first_step[number]

    def count_back(self, number: int, verb: str) -> int:
        """Return how many of an entity's steps lead to what is related to it by the verb."""
        first, end = self._first_step[number], self._first_step[number + 1]
        return self._verb[first:end].tobytes().count(self._back[self._codes[verb]])

    def others(self, number: int, verb: str) -> list[int]:
        """Return what the first steps by a verb lead to."""
        steps, code = self.steps(number), self._codes[verb]
        first, end = steps.start, steps.stop
        return [other for other, its in zip(self.other[first:end], self._verb[first:end], strict=True) if its == code]

    def verbs_of(self, number: int) -> list[str]:
        """Return the verbs of the first steps from an entity, each once."""
        steps = self.steps(number)
        return [self._verbs[code] for code in dict.fromkeys(self._verb[steps.start : steps.stop])]

    def verb(self, step: int) -> str:
        """Return the verb of a step, as read from where it begins."""
        verb: str = self._verbs[self._verb[step]]
        return verb

    def has(self, number: int, verb: str) -> bool:
        """Say whether an entity has a step by that verb."""
        return self._codes[verb] in self._verb[self._first_step[number] : self._first_step[number + 1]]

    def relation(self, number: int, verb: str, other: int) -> int:
        """Return the row of the relation that says this, the verb read in either direction; -1 where none does."""
        return self._steps.find(number, verb, other)
