# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Drafts of drawn pieces, a batch at a time: columns of what their nodes and hops say, joined piece by piece.

Node after node of all pieces is a place in these columns; those of a hop belong to the place that it leads to.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Any, Final, NamedTuple

import numpy as np
from attrs import frozen

from enliterator_core import Draft, Graph, Span
from enliterator_path_text.blanks import ALIKE, COLUMNS, PEOPLE, SAME, UNIQUE, Prose, asked, before, bit, proses
from enliterator_path_text.drawing import Pieces
from enliterator_path_text.phrases import AMBIGUOUS, ARROWS, EDGES, PHRASES, PLURALS, REVERSED, says_more
from enliterator_path_text.telling import PERSONS, kinds_of, opening
from enliterator_path_text.told import ASKS, MOST, Told
from enliterator_path_text.words import Said, Words

_NODES: Final = MOST + 1
_WIDTH: Final = len(COLUMNS)
_BITS: Final = 4 * _NODES  # of a pattern
_WAYS: Final = 16 * 2520  # any number of ways, up to ten, divides it, and those of asking 16 times
_MORE: Final = 8  # bits of a verb's code, before that of the predicate that says more

Array = Any
#: of a verb as it is read: its phrase, that of its reverse, that of its reverse for several, itself in a line, that by
#: which it is stored, that between the ends of an edge in JSON, and whether its phrase does not tell its direction
_Said = tuple[str, str, str, str, str, str, bool]
_Key = tuple[str, str, str]


class _Columns(NamedTuple):
    """The columns of a batch, and ``words``, of which each place has as many as a prose can have blanks about a node.

    ``relations`` and ``edges`` have a place for each hop.
    """

    ids: tuple[str, ...]
    nodes: list[str]
    links: list[str]
    words: list[str]
    ambiguous: tuple[bool, ...]
    edges: list[str]
    relations: tuple[_Key, ...]


@frozen(eq=False)
class _Layout:
    """Where the pieces of a batch are in its columns.

    ``there`` says which of the nodes in a row each there are, ``shape`` holds a number for the parents of each row,
    ``first`` its first place; ``parent`` is the place from which a hop leads to each, -1 for none.
    """

    nodes: Array
    steps: Array
    there: Array
    shape: Array
    first: Array
    parent: Array


