# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The deliverables stage: one page that needs nothing else, escapes what it quotes and says the same every time."""

from html.parser import HTMLParser
from pathlib import Path
from typing import ClassVar

import pytest
from attrs import evolve, frozen

from enliterator_core import Batch, Context, Document, Entity, Exporter, Gap, Graph, Relation, Rights, Source, Span
from enliterator_core.pieces import Pieces
from enliterator_core.testing import MemoryGraph, sample_storage
from enliterator_deliverables import DeliverablesStage

VOID = {"meta", "br", "rect", "link", "img"}


class Page(HTMLParser):
    """Reads a page as a browser would: its text, its attributes, and whether its elements are closed in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.words: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.tags: set[str] = set()
        self.feed(html)
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


@frozen
class Counted(Exporter):
    """Writes how many entities there are."""

    name: ClassVar[str] = "counted"
    file_name: ClassVar[str] = "counted.txt"

    def export(self, graph: Graph, target: Path) -> int:
        """Write the number."""
        target.write_text(str(len(graph.entities)))
        return len(graph.entities)


def context_of(storage: MemoryGraph, folder: Path, name: str = "Handbook") -> Context:
    pieces = Pieces(folder / "p.db")
    return Context(
        Batch(7, name, "o", "2026-11-22"), ("o",), None, storage, pieces, folder / "out", exporters=[Counted()]
    )


def page_of(context: Context, **settings: int) -> Page:
    DeliverablesStage(**settings).run(context)
    return Page((context.deliverables / "report.html").read_text(encoding="utf-8"))


def test_the_page_tells_score_pools_paths_rights_and_gaps(tmp_path: Path) -> None:
    context = context_of(sample_storage(), tmp_path)
    text = page_of(context, paths=60).text
    for words in (
        "81.5 of 100",
        "M2 Literate",
        "over 70: a dataset can be built",
        "Next is rights settled for 95 % of the sources",
        "coverage weight 0.40 0.86 34.4",
        "Gentle handling means slow hands and no knocks.",
        "handbook/spring.md:19",
        "CC-BY-4.0",
        "letters/breeder.md no licence or statement was found",
        "letters/breeder.md has no licence a licence statement for it",
        "passed every relation has a span 38 relations",
    ):
        assert words in text, words


def test_every_step_of_a_path_is_quoted_from_its_source(tmp_path: Path) -> None:
    storage = sample_storage()
    text = page_of(context_of(storage, tmp_path), paths=500).text
    graph = Graph(storage)
    for relation in graph.relations.values():
        if relation.verb != "co_occurs_with":
            assert " ".join(graph.text(relation.evidence[0]).split()) in text


def test_the_page_asks_for_nothing_from_outside(tmp_path: Path) -> None:
    page = page_of(context_of(sample_storage(), tmp_path))
    assert not page.tags & {"script", "link", "img", "iframe", "object", "form"}
    for tag, name, value in page.attributes:
        assert not name.startswith("on")
        if name in ("href", "src"):
            assert value.startswith("#"), (tag, name, value)


def test_what_sources_say_is_never_markup(tmp_path: Path) -> None:
    storage = sample_storage()
    evil = '<script>alert("x")</script>'
    first = next(iter(storage.entities()))
    storage.write_entities(
        [
            evolve(first, description=evil),
            Entity("Idea", evil, evil, evil, rights=first.rights, evidence=first.evidence),
        ]
    )
    storage.write_gaps([Gap("time", "low", evil, evil, evil)])
    context = context_of(storage, tmp_path, name=evil)
    context.refuse(f"a\n{evil}.bin", evil)
    page = page_of(context)
    assert "script" not in page.tags
    assert page.text.count(evil) >= 6


def test_the_same_graph_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        page_of(context_of(sample_storage(3), tmp_path / name))
    first, second = (tmp_path / name / "out" / "report.html" for name in ("one", "two"))
    assert first.read_bytes() == second.read_bytes()
    assert b"2026-11-22" not in first.read_bytes()


def test_an_empty_batch_has_a_page_too(tmp_path: Path) -> None:
    text = page_of(context_of(MemoryGraph(), tmp_path)).text
    assert "No literacy was measured" in text
    assert "Nothing: every file was read" in text


def test_sources_that_may_not_be_published_are_quoted_under_a_notice(tmp_path: Path) -> None:
    storage = MemoryGraph()
    ours = Rights(license="LicenseRef-ours", trainable=True, publishable=False, quarantined=False, reason=None)
    storage.write_rights([ours])
    storage.write_sources([Source("a.md", "ab" * 32, "text/markdown", 5, rights=ours.id)])
    page = page_of(context_of(storage, tmp_path))
    assert "For your team only" not in page.text
    storage.write_documents([("a.md", Document("Hives are boxes."))])
    storage.write_entities(
        [Entity("Idea", "Hive", "", "Hives are boxes.", "", rights=ours.id, evidence=(Span("a.md", 0, 16),))]
    )
    assert (
        "For your team only. This page quotes 1 source that may not be published: a.md."
        in page_of(context_of(storage, tmp_path)).text
    )


def test_long_tables_end_with_how_much_more_there_is(tmp_path: Path) -> None:
    context = context_of(sample_storage(), tmp_path)
    for number in range(9):
        context.refuse(f"{number}.bin", "not text")
    text = page_of(context, rows=4).text
    assert "Refused: could not be read 9" in text
    assert "3.bin not text and 5 more" in text
    assert "4.bin" not in text


def test_every_exporter_writes_its_file_and_tells_how_much(tmp_path: Path) -> None:
    context = context_of(sample_storage(), tmp_path)
    result = DeliverablesStage().run(context)
    entities = len(list(context.graph.entities()))
    assert (context.deliverables / "counted.txt").read_text() == str(entities)
    assert result.counts == {"files": 2, "counted": entities}
    assert result.summary == "report.html, counted.txt"


def test_a_path_goes_on_where_it_can(tmp_path: Path) -> None:
    storage = MemoryGraph()
    rights = Rights(license="CC0-1.0", trainable=True, publishable=True, quarantined=False, reason=None)
    storage.write_rights([rights])
    storage.write_sources([Source("a.md", "ab" * 32, "text/markdown", 5, rights=rights.id)])
    storage.write_documents([("a.md", Document("first line\nroof and wall"))])
    parts = [Entity("Manifest", name, rights=rights.id) for name in ("roof", "wall", "house")]
    storage.write_entities(parts)
    ids = [part.id for part in parts]
    storage.write_relations([Relation(ids[0], "part_of", ids[1], (Span("a.md", 11, 15),))])
    assert (
        "roof is part of wall . Manifest(roof) → part_of → Manifest(wall). roof a.md:2"
        in page_of(context_of(storage, tmp_path)).text
    )
    storage.write_relations([Relation(ids[1], "part_of", ids[2], (Span("a.md", 20, 24),))])
    assert (
        "Manifest(roof) → part_of → Manifest(wall) → part_of → Manifest(house)."
        in page_of(context_of(storage, tmp_path)).text
    )


def test_settings_are_checked() -> None:
    with pytest.raises(ValueError, match="rows"):
        DeliverablesStage(rows=0)
