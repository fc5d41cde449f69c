# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""What a draft must rest on: what its question names, what its query finds, and the relation between the two."""

from collections.abc import Sequence

from enliterator_core import Draft, Graph


def rests_elsewhere(draft: Draft, named: Sequence[int], related: bool, graph: Graph) -> str | None:
    """Say what a draft rests on that its question does not name; None where it rests on that and what is found.

    ``named`` are the numbers of what the question names, in order; ``related`` says whether it asks for what is
    related to that.
    """
    entities, ids = graph.arrays.entities, draft.entities
    if draft.absence is not None or draft.withheld is not None or not ids:
        return "a query rests on what it finds"
    numbers = list(dict.fromkeys(named))
    if len(ids) == len(numbers) + 1:
        found = entities.numbers.get(ids[-1], -1) if isinstance(ids[-1], str) else -1
        numbers.append(found)
    if -1 in numbers or list(ids) != [entities.ids[number] for number in numbers]:
        return "the entities are not those that the question names, and one that is found"
    if draft.anchor != ids[0]:
        return "the anchor is not what the question names first"
    rows = [graph.relations.row(key) for key in draft.relations]
    if -1 in rows:
        return "it names a relation that is not in the graph"
    if any((key[0], key[2]) not in ((ids[0], ids[-1]), (ids[-1], ids[0])) for key in draft.relations):
        return "a relation is not between what is named and what is found"
    if related and not rows:
        return "what is found is without the relation by which it is"
    return _unproven(draft, numbers, rows, graph)


def _unproven(draft: Draft, numbers: Sequence[int], rows: Sequence[int], graph: Graph) -> str | None:
    """Say what is without its span, or which span is no evidence."""
    holds, spans = graph.arrays.entities.spans.holds, draft.spans
    proving = set[int]()
    for place, number in enumerate(numbers):
        # As a rule, spans stand in the order of what they prove.
        for at in (place, *range(len(spans))):
            if at < len(spans) and holds(number, spans[at]):
                proving.add(at)
                break
        else:
            return "what is named is without its span"
    for at, span in enumerate(spans):
        if at not in proving and not (
            any(graph.arrays.relations.spans.holds(row, span) for row in rows)
            or any(holds(number, span) for number in numbers)
        ):
            return "a span is no evidence of what it names"
    return None
