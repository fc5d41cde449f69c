# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Terms from a document's structure: the document itself and what its headings name."""

import re
from itertools import pairwise
from typing import Final

from attrs import define, field

from enliterator_core import MASK, UNKNOWN_TIME, Block, Candidate, Claim, Document, Reference, Source, Span, Time, plain
from enliterator_lexicon.names import (
    as_title,
    content_words,
    date_of,
    heading_words,
    is_empty,
    is_generic,
    is_instruction,
    is_introductory,
    opens_with_date,
    stands_alone,
    version_of,
)
from enliterator_lexicon.prose import Section, description_of, first_sentence, sections, without_marker

_CHANGELOG: Final = re.compile(
    r"(?:^|/)(?:change(?:s|log)|history|news|releases?(?:[-_ ]?notes)?)[^/]*$", re.IGNORECASE
)
_NAMES_VERSION: Final = re.compile(r"\b(?:version|release|v)\s*\d+\.\d", re.IGNORECASE)
# A heading that is all code, but for a word that says what kind: `fold(name)`, Event: `'close'`.
_CODE_HEADING: Final = re.compile(r"^#*\s*(?:[A-Z][\w ]{2,24}:\s+)?`[^`]+`(?:\s*,\s*`[^`]+`)*\s*#*\s*$")
_SHORT: Final = 3  # words
_KINDS: Final = {"text/x-python": "module", "text/markdown": "document", "text/plain": "text", "text/x-rst": "document"}


@define
class Found:
    """What the rules have found in one source so far."""

    source: Source
    document: Document
    title: str
    candidates: list[Candidate] = field(factory=list)
    claims: list[Claim] = field(factory=list)

    def span(self, start: int, end: int) -> Span:
        """Return a span of this source."""
        return Span(self.source.path, start, end)

    def add(self, candidate: Candidate) -> None:
        """Keep a candidate, and that this document describes it."""
        self.candidates.append(candidate)
        described = Reference("Manifest", self.source.path)
        self.claims.append(
            Claim(
                Reference(candidate.pool, candidate.name),
                "connects_to",
                described,
                candidate.evidence,
                predicate="is described in",
            )
        )


def title_of(source: Source, document: Document) -> str:
    """Return the words of the title, or the file's name when there is none."""
    first = next((block for block in document.blocks if block.kind == "heading"), None)
    title = heading_words(document.title) or (heading_words(first.name) if first and first.level == 1 else "")
    return title or source.path.rsplit("/", 1)[-1]


def about_file(found: Found, module: str | None) -> None:
    """Add the file itself: its title, file name and module name, and what its first words say it is."""
    source, document = found.source, found.document
    file_name = source.path.rsplit("/", 1)[-1]
    forms = [found.title, file_name] if "/" in source.path else [found.title]
    if module:
        stem = file_name.removesuffix(".py")
        alone = [stem, f"module {stem}"] if module == source.path.removesuffix(".py").replace("/", ".") != stem else []
        forms += [module, f"module {module}", *alone] if file_name != "__main__.py" else []
    kind = _KINDS.get(source.media_type, "file")
    said = _docstring(document) if kind == "module" else _stated(document) or _opening(document, kind, found.title)
    evidence = (found.span(*said[1]),) if said else _first_words(found)
    forms = [form for form in dict.fromkeys(forms) if form and form != source.path]
    name = said[0] if said else ""
    if evidence:
        found.candidates.append(Candidate("Manifest", source.path, kind, name, tuple(forms), evidence, document.time))


def _docstring(document: Document) -> tuple[str, tuple[int, int]] | None:
    for block in document.blocks:
        if block.info == "docstring" and not block.name:
            return first_sentence(document.text, block.start, block.end)
    return None


def _stated(document: Document) -> tuple[str, tuple[int, int]] | None:
    """Return the description that a document's front matter gives, where its words stand on one line."""
    stated = dict(document.stated).get("description", "").strip()
    end = next((block.start for block in document.blocks if block.kind in {"heading", "paragraph"}), len(document.text))
    start = document.text.find(stated, 0, end)
    if start < 0 or not 3 <= len(stated.split()) <= 60 or MASK in stated:
        return None
    return plain(stated), (start, start + len(stated))


def _opening(document: Document, kind: str, title: str) -> tuple[str, tuple[int, int]] | None:
    """Return the first sentence that a document says of itself: before its first heading, under its title, or under a
    heading such as `Overview`; nothing that stands under the heading of something else."""
    if kind == "file" and not document.title:
        return None
    blocks: list[Block] = []
    own = True
    for block in document.blocks:
        if block.kind == "heading":
            if blocks:
                break
            words = heading_words(block.name)
            own = words == title or is_introductory(words)
            if not own and not is_empty(words) and not is_generic(words):
                break
        elif own and block.kind in {"paragraph", "quote"} and not block.info:
            blocks.append(block)
    return description_of(document.text, blocks)


