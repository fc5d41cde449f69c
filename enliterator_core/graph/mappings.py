# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Mappings over a graph's arrays that make their nouns when asked and keep the last few thousand."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import orjson

from enliterator_core.graph.arrays import SIZE, Arrays, EntityArrays
from enliterator_core.graph.folding import fold_all
from enliterator_core.graph.kept import Kept
from enliterator_core.graph.memory import give_back
from enliterator_core.graph.packed import Texts, one_by_one
from enliterator_core.nouns import Entity, Relation, Term

if TYPE_CHECKING:
    from numpy.typing import NDArray

_KEPT: Final = 1 << 13
_TOGETHER: Final = 256  # terms that are read at once


class Entities(Mapping[str, Entity]):
    """Every entity by id, in the order of pool and name."""

    def __init__(self, arrays: Arrays) -> None:
        self._numbers, self._size = arrays.entities.numbers, len(arrays.entities)
        self._make = arrays.entities.make
        self.kept: Mapping[int, Entity] = Kept(self._make, _KEPT)

    def __getitem__(self, id: str) -> Entity:
        return self.kept[self._numbers[id]]

    def get(self, id: str, default: Any = None) -> Any:
        """Return the entity with that id, or the default: what Mapping does, without an exception."""
        number = self._numbers.get(id)
        return default if number is None else self.kept[number]

    def __contains__(self, id: object) -> bool:
        return id in self._numbers

    def __iter__(self) -> Iterator[str]:
        return iter(self._numbers)

    def __len__(self) -> int:
        return self._size


class Relations(Mapping[tuple[str, str, str], Relation]):
    """Every relation by its key (subject, verb, object), in that order."""

    def __init__(self, arrays: Arrays) -> None:
        self._arrays = arrays
        self._relations, self._numbers = arrays.relations, arrays.entities.numbers
        self.kept: Mapping[int, Relation] = Kept(self._relations.make, _KEPT)

    def row(self, key: Any) -> int:
        """Return the row of the relation with that key; -1 for none."""
        try:
            subject, verb, object = key
            subject, object = self._numbers.get(subject), self._numbers.get(object)
        except (TypeError, ValueError):
            return -1
        if subject is None or object is None or not isinstance(verb, str):
            return -1
        row = self._arrays.steps.find(subject, verb, object)
        return row if row >= 0 and self._relations.key(row) == key else -1

    def __getitem__(self, key: tuple[str, str, str]) -> Relation:
        row = self.row(key)
        if row < 0:
            raise KeyError(key)
        return self.kept[row]

    def get(self, key: tuple[str, str, str], default: Any = None) -> Any:
        """Return the relation with that key, or the default: what Mapping does, without an exception."""
        row = self.row(key)
        return default if row < 0 else self.kept[row]

    def __contains__(self, key: object) -> bool:
        return self.row(key) >= 0

    def __iter__(self) -> Iterator[tuple[str, str, str]]:
        key = self._relations.key
        return (key(row) for row in range(len(self._relations)))

    def __len__(self) -> int:
        return len(self._relations)


class Terms(Mapping[str, Term]):
    """Every term by its entity's id, in the order of pool and name; read once and kept as JSON.

    What a term says as its entity does (pool, name, description, nearly always) is kept with that alone. Surface forms
    alone are read faster than a term is made: ``surface[id]`` has those of any entity, of one without a term none.
    """

    def __init__(self, terms: Iterable[Term], entities: EntityArrays) -> None:
        self._entities = entities
        self._rows: dict[str, int] = {}
        self._fields = Texts()
        rest = iter(terms)
        while some := list(islice(rest, SIZE)):
            numbers = [entities.numbers.get(term.entity) for term in some]
            self._fields.add_encoded(list(map(orjson.dumps, map(self._told, some, numbers))))
            ids = [
                term.entity if number is None else entities.ids[number]
                for term, number in zip(some, numbers, strict=True)
            ]
            self._rows.update(zip(ids, range(len(self._rows), len(self._rows) + len(ids)), strict=True))
        self._fields.finish()
        give_back(len(self._rows))
        self._kept: Mapping[str, Term] = Kept(self._made, _KEPT)
        self.surface: Mapping[str, list[str]] = Kept(self._surface_of, _KEPT)

    def _told(self, term: Term, number: int | None) -> tuple[Any, ...]:
        """Return what is kept of a term: its forms, then what else it has, then what it says as its entity does not."""
        said = term.pool, term.name, term.description
        if number is None or said != self._said(number):
            return term.surface_forms, term.negative_forms, term.languages, said
        if term.languages:
            return term.surface_forms, term.negative_forms, term.languages
        return term.surface_forms, term.negative_forms

    def _said(self, number: int) -> tuple[str, ...]:
        """Return an entity's pool, name and description."""
        entities = self._entities
        return entities.pool_of(number), entities.names[number], entities.descriptions[number]

    def _made(self, id: str) -> Term:
        surface, negative, *told = orjson.loads(self._fields[self._rows[id]])
        languages = tuple((form, tag) for form, tag in told[0]) if told else ()
        pool, name, description = told[1] if len(told) > 1 else self._said(self._entities.numbers[id])
        return Term(id, pool, name, description, tuple(surface), tuple(negative), languages)

    def __getitem__(self, id: str) -> Term:
        return self._kept[id]

    def get(self, id: str, default: Any = None) -> Any:
        """Return the term of the entity with that id, or the default: what Mapping does, without an exception."""
        return self._kept[id] if id in self._rows else default

    def _surface_of(self, id: str) -> list[str]:
        row = self._rows.get(id)
        surface: list[str] = [] if row is None else orjson.loads(self._fields[row])[0]
        return surface

    def forms_of(self, ids: Iterable[str]) -> list[tuple[list[str], list[str], str | None]]:
        """Return the surface forms and negative forms of entities' terms, with what a term describes its entity by
        where the entity does not, without making the terms; nothing for an entity without a term."""
        fields, row_of = self._fields, self._rows.get
        told = ",".join(["[[],[]]" if (row := row_of(id)) is None else fields[row] for id in ids])
        return [
            (surface, negative, rest[1][2] if len(rest) > 1 else None)
            for surface, negative, *rest in orjson.loads(f"[{told}]")
        ]

    def forms(self) -> Iterator[tuple[str, list[str], list[str]]]:
        """Yield each entity's id with its term's surface forms and negative forms, without making the terms."""
        ids, fields = iter(self._rows), self._fields
        for first in range(0, len(fields), _TOGETHER):
            told = ",".join([fields[row] for row in range(first, min(first + _TOGETHER, len(fields)))])
            for id, (surface, negative, *_) in zip(islice(ids, _TOGETHER), orjson.loads(f"[{told}]"), strict=True):
                yield id, surface, negative

    def __contains__(self, id: object) -> bool:
        return id in self._rows

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)


