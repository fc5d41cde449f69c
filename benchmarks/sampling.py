# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""How many simple typed paths are drawn from a stored graph in a second, against a dictionary of lists.

    python benchmarks/sampling.py [--nodes 200000] [--edges 1000000] [--runs 3]

Both sides scan the same file once; the floor then keeps, for each entity and verb, a list of neighbours and draws with
Python's generator. Times are CPU seconds of this process; the two take turns, and the best run of each counts.
"""

import argparse
import sqlite3
import sys
import tempfile
from pathlib import Path
from random import Random
from time import process_time

import numpy as np
from storage import nouns, peak, through_the_storage

from enliterator_core import VERBS, Graph, Sampler
from enliterator_sqlite import Sqlite

PATTERNS = (("depends_on", "part_of"), ("cites", "precedes"), ("required_by", "depends_on"))
"""Verbs of the benchmark's graph, in turn."""

Lists = dict[tuple[int, str], list[int]]


def lists(path: Path) -> tuple[list[int], Lists]:
    """Read a graph file into the entities and a list of neighbours for each (entity, verb or reverse verb)."""
    with sqlite3.connect(path) as connection:
        nodes = [id for (id,) in connection.execute("SELECT id FROM node ORDER BY pool, name")]
        found: Lists = {}
        rows = connection.execute("SELECT src, verb.name, dst FROM edge JOIN verb ON verb.code = edge.verb")
        for source, verb, target in rows:
            found.setdefault((source, verb), []).append(target)
            found.setdefault((target, VERBS[verb].reverse), []).append(source)
    connection.close()
    return nodes, found


def by_hand(nodes: list[int], neighbours: Lists, pattern: tuple[str, ...]) -> int:
    """Draw a path from each entity, and count those that are simple."""
    choice, count = Random(7).choice, 0
    for start in nodes:
        path = [start]
        for verb in pattern:
            options = neighbours.get((path[-1], verb))
            other = choice(options) if options else path[-1]
            if other in path:
                break
            path.append(other)
        else:
            count += 1
    return count


def by_the_sampler(graph: Graph, pattern: tuple[str, ...], size: int = 1 << 15) -> int:
    """Draw a path from each entity, and count those that are simple."""
    return sum(map(len, Sampler(7).paths(graph, pattern, size=size)))


def main() -> int:
    """Print paths per second of both sides; the exit code is 1 when the target is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nodes", type=int, default=200_000)
    parser.add_argument("--edges", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--target", type=float, default=1e6)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        through_the_storage(Path(name), *nouns(options.nodes, options.edges))
        print(f"peak {peak():.0f} MiB resident while writing the graph")
        storage = Sqlite().graph("sqlite:", Path(name), 1)
        assert storage is not None
        graph = Graph(storage)
        before = process_time()
        print(f"{len(graph.arrays.steps.keys):,} steps read into arrays in {process_time() - before:.2f} s")
        before = process_time()
        nodes, neighbours = lists(Path(name) / "graphs" / "1.db")
        print(f"the same into a dictionary of lists in {process_time() - before:.2f} s")
    whole, pieces = (
        np.concatenate([walks.nodes for walks in Sampler(7).paths(graph, PATTERNS[0], 2, size)])
        for size in (1 << 20, 777)
    )
    assert np.array_equal(whole, pieces), "the same paths however many are drawn at once"
    best = {"arrays": 0.0, "lists": 0.0}
    for run in range(options.runs):
        for pattern in PATTERNS:
            before = process_time()
            count = by_the_sampler(graph, pattern)
            arrays = count / (process_time() - before)
            before = process_time()
            count = by_hand(nodes, neighbours, pattern)
            floor = count / (process_time() - before)
            best = {"arrays": max(best["arrays"], arrays), "lists": max(best["lists"], floor)}
            print(f"run {run + 1}  {' '.join(pattern):<24} {arrays:12,.0f} paths/s {floor:12,.0f} by lists", flush=True)
    print(f"arrays / lists {best['arrays'] / best['lists']:.1f}")
    storage.close()
    return 0 if best["arrays"] >= options.target else 1


if __name__ == "__main__":
    sys.exit(main())
