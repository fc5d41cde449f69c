# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""A graph in arrays: an entity is its number, its place in the order of pool and name; a relation is its row.

What repeats (pools, kinds, verbs, rights, paths) is a code into a list of its own: see `packed`.
"""

from __future__ import annotations

from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from enliterator_core.canon import VERBS, reverse_of
from enliterator_core.graph.folding import fold_all
from enliterator_core.graph.memory import give_back
from enliterator_core.graph.packed import Codes, Spans, Texts, joined, one_by_one
from enliterator_core.nouns import Entity, Relation, Time, mention_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from enliterator_core.contracts.storage import GraphStorage
    from enliterator_core.graph.steps import Steps

_POOL: Final = 8  # bits of a pool's code, before those of a kind

SIZE: Final = 4_000  # rows read at a time: more would leave holes in memory

VERB_NAMES: Final = tuple(sorted({name for verb in VERBS.values() for name in (verb.name, verb.reverse)}))
"""Every verb and reverse verb, in alphabetical order, which is that of their codes."""

VERB_CODES: Final = {name: code for code, name in enumerate(VERB_NAMES)}

REVERSE: Final = np.array([VERB_CODES[reverse_of(name)] for name in VERB_NAMES], np.int8)
"""The code of each verb read the other way round."""

FORWARDS: Final = np.array([name in VERBS for name in VERB_NAMES])
"""Whether a relation is stored by this verb, not by its reverse."""


class EntityArrays:
    """Every entity by its number.

    ``ids`` and ``names`` are lists; ``pool``, ``kind``, ``time``, ``basis`` and ``rights`` are arrays of codes into
    ``pools``, ``kinds``, ``times``, ``bases`` and ``rights_ids``; ``keys`` are the ids as unsigned 64-bit numbers.
    """

    def __init__(self, storage: GraphStorage) -> None:
        keys: list[NDArray[np.uint64]] = []
        pool, kind, time, basis, rights = (Codes() for _ in range(5))
        self.names: list[str] = []
        self.descriptions, self.texts, self.spans = Texts(), Texts(), Spans()
        for columns in storage.scan_entities(SIZE):
            keys.append(columns.ids)
            self.names += columns.names
            pairs = (pool, columns.pools), (kind, columns.kinds), (time, columns.times), (basis, columns.bases)
            for codes, texts in (*pairs, (rights, columns.rights)):
                codes.add(texts)
            self.descriptions.add(columns.descriptions)
            self.texts.add(columns.texts)
            self.spans.add(columns.spans)
        self.descriptions.finish(), self.texts.finish(), self.spans.finish()
        self.keys: NDArray[np.uint64] = joined(keys, np.uint64)
        self.ids = [f"{key:016x}" for key in self.keys.tolist()]
        self.numbers = {id: number for number, id in enumerate(self.ids)}
        self.pool, self.kind, self.time = pool.finish().astype(np.int8), kind.finish(), time.finish()
        self.basis, self.rights = basis.finish().astype(np.int8), rights.finish()
        self.pools, self.kinds, self.times = pool.values, kind.values, time.values
        self.bases, self.rights_ids = basis.values, rights.values
        columns_ = (self.pool, self.kind, self.time, self.basis, self.rights)
        self._codes: tuple[memoryview[Any], ...] = tuple(one_by_one(one) for one in columns_)
        self._known_times: dict[tuple[int, int], Time] = {}
        self._frames: dict[int, tuple[str, str, str, str, str]] = {}

    def __len__(self) -> int:
        return len(self.ids)

    def pool_of(self, number: int) -> str:
        """Return an entity's pool."""
        pool: str = self.pools[self._codes[0][number]]
        return pool

    def kind_of(self, number: int) -> str:
        """Return an entity's kind."""
        kind: str = self.kinds[self._codes[1][number]]
        return kind

    def time_of(self, number: int) -> str | None:
        """Return the value of an entity's time."""
        time: str | None = self.times[self._codes[2][number]]
        return time

    @cached_property
    def folded(self) -> NDArray[np.int64]:
        """The hash of each name as names are looked up, which is another one in every process."""
        pieces = (self.names[start : start + SIZE] for start in range(0, len(self.names), SIZE))
        return np.fromiter(map(hash, chain.from_iterable(map(fold_all, pieces))), np.int64, len(self.names))

    def mentions(self, numbers: NDArray[Any]) -> list[str]:
        """Return how prose speaks of many entities, as :func:`mention_of` has it of each, in half the time."""
        known = self._frames
        sorts = (self.kind[numbers].astype(np.int64) << _POOL | self.pool[numbers]).tolist()
        frames = [known.get(sort) or self._frame(sort) for sort in sorts]
        return [
            # What may be named by its kind is told from what else begins like it by the name alone.
            mention_of(pool, kind, name)
            if name.startswith(kind)
            else f"{before}{name}{after}"
            if " " in name
            else f"{before_one}{name}"
            for name, (pool, kind, before, after, before_one) in zip(
                map(self.names.__getitem__, numbers.tolist()), frames, strict=True
            )
        ]

    def _frame(self, sort: int) -> tuple[str, str, str, str, str]:
        """Return pool and kind, what stands before and after a name of several words, and what before one of one."""
        pool, kind = self.pools[sort & (1 << _POOL) - 1], self.kinds[sort >> _POOL]
        before, after = mention_of(pool, kind, "\0 \0").split("\0 \0")
        before_one = mention_of(pool, kind, "\0").removesuffix("\0")
        frame = self._frames[sort] = pool, kind, before, after, before_one
        return frame

    def make(self, number: int) -> Entity:
        """Return the entity of that number."""
        pools, kinds, times, bases, rights = self._codes
        return Entity(
            self.pools[pools[number]],
            self.names[number],
            self.kinds[kinds[number]],
            self.descriptions[number],
            self.texts[number],
            self._time(times[number], bases[number]),
            self.rights_ids[rights[number]],
            self.spans.of(number),
        )

    def _time(self, time: int, basis: int) -> Time:
        """Return a time; of those that many things share there is one."""
        made = self._known_times.get((time, basis))
        if made is None:
            if len(self._known_times) >= SIZE:
                self._known_times.clear()
            made = self._known_times[time, basis] = Time(self.times[time], self.bases[basis])
        return made


