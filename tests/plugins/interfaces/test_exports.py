# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Exports: only what may be published goes out, in a form that the format's own readers accept, the same every time."""

import csv
import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from enliterator_core import Entity, Exporter, Graph, Relation, Rights, Source, Span, Term
from enliterator_core.testing import MemoryGraph, sample_graph
from enliterator_exports import Csv, Cypher, GraphMl, JsonLd, Turtle, entities_out, relations_out

OPEN = Rights(license="MIT", holder="The Club", trainable=True, publishable=True, quarantined=False, reason=None)
INSIDE = Rights(license="LicenseRef-inside", trainable=True, publishable=False, quarantined=False, reason=None)
EXPORTERS = [JsonLd(), Turtle(), GraphMl(), Cypher(), Csv()]


def mixed() -> Graph:
    """Three entities, one of them not to be published, and a relation that two sources state."""
    storage = MemoryGraph()
    storage.write_rights([OPEN, INSIDE])
    storage.write_sources(
        [
            Source("open space.md", "ab" * 32, "text/markdown", 5, title="Open", rights=OPEN.id),
            Source("inside.md", "cd" * 32, "text/markdown", 5, rights=INSIDE.id),
        ]
    )
    open_span, inside_span = Span("open space.md", 2, 9), Span("inside.md", 0, 4)
    entities = [
        Entity("Manifest", 'A "hive" & <b>\x07', "object", "A box.", rights=OPEN.id, evidence=(open_span,)),
        Entity("Manifest", "Apiary", rights=OPEN.id, evidence=(open_span,)),
        Entity("Manifest", "Hidden", description="hush", rights=INSIDE.id, evidence=(inside_span,)),
    ]
    storage.write_entities(entities)
    storage.write_terms([Term(entities[1].id, "Manifest", "Apiary", surface_forms=("bee yard", "Apiary"))])
    first, second, hidden = (entity.id for entity in entities)
    storage.write_relations(
        [
            Relation(first, "part_of", second, (inside_span, open_span)),
            Relation(first, "depends_on", second, (inside_span,)),
            Relation(hidden, "part_of", second, (open_span,)),
        ]
    )
    return Graph(storage)


def nodes_of(target: Path) -> list[dict[str, Any]]:
    return list(json.loads(target.read_bytes())["@graph"])


def test_only_what_may_be_published_goes_out() -> None:
    graph = mixed()
    out = entities_out(graph)
    assert [entity.name for entity in out.values()] == ['A "hive" & <b>\x07', "Apiary"]
    (relation,) = relations_out(graph, out)
    assert relation.verb == "part_of"
    assert relation.evidence == (Span("open space.md", 2, 9),)


@pytest.mark.parametrize("exporter", EXPORTERS, ids=lambda one: one.name)
def test_no_file_holds_anything_else(exporter: Exporter, tmp_path: Path) -> None:
    target = tmp_path / exporter.file_name
    assert exporter.export(mixed(), target) == 3
    text = target.read_bytes().decode("utf-8", "replace")
    assert not any(words in text for words in ("Hidden", "hush", "inside", "LicenseRef"))


