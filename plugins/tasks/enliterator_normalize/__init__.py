# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""normalize: from a messy question to the structured query that it means.

A question has a head (names, what is related to a name, or kinds of things), limits and exclusions, each said in a way
that can be read back; relative dates are counted from the day that the question states. The verifier reads the question
by itself, resolves its names by the lexicon, compares, and runs the query.
"""

from collections.abc import Iterator, Sequence
from itertools import chain, islice
from typing import Any, Final

from attrs import field, frozen
from attrs.validators import ge, le

from enliterator_core import (
    MASK,
    Draft,
    Grade,
    Graph,
    Query,
    Sampler,
    TaskType,
    Verdict,
    fold,
    hookimpl,
    in_batches,
    json_object,
    read_prompt,
)
from enliterator_normalize.answers import SCHEMA, written
from enliterator_normalize.dice import ManyDice, drawn
from enliterator_normalize.making import Maker
from enliterator_normalize.proving import Proof
from enliterator_normalize.reading import Excluded, Reading, read
from enliterator_normalize.slips import Near

_AT_ONCE: Final = 512  # entities that are drawn for at a time
_TOGETHER: Final = 1024  # questions that are verified together
_PROMPT: Final = read_prompt(__package__)
_PARTS: Final = {
    "terms": 5, "of": 3, "every": 1, "verbs": 2, "pools": 2, "licenses": 1, "after": 2, "before": 2, "rights": 1,
    "without": 3, "limit": 1,
}  # fmt: skip
_UNREAD: Final = Verdict(False, "the question cannot be read")
_NOTHING: Final[dict[str, Any]] = {
    "terms": [], "of": [], "every": False, "verbs": [], "pools": [], "licenses": [], "after": None, "before": None,
    "rights": None, "without": [], "limit": 10,
}  # fmt: skip


@frozen
class Normalize(TaskType):
    """Turn a messy question into a structured query.

    ``questions_per_entity`` is how many are asked about each entity; ``slip_share`` is the share of names that are
    misspelt, ``pair_share`` that of questions for two things, ``related_share`` that of questions for what is related
    to something, and ``filter_share`` that of questions that name nothing.
    """

    name = "normalize"
    system_prompt = _PROMPT.text
    prompt_version = _PROMPT.version
    answer_schema = SCHEMA

    questions_per_entity: int = field(default=2, validator=ge(1))
    slip_share: float = field(default=0.3, validator=[ge(0), le(1)])
    pair_share: float = field(default=0.15, validator=[ge(0), le(1)])
    related_share: float = field(default=0.4, validator=[ge(0), le(1)])
    filter_share: float = field(default=0.1, validator=[ge(0), le(1)])

    def generate(self, graph: Graph, sampler: Sampler) -> Iterator[list[Draft]]:
        """Yield drafts for every entity that a name stands for alone, and for what only limits describe."""
        yield from in_batches(self._drafts(graph, sampler))

    def _drafts(self, graph: Graph, sampler: Sampler) -> Iterator[Draft]:
        import numpy as np

        maker = Maker(
            graph,
            sampler,
            slips=round(self.slip_share * 100),
            pairs=round(self.pair_share * 100),
            filtered=self.filter_share,
            related=self.related_share,
        )
        keys = graph.arrays.entities.keys
        for first in range(0, len(keys), _AT_ONCE):
            some = keys[first : first + _AT_ONCE]
            dice = [drawn(sampler, some, str(place)) for place in range(self.questions_per_entity)]
            numbers = np.repeat(np.arange(first, first + len(some)), self.questions_per_entity)
            yield from maker.drafts(numbers, ManyDice(list(chain.from_iterable(zip(*dice, strict=True)))))

    def verify(self, draft: Draft, graph: Graph) -> Verdict:
        """Accept the query that the question says, no more and no less, when running it finds what it should."""
        return self.verify_batch([draft], graph)[0]

    def verify_batch(self, drafts: Sequence[Draft], graph: Graph) -> list[Verdict]:
        """Do what :meth:`verify` does, each step for many drafts: the same code again takes less time than other."""
        verdicts: list[Verdict] = []
        for first in range(0, len(drafts), _TOGETHER):
            verdicts += _verified(drafts[first : first + _TOGETHER], graph)
        return verdicts

    def grade(self, draft: Draft, answer: str, graph: Graph) -> Grade:
        """Score each part of the query; what neither the right answer nor the given one says weighs nothing."""
        gold, given = json_object(draft.assistant), json_object(answer)
        if not gold or not given or "terms" not in given:
            return Grade(0.0, dict.fromkeys(_PARTS, 0.0))
        parts, total, weight = {}, 0.0, 0
        for name, nothing in _NOTHING.items():
            one, other = gold.get(name, nothing), given.get(name, nothing)
            parts[name] = _likeness(one, other)
            if not (_same(one, nothing) and _same(other, nothing)):
                total, weight = total + _PARTS[name] * parts[name], weight + _PARTS[name]
        score = total / weight if weight else 1.0  # all there is was asked for, and is
        return Grade(score if set(given) == set(gold) else 0.9 * score, parts)  # no key is left out or made up


def _verified(drafts: Sequence[Draft], graph: Graph) -> list[Verdict]:
    """Return a verdict for each draft; each step is taken for all before the next."""
    verdicts: list[Verdict] = [_UNREAD] * len(drafts)
    cases: list[tuple[int, Draft, Reading]] = []
    for at, draft in enumerate(drafts):
        user = draft.user
        if not isinstance(user, str) or MASK in user:
            verdicts[at] = Verdict(False, "the question is no text, or a masked secret shows in it")
        elif reading := read(user):
            cases.append((at, draft, reading))
    near, names = graph.once(Near), graph.arrays.entities.names
    said = [reading.named() for _, _, reading in cases]
    numbers = iter(near.ones(list(chain.from_iterable(said))))
    meant: list[tuple[int, Draft, Query, list[int], bool]] = []
    for (at, draft, reading), its in zip(cases, said, strict=True):
        named = list(islice(numbers, len(its)))
        query = _query(reading, named, names)
        if query is None:
            verdicts[at] = Verdict(False, "the question names what is not known, or more than one thing by one name")
        else:
            meant.append((at, draft, query, named, reading.only_names()))
    proven: list[tuple[int, Query, list[int], list[int]]] = []
    proof = Proof(graph)
    for at, draft, query, named, only_names in meant:
        if draft.assistant != written(query) or MASK in draft.assistant:
            trouble: str | None = "the query is not what the question says, or a masked secret shows in it"
        else:
            trouble = proof.lacks(draft, named, bool(query.of))
        if trouble:
            verdicts[at] = Verdict(False, trouble)
        elif only_names and len(named) <= query.limit and all(map(near.alone, named)):
            # What a name stands for alone is found by that name, whatever else is.
            verdicts[at] = _found(names[named[-1]])
        else:
            wanted = named[: len(query.terms)] or [graph.number(draft.entities[-1])]
            proven.append((at, query, named, wanted))
    alone = near.alone_among(chain.from_iterable([named for _, _, named, _ in proven]))
    for at, query, _, wanted in proven:
        if query.finds(graph, wanted, alone):
            verdicts[at] = _found(names[wanted[-1]])
        else:
            verdicts[at] = Verdict(False, "running the query does not find what is asked about")
    return verdicts


def _found(name: str) -> Verdict:
    return Verdict(True, f"the query was run and found {name}")


def _meant(reading: Reading, graph: Graph, named: list[int]) -> Query | None:
    """Return the query that a question means, and add to ``named`` what it names; None where a name is none."""
    named += graph.once(Near).ones(reading.named())
    return _query(reading, named, graph.arrays.entities.names)


def _query(reading: Reading, named: Sequence[int], names: Sequence[str]) -> Query | None:
    """Return the query that a question means, by the numbers of what it names; None where one is -1."""
    if -1 in named:
        return None
    known = tuple([names[number] for number in named])
    without: tuple[Query, ...] = ()
    if reading.without:
        left_out = iter(known)
        known = tuple(islice(left_out, len(reading.terms or reading.of)))
        without = tuple([_left_out(one, left_out) for one in reading.without])
    return Query(
        known if reading.terms else (),
        known if reading.of else (),
        reading.every,
        reading.verbs,
        reading.pools,
        reading.licenses,
        reading.after,
        reading.before,
        reading.rights,
        without,
        reading.limit,
    )


def _left_out(excluded: Excluded, names: Iterator[str]) -> Query:
    """Return the query for what is left out; where it names something, by the next of the canonical names."""
    if isinstance(excluded, Query):
        return excluded
    verb, its = excluded[0], (next(names),)
    return Query((), its, False, (verb,)) if verb else Query(its)


def _same(one: Any, other: Any) -> bool:
    return type(one) is type(other) and bool(one == other)


def _likeness(gold: Any, given: Any) -> float:
    """Return 1 for equal values, and for lists the share of what both have; texts in any case."""
    if isinstance(gold, list) and isinstance(given, list):
        rest = [_plain(one) for one in given]
        both = 0
        for one in map(_plain, gold):
            if one in rest:
                rest.remove(one)
                both += 1
        return both / max(len(gold), len(given)) if gold or given else 1.0
    return float(_same(_plain(gold), _plain(given)))


def _plain(value: Any) -> Any:
    return fold(value) if isinstance(value, str) else value


@hookimpl
def register_task_types() -> list[type[TaskType]]:
    """Add normalize."""
    return [Normalize]
