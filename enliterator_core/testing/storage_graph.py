# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The contract of a graph storage: what is written reads back, in a defined order. See `storage`."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import islice
from pathlib import Path
from random import Random

from attrs import evolve

from enliterator_core.columns import SpanColumns
from enliterator_core.contracts.storage import GraphStorage, Storage
from enliterator_core.errors import ServiceError
from enliterator_core.nouns import Block, Document, Entity, Gap, Relation, Rights, Source, Span, Term, Time
from enliterator_core.testing.sample import sample_storage

ODD_NAMES = (
    *("it's", 'say "so"', "a\x00b", "line\nbreak", "tab\t", "", " ", "→ (x) \\", "🜁🏳️‍🌈", "שלום (עולם)", "%_'; --"),
    *("\uffff", "A" * 9999),
)
"""Names that a storage must give back as they are."""


def refused(call: Callable[[], object]) -> ServiceError:
    """Return the ServiceError that a call raises; AssertionError when it raises none."""
    try:
        call()
    except ServiceError as error:
        assert str(error), "an error says what and where"
        return error
    raise AssertionError("the call should have been refused")


def copy_graph(source: GraphStorage, target: GraphStorage) -> None:
    """Write everything that the sample has in one graph into another."""
    target.write_rights(source.rights())
    target.write_sources(source.sources())
    documents = ((one.path, source.document(one.path)) for one in source.sources())
    target.write_documents((path, document) for path, document in documents if document is not None)
    target.write_entities(source.entities())
    target.write_terms(source.terms())
    target.write_relations(source.relations())
    target.write_gaps(source.gaps())


def assert_same_graph(one: GraphStorage, other: GraphStorage) -> None:
    """Assert that two graphs hold and say the same."""
    assert list(one.rights()) == list(other.rights())
    assert list(one.sources()) == list(other.sources())
    assert list(one.terms()) == list(other.terms())
    assert list(one.entities()) == list(other.entities())
    assert list(one.relations()) == list(other.relations())
    assert scanned(one) == scanned(other)
    assert one.gaps() == other.gaps()
    assert one.counts() == other.counts()
    for source in one.sources():
        assert one.document(source.path) == other.document(source.path)
    for entity in one.entities():
        assert one.entity(entity.id) == other.entity(entity.id) == entity
        assert one.relations_of(entity.id) == other.relations_of(entity.id)


def scanned(graph: GraphStorage, size: int = 7) -> tuple[list[Entity], list[Relation]]:
    """Return the entities and relations that a graph hands over in columns; AssertionError when a piece is too long."""
    entities, relations = list[Entity](), list[Relation]()
    for some in graph.scan_entities(size):
        ids = [f"{number:016x}" for number in some.ids.tolist()]
        times = [Time(value, basis) for value, basis in zip(some.times, some.bases, strict=True)]  # type: ignore[arg-type]
        fields = (
            some.pools,
            some.names,
            some.kinds,
            some.descriptions,
            some.texts,
            times,
            some.rights,
            _spans(some.spans),
        )
        made = [Entity(*row) for row in zip(*fields, strict=True)]
        assert 0 < len(made) <= size and [one.id for one in made] == ids, "ids are those of pool and name"
        entities += made
    for joins in graph.scan_relations(size):
        ends = [[f"{number:016x}" for number in numbers.tolist()] for numbers in (joins.subjects, joins.objects)]
        rows = zip(ends[0], joins.verbs, ends[1], _spans(joins.spans), joins.confidences, joins.predicates, strict=True)
        related = [Relation(*row) for row in rows]
        assert 0 < len(related) <= size
        relations += related
    return entities, relations


def _spans(columns: SpanColumns) -> list[tuple[Span, ...]]:
    rest = iter(columns.places.tolist())
    spans = [
        tuple(Span(columns.paths[path], start, end) for path, start, end in islice(rest, count))
        for count in columns.counts.tolist()
    ]
    assert next(rest, None) is None, "counts add up to the places"
    return spans


