# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""A document as sections, and the first sentence that says something."""

import re
from typing import Final

from attrs import field, frozen

from enliterator_core import MASK, Block, Document, plain, sentences
from enliterator_lexicon.words import LINKING

_MARKER: Final = re.compile(r"\s*(?:[-*+•]|\d+[.)])\s+(?:\[[ xX]\]\s+)?|\s*>\s?")
_LABELLED: Final = re.compile(
    r"(?:note|warning|tip|caution|important|stability|type|default|added in|since|example)\b[^.]{0,12}:", re.IGNORECASE
)
_CLOSED: Final = re.compile(r"[.!][\"')\]*_`”’»]*$")


@frozen
class Section:
    """A heading (None: the text before the first) with the blocks under it and the headings it stands under."""

    heading: Block | None
    parents: tuple[Block, ...]
    blocks: list[Block] = field(factory=list)


def sections(document: Document) -> list[Section]:
    """Return the document's sections in order, the one before the first heading included."""
    found = [Section(None, ())]
    open_headings: list[Block] = []
    for block in document.blocks:
        if block.kind == "heading":
            while open_headings and open_headings[-1].level >= block.level:
                open_headings.pop()
            found.append(Section(block, tuple(open_headings)))
            open_headings.append(block)
        else:
            found[-1].blocks.append(block)
    return found


def without_marker(text: str, start: int, end: int) -> int:
    """Return where the words of a list item or quote begin, after its marker."""
    match = _MARKER.match(text, start, end)
    return match.end() if match else start


def first_sentence(text: str, start: int, end: int) -> tuple[str, tuple[int, int]] | None:
    """Return the first whole sentence between two positions, in the source's words, and where it stands.

    What a directive such as `.. versionchanged::` opens says nothing of what it stands in.
    """
    if text.startswith(".. ", start):
        return None
    for begin, stop in sentences(text, start, min(end, start + 2000))[:3]:
        words = plain(text[begin:stop])
        if is_statement(words):
            return words, (begin, stop)
    return None


def is_statement(words: str) -> bool:
    """Say whether words are a whole sentence that says something: closed, not too long, nothing masked in it."""
    if not 12 <= len(words) <= 400 or MASK in words or not _CLOSED.search(words) or _LABELLED.match(words):
        return False
    if words[0].islower() and words.split()[0] in LINKING | {"and", "or", "but", "then", "so", "which"}:
        return False
    return len(words.split()) >= 3 and (words[0].isalnum() or words[0] in "\"'“‘(`$./<*-")


def description_of(text: str, blocks: list[Block], kind: str = "topic") -> tuple[str, tuple[int, int]] | None:
    """Return the first whole sentence of the first paragraph that has one, for a heading of that kind.

    What code or a table comes before is not described by what follows. A list ends the search for a topic, may itself
    describe a procedure, an entry or a release, and is passed over (parameters) for an interface.
    """
    for block in blocks[:12]:
        if block.kind == "table" or (block.kind == "code" and block.info != "html"):
            return None
        if block.kind == "item" and kind in {"topic", "question"}:
            return None
        if block.kind == "paragraph" or (block.kind == "item" and kind != "interface"):
            begin = without_marker(text, block.start, block.end) if block.kind == "item" else block.start
            found = first_sentence(text, begin, block.end)
            if found:
                return found
    return None
