# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""What the Neo4j storage costs over a hand-written UNWIND loop, and a build there over one with sqlite.

    python benchmarks/neo4j_storage.py [--nodes 20000] [--edges 60000] [--runs 3] [--files 400]

Needs Java 17 and Maven: it starts a server of its own. Both sides of the first part write the same nouns with the same
properties and end with the same indexes, then read them all; they take turns, and the best run of each counts (wall
clock: most of the time is the server's). The second part builds one folder with either storage, each in a process of
its own, and tells where the time goes.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "support"))

import neo4j
import neo4j_server

from enliterator_core import Entity, GraphStorage, Relation, Span
from enliterator_neo4j import Neo4j, schema

WORDS = [
    "amber",
    "birch",
    "copper",
    "dove",
    "elder",
    "fern",
    "granite",
    "hazel",
    "iris",
    "jet",
    "kelp",
    "lime",
    "maple",
    "oak",
    "plum",
    "quarry",
    "reed",
    "sage",
    "tin",
]
VERBS = ("part_of", "depends_on", "cites", "precedes")
BATCH = 5000


def nouns(nodes: int, edges: int) -> tuple[list[Entity], list[Relation]]:
    """Make entities and relations by a fixed seed, each with a span of evidence."""
    random = Random(17)
    entities = []
    for number in range(nodes):
        name, words = f"{random.choice(WORDS)} {random.choice(WORDS)} {number}", " ".join(random.choices(WORDS, k=8))
        span = Span(f"docs/{number % 1000:04}.md", number, number + 40)
        entities.append(Entity("Manifest", name, "hive", words, evidence=(span,)))
    ids, relations = [entity.id for entity in entities], {}
    while len(relations) < edges:
        start = random.randrange(10**6)
        span = Span(f"docs/{start % 1000:04}.md", start, start + 80)
        relation = Relation(random.choice(ids), random.choice(VERBS), random.choice(ids), (span,))
        relations[relation.key] = relation
    return entities, list(relations.values())


def chunks(items: list[Any]) -> Iterator[list[Any]]:
    """Yield a list in pieces."""
    rest = iter(items)
    while chunk := list(islice(rest, BATCH)):
        yield chunk


def by_hand(driver: neo4j.Driver, edition: int, entities: list[Entity], relations: list[Relation]) -> None:
    """Upsert everything with the loop that one would write: UNWIND, MERGE, SET."""
    for some in chunks(entities):
        rows = [
            {
                "id": one.id,
                "edition": edition,
                "pool": one.pool,
                "name": one.name,
                "sort": one.name,
                "kind": one.kind,
                "description": one.description,
                "repr_text": one.repr_text,
                "time_basis": one.time.basis,
                "rights": one.rights,
                "evidence_sources": [span.source for span in one.evidence],
                "evidence_starts": [span.start for span in one.evidence],
                "evidence_ends": [span.end for span in one.evidence],
            }
            for one in some
        ]
        query = "UNWIND $rows AS row MERGE (n:Entity {edition: row.edition, id: row.id}) SET n = row SET n:Manifest"
        driver.execute_query(query, rows=rows)
    for some in chunks(relations):
        for verb in VERBS:
            rows = [
                {
                    "a": one.subject,
                    "b": one.object,
                    "properties": {
                        "evidence_sources": [span.source for span in one.evidence],
                        "evidence_starts": [span.start for span in one.evidence],
                        "evidence_ends": [span.end for span in one.evidence],
                        "confidence": one.confidence,
                    },
                }
                for one in some
                if one.verb == verb
            ]
            query = (
                "UNWIND $rows AS row MATCH (a:Entity {edition: $edition, id: row.a})"
                f" MATCH (b:Entity {{edition: $edition, id: row.b}}) MERGE (a)-[r:{verb.upper()}]->(b)"
                " SET r = row.properties"
            )
            driver.execute_query(query, rows=rows, edition=edition)


def scan_by_hand(driver: neo4j.Driver, edition: int) -> int:
    """Read everything in order, as plain records."""
    queries = (
        "MATCH (n:Entity {edition: $edition}) RETURN properties(n) AS row ORDER BY n.pool, n.name",
        "MATCH (a:Entity {edition: $edition})-[r]->(b:Entity) RETURN a.id AS a, type(r) AS t, b.id AS b, properties(r)"
        " AS row ORDER BY a, t, b",
    )
    with driver.session(fetch_size=2000) as session:
        return sum(sum(1 for _ in session.run(query, edition=edition)) for query in queries)


def best(runs: int, *calls: Callable[[], Any]) -> list[float]:
    """Return the best time of each call; they take turns."""
    times: list[list[float]] = [[] for _ in calls]
    for _ in range(runs):
        for place, call in enumerate(calls):
            started = perf_counter()
            call()
            times[place].append(perf_counter() - started)
    return [min(one) for one in times]


