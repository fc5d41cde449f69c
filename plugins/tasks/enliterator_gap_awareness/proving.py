# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The proof of a draft: its request is read, and what the graph gives to it is looked up and counted again."""

from typing import Final

from enliterator_core import MASK, Draft, Graph, Verdict, trouble_with
from enliterator_gap_awareness.asking import Beyond, Sort, questions_in
from enliterator_gap_awareness.states import (
    VERDICTS,
    absent,
    beyond,
    is_beyond,
    overview,
    present,
    sayable,
    usable,
    withheld,
)
from enliterator_gap_awareness.tallies import large_kinds
from enliterator_gap_awareness.telling import Teller
from enliterator_gap_awareness.things import Thing, Things

_HOLDS: Final = {
    f"Known: {verdict}": Verdict(True, f"counted again: {verdict[:1].lower()}{verdict[1:-1]}") for verdict in VERDICTS
}
"""What is said of a draft that holds, by the beginning of its answer."""


def is_called(graph: Graph, form: str, thing: Thing) -> bool:
    """Say whether a form stands for a thing and for nothing else."""
    return graph.ids_called(form) == [thing.id]


class Prover:
    """Proves drafts against one graph, whoever made them."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._thing_of, self._teller = graph.once(Things).thing, graph.once(Teller)
        self._numbers, self._kinds = graph.arrays.entities.numbers, graph.once(large_kinds)

    def verdict(self, draft: Draft) -> Verdict:
        """Accept what the graph says when everything is looked up and counted again."""
        user, answer = draft.user, draft.assistant
        if not (isinstance(user, str) and isinstance(answer, str) and isinstance(draft.anchor, str)):
            return Verdict(False, "a text is empty")
        expected = self._expected(draft)
        if draft != expected or MASK in user or MASK in answer or not _rests_on_something(draft):
            told = expected if isinstance(expected, str) else "counted again, the graph says something else"
            return Verdict(False, trouble_with(draft, self._graph) or told)
        if draft.withheld is not None and self._graph.leaks(answer, besides=sayable(self._graph, draft.withheld)):
            return Verdict(False, "withheld words are in the answer")
        return _HOLDS[answer[: answer.index(".") + 1]]

    def _expected(self, draft: Draft) -> Draft | str:
        """Return the draft that the graph gives to the request, or why it gives none."""
        graph, questions = self._graph, questions_in(draft.user)
        if draft.withheld is not None:
            if draft.withheld not in graph.sources or graph.rights_of(draft.withheld).trainable:
                return "the source is not withheld"
            if ("source", draft.withheld) in questions:
                return withheld(graph, draft.withheld, draft.user)
            return "the request is about something else"
        number = self._numbers.get(draft.anchor)
        thing = None if number is None else self._thing_of(number)
        if draft.absence is not None:
            if thing is None or graph.ids_called(draft.absence):
                return "the anchor has no evidence, or what is absent is there"
            if ("name", draft.absence) in questions:
                return absent(thing, draft.absence, draft.user)
            return "the request is about something else"
        for sort, name in questions:
            if (expected := self._asked(thing, sort, name, draft.user)) is not None:
                return expected
        return "the request is about something else"

    def _asked(self, thing: Thing | None, sort: Sort, name: str, user: str) -> Draft | str | None:
        """Return what the graph gives to a question of a sort, or why nothing; None where it is no such one."""
        graph = self._graph
        if sort == "source":
            if name in graph.sources and graph.rights_of(name).trainable:
                return usable(graph, name, user) or "nothing is made from the source"
            return None
        if sort == "kind":
            tally = self._kinds.get(name)
            return overview(graph, tally, user) if tally else None
        if thing is None or not is_called(graph, name, thing):
            return None
        if not isinstance(sort, Beyond):
            return present(self._teller, thing, user)
        return beyond(thing, sort, user) if is_beyond(graph, thing, sort) else "a source on it may answer that"


def _rests_on_something(draft: Draft) -> bool:
    return bool(draft.spans) or draft.absence is not None or draft.withheld is not None
