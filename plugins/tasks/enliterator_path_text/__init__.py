# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""path_text: pieces of the graph (paths, branches, small trees) told as prose and as text, and prose read back.

The edges of a question stand as the graph stores them; the text goes through the nodes in their order, so that some
are read backwards. See `telling` for how a piece is told and `drawing` for which are.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

from attrs import field, frozen
from attrs.validators import ge, le

from enliterator_core import (
    MASK,
    Draft,
    Grade,
    Graph,
    Sampler,
    TaskType,
    Verdict,
    hookimpl,
    read_prompt,
)
from enliterator_path_text import telling
from enliterator_path_text.phrases import PHRASES, PLURALS, REVERSED, added_by
from enliterator_path_text.told import ASKS, MOST, Piece, Teller

_PROMPT: Final = read_prompt(__package__)
_BATCH: Final = 1000
_DENIES: Final = re.compile(r"\b(?:not|never|no longer|hardly|probably|perhaps|maybe)\b|n't\b", re.IGNORECASE)
_HOLDS: Final = {
    hops: Verdict(True, f"{hops + 1} nodes and {hops} relation{'s' if hops > 1 else ''} exist, the text reads back")
    for hops in range(1, MOST + 1)
}


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
        from enliterator_path_text.making import Maker

        drawn = draw(graph, sampler, self.paths_per_entity, self.loose_share)
        maker, keys = Maker(graph), graph.arrays.entities.keys
        graph.once(Teller).remember(maker.told)
        for start in range(0, len(drawn), _BATCH):
            some = drawn[start : start + _BATCH]
            ends = keys[some.nodes[:, 0]] ^ keys[some.nodes[:, 1]]
            ways, turns = (sampler.points(ends, "path_text", word) for word in ("way", "turn"))
            yield maker.drafts(some, ways, turns / 2**64 < self.read_share)
        maker.told.clear()

    def verify(self, draft: Draft, graph: Graph) -> Verdict:
        """Accept a piece that is written as the graph has it, is asked for, is told in so many words and has evidence
        for each hop."""
        texts = draft.user, draft.assistant, draft.anchor
        if not all(isinstance(text, str) and text for text in texts) or MASK in draft.user or MASK in draft.assistant:
            return Verdict(False, "a text is empty or masked")
        if draft.absence is not None or draft.withheld is not None:
            return Verdict(False, "a path is neither absent nor withheld")
        piece = graph.once(Teller).named(draft.entities, draft.relations)
        trouble = _trouble(draft, piece, graph) if isinstance(piece, Piece) else piece
        trouble = trouble or _misread(draft, graph)
        return Verdict(False, trouble) if trouble else _HOLDS[len(draft.relations)]

    def verify_batch(self, drafts: Sequence[Draft], graph: Graph) -> list[Verdict]:
        """Verify many drafts: what is not proven for all at once is looked at alone."""
        from enliterator_path_text.proving import Prover

        return [
            _HOLDS[len(draft.relations)] if proven else self.verify(draft, graph)
            for draft, proven in zip(drafts, graph.once(Prover).proven(drafts), strict=True)
        ]

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
        if prose != gold.prose and not _is_ours(draft, prose, graph):
            phrases *= 0.5 if len(_DENIES.findall(prose)) <= len(_DENIES.findall(gold.prose)) else 0.0
        parts = {"hops": hops, "order": order, "names": names, "phrases": phrases}
        return Grade(0.4 * hops + 0.2 * order + 0.2 * names + 0.2 * phrases, parts)


def _misread(draft: Draft, graph: Graph) -> str | None:
    """Say where the text that ends an answer, read back, is no way through the graph; None where it is one."""
    read = telling.read(draft.assistant)
    if read is None:
        return "it does not end with a path"
    entities, find = graph.arrays.entities, graph.arrays.steps.find
    numbers = [entities.numbers[id] for id in draft.entities]
    if read.nodes != [(entities.pool_of(number), entities.names[number]) for number in numbers]:
        return "the path does not go through the entities that the draft names"
    for at, (parent, verb) in enumerate(zip(read.parents, read.verbs, strict=True), 1):
        if find(numbers[parent], verb, numbers[at]) < 0:
            return "a hop is not in the graph"
    return None


def _trouble(draft: Draft, piece: Piece, graph: Graph) -> str | None:
    """Say what is wrong with a draft about a piece; None when nothing is."""
    if draft.anchor != piece.entities[0] or draft.spans != piece.spans:
        return "its anchor is not its first entity, or its spans are not the evidence of its hops"
    turned = draft.assistant == piece.lines
    if turned:
        ask = next((ask for ask in ASKS["\n" in piece.lines] if draft.user.startswith(ask)), None)
        if ask is None or piece.is_ambiguous:
            return "the question does not tell a path"
        prose = draft.user.removeprefix(ask)
    else:
        prose = draft.assistant.removesuffix(f"\n{piece.lines}")
        if len(prose) == len(draft.assistant):
            return "it does not end with the path, or the path is not written as it should be"
        nodes = [(graph.pool(id), graph.name(id)) for id in piece.entities]
        if draft.user != telling.question(nodes, piece.verbs, piece.parents):
            return "the path is not the one that is asked for"
        if _line_is_path(prose):
            return "it ends with more than the path"
    return None if telling.is_told(piece, prose, turned) else "the prose does not tell the path"


def _is_ours(draft: Draft, prose: str, graph: Graph) -> bool:
    """Say whether a prose tells, in one of our ways, the piece that a draft is about."""
    piece = graph.once(Teller).named(draft.entities, draft.relations)
    return isinstance(piece, Piece) and telling.is_told(piece, prose, direct=False)


def _line_is_path(prose: str) -> bool:
    """Say whether the last line of a prose is a path, so that the lines after it would not be read alone."""
    return prose.endswith(").") and telling.read(prose.rpartition("\n")[2]) is not None


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
