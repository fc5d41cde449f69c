# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The shape of the whole graph: what contradicts known times, what runs in circles, what hangs together."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime

from enliterator_core import Entity, Relation

# Only what happens has a time of its own; any other entity's time is when a source spoke of it.
_HAPPENS = ("Evolutionary", "Experience")


def moment(text: str) -> datetime | None:
    """Return the instant that the text gives, or None when it is no more than a day or has no time zone."""
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        return None  # a year or a month alone
    return instant if instant.tzinfo else None


def later(first: str, second: str) -> bool:
    """Say whether `first` is certainly later than `second`, both ISO 8601 to any precision."""
    one, other = moment(first), moment(second)
    if one and other:
        return one > other
    length = min(len(first), len(second), len("2026-01-01"))
    return first[:length] > second[:length]


def drop_untimely(
    relations: Iterable[Relation], entities: Mapping[str, Entity], dropped: Counter[str]
) -> list[Relation]:
    """Leave out every `precedes` between events of which the first is known to be later than the second."""
    kept = []
    for relation in relations:
        if relation.verb == "precedes":
            ends = entities[relation.subject], entities[relation.object]
            first, second = (entity.time.value if entity.pool in _HAPPENS else None for entity in ends)
            if first and second and later(first, second):
                dropped["contradicts known times"] += 1
                continue
        kept.append(relation)
    return kept


def break_cycles(relations: list[Relation], verb: str, dropped: Counter[str]) -> list[Relation]:
    """Leave out those relations of `verb` that close a circle.

    A depth-first walk from the smallest id on, along the smallest ids first, meets the same ones every time; an edge
    back to an entity that the walk is still in closes a circle.
    """
    after: dict[str, list[str]] = {}
    for relation in relations:
        if relation.verb == verb:
            after.setdefault(relation.subject, []).append(relation.object)
    closing: set[tuple[str, str]] = set()
    open_, done = set[str](), set[str]()
    for start in sorted(after):
        if start in done:
            continue
        open_.add(start)
        walk = [(start, iter(sorted(after[start])))]
        while walk:
            node, rest = walk[-1]
            following = next(rest, None)
            if following is None:
                walk.pop()
                open_.discard(node)
                done.add(node)
            elif following in open_:
                closing.add((node, following))
            elif following not in done:
                open_.add(following)
                walk.append((following, iter(sorted(after.get(following, ())))))
    if not closing:
        return relations
    dropped[f"closes a circle of {verb}"] += len(closing)
    return [one for one in relations if one.verb != verb or (one.subject, one.object) not in closing]


def components(ids: Iterable[str], relations: Iterable[Relation]) -> list[int]:
    """Return how many entities each connected component has, the largest first; an orphan is one of its own."""
    parent = {id: id for id in ids}

    def root(id: str) -> str:
        while parent[id] != id:
            parent[id] = parent[parent[id]]
            id = parent[id]
        return id

    for relation in relations:
        first, second = root(relation.subject), root(relation.object)
        if first != second:
            parent[max(first, second)] = min(first, second)
    return sorted(Counter(root(id) for id in parent).values(), reverse=True)
