# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""What is counted over all entities of a kind, in one pass over the graph."""

from collections import Counter

from attrs import define, field

from enliterator_core import Entity, Graph

#: verbs that most things of a kind can have without being alike
LOOSE = frozenset({"co_occurs_with", "connects_to", "is_connected_from"})
_FEWEST_ALIKE, _USUAL_SHARE = 3, 0.5


@define
class Tally:
    """One kind's counts: all, those that lack nothing, those with each verb, and their sources.

    ``lacking`` counts what has no description, no relation, no date; ``instances`` holds the id of the first of each
    that has evidence, ``first`` that of the first with evidence at all.
    """

    pool: str
    kind: str
    count: int = 0
    whole: int = 0
    first: str = ""
    having: Counter[str] = field(factory=Counter)
    sources: set[str] = field(factory=set)
    lacking: Counter[str] = field(factory=Counter)
    instances: dict[str, str] = field(factory=dict)

    @property
    def spoken(self) -> str:
        """How people speak of the entities of the kind."""
        return f"entries of the kind {self.kind or 'unnamed'} ({self.pool})"

    @property
    def usual(self) -> list[tuple[str, float]]:
        """The telling verbs that at least half of the kind has, with their shares; none of a kind of one or two."""
        if self.count < _FEWEST_ALIKE:
            return []
        shares = ((verb, count / self.count) for verb, count in sorted(self.having.items()) if verb not in LOOSE)
        return [(verb, share) for verb, share in shares if share >= _USUAL_SHARE]

    def add(self, entity: Entity, verbs: set[str]) -> None:
        """Count one more entity, which has relations with these verbs, as read from it."""
        lacks = [
            lack
            for lack, there in (("description", entity.description), ("relation", verbs), ("date", entity.time.value))
            if not there
        ]
        self.count += 1
        self.whole += not lacks
        self.having.update(verbs)
        self.lacking.update(lacks)
        if entity.evidence:
            self.sources.update(span.source for span in entity.evidence)
            self.first = self.first or entity.id
            for lack in lacks:
                self.instances.setdefault(lack, entity.id)


def tallies(graph: Graph) -> dict[tuple[str, str], Tally]:
    """Return the tally of every pool and kind, in the graph's order."""
    found: dict[tuple[str, str], Tally] = {}
    for id, entity in graph.entities.items():
        tally = found.setdefault((entity.pool, entity.kind), Tally(entity.pool, entity.kind))
        tally.add(entity, {verb for verb, _ in graph.around(id)})
    return found


def usual_verbs(graph: Graph) -> dict[tuple[str, str], list[tuple[str, float]]]:
    """Return the verbs that are usual for every pool and kind, with their shares."""
    return {key: tally.usual for key, tally in graph.once(tallies).items()}


def large_kinds(graph: Graph) -> dict[str, Tally]:
    """Return the tallies of the kinds with five entities or more, by how people speak of them."""
    return {tally.spoken: tally for tally in graph.once(tallies).values() if tally.count >= 5}
