# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""How trees of one pattern are told: as prose with blanks, written once and filled for each tree.

A blank is a letter and the number of a node: `<m0>` is the mention of node 0, `<p2>` the phrase of the verb that leads
to node 2. A pattern is a tree's parents and what else the grammar asks about it, as bits: see :func:`bit`.
"""

import re
from collections.abc import Callable, Sequence
from functools import cache
from itertools import pairwise
from operator import itemgetter
from typing import Any, Final, NamedTuple

from attrs import frozen

DIRECT: Final = ("sentences", "relative", "in turn", "inserted")
"""Ways that tell the edges in their order, each in its direction."""

INDIRECT: Final = ("from the middle", "middle first", "from the end", "together")
"""Ways that say edges by the reverse of their verb."""

COLUMNS: Final = "mcbksprq"
"""What may stand in a blank of a node: its mention, that as a sentence begins, that without its kind, its kind, the
plural of that, and of the verb that leads to it: its phrase, that of its reverse, that of its reverse for several."""

UNIQUE, PEOPLE, SAME, ALIKE = range(4)
"""What is asked of a node: whether it alone has its kind; whether it is a person; whether the verb that leads to it is
that of the branch before it from the same node; whether the two are listed under their kind, said once."""

_BLANK: Final = re.compile(r"<([a-z])(\d+)>")


def bit(question: int, node: int) -> int:
    """Return the bit of a pattern that answers a question about a node."""
    return 1 << (4 * node + question)


class Prose(NamedTuple):
    """A prose with blanks: ``pick`` takes from the words of a tree, of node after node all columns, what stands in the
    blanks of ``text``."""

    text: str
    pick: Callable[[Sequence[str]], tuple[Any, ...]]

    def of(self, words: Sequence[str]) -> str:
        """Return the prose with a tree's words in its blanks."""
        prose: str = self.text % self.pick(words)
        return prose


@cache
def proses(parents: tuple[int, ...], bits: int, direct: bool) -> tuple[tuple[str, Prose], ...]:
    """Return the ways in which trees of a pattern can be told, or only the direct ones, each with its prose."""
    pattern = _Pattern(parents, bits)
    return tuple((way, _with_blanks(f"{_told(pattern, way)}.")) for way in _ways(pattern, direct))


def asked(parents: tuple[int, ...]) -> int:
    """Return the bits about which any prose of trees with these parents asks."""
    shape = _shape(parents)
    bits = sum(bit(UNIQUE, node) | bit(PEOPLE, node) for node in shape.onward)
    bits |= bit(PEOPLE, 0) if parents == (0, 0) else 0
    return bits | sum(bit(SAME, edge + 1) | bit(ALIKE, edge + 1) for some in shape.branches for edge in some[1:])


def before(parents: tuple[int, ...]) -> list[int]:
    """Return for each node the one before it from the same node, itself where there is none."""
    nodes = list(range(len(parents) + 1))
    for some in _shape(parents).branches:
        for one, other in pairwise(some):
            nodes[other + 1] = one + 1
    return nodes


@frozen
class _Pattern:
    parents: tuple[int, ...]
    bits: int

    def says(self, question: int, node: int) -> bool:
        return bool(self.bits & bit(question, node))


@frozen
class _Shape:
    """What follows from a tree's parents: the edges from each node, the nodes but the root that have any, and which
    nodes are the only branch of theirs."""

    branches: tuple[tuple[int, ...], ...]
    onward: tuple[int, ...]
    alone: tuple[bool, ...]


@cache
def _shape(parents: tuple[int, ...]) -> _Shape:
    nodes = range(len(parents) + 1)
    branches = tuple(tuple(edge for edge, parent in enumerate(parents) if parent == node) for node in nodes)
    alone = (False, *(len(branches[parent]) == 1 for parent in parents))
    return _Shape(branches, tuple(node for node in nodes[1:] if branches[node]), alone)


def _ways(pattern: _Pattern, direct: bool) -> list[str]:
    parents = pattern.parents
    edges, first = len(parents), parents.count(0)
    same = edges > 1 and all(pattern.says(SAME, node) for node in range(2, edges + 1))
    found = ["sentences"]
    if edges > first:
        found += ["relative", "in turn"]
    elif edges == 2 and not same:
        found.append("inserted")
    if not direct and first == 1 and parents == tuple(range(edges)):
        found += ["from the middle", "middle first"] if edges > 1 else []
        found += ["from the end"] if edges < 3 else []
    elif not direct and edges == first and same:
        found.append("together")
    return found


