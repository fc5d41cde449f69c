# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""What a property graph holds, without reading all of it where that can be asked for."""

from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

from attrs import define, field

from enliterator_neo4j.address import Database
from enliterator_neo4j.importing.bolt import BoltGraph, plain
from enliterator_neo4j.importing.reading import PropertyGraph

SAMPLE: Final = 500
Pattern = tuple[tuple[str, ...], tuple[str, ...]]


@define
class LabelSurvey:
    """A label: how many nodes have it, and some of them (their labels and properties)."""

    count: int = 0
    labels: list[tuple[str, ...]] = field(factory=list)
    samples: list[Mapping[str, Any]] = field(factory=list)


@define
class TypeSurvey:
    """A type: how many relationships have it, and between which labels some of them are."""

    count: int = 0
    patterns: Counter[Pattern] = field(factory=Counter)


@define
class Survey:
    """Labels and types of a graph, each by name."""

    labels: dict[str, LabelSurvey] = field(factory=dict)
    types: dict[str, TypeSurvey] = field(factory=dict)


def survey(graph: PropertyGraph) -> Survey:
    """Return what a graph holds; a database is asked, a file is read."""
    return _asked(graph.database) if isinstance(graph, BoltGraph) else _read(graph)


def _read(graph: PropertyGraph) -> Survey:
    found, labels_of = Survey(), dict[str, tuple[str, ...]]()
    for node in graph.nodes():
        labels_of[node.id] = node.labels
        for label in node.labels:
            one = found.labels.setdefault(label, LabelSurvey())
            one.count += 1
            if len(one.samples) < SAMPLE:
                one.labels.append(node.labels)
                one.samples.append(node.properties)
    for edge in graph.edges():
        type = found.types.setdefault(edge.type, TypeSurvey())
        type.count += 1
        if edge.start in labels_of and edge.end in labels_of:
            type.patterns[labels_of[edge.start], labels_of[edge.end]] += 1
    return Survey(dict(sorted(found.labels.items())), dict(sorted(found.types.items())))


def quoted(name: str) -> str:
    """Return a label or type as Cypher writes it."""
    return "`" + name.replace("`", "``") + "`"


def _asked(database: Database) -> Survey:
    found = Survey()
    for (label,) in sorted(database.read("CALL db.labels()")):
        count = database.read(f"MATCH (n:{quoted(label)}) RETURN count(n) AS count")[0]["count"]
        if not count:  # a label is known to a database for ever
            continue
        nodes = database.read(
            f"MATCH (n:{quoted(label)}) RETURN labels(n) AS labels, properties(n) AS row LIMIT {SAMPLE}"
        )
        found.labels[label] = LabelSurvey(
            count,
            [tuple(sorted(node["labels"])) for node in nodes],
            [{name: plain(value) for name, value in sorted(node["row"].items())} for node in nodes],
        )
    for (type,) in sorted(database.read("CALL db.relationshipTypes()")):
        count = database.read(f"MATCH ()-[r:{quoted(type)}]->() RETURN count(r) AS count")[0]["count"]
        if not count:
            continue
        query = f"MATCH (a)-[:{quoted(type)}]->(b) WITH labels(a) AS a, labels(b) AS b LIMIT {SAMPLE} RETURN a, b"
        patterns = Counter((tuple(sorted(one["a"])), tuple(sorted(one["b"]))) for one in database.read(query))
        found.types[type] = TypeSurvey(count, patterns)
    return found
