# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The representations stage: texts that say what the graph says and no more, and paths that read back the same."""

from pathlib import Path as Folder

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enliterator_core import Batch, Context, Entity, Graph, Relation, Rights, Span, Term, entity_id
from enliterator_core.pieces import Pieces
from enliterator_core.testing import MemoryGraph, sample_graph, sample_storage
from enliterator_representations import RepresentationsStage, represent, round_trips, sample_paths

OWN = Rights(license="CC0-1.0", publishable=True, trainable=True, quarantined=False, reason=None)


def hive(**more: object) -> MemoryGraph:
    storage = MemoryGraph()
    storage.write_rights([OWN])
    storage.write_entities(
        [
            Entity("Manifest", "Hive", "object", "A hive holds\n a colony", rights=OWN.id),
            Entity("Manifest", "Apiary", rights=OWN.id),
            *(Entity("Manifest", f"Frame {n}", rights=OWN.id) for n in range(6)),
            Entity("Idea", "Bee space", rights=OWN.id),
        ]
    )
    hive_id = entity_id("Manifest", "Hive")
    storage.write_terms([Term(hive_id, "Manifest", "Hive", surface_forms=("box", "stack", "home"))])
    storage.write_relations(
        [
            Relation(hive_id, "part_of", entity_id("Manifest", "Apiary")),
            *(Relation(entity_id("Manifest", f"Frame {n}"), "part_of", hive_id) for n in range(6)),
            Relation(entity_id("Idea", "Bee space"), "embodies", hive_id),
        ]
    )
    return storage


def test_a_text_says_name_kind_description_relations_and_other_names() -> None:
    graph = Graph(hive())
    text = represent(graph, graph.entities[entity_id("Manifest", "Hive")])
    assert text == (
        "Hive: object (Manifest). A hive holds a colony. It is part of Apiary. "
        "It contains Frame 0, Frame 1, Frame 2, Frame 3 and 2 more. "
        "It is an embodiment of Bee space. It is also called box, stack and home."
    )


@given(st.integers(80, 400))
def test_a_text_is_never_longer_than_allowed_and_ends_with_a_whole_sentence(length: int) -> None:
    graph = Graph(hive())
    for entity in graph.entities.values():
        text = represent(graph, entity, length)
        assert len(text) <= length
        assert text.endswith(".")


def test_a_name_that_is_too_long_is_cut_by_itself() -> None:
    storage = MemoryGraph()
    storage.write_entities([Entity("Idea", "very " * 200, "concept")])
    graph = Graph(storage)
    (entity,) = graph.entities.values()
    text = represent(graph, entity, 100)
    assert len(text) == 100
    assert text.endswith("…")


def run(storage: MemoryGraph, folder: Folder, **settings: int) -> Context:
    context = Context(Batch(1, "b", "b", ""), ("b",), None, storage, Pieces(folder / "p.db"), folder)
    RepresentationsStage(**settings).run(context)
    return context


def test_every_entity_that_may_be_trained_on_gets_a_text_and_no_other(tmp_path: Folder) -> None:
    storage = hive()
    storage.write_rights([Rights()])
    storage.write_entities([Entity("Idea", "Secret", description="hush", repr_text="old", rights=Rights().id)])
    run(storage, tmp_path)
    texts = {entity.name: entity.repr_text for entity in storage.entities()}
    assert texts.pop("Secret") == ""
    assert all(text.startswith(f"{name}: ") for name, text in texts.items())


def test_the_same_graph_gives_the_same_texts(tmp_path: Folder) -> None:
    first, second = sample_storage(2), sample_storage(2)
    run(first, tmp_path)
    run(second, tmp_path)
    run(second, tmp_path)
    assert list(first.entities()) == list(second.entities())


def test_paths_are_counted_and_all_read_back(tmp_path: Folder) -> None:
    storage = sample_storage(2)
    run(storage, tmp_path)
    note = storage.note("representations")
    assert note is not None
    assert note["failed"] == 0
    assert note["paths"] > len(list(storage.relations()))
    run(storage, tmp_path, paths=5)
    assert 5 <= storage.note("representations")["paths"] <= 10


def test_sampled_paths_are_simple_and_do_not_depend_on_the_rest() -> None:
    graph = sample_graph(3)
    paths = list(sample_paths(graph, 40))
    assert {len(path.verbs) for path in paths} == {1, 2}
    assert all(len(set(path.entities)) == len(path.entities) for path in paths)
    assert all(round_trips(graph, path) for path in paths)
    assert paths == list(sample_paths(sample_graph(3), 40))


@given(st.text(st.characters(codec="utf-8"), min_size=1), st.text(st.characters(codec="utf-8"), min_size=1))
def test_paths_round_trip_whatever_the_names_are(first: str, second: str) -> None:
    storage = MemoryGraph()
    entities = [Entity("Idea", first), Entity("Manifest", second)]
    storage.write_entities(entities)
    storage.write_relations([Relation(entities[0].id, "embodies", entities[1].id, (Span("a", 0, 1),))])
    graph = Graph(storage)
    (path,) = sample_paths(graph, 10)
    assert round_trips(graph, path)


def test_a_path_that_the_graph_does_not_have_fails() -> None:
    graph = Graph(hive())
    (first, *_, last) = graph.entities
    path = next(iter(sample_paths(graph, 1)))
    assert round_trips(graph, path)
    assert not round_trips(graph, type(path)((first, last), ("supports",)))
    assert not round_trips(graph, type(path)((first, last), ("part_of",)))


def test_a_stage_name_and_place() -> None:
    assert RepresentationsStage.after == ("graph",)
    with pytest.raises(ValueError, match="length"):
        RepresentationsStage(length=10)