class RelationArrays:
    """Every relation by its row, in the order of subject, verb and object (as ids).

    ``subject`` and ``object`` are numbers of entities, ``verb`` codes into :data:`VERB_NAMES`.
    """

    def __init__(self, storage: GraphStorage, entities: EntityArrays) -> None:
        order = np.argsort(entities.keys)
        keys = entities.keys[order]
        order = order.astype(np.int32)
        subjects, verbs, objects = list[Any](), list[Any](), list[Any]()
        confidences = list[Any]()
        predicate = Codes()
        self.spans = Spans()
        for columns in storage.scan_relations(SIZE):
            subjects.append(order[np.searchsorted(keys, columns.subjects)])
            objects.append(order[np.searchsorted(keys, columns.objects)])
            verbs.append(np.fromiter(map(VERB_CODES.__getitem__, columns.verbs), np.int8, len(columns.verbs)))
            confidences.append(np.array(columns.confidences, np.float64))
            predicate.add(columns.predicates)
            self.spans.add(columns.spans)
        self.spans.finish()
        self.subject: NDArray[np.int32] = joined(subjects, np.int32)
        self.object: NDArray[np.int32] = joined(objects, np.int32)
        self.verb: NDArray[np.int8] = joined(verbs, np.int8)
        self.confidence: NDArray[np.float64] = joined(confidences, np.float64)
        self.predicate = predicate.finish()
        self.predicates: list[str | None] = predicate.values
        self._ids = entities.ids
        columns_ = (self.subject, self.verb, self.object, self.confidence, self.predicate)
        self._codes: tuple[memoryview[Any], ...] = tuple(one_by_one(one) for one in columns_)

    def __len__(self) -> int:
        return len(self.subject)

    def key(self, row: int) -> tuple[str, str, str]:
        """Return a relation's key: subject, verb, object."""
        subject, verb, object, _, _ = self._codes
        return self._ids[subject[row]], VERB_NAMES[verb[row]], self._ids[object[row]]

    def make(self, row: int) -> Relation:
        """Return the relation of that row."""
        confidence, predicate = self._codes[3][row], self.predicates[self._codes[4][row]]
        return Relation(*self.key(row), self.spans.of(row), confidence, predicate)


class Arrays:
    """A graph's arrays, each part read at its first use: ``entities``, ``relations``, ``steps``.

    ``verbs`` names the verb of each code, ``reverse`` is the code that reads it the other way round, ``forwards`` says
    whether relations are stored by it, ``one_by_one`` returns an array's numbers for reading one at a time.
    """

    verbs: Final = VERB_NAMES
    reverse: Final = REVERSE
    forwards: Final = FORWARDS
    one_by_one = staticmethod(one_by_one)

    def __init__(self, storage: GraphStorage) -> None:
        self._storage = storage

    @cached_property
    def entities(self) -> EntityArrays:
        """Every entity by its number."""
        entities = EntityArrays(self._storage)
        give_back(len(entities))
        return entities

    @cached_property
    def relations(self) -> RelationArrays:
        """Every relation by its row."""
        relations = RelationArrays(self._storage, self.entities)
        give_back(len(relations))
        return relations

    @cached_property
    def steps(self) -> Steps:
        """Every relation from both of its ends."""
        from enliterator_core.graph.steps import Steps

        steps = Steps(len(self.entities), self.relations)
        give_back(len(self.relations))
        return steps
