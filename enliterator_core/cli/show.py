# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The only place that prints: results on stdout, progress, notes and errors on stderr."""

import json
import sys
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from time import monotonic
from typing import Any

from enliterator_core.contracts.stage import Progress
from enliterator_core.errors import EnliteratorError

SCHEMA_VERSION = 1


def plain(text: str) -> str:
    """Return text that stays on its line and gives a terminal no orders: control characters are written as escapes."""
    if text.isprintable():
        return text

    def shown(character: str) -> bool:
        return character.isprintable() or unicodedata.category(character) in ("Zs", "Cf")

    return "".join(character if shown(character) else ascii(character)[1:-1] for character in text)


def line(text: str = "") -> None:
    """Print one line of the result."""
    print(text)


def document(key: str, values: Any) -> None:
    """Print one JSON object: ``schema_version`` and the values under their key."""
    json_object({"schema_version": SCHEMA_VERSION, key: values})


def json_object(values: Mapping[str, Any]) -> None:
    """Print one JSON object as it is."""
    print(json.dumps(values, ensure_ascii=False, indent=2, default=str))


def table(rows: Iterable[Sequence[object]], *, indent: int = 0, right: Iterable[int] = ()) -> None:
    """Print rows in columns as wide as needed, two spaces apart; the columns of `right` stand to the right."""
    cells = [[plain(str(cell)) for cell in row] for row in rows]
    if not cells:
        return
    widths = [max(len(row[i]) for row in cells if i < len(row)) for i in range(max(map(len, cells)))]
    to_right = set(right)
    for row in cells:
        fitted = [cell.rjust(widths[i]) if i in to_right else cell.ljust(widths[i]) for i, cell in enumerate(row)]
        print((" " * indent + "  ".join(fitted)).rstrip())


def note(text: str) -> None:
    """Say something on stderr."""
    print(text, file=sys.stderr, flush=True)


def error(problem: EnliteratorError) -> None:
    """Say on stderr what is wrong, where, and what to do."""
    first, *rest = problem.message.split("\n")
    note("\n".join([f"error: {plain(first)}", *(f"  {plain(one)}" for one in rest)]))
    if problem.hint:
        note(f"  {plain(problem.hint)}")


def number(value: float) -> str:
    """Write a number for people: 1,204 or .81 or 78.3."""
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:.2f}".removeprefix("0") if abs(value) < 1 else f"{value:,.2f}" if value == 1 else f"{value:,.1f}"


def money(amount: float, currency: str) -> str:
    """Write an amount: 3.47 USD, and where that would say nothing, four decimals: 0.0054 USD."""
    return f"{amount:,.2f} {currency}" if amount >= 1 or round(amount, 2) == amount else f"{amount:.4f} {currency}"


class Terminal(Progress):
    """Progress as one line of stderr that is written over; silent when stderr is no terminal, or when told to be."""

    def __init__(self, *, quiet: bool = False, verbose: bool = False) -> None:
        self._shown = sys.stderr.isatty() and not quiet
        self._verbose = verbose
        self._quiet = quiet
        self._label = ""
        self._total: int | None = None
        self._done = 0
        self._last = 0.0

    def begin(self, label: str, total: int | None = None) -> None:
        """Show a new line of work."""
        self._label, self._total, self._done, self._last = label, total, 0, 0.0

    def advance(self, count: int = 1) -> None:
        """Show how far it is, at most ten times a second."""
        self._done += count
        if self._shown and monotonic() - self._last > 0.1:
            self._last = monotonic()
            of = f" of {self._total:,}" if self._total is not None else ""
            self._write(f"  {self._label}  {self._done:,}{of}")

    def live(self, text: str) -> None:
        """Show a line of work in other words than a count."""
        if self._shown:
            self._write(f"  {plain(text)}")

    def end(self) -> None:
        """Take the line away."""
        if self._shown:
            self._write("")

    def say(self, message: str) -> None:
        """Tell a detail, with `--verbose`."""
        if self._verbose:
            self.end()
            note(f"  {plain(message)}")

    def tell(self, message: str) -> None:
        """Tell what everybody should know, unless they asked for quiet."""
        if not self._quiet:
            self.end()
            note(plain(message))

    def _write(self, text: str) -> None:
        sys.stderr.write(f"\r\x1b[K{text}")
        sys.stderr.flush()
