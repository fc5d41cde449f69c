# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""canon_map: one label for one input, misspellings as they were counted, and nothing that the lexicon does not say."""

import json
import re
from collections import Counter

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from enliterator_canon_map import CanonMap
from enliterator_canon_map.asking import Asker, Shares
from enliterator_canon_map.lexicon import bare
from enliterator_canon_map.reading import ASKS, read
from enliterator_canon_map.slips import Spelling, is_slip, slip
from enliterator_core import Document, Draft, Entity, Graph, Rights, Sampler, Source, Span, Term, Time, fold, sha256_of
from enliterator_core.testing import MemoryGraph, check_task_type, sample_graph

TASK = CanonMap()
RIGHTS = Rights("MIT", "MIT", "Somebody", "spdx tag", 1, True, True, None, False, None)


def graph_of(*rows: tuple[str, str, str, tuple[str, ...], tuple[str, ...]]) -> Graph:
    """A graph of (pool, name, sentence, surface forms, negative forms), each sentence a line of one source."""
    storage = MemoryGraph()
    text, entities, terms = "", [], []
    for pool, name, sentence, forms, negative in rows:
        span = Span("all.md", len(text), len(text) + len(sentence))
        text += sentence + "\n"
        entities.append(Entity(pool, name, "thing", sentence, "", Time("2024-01-01", "git"), RIGHTS.id, (span,)))
        terms.append(Term(entities[-1].id, pool, name, sentence, forms, negative))
    storage.write_rights([RIGHTS])
    storage.write_sources([Source("all.md", sha256_of(text.encode()), "text/markdown", len(text), rights=RIGHTS.id)])
    storage.write_documents([("all.md", Document(text))])
    storage.write_entities(entities)
    storage.write_terms(terms)
    return Graph(storage)


def drafts_of(graph: Graph, task: CanonMap = TASK, sampler: Sampler | None = None) -> list[Draft]:
    return [draft for batch in task.generate(graph, sampler or Sampler()) for draft in batch]


@pytest.fixture(scope="module")
def graph() -> Graph:
    return sample_graph(6)


@pytest.fixture(scope="module")
def hives() -> Graph:
    return graph_of(
        ("Manifest", "Queen excluder", "The queen excluder keeps the queen below.", ("excluder",), ("Queen cage",)),
        ("Manifest", "Queen cage", "A queen cage is a box in which a queen travels.", (), ("Queen excluder",)),
        ("Idea", "Brood nest", "The brood nest is where the queen lays.", (), ("Brood pest",)),
        ("Idea", "scope (ls)", "The scope of ls bounds what it lists.", (), ()),
        ("Idea", "scope (ll)", "The scope of ll bounds what it lists at length.", (), ()),
        ("Practical", "Harvest", "The harvest begins in July.", (), ()),
        ("Practical", "Harvesr", "A harvesr is another thing altogether.", (), ()),
    )


def test_it_keeps_the_contract(graph: Graph) -> None:
    assert check_task_type(CanonMap, graph)


def test_one_input_has_one_label_and_every_entity_is_asked_for(graph: Graph) -> None:
    drafts = drafts_of(graph, CanonMap(forms_per_term=5, slip_share=1.0, unknown_share=1.0))
    answers: dict[str, set[str]] = {}
    for draft in drafts:
        answers.setdefault(fold(draft.user), set()).add(draft.assistant)
    assert all(len(different) == 1 for different in answers.values())
    assert {draft.anchor for draft in drafts} == set(graph.entities)
    sorts = Counter(TASK.verify(draft, graph).words.rpartition(" ")[2] for draft in drafts)
    assert {"name", "slip", "two", "none"} <= set(sorts)


@pytest.mark.parametrize(
    ("user", "sort", "meant"),
    [
        ("Queen excluder", "name", "Queen excluder"),
        ("what is the excluder?", "name", "Queen excluder"),
        ("what is  EXCLUDER?", "name", "Queen excluder"),
        ("queen exclder", "slip", "Queen excluder"),
        ("queen excluderr", "slip", "Queen excluder"),
        ("what is qeen cage?", "slip", "Queen cage"),
        ("brood pest", "mistaken", "Brood nest"),
        ("queen bee", "none", ""),
        ("look up the queen bee", "none", ""),
        ("harvesr", "name", "Harvesr"),
        ("scope", "several", ""),
        ("is Queen cage the same as Queen excluder?", "two", ""),
        ("is excluder the same as Queen excluder?", "same", "Queen excluder"),
        ("Name the term in double brackets: The [[queen excluder]] keeps the queen below.", "name", "Queen excluder"),
    ],
)
def test_a_request_is_read_one_way(hives: Graph, user: str, sort: str, meant: str) -> None:
    label = read(hives, user)
    assert label is not None and label.sort == sort
    if meant:
        assert hives.entities[label.ids[0]].name == meant


