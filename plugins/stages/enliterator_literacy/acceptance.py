# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""What must hold of every graph, checked and counted; and the maturity that a batch has by what it can really do."""

from collections.abc import Mapping, Sequence
from typing import Any

from attrs import frozen

from enliterator_core import VERBS, Entity, Graph, Relation, Span, fold
from enliterator_literacy.given import trainable_paths


@frozen
class Check:
    """One acceptance check: whether it passed, and the counts it looked at."""

    check: str
    passed: bool
    counts: Mapping[str, int]

    def note(self) -> dict[str, Any]:
        """Return the check as JSON values."""
        return {"check": self.check, "passed": self.passed, "counts": dict(self.counts)}


def check_all(graph: Graph) -> list[Check]:
    """Return every acceptance check of a graph; each looks at all there is, but for the paths, which were sampled."""
    entities, relations = list(graph.entities.values()), list(graph.relations.values())
    trainable = trainable_paths(graph.sources.values(), graph.rights)
    spans = Spans(graph)
    return [
        _known(graph, entities),
        _paths(graph),
        _texts(graph, entities),
        _relations(graph, relations, spans),
        _evidence(entities, trainable, spans),
    ]


class Spans:
    """Looks spans up in their sources, whose texts and lengths are read once."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._lengths: dict[str, int] = {}

    def resolves(self, span: Span) -> bool:
        """Say whether the span is a piece of its source's text, at least a character long."""
        if span.source not in self._lengths:
            known = span.source in self._graph.sources and self._graph.storage.document(span.source) is not None
            self._lengths[span.source] = len(self._graph.document(span.source).text) if known else 0
        return 0 <= span.start < span.end <= self._lengths[span.source]


def _known(graph: Graph, entities: Sequence[Entity]) -> Check:
    no_rights = sum(entity.rights not in graph.rights for entity in entities)
    no_basis = sum((entity.time.value is None) != (entity.time.basis == "unknown") for entity in entities)
    unknown = sum(entity.time.value is None for entity in entities)
    counts = {"entities": len(entities), "no_rights": no_rights, "no_basis": no_basis, "unknown_time": unknown}
    return Check("every entity has an id, rights and a time with its basis", not no_rights and not no_basis, counts)


def _paths(graph: Graph) -> Check:
    note = graph.storage.note("representations") or {}
    paths, failed = int(note.get("paths", 0)), int(note.get("failed", 0))
    tried = paths > 0 or not graph.relations
    return Check(
        "every path written as text reads back the same", tried and not failed, {"paths": paths, "failed": failed}
    )


def _texts(graph: Graph, entities: Sequence[Entity]) -> Check:
    unflagged = sum(source.rights not in graph.rights for source in graph.sources.values())
    texts = [entity for entity in entities if entity.repr_text]
    barred = sum(not (one.rights in graph.rights and graph.rights[one.rights].trainable) for one in texts)
    counts = {"sources": len(graph.sources), "texts": len(texts), "no_flags": unflagged, "not_trainable": barred}
    return Check("every text says whether it may be trained on and published", not unflagged and not barred, counts)


def _relations(graph: Graph, relations: Sequence[Relation], spans: Spans) -> Check:
    unstated = sum(not relation.evidence for relation in relations)
    broken = sum(not spans.resolves(span) for relation in relations for span in relation.evidence)
    foreign = sum(
        not VERBS[relation.verb].joins(graph.entities[relation.subject].pool, graph.entities[relation.object].pool)
        for relation in relations
    )
    together = [relation for relation in relations if relation.verb == "co_occurs_with"]
    unnamed = sum(not _both_named(graph, relation) for relation in together)
    counts = {
        "relations": len(relations),
        "no_span": unstated,
        "broken_spans": broken,
        "wrong_pools": foreign,
        "ends_not_named": unnamed,
    }
    return Check("every relation has a span that states it", not (unstated or broken or foreign or unnamed), counts)


def _both_named(graph: Graph, relation: Relation) -> bool:
    """Say whether the first span of a relation names both its ends."""
    text = fold(graph.text(relation.evidence[0])) if relation.evidence else ""
    return all(
        any(fold(form) in text for form in (graph.entities[end].name, *_forms(graph, end)))
        for end in (relation.subject, relation.object)
    )


def _forms(graph: Graph, id: str) -> tuple[str, ...]:
    term = graph.terms.get(id)
    return term.surface_forms if term else ()


def _evidence(entities: Sequence[Entity], trainable: set[str], spans: Spans) -> Check:
    none = sum(not entity.evidence for entity in entities)
    broken = sum(not spans.resolves(span) for entity in entities for span in entity.evidence)
    barred = sum(span.source not in trainable for entity in entities for span in entity.evidence)
    counts = {"entities": len(entities), "no_span": none, "broken_spans": broken, "barred_spans": barred}
    return Check("every entity has evidence, in sources that may be trained on", not (none or broken or barred), counts)


LEVELS = (
    ("M0", "Catalog"),
    ("M1", "Narrative"),
    ("M2", "Literate"),
    ("M3", "Trusted"),
    ("M4", "Adaptive"),
)


def maturity(
    graph: Graph, checks: Sequence[Check], score: float, threshold: float, settled: float, mrr: float
) -> dict[str, str]:
    """Return the level that a batch has reached, its name, and what is missing for the next one.

    `settled` is the share of sources whose rights are settled. What comes after M3 needs a dataset and a model, which
    no stage can vouch for.
    """
    sources = list(graph.sources.values())
    if not sources:
        return {"level": "none", "name": "Empty", "next": "sources that can be read"}
    broken = [check.check for check in checks if not check.passed]
    described = sum(bool(entity.description) for entity in graph.entities.values())
    missing = [
        "" if all(one.sha256 and one.media_type for one in sources) else "a hash and a type for every source",
        _narrative(graph, described, broken),
        f"not met: {broken[0]}"
        if broken
        else ""
        if score > threshold
        else f"a score over {threshold:g}; it is {score:g}",
        _trusted(settled, mrr),
        "a verified dataset of all six tasks, and a base model evaluated on it",
    ]
    reached = next(number for number, words in enumerate(missing) if words)
    level, name = LEVELS[reached - 1] if reached else ("none", "Unsorted")
    return {"level": level, "name": name, "next": f"{LEVELS[reached][0]} {LEVELS[reached][1]}: {missing[reached]}"}


def _narrative(graph: Graph, described: int, broken: Sequence[str]) -> str:
    if 2 * described <= len(graph.entities):
        return f"descriptions for more than half of the entities; {described:,} of {len(graph.entities):,} have one"
    if not graph.relations:
        return "relations, so that there are paths"
    return next((f"not met: {check}" for check in broken if "path" in check), "")


def _trusted(settled: float, mrr: float) -> str:
    if settled < 0.95:
        return f"rights settled for 95 % of the sources; they are for {settled:.1%}"
    return "" if mrr >= 0.8 else f"a retrieval MRR@10 of .8; it is {mrr:.2f}"
