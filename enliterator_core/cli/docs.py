# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""docs/cli.md, made from the commands themselves."""

from collections.abc import Iterator

import click

from enliterator_core.cli import root
from enliterator_core.cli.lazy import LazyGroup
from enliterator_core.cli.plugin_commands import BUNDLED_COMMANDS

INTRODUCTION = """# The command line

Results go to stdout, progress and notes to stderr; `--json` prints one object with a `schema_version`.

| exit code | meaning |
|---|---|
| 0 | done |
| 1 | done, with failures that were handled and told |
| 2 | the call or the configuration is wrong |
| 3 | a gate said no: the work was sound, the result is not good enough to go on |
| 4 | a provider, a server or the machine failed, or Enliterator itself has a fault |
| 130 | interrupted; the same command goes on |
"""


def cli_markdown() -> str:
    """Return docs/cli.md: each command's help as the command line prints it, 80 columns wide."""
    sections = [INTRODUCTION]
    settings = {**root.context_settings, "terminal_width": 80, "max_content_width": 80}
    outermost = click.Context(root, info_name="enliterator", **settings)
    for path, text in _helps(root, outermost):
        sections.append(f"\n## {path}\n\n```text\n{text}\n```\n")
    return "".join(sections)


def _helps(command: click.Command, context: click.Context) -> Iterator[tuple[str, str]]:
    yield context.command_path, command.get_help(context)
    inner: dict[str, click.Command] = {}
    if isinstance(command, LazyGroup):
        bundled = [one.name for commands in BUNDLED_COMMANDS.values() for one in commands if command is root]
        inner = {name: command.load(context, name) for name in (*command.declared, *bundled)}
    elif isinstance(command, click.Group):
        inner = dict(command.commands)
    for name, one in inner.items():
        yield from _helps(one, click.Context(one, info_name=name, parent=context))
