# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""route: calls, questions back and refusals, for our tools and for a stranger's."""

import json
from collections import Counter
from collections.abc import Mapping
from itertools import pairwise
from typing import Any, ClassVar

import jsonschema
import numpy as np
import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

import enliterator_graph_tools
import enliterator_route
from enliterator_core import Draft, Graph, Sampler, Tool
from enliterator_core.testing import check_task_type, sample_graph
from enliterator_route.asking import read, request, way_of
from enliterator_route.beyond import out_of_reach
from enliterator_route.neighbours import LOOSE, far, near
from enliterator_route.schemas import check_of
from enliterator_route.shapes import asked_back

TOOLS = [tool() for tool in enliterator_graph_tools.register_tools()]
TASK = enliterator_route.Route()


class Weigh(Tool):
    """A stranger's tool that says nothing about how it is asked for."""

    name: ClassVar[str] = "weigh_entity"
    description: ClassVar[str] = "Weighs what an entity's sources say of it. The unit is characters."
    parameters: ClassVar[dict[str, Any]] = {
        "type": "object",
        "properties": {
            "thing": {"type": "string", "format": "entity-name", "title": "thing"},
            "unit": {"enum": ["characters", "words"], "title": "unit"},
            "times": {"type": "integer", "minimum": 1, "maximum": 9, "multipleOf": 1},
        },
        "required": ["thing", "unit"],
        "additionalProperties": False,
    }

    def call(self, graph: Graph, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """Answer with the weight."""
        known = graph.called(parameters["thing"])
        return {"found": [one.id for one in known], "weight": sum(len(one.description) for one in known)}


class Broken(Tool):
    """A stranger's tool that raises."""

    name: ClassVar[str] = "broken"
    description: ClassVar[str] = "Translate an entity."
    parameters: ClassVar[dict[str, Any]] = {
        "type": "object",
        "properties": {"name": {"type": "string", "format": "entity-name"}},
        "required": ["name"],
        "additionalProperties": False,
    }
    asked: ClassVar[tuple[str, ...]] = ("break {name}", "what is {name}?")

    def call(self, graph: Graph, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """Raise."""
        raise RuntimeError("broken")


@pytest.fixture(scope="module")
def graph() -> Graph:
    return sample_graph(6, TOOLS)


@pytest.fixture(scope="module")
def drafts(graph: Graph) -> list[Draft]:
    return [draft for batch in TASK.generate(graph, Sampler()) for draft in batch]


def answers(drafts: list[Draft]) -> list[dict[str, Any]]:
    return [json.loads(draft.assistant) for draft in drafts]


def test_the_task_keeps_its_contract(graph: Graph) -> None:
    assert len(check_task_type(TASK, graph)) > 300


@pytest.mark.parametrize("seed", range(1, 6))
def test_every_request_reads_back_whatever_it_begins_with(seed: int) -> None:
    """`hi, can you ` is a beginning, and so is `hi, ` before `can you explain what that is?`."""
    small = sample_graph(1, TOOLS)
    every = [draft for batch in TASK.generate(small, Sampler(seed)) for draft in batch]
    assert [draft.user for draft in every if not TASK.verify(draft, small).holds] == []


def test_every_tool_is_asked_for_and_every_entity_is_asked_about(graph: Graph, drafts: list[Draft]) -> None:
    tools = Counter(answer["tool"] for answer in answers(drafts) if "missing" not in answer)
    assert set(tools) == {*graph.tools, None}
    assert tools.most_common(1)[0][1] < 0.25 * len(drafts)
    about = {id for draft in drafts for id in draft.entities}
    assert len(about) > 0.98 * len(graph.entities)


def test_what_lacks_a_parameter_is_asked_for_exactly_that(graph: Graph, drafts: list[Draft]) -> None:
    lacking = [(draft, answer) for draft, answer in zip(drafts, answers(drafts), strict=True) if "missing" in answer]
    assert len({answer["tool"] for _, answer in lacking}) >= 6
    for draft, answer in lacking:
        required = graph.tools[answer["tool"]].parameters["required"]
        assert answer["missing"] == [key for key in required if key not in answer["params"]] != []
        for key in answer["missing"]:
            title = graph.tools[answer["tool"]].parameters["properties"][key]["title"]
            assert title in answer["question"]
        wrong = answer | {"params": answer["params"] | {answer["missing"][0]: "Swarming"}}
        assert not TASK.verify(evolve(draft, assistant=json.dumps(wrong)), graph).holds
        del wrong["missing"], wrong["question"]
        assert not TASK.verify(evolve(draft, assistant=json.dumps(wrong)), graph).holds


@pytest.mark.parametrize(
    ("titles", "question"),
    [
        (["search words"], "Which search words do you mean?"),
        (["entity", "other entity"], "Which entity do you mean, and which other entity?"),
        (["thing", "unit", "date"], "Which thing do you mean, which unit, and which date?"),
    ],
)
def test_what_is_missing_is_asked_for_in_one_sentence(titles: list[str], question: str) -> None:
    assert asked_back(titles) == question


def test_calls_fit_the_published_schema_of_their_tool(graph: Graph, drafts: list[Draft]) -> None:
    validators = {name: jsonschema.Draft202012Validator(tool.parameters) for name, tool in graph.tools.items()}
    for answer in answers(drafts):
        if answer["tool"] is not None and "missing" not in answer:
            validators[answer["tool"]].validate(answer["params"])


def test_wrong_calls_are_refused(graph: Graph, drafts: list[Draft]) -> None:
    """Another tool of the same parameters, another entity, a parameter more, less or changed: of 1,000 none holds."""
    every = [entity.name for entity in graph.entities.values() if len(graph.called(entity.name)) == 1]
    tried = refused = 0
    for at, draft in enumerate(drafts):
        answer = json.loads(draft.assistant)
        mutants = [answer | {"tool": name} for name in graph.tools if name != answer["tool"]]
        for key, value in answer["params"].items():
            other = every[at % len(every)] if isinstance(value, str) else value + 1
            mutants += [answer | {"params": answer["params"] | {key: other}}] if other != value else []
            mutants.append(answer | {"params": {name: one for name, one in answer["params"].items() if name != key}})
        mutants.append(answer | {"params": answer["params"] | {"limit": 99}})
        for mutant in mutants:
            tried += 1
            refused += not TASK.verify(evolve(draft, assistant=json.dumps(mutant, ensure_ascii=False)), graph).holds
    assert tried > 1000 and refused == tried


def test_a_batch_is_proven_as_each_of_its_drafts_is(graph: Graph, drafts: list[Draft]) -> None:
    wrong = [evolve(one, user=other.user) for one, other in pairwise(drafts)]
    several = [one for pair in zip(drafts, wrong, strict=False) for one in pair]
    verdicts = TASK.verify_batch(several, graph)
    assert verdicts == [TASK.verify(one, graph) for one in several]
    assert sum(verdict.holds for verdict in verdicts) >= len(several) // 2


def test_a_neighbour_is_chosen_as_the_sampler_picks_it(graph: Graph) -> None:
    """On a ring of ids, the entity itself left out; by a verb that says something where there is one."""
    steps, numbers = graph.arrays.steps, np.arange(len(graph.entities))
    chances = np.array([Sampler().fraction(str(number)) for number in numbers])
    found = zip(numbers, near(graph, numbers, chances), far(graph, numbers, chances, chances), strict=True)

    def pick(ids: set[str], number: int) -> str:
        return Sampler().pick(sorted(ids), str(number))

    for number, step, further in found:
        id = graph.id(number)
        ids = {other for _, other in graph.around(id)[:64]} - {id}
        assert (step >= 0) == (further >= 0) == bool(ids)
        if ids:
            other = pick(ids, number)
            verbs = [verb for verb, one in graph.around(id)[:64] if one == other]
            assert graph.id(steps.other[step]) == other
            assert graph.arrays.verbs[steps.verb[step]] == next((one for one in verbs if one not in LOOSE), verbs[0])
            around = {one for _, one in graph.around(other)[:64]} - {id}
            assert graph.id(further) == pick(around or {other}, number)


def test_a_strangers_tool_takes_part_as_far_as_its_schema_says() -> None:
    graph = sample_graph(3, [*TOOLS, Weigh()])
    drafts = [draft for batch in TASK.generate(graph, Sampler()) for draft in batch]
    weighed = [
        draft
        for draft, answer in zip(drafts, answers(drafts), strict=True)
        if answer["tool"] == "weigh_entity" and "missing" not in answer
    ]
    assert weighed
    for draft in weighed:
        assert TASK.verify(draft, graph).holds
        params = json.loads(draft.assistant)["params"]
        assert all(str(value) in draft.user for value in params.values()) and "weighs what" in draft.user.casefold()
        assert graph.called(params["thing"])[0].id == draft.anchor


def test_a_tool_that_raises_harms_no_other() -> None:
    graph = sample_graph(3, [*TOOLS, Broken()])
    drafts = [draft for batch in TASK.generate(graph, Sampler()) for draft in batch]
    assert not [draft for draft in drafts if json.loads(draft.assistant)["tool"] == "broken"]
    # What two tools are asked for in the same words is nobody's; what one says that it does is not beyond them all.
    assert not [draft for draft in drafts if draft.user.casefold().startswith("what is swarming")]
    assert "translate" not in {deed.reason for deed in out_of_reach(graph)}
    entity = next(iter(graph.entities.values()))
    call = json.dumps({"tool": "broken", "params": {"name": entity.name}})
    verdict = TASK.verify(Draft(f"break {entity.name}", call, entity.id, (entity.id,), (), entity.evidence[:1]), graph)
    assert not verdict.holds and "broken failed" in verdict.words


def test_nothing_beyond_the_tools_is_what_a_tool_does(graph: Graph) -> None:
    deeds = out_of_reach(graph)
    assert len({deed.reason for deed in deeds}) >= 15
    assert not out_of_reach(Graph(graph.storage, [Broken()]))[0].reason.startswith("No tool can translate")


@given(chance=st.floats(0, 1, exclude_max=True), order=st.booleans())
def test_what_is_said_around_a_request_is_read_over(chance: float, order: bool) -> None:
    said = "describe the {name}?" if order else "what is {name}?"
    text = way_of("t", said, ("name",)).said({"name": "Bee space"})
    assert text.rstrip("?").casefold() in read(request(text, order, chance))


SCHEMAS = (
    {"type": "object", "properties": {}, "additionalProperties": False},
    {
        "type": "object",
        "properties": {
            "a": {"type": "string", "minLength": 2, "maxLength": 4, "pattern": "^[a-z]"},
            "b": {"type": "string", "enum": ["x", "y"]},
            "c": {"type": "integer", "minimum": 1, "maximum": 5},
            "d": {"type": "array", "items": {"type": "integer"}},
            "e": {"enum": [1, None, "z"]},
            "f": {"type": "number", "exclusiveMinimum": 0},
        },
        "required": ["a"],
        "additionalProperties": False,
    },
    {"type": "object", "properties": {"a": {"type": "string"}}, "patternProperties": {"^x": {"type": "integer"}}},
    {"anyOf": [{"type": "object", "required": ["a"]}, {"type": "null"}]},
)
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-2, 7)
    | st.floats(allow_nan=False)
    | st.sampled_from(["", "x", "ab", "abcde", "Ab"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from("abcdefx"), inner, max_size=4),
    max_leaves=6,
)


@given(schema=st.sampled_from(SCHEMAS), value=VALUES)
def test_the_quick_check_says_what_jsonschema_says(schema: dict[str, Any], value: Any) -> None:
    assert check_of(schema)(value) == jsonschema.Draft202012Validator(schema).is_valid(value)


@given(
    answer=st.text()
    | VALUES.map(json.dumps)
    | st.dictionaries(st.sampled_from(["tool", "params", "missing"]), VALUES).map(json.dumps)
)
def test_any_junk_grades_within_its_bounds(answer: str, graph: Graph, drafts: list[Draft]) -> None:
    for draft in (drafts[0], drafts[-1]):
        grade = TASK.grade(draft, answer, graph)
        assert 0 <= grade.score <= 1 and all(0 <= part <= 1 for part in grade.parts.values())
