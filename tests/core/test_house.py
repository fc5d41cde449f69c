# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The checks that hold the house: who may import whom, how long things may be, what must be documented."""

import ast
import io
import re
import subprocess
import sys
import tokenize
import tomllib
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from enliterator_core import __version__

ROOT = Path(__file__).parents[2]
CORE = ROOT / "enliterator_core"
PLUGINS = ROOT / "plugins"

EXAMPLES = CORE / "cli" / "examples"
CORE_FILES = sorted(path for path in CORE.rglob("*.py") if EXAMPLES not in path.parents)
PLUGIN_FILES = sorted(PLUGINS.rglob("*.py"))

# From the ground up; a module imports from its own floor or from a lower one.
FLOORS = [
    {"errors", "version"},
    {"canon", "config", "folders", "prompts", "redaction", "structure", "words"},
    {"nouns", "operations"},
    {"columns", "reading", "events", "pieces"},
    {"contracts", "graph"},
    {"calls", "hooks", "settings"},
    {"loading", "plugins"},
    {"workspace", "interfaces"},
    {"dataset", "pipeline", "training"},
    {"cli"},
]
FLOOR = {room: height for height, rooms in enumerate(FLOORS) for room in rooms}

SLOW = (
    *("openai", "neo4j", "sqlalchemy", "starlette", "uvicorn", "pyarrow", "psycopg", "rich", "numpy", "rs_bpe"),
    *("jinja2", "jsonschema", "rapidfuzz"),
)

MODEL_NAME = re.compile(
    r"\b(gpt-\d|o[134]-(mini|pro)|claude-\d|text-embedding-\d|llama-?\d|mistral-\w+-\d)", re.IGNORECASE
)


def parsed(path):
    return ast.parse(path.read_text(encoding="utf-8"))


def imported(tree, *, top_only=False):
    """Every absolute module name that the tree imports."""
    nodes = tree.body if top_only else ast.walk(tree)
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            for alias in node.names:
                module = f"{node.module}.{alias.name}"
                is_module = (ROOT / module.replace(".", "/")).with_suffix(".py").exists()
                yield module if is_module else node.module


def module_name(path):
    parts = list(path.relative_to(ROOT).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def plugin_of(path):
    """The importable name that a file under plugins/ belongs to."""
    return path.relative_to(PLUGINS).parts[1].removesuffix(".py")


def code_lines(path):
    """Lines that hold code: without blank lines, comments and docstrings."""
    text = path.read_text(encoding="utf-8")
    skipped = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}
    lines = set()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type not in skipped:
            lines.update(range(token.start[0], token.end[0] + 1))
    for node in ast.walk(ast.parse(text)):
        body = getattr(node, "body", None)
        if (
            isinstance(body, list)
            and body
            and isinstance(body[0], ast.Expr)
            and isinstance(body[0].value, ast.Constant)
        ):
            lines -= set(range(body[0].lineno, body[0].end_lineno + 1))
    return len(lines)


@pytest.mark.parametrize("path", CORE_FILES, ids=module_name)
def test_a_room_imports_from_below_only(path):
    room = path.relative_to(CORE).parts[0].removesuffix(".py")
    if room in ("__init__", "testing"):  # the front door, and what stands beside the house
        assert not any(name.startswith("enliterator_core.cli") for name in imported(parsed(path)))
        return
    for name in imported(parsed(path)):
        assert name != "enliterator_core", "core modules import from the room, not through the front door"
        if name.startswith("enliterator_core."):
            other = name.split(".")[1]
            assert FLOOR[other] <= FLOOR[room], f"{room} stands below {other}"


def test_core_modules_import_in_no_circle():
    graph = {}
    for path in CORE_FILES:
        if path != CORE / "__init__.py":
            names = imported(parsed(path), top_only=True)
            graph[module_name(path)] = {name for name in names if name.startswith("enliterator_core.")} - {
                module_name(path)
            }
    assert list(TopologicalSorter(graph).static_order())


