# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The workspace: configuration, plugins, storage and settings, opened; the one object that the floors above get."""

import json
import os
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from secrets import token_hex
from types import TracebackType

from attrs import frozen

from enliterator_core.calls import Account, AccountedChat, AccountedEmbed, Answers
from enliterator_core.config import BUNDLED, FILE_NAME, Configuration, Entry, Layer, lay_over, read_layer, settle
from enliterator_core.contracts.command import Command
from enliterator_core.contracts.provider import Chat, Embed, Provider
from enliterator_core.contracts.records import Records
from enliterator_core.contracts.storage import GraphStorage, Storage
from enliterator_core.errors import ConfigurationError, Problem, UsageError, did_you_mean
from enliterator_core.events import KEPT_WITH_THE_CHANGE, Dispatcher, Event, HandlerFailure, wants
from enliterator_core.operations import OURS, WebhookEvent
from enliterator_core.plugins import Plugins, open_plugins
from enliterator_core.settings import Settings

BUNDLED_FILE = Path(__file__).with_name("bundled.toml")
STATE = ".enliterator"


def find_root(start: Path | None, flags: Mapping[str, str], environment: Mapping[str, str]) -> Path:
    """Return the workspace's folder: as told by a flag or ENLITERATOR_WORKSPACE, else the nearest one upward that
    has a plugins.toml, else where one stands; UsageError when the told one is no folder."""
    told = flags.get("workspace") or environment.get("ENLITERATOR_WORKSPACE")
    if told:
        root = Path(told).expanduser().resolve()
        if not root.is_dir():
            raise UsageError(f"the workspace {told} is no folder", hint="make it, or name another with --workspace")
        return root
    here = (start or Path.cwd()).resolve()
    return next((one for one in (here, *here.parents) if (one / FILE_NAME).is_file()), here)


def user_file(environment: Mapping[str, str]) -> Path:
    """Return where the user's own plugins.toml is looked for."""
    if environment.get("XDG_CONFIG_HOME"):
        return Path(environment["XDG_CONFIG_HOME"]) / "enliterator" / FILE_NAME
    import click

    return Path(click.get_app_dir("enliterator")) / FILE_NAME


def read_bundled() -> Layer:
    """Read the list of the plugins that come with Enliterator."""
    return read_layer(BUNDLED_FILE, BUNDLED, f"{BUNDLED_FILE.name}: ")


@frozen
class Found:
    """What is configured in a folder, whatever is wrong with it."""

    root: Path
    files: Mapping[str, Path]
    configuration: Configuration
    entries: Sequence[Entry]
    plugins: Plugins
    problems: Sequence[Problem]


def examine(
    start: Path | None = None,
    *,
    flags: Mapping[str, str] | None = None,
    environment: Mapping[str, str] | None = None,
    bundled: bool = True,
) -> Found:
    """Read every layer and load the plugins (without `bundled` only those that plugins.toml adds); nothing is raised
    for what is wrong, it is among the problems."""
    flags, environment = flags or {}, os.environ if environment is None else environment
    root = find_root(start, flags, environment)
    files = {"workspace": root / FILE_NAME, "user": user_file(environment)}
    present = [(name, path) for name, path in reversed(files.items()) if path.is_file()]
    layers = [read_layer(path, str(path), f"{path}: " if name == "user" else "") for name, path in present]
    configuration, problems = settle(layers, flags, environment)
    layers = [read_bundled(), *layers] if configuration.bundled else layers
    entries, laid = lay_over(layers)
    plugins, wrong = open_plugins([one for one in entries if bundled or one.origin != BUNDLED])
    problems = [*(one for layer in layers for one in layer.problems), *problems, *laid, *wrong]
    return Found(root, files, configuration, entries, plugins, problems + _unserved(configuration, plugins))


