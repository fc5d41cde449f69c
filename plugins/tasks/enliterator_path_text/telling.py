# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""How a piece of the graph is told: as prose in one of several ways, as lines of text, and as JSON.

A piece is a tree: node 0 is its root, edge ``e`` joins node ``parents[e]`` to node ``e + 1``. The ways differ in
grammar alone (order, voice, coordination, relative clauses, where a sentence ends): each says every node's mention and,
for every edge, the phrase of its verb or of the reverse.
"""

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Final

import orjson
from attrs import define, frozen

from enliterator_core import parse
from enliterator_path_text.phrases import ARROWS, EDGES, PHRASES, PLURALS, REVERSED

DIRECT: Final = ("sentences", "relative", "in turn", "inserted")
"""Ways that tell the edges in their order, each in its direction."""

INDIRECT: Final = ("from the middle", "middle first", "from the end", "together")
"""Ways that say edges by the reverse of their verb."""

_BEGINS: Final = {"from the middle": 1, "middle first": 1, "from the end": -1, "together": None}
"""The node with which the indirect ways begin."""

_PEOPLE: Final = frozenset({"person", "author", "woman", "man", "child", "character"})
_IRREGULAR: Final = {"person": "people", "child": "children", "woman": "women", "man": "men"}


@define
class Tree:
    """A piece of the graph in words: what each node is called, its kind, and the verb of each edge."""

    mentions: Sequence[str]
    kinds: Sequence[str]
    verbs: Sequence[str]
    parents: tuple[int, ...]


def ways(tree: Tree, direct: bool) -> tuple[str, ...]:
    """Return the ways in which a tree can be told, or only the direct ones."""
    verbs = tree.verbs
    return _ways(tree.parents, len(verbs) > 1 and verbs.count(verbs[0]) == len(verbs), direct)


@cache
def _ways(parents: tuple[int, ...], same: bool, direct: bool) -> tuple[str, ...]:
    edges, first = len(parents), parents.count(0)
    found = ["sentences"]
    if edges > first:
        found += ["relative", "in turn"]
    elif edges == 2 and not same:
        found.append("inserted")
    if not direct and first == 1 and parents == (0, 1, 2, 3)[:edges]:
        found += ["from the middle", "middle first"] if edges > 1 else []
        found += ["from the end"] if edges < 3 else []
    elif not direct and edges == first and same:
        found.append("together")
    return tuple(found)


def is_told(tree: Tree, prose: str, direct: bool) -> bool:
    """Say whether a prose is one of a tree's tellings."""
    for way in ways(tree, direct):
        first = _BEGINS.get(way, 0)
        # What begins otherwise need not be written out to be told apart; the first letter may be a capital.
        if (first is None or prose.startswith(tree.mentions[first][1:], 1)) and tell(tree, way) == prose:
            return True
    return False


def tell(tree: Tree, way: str) -> str:
    """Return a tree as prose, told one of its ways."""
    mentions, verbs = tree.mentions, tree.verbs
    if way == "inserted":
        text = f"{mentions[0]}, {_which(tree, 0)} {PHRASES[verbs[0]]} {mentions[1]}, {PHRASES[verbs[1]]} {mentions[2]}"
    elif way == "from the end":
        text = f"{mentions[-1]} {PHRASES[REVERSED[verbs[-1]]]} {mentions[-2]}"
        if len(verbs) == 2:
            text += f", {_which(tree, 1)} {PHRASES[REVERSED[verbs[0]]]} {mentions[0]}"
    elif way == "together":
        several = _listed(tree, range(1, len(mentions)))
        both = "both " if len(verbs) == 2 else ""
        text = f"{both}{several} {PLURALS[REVERSED[verbs[0]]]} {mentions[0]}"
    elif way in INDIRECT:
        back, onward = f"{PHRASES[REVERSED[verbs[0]]]} {mentions[0]}", f"{PHRASES[verbs[1]]} {mentions[2]}"
        if way == "from the middle":
            text = f"{mentions[1]} {back} and {onward}{_onward(tree, 2, 'relative')}"
        else:
            text = f"{mentions[1]}, {_which(tree, 1)} {back}, {onward}{_onward(tree, 2, 'sentences')}"
    else:
        text = f"{mentions[0]} {_predicate(tree, 0)}{_onward(tree, 1, way)}"
    # A name that stands first keeps its spelling.
    if text.startswith(("the ", "both ")):
        text = text[0].upper() + text[1:]
    return f"{text}."


def _onward(tree: Tree, start: int, way: str) -> str:
    """Return the rest of the prose: what the nodes from ``start`` on that have branches of their own say."""
    text, relative, shape = "", way == "relative", _shape(tree.parents)
    for node in shape.onward:
        if node < start:
            continue
        predicate = _predicate(tree, node)
        # A clause after a list would seem to speak of the whole list.
        if relative and shape.alone[node]:
            text += f", {_which(tree, node)} {predicate}"
            relative = False  # one relative clause after another is more than a reader can follow
            continue
        if way == "in turn" and not text:
            text += f"; {tree.mentions[node]} in turn {predicate}"
        else:
            text += f". {_again(tree, node, shape.alone[node] and 'The latter' not in text)} {predicate}"
        relative = way == "relative"
    return text


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


def _again(tree: Tree, node: int, latter: bool) -> str:
    """Return how a sentence begins that is about the thing mentioned last; ``latter`` says whether that may be said."""
    kind = tree.kinds[node]
    if kind and tree.kinds.count(kind) == 1:
        return f"This {kind}"
    if latter:
        return "The latter"
    mention = tree.mentions[node]
    return f"The {mention[4:]}" if mention.startswith("the ") else mention


def _which(tree: Tree, node: int) -> str:
    return "who" if tree.kinds[node] in _PEOPLE else "which"


