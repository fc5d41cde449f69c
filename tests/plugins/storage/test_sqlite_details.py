# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""What SQLite's storage adds to the contract: places by URL, spans as bytes, ids as numbers, ranking."""

import subprocess
import sys
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enliterator_core import Entity, Graph, GraphStorage, Relation, ServiceError, Span, Term, UsageError, entity_id
from enliterator_core.words import MOST_WORDS, expressions, words_of
from enliterator_sqlite import Postgresql, Sqlite, layout, register_storages
from enliterator_sqlite.files import place
from enliterator_sqlite.reading import GraphReader


@pytest.fixture
def graph(tmp_path: Path) -> GraphStorage:
    graph = Sqlite().graph("sqlite:", tmp_path, 1, rebuild=True)
    assert graph is not None
    return graph


def names(graph: GraphStorage, query: str) -> list[str]:
    found = (graph.entity(id) for id, _ in graph.search(query))
    return [entity.name for entity in found if entity is not None]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("sqlite:", "/w/.enliterator/graphs"),
        ("sqlite:///var/lib/graphs", "/var/lib/graphs"),
        ("sqlite:/var/lib/graphs", "/var/lib/graphs"),
        ("sqlite:////var/lib/graphs", "/var/lib/graphs"),
        ("sqlite:big/graphs", "/w/big/graphs"),
        ("sqlite:100%25 of?it#all", "/w/100%25 of?it#all"),
    ],
)
def test_a_url_names_a_place(url: str, expected: str) -> None:
    assert place(url, Path("/w/.enliterator"), "graphs") == Path(expected)


def test_a_url_with_a_host_is_refused() -> None:
    with pytest.raises(UsageError, match="names a host"):
        place("sqlite://server/graphs", Path("/w/.enliterator"), "graphs")


def test_the_plugin_registers_and_loads_nothing_slow() -> None:
    assert register_storages() == [Sqlite, Postgresql] and Sqlite.schemes == ("sqlite",)
    script = "import sys, enliterator_sqlite; print(*{'sqlalchemy', 'numpy', 'sqlite3'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)
    assert "sqlalchemy" not in done.stdout and "numpy" not in done.stdout


@given(st.lists(st.binary(min_size=8, max_size=8), min_size=2, max_size=6))
def test_numbers_stand_for_ids_in_their_order(digests: list[bytes]) -> None:
    ids = [digest.hex() for digest in digests]
    numbers = [layout.number_of(id) for id in ids]
    assert all(number is not None and -(2**63) <= number < 2**63 for number in numbers)
    assert [layout.id_of(number) for number in numbers if number is not None] == ids
    assert sorted(ids) == [layout.id_of(number) for number in sorted(n for n in numbers if n is not None)]


@pytest.mark.parametrize(
    "id", ["", "abc", "0" * 15, "0" * 17, "0x" + "0" * 14, "A" * 16, " " + "0" * 15, "1_" + "0" * 14]
)
def test_nothing_else_is_an_id(id: str) -> None:
    assert layout.number_of(id) is None


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 2**32 - 1), st.integers(0, 2**32 - 1))))
def test_spans_pack_into_twelve_bytes_each(values: list[tuple[str, int, int]]) -> None:
    spans = tuple(Span(*value) for value in values)
    packed = layout.pack_spans(spans, {"a": 0, "b": 1, "c": 2**32 - 1})
    assert len(packed) == 12 * len(spans)
    assert layout.unpack_spans(packed, {0: "a", 1: "b", 2**32 - 1: "c"}) == spans


def test_what_the_layout_cannot_hold_is_refused(graph: GraphStorage) -> None:
    one = Entity("Idea", "A")
    graph.write_entities([one])
    for spans in ((Span("a", -1, 2),), (Span("a", 0, 1), Span("a", 0, 2**32))):
        with pytest.raises(ServiceError, match="span of a cannot be stored"):
            graph.write_entities([Entity("Idea", "B", evidence=spans)])
    with pytest.raises(ServiceError, match="'Dream' is not in the canon"):
        graph.write_entities([Entity("Dream", "B")])
    with pytest.raises(ServiceError, match="'loves' is not in the canon"):
        graph.write_relations([Relation(one.id, "loves", one.id)])
    with pytest.raises(ServiceError, match="not the id of an entity"):
        graph.write_terms([Term("A", "Idea", "A")])
    assert graph.counts() == {"sources": 0, "entities": 1, "relations": 0, "terms": 0}
    graph.close()


def test_an_error_of_who_gives_is_theirs_and_undoes_the_write(graph: GraphStorage) -> None:
    def given_by() -> object:
        yield Entity("Idea", "A")
        raise FileNotFoundError("theirs")

    with pytest.raises(FileNotFoundError, match="theirs"):
        graph.write_entities(given_by())
    assert graph.counts()["entities"] == 0 and graph.write_entities([Entity("Idea", "B")]) == 1
    graph.close()


def test_a_write_may_be_made_of_what_another_writes(graph: GraphStorage) -> None:
    def given_by() -> object:
        for letter in "AB":
            entity = Entity("Idea", letter)
            graph.write_entities([entity])
            assert graph.search(letter)[0][0] == entity.id
            yield Relation(entity.id, "cites", entity_id("Idea", "A"))

    assert graph.write_relations(given_by()) == 2
    assert [relation.verb for relation in graph.relations_of(entity_id("Idea", "A"))] == ["cites", "cites"]
    graph.close()


