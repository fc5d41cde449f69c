# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""normalize: what questions say is read, resolved and run; whatever else a query says is refused."""

import json
import re
from array import array
from collections.abc import Iterator
from datetime import date
from typing import Any

import numpy as np
import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

import enliterator_normalize
from enliterator_core import POOLS, Draft, Graph, Query, Sampler, reverse_of
from enliterator_core.testing import check_task_type, sample_graph
from enliterator_normalize import reading
from enliterator_normalize.answers import written
from enliterator_normalize.dates import STARTS, back, beside, read_time, time_ending
from enliterator_normalize.dice import Dice, ManyDice, drawn
from enliterator_normalize.hashed import Hashed
from enliterator_normalize.reading import is_plain, read, today_said
from enliterator_normalize.slips import Near, slip
from enliterator_normalize.ways import VALUES, Way, any_of
from enliterator_normalize.words import (
    AND,
    CLOSINGS,
    EVERYTHING,
    FILTERED,
    GREETINGS,
    LIMITS,
    NEAR,
    NOUNS,
    PHRASES,
    PLURALS,
    POOL_OF,
    RELATED,
    TOPICS,
    plural,
)

TASK = enliterator_normalize.Normalize()
TODAY = date(2025, 4, 10)  # a Thursday


@pytest.fixture(scope="module")
def graph() -> Graph:
    return sample_graph(8)


@pytest.fixture(scope="module")
def drafts(graph: Graph) -> list[Draft]:
    return [draft for seed in range(3) for batch in TASK.generate(graph, Sampler(seed)) for draft in batch]


def answers(drafts: list[Draft]) -> list[dict[str, Any]]:
    return [json.loads(draft.assistant) for draft in drafts]


def test_the_task_keeps_its_contract(graph: Graph) -> None:
    assert len(check_task_type(TASK, graph)) > 200


def test_every_part_of_a_query_is_asked_for(drafts: list[Draft]) -> None:
    every = answers(drafts)
    for part in ("terms", "of", "every", "verbs", "pools", "after", "before", "rights", "without", "licenses"):
        assert sum(bool(answer[part]) for answer in every) > 0.01 * len(every), part
    assert sum(answer["limit"] != 10 for answer in every) > 0.03 * len(every)
    kinds = {key for answer in every for one in answer["without"] for key in one}
    assert kinds == {"terms", "of", "verbs", "pools", "licenses"}
    assert sum(draft.user.startswith("Today: ") for draft in drafts) > 0.15 * len(drafts)


@pytest.mark.parametrize(
    ("said", "after", "before"),
    [
        ("since spring", "2025-03", None),
        ("since last spring", "2024-03", None),
        ("last winter", "2024-12", "2025-02"),
        ("in winter 2024", "2023-12", "2024-02"),
        ("since May", "2024-05", None),
        ("last April", "2024-04", "2024-04"),
        ("last year", "2024", "2024"),
        ("the year before last", "2023", "2023"),
        ("before this year", None, "2024"),
        ("last week", "2025-03-31", "2025-04-06"),
        ("since Monday", "2025-04-07", None),
        ("since Thursday", "2025-04-10", None),
        ("yesterday", "2025-04-09", "2025-04-09"),
        ("last quarter", "2025-01", "2025-03"),
        ("last month", "2025-03", "2025-03"),
        ("in the past three months", "2025-01-10", None),
        ("in the last 40 days", "2025-03-01", None),
        ("over the past two years", "2023-04-10", None),
        ("older than a year", None, "2024-04-09"),
        ("nothing older than two weeks", "2025-03-27", None),
        ("in 2023", "2023", "2023"),
        ("in the 1990s", "1990", "1999"),
        ("before March 2024", None, "2024-02"),
        ("after 31 December 2023", "2024-01-01", None),
        ("from 2024-02 on", "2024-02", None),
        ("between 2019 and 2021", "2019", "2021"),
        ("nothing after autumn 2023", None, "2023-11"),
    ],
)
def test_times_mean_what_people_mean_by_them(said: str, after: str | None, before: str | None) -> None:
    assert read_time(said, TODAY) == (after, before)


@pytest.mark.parametrize(
    "said", ["2023", "March 2024", "in 2023-13", "on 2023-02-30", "between 2023 and 2021", "since then", "in", "last"]
)
def test_what_is_no_time_is_none(said: str) -> None:
    assert read_time(said, TODAY) is None


@pytest.mark.parametrize("said", ["since spring", "last year", "in the past two days", "yesterday"])
def test_a_relative_time_needs_a_day(said: str) -> None:
    assert read_time(said, None) is None


