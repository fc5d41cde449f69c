# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Graphs that exist become batches: read and never written, every value where it stands, whatever stands in it."""

import json
import re
from collections import Counter
from pathlib import Path

import known_graphs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from known_graphs import Made

from enliterator_core import POOLS, VERBS, ConfigurationError, Imported, RefusedError, ServiceError, reverse_of
from enliterator_core.cli import run
from enliterator_core.testing import check_importer
from enliterator_core.workspace import Workspace
from enliterator_neo4j import Graphs
from enliterator_neo4j.importing.files import CsvGraph, GraphMLGraph
from enliterator_neo4j.importing.mapping import Label, Mapping, Type, parse
from enliterator_neo4j.importing.reading import stage
from enliterator_neo4j.importing.rows import imported
from enliterator_neo4j.importing.staging import Edge, Node, Staging
from enliterator_neo4j.importing.suggest import render
from enliterator_neo4j.importing.survey import LabelSurvey, Survey, TypeSurvey

ODD = ["`", "a`b", 'a"b', "a\nb", "a'} DETACH DELETE n //", "$x", "{}", "\\", "é \U0001f600", "a.b", "a:b", "-", " "]


class Listed:
    """A graph in lists."""

    def __init__(self, nodes: list[Node], edges: list[Edge]) -> None:
        self._nodes, self._edges = nodes, edges

    def nodes(self):
        return iter(self._nodes)

    def edges(self):
        return iter(self._edges)

    def close(self) -> None:
        pass


def taken(graph, mapping: Mapping) -> tuple[list[Imported], list[tuple[str, str]]]:
    """Return what an import yields, and what it refused."""
    refused: list[tuple[str, str]] = []
    with Staging() as staging:
        stage(graph, mapping, staging, lambda path, reason: refused.append((path, reason)))
        return list(imported(staging, mapping)), refused


def read(path: Path, mapping: Path | None = None) -> list[Imported]:
    return list(Graphs().read(str(path.resolve()), mapping, lambda path, reason: None))


def candidates(rows: list[Imported]):
    return {(one.pool, one.name): one for row in rows for one in row.extraction.candidates}


def claims(rows: list[Imported]):
    return [
        (one.subject.name, one.verb, one.object.name, one.predicate) for row in rows for one in row.extraction.claims
    ]


def texts(rows: list[Imported]) -> dict[str, str]:
    return {row.source.path: row.document.text for row in rows}


PEOPLE = Mapping({"Person": Label("Actor", "person", name=("name",), time="born")}, {"KNOWS": Type()})


def person(id: str, **properties) -> Node:
    return Node(id, ("Person",), properties)


def test_it_keeps_the_contract(tmp_path):
    for made in (known_graphs.movies(20), known_graphs.shop(20)):
        check_importer(Graphs(), str(known_graphs.write_csv(made, tmp_path / "g.csv")))
        check_importer(Graphs(), str(known_graphs.write_graphml(made, tmp_path / "g.graphml")))


def test_what_is_described_and_what_is_claimed_stand_in_the_rows(tmp_path):
    for made in (known_graphs.movies(30), known_graphs.shop(40)):
        rows = read(known_graphs.write_graphml(made, tmp_path / "g.graphml"))
        text = texts(rows)
        for one in candidates(rows).values():
            first = one.evidence[0]
            assert text[first.source][first.start : first.end] == one.description
            assert any(one.name in text[span.source][span.start : span.end] for span in one.evidence)
        for row in rows:
            for claim in row.extraction.claims:
                (span,) = claim.evidence
                said = text[span.source][span.start : span.end]
                assert said.startswith(f"{claim.subject.name} {claim.predicate} {claim.object.name}")
            for block in row.document.blocks:
                assert 0 <= block.start < block.end <= len(row.document.text)


def test_graphml_and_csv_of_one_graph_say_the_same(tmp_path):
    for number, made in enumerate((known_graphs.movies(25), known_graphs.shop(30))):
        one = read(known_graphs.write_graphml(made, tmp_path / f"{number}.graphml"))
        other = read(known_graphs.write_csv(made, tmp_path / f"{number}.csv"))
        assert len(candidates(one)) == len(made.nodes)
        assert {name for _, name in candidates(one)} == {name for _, name in candidates(other)}
        assert sorted(claims(one)) == sorted(claims(other))
        assert len(claims(one)) == len(made.edges)


