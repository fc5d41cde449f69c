# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""From entries of plugins.toml to what each plugin's hooks return; all that is wrong becomes problems with paths."""

import importlib
import inspect
import pkgutil
import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from types import ModuleType
from typing import TYPE_CHECKING, Any, get_args, get_type_hints

import pluggy
from attrs import define, field

import enliterator_core.hooks as hooks
from enliterator_core.config import BUNDLED, Entry
from enliterator_core.contracts.command import Command
from enliterator_core.errors import Problem, did_you_mean

if TYPE_CHECKING:
    from importlib.metadata import Distribution

GROUP = "enliterator.plugins"
CORE = "enliterator"


def _bases_of(hook: Callable[..., Any]) -> tuple[type, ...]:
    """Read `list[type[Stage]]`, what a hook returns, as Stage, `list[type[A | B]]` as both, `list[Command]` as that."""
    (item,) = get_args(get_type_hints(hook)["return"])
    base = (*get_args(item), item)[0]
    return get_args(base) or (base,)


_BASES = {name: _bases_of(hook) for name, hook in vars(hooks).items() if name.startswith("register_")}
HOOKS = {name: bases[0] for name, bases in _BASES.items()}
_NAME = re.compile(r"[^\W\d][\w.-]*")


@define(eq=False)
class Loaded:
    """One plugin whose module is imported: what its hooks returned, by hook, and the distribution that it came in."""

    entry: Entry
    module: ModuleType
    version: str | None = None
    adds: dict[str, list[Any]] = field(factory=dict)


def words_of(base: type) -> str:
    """Return what a kind of thing is called in a message: TaskType is a `task type`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", base.__name__).lower()


def load(entries: Sequence[Entry]) -> tuple[list[Loaded], list[Problem]]:
    """Import the enabled plugins and ask their hooks, in the order of the entries."""
    problems: list[Problem] = []
    loaded = []
    for entry in entries:
        if entry.enabled:
            one, wrong = _import(entry, entries)
            problems += wrong
            if one is not None:
                loaded.append(one)
    problems += _ask_hooks(loaded)
    return loaded, problems


def _import(entry: Entry, entries: Sequence[Entry]) -> tuple[Loaded | None, list[Problem]]:
    from importlib import metadata

    place = f"{entry.path}.{'module' if entry.module else 'entry_point'}"
    distribution: Distribution | None = None
    name = entry.module or ""
    if entry.entry_point is not None:
        points = metadata.entry_points(group=GROUP)
        found = next((point for point in points if point.name == entry.entry_point), None)
        if found is None:
            near = did_you_mean(entry.entry_point, points.names)
            return None, [Problem(place, f"no installed distribution has an entry point {entry.entry_point}{near}")]
        name, distribution = found.module, found.dist
    try:
        module = importlib.import_module(name)
    except (Exception, SystemExit) as error:  # noqa: BLE001  a module may do anything; it becomes a problem
        missing = isinstance(error, ModuleNotFoundError) and error.name and f"{name}.".startswith(f"{error.name}.")
        if missing and entry.module is not None:
            known = {one.module for one in entries if one.module and one is not entry}
            near = did_you_mean(name, known) or did_you_mean(name, (one.name for one in pkgutil.iter_modules()))
            return None, [Problem(place, f"{name} is not installed{near}")]
        line = str(error).strip().partition("\n")[0]
        return None, [Problem(place, f"{name} cannot be imported: {type(error).__name__}: {line}")]
    if distribution is None:
        distribution = _core() if entry.origin == BUNDLED else _distribution_of(name)
    version = distribution.version if distribution else None
    return Loaded(entry, module, version), _versions(entry, distribution)


@cache
def _core() -> "Distribution":
    from importlib import metadata

    return metadata.distribution(CORE)


def _distribution_of(module: str) -> "Distribution | None":
    """Return the installed distribution that a module came in, or None for one that lies about by itself."""
    return _distributions(tuple(sys.path)).get(module.partition(".")[0])


@cache
def _distributions(path: tuple[str, ...]) -> "Mapping[str, Distribution]":
    """Return the distribution of each importable name, one that has a plugin of that name before any other.

    The standard library's `packages_distributions` makes an object of every installed file, which takes ten times as
    long. It is read once for a search path.
    """
    from importlib import metadata

    plugins: dict[str, Distribution] = {}
    others: dict[str, Distribution] = {}
    for one in metadata.distributions():
        if GROUP in (one.read_text("entry_points.txt") or ""):
            for point in one.entry_points.select(group=GROUP):
                plugins.setdefault(point.module.partition(".")[0], one)
        for name in _names_in(one):
            others.setdefault(name, one)
    return others | plugins


def _names_in(distribution: "Distribution") -> Iterable[str]:
    """Return the names under which what a distribution has installed is imported, as far as it tells them."""
    declared = (distribution.read_text("top_level.txt") or "").split()
    if declared:
        return declared
    files = [line.partition(",")[0] for line in (distribution.read_text("RECORD") or "").splitlines()]
    return {file.partition("/")[0].removesuffix(".py") for file in files if file.endswith(".py")}


def _versions(entry: Entry, distribution: "Distribution | None") -> list[Problem]:
    """Compare the plugin's version with the entry's `requires`, and this core's with what the plugin asks for."""
    if entry.requires is None and (distribution is None or distribution is _core()):
        return []
    from packaging.requirements import InvalidRequirement, Requirement
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    place, problems = f"{entry.path}.requires", []
    try:
        wanted = SpecifierSet(entry.requires or "")
    except InvalidSpecifier:
        return [Problem(place, f'"{entry.requires}" is no version range, like ">=0.1,<0.2"')]
    if distribution is None:
        return [Problem(place, "cannot be checked: the module is in no installed distribution")]
    what = f"{distribution.name} {distribution.version}"
    if not wanted.contains(distribution.version, prereleases=True):
        problems.append(Problem(place, f"{what} is installed, {entry.requires} is required"))
    for text in distribution.requires or []:
        try:
            need = Requirement(text)
        except InvalidRequirement:
            continue  # a dialect of older tools; the installer has judged it already
        if need.name == CORE and not need.specifier.contains(_core().version, prereleases=True):
            problems.append(Problem(entry.path, f"{what} needs {CORE} {need.specifier}, this is {_core().version}"))
    return problems