def _first_words(found: Found) -> tuple[Span, ...]:
    """Return the first line of the file that is not empty: the evidence that the file is there."""
    match = re.search(r"\S[^\n]{0,199}", found.document.text)
    return (found.span(match.start(), match.end()),) if match else ()


def about_headings(found: Found) -> None:
    """Add what the headings with text beneath them name, and the order of releases that state their dates."""
    changelog = bool(_CHANGELOG.search(found.source.path.rsplit(".", 1)[0]))
    releases: list[Candidate] = []
    for section in sections(found.document):
        heading = section.heading
        if heading is None:
            continue
        words = heading_words(heading.name)
        if words and not is_empty(words) and not is_introductory(words) and (heading.level > 1 or words != found.title):
            candidate = _about_heading(found, section, heading, words, changelog)
            if candidate and candidate.kind == "release" and candidate.time.basis == "statement":
                releases.append(candidate)
    for one, other in pairwise(releases):
        earlier, later = (one, other) if (one.time.value or "") < (other.time.value or "") else (other, one)
        if earlier.time.value != later.time.value:
            ends = Reference(earlier.pool, earlier.name), Reference(later.pool, later.name)
            found.claims.append(Claim(ends[0], "precedes", ends[1], (earlier.evidence[-1], later.evidence[-1])))


def _about_heading(found: Found, section: Section, heading: Block, words: str, changelog: bool) -> Candidate | None:
    pool, kind, time = _sort_of(found.document.text[heading.start : heading.end], words, changelog)
    said = description_of(found.document.text, section.blocks, kind)
    if (said is None and pool in {"Idea", "Manifest"}) or not section.blocks:
        return None
    defined = said is not None and defines(said[0], words)
    alone = stands_alone(words) if pool in {"Idea", "Practical"} else False
    alone = alone or (pool == "Experience" and len(content_words(words)) > 4)
    alone = alone or (kind == "interface" and words.isupper() and "_" in words)
    context = "" if alone or (defined and not is_generic(words)) else context_of(found, section)
    name = f"{words} ({context})" if context else words
    evidence = [found.span(heading.start, heading.end)]
    if said:
        evidence.insert(0, found.span(*said[1]))
    forms: tuple[str, ...] = (words,) if context and not is_generic(words) else ()
    if context and len(context.split()) <= _SHORT and "/" not in context:
        forms += (f"{context} {words}",)  # as people say it
    text = said[0] if said else ""
    stated = time if time.value else found.document.time
    candidate = Candidate(pool, name, kind, text, forms, tuple(evidence), stated)
    found.add(candidate)
    return candidate


def _sort_of(marked: str, words: str, changelog: bool) -> tuple[str, str, Time]:
    """Return the pool and kind of what a heading names, and the date that it states."""
    if opens_with_date(words):
        released = changelog or _NAMES_VERSION.search(words)
        return ("Evolutionary", "release", date_of(words)) if released else ("Experience", "entry", date_of(words))
    if version_of(words) and (changelog or date_of(words).value):
        return "Evolutionary", "release", date_of(words)
    if _CODE_HEADING.search(marked):
        return "Manifest", "interface", UNKNOWN_TIME
    if is_instruction(words):
        return "Practical", "procedure", UNKNOWN_TIME
    return "Idea", "question" if words.endswith("?") else "topic", UNKNOWN_TIME


def context_of(found: Found, section: Section) -> str:
    """Return the nearest words above a section that can be understood by themselves, to qualify a name."""
    for parent in reversed(section.parents):
        words = heading_words(parent.name)
        if words and words != found.title and stands_alone(words):
            return as_title(words, as_title(found.title, found.source.path))
    return as_title(found.title, found.source.path)


def defines(sentence: str, words: str) -> bool:
    """Say whether a sentence opens by saying what the words are: `A batch is ...` under the heading `Batches`."""
    match = re.match(
        r"(?:(?:an?|the)\s+)?(.{2,80}?)\s+(?:is|are|means?|refers? to|stands? for|describes?|holds?)\s", sentence, re.I
    )
    return match is not None and bare(match[1]) == bare(words)


def bare(words: str) -> str:
    """Return words folded, without article and plural ending, to compare names."""
    folded = re.sub(r"^(?:an?|the)\s+", "", " ".join(words.casefold().strip("\"'“”`*_.:").split()))
    return re.sub(r"(?<=[^s\W])s$|(?<=[sxz])es$|(?<=[cs]h)es$", "", folded)


def marker_end(found: Found, block: Block) -> int:
    """Return where the words of a block begin, after a list marker."""
    return without_marker(found.document.text, block.start, block.end) if block.kind != "paragraph" else block.start