def storage(server: neo4j_server.Server, arguments: argparse.Namespace) -> None:
    """Print upsert and scan against the loop."""
    entities, relations = nouns(arguments.nodes, arguments.edges)
    total, editions = len(entities) + len(relations), iter(range(-1, -100, -1))
    driver = neo4j.GraphDatabase.driver(server.url, auth=(neo4j_server.USERNAME, neo4j_server.PASSWORD))
    with tempfile.TemporaryDirectory() as folder, driver:
        opened: list[GraphStorage] = []

        def ours() -> None:
            graph = opened[-1]
            assert graph.write_entities(entities) + graph.write_relations(relations) == total

        def ours_anew() -> None:
            graph = Neo4j().graph(server.url, Path(folder), len(opened) + 1, rebuild=True)
            assert graph is not None
            opened.append(graph)
            ours()

        used: list[int] = []

        def theirs() -> None:
            edition = next(editions)
            used.append(edition)
            by_hand(driver, edition, entities, relations)

        best(1, theirs, ours_anew)  # the server's first runs are slower than all later ones
        ours_first, theirs_first = best(2, ours_anew, theirs)
        graph = opened[-1]
        ours_time, theirs_time = best(arguments.runs, ours, lambda: by_hand(driver, used[0], entities, relations))
        print(f"first write  {total / ours_first:>10,.0f} rows/s  {theirs_first / ours_first:.2f}x of the loop")
        print(f"upsert       {total / ours_time:>10,.0f} rows/s  {theirs_time / ours_time:.2f}x of the loop")

        def read() -> None:
            count = sum(len(one.names) for one in graph.scan_entities(10_000))
            count += sum(len(one.verbs) for one in graph.scan_relations(10_000))
            assert count == total

        def nouns_read() -> None:
            assert sum(1 for _ in graph.entities()) + sum(1 for _ in graph.relations()) == total

        times = best(arguments.runs, read, nouns_read, lambda: scan_by_hand(driver, used[0]))
        print(f"scan         {total / times[0]:>10,.0f} rows/s  {times[2] / times[0]:.2f}x of the loop (columns)")
        print(f"             {total / times[1]:>10,.0f} rows/s  {times[2] / times[1]:.2f}x of the loop (nouns)")
        for one in opened:
            one.close()
        for edition in used:
            driver.execute_query(f"MATCH (n:{schema.LABELS[0]} {{edition: $edition}}) DETACH DELETE n", edition=edition)


def builds(server: neo4j_server.Server, arguments: argparse.Namespace) -> None:
    """Print the stages of one build with either storage, and the whole."""
    from build import write_pages

    with tempfile.TemporaryDirectory() as folder:
        pages = Path(folder) / "pages"
        write_pages(pages, arguments.files, arguments.files * 1000, 1)
        results = {}
        for name, url in (("sqlite", "sqlite:"), ("neo4j", server.url.replace("bolt", "neo4j"))):
            place = Path(folder) / name
            place.mkdir()
            command = [sys.executable, "-m", "enliterator_core.cli", "--workspace", str(place), "--quiet", "build"]
            command += [str(pages), "--rights", "CC0-1.0", "--force", "--json", "--graph", url]
            started = perf_counter()
            done = subprocess.run(command, capture_output=True, text=True, check=True)
            results[name] = json.loads(done.stdout), perf_counter() - started
    (one, sqlite_time), (other, neo4j_time) = results["sqlite"], results["neo4j"]
    same = one["dataset"]["splits"] == other["dataset"]["splits"]
    print(f"build of {one['graph']['entities']:,} entities: neo4j takes {neo4j_time / sqlite_time:.2f}x of sqlite")
    for a, b in zip(one["stages"], other["stages"], strict=True):
        print(f"  {a['name']:<16} {a['seconds']:>7.2f} s  {b['seconds']:>7.2f} s")
    rest = [time - sum(stage["seconds"] for stage in told["stages"]) for told, time in results.values()]
    print(
        f"  {'dataset, rest':<16} {rest[0]:>7.2f} s  {rest[1]:>7.2f} s  {'the same splits' if same else 'NOT THE SAME'}"
    )


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--nodes", type=int, default=20_000)
    parser.add_argument("--edges", type=int, default=60_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--files", type=int, default=8500)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as home, neo4j_server.server(Path(home) / "server", tiers=4) as server:
        os.environ |= {"NEO4J_USERNAME": neo4j_server.USERNAME, "NEO4J_PASSWORD": neo4j_server.PASSWORD}
        storage(server, arguments)
        builds(server, arguments)


if __name__ == "__main__":
    main()
