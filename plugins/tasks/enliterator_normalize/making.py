# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Questions made from the graph: about names, about what is related to a name, and about what only limits describe.

Every limit is one that the thing asked for is within, and every exclusion one that leaves it in.
"""

from itertools import islice
from typing import Final

from enliterator_core import Draft, Entity, Graph, Query, Sampler, fold, reverse_of
from enliterator_normalize.answers import written
from enliterator_normalize.dice import Dice
from enliterator_normalize.limiting import Limiter, Question
from enliterator_normalize.reading import is_plain, today_said
from enliterator_normalize.slips import Near, slip
from enliterator_normalize.words import (
    AND,
    CLOSINGS,
    EVERYTHING,
    FILTERED,
    GREETINGS,
    NEAR,
    NOUNS,
    PLURAL_SAID,
    RELATED,
    TOPICS,
    VERB_SAID,
)

_MOST: Final = 64
#: nobody asks for people as for things
_OF_PEOPLE: Final = tuple(way for way in RELATED if "{whom}" in way or "{pools}" in way)


class Maker:
    """Makes questions about one graph."""

    def __init__(self, graph: Graph, sampler: Sampler, slip_share: float) -> None:
        self.graph, self.sampler, self.slip_share = graph, sampler, slip_share
        self.near = graph.once(Near)
        self.limiter = Limiter(graph, sampler, self.said)

    def said(self, id: str, dice: Dice) -> str | None:
        """Return one of the entity's names as somebody types it, still to be told from all others."""
        forms = self.near.own(id)
        if not forms:
            return None
        form = dice.one_of(forms)
        lower = form.lower() if dice.happens(0.6) and fold(form.lower()) == fold(form) else form
        if dice.happens(self.slip_share):
            slipped = slip(lower, dice.under(10**6) / 10**6)
            if is_plain(slipped) and self.near.meant(slipped) == {id}:
                return slipped
        return lower

    def about_names(self, entity: Entity, dice: Dice, pair_share: float) -> Question | None:
        """Return a question for the entity by its name, or for it and another."""
        said = self.said(entity.id, dice)
        if said is None or not self.near.alone(entity.id):
            return None
        names, ids = [entity.name], [entity.id]
        if dice.happens(pair_share) and (other := self._near(entity.id, dice)):
            its = self.said(other, dice)
            if its and self.near.alone(other):
                said += dice.one_of(AND) + its
                names.append(self.graph.name(other))
                ids.append(other)
        topic = dice.one_of(TOPICS)
        question = Question(topic + said, Query(tuple(names)), ids, entity.id, opened=bool(topic))
        if len(ids) == 1:
            self.limiter.limit(question, entity, dice)
        return question if not question.tails or self._is_found(question) else None

    def _near(self, id: str, dice: Dice) -> str | None:
        """Return a neighbour that falls into the same split."""
        around = self.graph.around(id)[:_MOST]
        other = dice.one_of(around)[1] if around else id
        return other if other != id and self.sampler.together(id, other) else None

    def about_related(self, entity: Entity, dice: Dice) -> Question | None:
        """Return a question for what is related to the entity, by a verb or by any."""
        around = self.graph.around(entity.id)[:_MOST]
        said = self.said(entity.id, dice) if around else None
        if said is None or not self.near.alone(entity.id):
            return None
        for _ in range(4):
            verb, other = dice.one_of(around)
            if other != entity.id and self.sampler.together(entity.id, other):
                break
        else:
            return None
        verb, found = reverse_of(verb), self.graph.entities[other]
        relation = self.graph.relation(other, verb, entity.id)
        if relation is None or not relation.evidence:
            return None
        verbs = (verb,) if verb in VERB_SAID and dice.happens(0.9) else ()
        names: tuple[str, ...] = (entity.name,)
        ids, every = [entity.id], False
        if dice.happens(0.25) and (second := self._second(entity.id, other, verb, dice)):
            ids.append(second[0])
            names, every = (entity.name, self.graph.name(second[0])), dice.happens(0.6)
            said = f"both {said} and {second[1]}" if every else f"{said} or {second[1]}"
        way = dice.one_of((_OF_PEOPLE if found.pool == "Actor" else RELATED) if verbs else NEAR)
        pools = (found.pool,) if "{pools}" in way else ()
        whom = "who" if found.pool == "Actor" else "what"
        phrases = {"phrase": VERB_SAID.get(verb, ""), "plural": PLURAL_SAID.get(verb, "")}
        head = way.format(names="{names}", whom=whom, pools=dice.one_of(NOUNS[found.pool]), **phrases)
        query = Query((), names, every, verbs, pools)
        question = Question(head.replace("{names}", said), query, ids, other, relations=(relation.key,))
        question.spans = relation.evidence[:1]
        self.limiter.limit(question, found, dice)
        return question if self._is_found(question) else None

    def _second(self, id: str, found: str, verb: str, dice: Dice) -> tuple[str, str] | None:
        """Return something else that what is found is related to in the same way, and its name as it is said."""
        others = [one for by, one in self.graph.around(found)[:_MOST] if by == verb and one not in (id, found)]
        other = dice.one_of(others) if others else None
        if other is None or not self.sampler.together(id, other):
            return None
        said = self.said(other, dice) if self.near.alone(other) else None
        return (other, said) if said else None

    def about_limits(self, entity: Entity, dice: Dice) -> Question | None:
        """Return a question for what limits alone describe; the entity is one of those that fit."""
        pooled = dice.happens(0.8)
        way = dice.one_of(FILTERED if pooled else EVERYTHING)
        query = Query(pools=(entity.pool,) if pooled else ())
        question = Question(way.format(pools=dice.one_of(NOUNS[entity.pool])), query, [], entity.id)
        self.limiter.limit(question, entity, dice, least=1)
        found = [one.id for one in islice(self.graph.found(question.query), question.query.limit)]
        if not question.tails or not found:
            return None
        question.found = entity.id if entity.id in found else dice.one_of(found)
        return question if question.found not in question.excluded else None

    def _is_found(self, question: Question) -> bool:
        found = islice(self.graph.found(question.query), question.query.limit)
        return any(one.id == question.found for one in found)

    def draft(self, question: Question, dice: Dice) -> Draft | None:
        """Return the question as somebody writes it, with its query; None where it rests on nothing."""
        greeting, closing = dice.one_of(GREETINGS), dice.one_of(CLOSINGS)
        text = greeting + question.head + "".join(question.tails)
        if closing and text.endswith(("?", ".", " please", " thx")):
            closing = ""
        if dice.happens(0.2) and (greeting or question.opened):
            text = text[:1].upper() + text[1:]
        today = today_said(question.today) if question.today else ""
        ids = dict.fromkeys((*question.entities, *question.excluded, question.found))
        evidence = [self.graph.entities[id].evidence[:1] for id in ids]
        if not all(evidence):
            return None
        spans = tuple(dict.fromkeys(span for one in (*evidence, question.spans) for span in one))
        return Draft(
            today + text + closing, written(question.query), next(iter(ids)), tuple(ids), question.relations, spans
        )
