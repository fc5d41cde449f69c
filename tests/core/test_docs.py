# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The documentation is true: what is generated has not drifted, every hook is there, and every code block runs."""

import importlib.util
import inspect
import json
import os
import re
import shlex
import socket
import subprocess
import sys
import time
import tomllib
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from enliterator_core import hooks
from enliterator_core.workspace import Workspace

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "enliterator_core" / "cli" / "examples"
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
HOOKS = [name for name in vars(hooks) if name.startswith("register_")]
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def generator():
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs" / "generate.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def blocks(language):
    for page in PAGES:
        for number, match in enumerate(FENCE.finditer(page.read_text(encoding="utf-8")), 1):
            if match[1] == language:
                yield pytest.param(match[2], id=f"{page.name}-{number}")


@pytest.mark.parametrize("page", ["hooks.md", "cli.md", "settings.md"])
def test_generated_pages_have_not_drifted(page):
    assert (ROOT / "docs" / page).read_text(encoding="utf-8") == generator().PAGES[page](), "run `make docs`"


@pytest.mark.parametrize("hook", HOOKS)
def test_every_hook_is_documented_with_its_signature_and_a_running_example(hook):
    text = (ROOT / "docs" / "hooks.md").read_text(encoding="utf-8")
    section = text.split(f"\n## {hook}\n")[1].split("\n## ")[0]
    returns = str(inspect.signature(getattr(hooks, hook))).rsplit(".", 1)[-1]
    assert f"def {hook}() -> list[" in section
    assert returns in section
    assert inspect.cleandoc(getattr(hooks, hook).__doc__).splitlines()[0].replace("``", "`") in section
    example = generator().EXAMPLES[hook]
    assert f"def {hook}()" in (EXAMPLES / f"{example}.py").read_text(encoding="utf-8")


@pytest.fixture
def trainable(tmp_path, monkeypatch):
    """What the blocks that train run in: a dataset, and the stand-in as their provider."""
    from enliterator_openai.testing import MODELS_FILE, stand_in

    folder = tmp_path / "fine_tune" / "batch_1"
    folder.mkdir(parents=True)
    chats = [[{"role": "user", "content": f"{n}?"}, {"role": "assistant", "content": f"{n}"}] for n in range(10)]
    (folder / "train.jsonl").write_text("".join(json.dumps({"messages": chat}) + "\n" for chat in chats))
    monkeypatch.setenv("OPENAI_API_KEY", "a-key-for-tests")
    with stand_in(script=("running", "succeeded")) as server:
        settings = f'{{ base_url = "{server.url}", models_file = "{MODELS_FILE}" }}'
        (tmp_path / "plugins.toml").write_text(f'[[plugin]]\nmodule = "enliterator_openai"\nsettings = {settings}\n')
        yield server


@pytest.mark.parametrize("code", list(blocks("python")))
def test_python_blocks_run(code, tmp_path, request):
    if "enliterator_core.training" in code:
        request.getfixturevalue("trainable")
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("text", list(blocks("toml")))
def test_toml_blocks_load(text, tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(str(EXAMPLES))
    if "[[plugin]]" in text or "[enliterator]" in text:
        (tmp_path / "plugins.toml").write_text(text, encoding="utf-8")
        with Workspace.open(tmp_path) as workspace:
            assert workspace.plugins.entries
    else:
        assert tomllib.loads(text)


@pytest.fixture(scope="module")
def handbook(tmp_path_factory):
    """The folder that the documentation's commands are run in, in the order of the pages."""
    folder = tmp_path_factory.mktemp("docs")
    source = folder / "handbook"
    source.mkdir()
    for name, text in handbook_texts().items():
        (source / name).write_text(text, encoding="utf-8")
    return folder


def handbook_texts():
    """The tutorial's own files: blocks that say which file they are."""
    text = (ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")
    return dict(re.findall(r"^`handbook/(\S+)`:\n\n```markdown\n(.*?)^```$", text, re.MULTILINE | re.DOTALL))


SHELL = ("cp", "head", "mkdir", "python3")


@pytest.mark.parametrize("text", list(blocks("console")))
def test_console_blocks_run(text, handbook):
    """Each ``$ `` line is run; ``$ cmd  # exit 3`` expects that exit code; make's targets only have to exist.

    ``$ export NAME=...`` holds for the lines after it, ``$ cmd &`` runs beside them until the block ends.
    """
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    with ExitStack() as beside:
        for line in re.findall(r"^\$ (.*)$", text, re.MULTILINE):
            command, _, comment = line.partition("  # exit ")
            words = shlex.split(command)
            if words[0] == "make":
                assert re.search(rf"^{words[1]}:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
                continue
            if words[0] == "export":
                name = words[1].partition("=")[0]
                evaluated = ["bash", "-c", f'{command} && printf %s "${name}"']
                environment[name] = subprocess.run(evaluated, capture_output=True, text=True, check=True).stdout
                continue
            if words[0] == "enliterator":
                run = [sys.executable, "-m", "enliterator_core.cli", *words[1:]]
            else:
                assert words[0] in SHELL, f"{words[0]} cannot be run here"
                run = ["bash", "-c", command]
            if words[-1] == "&":
                beside.enter_context(running(run[:-1], handbook, environment))
                continue
            done = subprocess.run(run, cwd=handbook, env=environment, capture_output=True, text=True, check=False)
            assert done.returncode == int(comment or 0), f"{line}\n{done.stdout}{done.stderr}"


@contextmanager
def running(call, folder, environment):
    """Run a server until the block ends; its port must be free first, which other tests' servers may delay."""
    for _ in range(300):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", 8000)):
                break
        time.sleep(0.2)
    with subprocess.Popen(call, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout.readline()
            yield
        finally:
            process.terminate()
