# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The nouns: ids that derive from content, and rights that only ever get stricter together."""

import subprocess
import sys

import pytest
from attrs import evolve
from attrs.exceptions import FrozenInstanceError
from hypothesis import given
from hypothesis import strategies as st

from enliterator_core import Entity, Example, Relation, Rights, Span, content_id, entity_id, strictest

RIGHTS = st.builds(
    Rights,
    license=st.sampled_from(["MIT", "Apache-2.0", "MIT OR GPL-3.0-only", None]),
    holder=st.sampled_from(["Ada", "Bea", None]),
    confidence=st.sampled_from([0.0, 0.5, 1.0]),
    publishable=st.booleans(),
    trainable=st.booleans(),
    embargo=st.sampled_from([None, "2027-01-01", "2028-01-01"]),
    quarantined=st.booleans(),
)


@given(st.lists(st.text(alphabet=st.characters(codec=None)), min_size=1), st.lists(st.text(), min_size=1))
def test_different_texts_have_different_ids(one, other):
    assert (content_id(*one) == content_id(*other)) == (one == other)


def test_ids_are_the_same_in_every_process():
    command = [sys.executable, "-c", "import enliterator_core as e; print(e.entity_id('Idea', 'Hive'), e.Rights().id)"]
    printed = {subprocess.run(command, capture_output=True, text=True, check=True).stdout for _ in range(2)}
    assert printed == {f"{entity_id('Idea', 'Hive')} {Rights().id}\n"}


def test_an_entity_is_its_pool_and_name():
    assert Entity("Idea", "Hive").id == Entity("Idea", "Hive", description="where bees live").id
    assert Entity("Idea", "Hive").id != Entity("Manifest", "Hive").id
    with pytest.raises(FrozenInstanceError):
        Entity("Idea", "Hive").name = "Other"


@given(st.lists(RIGHTS, max_size=5), RIGHTS)
def test_taking_more_sources_never_gives_more_rights(some, another):
    before, after = strictest(some), strictest([*some, another])
    if some:
        assert after.trainable <= before.trainable
        assert after.publishable <= before.publishable
        assert after.quarantined >= before.quarantined
        assert after.confidence <= before.confidence
    assert strictest([*reversed(some), another]) == strictest([another, *some])


def test_of_nothing_the_rights_are_closed():
    assert strictest([]).quarantined
    assert not strictest([]).trainable


def test_rights_of_two_sources_name_both_licences_and_holders():
    one = Rights(license="MIT OR Apache-2.0", holder="Ada", trainable=True, publishable=True, quarantined=False)
    both = strictest([one, evolve(one, license="CC0-1.0", holder="Bea")])
    assert both.license == "CC0-1.0 AND (MIT OR Apache-2.0)"
    assert both.holder == "Ada, Bea"
    assert strictest([one]) == one


def test_an_example_is_its_task_and_messages_and_its_group_the_anchor():
    example = Example("t", "s", "u", "a", "key", (), (), (Span("a.md", 0, 1),), Rights(), "seen")
    assert evolve(example, verifier="again").id == example.id
    assert evolve(example, assistant="b").id != example.id
    assert evolve(example, assistant="b").group == example.group == content_id("group", "key")


def test_a_relation_is_its_subject_verb_and_object():
    assert Relation("a", "cites", "b", confidence=0.5).key == Relation("a", "cites", "b").key