class Maker:
    """Makes drafts of the pieces of one graph, and keeps of the last batch what the graph says of each."""

    def __init__(self, graph: Graph) -> None:
        arrays = self._arrays = graph.arrays
        entities, relations = arrays.entities, arrays.relations
        self._kinds = entities.kinds
        # The numbers after those of the kinds are for nodes that are not there.
        none = [""] * _NODES
        self._is_kind = np.array([bool(kind) for kind in self._kinds + none])
        self._is_person = np.array([kind in PERSONS for kind in self._kinds + none])
        self._has_plural = np.array([bool(kinds_of(kind)) for kind in self._kinds + none])
        more = [(code + 1) * says_more(predicate) for code, predicate in enumerate(relations.predicates)]
        self._more = np.array(more, np.int64) << _MORE
        self._connects = arrays.verbs.index("connects_to")
        self._words = Words(graph)
        self._said: dict[int, _Said] = {-1: ("", "", "", "", "", "", False)}
        self._asked = np.zeros(1 << 3 * MOST, np.int64)
        self._before = np.zeros((1 << 3 * MOST, _NODES), np.int8)
        self._parents: dict[int, tuple[int, ...]] = {}
        self._proses: tuple[dict[int, list[Prose]], ...] = {}, {}
        self.told: dict[Any, Told] = {}

    def drafts(self, drawn: Pieces, ways: Array, turned: Array) -> list[Draft]:
        """Return a draft for each piece; ``ways`` and ``turned`` say how it is told and whether, where that can be, its
        prose is the question."""
        layout = self._layout(drawn)
        rows = self._arrays.steps.row[layout.steps]
        stated = self._arrays.relations.spans
        evidence = stated.places[stated.offsets[rows]]
        columns, patterns = self._columns(layout, rows)
        places = np.append(layout.first, np.count_nonzero(layout.there)).tolist()
        repeated = _repeated(evidence[:, 1], layout.there).tolist()
        known, told, drafts = self._proses, self.told, list[Draft]()
        every_id, every_node, links, words, ambiguous, every_edge, every_relation = columns
        every_span = _spans(stated.paths, evidence)
        told.clear()
        ways = (ways % np.uint64(_WAYS)).tolist()
        each = zip(places, places[1:], patterns.tolist(), ways, turned.tolist(), repeated, strict=False)
        for number, (start, end, pattern, way, turn, again) in enumerate(each):
            direct = turn and True not in ambiguous[start:end]
            options = known[direct].get(pattern) or self._options(pattern, direct)
            text, pick = options[way % len(options)]
            prose = text % pick(words[_WIDTH * start : _WIDTH * end])
            lines = f"{''.join(links[2 * start : 2 * end])}."
            first, last = start - number, end - number - 1
            ids, relations, spans = every_id[start:end], every_relation[first:last], every_span[first:last]
            if again:
                spans = tuple(dict.fromkeys(spans))
            if direct:
                asks, question = ASKS["\n" in lines], ""
                user, assistant = f"{asks[way // 16 % len(asks)]}{prose}", lines
            else:
                nodes, edges = "".join(every_node[2 * start : 2 * end]), ",".join(every_edge[first:last])
                user = question = f'{{"nodes":[{nodes[2:]}}}],"edges":[{edges}]}}'
                assistant = f"{prose}\n{lines}"
            drafts.append(Draft(user, assistant, ids[0], ids, relations, spans))
            told[relations] = ids, spans, question, prose, lines
        return drafts

    def _layout(self, drawn: Pieces) -> _Layout:
        there = np.arange(_NODES) <= drawn.sizes[:, None]
        first = np.cumsum(drawn.sizes + np.int64(1)) - drawn.sizes - 1
        parents = np.where(there[:, 1:], drawn.parents, 0)
        shape = drawn.sizes + (parents << (3 * np.arange(MOST))).sum(axis=1)
        for code in np.unique(shape).tolist():
            if code not in self._parents:
                shape_of = tuple(code >> 3 * at & 7 if at else 0 for at in range(code & 7))
                self._parents[code] = shape_of
                self._asked[code], self._before[code, : len(shape_of) + 1] = asked(shape_of), before(shape_of)
        parent = np.full(there.shape, -1, np.int64)
        parent[:, 1:] = first[:, None] + parents
        return _Layout(drawn.nodes, drawn.steps[there[:, 1:]], there, shape, first, parent[there])

    def _columns(self, layout: _Layout, rows: Array) -> tuple[_Columns, Array]:
        """Return the columns of a batch, and the number of each piece's pattern."""
        said = self._words.of(layout.nodes[layout.there])
        codes = np.full(layout.there.shape, -1, np.int64)
        codes[:, 1:][layout.there[:, 1:]] = self._verbs(layout.steps, rows)
        verbs = [self._said.get(code) or self._say(code) for code in codes[layout.there].tolist()]
        phrases, backs, several, arrows, stored, middles, ambiguous = zip(*verbs, strict=True)
        words = [""] * (_WIDTH * len(verbs))
        filling = said.mentions, said.begun, said.kinds, phrases, backs, several
        for column, every in zip("mckprq", filling, strict=True):
            words[COLUMNS.index(column) :: _WIDTH] = every
        patterns = self._patterns(layout, codes, said, words)
        columns = _Columns(
            said.ids,
            _alternating(said.opened, said.names),
            _alternating(_arrows(said.texts, arrows, layout.parent), said.texts),
            words,
            ambiguous,
            self._edges(layout, said.names, middles),
            self._keys(layout, rows, said.ids, stored),
        )
        return columns, patterns

    def _verbs(self, steps: Array, rows: Array) -> Array:
        """Return a code for the verb by which each step is read, and what the predicate of its relation adds to it."""
        relations = self._arrays.relations
        more = np.where(relations.verb[rows] == self._connects, self._more[relations.predicate[rows]], 0)
        return self._arrays.steps.verb[steps] + more

    def _say(self, code: int) -> _Said:
        """Return how a verb is said, by the code that :meth:`_verbs` gives it."""
        verb, more = self._arrays.verbs[code & (1 << _MORE) - 1], code >> _MORE
        if more:
            verb += f"/{self._arrays.relations.predicates[more - 1]}"
        back = REVERSED[verb]
        middle, backwards = EDGES[verb]
        stored = (back if backwards else verb).partition("/")[0]
        said = PHRASES[verb], PHRASES[back], PLURALS[back], ARROWS[verb], stored, middle, AMBIGUOUS[verb]
        self._said[code] = said
        return said

    def _patterns(self, layout: _Layout, codes: Array, said: Said, words: list[str]) -> Array:
        """Return the number of each piece's pattern; put into the words what is listed under its kind."""
        nodes, mentions, kinds = np.arange(_NODES), said.mentions, said.kinds
        there, earlier = layout.there, self._before[layout.shape]
        kind = np.where(there, self._arrays.entities.kind[layout.nodes], len(self._kinds) + nodes)
        by_node = kind.T.copy()  # long rows are compared in a tenth of the time that rows of five take
        unique = ((by_node[:, None] == by_node).sum(axis=0, dtype=np.int8) == 1).T & self._is_kind[kind]
        place = (_NODES * np.arange(len(kind)))[:, None] + earlier
        same = (codes.reshape(-1)[place] == codes) & (earlier != nodes)
        alike = same & (kind.reshape(-1)[place] == kind) & self._has_plural[kind]
        row, node = np.nonzero(alike & there)
        for at, row_, node_, other in zip(
            layout.first[row].tolist(), row.tolist(), node.tolist(), earlier[row, node].tolist(), strict=True
        ):
            start, several = opening(kinds[at + node_]), kinds_of(kinds[at + node_])
            for place in (at + node_, at + other):
                alike[row_, node_] &= mentions[place].startswith(start)
                words[_WIDTH * place + COLUMNS.index("b")] = mentions[place][len(start) :]
                words[_WIDTH * place + COLUMNS.index("s")] = several
        answers = {UNIQUE: unique, PEOPLE: self._is_person[kind], SAME: same, ALIKE: alike}
        bits = np.zeros(len(kind), np.int64)
        for question, answer in answers.items():
            bits |= (answer & there) @ np.array([bit(question, number) for number in range(_NODES)])
        return layout.shape << _BITS | bits & self._asked[layout.shape]

    def _options(self, pattern: int, direct: bool) -> list[Prose]:
        """Return the ways in which pieces of a pattern are told."""
        every = proses(self._parents[pattern >> _BITS], pattern & (1 << _BITS) - 1, direct)
        options = self._proses[direct][pattern] = [prose for _, prose in every]
        return options

    def _edges(self, layout: _Layout, names: Sequence[str], middles: Sequence[str]) -> list[str]:
        """Return the hops as the graph stores them, as JSON."""
        forwards = self._arrays.forwards[self._arrays.steps.verb[layout.steps]]
        starts, ends = _ends(layout, forwards)
        between = [middle for middle in middles if middle]
        return [
            f'{{"from":{names[start]}{middle}{names[end]}}}'
            for start, middle, end in zip(starts, between, ends, strict=True)
        ]

    def _keys(self, layout: _Layout, rows: Array, ids: Sequence[str], stored: Sequence[str]) -> tuple[_Key, ...]:
        """Return the keys of the hops' relations; of a symmetric one any end may be the first."""
        numbers = layout.nodes[layout.there]
        starts, ends = _ends(layout, self._arrays.relations.subject[rows] == numbers[layout.parent[layout.parent >= 0]])
        verbs = [verb for verb in stored if verb]
        return tuple(zip(map(ids.__getitem__, starts), verbs, map(ids.__getitem__, ends), strict=True))


