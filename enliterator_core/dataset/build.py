# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""From a graph to a dataset: planned, generated, verified, cleaned, split, balanced, written and proven."""

from __future__ import annotations

import gc
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from shutil import rmtree
from typing import TYPE_CHECKING, Any, Final

from attrs import frozen

from enliterator_core.contracts.engine import Engine
from enliterator_core.contracts.stage import Progress
from enliterator_core.contracts.storage import GraphStorage
from enliterator_core.contracts.task_type import TaskType
from enliterator_core.dataset import card, write
from enliterator_core.dataset.generate import Made, Maker
from enliterator_core.dataset.plan import Thin, balance, plan_lines, plan_of, shortfall, thin_tasks
from enliterator_core.dataset.prove import holds, prove
from enliterator_core.dataset.rows import Rows
from enliterator_core.dataset.schemas import write_schemas
from enliterator_core.dataset.settings import SCHEMA_VERSION, SPLITS, DatasetResult, DatasetSettings, TaskProblem
from enliterator_core.dataset.spilled import Spilled
from enliterator_core.dataset.split import one_of_each, place
from enliterator_core.errors import EnliteratorError, InterruptedBuild
from enliterator_core.folders import building, discard, put_in_place
from enliterator_core.graph import Graph
from enliterator_core.graph.memory import give_back
from enliterator_core.nouns import Batch, Rights
from enliterator_core.version import __version__

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_SPILL: Final = "spill"
_ALLOCATED: Final = 100_000  # objects after which the newest are looked through


@contextmanager
def _seldom_collected() -> Iterator[None]:
    """Have garbage that holds itself looked for seldom, and not among all that is there already.

    Drafts and lines are many, short-lived, and free of circles.
    """
    before = gc.get_threshold()
    gc.set_threshold(_ALLOCATED, *before[1:])
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
        gc.set_threshold(*before)


@_seldom_collected()
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
    engine: Engine | None = None,
    reopen: Callable[[], GraphStorage] | None = None,
) -> DatasetResult:
    """Build the dataset of a batch in ``folder``, written beside and renamed, and return what came of it.

    ``literacy`` is the literacy note; the gate is the caller's, ``forced`` says that it was passed by force, and
    ``configuration`` (JSON values) is kept with the dataset. The tasks run on the ``engine``, without one here, one
    after the other; other processes read the graph from what ``reopen`` returns. The same graph and settings give the
    same bytes. Raises InterruptedBuild once ``stop`` is set, and leaves what was in the folder.
    """
    settings, progress, stop = settings or DatasetSettings(), progress or Progress(), stop or threading.Event()
    tasks = sorted(task_types, key=lambda one: one.name)
    score = float(literacy.get("score") or 0)
    thin = Thin(graph, score)
    plan = plan_of([task.name for task in tasks], thin, graph, score, settings)
    for line in plan_lines(plan):
        progress.tell(line)
    new = building(folder)
    try:
        (new / _SPILL).mkdir()
        if engine is not None:  # what processes share is read before there are any
            len(graph.entities), len(graph.relations), len(graph.terms)
        maker = Maker(graph, settings, thin, new / _SPILL, stop, reopen)
        made = _make_all(maker, tasks, engine, progress)
        graph.forget()  # what follows needs the room, and the graph no more
        give_back(sum(one.examples for one in made))
        if stop.is_set():
            raise InterruptedBuild("stopped", hint="run the same command again to go on where it stopped")
        metadata: dict[str, Any] = {
            "schema_version": SCHEMA_VERSION,
            "versions": {"enliterator": __version__},
            "batch": {"id": batch.id, "name": batch.name},
            "settings": {"dataset": settings.snapshot(), "configuration": dict(configuration or {})},
            "seed": settings.seed,
            "literacy": {key: literacy.get(key) for key in ("score", "maturity", "gate")},
            "forced": forced,
            "plan": plan,
            "prompts": {task.name: _prompt(task) for task in tasks},
        }
        with closing(_spilled(new, tasks, made)) as spilled:
            chosen = _chosen(made, spilled, plan, settings, new / _SPILL)
            _write(new, tasks, chosen, spilled, made, metadata, settings)
    except BaseException:
        discard(folder)
        raise
    put_in_place(folder)
    return _result(folder, metadata)


def _make_all(maker: Maker, tasks: Sequence[TaskType], engine: Engine | None, progress: Progress) -> list[Made]:
    def make(number: int) -> Made:
        return maker.make(tasks[number])

    made = []
    progress.begin("dataset", len(tasks))
    numbers = range(len(tasks))
    for one in map(make, numbers) if engine is None else engine.map_batches(make, numbers):
        made.append(one)
        progress.advance()
    progress.end()
    return made