@pytest.mark.parametrize(
    "user", ["harvest ", "harves", "harvess", "scop", "scopes", "is Queen cage the same as Harvest?"]
)
def test_what_can_be_read_two_ways_has_no_label_of_one_thing(hives: Graph, user: str) -> None:
    label = read(hives, user)
    assert label is None or label.sort not in ("slip", "two", "same")


def test_a_name_that_begins_as_a_question_does_is_read_too() -> None:
    graph = graph_of(
        ("Idea", "what is honey", "It is a question.", ("What",), ()),
        ("Idea", "honey", "The honey is sweet.", (), ()),
    )
    assert read(graph, "what is honey?") is None
    for user, meant in (
        ("what", "what is honey"),
        ("define what is honey", "what is honey"),
        ("what's honey", "honey"),
    ):
        label = read(graph, user)
        assert label is not None and label.sort == "name"
        assert graph.entities[label.ids[0]].name == meant


@given(st.text(min_size=1), st.sampled_from(ASKS))
def test_a_form_stands_folded_in_the_folded_request(form: str, frame: tuple[str, str]) -> None:
    before, after = frame
    request = fold(f"{before}{form}{after}")
    assert request[len(before) : len(request) - len(after)].strip() == fold(form)


def test_every_way_to_ask_comes_as_often_as_any_other() -> None:
    names = [f"{one}{other}ing Hive" for one in "BCDFGHJKLM" for other in ("ath", "ent", "ick", "old", "und")]
    graph = graph_of(*(("Manifest", name, f"Here the {name} is a box.", (), ()) for name in names))
    ways: Counter[str] = Counter()
    for seed in range(40):
        asker = Asker(graph, Sampler(seed), Shares(forms=1, negatives=0, slips=0.5, unknown=0))
        for number, name in enumerate(graph.arrays.entities.names):
            _, (asked, _), _, *slips = asker.requests(number)
            said = next(one for one in (f"the {name}", name, name.lower()) if one in asked)
            ways.update((asked.replace(said, "*"), said.replace(name, "*").replace(name.lower(), "small")))
            ways["slip"] += bool(slips)
    shares = {"slip": 0.5, "small": 0.4, "the *": 0.4, **{f"{before}*{after}": 1 / 16 for before, after in ASKS[1:]}}
    for way, share in shares.items():
        assert ways[way] / (40 * len(names)) == pytest.approx(share, abs=0.03), way


def test_a_name_that_several_things_share_is_asked_back(hives: Graph) -> None:
    (draft,) = [one for one in drafts_of(hives) if "may be called" in one.assistant]
    note = json.loads(draft.assistant)["note"]
    assert note.startswith('2 things may be called "scope"') and "(ls)" in note and "(ll)" in note
    assert len(draft.entities) == len(draft.spans) == 2


def test_negative_forms_that_are_nothing_are_answered_with_what_they_are_taken_for(hives: Graph) -> None:
    draft = next(one for one in drafts_of(hives) if one.absence == "Brood pest")
    note = json.loads(draft.assistant)["note"]
    assert "Nothing in this collection" in note and "Brood nest" in note
    assert hives.entities[draft.anchor].name == "Brood nest"


def test_unknown_terms_carry_the_query_that_finds_nothing(graph: Graph) -> None:
    unknown = [draft for draft in drafts_of(graph, CanonMap(unknown_share=1.0)) if draft.absence]
    assert unknown
    for draft in unknown:
        assert draft.absence and not graph.called(draft.absence)
        assert json.loads(draft.assistant)["canonical"] is None


def test_sentences_are_the_sources_own(graph: Graph) -> None:
    quoting = [draft for draft in drafts_of(graph) if "[[" in draft.user or " in: " in draft.user]
    assert quoting
    for draft in quoting:
        words = re.sub(r"\[\[|\]\]", "", draft.user)
        assert any(" ".join(graph.text(span).split()) in words for span in draft.spans)


WORDS = st.text("abcdefghij", min_size=5, max_size=12)


@given(st.lists(WORDS, min_size=1, max_size=30), WORDS)
def test_what_is_near_is_what_comparing_all_finds(forms: list[str], said: str) -> None:
    forms = sorted(set(forms))
    assert Spelling(forms).near([said]) == [[form for form in forms if OSA.distance(form, said) <= 1]]


@given(st.from_regex(r"[A-Za-z]{5,12}( [A-Za-z]{2,9}){0,2}", fullmatch=True), st.integers(0, 99))
def test_a_slip_is_one_mistake_and_never_in_a_first_letter(form: str, seed: int) -> None:
    said = slip(form, Sampler(seed), "key")
    if said is not None:
        assert OSA.distance(said, form.lower()) <= 1
        assert [word[0] for word in said.split()] == [word[0] for word in form.lower().split()]
        assert said == form.lower() or is_slip(said, form.lower())


