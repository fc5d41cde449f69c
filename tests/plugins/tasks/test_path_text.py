# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""path_text: what is drawn exists, what is told reads back, and what is changed is refused."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from enliterator_core import (
    POOLS,
    PREDICATES,
    VERBS,
    Draft,
    Entity,
    Graph,
    Relation,
    Sampler,
    Span,
    Time,
    name_in_words,
    parse,
    phrase_of,
    reverse_of,
    textize,
    write_node,
)
from enliterator_core.testing import MemoryGraph, check_task_type, sample_graph
from enliterator_path_text import PathText, telling
from enliterator_path_text.drawing import SHAPES, Pieces, draw, in_order
from enliterator_path_text.phrases import PLURALS, VERB_NAMES, plural
from enliterator_path_text.proving import Prover
from enliterator_path_text.telling import DIRECT, Tree
from enliterator_path_text.told import Teller

WRITTEN_OTHERWISE = ("a space at the end", "a line twice", "an empty line before", "a path in two lines")
PROSE = ("a phrase turned round", "prose that says more")
NAMES = st.text(min_size=1, max_size=12)
DIRECTED = VERB_NAMES
OURS = [f"{verb}/{said}" for verb in ("connects_to", "is_connected_from") for said in PREDICATES]


@pytest.fixture(scope="module")
def graph() -> Graph:
    return sample_graph(8)


@pytest.fixture(scope="module")
def drafts(graph: Graph) -> list[Draft]:
    return [draft for batch in PathText(paths_per_entity=3).generate(graph, Sampler()) for draft in batch]


def is_turned(draft: Draft) -> bool:
    return not draft.user.startswith('{"nodes"')


@st.composite
def trees(draw_one: st.DrawFn) -> tuple[list[tuple[str, str]], list[str], tuple[int, ...]]:
    """Nodes of different names, verbs and parents of one of the shapes."""
    parents = draw_one(st.sampled_from(sorted(set(SHAPES))))
    names = draw_one(st.lists(NAMES, min_size=len(parents) + 1, max_size=len(parents) + 1, unique=True))
    pools = [draw_one(st.sampled_from(sorted(POOLS))) for _ in names]
    verbs = [draw_one(st.sampled_from(DIRECTED)) for _ in parents]
    return list(zip(pools, names, strict=True)), verbs, parents


def test_it_keeps_the_contract(graph: Graph) -> None:
    check_task_type(PathText, graph)


@given(trees(), st.text(max_size=20))
def test_a_tree_as_text_reads_back(tree: tuple[list[tuple[str, str]], list[str], tuple[int, ...]], prose: str) -> None:
    nodes, verbs, parents = tree
    lines = telling.lines_of([write_node(*node) for node in nodes], verbs, parents)
    read = telling.read(f"{prose}.\n{lines}")
    assert read is not None
    assert (read.prose, read.nodes, read.verbs, read.parents) == (f"{prose}.", nodes, verbs, parents)
    alone = telling.read(lines)
    assert alone is not None and alone.prose == ""
    assert (alone.nodes, alone.verbs, alone.parents) == (nodes, verbs, parents)
    assert list(alone.hops()) == [
        (nodes[a], verb, nodes[b]) for b, (a, verb) in enumerate(zip(parents, verbs, strict=True), 1)
    ]
    said = json.loads(telling.question(nodes, verbs, parents))
    assert [(one["pool"], one["name"]) for one in said["nodes"]] == nodes
    assert all(edge["verb"] in VERBS for edge in said["edges"])


@given(trees())
def test_every_way_says_every_name_and_every_verb(
    tree: tuple[list[tuple[str, str]], list[str], tuple[int, ...]],
) -> None:
    nodes, verbs, parents = tree
    words = Tree([f"the thing {name}" for _, name in nodes], ["thing"] * len(nodes), verbs, parents)
    ways = telling.ways(words, direct=False)
    for way in ways:
        prose = telling.tell(words, way)
        assert prose[0].isupper() and prose.endswith(".") and telling.is_told(words, prose, direct=way in DIRECT)
        assert all(name in prose for _, name in nodes)
        for verb in verbs:
            said = {phrase_of(verb), phrase_of(reverse_of(verb)), plural(phrase_of(reverse_of(verb)))}
            assert any(phrase in prose for phrase in said)
    direct = telling.ways(words, direct=True)
    assert set(direct) <= set(DIRECT) and set(direct) <= set(ways)
    for way in direct:
        assert all(phrase_of(verb) in telling.tell(words, way) for verb in verbs)


