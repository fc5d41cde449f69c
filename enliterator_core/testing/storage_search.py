# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The contract of a graph storage: any text is a legal query, and a graph appears in one step. See `storage`."""

from functools import partial
from pathlib import Path
from random import Random

from attrs import evolve

from enliterator_core.graph.copying import copy_graph
from enliterator_core.nouns import Entity, Relation, Source, Term
from enliterator_core.testing.sample import sample_storage
from enliterator_core.testing.storage_graph import GraphFactory, assert_same_graph, refused

HOSTILE_QUERIES = (
    *(
        "",
        " ",
        '"',
        "'",
        '"""',
        "*",
        "hive*",
        "NOT",
        "AND OR NOT",
        "hive AND",
        "NEAR(hive, 2)",
        "name : hive",
        "{name} : x",
    ),
    *(
        "-hive",
        "^hive",
        "(hive",
        ")))",
        "+",
        "hive + + bee",
        "\x00",
        "hive\x00bee",
        "→ 🐝 !",
        "a" * 5000,
        "\ud800",
        "%",
    ),
    *("; DROP TABLE", "{", "[]", "\\", "col:hive", "hive OR", "ﬁ ß İ", "नमस्ते", "e\u0301", "hive " * 5000),
    " ".join(f"w{number}" for number in range(3000)),
)
"""Queries that mean something to one full-text engine or another; to a storage they are text."""

_PIECES = (
    '"',
    "'",
    "*",
    "(",
    ")",
    ":",
    "^",
    "-",
    "+",
    "~",
    "/",
    "\\",
    "{",
    "}",
    "[",
    "]",
    "AND",
    "OR",
    "NOT",
    "NEAR",
    "hive",
    " ",
)


class GraphSearchContract(GraphFactory):
    """Search finds by name, form, description and text, and reads nothing in a query as syntax."""

    def test_search_finds_what_is_written(self, tmp_path: Path) -> None:
        """By every kind of text, in any case; a changed entity by its new words only."""
        one = Entity(
            "Idea", "Radical inclusion", description="Everyone may camp", repr_text="a principle of the temple"
        )
        with self.rebuilding(tmp_path) as graph:
            graph.write_entities([one, Entity("Manifest", "Kettle")])
            graph.write_terms(
                [Term(one.id, "Idea", one.name, surface_forms=("welcoming strangers",), negative_forms=("rad",))]
            )
            for query in ("radical", "INCLUSION", "camp", "principle temple", "strangers", "radical camp strangers"):
                assert [id for id, _ in graph.search(query)] == [one.id], query
            assert graph.search("rad") == [], "a form that is mistaken for it does not find it"
            graph.write_entities([evolve(one, description="Nobody sings")])
            assert graph.search("camp") == [] and [id for id, _ in graph.search("sings")] == [one.id]
            graph.publish()
            assert graph.search("camp") == [] and [id for id, _ in graph.search("sings strangers")] == [one.id]

    def test_all_words_come_before_any(self, tmp_path: Path) -> None:
        """Any word is the fallback, used when nothing has them all."""
        both, left, right = Entity("Idea", "amber birch"), Entity("Idea", "amber"), Entity("Idea", "birch")
        with self.rebuilding(tmp_path) as graph:
            graph.write_entities([left, right, both])
            assert [id for id, _ in graph.search("birch amber")] == [both.id]
            assert {id for id, _ in graph.search("amber cobalt birch")} == {both.id, left.id, right.id}
            assert graph.search("cobalt") == []

    def test_results_are_ordered_limited_and_scored(self, tmp_path: Path) -> None:
        """Best first, ties by id, the same for any order of writing; pools limit what is found."""
        entities = [Entity(pool, f"amber {letter}") for pool in ("Idea", "Manifest") for letter in "abcdefgh"]
        entities.append(Entity("Idea", "other", description="speaks of amber once among many other words"))
        results = []
        for seed in (1, 2):
            Random(seed).shuffle(entities)
            with self.rebuilding(tmp_path, seed) as graph:
                graph.write_entities(entities)
                results.append(graph.search("amber", limit=100))
                assert graph.search("amber", limit=3) == results[-1][:3]
                assert len(graph.search("amber")) == 10 and graph.search("amber", limit=0) == []
                among = graph.search("amber", pools=("Manifest",), limit=100)
                assert {id for id, _ in among} == {one.id for one in entities if one.pool == "Manifest"}
                assert graph.search("amber", pools=("Manifest", "Idea"), limit=100) == results[-1]
                assert graph.search("amber", pools=("Nowhere",)) == []
        assert results[0] == results[1] and len(results[0]) == 17
        assert results[0] == sorted(results[0], key=lambda found: (-found[1], found[0]))
        assert results[0][-1][0] == Entity("Idea", "other").id, "a name says more than a text"

    def test_any_text_is_a_legal_query(self, tmp_path: Path) -> None:
        """Operators, quotes, control characters, other scripts, very long ones, and 300 mixtures of them."""
        random = Random(5)
        mixed = ["".join(random.choices(_PIECES, k=random.randint(1, 12))) for _ in range(300)]
        with self.rebuilding(tmp_path) as graph:
            copy_graph(sample_storage(), graph)
            graph.publish()
            known = {one.id for one in graph.entities()}
            for query in (*HOSTILE_QUERIES, *mixed):
                found = graph.search(query)
                assert len(found) <= 10 and {id for id, _ in found} <= known
                assert found or "hive" not in query.split(), "a word stays a word, whatever stands around it"
            for wordless in ("", " ", '"', "→ !", "()*:^", "\x00", "\ud800"):
                assert graph.search(wordless) == [], wordless