class Workspace:
    """One folder's configuration, plugins and storage; a context manager that lets go of what it opened."""

    def __init__(
        self, root: Path, configuration: Configuration, plugins: Plugins, environment: Mapping[str, str]
    ) -> None:
        self.root = root
        self.state = root / STATE
        self.configuration = configuration
        self.plugins = plugins
        self.environment = environment

    @classmethod
    def open(
        cls,
        start: Path | None = None,
        *,
        flags: Mapping[str, str] | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> "Workspace":
        """Open the workspace that `start` (the current folder) lies in; ConfigurationError with all that is wrong.

        `flags` are configuration keys (and `workspace`) as given on the command line. Nothing is written.
        """
        found = examine(start, flags=flags, environment=environment)
        if found.problems:
            raise ConfigurationError(FILE_NAME, list(found.problems))
        return cls(found.root, found.configuration, found.plugins, os.environ if environment is None else environment)

    @cached_property
    def records(self) -> Records:
        """The operational records, opened on first use."""
        url = self.configuration.records
        self.state.mkdir(parents=True, exist_ok=True)
        records = self._storage(url).records(url, self.state)
        if records is None:
            raise UsageError(f"the storage of {url} keeps no records", hint="choose another one for records")
        return records

    def graph(self, batch: int, *, rebuild: bool = False, url: str | None = None) -> GraphStorage:
        """Open a batch's graph: the published one to read, or an empty one to write; the caller closes it.

        It is where the configuration says, or at another storage's `url`.
        """
        url = url or self.configuration.graph
        if rebuild:
            self.state.mkdir(parents=True, exist_ok=True)
        graph = self._storage(url).graph(url, self.state, batch, rebuild=rebuild)
        if graph is None:
            raise UsageError(f"the storage of {url} keeps no graphs", hint="choose another one for graph")
        return graph

    def _storage(self, url: str) -> Storage:
        scheme = url.partition(":")[0]
        for storage in reversed(self.plugins.storages):  # the later one in plugins.toml wins
            if scheme in storage.schemes:
                return storage
        raise UsageError(f"no plugin serves {scheme}:", hint="enable a storage for it in plugins.toml")

    @cached_property
    def settings(self) -> Settings:
        """The settings; every change is told as an event."""
        tasks = [one.name for one in self.plugins.task_types]
        return Settings(self.records, self.environment, self.plugins.providers, tasks, self.emit)

    @cached_property
    def dispatcher(self) -> Dispatcher:
        """The event dispatcher with its handlers opened; one that cannot be opened hurts only itself.

        Those that are durable are not among them: the worker tells them.
        """
        self.state.mkdir(parents=True, exist_ok=True)
        dispatcher, ready = Dispatcher(), []
        for handler in self.plugins.event_handlers:
            if handler.durable:
                continue
            try:
                handler.open(self.state)
            except Exception as error:  # noqa: BLE001  a handler may raise anything; it is kept and told
                message = f"{type(error).__name__}: {error}"
                dispatcher.failures.append(HandlerFailure(handler.name, "open", message))
            else:
                ready.append(handler)
        dispatcher.handlers = ready
        return dispatcher

    def emit(self, event: Event) -> None:
        """Tell every handler that wants the event, those that are durable through the records."""
        if event.type not in KEPT_WITH_THE_CHANGE and any(
            one.durable and wants(one.event_types, event.type) for one in self.plugins.event_handlers
        ):
            self.keep(event)
        self.dispatcher.emit(event)

    def keep(self, event: Event) -> bool:
        """Keep an event of ours for the worker; False when one with its id (a new one, where it has none) is there."""
        subject = next((f"{name} {event.data[name]}" for name in ("job", "task", "batch") if name in event.data), "")
        id, body = event.id or f"evt_{token_hex(12)}", json.dumps(dict(event.data))
        return self.records.add_events([WebhookEvent(0, OURS, id, event.type, subject, body)])[0]

    def provider(self, name: str) -> Provider:
        """Return a provider by its name; UsageError when there is none of that name."""
        known = {one.name: one for one in self.plugins.providers}
        if name not in known:
            hint = f"known providers: {', '.join(known) or 'none'}"
            raise UsageError(f"no provider {name}{did_you_mean(name, known)}", hint=hint)
        return known[name]

    def chat(self, task: str, *, fresh: bool = False) -> tuple[Chat, str] | None:
        """Return the chat facet and the model's name for a task, or None when `model.<task>` is unset.

        Its calls are accounted; what was asked before is answered as before, unless `fresh` asks anew.
        """
        found = self._model(task)
        chat = found[0].chat() if found else None
        if found is None:
            return None
        if chat is None:
            message = f"model.{task} names {found[0].name}, which answers no chat"
            raise UsageError(message, hint=f"set model.{task} to another")
        return AccountedChat(chat, Account(task, found[0], self.records), None if fresh else self._answers), found[1]

    def embed(self, task: str = "embedding") -> tuple[Embed, str] | None:
        """Return the embed facet and the model's name for a task, or None when `model.<task>` is unset."""
        found = self._model(task)
        embed = found[0].embed() if found else None
        if found is None:
            return None
        if embed is None:
            message = f"model.{task} names {found[0].name}, which embeds nothing"
            raise UsageError(message, hint=f"set model.{task} to another")
        return AccountedEmbed(embed, Account(task, found[0], self.records), self._answers), found[1]

    def _model(self, task: str) -> tuple[Provider, str] | None:
        value = self.settings.get(f"model.{task}").value
        if value is None:
            return None
        name, _, model = value.partition(":")
        return self.provider(name), model

    @property
    def _answers(self) -> Answers:
        return Answers(self.state / "answers.db")

    def close(self) -> None:
        """Let go of the records, if they were opened."""
        if "records" in self.__dict__:
            self.__dict__.pop("records").close()
            self.__dict__.pop("settings", None)

    def __enter__(self) -> "Workspace":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()


def _unserved(configuration: Configuration, plugins: Plugins) -> list[Problem]:
    """Tell of URLs that no storage serves; where there is no storage at all, it is told when one is needed."""
    schemes = [scheme for storage in plugins.storages for scheme in storage.schemes]
    problems = []
    for key, url in (("graph", configuration.graph), ("records", configuration.records)):
        scheme = url.partition(":")[0]
        if schemes and scheme not in schemes:
            message = f"no plugin serves {scheme}:{did_you_mean(scheme, schemes)}"
            problems.append(Problem(f"enliterator.{key}", message))
    return problems


def find_commands(
    start: Path | None = None, environment: Mapping[str, str] | None = None
) -> tuple[tuple[Command, ...], set[str]]:
    """Return the commands that a workspace's own plugins add, and the modules of the bundled plugins that are on.

    For `--help`: whatever is wrong is left to `open`, and only modules that plugins.toml adds are imported; the
    bundled ones would make it slow.
    """
    found = examine(start, environment=environment, bundled=False)
    on = {one.module for one in found.entries if one.module and one.enabled and one.origin == BUNDLED}
    return found.plugins.commands, on
