# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""canon_map: from any way of saying it to the canonical term, its pool and its description.

A request is read by its frame (`reading`), and the lexicon alone decides its answer: so one input has one label, and
what can be read in two ways is left out. Misspellings follow counted frequencies (`slips`).
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from json import JSONEncoder
from typing import Any, Final

from attrs import field, frozen
from attrs.validators import ge, le

from enliterator_canon_map.lexicon import bare, bare_names, owners
from enliterator_canon_map.quoting import Request, in_sentence
from enliterator_canon_map.reading import (
    ASKS,
    COMPARISONS,
    answer_to,
    entities_told,
    read,
)
from enliterator_canon_map.slips import slip
from enliterator_core import (
    MASK,
    Draft,
    Entity,
    Grade,
    Graph,
    Sampler,
    TaskType,
    Verdict,
    fold,
    hookimpl,
    in_batches,
    json_answer,
    json_object,
    read_prompt,
    trouble_with,
)

_PROMPT: Final = read_prompt(__package__)
_PARTS: Final = {"canonical": 0.5, "pool": 0.15, "description": 0.2, "note": 0.15}
#: how much each part counts where the right answer names nothing, so that three nulls alone are worth little
_PARTS_OF_NOTHING: Final = {"canonical": 0.2, "pool": 0.05, "description": 0.05, "note": 0.7}
_WRITE: Final = JSONEncoder(ensure_ascii=False).encode
_WORDS: Final = re.compile(r"\w+")


@frozen
class CanonMap(TaskType):
    """Map a surface form to its canonical term, its pool and its description.

    ``forms_per_term`` and ``negatives_per_term`` bound the examples of one term; ``slip_share`` is the share of terms
    of which a form is asked misspelt, ``unknown_share`` that of entities beside which a name is asked that does not
    exist.
    """

    name = "canon_map"
    system_prompt = _PROMPT.text
    prompt_version = _PROMPT.version
    answer_schema = json_answer(canonical=str | None, pool=str | None, description=str | None, note=str | None)

    forms_per_term: int = field(default=3, validator=ge(1))
    negatives_per_term: int = field(default=1, validator=ge(0))
    slip_share: float = field(default=0.4, validator=[ge(0), le(1)])
    unknown_share: float = field(default=0.2, validator=[ge(0), le(1)])

    def generate(self, graph: Graph, sampler: Sampler) -> Iterator[list[Draft]]:
        """Yield drafts for every entity, source by source, then for the names that several things share."""
        yield from in_batches(self._drafts(graph, sampler))

    def _drafts(self, graph: Graph, sampler: Sampler) -> Iterator[Draft]:
        asked: set[str] = set()
        for path, entities in graph.by_source.items():
            for entity in entities:
                if entity.evidence[0].source == path:
                    requests = [*self._named(graph, sampler, entity), *self._negative(graph, sampler, entity)]
                    requests += self._unknown(graph, sampler, entity)
                    yield from _proposed(graph, entity, requests, asked)
        for form, ids in graph.once(bare_names).items():
            if len(ids) > 1 and sampler.together(*ids[:3]) and (first := graph.entities[ids[0]]).evidence:
                said = bare(first.name) or form
                before, after = sampler.choose(ASKS, "several", form)
                yield from _proposed(graph, first, [(f"{before}{said}{after}", ())], asked)

    def _named(self, graph: Graph, sampler: Sampler, entity: Entity) -> Iterator[Request]:
        """Yield requests that say one of the entity's forms, and the spans whose words they use."""
        term = graph.terms.get(entity.id)
        forms = dict.fromkeys((entity.name, *(term.surface_forms[:20] if term else ())))
        own = [form for form in forms if form == form.strip() != "" and owners(graph, form) == [entity.id]]
        if not own:
            return
        # One draw turns the forms, so that a term with many costs no more than one with few.
        first = int(sampler.fraction("form", entity.id) * len(own))
        own = own[first:] + own[:first]
        yield from in_sentence(graph, sampler, entity, own)
        for form in own[: self.forms_per_term]:
            place = sampler.fraction("ask", entity.id, form) * len(ASKS)
            before, after = ASKS[int(place)]
            said = form.lower() if place % 1 < 0.4 else form
            # People say `the`, where the source does.
            if place % 1 > 0.6 and f"the {form.lower()} " in entity.description.lower():
                said = f"the {form}"
            yield f"{before}{said}{after}", ()
        if len(own) == 1:
            before, after = sampler.choose(ASKS, "again", entity.id)
            yield f"{before}{own[0]}{after}", ()
        elif sampler.fraction("same", entity.id) < 0.15:
            before, between, after = sampler.choose(COMPARISONS[:4], "same", entity.id, own[0])
            yield f"{before}{own[0]}{between}{own[1]}{after}", ()
        if sampler.fraction("slips", entity.id) < self.slip_share:
            form = sampler.choose(own, "misspelt", entity.id)
            own_part = bare(form) if form.endswith(")") else None
            if misspelt := slip(own_part or form, sampler, entity.id, form):
                misspelt += form[len(own_part) :] if own_part else ""
                before, after = sampler.choose(ASKS, "misspelt", entity.id, form)
                yield f"{before}{misspelt}{after}", ()

    def _negative(self, graph: Graph, sampler: Sampler, entity: Entity) -> Iterator[Request]:
        """Yield requests that mistake something for the entity."""
        term = graph.terms.get(entity.id)
        if term is None or not term.negative_forms:
            return
        forms = sampler.ordered(term.negative_forms, "negative", entity.id)
        for form in forms[: self.negatives_per_term]:
            known = owners(graph, form)
            if not known:
                before, after = sampler.choose(ASKS, "ask", entity.id, form)
                yield f"{before}{form}{after}", ()
            elif len(known) == 1 and sampler.together(entity.id, known[0]):
                pair = [form, entity.name]
                # Where each is mistaken for the other, one of the two questions is enough.
                if known[0] < entity.id and entity.id in _mistaken(graph, known[0]):
                    continue
                if sampler.fraction("turned", entity.id, form) < 0.5:
                    pair.reverse()
                before, between, after = sampler.choose(COMPARISONS, "compare", entity.id, form)
                yield f"{before}{pair[0]}{between}{pair[1]}{after}", ()

    def _unknown(self, graph: Graph, sampler: Sampler, entity: Entity) -> Iterator[Request]:
        """Yield a request for a name that nothing has but something like the entity might."""
        if sampler.fraction("unknown", entity.id) < self.unknown_share:
            absent = sampler.absent_name(graph, entity, "canon_map")
            if absent:
                before, after = sampler.choose(ASKS, "ask", entity.id, absent)
                yield f"{before}{absent}{after}", ()

    def verify(self, draft: Draft, graph: Graph) -> Verdict:
        """Accept only the one answer that the lexicon gives to the one way in which the request can be read."""
        if trouble := trouble_with(draft, graph, strict=True):
            return Verdict(False, trouble)
        label = read(graph, draft.user)
        anchor = graph.entities.get(draft.anchor)
        if label is None:
            return Verdict(False, "the request cannot be read in one way")
        if anchor is None or not draft.entities or draft.entities[0] != anchor.id:
            return Verdict(False, "the anchor is not what the answer turns on")
        if label.sort == "none" and not _alike(anchor.name, label.form):
            return Verdict(False, "what is told of is not near to what was asked")
        needed = entities_told(graph, label, anchor)
        if draft.entities != tuple(one.id for one in needed):
            return Verdict(False, "the proof names something else than the answer")
        if draft.assistant != _WRITE(answer_to(graph, label, anchor)):
            return Verdict(False, "the lexicon gives another answer")
        if draft.absence != (label.form if label.sort in ("none", "mistaken") else None) or draft.withheld:
            return Verdict(False, "what is absent is not what was asked")
        if draft.relations:
            return Verdict(False, "a name rests on no relation")
        if not all(any(span in one.evidence for span in draft.spans) for one in needed):
            return Verdict(False, "what is described is without its span")
        if (
            label.sort == "name"
            and label.other
            and label.other not in (" ".join(graph.text(span).split()) for span in draft.spans)
        ):
            return Verdict(False, "the sentence is not in the spans")
        return Verdict(True, f"the lexicon reads the request one way: {label.sort}")

    def grade(self, draft: Draft, answer: str, graph: Graph) -> Grade:
        """Compare the four values; what should be null must be null, text counts by the words that both have."""
        given, gold = json_object(answer), json_object(draft.assistant)
        if given is None or gold is None or not set(given) & set(gold):
            return Grade(0.0, dict.fromkeys(_PARTS, 0.0))

        def part(key: str) -> float:
            one: Any = given.get(key, 0)
            other: Any = gold.get(key)
            if key in ("canonical", "pool") or one is None or other is None or not isinstance(one, str):
                return float(type(one) is type(other) and one == other)
            return _likeness(one, str(other))

        parts = {key: part(key) for key in _PARTS}
        # A null that comes with a wrong canonical name is no merit of its own.
        if not parts["canonical"]:
            parts = {key: 0.0 if gold.get(key) is None else value for key, value in parts.items()}
        weights = _PARTS if gold.get("canonical") is not None else _PARTS_OF_NOTHING
        score = min(1.0, sum(weights[key] * value for key, value in parts.items()))
        return Grade(score if set(given) == set(gold) else 0.9 * score, parts)  # no key is to be made up


