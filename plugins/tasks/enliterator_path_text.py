# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""path_text: from a path's nodes and edges to a sentence that reads well, and the path as text below it.

The edges stand as the graph stores them; the path goes through the nodes in their order, so that some are read
backwards. The prose varies by grammar alone: every version says each name and each verb's phrase, in turn.
"""

import json
from collections.abc import Iterator, Sequence
from typing import Any, Final

from attrs import field, frozen
from attrs.validators import ge, le

from enliterator_core import (
    MASK,
    VERBS,
    Draft,
    Entity,
    Grade,
    Graph,
    Path,
    Sampler,
    TaskType,
    Verdict,
    fold,
    hookimpl,
    in_batches,
    parse,
    phrase_of,
    reverse_of,
    trouble_with,
)

_MOST_HOPS: Final = 4
_TRIES: Final = 6
_LOOSE: Final = frozenset({"co_occurs_with", "connects_to", "is_connected_from"})
_HOPS: Final = (1, 2, 2, 3, 3, 4)
_STYLES: Final = ("one by one", "relative", "in turn")


def _told(entities: Sequence[Entity], verbs: Sequence[str], style: str) -> str:
    """Write a path as prose in one of the styles."""
    text = f"{entities[0].mention} {phrase_of(verbs[0])} {entities[1].mention}"
    relative = style == "relative"
    for at in range(1, len(verbs)):
        joint, rest = entities[at], f"{phrase_of(verbs[at])} {entities[at + 1].mention}"
        if relative:
            text += f", {'who' if joint.kind in ('person', 'author') else 'which'} {rest}"
        elif style == "in turn":
            text += f"; {joint.mention} in turn {rest}"
        else:
            text += f". {f'This {joint.kind}' if joint.kind else joint.mention} {rest}"
        # One relative clause after another is more than a reader can follow.
        relative = style != "one by one" and not relative
    return f"{_capital(text)}."


def _capital(text: str) -> str:
    """Begin a sentence; a name that stands first keeps its spelling."""
    return f"The {text[4:]}" if text.startswith("the ") else text


def _question(graph: Graph, path: Path) -> str:
    """Write the nodes in the path's order and the edges as they are stored."""
    entities = [graph.entities[id] for id in path.entities]
    nodes = [{"pool": entity.pool, "name": entity.name} for entity in entities]
    edges = []
    for one, verb, other in zip(entities, path.verbs, entities[1:], strict=False):
        forwards = verb in VERBS
        start, end = (one, other) if forwards else (other, one)
        edges.append({"from": start.name, "verb": verb if forwards else reverse_of(verb), "to": end.name})
    return json.dumps({"nodes": nodes, "edges": edges}, ensure_ascii=False)


def _read(answer: str) -> tuple[str, list[tuple[str, str]], list[str]] | None:
    """Return an answer's prose, and the (pool, name) pairs and verbs of its last line; None when there is no path."""
    prose, _, line = answer.strip().rpartition("\n")
    try:
        return prose.strip(), *parse(line.strip())
    except ValueError:
        return None