@given(
    today=st.dates(date(1900, 1, 1)), count=st.integers(0, 99), unit=st.sampled_from(["day", "week", "month", "year"])
)
def test_counting_back_never_goes_forward(today: date, count: int, unit: str) -> None:
    day = back(today, count, unit)
    assert day <= today and (count or day == today)
    assert beside(beside(day.isoformat(), -1), 1) == day.isoformat()


@given(st.text())
def test_any_text_is_read_or_not(text: str) -> None:
    read_time(text, TODAY)
    reading = read(text)
    assert reading is None or reading.terms or reading.of or reading.terms == reading.of == []


def test_words_are_told_apart() -> None:
    assert len(POOL_OF) == sum(map(len, NOUNS.values())) + len(POOLS)
    assert len(PLURALS) == len(PHRASES)
    assert (plural("depends on"), plural("is part of"), plural("was written by")) == (
        "depend on",
        "are part of",
        "were written by",
    )


@pytest.mark.parametrize(
    ("user", "query"),
    [
        (
            "hey, which tests support late treatment or swarm season, but not Mite count of May 2023, max 3 thx",
            Query((), ("Treating late", "Swarming"), False, ("supports",), ("Evidence",), limit=3,
                  without=(Query(("Mite count of May 2023",)),)),
        ),
        (
            f"{today_said(TODAY)}Find QX since last spring, nothing under GPL, only what we may train on??",
            Query(("Queen excluder",), after="2024-03", rights="trainable", without=(Query(licenses=("GPL",)),)),
        ),
        (
            "all steps (not the ones), max two",
            None,
        ),
        (
            "anything on varroa, not the ones that depend on hive_bus, no tests",
            Query(("Varroa infestation",), without=(
                Query(of=("hive_bus",), verbs=("depends_on",)), Query(pools=("Evidence",)))),
        ),
        (
            "what has to do with both the club and Tolland",
            Query((), ("Alder Vale Beekeeping Club", "Mira Tolland"), True),
        ),
        ("find Nothing (npm-ls), max 3", None),
        ("find varroa, max 3, top 5", None),
        ("find varroa since last spring", None),
        ("find nothing that is known", None),
    ],
)  # fmt: skip
def test_questions_are_read(user: str, query: Query | None, graph: Graph) -> None:
    reading = read(user)
    meant = enliterator_normalize._meant(reading, graph, []) if reading else None
    assert meant == query


@given(chance=st.floats(0, 1, exclude_max=True))
def test_a_slip_is_one_slip_and_spares_the_first_letter(chance: float) -> None:
    for form in ("movable-frame hive", "queen excluder", "abc", "Ab-cde"):
        slipped = slip(form, chance)
        assert slipped[:1] == form[:1] and abs(len(slipped) - len(form)) <= 1
        assert (slipped == form) or any(len(word) >= 5 for word in form.replace("-", " ").split())


@given(data=st.data())
def test_one_slip_still_means_the_same(data: st.DataObject, graph: Graph) -> None:
    entity = data.draw(st.sampled_from(list(graph.entities.values())))
    slipped = slip(entity.name, data.draw(st.floats(0, 1, exclude_max=True)))
    near = graph.once(Near)
    assert entity.id in near.meant(slipped) or graph.called(slipped)
    assert near.meant("zzzz zzzz zzzz") == frozenset()


def test_a_name_that_could_be_read_otherwise_is_not_said() -> None:
    for name in (
        "hive, max 5",
        "find me",
        "a and b",
        "tests",
        "swarms (in 2024)",
        "yields in 2023",
        "what now",
        "huh?",
    ):
        assert not is_plain(name)
    assert is_plain("build (from a folder to a dataset)") and is_plain("save (npm-ls)")
    assert is_plain("Yield of 2023") and is_plain("Open the hive")


def mutants(answer: dict[str, Any], names: list[str]) -> Iterator[dict[str, Any]]:
    """Yield queries that say something else: another thing, pool, year, fewer or more limits, a verb turned round."""
    for part in ("terms", "of"):
        for at in range(len(answer[part])):
            yield answer | {part: [*answer[part][:at], names[0], *answer[part][at + 1 :]]}
            yield answer | {part: answer[part][:at] + answer[part][at + 1 :]}
    for part in ("pools", "licenses", "verbs", "without"):
        if answer[part]:
            yield answer | {part: answer[part][1:]}
    yield answer | {"verbs": [reverse_of(verb) for verb in answer["verbs"]] or ["cites"]}
    yield answer | {"pools": [next(pool for pool in POOLS if pool not in answer["pools"])]}
    for part in ("after", "before"):
        if answer[part]:
            yield answer | {part: None}
            for step in (-1, 1):
                yield answer | {part: f"{int(answer[part][:4]) + step}{answer[part][4:]}"}
        else:
            yield answer | {part: "2020"}
    yield answer | {"rights": None if answer["rights"] else "trainable"}
    yield answer | {"limit": answer["limit"] + 1}
    yield answer | {"every": not answer["every"]}
    for at, one in enumerate(answer["without"]):
        for key in one:
            rest = [*answer["without"][:at], *answer["without"][at + 1 :]]
            yield answer | {"without": [*rest, one | {key: ["Risk"] if one[key] != ["Risk"] else ["Idea"]}]}
            if not answer[key] and not rest:
                yield answer | {"without": [], key: one[key]}


