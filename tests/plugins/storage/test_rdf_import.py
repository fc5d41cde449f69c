# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""RDF becomes a batch: the same from every format, in every language, nothing fetched, nothing grown."""

from pathlib import Path

import known_graphs
import pytest

from enliterator_core import Imported, RefusedError, ServiceError
from enliterator_core.cli import run
from enliterator_core.testing import check_importer
from enliterator_core.workspace import Workspace
from enliterator_neo4j import Graphs

pytest.importorskip("pyoxigraph", reason="RDF files need pyoxigraph: pip install 'enliterator[rdf]'")

PREFIXES = """
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix schema: <https://schema.org/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix : <https://x.example/> .
"""


def read(path: Path) -> list[Imported]:
    return list(Graphs().read(str(path.resolve()), None, lambda path, reason: None))


def turtle(folder: Path, text: str) -> list[Imported]:
    path = folder / "graph.ttl"
    path.write_text(PREFIXES + text, encoding="utf-8")
    return read(path)


def candidates(rows: list[Imported]):
    return {one.name: one for row in rows for one in row.extraction.candidates}


def claims(rows: list[Imported]):
    return sorted(
        (one.subject.name, one.verb, one.object.name, one.predicate.rpartition("/")[2])
        for row in rows
        for one in row.extraction.claims
    )


def test_every_format_gives_the_same_rows(tmp_path):
    files = known_graphs.write_rdf(known_graphs.thesaurus(60), tmp_path)
    rows = {suffix: read(path) for suffix, path in files.items()}
    assert set(rows) == {"ttl", "nt", "rdf", "jsonld"}
    assert len(candidates(rows["ttl"])) == 68  # concepts, crafts, the scheme, a collection and an organization
    for suffix in ("nt", "rdf", "jsonld"):
        assert rows[suffix] == rows["ttl"], suffix


def test_it_keeps_the_contract(tmp_path):
    for path in known_graphs.write_rdf(known_graphs.thesaurus(20), tmp_path).values():
        check_importer(Graphs(), str(path))


def test_labels_are_forms_in_their_languages(tmp_path):
    rows = turtle(
        tmp_path,
        """
        :a a skos:Concept ; skos:prefLabel "joinery"@en , "Tischlerei"@de , "menuiserie"@fr ;
            skos:altLabel "woodwork"@en , "Schreinerei"@de-AT ; skos:hiddenLabel "joinry" ;
            skos:definition "Joining wood."@en , "Holz fügen."@de .
        """,
    )
    one = candidates(rows)["joinery"]
    assert set(one.forms) == {"Tischlerei", "menuiserie", "woodwork", "Schreinerei", "joinry"}
    assert one.languages == (
        ("Schreinerei", "de-at"),
        ("Tischlerei", "de"),
        ("joinery", "en"),
        ("menuiserie", "fr"),
        ("woodwork", "en"),
    )
    assert one.description == "Joining wood."
    assert one.pool == "Idea"


def test_the_language_that_names_can_be_chosen(tmp_path):
    path = tmp_path / "g.ttl"
    path.write_text(PREFIXES + ':a a skos:Concept ; skos:prefLabel "joinery"@en , "Tischlerei"@de .', encoding="utf-8")
    mapping = tmp_path / "map.toml"
    assert run(["map", "suggest", str(path), "--to", str(mapping)]) == 0
    mapping.write_text(mapping.read_text().replace('language = "en"', 'language = "de"'))
    (row,) = Graphs().read(str(path), mapping, lambda *one: None)
    assert row.extraction.candidates[0].name == "Tischlerei"


def test_languages_and_hidden_labels_come_into_the_lexicon(tmp_path):
    folder = tmp_path / "w"
    folder.mkdir()
    path = known_graphs.write_rdf(known_graphs.thesaurus(40), tmp_path)["ttl"]
    assert run(["--workspace", str(folder), "-q", "build", str(path), "--no-dataset"]) == 0
    with Workspace.open(folder) as workspace:
        terms = {term.name: term for term in workspace.graph(1).terms()}
        rights = {one.license for one in workspace.graph(1).rights() if not one.quarantined}
    joinery = terms["joinery"]
    assert {"Tischlerei", "menuiserie", "Tischlereihandwerk", "joiner"} <= set(joinery.surface_forms)
    assert ("Tischlerei", "de") in joinery.languages
    assert ("joinery", "en") in joinery.languages
    assert rights == {"CC-BY-4.0"}
    hidden = {"potter", "weavin", "joiner", "bookbindin", "glassblowin"}
    assert not hidden & {form for term in terms.values() for form in term.negative_forms}


