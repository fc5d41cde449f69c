# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""How drafts are proven: questions are read, what they mean is compared, what drafts rest on is looked up, queries run.

Each step is taken for many drafts before the next one: code that has just run takes less time than other.
"""

from collections.abc import Callable, Sequence
from typing import Final

from attrs import define, field

from enliterator_core import MASK, Draft, Graph, Query, Verdict
from enliterator_normalize.answers import written
from enliterator_normalize.proving import rests_elsewhere
from enliterator_normalize.reading import Reading, read
from enliterator_normalize.slips import Near


@define
class _Case:
    """A draft that is being proven: what its question says and means, what that names, and what it should find."""

    draft: Draft
    reading: Reading = field(init=False)
    query: Query = field(init=False)
    named: list[int] = field(init=False)
    wanted: list[int] = field(init=False)


def verified(drafts: Sequence[Draft], graph: Graph) -> list[Verdict]:
    """Return a verdict for each draft."""
    names = graph.arrays.entities.names
    cases = list(map(_Case, drafts))
    troubles: dict[int, str] = {}
    left = list(enumerate(cases))
    for step in _STEPS:
        found = {number: trouble for number, case in left if (trouble := step(case, graph))}
        if found:
            troubles |= found
            left = [(number, case) for number, case in left if number not in found]
    return [
        Verdict(False, troubles[number])
        if number in troubles
        else Verdict(True, f"the query was run and found {names[case.wanted[-1]]}")
        for number, case in enumerate(cases)
    ]


def _read(case: _Case, graph: Graph) -> str | None:
    user = case.draft.user
    if not isinstance(user, str) or MASK in user:
        return "the question is no text, or a masked secret shows in it"
    reading = read(user)
    if reading is None:
        return "the question cannot be read"
    case.reading = reading
    return None


def _resolve(case: _Case, graph: Graph) -> str | None:
    case.named = []
    query = meant(case.reading, graph, case.named)
    if query is None:
        return "the question names what is not known, or more than one thing by one name"
    case.query = query
    return None


def _compare(case: _Case, graph: Graph) -> str | None:
    answer = case.draft.assistant
    if answer != written(case.query) or MASK in answer:
        return "the query is not what the question says, or a masked secret shows in it"
    return None


def _look_up(case: _Case, graph: Graph) -> str | None:
    return rests_elsewhere(case.draft, case.named, bool(case.query.of), graph)


def _run(case: _Case, graph: Graph) -> str | None:
    query, named = case.query, case.named
    case.wanted = named[: len(query.terms)] or [graph.number(case.draft.entities[-1])]
    if not query.finds(graph, case.wanted, graph.once(Near).alone_among(named)):
        return "running the query does not find what is asked about"
    return None


_STEPS: Final[tuple[Callable[[_Case, Graph], str | None], ...]] = (_read, _resolve, _compare, _look_up, _run)


def meant(reading: Reading, graph: Graph, named: list[int]) -> Query | None:
    """Return the query that a question means, and add to ``named`` what it names; None where a name is none."""
    one, names = graph.once(Near).one, graph.arrays.entities.names
    named += map(one, reading.terms or reading.of)
    if -1 in named:
        return None
    known = tuple([names[number] for number in named])
    without = reading.without
    for at, query in enumerate(without):
        if said := query.terms or query.of:
            number = one(said[0])
            if number < 0:
                return None
            named.append(number)
            its = (names[number],)
            without[at] = Query(its) if query.terms else Query((), its, False, query.verbs)
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
        tuple(without),
        reading.limit,
    )
