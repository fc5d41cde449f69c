# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""From claims to relations between entities: names resolved, verbs and pools checked, duplicates merged."""

import re
from collections import Counter
from collections.abc import Collection, Iterable
from typing import Final, Literal

from attrs import define, field, frozen

from enliterator_core import VERBS, Claim, Entity, Reference, Relation, Span, Term, Verb, fold, reverse_of

Failure = Literal["unknown end", "ambiguous end"]
# What sites show without its ending, and a folder by its name alone.
_PAGE: Final = re.compile(
    r"(?P<page>[^/].*?)(?P<index>(?:^|/)(?:index|readme))?\.(?:mdx?|markdown|rst|adoc|txt|html?)", re.I
)


@frozen
class Names:
    """What the entities are called: pools by id, ids by canonical name, and ids by folded name or surface form.

    ``pages`` has documents by the addresses that links on a site give them (`guide/start` and, from its root,
    `/guide/start`).
    """

    pools: dict[str, str]
    canonical: dict[str, list[str]]
    forms: dict[str, list[str]]
    spellings: dict[str, dict[str, None]]
    pages: dict[str, list[str]] = field(factory=dict)

    @classmethod
    def of(cls, entities: Iterable[Entity], terms: Iterable[Term]) -> "Names":
        """Index entities by name and surface forms; `spellings` keeps each form as it is written."""
        names = cls({}, {}, {}, {})
        for entity in entities:
            id = entity.id
            names.pools[id] = entity.pool
            names.canonical.setdefault(entity.name, []).append(id)
            names._call(id, entity.name)
            if entity.pool == "Manifest" and (page := _PAGE.fullmatch(entity.name)):
                for one in {page["page"], page["page"] + (page["index"] or "")}:
                    for address in _addresses(one):
                        names.pages.setdefault(address, []).append(id)
        for term in terms:
            if term.entity in names.pools:
                for form in term.surface_forms:
                    names._call(term.entity, form)
        return names

    def _call(self, id: str, form: str) -> None:
        folded = fold(form)
        known = self.forms.setdefault(folded, [])
        if id not in known:
            known.append(id)
        self.spellings.setdefault(folded, {})[form] = None

    def resolve(self, name: str, pools: Collection[str]) -> str | Failure:
        """Return the id of the one entity of these pools that is called so: by canonical name, else by surface form,
        else by its address on a site."""
        ways = (self.canonical.get(name.lstrip("/"), ()), self.forms.get(fold(name), ()), self.pages.get(name, ()))
        for ids in ways:
            fitting = [id for id in ids if self.pools[id] in pools]
            if len(fitting) == 1:
                return fitting[0]
            if fitting:
                return "ambiguous end"
        return "unknown end"


@define
class _Merged:
    evidence: set[Span] = field(factory=set)
    telling: Span | None = None
    confidence: float = 0.0
    predicates: set[str] = field(factory=set)

    @property
    def predicate(self) -> str | None:
        """Every name that imported relations had between the two, since they are one relation now."""
        return " | ".join(sorted(self.predicates)) or None

    def first(self, most: int) -> tuple[Span, ...]:
        """Return at most so many spans, the most telling one first."""
        if len(self.evidence) == 1:
            return tuple(self.evidence)
        return tuple(sorted(self.evidence, key=lambda span: (span != self.telling, span))[:most])


class Resolver:
    """Takes claims in any number and gives relations; what cannot become one is counted in `dropped`, by reason."""

    def __init__(self, names: Names, sources: Collection[str]) -> None:
        self.dropped: Counter[str] = Counter()
        self._names = names
        self._sources = sources
        self._merged: dict[tuple[str, str, str], _Merged] = {}

    def add(self, claim: Claim) -> None:
        """Make the claim a relation, or add it to the same one from elsewhere, or count why it cannot be one."""
        reason = self._add(claim)
        if reason:
            self.dropped[reason] += 1

    def _add(self, claim: Claim) -> str | None:
        turned = forwards(claim)
        if turned is None:
            return "verb not in the glossary"
        verb, subject, object = turned
        evidence = [span for span in claim.evidence if span.source in self._sources and span.end > span.start]
        if not evidence:
            return "no evidence in a trainable source"
        if not (_may_be(subject, verb.sources) and _may_be(object, verb.targets)):
            return "pools that the verb does not join"
        ends = [self._names.resolve(end.name, pools) for end, pools in _ends(verb, subject, object)]
        for end in ends:
            if end in ("unknown end", "ambiguous end"):
                return end
        first, second = ends
        if first == second:
            return "both ends are one entity"
        if verb.symmetric and second < first:
            first, second = second, first
        merged = self._merged.setdefault((first, verb.name, second), _Merged())
        merged.evidence.update(evidence)
        merged.telling = min(merged.telling or evidence[0], evidence[0])
        merged.confidence = max(merged.confidence, claim.confidence)
        if claim.predicate is not None:
            merged.predicates.add(claim.predicate)
        return None

    def relations(self, spans: int) -> list[Relation]:
        """Return every relation by its key, with at most `spans` spans of evidence: the one that a claim names first
        as what tells it, then the others by source and place."""
        return [
            Relation(*key, merged.first(spans), merged.confidence, merged.predicate)
            for key, merged in sorted(self._merged.items())
        ]


def forwards(claim: Claim) -> tuple[Verb, Reference, Reference] | None:
    """Return a claim's verb and ends as the glossary reads them, or None when the glossary has no such verb."""
    if claim.verb in VERBS:
        return VERBS[claim.verb], claim.subject, claim.object
    try:
        return VERBS[reverse_of(claim.verb)], claim.object, claim.subject
    except KeyError:
        return None


def _addresses(page: str) -> list[str]:
    """Return what links call a page: its path without ending, and, from a site's root, that or the end of that."""
    parts = page.split("/")
    return [page, f"/{page}", *("/" + "/".join(parts[start:]) for start in range(1, len(parts) - 1))]


def _may_be(end: Reference, pools: frozenset[str]) -> bool:
    return not end.pool or end.pool in pools


def _ends(verb: Verb, subject: Reference, object: Reference) -> list[tuple[Reference, Collection[str]]]:
    return [
        (end, (end.pool,) if end.pool else pools) for end, pools in ((subject, verb.sources), (object, verb.targets))
    ]
