# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""gap_awareness: what is known with its source, what is missing, and what intake would close it, all counted.

What is asked about is present, thin, told differently by its sources, absent, outside what such sources hold, or
withheld; which of these, the graph says (`states`), and the verifier asks it again.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Final

from attrs import field, frozen
from attrs.validators import ge, le

from enliterator_core import (
    MASK,
    Draft,
    Entity,
    Grade,
    Graph,
    Sampler,
    TaskType,
    Verdict,
    hookimpl,
    in_batches,
    read_prompt,
    trouble_with,
)
from enliterator_gap_awareness.asking import AGREE, BEYOND, KIND, NAME, SOURCE, ask, is_asked_of, names_in
from enliterator_gap_awareness.states import (
    PARTS,
    VERDICTS,
    absent,
    beyond,
    is_beyond,
    overview,
    present,
    sayable,
    usable,
    withheld,
)
from enliterator_gap_awareness.tallies import large_kinds
from enliterator_gap_awareness.telling import sources_of

_PROMPT: Final = read_prompt(__package__)
_ANY_NAME: Final = (*NAME, *AGREE)
_OF_SEVERAL: Final = (*NAME, *AGREE, *AGREE)
_WEIGHTS: Final = {"state": 0.2, "known": 0.4, "missing": 0.25, "to_close_it": 0.15}


@frozen
class GapAwareness(TaskType):
    """Tell what is known and what is missing of something that is present, thin, contradictory, absent or withheld.

    ``absent_share`` is the share of entities beside which something is asked that is not there, ``beyond_share`` that
    of those of which something is asked that no source of theirs can answer. ``thin_share`` is the share of what is
    thinly covered that is asked about: most of a graph is, and the other states are to be learned as well.
    """

    name = "gap_awareness"
    system_prompt = _PROMPT.text
    prompt_version = _PROMPT.version

    absent_share: float = field(default=0.25, validator=[ge(0), le(1)])
    beyond_share: float = field(default=0.2, validator=[ge(0), le(1)])
    thin_share: float = field(default=0.5, validator=[ge(0), le(1)])

    def generate(self, graph: Graph, sampler: Sampler) -> Iterator[list[Draft]]:
        """Yield drafts for every entity, source by source, for every source, and for every kind of entity."""
        yield from in_batches(self._drafts(graph, sampler))

    def _drafts(self, graph: Graph, sampler: Sampler) -> Iterator[Draft]:
        for path in graph.sources:
            for entity in graph.by_source.get(path, ()):
                if entity.evidence[0].source == path:
                    yield from self._about(graph, sampler, entity)
            if not graph.rights_of(path).trainable:
                yield from (withheld(graph, path, ask(way, path)) for way in sampler.ordered(SOURCE, "way", path)[:3])
                continue
            draft = usable(graph, path, ask(sampler.choose(SOURCE, "source", path), path))
            if draft and sampler.together(draft.anchor, *draft.entities) and _is_plain(draft):
                yield draft
        for kind, tally in graph.once(large_kinds).items():
            draft = overview(graph, tally, ask(sampler.choose(KIND, "kind", kind), kind))
            if draft.spans and sampler.together(draft.anchor, *draft.entities) and _is_plain(draft):
                yield draft

    def _about(self, graph: Graph, sampler: Sampler, entity: Entity) -> Iterator[Draft]:
        """Yield the drafts on one entity: what is known of it, what is not there beside it, what lies beyond."""
        term = graph.terms.get(entity.id)
        forms = [entity.name, *(term.surface_forms[:20] if term else ())]
        first = int(sampler.fraction("form", entity.id) * len(forms))
        form = next((one for one in forms[first:] + forms[:first] if _is_called(graph, one, entity)), None)
        if form is None:
            return
        ways = _OF_SEVERAL if sources_of(entity) > 1 else NAME
        drafts = [present(graph, entity, ask(sampler.choose(ways, "ask", entity.id), form))]
        if drafts[0].assistant.startswith("Known: Thin.") and sampler.fraction("thin", entity.id) >= self.thin_share:
            drafts.clear()
        if sampler.fraction("absent", entity.id) < self.absent_share:
            name = sampler.absent_name(graph, entity, "gap_awareness")
            if name:
                drafts.append(absent(graph, entity, name, ask(sampler.choose(NAME, "ask", entity.id, name), name)))
        if sampler.fraction("beyond", entity.id) < self.beyond_share:
            scopes = [scope for scope in BEYOND if is_asked_of(scope, entity)]
            scope = sampler.choose(scopes, "beyond", entity.id) if scopes else None
            if scope and is_beyond(graph, entity, scope):
                way = sampler.choose(scope.ways, "way", entity.id)
                drafts.append(beyond(graph, entity, scope, ask(way, form)))
        yield from filter(_is_plain, drafts)

    def verify(self, draft: Draft, graph: Graph) -> Verdict:
        """Accept what the graph says when everything is looked up and counted again."""
        if trouble := trouble_with(draft, graph):
            return Verdict(False, trouble)
        expected = _expected(draft, graph)
        if isinstance(expected, str):
            return Verdict(False, expected)
        if draft != expected:
            return Verdict(False, "counted again, the graph says something else")
        if draft.withheld is not None and graph.leaks(draft.assistant, besides=sayable(graph, draft.withheld)):
            return Verdict(False, "withheld words are in the answer")
        verdict = _verdict_in(draft.assistant.removeprefix("Known: ")).rstrip(".")
        return Verdict(True, f"counted again: {verdict[:1].lower()}{verdict[1:]}")

    def grade(self, draft: Draft, answer: str, graph: Graph) -> Grade:
        """Score the state by its words, and the three lines by the words that they share with what the graph says.

        What is stated beside the three lines costs a tenth, and withheld words cost all.
        """
        gold, given = _lines(draft.assistant), _lines(answer)
        parts = {"state": float(bool(given["Known"]) and _verdict_in(gold["Known"]) == _verdict_in(given["Known"]))}
        parts |= {part.lower().replace(" ", "_"): _overlap(gold[part], given[part]) for part in PARTS}
        withheld_here = () if draft.withheld is None else (draft.withheld,)
        if graph.leaks(answer, *withheld_here, besides=(draft.user, draft.assistant)):
            parts = dict.fromkeys(parts, 0.0)
        score = min(1.0, sum(_WEIGHTS[part] * value for part, value in parts.items()))
        return Grade(0.9 * score if _says_more(answer, draft.assistant) else score, parts)