def test_slips_come_as_often_as_they_were_counted() -> None:
    kinds: Counter[str] = Counter()
    for seed in range(6000):
        said = slip("abcdefghijklm", Sampler(seed), "key")
        assert said is not None
        kinds[{12: "omission", 14: "insertion"}.get(len(said), "same")] += 1
        kinds["transposition"] += sorted(said) == sorted("abcdefghijklm")
    for kind, share in (("omission", 34), ("insertion", 27), ("same", 31), ("transposition", 12)):
        assert kinds[kind] / 6000 == pytest.approx(share / 92, abs=0.03), kind


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("scope (npm-ls)", "scope"),
        ("docs/hooks.md", "hooks.md"),
        ("a.b.Records.jobs", "jobs"),
        ("README.md", None),
        ("Queen cage", None),
        ("1.2.3", None),
        ("(x)", None),
    ],
)
def test_a_bare_name_is_what_a_thing_is_called_where_it_is_clear(name: str, part: str | None) -> None:
    assert bare(name) == part


def test_a_term_with_very_many_forms_takes_no_more_than_its_share() -> None:
    forms = tuple(f"hive number {number}" for number in range(20_000))
    graph = graph_of(("Manifest", "Hive", "The hive is a box.", forms, ()))
    assert 1 <= len(drafts_of(graph)) < 12


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
ANSWERS = st.dictionaries(st.sampled_from(["canonical", "pool", "description", "note", "x"]), JSON)


SAMPLE = sample_graph(1)
DRAFTS = drafts_of(SAMPLE)


@settings(max_examples=150)
@given(st.text() | JSON.map(json.dumps) | ANSWERS.map(json.dumps), st.integers(0, 10**6))
def test_any_answer_gets_a_grade(answer: str, place: int) -> None:
    grade = TASK.grade(DRAFTS[place % len(DRAFTS)], answer, SAMPLE)
    assert 0 <= grade.score <= 1 and set(grade.parts) == {"canonical", "pool", "description", "note"}
    assert all(0 <= part <= 1 for part in grade.parts.values())


def test_three_nulls_are_no_answer_to_what_is_unknown(graph: Graph) -> None:
    unknown = next(draft for draft in drafts_of(graph, CanonMap(unknown_share=1.0)) if draft.absence)
    nulls = json.dumps({"canonical": None, "pool": None, "description": None, "note": None})
    assert TASK.grade(unknown, nulls, graph).score <= 0.3
    assert TASK.grade(unknown, unknown.assistant, graph).score == 1


def mutants(draft: Draft, graph: Graph, drafts: list[Draft], place: int) -> list[Draft]:
    """Wrong examples made without a look at the verifier."""
    answer = json.loads(draft.assistant)
    others = [one for one in graph.entities.values() if one.id not in draft.entities]
    same_pool = [one for one in others if one.pool == (answer["pool"] or "Manifest")] or others
    other = same_pool[place % len(same_pool)]
    changes = [
        {"canonical": other.name},
        {"canonical": other.name, "pool": other.pool, "description": other.description or None},
        {"description": other.description + "!"},
        {"pool": "Risk" if answer["pool"] != "Risk" else "Idea"},
        {"canonical": None, "pool": None, "description": None, "note": None},
        {"note": (answer["note"] or "") + " It is well known."},
        {"note": re.sub(r"\d+", lambda found: str(int(found[0]) + 1), answer["note"] or "x")},
        {"description": re.sub(r"\b(\d+)\b", lambda found: str(int(found[0]) + 1), answer["description"] or "x 1")},
    ]
    texts = {json.dumps(answer | change, ensure_ascii=False) for change in changes} - {draft.assistant}
    wrong = [evolve(draft, assistant=text) for text in sorted(texts)]
    wrong.append(evolve(draft, spans=(Span("invented.md", 0, 20),)))
    wrong.append(evolve(draft, spans=other.evidence[:1], entities=(other.id,)))
    wrong.append(evolve(draft, anchor=other.id))
    neighbour = drafts[(place + 1) % len(drafts)]
    if neighbour.assistant != draft.assistant:
        wrong.append(evolve(draft, user=neighbour.user))
    return wrong


def test_wrong_examples_are_refused(graph: Graph) -> None:
    drafts = drafts_of(graph)
    wrong = [one for place, draft in enumerate(drafts) for one in mutants(draft, graph, drafts, place)]
    wrong = [one for one in wrong if one not in drafts]
    refused = sum(not TASK.verify(one, graph).holds for one in wrong)
    assert len(wrong) >= 1000
    assert refused >= 0.99 * len(wrong)


def test_names_that_do_not_exist_are_such_as_people_ask_for() -> None:
    graph = graph_of(
        *(("Manifest", f"{name} (npm-{tool})", f"The {name} of {tool}.", (), ()) for name in "abc" for tool in "xyz"),
        ("Manifest", "left alone (npm-w)", "It stands alone.", (), ()),
        ("Manifest", "cattrs", "A library.", (), ()),
    )
    names: dict[str, set[str | None]] = {}
    for entity in graph.entities.values():
        names[entity.name] = {Sampler(seed).absent_name(graph, entity, "k") for seed in range(20)} - {None}
    assert names["left alone (npm-w)"] == {f"left alone (npm-{tool})" for tool in "xyz"}
    assert not names["cattrs"] and not names["a (npm-x)"] - {"a (npm-w)"}