class BySource(Mapping[str, list[Entity]]):
    """The entities that each source gives evidence for, under its path, in the order of pool and name."""

    def __init__(self, arrays: Arrays, entities: Entities) -> None:
        spans = arrays.entities.spans
        path = spans.places[:, 0].astype(np.int64)
        number = np.repeat(np.arange(len(arrays.entities)), np.diff(spans.offsets))
        pairs = np.unique(path * max(len(arrays.entities), 1) + number)
        self._numbers: NDArray[np.int32] = (pairs % max(len(arrays.entities), 1)).astype(np.int32)
        self._bounds = np.searchsorted(pairs // max(len(arrays.entities), 1), np.arange(len(spans.paths) + 1))
        codes, first = np.unique(path, return_index=True)
        self._codes = {spans.paths[code]: code for code in codes[np.argsort(first)].tolist()}
        self._entities = entities

    def numbers(self, path: str) -> list[int]:
        """Return the numbers of the entities under a path."""
        code = self._codes[path]
        numbers: list[int] = self._numbers[self._bounds[code] : self._bounds[code + 1]].tolist()
        return numbers

    def __getitem__(self, path: str) -> list[Entity]:
        return [self._entities.kept[number] for number in self.numbers(path)]

    def __contains__(self, path: object) -> bool:
        return path in self._codes

    def __iter__(self) -> Iterator[str]:
        return iter(self._codes)

    def __len__(self) -> int:
        return len(self._codes)


class Forms:
    """Which entities a folded name or surface form may stand for, by its hash; whoever asks compares the texts.

    Rows are sorted by hash, names before surface forms, then by the order of entities or terms.
    """

    def __init__(self, entities: EntityArrays, terms: Terms) -> None:
        told, owners, some = array("q"), array("i"), list[str]()
        for id, surface, _ in terms.forms():
            number = entities.numbers.get(id)
            if number is not None:
                owners.extend([number] * len(surface))
                some += surface
                if len(some) >= SIZE:
                    told.extend(map(hash, fold_all(some)))
                    some.clear()
        told.extend(map(hash, fold_all(some)))
        hashes = np.concatenate((entities.folded, np.frombuffer(told, np.int64)))
        numbers = np.concatenate((np.arange(len(entities), dtype=np.int32), np.frombuffer(owners, np.int32)))
        # The sort is stable: what came first stays first among equals.
        order = np.argsort(hashes, kind="stable")
        hashes = hashes[order]
        self._hashes = one_by_one(hashes)
        self._numbers = one_by_one(numbers[order])
        # Where the hashes with each beginning stand, so that few are compared.
        bits = min(24, max(8, len(hashes).bit_length()))
        self._shift, self._first = 64 - bits, 1 << (bits - 1)
        self._bounds = one_by_one(
            np.searchsorted(hashes >> self._shift, np.arange(-self._first, self._first + 1)).astype(np.int32)
        )
        del numbers, order
        give_back(len(hashes))

    def find(self, hash: int) -> list[int]:
        """Return the numbers under a hash, each once."""
        place = (hash >> self._shift) + self._first
        start, end = self._bounds[place], self._bounds[place + 1]
        found: list[int] = []
        for at in range(start, end):
            if self._hashes[at] == hash:
                found.append(self._numbers[at])
        return found if len(found) < 2 else list(dict.fromkeys(found))