def test_several_say_a_phrase_in_the_plural() -> None:
    assert {PLURALS[verb].split()[0] for verb in (*VERB_NAMES, *OURS)} == {
        *(
            "cover",
            "define",
            "describe",
            "are",
            "have",
            "were",
            "ask",
            "belong",
            "call",
            "carry",
            "check",
            "cite",
            "come",
            "constrain",
        ),
        *("contain", "depend", "elicit", "feed", "gave", "hold", "host", "influence", "inspire", "lie", "mitigate"),
        *("pass", "produce", "refine", "refute", "report", "spread", "standardize", "support", "tell", "validate"),
        "wrote",
    }


def test_a_list_says_its_kind_once() -> None:
    """Where its plural is plain, and the kind is the same for all."""

    def told(*kinds: str) -> str:
        mentions = [f"the {kind} {name}" for kind, name in zip(kinds, "ABCD", strict=False)]
        return telling.tell(
            Tree(mentions, kinds, ["has_part"] * (len(kinds) - 1), (0,) * (len(kinds) - 1)), "sentences"
        )

    assert told("module", "class", "class") == "The module A contains the classes B and C."
    assert told("module", "entry", "entry", "entry") == "The module A contains the entries B, C and D."
    assert told("module", "class", "function") == "The module A contains the class B and the function C."
    assert told("module", "series", "series") == "The module A contains the series B and the series C."


def test_pieces_of_every_shape_cover_the_graph(graph: Graph, drafts: list[Draft]) -> None:
    assert {id for draft in drafts for id in draft.entities} == {id for id in graph.entities if graph.around(id)}
    reads = [telling.read(draft.assistant) for draft in drafts]
    shapes = Counter(read.parents for read in reads if read is not None)
    assert set(shapes) >= {(0,), (0, 1), (0, 1, 2), (0, 1, 2, 3), (0, 0), (0, 0, 0), (0, 1, 1), (0, 0, 2)}
    verbs = {verb for draft in drafts for _, verb, _ in draft.relations}
    assert verbs == {verb for _, verb, _ in graph.relations}, "all verbs that are there"
    turned = sum(map(is_turned, drafts))
    assert 0.1 * len(drafts) < turned < 0.5 * len(drafts)


def test_drawn_pieces_exist_and_are_simple(graph: Graph) -> None:
    pieces = draw(graph, Sampler(), 3, 0.1)
    arrays, seen = graph.arrays, set()
    for nodes, steps, parents, size in zip(*(column.tolist() for column in astuple(pieces)), strict=True):
        assert 1 <= size <= 4 and len(set(nodes[: size + 1])) == size + 1
        for at in range(size):
            step, start = steps[at], nodes[parents[at]]
            assert arrays.steps.offsets[start] <= step < arrays.steps.offsets[start + 1]
            assert arrays.steps.other[step] == nodes[at + 1]
        rows = frozenset(arrays.steps.row[steps[:size]].tolist())
        assert len(rows) == size and rows not in seen
        seen.add(rows)


def astuple(pieces: Pieces) -> list[Any]:
    return [getattr(pieces, name) for name in ("nodes", "steps", "parents", "sizes")]


def test_every_hop_of_a_draft_is_stated_in_the_anchors_split(graph: Graph) -> None:
    side = {id: ("a", "b")[int(id, 16) % 2] for id in graph.entities}
    first = {entity.evidence[0]: id for id, entity in reversed(list(graph.entities.items()))}
    task, sampler = PathText(), Sampler(0, side.__getitem__)
    every = [draft for batch in task.generate(graph, sampler) for draft in batch]
    assert len(every) > len(graph.entities) / 2
    for draft in every:
        for key in draft.relations:
            home = first.get(graph.relations[key].evidence[0], key[0])
            assert side[home] == side[draft.anchor]