@frozen(eq=False)
class _Chosen:
    """What goes into the files: rows with their ``splits`` (places in SPLITS), and what is told of them.

    ``counts`` has a row of each task's examples by split, ``rights`` says how many there are under which, ``tokens``
    how many each split has.
    """

    rows: NDArray[np.int64]
    splits: NDArray[np.int8]
    counts: NDArray[np.int64]
    rights: Sequence[tuple[Rights, int]]
    tokens: Sequence[int]
    dropped: Counter[str]


def _chosen(
    made: Sequence[Made], spilled: Spilled, plan: Mapping[str, Any], settings: DatasetSettings, scratch: Path
) -> _Chosen:
    """Clean, split and balance what was made; what is kept of many examples is kept in the folder ``scratch``."""
    import numpy as np

    every, dropped = spilled.rows, sum((one.dropped for one in made), Counter[str]())
    rows = one_of_each(every, dropped)
    give_back(len(every), garbage=False)
    splits = place(every, rows, spilled.texts, settings, dropped, scratch)
    splits = balance(every, rows, splits, [one.task for one in made], plan, settings, dropped)
    kept = np.flatnonzero(splits >= 0)
    rows, splits = rows[kept], splits[kept]
    cells = np.bincount(every.task()[rows] * len(SPLITS) + splits, minlength=len(made) * len(SPLITS))
    codes: dict[Rights, int] = {}
    known = [[codes.setdefault(each, len(codes)) for each in one.rights] for one in made]
    by_rights = np.bincount(every.rights(known)[rows], minlength=len(codes)).tolist()
    tokens = np.bincount(splits, every.column("tokens")[rows], len(SPLITS)).astype(int).tolist()
    rights = list(zip(codes, by_rights, strict=True))
    return _Chosen(rows, splits, cells.reshape(len(made), len(SPLITS)), rights, tokens, dropped)


def _spilled(new: Path, tasks: Sequence[TaskType], made: Sequence[Made]) -> Spilled:
    """Open what was made, to be read again."""
    paths = [new / _SPILL / task.name for task in tasks]
    prompts = {task.name: task.system_prompt for task in tasks}
    return Spilled(paths, prompts, Rows(paths, [one.examples for one in made]))


def _prompt(task: TaskType) -> dict[str, Any]:
    return {
        "version": task.prompt_version,
        "system_prompt": task.system_prompt,
        "answer_schema": task.answer_schema,
    }


def _write(
    new: Path,
    tasks: Sequence[TaskType],
    chosen: _Chosen,
    spilled: Spilled,
    made: Sequence[Made],
    metadata: dict[str, Any],
    settings: DatasetSettings,
) -> None:
    """Write all files, prove them, and fill the metadata with what is told of them."""
    counts = {
        task.name: dict(zip(SPLITS, row, strict=True)) for task, row in zip(tasks, chosen.counts.tolist(), strict=True)
    }
    totals = {task: sum(by_split.values()) for task, by_split in counts.items()}
    files = write.write_lines(new, chosen.rows, chosen.splits, spilled)
    spilled.close()
    rmtree(new / _SPILL)
    give_back(len(chosen.rows), garbage=False)
    metadata |= {
        "splits": {name: sum(by_split[name] for by_split in counts.values()) for name in SPLITS},
        "tasks": totals,
        "counts": counts,
        "drafts": {one.task: one.drafts for one in made},
        "dropped": {reason: count for reason, count in sorted(chosen.dropped.items()) if count},
        "problems": [{"task": problem.task, "message": problem.message} for one in made for problem in one.problems],
        "thin": thin_tasks(counts, settings),
        "languages": dict(sorted(sum((one.languages for one in made), Counter[str]()).items())),
        "rights": write.rights_table(chosen.rights),
    }
    metadata["plan"] |= {"not_given": shortfall(metadata["plan"], totals)}
    if settings.tokens:
        metadata["tokens"] = dict(zip(SPLITS, chosen.tokens, strict=True))
    metadata["proof"] = prove(new)
    if not holds(metadata["proof"]):
        raise EnliteratorError(
            f"{new}: the splits leak ({metadata['proof']}), so nothing was written",
            hint="this is a fault in Enliterator: please report it with these figures",
        )
    files |= write_schemas(new / "schemas", tasks)
    metadata["files"] = files
    files["croissant.json"] = write.write_json(new / "croissant.json", card.croissant(metadata))
    files["README.md"] = write.write_bytes(new / "README.md", card.card(metadata).encode())
    metadata["files"] = dict(sorted(files.items()))
    write.write_json(new / write.METADATA, metadata)


def _result(folder: Path, metadata: Mapping[str, Any]) -> DatasetResult:
    problems = tuple(TaskProblem(one["task"], one["message"]) for one in metadata["problems"])
    return DatasetResult(
        str(folder),
        metadata["splits"],
        metadata["tasks"],
        metadata["dropped"],
        problems,
        metadata["thin"],
        metadata["proof"],
        metadata["forced"],
        metadata["plan"],
    )
