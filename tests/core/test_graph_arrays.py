# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The graph in arrays says what the storage says; paths drawn from it exist and do not depend on how many are drawn."""

from collections import Counter
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from enliterator_core import (
    VERBS,
    Document,
    Entity,
    Graph,
    Kept,
    Path,
    Relation,
    Sampler,
    Source,
    Span,
    Term,
    reverse_of,
)
from enliterator_core.dataset import DatasetSettings
from enliterator_core.dataset.checks import Checks
from enliterator_core.graph import steps as steps_module
from enliterator_core.graph.arrays import Arrays
from enliterator_core.graph.steps import Steps
from enliterator_core.testing import MemoryGraph, sample_graph, sample_storage

VERB_NAMES = ("cites", "connects_to", "co_occurs_with", "depends_on", "part_of", "precedes")


def made_of(size: int, joins: list[tuple[int, int, int]]) -> MemoryGraph:
    """Return a graph of that many entities; a join is subject, verb and object by number."""
    storage = MemoryGraph()
    entities = [Entity("Manifest", f"thing {number}", "thing") for number in range(size)]
    storage.write_entities(entities)
    ids = [one.id for one in entities]
    storage.write_relations(
        Relation(ids[one % size], VERB_NAMES[verb % len(VERB_NAMES)], ids[other % size], (Span("a.md", at, at + 1),))
        for at, (one, verb, other) in enumerate(joins)
    )
    return storage


graphs = st.integers(1, 8).flatmap(
    lambda size: st.lists(st.tuples(st.integers(0, 7), st.integers(0, 5), st.integers(0, 7)), max_size=40).map(
        lambda joins: made_of(size, joins)
    )
)


@pytest.fixture(scope="module")
def graph() -> Graph:
    return sample_graph(6)


def test_mappings_say_what_the_storage_says(graph: Graph) -> None:
    storage = graph.storage
    assert list(graph.entities.values()) == list(storage.entities())
    assert list(graph.entities) == [one.id for one in storage.entities()]
    assert list(graph.terms.values()) == list(storage.terms())
    assert list(graph.relations.items()) == [(one.key, one) for one in storage.relations()]
    assert len(graph.relations) == len(list(storage.relations())) and len(graph.terms) == len(list(storage.terms()))
    by_source: dict[str, list[Entity]] = {}
    for entity in storage.entities():
        for path in dict.fromkeys(span.source for span in entity.evidence):
            by_source.setdefault(path, []).append(entity)
    assert list(graph.by_source.items()) == list(by_source.items())


def test_a_term_may_say_what_its_entity_does_not() -> None:
    storage = MemoryGraph()
    one, other = (Entity("Idea", name, "idea", f"the idea of {name}") for name in ("swarm", "hive"))
    storage.write_entities([one, other])
    terms = [
        Term(one.id, "Idea", "swarm", "the idea of swarm", ("swarms",), ("cloud",)),
        Term(other.id, "Manifest", "a hive", "no idea", (), (), (("Stock", "de"),)),
        Term("0" * 16, "Idea", "what is in no graph", "", ("nothing",), ()),
    ]
    storage.write_terms(terms)
    assert list(Graph(storage).terms.values()) == list(storage.terms())
    assert sorted(storage.terms(), key=lambda term: term.name) == sorted(terms, key=lambda term: term.name)


def test_what_is_not_there_is_not_found(graph: Graph) -> None:
    some = next(iter(graph.relations))
    turned = some[0], reverse_of(some[1]), some[2]
    wrong: list[Any] = [some[::-1], turned, ("a", "b", "c"), (), "abc", None, (some[0], [], 1)]
    for key in wrong:
        assert key not in graph.relations
        with pytest.raises(KeyError):
            graph.relations[key]
    assert "nothing" not in graph.entities and graph.entities.get("nothing") is None
    assert graph.around("nothing") == [] and graph.relation("x", "cites", "y") is None
    assert graph.relation(some[0], "no verb", some[2]) is None
    assert graph.by_source.get("nowhere.md") is None and graph.terms.get("nothing") is None
    assert graph.called("no such name") == [] and graph.named("Idea", "no such name") is None


def test_numbers_names_and_pools_without_an_entity(graph: Graph) -> None:
    for number, (id, entity) in enumerate(graph.entities.items()):
        assert (graph.number(id), graph.id(number)) == (number, id)
        assert (graph.name(id), graph.pool(id)) == (entity.name, entity.pool)
        assert graph.named(entity.pool, entity.name) == entity
        assert entity in graph.called(f"  {entity.name.upper()} ")
        assert id == entity.id
    for id, term in graph.terms.items():
        assert all(id in [one.id for one in graph.called(form)] for form in term.surface_forms)


