# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""gap_awareness: every state that something can be in, told from the graph alone, with nothing of what is withheld."""

import re
from collections import Counter

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from enliterator_core import (
    Document,
    Draft,
    Entity,
    Graph,
    Relation,
    Rights,
    Sampler,
    Source,
    Span,
    Term,
    Time,
    sha256_of,
)
from enliterator_core.testing import MemoryGraph, check_task_type, sample_graph
from enliterator_gap_awareness import GapAwareness
from enliterator_gap_awareness.asking import BEYOND, is_asked_of
from enliterator_gap_awareness.states import PARTS, VERDICTS

TASK = GapAwareness()
EVERYTHING = GapAwareness(absent_share=1.0, beyond_share=1.0, thin_share=1.0)
MIT = Rights("MIT", "MIT", "Ann Alder", "spdx tag", 1, True, True, None, False, None)
CC_BY = Rights("CC-BY-4.0", "CC-BY-4.0", "Bob Birch", "spdx tag", 1, True, True, None, False, None)
CLOSED = Rights(
    "LicenseRef-Closed", "", "Cora Cedar", "spdx tag", 1, False, False, None, True, "its licence forbids it"
)

TEXTS = {
    "a.md": (
        MIT,
        "The smoker burns for 20 minutes at most.\nFeeding is giving sugar water to a hungry colony in spring.",
    ),
    "b.md": (
        MIT,
        "The smoker burns for 30 minutes at most.\nFeeding is giving sugar water in autumn so that a colony winters.",
    ),
    "c.md": (CC_BY, "A skep is a basket of straw in which bees were kept.\nThe treaty of 1921 is a paper."),
    "d.md": (MIT, "Straw was used for a skep for long; the skep costs little."),
    "secret.md": (
        CLOSED,
        "The honey of the northern apiary was sold to the mayor for nine hundred crowns last winter.",
    ),
}


def span_of(path: str, words: str) -> Span:
    at = TEXTS[path][1].index(words)
    return Span(path, at, at + len(words))


def line(path: str, number: int) -> Span:
    return span_of(path, TEXTS[path][1].split("\n")[number])


@pytest.fixture(scope="module")
def shed() -> Graph:
    """Four sources that agree in little, and one that is withheld."""
    rows = (
        ("Manifest", "Smoker", "tool", line("a.md", 0), line("b.md", 0)),
        ("Practical", "Feeding", "practice", line("a.md", 1), line("b.md", 1)),
        ("Manifest", "Skep", "hive", line("c.md", 0), line("d.md", 0)),
        ("Manifest", "Treaty of 1921", "paper", line("c.md", 1)),
    )
    storage = MemoryGraph()
    storage.write_rights([MIT, CC_BY, CLOSED])
    storage.write_sources(
        [
            Source(path, sha256_of(text.encode()), "text/markdown", len(text), rights=rights.id)
            for path, (rights, text) in TEXTS.items()
        ]
    )
    storage.write_documents([(path, Document(text)) for path, (_, text) in TEXTS.items()])
    entities = [
        Entity(pool, name, kind, TEXTS[first.source][1][first.start : first.end], "", Time(), MIT.id, (first, *others))
        for pool, name, kind, first, *others in rows
    ]
    storage.write_entities(entities)
    storage.write_terms([Term(one.id, one.pool, one.name, one.description) for one in entities])
    storage.write_relations([Relation(entities[0].id, "connects_to", entities[1].id, (line("a.md", 0),))])
    return Graph(storage)


@pytest.fixture(scope="module")
def graph() -> Graph:
    return sample_graph(6)


def drafts_of(graph: Graph, task: GapAwareness = EVERYTHING) -> list[Draft]:
    return [draft for batch in task.generate(graph, Sampler()) for draft in batch]


def about(graph: Graph, pool: str, name: str) -> Draft:
    entity = graph.named(pool, name)
    assert entity is not None
    return next(
        one
        for one in drafts_of(graph, GapAwareness(absent_share=0, beyond_share=0, thin_share=1))
        if one.anchor == entity.id
    )


def known(draft: Draft) -> str:
    return draft.assistant.split("\n")[0].removeprefix("Known: ")


def test_it_keeps_the_contract(graph: Graph) -> None:
    assert check_task_type(GapAwareness, graph)


def test_every_entity_and_every_source_is_asked_for(graph: Graph) -> None:
    drafts = drafts_of(graph)
    assert set(graph.entities) <= {draft.anchor for draft in drafts}
    assert {path for path in graph.sources if not graph.rights_of(path).trainable} == {
        draft.withheld for draft in drafts if draft.withheld
    }
    used = {next(verdict for verdict in VERDICTS if known(draft).startswith(verdict)) for draft in drafts}
    assert used >= {"Thin.", "Well covered.", "Contradictory.", "Not here.", "Outside this collection."}
    assert used >= {"Here, but withheld.", "Here, and usable.", "Here, for training only.", "An overview."}


def test_every_answer_has_its_three_lines_and_names_a_source(graph: Graph) -> None:
    for draft in drafts_of(graph):
        assert [part.partition(": ")[0] for part in draft.assistant.split("\n")] == list(PARTS)
        assert known(draft).startswith("An overview.") or any(path in draft.assistant for path in graph.sources)