def test_the_same_file_gives_the_same_rows(tmp_path):
    path = known_graphs.write_csv(known_graphs.movies(20), tmp_path / "g.csv")
    assert read(path) == read(path)


def test_a_key_makes_rows_that_another_copy_has_too(tmp_path):
    made = known_graphs.shop(60)
    order = [*range(len(made.nodes))][::-1]
    back = {old: new for new, old in enumerate(order)}
    copy = Made(
        [made.nodes[old] for old in order],
        [(back[a], type, back[b], said) for a, type, b, said in reversed(made.edges)],
    )
    mapping = tmp_path / "map.toml"
    assert run(["map", "suggest", str(known_graphs.write_csv(made, tmp_path / "one.csv")), "--to", str(mapping)]) == 0
    one = read(tmp_path / "one.csv", mapping)
    other = read(known_graphs.write_csv(copy, tmp_path / "other.csv"), mapping)
    assert one == other


def test_names_are_told_apart_by_what_tells_them_apart():
    nodes = [person("1", name="Ann", born=1950), person("2", name="ann", born=1960), person("3", name="Bo")]
    nodes += [person("4", name="Cy", born=1970), person("5", name="Cy", born=1970)]
    rows, _ = taken(Listed(nodes, []), PEOPLE)
    assert {name for _, name in candidates(rows)} == {"Ann (1950)", "ann (1960)", "Bo", "Cy (4)", "Cy (5)"}
    assert candidates(rows)["Actor", "Ann (1950)"].forms == ("Ann",)


def test_what_has_no_name_is_called_by_kind_and_key():
    rows, _ = taken(Listed([person("7"), person("8", name="  ")], []), PEOPLE)
    assert {name for _, name in candidates(rows)} == {"person 7", "person 8"}


def test_values_are_shown_as_people_write_them():
    said = {"name": "Ann", "tags": ["a", "b"], "home": "NULL", "left": None, "ok": True, "no": False, "n": 5}
    rows, _ = taken(Listed([person("1", **said)], []), PEOPLE)
    (text,) = texts(rows).values()
    assert "tags: a, b" in text
    assert "home" not in text
    assert "left" not in text
    assert rows[0].extraction.candidates[0].description == "person, n 5, ok, tags a, b"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1999, "1999"),
        ("1996-07-04 00:00:00.000", "1996-07-04"),
        ("1996-07-04T00:00:00Z", "1996-07-04"),
        ("1996-07-04T08:30:00+02:00", "1996-07-04T08:30:00+02:00"),
        ("1996-07", "1996-07"),
        ("last spring", None),
        (1412985600000, None),
        ("04/07/1996", None),
        ("", None),
    ],
)
def test_only_iso_times_are_times(value, expected):
    rows, _ = taken(Listed([person("1", name="Ann", born=value)], []), PEOPLE)
    assert rows[0].extraction.candidates[0].time.value == expected


def test_labels_without_a_line_are_refused_and_types_without_one_connect():
    nodes = [person("1", name="Ann"), person("2", name="Bo"), Node("3", ("Dog",), {}), Node("4", (), {})]
    edges = [Edge("1", "TEASES", "2", {}), Edge("1", "OWNS", "3", {}), Edge("1", "KNOWS", "9", {})]
    rows, refused = taken(Listed(nodes, edges), PEOPLE)
    assert claims(rows) == [("Ann", "connects_to", "Bo", "TEASES")]
    assert refused == [
        ("label Dog", "the mapping has no line for it (1 nodes)"),
        ("label no label", "the mapping has no line for it (1 nodes)"),
        ("relationships", "2 begin or end at a node that is not there or is left out"),
    ]


