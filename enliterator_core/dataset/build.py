# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""From a graph to a dataset: generated, verified, cleaned, split, balanced, written and proven."""

import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from enliterator_core.contracts.stage import Progress
from enliterator_core.contracts.task_type import TaskType
from enliterator_core.dataset import card, write
from enliterator_core.dataset.generate import Completer, Made, make
from enliterator_core.dataset.prove import holds, prove
from enliterator_core.dataset.settings import SCHEMA_VERSION, SPLITS, DatasetResult, DatasetSettings
from enliterator_core.dataset.split import balance, place, thin, without_contradictions
from enliterator_core.errors import EnliteratorError, InterruptedBuild
from enliterator_core.folders import building, discard, put_in_place
from enliterator_core.graph import Graph
from enliterator_core.nouns import Batch, Example
from enliterator_core.version import __version__


def build_dataset(
    graph: Graph,
    task_types: Sequence[TaskType],
    *,
    batch: Batch,
    literacy: Mapping[str, Any],
    folder: Path,
    settings: DatasetSettings | None = None,
    forced: bool = False,
    configuration: Mapping[str, Any] | None = None,
    progress: Progress | None = None,
    stop: threading.Event | None = None,
) -> DatasetResult:
    """Build the dataset of a batch in ``folder``, written beside and renamed, and return what came of it.

    ``literacy`` is the literacy note; the gate is the caller's, ``forced`` says that it was passed by force, and
    ``configuration`` (JSON values) is kept with the dataset. The same graph and settings give the same bytes. Raises
    InterruptedBuild once ``stop`` is set, and leaves what was in the folder.
    """
    settings, progress, stop = settings or DatasetSettings(), progress or Progress(), stop or threading.Event()
    made = _make_all(graph, task_types, settings, progress, stop)
    dropped = Counter[str]()
    for one in made:
        dropped.update(one.dropped)
    every = without_contradictions((example for one in made for example in one.examples.values()), dropped)
    splits = balance(place(every, settings, dropped), settings, dropped)
    if stop.is_set():
        raise InterruptedBuild("stopped", hint="run the same command again to go on where it stopped")
    tasks = {one.task.name: 0 for one in made}
    tasks |= dict(sorted(Counter(example.task for examples in splits.values() for example in examples).items()))
    metadata: dict[str, Any] = {
        "schema_version": SCHEMA_VERSION,
        "versions": _versions(),
        "batch": {"id": batch.id, "name": batch.name},
        "settings": {"dataset": settings.snapshot(), "configuration": dict(configuration or {})},
        "seed": settings.seed,
        "literacy": {key: literacy.get(key) for key in ("score", "maturity", "gate")},
        "forced": forced,
        "splits": {name: len(splits[name]) for name in SPLITS},
        "tasks": tasks,
        "prompts": {one.task.name: _prompt(one.task) for one in made},
        "dropped": {reason: count for reason, count in sorted(dropped.items()) if count},
        "problems": [{"task": problem.task, "message": problem.message} for one in made for problem in one.problems],
        "thin": thin(splits, tasks, settings),
        "rights": write.rights_table(example for examples in splits.values() for example in examples),
    }
    _write(folder, splits, metadata)
    return DatasetResult(
        str(folder),
        metadata["splits"],
        tasks,
        metadata["dropped"],
        tuple(problem for one in made for problem in one.problems),
        metadata["thin"],
        metadata["proof"],
        forced,
    )


def _make_all(
    graph: Graph, task_types: Sequence[TaskType], settings: DatasetSettings, progress: Progress, stop: threading.Event
) -> list[Made]:
    completer = Completer(graph, settings)
    made = []
    progress.begin("dataset", len(task_types))
    for task in sorted(task_types, key=lambda one: one.name):
        made.append(make(task, completer, stop))
        progress.advance()
    progress.end()
    return made


def _prompt(task: TaskType) -> dict[str, Any]:
    return {
        "version": task.prompt_version,
        "system_prompt": task.system_prompt,
        "answer_schema": task.answer_schema,
    }


def _versions() -> dict[str, str]:
    return {"enliterator": __version__}


def _write(folder: Path, splits: Mapping[str, list[Example]], metadata: dict[str, Any]) -> None:
    """Write all files beside the folder, prove them, and put them in its place; adds `files` and `proof`."""
    new = building(folder)
    try:
        write.write_lines(new, splits)
        metadata["proof"] = prove(new)
        if not holds(metadata["proof"]):
            raise EnliteratorError(
                f"{folder}: the splits leak ({metadata['proof']}), so nothing was written",
                hint="this is a fault in Enliterator: please report it with these figures",
            )
        metadata["files"] = write.hashes(new)
        write.write_json(new / "croissant.json", card.croissant(metadata))
        (new / "README.md").write_text(card.card(metadata), encoding="utf-8", newline="\n")
        metadata["files"] = write.hashes(new)
        write.write_json(new / write.METADATA, metadata)
    except BaseException:
        discard(folder)
        raise
    put_in_place(folder)
