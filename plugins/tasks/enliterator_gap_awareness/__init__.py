# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""gap_awareness: what is known with its source, what is missing, and what intake would close it, all counted.

What is asked about is present, thin, told differently by its sources, absent, outside what such sources hold, or
withheld; which of these, the graph says (`states`), and the verifier asks it again.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Final

from attrs import field, frozen
from attrs.validators import ge, le

from enliterator_core import MASK, Draft, Grade, Graph, Sampler, TaskType, Verdict, hookimpl, read_prompt, trouble_with
from enliterator_gap_awareness.asking import KIND, SOURCE, Beyond, Sort, ask, questions_in
from enliterator_gap_awareness.drawing import Asker, Shares
from enliterator_gap_awareness.naming import is_called
from enliterator_gap_awareness.saying import Sayings
from enliterator_gap_awareness.states import (
    PARTS,
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

_PROMPT: Final = read_prompt(__package__)
_BATCH: Final = 1000
_HOLDS: Final = {
    f"Known: {verdict}": Verdict(True, f"counted again: {verdict[:1].lower()}{verdict[1:-1]}") for verdict in VERDICTS
}
"""What is said of a draft that holds, by the beginning of its answer."""
_WEIGHTS: Final = {"state": 0.2, "known": 0.4, "missing": 0.25, "to_close_it": 0.15}


@frozen
class GapAwareness(TaskType):
    """Tell what is known and what is missing of something that is present, thin, contradictory, absent or withheld.

    ``absent_share`` is the share of entities beside which something is asked that is not there, ``beyond_share`` that
    of those of which something is asked that no source of theirs can answer. ``thin_share`` is the share of what is
    thinly covered that is asked about: most of a graph is, and the other states are to be learned as well.
    """

    name = "gap_awareness"
    system_prompt = _PROMPT.text
    prompt_version = _PROMPT.version

    absent_share: float = field(default=0.25, validator=[ge(0), le(1)])
    beyond_share: float = field(default=0.2, validator=[ge(0), le(1)])
    thin_share: float = field(default=0.5, validator=[ge(0), le(1)])

    def generate(self, graph: Graph, sampler: Sampler) -> Iterator[list[Draft]]:
        """Yield drafts for every entity, source by source, for every source, and for every kind of entity."""
        batch: list[Draft] = []
        for drafts in self._drafts(graph, sampler):
            batch += drafts
            if len(batch) >= _BATCH:
                yield _plain(batch)
                batch = []
                graph.once(Things).forget()
        if batch:
            yield _plain(batch)
        graph.once(Things).forget()
        graph.once(Sayings).forget()

    def _drafts(self, graph: Graph, sampler: Sampler) -> Iterator[list[Draft]]:
        asker = Asker(graph, sampler, Shares(self.absent_share, self.beyond_share, self.thin_share))
        for path in graph.sources:
            yield from asker.drafts(path)
            if not graph.rights_of(path).trainable:
                yield [withheld(graph, path, ask(way, path)) for way in sampler.ordered(SOURCE, "way", path)[:3]]
                continue
            draft = usable(graph, path, ask(sampler.choose(SOURCE, "source", path), path))
            if draft and sampler.together(draft.anchor, *draft.entities):
                yield [draft]
        for kind, tally in graph.once(large_kinds).items():
            draft = overview(graph, tally, ask(sampler.choose(KIND, "kind", kind), kind))
            if draft.spans and sampler.together(draft.anchor, *draft.entities):
                yield [draft]

    def verify(self, draft: Draft, graph: Graph) -> Verdict:
        """Accept what the graph says when everything is looked up and counted again."""
        if not all(isinstance(text, str) for text in (draft.user, draft.assistant, draft.anchor)):
            return Verdict(False, "a text is empty")
        expected = _expected(draft, graph)
        if isinstance(expected, str) or draft != expected or not _is_plain(draft) or not _rests_on_something(draft):
            told = expected if isinstance(expected, str) else "counted again, the graph says something else"
            return Verdict(False, trouble_with(draft, graph) or told)
        if draft.withheld is not None and graph.leaks(draft.assistant, besides=sayable(graph, draft.withheld)):
            return Verdict(False, "withheld words are in the answer")
        return _HOLDS[draft.assistant[: draft.assistant.index(".") + 1]]

    def grade(self, draft: Draft, answer: str, graph: Graph) -> Grade:
        """Score the state by its words, and the three lines by the words that they share with what the graph says.

        What is stated beside the three lines costs a tenth, and withheld words cost all.
        """
        gold, given = _lines(draft.assistant), _lines(answer)
        parts = {"state": float(bool(given["Known"]) and _verdict_in(gold["Known"]) == _verdict_in(given["Known"]))}
        parts |= {part.lower().replace(" ", "_"): _overlap(gold[part], given[part]) for part in PARTS}
        withheld_here = () if draft.withheld is None else (draft.withheld,)
        if graph.leaks(answer, *withheld_here, besides=(draft.user, draft.assistant)):
            parts = dict.fromkeys(parts, 0.0)
        score = min(1.0, sum(_WEIGHTS[part] * value for part, value in parts.items()))
        return Grade(0.9 * score if _says_more(answer, draft.assistant) else score, parts)


def _plain(drafts: list[Draft]) -> list[Draft]:
    """Return those drafts that show no mask; most often that is all of them."""
    if MASK in "\n".join([f"{one.user}\n{one.assistant}" for one in drafts]):
        return [draft for draft in drafts if _is_plain(draft)]
    return drafts


def _is_plain(draft: Draft) -> bool:
    return MASK not in draft.user and MASK not in draft.assistant


def _rests_on_something(draft: Draft) -> bool:
    return bool(draft.spans) or draft.absence is not None or draft.withheld is not None


def _expected(draft: Draft, graph: Graph) -> Draft | str:
    """Return the draft that the graph gives to the request, or why it gives none."""
    questions = questions_in(draft.user)
    if draft.withheld is not None:
        if draft.withheld not in graph.sources or graph.rights_of(draft.withheld).trainable:
            return "the source is not withheld"
        if ("source", draft.withheld) in questions:
            return withheld(graph, draft.withheld, draft.user)
        return "the request is about something else"
    number = graph.arrays.entities.numbers.get(draft.anchor)
    thing = None if number is None else graph.once(Things).thing(number)
    if draft.absence is not None:
        if thing is None or graph.ids_called(draft.absence):
            return "the anchor has no evidence, or what is absent is there"
        if ("name", draft.absence) in questions:
            return absent(thing, draft.absence, draft.user)
        return "the request is about something else"
    for sort, name in questions:
        if (expected := _asked(graph, thing, sort, name, draft.user)) is not None:
            return expected
    return "the request is about something else"


def _asked(graph: Graph, thing: Thing | None, sort: Sort, name: str, user: str) -> Draft | str | None:
    """Return what the graph gives to a question of a sort, or why it gives nothing; None where it is no such one."""
    if sort == "source":
        if name in graph.sources and graph.rights_of(name).trainable:
            return usable(graph, name, user) or "nothing is made from the source"
        return None
    if sort == "kind":
        tally = graph.once(large_kinds).get(name)
        return overview(graph, tally, user) if tally else None
    if thing is None or not is_called(graph, name, thing):
        return None
    if not isinstance(sort, Beyond):
        return present(graph.once(Teller), thing, user)
    return beyond(thing, sort, user) if is_beyond(graph, thing, sort) else "a source on it may answer that"


def _lines(answer: str) -> dict[str, str]:
    """Return what stands behind each of the three headings; empty where it is missing."""
    found = dict.fromkeys(PARTS, "")
    for line in answer.splitlines():
        head, colon, text = line.partition(": ")
        if colon and head.strip() in found and not found[head.strip()]:
            found[head.strip()] = text
    return found


def _says_more(answer: str, gold: str) -> bool:
    """Say whether an answer states something beside its three lines; words that state nothing (`Sure!`) do no harm."""
    right = {line.strip() for line in gold.splitlines()}
    more = [line for line in map(str.strip, answer.splitlines()) if line and line not in right]
    return any(line.partition(":")[0] not in PARTS and not line.endswith(("!", "?", ":")) for line in more)


def _verdict_in(known: str) -> str:
    """Return the words of a line that say the state; empty where they do not."""
    return next((verdict for verdict in VERDICTS if known.startswith(verdict)), "")


def _overlap(gold: str, given: str) -> float:
    """Return the harmonic mean of how many words of one text are in the other, both ways (F1 of words).

    The same words in another order may say something else, so that they are not quite the same text.
    """
    if gold == given:
        return 1.0
    one, other = Counter(gold.split()), Counter(given.split())
    both = (one & other).total()
    return min(0.95, 2 * both / (one.total() + other.total())) if both else 0.0


@hookimpl
def register_task_types() -> list[type[TaskType]]:
    """Add gap_awareness."""
    return [GapAwareness]