def _grouped(graph: Graph) -> dict[str, dict[str, list[str]]]:
    """Return the sorted ids that each entity has by each verb as read from it.

    A step whose verb is loose, or that leads to what a large part of all relations leads to, says little: its verb
    is marked with `?`.
    """
    many = max(20, len(graph.relations) // 50)
    groups: dict[str, dict[str, list[str]]] = {}
    for id in graph.entities:
        by_verb = groups[id] = {}
        for verb, other in graph.around(id):
            if other != id:
                loose = verb in _LOOSE or len(graph.around(other)) > many
                by_verb.setdefault(f"?{verb}" if loose else verb, []).append(other)
        for ids in by_verb.values():
            ids.sort()
    return groups


@frozen
class PathText(TaskType):
    """Tell a path of one to four hops as prose and as text.

    ``paths_per_entity`` is how many are tried from each entity; ``loose_share`` bounds how readily a step that
    says little is taken where another is there too.
    """

    name = "path_text"
    system_prompt = (
        "You get nodes and edges of a knowledge graph as JSON. Tell the path that goes through the nodes in their "
        "order: first as prose that says each edge in the direction of the path, then, on a line of its own, as text: "
        "Pool(Name) → verb → Pool(Name). An edge that is read backwards takes its verb's reverse."
    )

    paths_per_entity: int = field(default=2, validator=ge(1))
    loose_share: float = field(default=0.1, validator=[ge(0), le(1)])

    def generate(self, graph: Graph, sampler: Sampler) -> Iterator[list[Draft]]:
        """Yield drafts of paths from every entity that has a relation."""
        yield from in_batches(self._drafts(graph, sampler))

    def _drafts(self, graph: Graph, sampler: Sampler) -> Iterator[Draft]:
        seen: set[frozenset[tuple[str, str, str]]] = set()
        for start in graph.entities:
            for walker in range(self.paths_per_entity):
                key = (start, str(walker))
                path = self._walk(graph, sampler, key, sampler.choose(_HOPS, "hops", *key))
                relations = graph.relations_along(path) if path else None
                # A path and its way back are one thing to know.
                if path is None or not relations or (same := frozenset(one.key for one in relations)) in seen:
                    continue
                seen.add(same)
                entities = [graph.entities[id] for id in path.entities]
                prose = _told(entities, path.verbs, sampler.choose(_STYLES, "style", *key))
                draft = Draft(
                    _question(graph, path),
                    f"{prose}\n{graph.textize(path)}",
                    start,
                    path.entities,
                    tuple(one.key for one in relations),
                    tuple(dict.fromkeys(one.evidence[0] for one in relations if one.evidence)),
                )
                if MASK not in draft.assistant and self.verify(draft, graph).holds:
                    yield draft

    def _walk(self, graph: Graph, sampler: Sampler, key: tuple[str, str], hops: int) -> Path | None:
        """Walk up to that many steps, never back by the verb that led here; None when there is no first step."""
        groups = graph.once(_grouped)
        entities, verbs = [key[0]], list[str]()
        for step in map(str, range(hops)):
            here = entities[-1]
            verb = self._verb(sampler, groups[here], verbs, (*key, step))
            if verb is None:
                break
            ids, verb = groups[here][verb], verb.removeprefix("?")
            other = self._next(sampler, here, verb, ids, (*key, step))
            if other is None or other in entities:
                break
            verbs.append(verb)
            entities.append(other)
        return Path(tuple(entities), tuple(verbs)) if verbs else None

    def _next(self, sampler: Sampler, here: str, verb: str, ids: list[str], key: tuple[str, ...]) -> str | None:
        """Choose whom the step leads to; a relation's subject, where it is stated, stays in the start's split."""
        tries = [sampler.pick(ids, "walk", *key, str(attempt)) for attempt in range(_TRIES if len(ids) > 1 else 1)]
        return next((id for id in tries if sampler.together(key[0], here if verb in VERBS else id)), None)

    def _verb(
        self, sampler: Sampler, group: dict[str, list[str]], so_far: list[str], key: tuple[str, ...]
    ) -> str | None:
        """Choose a verb for the next step: one that was not used yet rather than one that was."""
        back = reverse_of(so_far[-1]) if so_far else ""
        options = [verb for verb in group if verb.removeprefix("?") != back]
        telling = [verb for verb in options if not verb.startswith("?")]
        if telling and sampler.fraction("loose", *key) >= self.loose_share:
            options = telling
        said = {name for verb in so_far for name in (verb, reverse_of(verb))}
        fresh = [verb for verb in options if verb.removeprefix("?") not in said]
        return next(iter(sampler.ordered(fresh or options, "verb", *key)), None)

    def verify(self, draft: Draft, graph: Graph) -> Verdict:
        """Accept a path that parses back, is asked for, has evidence for each hop and is told in so many words."""
        if trouble := trouble_with(draft, graph, strict=True):
            return Verdict(False, trouble)
        read = _read(draft.assistant)
        if read is None:
            return Verdict(False, "the last line is not a path")
        prose, nodes, verbs = read
        entities = [entity for pool, name in nodes if (entity := graph.named(pool, name)) is not None]
        if len(entities) < len(nodes) or len({fold(entity.name) for entity in entities}) < len(nodes):
            return Verdict(False, "its names do not stand for entities of their own")
        path = Path(tuple(entity.id for entity in entities), tuple(verbs))
        relations = graph.relations_along(path)
        if not relations or len(relations) > _MOST_HOPS:
            return Verdict(False, "a hop is not in the graph")
        if draft.entities != path.entities or draft.relations != tuple(relation.key for relation in relations):
            return Verdict(False, "the path is not the one that the draft names")
        if draft.anchor != path.entities[0] or draft.user != _question(graph, path):
            return Verdict(False, "the path is not the one that is asked for")
        if not all(set(relation.evidence) & set(draft.spans) for relation in relations):
            return Verdict(False, "a hop is without evidence")
        if prose not in (_told(entities, verbs, style) for style in _STYLES):
            return Verdict(False, "the prose does not tell the path")
        return Verdict(True, f"{len(nodes)} nodes and {len(relations)} relations exist, the text parses back")

    def grade(self, draft: Draft, answer: str, graph: Graph) -> Grade:
        """Score the path by its hops, and the prose by the names and phrases that it says in turn."""
        gold, given = _read(draft.assistant), _read(answer)
        prose = given[0] if given else answer
        parts = {"path": 0.0, "names": 0.0, "phrases": 0.0}
        if gold:
            _, nodes, verbs = gold
            parts["names"] = _in_turn(prose, [name for _, name in nodes])
            parts["phrases"] = _in_turn(prose, [phrase_of(verb) for verb in verbs]) * parts["names"]
            if given:
                parts["path"] = _shared(_hops(nodes, verbs), _hops(given[1], given[2]))
        return Grade(0.6 * parts["path"] + 0.2 * parts["names"] + 0.2 * parts["phrases"], parts)


def _hops(nodes: list[tuple[str, str]], verbs: list[str]) -> list[Any]:
    return list(zip(nodes, verbs, nodes[1:], strict=False))


def _shared(gold: list[Any], given: list[Any]) -> float:
    """Return the share of hops that stand at their place, of the longer of the two paths."""
    same: int = sum(one == other for one, other in zip(gold, given, strict=False))
    return same / max(len(gold), len(given), 1)


def _in_turn(text: str, parts: list[str]) -> float:
    """Return the share of the parts that are said one after the other."""
    position = said = 0
    for part in parts:
        found = text.find(part, position)
        if found >= 0:
            position, said = found + len(part), said + 1
    return said / len(parts)


@hookimpl
def register_task_types() -> list[type[TaskType]]:
    """Add path_text."""
    return [PathText]
