# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The check of a task type: one line in a plugin author's test."""

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

from attrs import evolve

from enliterator_core.contracts.task_type import Draft, Grade, TaskType, Verdict, json_object
from enliterator_core.dataset.checks import Checks
from enliterator_core.dataset.settings import DatasetSettings
from enliterator_core.graph import Graph
from enliterator_core.nouns import Span
from enliterator_core.testing.sample import sample_graph

#: answers that a model may give and that are worth nothing
JUNK: Final = (
    "",
    " \n",
    "null",
    "{}",
    "[]",
    "0",
    "}{",
    "\x00",
    "\ud800",
    "→ → →",
    "(" * 3000,
    "9" * 5000,
    "no " * 2000,
)

_NAME: Final = re.compile(r"[a-z][a-z0-9_]*\Z")
_SEED: Final = 7


def check_task_type(task: type[TaskType] | TaskType, graph: Graph | None = None) -> list[Draft]:
    """Raise AssertionError, with a plain message, unless the task type keeps its contract; return its drafts.

    Every example verifies; the same seed gives the same drafts; provenance is complete and rights are respected; a
    changed answer is refused; the right answer scores 1, junk scores 0, and neither `verify` nor `grade` raises on it.
    ``graph`` is the sample graph unless given; a task that needs tools is checked on ``sample_graph(tools=...)``.
    """
    task = task() if isinstance(task, type) else task
    graph = sample_graph(3) if graph is None else graph
    _check_declaration(task)
    drafts = _generate(task, graph)
    assert drafts, f"{task.name} makes nothing of this graph: give check_task_type one that it can use"
    assert drafts == _generate(task, graph), f"{task.name}: the same seed gives other drafts the second time"
    _check_drafts(task, graph, drafts)
    _check_refusals(task, graph, drafts)
    _check_grades(task, graph, drafts)
    return drafts


def _check_declaration(task: TaskType) -> None:
    assert isinstance(task, TaskType), f"{task!r} is no TaskType"
    assert _NAME.match(task.name), f"the name {task.name!r} is not of lower-case letters, digits and underscores"
    assert task.system_prompt.strip(), f"{task.name} has no system prompt"
    version: Any = task.prompt_version
    assert type(version) is int and version >= 1, f"{task.name}: prompt_version {version!r} is no number from 1"
    if task.answer_schema is not None:
        from jsonschema import Draft202012Validator
        from jsonschema.exceptions import SchemaError

        try:
            Draft202012Validator.check_schema(task.answer_schema)
        except SchemaError as error:
            raise AssertionError(f"{task.name}: its answer_schema is no JSON Schema: {error.message}") from error


def _generate(task: TaskType, graph: Graph) -> list[Draft]:
    drafts = []
    for batch in task.generate(graph, Checks(graph, DatasetSettings(seed=_SEED)).sampler()):
        assert isinstance(batch, list), f"{task.name}: generate yields {type(batch).__name__}, not lists of drafts"
        drafts += batch
    return drafts


def _brief(draft: Draft) -> str:
    return f"{draft.user[:60]!r} -> {draft.assistant[:60]!r}"


def _check_drafts(task: TaskType, graph: Graph, drafts: Sequence[Draft]) -> None:
    """Check that every draft would go into a dataset."""
    checks = Checks(graph, DatasetSettings())
    for draft in drafts:
        trouble = checks.trouble(draft)
        assert trouble is None, f"{task.name}: a draft would be dropped ({trouble}): {draft!r:.300}"
        unknown = [id for id in draft.entities if id not in graph.entities]
        unknown += [str(key) for key in draft.relations if key not in graph.relations]
        assert not unknown, f"{task.name}: {unknown[0]} is not in the graph: {_brief(draft)}"
        if task.answer_schema is not None:
            from jsonschema import Draft202012Validator

            answer = json_object(draft.assistant)
            wrong = next(Draft202012Validator(task.answer_schema).iter_errors(answer), None)
            message = wrong.message if wrong else ""
            assert wrong is None, f"{task.name}: an answer does not fit answer_schema: {message}: {_brief(draft)}"
    verdicts = task.verify_batch(drafts, graph)
    assert len(verdicts) == len(drafts), f"{task.name}: verify_batch gives {len(verdicts)} verdicts for {len(drafts)}"
    for draft, verdict in zip(drafts, verdicts, strict=True):
        assert verdict.holds, f"{task.name}: its own verifier refuses a draft ({verdict.words}): {_brief(draft)}"
        assert verdict.words.strip(), f"{task.name}: a verdict says nothing: {_brief(draft)}"
        alone = task.verify(draft, graph)
        assert alone == verdict, f"{task.name}: verify and verify_batch differ: {_brief(draft)}"


