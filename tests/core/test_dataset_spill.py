# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Spilled texts are the same whether they are read one by one or many at once, in any order."""

import numpy as np
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from enliterator_core.dataset.spill import no_rows
from enliterator_core.dataset.spilled import Spilled

TEXTS = st.lists(
    st.tuples(st.integers(0, 1), st.sampled_from(("", "bee", "é", "🐝" * 9, "queen " * 3000))), max_size=80
)


@given(TEXTS, st.randoms(use_true_random=False))
@settings(max_examples=50, deadline=None)
def test_texts_are_the_same_one_by_one_and_many_at_once(tmp_path_factory, texts, rnd):
    folder = tmp_path_factory.mktemp("spill")
    files, rows = [b"", b""], []
    for task, text in texts:
        chat, proof, said = b"c" * rnd.randint(0, 3000), "ü".encode() * rnd.randint(0, 9), text.encode()
        rows.append((task, len(files[task]), len(chat), len(proof), len(said)))
        files[task] += chat + proof + said
    paths = [folder / "one", folder / "other"]
    for path, content in zip(paths, files, strict=True):
        path.write_bytes(content)
    order = (
        rnd.sample(range(len(rows)), len(rows))
        if rnd.random() < 0.5
        else sorted(range(len(rows)), key=rows.__getitem__)
    )
    table = np.array([rows[number] for number in order], np.int64).reshape(-1, 5)
    names = ("task", "offset", "chat", "proof", "text")
    spilled = Spilled(paths, ["one", "other"])
    known = evolve(no_rows(), **dict(zip(names, table.T, strict=True)), id=np.zeros(len(rows), np.uint64))
    read = spilled.texts(known, np.arange(len(rows)))
    wanted = [texts[number][1] for number in order]
    assert list(read) == read[:] == wanted
    assert read[3:40] == wanted[3:40]
    assert read[::2] == wanted[::2]
    assert not wanted or read[-1] == wanted[-1]
    some = np.array(rnd.sample(range(len(rows)), len(rows) // 2), np.int32)
    assert list(spilled.texts(known, some)) == [wanted[number] for number in some]
    spilled.close()
