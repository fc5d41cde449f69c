# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""What verifiers refuse of examples that are no longer true, by mutators written without a look at the verifiers."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import chain, zip_longest

import pytest
from attrs import evolve, frozen
from blind_json import CANON_MAP, NORMALIZE, ROUTE
from blind_mutators import CLAIMS, TEXTS, Mutator, World, case_of_a_name
from blind_prose import GAP_AWARENESS, PATH_TEXT, RIGHTS_STYLE
from hypothesis import given
from hypothesis import strategies as st

from enliterator_canon_map import register_task_types as canon_map
from enliterator_core import Draft, Graph, Sampler, TaskType, json_object
from enliterator_core.dataset.checks import Checks
from enliterator_core.dataset.settings import DatasetSettings
from enliterator_core.testing import sample_graph
from enliterator_gap_awareness import register_task_types as gap_awareness
from enliterator_graph_tools import register_tools
from enliterator_normalize import register_task_types as normalize
from enliterator_path_text import register_task_types as path_text
from enliterator_rights_style import register_task_types as rights_style
from enliterator_route import register_task_types as route

# A request says a name in whatever case it likes, and so does the call that answers it.
_TEXTS_OF_CALLS = tuple(mutator for mutator in TEXTS if mutator is not case_of_a_name)
MUTATORS: dict[str, tuple[Mutator, ...]] = {
    "canon_map": (*CLAIMS, *TEXTS, *CANON_MAP),
    "path_text": (*CLAIMS, *TEXTS, *PATH_TEXT),
    "route": (*CLAIMS, *_TEXTS_OF_CALLS, *ROUTE),
    "normalize": (*CLAIMS, *TEXTS, *NORMALIZE),
    "rights_style": (*CLAIMS, *TEXTS, *RIGHTS_STYLE),
    "gap_awareness": (*CLAIMS, *TEXTS, *GAP_AWARENESS),
}
#: What these make of an answer is no answer of the task's form, but says nothing untrue; names are found in any case.
FORM_ALONE = ("chatter_around", "said_twice", "in_another_order", "case_of_a_name")
HOOKS = (canon_map, path_text, route, normalize, rights_style, gap_awareness)
TASKS: dict[str, TaskType] = {task.name: task for hook in HOOKS for task in (kind() for kind in hook())}


@frozen
class Mutant:
    """An example that is not true, the true one it was made of, and the mutator that made it."""

    what: str
    draft: Draft
    origin: Draft

    def __str__(self) -> str:
        claims = [
            f"{name}={new!r}, was {old!r}"
            for name in ("anchor", "entities", "relations", "spans", "absence", "withheld")
            if (new := getattr(self.draft, name)) != (old := getattr(self.origin, name))
        ]
        texts = [f"user: {self.draft.user!r}", f"now:  {self.draft.assistant!r}", f"true: {self.origin.assistant!r}"]
        return "\n    ".join((f"{self.what}", *texts, *claims))


def world_of(task: TaskType, graph: Graph, seed: int) -> World:
    """Return the true examples of a task on a graph, each checked to be held for true."""
    drafts = [draft for batch in task.generate(graph, Sampler(seed)) for draft in batch]
    refused = [
        draft for draft, verdict in zip(drafts, task.verify_batch(drafts, graph), strict=True) if not verdict.holds
    ]
    assert drafts and not refused, refused[:3]
    for draft in drafts:
        answer = json_object(draft.assistant)
        assert answer is None or json.dumps(answer, ensure_ascii=False) == draft.assistant, draft.assistant
    return World(graph, task.name, drafts, seed)


def mutants_of(world: World, most: int | None = None) -> list[Mutant]:
    """Return the mutants of all drafts, or about so many, as many of each kind as there are."""
    drafts = list(world.drafts)
    world.rng("drafts").shuffle(drafts)
    known = {(draft.user, draft.assistant) for draft in drafts}

    def made(mutator: Mutator) -> Iterator[Mutant]:
        seen: set[Draft] = set()
        for draft in drafts:
            for one in mutator(world, draft):
                # Words may come out as they were, or as another true example.
                true = one == draft or ((one.user, one.assistant) in known and _texts(one) != _texts(draft))
                if not true and one not in seen:
                    seen.add(one)
                    yield Mutant(mutator.__name__, one, draft)

    kinds = [made(mutator) for mutator in MUTATORS[world.task]]
    mutants: list[Mutant] = []
    for row in zip_longest(*kinds):
        mutants += [one for one in row if one is not None]
        if most is not None and len(mutants) >= most:
            break
    return mutants


def _texts(draft: Draft) -> tuple[str, str]:
    return draft.user, draft.assistant


