# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Layers of configuration: which one wins, and how every wrong value is told, with its path, all at once."""

import pytest

from enliterator_core.config import BUNDLED, Configuration, Layer, lay_over, read_layer, settle
from enliterator_core.errors import Problem


def written(tmp_path, text, name="plugins.toml", prefix=""):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return read_layer(path, str(path), prefix)


def paths(problems):
    return {problem.path: problem.message for problem in problems}


def test_without_any_layer_every_value_is_the_default():
    configuration, problems = settle([], {}, {})
    assert not problems
    assert configuration == Configuration()
    assert {origin for _, _, origin in configuration.rows()} == {"default"}
    assert [key for key, _, _ in configuration.rows()] == [
        *("bundled", "graph", "records", "split", "seed"),
        *("examples", "weights", "languages"),
    ]


def test_each_layer_wins_over_those_below_it(tmp_path):
    every = "[enliterator]\nseed = 1\nsplit = '70/30'\ngraph = 'user:'\nrecords = 'user:'\n"
    user = written(tmp_path, every, "user.toml")
    own = written(tmp_path, "[enliterator]\nseed = 2\nsplit = '60/40'\ngraph = 'own:'\n")
    environment = {"ENLITERATOR_SEED": "3", "ENLITERATOR_SPLIT": "50/50"}
    configuration, problems = settle([user, own], {"seed": "4"}, environment)
    assert not problems
    assert configuration.rows() == [
        ("bundled", True, "default"),
        ("graph", "own:", own.origin),
        ("records", "user:", user.origin),
        ("split", "50/50", "ENLITERATOR_SPLIT"),
        ("seed", 4, "--seed"),
        ("examples", 0, "default"),
        ("weights", "", "default"),
        ("languages", "", "default"),
    ]


def test_text_from_the_environment_is_read_strictly_as_the_keys_type():
    configuration, problems = settle([], {"bundled": "no"}, {"ENLITERATOR_SEED": "abc", "ENLITERATOR_GRAPH": ""})
    assert configuration == Configuration()
    assert paths(problems) == {
        "ENLITERATOR_SEED": '"abc" is a string, not an integer',
        "--bundled": '"no" is a string, not a boolean',
    }
    assert settle([], {}, {"ENLITERATOR_BUNDLED": "false", "ENLITERATOR_SEED": "-7"})[0].seed == -7
    assert settle([], {"bundled": "false"}, {})[0].bundled is False


@pytest.mark.parametrize(("text", "key", "message"), [
    ("seed = '7'", "enliterator.seed", '"7" is a string, not an integer'),
    ("seed = true", "enliterator.seed", "true is a boolean, not an integer"),
    ("seed = 2.9", "enliterator.seed", "2.9 is a float, not an integer"),
    ("bundled = 'no'", "enliterator.bundled", '"no" is a string, not a boolean'),
    ("bundled = 0", "enliterator.bundled", "0 is an integer, not a boolean"),
    ("sead = 1", "enliterator.sead", "unknown key; did you mean seed?"),
    ("origins = {}", "enliterator.origins", "unknown key"),
    ("graph = 'here'", "enliterator.graph", '"here" is no URL: it starts with a scheme, like sqlite:'),
    ("split = '80/30'", "enliterator.split", '"80/30" is no split'),
    ("split = '80'", "enliterator.split", '"80" is no split'),
    ("examples = -1", "enliterator.examples", "-1 is less than 0"),
    ("weights = 'route=0'", "enliterator.weights", '"route=0" is no weight'),
    ("weights = 'route'", "enliterator.weights", '"route" is no weight'),
    ("languages = 'english'", "enliterator.languages", '"english" is no language'),
])  # fmt: skip
def test_a_wrong_value_is_told_with_its_path(tmp_path, text, key, message):
    (problem,) = settle([written(tmp_path, f"[enliterator]\n{text}\n")], {}, {})[1]
    assert problem.path == key
    assert problem.message.startswith(message)


def test_a_password_in_a_url_is_refused_and_not_repeated(tmp_path):
    (problem,) = settle([written(tmp_path, "[enliterator]\ngraph = 'neo4j://me:hunter2@db'\n")], {}, {})[1]
    assert problem.path == "enliterator.graph"
    assert "hunter2" not in problem.message
    assert "password" in problem.message


