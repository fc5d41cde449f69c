# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Steps: the items of a numbered list that all tell somebody to do something, each before the next."""

from itertools import pairwise

from enliterator_core import MASK, Block, Candidate, Claim, Reference, plain, sentences
from enliterator_lexicon.documents import Found, context_of
from enliterator_lexicon.names import content_words, heading_words
from enliterator_lexicon.prose import Section, sections, without_marker
from enliterator_lexicon.words import AMBIGUOUS, IMPERATIVE, STOP

_LONGEST = 120
_DONE_TO = frozenset({"a", "an", "the", "your", "all", "each", "every", "any", "it", "them"})


def about_steps(found: Found) -> None:
    """Add the steps of every numbered list of instructions, and that each precedes the next."""
    for section in sections(found.document):
        for items in numbered_lists(section.blocks):
            steps = [step for item in items if (step := _step(found, section, item))]
            if len(steps) < 2 or len(steps) < len(items):
                continue
            for step in steps:
                found.add(step)
            for first, second in pairwise(steps):
                ends = Reference("Practical", first.name), Reference("Practical", second.name)
                if first.name != second.name:
                    found.claims.append(Claim(ends[0], "precedes", ends[1], (first.evidence[-1], second.evidence[-1])))


def numbered_lists(blocks: list[Block]) -> list[list[Block]]:
    """Return the runs of items whose numbers follow each other at the same depth."""
    lists: list[list[Block]] = []
    current: dict[int, list[Block]] = {}
    for block in blocks:
        if block.kind != "item" or not block.info.isdigit():
            continue
        before = current.get(block.level)
        if before and int(before[-1].info) + 1 == int(block.info):
            before.append(block)
        else:
            current[block.level] = [block]
            lists.append(current[block.level])
    return [items for items in lists if len(items) > 1]


def _step(found: Found, section: Section, item: Block) -> Candidate | None:
    text = found.document.text
    begin = without_marker(text, item.start, item.end)
    first = next(iter(sentences(text, begin, item.end)), None)
    if first is None:
        return None
    said = plain(text[slice(*first)])
    words = heading_words(said.rstrip(".:")) if said[-1] in ".!" else ""
    if MASK in said or len(words) > _LONGEST or not _asks(words.lower().split()):
        return None
    name = words if len(content_words(words)) > 3 else f"{words} ({_context(found, section)})"
    evidence = (found.span(*first), found.span(item.start, first[1]))
    return Candidate("Practical", name, "step", said, (), tuple(dict.fromkeys(evidence)), found.document.time)


def _asks(words: list[str]) -> bool:
    """Say whether words open with a verb: a known one, or a word that the thing it is done to follows."""
    if len(words) < 2 or words[0] in STOP:
        return False
    return words[0] in IMPERATIVE or words[0] in AMBIGUOUS or words[1] in _DONE_TO


def _context(found: Found, section: Section) -> str:
    words = heading_words(section.heading.name) if section.heading else ""
    return words if content_words(words) and words != found.title else context_of(found, section)
