# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""gap_awareness: what is known with its source, what is missing, and what intake would close it, all counted.

What is asked about is present, thin, told differently by its sources, absent, outside what such sources hold, or
withheld; which of these, the graph says (`states`), and the verifier asks it again.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from attrs import field, frozen
from attrs.validators import ge, le

from enliterator_core import MASK, Draft, Grade, Graph, Sampler, TaskType, Verdict, hookimpl, read_prompt
from enliterator_gap_awareness.asking import KIND, SOURCE, ask
from enliterator_gap_awareness.drawing import Asker, Shares
from enliterator_gap_awareness.proving import Prover
from enliterator_gap_awareness.saying import Sayings
from enliterator_gap_awareness.states import PARTS, VERDICTS, overview, usable, withheld
from enliterator_gap_awareness.tallies import large_kinds
from enliterator_gap_awareness.things import Things

_PROMPT: Final = read_prompt(__package__)
_BATCH: Final = 1000
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
        for batch in _batches(self._drafts(graph, sampler)):
            yield [draft for draft in batch if MASK not in draft.assistant and MASK not in draft.user]
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
        return graph.once(Prover).verdict(draft)

    def verify_batch(self, drafts: Sequence[Draft], graph: Graph) -> list[Verdict]:
        """Verify many drafts at once."""
        return list(map(graph.once(Prover).verdict, drafts))

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


def _batches(parts: Iterable[list[Draft]]) -> Iterator[list[Draft]]:
    """Yield lists of a thousand drafts or some more, so that what is made together is verified together."""
    batch: list[Draft] = []
    for drafts in parts:
        batch += drafts
        if len(batch) >= _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


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
