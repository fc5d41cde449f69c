# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Mutators that make a true example untrue, written from the documentation and from examples alone.

Whoever wrote them had not looked at any verifier: what they take to be wrong they tell by the graph. A mutator is a
function that yields untrue versions of a draft; its name is the kind of the defect. This module has what the tasks
share: see the other `blind_` modules for what is particular to each.
"""

import json
import random
import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache, cached_property
from typing import Any

from attrs import evolve, frozen

from enliterator_core import Draft, Entity, Graph, Span, json_object

WORD = re.compile(r"[A-Za-z][a-z]{3,}")


@frozen
class World:
    """A graph, the true drafts of one task on it, and choices that depend on the seed and a key alone."""

    graph: Graph
    task: str
    drafts: Sequence[Draft]
    seed: int = 0

    def rng(self, *key: str) -> random.Random:
        """Return the random numbers of a key."""
        return random.Random(f"{self.seed} {self.task} {' '.join(key)}")

    @cached_property
    def entities(self) -> list[Entity]:
        """Every entity of the graph."""
        return list(self.graph.entities.values())

    @cached_property
    def paths(self) -> list[str]:
        """The paths of the sources."""
        return sorted(self.graph.sources)

    @cached_property
    def words(self) -> list[str]:
        """Words of all answers, to put into others."""
        return sorted({word for draft in self.drafts for word in WORD.findall(draft.assistant)})

    def forms(self, entity: Entity) -> list[str]:
        """Return what an entity is called, the longest first."""
        term = self.graph.terms.get(entity.id)
        return sorted({entity.name, *(term.surface_forms if term else ())}, key=lambda form: (-len(form), form))

    def rival(self, entity: Entity, draft: Draft, *key: str, pool: bool = True) -> Entity | None:
        """Return another entity (of the same pool) that the draft does not speak of in any way."""
        said = f"{draft.user}\n{draft.assistant}".casefold()
        others = [
            one
            for one in self.entities
            if (one.pool == entity.pool) is pool
            and one.id not in draft.entities
            and one.description != entity.description
            and not any(form.casefold() in said for form in self.forms(one))
        ]
        return self.rng("rival", draft.user, *key).choice(others) if others else None

    def other_path(self, draft: Draft, *key: str) -> str:
        """Return a source that the draft does not name."""
        others = [path for path in self.paths if path not in draft.user + draft.assistant]
        return self.rng("path", draft.user, *key).choice(others)

    def other_draft(self, draft: Draft, *key: str) -> Draft | None:
        """Return an example about something else, with an answer of the same shape."""
        others = [
            one
            for one in self.drafts
            if one.anchor != draft.anchor
            and not set(one.entities) & set(draft.entities)
            and one.assistant != draft.assistant
            and shape(one.assistant) == shape(draft.assistant)
            and one.user.casefold() != draft.user.casefold()
        ]
        return self.rng("other", draft.user, *key).choice(others) if others else None


Mutator = Callable[[World, Draft], Iterator[Draft]]


@cache
def shape(text: str) -> tuple[Any, ...]:
    """Return how an answer is built: the keys of JSON with the types of their values, or its lines and their labels."""
    answer = json_object(text)
    if answer is None:
        heads = (line.partition(" ")[0] for line in text.splitlines())
        return tuple(head if head.endswith((":", ",")) else "" for head in heads)
    return tuple((key, type(value).__name__) for key, value in answer.items())


def exchanged(text: str, old: str, new: str) -> str:
    """Return the text with a name replaced wherever it stands as words of its own, whatever its case."""
    return re.sub(rf"(?<!\w){re.escape(old)}(?!\w)", lambda _: new, text, flags=re.IGNORECASE)


def answer_of(draft: Draft) -> dict[str, Any]:
    """Return a JSON answer."""
    answer = json_object(draft.assistant)
    assert answer is not None, draft
    return answer


def put(draft: Draft, **fields: Any) -> Draft:
    """Return the draft with fields of its JSON answer replaced."""
    return written(draft, answer_of(draft) | fields)


def written(draft: Draft, answer: Any) -> Draft:
    """Return the draft with a JSON answer, written as the tasks write it."""
    return evolve(draft, assistant=json.dumps(answer, ensure_ascii=False))


def said(draft: Draft, old: str, new: str) -> Iterator[Draft]:
    """Yield the draft with words of its answer replaced, once for the first place and once for all."""
    first = draft.assistant.replace(old, new, 1)
    every = draft.assistant.replace(old, new)
    for text in dict.fromkeys((first, every)):
        if text != draft.assistant:
            yield evolve(draft, assistant=text)


# what an example claims beside its texts: anchor, entities, relations, spans, absence, refusal


def claim_other_anchor(world: World, draft: Draft) -> Iterator[Draft]:
    others = sorted({one.anchor for one in world.drafts} - {draft.anchor, *draft.entities})
    yield evolve(draft, anchor=world.rng("anchor", draft.user).choice(others))


def claim_invented_anchor(world: World, draft: Draft) -> Iterator[Draft]:
    yield evolve(draft, anchor="0123456789abcdef")


def claim_other_entity(world: World, draft: Draft) -> Iterator[Draft]:
    for at, id in enumerate(draft.entities):
        rival = world.rival(world.graph.entities[id], draft, "claim")
        if rival:
            yield evolve(draft, entities=(*draft.entities[:at], rival.id, *draft.entities[at + 1 :]))


def claim_added_entity(world: World, draft: Draft) -> Iterator[Draft]:
    rival = world.rival(world.entities[0], draft, "added", pool=False)
    if rival:
        yield evolve(draft, entities=(*draft.entities, rival.id))


def claim_no_entities(world: World, draft: Draft) -> Iterator[Draft]:
    if draft.entities:
        yield evolve(draft, entities=())


def claim_reversed_relation(world: World, draft: Draft) -> Iterator[Draft]:
    if draft.relations:
        subject, verb, object = draft.relations[0]
        yield evolve(draft, relations=((object, verb, subject), *draft.relations[1:]))


def claim_other_relation(world: World, draft: Draft) -> Iterator[Draft]:
    every = [key for key in world.graph.relations if not {key[0], key[2]} & set(draft.entities)]
    key = world.rng("relation", draft.user).choice(every)
    yield evolve(draft, relations=(*draft.relations[1:], key))


def claim_no_relations(world: World, draft: Draft) -> Iterator[Draft]:
    if draft.relations:
        yield evolve(draft, relations=())


def claim_other_span(world: World, draft: Draft) -> Iterator[Draft]:
    own = {span for id in draft.entities for span in world.graph.entities[id].evidence}
    own |= {span for key in draft.relations for span in world.graph.relations[key].evidence}
    others = [
        span
        for entity in world.entities
        for span in entity.evidence
        if span not in own and world.graph.text(span) not in draft.assistant
        if not any(one.source == span.source and one.start < span.end and span.start < one.end for one in own)
    ]
    if draft.spans and others:
        span = world.rng("span", draft.user).choice(others)
        yield evolve(draft, spans=(span, *draft.spans[1:]))
        yield evolve(draft, spans=(*draft.spans, span))


def claim_shifted_span(world: World, draft: Draft) -> Iterator[Draft]:
    for by in (-1, 1, 7):
        if draft.spans and draft.spans[-1].start + by >= 0:
            last = draft.spans[-1]
            yield evolve(draft, spans=(*draft.spans[:-1], Span(last.source, last.start + by, last.end + by)))


def claim_invented_source(world: World, draft: Draft) -> Iterator[Draft]:
    for path in ("no/such.md", "handbook/spring.txt"):
        yield evolve(draft, spans=(Span(path, 0, 20), *draft.spans[1:]))


def claim_withheld_source(world: World, draft: Draft) -> Iterator[Draft]:
    path = next(path for path in world.paths if not world.graph.rights_of(path).trainable)
    yield evolve(draft, spans=(*draft.spans, Span(path, 0, 20)))


def claim_no_spans(world: World, draft: Draft) -> Iterator[Draft]:
    if draft.spans:
        yield evolve(draft, spans=())


def claim_absence(world: World, draft: Draft) -> Iterator[Draft]:
    if draft.absence is None:
        yield evolve(draft, absence=world.rng("absence", draft.user).choice(world.entities).name)
    else:
        yield evolve(draft, absence=f"{draft.absence} of old")
        if draft.spans:
            yield evolve(draft, absence=None)


def claim_withheld(world: World, draft: Draft) -> Iterator[Draft]:
    if draft.withheld is None:
        yield evolve(draft, withheld=world.other_path(draft))
    else:
        yield evolve(draft, withheld=world.other_path(draft))
        yield evolve(draft, withheld=None, spans=world.entities[0].evidence[:1])


# what any text can be made to say


def answer_of_another(world: World, draft: Draft) -> Iterator[Draft]:
    for number in "12":
        other = world.other_draft(draft, number)
        if other:
            yield evolve(draft, assistant=other.assistant)
            yield evolve(other, user=draft.user)


def number_off_by_one(world: World, draft: Draft) -> Iterator[Draft]:
    found = list(re.finditer(r"\d+", draft.assistant))
    for match in world.rng("number", draft.user).sample(found, min(3, len(found))):
        for by in (-1, 1):
            number = str(max(int(match[0]) + by, 0)).zfill(len(match[0]))
            if number != match[0]:
                text = draft.assistant
                yield evolve(draft, assistant=text[: match.start()] + number + text[match.end() :])


def word_exchanged(world: World, draft: Draft) -> Iterator[Draft]:
    found = list(WORD.finditer(draft.assistant))
    rng = world.rng("word", draft.user)
    for match in rng.sample(found, min(3, len(found))):
        word = rng.choice([one for one in world.words if one.casefold() != match[0].casefold()])
        yield evolve(draft, assistant=draft.assistant[: match.start()] + word + draft.assistant[match.end() :])


def word_dropped(world: World, draft: Draft) -> Iterator[Draft]:
    # "in turn" and the like say nothing that would be missed
    found = [match for match in WORD.finditer(draft.assistant) if match[0] not in ("turn", "instance", "This")]
    for match in world.rng("dropped", draft.user).sample(found, min(2, len(found))):
        yield evolve(draft, assistant=draft.assistant[: match.start()] + draft.assistant[match.end() :].lstrip(" "))


def negated(world: World, draft: Draft) -> Iterator[Draft]:
    found = list(re.finditer(r"(?<=[a-z\"0-9] )(is|are|was|has|may|stands|says)(?= [a-z])(?! not)", draft.assistant))
    for match in world.rng("negated", draft.user).sample(found, min(2, len(found))):
        text = draft.assistant
        yield evolve(draft, assistant=f"{text[: match.end()]} not{text[match.end() :]}")
        yield evolve(draft, assistant=f"{text[: match.start()]}never {text[match.start() :]}")


FACTS = (
    "It was first described in 1987.",
    "It is also known as the Weaver method.",
    "Three further sources confirm this.",
    "This has since been withdrawn.",
)


def fact_appended(world: World, draft: Draft) -> Iterator[Draft]:
    fact = world.rng("fact", draft.user).choice(FACTS)
    answer = json_object(draft.assistant)
    if answer is not None:
        for key, value in answer.items():
            if isinstance(value, str) and " " in value:
                yield put(draft, **{key: f"{value} {fact}"})
                yield put(draft, **{key: f"{fact} {value}"})
        return
    yield evolve(draft, assistant=f"{draft.assistant} {fact}")
    yield evolve(draft, assistant=f"{draft.assistant}\n{fact}")
    yield evolve(draft, assistant=f"{fact} {draft.assistant}")
    head, dot, rest = draft.assistant.partition(". ")
    if dot:
        yield evolve(draft, assistant=f"{head}. {fact} {rest}")
    head, end, rest = draft.assistant.partition("\n")
    if end:
        yield evolve(draft, assistant=f"{head} {fact}\n{rest}")


def case_of_a_name(world: World, draft: Draft) -> Iterator[Draft]:
    for id in draft.entities:
        name = world.graph.name(id)
        for other in (name.upper(), name.lower(), name.swapcase()):
            if other != name:
                yield from said(draft, name, other)


def cut_short(world: World, draft: Draft) -> Iterator[Draft]:
    text = draft.assistant
    yield evolve(draft, assistant=text[: len(text) // 2])
    yield evolve(draft, assistant=text[:-8])


def chatter_around(world: World, draft: Draft) -> Iterator[Draft]:
    yield evolve(draft, assistant=f"Sure! Here is the answer:\n{draft.assistant}")
    yield evolve(draft, assistant=f"{draft.assistant}\n\nI hope that this helps!")


def said_twice(world: World, draft: Draft) -> Iterator[Draft]:
    yield evolve(draft, assistant=f"{draft.assistant}\n{draft.assistant}")


def json_of_another_form(world: World, draft: Draft) -> Iterator[Draft]:
    answer = json_object(draft.assistant)
    if answer is None:
        return
    yield written(draft, answer | {"confidence": 0.93})
    yield written(draft, [answer])
    key = world.rng("key", draft.user).choice(sorted(answer))
    yield written(draft, {one: value for one, value in answer.items() if one != key})
    yield written(draft, {("name" if one == key else one): value for one, value in answer.items()})
    for key, value in answer.items():
        if isinstance(value, str):
            yield put(draft, **{key: [value]})
        elif isinstance(value, list) and value:
            yield put(draft, **{key: value[0]})


def question_about_another(world: World, draft: Draft) -> Iterator[Draft]:
    for id in draft.entities[:1]:
        entity = world.graph.entities[id]
        rival = world.rival(entity, draft, "question")
        for form in world.forms(entity):
            user = exchanged(draft.user, form, rival.name) if rival else draft.user
            if user != draft.user:
                yield evolve(draft, user=user)
                break


def question_off_by_one(world: World, draft: Draft) -> Iterator[Draft]:
    """Another number asked for within a name, so that the name is that of nothing."""
    for id in draft.entities[:1]:
        for form in world.forms(world.graph.entities[id]):
            for match in re.finditer(r"\d+", form):
                other = f"{form[: match.start()]}{int(match[0]) + 7}{form[match.end() :]}"
                user = exchanged(draft.user, form, other)
                if user != draft.user and not world.graph.called(other):
                    yield evolve(draft, user=user)


#: claims are checked by the core and by the task; texts by the task alone
CLAIMS: tuple[Mutator, ...] = (
    claim_other_anchor,
    claim_invented_anchor,
    claim_other_entity,
    claim_added_entity,
    claim_no_entities,
    claim_reversed_relation,
    claim_other_relation,
    claim_no_relations,
    claim_other_span,
    claim_shifted_span,
    claim_invented_source,
    claim_withheld_source,
    claim_no_spans,
    claim_absence,
    claim_withheld,
)

TEXTS: tuple[Mutator, ...] = (
    answer_of_another,
    number_off_by_one,
    word_exchanged,
    word_dropped,
    negated,
    fact_appended,
    case_of_a_name,
    cut_short,
    said_twice,
    chatter_around,
    json_of_another_form,
    question_about_another,
    question_off_by_one,
)