def _is_called(graph: Graph, form: str, entity: Entity) -> bool:
    known = graph.called(form)
    return len(known) == 1 and known[0].id == entity.id


def _is_plain(draft: Draft) -> bool:
    return MASK not in draft.user and MASK not in draft.assistant


def _expected(draft: Draft, graph: Graph) -> Draft | str:
    """Return the draft that the graph gives to the request, or why it gives none."""
    if draft.withheld is not None:
        if draft.withheld not in graph.sources or graph.rights_of(draft.withheld).trainable:
            return "the source is not withheld"
        asked = draft.withheld in names_in(draft.user, SOURCE)
        return withheld(graph, draft.withheld, draft.user) if asked else "the request is about something else"
    entity = graph.entities.get(draft.anchor)
    if draft.absence is not None:
        if entity is None or not entity.evidence or graph.called(draft.absence):
            return "the anchor has no evidence, or what is absent is there"
        asked = draft.absence in names_in(draft.user, NAME)
        return absent(graph, entity, draft.absence, draft.user) if asked else "the request is about something else"
    if entity is not None and entity.evidence:
        if any(_is_called(graph, name, entity) for name in names_in(draft.user, _ANY_NAME)):
            return present(graph, entity, draft.user)
        for scope in BEYOND:
            if any(_is_called(graph, name, entity) for name in names_in(draft.user, scope.ways)):
                held = not is_beyond(graph, entity, scope)
                return "a source on it may answer that" if held else beyond(graph, entity, scope, draft.user)
    for path in names_in(draft.user, SOURCE):
        if path in graph.sources and graph.rights_of(path).trainable:
            return usable(graph, path, draft.user) or "nothing is made from the source"
    for kind in names_in(draft.user, KIND):
        if tally := graph.once(large_kinds).get(kind):
            return overview(graph, tally, draft.user)
    return "the request is about something else"


def _lines(answer: str) -> dict[str, str]:
    """Return what stands behind each of the three headings; empty where it is missing."""
    found = dict.fromkeys(PARTS, "")
    for line in answer.splitlines():
        head, colon, text = line.partition(": ")
        if colon and head.strip() in found and not found[head.strip()]:
            found[head.strip()] = text
    return found


def _says_more(answer: str, gold: str) -> bool:
    """Say whether an answer states something beside its three lines; words that state nothing (`Sure!`) do no harm."""
    right = {line.strip() for line in gold.splitlines()}
    more = [line for line in map(str.strip, answer.splitlines()) if line and line not in right]
    return any(line.partition(":")[0] not in PARTS and not line.endswith(("!", "?", ":")) for line in more)


def _verdict_in(known: str) -> str:
    """Return the words of a line that say the state; empty where they do not."""
    return next((verdict for verdict in VERDICTS if known.startswith(verdict)), "")


def _overlap(gold: str, given: str) -> float:
    """Return the harmonic mean of how many words of one text are in the other, both ways (F1 of words).

    The same words in another order may say something else, so that they are not quite the same text.
    """
    if gold == given:
        return 1.0
    one, other = Counter(gold.split()), Counter(given.split())
    both = (one & other).total()
    return min(0.95, 2 * both / (one.total() + other.total())) if both else 0.0


@hookimpl
def register_task_types() -> list[type[TaskType]]:
    """Add gap_awareness."""
    return [GapAwareness]
