# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Writes the parts of the documentation that are made from the code: docs/hooks.md, docs/cli.md, docs/settings.md."""

import inspect
import re
from collections.abc import Callable
from pathlib import Path

DOCS = Path(__file__).parent
EXAMPLES_FOLDER = DOCS.parent / "enliterator_core" / "cli" / "examples"

HEAD = """<!--
SPDX-FileCopyrightText: 2026 The Enliterator authors
SPDX-License-Identifier: Apache-2.0
Made by `make docs` from the code: change it there.
-->

"""

# Each hook's example is a real plugin, which the tests load and run.
EXAMPLES = {
    "register_stages": "word_count_stage",
    "register_readers": "application_log_reader",
    "register_importers": "links_importer",
    "register_extractors": "warning_extractor",
    "register_task_types": "what_kind_task",
    "register_providers": "parrot_provider",
    "register_storages": "shelf_storage",
    "register_exporters": "names_exporter",
    "register_tools": "count_tool",
    "register_commands": "pools_command",
    "register_routes": "pools_route",
    "register_event_handlers": "stage_times_handler",
    "register_engines": "second_try_engine",
}

INTRODUCTION = """# Hooks

What a plugin may add, hook by hook. Every example on this page is a whole plugin: the file stands in
`enliterator_core/cli/examples/`, and the tests load and run it. How to write, test and install one is told in
[plugins.md](plugins.md).

"""


def _markdown(docstring: str | None) -> str:
    return re.sub(r":\w+:`~?([^`]+)`", r"`\1`", inspect.cleandoc(docstring or "")).replace("``", "`")


def _signature(name: str, function: Callable[..., object]) -> str:
    text = str(inspect.signature(function))
    return f"def {name}" + re.sub(r"(?:[a-z_]+[.])+([A-Z])", r"\1", text)


def hooks_markdown() -> str:
    """Return docs/hooks.md: every hook's signature, its manual, what to subclass, and a plugin that uses it."""
    from enliterator_core import hooks

    parts = [HEAD, INTRODUCTION, _markdown(hooks.__doc__) + "\n"]
    for name, function in vars(hooks).items():
        if not name.startswith("register_"):
            continue
        kinds = re.findall(r"(\w+)(?= \||\]{1,2}$)", str(inspect.signature(function)))
        parts.append(
            f"\n## {name}\n\n```pyi\n{_signature(name, function)}: ...\n```\n\n{_markdown(function.__doc__)}\n"
        )
        for contract in (getattr(hooks, kind) for kind in kinds):
            parts.append(f"\n### {contract.__name__}\n\n{_markdown(contract.__doc__)}\n")
            for method, body in vars(contract).items():
                if inspect.isfunction(body) and not method.startswith("_"):
                    parts.append(f"\n- `{_signature(method, body)[4:]}`: {' '.join(_markdown(body.__doc__).split())}\n")
        example = (EXAMPLES_FOLDER / f"{EXAMPLES[name]}.py").read_text(encoding="utf-8")
        body = example.split("\n", 2)[2]
        parts.append(f"\n### Example: {EXAMPLES[name]}.py\n\n```python\n{body}```\n")
    return "".join(parts)


def cli_markdown() -> str:
    """Return docs/cli.md: every command's help, as the command line prints it."""
    from enliterator_core.cli.docs import cli_markdown

    return HEAD + cli_markdown()


def settings_markdown() -> str:
    """Return docs/settings.md: configuration, plugin settings, and settings."""
    from enliterator_core.cli.settings_docs import settings_markdown

    return HEAD + settings_markdown()


PAGES: dict[str, Callable[[], str]] = {
    "hooks.md": hooks_markdown,
    "cli.md": cli_markdown,
    "settings.md": settings_markdown,
}


def main() -> None:
    """Write every generated page."""
    for name, make in PAGES.items():
        (DOCS / name).write_text(make(), encoding="utf-8")


if __name__ == "__main__":
    main()
