# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Questions made from the graph: about names, about what is related to a name, and about what only limits describe.

Every limit is one that the thing asked for is within, and every exclusion one that leaves it in. Entities go by their
numbers. Each step is taken for many questions before the next one: code that has just run takes less time than other.
"""

from collections.abc import Sequence
from itertools import chain, product
from typing import TYPE_CHECKING, Final

from attrs import define

from enliterator_core import Draft, Graph, Sampler, Span
from enliterator_normalize.answers import written
from enliterator_normalize.dice import Dice, ManyDice
from enliterator_normalize.evidence import Evidence
from enliterator_normalize.limiting import Limiter
from enliterator_normalize.numbered import Numbered
from enliterator_normalize.question import Question
from enliterator_normalize.reading import today_said
from enliterator_normalize.relating import Relating, Step
from enliterator_normalize.saying import Sayer
from enliterator_normalize.slips import Near
from enliterator_normalize.words import (
    AND,
    CLOSINGS,
    EVERYTHING,
    FILTERED,
    GREETINGS,
    NOUNS,
    TOPICS,
)

if TYPE_CHECKING:
    from enliterator_normalize.dice import Numbers

#: what is written around a question, one in five times with a capital letter
_AROUND: Final = tuple(product(GREETINGS, CLOSINGS, (True, False, False, False, False)))
#: after these no closing is written
_CLOSED: Final = ("?", ".", " please", " thx")

#: the ids of entities, the keys of relations and the spans that a draft rests on
Ground = tuple[tuple[str, ...], tuple[tuple[str, str, str], ...], tuple[Span, ...]]


@define
class Turn:
    """An entity's turn to be asked about, the dice for it, and the question."""

    number: int
    dice: Dice
    question: Question | None = None


