# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Names and forms folded, texts on one line: many at once as one by one."""

from hypothesis import given
from hypothesis import strategies as st

from enliterator_core import fold, fold_all, on_one_line

SPACED = st.text(st.sampled_from("aÄß \t\n\u00a0\u2028.ſ"), max_size=8)


@given(st.lists(st.text() | SPACED, max_size=600))
def test_at_once_is_as_one_by_one(texts: list[str]) -> None:
    assert fold_all(texts) == list(map(fold, texts))
    assert list(on_one_line(texts)) == [" ".join(text.split()) for text in texts]


def test_usual_texts_are_what_they_are() -> None:
    usual = ["The bees", "ÄRGER", "a-b"]
    assert on_one_line(usual) is usual and fold_all(usual) == ["the bees", "ärger", "a-b"]
