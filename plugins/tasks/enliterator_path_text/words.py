# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""What is said of a graph's entities, made for many at once and kept: each is in some six pieces."""

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

import numpy as np

from enliterator_core import Graph
from enliterator_path_text.telling import begun, names_as_json, written

_KEPT: Final = 50_000  # entities: some 30 MB

Array = Any


class Said(NamedTuple):
    """What is said of some entities, a column for each field: the id; what stands before the name in JSON, where it is
    not the first node, and the name; the node as text; the kind; how prose mentions it, and how a sentence begins."""

    ids: tuple[str, ...]
    opened: tuple[str, ...]
    names: tuple[str, ...]
    texts: tuple[str, ...]
    kinds: tuple[str, ...]
    mentions: tuple[str, ...]
    begun: tuple[str, ...]


class Words:
    """The words for the entities of one graph."""

    def __init__(self, graph: Graph) -> None:
        self._entities = graph.arrays.entities
        self._opened = [f'}},{{"pool":"{pool}","name":' for pool in self._entities.pools]
        self._known: dict[int, tuple[str, ...]] = {}
        self._is_known = np.zeros(len(self._entities), bool)

    def of(self, numbers: Array) -> Said:
        """Return what is said of entities (at least one), by their numbers."""
        missing = np.unique(numbers[~self._is_known[numbers]])
        if len(self._known) + len(missing) > _KEPT:
            self._known.clear()
            self._is_known[:] = False
            missing = np.unique(numbers)
        if len(missing):
            self._known.update(zip(missing.tolist(), self._made(missing), strict=True))
            self._is_known[missing] = True
        return Said(*zip(*map(self._known.__getitem__, numbers.tolist()), strict=True))

    def _made(self, numbers: Array) -> Iterator[tuple[str, ...]]:
        """Yield the row of each entity."""
        entities, each = self._entities, numbers.tolist()
        names = list(map(entities.names.__getitem__, each))
        codes, mentions = entities.pool[numbers].tolist(), entities.mentions(numbers)
        return zip(
            map(entities.ids.__getitem__, each),
            map(self._opened.__getitem__, codes),
            names_as_json(names),
            written(map(entities.pools.__getitem__, codes), names),
            map(entities.kinds.__getitem__, entities.kind[numbers].tolist()),
            mentions,
            begun(mentions),
            strict=True,
        )
