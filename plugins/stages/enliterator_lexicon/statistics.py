# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Terms that a collection uses again and again, by C-value (Frantzi, Ananiadou and Mima, 2000), keyed by word stems."""

import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from math import log2
from typing import Any, Final

from enliterator_core import Document, plain
from enliterator_lexicon.words import STOP

_TOKEN: Final = re.compile(r"[^\W\d_][\w'’]*(?:-[^\W\d_]\w*)*|[^\w\s]|\n\s*\n|\d+")
_LONGEST: Final = 4
_KEPT: Final = 40


@lru_cache(maxsize=1 << 16)
def stem(word: str) -> str:
    """Return the Snowball stem of a lower-case English word."""
    return str(_stemmer().stemWord(word))


@lru_cache(maxsize=1)
def _stemmer() -> Any:
    import snowballstemmer  # type: ignore[import-untyped]

    return snowballstemmer.stemmer("english")


def stems(name: str) -> tuple[str, ...]:
    """Return the stems of a name's words that are no stop words, in order."""
    words = (match.group().lower() for match in _TOKEN.finditer(name.replace("_", " ").replace("-", " ")))
    return tuple(stem(word) for word in words if word[0].isalpha() and word not in STOP)


def recurring(document: Document) -> list[list[Any]]:
    """Return [phrase, count] for the runs of two to four content words that a document's prose uses at least twice.

    A phrase in a heading counts twice, since the author put it there.
    """
    counted: Counter[tuple[str, ...]] = Counter()
    text = document.text
    for block in document.blocks:
        if block.kind in {"paragraph", "item", "quote", "heading"}:
            weight = 2 if block.kind == "heading" else 1
            for run in _runs(text[block.start : block.end]):
                for size in range(2, min(_LONGEST, len(run)) + 1):
                    for start in range(len(run) - size + 1):
                        counted[run[start : start + size]] += weight
    often = [(" ".join(phrase), count) for phrase, count in counted.items() if count > 1]
    often.sort(key=lambda one: (-one[1], one[0]))
    return [list(one) for one in often[:_KEPT]]


def _runs(text: str) -> Iterable[tuple[str, ...]]:
    """Yield the runs of at least two words that no stop word, number or punctuation interrupts."""
    words = plain(text) if "`" in text or "](" in text else text
    run: list[str] = []
    for token in _TOKEN.findall(words):
        lowered = token.lower()
        if token[0].isalpha() and lowered not in STOP and len(token) > 1:
            run.append(lowered)
            continue
        if len(run) > 1:
            yield tuple(run)
        run = []
    if len(run) > 1:
        yield tuple(run)


def undefined(
    counts: Iterable[tuple[str, list[list[Any]]]], known: set[tuple[str, ...]], top: int
) -> list[dict[str, Any]]:
    """Return the phrases of highest C-value that are no known name: what a collection speaks of and never defines.

    ``counts`` gives each source with its phrases; ``known`` holds the stems of every name and form.
    """
    total: Counter[tuple[str, ...]] = Counter()
    sources: dict[tuple[str, ...], set[str]] = {}
    spelled: dict[tuple[str, ...], Counter[str]] = {}
    for source, phrases in counts:
        for phrase, count in phrases:
            key = tuple(stem(word) for word in phrase.split())
            total[key] += count
            sources.setdefault(key, set()).add(source)
            spelled.setdefault(key, Counter())[phrase] += count
    nested: dict[tuple[str, ...], list[int]] = {}
    for key, count in total.items():
        parts = {key[a : a + size] for size in range(2, len(key)) for a in range(len(key) - size + 1)}
        for part in parts:
            if part in total:
                nested.setdefault(part, []).append(count)
    ranked = []
    for key, count in total.items():
        around = nested.get(key, ())
        value = log2(len(key)) * (count - (sum(around) / len(around) if around else 0))
        if value >= 4 and key not in known and len(sources[key]) > 1:
            ranked.append((-value, key))
    ranked.sort()
    return [
        {
            "term": min(spelled[key].items(), key=lambda one: (-one[1], one[0]))[0],
            "count": total[key],
            "sources": sorted(sources[key])[:5],
            "c_value": round(-value, 2),
        }
        for value, key in ranked[:top]
    ]
