# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Runs the stages, publishes what they made in one step each, and resumes where a run was stopped.

Nothing is lost and nothing half-made is seen, whenever the process ends: what stages find source by source is kept as
they go, the graph and the folders are written beside and renamed, and the record of a build is appended last.
"""

import json
import sqlite3
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from time import perf_counter
from typing import Any

from attrs import asdict, frozen

from enliterator_core.contracts.stage import Context, Progress, Stage, fingerprint
from enliterator_core.contracts.storage import GraphStorage
from enliterator_core.dataset.again import dataset_folder, dataset_settings, make_dataset
from enliterator_core.dataset.gate import BelowGate, Result, check_gate, measured
from enliterator_core.dataset.withdrawn import at_intake
from enliterator_core.errors import EnliteratorError, ServiceError, UsageError, did_you_mean
from enliterator_core.events import BATCH_BUILT, STAGE_FINISHED, Event
from enliterator_core.folders import batch_lock, building, discard, locked, machine_failures, put_in_place, sizes
from enliterator_core.graph import Graph
from enliterator_core.nouns import Batch, Rights, sha256_of
from enliterator_core.pieces import Pieces
from enliterator_core.workspace import Workspace

SCHEMA_VERSION = 1

Finished = Callable[[Batch, Mapping[str, Any]], None]


@frozen
class Wanted:
    """What a build was asked for: the options of `enliterator build`."""

    rights: str | None = None
    through: str | None = None
    dataset: bool = True
    force: bool = False


def build(
    workspace: Workspace,
    origins: Sequence[str],
    *,
    rights: str | None = None,
    name: str | None = None,
    new: bool = False,
    through: str | None = None,
    dataset: bool = True,
    force: bool = False,
    progress: Progress | None = None,
    stop: threading.Event | None = None,
    finished: Finished = lambda batch, stage: None,
) -> Result:
    """Make the sources at the paths `origins` literate, and return what `enliterator build --json` prints.

    `finished` is told of each stage as it ends. When nothing has changed since the last whole build, that one's result
    is returned with `unchanged` true. Raises UsageError for a source or stage that does not exist, GateError when the
    score is too low for a dataset (all else is published then), InterruptedBuild once `stop` is set, ServiceError when
    another process builds the batch or the machine fails.
    """
    paths = [_existing(origin) for origin in origins]
    wanted = Wanted(rights, through, dataset and through is None, force)
    stages = _stages(workspace.plugins.stages, through)
    with machine_failures():
        batch = _batch(workspace, paths, name, new)
        with batch_lock(workspace.state, batch.id, batch.name):
            watched = progress or Progress(), stop or threading.Event(), finished
            return _Run(workspace, batch, tuple(paths), wanted, *watched).whole(stages)


def _existing(origin: str) -> str:
    path = Path(origin)
    if not path.exists():
        raise UsageError(f"{origin} does not exist", hint="name a folder or a file to build from")
    return str(path.resolve())


def _stages(every: Sequence[Stage], through: str | None) -> list[Stage]:
    names = [stage.name for stage in every]
    if not names:
        raise UsageError("no plugin adds a stage, so there is nothing to run", hint="enliterator plugins list")
    if through is None:
        return list(every)
    if through not in names:
        message = f"there is no stage {through}{did_you_mean(through, names)}"
        raise UsageError(message, hint=f"stages: {', '.join(names)}")
    return list(every[: names.index(through) + 1])


def _batch(workspace: Workspace, paths: Sequence[str], name: str | None, new: bool) -> Batch:
    origin = json.dumps(paths)
    with locked(workspace.state / "locks" / "batches.lock", "another process is adding a batch", wait=10):
        known = None if new else workspace.records.batch_of(origin)
        if known is None:
            settings = json.dumps(dict(workspace.records.settings()), sort_keys=True)
            return workspace.records.add_batch(name or Path(paths[0]).name or "root", origin, settings)
    if name not in (None, known.name):
        message = f"this source is batch {known.id} already and is called {known.name}"
        raise UsageError(message, hint="--new makes another batch")
    return known


@frozen
class _Run:
    """One run of a batch through the stages."""

    workspace: Workspace
    batch: Batch
    origins: tuple[str, ...]
    wanted: Wanted
    progress: Progress
    stop: threading.Event
    finished: Finished

    @property
    def deliverables(self) -> Path:
        """Where the batch's deliverables go."""
        return self.workspace.root / "deliverables" / f"batch_{self.batch.id}"

    def whole(self, stages: Sequence[Stage]) -> Result:
        """Run the stages and all that follows, or find that nothing has changed."""
        workspace, last = self.workspace, self.workspace.records.last_build(self.batch.id)
        told: list[Result] = []
        digest = ""
        with (
            closing(workspace.graph(self.batch.id, rebuild=True)) as storage,
            closing(Pieces(workspace.state / "pieces" / f"{self.batch.id}.db")) as pieces,
        ):
            context = self._context(storage, pieces)
            for stage in stages:
                told.append(self._stage(stage, context))
                if stage.name == "intake":
                    digest = self._digest(context, stages)
                    if last is not None and self._stands(last, digest):
                        return self._unchanged(last)
            context.check()
            workspace.records.add_build(self.batch.id, {"state": "publishing"})
            storage.publish()
        if self.wanted.through is None:
            put_in_place(self.deliverables)
        discard(self.deliverables)
        return self._ended(told, [asdict(one) for one in context.refused], digest)

    def _context(self, graph: GraphStorage, pieces: Pieces) -> Context:
        plugins = self.workspace.plugins
        return Context(
            batch=self.batch,
            origins=self.origins,
            rights=self.wanted.rights,
            graph=graph,
            pieces=pieces,
            deliverables=building(self.deliverables),
            readers=plugins.readers,
            extractors=plugins.extractors,
            exporters=plugins.exporters,
            chat=self.workspace.chat,
            withdrawn=at_intake(self.workspace, self.batch),
            progress=self.progress,
            stop=self.stop,
        )

    def _stage(self, stage: Stage, context: Context) -> Result:
        """Run one stage, keep what it did beside the graph, and tell of it."""
        context.check()
        started = perf_counter()
        try:
            done = stage.run(context)
        except (EnliteratorError, OSError, sqlite3.Error):
            raise
        except Exception as error:  # a plugin may raise anything: it is told with the stage's name, and the build ends
            message = f"the stage {stage.name} failed: {type(error).__name__}: {error}"
            raise ServiceError(message, hint="enliterator --traceback shows where in the code") from error
        told = {"name": stage.name, "seconds": round(perf_counter() - started, 3), "counts": dict(done.counts)}
        told |= {"summary": done.summary, "worked": context.worked.get(stage.name, 0)}
        context.graph.write_note(f"stage.{stage.name}", {"counts": dict(done.counts), "summary": done.summary})
        self.workspace.emit(Event(STAGE_FINISHED, {"batch": self.batch.id, **told}))
        self.finished(self.batch, told)
        return told

    def _digest(self, context: Context, stages: Sequence[Stage]) -> str:
        """Return what stands for everything that the result depends on."""
        plugins, rights = self.workspace.plugins, self.wanted.rights
        every: Iterable[object] = (
            *stages,
            *plugins.readers,
            *plugins.extractors,
            *plugins.exporters,
            *plugins.task_types,
            *plugins.tools,
            Rights(),  # a noun of the core's: its fingerprint is that of all the core's code
        )
        statement = sha256_of(Path(rights).read_bytes()) if rights and Path(rights).is_file() else ""
        parts = [
            [repr(source) for source in context.graph.sources()],
            [repr(refusal) for refusal in context.refused],
            [f"{type(one).__qualname__} {fingerprint(one)}" for one in every],
            [repr(self.wanted), statement],
            [repr(setting) for setting in self.workspace.settings.list()],
            [repr(dataset_settings(self.workspace.configuration).snapshot())],
        ]
        return sha256_of(json.dumps(parts).encode())

    def _outputs(self) -> dict[str, int]:
        folders = [self.deliverables] if self.wanted.through is None else []
        folders += [dataset_folder(self.workspace, self.batch)] if self.wanted.dataset else []
        return {path: size for folder in folders for path, size in sizes(folder, self.workspace.root).items()}

    def _stands(self, last: Mapping[str, Any], digest: str) -> bool:
        """Say whether the last build was whole, was made of the same, and its files are still there."""
        return last.get("digest") == digest and last.get("outputs") == self._outputs()

    def _unchanged(self, last: Mapping[str, Any]) -> Result:
        discard(self.deliverables)
        result = {key: value for key, value in last.items() if key not in ("digest", "outputs")} | {"unchanged": True}
        if result["dataset"] is not None:
            result["dataset"] |= {"path": str(dataset_folder(self.workspace, self.batch))}  # a workspace may be moved
        elif self.wanted.dataset:
            with closing(self.workspace.graph(self.batch.id)) as storage:
                check_gate(Graph(storage), self.batch, self.wanted.force, result)
        return result

    def _ended(self, told: list[Result], refused: list[Result], digest: str) -> Result:
        """Measure the published graph, make the dataset, and append what came of it all to the records."""
        with closing(self.workspace.graph(self.batch.id)) as storage:
            graph = Graph(storage, self.workspace.plugins.tools)
            result: Result = {
                "schema_version": SCHEMA_VERSION,
                "batch": {"id": self.batch.id, "name": self.batch.name},
                "stages": told,
                "graph": measured(graph),
                "literacy": storage.note("literacy"),
                "dataset": None,
                "refused": refused,
                "failures": [],
            }
            self.workspace.emit(Event(BATCH_BUILT, result["batch"] | {"graph": result["graph"]}))
            refusal: BelowGate | None = None
            if self.wanted.dataset:
                try:
                    check_gate(graph, self.batch, self.wanted.force, result)
                    watched = self.progress, self.stop
                    result |= make_dataset(self.workspace, self.batch, graph, self.wanted.force, *watched)
                except BelowGate as error:
                    refusal = error
        failures = self.workspace.dispatcher.failures
        result["failures"] += [f"{one.handler} at {one.event}: {one.message}" for one in failures]
        kept = result | {"digest": digest, "outputs": self._outputs()}
        self.workspace.records.add_build(self.batch.id, kept)
        if refusal is not None:
            raise refusal
        return result