def mutants(draft: Draft, graph: Graph) -> Iterator[tuple[str, str]]:
    """Yield what was done to an answer, and the answer: made from its lines without a look at the verifier."""
    *before, line = draft.assistant.split("\n")
    start = "".join(f"{one}\n" for one in before)
    nodes, verbs = parse(line)
    for at, (pool, name) in enumerate(nodes):
        others = [one.name for one in graph.entities.values() if one.pool == pool and one.name != name][:4]
        for other in others:
            swapped = [*nodes[:at], (pool, other), *nodes[at + 1 :]]
            yield "another entity of the pool", f"{start}{textize(swapped, verbs)}"
            yield "another entity everywhere", f"{start}{textize(nodes, verbs)}".replace(name, other)
    for at, verb in enumerate(verbs):
        if reverse_of(verb) != verb:
            yield "a reversed verb", f"{start}{textize(nodes, [*verbs[:at], reverse_of(verb), *verbs[at + 1 :]])}"
        wrong = next(one for one in ("cites", "part_of") if one != verb)
        yield "another verb", f"{start}{textize(nodes, [*verbs[:at], wrong, *verbs[at + 1 :]])}"
    if len(verbs) > 1:
        yield "a dropped hop", f"{start}{textize(nodes[:-1], verbs[:-1])}"
        yield "a dropped first hop", f"{start}{textize(nodes[1:], verbs[1:])}"
        yield "a hop left out", f"{start}{textize([*nodes[:1], *nodes[2:]], verbs[1:])}"
        split = f"{textize(nodes[:2], verbs[:1])}\n{textize(nodes[1:], verbs[1:])}"
        yield "a path in two lines", f"{start}{split}"
    yield "the way back", f"{start}{textize(nodes[::-1], [reverse_of(verb) for verb in verbs[::-1]])}"
    yield "a line twice", f"{draft.assistant}\n{line}"
    yield "an empty line before", f"\n{draft.assistant}"
    yield "a space at the end", f"{draft.assistant} "
    if before:
        yield "the lines without the first", "\n".join([*before[1:], line])
        yield "without the last line", "\n".join(before)
    if not is_turned(draft):
        prose = before[0]
        for verb in {verb for _, verb, _ in draft.relations}:
            for one in (verb, reverse_of(verb)):
                changed = prose.replace(phrase_of(one), phrase_of(reverse_of(one)), 1)
                yield "a phrase turned round", draft.assistant.replace(prose, changed, 1)
        yield "prose that says more", draft.assistant.replace(prose, f"{prose} It is well known.", 1)
        yield "prose that says less", draft.assistant.replace(prose, prose.split(",")[0], 1)


def test_changed_answers_are_refused(graph: Graph, drafts: list[Draft]) -> None:
    task, tried, taken = PathText(), 0, 0
    for draft in drafts:
        for what, answer in mutants(draft, graph):
            if answer != draft.assistant:
                tried += 1
                changed = evolve(draft, assistant=answer)
                assert not task.verify(changed, graph).holds, (what, answer, draft)
                score = task.grade(draft, answer, graph).score
                # Free prose is scored by the names around a phrase, which a list of names can satisfy by chance.
                taken += score == 1 and what in PROSE
                assert score < 1 or what in (*WRITTEN_OTHERWISE, *PROSE), (what, answer, draft)
    assert tried > 5000 and taken < 0.05 * tried


def test_changed_questions_and_proofs_are_refused(graph: Graph, drafts: list[Draft]) -> None:
    task = PathText()
    for draft, other in pairwise(drafts):
        if draft.user != other.user:
            assert not task.verify(evolve(draft, user=other.user), graph).holds
        for wrong in (
            evolve(draft, anchor=draft.entities[1]),
            evolve(draft, entities=draft.entities[::-1]),
            evolve(draft, relations=draft.relations[1:]),
            evolve(draft, spans=draft.spans[1:]),
            evolve(draft, spans=(*draft.spans, Span("a.md", 0, 1))),
            evolve(draft, absence="nothing"),
            evolve(draft, withheld=draft.spans[0].source),
            evolve(draft, user=f"{draft.user} "),
        ):
            assert not task.verify(wrong, graph).holds


def test_what_is_proven_together_is_what_holds_alone(graph: Graph) -> None:
    """While the graph still has a batch told, its drafts are proven at once, and no changed one is."""
    task, tried = PathText(paths_per_entity=3), 0
    prover = graph.once(Prover)
    for batch in task.generate(graph, Sampler()):
        assert all(prover.proven(batch)) and all(task.verify(draft, graph).holds for draft in batch)
        for at in range(0, len(batch), 20):
            some = batch[at : at + 20]
            changed = [evolve(draft, assistant=answer) for draft in some for _, answer in mutants(draft, graph)]
            changed += [evolve(draft, spans=draft.spans[::-1] + draft.spans) for draft in some]
            changed += [evolve(draft, user=draft.user.replace(" ", "  ", 1)) for draft in some if " " in draft.user]
            changed += [evolve(draft, absence="nothing") for draft in some]
            tried += len(changed)
            true = [draft in some for draft in changed]
            assert prover.proven(changed) == true
            mixed = [one for pair in zip(some, changed, strict=False) for one in pair]
            assert [verdict.holds for verdict in task.verify_batch(mixed, graph)] == [one in some for one in mixed]
    assert tried > 2000