def test_a_verb_that_does_not_join_the_pools_connects():
    mapping = Mapping(PEOPLE.labels, {"OWNS": Type("owns")})
    rows, _ = taken(Listed([person("1", name="A"), person("2", name="B")], [Edge("1", "OWNS", "2", {})]), mapping)
    assert claims(rows) == [("A", "connects_to", "B", "OWNS")]


def test_parallel_relationships_and_loops_are_read():
    nodes = [person("1", name="A"), person("2", name="B")]
    edges = [Edge("1", "KNOWS", "2", {"since": 1}), Edge("1", "KNOWS", "2", {"since": 2}), Edge("1", "KNOWS", "1", {})]
    rows, refused = taken(Listed(nodes, edges), PEOPLE)
    assert len(claims(rows)) == 3
    assert "A KNOWS B (since: 1)" in rows[0].document.text
    assert "A KNOWS B (since: 2)" in rows[0].document.text
    assert refused == []


def test_rights_by_property_and_by_label_make_sources_of_their_own():
    labels = {
        "Person": Label("Actor", "person", name=("name",), license="license", holder="holder"),
        "Song": Label("Manifest", "song", name=("name",), rights="CC0-1.0"),
    }
    nodes = [
        person("1", name="A", license="MIT"),
        person("2", name="B", license="https://creativecommons.org/licenses/by-sa/4.0/", holder="Bo"),
        person("3", name="C"),
        Node("4", ("Song",), {"name": "S"}),
    ]
    rows, _ = taken(Listed(nodes, []), Mapping(labels, {}))
    stated = {row.extraction.candidates[0].name: (row.source.path, dict(row.document.stated)) for row in rows}
    assert stated["A"] == ("Person MIT/00001", {"license": "MIT"})
    assert stated["B"][1] == {"license": "CC-BY-SA-4.0", "holder": "Bo"}
    assert stated["B"][0].startswith("Person CC-BY-SA-4.0 ")
    assert stated["C"] == ("Person/00001", {})
    assert stated["S"][1] == {"license": "CC0-1.0"}


def test_labels_whose_names_are_alike_have_folders_of_their_own():
    names = ["http://a.example/Thing", "http://b.example/Thing", "A/B", "A_B", "..", "", "thing"]
    labels = {name: Label("Manifest", "thing", name=("name",)) for name in names}
    nodes = [Node(str(at), (name,), {"name": f"n{at}"}) for at, name in enumerate(names)]
    rows, refused = taken(Listed(nodes, []), Mapping(labels, {}))
    paths = [row.source.path for row in rows]
    assert len({path.casefold() for path in paths}) == len(names)
    assert not any(part in (".", "..", "") for path in paths for part in path.split("/"))
    assert refused == []


@pytest.mark.parametrize("odd", ODD)
def test_any_name_of_a_label_type_or_key_is_read(odd, tmp_path):
    made = Made()
    one, other = (made.node(odd, **{"name": f"{odd} {at}", odd: odd}) for at in (1, 2))
    made.edge(one, odd, other, **{odd: odd})
    rows = read(known_graphs.write_graphml(made, tmp_path / "g.graphml"))
    assert len(candidates(rows)) == 2
    assert len(claims(rows)) == 1
    for row in rows:
        for one in row.extraction.candidates:
            assert all(row.document.text[span.start : span.end].strip() for span in one.evidence)


@given(
    st.dictionaries(st.text(max_size=8), st.text(max_size=40) | st.integers() | st.lists(st.text(max_size=9))),
    st.text(max_size=30),
)
def test_every_span_opens_in_the_rows(properties, name):
    mapping = Mapping(
        {"Person": Label("Actor", "person", name=("name",), description=("about", "bio"), forms=("aka",))}, {}
    )
    said = {key.encode("utf-8", "ignore").decode(): value for key, value in properties.items()} | {"name": name}
    rows, _ = taken(Listed([Node("1", ("Person",), said)], [Edge("1", "IS", "1", {})]), mapping)
    (row,) = rows
    text = row.document.text
    (one,) = row.extraction.candidates
    assert text[one.evidence[0].start : one.evidence[0].end] == one.description
    for block in row.document.blocks:
        assert text[block.end] == "\n"


