# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""What is easily mistaken for what: things whose own names are the same elsewhere, or nearly the same.

Compared is the part by which a thing is told from those beside it: `jobs` of `Records.jobs`, `name` of `name
(package.json)`. What two names merely share with all their neighbours, a class, a folder, a heading in brackets,
confuses nobody.
"""

import re
from bisect import bisect_left
from collections.abc import Sequence
from typing import Final

from enliterator_core import fold
from enliterator_lexicon.forms import unqualified
from enliterator_lexicon.statistics import stems

_MOST: Final = 3
_LARGEST_BLOCK: Final = 60
#: of a hundred: how alike two own names of one word are, of several words, that somebody takes one for the other
_ALIKE, _ALIKE_IN_WORDS = 80, 70
_SUFFIX: Final = re.compile(
    r"\.(?:py|md|rst|txt|toml|jsonl?|ya?ml|cfg|ini|lock|sh|js|ts|html?|css|csv|xml|c|h|cpp|go|rs|java|rb)\Z|\(\)\Z"
)
_OWN: Final = re.compile(r"[^./\\:]+\Z")


def own_name(label: str) -> str:
    """Return the part of a name that is the thing's own: without brackets, folder, module, suffix and underscores."""
    name = unqualified(label)
    if " " not in name and (match := _OWN.search(_SUFFIX.sub("", name))):
        name = match[0]
    return fold(name.strip("_").replace("_", " ")) or fold(label)


def mistaken(
    labels: Sequence[str], pools: Sequence[str], exact: frozenset[str], never: frozenset[str]
) -> list[list[str]]:
    """Return, for each thing, up to three labels of other things that are easily mistaken for it.

    Things of the pools ``exact`` are mistaken for things of their own pool alone, those of ``never`` for nothing.
    """
    from rapidfuzz import fuzz

    owns = [own_name(label) for label in labels]
    stemmed = [stems(own) for own in owns]
    folded = [fold(label) for label in labels]
    blocks: dict[str, list[int]] = {}
    for index, own in enumerate(owns):
        for key in _keys(own, stemmed[index]) if pools[index] not in never else ():
            blocks.setdefault(key, []).append(index)
    found: list[list[str]] = []
    for index, own in enumerate(owns):
        scored: list[tuple[float, float, int]] = []
        for other in _near(index, blocks, _keys(own, stemmed[index])) if pools[index] not in never else ():
            same_pool = pools[other] == pools[index]
            if folded[other] == folded[index] or not (same_pool or not {pools[other], pools[index]} & exact):
                continue
            if owns[other] == own:
                scored.append((-100.0, -fuzz.ratio(folded[index], folded[other]), other))
            elif stemmed[other] != stemmed[index] or not stemmed[index]:
                least = _ALIKE_IN_WORDS if min(len(stemmed[index]), len(stemmed[other])) > 1 else _ALIKE
                if score := fuzz.ratio(own, owns[other], score_cutoff=least):
                    scored.append((-score, -fuzz.ratio(folded[index], folded[other]), other))
        found.append(list(dict.fromkeys(labels[other] for *_, other in sorted(scored)))[:_MOST])
    return found


def _keys(own: str, words: Sequence[str]) -> set[str]:
    """Return what two names that may be mistaken for each other have in common: a stem, or how they begin."""
    return {*words, f"^{own[:4]}"}


def _near(index: int, blocks: dict[str, list[int]], keys: set[str]) -> list[int]:
    """Return the things that share a key, in order: of a block too large to go through, those around the thing."""
    near: set[int] = set()
    for key in keys:
        block = blocks[key]
        if len(block) > _LARGEST_BLOCK:
            start = max(0, bisect_left(block, index) - _LARGEST_BLOCK // 2)
            block = block[start : start + _LARGEST_BLOCK]
        near.update(block)
    return sorted(near - {index})
