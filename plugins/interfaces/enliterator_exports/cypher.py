# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Cypher, for graph databases: statements that make the graph, and make it no twice when they are run again."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby, islice
from json import dumps
from pathlib import Path
from typing import Any, ClassVar

from attrs import field, frozen
from attrs.validators import ge

from enliterator_core import VERBS, Entity, Exporter, Graph, Relation
from enliterator_exports.leaving import entities_out, place, relations_out

_CONSTRAINT = "CREATE CONSTRAINT enliterator_entity_id IF NOT EXISTS FOR (n:Entity) REQUIRE n.id IS UNIQUE;\n"


@frozen
class Cypher(Exporter):
    """Cypher: a node with the labels Entity and its pool for each entity, a relationship named by its verb for each
    relation, both with their evidence; `rows` go into one statement."""

    name: ClassVar[str] = "cypher"
    file_name: ClassVar[str] = "graph.cypher"

    rows: int = field(default=500, validator=ge(1))

    def export(self, graph: Graph, target: Path) -> int:
        """Write the statements; return how many entities and relations they make."""
        entities = entities_out(graph)
        relations = sorted(relations_out(graph, entities), key=lambda one: (one.verb, one.subject, one.object))
        with target.open("w", encoding="utf-8", newline="\n") as file:
            file.write(_CONSTRAINT)
            for pool, some in groupby(sorted(entities.values(), key=lambda one: one.pool), lambda one: one.pool):
                rows = (_entity(one, graph) for one in some)
                merge = f"MERGE (n:Entity {{id: row.id}}) SET n:`{pool}`, n += row"
                file.writelines(self._statements(rows, merge))
            for verb, every in groupby(relations, lambda one: one.verb):
                match = "MATCH (a:Entity {id: row.subject}), (b:Entity {id: row.object})"
                merge = f"{match} MERGE (a)-[r:`{verb}`]->(b) SET r += row.properties"
                file.writelines(self._statements(map(_relation, every), merge))
        return len(entities) + len(relations)

    def _statements(self, rows: Iterable[Mapping[str, Any]], merge: str) -> Iterator[str]:
        rest = iter(rows)
        while some := list(islice(rest, self.rows)):
            listed = ",\n  ".join(map(literal, some))
            yield f"UNWIND [\n  {listed}\n] AS row\n{merge};\n"


def literal(value: Any) -> str:
    """Return a value as Cypher writes it: a map, a list, a string, a number or a boolean."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {literal(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "[" + ", ".join(map(literal, value)) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    return dumps(value, ensure_ascii=False)  # every escape of a JSON string is one of Cypher's


def _entity(entity: Entity, graph: Graph) -> dict[str, Any]:
    """Return the properties of an entity; those that it has not are left out."""
    rights, term = graph.rights[entity.rights], graph.terms.get(entity.id)
    values = {
        "id": entity.id,
        "name": entity.name,
        "pool": entity.pool,
        "kind": entity.kind,
        "description": entity.description,
        "time": entity.time.value,
        "license": rights.license,
        "holder": rights.holder,
        "surface_forms": list(term.surface_forms) if term else [],
        "evidence": [place(span) for span in entity.evidence],
    }
    return {key: value for key, value in values.items() if value not in (None, "", [])}


def _relation(relation: Relation) -> dict[str, Any]:
    properties = {"phrase": VERBS[relation.verb].phrase, "confidence": relation.confidence}
    properties |= {"evidence": [place(span) for span in relation.evidence]}
    return {"subject": relation.subject, "object": relation.object, "properties": properties}
