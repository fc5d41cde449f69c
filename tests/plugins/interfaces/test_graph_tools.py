# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The graph tools answer what they say, and their schemas allow nothing else."""

import re
from collections.abc import Callable
from random import Random

import jsonschema
import orjson
import pytest

import enliterator_graph_tools
from enliterator_core import VERBS, Document, Entity, Graph, Path, Relation, Source, Span, Term, Tool, entity_id
from enliterator_core.testing import MemoryGraph, sample_graph
from enliterator_graph_tools.parameters import Finds

TOOLS = {tool.name: tool() for tool in enliterator_graph_tools.register_tools()}

CALLS = (
    ("search_entities", {"query": "queen"}),
    ("search_entities", {"query": "queen", "pool": "Manifest", "limit": 1}),
    ("describe_entity", {"name": "QX"}),
    ("related_entities", {"name": "hive", "verb": "has_part"}),
    ("path_between", {"from": "QX", "to": "Swarming"}),
    ("stated_where", {"from": "Brood box", "to": "hive", "verb": "part_of"}),
    ("entities_of_source", {"path": "handbook/spring.md", "pool": "Practical"}),
    ("rights_of_source", {"path": "letters/breeder.md"}),
    ("list_gaps", {"severity": "high"}),
    ("list_entities", {"pool": "Practical", "limit": 2}),
    ("timeline", {"pool": "Evidence", "after": "2023", "before": "2024-06"}),
    ("in_common", {"name": "Mira Tolland", "other": "Jonas Reed"}),
    ("sources_of_entity", {"name": "varroa", "limit": 1}),
    ("rights_of_entity", {"name": "Yield of 2023"}),
    ("related_entities", {"name": "hive", "pool": "Idea"}),
)


@pytest.fixture(scope="module")
def graph() -> Graph:
    return sample_graph()


@pytest.mark.parametrize(("name", "parameters"), CALLS)
def test_calls_fit_their_schema_and_answer_in_json(name: str, parameters: dict[str, object], graph: Graph) -> None:
    tool = TOOLS[name]
    jsonschema.Draft202012Validator.check_schema(tool.parameters)
    jsonschema.validate(parameters, tool.parameters)
    answer = tool.call(graph, parameters)
    assert orjson.loads(orjson.dumps(answer)) == answer
    assert all(id in graph.entities for id in answer["found"])


def ambiguous_graph() -> Graph:
    """Return a graph in which most names and forms stand for more than one thing."""
    storage, choice = MemoryGraph(), Random(3)
    spans = (Span("a.md", 0, 5), Span("b.md", 1, 4))
    every = {
        one.id: one
        for one in (
            Entity(choice.choice(("Manifest", "Idea")), name, "thing", f"a thing: {name}", "", evidence=spans)
            for name in ("x", "y", "X", "z", "Z", "a b", "A  B", "w", "W", "v")
        )
    }
    storage.write_sources([Source(path, "0" * 64, "text/markdown", 9) for path in ("a.md", "b.md")])
    storage.write_documents([(path, Document("some text")) for path in ("a.md", "b.md")])
    storage.write_entities(every.values())
    storage.write_terms(
        Term(one.id, one.pool, one.name, one.description, (choice.choice("xyzvw"), "q"), ()) for one in every.values()
    )
    keys = sorted({(a, verb, b) for a in every for b in every for verb in VERBS if a != b and choice.random() < 0.03})
    storage.write_relations(Relation(*key, spans[:1]) for key in keys)
    return Graph(storage, TOOLS.values())