def test_only_the_published_file_and_the_lock_are_left(graph: GraphStorage, tmp_path: Path) -> None:
    graph.publish()
    reader = Sqlite().graph("sqlite:", tmp_path, 1)
    assert reader is not None and list(reader.entities()) == [] and reader.search("x") == []
    assert sorted(path.name for path in (tmp_path / "graphs").iterdir()) == ["1.db", "1.lock"]
    reader.close()
    graph.close()


def test_words_are_found_in_other_forms(graph: GraphStorage) -> None:
    graph.write_entities(
        [
            Entity("Idea", "Café opening"),
            Entity("Manifest", "enliterator_core.canon.parse_line"),
            Entity("Practical", "Evaluate the hive-scale"),
            Entity("Idea", "مرحبا بالعالم"),
            Entity("Idea", "सत्य की खोज"),
        ]
    )
    assert names(graph, "cafe open") == ["Café opening"]
    assert names(graph, "CAFE\u0301") == ["Café opening"]
    assert names(graph, "parse_line") == names(graph, "canon") == ["enliterator_core.canon.parse_line"]
    assert names(graph, "evaluating hive scales") == ["Evaluate the hive-scale"]
    assert names(graph, "hive-scale") == ["Evaluate the hive-scale"]
    assert names(graph, "بالعالم") == ["مرحبا بالعالم"] and names(graph, "सत्य") == ["सत्य की खोज"]
    graph.close()


def test_names_weigh_more_than_forms_and_forms_more_than_texts(graph: GraphStorage) -> None:
    named, formed, told = (
        Entity("Idea", "amber x"),
        Entity("Idea", "other y"),
        Entity("Idea", "third z", description="amber"),
    )
    graph.write_entities([told, formed, named, *(Entity("Idea", f"filler {number}") for number in range(20))])
    graph.write_terms([Term(formed.id, "Idea", formed.name, surface_forms=("amber",))])
    assert names(graph, "amber") == ["amber x", "other y", "third z"]
    graph.close()


def test_common_words_do_not_decide(graph: GraphStorage) -> None:
    graph.write_entities([Entity("Idea", "The way of the hive"), Entity("Idea", "What is the weather")])
    assert names(graph, "what is the hive") == ["The way of the hive"]
    assert names(graph, "what is the") == ["What is the weather"], "a query of common words alone still asks for them"
    assert names(graph, "what is the zebra") == []
    graph.close()


def test_what_is_found_unranked_is_what_is_ranked(graph: GraphStorage) -> None:
    words, random, whole = ["amber", "birch", "cobalt", "dune", "the", "of"], Random(3), 0
    graph.write_entities(
        Entity(random.choice(("Idea", "Manifest")), f"{number} {' '.join(random.sample(words, 3))}")
        for number in range(40)
    )
    assert isinstance(graph, GraphReader)
    for _ in range(400):
        query = " ".join(random.choices([*words, "zebra", "-", ""], k=random.randint(0, 4)))
        pools = random.sample(("Idea", "Manifest", "Nowhere"), random.randint(0, 2))
        limit = random.choice((-1, 0, 1, 3, 10, 60))
        every = [id for id, _ in graph.search(query, pools=pools, limit=100)]
        few = graph.search_few(query, pools=pools, limit=limit)
        assert few is None if len(every) > max(limit, 0) else sorted(few or []) == sorted(every)
        whole += bool(few)
    assert whole > 50
    graph.close()


@pytest.mark.skipif(sys.platform != "linux", reason="the system tells what is mapped in a file of Linux's")
def test_a_graph_lets_go_of_what_is_mapped_of_its_file_and_reads_on(graph: GraphStorage, tmp_path: Path) -> None:
    graph.write_entities(Entity("Idea", f"The hive {number}", "thing", "honey " * 50) for number in range(5000))
    graph.publish()
    graph.close()

    def mapped() -> int:  # kilobytes: the fourth line after the name is "Rss:"
        lines = Path("/proc/self/smaps").read_text().splitlines()
        return sum(int(lines[at + 4].split()[1]) for at, line in enumerate(lines) if line.endswith("/1.db"))

    published = Sqlite().graph("sqlite:", tmp_path, 1)
    assert isinstance(published, GraphReader) and mapped() < 200
    whole = Graph(published)
    found = [entity.name for entity in published.entities()], published.search("hive 4999")
    assert mapped() > 1000
    whole.let_go()
    assert mapped() == 0
    assert ([entity.name for entity in published.entities()], published.search("hive 4999")) == found
    assert mapped() > 1000
    published.close()


def test_a_query_is_words_and_never_syntax() -> None:
    assert expressions("") == expressions('"*():^-') == []
    assert expressions("hive") == ['"hive"']
    assert expressions('NEAR("the hive" OR bees)') == [
        '"near" AND "the" AND "hive" AND "or" AND "bees"',
        '"near" AND "hive" AND "bees"',
        '"near" OR "hive" OR "bees"',
    ]
    assert words_of("A a Ä ä_b") == ["a", "ä", "b"]
    assert len(words_of(" ".join(map(str, range(1000))))) == MOST_WORDS


@given(st.text())
def test_any_query_becomes_quoted_words(query: str) -> None:
    for word in words_of(query):
        assert word and '"' not in word and not any(one.isspace() for one in word)