def _changed(drafts: Sequence[Draft]) -> Iterator[tuple[str, Draft]]:
    """Yield drafts that are no longer true, each with what was done to it."""
    nowhere = Span("no such source", 0, 5)
    for number, draft in enumerate(drafts):
        other = next((one for one in (*drafts[number + 1 :], *drafts[:number]) if _apart(one, draft)), None)
        if other is not None:
            yield "the answer of another example", evolve(draft, assistant=other.assistant)
        yield "no answer", evolve(draft, assistant="")
        yield "an answer about something that is nowhere", evolve(draft, assistant="Qwyx Vubbel Zorn 4711")
        if draft.spans:
            yield "a span in a source that is not there", evolve(draft, spans=(nowhere,))
            if draft.absence is None and draft.withheld is None:
                yield "no span", evolve(draft, spans=())
        if draft.entities:
            yield "an entity that is not there", evolve(draft, entities=(*draft.entities, "0" * 16))


def _apart(one: Draft, other: Draft) -> bool:
    return one.user != other.user and one.assistant != other.assistant and one.anchor != other.anchor


def _check_refusals(task: TaskType, graph: Graph, drafts: Sequence[Draft]) -> None:
    for what, draft in _changed(drafts):
        verdict = _verdict(task, draft, graph)
        # Spans and entities are checked by the core as well: a task may leave that to it.
        if not verdict.holds or what.startswith(("no span", "a span", "an entity")):
            continue
        raise AssertionError(f"{task.name}: its verifier accepts {what}: {_brief(draft)}")
    first = drafts[0]
    for junk in JUNK:
        for draft in (evolve(first, user=junk), evolve(first, assistant=junk), Draft(junk, junk, junk)):
            assert not _verdict(task, draft, graph).holds, f"{task.name}: its verifier accepts junk: {_brief(draft)}"


def _verdict(task: TaskType, draft: Draft, graph: Graph) -> Verdict:
    try:
        verdict: Any = task.verify(draft, graph)
    except Exception as error:
        raise AssertionError(f"{task.name}: verify raises {type(error).__name__}: {error}: {_brief(draft)}") from error
    assert isinstance(verdict, Verdict), f"{task.name}: verify returns {verdict!r:.60}, no Verdict"
    return verdict


def _check_grades(task: TaskType, graph: Graph, drafts: Sequence[Draft]) -> None:
    for draft in drafts:
        score = _grade(task, draft, draft.assistant, graph).score
        assert score == 1, f"{task.name}: the right answer scores {score}, not 1: {_brief(draft)}"
    for junk in JUNK:
        score = _grade(task, drafts[0], junk, graph).score
        assert score == 0, f"{task.name}: the answer {junk[:20]!r} scores {score}, not 0: {_brief(drafts[0])}"


def _grade(task: TaskType, draft: Draft, answer: str, graph: Graph) -> Grade:
    try:
        grade: Any = task.grade(draft, answer, graph)
    except Exception as error:
        raise AssertionError(f"{task.name}: grade raises {type(error).__name__}: {error} on {answer[:40]!r}") from error
    assert isinstance(grade, Grade), f"{task.name}: grade returns {grade!r:.60}, no Grade"
    scores = {"score": grade.score, **grade.parts}
    wrong = {name: value for name, value in scores.items() if not 0 <= value <= 1}
    assert not wrong, f"{task.name}: a grade is not within 0 and 1: {wrong}"
    assert grade.parts, f"{task.name}: a grade has no named parts"
    return grade