@pytest.mark.parametrize("make", [sample_graph, ambiguous_graph])
def test_what_a_tool_finds_is_what_its_answer_finds(make: Callable[[], Graph]) -> None:
    """`finds` is what the route task asks for, and what the answer of a call has under `found`."""
    graph, choice, tried = make(), Random(1), 0
    forms = sorted({form for term in graph.terms.values() for form in (term.name, *term.surface_forms)})
    values = {
        "entity-name": forms,
        "related-entity-name": forms,
        "search-words": ["queen", "thing", "nothing of the sort"],
        "date": ["2023", "2024-06", ""],
        "source-path": [*graph.sources, "nowhere.md"],
        "verb": sorted({verb for id in graph.entities for verb, _ in graph.around(id)}),
        "pool": ["Manifest", "Idea", "Evidence"],
        "related-pool": ["Manifest", "Idea"],
        "": [1, 2, 3, 20],
    }
    for tool in TOOLS.values():
        for _ in range(300 if isinstance(tool, Finds) else 0):
            properties = tool.parameters["properties"]
            parameters = {
                key: choice.choice(values[schema.get("format", "")])
                for key, schema in properties.items()
                if key in tool.parameters["required"] or choice.random() < 0.4
            }
            found = tool.call(graph, parameters)["found"]
            assert [graph.id(number) for number in tool.finds(graph, parameters)] == found
            tried += bool(found)
    assert tried > 500


@pytest.mark.parametrize("tool", TOOLS.values(), ids=TOOLS)
def test_schemas_allow_nothing_else(tool: Tool) -> None:
    assert tool.parameters["type"] == "object" and tool.parameters["additionalProperties"] is False
    assert set(tool.parameters["required"]) <= set(tool.parameters["properties"])
    assert not jsonschema.Draft202012Validator(tool.parameters).is_valid({"colour": "blue"})
    assert tool.description.endswith(".") and "\n" not in tool.description


@pytest.mark.parametrize("tool", TOOLS.values(), ids=TOOLS)
def test_an_empty_graph_finds_nothing(tool: Tool) -> None:
    values = {"query": "x", "name": "x", "other": "y", "from": "x", "to": "y", "path": "x", "pool": "Idea"}
    wanted = {name: values[name] for name in tool.parameters["required"]}
    assert tool.call(Graph(MemoryGraph()), wanted)["found"] == []


def test_describe_finds_by_any_form_and_says_where_it_is_from(graph: Graph) -> None:
    answer = TOOLS["describe_entity"].call(graph, {"name": "qx"})
    assert answer["found"] == [entity_id("Manifest", "Queen excluder")]
    assert answer["entities"][0]["sources"] == ["handbook/spring.md"]
    assert TOOLS["describe_entity"].call(graph, {"name": "QX", "pool": "Idea"})["found"] == []


def test_related_reads_verbs_from_the_entity(graph: Graph) -> None:
    answer = TOOLS["related_entities"].call(graph, {"name": "Movable-frame hive", "verb": "has_part"})
    assert [one["name"] for one in answer["relations"]] == ["Brood box", "Super"] or answer["count"] == 2
    assert {one["name"] for one in answer["relations"]} == {"Brood box", "Super"}


def test_the_shortest_path_is_found_and_textized(graph: Graph) -> None:
    answer = TOOLS["path_between"].call(graph, {"from": "Brood box", "to": "Super"})
    assert (
        answer["text"] == "Manifest(Brood box) → part_of → Manifest(Movable-frame hive) → has_part → Manifest(Super)."
    )
    nowhere = TOOLS["path_between"].call(graph, {"from": "Brood box", "to": "Colony"})
    assert nowhere == {"found": [], "text": None}


def test_paths_are_real_and_no_longer_than_needed(graph: Graph) -> None:
    ids = list(graph.entities)
    for start in ids[::5]:
        distance = {start: 0}
        queue = [start]
        for here in queue:
            for _, other in graph.around(here):
                if other not in distance:
                    distance[other] = distance[here] + 1
                    queue.append(other)
        for end in ids[::3]:
            path = enliterator_graph_tools.shortest_path(graph, start, end)
            if distance.get(end, 99) > 4:
                assert path is None
            else:
                assert isinstance(path, Path) and len(path.verbs) == distance[end]
                assert (path.entities[0], path.entities[-1]) == (start, end)
                assert graph.relations_along(path) is not None


