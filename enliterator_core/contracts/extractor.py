# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""An extractor finds candidate entities and relations in one document, with the spans that state them."""

from abc import ABC, abstractmethod
from typing import Any, ClassVar

from attrs import frozen

from enliterator_core.nouns import UNKNOWN_TIME, Document, Source, Span, Time


@frozen
class Candidate:
    """An entity that one source gives evidence for.

    `forms` are other ways the source calls it, `languages` the tags (BCP 47) of the name and those forms whose language
    it tells, `mistaken` what it says is another thing that may be taken for this one. Candidates of the same pool and
    name, from any source, become one entity. A `defines` candidate is where the thing is described; others only add
    evidence to it.
    """

    pool: str
    name: str
    kind: str = ""
    description: str = ""
    forms: tuple[str, ...] = ()
    evidence: tuple[Span, ...] = ()
    time: Time = UNKNOWN_TIME
    defines: bool = True
    languages: tuple[tuple[str, str], ...] = ()
    mistaken: tuple[str, ...] = ()


@frozen
class Reference:
    """What a claim says of its ends: a pool (empty: any that the verb allows) and a canonical name or surface form."""

    pool: str
    name: str


@frozen
class Claim:
    """A relation that one source states.

    It becomes a relation when both references resolve, each to exactly one entity, and the verb may join their pools;
    else it is dropped and counted. `evidence` must state it.
    """

    subject: Reference
    verb: str
    object: Reference
    evidence: tuple[Span, ...]
    confidence: float = 1.0
    predicate: str | None = None


@frozen
class Extraction:
    """What one extractor found in one source."""

    candidates: tuple[Candidate, ...] = ()
    claims: tuple[Claim, ...] = ()


class Extractor(ABC):
    """Rules, or a model, that find entities and relations in one document.

    The result may depend only on the document, its source and the extractor's settings: it is kept, and asked for
    again only when one of these changes.
    """

    name: ClassVar[str]

    def reads(self, source: Source) -> bool:
        """Say whether the extractor wants this source; by default every one."""
        return True

    @abstractmethod
    def extract(self, source: Source, document: Document) -> Extraction:
        """Return what the document states; secrets and e-mail addresses in its text are already masked."""


def pack_extraction(found: Extraction) -> list[Any]:
    """Return an extraction as JSON values."""

    def spans(evidence: tuple[Span, ...]) -> list[tuple[str, int, int]]:
        return [(span.source, span.start, span.end) for span in evidence]

    def ends(claim: Claim) -> tuple[str, str, str, str, str]:
        return claim.subject.pool, claim.subject.name, claim.verb, claim.object.pool, claim.object.name

    return [
        [
            (c.pool, c.name, c.kind, c.description, c.forms, spans(c.evidence), (c.time.value, c.time.basis), c.defines)
            + ((c.languages, c.mistaken) if c.languages or c.mistaken else ())
            for c in found.candidates
        ],
        [(*ends(claim), spans(claim.evidence), claim.confidence, claim.predicate) for claim in found.claims],
    ]


def unpack_extraction(values: list[Any]) -> Extraction:
    """Return the extraction that :func:`pack_extraction` packed."""
    candidates = tuple(
        Candidate(
            pool,
            name,
            kind,
            description,
            tuple(forms),
            tuple(Span(*s) for s in spans),
            Time(*time),
            defines,
            tuple((form, tag) for form, tag in (more[0] if more else ())),
            tuple(more[1] if more else ()),
        )
        for pool, name, kind, description, forms, spans, time, defines, *more in values[0]
    )
    claims = tuple(
        Claim(Reference(a, b), verb, Reference(c, d), tuple(Span(*s) for s in spans), confidence, predicate)
        for a, b, verb, c, d, spans, confidence, predicate in values[1]
    )
    return Extraction(candidates, claims)
