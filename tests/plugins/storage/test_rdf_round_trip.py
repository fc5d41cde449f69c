# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""A graph that leaves as Turtle or JSON-LD comes back: what may go out of the nouns is in the file and understood."""

from pathlib import Path
from urllib.parse import unquote

import pytest

from enliterator_core import (
    Entity,
    Gap,
    Graph,
    Relation,
    Rights,
    Source,
    Span,
    Term,
    Time,
    entity_id,
)
from enliterator_core.cli import run
from enliterator_core.testing import MemoryGraph, check_importer, sample_graph
from enliterator_core.workspace import Workspace
from enliterator_exports import JsonLd, Turtle, entities_out, relations_out
from enliterator_neo4j import Graphs
from enliterator_neo4j.importing.rdf import RdfGraph

pytest.importorskip("pyoxigraph", reason="RDF files need pyoxigraph: pip install 'enliterator[rdf]'")

URN = "urn:enliterator:"
OWN = f"{URN}term:"
SKOS, PROV = "http://www.w3.org/2004/02/skos/core#", "http://www.w3.org/ns/prov#"
DC, RDF = "http://purl.org/dc/terms/", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS, SPDX = "http://www.w3.org/2000/01/rdf-schema#", "http://spdx.org/rdf/terms#"


class File:
    """The nouns of a file, from its triples alone: what is not in the file cannot be here."""

    def __init__(self, path: Path) -> None:
        self.graph = RdfGraph(path)

    def one(self, said, predicate, default=None):
        return said[predicate][0][0] if predicate in said else default

    def named(self, predicate: str, start: str):
        return [(subject, self.graph.said(subject)) for subject in self.graph.subjects(predicate, start)]

    def spans(self, said, predicate=PROV + "wasDerivedFrom"):
        found = []
        for iri, _ in said.get(predicate, ()):
            source, _, place = iri.partition("#char=")
            found.append(Span(unquote(source.removeprefix(f"{URN}source:")), *map(int, place.split(","))))
        return sorted(found)

    def time(self, said) -> Time:
        return Time(self.one(said, DC + "date"), self.one(said, OWN + "timeBasis", "unknown"))

    def entities(self) -> list[tuple[Entity, Term]]:
        found = []
        for _, said in self.named(SKOS + "inScheme", f"{URN}pool:"):
            first, spans = self.spans(said, PROV + "wasQuotedFrom"), self.spans(said)
            evidence = (*first, *(span for span in spans if span not in first))
            pool = self.one(said, SKOS + "inScheme").removeprefix(f"{URN}pool:")
            name, description = self.one(said, SKOS + "prefLabel"), self.one(said, SKOS + "definition", "")
            rights = self.one(said, DC + "rights").removeprefix(f"{URN}rights:")
            kind, time = self.one(said, DC + "type", ""), self.time(said)
            entity = Entity(pool, name, kind, description, "", time, rights, evidence)
            forms = {form for form, _ in said.get(SKOS + "altLabel", ())}
            negative = {form for form, _ in said.get(OWN + "mistakenForm", ())}
            called = [*said.get(SKOS + "prefLabel", ()), *said.get(SKOS + "altLabel", ())]
            languages = tuple(sorted((form, tag) for form, tag in called if tag))
            term = Term(entity.id, pool, name, description, tuple(sorted(forms)), tuple(sorted(negative)), languages)
            found.append((entity, term))
        return found

    def relations(self) -> list[Relation]:
        found = []
        for _, said in self.named(RDF + "predicate", f"{URN}verb:"):
            ends = [self.one(said, RDF + end).removeprefix(f"{URN}entity:") for end in ("subject", "object")]
            verb = self.one(said, RDF + "predicate").removeprefix(f"{URN}verb:")
            more = float(self.one(said, OWN + "confidence")), self.one(said, OWN + "predicate")
            found.append(Relation(ends[0], verb, ends[1], tuple(self.spans(said)), *more))
        return sorted(found, key=lambda one: one.key)

    def rights(self) -> list[Rights]:
        found = []
        for subject, said in self.named(RDF + "type", DC + "RightsStatement"):
            holder = self.one(said, DC + "rightsHolder")
            rights = Rights(
                self.one(said, OWN + "license"),
                self.one(said, OWN + "statement", ""),
                self.one(self.graph.said(holder), RDFS + "label") if holder else None,
                self.one(said, OWN + "basis"),
                float(self.one(said, OWN + "confidence")),
                True,
                self.one(said, OWN + "trainable") == "true",
                self.one(said, OWN + "embargo"),
                False,
                None,
            )
            assert subject == f"{URN}rights:{rights.id}"
            found.append(rights)
        return found

    def sources(self) -> list[Source]:
        found = []
        for subject, said in self.named(DC + "rights", f"{URN}rights:"):
            if subject.startswith(f"{URN}source:"):
                check = self.graph.said(self.one(said, SPDX + "checksum"))
                texts = self.one(said, DC + "identifier"), self.one(check, SPDX + "checksumValue")
                more = self.one(said, OWN + "kind"), self.one(said, OWN + "encoding"), self.one(said, DC + "title", "")
                size, rights = int(self.one(said, DC + "extent")), self.one(said, DC + "rights")
                media_type = self.one(said, DC + "format")
                time = self.time(said)
                found.append(Source(*texts, media_type, size, *more, time, rights.removeprefix(f"{URN}rights:")))
        return sorted(found, key=lambda one: one.path)

    def gaps(self) -> list[Gap]:
        found = []
        for subject, said in self.named(RDF + "type", OWN + "Gap"):
            texts = [self.one(said, OWN + key, "") for key in ("kind", "severity", "subject")]
            texts += [self.one(said, RDFS + "label", ""), self.one(said, OWN + "close", "")]
            gap = Gap(*texts, int(self.one(said, OWN + "count")))
            found.append((int(subject.rpartition(":")[2]), gap))
        return [gap for _, gap in sorted(found, key=lambda one: one[0])]


