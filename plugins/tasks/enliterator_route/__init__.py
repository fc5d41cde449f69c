# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""route: which tool, with which parameters, answers a request; what to ask back; or that no tool does it.

A request is read by the ways that the tools themselves know, so any plugin's tool takes part. A way stands for one
tool and one set of parameters; the tool is called, and an example is one only when the call finds what it is about.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from attrs import field, frozen
from attrs.validators import ge, le

from enliterator_core import (
    Draft,
    Grade,
    Graph,
    Sampler,
    TaskType,
    Verdict,
    fold,
    hookimpl,
    in_batches,
    json_object,
    read_prompt,
)
from enliterator_route.drawing import about_entities, about_sources
from enliterator_route.making import about_nothing, about_something
from enliterator_route.options import Options
from enliterator_route.proving import verdicts

_PROMPT: Final = read_prompt(__package__)


@frozen
class Route(TaskType):
    """Answer a request with the tool to call and its parameters.

    ``requests_per_entity`` is how many requests are made about each entity, ``back_share`` the share of entities about
    which too little is said, and ``beyond_share`` that of those about which something is asked that no tool does.
    """

    name = "route"
    system_prompt = _PROMPT.text
    prompt_version = _PROMPT.version
    answer_schema = {
        "type": "object",
        "properties": {
            "tool": {"type": ["string", "null"], "description": "the tool's name, null when none fits"},
            "params": {"type": "object", "description": "what the request gives of the tool's parameters"},
            "missing": {"type": "array", "items": {"type": "string"}, "minItems": 1},
            "question": {"type": "string", "description": "asks for what is missing"},
            "reason": {"type": "string", "description": "why no tool fits"},
        },
        "required": ["tool", "params"],
        "additionalProperties": False,
        "dependentRequired": {"missing": ["question"], "question": ["missing"]},
    }

    requests_per_entity: int = field(default=2, validator=ge(1))
    back_share: float = field(default=0.1, validator=[ge(0), le(1)])
    beyond_share: float = field(default=0.1, validator=[ge(0), le(1)])

    def generate(self, graph: Graph, sampler: Sampler) -> Iterator[list[Draft]]:
        """Yield drafts for every entity, every source and every tool; none where the graph has no tools."""
        drafts = self._drafts(graph, sampler) if graph.tools else ()
        yield from in_batches(drafts)

    def _drafts(self, graph: Graph, sampler: Sampler) -> Iterator[Draft]:
        options = Options(graph)
        for some in about_entities(
            graph, sampler, options, self.requests_per_entity, self.back_share, self.beyond_share
        ):
            yield from about_something(graph, some)
        for some in about_sources(graph, sampler, options):
            yield from about_something(graph, some)
        yield from about_nothing(graph, sampler)

    def verify(self, draft: Draft, graph: Graph) -> Verdict:
        """Accept a call that the request asks for, that fits its tool's schema, and that finds what it should."""
        return self.verify_batch([draft], graph)[0]

    def verify_batch(self, drafts: Sequence[Draft], graph: Graph) -> list[Verdict]:
        """Answer :meth:`verify` for each draft, one step after the other for all of them, which is faster."""
        return verdicts(drafts, graph)

    def grade(self, draft: Draft, answer: str, graph: Graph) -> Grade:
        """Score the tool, and where it is right its parameters one by one, what is asked back for, and in what words.

        Those of a question or a reason count by how many are the same; a key that the schema lacks costs a tenth.
        """
        gold, given = json_object(draft.assistant), json_object(answer)
        parts = {"tool": 0.0, "params": 0.0, "missing": 0.0, "words": 0.0}
        if not gold or not given or "tool" not in given or given["tool"] != gold.get("tool"):
            return Grade(0.0, parts)
        parts["tool"] = 1.0
        parts["params"] = _likeness(gold.get("params"), given.get("params"))
        parts["missing"] = float(_texts(gold.get("missing")) == _texts(given.get("missing")))
        parts["words"] = min(_alike(gold.get(key), given.get(key)) for key in ("question", "reason"))
        score = 0.5 * parts["tool"] + 0.3 * parts["params"] + 0.1 * parts["missing"] + 0.1 * parts["words"]
        return Grade(score if set(given) <= set(self.answer_schema["properties"]) else 0.9 * score, parts)


def _alike(gold: Any, given: Any) -> float:
    """Return the share of words that are in both of two texts, a half at most where they differ; 1 for no texts."""
    if gold == given:
        return 1.0
    if not isinstance(gold, str) or not isinstance(given, str):
        return 0.0
    words, others = set(gold.casefold().split()), set(given.casefold().split())
    return 0.5 * len(words & others) / len(words | others) if words else 0.0


def _likeness(gold: Any, given: Any) -> float:
    """Return the share of parameters that are the same in both, names in any case; 1 where there is none in either."""
    if not isinstance(gold, dict) or not isinstance(given, dict):
        return 0.0
    every = {*gold, *given}
    same = sum(key in gold and key in given and _same(gold[key], given[key]) for key in every)
    return same / len(every) if every else 1.0


def _same(gold: Any, given: Any) -> bool:
    if isinstance(gold, str) and isinstance(given, str):
        return fold(gold) == fold(given)
    return type(gold) is type(given) and bool(gold == given)


def _texts(value: Any) -> list[str] | None:
    """Return the texts of a list in order, none for nothing; None for anything else."""
    if value is None:
        return []
    return sorted(value) if isinstance(value, list) and all(isinstance(one, str) for one in value) else None


@hookimpl
def register_task_types() -> list[type[TaskType]]:
    """Add route."""
    return [Route]
