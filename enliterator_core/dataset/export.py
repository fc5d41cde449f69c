# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""A batch's graph or dataset, written in a format that a plugin adds."""

from collections.abc import Mapping
from pathlib import Path

from enliterator_core.contracts.exporter import Dataset, DatasetExporter, Exporter
from enliterator_core.contracts.storage import GraphStorage
from enliterator_core.dataset.again import dataset_folder
from enliterator_core.dataset.show import metadata_of
from enliterator_core.errors import UsageError, did_you_mean
from enliterator_core.folders import building, discard, machine_failures, put_in_place
from enliterator_core.graph import Graph
from enliterator_core.nouns import Batch
from enliterator_core.workspace import Workspace


def exporter_of(workspace: Workspace, format: str, *, dataset: bool = False) -> Exporter | DatasetExporter:
    """Return the exporter of a format, with ``dataset`` one of datasets; UsageError when no plugin adds it."""
    kinds: tuple[tuple[Exporter | DatasetExporter, ...], ...] = (workspace.plugins.dataset_exporters,)
    kinds += () if dataset else (workspace.plugins.exporters,)
    known = {one.name: one for every in kinds for one in every}
    if format not in known:
        raise UsageError(
            f"there is no format {format}{did_you_mean(format, known)}",
            hint=f"formats are {', '.join(sorted(known))}",
        )
    return known[format]


def export(
    workspace: Workspace,
    batch: Batch,
    storage: GraphStorage,
    exporter: Exporter | DatasetExporter,
    *,
    to: Path | None = None,
    publishable: bool = False,
) -> tuple[Path, Mapping[str, int]]:
    """Write a batch in a format; return where, and how many things or examples each file holds.

    A graph goes to one file, by default among the batch's deliverables, a dataset into a folder of its own, by default
    beside the batch's dataset. Each is written beside and then renamed. A folder that was named must be new or empty.
    UsageError when it is not, or when there is no dataset.
    """
    graph = Graph(storage, workspace.plugins.tools)
    with machine_failures():
        if isinstance(exporter, Exporter):
            target = to or workspace.root / "deliverables" / f"batch_{batch.id}" / exporter.file_name
            target.parent.mkdir(parents=True, exist_ok=True)
            beside = target.with_name(f"{target.name}.building")
            try:
                count = exporter.export(graph, beside)
                beside.replace(target)
            finally:
                beside.unlink(missing_ok=True)
            return target, {target.name: count}
        source = dataset_folder(workspace, batch)
        folder = to or source.with_name(f"{source.name}-{exporter.name}")
        if to is not None and to.exists() and (not to.is_dir() or any(to.iterdir())):
            raise UsageError(f"{to} is there already, and not empty", hint="name a new folder")
        dataset = Dataset(source, metadata_of(source), graph, workspace.plugins.task_types, publishable)
        new = building(folder)
        try:
            counts = exporter.export(dataset, new)
        except BaseException:
            discard(folder)
            raise
        put_in_place(folder)
        return folder, counts
