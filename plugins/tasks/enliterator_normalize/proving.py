# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""What a draft must rest on: what its question names, what its query finds, and the relation between the two."""

from collections.abc import Sequence
from typing import Any

from enliterator_core import Draft, Graph, Span
from enliterator_normalize.evidence import Evidence


class Proof:
    """What drafts about one graph must rest on."""

    def __init__(self, graph: Graph) -> None:
        arrays, evidence = graph.arrays, graph.once(Evidence)
        self._graph, self._numbers, self._ids = graph, arrays.entities.numbers, arrays.entities.ids
        self._find, self._key_of = arrays.steps.find, arrays.relations.key
        self._of_entity, self._of_relation = evidence.of_entity, evidence.of_relation

    def lacks(self, draft: Draft, named: Sequence[int], related: bool) -> str | None:
        """Say what a draft rests on that its question does not name; None where it rests on that and what is found.

        ``named`` are the numbers of what the question names, in order; ``related`` says whether it asks for what is
        related to that.
        """
        ids = draft.entities
        if draft.absence is not None or draft.withheld is not None or not ids:
            return "a query rests on what it finds"
        numbers = list(dict.fromkeys(named)) if len(named) > 1 else [*named]
        if len(ids) == len(numbers) + 1:
            found = self._numbers.get(ids[-1], -1) if isinstance(ids[-1], str) else -1
            if found < 0:
                return "what is found is not in the graph"
            numbers.append(found)
        if ids != tuple([self._ids[number] for number in numbers]):
            return "the entities are not those that the question names, and one that is found"
        if draft.anchor != ids[0]:
            return "the anchor is not what the question names first"
        # As a rule there is the first span of each entity, then that of each relation.
        first = [self._of_entity[number] for number in numbers]
        rows: list[int] = []
        if draft.relations:
            rows = [self._row(key, ids, numbers) for key in draft.relations]
            if -1 in rows:
                return "a relation is not in the graph, or not between what is named and what is found"
            first += [self._of_relation[row] for row in rows]
        elif related:
            return "what is found is without the relation by which it is"
        if draft.spans == tuple(first) and all(first):
            return None
        return _unproven(draft.spans, numbers, rows, self._graph)

    def _row(self, key: Any, ids: Sequence[str], numbers: Sequence[int]) -> int:
        """Return the row of a relation by its key, when it is between the first and the last entity; -1 otherwise."""
        if type(key) is not tuple or len(key) != 3 or not isinstance(key[1], str):
            return -1
        if key[0] == ids[-1] and key[2] == ids[0]:
            row = self._find(numbers[-1], key[1], numbers[0])
        elif key[0] == ids[0] and key[2] == ids[-1]:
            row = self._find(numbers[0], key[1], numbers[-1])
        else:
            return -1
        # By a verb read the other way round the row is found as well, but not under this key.
        return row if row >= 0 and self._key_of(row) == key else -1


def _unproven(spans: Sequence[Span], numbers: Sequence[int], rows: Sequence[int], graph: Graph) -> str | None:
    """Say what is without a span, or that a span is no evidence; None where neither is so."""
    of_entity, of_relation = graph.arrays.entities.spans.holds, graph.arrays.relations.spans.holds
    if not all(any(of_entity(number, span) for span in spans) for number in numbers):
        return "what is named is without its span"
    for span in spans:
        if not any(of_entity(number, span) for number in numbers) and not any(of_relation(row, span) for row in rows):
            return "a span is no evidence of what it names"
    return None
