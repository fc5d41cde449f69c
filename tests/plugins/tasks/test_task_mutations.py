# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Wrong examples, made from right ones without a look at the verifiers: every one must be refused."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from attrs import evolve

import enliterator_canon_map
import enliterator_gap_awareness
import enliterator_graph_tools
import enliterator_normalize
import enliterator_path_text
import enliterator_rights_style
import enliterator_route
from enliterator_core import POOLS, Draft, Graph, Sampler, TaskType, parse, phrase_of, reverse_of, textize
from enliterator_core.testing import sample_graph

Mutator = Callable[[Draft, Graph], Iterator[str]]


@pytest.fixture(scope="module")
def graph() -> Graph:
    return sample_graph(4, [tool() for tool in enliterator_graph_tools.register_tools()])


def neighbours_in_pool(graph: Graph, pool: str, name: str) -> list[str]:
    return [one.name for one in graph.entities.values() if one.pool == pool and one.name != name][:3]


def changed(answer: str, **values: Any) -> str:
    return json.dumps(json.loads(answer) | values, ensure_ascii=False)


def canon_map_mutants(draft: Draft, graph: Graph) -> Iterator[str]:
    answer = json.loads(draft.assistant)
    if answer["canonical"] is None:
        yield changed(draft.assistant, canonical="Swarming", pool="Idea")
        yield changed(draft.assistant, note=None)
        yield changed(draft.assistant, note=answer["note"].replace("(", "[", 1))
        return
    for name in neighbours_in_pool(graph, answer["pool"], answer["canonical"]):
        yield changed(draft.assistant, canonical=name)
        other = graph.named(answer["pool"], name)
        yield changed(draft.assistant, canonical=name, description=other.description if other else "")
    yield changed(draft.assistant, pool=next(pool for pool in POOLS if pool != answer["pool"]))
    yield changed(draft.assistant, canonical=answer["canonical"].upper() + "S")
    yield changed(draft.assistant, description=(answer["description"] or "") + " It is blue.")
    yield changed(draft.assistant, canonical=None, pool=None, description=None, note="Unknown.")


def path_text_mutants(draft: Draft, graph: Graph) -> Iterator[str]:
    prose, _, line = draft.assistant.rpartition("\n")
    nodes, verbs = parse(line)
    for at, (pool, name) in enumerate(nodes):
        for other in neighbours_in_pool(graph, pool, name):
            swapped = [*nodes[:at], (pool, other), *nodes[at + 1 :]]
            yield f"{prose}\n{textize(swapped, verbs)}"
            yield f"{prose.replace(name, other)}\n{textize(swapped, verbs)}"
    for at, verb in enumerate(verbs):
        if reverse_of(verb) != verb:
            turned = [*verbs[:at], reverse_of(verb), *verbs[at + 1 :]]
            yield f"{prose}\n{textize(nodes, turned)}"
            yield f"{prose.replace(phrase_of(verb), phrase_of(reverse_of(verb)))}\n{line}"
    if len(verbs) > 1:
        yield f"{prose}\n{textize(nodes[:-1], verbs[:-1])}"
        yield f"{prose}\n{textize(nodes[1:], verbs[1:])}"
    yield line
    yield prose
    yield f"{prose} It is well known.\n{line}"


def route_mutants(draft: Draft, graph: Graph) -> Iterator[str]:
    answer = json.loads(draft.assistant)
    yield changed(draft.assistant, tool="ask_oracle")
    if answer["tool"] is None:
        yield json.dumps({"tool": "describe_entity", "params": {"name": "Swarming"}})
        yield changed(draft.assistant, reason="It is too late.")
        return
    yield json.dumps({"tool": None, "params": {}, "reason": "No tool can predict what is to come."})
    yield changed(draft.assistant, tool="search_entities" if answer["tool"] != "search_entities" else "list_gaps")
    for key, value in answer["params"].items():
        other = value + 1 if isinstance(value, int) else "Swarming" if value != "Swarming" else "Colony"
        if key == "verb":
            other = reverse_of(value) if reverse_of(value) != value else "cites"
        yield changed(draft.assistant, params=answer["params"] | {key: other})
        yield changed(draft.assistant, params={name: one for name, one in answer["params"].items() if name != key})
    yield changed(draft.assistant, params=answer["params"] | {"limit": 7})
    yield changed(draft.assistant, params=answer["params"] | {"colour": "blue"})


def normalize_mutants(draft: Draft, graph: Graph) -> Iterator[str]:
    answer = json.loads(draft.assistant)
    for key in ("terms", "of"):
        for name in ("Swarming", "Apiary 1", "Apiary 2", "Mill Meadow", "Queen cage", "Queen excluder"):
            if name not in answer[key]:
                yield changed(draft.assistant, **{key: [name, *answer[key][1:]]})
                yield changed(draft.assistant, **{key: [*answer[key], name]})
    yield changed(draft.assistant, terms=answer["of"], of=answer["terms"])
    yield changed(draft.assistant, every=not answer["every"])
    yield changed(draft.assistant, limit=answer["limit"] + 1)
    yield changed(draft.assistant, pools=[] if answer["pools"] else ["Idea"])
    yield changed(draft.assistant, verbs=[] if answer["verbs"] else ["cites"])
    yield changed(draft.assistant, verbs=[reverse_of(verb) for verb in answer["verbs"]] or ["part_of"])
    yield changed(draft.assistant, licenses=[] if answer["licenses"] else ["MIT"])
    yield changed(draft.assistant, rights="trainable" if answer["rights"] != "trainable" else "publishable")
    for key in ("after", "before"):
        year = answer[key]
        yield changed(draft.assistant, **{key: f"{int(year[:4]) - 1}{year[4:]}" if year else "2020"})
        yield changed(draft.assistant, **{key: f"{int(year[:4]) + 1}{year[4:]}" if year else "2024-02"})
        if year:
            yield changed(draft.assistant, **{key: None})
    if answer["after"] != answer["before"]:
        yield changed(draft.assistant, after=answer["before"], before=answer["after"])
    for at, one in enumerate(answer["without"]):
        others = [*answer["without"][:at], *answer["without"][at + 1 :]]
        yield changed(draft.assistant, without=others)
        yield changed(draft.assistant, without=[{"pools": ["Risk"]} if one != {"pools": ["Risk"]} else {}, *others])
        for key in set(one) & {"terms", "of", "pools", "verbs", "licenses"} if not others else ():
            if not answer[key]:
                yield changed(draft.assistant, **{key: one[key]}, without=[])
    yield changed(draft.assistant, without=[*answer["without"], {"terms": ["Queen cage"]}])