class GraphFactory:
    """What every part of the contract needs of its subclass."""

    url = "memory:"

    def storage(self) -> Storage:
        """Return a new storage; two of them with the same URL and workspace see the same graphs."""
        raise NotImplementedError

    @contextmanager
    def rebuilding(self, workspace: Path, batch: int = 1, storage: Storage | None = None) -> Iterator[GraphStorage]:
        """Open an empty graph to write, and close it."""
        graph = (storage or self.storage()).graph(self.url, workspace / ".enliterator", batch, rebuild=True)
        assert graph is not None, "the storage has no graph facet"
        try:
            yield graph
        finally:
            graph.close()

    @contextmanager
    def reading(self, workspace: Path, batch: int = 1, storage: Storage | None = None) -> Iterator[GraphStorage]:
        """Open a published graph to read, and close it."""
        graph = (storage or self.storage()).graph(self.url, workspace / ".enliterator", batch)
        assert graph is not None, "the storage has no graph facet"
        try:
            yield graph
        finally:
            graph.close()


class GraphWritesContract(GraphFactory):
    """What is written reads back."""

    def test_a_graph_reads_back_as_it_was_written(self, tmp_path: Path) -> None:
        """Every noun with every field, from a graph that has a bit of everything."""
        sample = sample_storage()
        with self.rebuilding(tmp_path) as graph:
            copy_graph(sample, graph)
            assert_same_graph(sample, graph)
            graph.publish()
            assert_same_graph(sample, graph)

    def test_every_field_is_kept(self, tmp_path: Path) -> None:
        """Also those that a sample seldom fills."""
        rights = Rights("MIT", "so be it", "Ann", "manifest", 0.25, True, False, "2031-01-02", False, "because")
        source = Source(
            "a b.md", "0" * 64, "text/markdown", 2**40, "commit", "cp1252", "T", Time("2020", "git"), rights.id
        )
        document = Document(
            "text\r\n", (Block("code", 1, 4, 2, "python", "x"),), "T", Time("2020", "git"), (("a", "b"),)
        )
        spans = (Span("a b.md", 0, 4), Span("nowhere.md", 1, 2**32 - 1))
        one = Entity("Idea", "A", "concept", "d", "r", Time("2020-01", "statement"), rights.id, spans)
        term = Term(one.id, "Idea", "A", "d", ("b", "a"), ("c",))
        gap = Gap("orphans", "low", "s", "m", "c", 7)
        relation = Relation(one.id, "connects_to", one.id, spans, 0.5, "http://example.org/p?q=1")
        with self.rebuilding(tmp_path) as graph:
            wrote = [graph.write_rights([rights]), graph.write_sources([source]), graph.write_terms([term])]
            wrote += [graph.write_documents([("a b.md", document)]), graph.write_entities([one])]
            wrote += [graph.write_relations([relation]), graph.write_gaps([gap, gap])]
            assert wrote == [1, 1, 1, 1, 1, 1, 2], "every write returns how many it was given"
            assert list(graph.rights()) == [rights] and list(graph.sources()) == [source]
            assert graph.document("a b.md") == document and list(graph.terms()) == [term]
            assert list(graph.entities()) == [one] and graph.entity(one.id) == one
            assert list(graph.relations()) == [relation] and graph.gaps() == [gap, gap]

    def test_writes_are_upserts(self, tmp_path: Path) -> None:
        """The later of two with one id wins, in one call or in two; gaps are replaced."""
        one, other = Entity("Idea", "A"), Entity("Idea", "B")
        old, new = Relation(one.id, "connects_to", other.id), Relation(one.id, "connects_to", other.id, confidence=0.5)
        source = Source("a", "0", "text/plain", 1)
        with self.rebuilding(tmp_path) as graph:
            assert graph.write_entities([one, other, evolve(one, description="first"), evolve(one, kind="x")]) == 4
            assert graph.entity(one.id) == evolve(one, kind="x")
            graph.write_relations([old, new])
            graph.write_relations([new])
            graph.write_sources([source, evolve(source, title="T")])
            graph.write_terms([Term(one.id, "Idea", "A", "old"), Term(one.id, "Idea", "A", "new")])
            graph.write_documents([("a", Document("old")), ("a", Document("new"))])
            graph.write_gaps([Gap("k", "low", "1", "", "")])
            graph.write_gaps([Gap("k", "low", "2", "", ""), Gap("k", "high", "1", "", "")])
            assert list(graph.relations()) == [new] and [one.description for one in graph.terms()] == ["new"]
            assert [one.title for one in graph.sources()] == ["T"] and graph.document("a") == Document("new")
            assert [gap.subject for gap in graph.gaps()] == ["2", "1"]
            assert graph.counts() == {"sources": 1, "entities": 2, "relations": 1, "terms": 1}

    def test_a_stage_may_write_while_it_reads(self, tmp_path: Path) -> None:
        """A stream of more than a page, written back changed while it is read."""
        sources = [Source(f"{number:05}", "0", "text/plain", 1) for number in range(4500)]
        with self.rebuilding(tmp_path) as graph:
            graph.write_sources(reversed(sources))
            assert graph.write_sources(evolve(one, rights="r") for one in graph.sources()) == 4500
            assert list(graph.sources()) == [evolve(one, rights="r") for one in sources]

    def test_a_relation_needs_both_entities(self, tmp_path: Path) -> None:
        """A write that is refused keeps nothing of that call, and the graph goes on."""
        one, other, absent = (Entity("Idea", name) for name in "ABC")
        good, bad = Relation(one.id, "refines", other.id), Relation(one.id, "refines", absent.id)
        with self.rebuilding(tmp_path) as graph:
            graph.write_entities([one, other])
            for wrong in (bad, Relation(absent.id, "refines", one.id), Relation("", "refines", one.id)):
                assert wrong.verb in str(refused(partial(graph.write_relations, [good, wrong])))
            assert list(graph.relations()) == []
            assert graph.write_relations([good]) == 1 and graph.relations_of(other.id) == [good]

    def test_odd_names_read_back(self, tmp_path: Path) -> None:
        """Quotes, NUL, control characters, emoji, right to left: in names, texts, paths and forms."""
        with self.rebuilding(tmp_path) as graph:
            every = [Entity("Idea", name, name, name, name, evidence=(Span(name, 0, 1),)) for name in ODD_NAMES]
            graph.write_entities(every)
            graph.write_terms(Term(one.id, "Idea", one.name, one.name, (one.name,), (one.name,)) for one in every)
            graph.write_sources(Source(name, "0", name, 1, title=name) for name in ODD_NAMES)
            graph.write_documents((name, Document(name, stated=((name, name),))) for name in ODD_NAMES)
            graph.write_note("odd", {name: name for name in ODD_NAMES})
            graph.publish()
            assert list(graph.entities()) == sorted(every, key=lambda one: one.name)
            assert [term.surface_forms for term in graph.terms()] == [(name,) for name in sorted(ODD_NAMES)]
            assert [source.path for source in graph.sources()] == sorted(ODD_NAMES)
            for name in ODD_NAMES:
                assert graph.document(name) == Document(name, stated=((name, name),))
            assert graph.note("odd") == {name: name for name in ODD_NAMES}

    def test_lone_surrogates_are_refused(self, tmp_path: Path) -> None:
        """With ServiceError, wherever they stand, and with nothing of that call kept."""
        good, bad = Entity("Idea", "good"), "\udc80"
        with self.rebuilding(tmp_path) as graph:
            refused(lambda: graph.write_entities([good, Entity("Idea", bad)]))
            refused(lambda: graph.write_terms([Term(good.id, "Idea", "good", surface_forms=(bad,))]))
            refused(lambda: graph.write_sources([Source(bad, "0", "text/plain", 1)]))
            refused(lambda: graph.write_documents([("a", Document(bad))]))
            refused(lambda: graph.write_gaps([Gap(bad, "low", "", "", "")]))
            refused(lambda: graph.write_note("note", {"text": bad}))
            assert set(graph.counts().values()) == {0} and graph.document("a") is None and graph.note("note") is None
            assert graph.write_entities([good]) == 1


