# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Structured queries find what fits every part, leave out what is excluded, and look no further than they must."""

from itertools import islice

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from enliterator_core import POOLS, VERBS, Entity, Graph, Query, Rights
from enliterator_core.graph.query import is_licensed, is_within
from enliterator_core.testing import sample_graph


@pytest.fixture(scope="module")
def graph() -> Graph:
    graph = sample_graph(3)
    graph.run(Query(("QX",)))  # what is made once is made before anything is timed
    return graph


def names(graph: Graph, **parts: object) -> list[str]:
    return [entity.name for entity in graph.run(Query(**{"limit": 100} | parts))]  # type: ignore[arg-type]


def fits(graph: Graph, entity: Entity, query: Query) -> bool:
    """Say whether an entity fits, looked at part by part and without any index; terms are names and forms alone."""
    rights = graph.rights.get(entity.rights, Rights())
    called = [one for term in query.terms for one in graph.called(term)]
    ends = [{one.id for one in graph.called(name)} for name in query.of]
    hops = [(verb, other) for verb, other in graph.around(entity.id) if not query.verbs or verb in query.verbs]
    related = [any(other in end for _, other in hops) for end in ends]
    return (
        (not query.terms or entity in called)
        and (not query.pools or entity.pool in query.pools)
        and (not query.verbs or bool(hops))
        and (not query.of or (all(related) if query.every else any(related)))
        and (not query.licenses or is_licensed(rights.license, query.licenses))
        and (query.rights is None or bool(getattr(rights, query.rights)))
        and (not (query.after or query.before) or is_within(entity.time.value, query.after, query.before))
        and not any(fits(graph, entity, one) for one in query.without)
    )


def parts(pick: st.DataObject, graph: Graph) -> Query:
    some = st.sampled_from([entity.name for entity in graph.entities.values()])
    verbs = st.sampled_from([name for verb in VERBS.values() for name in (verb.name, verb.reverse)])
    times = st.sampled_from([None, None, "2023", "2024-04", "2024-04-02", "2025"])
    return Query(
        (),
        tuple(pick.draw(st.lists(some, max_size=2))),
        pick.draw(st.booleans()),
        tuple(pick.draw(st.lists(verbs, max_size=2))),
        tuple(pick.draw(st.lists(st.sampled_from(sorted(POOLS)), max_size=3))),
        tuple(pick.draw(st.lists(st.sampled_from(["MIT", "CC-BY", "CC0-1.0"]), max_size=1))),
        pick.draw(times),
        pick.draw(times),
        pick.draw(st.sampled_from([None, "trainable", "publishable"])),
        limit=10**6,
    )


@given(pick=st.data())
def test_what_is_found_is_what_fits_every_part(pick: st.DataObject, graph: Graph) -> None:
    query = parts(pick, graph)
    without = tuple(parts(pick, graph) for _ in range(pick.draw(st.integers(0, 2))))
    whole = Query(**{name: getattr(query, name) for name in Query.__slots__ if name[0] != "_"} | {"without": without})
    found = [entity.id for entity in graph.run(whole)]
    assert len(found) == len(set(found))
    assert set(found) == {entity.id for entity in graph.entities.values() if fits(graph, entity, whole)}


@given(pick=st.data())
def test_what_a_query_finds_is_told_without_running_it(pick: st.DataObject, graph: Graph) -> None:
    """For each entity it is said whether it is among the first, and the same where the names need no looking up."""
    query = evolve(
        parts(pick, graph),
        without=tuple(parts(pick, graph) for _ in range(pick.draw(st.integers(0, 1)))),
        limit=pick.draw(st.sampled_from([1, 2, 5, 100])),
    )
    named = (*query.of, *(name for one in query.without for name in one.of))
    called = {name: tuple(graph.number(id) for id in graph.ids_called(name)) for name in named}
    alone = {name: numbers for name, numbers in called.items() if len(numbers) == 1}
    first = [entity.id for entity in graph.run(query)]
    assert [graph.id(number) for number in query.first(graph)] == first
    for number, id in enumerate(graph.entities):
        assert query.finds(graph, (number,)) is query.finds(graph, (number,), alone) is (id in first)
    assert query.finds(graph, [graph.number(id) for id in first])