def test_many_are_mentioned_as_each_is_alone() -> None:
    """By kind and name, in quotes where it has spaces; named by its kind, or without one, or a person."""
    storage = MemoryGraph()
    kinds, names = (
        ("", "release", "rights holder", "the"),
        ("one", "two words", "release 1", "released", "rights holder 7"),
    )
    made = [
        Entity(pool, f"{name}{kind[:1]}", kind) for pool in ("Actor", "Manifest") for kind in kinds for name in names
    ]
    storage.write_entities([*made, Entity("Manifest", "release 2", "release"), Entity("Actor", "release 2", "release")])
    graph = Graph(storage)
    numbers = np.arange(len(graph.entities))[::-1]
    assert graph.arrays.entities.mentions(numbers) == [graph.mention(graph.id(number)) for number in numbers.tolist()]
    assert graph.arrays.entities.mentions(numbers[:0]) == []


def test_an_empty_graph_has_arrays_too() -> None:
    graph = Graph(MemoryGraph())
    assert (len(graph.entities), len(graph.relations), len(graph.terms), len(graph.by_source)) == (0, 0, 0, 0)
    assert graph.called("x") == [] and [len(walks) for walks in Sampler().paths(graph, (None,))] == []
    alone = Graph(made_of(1, []))
    assert [len(walks) for walks in Sampler().paths(alone, ("cites", None))] == [0]


@given(graphs)
def test_steps_are_the_relations_from_both_ends(storage: MemoryGraph) -> None:
    graph = Graph(storage)
    expected: dict[str, list[tuple[str, str]]] = {id: [] for id in graph.entities}
    for relation in storage.relations():
        expected[relation.subject].append((relation.verb, relation.object))
        expected[relation.object].append((VERBS[relation.verb].reverse, relation.subject))
    for id, steps in expected.items():
        assert Counter(graph.around(id)) == Counter(steps)
        for verb, other in steps:
            found = graph.relation(id, verb, other)
            assert found is not None and {found.subject, found.object} == {id, other}
            assert found.verb in (verb, reverse_of(verb))


@given(graphs, st.lists(st.sampled_from([None, *VERB_NAMES, *map(reverse_of, VERB_NAMES)]), min_size=1, max_size=3))
def test_paths_exist_are_simple_and_do_not_depend_on_how_many_are_drawn(
    storage: MemoryGraph, verbs: list[str | None]
) -> None:
    graph = Graph(storage)
    drawn: list[list[Path]] = []
    for size in (1, 3, 1000):
        every = list(Sampler(5).paths(graph, verbs, walkers=3, size=size))
        drawn.append([walks.path(row) for walks in every for row in range(len(walks))])
    assert drawn[0] == drawn[1] == drawn[2]
    assert len(set(drawn[0])) == len(drawn[0]), "none twice"
    assert max(Counter(path.entities[0] for path in drawn[0]).values(), default=0) <= 3
    for path in drawn[0]:
        assert len(set(path.entities)) == len(verbs) + 1 == len(path.verbs) + 1
        assert all(wanted in (None, verb) for wanted, verb in zip(verbs, path.verbs, strict=True))
        assert graph.relations_along(path) is not None


def test_every_neighbour_is_chosen_about_as_often() -> None:
    """Five neighbours, a thousand walkers: the ring of a hub gives none of them all, and none nothing."""
    graph = Graph(made_of(6, [(0, 0, number) for number in range(1, 6)]))
    hub = graph.number(next(id for id in graph.entities if graph.name(id) == "thing 0"))
    steps = graph.arrays.steps
    group = steps.groups_by("cites")[np.full(1000, hub)]
    chosen = steps.other[steps.follow(group, Sampler(1).points(np.arange(1000, dtype=np.uint64), "test"))]
    counts = Counter(chosen.tolist())
    assert len(counts) == 5 and max(counts.values()) < 700


