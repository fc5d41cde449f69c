# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""What every draft is checked for before its own task verifies it, a batch at a time."""

import re
from collections.abc import Sequence
from typing import Any, Final

from enliterator_core.contracts.sampler import Sampler
from enliterator_core.contracts.task_type import Draft
from enliterator_core.dataset.secret_search import with_secrets
from enliterator_core.dataset.settings import DatasetSettings, shares_of
from enliterator_core.dataset.split import split_of
from enliterator_core.graph import Graph
from enliterator_core.nouns import Rights, Span, group_of, strictest
from enliterator_core.redaction import MASK

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
_TEXT_OR_NONE: Final = frozenset((str, type(None)))
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
        self._lengths: dict[str, int] = {}
        self._open: dict[str, int] = {}  # the lengths of those that may be trained on

    def sampler(self) -> Sampler:
        """Return the sampler for one task, which knows the splits that anchors fall into."""
        shares = shares_of(self.settings.split)
        return Sampler(self.settings.seed, lambda anchor: split_of(group_of(anchor), shares))

    def trouble(self, draft: Any) -> str | None:
        """Return why a draft cannot become an example, before its task verifies it; None when it can."""
        return self.troubles([draft])[0]

    def troubles(self, batch: Sequence[Any]) -> list[str | None]:
        """Return :meth:`trouble` for each draft of a batch."""
        found = [self._source_trouble(one) if _is_draft(one) else "malformed" for one in batch]
        left = [number for number, trouble in enumerate(found) if trouble is None]
        drafts = batch if len(left) == len(batch) else [batch[number] for number in left]
        for number, trouble in self._text_troubles(drafts):
            found[left[number]] = found[left[number]] or trouble
        return found

    def rights_code(self, draft: Draft) -> int:
        """Return the place in ``rights`` of the strictest rights among the sources that the draft reproduces."""
        spans = draft.spans
        if len(spans) == 1 and spans[0].source in self._code_of:
            return self._code_of[spans[0].source]
        try:
            codes = frozenset([self._code_of[span.source] for span in spans])
        except KeyError:  # a source that is not there: nothing is known of its rights
            return self._code(frozenset(self.graph.rights_of(span.source) for span in draft.spans))
        # By what the rights are, not by the sources: of those there are as many sets as there are drafts.
        code = self._mixed.get(codes)
        if code is None:
            every = frozenset(self.graph.rights_of(span.source) for span in draft.spans)
            code = self._mixed[codes] = self._code(every)
        return code

    def _code(self, every: frozenset[Rights]) -> int:
        """Return the place in ``rights`` of the strictest of some."""
        code = self._codes.get(every)
        if code is None:
            code = self._codes[every] = len(self.rights)
            self.rights.append(strictest(every))
        return code

    def _source_trouble(self, draft: Draft) -> str | None:
        if len(draft.spans) == 1 and draft.withheld is None:
            (span,) = draft.spans
            if span.source in self._open and 0 <= span.start < span.end <= self._open[span.source]:
                return None  # as most are
        if not draft.spans and draft.absence is None and draft.withheld is None:
            return "unsourced"
        lengths = self._lengths
        for span in draft.spans:
            source = span.source
            length = lengths[source] if source in lengths else self._length(source)
            if not 0 <= span.start < span.end <= length:
                return "span_does_not_open"
        if draft.withheld is not None and draft.withheld not in self.graph.sources:
            return "unsourced"
        return None if self.rights[self.rights_code(draft)].trainable else "not_trainable"

    def _length(self, path: str) -> int:
        """Return how many characters a source has; one that is not there has none."""
        length = self._lengths.get(path)
        if length is None:
            length = len(self.graph.document(path).text) if path in self.sources else 0
            self._lengths[path] = length
            if length and self.graph.rights_of(path).trainable:
                self._open[path] = length
        return length

    def _text_troubles(self, drafts: Sequence[Draft]) -> list[tuple[int, str]]:
        """Return what is wrong with texts, the graver first where a text has several troubles."""
        texts = [
            f"{one.user}\n{one.assistant}"
            if one.anchor in one.entities
            else f"{one.user}\n{one.assistant}\n{one.anchor}"
            for one in drafts
        ]
        blob = "\n".join(texts).encode("utf-8", "surrogatepass")
        found = [(number, "unprintable") for number in _unprintable(texts, blob)]
        found += [(number, "trivial") for number, draft in enumerate(drafts) if _is_trivial(draft)]
        if _MASK in blob:
            found += [(number, "secret") for number, text in enumerate(texts) if MASK in text]
        found += [(number, "secret") for number, _ in with_secrets(texts, blob)]
        withholds = self.graph.withholds
        leaking = (
            number
            for number, draft in enumerate(drafts)
            if (withholds or draft.withheld is not None) and self._leaks(draft, texts[number])
        )
        return found + [(number, "withheld_text") for number in leaking]

    def _leaks(self, draft: Draft, text: str) -> bool:
        withheld = () if draft.withheld is None else (draft.withheld,)
        if self.graph.leaks(text, *withheld) is None:
            return False
        # A refusal may say the path, holder and licence; what the example's own sources say may be said as well.
        allowed = [self.graph.text(span) for span in draft.spans]
        # An attribution names its own source's holder, who may hold a withheld one as well.
        for path in {*withheld, *(span.source for span in draft.spans)}:
            rights = self.graph.rights_of(path)
            stated = (rights.license, rights.holder, rights.statement, rights.reason)
            allowed += [path, *(part for part in stated if part)]
        return self.graph.leaks(text, *withheld, besides=allowed) is not None


def _is_draft(one: Any) -> bool:
    """Say whether it is a draft whose every part has its type; plugins may yield anything."""
    if not isinstance(one, Draft):
        return False
    texts = type(one.user) is type(one.assistant) is type(one.anchor) is str and bool(one.anchor)
    tuples = type(one.entities) is tuple and type(one.relations) is tuple and type(one.spans) is tuple
    if not texts or not tuples or type(one.absence) not in _TEXT_OR_NONE or type(one.withheld) not in _TEXT_OR_NONE:
        return False
    for id in one.entities:
        if type(id) is not str:
            return False
    for key in one.relations:
        if type(key) is not tuple or len(key) != 3 or not (type(key[0]) is type(key[1]) is type(key[2]) is str):
            return False
    for span in one.spans:
        if not isinstance(span, Span) or type(span.source) is not str or not type(span.start) is type(span.end) is int:
            return False
    return True


def _unprintable(texts: Sequence[str], blob: bytes) -> list[int]:
    """Return which texts hold a control character or half a surrogate pair: one pass over all, then one by one.

    ``blob`` is all of them in UTF-8.
    """
    clean = len(blob.translate(None, _CONTROLS)) == len(blob)
    if clean and not any(start in blob and pattern.search(blob) for start, pattern in _OTHER_CONTROLS):
        return []
    return [number for number, text in enumerate(texts) if _UNPRINTABLE.search(text)]


def _is_trivial(draft: Draft) -> bool:
    answer = draft.assistant
    # Most answers show two letters or digits at their very beginning, JSON after its first brace and quote.
    wordy = (len(answer) > 4 and (answer[:2].isalnum() or answer[2:4].isalnum())) or len(
        _WORDY.findall(answer[:200])
    ) >= 2
    return not wordy or not draft.user.strip() or answer == draft.user
