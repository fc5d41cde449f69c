# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Curves in a terminal: one line of blocks, or a few lines with a scale."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

BLOCKS = " ▁▂▃▄▅▆▇█"
WIDTH = 60
HEIGHT = 5


def curve_of(rows: Sequence[Mapping[str, float]], *names: str) -> list[float]:
    """Return the values of the first column of that name that any row has, in the rows' order."""
    name = next((one for one in names if any(one in row for row in rows)), None)
    return [] if name is None else [row[name] for row in rows if name in row]


def sparkline(values: Sequence[float], width: int = 16) -> str:
    """Return values as one line of blocks, the lowest for the least; empty for none."""
    least, span = min(values, default=0.0), _span(values)
    return "".join(BLOCKS[1 + round((value - least) / span * 7)] for value in _squeezed(values, width))


def chart(values: Sequence[float], label: str, width: int = WIDTH, height: int = HEIGHT) -> Iterator[str]:
    """Yield the lines of a chart: the greatest value beside the first line, the least beside the last."""
    least, span, greatest = min(values), _span(values), max(values)
    filled = [1 + (value - least) / span * (height * 8 - 1) for value in _squeezed(values, width)]
    for line in range(height):
        floor = (height - 1 - line) * 8
        drawn = "".join(BLOCKS[max(0, min(8, round(level - floor)))] for level in filled)
        scale = f"{greatest:.4g}" if line == 0 else f"{least:.4g}" if line == height - 1 else ""
        yield f"{label if line == 0 else '':<10} {scale:>8} {drawn}".rstrip()


def _span(values: Sequence[float]) -> float:
    return (max(values, default=0.0) - min(values, default=0.0)) or 1.0


def _squeezed(values: Sequence[float], width: int) -> list[float]:
    """Return at most `width` values, each the mean of those that fall together."""
    if len(values) <= width:
        return list(values)
    edges = [place * len(values) // width for place in range(width + 1)]
    return [sum(values[a:b]) / (b - a) for a, b in pairwise(edges)]