def _with_blanks(text: str) -> Prose:
    """Return a prose that may begin with a blank; it begins as a sentence does."""
    text = f"<c{text[2:]}" if text.startswith("<m") else f"{text[0].upper()}{text[1:]}"
    places = [len(COLUMNS) * int(node) + COLUMNS.index(column) for column, node in _BLANK.findall(text)]
    return Prose(_BLANK.sub("%s", text), itemgetter(*places))


def _told(pattern: _Pattern, way: str) -> str:
    """Return a tree of a pattern as prose with blanks, told one of its ways."""
    edges = len(pattern.parents)
    if way == "inserted":
        return f"<m0>, {_which(pattern, 0)} <p1> <m1>, <p2> <m2>"
    if way == "from the end":
        text = f"<m{edges}> <r{edges}> <m{edges - 1}>"
        return f"{text}, {_which(pattern, 1)} <r1> <m0>" if edges == 2 else text
    if way == "together":
        both = "both " if edges == 2 else ""
        return f"{both}{_listed(pattern, range(1, edges + 1))} <q1> <m0>"
    if way == "from the middle":
        return f"<m1> <r1> <m0> and <p2> <m2>{_onward(pattern, 2, 'relative')}"
    if way == "middle first":
        return f"<m1>, {_which(pattern, 1)} <r1> <m0>, <p2> <m2>{_onward(pattern, 2, 'sentences')}"
    return f"<m0> {_predicate(pattern, 0)}{_onward(pattern, 1, way)}"


def _onward(pattern: _Pattern, start: int, way: str) -> str:
    """Return the rest of the prose: what the nodes from ``start`` on that have branches of their own say."""
    text, relative, shape = "", way == "relative", _shape(pattern.parents)
    for node in shape.onward:
        if node < start:
            continue
        predicate = _predicate(pattern, node)
        # A clause after a list would seem to speak of the whole list.
        if relative and shape.alone[node]:
            text += f", {_which(pattern, node)} {predicate}"
            relative = False  # one relative clause after another is more than a reader can follow
            continue
        if way == "in turn" and not text:
            text += f"; <m{node}> in turn {predicate}"
        else:
            text += f". {_again(pattern, node, shape.alone[node] and 'The latter' not in text)} {predicate}"
        relative = way == "relative"
    return text


def _again(pattern: _Pattern, node: int, latter: bool) -> str:
    """Return how a sentence begins that is about the thing mentioned last; ``latter`` says whether that may be said."""
    if pattern.says(UNIQUE, node):
        return f"This <k{node}>"
    return "The latter" if latter else f"<c{node}>"


def _which(pattern: _Pattern, node: int) -> str:
    return "who" if pattern.says(PEOPLE, node) else "which"


def _predicate(pattern: _Pattern, node: int) -> str:
    """Return all that a node's branches say of it, those of one verb in one list."""
    lists: list[list[int]] = []
    for edge in _shape(pattern.parents).branches[node]:
        if lists and pattern.says(SAME, edge + 1):
            lists[-1].append(edge + 1)
        else:
            lists.append([edge + 1])
    parts = [f"<p{nodes[0]}> {_listed(pattern, nodes)}" for nodes in lists]
    if len(parts) == 1:
        return parts[0]
    # With a list inside, the comma says where it ends.
    joint = ", and " if any(len(nodes) > 1 for nodes in lists) or len(parts) > 2 else " and "
    return f"{', '.join(parts[:-1])}{joint}{parts[-1]}"


def _listed(pattern: _Pattern, nodes: Sequence[int]) -> str:
    """Return some nodes as a list, their kind said once where it is the same for all."""
    if len(nodes) == 1:
        return f"<m{nodes[0]}>"
    alike = all(pattern.says(ALIKE, node) for node in nodes[1:])
    mentions = [f"<{'b' if alike else 'm'}{node}>" for node in nodes]
    return f"{f'the <s{nodes[0]}> ' if alike else ''}{', '.join(mentions[:-1])} and {mentions[-1]}"