def test_what_is_followed_is_the_next_on_the_ring(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether a group is small, and each of its steps is looked at, or large, and sorted."""
    joins = [(one, 0, other) for one in range(40) for other in range(one)]
    graph, drawn = Graph(made_of(40, joins)), []
    for few in (0, 5, 100):
        monkeypatch.setattr(steps_module, "_FEW", few)
        steps = Steps(len(graph.entities), graph.arrays.relations)
        groups = np.repeat(np.arange(len(steps.group_verb)), 50)
        points = Sampler(1).points(np.arange(len(groups), dtype=np.uint64), "test")
        drawn.append(steps.follow(groups, points))
        assert np.all((drawn[-1] >= steps.group_start[groups]) & (drawn[-1] < steps.group_start[groups + 1]))
    assert np.array_equal(drawn[0], drawn[1]) and np.array_equal(drawn[0], drawn[2])


def test_steps_are_found_one_by_one_as_all_at_once() -> None:
    joins = [(one, one % 3, other) for one in range(9) for other in range(one)]
    steps = Graph(made_of(9, joins)).arrays.steps
    asked = [(one, verb, other) for one in range(9) for verb in range(len(Arrays.verbs)) for other in range(9)]
    found = steps.rows(*np.array(asked).T)
    assert found.tolist() == [steps.find(one, Arrays.verbs[verb], other) for one, verb, other in asked]
    assert (found >= 0).sum() >= 2 * len(joins)
    none = Graph(MemoryGraph()).arrays.steps
    assert none.rows(np.zeros(2, np.int64), np.zeros(2, np.int64), np.zeros(2, np.int64)).tolist() == [-1, -1]


def test_one_more_neighbour_changes_few_choices() -> None:
    joins = [(0, 0, number) for number in range(1, 40)]
    before, after = Graph(made_of(41, joins)), Graph(made_of(41, [*joins, (0, 0, 40)]))
    chosen = []
    for graph in (before, after):
        hub = graph.number(next(id for id in graph.entities if graph.name(id) == "thing 0"))
        points = Sampler(1).points(np.arange(1000, dtype=np.uint64), "test")
        steps = graph.arrays.steps.follow(graph.arrays.steps.groups_by("cites")[np.full(1000, hub)], points)
        chosen.append([graph.name(graph.id(number)) for number in graph.arrays.steps.other[steps].tolist()])
    changed = [one for one, other in zip(*chosen, strict=True) if one != other]
    assert len(changed) < 200
    assert all(other == "thing 40" for one, other in zip(*chosen, strict=True) if one != other)


def test_points_depend_on_seed_key_and_context_alone() -> None:
    random = Random(3)
    keys = np.array([random.getrandbits(64) for _ in range(500)], np.uint64)
    whole = Sampler(1).points(keys, "a", "0")
    assert np.array_equal(whole[100:200], Sampler(1).points(keys[100:200], "a", "0"))
    for other in (
        Sampler(2).points(keys, "a", "0"),
        Sampler(1).points(keys, "a", "1"),
        Sampler(1).points(keys + 1, "a"),
    ):
        assert not (other == whole).any()
    assert 0.4 < float((whole / 2**64).mean()) < 0.6


@pytest.mark.parametrize("of_a_build", [True, False])
def test_sides_are_the_splits_of_anchors(graph: Graph, of_a_build: bool) -> None:
    sampler = Sampler(0, lambda anchor: "train" if int(anchor, 16) % 3 else "test")
    if of_a_build:
        sampler = Checks(graph, DatasetSettings(split="40/30/30")).sampler()
    sides = sampler.sides(graph)
    for number, id in enumerate(graph.entities):
        assert (sides[number] == sides[0]) == sampler.together(id, graph.id(0))


def test_nothing_leaks_where_nothing_is_withheld_and_runs_are_found_otherwise() -> None:
    graph = Graph(sample_storage())
    path = next(path for path in graph.sources if not graph.rights_of(path).trainable)
    words = " ".join(graph.document(path).text.split()[3:15])
    assert graph.leaks(f"He said: {words.upper()}!") is not None
    assert graph.leaks(words, besides=[words]) is None and graph.leaks("nothing of the kind is said here") is None
    free = next(path for path in graph.sources if graph.rights_of(path).trainable)
    said = " ".join(graph.document(free).text.split()[3:15])
    assert graph.leaks(said) is None and graph.leaks(said, free) is not None and graph.leaks(said, "nowhere") is None


def test_surface_forms_of_two_entities_are_both_found() -> None:
    storage = MemoryGraph()
    one, other = Entity("Idea", "A b"), Entity("Manifest", "B")
    storage.write_entities([one, other])
    storage.write_terms([Term(other.id, "Manifest", "B", "", ("a  B", "c")), Term(one.id, "Idea", "A b", "", ("c",))])
    storage.write_sources([Source("a", "0", "text/plain", 1)])
    storage.write_documents([("a", Document("text"))])
    graph = Graph(storage)
    assert graph.called("A B") == [one, other] and {entity.id for entity in graph.called("C")} == {one.id, other.id}


def test_what_is_kept_is_bounded_and_what_was_asked_for_last_is_there() -> None:
    made: list[int] = []

    def double(number: int) -> int:
        made.append(number)
        return 2 * number

    kept = Kept(double, most=10)
    for number in range(1000):
        assert [kept[one] for one in range(max(0, number - 9), number + 1)][-1] == 2 * number
        assert len(kept) <= 10
    assert made == list(range(1000))
    kept.clear()
    assert [kept[999], kept[985]] == [1998, 1970] and made[1000:] == [999, 985]
