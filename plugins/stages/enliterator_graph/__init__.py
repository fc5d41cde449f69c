# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The graph stage: claims become relations of the closed glossary, and what is only named together is joined as that.

A claim is kept when both of its ends are exactly one entity each and its verb may join their pools; whatever is
dropped is counted by reason in the note `graph`. Then times and cycles are checked, co-occurrence is added sparingly,
and components and orphans are counted.
"""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from attrs import field, frozen
from attrs.validators import ge, le

from enliterator_core import Context, Entity, Relation, Stage, StageResult, hookimpl, unpack_extraction
from enliterator_graph.claims import Names, Resolver
from enliterator_graph.cooccurrence import Linker, significant_pairs
from enliterator_graph.shape import break_cycles, components, drop_untimely

# Verbs along which nothing can come back to itself.
ACYCLIC = ("part_of", "precedes")


@frozen
class GraphStage(Stage):
    """Resolve claims into relations, add co-occurrence, count components and name orphans.

    `co_occurrence_share` bounds the share of all relations that may be mere co-occurrence, `co_occurrence_neighbours`
    how many of them one entity may have; `spans` bounds the evidence kept for one relation.
    """

    name = "graph"
    after = ("pools",)

    co_occurrence_share: float = field(default=0.3, validator=[ge(0), le(0.9)])
    co_occurrence_neighbours: int = field(default=5, validator=ge(0))
    spans: int = field(default=10, validator=ge(1))

    def run(self, context: Context) -> StageResult:
        """Write the relations and the note `graph`."""
        entities, terms = list(context.graph.entities()), list(context.graph.terms())
        trainable = trainable_sources(context)
        names = Names.of(entities, terms)
        resolver = Resolver(names, trainable)
        for _, packed in context.pieces.of("pools"):
            for claim in unpack_extraction([[], packed[1]]).claims:
                resolver.add(claim)
        context.check()
        stated, dropped = resolver.relations(self.spans), resolver.dropped
        stated = drop_untimely(stated, {entity.id: entity for entity in entities}, dropped)
        for verb in ACYCLIC:
            stated = break_cycles(stated, verb, dropped)
        together = self._together(context, sorted(trainable), names, stated)
        relations = sorted([*stated, *together], key=lambda relation: relation.key)
        context.graph.write_relations(relations)
        note = describe(entities, relations, dropped)
        context.graph.write_note("graph", note)
        return result_of(note, len(relations), len(together))

    def _together(
        self, context: Context, sources: Iterable[str], names: Names, stated: list[Relation]
    ) -> list[Relation]:
        """Return the relations between entities that the sources name in one sentence and join by no stated verb."""
        limit = int(len(stated) * self.co_occurrence_share / (1 - self.co_occurrence_share))
        if not limit or not self.co_occurrence_neighbours:
            return []
        linker = Linker(names)
        for path in sources:
            context.check()
            document = context.graph.document(path)
            if document is not None:
                linker.read(path, document)
        joined = {frozenset((relation.subject, relation.object)) for relation in stated}
        pairs = significant_pairs(linker, joined, self.co_occurrence_neighbours, limit)
        return [
            Relation(subject, "co_occurs_with", object, evidence[: self.spans]) for subject, object, evidence in pairs
        ]


def trainable_sources(context: Context) -> set[str]:
    """Return the paths of the sources that may be trained on."""
    allowed = {rights.id for rights in context.graph.rights() if rights.trainable and not rights.quarantined}
    return {source.path for source in context.graph.sources() if source.rights in allowed}


def describe(entities: list[Entity], relations: list[Relation], dropped: Counter[str]) -> dict[str, Any]:
    """Return the note: components, the share in the largest, orphans, what was dropped, counts by verb and pool."""
    sizes = components([entity.id for entity in entities], relations)
    tied = {end for relation in relations for end in (relation.subject, relation.object)}
    orphans = [f"{entity.pool}({entity.name})" for entity in entities if entity.id not in tied]
    return {
        "components": len(sizes),
        "largest": round(max(sizes, default=0) / len(entities), 4) if entities else 0.0,
        "orphans": orphans[:50],
        "orphan_count": len(orphans),
        "dropped": dict(sorted(dropped.items())),
        "by_verb": dict(sorted(Counter(relation.verb for relation in relations).items())),
        "by_pool": dict(sorted(Counter(entity.pool for entity in entities).items())),
    }


def result_of(note: dict[str, Any], relations: int, together: int) -> StageResult:
    """Say in one line what the note holds."""
    counts = {
        "relations": relations,
        "stated": relations - together,
        "co_occurring": together,
        "components": note["components"],
        "largest_share": note["largest"],
        "orphans": note["orphan_count"],
        "dropped": sum(note["dropped"].values()),
    }
    said = f"{relations:,} relation{'' if relations == 1 else 's'}"
    orphans = f"{note['orphan_count']:,} orphan{'' if note['orphan_count'] == 1 else 's'}"
    return StageResult(counts, f"{said}, {_percent(note['largest'])} of the entities in one component, {orphans}")


def _percent(share: float) -> str:
    """Write a share as a whole percentage; what is not all is never written as 100."""
    return f"{int(100 * share)}%" if share > 0.99 else f"{share:.0%}"


@hookimpl
def register_stages() -> list[type[Stage]]:
    """Add the graph stage."""
    return [GraphStage]
