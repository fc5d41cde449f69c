# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The literacy stage: nothing scores nothing, everything scores everything, and taking evidence away never helps."""

from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from enliterator_core import (
    UNKNOWN_TIME,
    Batch,
    Block,
    Candidate,
    Context,
    Document,
    Entity,
    Extraction,
    Gap,
    Graph,
    Relation,
    Rights,
    Source,
    Span,
    Term,
    Time,
    entity_id,
    pack_extraction,
)
from enliterator_core.pieces import Pieces
from enliterator_core.testing import MemoryGraph
from enliterator_literacy import LiteracyStage
from enliterator_literacy.acceptance import check_all
from enliterator_literacy.given import Given, text_bearing
from enliterator_literacy.measure import WEIGHTS, coverage, largest_component, relationships, rights, touched
from enliterator_literacy.retrieval import questions, words_beside

OWN = Rights(license="CC0-1.0", publishable=True, trainable=True, quarantined=False, reason=None)
KEPT = Rights(license="CC-BY-ND-4.0", publishable=True, trainable=False, quarantined=False, reason=None)


def context_of(storage: MemoryGraph, folder: Path) -> Context:
    return Context(Batch(1, "b", "b", ""), ("b",), None, storage, Pieces(folder / "p.db"), folder)


def literate(folder: Path, *, rights: Rights = OWN) -> Context:
    """A batch of two notes in which everything is named, described, joined and found."""
    storage = MemoryGraph()
    storage.write_rights([OWN, KEPT, Rights()])
    context = context_of(storage, folder)
    texts = {
        "a.md": "Smoking calms the colony before inspection. It is done with a smoker.",
        "b.md": "Smokers hold burning cardboard under bellows. A smoker is made by the club.",
    }
    for path, text in texts.items():
        storage.write_sources([Source(path, "ab" * 32, "text/markdown", len(text), rights=rights.id)])
        storage.write_documents([(path, Document(text, (Block("paragraph", 0, len(text)),)))])
    time = Time("2026-01-01", "statement")
    ends = [("Idea", "Smoking", "a.md"), ("Practical", "Smoker", "b.md")]
    entities = [
        Entity(pool, name, "", texts[path].split(". ")[0], time=time, rights=OWN.id, evidence=(Span(path, 0, 20),))
        for pool, name, path in ends
    ]
    storage.write_entities(entities)
    storage.write_terms(
        Term(entity.id, entity.pool, entity.name, surface_forms=(form,))
        for entity, form in zip(entities, ("smoke the hive", "bellows"), strict=True)
    )
    spans = (Span("a.md", 0, 40), Span("b.md", 0, 40))
    storage.write_relations([Relation(entities[0].id, "codifies", entities[1].id, spans)])
    storage.write_note("representations", {"texts": 2, "paths": 1, "failed": 0})
    for pool, name, path in ends:
        packed = pack_extraction(Extraction((Candidate(pool, name.lower()),)))
        context.pieces.put("lexicon", path, "k", [*packed, []])
    return context


def measure(context: Context, **settings: Any) -> dict[str, Any]:
    LiteracyStage(**settings).run(context)
    note = context.graph.note("literacy")
    assert note is not None
    return note


def values(note: dict[str, Any]) -> dict[str, float]:
    return {name: one["value"] for name, one in note["components"].items()}


def test_the_weights_are_those_of_the_design() -> None:
    assert WEIGHTS == {"coverage": 0.4, "relationships": 0.3, "rights": 0.2, "retrieval": 0.1}


def test_an_empty_batch_scores_nothing(tmp_path: Path) -> None:
    note = measure(context_of(MemoryGraph(), tmp_path))
    assert note["score"] == 0
    assert values(note) == {"coverage": 0, "relationships": 0, "rights": 0, "retrieval": 0}
    assert note["maturity"]["level"] == "none"
    assert note["gate"] == {"threshold": 70, "passed": False}


def test_a_batch_of_which_everything_is_known_scores_everything(tmp_path: Path) -> None:
    note = measure(literate(tmp_path))
    assert values(note) == {"coverage": 1, "relationships": 1, "rights": 1, "retrieval": 1}
    assert note["score"] == 100
    assert all(check["passed"] for check in note["acceptance"])
    assert note["gate"]["passed"]
    assert note["maturity"]["level"] == "M3"
    assert note["maturity"]["next"].startswith("M4 Adaptive: a verified dataset")


