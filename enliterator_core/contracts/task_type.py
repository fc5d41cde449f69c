# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""A task type makes training examples from a graph, verifies them, and grades a model's answers."""

import json
import types
from abc import ABC, abstractmethod
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from hashlib import blake2b
from itertools import islice
from typing import Any, ClassVar, TypeVar

from attrs import frozen

from enliterator_core.graph import Graph, Path
from enliterator_core.nouns import Entity, Span
from enliterator_core.redaction import MASK

T = TypeVar("T")

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


@frozen
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
    if not all(isinstance(text, str) and text.strip() for text in (draft.user, draft.assistant, draft.anchor)):
        return "a text is empty"
    if MASK in draft.user or MASK in draft.assistant:
        return "a masked secret shows"
    try:
        entities = [graph.entities.get(id) for id in draft.entities]
        relations = [graph.relations.get(key) for key in draft.relations]
    except TypeError:
        return "its ids are not ids"
    if None in entities or None in relations:
        return "it names an entity or a relation that is not in the graph"
    if not draft.spans and draft.absence is None and draft.withheld is None:
        return "it rests on no span"
    evidence = {span for known in (*entities, *relations) if known is not None for span in known.evidence}
    for span in draft.spans:
        if span not in evidence:
            if strict:
                return "a span is no evidence of what it names"
            if span.source not in graph.sources:
                return f"there is no source {span.source!r}"
            if not 0 <= span.start < span.end <= len(graph.document(span.source).text):
                return f"characters {span.start} to {span.end} do not open in {span.source!r}"
    return None


@frozen
class Verdict:
    """Whether a draft holds against the graph, and why in a few words."""

    holds: bool
    words: str


@frozen
class Grade:
    """How good an answer is, 0 to 1, with its named parts, each 0 to 1."""

    score: float
    parts: Mapping[str, float]


def _ids_by_kind(graph: Graph) -> dict[tuple[str, str], list[str]]:
    kinds: dict[tuple[str, str], list[str]] = {}
    for id, entity in graph.entities.items():
        kinds.setdefault((entity.pool, entity.kind), []).append(id)
    return {kind: sorted(ids) for kind, ids in kinds.items()}


class Sampler:
    """Choices that depend on the seed and the key alone, so that adding data never changes the choices for the rest.

    ``split`` names the split that an anchor falls into; without it all fall into one.
    """

    def __init__(self, seed: int = 0, split: Callable[[str], str] = lambda anchor: "") -> None:
        self.seed = seed
        self._split = cache(split)

    def together(self, *anchors: str) -> bool:
        """Say whether anchors fall into one split: a draft that rests on spans of another split would be dropped."""
        return len({self._split(anchor) for anchor in anchors}) <= 1

    def fraction(self, *key: str) -> float:
        """Return a number in [0, 1) for the key."""
        text = "\0".join((str(self.seed), *key)).encode("utf-8", "surrogatepass")
        return int.from_bytes(blake2b(text, digest_size=7).digest(), "big") / 2**56

    def choose(self, options: Sequence[T], *key: str) -> T:
        """Return one of the options (at least one) for the key."""
        return options[int(self.fraction(*key) * len(options))]

    def ordered(self, keys: Iterable[str], *context: str) -> list[str]:
        """Return the keys in an order that looks random and that adding a key does not change for the others."""
        return sorted(keys, key=lambda key: (self.fraction(*context, key), key))

    def pick(self, ids: Sequence[str], *key: str) -> str:
        """Return one of the sorted content ids (at least one) for the key; adding an id changes it for few keys only.

        The ids stand on a ring; the choice is the first one at or after the key's own point.
        """
        point = f"{int(self.fraction(*key) * 2**64):016x}"
        return ids[bisect_left(ids, point) % len(ids)]

    def absent_name(self, graph: Graph, entity: Entity, *key: str) -> str | None:
        """Return a name that nothing in the graph has but something like the entity might.

        It is the entity's own name with the last part of another's of its pool and kind. None when that is a name
        after all, or when the source that the entity is first found in says that part.
        """
        ids = graph.once(_ids_by_kind)[entity.pool, entity.kind]
        other = graph.entities[self.pick(ids, "absent", entity.id, *key)]
        separator = next((one for one in "/ ." if one in entity.name), " ")
        head = entity.name.rpartition(separator)[0] or entity.name
        last = other.name.rpartition(separator)[2]
        name = f"{head}{separator}{last}"
        if not entity.evidence or not last or len(name) > 120 or graph.called(name):
            return None
        said = graph.document(entity.evidence[0].source).text.casefold()
        return None if (name if separator == " " else last).casefold() in said else name

    def paths(self, graph: Graph, hops: int, walkers: int = 1) -> Iterator[Path]:
        """Yield simple paths of exactly that many hops: from each entity, at most ``walkers`` of them, none twice."""
        for start in graph.entities:
            seen: set[Path] = set()
            for walker in range(walkers):
                path = self._walk(graph, start, hops, str(walker))
                if path is not None and path not in seen:
                    seen.add(path)
                    yield path

    def _walk(self, graph: Graph, start: str, hops: int, walker: str) -> Path | None:
        entities, verbs = [start], list[str]()
        for step in range(hops):
            options = [(verb, other) for verb, other in graph.around(entities[-1]) if other not in entities]
            if not options:
                return None
            verb, other = self.choose(options, "walk", start, walker, str(step))
            verbs.append(verb)
            entities.append(other)
        return Path(tuple(entities), tuple(verbs))


class TaskType(ABC):
    """One kind of training example.

    ``system_prompt`` is the one used when training and when serving; ``answer_schema`` is the JSON Schema of the
    answer where it is JSON. The core verifies every draft, whoever made it, and writes none that ``verify`` refuses.
    """

    name: ClassVar[str]
    system_prompt: ClassVar[str]
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