def _likeness(one: str, other: str) -> float:
    """Return the harmonic mean of how many words of one text are in the other, both ways (F1 of words).

    The same words in another order may say something else, so that they are not quite the same text.
    """
    if one == other:
        return 1.0
    words, others = Counter(_WORDS.findall(one.casefold())), Counter(_WORDS.findall(other.casefold()))
    both = (words & others).total()
    return min(0.95, 2 * both / (words.total() + others.total())) if both else 0.0


def _alike(name: str, form: str) -> bool:
    """Say whether a name shares its first or its last word with a form."""
    words, others = _WORDS.findall(fold(name)), _WORDS.findall(fold(form))
    return bool(words and others) and (words[0] == others[0] or words[-1] == others[-1])


def _mistaken(graph: Graph, id: str) -> set[str]:
    """Return the ids of what is mistaken for an entity, by its negative forms."""
    term = graph.terms.get(id)
    return {one for form in (term.negative_forms if term else ()) for one in owners(graph, form)}


def _proposed(graph: Graph, entity: Entity, requests: Iterable[Request], asked: set[str]) -> Iterator[Draft]:
    """Yield the draft of every request that has one label, and is not asked yet."""
    for user, spans in requests:
        key = fold(user)
        label = read(graph, user) if key not in asked and MASK not in user else None
        if label is None or (label.sort == "none" and not _alike(entity.name, label.form)):
            continue
        asked.add(key)
        near = graph.entities[label.ids[0]] if label.ids else entity
        needed = entities_told(graph, label, near)
        answer = _WRITE(answer_to(graph, label, near))
        if MASK not in answer and all(one.evidence for one in needed):
            yield Draft(
                user,
                answer,
                near.id,
                tuple(one.id for one in needed),
                spans=tuple(dict.fromkeys((*(one.evidence[0] for one in needed), *spans))),
                absence=label.form if label.sort in ("none", "mistaken") else None,
            )


@hookimpl
def register_task_types() -> list[type[TaskType]]:
    """Add canon_map."""
    return [CanonMap]
