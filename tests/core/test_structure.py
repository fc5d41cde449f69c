# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Nothing is coerced: a value fits its field's type as it stands, or it is a problem with a path."""

from pathlib import Path
from typing import Any, Literal

import pytest
from attrs import Factory, define, field, frozen
from attrs.validators import ge, gt, in_, le, lt, matches_re
from hypothesis import given
from hypothesis import strategies as st

from enliterator_core.errors import Problem
from enliterator_core.structure import make, settable, structure, words_of

plain = st.one_of(st.booleans(), st.integers(), st.floats(allow_nan=False), st.text())
toml = st.recursive(plain, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=8)


@given(toml, st.sampled_from([bool, int, str]))
def test_a_value_fits_a_plain_type_only_when_it_is_of_exactly_that_type(value, kind):
    made, problems = structure(value, kind, "here")
    assert (not problems) == (type(value) is kind)
    if not problems:
        assert made is value


@given(toml)
def test_a_float_takes_floats_and_integers_that_stay_the_same_number(value):
    made, problems = structure(value, float, "here")
    if type(value) is float or (type(value) is int and abs(value) <= 2**53):
        assert not problems
        assert type(made) is float
        assert made == value
    else:
        assert [problem.path for problem in problems] == ["here"]


@given(st.lists(toml))
def test_an_array_is_right_when_every_part_is_and_each_wrong_part_is_named(values):
    made, problems = structure(values, tuple[str, ...], "here")
    wrong = [f"here[{at}]" for at, one in enumerate(values) if type(one) is not str]
    assert [problem.path for problem in problems] == wrong
    if not wrong:
        assert made == tuple(values)


@given(st.dictionaries(st.text(), toml))
def test_a_table_is_right_when_every_value_is(values):
    made, problems = structure(values, dict[str, int], "here")
    assert [problem.path for problem in problems] == [f"here.{k}" for k, v in values.items() if type(v) is not int]
    if not problems:
        assert made == values


@given(toml)
def test_anything_fits_any_unchanged(value):
    assert structure(value, Any, "here") == (value, [])


@pytest.mark.parametrize(("value", "kind", "message"), [
    ("no", bool, '"no" is a string, not a boolean'),
    (2.9, int, "2.9 is a float, not an integer"),
    (True, int, "true is a boolean, not an integer"),
    (True, float, "true is a boolean, not a float"),
    (2**60, float, "1152921504606846976 is an integer, not a float"),
    ("abc", list[str], '"abc" is a string, not an array'),
    ("ab", tuple[str, str], '"ab" is a string, not an array'),
    ([], dict, "[] is an array, not a table"),
    (3, str | None, "3 is an integer, not a string"),
    (3, str | bool, "3 is an integer, not a string or a boolean"),
    ("respnses", Literal["responses", "chat"],
     '"respnses" is not one of "responses", "chat"; did you mean responses?'),
    (True, Literal[1, 2], "true is not one of 1, 2"),
    (1, Path, "1 is an integer, not a string"),
    (["a"], tuple[str, str], "has 1 values, not 2"),
])  # fmt: skip
def test_what_does_not_fit_is_told_in_plain_words(value, kind, message):
    assert structure(value, kind, "a.b")[1] == [Problem("a.b", message)]


@pytest.mark.parametrize(("value", "kind", "made"), [
    (2, float, 2.0),
    (2, int | float, 2),
    ("x", str | None, "x"),
    (["a", 1], tuple[str, int], ("a", 1)),
    (["a", "a"], frozenset[str], frozenset({"a"})),
    ("~/x", Path, Path("~/x")),
    ({"a": ["b"]}, dict[str, list[str]], {"a": ["b"]}),
    ("chat", Literal["responses", "chat"], "chat"),
])  # fmt: skip
def test_what_fits_becomes_the_fields_type(value, kind, made):
    assert structure(value, kind, "here") == (made, [])


@frozen
class Inner:
    port: int = field(default=80, validator=gt(0))