class _Hooks:
    """The hook functions of one plugin under a name: what pluggy registers, so that a module can come twice."""

    def __init__(self, plugin: Loaded, functions: Mapping[str, Callable[[], Any]]) -> None:
        vars(self).update(functions)
        self.plugin = plugin


def _ask_hooks(loaded: Iterable[Loaded]) -> list[Problem]:
    manager = pluggy.PluginManager(hooks.PROJECT)
    manager.add_hookspecs(hooks)
    problems: list[Problem] = []
    registered = []
    for plugin in loaded:
        functions, wrong = _functions_of(plugin)
        problems += wrong
        registered.append(_Hooks(plugin, functions))
    for one in reversed(registered):  # pluggy asks the last registered first
        manager.register(one)
    for hook in HOOKS:
        for implementation in reversed(getattr(manager.hook, hook).get_hookimpls()):
            plugin = implementation.plugin.plugin
            try:
                result = implementation.function()
            except Exception as error:  # noqa: BLE001  a plugin may raise anything; it becomes a problem
                message = f"{hook} raised {type(error).__name__}: {error}".partition("\n")[0]
                problems.append(Problem(plugin.entry.path, message))
                continue
            messages = _wrong_result(hook, result)
            problems += [Problem(plugin.entry.path, message) for message in messages]
            if not messages:
                plugin.adds.setdefault(hook, []).extend(result)
    return problems


def _functions_of(plugin: Loaded) -> tuple[dict[str, Callable[[], Any]], list[Problem]]:
    """Return the module's hook functions that fit a hook, and a problem for each that does not."""
    good: dict[str, Callable[[], Any]] = {}
    problems = []
    for name, function in vars(plugin.module).items():
        options = getattr(function, f"{hooks.PROJECT}_impl", None) if inspect.isroutine(function) else None
        hook = (options or {}).get("specname") or name
        if options is None and not (hook in HOOKS and inspect.isfunction(function)):
            continue
        if options is None:
            message = f"{name} is not marked with @hookimpl"
        elif hook not in HOOKS:
            message = f"{hook} is no hook{did_you_mean(hook, HOOKS)}"
        elif inspect.signature(function).parameters:
            message = f"{hook} takes no arguments, not ({', '.join(inspect.signature(function).parameters)})"
        else:
            good[name] = function
            continue
        problems.append(Problem(plugin.entry.path, f"{plugin.module.__name__}: {message}"))
    if not good and not problems:
        problems.append(
            Problem(plugin.entry.path, f"{plugin.module.__name__} adds nothing: it has no @hookimpl function")
        )
    return good, problems


def _wrong_result(hook: str, result: Any) -> list[str]:
    """Say what is wrong with what a hook returned."""
    if not isinstance(result, list):
        return [f"{hook} returned {type(result).__name__}, not a list"]
    if HOOKS[hook] is Command:
        return [f"{hook} returned {one!r:.60}, not a Command" for one in result if not isinstance(one, Command)]
    wrong = []
    for one in result:
        base = next((base for base in _BASES[hook] if isinstance(one, type) and issubclass(one, base)), None)
        if base is None:
            names = " or ".join(base.__name__ for base in _BASES[hook])
            wrong.append(f"{hook} returned {one!r:.60}, not a class of {names}")
        elif inspect.isabstract(one):
            wrong.append(f"{one.__name__} does not define {', '.join(sorted(getattr(one, '__abstractmethods__', ())))}")
        else:
            wrong += _lacks(one, base)
    return wrong


def _lacks(cls: type, base: type) -> list[str]:
    """Say which of the class attributes that its base declares a class has not set."""
    declared = [name for name, kind in inspect.get_annotations(base).items() if "ClassVar" in str(kind)]
    lacking = [name for name in declared if not hasattr(cls, name)]
    wrong = [f"{cls.__name__} has no {name}: write `{name} = ...` in the class" for name in lacking]
    name = getattr(cls, "name", "")
    if "name" not in lacking and not (isinstance(name, str) and _NAME.fullmatch(name)):
        found = repr(name) if isinstance(name, str) else "a field"
        wrong.append(f"{cls.__name__}.name is {found}, not a plain name: write `name = ...` without a type")
    return wrong
