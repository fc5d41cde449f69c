# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Python, through the standard library's parser; nothing is ever run or imported.

Blocks: `symbol` (the header of a class or function, from `class` or `def` to its colon; name: its qualified name in
the module, info: class, function, method or test, level: how deep it is nested), `paragraph` with info `docstring`
(one for each paragraph of a docstring; name: the qualified name of what it describes, empty for the module),
`comment` (whole lines, one block for those that follow each other) and `code` with info `import` (an import
statement; name: the module it names, with its leading dots). Where a file is not valid Python it is read as pieces
of code, and `stated` says so under `problem`.
"""

import ast
import re
import warnings
from collections.abc import Iterator
from typing import Final

from attrs import define, field, frozen

from enliterator_core import Block, Document, Raw, Reader, RefusedError, hookimpl

_LINE_END: Final = re.compile(r"\r\n|\n|\r")
_CHUNK: Final = re.compile(r"\S[^\n]*(?:\n[^\S\n]*\S[^\n]*)*")
_PARAGRAPH_END: Final = re.compile(r"\n[^\S\n]*(?:\n[^\S\n]*)*\n")
_TO_COLON: Final = re.compile(r"(?:[^:#\n]|\n|#[^\n]*)*:")
_OPENING: Final = re.compile(r"[rRuUbBfF]{0,2}(\"\"\"|'''|\"|')")
# Strings and comments, each from its first character; a string that does not end is passed over quote by quote.
_TOKEN: Final = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"""'
    r"|'''(?:[^'\\]|\\.|'(?!''))*'''"
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|'(?:[^'\\\n]|\\.)*'"
    r"|#[^\n]*",
    re.DOTALL,
)

_Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


