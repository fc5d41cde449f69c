# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Things in sources, as far as requests and answers speak of them; entities would take long to make."""

from functools import partial
from typing import Final, NamedTuple

from enliterator_core import Graph, Span, mention_of
from enliterator_rights_style.keeping import Kept

_MOST_FORMS: Final = 4


class Thing(NamedTuple):
    """An entity: its number in the graph, what prose (``mention``) and people (``names``) call it, where it stands."""

    id: str
    number: int
    pool: str
    kind: str
    name: str
    description: str
    mention: str
    names: tuple[str, ...]
    evidence: tuple[Span, ...]


def thing_of(graph: Graph, id: str) -> Thing:
    """Return the entity with that id; KeyError when it is not in the graph."""
    return graph.once(_things)[id]


def _things(graph: Graph) -> Kept[str, Thing]:
    return Kept(partial(_thing, graph))


def _thing(graph: Graph, id: str) -> Thing:
    entities = graph.arrays.entities
    number = entities.numbers[id]
    name, pool, kind = entities.names[number], entities.pool_of(number), entities.kind_of(number)
    mention, names = mention_of(pool, kind, name), names_of(graph, id, name)
    return Thing(id, number, pool, kind, name, entities.descriptions[number], mention, names, entities.spans.of(number))


def names_of(graph: Graph, id: str, name: str) -> tuple[str, ...]:
    """Return what people may call an entity: its name and the first of its other forms."""
    term = graph.terms.get(id)
    return tuple(dict.fromkeys((name, *term.surface_forms[:_MOST_FORMS]))) if term else (name,)
