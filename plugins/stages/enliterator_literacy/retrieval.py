# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""How well the full-text index finds an entity by what the sources call it, its canonical name aside."""

import re
from collections.abc import Iterator, Mapping

from enliterator_core import Entity, GraphStorage, Sampler, Term, fold
from enliterator_literacy.measure import Component, Part

_WORD = re.compile(r"[^\W_]+")
_QUERY_WORDS = 5
_SHORTEST_WORD = 4
_DEPTH = 10


def retrieval(
    storage: GraphStorage, entities: Mapping[str, Entity], terms: Mapping[str, Term], queries: int
) -> Component:
    """Return the mean reciprocal rank, within the first ten, of at most `queries` queries."""
    called: dict[str, set[str]] = {}
    for id, entity in entities.items():
        called.setdefault(fold(entity.name), set()).add(id)
    for id, term in terms.items():
        for form in term.surface_forms:
            called.setdefault(fold(form), set()).add(id)
    total, asked = 0.0, 0
    for query, right in questions(entities, terms, called):
        if asked == queries:
            break
        asked += 1
        ranked = [id for id, _ in storage.search(query, limit=_DEPTH)]
        total += next((1 / rank for rank, id in enumerate(ranked, 1) if id in right), 0.0)
    return Component(
        "retrieval", (Part("mrr_at_10", total, asked, "reciprocal rank of what was asked for, mean over queries"),)
    )


def questions(
    entities: Mapping[str, Entity], terms: Mapping[str, Term], called: Mapping[str, set[str]]
) -> Iterator[tuple[str, set[str]]]:
    """Yield queries with the ids that answer them: one for each entity that is called or described in other words.

    A surface form is answered by every entity that it is a form of; the first words of a description by that entity
    alone. The order is by content, so that the first of them are a sample.
    """
    sampler = Sampler()
    for id in sampler.ordered(entities, "retrieval"):
        entity, term = entities[id], terms.get(id)
        forms = [form for form in term.surface_forms if fold(form) != fold(entity.name)] if term else []
        description = words_beside(entity)
        if forms and (not description or sampler.fraction("form", id) < 0.5):
            form = sampler.choose(sorted(forms), "which", id)
            yield form, called[fold(form)]
        elif description:
            yield description, {id}


def words_beside(entity: Entity) -> str:
    """Return the first words of a description that are not in the name, or nothing when there are fewer than three."""
    named = {word.casefold() for word in _WORD.findall(entity.name)}
    words: dict[str, None] = {}
    for word in _WORD.findall(entity.description):
        if len(word) >= _SHORTEST_WORD and word.casefold() not in named:
            words.setdefault(word.casefold(), None)
        if len(words) == _QUERY_WORDS:
            break
    return " ".join(words) if len(words) >= 3 else ""