def test_a_score_is_explained_by_the_counts_that_it_was_made_of(tmp_path: Path) -> None:
    context = literate(tmp_path)
    context.graph.write_sources([Source("c.md", "cd" * 32, "text/markdown", 10, rights=OWN.id)])
    context.graph.write_documents([("c.md", Document("# New\n\nwords", (Block("heading", 0, 5),)))])
    note = measure(context)
    one = note["components"]["coverage"]
    assert one["counts"]["blocks"] == 2
    assert one["counts"]["blocks_of"] == 3
    assert one["parts"]["blocks"] == pytest.approx(2 / 3, abs=1e-4)
    for component in note["components"].values():
        for part, value in component["parts"].items():
            counts = component["counts"]
            assert value == pytest.approx(counts[part] / counts[f"{part}_of"], abs=0.01)
            assert component["meanings"][part]
        mean = sum(component["parts"].values()) / len(component["parts"])
        assert component["value"] == pytest.approx(mean, abs=1e-3)
    whole = sum(100 * one["value"] * one["weight"] for one in note["components"].values())
    assert note["score"] == pytest.approx(whole, abs=0.05)


def test_a_quarantined_batch_has_nothing_but_gaps(tmp_path: Path) -> None:
    storage = MemoryGraph()
    storage.write_rights([Rights()])
    storage.write_sources([Source("a.md", "ab" * 32, "text/markdown", 5)])
    storage.write_documents([("a.md", Document("words"))])
    note = measure(context_of(storage, tmp_path))
    assert note["score"] == 0
    assert note["maturity"]["level"] == "M0"
    assert storage.gaps()[0].severity == "high"
    assert storage.gaps()[0].subject == "a.md"


def test_what_is_settled_and_not_trainable_counts_for_rights_alone(tmp_path: Path) -> None:
    context = literate(tmp_path)
    context.graph.write_sources([Source("LICENSE", "ef" * 32, "text/plain", 5000, rights=KEPT.id)])
    context.graph.write_documents([("LICENSE", Document("terms", (Block("paragraph", 0, 5),)))])
    assert measure(context)["score"] == 100
    context.graph.write_sources([Source("LICENSE", "ef" * 32, "text/plain", 5000, rights=Rights().id)])
    note = measure(context)
    assert note["components"]["rights"]["parts"]["sources"] == pytest.approx(2 / 3, abs=1e-4)
    assert values(note) == {"coverage": 1, "relationships": 1, "rights": pytest.approx(0.347, abs=0.01), "retrieval": 1}
    assert note["maturity"]["level"] == "M2"


def test_an_empty_file_has_nothing_to_say(tmp_path: Path) -> None:
    context = literate(tmp_path)
    context.graph.write_sources([Source("__init__.py", "ef" * 32, "text/x-python", 1, rights=OWN.id)])
    context.graph.write_documents([("__init__.py", Document("\n"))])
    assert measure(context)["score"] == 100


def test_relationships_need_a_stated_relation(tmp_path: Path) -> None:
    context = literate(tmp_path)
    (relation,) = context.graph.relations()
    assert isinstance(context.graph, MemoryGraph)
    context.graph._relations.clear()
    assert values(measure(context))["relationships"] == 0
    context.graph.write_relations([evolve(relation, verb="co_occurs_with")])
    note = measure(context)
    # Sources that are joined by co-occurrence hang together, and no more than that.
    assert note["components"]["relationships"]["parts"] == {"blocks": 0, "connected": 1, "things": 0}


def test_retrieval_reaches_nothing_and_everything(tmp_path: Path) -> None:
    context = literate(tmp_path)
    assert values(measure(context))["retrieval"] == 1
    context.graph.write_entities(evolve(one, description="") for one in list(context.graph.entities()))
    context.graph.write_terms(evolve(one, surface_forms=()) for one in list(context.graph.terms()))
    assert values(measure(context))["retrieval"] == 0


def test_questions_never_ask_by_the_name(tmp_path: Path) -> None:
    graph = Graph(literate(tmp_path).graph)
    called = {"bellows": {entity_id("Practical", "Smoker")}, "smoke the hive": {entity_id("Idea", "Smoking")}}
    asked = dict(questions(graph.entities, graph.terms, called))
    assert len(asked) == 2
    for query, right in asked.items():
        (id,) = right
        assert graph.entities[id].name.casefold() not in query.split()
    entity = Entity(
        "Idea", "Bee space", description="Bee space is the gap of six to nine millimetres that bees leave free"
    )
    assert words_beside(entity) == "nine millimetres that bees leave"
    assert words_beside(Entity("Idea", "Bee space", description="The bee space.")) == ""


def test_a_form_of_several_entities_is_answered_by_any_of_them() -> None:
    entities = {name: Entity("Idea", name) for name in ("one", "two")}
    terms = {name: Term(name, "Idea", name, surface_forms=("both",)) for name in entities}
    assert [right for _, right in questions(entities, terms, {"both": {"one", "two"}})] == [{"one", "two"}] * 2