OPEN = Rights("MIT OR Apache-2.0", "words", "Ann, Bo", "manifest", 0.75, True, True, None, False, None)


def odd() -> Graph:
    """Names, forms and predicates of every sort."""
    storage = MemoryGraph()
    storage.write_rights([OPEN])
    paths = ["a b#c%20.md", "dir/é\u2028.txt"]
    storage.write_sources(
        Source(path, "ab" * 32, "text/plain", 7, "file", "utf-16", "T", Time("2020-01", "git"), OPEN.id)
        for path in paths
    )
    spans = [Span(path, at, at + 3) for path in paths for at in (4, 0)]
    names = ['x "y" \\ \n z', "Tischlerei", "<i>\x07", "urn:enliterator:pool:Idea"]
    entities = [
        Entity("Idea", name, "kind", f"said of {name}", "", Time("1999", "statement"), OPEN.id, tuple(spans[at:]))
        for at, name in enumerate(names)
    ]
    storage.write_entities(entities)
    terms = [
        Term(entities[0].id, "Idea", names[0], f"said of {names[0]}", ('q"', "é"), ("Tischlerei",)),
        Term(
            entities[1].id,
            "Idea",
            "Tischlerei",
            "said of Tischlerei",
            ("joinery", "menuiserie"),
            (),
            (("Tischlerei", "de"), ("joinery", "en"), ("joinery", "en-gb")),
        ),
    ]
    terms += [Term(one.id, "Idea", one.name, one.description) for one in entities[2:]]
    storage.write_terms(terms)
    storage.write_relations(
        [
            Relation(entities[0].id, "connects_to", entities[1].id, (spans[0],), 0.1 + 0.2, "http://x#y | A_B"),
            Relation(entities[2].id, "precedes", entities[3].id, tuple(sorted(spans[:2]))),
        ]
    )
    storage.write_gaps([Gap("time", "low", "time", 'no "date"\n', "a date", 3), Gap("x", "high", "s", "m", "c")])
    return Graph(storage)