def rights_style_mutants(draft: Draft, graph: Graph) -> Iterator[str]:
    text = draft.assistant
    for wrong in (
        text.replace("CC-BY-4.0", "MIT").replace("CC0-1.0", "MIT").replace("none found", "MIT"),
        text.replace("Alder Vale Beekeepers' Trust", "Mira Tolland").replace("none named", "Mira Tolland"),
        re.sub(r"handbook/\w+\.md", "handbook/other.md", text),
        re.sub(r"\b(may|must not) be", lambda m: "must not be" if m[1] == "may" else "may be", text),
        text.replace("Yes.", "No."),
        text.replace("I cannot", "I can"),
        re.sub(r'"(\w+) ', r'"\1 very ', text, count=1),
        re.sub(r"(\d+)", lambda m: str(int(m[1]) + 1), text, count=1),
        text.partition("\n\n")[0] if "\n\n" in text else text[: len(text) // 2],
        f"{text} It is a fine piece.",
    ):
        if wrong != text:
            yield wrong


def gap_awareness_mutants(draft: Draft, graph: Graph) -> Iterator[str]:
    text = draft.assistant
    numbers = list(re.finditer(r"\d+", text))
    for number in numbers[:6]:
        yield f"{text[: number.start()]}{int(number[0]) + 1}{text[number.end() :]}"
    lines = text.split("\n")
    yield "\n".join(lines[:2])
    yield "\n".join([lines[0], "Missing: nothing at all.", lines[2]])
    yield "\n".join([lines[0], lines[1], "To close it: ask around."])
    yield re.sub(r"\(([\w/]+)\.(md|py)\)", r"(\1-invented.\2)", text) + " "
    yield text.replace("nothing is called", "something is called") + " "
    for name in ("Swarming", "Colony"):
        if draft.entities and graph.entities[draft.entities[0]].name not in ("Swarming", "Colony"):
            yield text.replace(graph.entities[draft.entities[0]].name, name) + " "


CASES: tuple[tuple[Any, Mutator], ...] = (
    (enliterator_canon_map, canon_map_mutants),
    (enliterator_path_text, path_text_mutants),
    (enliterator_route, route_mutants),
    (enliterator_normalize, normalize_mutants),
    (enliterator_rights_style, rights_style_mutants),
    (enliterator_gap_awareness, gap_awareness_mutants),
)


@pytest.mark.parametrize(("module", "mutants"), CASES, ids=lambda case: getattr(case, "__name__", ""))
def test_wrong_answers_are_refused_and_graded_below_right_ones(module: Any, mutants: Mutator, graph: Graph) -> None:
    task: TaskType = module.register_task_types()[0]()
    tried = 0
    for batch in task.generate(graph, Sampler()):
        for draft in batch:
            for answer in mutants(draft, graph):
                if answer != draft.assistant:
                    tried += 1
                    verdict = task.verify(evolve(draft, assistant=answer), graph)
                    assert not verdict.holds, (answer, draft, verdict)
                    assert 0 <= task.grade(draft, answer, graph).score <= 1
    assert tried >= 500


@pytest.mark.parametrize(("module", "mutants"), CASES, ids=lambda case: getattr(case, "__name__", ""))
def test_wrong_proof_is_refused(module: Any, mutants: Mutator, graph: Graph) -> None:
    """A right answer that names other entities, relations, spans or another absence as its proof is no example."""
    task: TaskType = module.register_task_types()[0]()
    strangers = [entity for entity in graph.entities.values() if entity.name in ("Swarming", "Colony", "Feed syrup")]
    for batch in task.generate(graph, Sampler()):
        for draft in batch:
            other = next(one for one in strangers if one.id not in draft.entities)
            assert not task.verify(evolve(draft, anchor=other.id), graph).holds
            if draft.entities:
                assert not task.verify(evolve(draft, entities=(other.id,)), graph).holds
            if draft.absence:
                assert not task.verify(evolve(draft, absence="something else"), graph).holds
            if draft.withheld:
                assert not task.verify(evolve(draft, withheld="CHANGELOG.md"), graph).holds
            if draft.spans:
                assert not task.verify(evolve(draft, spans=()), graph).holds
                foreign = tuple(span for span in other.evidence if span not in draft.spans)
                if len(foreign) == len(other.evidence):
                    assert not task.verify(evolve(draft, spans=foreign), graph).holds


def test_a_likely_answer_scores_between_right_and_wrong(graph: Graph) -> None:
    """Partly right answers score more than nothing and less than all."""
    for module, mutants in CASES:
        task: TaskType = module.register_task_types()[0]()
        drafts = [draft for batch in task.generate(graph, Sampler()) for draft in batch]
        scores = [task.grade(draft, answer, graph).score for draft in drafts[:50] for answer in mutants(draft, graph)]
        assert sum(0 < score < 1 for score in scores) > len(scores) / 3, module.__name__
