# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""From the lines and byte columns of a syntax tree to spans that count characters."""

import ast
import re
from typing import Final

from enliterator_core import Span

_NEWLINE: Final = re.compile(r"\r\n|\r|\n")


class Places:
    """Turns nodes of one file's syntax tree into spans of its text."""

    def __init__(self, source: str, text: str) -> None:
        self._source = source
        self._text = text
        self._starts = [0, *(match.end() for match in _NEWLINE.finditer(text))]

    def at(self, line: int, column: int) -> int:
        """Return the position of a line (from 1) and a column in UTF-8 bytes."""
        start = self._starts[line - 1]
        words = self._text[start : start + column]
        if not words.isascii():
            words = words.encode("utf-8", "surrogatepass")[:column].decode("utf-8", "ignore")
        return start + len(words)

    def of(self, node: ast.stmt | ast.expr) -> Span:
        """Return the span of a whole node."""
        end = self.at(node.end_lineno or node.lineno, node.end_col_offset or 0)
        return Span(self._source, self.at(node.lineno, node.col_offset), end)
