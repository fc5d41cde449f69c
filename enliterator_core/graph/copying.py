# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""A whole graph from one storage to another."""

from enliterator_core.contracts.storage import GraphStorage


def copy_graph(source: GraphStorage, target: GraphStorage) -> dict[str, int]:
    """Write everything that one graph holds into another, which is being rebuilt; return how many of each noun.

    Nothing is left out and nothing is changed; memory does not grow with the graph.
    """
    documents = ((one.path, source.document(one.path)) for one in source.sources())
    counts = {
        "rights": target.write_rights(source.rights()),
        "sources": target.write_sources(source.sources()),
        "documents": target.write_documents((path, one) for path, one in documents if one is not None),
        "entities": target.write_entities(source.entities()),
        "terms": target.write_terms(source.terms()),
        "relations": target.write_relations(source.relations()),
        "gaps": target.write_gaps(source.gaps()),
        "notes": 0,
    }
    for key in source.notes():
        target.write_note(key, source.note(key) or {})
        counts["notes"] += 1
    return counts
