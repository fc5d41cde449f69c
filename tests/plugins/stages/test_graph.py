# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The graph stage: what becomes a relation, what does not and why, and what hangs together."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest

from enliterator_core import (
    VERBS,
    Batch,
    Block,
    Claim,
    Context,
    Document,
    Entity,
    Extraction,
    Reference,
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
from enliterator_graph import GraphStage
from enliterator_graph.claims import Names, Resolver
from enliterator_graph.cooccurrence import sentences, significance
from enliterator_graph.shape import break_cycles, components, later

OWN = Rights(license="CC0-1.0", publishable=True, trainable=True, quarantined=False, reason=None)


class World:
    """A graph under construction: entities, what is said in one source, and the stage's verdict on it."""

    def __init__(self, folder: Path) -> None:
        self.storage = MemoryGraph()
        self.pieces = Pieces(folder / "pieces.db")
        self.storage.write_rights([OWN, Rights()])
        self.context = Context(Batch(1, "w", "w", ""), ("w",), None, self.storage, self.pieces, folder)

    def source(self, path: str, text: str = "text", rights: Rights = OWN) -> None:
        self.storage.write_sources([Source(path, "0" * 64, "text/markdown", len(text), rights=rights.id)])
        paragraphs = (Block("paragraph", 0, len(text)),)
        self.storage.write_documents([(path, Document(text, paragraphs))])

    def entities(self, *ends: tuple[str, str], times: Iterable[str] = ()) -> None:
        known = dict(zip(ends, times, strict=False))
        self.storage.write_entities(
            Entity(*end, time=Time(known[end], "statement") if end in known else Time(), rights=OWN.id) for end in ends
        )

    def say(self, *claims: Claim, path: str = "a.md") -> None:
        self.pieces.put("pools", path, "k", pack_extraction(Extraction((), claims)))

    def run(self, **settings: float) -> list[tuple[str, str, str]]:
        GraphStage(**settings).run(self.context)  # type: ignore[arg-type]
        names = {entity.id: entity.name for entity in self.storage.entities()}
        return sorted((names[one.subject], one.verb, names[one.object]) for one in self.storage.relations())

    @property
    def dropped(self) -> dict[str, int]:
        note = self.storage.note("graph")
        assert note is not None
        return note["dropped"]


@pytest.fixture
def world(tmp_path: Path) -> World:
    made = World(tmp_path)
    made.source("a.md")
    return made


def claim(subject: str, verb: str, object: str, *, pools: str = "Manifest>Manifest", **more: object) -> Claim:
    first, second = pools.split(">")
    spans = more.pop("evidence", (Span("a.md", 0, 4),))
    return Claim(Reference(first, subject), verb, Reference(second, object), spans, **more)  # type: ignore[arg-type]


def test_a_claim_between_two_entities_becomes_a_relation(world: World) -> None:
    world.entities(("Manifest", "roof"), ("Manifest", "house"))
    world.say(claim("roof", "part_of", "house"))
    assert world.run() == [("roof", "part_of", "house")]
    assert next(world.storage.relations()).evidence == (Span("a.md", 0, 4),)


def test_a_reverse_verb_is_kept_forwards(world: World) -> None:
    world.entities(("Manifest", "roof"), ("Manifest", "house"))
    world.say(claim("house", "has_part", "roof"))
    assert world.run() == [("roof", "part_of", "house")]


def test_an_open_end_resolves_in_the_pools_that_the_verb_allows(world: World) -> None:
    world.entities(("Manifest", "roof"), ("Idea", "house"), ("Manifest", "house"))
    world.say(claim("roof", "part_of", "house", pools=">"))
    assert world.run() == [("roof", "part_of", "house")]
    assert next(world.storage.relations()).object == entity_id("Manifest", "house")


def test_a_surface_form_resolves_when_it_is_one_entity_only(world: World) -> None:
    world.entities(("Manifest", "roof"), ("Manifest", "house"), ("Manifest", "shed"))
    world.storage.write_terms(
        Term(entity_id("Manifest", name), "Manifest", name, surface_forms=forms)
        for name, forms in (("house", ("The  Home", "building")), ("shed", ("building",)))
    )
    world.say(claim("roof", "part_of", "the home"), claim("roof", "part_of", "building"))
    assert world.run() == [("roof", "part_of", "house")]
    assert world.dropped == {"ambiguous end": 1}


def test_a_canonical_name_wins_over_a_surface_form(world: World) -> None:
    world.entities(("Manifest", "roof"), ("Manifest", "house"), ("Manifest", "shed"))
    world.storage.write_terms([Term(entity_id("Manifest", "shed"), "Manifest", "shed", surface_forms=("house",))])
    world.say(claim("roof", "part_of", "house"))
    assert world.run() == [("roof", "part_of", "house")]


def test_what_cannot_become_a_relation_is_dropped_and_counted_by_reason(world: World) -> None:
    world.source("secret.md", rights=Rights())
    world.entities(("Manifest", "roof"), ("Manifest", "house"), ("Idea", "shelter"))
    world.say(
        claim("roof", "part_of", "cellar"),
        claim("roof", "part_of", "roof"),
        claim("roof", "rests_upon", "house"),
        claim("shelter", "part_of", "house", pools="Idea>Manifest"),
        claim("roof", "part_of", "house", evidence=(Span("secret.md", 0, 4),)),
        claim("roof", "part_of", "house", evidence=()),
    )
    assert world.run() == []
    assert world.dropped == {
        "unknown end": 1,
        "both ends are one entity": 1,
        "verb not in the glossary": 1,
        "pools that the verb does not join": 1,
        "no evidence in a trainable source": 2,
    }


def test_the_same_claim_from_several_sources_is_one_relation_with_all_their_spans(world: World) -> None:
    world.source("b.md")
    world.entities(("Manifest", "roof"), ("Manifest", "house"))
    world.say(claim("roof", "part_of", "house", confidence=0.5, predicate="z"))
    world.say(
        claim("roof", "part_of", "house", confidence=0.9, predicate="b", evidence=(Span("b.md", 1, 3),)), path="b.md"
    )
    world.run()
    (relation,) = world.storage.relations()
    assert relation.evidence == (Span("a.md", 0, 4), Span("b.md", 1, 3))
    assert (relation.confidence, relation.predicate) == (0.9, "b | z")
    world.run(spans=1)
    assert [one.evidence for one in world.storage.relations()] == [(Span("a.md", 0, 4),)]


def test_a_symmetric_relation_has_the_smaller_id_first(world: World) -> None:
    world.entities(("Spatial", "ford"), ("Spatial", "mill"))
    world.say(
        claim("ford", "adjacent_to", "mill", pools="Spatial>Spatial"),
        claim("mill", "adjacent_to", "ford", pools="Spatial>Spatial"),
    )
    world.run()
    (relation,) = world.storage.relations()
    assert relation.subject < relation.object


def test_events_do_not_precede_what_happened_before_them(world: World) -> None:
    ends = ("Evolutionary", "1.0"), ("Evolutionary", "1.1"), ("Evolutionary", "2.0")
    world.entities(*ends, times=("2024-01-01", "2024-02", "2025-01-01"))
    pools = "Evolutionary>Evolutionary"
    world.say(claim("1.0", "precedes", "1.1", pools=pools), claim("2.0", "precedes", "1.0", pools=pools))
    assert world.run() == [("1.0", "precedes", "1.1")]
    assert world.dropped == {"contradicts known times": 1}


def test_steps_are_ordered_whenever_they_were_written_down(world: World) -> None:
    world.entities(("Practical", "knead"), ("Practical", "bake"), times=("2025-01-01", "2024-01-01"))
    world.say(claim("knead", "precedes", "bake", pools="Practical>Practical"))
    assert world.run() == [("knead", "precedes", "bake")]


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("2025-01-02", "2025-01-01", True),
        ("2025-01-01", "2025-01-01", False),
        ("2025", "2025-06-01", False),
        ("2026", "2025-06-01", True),
        ("2025-01-01T12:00:00+02:00", "2025-01-01T11:00:00+00:00", False),
        ("2025-01-01T14:00:00+02:00", "2025-01-01T11:00:00Z", True),
        ("next spring", "2025-01-01", True),
    ],
)
def test_later_compares_to_the_precision_that_both_have(first: str, second: str, expected: bool) -> None:
    assert later(first, second) is expected