POOL = st.sampled_from(sorted(POOLS))
WORD = st.text(st.characters(exclude_categories=("Cs",)), max_size=12)
SOME = st.lists(WORD.filter(bool), max_size=3).map(tuple)
LABELS = st.builds(
    Label, POOL, WORD, WORD, SOME, SOME, SOME, time=WORD, url=WORD, rights=st.just(""), license=WORD, holder=WORD
)
VERBS_EITHER_WAY = st.sampled_from(sorted({name for verb in VERBS for name in (verb, reverse_of(verb))}))


@given(st.dictionaries(WORD, LABELS, max_size=4), st.dictionaries(WORD, st.builds(Type, VERBS_EITHER_WAY), max_size=4))
def test_a_mapping_that_is_written_reads_back(labels, types):
    mapping = Mapping(labels, types)
    said = {word: f"{word}\n[x]" for one in labels.values() for word in (one.key, *one.name, "\n[y]")}
    ends = Counter([(("a\n[z]",), ("b",))])
    survey = Survey(
        {name: LabelSurvey(1, [(name,)], [said]) for name in labels}, {name: TypeSurvey(1, ends) for name in types}
    )
    assert parse(render(survey, mapping, "g\n[o]"), "map.toml") == mapping


def test_everything_wrong_with_a_mapping_is_told_at_once():
    text = """
        langauge = "de"
        [labels.A]
        pool = "Maniefst"
        nmae = "x"
        forms = 5
        [labels.B]
        pool = "Idea"
        name = ["a", 3]
        time = []
        [types.T]
        verb = "autors"
        [types.U]
        verb = "cites"
        colour = 1
    """
    with pytest.raises(ConfigurationError) as raised:
        parse(text, "map.toml")
    told = {one.path: one.message for one in raised.value.problems}
    assert "did you mean language?" in told["langauge"]
    assert "did you mean Manifest?" in told["labels.A.pool"]
    assert "did you mean name?" in told["labels.A.nmae"]
    assert "did you mean authors?" in told["types.T.verb"]
    assert {"labels.A.forms", "labels.B.name", "labels.B.time", "types.U.colour"} <= set(told)
    for bad in ("labels = 5", "[labels]\nA = 3", "types = []", "= ", "language = 4", "a" * 5 + "=" + "[" * 5000):
        with pytest.raises(ConfigurationError):
            parse(bad, "map.toml")


BOMB = (
    '<?xml version="1.0"?><!DOCTYPE g [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'
    '<graphml><graph><node id="n"><data key="name">&b;</data></node></graph></graphml>'
)


def test_a_file_that_could_grow_is_refused(tmp_path):
    path = tmp_path / "bomb.graphml"
    path.write_text(BOMB)
    with pytest.raises(RefusedError, match="entities"):
        read(path)


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9, 0.999])
def test_a_truncated_file_is_told(share, tmp_path):
    whole = known_graphs.write_graphml(known_graphs.movies(10), tmp_path / "g.graphml")
    half = tmp_path / "half.graphml"
    half.write_bytes(whole.read_bytes()[: int(whole.stat().st_size * share)])
    with pytest.raises(ServiceError, match=r"half\.graphml cannot be read"):
        read(half)
    whole = known_graphs.write_csv(known_graphs.movies(10), tmp_path / "g.csv")
    half = tmp_path / "half.csv"
    half.write_bytes(whole.read_bytes()[: whole.read_bytes().rindex(b",")])
    with pytest.raises(RefusedError, match=r"half\.csv:\d+ has not as many fields"):
        read(half)


def test_csv_with_odd_values_is_read(tmp_path):
    path = tmp_path / "odd.csv"
    rows = [
        '"_id","_labels","name","more","_start","_end","_type"',
        '"1",":A:B","x\x00y","[""\\ud800""]","","",""',
        f'"2",":A","long","{"z" * 300_000}","","",""',
        f'"3",":A","deep","{"[" * 9000}","","",""',
        '"1",":A","twice","","","",""',
    ]
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    refused: list[tuple[str, str]] = []
    taken_rows = list(Graphs().read(str(path), None, lambda *one: refused.append(one)))
    assert {name for _, name in candidates(taken_rows)} == {"x\x00y", "long", "deep"}
    assert ("nodes", "1 have an id that another has") in refused
    for row in taken_rows:
        row.document.text.encode()