class GraphPublishContract(GraphFactory):
    """A rebuilt graph becomes visible in one step or not at all."""

    def test_what_is_not_published_is_not_there(self, tmp_path: Path) -> None:
        """Neither while it is written nor after it is closed; what was published before stays."""
        old, new = Entity("Idea", "old"), Entity("Idea", "new")
        storage = self.storage()
        refused(lambda: storage.graph(self.url, tmp_path / ".enliterator", 1))
        with self.rebuilding(tmp_path, storage=storage) as graph:
            graph.write_entities([old])
            refused(lambda: storage.graph(self.url, tmp_path / ".enliterator", 1))
        refused(lambda: storage.graph(self.url, tmp_path / ".enliterator", 1))
        with self.rebuilding(tmp_path, storage=storage) as graph:
            assert list(graph.entities()) == [], "what was discarded does not come back"
            graph.write_entities([old])
            graph.publish()
        with self.rebuilding(tmp_path, storage=storage) as graph:
            graph.write_entities([new])
        with self.reading(tmp_path, storage=storage) as graph:
            assert list(graph.entities()) == [old]

    def test_a_reader_keeps_the_graph_that_it_opened(self, tmp_path: Path) -> None:
        """Before and after another is published in its place; who opens it then sees the new one."""
        sample, storage = sample_storage(), self.storage()
        with self.rebuilding(tmp_path, storage=storage) as graph:
            copy_graph(sample, graph)
            graph.publish()
        with self.reading(tmp_path, storage=storage) as reader:
            found, stream = reader.search("hive"), reader.relations()
            first = next(stream)
            with self.rebuilding(tmp_path, storage=storage) as graph:
                graph.write_entities([Entity("Idea", "hive")])
                assert_same_graph(sample, reader)
                graph.publish()
            assert [first, *stream] == list(sample.relations()) and reader.search("hive") == found
            assert_same_graph(sample, reader)
            with self.reading(tmp_path, storage=storage) as after:
                assert [one.name for one in after.entities()] == ["hive"] and after.counts()["relations"] == 0

    def test_a_published_graph_is_read_only(self, tmp_path: Path) -> None:
        """For who published it and for who opens it; it still reads."""
        one, storage = Entity("Idea", "A"), self.storage()
        with self.rebuilding(tmp_path, storage=storage) as graph:
            graph.write_entities([one])
            graph.publish()
            with self.reading(tmp_path, storage=storage) as reader:
                for published in (graph, reader):
                    refused(partial(published.write_entities, [one]))
                    refused(partial(published.write_relations, [Relation(one.id, "cites", one.id)]))
                    refused(partial(published.write_sources, [Source("a", "0", "text/plain", 1)]))
                    refused(partial(published.write_gaps, []))
                    refused(partial(published.write_note, "a", {}))
                    assert list(published.entities()) == [one]

    def test_batches_and_places_are_apart(self, tmp_path: Path) -> None:
        """Two batches, and one batch in two workspaces, know nothing of each other."""
        storage = self.storage()
        for workspace, batch in ((tmp_path / "a", 1), (tmp_path / "a", 12), (tmp_path / "b", 1)):
            with self.rebuilding(workspace, batch, storage) as graph:
                graph.write_entities([Entity("Idea", f"{workspace.name}{batch}")])
                graph.publish()
        for workspace, batch in ((tmp_path / "a", 1), (tmp_path / "a", 12), (tmp_path / "b", 1)):
            with self.reading(workspace, batch, storage) as graph:
                assert [one.name for one in graph.entities()] == [f"{workspace.name}{batch}"]
        refused(lambda: storage.graph(self.url, tmp_path / "b" / ".enliterator", 12))
