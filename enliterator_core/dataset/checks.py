# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""What every draft is checked for before its own task verifies it, a batch at a time."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import compress
from operator import not_
from typing import TYPE_CHECKING, Any, Final

from enliterator_core.contracts.sampler import Sampler
from enliterator_core.dataset.parts import Parts
from enliterator_core.dataset.secret_search import with_secrets
from enliterator_core.dataset.settings import DatasetSettings, shares_of
from enliterator_core.dataset.split import split_of, splits_of_anchors
from enliterator_core.graph import Graph
from enliterator_core.nouns import Rights, group_of, strictest
from enliterator_core.redaction import MASK

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

#: the rights of an example that reproduces nothing of any source: an absence, a refusal
NOTHING_REPRODUCED: Final = Rights(
    None, "reproduces nothing of a source", None, "statement", 1, True, True, None, False, None
)

_UNPRINTABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff\ud800-\udfff]")
_CONTROLS: Final = bytes([*range(9), 11, 12, *range(14, 32), 127])
# What else is unprintable, in UTF-8, after the byte that it begins with, which is looked for first: that is quicker.
_OTHER_CONTROLS: Final = (
    (b"\xc2", re.compile(rb"\xc2[\x80-\x84\x86-\x9f]")),
    (b"\xef", re.compile(rb"\xef\xbf[\xbe\xbf]")),
    (b"\xed", re.compile(rb"\xed[\xa0-\xbf]")),
)
_WORDY: Final = re.compile(r"[^\W_]")
_MASK: Final = MASK.encode()


