# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""What is said of a graph's entities, made for many at once and kept: each is in some six pieces."""

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

import numpy as np

from enliterator_core import Graph, mention_of
from enliterator_path_text.telling import begun, mentions_of, names_as_json, written

_KEPT: Final = 50_000  # entities: some 30 MB
_POOL: Final = 8  # bits of a pool's code, before those of a kind

Array = Any
#: of things of one kind in a pool: these two, what stands before and after the name in a mention, where it has spaces,
#: and before it where it has none, and what stands before it as JSON
_Sort = tuple[str, str, str, str, str, str]


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
        self._sorts: dict[int, _Sort] = {}
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
        sorts = (entities.kind[numbers].astype(int) << _POOL | entities.pool[numbers]).tolist()
        pools, kinds, *frames, opened = zip(*[self._sorts.get(sort) or self._sort(sort) for sort in sorts], strict=True)
        mentions = mentions_of(pools, kinds, names, frames)
        ids = map(entities.ids.__getitem__, each)
        texts, beginnings = written(pools, names), begun(mentions)
        return zip(ids, opened, names_as_json(names), texts, kinds, mentions, beginnings, strict=True)

    def _sort(self, code: int) -> _Sort:
        """Return what things of one kind in a pool have in common, by the number that both have together."""
        pool, kind = self._entities.pools[code & (1 << _POOL) - 1], self._entities.kinds[code >> _POOL]
        before, after = mention_of(pool, kind, "\0 \0").split("\0 \0")
        plain = mention_of(pool, kind, "\0").removesuffix("\0")
        said = self._sorts[code] = pool, kind, before, after, plain, f'}},{{"pool":"{pool}","name":'
        return said
