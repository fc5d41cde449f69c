# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""How many examples of what: planned from the score and the gaps, and told where the graph cannot give them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from enliterator_core.dataset.parts import Parts
from enliterator_core.dataset.settings import SPLITS, DatasetSettings, shares_of
from enliterator_core.graph import Graph
from enliterator_core.nouns import Gap

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from enliterator_core.dataset.rows import Rows


class Thin:
    """The thin regions of a graph: the entities and sources that its gaps are about.

    Where a task is cut down, an example that touches one is kept more readily by ``factor``: 100 over the literacy
    score, so that what is thin weighs the more, the more the graph lacks.
    """

    def __init__(self, graph: Graph, score: float) -> None:
        gaps = graph.gaps()
        self.factor = 100 / min(max(score, 1), 100)
        self.kinds = dict(sorted(Counter(gap.kind for gap in gaps).items()))
        self.sources = {gap.subject for gap in gaps if gap.subject in graph.sources}
        self.entities = set(_entities(graph, gaps))

    def codes(self, parts: Parts) -> list[int]:
        """Return 1 for each draft that touches a thin region, else 0."""
        entities, sources = self.entities, self.sources
        touched = [int(not entities.isdisjoint(ids)) for ids in parts.entities] if entities else [0] * len(parts)
        if not sources.isdisjoint(parts.sources):
            for number, source in zip(parts.owners(), parts.sources, strict=True):
                if source in sources:
                    touched[number] = 1
        return touched


def _entities(graph: Graph, gaps: Sequence[Gap]) -> Iterator[str]:
    """Yield the ids of the entities that gaps name (`Idea(Swarm).`), and those in the pools that they say are thin."""
    for gap in gaps:
        pool, opened, name = gap.subject.removesuffix(".").removesuffix(")").partition("(")
        entity = graph.named(pool, name) if opened else None
        if entity is not None:
            yield entity.id
    thin = {gap.subject for gap in gaps if gap.kind == "thin_pool"}
    if thin:
        yield from (id for id, entity in graph.entities.items() if entity.pool in thin)


def plan_of(tasks: Sequence[str], thin: Thin, graph: Graph, score: float, settings: DatasetSettings) -> dict[str, Any]:
    """Return the plan as JSON values: what each task may come to, before anything is made.

    ``share`` is a task's part of all by its weight, ``most`` how many that is of the target size (None without one),
    ``up_to`` the part of all that it never exceeds.
    """
    weights = {task: settings.weights.get(task, 1.0) for task in tasks}
    total = sum(weights.values()) or 1.0
    bound = most_of_all(len(tasks), settings)
    return {
        "target": settings.examples or None,
        "seed": settings.seed,
        "score": score,
        "graph": {**graph.storage.counts(), "gaps": sum(thin.kinds.values())},
        "thin": {
            "factor": round(thin.factor, 3),
            "entities": len(thin.entities),
            "sources": len(thin.sources),
            "gaps": thin.kinds,
        },
        "tasks": {
            task: {
                "weight": weight,
                "share": round(weight / total, 4),
                "up_to": round(max(bound, weight / total), 4),
                "most": round(settings.examples * weight / total) if settings.examples else None,
            }
            for task, weight in weights.items()
        },
    }


def plan_lines(plan: Mapping[str, Any]) -> Iterator[str]:
    """Yield the plan for people to read."""
    size = f"{plan['target']:,} examples" if plan["target"] else "all that the graph gives"
    counts = ", ".join(f"{count:,} {name}" for name, count in plan["graph"].items())
    yield f"plan: {size}, seed {plan['seed']}, from {counts}; score {plan['score']:.1f}"
    for name, task in plan["tasks"].items():
        many = f"{task['most']:,}" if task["most"] is not None else f"up to {task['up_to']:.0%} of all"
        yield f"  {name:<16} {many}" + ("" if task["weight"] == 1 else f" (weight {task['weight']:g})")
    thin = plan["thin"]
    if thin["entities"] or thin["sources"]:
        yield (
            f"  where a task gives more: what touches {thin['entities']:,} entities and"
            f" {thin['sources']:,} sources with gaps is kept {thin['factor']:.2g} times as readily"
        )


