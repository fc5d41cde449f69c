# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""A mended copy checks clean, says what became of every line, and leaves the original as it was."""

import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from enliterator_core.dataset import check_paths
from enliterator_core.dataset.fix import fix_paths
from enliterator_core.errors import UsageError

WORDS = [
    "hive",
    "queen",
    "drone",
    "smoker",
    "frame",
    "nectar",
    "pollen",
    "swarm",
    "varroa",
    "honey",
    "wax",
    "bee",
    "mead",
]


def example(question, answer="It is said in the handbook, in the chapter on spring work.", **more):
    asked = [{"role": "system", "content": "Answer from the handbook."}, {"role": "user", "content": question}]
    return {"messages": [*asked, {"role": "assistant", "content": answer} | more]}


SOUND = [example(f"What does the handbook say of the {word}, and where?") for word in WORDS]


def called(arguments):
    asked = {"id": "c1", "type": "function", "function": {"name": "look", "arguments": arguments}}
    messages = [{"role": "user", "content": "how many?"}, {"role": "assistant", "tool_calls": [asked]}]
    done = [{"role": "tool", "tool_call_id": "c1", "content": "3"}, {"role": "assistant", "content": "three"}]
    return {"messages": [*messages, *done]}


def rows(path):
    return [json.loads(line) for line in Path(path).read_bytes().splitlines()]


def write(path, records):
    lines = [one if isinstance(one, bytes) else json.dumps(one, ensure_ascii=False).encode() for one in records]
    path.write_bytes(b"\n".join(lines) + b"\n")
    return path


MENDED = {
    "assistant_not_last": (
        {"messages": [*example("a?")["messages"], {"role": "user", "content": "and?"}]},
        example("a?"),
    ),
    "unknown_role": (
        {"messages": [{"role": "Human", "content": "b?"}, {"role": "gpt", "content": "bees"}]},
        {"messages": [{"role": "user", "content": "b?"}, {"role": "assistant", "content": "bees"}]},
    ),
    "bad_weight": (example("c?", weight=True), example("c?", weight=1)),
    "bad_arguments": (called("{'place': 'hive', 'deep': True}"), called('{"place":"hive","deep":true}')),
    "not_utf8": (json.dumps(example("käfer?"), ensure_ascii=False).encode("cp1252"), example("käfer?")),
    "not_json": (json.dumps(example("nul?")).encode() + b"\0\0\0", example("nul?")),
}
DROPPED = {
    "missing_assistant": {"messages": SOUND[0]["messages"][:2]},
    "empty_answer": example("empty?", " "),
    "unknown_role": {"messages": [{"role": "narrator", "content": "once"}, *example("r?")["messages"]]},
    "bad_arguments": called("look there"),
    "secret": example("key?", "Use AKIAIOSFODNN7EXAMPLQ for it."),
    "too_long": example("long?", "honey and wax " * 30_000),
    "not_utf8": json.dumps(example("käfer ö?"), ensure_ascii=False).encode() + b"\xff\xfe",
    "not_json": b'{"messages": [{"role": "us',
    "not_chat": {"prompt": "a"},
    "blank_line": b"  ",
    "repeated_key": b'{"messages": [{"role": "user", "content": "a?", "content": "b?"}, '
    b'{"role": "assistant", "content": "one of both"}]}',
    "nothing_to_learn": example("weight nought?", weight=0),
    "duplicate": SOUND[3],
    "contradiction": example(SOUND[3]["messages"][1]["content"], "No, not at all."),
}


@pytest.mark.parametrize("code", MENDED)
def test_what_has_one_right_form_is_put_right(tmp_path, code):
    record, right = MENDED[code]
    path = write(tmp_path / "a.jsonl", [*SOUND, record])
    before = path.read_bytes()
    (fixed,) = fix_paths([path])
    assert (fixed.changed[code], fixed.dropped, fixed.examples) == (1, {}, len(SOUND) + 1)
    assert fixed.to == str(tmp_path / "a.fixed.jsonl")
    assert rows(fixed.to) == [*SOUND, right]
    assert path.read_bytes() == before
    assert check_paths([Path(fixed.to)]) == []


@pytest.mark.parametrize("code", DROPPED)
def test_what_would_have_to_be_guessed_is_left_out(tmp_path, code):
    (fixed,) = fix_paths([write(tmp_path / "a.jsonl", [*SOUND[:5], DROPPED[code], *SOUND[5:]])])
    assert (fixed.changed, fixed.dropped) == ({}, {code: 1})
    assert rows(fixed.to) == SOUND
    assert check_paths([Path(fixed.to)]) == []


def test_lines_that_are_sound_keep_their_bytes(tmp_path):
    path = tmp_path / "a.jsonl"
    lines = [json.dumps(one, indent=None, separators=(", ", " : ")).encode() for one in SOUND]
    path.write_bytes(b"\xef\xbb\xbf" + b"\r\n".join([*lines, DROPPED["not_json"]]))
    (fixed,) = fix_paths([path])
    copied = Path(fixed.to).read_bytes().split(b"\n")
    assert copied[1:] == [*lines[1:], b""] and json.loads(copied[0]) == SOUND[0]
    assert (fixed.changed, fixed.dropped) == ({"not_utf8": 1}, {"not_json": 1})


def test_of_splits_the_held_out_ones_are_kept_whole(tmp_path):
    folder = tmp_path / "data"
    folder.mkdir()
    near = example(SOUND[1]["messages"][1]["content"] + "!")
    other = example(SOUND[2]["messages"][1]["content"], "No.  Nothing is said of it there.")
    write(folder / "train.jsonl", SOUND)
    write(folder / "test.jsonl", [near, other, SOUND[4]])
    train, test = fix_paths([folder])
    assert (test.examples, test.dropped) == (3, {})
    gone = {"near_duplicate_across_files": 1, "contradiction": 1, "duplicate_across_files": 1}
    assert (train.examples, train.dropped) == (len(SOUND) - 3, gone)
    assert check_paths([tmp_path / "data.fixed"]) == [] and rows(train.to) == [SOUND[0], SOUND[3], *SOUND[5:]]
    with pytest.raises(UsageError, match="is there already"):
        fix_paths([folder])
    assert [one.to for one in fix_paths([folder], to=tmp_path / "other")] == [
        str(tmp_path / "other" / name) for name in ("train.jsonl", "test.jsonl")
    ]


ODD = st.sampled_from([*SOUND[:3], *(one for one, _ in MENDED.values()), *DROPPED.values()])


@given(st.lists(ODD, max_size=12), st.lists(ODD | st.binary(max_size=40), max_size=6))
@settings(deadline=None, max_examples=60)
def test_whatever_is_wrong_the_copy_has_no_error_and_every_line_is_accounted_for(tmp_path_factory, train, test):
    folder = tmp_path_factory.mktemp("any")
    for name, records in (("train", train), ("test", test)):
        write(folder / f"{name}.jsonl", records)
    done = fix_paths([folder], to=folder / "new")
    found = Counter(one.code for one in check_paths([folder / "new"]) if one.code != "too_few")
    assert not found
    for one in done:
        lines = Path(one.path).read_bytes().count(b"\n")
        assert one.examples + one.dropped.total() == lines
        assert len(rows(one.to)) == one.examples
