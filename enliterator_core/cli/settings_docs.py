# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""docs/settings.md, made from the code: configuration keys, the bundled plugins' settings, and settings."""

from collections.abc import Iterable, Iterator, Sequence

from enliterator_core.cli.inventory import PluginInfo, listing
from enliterator_core.config import PREFIX, Configuration, lay_over
from enliterator_core.plugins import open_plugins
from enliterator_core.settings import CORE_TASKS, KINDS, variable_of
from enliterator_core.structure import settable, shown, type_of
from enliterator_core.workspace import read_bundled

INTRODUCTION = """# Configuration and settings

*Configuration* says what is loaded and how. It is read when a workspace is opened, from the first of these that names a
key: a flag on the command line, the environment, the workspace's `plugins.toml`, the user's `plugins.toml`
(`~/.config/enliterator/` on Linux), the default. `enliterator doctor` tells which one won.

*Settings* say which model serves what. They are changed while Enliterator runs, with `enliterator settings`, and
every change is kept. Secrets are in neither: they come from the environment only.

"""


def settings_markdown() -> str:
    """Return docs/settings.md without its head; the same for everyone, whatever is configured here."""
    fields = settable(Configuration)
    rows = [
        (
            f"`{name}`",
            type_of(Configuration, name),
            _code(one.default),
            f"`{PREFIX}{name.upper()}`",
            one.metadata["help"],
        )
        for name, one in fields.items()
    ]
    plugins = listing(open_plugins(lay_over([read_bundled()])[0])[0])
    parts = [INTRODUCTION, "## The `[enliterator]` table\n\n"]
    parts += _table(("key", "type", "default", "variable", "what it is"), rows)
    parts.append("\n## Settings of the bundled plugins\n\nEach goes into the `settings` of a `[[plugin]]` entry.\n")
    parts += [part for one in plugins if one.settings for part in _plugin(one)]
    parts.append("\n## Settings\n\nTasks are the task types' names and these: ")
    parts.append(", ".join(f"`{task}`" for task in CORE_TASKS) + ".\n\n")
    kinds = [
        (f"`{key}`", kind.form, f"`{variable_of(key.replace('<task>', 'extraction'))}`", kind.meaning)
        for kind in KINDS.values()
        for key in [kind.name if "." in kind.name else f"{kind.name}.<task>"]
    ]
    parts += _table(("setting", "value", "variable, for `extraction`", "what it is"), kinds)
    return "".join(parts)


def _plugin(plugin: PluginInfo) -> Iterator[str]:
    yield f"\n### {plugin.module}\n\n{plugin.help}\n\n"
    rows = [(f"`{one.name}`", one.type, _code(one.default), one.help) for one in plugin.settings]
    yield from _table(("setting", "type", "default", "what it is"), rows)


def _code(value: object) -> str:
    return f"`{shown(list(value) if isinstance(value, tuple) else value)}`"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    for row in (head, ["---"] * len(head), *rows):
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |\n"
