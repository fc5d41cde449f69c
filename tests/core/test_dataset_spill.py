# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""What is spilled is read back as it was, in any order: texts, lines, columns, of tasks that gave much or nothing."""

import numpy as np
import orjson
from hypothesis import given, settings
from hypothesis import strategies as st

from enliterator_core import Draft, Span
from enliterator_core.dataset.parts import Parts
from enliterator_core.dataset.rows import Rows
from enliterator_core.dataset.spill import Spill
from enliterator_core.dataset.spilled import Spilled

TEXTS = st.lists(st.tuples(st.integers(0, 3), st.sampled_from(("bee", "é", "🐝" * 9, "queen " * 3000))), max_size=80)
TASKS = ["one", "other", "none", "last"]


def _parts(drafts, rights):
    parts = Parts.of(drafts)
    parts.rights = rights
    return parts


@given(TEXTS, st.randoms(use_true_random=False))
@settings(max_examples=50)
def test_what_is_spilled_is_read_back_in_any_order(tmp_path_factory, texts, rnd):
    folder = tmp_path_factory.mktemp("spill")
    paths = [folder / name for name in TASKS]
    wanted, counts = [], []
    for number, (name, path) in enumerate(zip(TASKS, paths, strict=True)):
        spill = Spill(path, name, f"You are {name}.")
        mine = [text for task, text in texts if task == number and name != "none"]
        for place, text in enumerate(mine):
            spans = tuple(Span("a.md", at, at + 1) for at in range(place % 3))
            parts = _parts([Draft(text, f"{name} {place}", "anchor", spans=spans)], [0])
            spill.add(parts, ["it holds"], [f"{place:016x}"], ["{}"])
            spill.note(parts, [place], [7], {"a.md": 5})
            wanted.append((number, text, f"{name} {place}", place))
        spill.close()
        counts.append(len(spill))
    rows = Rows(paths, counts)
    spilled = Spilled(paths, {name: f"You are {name}." for name in TASKS}, rows)
    order = np.array(rnd.sample(range(len(wanted)), len(wanted)), np.int64)
    chosen = [wanted[number] for number in order]

    read = spilled.texts(order)
    said = [f"{user}\n{answer}" for _, user, answer, _ in chosen]
    assert list(read) == read[:] == said
    assert read[3:40] == said[3:40]
    assert read[::2] == said[::2]
    for (task, user, answer, place), chat, head, rest in zip(chosen, *spilled.lines(order), strict=True):
        told = [one["content"] for one in orjson.loads(chat)["messages"]]
        assert told == [f"You are {TASKS[task]}.", user, answer]
        proof = orjson.loads(head + rest)
        assert (proof["task"], proof["group"], len(proof["spans"])) == (TASKS[task], f"{place:016x}", place % 3)
        assert head.endswith(b",") and b'"group"' not in head
    assert rows.task().tolist() == [task for task, *_ in wanted]
    assert rows.column("region").tolist() == [place for *_, place in wanted]
    owners, source, start, end = (np.concatenate(columns) for columns in zip(*rows.spans(), strict=True))
    assert owners.tolist() == [row for row, (*_, place) in enumerate(wanted) for _ in range(place % 3)]
    assert set(source.tolist()) <= {5}
    assert (end - start == 1).all()
    spilled.close()


def test_rights_of_each_task_are_told_in_the_codes_of_all(tmp_path):
    paths = [tmp_path / "one", tmp_path / "other"]
    for path, codes in zip(paths, ([0, 1], [1, 1, 0]), strict=True):
        spill = Spill(path, path.name, "")
        parts = _parts([Draft("a", "b", "c") for _ in codes], codes)
        spill.add(parts, ["it holds"] * len(codes), ["0" * 16] * len(codes), ["{}", "{}"])
        spill.note(parts, codes, codes, {})
        spill.close()
    assert Rows(paths, [2, 3]).rights([[0, 1], [0, 2]]).tolist() == [0, 1, 2, 2, 0]