def test_a_document_without_prose_is_measured_by_whatever_blocks_it_has() -> None:
    prose, listing = Block("paragraph", 0, 4), Block("code", 5, 9)
    assert text_bearing(Document("text code", (prose, listing))) == ((0, 4),)
    assert text_bearing(Document("text code", (listing,))) == ((5, 9),)
    assert text_bearing(Document("text code")) == ((0, 9),)


def test_blocks_are_touched_by_any_overlap() -> None:
    blocks = [(0, 10), (10, 20), (30, 40), (0, 100)]
    assert touched(blocks, []) == 0
    assert touched(blocks, [(5, 6)]) == 0.5
    assert touched(blocks, [(9, 11), (35, 36), (34, 38)]) == 1
    assert touched(blocks, [(20, 30)]) == 0.25


SOURCES = ("a", "b", "c", "d")
NAMES = tuple("pqrstu")

spans = st.builds(
    lambda source, start, length: Span(source, start, start + length),
    st.sampled_from(SOURCES), st.integers(0, 90), st.integers(0, 20),
)  # fmt: skip
evidence = st.lists(spans, max_size=3).map(tuple)
entities_of = st.lists(st.sampled_from(NAMES), unique=True).flatmap(
    lambda names: st.tuples(
        *(
            st.builds(Entity, st.just("Idea"), st.just(n), description=st.sampled_from(("", "x")), evidence=evidence)
            for n in names
        )
    )
)


@st.composite
def graphs(draw: st.DrawFn) -> tuple[list[Entity], list[Relation]]:
    entities = list(draw(entities_of))
    if len(entities) < 2:
        return entities, []
    ids = st.sampled_from([entity.id for entity in entities])
    verbs = st.sampled_from(("cites", "co_occurs_with"))
    relation = st.builds(Relation, ids, verbs, ids, evidence)
    relations = {one.key: one for one in draw(st.lists(relation, max_size=8)) if one.subject != one.object}
    return entities, list(relations.values())


@given(graphs(), st.data())
def test_taking_evidence_away_never_raises_a_component(
    graph: tuple[list[Entity], list[Relation]], data: st.DataObject
) -> None:
    entities, relations = graph
    blocks = {source: tuple((n, n + 12) for n in range(0, 90, 10)) for source in SOURCES}
    fixed = Given(5, 4, 100, 80, blocks, frozenset(("Idea", name) for name in NAMES))
    before = [one.value for one in (coverage(fixed, *graph), relationships(fixed, *graph), rights(fixed))]
    assert all(0 <= value <= 1 for value in before)

    def fewer(spans: tuple[Span, ...]) -> tuple[Span, ...]:
        return tuple(span for span in spans if data.draw(st.booleans()))

    kept = [evolve(one, evidence=fewer(one.evidence)) for one in entities if data.draw(st.booleans())]
    left = [evolve(one, evidence=fewer(one.evidence)) for one in relations if data.draw(st.booleans())]
    bare = [evolve(one, description="") if data.draw(st.booleans()) else one for one in kept]
    after = [one.value for one in (coverage(fixed, bare, left), relationships(fixed, bare, left), rights(fixed))]
    assert all(now <= was for now, was in zip(after, before, strict=True))


def test_a_source_stands_in_a_component_only_through_an_entity_that_has_a_relation() -> None:
    ends = [Entity("Idea", name, evidence=(Span(name, 0, 1),)) for name in "abc"]
    assert largest_component("abc", ends, []) == 0
    joined = [Relation(ends[0].id, "cites", ends[1].id, (Span("a", 0, 1),))]
    assert largest_component("abc", ends, joined) == 2


def gaps_of(context: Context, **settings: int) -> list[Gap]:
    LiteracyStage(**settings).run(context)
    return context.graph.gaps()


def test_gaps_name_what_is_absent_and_what_would_close_it(tmp_path: Path) -> None:
    context = literate(tmp_path)
    graph = context.graph
    graph.write_sources([Source("c.md", "cd" * 32, "text/markdown", 5, rights=OWN.id), Source("d.md", "", "", 5)])
    graph.write_documents([("c.md", Document("words")), ("d.md", Document("words"))])
    graph.write_entities([Entity("Idea", "Lone", time=UNKNOWN_TIME, rights=OWN.id, evidence=(Span("a.md", 0, 5),))])
    graph.write_note("lexicon", {"undefined": [{"term": "bee bread", "count": 7, "sources": ["a.md"]}]})
    gaps = gaps_of(context)
    found = {(gap.kind, gap.subject): gap for gap in gaps}
    assert found["quarantined", "d.md"].severity == "high"
    assert found["unread", "c.md"].message == "1 of 1 blocks of c.md gave no evidence for anything"
    assert found["undefined", "bee bread"].count == 7
    assert "a.md" in found["undescribed", "Idea(Lone)."].close
    assert found["orphan", "Idea(Lone)."].severity == "low"
    assert found["time", "time"].count == 1
    assert found["thin_pool", "Experience"].severity == "medium"
    assert all(gap.message and gap.close for gap in gaps)
    assert [gap.severity for gap in gaps] == sorted((gap.severity for gap in gaps), key=("high", "medium", "low").index)
    assert gaps == gaps_of(context)


