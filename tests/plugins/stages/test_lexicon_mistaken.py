# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""A negative form is something that a person would take for the term, not what merely stands beside it."""

import pytest

from enliterator_lexicon.mistaken import mistaken, own_name

EXACT = frozenset({"Manifest"})


def taken(*labels, pools=None):
    found = mistaken(labels, pools or ["Idea"] * len(labels), EXACT, frozenset({"Rights"}))
    return dict(zip(labels, found, strict=True))


@pytest.mark.parametrize(
    ("label", "own"),
    [
        ("Records.jobs", "jobs"),
        ("name (package.json)", "name"),
        ("docs/hooks.md", "hooks"),
        ("plugins/tasks/server.py", "server"),
        ("find_secrets()", "find secrets"),
        ("_place", "place"),
        ("README.md", "readme"),
        ("Queen cage", "queen cage"),
        ("V8 3.14 notes", "v8 3.14 notes"),
        ("___", "___"),
        ("", ""),
    ],
)
def test_a_things_own_name_is_without_what_it_shares_with_its_neighbours(label, own):
    assert own_name(label) == own


def test_what_only_shares_its_surroundings_is_not_mistaken():
    assert not any(taken("name (package.json)", "cpu (package.json)", "main (package.json)").values())
    assert not any(taken("Records.jobs", "Records.close", "Records.add_batch").values())


def test_the_same_name_elsewhere_comes_first():
    found = taken("workspace (npm-ls)", "workspace (npm-ll)", "workspaces (npm-ls)", "depth (npm-ls)")
    assert found["workspace (npm-ls)"][0] == "workspace (npm-ll)"
    assert found["depth (npm-ls)"] == []


def test_names_that_look_alike_are_mistaken_and_other_writings_of_one_word_are_not():
    found = taken("Queen excluder", "Queen cage", "queen excluders", "Brood nest", "Brood rest")
    assert found["Brood nest"] == ["Brood rest"]
    assert "queen excluders" not in found["Queen excluder"]


def test_code_is_mistaken_for_code_alone_and_licences_for_nothing():
    found = taken("MIT one", "MIT one", "Read rows", "read_rows", pools=["Rights", "Idea", "Idea", "Manifest"])
    assert found == {"MIT one": [], "Read rows": [], "read_rows": []}


def test_a_thousand_of_one_name_take_no_time_each_and_have_three_at_most():
    labels = [f"workspace (command {number})" for number in range(1000)]
    found = mistaken(labels, ["Manifest"] * 1000, EXACT, frozenset())
    assert all(len(forms) == 3 and label not in forms for label, forms in zip(labels, found, strict=True))
