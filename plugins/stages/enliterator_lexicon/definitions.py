# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Terms that a text defines in so many words: `**Term**: ...`, definition lists, glossary tables, "An X is ...",
and abbreviations that stand behind their long forms."""

import re
from itertools import pairwise
from typing import Final

from enliterator_core import MASK, Block, Candidate, Claim, Reference, plain, sentences
from enliterator_lexicon.documents import Found, marker_end
from enliterator_lexicon.names import content_words, heading_words, is_instruction
from enliterator_lexicon.prose import is_statement
from enliterator_lexicon.words import AMBIGUOUS, CLAUSES, IMPERATIVE, LABELS, PRONOUNS, STOP

_LEAD: Final = re.compile(
    r"(?P<mark>\*\*|__)(?P<term>[^*_\n`\[\]]{2,60}?)(?P<inside>[:.]?)(?P=mark)(?P<label>\s*\([^()\n]{1,40}\))?"
    r"\s*(?P<outside>:|—|–|(?:-|--)(?=\s))?\s+(?=\S)"
)
_ITALIC: Final = re.compile(
    r"(?P<mark>\*|_)(?P<term>[^*_\n`\[\]]{2,60}?)(?P=mark)\s*(?P<outside>:|—|–|(?:-|--)(?=\s))\s+(?=\S)"
)
_IS: Final = re.compile(
    r"(?:(?<=^)|(?<=[.!?]\s)|(?<=\n))(?:An?\s|The\s)?(?P<mark>\*\*|\*|__|_|[“\"])(?P<term>[^*_\n`“”\"]{2,60}?)(?:(?P=mark)|”)"
    r"(?:\s+\((?P<short>[A-Z][A-Za-z0-9]{1,7})\))?\s+(?:is|are)\s+(?:an?|the|any|one|what|how|where|when|those|all)\s"
)
_ABBREVIATION: Final = re.compile(
    r"(?P<before>[^\n()]{4,120}?[\w*_”\"])\s+\((?P<short>[A-Z][A-Za-z]{0,3}[A-Z]{1,5}s?)\)"
)
_TERM_HEADS: Final = re.compile(
    r"term|word|name|concept|noun|phrase|abbreviation|acronym|pool|verb|role|kind|idea|principle|pattern"
)
_MEANING_HEADS: Final = re.compile(
    r"meaning|means|definition|defined as|description|explanation|what it (?:is|means|does|holds)|purpose|holds|adds"
    r"|stands for"
)
_TASK_HEADS: Final = re.compile(r"commands?|targets?|make targets?|scripts?|recipes?|tasks?")
_CELL: Final = re.compile(r"(?<!\\)\|")
_COMMON: Final = re.compile(r"\b(?:a|an|the|of|that|is|are|and|to|with|for|by|in|which|from)\b")


def about_definitions(found: Found) -> None:
    """Add every term that the document's prose and tables define."""
    text = found.document.text
    head: list[str] = []
    for block in found.document.blocks:
        if block.kind == "table":
            cells = _cells(text, block)
            if block.info == "head":
                head = [plain(text[a:b]).lower() for a, b in cells]
            else:
                _from_row(found, block, cells, head)
        elif block.kind in {"paragraph", "item", "quote"} and block.info != "docstring":
            _from_prose(found, block)


def _cells(text: str, block: Block) -> list[tuple[int, int]]:
    edges = [match.start() for match in _CELL.finditer(text, block.start, block.end)]
    if not edges or text[block.start : edges[0]].strip():
        edges.insert(0, block.start - 1)
    if text[edges[-1] + 1 : block.end].strip():
        edges.append(block.end)
    cells = []
    for left, right in pairwise(edges):
        piece = text[left + 1 : right]
        start = left + 1 + len(piece) - len(piece.lstrip())
        cells.append((start, max(start, left + 1 + len(piece.rstrip()))))
    return cells


def _from_row(found: Found, block: Block, cells: list[tuple[int, int]], head: list[str]) -> None:
    if len(cells) < 2 or len(head) < 2 or not _MEANING_HEADS.fullmatch(head[1]):
        return
    text = found.document.text
    marked = text[slice(*cells[0])]
    name, meaning = heading_words(marked), plain(text[slice(*cells[1])])
    if len(content_words(meaning)) < 2 or not name or MASK in meaning or name == meaning:
        return
    if _TASK_HEADS.fullmatch(head[0]) and "`" in marked and not name.startswith("-"):
        pool, kind = "Practical", "command"
    elif _TERM_HEADS.fullmatch(head[0]) and len(name.split()) <= 6:
        pool, kind = "Idea", "term"
    else:
        return
    evidence = (found.span(*cells[1]), found.span(block.start, block.end))
    found.add(Candidate(pool, name, kind, meaning, (), evidence, found.document.time))