@pytest.mark.parametrize("path", CORE_FILES, ids=module_name)
def test_core_imports_no_plugin(path):
    plugins = {plugin_of(file) for file in PLUGIN_FILES}
    assert not {name.split(".")[0] for name in imported(parsed(path))} & plugins


@pytest.mark.parametrize("path", PLUGIN_FILES, ids=lambda path: str(path.relative_to(PLUGINS)))
def test_a_plugin_imports_public_names_and_no_other_plugin(path):
    import enliterator_core

    plugins = {plugin_of(file) for file in PLUGIN_FILES} - {plugin_of(path)}
    tree = parsed(path)
    for name in imported(tree):
        assert name.split(".")[0] not in plugins
        if name.startswith("enliterator_core"):
            assert name in ("enliterator_core", "enliterator_core.testing")
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "enliterator_core":
            assert {alias.name for alias in node.names} <= set(enliterator_core.__all__)


def loaded_by(*command):
    code = (
        "import sys; from runpy import run_module; exec(sys.argv.pop(1)); print(*sorted(sys.modules), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code, *command], capture_output=True, text=True, check=True)
    return {name.split(".")[0] for name in done.stderr.split()}


def test_importing_the_core_loads_nothing_slow():
    assert not loaded_by("import enliterator_core") & set(SLOW)


def test_help_loads_nothing_slow_and_no_plugin():
    code = "import enliterator_core.cli as c; assert c.run(['--help']) == 0"
    loaded = loaded_by(code)
    assert not loaded & set(SLOW)
    assert not loaded & {plugin_of(file) for file in PLUGIN_FILES}


@pytest.mark.parametrize("path", CORE_FILES + PLUGIN_FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_and_functions_stay_short_documented_and_free_of_model_names(path):
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= 300
    assert not MODEL_NAME.search(text), "names of models live in dated data files"
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert node.end_lineno - node.lineno < 60, f"{node.name} is too long"
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            assert ast.get_docstring(node), f"{node.name} has no docstring"
            for inner in node.body if isinstance(node, ast.ClassDef) else []:
                if isinstance(inner, ast.FunctionDef) and not inner.name.startswith(("_", "do_")):
                    assert ast.get_docstring(inner), f"{node.name}.{inner.name} has no docstring"


# Lines of code that each part of the core may have; growth is meant to be seen here, and argued for.
MOST_LINES = {"framework": 3240, "graph": 1350, "dataset": 3990, "training": 950, "cli": 2150}


def test_the_core_stays_small():
    """Counted in lines of code: docstrings are the plugin author's manual, the front door a list of names."""
    sizes = dict.fromkeys(MOST_LINES, 0)
    for path in CORE_FILES:
        room = path.relative_to(CORE).parts[0]
        if room not in ("__init__.py", "testing"):  # what stands beside the house
            # A graph on arrays is one thing: its columns, and what is drawn from it.
            part = "graph" if room in ("graph", "columns.py") or path.stem == "sampler" else room
            sizes[part if part in sizes else "framework"] += code_lines(path)
    assert {part: size for part, size in sizes.items() if size > MOST_LINES[part]} == {}


def test_the_version_is_told_once_more_and_the_same():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == __version__


def test_every_source_says_its_licence():
    for path in [
        *CORE_FILES,
        *PLUGIN_FILES,
        *sorted((ROOT / "tests").rglob("*.py")),
        *sorted((ROOT / "docs").rglob("*.*")),
    ]:
        if path.suffix in (".py", ".md", ".toml"):
            assert "SPDX-License-Identifier: Apache-2.0" in path.read_text(encoding="utf-8")[:400], path


def test_tests_mirror_the_plugins():
    for path in PLUGIN_FILES:
        group = path.relative_to(PLUGINS).parts[0]
        assert any((ROOT / "tests" / "plugins" / group).glob("test_*.py")), group