@pytest.mark.parametrize(
    "wrong",
    [
        lambda told, other: (told[0], told[1], told[2], told[3], told[4].replace(" → ", " → not_", 1)),
        lambda told, other: (told[0], told[1], told[2], told[3], told[4].replace("part_of", "has_part")),
        lambda told, other: (told[0], told[1], told[2], told[3], f"{told[4][:-2]} again)."),
        lambda told, other: (told[0], told[1], told[2], told[3], told[4].replace("(", "[")),
        lambda told, other: (told[0], told[1], told[2], told[3], told[4].replace(") → ", ")\n\n")),
        lambda told, other: (told[0], told[1], told[2], told[3], other[4]),
        lambda told, other: (told[0], (*told[1], *other[1]), told[2], told[3], told[4]),
        lambda told, other: (told[0], other[1], told[2], told[3], told[4]),
        lambda told, other: (other[0], told[1], told[2], told[3], told[4]),
    ],
)
def test_what_is_told_wrongly_is_not_proven(graph: Graph, wrong: Callable[[Any, Any], Any]) -> None:
    """Whatever a draft was made of: a graph that is told wrongly does not make it hold."""
    teller, prover = graph.once(Teller), graph.once(Prover)
    batch = next(iter(PathText().generate(graph, Sampler())))
    told = {draft.relations: teller.told(draft.relations) for draft in batch}
    tried = 0
    for draft, other in pairwise(batch):
        one, two = told[draft.relations], told[other.relations]
        assert one is not None and two is not None
        changed = entities, spans, question, prose, lines = wrong(one, two)
        if changed != one and entities:
            tried += 1
            teller.remember({draft.relations: changed})
            asked, answer = (question, f"{prose}\n{lines}") if question else (draft.user, lines)
            lie = Draft(asked, answer, entities[0], entities, draft.relations, spans)
            assert prover.proven([lie]) == [False] and not PathText().verify_batch([lie], graph)[0].holds
    assert tried


def test_a_free_answer_is_scored_by_its_hops(graph: Graph, drafts: list[Draft]) -> None:
    task = PathText()
    told = next(one for one in drafts if not is_turned(one) and len(one.relations) == 2)
    read = telling.read(told.assistant)
    assert read is not None
    lines = telling.lines_of([write_node(*node) for node in read.nodes], read.verbs, read.parents)
    whole, bare, chatty = (
        task.grade(told, answer, graph)
        for answer in (told.assistant, lines, f"Sure!\n\n{told.assistant}\n\nShall I go on?")
    )
    assert whole.score == pytest.approx(1) and chatty.score == pytest.approx(1)
    assert bare.score == pytest.approx(0.6) and bare.parts["names"] == 0
    back = [(other, reverse_of(verb), one) for one, verb, other in read.hops()]
    turned = "\n".join(textize([one, other], [verb]) for one, verb, other in back)
    grade = task.grade(told, f"{read.prose}\n{turned}", graph)
    assert grade.parts["hops"] == 1 and grade.parts["order"] == 0 and grade.score == pytest.approx(0.8)