def test_a_circle_loses_the_one_edge_that_closes_it() -> None:
    edges = [Relation(a, "part_of", b) for a, b in (("a", "b"), ("b", "c"), ("c", "a"), ("c", "d"))]
    dropped: Counter[str] = Counter()
    kept = break_cycles(edges, "part_of", dropped)
    assert [(one.subject, one.object) for one in kept] == [("a", "b"), ("b", "c"), ("c", "d")]
    assert dropped == {"closes a circle of part_of": 1}
    assert break_cycles(list(reversed(edges)), "part_of", Counter()) == list(reversed(kept))


def test_a_chain_of_any_length_is_walked_without_recursion() -> None:
    edges = [Relation(f"{n:06}", "precedes", f"{n + 1:06}") for n in range(5000)]
    assert break_cycles(edges, "precedes", Counter()) == edges


def test_components_and_orphans_are_counted(world: World) -> None:
    world.entities(*(("Manifest", name) for name in ("roof", "house", "garden", "path")), ("Idea", "rest"))
    world.say(claim("roof", "part_of", "house"), claim("path", "part_of", "garden"))
    world.run()
    note = world.storage.note("graph")
    assert note is not None
    assert (note["components"], note["largest"]) == (3, 0.4)
    assert note["orphans"] == ["Idea(rest)"]
    assert note["by_verb"] == {"part_of": 2}
    assert components(["a", "b"], []) == [1, 1]