def _predicate(tree: Tree, node: int) -> str:
    """Return all that a node's branches say of it, those of one verb in one list."""
    verbs, branches = tree.verbs, _shape(tree.parents).branches[node]
    if len(branches) == 1:
        return f"{PHRASES[verbs[branches[0]]]} {tree.mentions[branches[0] + 1]}"
    lists: list[tuple[str, list[int]]] = []
    for edge in branches:
        if lists and lists[-1][0] == verbs[edge]:
            lists[-1][1].append(edge + 1)
        else:
            lists.append((verbs[edge], [edge + 1]))
    parts = [f"{PHRASES[verb]} {_listed(tree, nodes)}" for verb, nodes in lists]
    if len(parts) == 1:
        return parts[0]
    # With a list inside, the comma says where it ends.
    joint = ", and " if any(len(nodes) > 1 for _, nodes in lists) or len(parts) > 2 else " and "
    return f"{', '.join(parts[:-1])}{joint}{parts[-1]}"


def _listed(tree: Tree, nodes: Sequence[int]) -> str:
    """Return some nodes as a list, their kind said once where it is the same for all."""
    mentions = [tree.mentions[node] for node in nodes]
    if len(mentions) == 1:
        return mentions[0]
    kind = tree.kinds[nodes[0]]
    start, several = f"the {kind} ", kinds_of(kind)
    if several and all(mention.startswith(start) for mention in mentions):
        mentions = [mention[len(start) :] for mention in mentions]
        return f"the {several} {', '.join(mentions[:-1])} and {mentions[-1]}"
    return f"{', '.join(mentions[:-1])} and {mentions[-1]}"


@cache
def kinds_of(kind: str) -> str:
    """Return the plural of a kind, empty where the rules of English do not tell it."""
    if kind in _IRREGULAR:
        return _IRREGULAR[kind]
    if not kind.isascii() or not kind[-1:].isalpha() or kind.endswith(("f", "fe", "o", "man", "us", "is")):
        return ""
    if kind.endswith(("ss", "x", "ch", "sh")):
        return f"{kind}es"
    if kind.endswith("s"):
        return ""
    if kind.endswith("y") and kind[-2:-1] not in "aeiou":
        return f"{kind[:-1]}ies"
    return f"{kind}s"


def as_json(pool: str, name: str) -> tuple[str, str]:
    """Return a node's name as JSON, and the node."""
    said = orjson.dumps(name).decode()
    return said, f'{{"pool":{orjson.dumps(pool).decode()},"name":{said}}}'


def question(nodes: Sequence[tuple[str, str]], verbs: Sequence[str], parents: Sequence[int]) -> str:
    """Return nodes (pool, name) in their order and edges as the graph stores them, as JSON; `as` is a predicate."""
    names, written = zip(*[as_json(*node) for node in nodes], strict=True)
    return question_of(names, written, verbs, parents)


def question_of(names: Sequence[str], nodes: Sequence[str], verbs: Sequence[str], parents: Sequence[int]) -> str:
    """Return :func:`question` for nodes as :func:`as_json` gives them."""
    edges = []
    for edge, verb in enumerate(verbs):
        one, other = names[parents[edge]], names[edge + 1]
        middle, backwards = EDGES[verb]
        edges.append(f'{{"from":{other}{middle}{one}}}' if backwards else f'{{"from":{one}{middle}{other}}}')
    return f'{{"nodes":[{",".join(nodes)}],"edges":[{",".join(edges)}]}}'


def lines_of(written: Sequence[str], verbs: Sequence[str], parents: Sequence[int]) -> str:
    """Return a tree as text: its paths, each on a line; a branch that leaves from an earlier node begins a new one.

    ``written`` are the nodes as :func:`enliterator_core.write_node` gives them.
    """
    text = written[0]
    for edge, parent in enumerate(parents):
        before = "" if parent == edge else f".\n{written[parent]}"
        text += f"{before}{ARROWS[verbs[edge]]}{written[edge + 1]}"
    return f"{text}."


@define
class Read:
    """What stands in a text: the prose, then nodes (pool, name), verbs and parents of the lines that end it."""

    prose: str
    nodes: list[tuple[str, str]]
    verbs: list[str]
    parents: tuple[int, ...]

    def hops(self) -> Iterator[tuple[tuple[str, str], str, tuple[str, str]]]:
        """Yield each edge as node, verb, node."""
        for edge, parent in enumerate(self.parents):
            yield self.nodes[parent], self.verbs[edge], self.nodes[edge + 1]


def read(text: str, most: int = 8) -> Read | None:
    """Read a text that ends with the lines of a tree; None when it ends otherwise, or they are no tree."""
    rest, paths = text, list[tuple[list[tuple[str, str]], list[str]]]()
    while len(paths) < most:
        before, newline, line = rest.rpartition("\n")
        if not line.endswith(")."):
            break
        try:
            paths.append(parse(line))
        except ValueError:
            break
        rest = before or newline
        if not before:
            break
    if len(paths) == 1:
        nodes, verbs = paths[0]
        whole = 0 < len(verbs) <= most and len(set(nodes)) == len(nodes)
        return Read(rest, nodes, verbs, tuple(range(len(verbs)))) if whole else None
    if not paths:
        return None
    nodes, verbs, parents = [paths[-1][0][0]], list[str](), list[int]()
    for path, said in reversed(paths):
        if path[0] not in nodes or not said:
            return None
        parent = nodes.index(path[0])
        if verbs and parent == len(verbs):
            return None  # the line before should have gone on
        for node, verb in zip(path[1:], said, strict=True):
            if node in nodes:
                return None
            parents.append(parent)
            nodes.append(node)
            verbs.append(verb)
            parent = len(verbs)
    return Read(rest, nodes, verbs, tuple(parents))