def most_of_all(tasks: int, settings: DatasetSettings) -> float:
    """Return the share of all examples that no task exceeds: with few tasks each must have more."""
    return max(settings.max_share, 2 / (tasks + 1)) if tasks else 1.0


def fair(counts: Mapping[str, int], shares: Mapping[str, float]) -> dict[str, int]:
    """Return how many of each task may stay, so that none is more than its share of what stays."""
    room = dict(counts)
    while True:
        # Every task over its share is cut to what the others, as they are now, leave it; that can make others too many.
        total = sum(room.values())
        over = [task for task, count in room.items() if shares[task] < 1 and count > shares[task] * total]
        if not over:
            return room
        largest = max(over, key=lambda task: (room[task], task))
        rest = total - room[largest]
        room[largest] = int(shares[largest] * rest / (1 - shares[largest]))


def balance(
    every: Rows,
    rows: NDArray[np.int64],
    splits: NDArray[np.int8],
    tasks: Sequence[str],
    plan: Mapping[str, Any],
    settings: DatasetSettings,
    dropped: Counter[str],
) -> NDArray[np.int8]:
    """Return the splits with every task cut down to its share, and to its part of the target size; -1 for what goes.

    Which go is decided by their ids and by what touches a thin region: the order is that of drawing without
    replacement in proportion to weights (Efraimidis and Spirakis, 2006), the id being the die.
    """
    import numpy as np

    of_task = np.where(splits >= 0, every.task()[rows], -1)
    counts = dict(zip(tasks, np.bincount(of_task + 1, minlength=len(tasks) + 1)[1:].tolist(), strict=True))
    used = [task for task in tasks if counts[task]]
    bound = most_of_all(len(used), settings)
    wanted = {task: min(counts[task], most) for task in used if (most := plan["tasks"][task]["most"]) is not None}
    limited = {task: wanted.get(task, counts[task]) for task in used}
    room = fair(limited, {task: max(bound, plan["tasks"][task]["share"]) for task in used})
    ids, regions = every.column("id"), every.column("region")
    kept = splits.copy()
    for number, task in enumerate(tasks):
        most = room.get(task, 0)
        if most < counts[task]:
            mine = np.flatnonzero(of_task == number)
            id, thin = ids[rows[mine]], regions[rows[mine]] > 0
            draw = -np.log((id.astype(np.float64) + 1) / 2**64) / np.where(thin, plan["thin"]["factor"], 1.0)
            kept[mine[np.lexsort((id, draw))[most:]]] = -1
        dropped["over_target"] += max(0, counts[task] - limited.get(task, 0))
        dropped["over_share"] += max(0, limited.get(task, 0) - most)
    return kept


def shortfall(plan: Mapping[str, Any], counts: Mapping[str, int]) -> dict[str, str]:
    """Return what the graph could not give, by task."""
    told = {}
    for task, planned in plan["tasks"].items():
        if not counts.get(task):
            told[task] = "the graph gives none"
        elif planned["most"] is not None and counts[task] < planned["most"]:
            told[task] = f"the graph gives {counts[task]:,} of {planned['most']:,} planned"
    return told


def thin_tasks(counts: Mapping[str, Mapping[str, int]], settings: DatasetSettings) -> dict[str, list[str]]:
    """Return the tasks that each used split has no example of, and under `share` those that make up too little.

    ``counts`` has a count for each split of each task.
    """
    shares = shares_of(settings.split)
    few = {name: [task for task in counts if not counts[task][name]] for name in SPLITS if shares[name] > 0}
    totals = {task: sum(by_split.values()) for task, by_split in counts.items()}
    few["share"] = [task for task, count in totals.items() if count < settings.min_share * sum(totals.values())]
    return {name: names for name, names in few.items() if names}