class GraphReadsContract(GraphFactory):
    """Reads come in a defined order, and search takes any text."""

    def test_columns_say_what_the_nouns_say(self, tmp_path: Path) -> None:
        """In the same order, in pieces of any size, also while it is rebuilt; of an empty graph there are none."""
        sample = sample_storage(2)
        with self.rebuilding(tmp_path) as graph:
            assert scanned(graph) == ([], [])
            copy_graph(sample, graph)
            whole = list(sample.entities()), list(sample.relations())
            for size in (1, 7, len(whole[0]), 10**6):
                assert scanned(graph, size) == whole
            graph.publish()
            assert scanned(graph) == whole
            assert list(graph.entities()) == whole[0], "a scan leaves other reads as they were"

    def test_every_stream_has_its_order(self, tmp_path: Path) -> None:
        """By code point, not by locale, by UTF-16 or by the order of writing; and a stream is read only once."""
        names = ["a", "B", "é", "Z", "😀", "\uffff", "a b", "10", "9", "ß"]
        entities = [Entity(pool, name) for pool in ("Spatial", "Idea", "Manifest") for name in names]
        ids = [one.id for one in entities]
        pairs = zip(ids, ids[1:] + ids[:1], strict=True)
        relations = [Relation(a, verb, b) for a, b in pairs for verb in ("precedes", "cites", "connects_to")]
        shuffle = Random(11).shuffle
        shuffle(entities), shuffle(relations)
        with self.rebuilding(tmp_path) as graph:
            graph.write_entities(entities)
            graph.write_terms(Term(one.id, one.pool, one.name) for one in entities)
            graph.write_relations(relations)
            graph.write_sources(Source(name, "0", "text/plain", 1) for name in names)
            graph.write_rights(Rights(holder=name) for name in names)
            assert list(graph.entities()) == sorted(entities, key=lambda one: (one.pool, one.name))
            assert [(one.pool, one.name) for one in graph.terms()] == sorted((one.pool, one.name) for one in entities)
            assert list(graph.relations()) == sorted(relations, key=lambda one: one.key)
            assert [one.path for one in graph.sources()] == sorted(names)
            assert [one.id for one in graph.rights()] == sorted(Rights(holder=name).id for name in names)
            stream = graph.relations()
            assert len(list(stream)) == len(relations) and list(stream) == []

    def test_relations_are_seen_from_both_ends(self, tmp_path: Path) -> None:
        """Once each, also one from an entity to itself; an unknown entity has none."""
        one, other = sorted((Entity("Idea", "A"), Entity("Idea", "B")), key=lambda entity: entity.id)
        across = [Relation(one.id, "co_occurs_with", other.id), Relation(other.id, "cites", one.id)]
        itself = Relation(one.id, "cites", one.id)
        with self.rebuilding(tmp_path) as graph:
            graph.write_entities([one, other])
            graph.write_relations([*across, itself])
            assert graph.relations_of(one.id) == sorted([*across, itself], key=lambda relation: relation.key)
            assert graph.relations_of(other.id) == across
            for unknown in ("", "nonsense", "0" * 16, one.id.upper() + "x"):
                assert graph.relations_of(unknown) == [] and graph.entity(unknown) is None
            assert graph.document("nowhere") is None and graph.note("nothing") is None

    def test_notes_are_json_objects_under_keys(self, tmp_path: Path) -> None:
        """The later one under a key replaces the earlier."""
        with self.rebuilding(tmp_path) as graph:
            graph.write_note("literacy", {"score": 1})
            graph.write_note("literacy", {"score": 78.25, "parts": [1, None, True, {"ü": "→"}], "text": ""})
            graph.write_note("empty", {})
            assert graph.note("literacy") == {"score": 78.25, "parts": [1, None, True, {"ü": "→"}], "text": ""}
            assert graph.note("empty") == {}
