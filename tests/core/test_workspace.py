# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The workspace: where it is, what it opens, and everything that is wrong with it in one error."""

import json
import sys
from pathlib import Path

import pytest

from enliterator_core.cli.inventory import examined, listing
from enliterator_core.config import FILE_NAME
from enliterator_core.errors import ConfigurationError, ServiceError, UsageError
from enliterator_core.events import Event
from enliterator_core.workspace import Workspace, find_commands, find_root, read_bundled

SHELF = """
from attrs import define, field
from enliterator_core import *

SEEN = []

class Records:
    kept = {}
    def settings(self): return dict(self.kept)
    def close(self): SEEN.append("closed")

@define
class Shelf(Storage):
    name, schemes = "shelf", ("shelf", "graphs")
    def records(self, url, state):
        SEEN.append(("records", url, state.name))
        return Records() if url == "shelf:" else None
    def graph(self, url, state, batch, *, rebuild=False):
        SEEN.append(("graph", url, batch, rebuild))
        return SEEN if url == "shelf:" else None

class Talk:
    def models(self): return []

@define
class Talker(Provider):
    name = "talker"
    def chat(self): return Talk()

@define
class Mute(Provider):
    name = "mute"

@define
class Broken(EventHandler):
    name, event_types = "broken", ("*",)
    def open(self, state): raise OSError("no room")
    def handle(self, event): raise AssertionError

@define
class Keen(EventHandler):
    name, event_types = "keen", ("a",)
    def handle(self, event): SEEN.append(event)

@hookimpl
def register_storages(): return [Shelf]
@hookimpl
def register_providers(): return [Talker, Mute]
@hookimpl
def register_event_handlers(): return [Broken, Keen]
@hookimpl
def register_commands(): return [Command("hello", "Say hello.", "shelf_plugin:hello")]
"""

OWN = """
[enliterator]
bundled = false
graph = "shelf:"
records = "shelf:"
[[plugin]]
module = "shelf_plugin"
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A workspace of its own plugin alone, and an environment without anyone's own configuration."""
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "shelf_plugin.py").write_text(SHELF, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path / "lib"))
    root = tmp_path / "work"
    root.mkdir()
    (root / FILE_NAME).write_text(OWN, encoding="utf-8")
    yield root
    sys.modules.pop("shelf_plugin", None)


@pytest.fixture
def environment(tmp_path):
    return {"XDG_CONFIG_HOME": str(tmp_path / "config")}


def test_the_nearest_folder_upward_with_a_plugins_toml_is_the_workspace(folder, tmp_path):
    inner = folder / "a" / "b"
    inner.mkdir(parents=True)
    assert find_root(inner, {}, {}) == folder.resolve()
    assert find_root(tmp_path / "lib", {}, {}) == (tmp_path / "lib").resolve()


def test_the_flag_and_the_variable_name_a_workspace_outright(folder, tmp_path):
    assert find_root(folder, {}, {"ENLITERATOR_WORKSPACE": str(tmp_path)}) == tmp_path.resolve()
    assert find_root(None, {"workspace": str(folder)}, {"ENLITERATOR_WORKSPACE": "nowhere"}) == folder.resolve()
    with pytest.raises(UsageError, match="is no folder"):
        find_root(None, {"workspace": str(tmp_path / "nowhere")}, {})


def test_opening_writes_nothing(folder, environment):
    before = sorted(folder.iterdir())
    with Workspace.open(folder, environment=environment) as workspace:
        assert workspace.state == folder.resolve() / ".enliterator"
        assert [one.name for one in workspace.plugins.providers] == ["talker", "mute"]
    assert sorted(folder.iterdir()) == before


def test_the_bundled_plugins_are_opened_in_a_folder_without_a_plugins_toml(tmp_path, environment):
    with Workspace.open(tmp_path, environment=environment) as workspace:
        assert workspace.configuration.bundled
        assert "canon_map" in [one.name for one in workspace.plugins.task_types]
        assert all(one.version for one in listing(workspace.plugins) if one.enabled)
        off = [one.module for one in listing(workspace.plugins) if not one.enabled]
        assert off == ["enliterator_notify"]  # it has to be told where to


def test_everything_that_is_wrong_is_told_in_one_error(folder, environment, tmp_path):
    user = tmp_path / "config" / "enliterator" / FILE_NAME
    user.parent.mkdir(parents=True)
    user.write_text("[enliterator]\nsplit = '1/2'\n", encoding="utf-8")
    (folder / FILE_NAME).write_text(
        "[enliterator]\nseed = 'x'\nrecords = 'sqlight:'\n[[plugin]]\nmodul = 'x'\n"
        "[[plugin]]\nmodule = 'enliterator_opnai'\n[[plugin]]\nmodule = 'enliterator_log'\nsettings = {file_nam = 1}\n"
    )
    with pytest.raises(ConfigurationError) as caught:
        Workspace.open(folder, flags={"graph": "here"}, environment={**environment, "ENLITERATOR_SEED": "y"})
    paths = {problem.path: problem.message for problem in caught.value.problems}
    assert set(paths) == {
        f"{user}: enliterator.split", "enliterator.seed", "ENLITERATOR_SEED", "--graph", "enliterator.records",
        "plugin[0]", "plugin[0].modul", "plugin[1].module", "plugin[2].settings.file_nam",
    }  # fmt: skip
    assert paths["plugin[1].module"] == "enliterator_opnai is not installed; did you mean enliterator_openai?"
    assert paths["enliterator.records"] == "no plugin serves sqlight:; did you mean sqlite?"
    assert caught.value.exit_code == 2
    assert str(caught.value).startswith(f"{FILE_NAME}: {len(paths)} problems\n  ")


