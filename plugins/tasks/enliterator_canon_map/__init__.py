# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""canon_map: from any way of saying it to the canonical term, its pool and its description.

A request is read by the frames below, and the lexicon alone decides its answer: so one input has one label, and what
can be read in two ways is left out.
"""

import json
import re
from collections.abc import Iterator
from typing import Any, Final

from attrs import field, frozen
from attrs.validators import ge, le

from enliterator_core import (
    MASK,
    Draft,
    Entity,
    Grade,
    Graph,
    Sampler,
    Span,
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

#: what stands before and after the form that is asked about; the first is the bare form
_ASKS: Final = (
    ("", ""),
    ("what is ", "?"),
    ("what do we call ", " here?"),
    ("canonical name for ", ""),
    ("which term is meant by ", "?"),
    ("someone wrote ", ", what is the proper term?"),
    ("look up ", ""),
)
#: what stands before a form and between it and the source's own words
_CONTEXTS: Final = (
    ("what is ", " in: "),
    ("", ", as in: "),
    ("which term does ", " stand for here: "),
)
#: what stands before, between and after two forms
_COMPARISONS: Final = (
    ("is ", " the same as ", "?"),
    ("do ", " and ", " mean the same?"),
    ("", " or ", ": one thing or two?"),
)
_PROMPT: Final = read_prompt(__package__)
_PARTS: Final = {"canonical": 0.5, "pool": 0.15, "description": 0.2, "note": 0.15}


def _forms_in(user: str) -> Iterator[tuple[str, str | None, str | None]]:
    """Yield every way to read a request: a form, and the words it stands in or the form it is compared with."""
    for before, after in _ASKS:
        if user.startswith(before) and user.endswith(after) and len(user) > len(before) + len(after):
            yield user[len(before) : len(user) - len(after)], None, None
    for before, between in _CONTEXTS:
        form, found, words = user[len(before) :].partition(between)
        if user.startswith(before) and found:
            yield form, words, None
    for before, between, after in _COMPARISONS:
        if user.startswith(before) and user.endswith(after):
            body = user[len(before) : len(user) - len(after)]
            for match in re.finditer(re.escape(between), body):
                yield body[: match.start()], None, body[match.end() :]


def _negatives(graph: Graph) -> dict[str, list[str]]:
    """Return the ids of the entities that each folded form is mistaken for."""
    found: dict[str, list[str]] = {}
    for id, term in graph.terms.items():
        for form in term.negative_forms:
            found.setdefault(fold(form), []).append(id)
    return found


def _description(graph: Graph, entity: Entity) -> str:
    term = graph.terms.get(entity.id)
    return " ".join(((term.description if term else "") or entity.description).split())


def _told(graph: Graph, entity: Entity) -> str:
    words = _description(graph, entity)
    told = f"{entity.mention} ({entity.pool})" + (f": {words}" if words else "")
    return told if told.endswith((".", "!", "?")) else f"{told}."


def _sentence(graph: Graph, entity: Entity, form: str) -> tuple[str, Span] | None:
    """Return the first of the entity's evidence that says the form in a sentence of fair length."""
    as_word = re.compile(rf"(?<!\w){re.escape(form)}(?!\w)", re.IGNORECASE)
    for span in entity.evidence[:4]:
        words = " ".join(graph.text(span).split())
        if 4 <= len(words.split()) <= 50 and MASK not in words and as_word.search(words):
            return words, span
    return None


def _labels(graph: Graph, user: str) -> set[tuple[str, str, str]]:
    """Return every label that a request can have: (sort, entity, other form or words), sort is name, two or none."""
    labels = set()
    for form, words, other in _forms_in(user):
        known = graph.called(form)
        mistaken = graph.once(_negatives).get(fold(form), [])
        if other is None and len(known) == 1:
            labels.add(("name", known[0].id, words or ""))
        elif other is None and not known and words is None:
            labels.add(("none", mistaken[0] if len(mistaken) == 1 else "", form))
        elif other is not None and len(known) == 1 and len(others := graph.called(other)) == 1:
            if known == others:
                labels.add(("name", known[0].id, ""))
            elif others[0].id in mistaken:
                labels.add(("two", others[0].id, known[0].id))
    named = {label for label in labels if label[0] != "none"}
    # Of forms that nothing has, the shortest is the one that was asked about: the rest of the request is its frame.
    return named or ({min(labels, key=lambda label: (len(label[2]), label))} if labels else set())


