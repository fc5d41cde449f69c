# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Any text that no other reader knows: prose as paragraphs and headings, everything else as pieces of code.

Prose is what ends in `.txt`, `.text`, `.rst` or `.adoc`, or has no ending and a capital first letter (README, LICENSE,
NOTICE, CODEOWNERS). Its blocks are `heading` (a line with a line of the same punctuation under it; the level follows
the order in which the punctuation first appears), `item` (info: `-` or the ordinal), `code` (what is indented after
`::`, or a directive's content; info: the language), `quote` (remarks such as `.. note::`; info:
the directive), `comment` and `paragraph`. In everything else, runs of lines are `code`, and runs of lines that start
with `#`, `//`, `;` or `--` are `comment`.

Keep this reader after all others: it takes every file that is text.
"""

import re
from collections.abc import Iterator
from typing import Final

from attrs import define, field, frozen

from enliterator_core import Block, Document, Raw, Reader, RefusedError, hookimpl

_MEDIA_TYPES: Final = {
    ".txt": "text/plain",
    ".text": "text/plain",
    ".rst": "text/x-rst",
    ".adoc": "text/asciidoc",
    ".css": "text/css",
    ".csv": "text/csv",
    ".tsv": "text/tab-separated-values",
    ".html": "text/html",
    ".htm": "text/html",
    ".xml": "application/xml",
    ".svg": "image/svg+xml",
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".ts": "text/x-typescript",
    ".sh": "text/x-shellscript",
    ".bash": "text/x-shellscript",
    ".yml": "application/yaml",
    ".yaml": "application/yaml",
    ".jsonl": "application/jsonl",
    ".ini": "text/x-ini",
    ".cfg": "text/x-ini",
    ".sql": "application/sql",
    ".c": "text/x-c",
    ".h": "text/x-c",
    ".go": "text/x-go",
    ".rs": "text/x-rust",
    ".java": "text/x-java",
    ".rb": "text/x-ruby",
}
_PROSE: Final = frozenset({"text/plain", "text/x-rst", "text/asciidoc"})
_CONTROL: Final = re.compile(rb"[\x00-\x06\x0e-\x1a\x1c-\x1f\x7f]")
_BOMS: Final = (b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")
_LINE: Final = re.compile(r"[^\n]*\n|[^\n]+\Z")
_UNDERLINE: Final = re.compile(r"([=\-`:.'\"~^_*+#<>])\1{2,}")
_BULLET: Final = re.compile(r"([-*+•]|\d{1,4}[.)]|#\.)[ \t]+\S")
_DIRECTIVE: Final = re.compile(r"\.\. +([\w:+.-]+)::[ \t]*(.*)")
_CODE_DIRECTIVES: Final = frozenset({"code", "code-block", "sourcecode", "parsed-literal", "doctest", "highlight"})
#: what speaks of the document, or beside the point
_ASIDES: Final = frozenset(
    {
        "admonition",
        "attention",
        "caution",
        "danger",
        "deprecated",
        "error",
        "hint",
        "important",
        "note",
        "seealso",
        "tip",
    }
    | {"versionadded", "versionchanged", "warning"}
)
_COMMENT_LINE: Final = re.compile(r"[ \t]*(#|//|;|--|%)")


def is_text(head: bytes) -> bool:
    """Say whether a file that starts with these bytes is text: no NUL, and next to no control characters."""
    if head.startswith(_BOMS):
        return True
    if b"\0" in head:
        return False
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        whole = error.start < len(head) - 3  # a character may be cut in two where the head ends
        if whole and (_CONTROL.search(head) or sum(byte > 127 for byte in head) > len(head) * 0.3):
            return False
    return len(_CONTROL.findall(head)) <= len(head) // 100


@define
class _Line:
    start: int
    text: str
    indent: int = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.text = self.text.rstrip()
        self.indent = len(self.text) - len(self.text.lstrip())

    @property
    def end(self) -> int:
        return self.start + len(self.text)


def _chunks(text: str) -> Iterator[list[_Line]]:
    """Yield runs of lines between blank ones."""
    chunk: list[_Line] = []
    for found in _LINE.finditer(text):
        line = _Line(found.start(), found[0])
        if line.text:
            chunk.append(line)
        elif chunk:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _block(kind: str, lines: list[_Line], level: int = 0, info: str = "", name: str = "") -> Block:
    return Block(kind, lines[0].start + lines[0].indent, lines[-1].end, level, info, name)


@define
class _Prose:
    """Finds the blocks of prose, one run of lines after another."""

    blocks: list[Block] = field(factory=list)
    styles: list[str] = field(factory=list)
    literal: tuple[int, str, str] | None = None

    def take(self, lines: list[_Line]) -> None:
        """Add the blocks of one run of lines."""
        if self.literal is not None:
            indent, info, kind = self.literal
            if lines[0].indent > indent:
                self.blocks.append(_block(kind, lines, info=info))
                return
            self.literal = None
        while lines:
            used = self._heading(lines) or self._directive(lines) or self._words(lines)
            lines = lines[used:]

    def _heading(self, lines: list[_Line]) -> int:
        """Add a heading when the lines start with one; return how many lines it takes."""
        over = len(lines) > 2 and _UNDERLINE.fullmatch(lines[0].text) and lines[2].text == lines[0].text
        at = 1 if over else 0
        if len(lines) < at + 2:
            return 0
        title, under = lines[at], lines[at + 1]
        if not _UNDERLINE.fullmatch(under.text) or len(under.text) < len(title.text.strip()):
            return 0
        if _UNDERLINE.fullmatch(title.text) or (title.indent and not over):
            return 0
        style = under.text[0] + ("over" if over else "")
        if style not in self.styles:
            self.styles.append(style)
        self.blocks.append(_block("heading", [title], self.styles.index(style) + 1, name=" ".join(title.text.split())))
        return at + 2

    def _directive(self, lines: list[_Line]) -> int:
        first = lines[0].text.lstrip()
        if not first.startswith(".. ") and first != "..":
            return 0
        found = _DIRECTIVE.match(first)
        inside = next((i for i, line in enumerate(lines[1:], 1) if line.indent <= lines[0].indent), len(lines))
        if found and found[1] in _CODE_DIRECTIVES:
            self.literal = (lines[0].indent, found[2], "code")
            content = [line for line in lines[1:inside] if not line.text.lstrip().startswith(":")]
            if content:
                self.blocks.append(_block("code", content, info=found[2]))
        elif found and found[1] in _ASIDES:
            self.literal = (lines[0].indent, found[1], "quote")
            if inside > 1 or found[2]:
                self.blocks.append(_block("quote", lines[:inside], info=found[1]))
        elif not found or inside > 1:
            self.blocks.append(_block("comment", lines[:inside], info=found[1] if found else ""))
        return inside

    def _words(self, lines: list[_Line]) -> int:
        """Add a paragraph or an item up to where the next one starts."""
        bullet = _BULLET.match(lines[0].text.lstrip())
        count = 1
        while count < len(lines):
            line = lines[count].text.lstrip()
            if _BULLET.match(line) and (bullet or lines[count].indent > lines[0].indent):
                break
            if len(lines) > count + 1 and _UNDERLINE.fullmatch(lines[count + 1].text) and not lines[count].indent:
                break
            count += 1
        part = lines[:count]
        if len(part) == 1 and _UNDERLINE.fullmatch(part[0].text.strip()):
            return count  # a rule between two parts
        if part[-1].text.endswith("::"):
            self.literal = (lines[0].indent, "", "code")
        if bullet:
            info = bullet[1].rstrip(".)") if bullet[1][0].isdigit() else "-"
            self.blocks.append(_block("item", part, lines[0].indent // 2 + 1, info))
        else:
            self.blocks.append(_block("paragraph", part))
        return count


def _code(text: str) -> list[Block]:
    blocks: list[Block] = []
    for lines in _chunks(text):
        start = 0
        comment = bool(_COMMENT_LINE.match(lines[0].text))
        for index in range(1, len(lines) + 1):
            if index == len(lines) or bool(_COMMENT_LINE.match(lines[index].text)) != comment:
                blocks.append(_block("comment" if comment else "code", lines[start:index]))
                start, comment = index, not comment
    return blocks


@frozen
class Text(Reader):
    """Read every file that is text and that no other reader takes."""

    name = "text"
    media_types = _MEDIA_TYPES

    def matches(self, path: str, head: bytes) -> str | None:
        """Return a media type for anything that is text: by the name's ending, else text/plain or text/x-code."""
        if not is_text(head):
            return None
        known = super().matches(path, head)
        file_name = path.rsplit("/", 1)[-1]
        prose = "." not in file_name[1:] and file_name[:1].isupper() and file_name not in ("Makefile", "Dockerfile")
        return known or ("text/plain" if prose else "text/x-code")

    def read(self, raw: Raw) -> Document:
        """Return the document; its title is its first heading's words."""
        if raw.text is None:
            raise RefusedError("it is not text")
        if raw.media_type not in _PROSE:
            return Document(raw.text, tuple(_code(raw.text)))
        prose = _Prose()
        for lines in _chunks(raw.text):
            prose.take(lines)
        title = next((block.name for block in prose.blocks if block.kind == "heading"), "")
        return Document(raw.text, tuple(prose.blocks), title)


@hookimpl
def register_readers() -> list[type[Reader]]:
    """Add the reader for all other text."""
    return [Text]
