# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Somebody's Neo4j database becomes a batch; not one thing in it is changed."""

import json
import os
from pathlib import Path

import known_graphs
import neo4j
import neo4j_server
import pytest
from known_graphs import Made

from enliterator_core import Secret, ServiceError
from enliterator_core.cli import run
from enliterator_core.graph.copying import copy_graph
from enliterator_core.testing.sample import sample_storage
from enliterator_core.workspace import Workspace
from enliterator_neo4j import Graphs, Neo4j
from enliterator_neo4j.address import connect
from enliterator_neo4j.importing.bolt import BoltGraph

LOGIN = (neo4j_server.USERNAME, neo4j_server.PASSWORD)


@pytest.fixture(scope="module")
def own_server(tmp_path_factory):
    """A server of these tests alone: they read a whole database, and empty it."""
    try:
        neo4j_server.jars()
    except neo4j_server.Missing as missing:
        if os.environ.get("ENLITERATOR_TESTS") == "all":
            raise
        pytest.skip(str(missing))
    with neo4j_server.server(tmp_path_factory.mktemp("neo4j")) as server:
        yield server.url


@pytest.fixture
def url(own_server, monkeypatch):
    monkeypatch.setenv("NEO4J_USERNAME", LOGIN[0])
    monkeypatch.setenv("NEO4J_PASSWORD", LOGIN[1])
    return own_server


def contents(url: str) -> tuple[int, int, list]:
    """Return how many nodes and relationships there are, and every name of labels, types, keys and schema."""
    with neo4j.GraphDatabase.driver(url, auth=LOGIN) as driver, driver.session() as session:
        nodes = session.run("MATCH (n) RETURN count(n)").single()[0]
        edges = session.run("MATCH ()-[r]->() RETURN count(r)").single()[0]
        queries = (
            "CALL db.labels()",
            "CALL db.relationshipTypes()",
            "CALL db.propertyKeys()",
            "SHOW INDEXES YIELD name",
        )
        names = [sorted(record[0] for record in session.run(query)) for query in queries]
    return nodes, edges, names


def stated(url: str) -> tuple[dict, list]:
    """Return what is imported: every candidate by name, and every claim."""
    rows = list(Graphs().read(url, None, lambda path, reason: None))
    found = {one.name: one for row in rows for one in row.extraction.candidates}
    said = [(c.subject.name, c.verb, c.object.name, c.predicate) for row in rows for c in row.extraction.claims]
    return found, sorted(said)


@pytest.mark.parametrize("name", ["movies", "shop"])
def test_a_database_says_what_its_dumps_say(name, url, tmp_path):
    made = getattr(known_graphs, name)(30)
    known_graphs.load(url, LOGIN, made)
    found, said = stated(url)
    assert len(found) == len(made.nodes)
    dumped = known_graphs.write_graphml(made, tmp_path / "g.graphml")
    others, told = stated(str(dumped))
    assert {one.description for one in found.values()} == {one.description for one in others.values()}
    # Those whose names only a number tells apart have other numbers in another copy.
    assert len(said) == len(told) == len(made.edges)
    if name == "shop":  # it has keys
        assert said == told
        assert list(found) == list(others)


def test_nothing_is_written(url, tmp_path, monkeypatch):
    known_graphs.load(url, LOGIN, known_graphs.shop(20))
    before, seen = contents(url), []
    run_query = neo4j.Session.run

    def watched(session, query, *arguments, **named):
        result = run_query(session, query, *arguments, **named)
        seen.append((session._config.default_access_mode, result))
        return result

    monkeypatch.setattr(neo4j.Session, "run", watched)
    (tmp_path / "w").mkdir()
    workspace = ["--workspace", str(tmp_path / "w")]
    assert run([*workspace, "map", "suggest", url, "--to", str(tmp_path / "map.toml")]) == 0
    assert run([*workspace, "map", "check", url, "--map", str(tmp_path / "map.toml")]) == 0
    build = ["-q", "build", url, "--map", str(tmp_path / "map.toml"), "--rights", "MIT", "--no-dataset"]
    assert run([*workspace, *build]) == 0
    monkeypatch.undo()
    assert contents(url) == before
    streams = [result for mode, result in seen if mode == neo4j.READ_ACCESS]
    assert len(streams) >= 2
    for result in streams:
        counters = result.consume().counters
        assert not counters.contains_updates
        assert not counters.contains_system_updates


def test_a_query_that_would_write_is_refused(url):
    database = connect(url, Secret("NEO4J_USERNAME"), Secret("NEO4J_PASSWORD"), 5.0)
    try:
        before = contents(url)
        for query in (
            "CREATE (:X)",
            "MATCH (n) DETACH DELETE n",
            "MATCH (n) SET n.x = 1",
            "CREATE INDEX FOR (n:X) ON n.y",
        ):
            with pytest.raises(ServiceError):
                list(BoltGraph(database)._stream(query))
            with pytest.raises(ServiceError):
                database.read(query)
        assert contents(url) == before
    finally:
        database.close()


