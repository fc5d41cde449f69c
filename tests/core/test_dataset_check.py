# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The check finds what providers refuse and what spoils a dataset, in any chat JSONL, and nothing in a sound one."""

import json
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from enliterator_core.dataset import check_paths
from enliterator_core.dataset.chat_rules import FIXES, WARNINGS, faults
from enliterator_core.dataset.check import twins_of
from enliterator_core.dataset.lines import lines_of
from enliterator_core.dataset.secret_search import with_secrets
from enliterator_core.dataset.tokens import count_tokens, example_tokens, is_longer
from enliterator_core.redaction import find_secrets

QUESTIONS = ["hive", "queen", "drone", "smoker", "frame", "nectar", "pollen", "swarm", "varroa", "honey"]


SECRETS = [
    "Use AKIAIOSFODNN7EXAMPLQ for it",
    "to anna.b@beekeepers.org",
    "the secret of honey: it is sweet",
    'päss_password = "h4ll0-W3lt!"',
    "https://anna:pr1v8stuff@bees.org/x",
    "SK0123456789abcdef0123456789abcdef",
    "-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA75\n-----END RSA PRIVATE KEY-----",
    "ein Schlüssel ghp_" + "aB3" * 12,
    "task-force, disk-drive and token",
]


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


def pair(chosen, refused, question="which?", **more):
    given = {"messages": [{"role": "user", "content": question}], **more}
    answers = ([{"role": "assistant", "content": text}] for text in (chosen, refused))
    return {"input": given, **dict(zip(("preferred_output", "non_preferred_output"), answers, strict=True))}


TOOL = {"type": "function", "function": {"name": "look", "parameters": {"type": "object", "properties": {}}}}


def test_pairs_and_tools_are_known(tmp_path):
    pairs = [pair(f"The {word}.", f"No {word}.", f"Which of the {word}s?") for word in QUESTIONS]
    assert check_paths([write(tmp_path / "dpo.jsonl", pairs)]) == []
    assert check_paths([write(tmp_path / "a.jsonl", [*SOUND, call('{"place": 1}') | {"tools": [TOOL]}])]) == []


@pytest.mark.parametrize(
    ("code", "record"),
    [
        ("no_preference", pair("The queen.", "The queen.")),
        ("empty_answer", pair("The queen.", " ")),
        ("secret", pair("The queen.", "AKIAIOSFODNN7EXAMPLQ")),
        ("not_chat", {"input": {"messages": []}, "preferred_output": 3, "non_preferred_output": []}),
        ("bad_tool", call("{}") | {"tools": [TOOL, {"type": "function"}]}),
        ("unknown_tool", call("{}", name="sting") | {"tools": [TOOL]}),
        ("repeated_key", b'{"messages": [{"role": "user", "content": "a?", "content": "b?"}, '
         b'{"role": "assistant", "content": "one of both"}]}'),
        ("not_json", b"\0\0\0\0"),
        ("not_json", json.dumps(SOUND[4])[:70].encode()),
        ("not_json", b"[" * 100_000),
        ("missing_assistant", b'{"messages": [{"role": "user", "content": ' + b"[" * 900 + b"]" * 900 + b"}]}"),
        ("not_chat", b'{"messages": [{"role": ' + b"[" * 990 + b"]" * 990 + b', "content": "a"}, '
         b'{"role": "assistant", "content": "hm hm"}]}'),
    ],
)  # fmt: skip
def test_what_else_can_be_wrong_with_a_line(tmp_path, code, record):
    found = check_paths([write(tmp_path / "a.jsonl", [*SOUND, record])])
    assert (len(SOUND) + 1, code) in codes(found)


def test_a_contradiction_is_one_whatever_the_shape_of_the_answers(tmp_path):
    weighed = example(SOUND[3]["messages"][1]["content"], "No, not at all.", weight=1)
    again = example(SOUND[3]["messages"][1]["content"], "No, not at all.")
    found = check_paths([write(tmp_path / "a.jsonl", [*SOUND, weighed, again])])
    assert codes(found) == [(11, "contradiction"), (12, "duplicate"), (12, "contradiction")]
    assert found[1].message == "the same as line 11"


def test_lines_end_and_files_are_encoded_in_many_ways(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"\r\n".join(json.dumps(one).encode() for one in SOUND))
    assert check_paths([path]) == []
    path.write_text("\n".join(map(json.dumps, SOUND)), encoding="utf-16")
    assert codes(check_paths([path])) == [(0, "not_utf8")]


