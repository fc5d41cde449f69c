# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""What a graph has of each entity: what it is called, what is said of it, and the answer to its name."""

from collections.abc import Sequence
from itertools import chain, islice
from json.encoder import encode_basestring
from typing import Final, NamedTuple

from enliterator_core import Graph, Kept, Span, fold_all, on_one_line

_REMEMBERED: Final = 1 << 10


class Answer(NamedTuple):
    """An answer as JSON: the ids of what it ``told`` of, the one that it turns on first, and the first span of each.

    ``absence`` is the form of which it says that nothing is called so.
    """

    text: str
    told: tuple[str, ...]
    spans: tuple[Span, ...]
    absence: str | None = None


class Entry(NamedTuple):
    """What there is of an entity.

    ``forms`` are its name and its term's surface forms, ``folded`` the same folded, ``negative`` what is mistaken for
    it. ``said`` is what its sources say of it, ``description`` what is told: on one line, the term's before its own.
    ``answer`` is the answer to its name.
    """

    forms: tuple[str, ...]
    folded: tuple[str, ...]
    negative: tuple[str, ...]
    said: str
    description: str
    evidence: tuple[Span, ...]
    answer: Answer


class Entries(Kept[str, Entry]):
    """What there is of the entities asked for lately, by id: most are asked for several times in a row."""

    def __init__(self, graph: Graph) -> None:
        super().__init__(lambda id: self._all_of([self._entities.numbers[id]])[0], _REMEMBERED)
        self._entities, self._terms = graph.arrays.entities, graph.terms
        # What stands between name and description in an answer, by the pool.
        self._pools = {pool: f', "pool": {encode_basestring(pool)}, "description": ' for pool in self._entities.pools}

    def read(self, numbers: Sequence[int]) -> None:
        """Read the entities of some numbers together, in half the time that it takes one by one."""
        self.make_room()
        ids = self._entities.ids
        self.update(zip([ids[number] for number in numbers], self._all_of(numbers), strict=True))

    def _all_of(self, numbers: Sequence[int]) -> list[Entry]:
        entities, pools = self._entities, self._pools
        ids, said = [entities.ids[number] for number in numbers], [entities.descriptions[number] for number in numbers]
        terms = self._terms.forms_of(ids)
        forms = [(entities.names[number], *surface) for number, (surface, _, _) in zip(numbers, terms, strict=True)]
        folded = iter(fold_all(list(chain.from_iterable(forms))))
        told = on_one_line([term[2] or own for term, own in zip(terms, said, strict=True)])
        entries: list[Entry] = []
        for id, number, own, (_, negative, _), description, said_of_it in zip(
            ids, numbers, forms, terms, told, said, strict=True
        ):
            evidence = entities.spans.of(number)
            written = encode_basestring(description) if description else "null"
            middle = pools[entities.pool_of(number)]
            text = f'{{"canonical": {encode_basestring(own[0])}{middle}{written}, "note": null}}'
            answer = Answer(text, (id,), evidence[:1])
            own_folded = tuple(islice(folded, len(own)))
            entries.append(Entry(own, own_folded, tuple(negative), said_of_it, description, evidence, answer))
        return entries
