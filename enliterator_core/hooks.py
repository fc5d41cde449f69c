# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The hooks: what a plugin may add.

A plugin is a module with one or more functions marked ``@hookimpl``, each named like a hook below and returning a list
of classes. A class's attrs fields are its settings in ``plugins.toml``; the framework makes the instance. Plugins are
asked in the order of ``plugins.toml``, the bundled ones first; where two add the same name, that is an error that
names both, unless one of them is given another name with ``as``.
"""

import pluggy

from enliterator_core.contracts.command import Command
from enliterator_core.contracts.engine import Engine
from enliterator_core.contracts.event_handler import EventHandler
from enliterator_core.contracts.exporter import DatasetExporter, Exporter
from enliterator_core.contracts.extractor import Extractor
from enliterator_core.contracts.importer import Importer
from enliterator_core.contracts.provider import Provider
from enliterator_core.contracts.reader import Reader
from enliterator_core.contracts.route import Route
from enliterator_core.contracts.stage import Stage
from enliterator_core.contracts.storage import Storage
from enliterator_core.contracts.task_type import TaskType
from enliterator_core.contracts.tool import Tool

PROJECT = "enliterator"

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


@hookspec
def register_stages() -> list[type[Stage]]:
    """Add stages to the pipeline.

    Asked once, when the pipeline is put together. A stage names itself and those that must come ``after``; all run,
    ordered by that: of those that may come next a workspace's own go before the bundled ones, then in the order of
    the plugins.
    """
    raise NotImplementedError


@hookspec
def register_readers() -> list[type[Reader]]:
    """Add file formats to intake.

    Asked once, before intake. For each file the readers are asked in order, a workspace's own plugins before the
    bundled ones, and the first that matches reads it; a file that none matches is refused by name.
    """
    raise NotImplementedError


@hookspec
def register_importers() -> list[type[Importer]]:
    """Add kinds of graphs that can be named as a SOURCE.

    Asked once, before a build. For each SOURCE the importers are asked in order, a workspace's own plugins before the
    bundled ones, and the first that claims it reads it; what none claims is a folder or a file for the readers.
    """
    raise NotImplementedError


@hookspec
def register_extractors() -> list[type[Extractor]]:
    """Add rules that find entities and relations in one document.

    Asked once, before the pools stage. Every extractor that wants a source is asked for it; what they find is merged
    by pool and name, so none wins over another.
    """
    raise NotImplementedError


@hookspec
def register_task_types() -> list[type[TaskType]]:
    """Add task types to the dataset.

    Asked once, when a dataset is built. Every task type generates; the core verifies, splits and balances.
    """
    raise NotImplementedError


@hookspec
def register_providers() -> list[type[Provider]]:
    """Add providers of models.

    Asked once, when a setting such as ``model.extraction`` names a provider. A provider is chosen by its name, the
    part before the colon in ``provider:model``.
    """
    raise NotImplementedError


@hookspec
def register_storages() -> list[type[Storage]]:
    """Add storages for graphs or records.

    Asked once, when a graph or the records are opened. A storage is chosen by the scheme of the URL; where two serve
    one scheme, the later one in ``plugins.toml`` wins.
    """
    raise NotImplementedError


@hookspec
def register_exporters() -> list[type[Exporter | DatasetExporter]]:
    """Add formats in which a graph or a dataset leaves.

    Asked once: by the deliverables stage, which writes one file for each exporter of graphs, and when ``enliterator
    export`` or ``dataset build --format`` names a format. Names are unique among both kinds.
    """
    raise NotImplementedError


@hookspec
def register_tools() -> list[type[Tool]]:
    """Add tools that questions can be routed to.

    Asked once, when the tasks or an interface need them. Every tool is offered, in order; names are unique.
    """
    raise NotImplementedError


@hookspec
def register_commands() -> list[Command]:
    """Add commands to ``enliterator``.

    Asked when the command line shows its help or meets a name that is not its own; a bundled command's name cannot be
    taken. The command's module is imported only when it runs.
    """
    raise NotImplementedError


@hookspec
def register_routes() -> list[type[Route]]:
    """Add addresses that the server answers.

    Asked once, when the workspace is opened; a route's target is imported only when ``enliterator serve`` starts. Two
    routes with the same path and a method in common are an error, told by ``serve``.
    """
    raise NotImplementedError


@hookspec
def register_event_handlers() -> list[type[EventHandler]]:
    """Add handlers that are told what happened.

    Asked once, when the workspace is opened for work. Every handler that wants an event's type is told, in order.
    """
    raise NotImplementedError


@hookspec
def register_engines() -> list[type[Engine]]:
    """Add engines that run work which outgrows one process.

    Asked once, when a dataset is built: the task types generate and verify on the engine. The last one in
    ``plugins.toml`` is used; the bundled one runs in this process until its setting ``processes`` says otherwise.
    """
    raise NotImplementedError
