# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Requests with a form in the source's own words: the sentence is quoted from a span that is evidence of the thing."""

import re
from collections.abc import Sequence
from typing import Final

from enliterator_canon_map.frames import CLOSE, CONTEXTS, MARKED, OPEN
from enliterator_core import MASK, Graph, Span

#: what a person asks, and the spans whose words the question uses
Request = tuple[str, tuple[Span, ...]]

#: in how many ways a sentence is quoted
QUOTES: Final = len(CONTEXTS) + len(MARKED)

_SENTENCE: Final = re.compile(r"(?!(?:async )?def |class |[#@<]).*[.!?…]\W*\Z", re.DOTALL)
_LONGEST_SPAN: Final = 600
_MOST_TRIED: Final = 6


def in_sentence(graph: Graph, evidence: Sequence[Span], forms: Sequence[str], place: int) -> Request | None:
    """Return a request with a form of an entity in the source's own words, None where it has none in its evidence.

    The form is asked about or marked in one of `QUOTES` ways, by ``place``. The evidence is tried from the last on,
    since the first is mostly what describes the entity, and so stands in the answer.
    """
    for span in reversed(evidence[:_MOST_TRIED]):
        if not 20 <= span.end - span.start <= _LONGEST_SPAN:
            continue
        words = said_at(graph, span)
        lower = words.lower()
        if len(lower) != len(words) or not _is_sentence(words):
            continue
        for form in forms:
            at = _place_in(lower, form.lower())
            if at >= 0:
                return _quoted(words, at, at + len(form), place % QUOTES), (span,)
    return None


def _quoted(words: str, at: int, end: int, way: int) -> str:
    if way < len(CONTEXTS):
        before, between = CONTEXTS[way]
        return f"{before}{words[at:end]}{between}{words}"
    return f"{MARKED[way - len(CONTEXTS)]}{words[:at]}{OPEN}{words[at:end]}{CLOSE}{words[end:]}"


def said_at(graph: Graph, span: Span) -> str:
    """Return the words of a span, on one line."""
    return " ".join(graph.text(span).split())


def _is_sentence(words: str) -> bool:
    """Say whether words on one line are a sentence of fair length."""
    return (
        4 <= words.count(" ") < 50
        and not (MASK in words or OPEN in words or CLOSE in words or "](" in words)
        and _SENTENCE.match(words) is not None
    )


def _place_in(words: str, form: str) -> int:
    """Return where the form stands in words, as words of its own; -1 where it does not."""
    at = words.find(form)
    while at >= 0:
        before, after = words[at - 1 : at], words[at + len(form) : at + len(form) + 1]
        if not (before.isalnum() or before == "_" or after.isalnum() or after == "_"):
            return at
        at = words.find(form, at + 1)
    return -1
