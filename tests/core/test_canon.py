# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The canon: pools, the closed glossary, and paths that read back, whatever characters a name has."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from enliterator_core import POOLS, VERBS, parse, phrase_of, reverse_of, textize
from enliterator_core.canon import verb_and_direction

AWKWARD = st.sampled_from(
    ["(", ")", "\\", "→", " → ", "\n", "\r\n", "\u2028", "\x00", ".", '"', "'", "שלום", "🐝", "\ud800"]
)
NAMES = st.lists(AWKWARD | st.text(alphabet=st.characters(codec=None), max_size=5), max_size=8).map("".join)
NODES = st.tuples(st.sampled_from(sorted(POOLS)), NAMES)
STEPS = st.sampled_from(sorted({verb.name for verb in VERBS.values()} | {verb.reverse for verb in VERBS.values()}))


@given(NODES, st.lists(st.tuples(STEPS, NODES), max_size=4))
@example(("Idea", "a) → embodies → Manifest(b"), [("cites", ("Manifest", "f(x).\\"))])
def test_any_path_reads_back_as_it_was_written(first, rest):
    entities = [first, *(node for _, node in rest)]
    verbs = [verb for verb, _ in rest]
    text = textize(entities, verbs)
    assert parse(text) == (entities, verbs)
    assert len(text.splitlines()) == 1
    text.encode("utf-8")


@given(st.text(max_size=60))
def test_anything_else_is_refused_or_is_a_path_already(text):
    try:
        entities, verbs = parse(text)
    except ValueError as error:
        assert "character" in str(error)
    else:
        assert parse(textize(entities, verbs)) == (entities, verbs)


def test_a_path_looks_as_the_design_shows_it():
    entities = [("Idea", "Radical inclusion"), ("Manifest", "Temple 2023"), ("Experience", "First night")]
    line = "Idea(Radical inclusion) → embodies → Manifest(Temple 2023) → elicits → Experience(First night)."
    assert textize(entities, ["embodies", "elicits"]) == line


def test_balanced_brackets_stand_as_they_are():
    assert textize([("Manifest", "main()")], []) == "Manifest(main())."
    assert textize([("Manifest", "main)")], []) == "Manifest(main\\))."


@pytest.mark.parametrize(
    "broken",
    [
        "",
        "Idea",
        "Idea(x)",
        "Idea(x",
        "Thing(x).",
        "Idea(x) → likes → Idea(y).",
        "Idea(x) → embodies.",
        "Idea(x). more",
    ],
)
def test_what_is_not_a_path_is_refused(broken):
    with pytest.raises(ValueError, match="character"):
        parse(broken)


@pytest.mark.parametrize(
    ("entities", "verbs"),
    [([("Idea", "x")], ["cites"]), ([("Thing", "x")], []), ([("Idea", "x"), ("Idea", "y")], ["likes"])],
)
def test_what_is_not_in_the_canon_is_not_written(entities, verbs):
    with pytest.raises(ValueError, match=r"in the canon|between them"):
        textize(entities, verbs)


def test_the_glossary_is_closed_and_each_verb_knows_its_way_back():
    names = [verb.name for verb in VERBS.values()]
    backwards = [verb.reverse for verb in VERBS.values() if not verb.symmetric]
    assert len(set(names) | set(backwards)) == len(names) + len(backwards)
    for verb in VERBS.values():
        assert reverse_of(reverse_of(verb.name)) == verb.name
        assert verb_and_direction(verb.name) == (verb, True)
        assert phrase_of(verb.name) == verb.phrase
        assert phrase_of(verb.reverse) == (verb.phrase if verb.symmetric else verb.reverse_phrase)
        assert verb.sources <= set(POOLS)
        assert verb.targets <= set(POOLS)
        if verb.symmetric:
            assert verb.sources == verb.targets
    with pytest.raises(KeyError):
        reverse_of("likes")


def test_a_verb_joins_only_the_pools_that_it_may():
    assert VERBS["embodies"].joins("Idea", "Manifest")
    assert not VERBS["embodies"].joins("Manifest", "Idea")
    assert VERBS["connects_to"].joins("Spatial", "Risk")


def test_ten_pools_are_always_there_and_five_when_the_data_has_them():
    assert sum(not pool.optional for pool in POOLS.values()) == 10
    assert [name for name, pool in POOLS.items() if pool.optional] == ["Actor", "Spatial", "Evidence", "Risk", "Method"]