def test_what_precedes_is_not_later() -> None:
    """By times as precise as both are; an unknown time contradicts nothing."""
    assert in_order("2020", "2020-05") and in_order("2020-05", "2020") and in_order(None, "2020") and in_order("1", "2")
    assert not in_order("2021", "2020-05") and not in_order("2020-06-01", "2020-05")
    storage = MemoryGraph()
    span = (Span("a.md", 0, 4),)
    times = {"first": "2020", "second": "2021-02", "third": "2019", "never": None}
    made = {name: Entity("Evolutionary", name, "release", time=Time(time)) for name, time in times.items()}
    storage.write_entities(made.values())
    for one, other in (("first", "second"), ("second", "third"), ("third", "never")):
        storage.write_relations([Relation(made[one].id, "precedes", made[other].id, span)])
    graph, task = Graph(storage), PathText()
    drafts = [draft for batch in task.generate(graph, Sampler()) for draft in batch]
    wrong = (made["second"].id, "precedes", made["third"].id)
    assert drafts and all(wrong not in draft.relations and task.verify(draft, graph).holds for draft in drafts)
    ends = [("Evolutionary", "second"), ("Evolutionary", "third")]
    user = telling.question(ends, ["precedes"], [0])
    answer = f"The release second comes before the release third.\n{textize(ends, ['precedes'])}"
    draft = Draft(user, answer, wrong[0], (wrong[0], wrong[2]), (wrong,), span)
    assert "times" in task.verify(draft, graph).words


def test_what_a_relation_says_more_exactly_is_told_and_asked_for() -> None:
    nodes, verbs = [("Manifest", "hive.md"), ("Idea", "Swarm")], ["is_connected_from/is described in"]
    words = Tree(["the document hive.md", "the topic Swarm"], ["document", "topic"], verbs, (0,))
    assert telling.tell(words, "sentences") == "The document hive.md describes the topic Swarm."
    assert telling.tell(words, "from the end") == "The topic Swarm is described in the document hive.md."
    edges = json.loads(telling.question(nodes, verbs, (0,)))["edges"]
    assert edges == [{"from": "Swarm", "verb": "connects_to", "as": "is described in", "to": "hive.md"}]
    lines = telling.lines_of([write_node(*node) for node in nodes], verbs, (0,))
    assert lines == "Manifest(hive.md) → is_connected_from → Idea(Swarm)."


@pytest.mark.parametrize(
    ("predicate", "words"),
    [
        ("ACTED_IN", '"acted in"'),
        ("hasTopConcept", '"has top concept"'),
        ("http://www.w3.org/2004/02/skos/core#broader", '"broader"'),
        ("https://x.example/knows/", '"knows"'),
        ("is defined in", '"is defined in"'),
        ("DIRECTED | PRODUCED", '"directed" and "produced"'),
        ("kennt_Ähnliches", '"kennt ähnliches"'),
        ('a"b\\c\nd', '"a b c d"'),
        ("{} {0}", '"{} {0}"'),
        ("x" * 100, ""),
        ("_", ""),
        ("", ""),
        (None, ""),
    ],
)
def test_an_imported_relation_s_name_is_written_as_words(predicate: str | None, words: str) -> None:
    assert name_in_words(predicate) == words


def test_imported_relations_are_told_by_their_own_names() -> None:
    """Each edge's name stands in the question and the prose, and tells the direction; another name is refused."""
    storage = MemoryGraph()
    span = (Span("a.md", 0, 4),)
    people = [Entity("Actor", name, "person") for name in ("Ann", "Bo")]
    films = [Entity("Manifest", name, "movie") for name in ("Hive", "Smoke {1}")]
    storage.write_entities([*people, *films])
    storage.write_relations(
        [
            Relation(people[0].id, "connects_to", films[0].id, span, predicate="ACTED_IN"),
            Relation(people[0].id, "connects_to", films[1].id, span, predicate="DIRECTED | ACTED_IN"),
            Relation(people[1].id, "connects_to", films[0].id, span),
        ]
    )
    graph, task = Graph(storage), PathText(paths_per_entity=9, read_share=0.5)
    drafts = [draft for batch in task.generate(graph, Sampler()) for draft in batch]
    assert all(task.verify(draft, graph).holds for draft in drafts)
    assert all(task.grade(draft, draft.assistant, graph).score == pytest.approx(1) for draft in drafts)
    named = [draft for draft in drafts if "acted in" in draft.user]
    assert any(is_turned(draft) for draft in named)
    assert not any(is_turned(draft) for draft in drafts if "is connected to" in draft.user)
    for draft in named:
        for wrong in ("directed", "produced"):
            user, assistant = (text.replace("acted in", wrong) for text in (draft.user, draft.assistant))
            assert not task.verify(evolve(draft, user=user, assistant=assistant), graph).holds
        if not is_turned(draft):
            assert json.loads(draft.user)["edges"][0].get("as") in ("acted in", "directed and acted in", None)
            plain = draft.assistant.replace(' by "acted in" to', " to")
            assert plain == draft.assistant or not task.verify(evolve(draft, assistant=plain), graph).holds
