# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""How fast a folder becomes a literate dataset: all stages and the dataset, on one core, each run its own process.

    python benchmarks/build.py [--files 1000] [--bytes 10000000] [--seed 1]

Prints megabytes a second, the most memory, and how much faster a run is that finds nothing changed, and one that finds
one file changed. That last run's files must be those of a fresh build, byte for byte.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
from hashlib import sha256
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Any

SYLLABLES = ("ka", "lo", "mi", "ren", "to", "va", "si", "du", "per", "an", "gel", "tor", "bi", "sha", "ne", "ul", "cor")
KINDS = ("method", "tool", "practice", "structure", "record", "place", "measure", "role", "event", "material")
VERBS = ("supports", "needs", "follows", "limits", "feeds", "shapes", "replaces", "measures", "explains", "protects")
USES = ("in spring", "before the harvest", "at the workshop", "for every visitor", "when stores run low", "by hand")


class Writer:
    """Writes pages of one invented field: its things refer to each other across pages, as those of a real one do."""

    def __init__(self, seed: int, files: int) -> None:
        self.random = Random(seed)
        self.words = sorted({self._word() for _ in range(4000)})
        names = {f"{self.random.choice(self.words)} {self.random.choice(self.words)}" for _ in range(files)}
        self.things = sorted(names)

    def _word(self) -> str:
        return "".join(self.random.choices(SYLLABLES, k=self.random.randint(2, 4)))

    def _sentence(self) -> str:
        words = self.random.choices(self.words, k=self.random.randint(5, 14))
        words.insert(self.random.randrange(len(words)), self.random.choice(self.things))
        words.insert(self.random.randrange(len(words)), "the")
        return f"{' '.join(words).capitalize()} {self.random.choice(USES)}."

    def _paragraph(self) -> str:
        return " ".join(self._sentence() for _ in range(self.random.randint(2, 6)))

    def _section(self) -> str:
        choice = self.random.choice
        thing, other = choice(self.things), choice(self.things)
        kind = self.random.randrange(6)
        if kind == 0:
            return f"**{thing.capitalize()}** is a {choice(KINDS)} that {choice(VERBS)} the {other}. {self._sentence()}"
        if kind == 1:
            steps = [f"{i}. {self._sentence()}" for i in range(1, self.random.randint(4, 7))]
            return f"### Work with the {thing}\n\n" + "\n".join(steps)
        if kind == 2:
            return "\n".join(f"- {self._sentence()}" for _ in range(self.random.randint(3, 8)))
        if kind == 3:
            rows = [f"| {choice(self.things)} | {choice(KINDS)} | {self.random.randint(1, 999)} |" for _ in range(5)]
            return "| thing | kind | count |\n|---|---|---|\n" + "\n".join(rows)
        if kind == 4:
            name = thing.replace(" ", "_")
            return (
                f"```python\ndef weigh_{name}(count: int) -> int:\n    return count * {self.random.randint(2, 99)}\n```"
            )
        number = self.random.randrange(len(self.things))
        return f"See [{self.things[number]}](page_{number:04}.md) for how the {other} {choice(VERBS)} it."

    def page(self, number: int, size: int) -> str:
        """Return one page of at least that many characters."""
        thing = self.things[number % len(self.things)]
        parts = [
            f"---\ntitle: {thing}\ndate: 20{self.random.randint(10, 25)}-0{self.random.randint(1, 9)}-11\n---\n",
            f"# {thing.capitalize()}\n",
            f"A {thing} is a {self.random.choice(KINDS)} that {self.random.choice(VERBS)} the work.\n",
        ]
        while sum(map(len, parts)) < size:
            if len(parts) % 5 == 0:
                parts.append(f"## {self._sentence()[:-1]}\n")
            parts += [self._paragraph() + "\n", self._section() + "\n"]
        return "\n".join(parts)


def write_pages(folder: Path, files: int, size: int, seed: int) -> int:
    """Fill the folder, and return how many bytes it holds."""
    folder.mkdir()
    writer = Writer(seed, files)
    for number in range(files):
        (folder / f"page_{number:04}.md").write_text(writer.page(number, size // files), encoding="utf-8")
    return sum(path.stat().st_size for path in folder.iterdir())


def run(workspace: Path, pages: Path, *more: str) -> tuple[dict[str, Any], float]:
    """Build in a process of its own, on one core; return what it printed and its wall-clock seconds."""
    command = [sys.executable, "-m", "enliterator_core.cli", "--workspace", str(workspace), "build", str(pages)]
    started = perf_counter()
    done = subprocess.run(
        [*command, "--rights", "CC-BY-4.0", "--force", "--json", *more],
        stdout=subprocess.PIPE,
        check=True,
        preexec_fn=lambda: os.sched_setaffinity(0, {min(os.sched_getaffinity(0))}),
    )
    return json.loads(done.stdout), perf_counter() - started


def hashes(folder: Path) -> dict[str, str]:
    """Return the hash of every file in a dataset."""
    return {path.name: sha256(path.read_bytes()).hexdigest() for path in sorted(folder.glob("*.jsonl"))}


def main() -> None:
    """Write the pages, build four times, and print the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--files", type=int, default=1000)
    parser.add_argument("--bytes", type=int, default=10_000_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        root, pages = Path(name), Path(name) / "pages"
        megabytes = write_pages(pages, options.files, options.bytes, options.seed) / 1e6
        for workspace in ("first", "fresh"):
            (root / workspace).mkdir()
        result, first = run(root / "first", pages)
        most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        print(f"{megabytes:.1f} MB in {options.files} files: {result['graph']['entities']:,} entities,", end=" ")
        print(
            f"{result['graph']['relations']:,} relations, {sum(result['dataset']['splits'].values()):,} examples,",
            end=" ",
        )
        print(f"score {result['literacy']['score']:.1f}")
        stages = sum(stage["seconds"] for stage in result["stages"])
        for stage in result["stages"]:
            print(f"  {stage['name']:<16} {stage['seconds']:7.2f} s  {stage['summary']}")
        print(f"  {'dataset, rest':<16} {first - stages:7.2f} s")
        print(f"stages           {megabytes / stages:.2f} MB/s (at least 0.4)")
        print(f"whole build      {megabytes / first:.2f} MB/s in {first:.1f} s")
        print(f"memory           {most:.0f} MB resident at most (under 400)")
        again, unchanged = run(root / "first", pages)
        print(f"unchanged        {first / unchanged:.1f}x faster (at least 10): {unchanged:.2f} s", again["unchanged"])
        with (pages / "page_0007.md").open("a", encoding="utf-8") as page:
            page.write("\nThis page has changed.\n")
        changed, seconds = run(root / "first", pages)
        worked = {stage["name"]: stage["worked"] for stage in changed["stages"] if stage["worked"]}
        print(f"one file changed {first / seconds:.1f}x faster: {seconds:.2f} s, worked on {worked}")
        run(root / "fresh", pages)
        same = hashes(root / "first/fine_tune/batch_1") == hashes(root / "fresh/fine_tune/batch_1")
        print(f"equal to a fresh build, byte for byte: {'yes' if same else 'NO'}")


if __name__ == "__main__":
    main()
