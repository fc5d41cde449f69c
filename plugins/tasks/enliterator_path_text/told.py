# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""What a graph says of pieces of it: how each is written and told, and what proves it.

The graph alone decides that, so that whoever makes a draft and whoever verifies it ask for the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from attrs import define

from enliterator_core import Graph, Span, fold, mention_of, write_node
from enliterator_path_text import telling
from enliterator_path_text.phrases import AMBIGUOUS, REVERSED, says_more
from enliterator_path_text.telling import Tree

MOST: Final = 4
ASKS: Final = (
    ("Write this as a path: ", "Which path does this tell? "),
    ("Write this as paths: ", "Which paths does this tell? "),
)
"""What is asked of prose: for one path, for several."""
_WORDS_KEPT: Final = 1 << 16  # entities whose words are kept

_Key = tuple[str, str, str]
#: an entity's id, its name as JSON, itself as JSON, its kind, how prose speaks of it, its name folded, and its text
_Word = tuple[str, str, str, str, str, str, str]


@define
class Piece(Tree):
    """A piece of a graph in words, with its entities, its relations, their evidence, and its text.

    ``names`` and ``nodes`` are JSON.
    """

    names: Sequence[str]
    nodes: Sequence[str]
    entities: tuple[str, ...]
    relations: tuple[_Key, ...]
    spans: tuple[Span, ...]
    lines: str

    @property
    def is_ambiguous(self) -> bool:
        """Whether a verb's phrase does not tell which way it is read."""
        return any(map(AMBIGUOUS.__getitem__, self.verbs))


#: what a graph says of a piece, told one way: its entities, their evidence, the piece as JSON, empty where prose is the
#: question, the prose, and the lines
Told = tuple[tuple[str, ...], tuple[Span, ...], str, str, str]


class Teller:
    """Tells the pieces of one graph: keeps what was told until it is to forget it, and the words of many entities."""

    def __init__(self, graph: Graph) -> None:
        from enliterator_path_text.drawing import in_order

        arrays = graph.arrays
        self._graph, self._entities, self._relations = graph, arrays.entities, arrays.relations
        relations = arrays.relations
        self._subject, self._object = arrays.one_by_one(relations.subject), arrays.one_by_one(relations.object)
        self._verb, self._predicate = arrays.one_by_one(relations.verb), arrays.one_by_one(relations.predicate)
        self._first, self._names, self._in_order = arrays.relations.spans.first, arrays.verbs, in_order
        self._connects, self._precedes = map(arrays.verbs.index, ("connects_to", "precedes"))
        self._words: dict[int, _Word] = {}
        self._added: dict[int, str] = {}
        self._told: dict[Any, Told] = {}

    def remember(self, told: dict[Any, Told]) -> None:
        """Keep what was told last, by the keys of the relations."""
        self._told = told

    def told(self, relations: Any) -> Told | None:
        """Return what was told last of a piece with relations of these keys, if that is kept."""
        try:
            return self._told.get(relations)
        except TypeError:
            return None

    def named(self, entities: Any, relations: Any) -> Piece | str:
        """Return the piece of these entities and relations (ids and keys), or why there is none; never raise."""
        try:
            numbers = [self._entities.numbers.get(id, -1) for id in entities]
            rows = [self._graph.relations.row(key) for key in relations]
        except TypeError:
            return "its ids are not ids"
        if -1 in numbers:
            return "it names an entity that is not in the graph"
        if -1 in rows:
            return "a hop is not in the graph"
        return self.piece(numbers, rows)

    def piece(self, numbers: list[int], rows: Sequence[int]) -> Piece | str:
        """Return the piece of these entities and relations (numbers and rows), or why there is none."""
        if not 0 < len(rows) <= MOST or len(numbers) != len(rows) + 1:
            return "it has no hops, too many, or not as many as its entities"
        words = [self._words.get(number) or self._word(number) for number in numbers]
        ids, names, nodes, kinds, mentions, folded, texts = zip(*words, strict=True)
        if len(set(folded)) < len(words):
            return "its names do not stand for entities of their own"
        verbs, parents, relations, spans = [], [], [], []
        for at, row in enumerate(rows, 1):
            subject, object, verb = self._subject[row], self._object[row], self._verb[row]
            forwards = object == numbers[at]
            if not forwards and subject != numbers[at]:
                return "a hop does not lead to its entity"
            try:
                parent = numbers.index(subject if forwards else object, 0, at)
            except ValueError:
                return "a hop does not start from an entity before"
            span = self._first(row)
            if span is None or (verb == self._precedes and not self._is_possible(subject, object)):
                return "a hop is without evidence, or its times contradict it"
            spans.append(span)
            parents.append(parent)
            name = self._names[verb]
            relations.append((ids[parent], name, ids[at]) if forwards else (ids[at], name, ids[parent]))
            said = name if forwards else REVERSED[name]
            verbs.append(said + self._more(row) if verb == self._connects else said)
        lines, proofs = telling.lines_of(texts, verbs, parents), tuple(relations)
        return Piece(mentions, kinds, verbs, tuple(parents), names, nodes, ids, proofs, _once(spans), lines)

    def _is_possible(self, one: int, other: int) -> bool:
        """Say whether an entity may precede another, by their times."""
        time_of = self._entities.time_of
        return self._in_order(time_of(one), time_of(other))

    def _more(self, row: int) -> str:
        """Return what the predicate of a relation that connects adds to its verb: nothing where it says no more."""
        code = self._predicate[row]
        added = self._added.get(code)
        if added is None:
            predicate = self._relations.predicates[code]
            added = self._added[code] = f"/{predicate}" if says_more(predicate) else ""
        return added

    def _word(self, number: int) -> _Word:
        entities = self._entities
        pool, kind, name = entities.pool_of(number), entities.kind_of(number), entities.names[number]
        if len(self._words) >= _WORDS_KEPT:
            self._words.clear()
        said, node = telling.as_json(pool, name)
        word = entities.ids[number], said, node, kind, mention_of(pool, kind, name), fold(name), write_node(pool, name)
        self._words[number] = word
        return word


def _once(spans: list[Span]) -> tuple[Span, ...]:
    """Return spans in their order, each once."""
    if len({span.start for span in spans}) == len(spans):
        return tuple(spans)
    return tuple(dict.fromkeys(spans))
