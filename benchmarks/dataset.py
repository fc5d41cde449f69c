# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""How fast a stored graph becomes a dataset, against a hand-written script that does the same work for path_text.

    python benchmarks/dataset.py [--relations 1000000] [--runs 1] [--mix] [--tokens] [--linear] [--processes N]

The script (the floor) scans the file with sqlite3, sorts the edges into arrays, draws paths, writes each as a question
and an answer, checks it (its hops and spans, control characters, secrets, length), drops duplicates, splits by the
hash of the first entity, drops what shares a span or nearly equals a text of another split, and writes the splits with
provenance and hashes. It does not read them back to prove anything; ours does, and its share is printed. Both run in
processes of their own, on one core, and take turns; times are CPU seconds. The floor without near-duplicates and
secrets, which peers do not look for, is printed too.
"""

import argparse
import json
import os
import re
import resource
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from hashlib import blake2b, sha256
from pathlib import Path
from random import Random
from shutil import rmtree
from struct import iter_unpack
from time import perf_counter, process_time
from typing import Any

import numpy as np
import orjson

from enliterator_core import Batch, Document, Entity, Gap, Graph, Relation, Rights, Source, Span, Term

SYLLABLES = ("ka", "lo", "mi", "ren", "to", "va", "si", "du", "per", "an", "gel", "tor", "bi", "sha", "ne", "ul", "cor")
VERBS = {"part_of": "is part of", "depends_on": "depends on", "cites": "cites", "precedes": "comes before"}
BACK = {"part_of": "has_part", "depends_on": "required_by", "cites": "cited_by", "precedes": "follows"}
SECTIONS = 100  # entities that a source describes
EXTRA = 12  # pairs of grams that a near-duplicate must share among the rarest
SECRET = re.compile(
    r"[\w.+-]@[\w-]+\.\w|\b(?:sk-|ghp_|xox[a-z]-|AKIA|AIza|glpat-|hf_)[\w-]{16}|-----BEGIN|\beyJ[\w-]{10}"
    r"|(?i:password|passwd|secret|token|api_?key)[\"']?\s*[:=]\s*\S{8}"
)
PROMPT = "You get nodes and edges as JSON. Tell the path in prose, then as text."


def store(state: Path, relations: int) -> None:
    """Store a graph of five relations to an entity, each stated by a sentence of the source that describes it."""
    from enliterator_sqlite import Sqlite

    random, count = Random(17), relations // 5
    words = sorted({"".join(random.choices(SYLLABLES, k=random.randint(2, 4))) for _ in range(6000)})
    names = [f"{random.choice(words)} {random.choice(words)} {number}" for number in range(count)]
    kinds = ("method", "tool", "structure", "record", "measure")
    graph = Sqlite().graph("sqlite:", state, 1, rebuild=True)
    assert graph is not None
    rights = Rights("CC-BY-4.0", "CC BY 4.0", "The Society", "statement", 1.0, True, True, None, False, None)
    graph.write_rights([rights])
    entities, links, terms = [], [], []
    for first in range(0, count, SECTIONS):
        path, parts, at = f"notes/{first // SECTIONS:05}.md", [], 0

        def said(text: str, path: str = path, parts: list[str] = parts) -> Span:
            nonlocal at
            parts.append(f"{text}\n")
            at += len(text) + 1
            return Span(path, at - len(text) - 1, at - 1)

        for number in range(first, min(first + SECTIONS, count)):
            name, kind = names[number], random.choice(kinds)
            description = f"a {kind} of {' '.join(random.choices(words, k=6))}"
            entity = Entity(
                "Manifest", name, kind, description, "", rights=rights.id, evidence=(said(f"{name}: {description}."),)
            )
            entities.append(entity)
            terms.append(Term(entity.id, "Manifest", name, description, (name.rsplit(" ", 1)[0], name.upper()), ()))
            for other in random.sample(range(count), 5):
                verb = random.choice(tuple(VERBS))
                span = said(f"{name} {VERBS[verb]} {names[other]}.")
                links.append((entity.id, verb, other, span))
        text = "".join(parts)
        graph.write_sources(
            [Source(path, sha256(text.encode()).hexdigest(), "text/markdown", len(text), rights=rights.id)]
        )
        graph.write_documents([(path, Document(text))])
    graph.write_entities(entities)
    graph.write_terms(terms)
    graph.write_relations(
        Relation(subject, verb, entities[other].id, (span,))
        for subject, verb, other, span in links
        if subject != entities[other].id
    )
    graph.write_gaps([Gap("orphan", "low", f"Manifest({names[3]}).", "no relation", "a sentence")])
    graph.write_note("literacy", {"score": 82.0, "maturity": None, "gate": {"passed": True, "threshold": 70}})
    graph.publish()
    graph.close()


# the floor


def scan(file: Path) -> tuple[list[str], list[str], list[str], np.ndarray, dict[int, str], dict[str, int]]:
    """Read names, kinds and ids of the nodes, the edges as rows of numbers, the paths, and the lengths of texts."""
    with sqlite3.connect(file) as connection:
        nodes = connection.execute("SELECT id, name, kind FROM node ORDER BY id").fetchall()
        verbs = dict(connection.execute("SELECT code, name FROM verb"))
        names_of = {code: list(VERBS).index(name) for code, name in verbs.items() if name in VERBS}
        place = {node: number for number, (node, _, _) in enumerate(nodes)}
        edges = np.array(
            [
                (place[a], names_of[verb], place[b], *next(iter_unpack("<III", evidence)))
                for a, verb, b, evidence in connection.execute("SELECT src, verb, dst, evidence FROM edge ORDER BY src")
            ],
            np.int64,
        )
        paths = dict(connection.execute("SELECT id, path FROM path"))
        lengths = {
            paths[path]: len(orjson.loads(fields)[0])
            for path, fields in connection.execute("SELECT path, fields FROM document")
        }
    connection.close()
    ids = [f"{node + (1 << 63):016x}" for node, _, _ in nodes]
    return [name for _, name, _ in nodes], [kind for _, _, kind in nodes], ids, edges, paths, lengths


def draw(edges: np.ndarray, count: int) -> Iterator[tuple[list[int], list[int]]]:
    """Yield nodes and edges of two paths of one to four hops from each node, none through a node twice."""
    starts = np.searchsorted(edges[:, 0], np.arange(count + 1))
    walkers = np.repeat(np.arange(count), 2)
    hops = np.array((1, 2, 2, 3, 3, 4))[(walkers * 7919 + np.arange(len(walkers))) % 6]
    here, taken = walkers.copy(), np.full((len(walkers), 4), -1)
    for step in range(4):
        key = (np.arange(len(walkers), dtype=np.uint64) * np.uint64(4) + np.uint64(step)) * np.uint64(
            0x9E3779B97F4A7C15
        )
        key = (key ^ (key >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9)
        options = starts[here + 1] - starts[here]
        go = (step < hops) & (options > 0)
        edge = starts[here] + (key >> np.uint64(33)).astype(np.int64) % np.maximum(options, 1)
        taken[go, step] = edge[go]
        here = np.where(go, edges[np.minimum(edge, len(edges) - 1), 2], here)
    for walker, row in zip(walkers.tolist(), taken.tolist(), strict=True):
        chosen = [edge for edge in row if edge >= 0]
        nodes = [walker, *edges[chosen, 2].tolist()]
        if chosen and len(set(nodes)) == len(nodes):
            yield nodes, chosen


def rarest_by_hand(texts: list[str], counts: np.ndarray, limit: float, count: bool) -> np.ndarray:
    """Return rows of hash and text for the rarest pairs of grams of each, some more than a twin may lack; or count."""
    found = []
    for first in range(0, len(texts), 256):
        some = texts[first : first + 256]
        codes = np.frombuffer("".join(some).encode("utf-32-le"), "<u4").astype(np.uint64)
        lengths = np.array([len(text) for text in some])
        owners = np.repeat(np.arange(len(some), dtype=np.uint64), lengths)
        keys = codes[: len(codes) - 4].copy()
        for shift in range(1, 5):
            keys = keys * np.uint64(0x9E3779B97F4A7C15) + codes[shift : len(codes) - 4 + shift]
        keys = ((keys ^ (keys >> np.uint64(31))) * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(32)
        within = owners[:-4] == owners[4:]
        keys = (owners[:-4][within] << np.uint64(32)) | keys[within]
        keys.sort()
        keys = keys[np.diff(keys, prepend=np.uint64(2**64 - 1)) != 0]
        # Two neighbours among the different grams at a time: what a template says is in fewer of these.
        alone = (keys[1:] >> np.uint64(32)) == (keys[:-1] >> np.uint64(32))
        both = ((keys[1:] << np.uint64(32)) ^ (keys[:-1] & np.uint64(2**32 - 1))) * np.uint64(0x9E3779B97F4A7C15)
        both = (both ^ (both >> np.uint64(29))) * np.uint64(0x9E3779B97F4A7C15) >> np.uint64(32)
        keys = ((keys[1:] >> np.uint64(32) << np.uint64(32)) | both)[alone]
        slots = (keys & np.uint64(2**22 - 1)).astype(np.int64)
        if count:
            np.add.at(counts, slots, np.int32(1))
            continue
        sizes = np.bincount((keys >> np.uint64(32)).astype(np.int64), minlength=len(some))
        rarity = np.minimum(counts[slots], 65_535).astype(np.uint64)
        keys = (keys >> np.uint64(32) << np.uint64(48)) | (rarity << np.uint64(32)) | (keys & np.uint64(2**32 - 1))
        keys.sort()
        rows = (keys >> np.uint64(48)).astype(np.int64)
        place = np.arange(len(keys)) - (np.cumsum(sizes) - sizes)[rows]
        chosen = place <= (2 * (1 - limit) * (sizes + 1))[rows] + EXTRA
        found.append(np.stack(((keys[chosen] & np.uint64(2**32 - 1)).astype(np.int64), rows[chosen] + first), axis=1))
    return np.concatenate(found) if found else np.zeros((0, 2), np.int64)


def twins_by_hand(texts: list[str], held: list[str], limit: float) -> set[int]:
    """Return the numbers of the texts with a near-duplicate among those held: a prefix filter, then sets of grams."""
    counts = np.zeros(1 << 22, np.int32)
    rarest_by_hand(held, counts, limit, True)
    index = rarest_by_hand(held, counts, limit, False)
    index = index[np.argsort(index[:, 0])]
    found = set()
    for first in range(0, len(texts), 256):
        asked = rarest_by_hand(texts[first : first + 256], counts, limit, False)
        low, high = (np.searchsorted(index[:, 0], asked[:, 0], side=side) for side in ("left", "right"))
        many = high - low
        places = np.repeat(low - np.cumsum(many) + many, many) + np.arange(many.sum())
        pairs, shared = np.unique(np.repeat(asked[:, 1], many) * len(held) + index[places, 1], return_counts=True)
        for pair in pairs[shared > EXTRA].tolist():
            number, other = divmod(pair, len(held))
            if first + number not in found:
                one, two = (
                    {text[at : at + 5] for at in range(len(text) - 4)} for text in (texts[first + number], held[other])
                )
                if len(one & two) > limit * len(one | two):
                    found.add(first + number)
    return found


def floor(file: Path, folder: Path, checks: bool, tokens: bool) -> int:
    """Do by hand what a build does for path_text; return how many examples were written."""
    if tokens:
        from enliterator_core.dataset.tokens import count_tokens

    names, kinds, ids, edges, paths, lengths = scan(file)
    rows, seen, told, prompt = (
        edges.tolist(),
        set(),
        list(VERBS.items()),
        orjson.dumps({"role": "system", "content": PROMPT}),
    )
    examples: list[Any] = []
    counted, prompt_tokens, batch = 0, count_tokens(PROMPT) if tokens else 0, []
    bad = bytes([*range(9), 11, 12, *range(14, 32), 127])

    def keep() -> None:
        texts = [f"{user}\n{answer}" for user, answer, *_ in batch]
        joined = "\n".join(texts).encode()
        assert len(joined.translate(None, bad)) == len(joined)
        wrong = {number for number, text in enumerate(texts) if SECRET.search(text)} if checks else ()
        examples.extend(one for number, one in enumerate(batch) if number not in wrong)
        batch.clear()

    for nodes, taken in draw(edges, len(names)):
        hops = [rows[edge] for edge in taken]
        user = orjson.dumps(
            {
                "nodes": [{"pool": "Manifest", "name": names[node]} for node in nodes],
                "edges": [{"from": names[a], "verb": told[verb][0], "to": names[b]} for a, verb, b, *_ in hops],
            }
        ).decode()
        prose = ". ".join(
            f'The {kinds[a]} "{names[a]}" {told[verb][1]} the {kinds[b]} "{names[b]}"' for a, verb, b, *_ in hops
        )
        line = "".join(f" → {told[verb][0]} → Manifest({names[b]})" for _, verb, b, *_ in hops)
        answer = f"{prose}.\nManifest({names[nodes[0]]}){line}."
        spans = [(paths[path], start, end) for *_, path, start, end in hops]
        if any(
            a != node or not 0 <= start < end <= lengths[paths[path]]
            for node, (a, _, _, path, start, end) in zip(nodes, hops, strict=False)
        ):
            continue
        if user in seen or 4 * (len(user) + len(answer)) > 65_536:
            continue
        seen.add(user)
        if tokens:
            counted += prompt_tokens + count_tokens(user) + count_tokens(answer)
        batch.append((user, answer, nodes, [(ids[a], told[verb][0], ids[b]) for a, verb, b, *_ in hops], spans))
        if len(batch) == 1000:
            keep()
    keep()
    splits: dict[str, list[Any]] = {"test": [], "validation": [], "train": []}
    for one in examples:
        place = int.from_bytes(blake2b(ids[one[2][0]].encode(), digest_size=8).digest()) / 2**64
        splits["train" if place < 0.8 else "validation" if place < 0.9 else "test"].append(one)
    held_spans: set[Any] = set()
    held_texts: list[str] = []
    for every in splits.values():
        every[:] = [one for one in every if held_spans.isdisjoint(one[4])]
        if checks and held_texts:
            twins = twins_by_hand([f"{one[0]}\n{one[1]}" for one in every], held_texts, 0.88)
            every[:] = [one for number, one in enumerate(every) if number not in twins]
        held_spans.update(span for one in every for span in one[4])
        held_texts += [f"{one[0]}\n{one[1]}" for one in every] if checks else []
    return written(folder, splits, prompt, ids)


def written(folder: Path, splits: dict[str, list[Any]], prompt: bytes, ids: list[str]) -> int:
    """Write the splits, all of them, and provenance, in the order of ids, with their hashes."""
    folder.mkdir()
    names = ("train", "validation", "test", "training_data", "provenance")
    files, hashes = {name: (folder / f"{name}.jsonl").open("wb") for name in names}, {name: sha256() for name in names}
    rights = {"license": "CC-BY-4.0", "holder": "The Society", "trainable": True, "publishable": True}

    def write(name: str, line: bytes) -> None:
        files[name].write(line)
        hashes[name].update(line)

    every = []
    for name, examples in splits.items():
        for one in examples:
            user, answer = orjson.dumps(one[0]), orjson.dumps(one[1])
            every.append((blake2b(user + answer, digest_size=8).hexdigest(), name, user, answer, *one[2:]))
    every.sort(key=lambda one: one[0])
    lines = dict.fromkeys(splits, 0)
    for id, name, user, answer, nodes, relations, spans in every:
        lines[name] += 1
        line = b'{"messages":[%s,{"role":"user","content":%s},{"role":"assistant","content":%s}]}\n' % (
            prompt,
            user,
            answer,
        )
        write(name, line)
        write("training_data", line)
        proof = {
            "id": id,
            "task": "path_text",
            "split": name,
            "line": lines[name],
            "group": ids[nodes[0]],
            "entities": [ids[node] for node in nodes],
            "relations": relations,
            "spans": [{"source": source, "start": start, "end": end} for source, start, end in spans],
            "rights": rights,
            "verifier": "its hops exist",
        }
        write("provenance", orjson.dumps(proof) + b"\n")
    for file in files.values():
        file.close()
    (folder / "metadata.json").write_text(json.dumps({name: one.hexdigest() for name, one in hashes.items()}))
    return len(every)


# ours


def ours(state: Path, folder: Path, options: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    """Build the dataset; return how many examples it has, and what was told."""
    from enliterator_core.config import BUNDLED, Entry
    from enliterator_core.dataset import DatasetSettings, build, build_dataset
    from enliterator_core.plugins import open_plugins
    from enliterator_processes import Processes
    from enliterator_sqlite import Sqlite

    modules = options["tasks"].split(",")
    modules += ["graph_tools"]
    plugins, problems = open_plugins(
        [Entry(f"plugin[{at}]", BUNDLED, f"enliterator_{name}") for at, name in enumerate(modules)]
    )
    assert not problems, problems
    proof, prove = [0.0], build.prove

    def timed(place: Path) -> dict[str, int]:
        before = process_time()
        result = prove(place)
        proof[0] = process_time() - before
        return result

    build.prove = timed
    storage = Sqlite().graph("sqlite:", state, 1)
    assert storage is not None
    engine = Processes(processes=options["processes"]) if options["processes"] > 1 else None
    result = build_dataset(
        Graph(storage, plugins.tools),
        plugins.task_types,
        batch=Batch(1, "benchmark", "here", "2026-01-01T00:00:00Z"),
        literacy=storage.note("literacy") or {},
        folder=folder,
        settings=DatasetSettings(max_share=1, tokens=options["tokens"]),
        engine=engine,
        reopen=lambda: Sqlite().graph("sqlite:", state, 1),  # type: ignore[arg-type, return-value]
    )
    drafts = json.loads((folder / "metadata.json").read_bytes())["drafts"]
    told = {"tasks": dict(result.tasks), "dropped": dict(result.dropped), "proof": proof[0], "drafts": drafts}
    return sum(result.splits.values()), told | {"problems": [one.message for one in result.problems]}


def child(options: dict[str, Any]) -> None:
    """Do one side's work in this process, and print what it took."""
    state, folder = Path(options["state"]), Path(options["folder"])
    file = state / "graphs" / "1.db"
    if options["side"] == "store":
        store(state, options["relations"])
        return
    wall = perf_counter()
    cpu = process_time()
    if options["side"] == "ours":
        count, told = ours(state, folder, options)
    else:
        count, told = floor(file, folder, options["side"] == "floor", options["tokens"]), {}
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    told |= {
        "examples": count,
        "cpu": process_time() - cpu + used.ru_utime + used.ru_stime,
        "wall": perf_counter() - wall,
    }
    print(json.dumps(told | {"memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))


def run(side: str, place: Path, options: argparse.Namespace, **more: Any) -> dict[str, Any]:
    """Run one side in a process of its own, on one core unless several processes are wanted; return what it told."""
    folder = place / "dataset"
    rmtree(folder, ignore_errors=True)
    asked = {"side": side, "state": str(place), "folder": str(folder), "relations": options.relations}
    asked |= {"tokens": options.tokens, "tasks": "path_text", "processes": 1} | more
    cores = os.sched_getaffinity(0) if asked["processes"] > 1 else {min(os.sched_getaffinity(0))}
    done = subprocess.run(
        [sys.executable, __file__, "--child", json.dumps(asked)],
        stdout=subprocess.PIPE,
        check=True,
        preexec_fn=lambda: os.sched_setaffinity(0, cores),
    )
    return json.loads(done.stdout or "{}")


def shown(label: str, told: dict[str, Any]) -> None:
    """Print one run."""
    rate = told["examples"] / told["cpu"]
    print(
        f"{label:<34} {told['examples']:>9,} examples {told['cpu']:7.1f} s CPU {told['wall']:7.1f} s"
        f" {rate:>9,.0f}/s {told['memory']:5.0f} MiB",
        flush=True,
    )


def compared(place: Path, options: argparse.Namespace) -> None:
    """Print the floor's figures and ours, and their ratios."""
    best: dict[str, float] = {}
    for _ in range(options.runs):
        for side in ("floor", "bare", "ours"):
            told = run(side, place, options)
            shown({"floor": "floor", "bare": "floor, length checks alone"}.get(side, "path_text"), told)
            best[side] = max(best.get(side, 0), told["examples"] / told["cpu"])
            if side == "ours":
                share = told["proof"] / told["cpu"]
                best["unproven"] = max(best.get("unproven", 0), told["examples"] / (told["cpu"] - told["proof"]))
                print(f"  proof {share:.0%} of it; dropped {told['dropped']}; {told['problems'] or 'no problems'}")
    target = 0.75 if options.tokens else 0.6
    print(f"ours / floor                       {best['ours'] / best['floor']:.2f} (at least {target})")
    print(f"ours without its proof / floor     {best['unproven'] / best['floor']:.2f}")
    print(f"ours / floor, length checks alone  {best['ours'] / best['bare']:.2f}")


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--relations", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--tokens", action="store_true", help="count tokens on both sides")
    parser.add_argument("--mix", action="store_true", help="all six tasks, too")
    parser.add_argument("--linear", action="store_true", help="20 thousand relations and five times as many, too")
    parser.add_argument("--processes", type=int, default=1, help="the mix in so many processes, too")
    parser.add_argument("--tasks", default="canon_map,gap_awareness,normalize,path_text,rights_style,route")
    parser.add_argument("--child", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        child(json.loads(options.child))
        return
    sizes = [options.relations]
    if options.linear:
        sizes = sorted({20_000, 100_000, *sizes})
    rates = {}
    for relations in sizes:
        options.relations = relations
        with tempfile.TemporaryDirectory() as name:
            place = Path(name)
            run("store", place, options)
            print(f"{relations:,} relations, {relations // 5:,} entities")
            if relations == sizes[-1]:
                compared(place, options)
            told = run("ours", place, options)
            shown("path_text", told)
            rates[relations] = told["cpu"] / relations
            if options.mix and relations == sizes[-1]:
                for processes in sorted({1, options.processes}):
                    told = run("ours", place, options, tasks=options.tasks, processes=processes)
                    shown(f"mix, {processes} process{'es' * (processes > 1)}", told)
                    unproven = told["examples"] / (told["cpu"] - told["proof"])
                    print(f"  proof {told['proof'] / told['cpu']:.0%} of it, {unproven:,.0f}/s without")
                    print(f"  {told['tasks']}; dropped {told['dropped']}; {told['problems'] or 'no problems'}")
    if options.linear:
        each = "  ".join(f"{relations:,}: {rate * 1e6:.0f}" for relations, rate in rates.items())
        print(f"microseconds of CPU for each relation  {each}")


if __name__ == "__main__":
    main()