@pytest.mark.parametrize("exporter", EXPORTERS, ids=lambda one: one.name)
def test_the_same_graph_gives_the_same_bytes(exporter: Exporter, tmp_path: Path) -> None:
    for name in ("one", "two"):
        exporter.export(sample_graph(3), tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


@pytest.mark.parametrize("exporter", EXPORTERS, ids=lambda one: one.name)
def test_an_empty_graph_is_a_valid_file(exporter: Exporter, tmp_path: Path) -> None:
    target = tmp_path / exporter.file_name
    assert exporter.export(Graph(MemoryGraph()), target) == 0
    if isinstance(exporter, JsonLd):
        assert nodes_of(target) == []
    elif isinstance(exporter, Turtle):
        assert triples(target, "turtle") == set()
    elif isinstance(exporter, GraphMl):
        ElementTree.parse(target)
    elif isinstance(exporter, Cypher):
        assert statements(target) == []
    else:
        assert all(not rows for rows in tables(target).values())


def test_json_ld_says_concepts_derivations_licences_and_hashes(tmp_path: Path) -> None:
    target = tmp_path / "graph.jsonld"
    JsonLd().export(mixed(), target)
    nodes = {node["@id"]: node for node in nodes_of(target)}
    apiary = next(node for node in nodes.values() if node.get("skos:prefLabel") == "Apiary")
    assert apiary["@type"] == ["skos:Concept", "prov:Entity"]
    assert apiary["skos:altLabel"] == ["bee yard"]
    assert apiary["skos:inScheme"] == {"@id": "urn:enliterator:pool:Manifest"}
    (origin,) = apiary["prov:wasDerivedFrom"]
    assert origin["@id"] == "urn:enliterator:source:open%20space.md#char=2,9"
    source = nodes[origin["@id"].partition("#")[0]]
    assert source["spdx:checksum"]["spdx:checksumValue"] == "ab" * 32
    rights = nodes[source["dcterms:rights"]["@id"]]
    assert rights["dcterms:license"] == {"@id": "http://spdx.org/licenses/MIT"}
    assert rights["dcterms:rightsHolder"] == {"rdfs:label": "The Club"}


def test_json_ld_keeps_a_relation_as_a_triple_and_as_a_statement_with_its_evidence(tmp_path: Path) -> None:
    target = tmp_path / "graph.jsonld"
    JsonLd().export(mixed(), target)
    nodes = nodes_of(target)
    (statement,) = [node for node in nodes if "rdf:subject" in node]
    subject = next(node for node in nodes if node["@id"] == statement["rdf:subject"]["@id"])
    assert subject["part_of"] == [statement["rdf:object"]]
    assert statement["rdf:predicate"] == {"@id": "urn:enliterator:verb:part_of"}
    assert statement["prov:wasDerivedFrom"] == [{"@id": "urn:enliterator:source:open%20space.md#char=2,9"}]
    (verb,) = [node for node in nodes if node["@id"] == "urn:enliterator:verb:part_of"]
    assert verb["owl:inverseOf"] == {"@id": "urn:enliterator:verb:has_part"}


def test_every_id_that_json_ld_names_is_there(tmp_path: Path) -> None:
    target = tmp_path / "graph.jsonld"
    graph = sample_graph(2)
    count = JsonLd().export(graph, target)
    nodes = nodes_of(target)
    ids = [node["@id"] for node in nodes]
    assert len(ids) == len(set(ids))
    known = set(ids)
    for node in nodes:
        for key in ("dcterms:rights", "skos:inScheme", "rdf:subject", "rdf:object", "rdf:predicate"):
            assert key not in node or node[key]["@id"] in known
        for origin in node.get("prov:wasDerivedFrom", ()):
            assert origin["@id"].partition("#")[0] in known
    out = entities_out(graph)
    assert count == len(out) + len(list(relations_out(graph, out)))


def test_graphml_declares_every_key_and_holds_any_text(tmp_path: Path) -> None:
    target = tmp_path / "graph.graphml"
    GraphMl().export(mixed(), target)
    space = {"g": "http://graphml.graphdrawing.org/xmlns"}
    root = ElementTree.parse(target).getroot()
    keys = {(key.get("id"), key.get("for")) for key in root.findall("g:key", space)}
    nodes = {node.get("id"): node for node in root.findall(".//g:node", space)}
    names = [data.text for node in nodes.values() for data in node if data.get("key") == "name"]
    assert names == ['A "hive" & <b>\ufffd', "Apiary"]
    (edge,) = root.findall(".//g:edge", space)
    assert {edge.get("source"), edge.get("target")} == set(nodes)
    values = {data.get("key"): data.text for data in edge}
    assert values["verb"] == "part_of"
    assert values["symmetric"] == "false"
    assert values["evidence"] == "open space.md#char=2,9"
    used = {(data.get("key"), "edge") for data in edge}
    used |= {(data.get("key"), "node") for node in nodes.values() for data in node}
    assert used <= keys


def triples(target: Path, format: str) -> set[Any]:
    return set(pytest.importorskip("rdflib").Graph().parse(target, format=format))


def statements(target: Path) -> list[tuple[str, list[dict[str, Any]]]]:
    """What each UNWIND of a Cypher file does, and its rows."""
    found = re.findall(r"UNWIND (\[\n.*?\n\]) AS row\n(.*?);\n", target.read_text(encoding="utf-8"), re.DOTALL)
    return [(merge, json.loads(_as_json(rows))) for rows, merge in found]


def _as_json(text: str) -> str:
    parts = re.split(r'("(?:[^"\\]|\\.)*")', text)  # every second one is a string
    return "".join(part if at % 2 else re.sub(r"(\w+): ", r'"\1": ', part) for at, part in enumerate(parts))


def tables(target: Path) -> dict[str, list[dict[str, str]]]:
    with zipfile.ZipFile(target) as file:
        return {
            name: list(csv.DictReader(io.StringIO(file.read(name).decode(), newline=""))) for name in file.namelist()
        }


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")  # rdflib warns of itself
@pytest.mark.parametrize("graph", [mixed(), sample_graph(2)], ids=["mixed", "sample"])
def test_turtle_and_json_ld_say_the_same_triples(graph: Graph, tmp_path: Path) -> None:
    rdflib = pytest.importorskip("rdflib")
    read = []
    for exporter, format in ((JsonLd(), "json-ld"), (Turtle(), "turtle")):
        exporter.export(graph, tmp_path / exporter.file_name)
        read.append(rdflib.Graph().parse(tmp_path / exporter.file_name, format=format))
    assert len(read[0]) > 20
    assert read[0].isomorphic(read[1])


def test_cypher_makes_the_nodes_and_relationships_that_go_out(tmp_path: Path) -> None:
    for graph in (mixed(), sample_graph(2)):
        count = Cypher(rows=7).export(graph, tmp_path / "graph.cypher")
        done = statements(tmp_path / "graph.cypher")
        assert all(len(rows) <= 7 for _, rows in done)
        nodes = {row["id"]: (merge, row) for merge, rows in done if "MERGE (n:Entity" in merge for row in rows}
        joined = {
            (row["subject"], re.search(r"r:`(\w+)`", merge)[1], row["object"]): row["properties"]
            for merge, rows in done
            if "MATCH (a:Entity" in merge
            for row in rows
        }
        entities = entities_out(graph)
        relations = {relation.key: relation for relation in relations_out(graph, entities)}
        assert nodes.keys() == entities.keys() and joined.keys() == relations.keys()
        assert count == len(nodes) + len(joined)
        for id, (merge, row) in nodes.items():
            entity = entities[id]
            assert f"SET n:`{entity.pool}`" in merge
            assert (row["name"], row.get("description", "")) == (entity.name, entity.description)
            assert len(row["evidence"]) == len(entity.evidence)
        assert all(len(joined[key]["evidence"]) == len(relation.evidence) for key, relation in relations.items())


def test_csv_tables_hold_what_goes_out_whatever_characters_a_name_has(tmp_path: Path) -> None:
    for graph in (mixed(), sample_graph(2)):
        Csv().export(graph, tmp_path / "graph.csv.zip")
        read, entities = tables(tmp_path / "graph.csv.zip"), entities_out(graph)
        assert [(row["id"], row["pool"], row["name"]) for row in read["entities.csv"]] == [
            (id, one.pool, one.name) for id, one in entities.items()
        ]
        keys = [(row["subject"], row["verb"], row["object"]) for row in read["relations.csv"]]
        assert keys == [relation.key for relation in relations_out(graph, entities)]
        known = {row["path"] for row in read["sources.csv"]}
        for row in (*read["entities.csv"], *read["relations.csv"]):
            assert {one.partition("#char=")[0] for one in row["evidence"].split("\n") if one} <= known
