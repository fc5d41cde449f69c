# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The dataset of a workspace's batch: made at the end of a build, and again from a graph that is there."""

import threading
from contextlib import closing
from pathlib import Path
from typing import Any

from attrs import evolve

from enliterator_core.config import Configuration, weights_of
from enliterator_core.contracts.stage import Progress
from enliterator_core.dataset.build import build_dataset
from enliterator_core.dataset.gate import Result, check_gate
from enliterator_core.dataset.settings import DatasetSettings
from enliterator_core.dataset.withdrawn import require_none
from enliterator_core.errors import UsageError
from enliterator_core.events import DATASET_BUILT, Event
from enliterator_core.folders import batch_lock, machine_failures
from enliterator_core.graph import Graph
from enliterator_core.nouns import Batch
from enliterator_core.workspace import Workspace


def dataset_folder(workspace: Workspace, batch: Batch) -> Path:
    """Return where a batch's dataset goes."""
    return workspace.root / "fine_tune" / f"batch_{batch.id}"


def dataset_settings(configuration: Configuration) -> DatasetSettings:
    """Return the settings that a configuration gives a dataset."""
    return DatasetSettings(
        seed=configuration.seed,
        split=configuration.split,
        examples=configuration.examples,
        weights=weights_of(configuration.weights),
        languages=tuple(configuration.languages.split()),
    )


def make_dataset(
    workspace: Workspace,
    batch: Batch,
    graph: Graph,
    force: bool,
    progress: Progress,
    stop: threading.Event,
    **changes: Any,
) -> Result:
    """Build the dataset of a published graph; return what a build says of it: `dataset` and `failures`.

    ``changes`` are settings of the dataset that the configuration does not have.
    """
    literacy = graph.storage.note("literacy") or {}
    engines = workspace.plugins.engines
    made = build_dataset(
        graph,
        workspace.plugins.task_types,
        batch=batch,
        literacy=literacy,
        folder=dataset_folder(workspace, batch),
        settings=evolve(dataset_settings(workspace.configuration), **changes),
        forced=force and not literacy.get("gate", {}).get("passed", False),
        progress=progress,
        stop=stop,
        engine=engines[-1] if engines else None,
        reopen=lambda: workspace.graph(batch.id),
    )
    told = {key: value for key, value in made.as_json().items() if key != "problems"}
    workspace.emit(Event(DATASET_BUILT, {"batch": batch.id, **told}))
    return {"dataset": told, "failures": [f"task {one.task}: {one.message}" for one in made.problems]}


def rebuild_dataset(
    workspace: Workspace, batch: Batch, *, force: bool, progress: Progress, stop: threading.Event, **changes: Any
) -> Result:
    """Build the dataset of a batch's graph once more, without building the graph; return the batch's whole result.

    ``changes`` are settings of the dataset that the configuration does not have. Raises UsageError when the batch has
    no finished graph, GateError when that still holds a source that was withdrawn, and what :func:`build` raises.
    """
    last = workspace.records.last_build(batch.id) or {}
    if "stages" not in last:
        hint = "enliterator build with the same sources goes on"
        raise UsageError(f"the last build of batch {batch.id} did not end", hint=hint)
    lock = batch_lock(workspace.state, batch.id, batch.name)
    with machine_failures(), lock, closing(workspace.graph(batch.id)) as storage:
        require_none(workspace, batch, storage)
        graph = Graph(storage, workspace.plugins.tools)
        check_gate(graph, batch, force, last)
        result = {key: value for key, value in last.items() if key not in ("digest", "outputs")}
        result |= make_dataset(workspace, batch, graph, force, progress, stop, **changes)
        workspace.records.add_build(batch.id, result)
    return result