def _answer(graph: Graph, label: tuple[str, str, str], near: Entity | None) -> str:
    """Write the one answer to a label; ``near`` is the entity that a note on an unknown form tells of."""
    sort, id, other = label
    values: dict[str, str | None] = {"canonical": None, "pool": None, "description": None, "note": None}
    if sort == "name":
        entity = graph.entities[id]
        values |= {"canonical": entity.name, "pool": entity.pool, "description": _description(graph, entity) or None}
    elif sort == "two":
        values["note"] = f"One is {_told(graph, graph.entities[other])} The other is {_told(graph, graph.entities[id])}"
    else:
        nothing = f'Nothing in this collection is called "{other}".'
        relation = "It is not to be mistaken for" if id else "There is"
        values["note"] = f"{nothing} {relation} {_told(graph, near)}" if near else nothing
    return json.dumps(values, ensure_ascii=False)


@frozen
class CanonMap(TaskType):
    """Map a surface form to its canonical term, its pool and its description.

    ``forms_per_term`` and ``negatives_per_term`` bound the examples of one term; ``unknown_share`` is the share of
    entities for which a name that does not exist is asked as well.
    """

    name = "canon_map"
    system_prompt = _PROMPT.text
    prompt_version = _PROMPT.version
    answer_schema = json_answer(canonical=str | None, pool=str | None, description=str | None, note=str | None)

    forms_per_term: int = field(default=4, validator=ge(1))
    negatives_per_term: int = field(default=1, validator=ge(0))
    unknown_share: float = field(default=0.2, validator=[ge(0), le(1)])

    def generate(self, graph: Graph, sampler: Sampler) -> Iterator[list[Draft]]:
        """Yield drafts for every entity, source by source."""
        yield from in_batches(self._drafts(graph, sampler))

    def _drafts(self, graph: Graph, sampler: Sampler) -> Iterator[Draft]:
        for path, entities in graph.by_source.items():
            for entity in entities:
                if entity.evidence[0].source == path:
                    users = list(self._named(graph, sampler, entity))
                    users += self._negative(graph, sampler, entity)
                    absent = sampler.absent_name(graph, entity, "canon_map")
                    if absent and sampler.fraction("unknown", entity.id) < self.unknown_share:
                        before, after = sampler.choose(_ASKS, "ask", entity.id, absent)
                        users.append((f"{before}{absent}{after}", ()))
                    yield from self._proposed(graph, entity, users)

    def _proposed(self, graph: Graph, entity: Entity, users: list[tuple[str, tuple[Span, ...]]]) -> Iterator[Draft]:
        seen = set()
        for user, spans in users:
            labels = _labels(graph, user)
            if len(labels) != 1 or fold(user) in seen or MASK in user:
                continue
            seen.add(fold(user))
            (label,) = labels
            draft = _draft(graph, user, label, entity, spans)
            if MASK not in draft.assistant and self.verify(draft, graph).holds:
                yield draft

    def _named(self, graph: Graph, sampler: Sampler, entity: Entity) -> Iterator[tuple[str, tuple[Span, ...]]]:
        """Yield requests that say one of the entity's forms, and the spans whose words they use."""
        term = graph.terms.get(entity.id)
        forms = dict.fromkeys((entity.name, *(term.surface_forms if term else ())))
        own = [form for form in forms if len(graph.called(form)) == 1 and form == form.strip() != ""]
        for place, form in enumerate(sampler.ordered(own, "form", entity.id)[: self.forms_per_term]):
            way = sampler.fraction("way", entity.id, form)
            if way < 0.35 and (found := _sentence(graph, entity, form)):
                before, between = sampler.choose(_CONTEXTS, "context", entity.id, form)
                yield f"{before}{form}{between}{found[0]}", (found[1],)
            elif way > 0.85 and len(own) > 1:
                before, between, after = sampler.choose(_COMPARISONS, "compare", entity.id, form)
                yield f"{before}{form}{between}{own[own.index(form) - 1]}{after}", ()
            else:
                before, after = sampler.choose(_ASKS, "ask", entity.id, form)
                lower = form.lower() if sampler.fraction("case", entity.id, form) < 0.5 else form
                yield f"{before}{lower}{after}", ()
            if place == 0 and len(own) == 1:
                before, after = sampler.choose(_ASKS, "again", entity.id, form)
                yield f"{before}{form}{after}", ()

    def _negative(self, graph: Graph, sampler: Sampler, entity: Entity) -> Iterator[tuple[str, tuple[Span, ...]]]:
        """Yield requests that mistake something for the entity."""
        term = graph.terms.get(entity.id)
        forms = sampler.ordered(term.negative_forms if term else (), "negative", entity.id)
        for form in forms[: self.negatives_per_term]:
            known = graph.called(form)
            if not known:
                before, after = sampler.choose(_ASKS, "ask", entity.id, form)
                yield f"{before}{form}{after}", ()
            # Where each is mistaken for the other, one of the two questions is enough.
            elif (
                len(known) == 1
                and sampler.together(entity.id, known[0].id)
                and (known[0].id > entity.id or not _mistaken(graph, entity, known[0]))
            ):
                before, between, after = sampler.choose(_COMPARISONS, "compare", entity.id, form)
                yield f"{before}{form}{between}{entity.name}{after}", ()

    def verify(self, draft: Draft, graph: Graph) -> Verdict:
        """Accept only the one answer that the lexicon gives to the one way in which the request can be read."""
        if trouble := trouble_with(draft, graph, strict=True):
            return Verdict(False, trouble)
        labels = _labels(graph, draft.user)
        if len(labels) != 1:
            return Verdict(False, f"the request can be read in {len(labels)} ways")
        (label,) = labels
        sort, id, other = label
        anchor = graph.entities.get(draft.anchor)
        if anchor is None or anchor.id not in draft.entities or (id and anchor.id != id):
            return Verdict(False, "the anchor is not what the answer turns on")
        if draft.assistant != _answer(graph, label, anchor):
            return Verdict(False, "the lexicon gives another answer")
        if (draft.absence is not None) != (sort == "none") or (sort == "none" and draft.absence != other):
            return Verdict(False, "what is absent is not what was asked")
        needed = [graph.entities[one] for one in ((id, other) if sort == "two" else (anchor.id,))]
        if not all(one.id in draft.entities and set(one.evidence) & set(draft.spans) for one in needed):
            return Verdict(False, "what is described is without its span")
        if sort == "name" and other and other not in (" ".join(graph.text(span).split()) for span in draft.spans):
            return Verdict(False, "the sentence is not in the spans")
        return Verdict(True, f"the lexicon reads the request one way: {sort}")

    def grade(self, draft: Draft, answer: str, graph: Graph) -> Grade:
        """Compare the four values; what should be null must be null, text counts by its likeness."""
        from rapidfuzz import fuzz

        given, gold = json_object(answer), json_object(draft.assistant)
        if given is None or gold is None or not set(given) & set(gold):
            return Grade(0.0, dict.fromkeys(_PARTS, 0.0))

        def part(key: str) -> float:
            one: Any = given.get(key, 0)
            other: Any = gold[key]
            if key in ("canonical", "pool") or one is None or other is None or not isinstance(one, str):
                return float(one == other)
            return fuzz.ratio(one, other) / 100

        parts = {key: part(key) for key in _PARTS}
        # A null that comes with a wrong canonical name is no merit of its own.
        if not parts["canonical"]:
            parts = {key: 0.0 if gold[key] is None else value for key, value in parts.items()}
        return Grade(sum(_PARTS[key] * value for key, value in parts.items()), parts)


def _mistaken(graph: Graph, one: Entity, other: Entity) -> bool:
    """Say whether some name of the first is a negative form of the other."""
    term = graph.terms.get(other.id)
    return any(one in graph.called(form) for form in (term.negative_forms if term else ()))


def _draft(graph: Graph, user: str, label: tuple[str, str, str], entity: Entity, spans: tuple[Span, ...]) -> Draft:
    sort, id, other = label
    told = [graph.entities[one] for one in ((id, other) if sort == "two" else (entity.id,))]
    spans = tuple(dict.fromkeys((*(one.evidence[0] for one in told if one.evidence), *spans)))
    absence = other if sort == "none" else None
    return Draft(
        user, _answer(graph, label, entity), entity.id, tuple(one.id for one in told), spans=spans, absence=absence
    )


@hookimpl
def register_task_types() -> list[type[TaskType]]:
    """Add canon_map."""
    return [CanonMap]
