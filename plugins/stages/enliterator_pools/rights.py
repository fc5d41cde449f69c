# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""What files state of themselves: who holds the rights, under which licence they stand, who wrote them."""

import re
from typing import Final

from attrs import frozen

from enliterator_core import MASK, Candidate, Claim, Document, Extraction, Extractor, Reference, Source, Span

_HEAD: Final = 4000
_TAG: Final = "SPDX-" + "License-Identifier:"
_LICENCE: Final = re.compile(_TAG + r"[ \t]*(?P<id>[A-Za-z0-9.+-]+(?: (?:OR|AND|WITH) [A-Za-z0-9.+-]+)*)")
_HOLDER: Final = re.compile(
    r"^[^\w\n\"'`]{0,8}(?:SPDX-"
    + r"FileCopyrightText:|(?:Copyright|©)(?:[ \t]+(?:\([cC]\)|©))?)[ \t]*(?:\([cC]\)[ \t]*|©[ \t]*)?"
    r"(?:(?P<year>(?:19|20)\d\d)(?:[ \t]*[-–,][ \t]*(?:(?:19|20)\d\d|present))*,?[ \t]+)?(?:by[ \t]+)?"
    r"(?P<holder>[^\n]{2,120}?)[ \t]*(?:\*/|-->|#+)?[ \t]*$",
    re.MULTILINE,
)
_RESERVED: Final = re.compile(
    r"[,.]?\s*all rights reserved\.?|\s*<[^>]*>|\s*\(https?:[^)]*\)|\s*https?://\S+|(?:[\s,–-]*\b(?:19|20)\d\d)+$",
    re.IGNORECASE,
)
_NAME: Final = re.compile(r"(?:[^\W\d_]|[\"'])[\w.,&'’()/ -]{1,80}")


@frozen
class Statements(Extractor):
    """Copyright lines, licence tags and authors, as a file states them of itself."""

    name = "statements"

    def reads(self, source: Source) -> bool:
        """Want files, not commits."""
        return source.kind == "file"

    def extract(self, source: Source, document: Document) -> Extraction:
        """Return owns, authors, and the connection of a file to its licence."""
        head = document.text[: _end_of_head(source, document)]
        candidates: list[Candidate] = []
        claims: list[Claim] = []
        itself = Reference("Manifest", source.path)
        for match in _HOLDER.finditer(head):
            holder = holder_of(match["holder"])
            if holder and (
                match["year"] or "SPDX" in match.group() or "(c)" in match.group().lower() or "©" in match.group()
            ):
                span = _line(source, document.text, match.start("holder"))
                candidates.append(Candidate("Actor", holder, "rights holder", evidence=(span,)))
                claims.append(Claim(Reference("Actor", holder), "owns", itself, (span,)))
        tagged = _LICENCE.search(head)
        if tagged and _own_tag(head, tagged.start()):
            span = _line(source, document.text, tagged.start())
            candidates.append(Candidate("Rights", tagged["id"], "licence", evidence=(span,)))
            claims.append(Claim(itself, "connects_to", Reference("Rights", tagged["id"]), (span,), predicate="license"))
        for name, span in _authors(source, document):
            candidates.append(Candidate("Actor", name, "person", evidence=(span,)))
            claims.append(Claim(Reference("Actor", name), "authors", itself, (span,)))
        return Extraction(tuple(candidates), tuple(claims))


def holder_of(words: str) -> str | None:
    """Return a rights holder's name without address, reservation and full stop; None when no name is left."""
    name = _RESERVED.sub("", words).strip(" \t.,;:-*/#\"'")
    if MASK in name:
        name = name.partition(MASK)[0].strip(" \t.,;:<(")
    if not _NAME.fullmatch(name) or not any(part[0].isupper() for part in name.split()):
        return None
    return (
        None
        if re.search(r"\b(?:notice|owner|holder|holders|license|licence|year|yyyy|name of)\b", name, re.I)
        else name
    )


def _end_of_head(source: Source, document: Document) -> int:
    """Return where a file stops speaking of itself: in Python at its first statement, as strings may quote others."""
    if source.path.endswith(".py"):
        return min((block.start for block in document.blocks if block.kind in {"symbol", "code"}), default=_HEAD)
    return _HEAD


def _own_tag(head: str, position: int) -> bool:
    """Say whether a tag stands in the file's opening comment, not in prose or code about tags."""
    line = head[head.rfind("\n", 0, position) + 1 : position]
    return head.count("\n", 0, position) < 20 and not re.search(r"[\w\"'`]", line)


def _line(source: Source, text: str, position: int) -> Span:
    start = text.rfind("\n", 0, position) + 1
    end = text.find("\n", position)
    end = len(text) if end < 0 else end
    piece = text[start:end]
    return Span(source.path, start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip()))


def _authors(source: Source, document: Document) -> list[tuple[str, Span]]:
    """Return who the front matter names as author, with the line that does."""
    stated = dict(document.stated).get("author") or dict(document.stated).get("authors")
    block = next((block for block in document.blocks if block.kind == "front_matter"), None)
    if not stated or block is None:
        return []
    found = []
    for name in (holder_of(part) for part in stated.split(",")):
        place = document.text.find(name, block.start, block.end) if name else -1
        if name and place >= 0:
            found.append((name, _line(source, document.text, place)))
    return found
