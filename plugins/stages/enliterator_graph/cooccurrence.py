# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Which entities the sources name in one sentence more often than chance would have it.

Names are found in one pass: a token that begins a name says how many tokens to try, longest first. A name of several
words counts wherever it stands. What looks like code (`read_file`, `Temple2023`, `docs/hooks.md`, `SPDX`) counts only
as it is written, and a thing whose own name is code counts by such forms alone: `group` in a sentence is seldom the
attribute `Example.group`. Any other single word counts only where the author marks it as a name, by code formatting
or by a capital inside the sentence. A form that several entities share names none of them.
"""

import re
from collections import Counter
from collections.abc import Iterator
from math import log

from enliterator_core import Document, Span, fold
from enliterator_graph.claims import Names

_PROSE = frozenset(("paragraph", "item", "quote"))
_TOKEN = re.compile(r"\w+")
_SENTENCE_END = re.compile(r"[.!?]['\")\]`*_]*\s+(?=[^\sa-z])|\n\s*\n")
_CODE = re.compile(r"[\d_]|[^\W\d_][A-Z]|\w[./:]\w")
_CODE_NAME = re.compile(r"\S*(?:[_./]|[^\W\d_][A-Z])\S*")
_PART_BEFORE, _PART_AFTER = frozenset("./\\-_@:#"), re.compile(r"[/\\@-]|[.:]\w")
_MOST_TOKENS = 8
# A longer stretch is no sentence but a list or a table in disguise: what stands in it need not belong together.
_LONGEST_SENTENCE = 600
_MOST_NAMES = 6


class Linker:
    """Reads documents and counts: sentences of prose, sentences of each entity, and spans of each pair."""

    def __init__(self, names: Names) -> None:
        self.sentences = 0
        self.alone: Counter[str] = Counter()
        self.pairs: dict[tuple[str, str], list[Span]] = {}
        self._ids: dict[str, str] = {}
        self._as_written: dict[str, frozenset[str]] = {}
        self._capitals = frozenset(fold(form) for forms in names.spellings.values() for form in forms if form.isupper())
        code = {id for name, ids in names.canonical.items() if _CODE_NAME.fullmatch(name) for id in ids}
        lengths: dict[str, set[int]] = {}
        for folded, ids in names.forms.items():
            tokens = _TOKEN.findall(folded)
            if len(ids) != 1 or not 1 <= len(tokens) <= _MOST_TOKENS or len(folded) < 3:
                continue
            written = frozenset(form for form in names.spellings[folded] if _CODE.search(form) and " " not in form)
            if written:
                self._as_written[folded] = written
            elif ids[0] in code:
                continue
            self._ids[folded] = ids[0]
            lengths.setdefault(tokens[0], set()).add(len(tokens))
        self._lengths = {token: sorted(counts, reverse=True) for token, counts in lengths.items()}

    def read(self, path: str, document: Document) -> None:
        """Count the sentences of one document's prose."""
        text, end = document.text, 0
        for block in document.blocks:
            if block.kind in _PROSE and block.end > end:
                start = max(block.start, end)
                end = block.end
                for sentence_start, sentence_end in sentences(text, start, end):
                    self._count(path, text, sentence_start, sentence_end)

    def _count(self, path: str, text: str, start: int, end: int) -> None:
        self.sentences += 1
        found = sorted(self._mentions(text, start, end))
        if not found:
            return
        self.alone.update(found)
        if 1 < len(found) <= _MOST_NAMES and end - start <= _LONGEST_SENTENCE:
            span = Span(path, start, end)
            for place, first in enumerate(found):
                for second in found[place + 1 :]:
                    self.pairs.setdefault((first, second), []).append(span)

    def _mentions(self, text: str, start: int, end: int) -> set[str]:
        """Return the ids of the entities named between two places; of overlapping names the longest, then the first."""
        lengths = self._lengths
        heads = [token for token in _TOKEN.findall(text[start:end].casefold()) if token in lengths]
        if not heads:
            return set()
        tokens = [(match.start(), match.end()) for match in _TOKEN.finditer(text, start, end)]
        found: set[str] = set()
        place, last = 0, len(tokens)
        while place < last:
            begin = tokens[place][0]
            step = 1
            for count in lengths.get(text[begin : tokens[place][1]].casefold(), ()):
                if place + count <= last:
                    stop = tokens[place + count - 1][1]
                    id = self._ids.get(fold(text[begin:stop]))
                    if id is not None and self._is_name(text, begin, stop, start, count):
                        found.add(id)
                        step = count
                        break
            place += step
        return found

    def _is_name(self, text: str, begin: int, stop: int, sentence: int, tokens: int) -> bool:
        form = text[begin:stop]
        written = self._as_written.get(fold(form))
        if written is not None:
            part = text[begin - 1 : begin] in _PART_BEFORE or _PART_AFTER.match(text, stop)
            return form in written and not part
        if tokens > 1 or (text[begin - 1 : begin] == "`" and text[stop : stop + 1] == "`"):
            return True
        if form.isupper() and fold(form) not in self._capitals:
            return False  # REUSE, the specification, is not reuse, the package
        return form[0].isupper() and bool(text[sentence:begin].strip(" \t*_\"'([-#>"))


def sentences(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield where each sentence between two places starts and ends, surrounding space left out."""
    for match in _SENTENCE_END.finditer(text, start, end):
        stop = match.end()
        yield _trimmed(text, start, stop)
        start = stop
    if start < end:
        yield _trimmed(text, start, end)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip())


def significance(both: int, first: int, second: int, every: int) -> float:
    """Return Dunning's log-likelihood ratio (1993) of two things met in `both` of `every` sentences.

    `first` and `second` count the sentences of each; 0 when they meet no more often than chance would have it.
    """
    if both * every <= first * second:
        return 0.0
    cells = (
        (both, first * second),
        (first - both, first * (every - second)),
        (second - both, second * (every - first)),
        (every - first - second + both, (every - first) * (every - second)),
    )
    return 2 * sum(seen * log(seen * every / expected) for seen, expected in cells if seen > 0)


# The chi-squared value of one degree of freedom that chance exceeds once in a thousand.
_CRITICAL = 10.828


def significant_pairs(
    linker: Linker, joined: set[frozenset[str]], neighbours: int, limit: int
) -> list[tuple[str, str, tuple[Span, ...]]]:
    """Return at most `limit` pairs, the most significant first, none in `joined`, at most `neighbours` to an entity.

    Each is two ids, the smaller first, and the sentences that name both.
    """
    ranked = []
    for (first, second), spans in linker.pairs.items():
        if frozenset((first, second)) not in joined:
            score = significance(len(spans), linker.alone[first], linker.alone[second], linker.sentences)
            if score > _CRITICAL:
                ranked.append((-round(score, 6), first, second))
    taken: Counter[str] = Counter()
    kept: list[tuple[str, str, tuple[Span, ...]]] = []
    for _, first, second in sorted(ranked):
        if len(kept) < limit and taken[first] < neighbours and taken[second] < neighbours:
            taken.update((first, second))
            kept.append((first, second, tuple(sorted(linker.pairs[first, second]))))
    return kept
