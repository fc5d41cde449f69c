# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""A task type makes training examples from a graph, verifies them, and grades a model's answers."""

import json
import types
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, ClassVar

from attrs import frozen

from enliterator_core.contracts.sampler import Sampler
from enliterator_core.graph import Graph
from enliterator_core.nouns import Span
from enliterator_core.redaction import MASK

if TYPE_CHECKING:
    from attrs import frozen as quickly_frozen
else:
    from enliterator_core.nouns import quickly_frozen

_JSON_TYPES: dict[Any, str] = {str: "string", int: "integer", float: "number", bool: "boolean", types.NoneType: "null"}


def json_answer(**properties: Any) -> dict[str, Any]:
    """Return the JSON Schema of an object with exactly these properties, each a type, a union of types, or a schema."""

    def schema(kind: Any) -> dict[str, Any]:
        if isinstance(kind, dict):
            return kind
        if isinstance(kind, types.UnionType):
            return {"type": [_JSON_TYPES[one] for one in kind.__args__]}
        return {"type": _JSON_TYPES[kind]}

    return {
        "type": "object",
        "properties": {name: schema(kind) for name, kind in properties.items()},
        "required": list(properties),
        "additionalProperties": False,
    }


@quickly_frozen()
class Draft:
    """An example as a task proposes it; the core adds the system prompt, rights, split and ids.

    ``anchor`` is the key of the thing the answer turns on: an entity's id, or another stable text. ``spans`` are what
    the answer reproduces or rests on; their sources' rights become the example's. ``absence`` is the query that finds
    nothing, where the answer is that something is not there. ``withheld`` is the path of the source that a refusal is
    about: its path, holder and licence may be said, nothing of its content.
    """

    user: str
    assistant: str
    anchor: str
    entities: tuple[str, ...] = ()
    relations: tuple[tuple[str, str, str], ...] = ()
    spans: tuple[Span, ...] = ()
    absence: str | None = None
    withheld: str | None = None


def in_batches(drafts: Iterable[Draft], size: int = 1000) -> Iterator[list[Draft]]:
    """Yield drafts in lists of at most ``size``."""
    rest = iter(drafts)
    while batch := list(islice(rest, size)):
        yield batch


def json_object(text: str) -> dict[str, Any] | None:
    """Return the JSON object that a text is; None when it is anything else, or says a key twice."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len(dict(pairs)) < len(pairs):
            raise ValueError("a key stands twice")
        return dict(pairs)

    try:
        value = json.loads(text, object_pairs_hook=once)
    except (ValueError, TypeError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def trouble_with(draft: Draft, graph: Graph, *, strict: bool = False) -> str | None:
    """Say what a draft names that its graph does not bear out, whatever its task; None when there is no trouble.

    Texts are there and unmasked, entities and relations are in the graph, and spans are their evidence or, unless
    ``strict``, at least open in a source. Only an absence or a refusal goes without spans.
    """
    for text in (draft.user, draft.assistant, draft.anchor):
        if not isinstance(text, str) or not text.strip():
            return "a text is empty"
    if MASK in draft.user or MASK in draft.assistant:
        return "a masked secret shows"
    # By numbers, since making the entities and relations would cost more than all else that is done here.
    entities = graph.arrays.entities
    try:
        numbers = [entities.numbers.get(id, -1) for id in draft.entities]
        rows = [graph.relations.row(key) for key in draft.relations]
    except TypeError:
        return "its ids are not ids"
    if -1 in numbers or -1 in rows:
        return "it names an entity or a relation that is not in the graph"
    if not draft.spans and draft.absence is None and draft.withheld is None:
        return "it rests on no span"
    known = [(entities.spans, number) for number in numbers]
    if rows:
        known += [(graph.arrays.relations.spans, row) for row in rows]
    for span in draft.spans:
        for spans, row in known:
            if spans.holds(row, span):
                break
        else:
            trouble = "a span is no evidence of what it names" if strict else _unopened(span, graph)
            if trouble:
                return trouble
    return None


def _unopened(span: Span, graph: Graph) -> str | None:
    """Say why a span does not open in its source; None when it does."""
    if span.source not in graph.sources:
        return f"there is no source {span.source!r}"
    if not 0 <= span.start < span.end <= len(graph.document(span.source).text):
        return f"characters {span.start} to {span.end} do not open in {span.source!r}"
    return None


@quickly_frozen()
class Verdict:
    """Whether a draft holds against the graph, and why in a few words."""

    holds: bool
    words: str


@frozen
class Grade:
    """How good an answer is, 0 to 1, with its named parts, each 0 to 1."""

    score: float
    parts: Mapping[str, float]


class TaskType(ABC):
    """One kind of training example.

    ``system_prompt`` is the one used when training and when serving, and ``prompt_version`` counts up when its text
    changes: :func:`read_prompt` reads both from a `prompt.toml` beside the plugin. ``answer_schema`` is the JSON Schema
    of the answer where it is JSON. The core verifies every draft, whoever made it, and writes none that ``verify``
    refuses.
    """

    name: ClassVar[str]
    system_prompt: ClassVar[str]
    prompt_version: ClassVar[int] = 1
    answer_schema: ClassVar[dict[str, Any] | None] = None

    @abstractmethod
    def generate(self, graph: Graph, sampler: Sampler) -> Iterator[list[Draft]]:
        """Yield drafts in batches of about a thousand, the same for the same graph and seed, in the same order."""

    @abstractmethod
    def verify(self, draft: Draft, graph: Graph) -> Verdict:
        """Accept only what the graph and its sources say; never trust ``generate``, and never raise on junk."""

    def verify_batch(self, drafts: Sequence[Draft], graph: Graph) -> list[Verdict]:
        """Verify many drafts at once; by default one by one."""
        return [self.verify(draft, graph) for draft in drafts]

    @abstractmethod
    def grade(self, draft: Draft, answer: str, graph: Graph) -> Grade:
        """Score any text that a model may have answered to ``draft.user``; the draft's own answer scores 1."""
