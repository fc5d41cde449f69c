# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""path_text: pieces of the graph (paths, branches, small trees) told as prose and as text, and prose read back.

The edges of a question stand as the graph stores them; the text goes through the nodes in their order, so that some
are read backwards. See `telling` for how a piece is told and `drawing` for which are.
"""

import re
from collections.abc import Iterator
from typing import Any, Final

from attrs import field, frozen
from attrs.validators import ge, le

from enliterator_core import (
    MASK,
    Draft,
    Grade,
    Graph,
    Sampler,
    Span,
    TaskType,
    Verdict,
    fold,
    hookimpl,
    mention_of,
    read_prompt,
    write_node,
)
from enliterator_path_text import telling
from enliterator_path_text.phrases import PHRASES, PLURALS, REVERSED, added_by, is_ambiguous, says_more
from enliterator_path_text.telling import Read, Tree

_PROMPT: Final = read_prompt(__package__)
_MOST: Final = 4
_BATCH: Final = 1000
_KEPT: Final = 1 << 15  # entities whose words are kept
_ASKS: Final = (
    ("Write this as a path: ", "Which path does this tell? "),
    ("Write this as paths: ", "Which paths does this tell? "),
)
"""What is asked of prose: for one path, for several."""
_DENIES: Final = re.compile(r"\b(?:not|never|no longer|hardly|probably|perhaps|maybe)\b|n't\b", re.IGNORECASE)


_Word = tuple[tuple[str, str], str, str, str, str]
_Fact = tuple[tuple[str, str, str], Span | None, str]


@frozen
class PathText(TaskType):
    """Tell a path of one to four hops, a branch or a small tree as prose and as text; read prose back into text.

    ``paths_per_entity`` is how many are tried from each entity; ``loose_share`` bounds how readily a step that
    says little is taken where another is there too; ``read_share`` is how many, of those whose prose tells the
    direction of every edge, are turned round: prose in, path out.
    """

    name = "path_text"
    system_prompt = _PROMPT.text
    prompt_version = _PROMPT.version

    paths_per_entity: int = field(default=2, validator=ge(1))
    loose_share: float = field(default=0.1, validator=[ge(0), le(1)])
    read_share: float = field(default=0.3, validator=[ge(0), le(1)])

    def generate(self, graph: Graph, sampler: Sampler) -> Iterator[list[Draft]]:
        """Yield drafts of pieces from every entity that has a relation."""
        from enliterator_path_text.drawing import draw

        pieces = draw(graph, sampler, self.paths_per_entity, self.loose_share)
        arrays, told = graph.arrays, graph.once(_Told)
        names, keys = arrays.verbs, arrays.entities.keys
        for start in range(0, len(pieces.nodes), _BATCH):
            some = slice(start, start + _BATCH)
            nodes, steps = pieces.nodes[some], pieces.steps[some]
            ends = keys[nodes[:, 0]] ^ keys[nodes[:, 1]]
            ways, turns = (sampler.points(ends, "path_text", word) for word in ("way", "turn"))
            columns = nodes, arrays.steps.verb[steps], pieces.parents[some], arrays.steps.row[steps], pieces.sizes[some]
            turned = turns / 2**64 < self.read_share
            batch = []
            for numbers, codes, parents, rows, size, way, turn in zip(
                *(column.tolist() for column in (*columns, ways, turned)), strict=True
            ):
                verbs = [names[code] for code in codes[:size]]
                batch.append(told.draft(numbers[: size + 1], verbs, tuple(parents[:size]), rows[:size], way, turn))
            yield batch

    def verify(self, draft: Draft, graph: Graph) -> Verdict:
        """Accept a piece that reads back, is asked for, has evidence for each hop and is told in so many words."""
        texts = draft.user, draft.assistant, draft.anchor
        if not all(isinstance(text, str) and text for text in texts) or MASK in draft.user or MASK in draft.assistant:
            return Verdict(False, "a text is empty or masked")
        if draft.absence is not None or draft.withheld is not None:
            return Verdict(False, "a path is neither absent nor withheld")
        read = telling.read(draft.assistant)
        if read is None:
            return Verdict(False, "it does not end with a path")
        if not 0 < len(read.verbs) <= _MOST:
            return Verdict(False, "it has too many hops")
        if trouble := graph.once(_Told).trouble(read, draft):
            return Verdict(False, trouble)
        counted = f"{len(read.verbs)} relation{'s' if len(read.verbs) > 1 else ''}"
        return Verdict(True, f"{len(read.nodes)} nodes and {counted} exist, the text reads back")

    def grade(self, draft: Draft, answer: str, graph: Graph) -> Grade:
        """Score the hops, whichever way they are read, and whether they are read as asked for; and what prose says.

        Phrases count half in prose that is not ours, not at all where it denies them; `Sure!` and the like do no harm.
        """
        gold, given = telling.read(draft.assistant), _found(answer)
        if gold is None:
            return Grade(0.0, {"hops": 0.0, "order": 0.0})
        most = max(len(gold.verbs), len(set(given)), 1)
        hops = len({_stored(hop) for hop in gold.hops()} & {_stored(hop) for hop in given}) / most
        order = len(set(gold.hops()) & set(given)) / most
        said = _stated(answer)
        if not gold.prose:
            return Grade((0.8 * hops + 0.2 * order) * (0.9 if said else 1), {"hops": hops, "order": order})
        prose = "\n".join(said)
        names = sum(name in prose for _, name in gold.nodes) / len(gold.nodes)
        added = added_by(graph.relations.get(key) for key in draft.relations)
        phrases = names * sum(_says(prose, hop, added) for hop in gold.hops()) / len(gold.verbs)
        if prose != gold.prose and not graph.once(_Told).is_told(gold, draft, prose):
            phrases *= 0.5 if len(_DENIES.findall(prose)) <= len(_DENIES.findall(gold.prose)) else 0.0
        parts = {"hops": hops, "order": order, "names": names, "phrases": phrases}
        return Grade(0.4 * hops + 0.2 * order + 0.2 * names + 0.2 * phrases, parts)


class _Told:
    """Pieces of one graph in words; what is known of the entities and relations met lately is kept."""

    def __init__(self, graph: Graph) -> None:
        self._entities, self._relations = graph.arrays.entities, graph.arrays.relations
        self._find = graph.arrays.steps.find
        self._words: dict[int, _Word] = {}
        self._facts: dict[int, _Fact] = {}

    def _word(self, number: int) -> _Word:
        """Return an entity's pool and name, its kind, how prose speaks of it, its name folded, and its text."""
        entities = self._entities
        pool, kind, name = entities.pool_of(number), entities.kind_of(number), entities.names[number]
        if len(self._words) >= _KEPT:
            self._words.clear()
        mention, text = mention_of(pool, kind, name), write_node(pool, name)
        word = self._words[number] = (pool, name), kind, mention, fold(name), text
        return word

    def _fact(self, row: int) -> _Fact:
        """Return a relation's key, its first evidence (None where it has none or its times contradict it), and what is
        added to its verb where its predicate says more."""
        key, span, said = self._relations.key(row), self._relations.spans.first(row), ""
        if key[1] == "connects_to":
            predicate = self._relations.predicates[self._relations.predicate[row]]
            said = f"/{predicate}" if says_more(predicate) else ""
        if key[1] == "precedes" and not self._in_order(key):
            span = None
        if len(self._facts) >= _KEPT:
            self._facts.clear()
        fact = self._facts[row] = key, span, said
        return fact

    def _in_order(self, key: tuple[str, str, str]) -> bool:
        from enliterator_path_text.drawing import in_order

        entities = self._entities
        return in_order(entities.time_of(entities.numbers[key[0]]), entities.time_of(entities.numbers[key[2]]))

    def draft(
        self, nodes: list[int], verbs: list[str], parents: tuple[int, ...], rows: list[int], way: int, turn: bool
    ) -> Draft:
        """Return the example of a piece; ``way`` and ``turn`` say how it is told and whether prose is the question."""
        words = [self._words.get(number) or self._word(number) for number in nodes]
        facts = [self._facts.get(row) or self._fact(row) for row in rows]
        verbs = [verb + fact[2] for verb, fact in zip(verbs, facts, strict=True)]
        named = [word[0] for word in words]
        tree = Tree([word[2] for word in words], [word[1] for word in words], verbs, parents)
        turn = turn and not any(map(is_ambiguous, verbs))
        ways = telling.ways(tree, turn)
        prose = telling.tell(tree, ways[way % len(ways)])
        lines = telling.lines_of([word[4] for word in words], verbs, parents)
        if turn:
            asks = _ASKS["\n" in lines]
            user, assistant = f"{asks[way // 16 % len(asks)]}{prose}", lines
        else:
            user, assistant = telling.question(named, verbs, parents), f"{prose}\n{lines}"
        ids = tuple([self._entities.ids[number] for number in nodes])
        return Draft(user, assistant, ids[0], ids, tuple([fact[0] for fact in facts]), _evidence(facts))

    def trouble(self, read: Read, draft: Draft) -> str | None:
        """Say what of an answer the graph or the draft does not bear out; None when all is in order."""
        number_of = self._entities.numbers.get
        try:
            numbers = [number_of(id, -1) for id in draft.entities]
        except TypeError:
            return "its ids are not ids"
        if len(numbers) != len(read.nodes) or -1 in numbers or draft.anchor != draft.entities[0]:
            return "the path does not go through the entities that the draft names"
        words = [self._words.get(number) or self._word(number) for number in numbers]
        if [word[0] for word in words] != read.nodes:
            return "the path does not go through the entities that the draft names"
        if len({word[3] for word in words}) < len(numbers):
            return "its names do not stand for entities of their own"
        facts = []
        for at, parent in enumerate(read.parents):
            row = self._find(numbers[parent], read.verbs[at], numbers[at + 1])
            if row < 0:
                return "a hop is not in the graph"
            fact = self._facts.get(row) or self._fact(row)
            if fact[1] is None:
                return "a hop is without evidence, or its times contradict it"
            facts.append(fact)
        if draft.relations != tuple([fact[0] for fact in facts]):
            return "the hops are not those that the draft names"
        if draft.spans != _evidence(facts):
            return "its spans are not the evidence of its hops"
        verbs = [verb + fact[2] for verb, fact in zip(read.verbs, facts, strict=True)]
        tree = Tree([word[2] for word in words], [word[1] for word in words], verbs, read.parents)
        return self._wording(read, draft, tree)

    def is_told(self, read: Read, draft: Draft, prose: str) -> bool:
        """Say whether a prose tells, in one of our ways, the piece that a draft is about and that was read from it."""
        numbers = [self._entities.numbers.get(id, -1) for id in draft.entities]
        if -1 in numbers or len(numbers) != len(read.nodes):
            return False
        rows = [self._find(numbers[one], read.verbs[at], numbers[at + 1]) for at, one in enumerate(read.parents)]
        words = [self._words.get(number) or self._word(number) for number in numbers]
        said = [self._fact(row)[2] if row >= 0 else "" for row in rows]
        verbs = [verb + more for verb, more in zip(read.verbs, said, strict=True)]
        tree = Tree([one[2] for one in words], [one[1] for one in words], verbs, read.parents)
        return telling.is_told(tree, prose, direct=False)

    def _wording(self, read: Read, draft: Draft, tree: Tree) -> str | None:
        """Say what is wrong with the words of a draft whose hops are right; None when nothing is."""
        if read.prose:
            if draft.user != telling.question(read.nodes, tree.verbs, read.parents):
                return "the path is not the one that is asked for"
            prose = read.prose
        else:
            asks = _ASKS["\n" in draft.assistant]
            ask = next((ask for ask in asks if draft.user.startswith(ask)), None)
            if ask is None or any(map(is_ambiguous, tree.verbs)):
                return "the question does not tell a path"
            prose = draft.user.removeprefix(ask)
        if not telling.is_told(tree, prose, direct=not read.prose):
            return "the prose does not tell the path"
        if telling.may_differ(draft.assistant):
            lines = telling.lines_of([write_node(*node) for node in read.nodes], read.verbs, read.parents)
            if draft.assistant != (f"{prose}\n{lines}" if read.prose else lines):
                return "the path is not written as it should be"
        return None