def _ends(layout: _Layout, forwards: Array) -> tuple[list[int], list[int]]:
    """Return the places of both ends of each hop, the other way round where it is not read forwards."""
    child = np.flatnonzero(layout.parent >= 0)
    parent = layout.parent[child]
    return np.where(forwards, parent, child).tolist(), np.where(forwards, child, parent).tolist()


def _arrows(texts: Sequence[str], arrows: Sequence[str], parent: Array) -> list[str]:
    """Return what stands before each node in the lines: its verb's arrow, or a new line that leads to it."""
    every = list(arrows)
    for place in np.flatnonzero((parent >= 0) & (parent < np.arange(len(parent)) - 1)).tolist():
        every[place] = f".\n{texts[parent[place]]}{every[place]}"
    return every


def _alternating(one: Sequence[str], other: Sequence[str]) -> list[str]:
    """Return the texts of two columns in turn."""
    every = [""] * (2 * len(one))
    every[::2], every[1::2] = one, other
    return every


def _spans(paths: Sequence[str], evidence: Array) -> tuple[Span, ...]:
    """Return the spans at places (the code of a path, start, end)."""
    codes, starts, ends = evidence.T.tolist()
    return tuple(map(Span, map(paths.__getitem__, codes), starts, ends))


def _repeated(starts: Array, there: Array) -> Array:
    """Say of which pieces two hops may have the same span, by where the spans of all hops start."""
    by_hop = np.repeat(-1 - np.arange(MOST), len(there)).reshape(MOST, -1)
    by_hop.T[there[:, 1:]] = starts
    repeated: Array = np.logical_or.reduce([one == other for one, other in combinations(by_hop, 2)])
    return repeated
