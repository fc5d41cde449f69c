# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""`enliterator plugins new`: a complete, installable plugin project, copied from one of the examples and renamed."""

import re
from pathlib import Path
from typing import Final

import click
from attrs import frozen

from enliterator_core.cli import show
from enliterator_core.errors import UsageError

EXAMPLES: Final = Path(__file__).parent / "examples"

_NAME: Final = re.compile(r"[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*")


@frozen
class Kind:
    """One kind of plugin: the example that is copied, and the names in it that the author's take the place of."""

    module: str
    word: str
    class_name: str
    what: str


KINDS: Final = {
    "task-type": Kind("what_kind_task", "what_kind", "WhatKind", "a task type"),
    "provider": Kind("parrot_provider", "parrot", "Parrot", "a provider"),
    "storage": Kind("shelf_storage", "shelf", "Shelf", "a storage"),
    "stage": Kind("word_count_stage", "word_count", "WordCount", "a stage"),
    "reader": Kind("application_log_reader", "application_log", "ApplicationLog", "a reader"),
    "route": Kind("pools_route", "pools", "Pools", "a route"),
    "event-handler": Kind("stage_times_handler", "stage_times", "StageTimes", "an event handler"),
    "durable-handler": Kind("job_diary_handler", "job_diary", "JobDiary", "a durable event handler"),
}


def renamed(text: str, kind: Kind, name: str) -> str:
    """Return an example's text with its module, its name and its class names replaced by the author's."""
    word = name.replace("-", "_")
    class_name = "".join(part.capitalize() for part in word.split("_"))
    text = text.replace(kind.module, f"enliterator_{word}")
    text = re.sub(rf"\b{kind.word}\b", word, text)
    return re.sub(rf"\b{kind.class_name}(?=[A-Z]|\b)", class_name, text)


def project(kind: Kind, name: str) -> dict[str, str]:
    """Return the files of a new plugin project, by their path in it."""
    word = name.replace("_", "-")
    module = f"enliterator_{name.replace('-', '_')}"
    code = (EXAMPLES / f"{kind.module}.py").read_text(encoding="utf-8")
    test = (EXAMPLES / "tests" / f"check_{kind.module}.py").read_text(encoding="utf-8")
    without_licence = [renamed(text.split("\n", 2)[2], kind, name) for text in (code, test)]
    fill = {"name": word, "module": module, "what": kind.what}
    return {
        "pyproject.toml": _PYPROJECT.format(**fill),
        "README.md": _README.format(**fill),
        "plugins.toml": _PLUGINS.format(**fill),
        f"{module}.py": without_licence[0],
        f"tests/test_{module}.py": without_licence[1],
    }


_PYPROJECT: Final = """\
[build-system]
requires = ["hatchling>=1.27,<2"]
build-backend = "hatchling.build"

[project]
name = "enliterator-{name}"
version = "0.1.0"
description = "{what} for Enliterator"
readme = "README.md"
requires-python = ">=3.11"
dependencies = ["enliterator>=0.1,<0.2"]

[project.optional-dependencies]
test = ["pytest>=8.4,<10"]

[project.entry-points."enliterator.plugins"]
{name} = "{module}"

[tool.hatch.build.targets.wheel]
include = ["{module}.py"]

[tool.pytest.ini_options]
pythonpath = ["."]
"""

_README: Final = """\
# enliterator-{name}

Adds {what} to [Enliterator](https://enliterator.example/docs). Install it beside Enliterator and name it in a
workspace's `plugins.toml`:

```toml
[[plugin]]
entry_point = "{name}"
```

Its tests: `pip install -e '.[test]'`, then `pytest`.
"""

_PLUGINS: Final = """\
# Makes this folder a workspace in which the plugin is on, for trying it out.
[[plugin]]
entry_point = "{name}"
"""


@click.command()
@click.argument("kind", type=click.Choice(sorted(KINDS)))
@click.argument("name")
@click.option(
    "--into", type=click.Path(path_type=Path, file_okay=False), default=Path(), help="The folder to make it in."
)
def new(kind: str, name: str, into: Path) -> None:
    """Write a complete plugin project that can be installed, with tests that pass.

    NAME is in lower case, its words joined by - or _ ; the project is made in the folder enliterator-NAME.
    """
    if not _NAME.fullmatch(name):
        raise UsageError(f"{name!r} is no name for a plugin", hint="use lower-case words joined by - or _: my-task")
    folder = into / f"enliterator-{name.replace('_', '-')}"
    if folder.exists():
        raise UsageError(f"{folder} is there already", hint="choose another name, or remove it")
    for path, text in project(KINDS[kind], name).items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    show.line(f"{folder}")
    show.note(f"Next: pip install -e '{folder}[test]', then pytest {folder}")
