# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""What people are let call a graph's things, and which of those names several things have."""

from array import array
from typing import Any, Final

import numpy as np

from enliterator_core import Graph, fold, fold_all

_MOST_FORMS: Final = 4
_FOLDED: Final = 10_000  # names at a time
_BETWEEN: Final = "\0"  # a name that has it is none that anybody could say


class Names:
    """The names of the things of a graph: of each its own and the first of its other forms.

    Every term is looked at once, and of its forms those few are kept, in one piece: to make terms takes longer.
    """

    def __init__(self, graph: Graph) -> None:
        self._own = graph.arrays.entities.names
        self._forms = bytearray()
        starts, ends = np.zeros(len(self._own), np.int64), np.zeros(len(self._own), np.int64)
        hashes, owners = self._read(graph, starts, ends)
        self._often, self._sharing = _shared(hashes, owners, len(self._own))
        self._starts, self._ends = map(graph.arrays.one_by_one, (starts, ends))

    def of(self, number: int) -> tuple[str, ...]:
        """Return what people may call the entity with a number, its own name first."""
        name, start, end = self._own[number], self._starts[number], self._ends[number]
        forms = self._forms[start:end].decode("utf-8", "surrogatepass").split(_BETWEEN) if start < end else ()
        names = tuple(dict.fromkeys((name, *forms)))
        return names if all(map(str.strip, names)) else tuple([one for one in names if one.strip()])

    def shared(self, number: int, names: tuple[str, ...]) -> tuple[str, ...]:
        """Return those of the names of the entity with a number that another one has as well."""
        return tuple([one for one in names if hash(fold(one)) in self._often]) if self._sharing[number] else ()

    def _read(self, graph: Graph, starts: Any, ends: Any) -> tuple[Any, Any]:
        """Keep the forms of every entity and note where; return the hashes of all names, and whose they are."""
        entities, kept, between = graph.arrays.entities, self._forms, _BETWEEN
        hashes, counts, owners, bounds = array("q"), array("i"), array("i"), array("q", [0])
        names: list[str] = []
        for id, surface, _ in graph.terms.forms():
            number = entities.numbers.get(id)
            if number is None:
                continue
            forms = surface[:_MOST_FORMS]
            names += forms
            text = between.join(forms)
            if text.count(between) >= len(forms):
                text = between.join([one for one in forms if between not in one])
            kept += text.encode("utf-8", "surrogatepass")
            counts.append(len(forms))
            owners.append(number)
            bounds.append(len(kept))
            if len(names) > _FOLDED:
                hashes.extend(map(hash, fold_all(names)))
                names.clear()
        starts[owners], ends[owners] = bounds[:-1], bounds[1:]
        hashes.extend(map(hash, fold_all(names)))
        whose = np.concatenate((np.arange(len(entities)), np.repeat(owners, counts)))
        return np.concatenate((entities.folded, np.array(hashes))), whose


def _shared(hashes: Any, owners: Any, count: int) -> tuple[frozenset[int], bytes]:
    """Return the hashes that stand in several rows with different owners, and for each owner whether it has one."""
    order = np.argsort(hashes, kind="stable")
    hashes, owners = hashes[order], owners[order]
    # Where a hash has but one owner, all that follow each other are of that one.
    again = np.flatnonzero((hashes[1:] == hashes[:-1]) & (owners[1:] != owners[:-1]))
    often = np.unique(hashes[again])
    sharing = np.zeros(count, bool)
    sharing[owners[np.isin(hashes, often)]] = True
    return frozenset(often.tolist()), sharing.tobytes()
