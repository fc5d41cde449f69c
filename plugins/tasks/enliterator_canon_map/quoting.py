# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Requests with a form in the source's own words: the sentence is quoted from a span that is evidence of the thing."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from enliterator_canon_map.reading import CLOSE, CONTEXTS, MARKED, OPEN
from enliterator_core import MASK, Graph, Span

#: what a person asks, and the spans whose words the question uses
Request = tuple[str, tuple[Span, ...]]

#: in how many ways a sentence is quoted
QUOTES: Final = len(CONTEXTS) + len(MARKED)

_SENTENCE: Final = re.compile(r"(?!(?:async )?def |class |[#@<]).*[.!?…]\W*\Z", re.DOTALL)
_NOT_IN: Final = (MASK, OPEN, CLOSE, "](")
_LONGEST_SPAN: Final = 600


def in_sentence(graph: Graph, evidence: Sequence[Span], forms: list[str], place: int) -> Request | None:
    """Return a request with a form of an entity in the source's own words, None where it has none in its evidence.

    The form is asked about or marked in one of `QUOTES` ways, by ``place``.
    """
    for words, span in _sentences(graph, evidence):
        lower = words.lower()
        for form in forms if len(lower) == len(words) else ():
            at = _place_in(lower, form.lower())
            if at < 0:
                continue
            way, end = place % QUOTES, at + len(form)
            if way < len(CONTEXTS):
                before, between = CONTEXTS[way]
                return f"{before}{words[at:end]}{between}{words}", (span,)
            marked = f"{words[:at]}{OPEN}{words[at:end]}{CLOSE}{words[end:]}"
            return f"{MARKED[way - len(CONTEXTS)]}{marked}", (span,)
    return None


def said_at(graph: Graph, span: Span) -> str:
    """Return the words of a span, on one line."""
    return " ".join(graph.text(span).split())


def _sentences(graph: Graph, evidence: Sequence[Span]) -> Iterator[tuple[str, Span]]:
    """Yield the words of an entity's evidence, where they are a sentence of fair length, beginning with the last.

    The first evidence is mostly what describes the entity, and so stands in the answer.
    """
    for span in reversed(evidence[:6]):
        if 20 <= span.end - span.start <= _LONGEST_SPAN:
            words = said_at(graph, span)
            if 4 <= words.count(" ") < 50 and _SENTENCE.match(words) and not any(mark in words for mark in _NOT_IN):
                yield words, span


def _place_in(words: str, form: str) -> int:
    """Return where the form stands in words, as words of its own; -1 where it does not."""
    at = words.find(form)
    while at >= 0:
        before, after = words[at - 1 : at], words[at + len(form) : at + len(form) + 1]
        if not (before.isalnum() or before == "_" or after.isalnum() or after == "_"):
            return at
        at = words.find(form, at + 1)
    return -1
