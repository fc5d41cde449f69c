# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Questions made from the graph: about names, about what is related to a name, and about what only limits describe.

Every limit is one that the thing asked for is within, and every exclusion one that leaves it in. Entities go by their
numbers.
"""

from itertools import product
from typing import Final

from enliterator_core import Draft, Graph, Query, Sampler
from enliterator_normalize.answers import written
from enliterator_normalize.dice import Dice
from enliterator_normalize.limiting import Limiter, Question
from enliterator_normalize.numbered import Numbered
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

#: of a hundred names, as many are written in small letters
_IN_SMALL: Final = 60
#: what is written around a question, one in five times with a capital letter
_AROUND: Final = tuple(product(GREETINGS, CLOSINGS, (True, False, False, False, False)))
#: as many are found where a question does not say how many
_LIMIT: Final = Query().limit
#: nobody asks for people as for things
_OF_PEOPLE: Final = tuple(way for way in RELATED if "{whom}" in way or "{pools}" in way)


class Maker:
    """Makes questions about one graph: of a hundred names, ``slips`` are misspelt, and ``pairs`` come with another."""

    def __init__(self, graph: Graph, sampler: Sampler, slips: int, pairs: int) -> None:
        self.graph, self.slips, self.pairs = graph, slips, pairs
        self.near, self.numbered = graph.once(Near), graph.once(Numbered)
        self.sides = graph.arrays.one_by_one(sampler.sides(graph))
        self.limiter = Limiter(self.near, self.numbered, self.sides, self.said)

    def said(self, number: int, dice: Dice) -> str | None:
        """Return one of the entity's names as somebody types it, still to be told from all others."""
        rows = self.near.sayable(number)
        if not rows:
            return None
        row, chance = dice.one_of(rows), dice.under(10_000)
        form = self.near.say(row, small=chance % 100 < _IN_SMALL)
        if chance // 100 < self.slips:
            slipped = slip(form, dice.under(10**6) / 10**6)
            if is_plain(slipped) and self.near.one(slipped) == number:
                return slipped
        return form

    def about_names(self, number: int, dice: Dice) -> Question | None:
        """Return a question for the entity by its name, or for it and another."""
        said = self.said(number, dice)
        if said is None or not self.near.alone(number):
            return None
        asked = [number]
        if dice.happens(self.pairs) and (other := self._near(number, dice)) is not None:
            its = self.said(other, dice)
            if its and self.near.alone(other):
                said += dice.one_of(AND) + its
                asked.append(other)
        topic = dice.one_of(TOPICS)
        names = tuple([self.numbered.names[one] for one in asked])
        question = Question(topic + said, {"terms": names}, asked, number, opened=bool(topic))
        if len(asked) == 1:
            self.limiter.limit(question, dice)
        return question if self._is_found(question, len(asked)) else None

    def _near(self, number: int, dice: Dice) -> int | None:
        """Return a neighbour that falls into the same split."""
        steps = self.numbered.steps(number)
        other = self.numbered.other(dice.one_of(steps)) if steps else number
        return other if other != number and self.sides[number] == self.sides[other] else None

    def about_related(self, number: int, dice: Dice) -> Question | None:
        """Return a question for what is related to the entity, by a verb or by any."""
        numbered = self.numbered
        steps = numbered.steps(number)
        said = self.said(number, dice) if steps else None
        if said is None or not self.near.alone(number):
            return None
        for _ in range(4):
            step = dice.one_of(steps)
            found = numbered.other(step)
            if found != number and self.sides[number] == self.sides[found]:
                break
        else:
            return None
        verb, pool = numbered.verb_back(step), numbered.pool_of(found)
        row = numbered.relation(found, verb, number)
        span = self.graph.arrays.relations.spans.first(row)
        if span is None:
            return None
        asked, every = [number], False
        verbs = (verb,) if verb in VERB_SAID and dice.happens(90) else ()
        if dice.happens(25) and (second := self._second(number, found, verb, dice)):
            asked.append(second[0])
            every = dice.happens(60)
            said = f"both {said} and {second[1]}" if every else f"{said} or {second[1]}"
        way = dice.one_of((_OF_PEOPLE if pool == "Actor" else RELATED) if verbs else NEAR)
        head = way.format(
            names="{names}",
            whom="who" if pool == "Actor" else "what",
            pools=dice.one_of(NOUNS[pool]),
            phrase=VERB_SAID.get(verb, ""),
            plural=PLURAL_SAID.get(verb, ""),
        )
        parts = {"of": tuple([numbered.names[one] for one in asked]), "every": every, "verbs": verbs}
        if "{pools}" in way:
            parts["pools"] = (pool,)
        question = Question(head.replace("{names}", said), parts, asked, found, relation=row, span=span)
        self.limiter.limit(question, dice)
        candidates = sum([len(numbered.steps(one)) for one in asked])
        return question if self._is_found(question, candidates) else None

    def _second(self, number: int, found: int, verb: str, dice: Dice) -> tuple[int, str] | None:
        """Return something else that what is found is related to in the same way, and its name as it is said."""
        numbered = self.numbered
        same = [numbered.other(step) for step in numbered.steps(found) if numbered.verb(step) == verb]
        others = [other for other in same if other not in (number, found)]
        other = dice.one_of(others) if others else None
        if other is None or self.sides[number] != self.sides[other] or not self.near.alone(other):
            return None
        said = self.said(other, dice)
        return (other, said) if said else None

    def about_limits(self, number: int, dice: Dice) -> Question | None:
        """Return a question for what limits alone describe; the entity is one of those that fit."""
        pool, pooled = self.numbered.pool_of(number), dice.happens(80)
        way = dice.one_of(FILTERED if pooled else EVERYTHING)
        head = way.format(pools=dice.one_of(NOUNS[pool]))
        question = Question(head, {"pools": (pool,)} if pooled else {}, [], number)
        self.limiter.limit(question, dice, least=1)
        found = question.query().first(self.graph)
        if not question.tails or not found:
            return None
        question.found = number if number in found else dice.one_of(found)
        return question if question.found not in question.excluded else None

    def _is_found(self, question: Question, candidates: int) -> bool:
        """Say whether the query finds what it should; of few candidates, what is within the limits is found.

        A time that is less precise than its bounds may seem to be within them and not be so for sure.
        """
        if candidates <= question.parts.get("limit", _LIMIT) and "after" not in question.parts:
            return True
        alone = self.near.alone_among((*question.asked, *question.excluded))
        return question.query().finds(self.graph, (question.found,), alone)

    def draft(self, question: Question, dice: Dice) -> Draft | None:
        """Return the question as somebody writes it, with its query; None where it rests on nothing."""
        greeting, closing, capital = dice.one_of(_AROUND)
        text = greeting + question.head + "".join(question.tails)
        if closing and text.endswith(("?", ".", " please", " thx")):
            closing = ""
        if capital and (greeting or question.opened):
            text = text[:1].upper() + text[1:]
        today = today_said(question.today) if question.today else ""
        numbers = dict.fromkeys((*question.asked, *question.excluded, question.found))
        first = self.graph.arrays.entities.spans.first
        spans = [span for number in numbers if (span := first(number)) is not None]
        if len(spans) < len(numbers):
            return None
        relations: tuple[tuple[str, str, str], ...] = ()
        if question.relation is not None and question.span is not None:
            relations = (self.graph.arrays.relations.key(question.relation),)
            spans.append(question.span)
        ids = tuple([self.numbered.ids[number] for number in numbers])
        known = tuple(dict.fromkeys(spans)) if len(spans) > 1 else tuple(spans)
        return Draft(today + text + closing, written(question.query()), ids[0], ids, relations, known)
