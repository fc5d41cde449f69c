# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Names by which a thing alone is asked about."""

from typing import Final

from enliterator_core import Graph
from enliterator_gap_awareness.proving import is_called
from enliterator_gap_awareness.things import Thing

_FORMS: Final = 20


def form_of(graph: Graph, thing: Thing, drawn: float) -> str | None:
    """Return a name or form by which a thing is asked about, of those that nothing else has; None without any."""
    forms = [thing.name, *graph.terms.surface[thing.id][:_FORMS]]
    first = int(drawn * len(forms))
    if is_called(graph, forms[first], thing):
        return forms[first]
    return next((form for form in (*forms[first + 1 :], *forms[:first]) if is_called(graph, form, thing)), None)