class Checks:
    """Checks drafts against one graph; what is not in order is named by a word for its reason."""

    def __init__(self, graph: Graph, settings: DatasetSettings) -> None:
        self.graph = graph
        self.settings = settings
        self.sources = {path: number for number, path in enumerate(sorted(graph.sources))}
        self.rights: list[Rights] = [NOTHING_REPRODUCED]
        self._codes: dict[frozenset[Rights], int] = {frozenset(): 0}
        self._code_of: dict[str, int] = {}
        self._mixed: dict[frozenset[int], int] = {frozenset(): 0}
        for path in self.sources:
            self._code_of[path] = self._code(frozenset((graph.rights_of(path),)))
        self._lengths = _Lengths(graph)
        self._asked: tuple[Sequence[str], NDArray[np.int8]] | None = None

    def sampler(self) -> Sampler:
        """Return the sampler for one task, which knows the splits that anchors fall into."""
        shares = shares_of(self.settings.split)
        return Sampler(self.settings.seed, lambda anchor: split_of(group_of(anchor), shares), self._splits)

    def _splits(self, anchors: Sequence[str]) -> NDArray[np.int8]:
        """Return the places of the splits of anchors, kept for the tasks that ask for those of the same anchors."""
        if self._asked is None or anchors is not self._asked[0]:
            self._asked = anchors, splits_of_anchors(anchors, shares_of(self.settings.split))
        return self._asked[1]

    def trouble(self, draft: Any) -> str | None:
        """Return why a draft cannot become an example, before its task verifies it; None when it can."""
        return self.troubles([draft])[0]

    def troubles(self, batch: Sequence[Any]) -> list[str | None]:
        """Return :meth:`trouble` for each draft of a batch."""
        return self.checked(batch)[0]

    def checked(self, batch: Sequence[Any]) -> tuple[list[str | None], Parts]:
        """Return :meth:`trouble` for each draft of a batch, and the parts of those that have none."""
        parts = Parts.of(batch)
        if parts is None:
            alone = [Parts.of([one]) for one in batch]
            known, parts = self.checked(list(compress(batch, (one is not None for one in alone))))
            rest = iter(known)
            return ["malformed" if one is None else next(rest) for one in alone], parts
        troubles: list[str | None] = [None] * len(parts)
        for number, trouble in self._source_troubles(parts).items():
            troubles[number] = trouble
        left = [number for number, trouble in enumerate(troubles) if trouble is None]
        parts = parts.those(left)
        found: dict[int, str] = {}
        for number, trouble in self._text_troubles(parts):
            troubles[left[number]] = found.setdefault(number, trouble)
        return troubles, parts.those([number for number in range(len(left)) if number not in found])

    def _source_troubles(self, parts: Parts) -> dict[int, str]:
        """Return what is wrong with the sources of drafts, by their numbers, and fill in the rights of all."""
        lengths = self._lengths
        spans = zip(parts.sources, parts.starts, parts.ends, strict=True)
        opened = [0 <= start < end <= lengths[source] for source, start, end in spans]
        parts.rights = self._rights_codes(parts)
        barred = {code for code in set(parts.rights) if not self.rights[code].trainable}
        # The graver last, in place of what was said before.
        found = {number: "not_trainable" for number, code in enumerate(parts.rights) if code in barred}
        for number, withheld in enumerate(parts.withheld):
            if withheld is not None and withheld not in self.sources:
                found[number] = "unsourced"
        found |= dict.fromkeys(compress(parts.owners(), map(not_, opened)), "span_does_not_open")
        for number in compress(range(len(parts)), map(not_, parts.counts)):
            if parts.absences[number] is None and parts.withheld[number] is None:
                found[number] = "unsourced"
        return found

    def _rights_codes(self, parts: Parts) -> list[int]:
        """Return for each draft the place in ``rights`` of the strictest among those of the sources that it reproduces.

        Nothing is known of a source that is not there, and no such draft goes on.
        """
        known = [self._code_of.get(source, 0) for source in parts.sources]
        codes, at = [], 0
        for count in parts.counts:
            if count == 1:
                codes.append(known[at])
            else:
                # By what the rights are, not by the sources: of those there are as many sets as there are drafts.
                some = frozenset(known[at : at + count])
                if some not in self._mixed:
                    self._mixed[some] = self._code(frozenset(map(self.graph.rights_of, parts.sources[at : at + count])))
                codes.append(self._mixed[some])
            at += count
        return codes

    def _code(self, every: frozenset[Rights]) -> int:
        """Return the place in ``rights`` of the strictest of some."""
        code = self._codes.get(every)
        if code is None:
            code = self._codes[every] = len(self.rights)
            self.rights.append(strictest(every))
        return code

    def _text_troubles(self, parts: Parts) -> Iterator[tuple[int, str]]:
        """Yield what is wrong with texts, the graver first where a text has several troubles."""
        texts = list(parts.texts)
        for number in compress(range(len(parts)), parts.apart):
            texts[number] += b"\n" + parts.anchors[number].encode("utf-8", "surrogatepass")
        blob = b"\n".join(texts)
        for number in _unprintable(texts, blob):
            yield number, "unprintable"
        for number in _trivial(parts.users, parts.answers):
            yield number, "trivial"
        if _MASK in blob:
            for number, text in enumerate(texts):
                if _MASK in text:
                    yield number, "secret"
        for number, _ in with_secrets(texts):
            yield number, "secret"
        if self.graph.withholds or any(parts.withheld):
            for number, text in enumerate(texts):
                withheld = self.graph.withholds or parts.withheld[number] is not None
                if withheld and self._leaks(parts, number, text.decode("utf-8", "surrogatepass")):
                    yield number, "withheld_text"

    def _leaks(self, parts: Parts, number: int, text: str) -> bool:
        path, spans = parts.withheld[number], parts.spans[number]
        withheld = () if path is None else (path,)
        if self.graph.leaks(text, *withheld) is None:
            return False
        # A refusal may say the path, holder and licence; what the example's own sources say may be said as well.
        allowed = [self.graph.text(span) for span in spans]
        # An attribution names its own source's holder, who may hold a withheld one as well.
        for path in {*withheld, *(span.source for span in spans)}:
            rights = self.graph.rights_of(path)
            stated = (rights.license, rights.holder, rights.statement, rights.reason)
            allowed += [path, *(part for part in stated if part)]
        return self.graph.leaks(text, *withheld, besides=allowed) is not None


class _Lengths(dict[str, int]):
    """How many characters the sources have that were asked for; one that is not there has none."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph

    def __missing__(self, path: str) -> int:
        length = self[path] = len(self._graph.document(path).text) if path in self._graph.sources else 0
        return length


def _unprintable(texts: Sequence[bytes], blob: bytes) -> list[int]:
    """Return which texts hold a control character or half a surrogate pair: one pass over all, then one by one.

    They are in UTF-8, and so is ``blob``, which is all of them.
    """
    clean = len(blob.translate(None, _CONTROLS)) == len(blob)
    if clean and not any(start in blob and pattern.search(blob) for start, pattern in _OTHER_CONTROLS):
        return []
    return [number for number, text in enumerate(texts) if _UNPRINTABLE.search(text.decode("utf-8", "surrogatepass"))]


def _trivial(users: Sequence[str], answers: Sequence[str]) -> Iterator[int]:
    """Yield which are empty, of no letters or digits to speak of, or answered by what was asked."""
    for number, (user, answer) in enumerate(zip(users, answers, strict=True)):
        # Most answers show two letters or digits at their very beginning, JSON after its first brace and quote.
        wordy = len(answer) > 4 and (answer[:2].isalnum() or answer[2:4].isalnum())
        if not (wordy or len(_WORDY.findall(answer[:200])) > 1) or not user or user.isspace() or user == answer:
            yield number