def test_a_verb_that_could_be_stated_and_is_not_is_a_gap(tmp_path: Path) -> None:
    context = literate(tmp_path)
    ends = [Entity(pool, f"{pool} {n}", rights=OWN.id) for pool in ("Manifest", "Spatial") for n in range(3)]
    context.graph.write_entities(ends)
    (gap,) = [gap for gap in gaps_of(context) if gap.subject == "located_at"]
    assert gap.close == "a sentence that says which Manifest is located at Spatial"
    context.graph.write_relations([Relation(ends[0].id, "located_at", ends[3].id, (Span("a.md", 0, 3),))])
    assert not [gap for gap in gaps_of(context) if gap.subject == "located_at"]


def test_of_one_kind_so_many_gaps_are_named_and_the_rest_is_counted(tmp_path: Path) -> None:
    context = literate(tmp_path)
    context.graph.write_entities(Entity("Idea", f"i{n}", rights=OWN.id) for n in range(9))
    orphans = [gap for gap in gaps_of(context, gaps=4) if gap.kind == "orphan"]
    assert [gap.count for gap in orphans] == [1, 1, 1, 1, 5]
    assert orphans[-1].message == "5 more of the same kind"


@pytest.mark.parametrize(
    ("broken", "check"),
    [
        ({"rights": ""}, "every entity has an id, rights and a time with its basis"),
        ({"time": Time("2026", "unknown")}, "every entity has an id, rights and a time with its basis"),
        ({"evidence": ()}, "every entity has evidence, in sources that may be trained on"),
        ({"evidence": (Span("a.md", 60, 900),)}, "every entity has evidence, in sources that may be trained on"),
        ({"evidence": (Span("LICENSE", 0, 3),)}, "every entity has evidence, in sources that may be trained on"),
        ({"repr_text": "x", "rights": KEPT.id}, "every text says whether it may be trained on and published"),
    ],
)
def test_an_entity_that_breaks_a_promise_fails_its_check(tmp_path: Path, broken: dict[str, Any], check: str) -> None:
    context = literate(tmp_path)
    context.graph.write_sources([Source("LICENSE", "ef" * 32, "text/plain", 5, rights=KEPT.id)])
    context.graph.write_documents([("LICENSE", Document("terms"))])
    first = next(context.graph.entities())
    context.graph.write_entities([evolve(first, **broken)])
    assert [one.check for one in check_all(Graph(context.graph)) if not one.passed] == [check]
    note = measure(context)
    assert note["maturity"]["level"] == "M1"
    assert note["maturity"]["next"] == f"M2 Literate: not met: {check}"


@pytest.mark.parametrize(
    ("verb", "evidence"),
    [("codifies", ()), ("codifies", (Span("a.md", 5, 4),)), ("supports", (Span("a.md", 0, 4),)),
     ("co_occurs_with", (Span("a.md", 0, 4),)), ("codifies", (Span("gone.md", 0, 4),))],
)  # fmt: skip
def test_a_relation_that_no_span_states_fails_its_check(tmp_path: Path, verb: str, evidence: tuple[Span, ...]) -> None:
    context = literate(tmp_path)
    (relation,) = context.graph.relations()
    context.graph.write_relations([evolve(relation, verb=verb, evidence=evidence)])
    failed = [one.check for one in check_all(Graph(context.graph)) if not one.passed]
    assert failed == ["every relation has a span that states it"]


def test_paths_that_were_not_tried_are_not_said_to_hold(tmp_path: Path) -> None:
    context = literate(tmp_path)
    context.graph.write_note("representations", {"texts": 2, "paths": 0, "failed": 0})
    (failed,) = [one for one in check_all(Graph(context.graph)) if not one.passed]
    assert "path" in failed.check


def test_the_gate_is_a_setting_and_says_no_at_the_threshold_itself(tmp_path: Path) -> None:
    note = measure(literate(tmp_path), threshold=100)
    assert note["gate"] == {"threshold": 100, "passed": False}
    assert note["maturity"]["level"] == "M1"