def test_other_figures_are_a_contradiction_with_both_sources(shed: Graph) -> None:
    draft = about(shed, "Manifest", "Smoker")
    assert known(draft).startswith("Contradictory.")
    for path, minutes in (("a.md", 20), ("b.md", 30)):
        assert f'{path} says: "The smoker burns for {minutes} minutes at most."' in draft.assistant
    assert {"a.md", "b.md"} <= {span.source for span in draft.spans}
    assert "which of the two figures holds" in draft.assistant


def test_other_words_for_one_thing_are_told_side_by_side(shed: Graph) -> None:
    draft = about(shed, "Practical", "Feeding")
    assert known(draft).startswith("Told in two ways.")
    assert "in spring" in draft.assistant and "in autumn" in draft.assistant


def test_other_licences_are_named(shed: Graph) -> None:
    draft = about(shed, "Manifest", "Skep")
    assert known(draft).startswith("Under different licences.")
    assert "c.md under CC-BY-4.0; d.md under MIT" in draft.assistant


def test_evidence_against_stands_beside_evidence_for(graph: Graph) -> None:
    draft = about(graph, "Idea", "Treating late")
    assert known(draft).startswith("Contradictory.")
    assert "1 for it, 1 against it" in draft.assistant and len(draft.relations) == 2


def test_nothing_of_a_withheld_source_is_told(shed: Graph) -> None:
    refusals = [draft for draft in drafts_of(shed) if draft.withheld]
    assert len(refusals) == 3
    for draft in refusals:
        assert draft.withheld == "secret.md"
        for fact in ("secret.md", "Cora Cedar", "LicenseRef-Closed", "its licence forbids it", "0 entries"):
            assert fact in draft.assistant
        assert not set(re.findall(r"\w{5,}", TEXTS["secret.md"][1])) & set(re.findall(r"\w{5,}", draft.assistant))
        grade = TASK.grade(draft, f"{draft.assistant} {TEXTS['secret.md'][1]}", shed)
        assert grade.score == 0


def test_what_a_source_may_answer_is_not_beyond_it(shed: Graph) -> None:
    questions = [draft.user for draft in drafts_of(shed) if known(draft).startswith("Outside")]
    assert questions
    skep = about(shed, "Manifest", "Skep")
    treaty = next(draft for draft in drafts_of(shed) if known(draft).startswith("Outside"))
    asked = evolve(
        treaty, user="What does Skep cost?", anchor=skep.anchor, entities=skep.entities, spans=skep.spans[:1]
    )
    assert TASK.verify(asked, shed).words == "a source on it may answer that"


def test_an_overview_is_counted_again(graph: Graph) -> None:
    draft = next(one for one in drafts_of(graph) if known(one).startswith("An overview."))
    number = re.search(r"\d+", draft.assistant)
    assert number and TASK.verify(draft, graph).holds
    wrong = draft.assistant.replace(number[0], str(int(number[0]) + 1), 1)
    assert not TASK.verify(evolve(draft, assistant=wrong), graph).holds


def mutants(draft: Draft, graph: Graph, drafts: list[Draft], place: int) -> list[Draft]:
    """Wrong examples made without a look at the verifier."""
    text = draft.assistant
    others = [one for one in graph.entities.values() if one.id not in draft.entities]
    first = graph.entities.get(draft.entities[0]) if draft.entities else None
    same_pool = [one for one in others if first and one.pool == first.pool] or others
    other = same_pool[place % len(same_pool)]
    verdict = next(one for one in VERDICTS if known(draft).startswith(one))
    paths = [path for path in graph.sources if path in text]
    texts = {
        text.replace(first.name, other.name) if first else text,
        text.replace(verdict, VERDICTS[(VERDICTS.index(verdict) + 1) % len(VERDICTS)]),
        text.replace("MIT", "GPL-3.0-only").replace("CC-BY-4.0", "MIT"),
        re.sub(r"held by [^.,]+", "held by Nobody", text),
        "\n".join([*text.split("\n")[:1], "Missing: nothing.", *text.split("\n")[2:]]),
        text.replace(paths[0], "invented.md") if paths else text,
        re.sub(r"\b(\d{4})-", lambda found: f"{int(found[1]) + 1}-", text, count=1),
        *(f"{text[: m.start()]}{int(m[0]) + 1}{text[m.end() :]}" for m in list(re.finditer(r"\d+", text))[:4]),
    }
    wrong = [evolve(draft, assistant=one) for one in sorted(texts - {text})]
    wrong.append(evolve(draft, spans=(Span("invented.md", 0, 20),)))
    wrong.append(evolve(draft, spans=other.evidence[:1], entities=(other.id,)))
    wrong.append(evolve(draft, anchor=other.id))
    neighbour = drafts[(place + 1) % len(drafts)]
    if neighbour.assistant != text:
        wrong.append(evolve(draft, user=neighbour.user))
    return wrong


