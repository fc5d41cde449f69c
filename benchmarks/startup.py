# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""How long `enliterator --help` takes, and how many times a bare import of click that is.

python benchmarks/startup.py [--runs 20]
"""

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from statistics import median
from time import perf_counter


def seconds(command: Sequence[str], runs: int, folder: str) -> float:
    """Return the median wall-clock time of a command, after one run that warms the caches."""
    times = []
    for _ in range(runs + 1):
        started = perf_counter()
        subprocess.run(command, stdout=subprocess.DEVNULL, check=True, cwd=folder)
        times.append(perf_counter() - started)
    return median(times[1:])


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=20)
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as folder:
        bare = seconds([sys.executable, "-c", "import click"], runs, folder)
        own = seconds([sys.executable, "-c", "from enliterator_core.cli import main; main()", "--help"], runs, folder)
    print(f"import click         {bare * 1000:6.0f} ms")
    print(f"enliterator --help   {own * 1000:6.0f} ms (under 300): {own / bare:.1f}x (at most 3)")


if __name__ == "__main__":
    main()
