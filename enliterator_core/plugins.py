# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The plugins of one workspace: instances of what they add, named, configured and in order.

A setting goes to every class of its plugin that has a field of that name. With `as`, what a plugin adds is called by
that name: the one class under a hook takes it as its name (a storage also as its scheme), several take it in front of
their own (`fast.title`). Commands keep their names, and a plugin's second copy adds none.
"""

import re
from collections.abc import Sequence
from typing import Any

import attrs
from attrs import frozen

from enliterator_core.config import BUNDLED, Entry
from enliterator_core.contracts.command import Command
from enliterator_core.contracts.engine import Engine
from enliterator_core.contracts.event_handler import EventHandler
from enliterator_core.contracts.exporter import DatasetExporter, Exporter
from enliterator_core.contracts.extractor import Extractor
from enliterator_core.contracts.importer import Importer
from enliterator_core.contracts.provider import Provider, Secret
from enliterator_core.contracts.reader import Reader
from enliterator_core.contracts.route import Route
from enliterator_core.contracts.stage import Stage
from enliterator_core.contracts.storage import Storage
from enliterator_core.contracts.task_type import TaskType
from enliterator_core.contracts.tool import Tool
from enliterator_core.errors import Problem, did_you_mean
from enliterator_core.loading import HOOKS, Loaded, load, words_of
from enliterator_core.redaction import find_secrets
from enliterator_core.structure import default_of, make, settable


@frozen
class Added:
    """One thing that a plugin adds."""

    hook: str
    plugin: Loaded
    instance: Any


class Plugins:
    """What the plugins of a workspace add, each in its order, made once."""

    def __init__(self, entries: Sequence[Entry], loaded: Sequence[Loaded], added: Sequence[Added]) -> None:
        self.entries = entries
        self.loaded = loaded
        self.added = added
        self.stages: tuple[Stage, ...] = tuple(one.instance for one in _ordered(added)[0])
        self.readers: tuple[Reader, ...] = self._of("register_readers")
        self.importers: tuple[Importer, ...] = self._of("register_importers")
        self.extractors: tuple[Extractor, ...] = self._of("register_extractors")
        self.task_types: tuple[TaskType, ...] = self._of("register_task_types")
        self.providers: tuple[Provider, ...] = self._of("register_providers")
        self.storages: tuple[Storage, ...] = self._of("register_storages")
        exporters = self._of("register_exporters")
        self.exporters: tuple[Exporter, ...] = tuple(one for one in exporters if isinstance(one, Exporter))
        self.dataset_exporters: tuple[DatasetExporter, ...] = tuple(
            one for one in exporters if isinstance(one, DatasetExporter)
        )
        self.tools: tuple[Tool, ...] = self._of("register_tools")
        self.commands: tuple[Command, ...] = self._of("register_commands")
        self.routes: tuple[Route, ...] = self._of("register_routes")
        self.event_handlers: tuple[EventHandler, ...] = self._of("register_event_handlers")
        self.engines: tuple[Engine, ...] = self._of("register_engines")

    def _of(self, hook: str) -> tuple[Any, ...]:
        chosen = [one for one in self.added if one.hook == hook]
        if hook in ("register_readers", "register_importers"):
            chosen.sort(key=_bundled)
        return tuple(one.instance for one in chosen)


def open_plugins(entries: Sequence[Entry]) -> tuple[Plugins, list[Problem]]:
    """Load, name, configure and order the plugins; what is wrong with any of them is left out and told."""
    loaded, problems = load(entries)
    added: list[Added] = []
    modules_with_commands: set[str] = set()
    for plugin in loaded:
        found, wrong = _instances(plugin)
        problems += wrong
        if plugin.module.__name__ in modules_with_commands:
            found = [one for one in found if one.hook != "register_commands"]
        modules_with_commands.add(plugin.module.__name__)
        added += found
    problems += _duplicates(added)
    misplaced = _ordered(added)[1]
    if problems:  # a stage that others come after may be missing for one of these reasons alone
        misplaced = [one for one in misplaced if "did you mean" in one.message]
    problems += misplaced
    return Plugins(entries, loaded, added), sorted(problems, key=_place)


def _place(problem: Problem) -> tuple[bool, str, int]:
    """Sort by file and entry, so that problems read in the order of the files."""
    found = re.match(r"(.*)plugin\[(\d+)\]", problem.path)
    return (True, found[1], int(found[2])) if found else (False, "", 0)


def _instances(plugin: Loaded) -> tuple[list[Added], list[Problem]]:
    entry = plugin.entry
    added: list[Added] = []
    problems = _unknown_settings(plugin) if plugin.adds else []
    for hook, classes in plugin.adds.items():
        for cls in classes:
            if isinstance(cls, Command):
                added.append(Added(hook, plugin, cls))
                continue
            named = cls if entry.alias is None else _renamed(cls, entry.alias, len(classes) > 1)
            mine = {name: value for name, value in entry.settings.items() if name in settable(cls)}
            instance, wrong = make(named, mine, f"{entry.path}.settings")
            problems += [problem for problem in wrong if problem not in problems]
            if not wrong:
                added.append(Added(hook, plugin, instance))
    return added, problems


def _renamed(cls: type, alias: str, several: bool) -> type:
    """Return the class under another name; it stays the same code in the same module."""
    name = f"{alias}.{cls.name}" if several else alias  # type: ignore[attr-defined]
    changed: dict[str, Any] = {"name": name, "__module__": cls.__module__, "__doc__": cls.__doc__, "__slots__": ()}
    if issubclass(cls, Storage):
        changed["schemes"] = (name,)
    return type(cls.__name__, (cls,), changed)


def _unknown_settings(plugin: Loaded) -> list[Problem]:
    classes = [one for every in plugin.adds.values() for one in every if not isinstance(one, Command)]
    known = {name for cls in classes for name in settable(cls)}
    closed = {one.name: one for cls in classes if attrs.has(cls) for one in attrs.fields(cls) if not one.init}
    problems = []
    for name, (place, value) in plugin.entry.settings.items():
        secret = default_of(closed[name]) if name in closed and name not in known else None
        if isinstance(secret, Secret):
            problems.append(Problem(place, f"comes from the environment only: set {secret.variable} there"))
        elif name not in known:
            problems.append(Problem(place, f"unknown setting{did_you_mean(name, known)}"))
        elif any(found.kind != "e-mail" for found in find_secrets(str(value))):
            problems.append(Problem(place, "holds a secret; take it out and set it in the environment"))
    return problems


def _bundled(one: Added) -> bool:
    return one.plugin.entry.origin == BUNDLED


def _owner(one: Added) -> str:
    return f"{one.plugin.entry.name} ({one.plugin.entry.origin})"


def _duplicates(added: Sequence[Added]) -> list[Problem]:
    """Tell of names that are taken twice under one hook, with both owners."""
    taken: dict[tuple[str, str], Added] = {}
    problems = []
    for one in added:
        first = taken.setdefault((one.hook, one.instance.name), one)
        if first is not one:
            what = f"{words_of(HOOKS[one.hook])} {one.instance.name}"
            message = f"{what} is added by {_owner(first)} and by {_owner(one)}; name one of them with `as`"
            problems.append(Problem(one.plugin.entry.path, message))
    return problems


def _ordered(added: Sequence[Added]) -> tuple[list[Added], list[Problem]]:
    """Order the stages by `after`; of those that may come next, a workspace's own go before the bundled ones."""
    waiting = [one for one in added if one.hook == "register_stages"]
    waiting.sort(key=_bundled)
    known = {one.instance.name for one in waiting}
    problems = []
    for one in waiting:
        for name in one.instance.after:
            if name not in known:
                message = f"stage {one.instance.name} comes after {name}, which no plugin adds"
                problems.append(Problem(one.plugin.entry.path, message + did_you_mean(name, known)))
    done: list[Added] = []
    names: set[str] = set()
    while waiting:
        ready = next((one for one in waiting if names.issuperset(known.intersection(one.instance.after))), None)
        if ready is None:
            circle = ", ".join(one.instance.name for one in waiting)
            problems.append(Problem(waiting[0].plugin.entry.path, f"stages wait for each other: {circle}"))
            break
        waiting.remove(ready)
        done.append(ready)
        names.add(ready.instance.name)
    return done, problems