def test_known_predicates_are_verbs_and_others_keep_their_names(tmp_path):
    rows = turtle(
        tmp_path,
        """
        :book a schema:Book ; schema:name "The book" ; schema:author :ann ; dcterms:isPartOf :series ;
            :admires :ann ; prov:wasDerivedFrom :notes .
        :series a schema:Book ; schema:name "The series" .
        :notes a schema:Book ; schema:name "The notes" .
        :ann a schema:Person ; schema:name "Ann" .
        """,
    )
    assert claims(rows) == [
        ("The book", "authored_by", "Ann", "author"),
        ("The book", "connects_to", "Ann", "admires"),
        ("The book", "follows", "The notes", "prov#wasDerivedFrom"),
        ("The book", "part_of", "The series", "isPartOf"),
    ]


def test_blank_nodes_have_the_same_names_whatever_they_were_called(tmp_path):
    one = tmp_path / "one.ttl"
    one.write_text(
        PREFIXES + ':a dcterms:creator _:x . _:x a schema:Person ; schema:name "Ann" ; rdfs:seeAlso _:y . '
        '_:y rdfs:label "Y" .'
    )
    other = tmp_path / "other.ttl"
    other.write_text(
        PREFIXES + '_:b1 rdfs:label "Y" . _:b0 rdfs:seeAlso _:b1 ; schema:name "Ann" ; a schema:Person . '
        ":a dcterms:creator _:b0 ."
    )
    assert read(one) == read(other)
    assert set(candidates(read(one))) >= {"Ann", "Y"}


def test_a_licence_of_the_scheme_holds_for_all_of_it(tmp_path):
    rows = turtle(
        tmp_path,
        """
        :s a skos:ConceptScheme ; dcterms:license <https://creativecommons.org/publicdomain/zero/1.0/> .
        :a a skos:Concept ; skos:prefLabel "a"@en .
        """,
    )
    assert {dict(row.document.stated)["license"] for row in rows} == {"CC0-1.0"}


BOMB = """<?xml version="1.0"?>
<!DOCTYPE rdf:RDF [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:d="http://purl.org/dc/terms/">
<rdf:Description rdf:about="https://x.example/a"><d:title>&b;</d:title></rdf:Description></rdf:RDF>
"""


@pytest.mark.parametrize(
    "text",
    [
        BOMB,
        BOMB.replace('"aaaaaaaaaa"', 'SYSTEM "file:///etc/passwd"'),
        BOMB.replace("<!DOCTYPE", f"<!-- {'x' * 70_000} --><!DOCTYPE"),
    ],
    ids=["bomb", "file", "late"],
)
def test_xml_that_could_grow_or_reach_out_is_refused(text, tmp_path):
    path = tmp_path / "g.rdf"
    path.write_text(text)
    with pytest.raises((RefusedError, ServiceError)):
        read(path)


def test_entities_that_only_shorten_names_are_read(tmp_path):
    path = tmp_path / "g.owl"
    path.write_text(
        '<?xml version="1.0"?><!DOCTYPE rdf:RDF [<!ENTITY x "https://x.example/">]>'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:d="http://purl.org/dc/terms/">'
        '<rdf:Description rdf:about="&x;a"><d:title>A</d:title></rdf:Description></rdf:RDF>'
    )
    assert set(candidates(read(path))) == {"A"}


@pytest.mark.parametrize("share", [0.3, 0.7, 0.95])
@pytest.mark.parametrize("suffix", ["ttl", "rdf", "jsonld", "nt"])
def test_a_truncated_file_is_told_in_one_line(suffix, share, tmp_path):
    whole = known_graphs.write_rdf(known_graphs.thesaurus(20), tmp_path)[suffix].read_bytes()
    half = tmp_path / f"half.{suffix}"
    cut = int(len(whole) * share)
    half.write_bytes(whole[: whole.rindex(b'"', 0, cut)])
    with pytest.raises(ServiceError, match="half") as raised:
        read(half)
    assert "\n" not in raised.value.args[0]


def test_a_context_elsewhere_is_not_fetched(tmp_path):
    path = tmp_path / "g.jsonld"
    path.write_text('{"@context": "https://x.example/context.json", "@id": "https://x.example/a", "name": "A"}')
    with pytest.raises(ServiceError):
        read(path)


def test_odd_values_are_read(tmp_path):
    rows = turtle(
        tmp_path,
        f':a a skos:Concept ; skos:prefLabel "a\\u0000b"@en ; skos:note "{"z" * 200_000}" . '
        ':b a skos:Concept ; skos:prefLabel """x\n## y` ' + '\' }"""@en .',
    )
    assert set(candidates(rows)) == {"a\x00b", "x ## y` ' }"}
    for row in rows:
        for one in row.extraction.candidates:
            first = one.evidence[0]
            assert row.document.text[first.start : first.end] == one.description


def test_an_empty_file_yields_nothing(tmp_path):
    assert turtle(tmp_path, "") == []