def test_a_wrong_value_above_leaves_the_right_one_below_and_both_wrong_ones_are_told(tmp_path):
    user = written(tmp_path, "[enliterator]\nseed = 5\nsplit = 1\n", "user.toml", "user: ")
    configuration, problems = settle([user], {}, {"ENLITERATOR_SEED": "x"})
    assert configuration.seed == 5
    assert set(paths(problems)) == {"user: enliterator.split", "ENLITERATOR_SEED"}


def test_a_syntax_error_is_one_problem_that_names_the_line(tmp_path):
    layer = written(tmp_path, "[enliterator]\nseed = 1\nsplit 3\n")
    (problem,) = layer.problems
    assert problem.path.startswith("line 3")
    assert "=" in problem.message


def test_a_file_that_is_no_text_is_one_problem(tmp_path):
    (tmp_path / "plugins.toml").write_bytes(b"\xff\xfe\x00")
    (problem,) = read_layer(tmp_path / "plugins.toml", "x").problems
    assert problem.path == "file"
    assert problem.message.startswith("cannot be read: ")


def test_entries_are_checked_key_by_key(tmp_path):
    layer = written(tmp_path, """
        [[plugins]]
        [[plugin]]
        modul = "a"
        [[plugin]]
        module = "a"
        entry_point = "b"
        [[plugin]]
        module = 3
        enabled = "no"
        as = "9 lives"
        settings = []
        [[plugin]]
        module = "good"
    """)  # fmt: skip
    assert [(problem.path, problem.message) for problem in layer.problems] == [
        ("plugins", "unknown table; did you mean plugin?"),
        ("plugin[0].modul", "unknown key; did you mean module?"),
        ("plugin[0]", "needs either module or entry_point"),
        ("plugin[1]", "needs either module or entry_point"),
        ("plugin[2].module", "3 is an integer, not a string"),
        ("plugin[2].enabled", '"no" is a string, not a boolean'),
        ("plugin[2].settings", "[] is an array, not a table"),
        ("plugin[2].as", "is no name: letters, digits, _ and -, a letter first"),
    ]
    assert [place for place, _ in layer.entries] == ["plugin[3]"]


@pytest.mark.parametrize("text", ["plugin = 3", "plugin = ['a']", "enliterator = 3", "[plugin]\nmodule = 'a'"])
def test_tables_of_the_wrong_shape_are_told_and_nothing_is_read_from_them(tmp_path, text):
    layer = written(tmp_path, text)
    assert len(layer.problems) == 1
    assert not layer.entries
    assert not layer.table


def test_an_entry_configures_the_one_below_it_and_keeps_its_place():
    bundled = Layer(BUNDLED, "", entries=[("b[0]", {"module": "one"}), ("b[1]", {"module": "two"})])
    user = Layer("user", "", entries=[("u[0]", {"module": "one", "enabled": False, "settings": {"a": 1, "b": 1}})])
    own = Layer("own", "", entries=[
        ("p[0]", {"module": "one", "settings": {"b": 2}}),
        ("p[1]", {"module": "two", "as": "deux", "requires": ">=1"}),
        ("p[2]", {"entry_point": "three"}),
    ])  # fmt: skip
    entries, problems = lay_over([bundled, user, own])
    assert not problems
    assert [(one.name, one.origin, one.path, one.enabled) for one in entries] == [
        ("one", BUNDLED, "p[0]", False),
        ("two", BUNDLED, "b[1]", True),
        ("deux", "own", "p[1]", True),
        ("three", "own", "p[2]", True),
    ]
    assert entries[0].settings == {"a": ("u[0].settings.a", 1), "b": ("p[0].settings.b", 2)}
    assert entries[2].requires == ">=1"


def test_one_file_cannot_name_a_plugin_twice_without_a_name_of_its_own():
    layer = Layer("own", "", entries=[("p[0]", {"module": "one"}), ("p[1]", {"module": "one"})])
    assert lay_over([layer])[1] == [
        Problem("p[1]", "is named at p[0] already; give one of them a name of its own with `as`")
    ]