def test_graphml_of_other_tools_is_read(tmp_path):
    path = tmp_path / "yed.graphml"
    path.write_text(
        '<graphml xmlns="http://graphml.graphdrawing.org/xmlns"><key id="d0" for="node" attr.name="weight" '
        'attr.type="double"/><graph><node id="a"><data key="d0">1.5</data></node><node id="b"><data key="d0">x</data>'
        '</node><edge source="a" target="b"/></graph></graphml>'
    )
    nodes = list(GraphMLGraph(path).nodes())
    assert [(one.labels, one.properties) for one in nodes] == [
        (("Node",), {"weight": 1.5}),
        (("Node",), {"weight": "x"}),
    ]
    assert [edge.type for edge in GraphMLGraph(path).edges()] == ["RELATED"]


def test_an_empty_graph_yields_nothing(tmp_path):
    path = known_graphs.write_graphml(Made(), tmp_path / "none.graphml")
    assert read(path) == []
    assert read(known_graphs.write_csv(Made(), tmp_path / "none.csv")) == []
    assert list(CsvGraph(tmp_path / "none.csv").edges()) == []


def test_what_is_no_graph_is_left_to_others(tmp_path):
    other = tmp_path / "table.csv"
    other.write_text("a,b\n1,2\n")
    assert Graphs().claims(str(other)) is None
    assert Graphs().claims(str(tmp_path)) is None
    assert Graphs().claims("handbook") is None
    assert Graphs().claims(str(tmp_path / "missing.graphml")) is None
    assert Graphs().claims("bolt://h/db") == "bolt://h:7687/db"