@define
class _Blocks:
    """Turns a parsed module into blocks."""

    text: str
    path: str
    starts: list[int] = field(init=False)
    ascii: bool = field(init=False)
    blocks: list[Block] = field(factory=list)

    def __attrs_post_init__(self) -> None:
        self.starts = [0, *(found.end() for found in _LINE_END.finditer(self.text))]
        self.ascii = self.text.isascii()

    def at(self, line: int, column: int) -> int:
        """Return the position of a line (from 1) and column (in bytes of UTF-8), as the parser counts them."""
        start = self.starts[line - 1]
        if self.ascii:
            return start + column
        end = self.starts[line] if line < len(self.starts) else len(self.text)
        return start + len(self.text[start:end].encode("utf-8")[:column].decode("utf-8"))

    def start(self, node: ast.stmt | ast.expr) -> int:
        """Return where a node starts."""
        return self.at(node.lineno, node.col_offset)

    def end(self, node: ast.stmt | ast.expr | ast.arg | ast.keyword) -> int:
        """Return where a node ends."""
        return self.at(node.end_lineno or node.lineno, node.end_col_offset or 0)

    def module(self, tree: ast.Module) -> None:
        """Add the blocks of a whole module, in order."""
        self.docstring(tree, "")
        waiting: list[tuple[ast.stmt, str, int, bool]] = [(node, "", 0, False) for node in reversed(tree.body)]
        while waiting:
            node, outer, level, in_class = waiting.pop()
            if isinstance(node, _Definition):
                name = f"{outer}.{node.name}" if outer else node.name
                self.symbol(node, name, level, in_class)
                self.docstring(node, name)
                inner = isinstance(node, ast.ClassDef)
                waiting += [(child, name, level + 1, inner) for child in reversed(node.body)]
            elif isinstance(node, ast.Import | ast.ImportFrom):
                self.imported(node)
            elif isinstance(node, ast.If | ast.Try | ast.With | ast.For | ast.While):
                waiting += [(child, outer, level, in_class) for child in reversed(list(_statements(node)))]
        self.comments()
        self.blocks.sort(key=lambda block: (block.start, -block.end))

    def symbol(self, node: _Definition, name: str, level: int, in_class: bool) -> None:
        """Add the header of a class or function."""
        start = self.start(node)
        parts: list[ast.expr | ast.arg | ast.keyword]
        if isinstance(node, ast.ClassDef):
            info, parts = "class", [*node.bases, *node.keywords]
        else:
            info = "test" if self._is_test(node.name) else "method" if in_class else "function"
            given = node.args
            parts = [*given.posonlyargs, *given.args, *given.kwonlyargs, *given.defaults]
            parts += [one for one in (given.vararg, given.kwarg, node.returns, *given.kw_defaults) if one is not None]
        parts += getattr(node, "type_params", [])
        known = max((self.end(part) for part in parts), default=start)
        close = _TO_COLON.match(self.text, known)
        if close:
            self.blocks.append(Block("symbol", start, close.end(), level, info, name))

    def _is_test(self, name: str) -> bool:
        file_name = self.path.rsplit("/", 1)[-1]
        return name.startswith("test") and (file_name.startswith("test") or file_name.endswith("_test.py"))

    def docstring(self, node: ast.Module | _Definition, name: str) -> None:
        """Add the paragraphs of a docstring, without its quotes."""
        first = node.body[0] if node.body else None
        if not (isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)):
            return
        if not isinstance(first.value.value, str):
            return
        start, end = self.start(first.value), self.end(first.value)
        opening = _OPENING.match(self.text, start)
        if opening is None or self.text.find(opening[1], opening.end()) != end - len(opening[1]):
            return  # several literals in a row, or an escaped quote: no one span holds its words
        begin, stop = opening.end(), end - len(opening[1])
        for found in _PARAGRAPH_END.finditer(self.text, begin, stop):
            self._add_words(begin, found.start(), name)
            begin = found.end()
        self._add_words(begin, stop, name)

    def _add_words(self, start: int, end: int, name: str) -> None:
        piece = self.text[start:end]
        first, last = start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip())
        if first < last:
            self.blocks.append(Block("paragraph", first, last, info="docstring", name=name))

    def imported(self, node: ast.Import | ast.ImportFrom) -> None:
        """Add a block for each module that an import statement names."""
        names = [alias.name for alias in node.names]
        if isinstance(node, ast.ImportFrom):
            names = ["." * node.level + (node.module or "")]
        for name in names:
            self.blocks.append(Block("code", self.start(node), self.end(node), info="import", name=name))

    def comments(self) -> None:
        """Add the comments that have lines of their own, those on neighbouring lines together."""
        first = last = -1
        for token in _TOKEN.finditer(self.text):
            if token[0][0] != "#" or token[0].startswith("#!"):
                continue
            line_start = self.text.rfind("\n", 0, token.start()) + 1
            if self.text[line_start : token.start()].strip():
                continue
            end = token.start() + len(token[0].rstrip())
            if first >= 0 and self.text[last:line_start].strip("\r") == "\n":
                last = end
                continue
            self._add_comment(first, last)
            first, last = token.start(), end
        self._add_comment(first, last)

    def _add_comment(self, start: int, end: int) -> None:
        if start >= 0 and self.text[start:end].strip("# \t\r\n"):
            self.blocks.append(Block("comment", start, end))


def _statements(node: ast.stmt) -> Iterator[ast.stmt]:
    """Yield the statements inside a compound one, in order."""
    for part in ("body", "handlers", "orelse", "finalbody"):
        for child in getattr(node, part, ()):
            if isinstance(child, ast.ExceptHandler):
                yield from child.body
            else:
                yield child


def parsed(text: str) -> ast.Module | str:
    """Return the module's tree, or in a few words why there is none."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except SyntaxError as error:
        return f"not valid Python: {error.msg} (line {error.lineno})"
    except (ValueError, RecursionError, MemoryError) as error:
        return f"not readable as Python: {error or type(error).__name__}"


@frozen
class Python(Reader):
    """Read Python modules and stubs."""

    name = "python"
    media_types = {".py": "text/x-python", ".pyi": "text/x-python", ".pyw": "text/x-python"}

    def read(self, raw: Raw) -> Document:
        """Return the document; its title is empty, since a module is called by its path."""
        if raw.text is None:
            raise RefusedError("it is not text")
        tree = parsed(raw.text)
        if isinstance(tree, str):
            pieces = (Block("code", found.start(), found.end()) for found in _CHUNK.finditer(raw.text))
            return Document(raw.text, tuple(pieces), stated=(("problem", tree),))
        made = _Blocks(raw.text, raw.path)
        made.module(tree)
        return Document(raw.text, tuple(made.blocks))


@hookimpl
def register_readers() -> list[type[Reader]]:
    """Add Python."""
    return [Python]