BEES = (
    "The Movable Frame was thought out with bee space in mind. Nothing was said. Another day went by.\n\n"
    "With the movable frame and the Bee Space, a hive opens without harm. The smoker is lit. It rains. It snows."
)


def co_occurring(world: World, text: str, **settings: float) -> list[tuple[str, str, str]]:
    """Run the stage on a text that names `Movable frame` and `Bee space`, beside enough stated relations."""
    world.source("bees.md", text + " Cold. Wet. Warm. Dry. " * 5)
    world.entities(
        ("Manifest", "Movable frame"), ("Idea", "Bee space"), ("Idea", "smoker"),
        *(("Manifest", f"part {n}") for n in range(11)),
    )  # fmt: skip
    world.say(*(claim(f"part {n}", "part_of", "part 10") for n in range(10)))
    return [row for row in world.run(**settings) if row[1] == "co_occurs_with"]


def test_entities_named_in_one_sentence_again_and_again_co_occur(world: World) -> None:
    (row,) = co_occurring(world, BEES)
    assert {row[0], row[2]} == {"Movable frame", "Bee space"}
    found = next(one for one in world.storage.relations() if one.verb == "co_occurs_with")
    assert found.subject < found.object
    quoted = [BEES[span.start : span.end] for span in found.evidence]
    assert quoted == [
        "The Movable Frame was thought out with bee space in mind.",
        "With the movable frame and the Bee Space, a hive opens without harm.",
    ]


def test_co_occurrence_never_stands_beside_a_stated_relation(world: World) -> None:
    world.entities(("Idea", "Bee space"), ("Manifest", "Movable frame"))
    world.source("b.md")
    joins = claim("Bee space", "embodies", "Movable frame", pools="Idea>Manifest", evidence=(Span("b.md", 0, 4),))
    world.say(joins, path="b.md")
    assert co_occurring(world, BEES) == []