def test_the_commands_propose_check_and_tell(tmp_path, capsys):
    graph = known_graphs.write_csv(known_graphs.shop(20), tmp_path / "shop.csv")
    mapping = tmp_path / "map.toml"
    assert run(["map", "suggest", str(graph), "--to", str(mapping)]) == 0
    assert run(["map", "suggest", str(graph), "--to", str(mapping)]) == 2
    assert "is there already" in capsys.readouterr().err
    assert run(["map", "check", str(graph), "--map", str(mapping), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["schema_version"], told["covered"]["labels.Order"], told["problems"]) == (1, 20, [])
    changed = mapping.read_text().replace("[types.SOLD]", "[types.SOLDE]").replace('"productName"', '"productNmae"')
    changed = re.sub(r"\[labels\.Category\].*?\n\n", "", changed, flags=re.DOTALL)
    mapping.write_text(changed)
    assert run(["map", "check", str(graph), "--map", str(mapping), "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["left_out"] == {"label Category": 5, "type SOLD": 20}
    messages = " ".join(one["message"] for one in told["problems"])
    assert "did you mean SOLD?" in messages
    assert "did you mean productName?" in messages
    assert run(["map", "check", str(graph), "--map", str(mapping)]) == 1
    printed = capsys.readouterr()
    assert "left out" in printed.out
    assert "did you mean SOLD?" in printed.err
    assert run(["map", "suggest", str(mapping)]) == 2
    assert run(["map", "check", str(graph), "--map", str(tmp_path / "no.toml")]) == 2


def built(workspace: Path, source: str, *options: str) -> dict:
    workspace.mkdir()
    assert run(["--workspace", str(workspace), "-q", "build", source, "--no-dataset", *options, "--json"]) == 0
    with Workspace.open(workspace) as one:
        graph = one.graph(1)
        return {
            "entities": {entity.id: entity for entity in graph.entities()},
            "relations": list(graph.relations()),
            "terms": list(graph.terms()),
            "sources": list(graph.sources()),
            "rights": {rights.id: rights for rights in graph.rights()},
            "note": graph.note("intake"),
        }


def test_a_build_settles_rights_and_quarantines_what_has_none(tmp_path, capsys):
    path = tmp_path / "g.csv"
    path.write_text(
        "_id,_labels,name,license,_start,_end,_type\n1,:Song,Open,MIT,,,\n2,:Song,Shut,,,,\n,,,,1,2,LIKES\n"
    )
    one = built(tmp_path / "a", str(path))
    assert [entity.name for entity in one["entities"].values()] == ["Open"]
    quarantined = [source.path for source in one["sources"] if one["rights"][source.rights].quarantined]
    assert quarantined == ["Song/00001"]
    two = built(tmp_path / "b", str(path), "--rights", "CC-BY-4.0")
    licenses = {entity.name: two["rights"][entity.rights].license for entity in two["entities"].values()}
    assert licenses == {"Open": "MIT", "Shut": "CC-BY-4.0"}
    assert [relation.predicate for relation in two["relations"]] == ["LIKES"]


def test_secrets_in_rows_are_masked_and_spans_still_open(tmp_path, capsys):
    path = tmp_path / "g.csv"
    path.write_text("_id,_labels,name,mail,_start,_end,_type\n1,:Song,Ann,ann.smith@example.org,,,\n")
    one = built(tmp_path / "a", str(path), "--rights", "MIT")
    with Workspace.open(tmp_path / "a") as workspace:
        text = workspace.graph(1).document("Song/00001").text
    assert "ann.smith@example.org" not in text
    (entity,) = one["entities"].values()
    assert text[entity.evidence[0].start : entity.evidence[0].end] == entity.description


def test_rows_that_were_withdrawn_are_not_taken_in_again(tmp_path, capsys):
    path = tmp_path / "g.csv"
    path.write_text("_id,_labels,name,_start,_end,_type\n1,:Song,Open,,,\n2,:Band,Shut,,,\n,,,2,1,SINGS\n")
    built(tmp_path / "a", str(path), "--rights", "MIT")
    workspace = ["--workspace", str(tmp_path / "a")]
    assert run([*workspace, "withdraw", "Song/00001", "--reason", "asked to", "--yes"]) == 0
    assert run([*workspace, "-q", "build", str(path), "--rights", "MIT", "--no-dataset"]) in (0, 1)
    with Workspace.open(tmp_path / "a") as one:
        graph = one.graph(1)
        assert [source.path for source in graph.sources()] == ["Band/00001"]
        assert [entity.name for entity in graph.entities()] == ["Shut"]
        assert [refused for refused, _ in graph.note("intake")["refused"]] == ["Song/00001"]


def test_two_graphs_with_rows_of_one_name_do_not_overwrite_each_other(tmp_path):
    paths = [tmp_path / "one.csv", tmp_path / "two.csv"]
    for path in paths:
        path.write_text(f"_id,_labels,name,_start,_end,_type\n1,:Song,{path.stem},,,\n")
    (tmp_path / "w").mkdir()
    build = ["-q", "build", *map(str, paths), "--rights", "MIT", "--no-dataset"]
    assert run(["--workspace", str(tmp_path / "w"), *build]) in (0, 1)
    with Workspace.open(tmp_path / "w") as one:
        graph = one.graph(1)
        assert [entity.name for entity in graph.entities()] == ["one"]
        assert [refused for refused, _ in graph.note("intake")["refused"]] == ["Song/00001"]


def test_a_dataset_is_made_from_a_graph_and_tells_its_relations_by_name(tmp_path):
    graph = known_graphs.write_graphml(known_graphs.movies(15), tmp_path / "g.graphml")
    (tmp_path / "w").mkdir()
    build = ["-q", "build", str(graph), "--rights", "CC-BY-4.0", "--force", "--name", "movies"]
    assert run(["--workspace", str(tmp_path / "w"), *build]) == 0
    folder = tmp_path / "w" / "fine_tune" / "batch_1"
    tasks = json.loads((folder / "metadata.json").read_text(encoding="utf-8"))["tasks"]
    assert len(tasks) == 6
    assert all(tasks.values())
    text = (folder / "training_data.jsonl").read_text(encoding="utf-8")
    assert 'is connected by \\"acted in\\" to the movie' in text
    assert run(["--workspace", str(tmp_path / "w"), "dataset", "check", str(folder / "train.jsonl")]) in (0, 1)
