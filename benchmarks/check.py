# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""How fast `dataset check` reads chat lines, beside a floor that parses each line and does nothing else.

    python benchmarks/check.py [--lines 200000] [--texts 20000] [--seed 1] [FILE...]

Prints lines per CPU second of both and their ratio: for lines like those of a dataset made here, or for the files
given. The near-duplicates across splits are timed by themselves, on `--texts` texts against a tenth as many.
"""

import argparse
import json
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from random import Random
from time import process_time

import orjson

from enliterator_core.dataset import check_paths
from enliterator_core.dataset.check import twins_of

SYLLABLES = ("ka", "lo", "mi", "ren", "to", "va", "si", "du", "per", "an", "gel", "tor", "bi", "sha", "ne", "ul", "cor")
PROMPTS = [
    f"{task} Answer with one JSON object that has exactly these keys, each filled from what the collection says, and"
    " null where it says nothing. Never invent; where two sources differ, name both. Names stand as written."
    for task in (
        "Map what is asked about to its canonical term.",
        "Choose the tool that answers.",
        "Say what is known.",
    )
]
RUNS = 3


def conversations(seed: int, count: int) -> Iterator[dict[str, list[dict[str, str]]]]:
    """Yield examples of some 700 bytes, each with an input of its own."""
    random = Random(seed)
    words = ["".join(random.choices(SYLLABLES, k=random.randint(2, 4))) for _ in range(3000)]
    for number in range(count):
        name, other = (" ".join(random.choices(words, k=2)) for _ in range(2))
        text = " ".join(random.choices(words, k=random.randint(15, 35)))
        asked = f"what do we know about {name} and {other}, {random.choice(words)} {number}?"
        answer = {"canonical": name, "pool": "Idea", "description": text, "note": None, "near": [other]}
        said = (PROMPTS[number % 3], asked, json.dumps(answer))
        roles = ("system", "user", "assistant")
        yield {"messages": [{"role": role, "content": one} for role, one in zip(roles, said, strict=True)]}


def texts_of(examples: Iterable[dict[str, list[dict[str, str]]]]) -> Iterator[list[str]]:
    """Yield what users and assistants say."""
    for one in examples:
        yield [message["content"] for message in one["messages"] if message["role"] != "system"]


def fastest(work: Callable[[], object]) -> float:
    """Return the least CPU seconds of some runs."""
    times = []
    for _ in range(RUNS):
        start = process_time()
        work()
        times.append(process_time() - start)
    return min(times)


def floor(path: Path) -> None:
    """Parse every line."""
    with path.open("rb") as lines:
        for line in lines:
            orjson.loads(line)


def measure(path: Path) -> None:
    """Print the speed of the check and of the floor on one file."""
    with path.open("rb") as lines:
        count = sum(1 for _ in lines)
    defects = len(check_paths([path]))
    ours, least = fastest(lambda: check_paths([path])), fastest(lambda: floor(path))
    size = path.stat().st_size
    print(f"{path.name}  {count:,} lines of {size / max(count, 1):.0f} bytes, {defects} defects")
    print(f"  check  {count / ours:>10,.0f} lines/s  {size / ours / 1e6:6.0f} MB/s")
    print(f"  floor  {count / least:>10,.0f} lines/s  {size / least / 1e6:6.0f} MB/s   ratio {least / ours:.2f}")


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--lines", type=int, default=200_000)
    parser.add_argument("--texts", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    for path in options.files:
        measure(path)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "generated.jsonl"
        with path.open("wb") as file:
            file.writelines(orjson.dumps(one) + b"\n" for one in conversations(options.seed, options.lines))
        measure(path)
    texts = ["\n".join(said) for said in texts_of(conversations(options.seed + 1, options.texts))]
    held = texts[: options.texts // 10]
    took = fastest(lambda: twins_of(texts[len(held) :], held))
    print(f"near-duplicates  {len(texts):,} texts, {len(held):,} of them held: {took:.2f} s")


if __name__ == "__main__":
    main()