def test_what_terms_find_is_told_by_their_names(graph: Graph) -> None:
    number, other = (graph.number(graph.ids_called(name)[0]) for name in ("QX", "hive"))
    assert Query(("QX",)).finds(graph, (number,)) and Query(("QX", "hive"), limit=2).finds(graph, (number, other))
    assert not Query(("QX", "hive"), limit=1).finds(graph, (number, other))
    assert not Query(("QX",), pools=("Idea",)).finds(graph, (number,))
    assert not Query(("hive",), without=(Query(("QX",)),)).finds(graph, (number,))


def test_what_is_called_so_comes_before_what_a_search_finds(graph: Graph) -> None:
    found = names(graph, terms=("QX",))
    assert found[0] == "Queen excluder"
    assert names(graph, terms=("queen",), pools=("Manifest",))


def test_relations_are_read_from_what_is_found(graph: Graph) -> None:
    assert set(names(graph, of=("hive",), verbs=("part_of",))) == {"Brood box", "Super"}
    both = names(graph, of=("Alder Vale Beekeeping Club", "First spring inspection"), every=True)
    assert sorted(both) == ["Mira Tolland", "Quiet-hands habit"]


def test_exclusions_leave_out_what_fits_one_of_them(graph: Graph) -> None:
    every = set(names(graph, of=("Treating late",)))
    some = names(graph, of=("Treating late",), without=(Query(verbs=("refutes",), of=("late treatment",)),))
    assert every - set(some) == {"Mite count of May 2023"}
    assert names(graph, terms=("QX",), without=(Query(terms=("excluder",)),))[:1] != ["Queen excluder"]


def test_the_newest_come_first_where_only_a_time_is_bounded(graph: Graph) -> None:
    times = [entity.time.value or "" for entity in graph.run(Query(after="2000", limit=1000))]
    assert times == sorted(times, reverse=True) and len(set(times)) > 1


def test_nothing_is_searched_for_when_an_exact_look_up_is_enough(graph: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    def search(*_: object, **__: object) -> list[Entity]:
        raise AssertionError("searched")

    monkeypatch.setattr(graph, "search", search)
    assert [entity.name for entity in islice(graph.found(Query(("QX",))), 1)] == ["Queen excluder"]
    assert graph.run(Query(("QX",), limit=1))


@pytest.mark.parametrize(
    ("expression", "licence", "named"),
    [
        ("GPL-3.0-only", "GPL", True),
        ("LGPL-2.1-only", "GPL", False),
        ("MIT OR (GPL-2.0-only WITH Classpath-exception-2.0)", "gpl", True),
        ("CC-BY-NC-4.0", "CC-BY", True),
        ("MITNFA", "MIT", False),
        (None, "MIT", False),
    ],
)
def test_a_licence_is_named_by_its_id_or_by_what_that_begins_with(
    expression: str | None, licence: str, named: bool
) -> None:
    assert is_licensed(expression, [licence]) is named


@pytest.mark.parametrize(
    ("time", "after", "before", "within"),
    [
        ("2024-05-06", "2024-05", None, True),
        ("2024-05-06", None, "2024", True),
        ("2024", "2024-05", None, False),
        ("2024", None, "2024-05", False),
        ("2023", None, "2024-05", True),
        ("2025", "2024-05", None, True),
        (None, "2024", None, False),
        ("2024-05-06T10:00", "2024-05-06", "2024-05-06", True),
    ],
)
def test_a_time_is_within_when_that_is_sure(
    time: str | None, after: str | None, before: str | None, within: bool
) -> None:
    assert is_within(time, after, before) is within
