# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Sentences that state a relation in so many words, by a table of phrases."""

import re
from collections.abc import Iterator
from typing import Final

from enliterator_core import MASK, Block, Claim, Reference, Span, plain, sentences

# Phrase, verb, and whether the words after the phrase are the subject ("X is based on Y": Y influences X).
_PHRASES: Final = (
    (r"(?:is|are|was|were) (?:loosely |closely |largely )?based on", "influences", True),
    (r"(?:is|are|was|were) (?:strongly |heavily )?(?:inspired|influenced) by", "influences", True),
    (r"(?:is|are) derived from", "codifies", True),
    (r"(?:is|are) (?:an )?(?:implementations? of|implemented (?:after|from))|implements?", "embodies", True),
    (r"embod(?:y|ies)", "embodies", True),
    (r"(?:is|are) (?:embodied|implemented) (?:in|by)", "embodies", False),
    (r"(?:is|are) put into practice by|(?:is|are) codified (?:in|by)", "codifies", False),
    (r"(?:is|are) (?:validated|verified|confirmed) by", "validated_by", False),
    (r"(?:is|are) (?:tested|checked|measured|covered) by", "measures", True),
    (r"(?:is|are) (?:a )?part of|belongs? to", "part_of", False),
    (r"depends? on|(?:is|are) built on(?: top of)?|relies on|rely on", "depends_on", False),
    (r"(?:is|are) (?:maintained|owned) by", "owns", True),
    (r"(?:is|are|was|were) (?:written|authored) by", "authors", True),
    (r"(?:is|are) refined by", "refines", True),
    (r"refines?", "refines", False),
    (r"supports?", "supports", False),
    (r"refutes?|contradicts?", "refutes", False),
    (r"elicits?", "elicits", False),
    (r"(?:is|are) mitigated by", "requires_mitigation", False),
    (r"mitigates?", "requires_mitigation", True),
    (r"(?:comes?|runs?|happens?) before|precedes?", "precedes", False),
    (r"(?:comes?|runs?|happens?) after", "precedes", True),
    (r"(?:is|are) located (?:at|in)", "located_at", False),
    (r"(?:is|are) (?:a )?members? of", "member_of", False),
    (r"connects? to", "connects_to", False),
)
_ANY_PHRASE: Final = re.compile(r"\s(?:" + "|".join(f"(?:{phrase})" for phrase, _, _ in _PHRASES) + r")\s")
# One end of such a sentence: marked as a name, or up to six words.
_END: Final = (
    r"(?:(?:[Aa]n?|[Tt]he|[Oo]ur|[Ee]very|[Ee]ach)\s+)?(?P<{0}>`[^`\n]{{2,80}}`|\*\*[^*\n]{{2,60}}\*\*|\*[^*\n]{{2,60}}\*"
    r"|\[[^\]\n]{{2,60}}\]\([^)\s]*\)|\w[\w'’/-]*(?:\.[\w/-]+)*(?:\s[\w'’/-]+(?:\.[\w/-]+)*){{0,5}}?)"
)
_STOP: Final = r"(?=\.(?:\s|\Z)|[,;:)]|\s(?:and|which|that|so|because|when|if|with|for|to|but|as)\s|\Z)"
_SHAPES: Final = tuple(
    (re.compile(rf"{_END.format('left')}\s+(?:{phrase})\s+{_END.format('right')}{_STOP}"), verb, turned)
    for phrase, verb, turned in _PHRASES
)


# Words that no name holds: what they stand for is said elsewhere.
_NO_NAME: Final = frozenset(
    {
        *("it", "this", "that", "these", "those", "he", "she", "they", "we", "you", "i", "them", "its", "their", "his"),
        *("her", "my", "our", "your", "there", "here", "who", "which", "what", "one", "is", "are", "was", "were", "be"),
        *("been", "not", "all", "any", "each", "both", "some", "such", "same", "other", "another", "thing", "things"),
        *(
            "can",
            "could",
            "will",
            "would",
            "should",
            "may",
            "might",
            "must",
            "do",
            "does",
            "did",
            "has",
            "have",
            "to",
            "for",
        ),
        *(
            "in",
            "by",
            "on",
            "if",
            "when",
            "how",
            "where",
            "as",
            "with",
            "from",
            "also",
            "currently",
            "depending",
            "than",
        ),
    }
)


def stated_in(path: str, text: str, block: Block) -> Iterator[Claim]:
    """Yield a claim for each sentence of a block that opens `X <phrase> Y`, both ends being names."""
    if not _ANY_PHRASE.search(text, block.start, block.end):
        return
    for start, end in sentences(text, block.start, block.end):
        words = text[start:end]
        for shape, verb, turned in _SHAPES if _ANY_PHRASE.search(words) else ():
            match = shape.match(words)
            if match and _is_name(match["left"]) and _is_name(match["right"]) and MASK not in match.group():
                ends = Reference("", plain(match["left"])), Reference("", plain(match["right"]))
                subject, object = ends[::-1] if turned else ends
                yield Claim(subject, verb, object, (Span(path, start, end),), confidence=0.9)


def _is_name(words: str) -> bool:
    """Say whether words stand as a name: marked as one, or more than one word, or with capitals or dots inside."""
    if words[0] in "`*[":
        return True
    if not _NO_NAME.isdisjoint(words.lower().split()):
        return False
    return " " in words or any(c.isupper() or c in "._/" for c in words[1:])