def _from_prose(found: Found, block: Block) -> None:
    text = found.document.text
    start = marker_end(found, block)
    if block.info == "definition":
        _definition_list(found, block)
        return
    if text[start : start + 1] in ("*", "_"):
        lead = _LEAD.match(text, start, block.end) or _ITALIC.match(text, start, block.end)
        if lead:
            _from_lead(found, block, start, lead)
    for match in _IS.finditer(text, start, block.end):
        _from_sentence(found, block, match)
    if ")" in text[start : block.end]:
        for match in _ABBREVIATION.finditer(text, start, block.end):
            _abbreviation(found, block, match)


def _definition_list(found: Found, block: Block) -> None:
    text = found.document.text
    colon = re.compile(r"\n[ \t]*:[ \t]+|^[ \t]*:[ \t]+").search(text, block.start, block.end)
    start = colon.end() if colon else block.start
    first = next(iter(sentences(text, start, block.end)), None)
    name = heading_words(block.name)
    if first and name and len(content_words(plain(text[slice(*first)]))) >= 2:
        _define(found, name, first, (block.start, block.end))


def _from_lead(found: Found, block: Block, start: int, lead: re.Match[str]) -> None:
    text, groups = found.document.text, lead.groupdict()
    by_stop = groups.get("inside") == "." and not groups.get("outside")
    if not by_stop and not groups.get("inside") and not groups.get("outside"):
        return
    name = heading_words(lead["term"])
    first = next(iter(sentences(text, lead.end(), block.end)), None)
    if first is None or not names_something(name) or (by_stop and (len(name.split()) > 4 or _is_request(name))):
        return
    words = plain(text[slice(*first)])
    if (
        len(words.split()) < 5
        or not _COMMON.search(words)
        or words.endswith((":", "?"))
        or MASK in words
        or len(words) > 400
    ):
        return
    _define(found, name, first, (start, first[1]))


def _from_sentence(found: Found, block: Block, match: re.Match[str]) -> None:
    name = heading_words(match["term"])
    where = next(iter(sentences(found.document.text, match.start(), block.end)), None)
    if (
        where
        and names_something(name)
        and len(name.split()) <= 5
        and is_statement(plain(found.document.text[slice(*where)]))
    ):
        _define(found, name, where, where)


def _define(found: Found, name: str, said: tuple[int, int], stated: tuple[int, int]) -> None:
    """Add a term whose description stands at `said`, in the definition at `stated`."""
    description = plain(found.document.text[slice(*said)])
    evidence = tuple(dict.fromkeys((found.span(*said), found.span(*stated))))
    pool, kind = ("Practical", "procedure") if is_instruction(name) else ("Idea", "term")
    found.add(Candidate(pool, name, kind, description, (), evidence, found.document.time))


def names_something(name: str) -> bool:
    """Say whether words can be a term: not a label such as `Note`, not a pronoun, not a sentence."""
    words = name.lower().split()
    if not words or len(words) > 6 or name[-1] in "?!.," or name.lower() in LABELS or words[0] in PRONOUNS | CLAUSES:
        return False
    return bool(content_words(name)) and not name[0].isdigit() and not (len(words) == 1 and words[0] in STOP)


def _is_request(name: str) -> bool:
    first = name.lower().split()[0]
    return first in IMPERATIVE or first in AMBIGUOUS or first in STOP


def _abbreviation(found: Found, block: Block, match: re.Match[str]) -> None:
    """Add an abbreviation when the words right before it have exactly its letters as initials."""
    long = long_form(plain(match["before"]), match["short"])
    if long is None:
        return
    text = found.document.text
    place = match.start("short")
    where = next((one for one in sentences(text, block.start, block.end) if one[0] <= place < one[1]), None)
    if where is None:
        return
    start = block.start if where[0] == block.start and block.kind != "paragraph" else where[0]
    if start == block.start:
        start = marker_end(found, block)
    sentence = plain(text[start : where[1]])
    short = match["short"].removesuffix("s")
    evidence = (found.span(start, where[1]),)
    said = sentence if is_statement(sentence) else ""
    found.candidates.append(Candidate("Lexicon", short, "abbreviation", said, (), evidence, found.document.time))
    found.candidates.append(Candidate("Idea", long, "term", said, (), evidence, found.document.time, defines=False))
    found.claims.append(Claim(Reference("Lexicon", short), "normalizes", Reference("Idea", long), evidence))


def long_form(before: str, short: str) -> str | None:
    """Return the words at the end of `before` whose initials spell the abbreviation, or None."""
    letters = short.removesuffix("s").lower()
    words = before.rstrip("\"'”*_ ").split()
    initials: list[str] = []
    for index in range(len(words) - 1, max(-1, len(words) - 2 * len(letters) - 1), -1):
        word = words[index].strip("\"'“”*_,;:")
        if not word or not word[0].isalpha() or (words[index][-1] in ",;:" and index < len(words) - 1):
            return None
        small = word.lower() in {"of", "the", "and", "for", "to", "in", "on", "a", "an", "or"}
        parts = [part[0].lower() for part in re.split(r"[-/]", word) if part]
        if not small:
            initials[:0] = parts
        if "".join(initials) == letters and not small:
            return " ".join(words[index:]).strip("\"'“”*_ ")
        if len(initials) >= len(letters):
            return None
    return None