def test_runs_of_lines_are_the_lines_of_the_file(tmp_path):
    path = tmp_path / "a.jsonl"
    for content in (
        b"",
        b"\n",
        b"a",
        b"a\n",
        b"\n\nabc\n\r\n",
        b"x" * 50 + b"\nb\n" + b"y" * 60,
        b"z" * 70 + b"\n" * 3,
    ):
        path.write_bytes(content)
        every = [*enumerate(content.split(b"\n")[: -1 if content.endswith(b"\n") or not content else None], 1)]
        for chunk in (1, 3, 7, 64, 1000):
            read = [*((first + n, one) for first, run in lines_of(path, chunk=chunk) for n, one in enumerate(run))]
            assert read == every
            short = [
                *((first + n, one) for first, run in lines_of(path, chunk=chunk, most=40) for n, one in enumerate(run))
            ]
            assert short == [(number, line if len(line) <= 40 else None) for number, line in every]


def test_a_line_without_end_is_read_over_in_bounded_memory(tmp_path):
    path = write(tmp_path / "a.jsonl", SOUND)
    with path.open("r+b") as file:
        file.seek(0, 2)
        file.truncate(file.tell() + 400_000_000)  # a hole in the file, which reads as NULs
        file.seek(0, 2)
        file.write(b"\n" + json.dumps(SOUND[0]).encode())
    tracemalloc.start()
    found = check_paths([path])
    assert tracemalloc.get_traced_memory()[1] < 200_000_000
    tracemalloc.stop()
    assert codes(found) == [(11, "line_too_long"), (12, "duplicate")]


@given(st.lists(st.sampled_from(SECRETS) | st.text(max_size=60), max_size=6))
@settings(deadline=None, max_examples=200)
def test_secrets_in_many_texts_are_those_in_each(texts):
    alone = [(number, found[0].kind) for number, text in enumerate(texts) if (found := find_secrets(text))]
    assert list(with_secrets([text.encode("utf-8", "surrogatepass") for text in texts])) == alone


def test_splits_are_checked_against_one_another(tmp_path):
    near = example(SOUND[1]["messages"][1]["content"] + "!")
    write(tmp_path / "train.jsonl", SOUND)
    write(tmp_path / "test.jsonl", [SOUND[2], near, example("something else, nowhere said?", "Quite so, elsewhere.")])
    write(tmp_path / "provenance.jsonl", [{"id": 1}])
    found = check_paths([tmp_path])
    assert codes(found) == [(1, "duplicate_across_files"), (2, "near_duplicate_across_files")]
    assert all(defect.severity == "error" for defect in found)
    assert check_paths([tmp_path / "train.jsonl", tmp_path / "test.jsonl"]) == found


def test_very_long_texts_have_near_duplicates_too():
    words = " ".join(f"{word} {number}" for number in range(9000) for word in ("honey", "wax"))
    short, other = words[:2000], " ".join(f"pollen {number}" for number in range(9000))
    texts, held = [words, short, other], ["", other[:-5], words[9:], short + "!"]
    assert len(words) > 50_000 < len(other)
    assert twins_of(texts, held) == [2, 3, 1]
    assert twins_of(texts, []) == [None] * 3 and twins_of([], held) == []


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


@given(st.lists(st.binary(max_size=120) | JSON.map(lambda one: json.dumps(one).encode()), max_size=8))
@settings(deadline=None, max_examples=300)
def test_any_bytes_are_judged_and_never_break_the_check(tmp_path_factory, lines):
    path = tmp_path_factory.mktemp("any") / "a.jsonl"
    path.write_bytes(b"\n".join(lines))
    found = check_paths([path])
    assert all(defect.code in FIXES and defect.line <= len(path.read_bytes().split(b"\n")) for defect in found)
    assert [defect.line for defect in found if defect.line] == sorted(d.line for d in found if d.line)


def test_tokens():
    assert count_tokens("") == 0 and count_tokens("hello world") == 2
    assert count_tokens("<|endoftext|>") > 1 and count_tokens("\ud800") >= 1
    assert example_tokens([{"content": "hello"}, {"content": "world"}]) == 2 + 2 * 3 + 3
    assert is_longer(["hello " * 100], 99) and not is_longer(["hello " * 100], 120)
