# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""What rights_style reads from a graph: many things at once or one alone, and what people may call each."""

from enliterator_core import Entity, Graph, Sampler, Span, Term
from enliterator_core.testing import MemoryGraph, sample_graph
from enliterator_rights_style import RightsStyle
from enliterator_rights_style.known import Known
from enliterator_rights_style.names import Names
from enliterator_rights_style.stating import Statements


def test_what_is_read_together_is_what_is_read_alone() -> None:
    graph = sample_graph()
    known, alone = Known(graph), Statements(graph)
    known.expect()
    asked = [(number, path) for path in graph.sources for number in known.first_found(path).tolist()]
    read = [known.statements.of(number, path) for number, path in asked]
    assert read == [alone.of(number, path) for number, path in asked]
    assert sum(len(one.about) for one in read) > 20
    assert [known.statements.of(number, path) for number, path in reversed(asked)] == read[::-1]


def test_drafts_hold_in_any_order_and_on_a_graph_that_made_none() -> None:
    graph, other, task = sample_graph(), sample_graph(), RightsStyle()
    drafts = [draft for batch in task.generate(graph, Sampler()) for draft in batch]
    assert all(task.verify(draft, other).holds for draft in reversed(drafts))
    assert all(one.holds for one in task.verify_batch(drafts[::-1], graph))


def test_a_thing_is_called_by_its_name_and_the_first_of_its_forms() -> None:
    storage = MemoryGraph()
    storage.write_entities([Entity("Idea", name, "topic", evidence=(Span("a.md", 0, 1),)) for name in "abcd"])
    ids = {name: Entity("Idea", name).id for name in "abcd"}
    forms = {"a": ("a", " ", "Alpha", "x\0y", "fifth"), "b": ("ALPHA ", "B", "é"), "c": ()}
    storage.write_terms([Term(ids[name], "Idea", name, "", some, ()) for name, some in forms.items()])
    graph = Graph(storage)
    names = Names(graph)
    called = {name: names.of(graph.number(id)) for name, id in ids.items()}
    assert called == {"a": ("a", "Alpha"), "b": ("b", "ALPHA ", "B", "é"), "c": ("c",), "d": ("d",)}
    shared = {name: names.shared(graph.number(id), called[name]) for name, id in ids.items()}
    assert shared == {"a": ("Alpha",), "b": ("ALPHA ",), "c": (), "d": ()}
