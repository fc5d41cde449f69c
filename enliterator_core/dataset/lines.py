# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Lines of a file, many at once and in bounded memory, however long a line is."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

CHUNK: Final = 1 << 16
MOST_LINE: Final = 1 << 25


def lines_of(path: Path, *, chunk: int = CHUNK, most: int = MOST_LINE) -> Iterator[tuple[int, list[bytes | None]]]:
    """Yield runs of lines without their ends, each run with the number of its first line, from 1.

    A line of more than ``most`` bytes is None: it is read over, never held.
    """
    number, parts, held, too_long = 1, list[bytes](), 0, False
    with path.open("rb") as file:
        while piece := file.read(chunk):
            head, newline, tail = piece.rpartition(b"\n")
            if newline:
                lines: list[bytes | None] = [*b"".join([*parts, head]).split(b"\n")]
                if too_long or held + len(lines[0] or b"") > most:
                    lines[0] = None
                yield number, lines
                number += len(lines)
                parts, held, too_long = [], 0, False
            parts.append(tail)
            held += len(tail)
            if held > most:
                parts, too_long = [], True
    if held:
        yield number, [None if too_long else b"".join(parts)]
