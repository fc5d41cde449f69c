# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""What people are let call a graph's things, and which of those names several things have."""

from array import array
from functools import cached_property
from typing import Any, Final

import numpy as np

from enliterator_core import Graph, fold

_MOST_FORMS: Final = 4
_FOLDED: Final = 10000  # names at a time


class Names:
    """The names of the things of a graph: of each its own and the first of its other forms."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._entities = graph.arrays.entities
        self._terms = graph.terms

    def of(self, id: str, name: str) -> tuple[str, ...]:
        """Return what people may call an entity, its own name first."""
        term = self._terms.get(id)
        names = tuple(dict.fromkeys((name, *term.surface_forms[:_MOST_FORMS]))) if term else (name,)
        return names if all(map(str.strip, names)) else tuple([one for one in names if one.strip()])

    def shared(self, number: int, names: tuple[str, ...]) -> tuple[str, ...]:
        """Return those of the names of the entity with a number that another one has as well."""
        often, sharing = self._often
        return tuple([one for one in names if hash(fold(one)) in often]) if sharing[number] else ()

    @cached_property
    def _often(self) -> tuple[frozenset[int], bytes]:
        """The hashes of names that several things have; and for every entity whether it has any of them."""
        numbers, names = self._entities.numbers, self._entities.names
        hashes, counts, owners = array("q"), array("i"), array("i")
        forms: list[str] = []
        for id, surface, _ in self._terms.forms():
            number = numbers.get(id)
            if number is not None:
                more = surface[:_MOST_FORMS]
                forms.append(names[number])
                forms += more
                counts.append(len(more) + 1)
                owners.append(number)
                if len(forms) > _FOLDED:
                    hashes.extend(_hashes(forms))
                    forms.clear()
        told = np.zeros(len(names), bool)
        told[np.asarray(owners)] = True
        bare = np.flatnonzero(~told).tolist()
        hashes.extend(_hashes([*forms, *map(names.__getitem__, bare)]))
        counts.extend([1] * len(bare))
        owners.extend(bare)
        return _shared(np.asarray(hashes), np.repeat(owners, counts), len(names))


def _hashes(forms: list[str]) -> list[int]:
    """Return the hash of each name as :func:`enliterator_core.fold` has it, without a call for each."""
    return [hash(" ".join(form.casefold().split())) for form in forms]


def _shared(hashes: Any, owners: Any, count: int) -> tuple[frozenset[int], bytes]:
    """Return the hashes that stand in several rows with different owners, and for each owner whether it has one."""
    order = np.argsort(hashes, kind="stable")
    hashes, owners = hashes[order], owners[order]
    # The sort is stable: all rows of one owner with one hash follow each other.
    again = np.flatnonzero((hashes[1:] == hashes[:-1]) & (owners[1:] != owners[:-1]))
    often = np.unique(hashes[again])
    sharing = np.zeros(count, bool)
    sharing[owners[np.isin(hashes, often)]] = True
    return frozenset(often.tolist()), sharing.tobytes()
