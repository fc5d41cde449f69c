# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Sentences, words without markup, module names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enliterator_core import module_names, plain, sentences

WORDS = st.text(st.sampled_from("aB. !?\n*`_[]()<>:#-1é█\\\"'"), max_size=80)


@given(WORDS)
def test_sentences_are_in_order_and_lose_nothing_but_space(text):
    places = sentences(text)
    assert places == sorted(places)
    assert all(a < b and text[a:b] == text[a:b].strip() for a, b in places)
    assert "".join(text[a:b] for a, b in places).replace(" ", "").replace("\n", "") == "".join(text.split())


@given(WORDS, st.integers(0, 80), st.integers(0, 80))
def test_sentences_stay_between_the_two_positions(text, start, end):
    first, last = sorted((min(start, len(text)), min(end, len(text))))
    assert all(first <= a < b <= last for a, b in sentences(text, first, last))


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("Bees fly. They sting! Do they?", ["Bees fly.", "They sting!", "Do they?"]),
        (
            "It weighs 3.5 kg, e.g. when full. Dr. Lind said so.",
            ["It weighs 3.5 kg, e.g. when full.", "Dr. Lind said so."],
        ),
        ("1. Open the hive. Look.", ["1. Open the hive.", "Look."]),
        ("**Bold.** Then `code.py` runs.", ["**Bold.**", "Then `code.py` runs."]),
        ("no stop\n\nNext", ["no stop", "Next"]),
        ("see the file.txt for more. and this goes on", ["see the file.txt for more. and this goes on"]),
        ("", []),
    ],
)
def test_a_sentence_ends_where_a_reader_would_end_it(text, pieces):
    assert [text[a:b] for a, b in sentences(text)] == pieces


@pytest.mark.parametrize(
    ("marked", "words"),
    [
        ("See [the *docs*](a/b_(c).md) now", "See the docs now"),
        ("**bold** and _it_ but snake_case and `__init__`", "bold and it but snake_case and __init__"),
        ("2 * 3 * 4", "2 * 3 * 4"),
        (":class:`~a.b.Span` and :func:`it <a.b.fold>`", "Span and it"),
        ("a\n> quoted\n> line", "a quoted line"),
        ("<b>tag</b> ![alt](x.png) <https://a.example>", "tag alt https://a.example"),
        ("``two`` \\*not\\*", "two *not*"),
        ("It has {ref}`the guide <x/y>` and :pep:`517`, {pep}`660`.", "It has the guide and PEP 517, PEP 660."),
        ("`build <https://example.com/>`_ is a tool.", "build is a tool."),
        ("``__call__``_ of `~a.b.c`", "__call__ of c"),
    ],
)
def test_markup_goes_and_words_stay(marked, words):
    assert plain(marked) == words


@given(st.text(st.sampled_from("abcXYZ 019.,;!?é-"), max_size=60))
def test_text_without_markup_only_has_its_spaces_made_single(text):
    assert plain(text) == " ".join(text.split())


@given(WORDS)
def test_any_text_can_be_made_plain(text):
    assert "\n" not in plain(text)


def test_modules_are_named_from_their_outermost_package():
    paths = [
        "a/b/__init__.py",
        "a/b/c.py",
        "a/d.py",
        "setup.py",
        "top/__init__.py",
        "top/in/__init__.py",
        "top/in/x.py",
        "n.md",
    ]
    assert module_names(paths) == {
        "a/b/__init__.py": "b",
        "a/b/c.py": "b.c",
        "a/d.py": "a.d",
        "setup.py": "setup",
        "top/__init__.py": "top",
        "top/in/__init__.py": "top.in",
        "top/in/x.py": "top.in.x",
    }
