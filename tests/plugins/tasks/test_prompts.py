# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Prompts are data: a text that was released never changes, and a task uses the newest."""

import json
from pathlib import Path

import pytest

from enliterator_core import TaskType, UsageError, prompt_versions, read_prompt, sha256_of

TASKS = Path(__file__).parents[3] / "plugins" / "tasks"
#: the SHA-256 of every released text, by package, oldest first
LOCK = json.loads(Path(__file__).with_name("released_prompts.json").read_text(encoding="utf-8"))
PACKAGES = sorted(path.parent.name for path in TASKS.glob("*/prompt.toml"))


@pytest.mark.parametrize("package", sorted({*PACKAGES, *LOCK}))
def test_a_released_prompt_never_changes(package):
    text = (TASKS / package / "prompt.toml").read_text(encoding="utf-8")
    hashes = [sha256_of(prompt.text.encode()) for prompt in prompt_versions(text, package)]
    locked = LOCK.get(package, [])
    changed = [number for number, (one, other) in enumerate(zip(locked, hashes, strict=False), 1) if one != other]
    assert not changed, f"{package}: version {changed[0]} was released: add a [[prompt]] below it instead"
    assert len(locked) <= len(hashes), f"{package}: a released version is gone"
    assert len(hashes) == len(locked), f"{package}: add to released_prompts.json {json.dumps(hashes[len(locked) :])}"


@pytest.mark.parametrize("package", PACKAGES)
def test_a_task_trains_and_serves_with_the_newest_prompt(package):
    module = pytest.importorskip(package)
    kind: type[TaskType]
    for kind in module.register_task_types():
        prompt = read_prompt(package)
        assert (kind.system_prompt, kind.prompt_version) == (prompt.text, prompt.version)
        assert prompt.version == len(LOCK[package])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "there is no"),
        ("prompt = 5", "there is no"),
        ("prompt = []", "there is no"),
        ("[[prompt]]", "number 1"),
        ("[[prompt]]\ntext = ' '", "number 1"),
        ("[[prompt]]\ntext = 'a'\n[[prompt]]\ntext = 3", "number 2"),
        ("[[prompt]]\ntext = 'a'\nversion = 7", "number 1"),
        ("[[prompt]\n", "no TOML"),
    ],
)
def test_what_is_no_prompt_is_told(text, words):
    with pytest.raises(UsageError, match=words) as raised:
        prompt_versions(text, "here")
    assert str(raised.value).startswith("here") and raised.value.hint


def test_versions_count_from_one_and_the_newest_is_last():
    old, new = prompt_versions("[[prompt]]\ntext = ' old '\n[[prompt]]\ntext = '''\nnew\nlines\n'''", "here")
    assert (old.version, old.text, new.version, new.text) == (1, "old", 2, "new\nlines")


@pytest.mark.parametrize("package", ["", None, "no_such_package_anywhere", "json"])
def test_a_package_without_a_prompt_is_told(package):
    with pytest.raises(UsageError, match=r"prompt\.toml cannot be read"):
        read_prompt(package)
