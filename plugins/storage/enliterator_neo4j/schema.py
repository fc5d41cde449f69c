# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Constraints and indexes, made when they are missing.

Every node that belongs to a graph carries `edition`: the number of one build of one batch. So batches, and a graph
that is being rebuilt beside the published one, are told apart in one database. `sort` is a name as an index can hold
it; the indexes over it let a long list be read in order, page by page.
"""

from typing import Final

from enliterator_neo4j.address import Database

STATEMENTS: Final = (
    "CREATE CONSTRAINT enliterator_batch IF NOT EXISTS FOR (n:Batch) REQUIRE (n.workspace, n.id) IS UNIQUE",
    "CREATE CONSTRAINT enliterator_counter IF NOT EXISTS FOR (n:EditionCounter) REQUIRE n.name IS UNIQUE",
    "CREATE CONSTRAINT enliterator_entity IF NOT EXISTS FOR (n:Entity) REQUIRE (n.edition, n.id) IS UNIQUE",
    "CREATE CONSTRAINT enliterator_term IF NOT EXISTS FOR (n:Term) REQUIRE (n.edition, n.entity) IS UNIQUE",
    "CREATE CONSTRAINT enliterator_source IF NOT EXISTS FOR (n:Source) REQUIRE (n.edition, n.id) IS UNIQUE",
    "CREATE CONSTRAINT enliterator_document IF NOT EXISTS FOR (n:Document) REQUIRE (n.edition, n.id) IS UNIQUE",
    "CREATE CONSTRAINT enliterator_rights IF NOT EXISTS FOR (n:RightsStatement) REQUIRE (n.edition, n.id) IS UNIQUE",
    "CREATE CONSTRAINT enliterator_gap IF NOT EXISTS FOR (n:Gap) REQUIRE (n.edition, n.position) IS UNIQUE",
    "CREATE CONSTRAINT enliterator_note IF NOT EXISTS FOR (n:Note) REQUIRE (n.edition, n.key) IS UNIQUE",
    "CREATE INDEX enliterator_entity_order IF NOT EXISTS FOR (n:Entity) ON (n.edition, n.pool, n.sort)",
    "CREATE INDEX enliterator_term_order IF NOT EXISTS FOR (n:Term) ON (n.edition, n.pool, n.sort, n.entity)",
    "CREATE INDEX enliterator_document_order IF NOT EXISTS FOR (n:Document) ON (n.edition, n.sort)",
    "CREATE INDEX enliterator_source_order IF NOT EXISTS FOR (n:Source) ON (n.edition, n.sort)",
    "CREATE FULLTEXT INDEX enliterator_text IF NOT EXISTS FOR (n:Entity|Term)"
    " ON EACH [n.name, n.description, n.repr_text, n.surface_forms]",
)

LABELS: Final = ("Entity", "Term", "Source", "Document", "RightsStatement", "Gap", "Note")
"""The labels of what belongs to an edition."""


_ONLINE: Final = "SHOW INDEXES YIELD name, state WHERE name STARTS WITH 'enliterator_' AND state = 'ONLINE' RETURN name"


def settle(database: Database) -> None:
    """Make what is missing, and wait until it can be used."""
    names = {statement.partition(" IF NOT EXISTS")[0].rpartition(" ")[2] for statement in STATEMENTS}
    if names <= {record["name"] for record in database.read(_ONLINE)}:  # a constraint has an index of its name
        return
    for statement in STATEMENTS:
        database.execute(statement)
    database.execute("CALL db.awaitIndexes(300)")


def delete(database: Database, edition: int, rows: int) -> None:
    """Delete everything of an edition, some rows at a time; what was deleted already does no harm."""
    for label in LABELS:
        query = f"MATCH (n:{label} {{edition: $edition}}) WITH n LIMIT $rows DETACH DELETE n RETURN count(*) AS gone"
        while database.execute(query, edition=edition, rows=rows)[0]["gone"]:
            pass
