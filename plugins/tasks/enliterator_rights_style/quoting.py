# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Passages that may be quoted, found by structure: whole sentences of prose, and declarations in code."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from itertools import takewhile
from typing import Final

from enliterator_core import MASK, Block, Document, Span, sentences

Found = tuple[Span, str]
"""Where a quotation stands, and its words."""

#: signs of markup and of notes to oneself: prose that has them reads badly alone
MARKUP: Final = re.compile(
    r"\]\(|::|\{%|<[a-z/!]|\|.*\||^[#*=\-\s|>.:]|https?://\S+ https?://|SPDX-|(^|\W)(TO-?DO|FIX-?ME|XXX)\b"
)
_PROSE: Final = ("paragraph", "item", "quote")
_CODE: Final = ("symbol", "code", "entry")
_MOST_WORDS: Final = 80
_FEWEST_WORDS: Final = 6
_MOST_CODE: Final = 400  # characters
_TELLING: Final = re.compile(r"\(.+\)|=|\bimport\b|: .", re.DOTALL)
_NEAREST: Final = 40  # blocks


class Blocks:
    """The blocks of one document that may be quoted, found by place; and their sentences, each split once."""

    def __init__(self, path: str, document: Document) -> None:
        self._path = path
        self._text = document.text
        self._of: dict[tuple[str, ...], list[Block]] = {
            kinds: sorted((one for one in document.blocks if one.kind in kinds), key=lambda one: (one.start, -one.end))
            for kinds in (_PROSE, _CODE)
        }
        self._starts = {kinds: [one.start for one in blocks] for kinds, blocks in self._of.items()}
        self._sentences: dict[tuple[int, int], list[tuple[int, int]]] = {}

    @property
    def has_prose(self) -> bool:
        """Whether there is any prose to quote."""
        return bool(self._of[_PROSE])

    @property
    def has_code(self) -> bool:
        """Whether there is any code to quote."""
        return bool(self._of[_CODE])

    def passage(self, evidence: Sequence[Span]) -> Found | None:
        """Return the first sentences of prose that are evidence of a thing, and their words."""
        for span in evidence:
            block = self._around(span, _PROSE) if span.source == self._path else None
            found = self._whole(span.start, span.end, block) if block else None
            if found is not None:
                return found
        return None

    def opening(self) -> Found | None:
        """Return the first sentence of prose that can stand alone, and its words."""
        for block in self._of[_PROSE][:_NEAREST]:
            for start, end in self._sentences_of(block)[:3]:
                if (found := self._whole(start, end, block)) is not None:
                    return found
        return None

    def declaration(self, evidence: Sequence[Span]) -> Found | None:
        """Return the piece of code with which a thing is declared, as it stands there."""
        for span in evidence:
            if span.source == self._path and self._around(span, _CODE) is not None:
                text = self._text[span.start : span.end]
                if len(text) <= _MOST_CODE and _TELLING.search(text) and MASK not in text and "```" not in text:
                    return span, text
        return None

    def _around(self, span: Span, kinds: tuple[str, ...]) -> Block | None:
        """Return the smallest block of one of the kinds that holds a span; None where none of the nearest does."""
        blocks = self._of[kinds]
        last = bisect_right(self._starts[kinds], span.start)
        return next((one for one in reversed(blocks[max(0, last - _NEAREST) : last]) if span.end <= one.end), None)

    def _sentences_of(self, block: Block) -> list[tuple[int, int]]:
        """Return where the sentences of a block stand."""
        place = block.start, block.end
        if place not in self._sentences:
            self._sentences[place] = sentences(self._text, *place)
        return self._sentences[place]

    def _whole(self, start: int, end: int, block: Block) -> Found | None:
        """Return the whole sentences that a piece of prose touches; None where they read badly alone."""
        every = self._sentences_of(block)
        first = bisect_right(every, (start, -1))
        first -= first > 0 and every[first - 1][1] > start
        touched = list(takewhile(lambda one: one[0] < end, every[first:]))
        if not touched:
            return None
        span = Span(self._path, touched[0][0], touched[-1][1])
        words = self._text[span.start : span.end].split()
        said = " ".join(words)
        fits = _FEWEST_WORDS <= len(words) <= _MOST_WORDS and said[-1] in ".!?" and said[0].isupper()
        return (span, said) if fits and MASK not in said and not MARKUP.search(said) else None
