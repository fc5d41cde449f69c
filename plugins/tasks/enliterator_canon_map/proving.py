# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Whether a draft is the one that the lexicon bears out: its request is read anew and its answer given anew."""

import re
from typing import Final

from enliterator_canon_map.answering import Answers
from enliterator_canon_map.entries import Answer, Entries
from enliterator_canon_map.quoting import said_at
from enliterator_canon_map.reading import AnyLabel, Reader
from enliterator_core import MASK, Draft, Graph, Verdict, fold

_WORDS: Final = re.compile(r"\w+")
_SORTS: Final = ("name", "same", "slip", "two", "several", "mistaken", "none")
_HOLDS: Final = {sort: Verdict(True, f"the lexicon reads the request one way: {sort}") for sort in _SORTS}


def are_alike(name: str, form: str) -> bool:
    """Say whether a name shares its first or its last word with a form."""
    words, others = _WORDS.findall(fold(name)), _WORDS.findall(fold(form))
    return bool(words and others) and (words[0] == others[0] or words[-1] == others[-1])


class Prover:
    """Proves drafts by one graph; made once for it."""

    def __init__(self, graph: Graph) -> None:
        self._graph, self._numbers = graph, graph.arrays.entities.numbers
        self._read, self._answers, self._entries = graph.once(Reader).read, graph.once(Answers), graph.once(Entries)

    def verdict(self, draft: Draft) -> Verdict:
        """Accept only the one answer that the lexicon gives to the one way in which the request can be read."""
        user, assistant, anchor = draft.user, draft.assistant, draft.anchor
        if not (isinstance(user, str) and isinstance(assistant, str) and isinstance(anchor, str)):
            return Verdict(False, "a text is none")
        if MASK in user or MASK in assistant:
            return Verdict(False, "a masked secret shows")
        label = self._read(user)
        if label is None:
            return Verdict(False, "the request cannot be read in one way")
        if anchor not in self._numbers:
            return Verdict(False, "the anchor is not in the graph")
        answer = self._answers.answer(label, anchor)
        if draft.entities != answer.told or answer.told[0] != anchor:
            trouble: str | None = "the proof names something else than the answer"
        elif assistant != answer.text:
            trouble = "the lexicon gives another answer"
        elif draft.absence != answer.absence or draft.withheld is not None:
            trouble = "what is absent is not what was asked"
        elif draft.relations != ():
            trouble = "a name rests on no relation"
        else:
            trouble = self._trouble(draft.spans, label, answer)
        return Verdict(False, trouble) if trouble else _HOLDS[label[0]]

    def _trouble(self, spans: object, label: AnyLabel, answer: Answer) -> str | None:
        """Return what the spans, or the thing told of, do not bear out of a right answer."""
        if not isinstance(spans, tuple) or not self._answers.is_borne_out(answer, spans):
            return "the spans are not the evidence of what is described"
        sort, _, form, other = label
        if sort == "name":
            if other and other not in [said_at(self._graph, one) for one in spans]:
                return "the sentence is not in the spans"
        elif sort == "none" and not are_alike(self._entries[answer.told[0]].forms[0], form):
            return "what is told of is not near to what was asked"
        return None