def _evidence(facts: list[_Fact]) -> tuple[Span, ...]:
    """Return the spans of some relations, each once."""
    if len(facts) == 1:
        return () if facts[0][1] is None else (facts[0][1],)
    return tuple(dict.fromkeys([span for _, span, _ in facts if span is not None]))


def _found(answer: str) -> list[tuple[Any, str, Any]]:
    """Return the hops of every line of an answer that is a path."""
    return [hop for line in answer.split("\n") if (read := telling.read(line.strip())) for hop in read.hops()]


def _stated(answer: str) -> list[str]:
    """Return the lines of an answer that are no path and state something, each once."""
    lines = dict.fromkeys(line.strip() for line in answer.split("\n"))
    return [line for line in lines if line and not line.endswith(("!", "?", ":")) and telling.read(line) is None]


def _stored(hop: tuple[Any, str, Any]) -> tuple[Any, str, Any]:
    """Return a hop in one of the two ways that it can be read."""
    one, verb, other = hop
    return min((verb, one, other), (REVERSED[verb], other, one))


def _says(prose: str, hop: tuple[Any, str, Any], added: list[str]) -> bool:
    """Say whether a prose says a verb's phrase between the two names, or that of its reverse the other way round."""
    (_, one), verb, (_, other) = hop
    for name, first, last in ((verb, one, other), (REVERSED[verb], other, one)):
        for phrase in {known[name + more] for more in added for known in (PHRASES, PLURALS)}:
            at = prose.find(phrase, prose.find(first) + len(first)) if first in prose else -1
            while at >= 0:
                if last in prose[at + len(phrase) :]:
                    return True
                at = prose.find(phrase, at + 1)
    return False


@hookimpl
def register_task_types() -> list[type[TaskType]]:
    """Add path_text."""
    return [PathText]