class Maker:
    """Makes questions about one graph: of a hundred names, ``slips`` are misspelt, and ``pairs`` come with another.

    ``filtered`` is the share of questions that name nothing, ``related`` that of those for what is related to a name.
    """

    def __init__(
        self, graph: Graph, sampler: Sampler, *, slips: int, pairs: int, filtered: float, related: float
    ) -> None:
        self.graph, self.pairs, self.filtered, self.related = graph, pairs, filtered, related
        self._relations, self._evidence = graph.arrays.relations, graph.once(Evidence)
        self.near, self.numbered = graph.once(Near), Numbered(graph)
        self.sayer = Sayer(self.near, slips)
        sides = sampler.sides(graph)
        self.sides = graph.arrays.one_by_one(sides)
        self.limiter = Limiter(self.sayer, self.numbered, self.sides)
        self.relating = Relating(graph, self.numbered, self.sayer, sides)

    def drafts(self, numbers: "Numbers", dice: ManyDice) -> list[Draft]:
        """Return a draft for each turn of an entity that something can be asked in, in their order.

        What all turns begin with is drawn for all at once; then each goes its own way.
        """
        import numpy as np

        share = dice.under(np.arange(len(numbers)), 1000) / 1000
        filtered, related = share < self.filtered, share < self.filtered + self.related
        steps = self.relating.draw(np.flatnonzero(related & ~filtered), numbers, dice)
        named = ~filtered
        named[[step.turn for step in steps]] = False
        which = np.flatnonzero(named)
        which, heads = self.sayer.say_all(which, numbers[which], dice)
        turns = list(map(Turn, numbers.tolist(), dice.one_by_one()))
        self._ask_for_what_fits([turns[at] for at in np.flatnonzero(filtered).tolist()])
        rest = self._ask_for_related(turns, steps)
        said = [(turns[at], head) for at, head in zip(which.tolist(), heads, strict=True)]
        self._ask_for_names(
            said + [(turn, head) for turn in rest if self.sayer.say(turn.number, turn.dice, head := [""])]
        )
        self.sayer.misspell()
        return self._answered([(turn.question, turn.dice) for turn in turns if turn.question is not None])

    def _answered(self, asked: Sequence[tuple[Question, Dice]]) -> list[Draft]:
        """Return a draft for each question whose answer has evidence."""
        texts = [self._text(question, dice) for question, dice in asked]
        answers = [written(question) for question, _ in asked]
        grounds = self._grounds([question for question, _ in asked])
        return [
            Draft(text, answer, ground[0][0], *ground)
            for text, answer, ground in zip(texts, answers, grounds, strict=True)
            if ground is not None
        ]

    def _ask_for_names(self, said: Sequence[tuple[Turn, list[str]]]) -> None:
        """Ask for the entities by their names, which are said, or for them and others."""
        asked = [(turn, self._about_name(turn.number, head, turn.dice)) for turn, head in said]
        self.limiter.limit([(question, turn.dice) for turn, question in asked if len(question.asked) == 1])
        for turn, question in asked:
            if self._is_found(question, len(question.asked)):
                turn.question = question

    def _about_name(self, number: int, head: list[str], dice: Dice) -> Question:
        asked: tuple[int, ...] = (number,)
        if dice.happens(self.pairs) and (other := self._near(number, dice)) is not None:
            head.append("")
            if self.sayer.say(other, dice, head) and self.near.alone(other):
                head[2] = dice.one_of(AND)
                asked = number, other
            else:
                del head[2:]
        head[0] = topic = dice.one_of(TOPICS)
        question = Question(head, asked, number)
        question.terms, question.opened = tuple([self.numbered.names[one] for one in asked]), bool(topic)
        return question

    def _near(self, number: int, dice: Dice) -> int | None:
        """Return a neighbour that falls into the same split."""
        steps = self.numbered.steps(number)
        other = self.numbered.other[dice.one_of(steps)] if steps else number
        return other if other != number and self.sides[number] == self.sides[other] else None

    def _ask_for_related(self, turns: Sequence[Turn], steps: Sequence[Step]) -> list[Turn]:
        """Ask for what is related to the entities; return the turns in which what is asked for would not be found."""
        asked = [(turns[step.turn], self.relating.question(step, turns[step.turn].dice)) for step in steps]
        self.limiter.limit([(question, turn.dice) for turn, question in asked])
        for turn, question in asked:
            if self._is_found(question, self._candidates(question)):
                turn.question = question
        return [turn for turn, _ in asked if turn.question is None]

    def _candidates(self, question: Question) -> int:
        """Return how many entities are related to what is asked about as the question says, or, if few, in any way."""
        numbered, asked = self.numbered, question.asked
        most = sum([numbered.degree(number) for number in asked])
        if most <= question.limit or not question.verbs:
            return most
        return sum([numbered.count_back(number, question.verbs[0]) for number in asked])

    def _ask_for_what_fits(self, turns: Sequence[Turn]) -> None:
        """Ask for what limits alone describe; the entities are among those that fit."""
        questions: list[Question] = []
        for turn in turns:
            pool, pooled = self.numbered.pool_of(turn.number), turn.dice.happens(80)
            way = turn.dice.one_of(FILTERED if pooled else EVERYTHING)
            head = way.format(pools=turn.dice.one_of(NOUNS[pool]))
            questions.append(question := Question([head], (), turn.number))
            if pooled:
                question.pools = (pool,)
        self.limiter.limit(zip(questions, [turn.dice for turn in turns], strict=True), least=1)
        for turn, question in zip(turns, questions, strict=True):
            found = question.query().first(self.graph)
            if question.limits and found:
                question.found = turn.number if turn.number in found else turn.dice.one_of(found)
                if question.found not in question.excluded:
                    turn.question = question

    def _is_found(self, question: Question, candidates: int) -> bool:
        """Say whether the query finds what it should; of few candidates, what is within the limits is found.

        A time that is less precise than its bounds may seem to be within them and not be so for sure.
        """
        if candidates <= question.limit and question.after is None and question.before is None:
            return True
        alone = self.near.alone_among((*question.asked, *question.excluded))
        return question.query().finds(self.graph, (question.found,), alone)

    def _text(self, question: Question, dice: Dice) -> str:
        """Return the question as somebody writes it."""
        greeting, closing, capital = dice.one_of(_AROUND)
        text = "".join((greeting, *question.head, *question.tail))
        if closing and text.endswith(_CLOSED):
            closing = ""
        if capital and (greeting or question.opened):
            text = text[:1].upper() + text[1:]
        return today_said(question.today) + text + closing if question.today else text + closing

    def _grounds(self, questions: Sequence[Question]) -> list[Ground | None]:
        """Return what the answers to questions rest on; None where something has no evidence."""
        of_entity, of_relation = self._evidence.of_entity, self._evidence.of_relation
        ids, key_of = self.numbered.ids, self._relations.key
        every = [question.rests_on() for question in questions]
        of_entity.make(chain.from_iterable(every))
        of_relation.make([question.relation for question in questions if question.relation is not None])
        grounds: list[Ground | None] = []
        for numbers, question in zip(every, questions, strict=True):
            spans = [of_entity[number] for number in numbers]
            relations: tuple[tuple[str, str, str], ...] = ()
            if question.relation is not None:
                relations = (key_of(question.relation),)
                spans.append(of_relation[question.relation])
            known = tuple([span for span in spans if span])
            if len(known) < len(spans):
                grounds.append(None)
                continue
            if len(known) > 1 and len({span.start for span in known}) < len(known):
                known = tuple(dict.fromkeys(known))
            grounds.append((tuple([ids[number] for number in numbers]), relations, known))
        return grounds