def test_co_occurrence_has_its_share_and_no_more(world: World) -> None:
    assert co_occurring(world, BEES, co_occurrence_share=0.05) == []
    assert co_occurring(world, BEES, co_occurrence_neighbours=0) == []


def test_nothing_is_read_in_sources_that_may_not_be_trained_on(world: World) -> None:
    world.source("bees.md", BEES, rights=Rights())
    world.entities(("Manifest", "Movable frame"), ("Idea", "Bee space"), *(("Manifest", f"p{n}") for n in range(11)))
    world.say(*(claim(f"p{n}", "part_of", "p10") for n in range(10)))
    assert {verb for _, verb, _ in world.run()} == {"part_of"}


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("Light the smoker near the Movable frame. Then the smoker and the Movable frame rest.", False),
        ("Light the `smoker` near the Movable frame. Then the `smoker` and the Movable frame rest.", True),
        ("Smoker and Movable frame are ready. Smoker and Movable frame are old.", False),
        ("A good Smoker and Movable frame are ready. Old Smoker and Movable frame are old.", True),
    ],
)
def test_an_ordinary_word_names_something_only_where_it_is_marked(world: World, text: str, counts: bool) -> None:
    assert bool(co_occurring(world, text)) is counts


def test_sentences_end_where_sentences_end() -> None:
    text = 'One is here. "Two" is v1.2 of it!  Three, e.g. this\n\nFour'
    pieces = [text[start:end] for start, end in sentences(text, 0, len(text))]
    assert pieces == ["One is here.", '"Two" is v1.2 of it!', "Three, e.g. this", "Four"]


def test_significance_is_dunnings_ratio() -> None:
    # The example of chance: met as often as their frequencies say.
    assert significance(10, 100, 100, 1000) == 0.0
    assert significance(5, 100, 100, 1000) == 0.0
    # By hand: 2 * sum(o * ln(o / e)) for 20, 80, 80, 820 against 10, 90, 90, 810.
    assert significance(20, 100, 100, 1000) == pytest.approx(10.158, abs=0.001)
    assert significance(30, 100, 100, 1000) > significance(20, 100, 100, 1000)


def test_the_stage_says_in_one_line_what_it_did(world: World) -> None:
    world.entities(("Manifest", "roof"), ("Manifest", "house"), ("Idea", "rest"))
    world.say(claim("roof", "part_of", "house"))
    result = GraphStage().run(world.context)
    assert result.summary == "1 relation, 67% of the entities in one component, 1 orphan"
    assert result.counts["relations"] == 1
    assert set(world.storage.note("graph")["by_verb"]) <= set(VERBS)


def test_pages_of_a_site_are_found_by_the_addresses_that_link_to_them() -> None:
    pages = [Entity("Manifest", path) for path in ("docs/guide/start.md", "docs/guide/index.md", "docs/api/start.rst")]
    names = Names.of(pages, [])
    found = {address: names.resolve(address, ["Manifest"]) for address in (
        "/guide/start", "/docs/guide/start", "docs/guide/start", "docs/guide", "docs/guide/index",
        "/docs/guide/start.md",
        "/start", "/other/start", "guide/start",
    )}  # fmt: skip
    start, index = pages[0].id, pages[1].id
    assert list(found.values()) == [start, start, start, index, index, start, *["unknown end"] * 3]


def test_the_first_evidence_is_what_a_claim_names_first(world: World) -> None:
    """The line of a method tells that it is part of its class, and the line of the class tells nothing of it."""
    spans = [Span("house.py", 40, 60), Span("house.py", 0, 12)]
    world.entities(("Manifest", "House.roof"), ("Manifest", "House"))
    resolver = Resolver(Names.of(world.storage.entities(), []), {"house.py"})
    claimed = Claim(Reference("Manifest", "House.roof"), "part_of", Reference("Manifest", "House"), tuple(spans))
    for one in (claimed, claimed):
        resolver.add(one)
    (relation,) = resolver.relations(spans=5)
    assert relation.evidence == tuple(spans)
