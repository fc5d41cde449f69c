# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""How much the storage API costs over a bare sqlite3 loop that fills the same tables; then how fast a graph is read.

    python benchmarks/storage.py [--nodes 200000] [--edges 1000000] [--runs 3]

Both sides get the same nouns and end with the same file: codes, sorted rows, evidence, the index of edges read
backwards and the words, on disk. They take turns, and the best run of each counts; times are CPU seconds of this
process. The target is for the loop that makes its rows from the nouns, as the storage must; the last loop is given
its rows.
"""

import argparse
import gc
import hashlib
import os
import resource
import sqlite3
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from random import Random
from statistics import median, quantiles
from struct import pack
from time import perf_counter, process_time
from typing import Any

from enliterator_core import POOLS, Document, Entity, GraphStorage, Relation, Source, Span
from enliterator_core import VERBS as CANON
from enliterator_sqlite import Sqlite, layout, search

VOCABULARY = "amber birch copper dove elder fern granite hazel iris jet kelp lime maple oak plum quarry reed sage tin"
WORDS = VOCABULARY.split()
Row = tuple[Any, ...]
VERBS = ("part_of", "depends_on", "cites", "precedes")
SOURCES = [Source(f"docs/{number:04}.md", "0" * 64, "text/markdown", 1000) for number in range(1000)]


def nouns(nodes: int, edges: int) -> tuple[list[Entity], list[Relation]]:
    """Make entities and relations by a fixed seed, each with a span of evidence."""
    random = Random(17)
    entities = [
        Entity(
            "Manifest",
            f"{random.choice(WORDS)} {random.choice(WORDS)} {number}",
            "hive",
            " ".join(random.choices(WORDS, k=8)),
            evidence=(Span(SOURCES[number % 1000].path, number, number + 40),),
        )
        for number in range(nodes)
    ]
    ids, relations = [entity.id for entity in entities], {}
    while len(relations) < edges:
        start = random.randrange(10**6)
        spans = (Span(SOURCES[start % 1000].path, start, start + 80),)
        relation = Relation(random.choice(ids), random.choice(VERBS), random.choice(ids), spans)
        relations[relation.key] = relation
    return entities, list(relations.values())


def through_the_storage(state: Path, entities: list[Entity], relations: list[Relation]) -> None:
    """Load and publish as a stage does."""
    graph = Sqlite().graph("sqlite:", state, 1, rebuild=True)
    assert graph is not None
    graph.write_sources(SOURCES)
    graph.write_documents((source.path, Document("")) for source in SOURCES)
    graph.write_entities(entities)
    graph.write_relations(relations)
    graph.publish()
    graph.close()


def rows_of(entities: list[Entity], relations: list[Relation]) -> tuple[list[Row], list[Row]]:
    """Make the rows of both tables by hand, in no order."""
    paths = {source.path: number for number, source in enumerate(SOURCES, 1)}
    pools, verbs = ({name: code for code, name in enumerate(sorted(names))} for names in (POOLS, CANON))
    numbers, nodes, edges = {}, [], []
    for one in entities:
        id, span = one.id, one.evidence[0]
        numbers[id] = int(id, 16) - (1 << 63)
        packed = pack("<III", paths[span.source], span.start, span.end)
        texts = one.name, one.kind, one.description, "", None, "unknown", ""
        nodes.append((numbers[id], pools[one.pool], *texts, packed))
    for one in relations:
        span = one.evidence[0]
        packed = pack("<III", paths[span.source], span.start, span.end)
        edges.append((numbers[one.subject], verbs[one.verb], numbers[one.object], packed, one.confidence, None))
    return nodes, edges


def bare(place: Path, journal: str, rows: Callable[[], tuple[list[Row], list[Row]]]) -> None:
    """Load the same tables with nothing but sqlite3: tuples, sorted, in one transaction."""
    connection = sqlite3.connect(place, isolation_level=None)
    synchronous = "NORMAL" if journal == "WAL" else "OFF"
    for pragma in (f"journal_mode={journal}", f"synchronous={synchronous}", "cache_size=-65536"):
        connection.execute(f"PRAGMA {pragma}")
    layout.create(connection)
    connection.execute("BEGIN")
    connection.executemany("INSERT INTO path VALUES (?, ?)", enumerate((source.path for source in SOURCES), 1))
    nodes, edges = rows()
    nodes.sort()
    connection.executemany("INSERT INTO node VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", nodes)
    edges.sort()
    connection.executemany("INSERT INTO edge VALUES (?, ?, ?, ?, ?, ?)", edges)
    connection.execute(layout.BACK)
    for statement in search.FILL:
        connection.execute(statement)
    connection.execute("COMMIT")
    connection.close()
    with place.open("rb+") as file:
        os.fsync(file.fileno())


def timed(call: Callable[..., object], *arguments: object) -> tuple[float, float]:
    """Return the CPU and the wall seconds of a call."""
    gc.collect()
    cpu, wall = process_time(), perf_counter()
    call(*arguments)
    return process_time() - cpu, perf_counter() - wall


def same_rows(one: Path, other: Path) -> bool:
    """Say whether two files hold the same entities and relations."""
    digests = []
    for path in (one, other):
        digest = hashlib.sha256()
        with sqlite3.connect(path) as connection:
            for table in ("node", "edge"):
                for row in connection.execute(f"SELECT * FROM {table} ORDER BY 1, 2, 3"):
                    digest.update(repr(row).encode())
        connection.close()
        digests.append(digest.digest())
    return digests[0] == digests[1]


def neighbourhood(graph: GraphStorage, id: str) -> int:
    """Read everything within two hops of an entity, by one query per entity met."""
    near = {end for relation in graph.relations_of(id) for end in (relation.subject, relation.object)}
    return len(
        {end for one in near for relation in graph.relations_of(one) for end in (relation.subject, relation.object)}
    )


def read(state: Path, entities: list[Entity]) -> None:
    """Print how fast the published graph is read."""
    graph = Sqlite().graph("sqlite:", state, 1)
    assert graph is not None
    ids = [entity.id for entity in Random(3).sample(entities, 500)]
    times = {"one hop": [], "two hops": [], "search": []}
    for number, id in enumerate(ids):
        query = f"{WORDS[number % len(WORDS)]} {number * 7}"
        calls = (graph.relations_of, (id,)), (neighbourhood, (graph, id)), (graph.search, (query,))
        for kept, (call, arguments) in zip(times.values(), calls, strict=True):
            before = perf_counter()
            call(*arguments)
            kept.append((perf_counter() - before) * 1000)
    for name, kept in times.items():
        print(f"{name:<10} p50 {median(kept):7.3f} ms   p95 {quantiles(kept, n=20)[-1]:7.3f} ms")
    print(f"{'two hops':<10} meet {median(neighbourhood(graph, id) for id in ids[:50]):.0f} entities (median)")
    for name in ("entities", "relations"):
        before = perf_counter()
        count = sum(1 for _ in getattr(graph, name)())
        print(f"{name:<10} {count / (perf_counter() - before):,.0f} streamed per second")
    for name, scan in (("entities", graph.scan_entities), ("relations", graph.scan_relations)):
        before = perf_counter()
        count = sum(len(columns.spans.counts) for columns in scan(20_000))
        print(f"{name:<10} {count / (perf_counter() - before):,.0f} scanned in columns per second")
    graph.close()


def main() -> int:
    """Print the ratios; the exit code is 1 when the target is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nodes", type=int, default=200_000)
    parser.add_argument("--edges", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--target", type=float, default=1.5)
    options = parser.parse_args()
    entities, relations = nouns(options.nodes, options.edges)
    best: dict[str, tuple[float, float]] = {}
    ready = rows_of(entities, relations)
    loops = {
        "bare loop": ("MEMORY", lambda: rows_of(entities, relations)),
        "bare loop, WAL and NORMAL": ("WAL", lambda: rows_of(entities, relations)),
        "bare loop, rows ready made": ("MEMORY", lambda: (ready[0][:], ready[1][:])),
    }
    gc.freeze()  # the nouns are the input of every side; going through them again and again is the cost of none
    best: dict[str, tuple[float, float]] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for run in range(options.runs):
            taken = {"storage API": timed(through_the_storage, folder, entities, relations)}
            for number, (loop, (journal, rows)) in enumerate(loops.items()):
                (folder / f"{number}.db").unlink(missing_ok=True)
                taken[loop] = timed(bare, folder / f"{number}.db", journal, rows)
            for side, seconds in taken.items():
                best[side] = min(best.get(side, seconds), seconds)
                print(f"run {run + 1}  {side:<28} {seconds[0]:6.2f} s CPU  {seconds[1]:6.2f} s wall", flush=True)
        published = folder / "graphs" / "1.db"
        assert same_rows(published, folder / "0.db"), "both sides must write the same rows"
        for loop in loops:
            print(f"storage API / {loop:<28} {best['storage API'][0] / best[loop][0]:5.2f}")
        print(f"file {published.stat().st_size / 2**20:.0f} MiB, peak {peak():.0f} MiB resident with the input")
        read(folder, entities)
    return 0 if best["storage API"][0] / best["bare loop"][0] <= options.target else 1


def peak() -> float:
    """Return the most memory that the process has held, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    sys.exit(main())
