# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""What a draft must rest on: what its question names, what its query finds, and the relation between the two."""

from collections.abc import Sequence

from enliterator_core import Draft, Graph, Span


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
    rows = list(map(graph.relations.row, draft.relations))
    for row, key in zip(rows, draft.relations, strict=True):
        if row < 0 or {key[0], key[2]} != {ids[0], ids[-1]}:
            return "a relation is not in the graph, or not between what is named and what is found"
    if related and not rows:
        return "what is found is without the relation by which it is"
    return None if _in_order(draft.spans, numbers, rows, graph) else _unproven(draft.spans, numbers, rows, graph)


def _in_order(spans: Sequence[Span], numbers: Sequence[int], rows: Sequence[int], graph: Graph) -> bool:
    """Say whether there is one span for each entity, then one for each relation, as there is as a rule."""
    arrays = graph.arrays
    return (
        len(spans) == len(numbers) + len(rows)
        and all(map(arrays.entities.spans.holds, numbers, spans))
        and (not rows or all(map(arrays.relations.spans.holds, rows, spans[len(numbers) :])))
    )


def _unproven(spans: Sequence[Span], numbers: Sequence[int], rows: Sequence[int], graph: Graph) -> str | None:
    """Say what is without a span, or that a span is no evidence; None where neither is so."""
    of_entity, of_relation = graph.arrays.entities.spans.holds, graph.arrays.relations.spans.holds
    if not all(any(of_entity(number, span) for span in spans) for number in numbers):
        return "what is named is without its span"
    for span in spans:
        if not any(of_entity(number, span) for number in numbers) and not any(of_relation(row, span) for row in rows):
            return "a span is no evidence of what it names"
    return None
