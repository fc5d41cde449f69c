# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The command line as people and scripts meet it: exit codes, JSON shapes, one line for each error."""

import json
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

from enliterator_core.cli import COMMANDS, root, run
from enliterator_core.cli.docs import cli_markdown
from enliterator_core.cli.lazy import LazyGroup
from enliterator_core.cli.plugin_commands import BUNDLED_COMMANDS
from enliterator_core.workspace import Workspace

PLUGINS = """
[enliterator]
bundled = false
[[plugin]]
module = "enliterator_sqlite"
[[plugin]]
module = "enliterator_openai"
[[plugin]]
module = "mini_stages"
settings = {{ {settings} }}
"""


class Terminal:
    """Runs command lines in a workspace and hands back exit code, stdout and stderr."""

    def __init__(self, folder, capsys):
        self.folder = folder
        self.capsys = capsys

    def __call__(self, *arguments):
        self.capsys.readouterr()
        code = run(["--workspace", str(self.folder), *arguments])
        said = self.capsys.readouterr()
        return code, said.out, said.err

    def json(self, *arguments):
        code, out, err = self(*arguments, "--json")
        assert code == 0, err
        told = json.loads(out)
        assert told["schema_version"] == 1
        return told

    def configure(self, settings=""):
        (self.folder / "plugins.toml").write_text(PLUGINS.format(settings=settings))


@pytest.fixture
def terminal(tmp_path, monkeypatch, capsys):
    monkeypatch.syspath_prepend(str(Path(__file__).parent / "mini"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "nobody"))
    monkeypatch.chdir(tmp_path)
    made = Terminal(tmp_path / "workspace", capsys)
    made.folder.mkdir()
    made.configure()
    (tmp_path / "bees").mkdir()
    (tmp_path / "bees" / "hive.txt").write_text("a hive")
    return made


# building


def test_build_prints_a_line_for_each_stage_and_the_score(terminal):
    code, out, err = terminal("build", "bees", "--no-dataset")
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert lines[0] == "batch 1  bees"
    assert re.fullmatch(r"  intake +files read +\d+\.\d s", lines[1])
    assert "80.0  M2 Literate" in out


def test_build_again_says_that_nothing_has_changed(terminal):
    terminal("build", "bees", "--no-dataset")
    code, out, _ = terminal("build", "bees", "--no-dataset")
    assert code == 0
    assert "nothing has changed" in out
    assert terminal.json("build", "bees", "--no-dataset")["unchanged"] is True


def test_build_as_json_is_one_object(terminal):
    told = terminal.json("build", "bees", "--no-dataset")
    assert told["batch"] == {"id": 1, "name": "bees"}
    assert told["dataset"] is None


def test_a_gate_that_says_no_ends_with_three_and_still_tells_all(terminal):
    terminal.configure("score = 12.0")
    code, out, err = terminal("build", "bees")
    assert code == 3
    assert "12.0  M2 Literate" in out
    assert err.startswith("error: batch 1 scores 12.0 and a dataset wants more than 70: none was built\n  ")
    code, out, _ = terminal("build", "bees", "--json")
    assert code == 3
    assert json.loads(out)["literacy"]["score"] == 12


def test_a_source_that_is_not_there_is_one_line_and_two(terminal):
    code, out, err = terminal("build", "wasps")
    assert (code, out) == (2, "")
    assert err == "error: wasps does not exist\n  name a folder or a file to build from\n"


def test_a_failing_disk_ends_with_four(terminal):
    terminal.configure('fault = "disk"')
    code, _, err = terminal("build", "bees")
    assert code == 4
    assert err.startswith("error: some/file: No space left on device\n  free some space")


def test_a_fault_is_one_line_and_its_traceback_is_there_for_the_asking(terminal):
    terminal.configure('fault = "raise"')
    code, _, err = terminal("build", "bees")
    assert code == 4
    assert "Traceback" not in err
    assert err.startswith("error: the stage pools failed: KeyError")
    assert "Traceback" in terminal("--traceback", "build", "bees")[2]


def test_an_unexpected_exception_is_called_a_fault(terminal, monkeypatch):
    def broken(*arguments, **options):
        raise RuntimeError("two\nlines")

    monkeypatch.setattr("enliterator_core.pipeline.build", broken)
    code, _, err = terminal("build", "bees")
    assert code == 4
    assert err.splitlines()[0] == "error: this is a fault in Enliterator or in a plugin: RuntimeError: two"
    assert "--traceback" in err


