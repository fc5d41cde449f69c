# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""What a workspace is made of, as data: for `plugins list`, `doctor` and the page of settings."""

import inspect
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from attrs import field, frozen

from enliterator_core.config import Entry
from enliterator_core.contracts.command import Command
from enliterator_core.plugins import Plugins
from enliterator_core.structure import default_of, settable, type_of
from enliterator_core.workspace import examine


@frozen
class SettingInfo:
    """One setting of a plugin: its type in words, default, value, and what its class says of it."""

    name: str
    type: str
    default: Any
    value: Any
    help: str


@frozen
class PluginInfo:
    """One plugin as `plugins list` tells of it; one that is switched off is not imported, and adds nothing."""

    name: str
    module: str
    origin: str
    version: str | None
    enabled: bool
    help: str = ""
    adds: dict[str, list[str]] = field(factory=dict)
    settings: tuple[SettingInfo, ...] = ()


def listing(plugins: Plugins) -> list[PluginInfo]:
    """Tell of every plugin that is named, in order, the switched-off ones too."""
    return [_info(plugins, entry) for entry in plugins.entries]


def _info(plugins: Plugins, entry: Entry) -> PluginInfo:
    plugin = next((one for one in plugins.loaded if one.entry is entry), None)
    if plugin is None:
        return PluginInfo(entry.name, entry.module or entry.entry_point or "", entry.origin, None, entry.enabled)
    adds: dict[str, list[str]] = {}
    settings: dict[str, SettingInfo] = {}
    for one in plugins.added:
        if one.plugin is plugin:
            adds.setdefault(one.hook, []).append(one.instance.name)
            settings |= (
                {} if isinstance(one.instance, Command) else {info.name: info for info in _settings(one.instance)}
            )
    text = (plugin.module.__doc__ or "").strip().partition("\n")[0]
    module = plugin.module.__name__
    return PluginInfo(entry.name, module, entry.origin, plugin.version, True, text, adds, tuple(settings.values()))


def _settings(instance: Any) -> Iterator[SettingInfo]:
    cls = type(instance)
    for name, attribute in ({} if cls is Command else settable(cls)).items():
        text = attribute.metadata.get("help") or _sentences_on(name, cls)
        yield SettingInfo(name, type_of(cls, name), default_of(attribute), getattr(instance, name), text)


def _sentences_on(name: str, cls: type) -> str:
    """Return what a class's docstring says of a setting: the sentences and clauses that have it in backquotes."""
    text = " ".join(inspect.cleandoc(cls.__doc__ or "").replace("``", "`").split())
    sentences = re.split(r"(?<=[.!?;])\s+", text)
    return " ".join(one.rstrip(";") for one in sentences if f"`{name}`" in one)


def examined(
    start: Path | None = None,
    *,
    flags: Mapping[str, str] | None = None,
    environment: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Tell what a workspace is made of as JSON values, whatever is wrong with it: its folder and files, each
    configuration key with the layer that won, the plugins, and every problem."""
    found = examine(start, flags=flags, environment=environment)
    files = {name: {"path": str(path), "found": path.is_file()} for name, path in found.files.items()}
    rows = [{"key": key, "value": value, "origin": origin} for key, value, origin in found.configuration.rows()]
    plugins = [
        {"name": one.name, "origin": one.origin, "version": one.version, "enabled": one.enabled, "adds": one.adds}
        for one in listing(found.plugins)
    ]
    problems = [{"path": one.path, "message": one.message} for one in found.problems]
    return {
        "workspace": str(found.root),
        "files": files,
        "configuration": rows,
        "plugins": plugins,
        "problems": problems,
    }
