# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""canon_map's forms as rows: what they find is what a plain dictionary of all forms would."""

from collections import Counter
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from enliterator_canon_map import CanonMap, drafting
from enliterator_canon_map.entries import Entries
from enliterator_canon_map.lexicon import Lexicon, bare
from enliterator_canon_map.rows import Rows
from enliterator_core import Document, Entity, Graph, Rights, Sampler, Source, Span, Term, Time, fold, sha256_of
from enliterator_core.testing import MemoryGraph, sample_graph

RIGHTS = Rights("MIT", "MIT", "Somebody", "spdx tag", 1, True, True, None, False, None)
WORDS = st.sampled_from(["hive", "Hive", "hivé", "STRASSE", "straße", "a.hive", "b.hive", "x/hive", "the", "ab"])
FORMS = st.lists(WORDS, min_size=1, max_size=2).map(" ".join)


def graph_of(things: dict[str, tuple[list[str], list[str]]]) -> Graph:
    """A graph of names with their surface forms and negative forms, each name a line of one source."""
    storage, text, entities, terms = MemoryGraph(), "", [], []
    for name, (forms, negative) in things.items():
        span = Span("all.md", len(text), len(text) + len(name))
        text += f"{name}\n"
        entities.append(Entity("Idea", name, "thing", name, "", Time(), RIGHTS.id, (span,)))
        terms.append(Term(entities[-1].id, "Idea", name, "", tuple(forms), tuple(negative)))
    storage.write_rights([RIGHTS])
    storage.write_sources([Source("all.md", sha256_of(text.encode()), "text/markdown", len(text), rights=RIGHTS.id)])
    storage.write_documents([("all.md", Document(text))])
    storage.write_entities(entities)
    storage.write_terms(terms)
    return Graph(storage)


def plainly(graph: Graph) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """What each form stands for, what it is mistaken for, and what each bare name is of, as dictionaries."""
    owners: dict[str, dict[str, None]] = {}
    mistaken: dict[str, list[str]] = {}
    parts: dict[str, list[str]] = {}
    for id, entity in graph.entities.items():
        owners.setdefault(fold(entity.name), {})[id] = None
        if part := bare(entity.name):
            parts.setdefault(fold(part), []).append(id)
    for id, surface, negative in graph.terms.forms():
        for form in surface:
            owners.setdefault(fold(form), {})[id] = None
        for form in negative:
            mistaken.setdefault(fold(form), []).append(id)
    every = {form: tuple(ids) for form, ids in parts.items()} | {form: tuple(ids) for form, ids in owners.items()}
    return every, mistaken, {form: ids for form, ids in parts.items() if len(ids) > 1}


@settings(max_examples=60)
@given(
    st.dictionaries(FORMS, st.tuples(st.lists(FORMS, max_size=3), st.lists(FORMS, max_size=2)), max_size=12),
    st.lists(FORMS, max_size=5),
)
def test_rows_find_what_a_dictionary_does(things: dict[str, tuple[list[str], list[str]]], others: list[str]) -> None:
    graph = graph_of(things)
    lexicon, (owners, mistaken, shared) = graph.once(Lexicon), plainly(graph)
    for form in {*owners, *mistaken, *map(fold, others)}:
        assert lexicon.owned(form) == owners.get(form, ())
        assert lexicon.taken(form) == mistaken.get(form, [])
    found = graph.once(Rows).shared()
    assert {form: list(map(graph.id, numbers)) for form, numbers in found.items()} == shared
    assert list(found) == list(shared)
    for number, id in enumerate(graph.entities):
        forms = [graph.name(id), *graph.terms[id].surface_forms]
        own = list(dict.fromkeys(form for form in forms if owners[fold(form)] == (id,)))
        assert lexicon.own_forms(id, number, len(forms)) == own


@settings(max_examples=60)
@given(st.dictionaries(FORMS, st.tuples(st.lists(FORMS, max_size=3), st.lists(FORMS, max_size=2)), max_size=12))
def test_entities_read_together_are_as_one_by_one(things: dict[str, tuple[list[str], list[str]]]) -> None:
    graph = graph_of(things)
    together, one_by_one = Entries(graph), Entries(graph)
    together.read(range(len(graph.entities)))
    assert list(together) == list(graph.entities)
    for id, entry in together.items():
        term, name = graph.terms[id], graph.name(id)
        assert entry == one_by_one[id]
        assert (entry.forms, entry.negative) == ((name, *term.surface_forms), term.negative_forms)
        assert entry.folded == tuple(map(fold, entry.forms))
        assert entry.description == " ".join((term.description or graph.entities[id].description).split())


def test_what_was_asked_of_one_thing_is_not_asked_again_for_another(monkeypatch: pytest.MonkeyPatch) -> None:
    # A slip in one of these names is most often another of them.
    names = ["".join(letters) for length in (5, 6) for letters in product("ab", repeat=length)]
    graph = graph_of({name: ([], []) for name in names})
    task, batches = CanonMap(forms_per_term=9, slip_share=1.0), []
    for at_once in (1, 10, 1000):
        monkeypatch.setattr(drafting, "_AT_ONCE", at_once)
        drafts = [draft for seed in range(8) for batch in task.generate(graph, Sampler(seed)) for draft in batch]
        batches.append(drafts)
    assert batches[0] == batches[1] == batches[2]
    for seed in range(8):
        asked = Counter(fold(draft.user) for batch in task.generate(graph, Sampler(seed)) for draft in batch)
        assert max(asked.values()) == 1


def test_a_thing_with_many_rows_is_found_by_each() -> None:
    graph = sample_graph(3)
    lexicon = graph.once(Lexicon)
    for id, surface, _ in graph.terms.forms():
        assert all(id in lexicon.owned(fold(form)) for form in surface)
