# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""gap_awareness: what it looks up fast is what plain code finds."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enliterator_core import VERBS, Graph, Sampler, phrase_of
from enliterator_core.testing import sample_graph
from enliterator_gap_awareness import joining
from enliterator_gap_awareness.asking import BEYOND
from enliterator_gap_awareness.joining import Joined
from enliterator_gap_awareness.saying import Said, Sayings
from enliterator_gap_awareness.tallies import LOOSE

PIECES = ("bee", "Bee ", "hive-", "é", "ß", "€", "😀", "fee", "fe", "why", "$", "cost", "\ud800", " ")
TEXTS = st.lists(st.sampled_from(PIECES)).map("".join)


@pytest.fixture(scope="module")
def graph() -> Graph:
    return sample_graph(6)


@given(TEXTS, TEXTS)
def test_a_text_says_what_a_plain_search_finds_in_it(text: str, part: str) -> None:
    said = Said(text)
    assert said.says(part) == (part.casefold() in text.casefold())
    assert said.words() == {word for scope in BEYOND for word in scope.words if word in text.casefold()}


def test_absent_names_are_the_same_however_it_is_found_out_what_a_source_says(graph: Graph) -> None:
    drawn = 0
    for sampler in map(Sampler, range(5)):
        absent_name = sampler.absent_names(graph, "gap_awareness", says=graph.once(Sayings).says)
        for number, entity in enumerate(graph.entities.values()):
            name = absent_name(number)
            assert name == sampler.absent_name(graph, entity, "gap_awareness")
            drawn += name is not None
    assert drawn > 50


def test_counting_in_pieces_changes_nothing(graph: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = Joined(graph)
    monkeypatch.setattr(joining, "_PIECE", 3)
    pieces = Joined(graph)
    for one in ("counts", "bounds", "told", "parts"):
        assert getattr(pieces, one) == getattr(whole, one)


def test_what_joins_a_thing_is_counted_the_most_first_and_the_most_telling_is_told(graph: Graph) -> None:
    joined, steps, verbs = graph.once(Joined), graph.arrays.steps, graph.arrays.verbs
    for number in range(len(graph.entities)):
        told = [joined.parts[one] for one in joined.counts[joined.bounds[number] : joined.bounds[number + 1]]]
        around = steps.around(number)
        assert bool(told) == bool(around) == (joined.told[number] >= 0)
        if not {verb for verb, _ in around} & {"connects_to", "is_connected_from"}:
            counts = Counter(phrase_of(verb) for verb, _ in around)
            most_first = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
            assert told == [f"{phrase} {many:,}" for phrase, many in most_first]
        if around:
            best = min((verb in LOOSE, verb not in VERBS, verbs.index(verb), graph.id(other)) for verb, other in around)
            assert graph.id(int(steps.other[joined.told[number]])) == best[3]