def test_wrong_examples_are_refused(graph: Graph) -> None:
    drafts = drafts_of(graph)
    wrong = [one for place, draft in enumerate(drafts) for one in mutants(draft, graph, drafts, place)]
    wrong = [one for one in wrong if one not in drafts]
    refused = sum(not TASK.verify(one, graph).holds for one in wrong)
    assert len(wrong) >= 1000
    assert refused >= 0.99 * len(wrong)


SAMPLE = sample_graph(1)
DRAFTS = drafts_of(SAMPLE)
LINE = st.builds("{}: {}".format, st.sampled_from([*PARTS, "Other"]), st.sampled_from([*VERDICTS, "?"]) | st.text())


@given(st.text() | st.lists(LINE, max_size=5).map("\n".join), st.integers(0, 10**6))
def test_any_answer_gets_a_grade(answer: str, place: int) -> None:
    grade = TASK.grade(DRAFTS[place % len(DRAFTS)], answer, SAMPLE)
    assert 0 <= grade.score <= 1 and set(grade.parts) == {"state", "known", "missing", "to_close_it"}
    assert all(0 <= part <= 1 for part in grade.parts.values())


def test_the_state_alone_is_worth_little_and_more_than_nothing() -> None:
    for draft in DRAFTS[:40]:
        verdict = next(one for one in VERDICTS if known(draft).startswith(one))
        assert 0.2 <= TASK.grade(draft, f"Known: {verdict}", SAMPLE).score < 0.5


def test_shares_bound_what_is_absent_and_beyond(graph: Graph) -> None:
    sorts = Counter(next(v for v in VERDICTS if known(draft).startswith(v)) for draft in drafts_of(graph, TASK))
    assert 0 < sorts["Not here."] < 0.4 * len(graph.entities)
    assert not [one for one in drafts_of(graph, GapAwareness(absent_share=0, beyond_share=0)) if one.absence]


def test_a_path_may_be_said_even_where_the_withheld_text_says_it_too() -> None:
    path = "the/honey/of/the/northern/apiary.md"
    text = "See the honey of the northern apiary md for prices."
    storage = MemoryGraph()
    storage.write_rights([CLOSED])
    storage.write_sources([Source(path, sha256_of(text.encode()), "text/markdown", len(text), rights=CLOSED.id)])
    storage.write_documents([(path, Document(text))])
    graph = Graph(storage)
    drafts = drafts_of(graph)
    assert len(drafts) == 3 and all(TASK.verify(draft, graph).holds for draft in drafts)


@pytest.mark.parametrize(
    ("kind", "name", "sorts"),
    [
        ("interface", "--depth", {"since when it is there", "whether it is safe from attacks"}),
        ("function", "hive.feed", {"how fast it is", "whether it may run in several threads at once"}),
        ("document", "hive.md", {"why it is as it is"}),
    ],
)
def test_nobody_asks_of_a_thing_what_things_of_its_kind_do_not_have(kind: str, name: str, sorts: set[str]) -> None:
    asked = {scope.lacks for scope in BEYOND if is_asked_of(scope, Entity("Manifest", name, kind))}
    assert sorts <= asked and ("how fast it is" in asked) == (kind == "function")
    assert kind != "document" or asked == sorts


def test_a_share_of_what_is_thin_is_asked_about_and_all_that_is_not(graph: Graph) -> None:
    def told(share: float) -> Counter[bool]:
        task = GapAwareness(absent_share=0, beyond_share=0, thin_share=share)
        return Counter(known(draft).startswith("Thin.") for draft in drafts_of(graph, task))

    none, half, every = told(0), told(0.5), told(1)
    assert none[True] == 0 < half[True] < every[True]
    assert none[False] == half[False] == every[False] > 0


def test_relations_that_only_connect_are_counted_by_their_own_names() -> None:
    text = "Nora, Otto and Pia are in The Hive, and Rita is.\n"
    span = Span("cast.csv", 0, len(text))
    storage = MemoryGraph()
    storage.write_rights([MIT])
    storage.write_sources([Source("cast.csv", sha256_of(text.encode()), "text/csv", len(text), rights=MIT.id)])
    storage.write_documents([("cast.csv", Document(text))])
    hive, *people = [
        Entity(pool, name, kind, text, "", Time(), MIT.id, (span,))
        for pool, name, kind in (
            ("Manifest", "The Hive", "movie"),
            *(("Actor", name, "person") for name in ("Nora", "Otto", "Pia", "Rita")),
        )
    ]
    storage.write_entities([hive, *people])
    storage.write_relations(
        Relation(one.id, "connects_to", hive.id, (span,), 1.0, name)
        for one, name in zip(people, ("ACTED_IN", "ACTED_IN", "DIRECTED", None), strict=True)
    )
    graph = Graph(storage)
    draft = about(graph, "Manifest", "The Hive")
    counts = 'is connected by "acted in" from 2 things, is connected by "directed" from 1 and is connected to 1'
    assert f"4 relations from 1 source: it {counts}." in draft.assistant
    assert TASK.verify(draft, graph).holds
    other = draft.assistant.replace('"acted in" from 2', '"acted in" from 3')
    assert not TASK.verify(evolve(draft, assistant=other), graph).holds
