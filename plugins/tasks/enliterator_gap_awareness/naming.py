# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Names: those by which a thing alone is asked about, and those that nothing has though something might."""

from bisect import bisect_left
from typing import Final

import numpy as np

from enliterator_core import Graph, Sampler
from enliterator_gap_awareness.proving import is_called
from enliterator_gap_awareness.saying import Sayings
from enliterator_gap_awareness.tallies import Tallies
from enliterator_gap_awareness.things import Thing

_FORMS: Final = 20


def form_of(graph: Graph, thing: Thing, drawn: float) -> str | None:
    """Return a name or form by which a thing is asked about, of those that nothing else has; None without any."""
    term = graph.terms.get(thing.id)
    forms: list[str] = [thing.name, *term.surface_forms[:_FORMS]] if term else [thing.name]
    first = int(drawn * len(forms))
    if is_called(graph, forms[first], thing):
        return forms[first]
    return next((form for form in (*forms[first + 1 :], *forms[:first]) if is_called(graph, form, thing)), None)


class Absences:
    """Draws names that nothing in a graph has but something like a thing of it might."""

    def __init__(self, graph: Graph, sampler: Sampler) -> None:
        keys, tallies = graph.arrays.entities.keys, graph.once(Tallies)
        order = np.lexsort((keys, tallies.places))
        one_by_one = graph.arrays.one_by_one
        self._numbers, self._keys = one_by_one(order.astype(np.int32)), one_by_one(keys[order])
        self._bounds = np.cumsum([0, *(tally.count for tally in tallies.every)]).tolist()
        self._graph, self._names, self._fraction = graph, graph.arrays.entities.names, sampler.fraction
        self._sounds_real = sampler.sounds_real
        self._said = graph.once(Sayings).said

    def name(self, thing: Thing) -> str | None:
        """Return a thing's own name with the last part of another's of its kind.

        None when that is a name after all, when the thing's first source says that part, or when nobody would ask so.
        """
        own, other = thing.name, self._names[self._other(thing)]
        qualified = own.endswith(")") and " (" in own
        separator = " (" if qualified else "/" if "/" in own else " " if " " in own else "." if "." in own else " "
        head = own.rpartition(separator)[0] or own
        last = other.rpartition(separator)[2]
        name = f"{head}{separator}{last}"
        if not last or not self._sounds_real(name, own) or self._graph.ids_called(name):
            return None
        return None if self._said(thing.span.source).says(name if separator[0] == " " else last) else name

    def _other(self, thing: Thing) -> int:
        """Return the number of a thing of the same kind: the first one on the ring of their ids at or after a point."""
        point = int(self._fraction("absent", thing.id, "gap_awareness") * 2**64)
        first, end = self._bounds[thing.place], self._bounds[thing.place + 1]
        at = bisect_left(self._keys, point, first, end)
        number: int = self._numbers[at if at < end else first]
        return number