@pytest.mark.parametrize("graph", [odd(), sample_graph(2)], ids=["odd", "sample"])
@pytest.mark.parametrize("exporter", [Turtle(), JsonLd()], ids=lambda one: one.name)
def test_the_file_holds_every_noun_that_may_go_out(graph, exporter, tmp_path):
    target = tmp_path / exporter.file_name
    exporter.export(graph, target)
    file, out = File(target), entities_out(graph)
    found = dict(sorted((entity.id, (entity, term)) for entity, term in file.entities()))
    assert set(found) == set(out)
    hidden = {entity.name for id, entity in graph.entities.items() if id not in out}
    for id, entity in out.items():
        back, term = found[id]
        first = entity.evidence[:1]
        evidence = (*first, *sorted(set(entity.evidence) - set(first)))
        assert back == Entity(
            entity.pool, entity.name, entity.kind, entity.description, "", entity.time, entity.rights, evidence
        )
        known = graph.terms.get(id)
        if known is not None:
            assert set(term.surface_forms) == set(known.surface_forms) - {entity.name}
            assert set(term.negative_forms) == set(known.negative_forms) - hidden
            assert term.languages == known.languages
    relations = sorted(relations_out(graph, out), key=lambda one: one.key)
    expected = [
        Relation(*one.key, tuple(sorted(set(one.evidence))), one.confidence, one.predicate) for one in relations
    ]
    assert file.relations() == expected
    used = {span.source for one in (*out.values(), *relations) for span in one.evidence}
    assert file.sources() == sorted((graph.sources[path] for path in used), key=lambda one: one.path)
    rights = {entity.rights for entity in out.values()} | {graph.sources[path].rights for path in used}
    assert {one.id for one in file.rights()} == rights
    words = [f"{gap.subject}\n{gap.message}\n{gap.close}" for gap in graph.gaps()]
    withheld = hidden | {path for path, source in graph.sources.items() if path not in used}
    kept = [
        gap
        for gap, said in zip(graph.gaps(), words, strict=True)
        if gap in file.gaps() or not any(n in said for n in withheld)
    ]
    assert file.gaps() == kept
    file.graph.close()


HANDBOOK = """# Hive

**Smoker**: A tool that calms bees, also called a bee smoker.

**Hive**: A box in which bees live.

The smoker is part of the hive kit. A hive depends on a frame.

**Frame**: A wooden border that holds one comb of the hive.
"""


def nouns(folder: Path):
    with Workspace.open(folder) as workspace:
        graph = workspace.graph(1)
        rights = {one.id: (one.license, one.holder, one.trainable, one.publishable) for one in graph.rights()}
        entities = {
            one.id: (one.pool, one.name, one.kind, one.description, one.time, rights[one.rights])
            for one in graph.entities()
        }
        sources = {one.id: sorted({span.source for span in one.evidence}) for one in graph.entities()}
        terms = {one.entity: (set(one.surface_forms), one.languages) for one in graph.terms()}
        relations = {one.key: (one.confidence, one.predicate) for one in graph.relations()}
        return entities, sources, terms, relations


@pytest.mark.parametrize("format", ["turtle", "json-ld"])
def test_a_batch_that_was_exported_is_built_again(format, tmp_path, capsys):
    handbook = tmp_path / "handbook"
    handbook.mkdir()
    (handbook / "hive.md").write_text(HANDBOOK)
    (handbook / "more.md").write_text("---\ndate: 2020-02-02\n---\n\n# Apiary\n\nThe hive and the smoker stand here.\n")
    first, second = tmp_path / "first", tmp_path / "second"
    for folder in (first, second):
        folder.mkdir()
    assert run(["--workspace", str(first), "-q", "build", str(handbook), "--rights", "MIT", "--no-dataset"]) == 0
    target = tmp_path / ("g.ttl" if format == "turtle" else "g.jsonld")
    assert run(["--workspace", str(first), "export", "1", format, "--to", str(target)]) == 0
    assert run(["--workspace", str(second), "-q", "build", str(target), "--no-dataset"]) == 0
    one, other = nouns(first), nouns(second)
    assert len(one[0]) > 4
    assert one[0] == other[0]
    assert one[1] == other[1]
    assert one[2] == other[2]
    assert one[3] == other[3]


def test_what_was_written_by_us_needs_no_mapping(tmp_path):
    target = tmp_path / "g.ttl"
    Turtle().export(sample_graph(1), target)
    rows = check_importer(Graphs(), str(target))
    found = {(one.pool, one.name) for row in rows for one in row.extraction.candidates if one.defines}
    assert found == {(one.pool, one.name) for one in entities_out(sample_graph(1)).values()}
    for row in rows:
        for one in row.extraction.candidates:
            if one.defines and one.description:
                first = one.evidence[0]
                assert row.document.text[first.start : first.end] == one.description
    assert entity_id(*min(found)) in entities_out(sample_graph(1))
