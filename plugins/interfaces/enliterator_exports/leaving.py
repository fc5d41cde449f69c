# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""What of a graph may leave, and in which order: the same in every format."""

from collections.abc import Iterator, Mapping

from attrs import evolve

from enliterator_core import Entity, Graph, Relation, Rights, Span


def publishable(rights: Rights | None) -> bool:
    """Say whether content under these rights may go out."""
    return rights is not None and rights.publishable and not rights.quarantined


def entities_out(graph: Graph) -> dict[str, Entity]:
    """Return the entities that may be published, by id, in the graph's order."""
    return {id: entity for id, entity in graph.entities.items() if publishable(graph.rights.get(entity.rights))}


def relations_out(graph: Graph, entities: Mapping[str, Entity]) -> Iterator[Relation]:
    """Yield the relations between those entities that a publishable source states, with those spans alone."""
    for relation in graph.relations.values():
        if relation.subject in entities and relation.object in entities:
            spans = tuple(span for span in relation.evidence if publishable(graph.rights_of(span.source)))
            if spans:
                yield evolve(relation, evidence=spans)


def place(span: Span) -> str:
    """Return a span as its source's path with a character range as the fragment, as for plain text (RFC 5147)."""
    return f"{span.source}#char={span.start},{span.end}"
