# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The check finds what providers refuse and what spoils a dataset, in any chat JSONL, and nothing in a sound one."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from enliterator_core.dataset import check_paths
from enliterator_core.dataset.chat_rules import FIXES, WARNINGS, faults
from enliterator_core.dataset.tokens import count_tokens, example_tokens, is_longer

QUESTIONS = ["hive", "queen", "drone", "smoker", "frame", "nectar", "pollen", "swarm", "varroa", "honey"]


def example(question, answer="It is said in the handbook, in the chapter on spring work.", **more):
    messages = [
        {"role": "system", "content": "Answer from the handbook."},
        {"role": "user", "content": question},
        {"role": "assistant", "content": answer} | more,
    ]
    return {"messages": messages}


SOUND = [example(f"What does the handbook say of the {word}, and where?") for word in QUESTIONS]


def write(path, records):
    rows = [row if isinstance(row, bytes) else json.dumps(row, ensure_ascii=False).encode() for row in records]
    path.write_bytes(b"\n".join(rows) + b"\n")
    return path


def codes(defects):
    return [(defect.line, defect.code) for defect in defects]


def test_a_sound_file_has_no_defect(tmp_path):
    assert check_paths([write(tmp_path / "a.jsonl", SOUND)]) == []


def without(*roles):
    return {"messages": [one for one in SOUND[0]["messages"] if one["role"] not in roles]}


def call(arguments, name="look"):
    asked = {"id": "c1", "type": "function", "function": {"name": name, "arguments": arguments}}
    messages = [{"role": "user", "content": f"look, {arguments}"}, {"role": "assistant", "tool_calls": [asked]}]
    answer = [{"role": "tool", "tool_call_id": "c1", "content": "3"}, {"role": "assistant", "content": "three"}]
    return {"messages": [*messages, *answer]}


DEFECTS = {
    "missing_assistant": without("assistant"),
    "assistant_not_last": {"messages": [*SOUND[0]["messages"], {"role": "user", "content": "and then?"}]},
    "empty_answer": example("empty?", " \n"),
    "unknown_role": {"messages": [{"role": "bot", "content": "hm"}, *example("who?")["messages"]]},
    "bad_weight": example("weigh?", weight=2),
    "bad_arguments": call("{'place': 1}"),
    "bad_tool_call": call("{}", name=""),
    "duplicate": SOUND[3],
    "contradiction": example(SOUND[3]["messages"][1]["content"], "No, not at all."),
    "secret": example("key?", "Use AKIAIOSFODNN7EXAMPLQ for it."),
    "too_long": example("long?", "honey and wax " * 30_000),
    "not_utf8": '{"messages": [{"role": "user", "content": "h\xe4"}]}'.encode("latin-1"),
    "not_json": b'{"messages": [',
    "not_chat": {"prompt": "a", "completion": "b"},
    "blank_line": b"",
    "no_user": without("user"),
    "nothing_to_learn": example("weight nought?", weight=0),
    "bad_content": {"messages": [{"role": "user", "content": 3}, {"role": "assistant", "content": "three"}]},
}


@pytest.mark.parametrize("code", DEFECTS)
def test_each_seeded_defect_is_found_where_it_is(tmp_path, code):
    (defect,) = check_paths([write(tmp_path / "a.jsonl", [*SOUND, DEFECTS[code]])])
    assert (defect.line, defect.code, defect.fix) == (len(SOUND) + 1, code, FIXES[code])
    assert defect.severity == ("warning" if code in WARNINGS else "error")
    assert defect.path.endswith("a.jsonl") and defect.message


def test_sound_tool_calls_and_parts_are_sound(tmp_path):
    parts = {"messages": [{"role": "user", "content": [{"type": "text", "text": "see?"}]}, SOUND[0]["messages"][2]]}
    assert check_paths([write(tmp_path / "a.jsonl", [*SOUND, call('{"place": 1}'), parts])]) == []


def test_splits_are_checked_against_one_another(tmp_path):
    near = example(SOUND[1]["messages"][1]["content"] + "!")
    write(tmp_path / "train.jsonl", SOUND)
    write(tmp_path / "test.jsonl", [SOUND[2], near, example("something else, nowhere said?", "Quite so, elsewhere.")])
    write(tmp_path / "provenance.jsonl", [{"id": 1}])
    found = check_paths([tmp_path])
    assert codes(found) == [(1, "duplicate_across_files"), (2, "near_duplicate_across_files")]
    assert all(defect.severity == "error" for defect in found)
    assert check_paths([tmp_path / "train.jsonl", tmp_path / "test.jsonl"]) == found


def test_files_as_a_whole(tmp_path):
    assert codes(check_paths([write(tmp_path / "few.jsonl", SOUND[:3])])) == [(0, "too_few")]
    assert codes(check_paths([tmp_path / "no.jsonl"])) == [(0, "no_file")]
    (tmp_path / "empty").mkdir()
    assert codes(check_paths([tmp_path / "empty"])) == [(0, "no_file")]
    marked = write(tmp_path / "bom.jsonl", SOUND)
    marked.write_bytes(b"\xef\xbb\xbf" + marked.read_bytes())
    assert codes(check_paths([marked])) == [(1, "not_utf8")]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
MESSAGE = st.fixed_dictionaries(
    {"role": st.sampled_from(["system", "user", "assistant", "tool"]) | JSON},
    optional={"content": JSON, "weight": JSON, "tool_calls": JSON, "function_call": JSON, "tool_call_id": JSON},
)


@given(JSON | st.fixed_dictionaries({"messages": st.lists(MESSAGE | JSON, max_size=4) | JSON}))
@settings(deadline=None, max_examples=300)
def test_any_json_is_judged_and_never_breaks_the_check(tmp_path_factory, record):
    list(faults(record, 1000))
    path = tmp_path_factory.mktemp("any") / "a.jsonl"
    path.write_text(json.dumps(record) + "\n", encoding="utf-8")
    assert all(defect.code in FIXES for defect in check_paths([path]))


def test_tokens():
    assert count_tokens("") == 0 and count_tokens("hello world") == 2
    assert count_tokens("<|endoftext|>") > 1 and count_tokens("\ud800") >= 1
    assert example_tokens([{"content": "hello"}, {"content": "world"}]) == 2 + 2 * 3 + 3
    assert is_longer(["hello " * 100], 99) and not is_longer(["hello " * 100], 120)