def test_storage_is_chosen_by_scheme_and_opened_once(folder, environment):
    with Workspace.open(folder, environment=environment) as workspace:
        seen = sys.modules["shelf_plugin"].SEEN
        assert workspace.records is workspace.records
        assert workspace.graph(3, rebuild=True) is seen
        assert workspace.graph(3) is seen
    workspace.close()
    assert seen == [("records", "shelf:", ".enliterator"), ("graph", "shelf:", 3, True), ("graph", "shelf:", 3, False),
                    "closed"]  # fmt: skip


def test_a_storage_without_the_facet_is_told(folder, environment):
    with Workspace.open(folder, flags={"graph": "graphs:", "records": "graphs:"}, environment=environment) as workspace:
        with pytest.raises(UsageError, match="keeps no graphs"):
            workspace.graph(1)
        with pytest.raises(UsageError, match="keeps no records"):
            _ = workspace.records


def test_with_no_plugin_at_all_it_opens_and_says_what_is_missing(tmp_path, environment):
    with Workspace.open(tmp_path, flags={"bundled": "false"}, environment=environment) as workspace:
        assert listing(workspace.plugins) == []
        with pytest.raises(UsageError, match="no plugin serves sqlite:"):
            workspace.graph(1)


def test_chat_goes_to_the_provider_that_the_setting_names(folder, environment):
    environment["ENLITERATOR_MODEL_EXTRACTION"] = "talker:big:model"
    environment["ENLITERATOR_MODEL_ANSWER"] = "mute:small"
    with Workspace.open(folder, environment=environment) as workspace:
        chat, model = workspace.chat("extraction")
        assert (type(chat.chat).__name__, model) == ("Talk", "big:model")
        assert workspace.chat("evaluate") is None
        with pytest.raises(UsageError, match="mute, which answers no chat"):
            workspace.chat("answer")


def test_a_handler_that_cannot_be_opened_hurts_only_itself(folder, environment):
    with Workspace.open(folder, environment=environment) as workspace:
        workspace.emit(Event("a", {}))
        workspace.emit(Event("b", {}))
        assert [Event("a", {})] == sys.modules["shelf_plugin"].SEEN
        (failure,) = workspace.dispatcher.failures
        assert (failure.handler, failure.event, failure.message) == ("broken", "open", "OSError: no room")


def test_commands_are_found_without_importing_the_bundled_plugins(folder, environment, monkeypatch):
    (folder / FILE_NAME).write_text("[[plugin]]\nmodule = 'shelf_plugin'\n", encoding="utf-8")
    monkeypatch.delitem(sys.modules, "enliterator_log", raising=False)
    commands, modules = find_commands(folder, environment)
    assert [one.name for one in commands] == ["hello"]
    assert "enliterator_log" in modules
    assert "enliterator_log" not in sys.modules
    (folder / FILE_NAME).write_text("[[plugin]]\nmodule = 'enliterator_log'\nenabled = false\n", encoding="utf-8")
    assert "enliterator_log" not in find_commands(folder, environment)[1]
    (folder / FILE_NAME).write_text("[[plugin]\n", encoding="utf-8")
    assert find_commands(folder, environment)[0] == ()


def test_doctor_tells_which_layer_won_and_every_problem(folder, environment):
    environment["ENLITERATOR_SEED"] = "9"
    found = examined(folder, flags={"split": "70/30"}, environment=environment)
    assert json.loads(json.dumps(found)) == found
    won = {row["key"]: (row["value"], row["origin"]) for row in found["configuration"]}
    own = str(folder.resolve() / FILE_NAME)
    assert won == {
        "bundled": (False, own),
        "graph": ("shelf:", own),
        "records": ("shelf:", own),
        "split": ("70/30", "--split"),
        "seed": (9, "ENLITERATOR_SEED"),
        "examples": (0, "default"),
        "weights": ("", "default"),
        "languages": ("", "default"),
    }
    assert found["files"]["workspace"] == {"path": own, "found": True}
    assert not found["files"]["user"]["found"]
    assert found["problems"] == []
    assert found["plugins"][0]["adds"]["register_providers"] == ["talker", "mute"]
    broken = examined(folder, flags={"seed": "x"}, environment=environment)
    assert broken["problems"] == [{"path": "--seed", "message": '"x" is a string, not an integer'}]


def test_the_bundled_list_names_every_plugin_of_the_repository_once():
    groups = (Path(__file__).parents[2] / "plugins").iterdir()
    there = {one.stem for group in groups for one in group.glob("enliterator_*") if one.suffix in ("", ".py")}
    named = [written["module"] for _, written in read_bundled().entries]
    assert sorted(named) == sorted(there)


def test_the_repositorys_own_plugins_toml_is_right(environment):
    root = Path(__file__).parents[2]
    with Workspace.open(root, environment=environment) as workspace:
        assert workspace.root == root


def test_a_storages_failure_is_not_dressed_up(folder, environment, monkeypatch):
    with Workspace.open(folder, environment=environment) as workspace:

        def fail(*_arguments, **_options):
            raise ServiceError("the disk is gone")

        monkeypatch.setattr(type(workspace.plugins.storages[0]), "graph", fail)
        with pytest.raises(ServiceError, match="the disk is gone"):
            workspace.graph(1)
