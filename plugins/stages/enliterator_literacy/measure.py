# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The formulas of the score; the package's docstring says what each of them means."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from attrs import frozen

from enliterator_core import Entity, Relation, fold
from enliterator_literacy.given import Given

# The only constants of the score.
WEIGHTS = {"coverage": 0.40, "relationships": 0.30, "rights": 0.20, "retrieval": 0.10}


@frozen
class Part:
    """One measured share: `have` of `of`, and in words of what; 0 where there is nothing to have."""

    name: str
    have: float
    of: int
    meaning: str

    @property
    def value(self) -> float:
        """The share, 0 to 1."""
        return self.have / self.of if self.of else 0.0


@frozen
class Component:
    """One of the four components of the score: the mean of its parts."""

    name: str
    parts: tuple[Part, ...]

    @property
    def value(self) -> float:
        """The mean of the parts, 0 to 1."""
        return sum(part.value for part in self.parts) / len(self.parts)

    def note(self) -> dict[str, Any]:
        """Return the component as JSON values: value, weight, parts, the counts that made them, their meanings."""
        return {
            "value": round(self.value, 4),
            "weight": WEIGHTS[self.name],
            "parts": {part.name: round(part.value, 4) for part in self.parts},
            "counts": {
                key: value
                for part in self.parts
                for key, value in ((part.name, round(part.have, 2)), (f"{part.name}_of", part.of))
            },
            "meanings": {part.name: part.meaning for part in self.parts},
        }


def score_of(components: Iterable[Component]) -> float:
    """Return the score, 0 to 100."""
    return round(100 * sum(WEIGHTS[component.name] * component.value for component in components), 2)


def coverage(given: Given, entities: Sequence[Entity], relations: Sequence[Relation]) -> Component:
    """How much of what the sources say has become part of the graph."""
    described = {
        (one.pool, fold(one.name))
        for one in entities
        if one.description and any(span.source in given.blocks for span in one.evidence)
    }
    return Component(
        "coverage",
        (
            _blocks(given, [*entities, *relations], "text-bearing blocks with evidence, mean over trainable sources"),
            Part("things", len(given.named & described), len(given.named), "things named that are described entities"),
        ),
    )


def relationships(given: Given, entities: Sequence[Entity], relations: Sequence[Relation]) -> Component:
    """How much of it is joined."""
    present = {entity.id: (entity.pool, fold(entity.name)) for entity in entities}
    shown = [one for one in relations if one.evidence and one.subject in present and one.object in present]
    stated = [relation for relation in shown if relation.verb != "co_occurs_with"]
    joined = {present[end] for relation in stated for end in (relation.subject, relation.object)}
    largest = largest_component(given.blocks, entities, shown)
    return Component(
        "relationships",
        (
            _blocks(given, stated, "text-bearing blocks that state a relation, mean over trainable sources"),
            Part("connected", largest, len(given.blocks), "trainable sources in the largest component"),
            Part("things", len(given.named & joined), len(given.named), "things named that have a stated relation"),
        ),
    )


def _blocks(given: Given, things: Iterable[Entity | Relation], meaning: str) -> Part:
    spans = spans_by_source(things, given.blocks)
    shares = (touched(blocks, spans.get(path, [])) for path, blocks in given.blocks.items())
    return Part("blocks", sum(shares), len(given.blocks), meaning)


def rights(given: Given) -> Component:
    """How much of it is settled, trainable or not."""
    return Component(
        "rights",
        (
            Part("sources", given.settled_sources, given.sources, "sources whose rights are settled"),
            Part("bytes", given.settled_bytes, given.bytes, "bytes in sources whose rights are settled"),
        ),
    )


def spans_by_source(
    things: Iterable[Entity | Relation], sources: Mapping[str, object]
) -> dict[str, list[tuple[int, int]]]:
    """Return where the evidence of things stands in each of the given sources."""
    found: dict[str, list[tuple[int, int]]] = {}
    for thing in things:
        for span in thing.evidence:
            if span.source in sources and span.end > span.start:
                found.setdefault(span.source, []).append((span.start, span.end))
    return found


def touched(blocks: Sequence[tuple[int, int]], spans: list[tuple[int, int]]) -> float:
    """Return the share of blocks that any span overlaps."""
    merged: list[list[int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1][1] = max(merged[-1][1], end)
        else:
            merged.append([start, end])
    starts = [start for start, _ in merged]
    count = 0
    for start, end in blocks:
        last = bisect_left(starts, end) - 1
        count += last >= 0 and merged[last][1] > start
    return count / len(blocks)


def largest_component(sources: Iterable[str], entities: Iterable[Entity], relations: Iterable[Relation]) -> int:
    """Return how many sources the largest component holds.

    Relations join their entities, and an entity that has a relation joins the sources of its evidence; so a source
    without one stands in no component.
    """
    parent: dict[str, str] = {}

    def root(node: str) -> str:
        parent.setdefault(node, node)
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for relation in relations:
        parent[root(relation.subject)] = root(relation.object)
    tied = set(parent)
    known, present = set(sources), set[str]()
    for entity in entities:
        if entity.id in tied:
            for path in {span.source for span in entity.evidence} & known:
                # A path with a slash in front cannot be an entity's id, which is hexadecimal.
                present.add(path)
                parent[root("/" + path)] = root(entity.id)
    sizes: dict[str, int] = {}
    for path in present:
        top = root("/" + path)
        sizes[top] = sizes.get(top, 0) + 1
    return max(sizes.values(), default=0)