@frozen
class Outer:
    """Fields of every sort."""

    share: float = field(default=0.2, validator=[ge(0), le(1)])
    below: int = field(default=0, validator=lt(10))
    mode: str = field(default="a", validator=in_(["a", "b"]))
    code: str = field(default="x", validator=matches_re("[a-z]"))
    inner: Inner = field(factory=Inner)
    servers: tuple[Inner, ...] = ()
    upper: str = field(default="", converter=str.upper)
    closed: str = field(init=False, default="set by no file")
    _private: int = 0


def given_values(**values):
    return {name: (f"settings.{name}", value) for name, value in values.items()}


def test_only_public_fields_that_the_constructor_takes_can_be_set():
    assert list(settable(Outer)) == ["share", "below", "mode", "code", "inner", "servers", "upper"]
    assert settable(int) == {}


def test_every_field_is_checked_whatever_is_wrong_with_the_others():
    wrong = {
        "share": 2,
        "below": "x",
        "mode": "c",
        "code": "9",
        "inner": {"port": 0, "prt": 1},
        "servers": [{"port": 1}, {"port": True}, 3],
    }
    made, problems = make(Outer, given_values(**wrong), "settings")
    assert made is None
    assert {problem.path: problem.message for problem in problems if problem.path != "settings.code"} == {
        "settings.share": "2 is more than 1",
        "settings.below": '"x" is a string, not an integer',
        "settings.mode": "must be in ['a', 'b'] (got 'c')",
        "settings.inner.prt": "unknown setting; did you mean port?",
        "settings.inner.port": "0 is not more than 0",
        "settings.servers[1].port": "true is a boolean, not an integer",
        "settings.servers[2]": "3 is an integer, not a table",
    }
    assert [problem.path for problem in problems].count("settings.code") == 1


def test_right_values_make_the_instance_and_the_rest_keeps_its_defaults():
    made, problems = make(Outer, given_values(share=1, servers=[{"port": 8}], upper="loud"), "settings")
    assert not problems
    assert made == Outer(share=1.0, servers=(Inner(8),), upper="loud")
    assert (made.upper, made.mode) == ("LOUD", "a")


@define
class Range:
    """Two fields that know of each other, one of them required."""

    low: int
    high: int = field(default=Factory(lambda self: self.low + 1, takes_self=True))

    @high.validator
    def _above(self, attribute, value):
        if value <= self.low:
            raise ValueError(f"{value} is not above low\nand more")

    def __attrs_post_init__(self):
        if self.low < 0:
            raise RuntimeError("no ranges below zero")


def test_a_required_field_is_asked_for():
    assert make(Range, {}, "settings")[1] == [Problem("settings.low", "is required: an integer")]


def test_a_validator_sees_the_other_values_and_only_its_first_line_is_told():
    assert make(Range, given_values(low=3, high=2), "settings")[1] == [Problem("settings.high", "2 is not above low")]


def test_a_validator_whose_other_field_is_wrong_leaves_the_word_to_that_field():
    problems = make(Range, given_values(low="x", high=2), "settings")[1]
    assert problems == [Problem("settings.low", '"x" is a string, not an integer')]


def test_what_the_constructor_raises_is_told():
    assert make(Range, given_values(low=-1), "settings")[1] == [Problem("settings", "Range: no ranges below zero")]


def test_types_that_cannot_be_told_are_a_problem():
    unknown = define(type("Odd", (), {"__annotations__": {"a": "Nowhere"}, "a": 1}))
    (problem,) = make(unknown, given_values(a=1), "settings")[1]
    assert "Nowhere" in problem.message


def test_types_have_names_that_a_person_knows():
    kinds = [bool, int, float, str, Path, list[str], dict[str, int], int | None, Inner, bytes]
    assert [words_of(kind) for kind in kinds] == [
        "a boolean", "an integer", "a float", "a string", "a string", "an array", "a table", "an integer", "a table",
        "a bytes",
    ]  # fmt: skip