def test_where_a_relation_is_stated_is_shown_word_for_word(graph: Graph) -> None:
    answer = TOOLS["stated_where"].call(graph, {"from": "bee space", "to": "hive"})
    assert answer["statements"] == [
        {
            "verb": "embodies",
            "source": "handbook/spring.md",
            "words": "Bee space is embodied in the movable-frame hive.",
        }
    ]


def test_rights_are_told_of_sources_that_are_there(graph: Graph) -> None:
    answer = TOOLS["rights_of_source"].call(graph, {"path": "log/2024.md"})
    assert (answer["source"], answer["license"], answer["holder"]) == ("log/2024.md", "CC0-1.0", "Mira Tolland")
    assert TOOLS["rights_of_source"].call(graph, {"path": "log/2099.md"})["source"] is None


def test_what_two_have_in_common_is_what_both_are_related_to(graph: Graph) -> None:
    answer = TOOLS["in_common"].call(graph, {"name": "Mira Tolland", "other": "Jonas Reed"})
    assert [one["name"] for one in answer["entities"]] == ["Alder Vale Beekeeping Club"] and answer["count"] == 1
    assert TOOLS["in_common"].call(graph, {"name": "Mira Tolland", "other": "Colony"})["entities"] == []


def test_related_entities_of_one_pool(graph: Graph) -> None:
    answer = TOOLS["related_entities"].call(graph, {"name": "hive", "pool": "Idea"})
    assert [one["name"] for one in answer["relations"]] == ["Bee space"]


def test_a_pool_is_listed_by_name_with_its_count(graph: Graph) -> None:
    answer = TOOLS["list_entities"].call(graph, {"pool": "Practical", "limit": 2})
    names = [entity.name for entity in graph.entities.values() if entity.pool == "Practical"]
    assert [one["name"] for one in answer["entities"]] == names[:2] and answer["count"] == len(names) > 2


def test_the_timeline_is_in_order_and_within_its_bounds(graph: Graph) -> None:
    every = TOOLS["timeline"].call(graph, {"limit": 100})
    times = [one["time"] for one in every["entities"]]
    dated = [entity.time.value for entity in graph.entities.values() if entity.time.value]
    assert times == sorted(dated)
    year = times[len(times) // 2][:4]
    some = TOOLS["timeline"].call(graph, {"after": year, "before": year, "limit": 100})
    assert [one["time"] for one in some["entities"]] == [time for time in times if time[:4] == year]
    assert TOOLS["timeline"].call(graph, {"after": "2999"})["found"] == []


def test_sources_are_quoted_and_rights_are_the_strictest(graph: Graph) -> None:
    answer = TOOLS["sources_of_entity"].call(graph, {"name": "varroa"})
    assert answer["count"] == len(answer["passages"]) and answer["passages"][0]["source"] == "handbook/health.md"
    rights = TOOLS["rights_of_entity"].call(graph, {"name": "Yield of 2023"})["entities"][0]
    assert (rights["publishable"], rights["trainable"]) == (False, True)
    assert rights["sources"] == ["survey/yields.md"]


@pytest.mark.parametrize("tool", TOOLS.values(), ids=TOOLS)
def test_the_ways_to_ask_use_the_tools_own_parameters(tool: Tool) -> None:
    keys = [set(re.findall(r"\{(\w+)(?::\w+)?\}", way)) for way in tool.asked]
    assert all(one <= set(tool.parameters["properties"]) for one in keys)
    assert len(set(tool.asked)) == len(tool.asked) >= 6
    whole = [one for one in keys if set(tool.parameters["required"]) <= one]
    assert len(whole) >= 5
    assert not tool.parameters["required"] or len(whole) < len(keys), "no way asks for too little"


def test_gaps_are_listed_by_kind_and_severity(graph: Graph) -> None:
    every = TOOLS["list_gaps"].call(graph, {})
    assert every["count"] == len(graph.gaps()) > 0
    for severity in ("high", "medium", "low"):
        some = TOOLS["list_gaps"].call(graph, {"severity": severity})
        assert some["count"] == sum(gap.severity == severity for gap in graph.gaps())