def test_a_handler_that_fails_ends_with_one_and_is_told(terminal, tmp_path, monkeypatch):
    (tmp_path / "failing_handler.py").write_text(
        "from enliterator_core import EventHandler, hookimpl\n"
        "class Failing(EventHandler):\n"
        "    name = 'failing'\n"
        "    event_types = ('batch.built',)\n"
        "    def handle(self, event):\n"
        "        raise ValueError('no')\n"
        "@hookimpl\n"
        "def register_event_handlers():\n"
        "    return [Failing]\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    with (terminal.folder / "plugins.toml").open("a") as file:
        file.write('[[plugin]]\nmodule = "failing_handler"\n')
    code, out, err = terminal("build", "bees", "--no-dataset")
    assert code == 1
    assert "80.0" in out
    assert err == "failed: failing at batch.built: ValueError: no\n"


# looking


def test_the_lists_have_their_documented_shapes(terminal):
    (Path("bees") / "bad.txt").write_bytes(b"\0")
    terminal("build", "bees", "--no-dataset")
    (batch,) = terminal.json("batches")["batches"]
    assert (batch["id"], batch["name"], batch["state"], batch["score"], batch["examples"]) == (
        1,
        "bees",
        "built",
        80,
        None,
    )
    status = terminal.json("status")["status"]
    assert status["refused"] == [{"path": "bad.txt", "reason": "binary"}]
    assert status["stages"][0]["name"] == "intake"
    assert status["models"] == []
    assert terminal.json("usage")["usage"] == []
    assert terminal.json("deployments")["deployments"] == []
    assert terminal.json("jobs", "list")["jobs"] == []
    assert terminal.json("providers")["providers"][0]["facets"] == ["chat", "embed", "train"]
    assert terminal.json("models", "--offline")["models"][0]["listed"] is False
    assert terminal.json("literacy", "bees")["literacy"]["score"] == 80
    assert terminal.json("gaps", "1")["gaps"] == []
    assert terminal.json("report", "1")["report"]["path"].endswith("deliverables/batch_1/report.html")
    assert terminal.json("settings", "list")["settings"][0].keys() == {"key", "value", "origin", "note"}
    assert terminal.json("settings", "history")["changes"] == []
    assert {one["name"] for one in terminal.json("plugins", "list")["plugins"]} >= {"mini_stages"}
    assert terminal.json("plugins", "check")["problems"] == []


def test_the_lists_read_well_without_json(terminal):
    terminal("build", "bees", "--no-dataset")
    assert terminal("batches")[1].splitlines() == [
        "batch  name  state  score  examples",
        "    1  bees  built   80.0         -",
    ]
    assert "batch 1  bees  built" in terminal("status", "1")[1]
    assert terminal("report", "1")[1].strip().endswith("report.html")
    assert terminal("literacy", "1")[1].startswith("80.0  M2 Literate\n")


def test_a_batch_that_is_not_there_gets_a_next_step(terminal):
    code, _, err = terminal("status", "1")
    assert code == 2
    assert err == "error: nothing has been built in this workspace yet\n  enliterator build SOURCE makes a batch\n"
    terminal("build", "bees", "--no-dataset")
    code, _, err = terminal("gaps", "bes")
    assert code == 2
    assert err.startswith("error: there is no batch bes; did you mean bees?")


def test_a_path_that_gives_a_terminal_orders_is_shown_as_text(terminal):
    (Path("bees") / "two\nlines\x1b[31m.txt").write_bytes(b"\0")
    terminal("build", "bees", "--no-dataset")
    out = terminal("status")[1]
    assert r"two\nlines\x1b[31m.txt  binary" in out
    assert "\x1b" not in out


# settings, plugins, workspace


def test_settings_are_set_listed_unset_and_remembered(terminal):
    assert terminal("settings", "get", "model.extraction")[0] == 1
    code, out, _ = terminal("settings", "set", "model.extraction", "openai:some-model")
    assert (code, out) == (0, "model.extraction: unset -> openai:some-model\n")
    assert terminal("settings", "get", "model.extraction")[1] == "openai:some-model\n"
    assert terminal.json("settings", "get", "model.extraction")["setting"]["origin"] == "database"
    assert terminal("settings", "unset", "model.extraction")[1].endswith("-> unset\n")
    assert len(terminal.json("settings", "history", "model.extraction")["changes"]) == 2
    code, _, err = terminal("settings", "set", "model.extraktion", "openai:x")
    assert code == 2
    assert "did you mean model.extraction" in err


def test_every_problem_of_the_configuration_is_told_at_once(terminal):
    (terminal.folder / "plugins.toml").write_text(
        '[enliterator]\nsplit = "9/1"\n[[plugin]]\nmodule = "enliterator_opnai"\n'
    )
    code, _, err = terminal("plugins", "check")
    assert code == 2
    assert err.startswith("error: plugins.toml: 2 problems\n")
    assert "did you mean enliterator_openai?" in err
    code, out, _ = terminal("plugins", "check", "--json")
    assert code == 2
    assert len(json.loads(out)["problems"]) == 2


def test_init_writes_a_configuration_that_is_right(terminal):
    (terminal.folder / "plugins.toml").unlink()
    assert terminal("init")[0] == 0
    assert terminal("plugins", "check")[0] == 0
    code, _, err = terminal("init")
    assert code == 2
    assert "is there already" in err


def test_doctor_tells_which_layer_won_and_never_a_secret(terminal, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "not-to-be-shown")
    monkeypatch.setenv("ENLITERATOR_SEED", "7")
    code, out, _ = terminal("doctor", "--json")
    told = json.loads(out)
    assert code == 0
    assert {"key": "seed", "value": 7, "origin": "ENLITERATOR_SEED"} in told["configuration"]
    assert {"variable": "OPENAI_API_KEY", "provider": "openai", "set": True} in told["secrets"]
    assert "not-to-be-shown" not in out + "".join(terminal("doctor")[1:])
    monkeypatch.setenv("ENLITERATOR_SEED", "seven")
    code, out, _ = terminal("doctor")
    assert code == 1
    assert "problem    ENLITERATOR_SEED" in out


def test_completion_is_a_script_for_each_shell(terminal):
    for shell in ("bash", "zsh", "fish"):
        code, out, _ = terminal("completion", shell)
        assert code == 0
        assert "_ENLITERATOR_COMPLETE" in out
    assert terminal("completion", "cmd")[0] == 2


# the whole


def test_wrong_calls_say_what_was_meant(terminal):
    code, _, err = terminal("bulid")
    assert code == 2
    assert err == "error: No such command 'bulid'. Did you mean 'build'?\n  enliterator --help tells how to call it\n"
    assert terminal("build")[0] == 2
    assert terminal("build", "bees", "--frce")[2].startswith("error: No such option '--frce'. Did you mean '--force'?")


def test_every_command_is_what_its_listing_says(terminal):
    with click.Context(root) as context:
        for declared in COMMANDS:
            command = root.load(context, declared.name)
            assert command.name == declared.name
            assert command.help


def test_what_bundled_plugins_add_is_listed_as_they_declare_it(tmp_path):
    with Workspace.open(tmp_path) as workspace:
        added = {}
        for one in workspace.plugins.added:
            if one.hook == "register_commands":
                added.setdefault(one.plugin.module.__name__, []).append(one.instance)
    assert {module: tuple(commands) for module, commands in added.items()} == BUNDLED_COMMANDS
    with click.Context(root) as context:
        for commands in BUNDLED_COMMANDS.values():
            for declared in commands:
                command = root.load(context, declared.name)
                assert command.name == declared.name
                assert command.help


def test_a_bundled_command_is_gone_with_its_plugin(tmp_path, capsys):
    def listed():
        assert run(["--workspace", str(tmp_path), "--help"]) == 0
        return re.findall(r"^  (\w+) ", capsys.readouterr().out, re.MULTILINE)

    assert {"serve", "webhooks"} <= set(listed())
    file = tmp_path / "plugins.toml"
    file.write_text('[[plugin]]\nmodule = "enliterator_webhooks"\nenabled = false\n')
    assert "serve" in listed()
    assert "webhooks" not in listed()
    file.write_text("[enliterator]\nbundled = false\n")
    assert not {"serve", "webhooks"} & set(listed())


def test_a_plugin_adds_a_command_and_cannot_take_a_name(terminal, tmp_path, monkeypatch):
    (tmp_path / "shouting.py").write_text(
        "import click\n"
        "from enliterator_core import Command, hookimpl\n"
        "@click.command()\n"
        "def shout():\n"
        "    click.echo('HIVE')\n"
        "@hookimpl\n"
        "def register_commands():\n"
        "    return [Command('shout', 'Say it loudly.', 'shouting:shout'),\n"
        "            Command('build', 'Mine.', 'shouting:shout'),\n"
        "            Command('broken', 'Is not there.', 'shouting:gone')]\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    with (terminal.folder / "plugins.toml").open("a") as file:
        file.write('[[plugin]]\nmodule = "shouting"\n')
    out = terminal("--help")[1]
    assert re.search(r"shout +Say it loudly", out)
    assert "Mine." not in out
    assert terminal("shout")[1] == "HIVE\n"
    code, _, err = terminal("broken")
    assert code == 2
    assert "the command broken cannot be loaded from shouting:gone" in err


def test_the_documentation_names_every_command_and_is_the_same_twice(terminal):
    text = cli_markdown()
    for name in ("enliterator build", "enliterator settings history", "enliterator plugins new"):
        assert f"\n## {name}\n" in text
    assert text == cli_markdown()


def test_help_imports_nothing_that_is_slow(tmp_path):
    code = (
        "import sys; from enliterator_core.cli import run; run(['--help']);"
        "print(*sorted(name for name in sys.modules), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path, check=True)
    loaded = set(done.stderr.split())
    assert not loaded & {"openai", "sqlalchemy", "numpy", "rich", "jinja2", "importlib.metadata", "cattrs"}
    own = {name for name in loaded if name.startswith("enliterator_core.cli.")}
    assert own <= {f"enliterator_core.cli.{name}" for name in ("lazy", "plugin_commands", "session", "show")}
    assert not {name for name in loaded if name.startswith("enliterator_") and not name.startswith("enliterator_core")}
    assert isinstance(root, LazyGroup)
