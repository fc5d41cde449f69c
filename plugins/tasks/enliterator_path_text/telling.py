# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""How a piece of the graph is told: as prose in one of several ways, as lines of text, and as JSON.

A piece is a tree: node 0 is its root, edge ``e`` joins node ``parents[e]`` to node ``e + 1``. The ways differ in
grammar alone (order, voice, coordination, relative clauses, where a sentence ends): each says every node's mention and,
for every edge, the phrase of its verb or of the reverse.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Final

import orjson
from attrs import define

from enliterator_core import parse, write_node
from enliterator_path_text.blanks import ALIKE, DIRECT, PEOPLE, SAME, UNIQUE, Prose, before, bit, proses
from enliterator_path_text.phrases import ARROWS, EDGES, PHRASES, PLURALS, REVERSED

__all__ = [
    "DIRECT",
    "Read",
    "Tree",
    "as_json",
    "is_told",
    "lines_of",
    "question",
    "question_of",
    "read",
    "tell",
    "ways",
]

PERSONS: Final = frozenset({"person", "author", "woman", "man", "child", "character"})
"""Kinds of which prose says `who`."""

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
    return tuple(way for way, _ in _proses(tree, direct))


def tell(tree: Tree, way: str) -> str:
    """Return a tree as prose, told one of its ways."""
    return dict(_proses(tree, direct=False))[way].of(_words(tree))


def is_told(tree: Tree, prose: str, direct: bool) -> bool:
    """Say whether a prose is one of a tree's tellings."""
    words = _words(tree)
    return any(one.of(words) == prose for _, one in _proses(tree, direct))


def _proses(tree: Tree, direct: bool) -> tuple[tuple[str, Prose], ...]:
    """Return each way in which a tree can be told, and its prose with blanks."""
    kinds, verbs, bits = tree.kinds, tree.verbs, 0
    for node, (kind, earlier) in enumerate(zip(kinds, before(tree.parents), strict=True)):
        bits |= bit(UNIQUE, node) if kind and kinds.count(kind) == 1 else 0
        bits |= bit(PEOPLE, node) if kind in PERSONS else 0
        if earlier != node:
            bits |= bit(SAME, node) if verbs[node - 1] == verbs[earlier - 1] else 0
            listed = kind == kinds[earlier] and kinds_of(kind)
            named = all(tree.mentions[one].startswith(opening(kind)) for one in (earlier, node))
            bits |= bit(ALIKE, node) if listed and named else 0
    return proses(tree.parents, bits, direct)


def _words(tree: Tree) -> list[str]:
    """Return what may stand in the blanks of a prose about a tree: see :data:`blanks.COLUMNS`."""
    words: list[str] = []
    nodes = zip(tree.mentions, begun(tree.mentions), tree.kinds, ("", *tree.verbs), strict=True)
    for mention, first, kind, verb in nodes:
        said = (PHRASES[verb], PHRASES[REVERSED[verb]], PLURALS[REVERSED[verb]]) if verb else ("", "", "")
        words += (mention, first, mention[len(opening(kind)) :], kind, kinds_of(kind), *said)
    return words


def opening(kind: str) -> str:
    """Return how the mention of a thing of some kind begins."""
    return f"the {kind} "


def begun(mentions: Iterable[str]) -> list[str]:
    """Return each mention as a sentence begins with it; a name that stands first keeps its spelling."""
    return [f"T{mention[1:]}" if mention.startswith("the ") else mention for mention in mentions]


def names_in_lines(names: Sequence[str]) -> Sequence[str]:
    """Return names as nodes have them that are written as text."""
    if _is_plain("".join(names)):
        return names
    return [name if _is_plain(name) else write_node("", name)[1:-1] for name in names]


def _is_plain(text: str) -> bool:
    """Say whether a text has surely nothing to escape; most have not."""
    return text.isprintable() and "(" not in text and ")" not in text and "\\" not in text


def written(pools: Iterable[str], names: Sequence[str]) -> list[str]:
    """Return nodes as text."""
    return [f"{pool}({name})" for pool, name in zip(pools, names_in_lines(names), strict=True)]


def names_as_json(names: list[str]) -> list[str]:
    """Return each name as JSON."""
    text = orjson.dumps(names).decode()
    if "\\" in text:
        return [orjson.dumps(name).decode() for name in names]
    # Without an escape there is no quote but those around the names.
    return [f'"{name}"' for name in text[2:-2].split('","')]


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
