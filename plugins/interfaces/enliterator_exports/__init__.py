# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Formats in which a graph leaves: for linked-data tools, graph tools, graph databases and tables.

Only what may be published goes out: entities whose rights say so, and relations between them, with those of their
spans that stand in publishable sources (a relation with none is left out).
"""

from enliterator_core import Exporter, hookimpl
from enliterator_exports.cypher import Cypher
from enliterator_exports.graphml import GraphMl
from enliterator_exports.leaving import entities_out, relations_out
from enliterator_exports.rdf import JsonLd, Turtle
from enliterator_exports.tables import Csv

__all__ = ["Csv", "Cypher", "GraphMl", "JsonLd", "Turtle", "entities_out", "relations_out"]


@hookimpl
def register_exporters() -> list[type[Exporter]]:
    """Add the formats."""
    return [JsonLd, Turtle, GraphMl, Cypher, Csv]
