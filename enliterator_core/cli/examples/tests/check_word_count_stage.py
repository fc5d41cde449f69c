# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The stage, run on a real folder by the real pipeline."""

from word_count_stage import WordCount

from enliterator_core.testing import check_stage


def test_it_counts_the_words_of_what_was_taken_in(tmp_path):
    graph = check_stage(WordCount(minimum=4), {"note.md": "# A note\n\nfour of these words count\n"}, tmp_path)
    assert graph.note("word_count") == {"words": 5}