def test_of_a_thousand_wrong_queries_none_holds(graph: Graph, drafts: list[Draft]) -> None:
    every = [entity.name for entity in graph.entities.values()]
    tried = 0
    for at, draft in enumerate(drafts):
        answer = json.loads(draft.assistant)
        others = [name for name in (every[at % len(every)], every[-1 - at % len(every)]) if name not in draft.assistant]
        for mutant in mutants(answer, others or ["nothing"]):
            if mutant != answer:
                tried += 1
                wrong = evolve(draft, assistant=json.dumps(mutant, ensure_ascii=False))
                assert not TASK.verify(wrong, graph).holds, (draft.user, mutant)
                assert TASK.grade(draft, wrong.assistant, graph).score < 1
    assert tried > 1000


def test_another_today_is_another_question(graph: Graph, drafts: list[Draft]) -> None:
    """Where a relative date is said, the same words on a day two years later mean another query."""
    relative = [
        draft
        for draft in drafts
        if draft.user.startswith("Today: ")
        and any(word in draft.user.partition("\n")[2] for word in (" last year", " in the past ", "yesterday"))
    ]
    assert len(relative) >= 5
    for draft in relative:
        line, _, rest = draft.user.partition("\n")
        day = date.fromisoformat(line[7:17])
        later = evolve(draft, user=today_said(day.replace(year=day.year + 2, day=min(day.day, 28))) + rest)
        assert not TASK.verify(later, graph).holds
        assert not TASK.verify(evolve(draft, user=rest), graph).holds


def test_every_way_to_limit_is_one_that_is_read() -> None:
    values = {
        "pools": "tests", "pool": "Evidence", "phrase": "cites", "plural": "cite", "name": "QX", "licence": "MIT",
        "number": "3", "time": "in 2023",
    }  # fmt: skip
    for kind, ways in LIMITS.items():
        for way in ways:
            reading = read("find Colony" + way.format(**values))
            assert reading is not None and reading.terms == ["Colony"], way
            said = {"rights"} if kind in ("trainable", "publishable") else {kind}
            assert reading.said == said or len(reading.without) == 1, way


@given(
    answer=st.text()
    | st.dictionaries(
        st.sampled_from(["terms", "of", "limit", "without"]),
        st.none() | st.integers() | st.lists(st.text() | st.lists(st.integers())),
    ).map(json.dumps)
)
def test_any_junk_grades_within_its_bounds(answer: str, graph: Graph, drafts: list[Draft]) -> None:
    for draft in (drafts[0], drafts[-1]):
        grade = TASK.grade(draft, answer, graph)
        assert 0 <= grade.score <= 1 and all(0 <= part <= 1 for part in grade.parts.values())


def test_a_query_for_all_there_is_can_be_right(drafts: list[Draft]) -> None:
    nothing = {"verbs": [], "pools": [], "licenses": [], "after": None, "before": None, "rights": None, "without": []}
    everything = json.dumps({"terms": [], "of": [], "every": False, **nothing, "limit": 10})
    draft = evolve(drafts[0], user="show me all there is, top 10", assistant=everything)
    assert TASK.grade(draft, everything, sample_graph()).score == 1
    assert TASK.grade(draft, everything.replace("10", "5"), sample_graph()).score < 1


def test_a_question_that_names_and_limits_nothing_is_run(graph: Graph) -> None:
    found = Query().first(graph)
    for number in (found[0], len(graph.arrays.entities) - 1):
        entity = graph.entities[graph.id(number)]
        draft = Draft("what's new", written(Query()), entity.id, (entity.id,), (), entity.evidence[:1])
        assert TASK.verify(draft, graph).holds == (number in found)


def test_another_number_is_no_slip(graph: Graph) -> None:
    near = graph.once(Near)
    assert near.meant("Handbok 1.1") == near.meant("Handbook 1.1") != frozenset()
    assert near.meant("Handbook 1.7") == near.meant("Yield of 2026") == frozenset()


PIECES = (
    *GREETINGS,
    *TOPICS,
    *CLOSINGS,
    *AND,
    *POOL_OF,
    *EVERYTHING,
    *STARTS,
    "what",
    "QX",
    "2023",
    " (in 2023)",
    ", ",
)


