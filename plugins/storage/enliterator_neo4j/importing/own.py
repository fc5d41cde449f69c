# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Graphs that Enliterator itself wrote as Turtle or JSON-LD, read back: what is what is told there.

The texts of the sources are no part of such a file. What it says of each source becomes a source of rows under the same
path, in which every entity and relation stands with the place of the text that it was taken from.
"""

import json
from collections.abc import Iterator
from hashlib import sha256
from typing import Final
from urllib.parse import unquote

from attrs import define, field

from enliterator_core import (
    UNKNOWN_TIME,
    Block,
    Candidate,
    Claim,
    Document,
    Extraction,
    Imported,
    Reference,
    Source,
    Span,
    Time,
    pack_extraction,
    phrase_of,
)
from enliterator_neo4j.importing.rdf import RdfGraph

_URN: Final = "urn:enliterator:"
_OWN: Final = f"{_URN}term:"
_SKOS: Final = "http://www.w3.org/2004/02/skos/core#"
_PROV: Final = "http://www.w3.org/ns/prov#"
_TERMS: Final = "http://purl.org/dc/terms/"
_RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_MEDIA_TYPE: Final = "text/x-property-graph"

Said = dict[str, list[tuple[str, str]]]


def is_own(graph: RdfGraph) -> bool:
    """Say whether a file is one that Enliterator wrote."""
    return bool(graph.subjects(_SKOS + "inScheme", f"{_URN}pool:", 1))


def read_back(graph: RdfGraph) -> Iterator[Imported]:
    """Yield what the file says of each source, by path."""
    told: dict[str, tuple[list[str], list[str]]] = {}
    kinds = (_SKOS + "inScheme", f"{_URN}pool:"), (_RDF + "predicate", f"{_URN}verb:")
    for at, (predicate, start) in enumerate(kinds):
        for subject in graph.subjects(predicate, start):
            for span in graph.said(subject).get(_PROV + "wasDerivedFrom", ()):
                told.setdefault(span[0].partition("#")[0], ([], []))[at].append(subject)
    names: dict[str, tuple[str, str]] = {}
    for iri in sorted(told, key=lambda one: unquote(one.removeprefix(f"{_URN}source:"))):
        page = _Page(unquote(iri.removeprefix(f"{_URN}source:")), iri, graph, names)
        entities, relations = (dict.fromkeys(some) for some in told[iri])
        for subject in entities:
            page.entity(subject, graph.said(subject))
        for subject in relations:
            page.relation(graph.said(subject))
        yield page.whole(graph.said(iri))


def _one(said: Said, predicate: str, default: str = "") -> str:
    return said[predicate][0][0] if predicate in said else default


def _time(said: Said) -> Time:
    value, basis = _one(said, _TERMS + "date"), _one(said, _OWN + "timeBasis", "unknown")
    return Time(value or None, basis) if value else UNKNOWN_TIME  # type: ignore[arg-type]


@define
class _Page:
    """The text of one source as it is written, and what was found in it."""

    path: str
    iri: str
    graph: RdfGraph
    names: dict[str, tuple[str, str]]
    parts: list[str] = field(factory=list)
    length: int = 0
    blocks: list[Block] = field(factory=list)
    candidates: list[Candidate] = field(factory=list)
    claims: list[Claim] = field(factory=list)

    def _write(self, text: str) -> Span:
        span = Span(self.path, self.length, self.length + len(text))
        self.parts.append(text)
        self.length += len(text)
        return span

    def _places(self, said: Said) -> str:
        """Return where in this source the words stood that say a thing."""
        spans = sorted(one for one, _ in said[_PROV + "wasDerivedFrom"] if one.partition("#")[0] == self.iri)
        return ", ".join(one.partition("#")[2] for one in spans)

    def _named(self, iri: str) -> tuple[str, str]:
        """Return an entity's pool and name."""
        if iri not in self.names:
            said = self.graph.said(iri)
            pool = _one(said, _SKOS + "inScheme").removeprefix(f"{_URN}pool:")
            self.names[iri] = pool, _one(said, _SKOS + "prefLabel")
        return self.names[iri]

    def entity(self, iri: str, said: Said) -> None:
        """Write what is said of an entity; its description where it was first quoted from."""
        pool, name = self._named(iri)
        kind, description = _one(said, _TERMS + "type"), _one(said, _SKOS + "definition")
        defines = _one(said, _PROV + "wasQuotedFrom").partition("#")[0] in ("", self.iri)
        named = self._write(f"{name}: {kind or pool}, {self._places(said)}")
        evidence = [named]
        if defines and description:
            self._write("\n  ")
            evidence.insert(0, self._write(description))
        forms = [form for form, _ in said.get(_SKOS + "altLabel", ())]
        mistaken = [form for form, _ in said.get(_OWN + "mistakenForm", ())]
        for words, some in (("also called", forms), ("not to be taken for", mistaken)):
            if defines and some:
                self._write(f"\n  {words}: {', '.join(dict.fromkeys(some))}")
        self.blocks.append(Block("entry", named.start, self.length, name=name))
        self._write("\n")
        called = [*said.get(_SKOS + "prefLabel", ()), *said.get(_SKOS + "altLabel", ())]
        self.candidates.append(
            Candidate(
                pool,
                name,
                kind,
                description if defines else "",
                tuple(dict.fromkeys(forms)) if defines else (),
                tuple(evidence),
                _time(said) if defines else UNKNOWN_TIME,
                defines,
                tuple(sorted((form, tag) for form, tag in called if tag)),
                tuple(mistaken) if defines else (),
            )
        )

    def relation(self, said: Said) -> None:
        """Write a relation as a line that says it whole."""
        ends = [self._named(_one(said, _RDF + end)) for end in ("subject", "object")]
        verb = _one(said, _RDF + "predicate").removeprefix(f"{_URN}verb:")
        predicate = _one(said, _OWN + "predicate") or None
        more = f", {predicate}" if predicate else ""
        span = self._write(f"{ends[0][1]} {phrase_of(verb)} {ends[1][1]} ({self._places(said)}{more})")
        self.blocks.append(Block("item", span.start, span.end))
        self._write("\n")
        confidence = float(_one(said, _OWN + "confidence", "1"))
        self.claims.append(Claim(Reference(*ends[0]), verb, Reference(*ends[1]), (span,), confidence, predicate))

    def whole(self, said: Said) -> Imported:
        """Return the source, under the rights that the file tells of it."""
        rights = self.graph.said(_one(said, _TERMS + "rights"))
        holder = _one(
            self.graph.said(_one(rights, _TERMS + "rightsHolder")), "http://www.w3.org/2000/01/rdf-schema#label"
        )
        license = _one(rights, _OWN + "license") or _one(rights, _OWN + "statement")
        stated = tuple((key, words) for key, words in (("license", license), ("holder", holder)) if words)
        text, extraction = "".join(self.parts), Extraction(tuple(self.candidates), tuple(self.claims))
        digest = sha256(text.encode())
        digest.update(json.dumps([pack_extraction(extraction), stated]).encode())
        title, time = _one(said, _TERMS + "title"), _time(said)
        source = Source(self.path, digest.hexdigest(), _MEDIA_TYPE, len(text.encode()), "rows", title=title, time=time)
        return Imported(source, Document(text, tuple(self.blocks), title, time, stated), extraction)
