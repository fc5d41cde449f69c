# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Pieces: per-source work is kept by content, survives a crash once committed, and is redone only where needed."""

import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enliterator_core import Batch, Block, Context, Document, InterruptedBuild, Source, Time
from enliterator_core.pieces import Pieces, pack_document, unpack_document

BLOCKS = st.builds(Block, st.sampled_from(["heading", "code"]), st.integers(0, 9), st.integers(0, 9), name=st.text())


def source(path, sha256="1"):
    return Source(path, sha256, "text/plain", 1)


def context(pieces, **options):
    return Context(Batch(1, "b", "o", "t"), (), None, None, pieces, Path(), **options)


@given(st.builds(Document, st.text(), st.lists(BLOCKS, max_size=3).map(tuple), st.text(), st.just(Time("2026", "git"))))
def test_a_document_packs_and_unpacks(document):
    assert unpack_document(pack_document(document)) == document


def test_only_what_changed_is_made_again(tmp_path):
    made = []

    def work(one):
        made.append(one.path)
        return [one.sha256]

    with_pieces = Pieces(tmp_path / "p.db")
    first = context(with_pieces)
    assert [v for _, v in first.each("s", "v1", [source("a"), source("b")], work)] == [["1"], ["1"]]
    assert list(first.each("s", "v1", [source("a"), source("b", "2")], work))[1][1] == ["2"]
    assert made == ["a", "b", "b"]
    assert first.worked == {"s": 3}
    list(first.each("s", "v2", [source("a")], work))
    assert made == ["a", "b", "b", "a"]
    assert [path for path, _ in with_pieces.of("s")] == ["a"]
    with_pieces.close()


def test_a_refused_source_is_not_yielded_and_asked_again(tmp_path):
    pieces = Pieces(tmp_path / "p.db")
    run = context(pieces)
    assert list(run.each("s", "v", [source("a")], lambda one: None)) == []
    assert [v for _, v in run.each("s", "v", [source("a")], lambda one: 1)] == [1]
    pieces.close()


def test_a_stop_keeps_what_is_committed(tmp_path):
    pieces, stop = Pieces(tmp_path / "p.db"), threading.Event()

    def work(one):
        if one.path == "b":
            stop.set()
        return [one.path]

    with pytest.raises(InterruptedBuild, match="stopped"):
        list(context(pieces, stop=stop).each("s", "v", [source("a"), source("b"), source("c")], work))
    pieces.close()
    again = Pieces(tmp_path / "p.db")
    run = context(again)
    assert len(list(run.each("s", "v", [source("a"), source("b"), source("c")], lambda one: [one.path]))) == 3
    assert run.worked == {"s": 1}
    again.close()