@given(words=st.lists(st.sampled_from(PIECES)), space=st.sampled_from(["", " "]))
def test_most_names_are_plain_at_first_sight_and_rightly_so(words: list[str], space: str) -> None:
    form = space.join(words)
    asides = any(map(reading._is_limit, reading._ASIDE.finditer(form)))
    assert is_plain(form) is not bool(reading._NOT_PLAIN.search(form) or time_ending(form) or asides)


def test_a_draft_rests_on_its_spans_in_any_order_and_on_no_others(graph: Graph, drafts: list[Draft]) -> None:
    several = [draft for draft in drafts if len(draft.spans) > 1]
    assert len(several) > 100
    for draft, other in zip(several, reversed(several), strict=True):
        assert TASK.verify(evolve(draft, spans=draft.spans[::-1]), graph).holds
        assert not TASK.verify(evolve(draft, spans=()), graph).holds
        foreign = [span for span in other.spans if span not in draft.spans]
        evidence = {span for id in draft.entities for span in graph.entities[id].evidence}
        for span in foreign[: not evidence.intersection(foreign)]:
            assert not TASK.verify(evolve(draft, spans=(*draft.spans, span)), graph).holds
            assert not TASK.verify(evolve(draft, spans=(span, *draft.spans[1:])), graph).holds


def test_dice_fall_evenly_however_often_they_are_thrown(graph: Graph) -> None:
    rows = drawn(Sampler(1), graph.arrays.entities.keys, "test")
    assert drawn(Sampler(1), graph.arrays.entities.keys[:3], "test") == rows[:3]
    falls = [Dice(row) for row in rows]
    for _ in range(100):
        assert all(0 <= dice.under(7) < 7 and dice.one_of("abc") in "abc" for dice in falls)
    share = sum(Dice(row).happens(30) for row in rows) / len(rows)
    assert abs(share - 0.3) < 0.15


def test_many_dice_fall_as_each_does_by_itself(graph: Graph) -> None:
    rows = drawn(Sampler(1), graph.arrays.entities.keys, "test")
    many, alone = ManyDice(rows), [Dice(row) for row in rows]
    for count in (1000, 7, 10_000, 10**6, 100, 3):
        which = np.flatnonzero([number % count != 1 for number in range(len(rows))])
        assert many.under(which, count).tolist() == [alone[number].under(count) for number in which.tolist()]
    assert [dice.under(1000) for dice in many.one_by_one()] == [dice.under(1000) for dice in alone]


def test_rows_are_found_by_what_they_are_put_under() -> None:
    hashed = Hashed()
    hashed.finish()
    assert hashed.find(["a"]) == set()
    hashed = Hashed()
    texts = [str(number % 50) for number in range(100)]
    hashed.put(texts, range(100))
    hashed.finish()
    assert hashed.find(["7", "nothing", "9"]) == {7, 57, 9, 59}
    assert sorted(hashed.shared(array("i", range(100)))) == list(range(100))
    assert hashed.shared(array("i", [number % 50 for number in range(100)])) == []


@given(
    st.sampled_from([way for ways in (*LIMITS.values(), RELATED, NEAR, FILTERED) for way in ways if "{p" in way]),
    st.sampled_from([*PHRASES, *PLURALS, "is", "cites more"]),
    st.sampled_from(["ideas", "ideas and people", "ideas or cites", "Idea"]),
    st.lists(st.sampled_from(["a", "B", " ", ", ", " (", "cites ", " and ", "is cited by"]), max_size=5).map("".join),
)
def test_a_way_is_matched_as_one_pattern_would(way: str, verb: str, pools: str, name: str) -> None:
    one = "".join(
        {"phrase": f"(?P<phrase>{any_of(PHRASES)})", "plural": f"(?P<plural>{any_of(PLURALS)})", **VALUES}[piece]
        if at % 2
        else re.escape(piece)
        for at, piece in enumerate(re.split(r"\{(\w+)\}", way))
    )
    said = {"phrase": verb, "plural": verb, "pools": pools, "pool": pools, "name": name, "names": name, "whom": "what"}
    text = re.sub(r"\{(\w+)\}", lambda slot: said[slot[1]], way)
    found = re.match(rf"{one}\Z", text)
    assert Way("any", way).match(text) == (found and found.groupdict())


def test_no_phrase_of_a_verb_begins_another() -> None:
    for phrases in (PHRASES, PLURALS):
        assert not [one for one in phrases for other in phrases if one != other and other.startswith(one)]
        assert not [one for one in phrases if one.startswith(("and ", "or "))]