def test_odd_names_and_values_are_read_as_data(url):
    odd = ["`", "a`b", 'a"b', "a\nb", "x'} DETACH DELETE n //", "A:B", "é \U0001f600", " "]
    made = Made()
    numbers = [made.node(one, **{"name": f"{one}!", one: ["x", "y"]}) for one in odd]
    for one, name in zip(numbers, odd, strict=True):
        made.edge(one, name, numbers[0], **{name: 1.5})
        made.edge(one, name, one)
    known_graphs.load(url, LOGIN, made)
    before = contents(url)
    found, said = stated(url)
    assert len(found) == len(odd)
    assert len(said) == 2 * len(odd)
    assert {predicate for *_, predicate in said} == set(odd)
    assert contents(url) == before


def test_values_of_every_type_are_shown(url):
    with neo4j.GraphDatabase.driver(url, auth=LOGIN) as driver:
        driver.execute_query("MATCH (n) DETACH DELETE n")
        driver.execute_query(
            "CREATE (:Thing {name: 'one', on: date('2020-02-03'), at: datetime('2020-02-03T04:05:06Z'), big: $big,"
            " place: point({latitude: 1.5, longitude: 2.5}), span: duration('P1D'), raw: $raw, not_a_number: 0.0/0.0})",
            big="z" * 100_000,
            raw=b"abc",
        )
        driver.execute_query("CREATE ({name: 'no label'})")
    refused: list = []
    rows = list(Graphs().read(url, None, lambda *one: refused.append(one)))
    (row,) = rows
    assert "on: 2020-02-03" in row.document.text
    assert "at: 2020-02-03T04:05:06+00:00\n" in row.document.text
    assert "raw: 3 bytes" in row.document.text
    assert "not_a_number" not in row.document.text
    assert "span: P1D" in row.document.text
    assert "place: 2.5, 1.5" in row.document.text
    assert row.extraction.candidates[0].time.value == "2020-02-03"
    assert refused == [("label no label", "the mapping has no line for it (1 nodes)")]


def test_an_empty_database_is_told(url, tmp_path, capsys):
    with neo4j.GraphDatabase.driver(url, auth=LOGIN) as driver:
        driver.execute_query("MATCH (n) DETACH DELETE n")
    assert run(["map", "suggest", url]) == 0
    assert "[labels" not in capsys.readouterr().out
    assert list(Graphs().read(url, None, lambda *one: None)) == []


def test_a_batch_goes_there_and_comes_back_equal(url, tmp_path, capsys):
    handbook = tmp_path / "handbook"
    handbook.mkdir()
    (handbook / "hive.md").write_text("# Hive\n\n**Smoker**: A tool that calms bees. A hive is a box for bees.\n")
    (tmp_path / "w").mkdir()
    workspace = ["--workspace", str(tmp_path / "w")]
    assert run([*workspace, "-q", "build", str(handbook), "--rights", "MIT", "--no-dataset"]) == 0
    capsys.readouterr()
    assert run([*workspace, "export", "1", url, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["export"]["format"] == "graph"
    with Workspace.open(tmp_path / "w") as one:
        here = one.graph(1)
        there = Neo4j().graph(url, one.state, 1)
        assert nouns(here) == nouns(there)
        there.close()


def test_every_noun_of_a_graph_comes_back(url, tmp_path):
    source = sample_storage(3)
    target = Neo4j().graph(url, tmp_path / "state", 3, rebuild=True)
    copy_graph(source, target)
    target.publish()
    target.close()
    back = Neo4j().graph(url, tmp_path / "state", 3)
    assert nouns(back) == nouns(source)
    back.close()


def nouns(graph) -> dict:
    sources = list(graph.sources())
    return {
        "rights": list(graph.rights()),
        "sources": sources,
        "documents": [graph.document(one.path) for one in sources],
        "entities": list(graph.entities()),
        "terms": list(graph.terms()),
        "relations": list(graph.relations()),
        "gaps": graph.gaps(),
        "notes": {key: graph.note(key) for key in graph.notes()},
    }


@pytest.mark.long
def test_a_large_graph_streams_in_bounded_memory(url, tmp_path: Path):
    """100,000 nodes and 500,000 relationships."""
    import resource

    made = known_graphs.movies(30_000)
    people = [at for at, (labels, _) in enumerate(made.nodes) if labels == ("Person",)]
    for at in range(500_000 - len(made.edges)):
        made.edge(people[at % len(people)], "FOLLOWS", people[(at * 7 + 1) % len(people)])
    known_graphs.load(url, LOGIN, made)
    expected = len(made.nodes), len(made.edges)
    del made
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    nodes = edges = 0
    for row in Graphs().read(url, None, lambda path, reason: None):
        nodes += len(row.extraction.candidates)
        edges += len(row.extraction.claims)
    assert (nodes, edges) == expected
    assert nodes > 100_000
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 300_000  # KiB