def accepted(task: TaskType, graph: Graph, mutants: Sequence[Mutant]) -> list[Mutant]:
    """Return the mutants that would stand in a dataset; what a text says is refused by the verifier itself."""
    checks = Checks(graph, DatasetSettings())
    verdicts = task.verify_batch([one.draft for one in mutants], graph)
    troubles = checks.troubles([one.draft for one in mutants])
    return [
        one
        for one, verdict, trouble in zip(mutants, verdicts, troubles, strict=True)
        if verdict.holds and (trouble is None or _texts(one.draft) != _texts(one.origin))
    ]


def overrated(task: TaskType, graph: Graph, mutants: Sequence[Mutant]) -> tuple[int, list[Mutant]]:
    """Return how many mutants answer the same request otherwise, and those that are graded as if that were right."""
    answers = [
        one
        for one in mutants
        if one.draft.user == one.origin.user
        and one.draft.assistant != one.origin.assistant
        and one.what not in FORM_ALONE
    ]
    return len(answers), [one for one in answers if task.grade(one.origin, one.draft.assistant, graph).score >= 1]


def _told(wrong: Sequence[Mutant], of: int) -> str:
    kinds = Counter(one.what for one in wrong)
    examples: dict[str, list[str]] = defaultdict(list)
    for one in wrong:
        examples[one.what].append(f"  {one}")
    shown = chain.from_iterable(texts[:3] for texts in examples.values())
    return "\n".join((f"{len(wrong)} of {of} mutants: {dict(kinds)}", *shown))


def check(name: str, scale: int, seed: int, most: int | None) -> None:
    """Check that at least 99 % of the mutants are refused, and as many graded as less than right."""
    task, graph = TASKS[name], sample_graph(scale, [tool() for tool in register_tools()])
    world = world_of(task, graph, seed)
    mutants = mutants_of(world, most)
    assert len(mutants) >= 1000, f"{len(mutants)} mutants alone"
    passed = accepted(task, graph, mutants)
    assert len(passed) <= len(mutants) / 100, f"{name} accepts {_told(passed, len(mutants))}"
    of, full = overrated(task, graph, mutants)
    assert all(task.grade(draft, draft.assistant, graph).score == 1 for draft in world.drafts)
    assert len(full) <= of / 100, f"{name} gives full marks to {_told(full, of)}"


@pytest.mark.parametrize("name", MUTATORS)
def test_of_a_thousand_blind_mutants_at_most_one_in_a_hundred_passes(name):
    check(name, scale=2, seed=7, most=1200)


@pytest.mark.long
@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("name", MUTATORS)
def test_of_every_blind_mutant_at_most_one_in_a_hundred_passes(name, seed):
    check(name, scale=4, seed=seed, most=None)


_JUNK = st.one_of(
    st.text(max_size=200),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
        lambda one: st.lists(one, max_size=3) | st.dictionaries(st.text(max_size=10), one, max_size=3),
        max_leaves=8,
    ).map(json.dumps),
    st.sampled_from(["{" * 5000, "[" * 90_000, '{"a":' * 9000, "→ " * 50_000, "x" * 1_000_000, "\ud800", "1e999"]),
)


@pytest.mark.parametrize("name", MUTATORS)
@given(junk=_JUNK, at=st.integers(0, 10**6), cut=st.integers(0, 400))
def test_grades_of_anything_stay_between_zero_and_one(name, junk, at, cut):
    task, (graph, drafts) = TASKS[name], _small(name)
    draft = drafts[at % len(drafts)]
    for answer in (junk, draft.assistant[:cut] + junk, junk + draft.assistant[cut:], draft.assistant[cut:]):
        grade = task.grade(draft, answer, graph)
        assert 0 <= grade.score <= 1 and all(0 <= part <= 1 for part in grade.parts.values())
        if answer.strip() != draft.assistant and len(answer) < len(draft.assistant) / 2:
            assert grade.score < 1, answer


@pytest.mark.parametrize("name", MUTATORS)
@given(data=st.data())
def test_values_of_any_type_in_an_answer_are_graded_and_refused(name, data):
    task, (graph, drafts) = TASKS[name], _small(name)
    draft = data.draw(st.sampled_from(drafts))
    answer = json_object(draft.assistant)
    if answer is None:
        return
    key = data.draw(st.sampled_from(sorted(answer)))
    value = data.draw(st.sampled_from([None, 0, -1, 1e308, True, "", [], {}, [None], [[]], {"a": 1}, "\x00", 10**40]))
    if value == answer[key] and type(value) is type(answer[key]):
        return
    text = json.dumps(answer | {key: value}, ensure_ascii=False)
    assert task.grade(draft, text, graph).score < 1
    assert not task.verify(evolve(draft, assistant=text), graph).holds


_MADE: dict[str, tuple[Graph, list[Draft]]] = {}


def _small(name: str) -> tuple[Graph, list[Draft]]:
    """Return the sample graph and a task's drafts of it, made once."""
    if name not in _MADE:
        graph = sample_graph(1, [tool() for tool in register_tools()])
        _MADE[name] = graph, [draft for batch in TASKS[name].generate(graph, Sampler(3)) for draft in batch]
    return _MADE[name]
