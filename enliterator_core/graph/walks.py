# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Many walks along a graph's steps at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from attrs import frozen

from enliterator_core.graph.arrays import VERB_NAMES, Arrays
from enliterator_core.graph.path import Path

if TYPE_CHECKING:
    from numpy.typing import NDArray


@frozen(eq=False)
class Walks:
    """Simple paths of one length: a row each of ``nodes`` (numbers of entities) and ``steps`` between them."""

    arrays: Arrays
    nodes: NDArray[np.int32]
    steps: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.nodes)

    def path(self, row: int) -> Path:
        """Return one of them with ids and verbs."""
        ids, verbs = self.arrays.entities.ids, self.arrays.steps.verb[self.steps[row]]
        return Path(tuple(ids[node] for node in self.nodes[row]), tuple(VERB_NAMES[verb] for verb in verbs))


def walk(
    arrays: Arrays, starts: NDArray[Any], verbs: Sequence[str | None], points: Callable[..., NDArray[np.uint64]]
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return nodes and steps of the simple paths that go from each start by the verbs in turn, None being any.

    ``points(keys, *context)`` gives 64 bits for each key; a start from which a choice leads nowhere, or back to where
    the path has been, has no path.
    """
    steps, keys = arrays.steps, arrays.entities.keys
    nodes = np.empty((len(starts), len(verbs) + 1), np.int32)
    taken = np.empty((len(starts), len(verbs)), np.int32)
    nodes[:, 0] = starts
    for at, verb in enumerate(verbs):
        here, key = nodes[:, at], keys[nodes[:, 0]]
        group = steps.choose(here, points(key, "verb", str(at))) if verb is None else steps.groups_by(verb)[here]
        if (group < 0).any():
            there = np.flatnonzero(group >= 0)
            nodes, taken, key, group = nodes[there], taken[there], key[there], group[there]
        taken[:, at] = steps.follow(group, points(key, "step", str(at)))
        nodes[:, at + 1] = steps.other[taken[:, at]]
        back = nodes[:, 0] == nodes[:, at + 1]
        for before in range(1, at + 1):
            back |= nodes[:, before] == nodes[:, at + 1]
        if back.any():
            nodes, taken = nodes[~back], taken[~back]
    return nodes, taken


def walks(
    arrays: Arrays,
    starts: NDArray[Any],
    verbs: Sequence[str | None],
    walkers: int,
    points: Callable[..., NDArray[np.uint64]],
) -> Walks:
    """Return the paths of some walkers from each start, by start, then walker, none twice."""
    found = [
        walk(arrays, starts, verbs, lambda keys, *context, walker=walker: points(keys, str(walker), *context))
        for walker in range(walkers)
    ]
    nodes, steps = np.concatenate([one[0] for one in found]), np.concatenate([one[1] for one in found])
    if walkers > 1:
        number = np.repeat(np.arange(walkers), [len(one[0]) for one in found])
        _, first = np.unique(np.column_stack((nodes[:, :1], steps)), axis=0, return_index=True)
        order = first[np.lexsort((number[first], nodes[first, 0]))]
        nodes, steps = nodes[order], steps[order]
    return Walks(arrays, nodes, steps)
