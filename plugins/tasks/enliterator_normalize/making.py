# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Questions made from the graph: about names, about what is related to a name, and about what only limits describe.

Every limit is one that the thing asked for is within, and every exclusion one that leaves it in. Entities go by their
numbers. Each step is taken for many questions before the next one: code that has just run takes less time than other.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import chain, product
from typing import Final

from attrs import define, field

from enliterator_core import Draft, Graph, Sampler, Span
from enliterator_normalize.answers import written
from enliterator_normalize.dice import Dice
from enliterator_normalize.evidence import Evidence
from enliterator_normalize.limiting import Limiter
from enliterator_normalize.numbered import Numbered
from enliterator_normalize.question import Question
from enliterator_normalize.reading import today_said
from enliterator_normalize.saying import Sayer
from enliterator_normalize.slips import Near
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

#: what is written around a question, one in five times with a capital letter
_AROUND: Final = tuple(product(GREETINGS, CLOSINGS, (True, False, False, False, False)))
#: after these no closing is written
_CLOSED: Final = ("?", ".", " please", " thx")
#: nobody asks for people as for things
_OF_PEOPLE: Final = tuple(way for way in RELATED if "{whom}" in way or "{pools}" in way)


#: the ids of entities, the keys of relations and the spans that a draft rests on
Ground = tuple[tuple[str, ...], tuple[tuple[str, str, str], ...], tuple[Span, ...]]


@lru_cache(1 << 12)
def _ways(verb: str, pool: str) -> tuple[tuple[tuple[str, ...], bool], ...]:
    """Return how what is related to a name is asked for: what comes before the name, and whether it limits to the pool.

    Of each way there is one for each noun of the pool. Without a verb it is asked for by any.
    """
    ways = (_OF_PEOPLE if pool == "Actor" else RELATED) if verb else NEAR
    said = {"whom": "who" if pool == "Actor" else "what", "names": ""}
    if verb:
        said |= {"phrase": VERB_SAID[verb], "plural": PLURAL_SAID[verb]}
    return tuple((tuple(way.format(pools=noun, **said) for noun in NOUNS[pool]), "{pools}" in way) for way in ways)


@define
class Turn:
    """An entity's turn to be asked about, the dice for it, and the question, or its head as far as it is said."""

    number: int
    dice: Dice
    head: list[str] = field(factory=list)
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
        self.sides = graph.arrays.one_by_one(sampler.sides(graph))
        self.limiter = Limiter(self.sayer, self.numbered, self.sides)

    def drafts(self, turns: Sequence[Turn]) -> list[Draft]:
        """Return a draft for each turn that something can be asked in, in their order."""
        filtered: list[Turn] = []
        related: list[Turn] = []
        about_names: list[Turn] = []
        for turn in turns:
            share = turn.dice.under(1000) / 1000
            if share < self.filtered:
                filtered.append(turn)
            elif share < self.filtered + self.related:
                related.append(turn)
            else:
                about_names.append(turn)
        self._ask_for_what_fits(filtered)
        self._ask_for_related(related)
        self._ask_for_names(about_names + [turn for turn in related if turn.question is None])
        self.sayer.misspell()
        asked = [(turn.question, turn.dice) for turn in turns if turn.question is not None]
        texts = [self._text(question, dice) for question, dice in asked]
        answers = [written(question) for question, _ in asked]
        grounds = self._grounds([question for question, _ in asked])
        return [
            Draft(text, answer, ground[0][0], *ground)
            for text, answer, ground in zip(texts, answers, grounds, strict=True)
            if ground is not None
        ]

    def _say(self, turns: Iterable[Turn]) -> list[Turn]:
        """Say the names of the entities; return the turns of those that a name stands for alone."""
        alone, say = self.near.alone, self.sayer.say
        for turn in turns:
            turn.head = [""]
        return [turn for turn in turns if say(turn.number, turn.dice, turn.head) and alone(turn.number)]

    def _ask_for_names(self, turns: Sequence[Turn]) -> None:
        """Ask for the entities by their names, or for them and others."""
        turns = self._say(turns)
        for turn in turns:
            turn.question = self._about_name(turn.number, turn.head, turn.dice)
        self.limiter.limit([(one, turn.dice) for turn in turns if (one := turn.question) and len(one.asked) == 1])
        for turn in turns:
            if turn.question and not self._is_found(turn.question, len(turn.question.asked)):
                turn.question = None

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

    def _ask_for_related(self, turns: Sequence[Turn]) -> None:
        """Ask for what is related to the entities, by a verb or by any."""
        turns = self._say([turn for turn in turns if self.numbered.steps(turn.number)])
        for turn in turns:
            turn.question = self._about_related(turn.number, turn.head, turn.dice)
        self.limiter.limit([(turn.question, turn.dice) for turn in turns if turn.question])
        for turn in turns:
            if turn.question and not self._is_found(turn.question, self._candidates(turn.question)):
                turn.question = None

    def _candidates(self, question: Question) -> int:
        """Return how many entities are related to what is asked about as the question says."""
        count = self.numbered.count_back
        return sum([count(number, question.verbs) for number in question.asked])

    def _about_related(self, number: int, head: list[str], dice: Dice) -> Question | None:
        numbered, sides = self.numbered, self.sides
        steps, side = numbered.steps(number), sides[number]
        for _ in range(4):
            step = dice.one_of(steps)
            found = numbered.other[step]
            if found != number and side == sides[found]:
                break
        else:
            return None
        verb, pool = numbered.verb_back(step), numbered.pool_of(found)
        row = numbered.relation(found, verb, number)
        if not self._evidence.of_relation.are_there(row):
            return None
        asked: tuple[int, ...] = (number,)
        every = False
        verbs = (verb,) if verb in VERB_SAID and dice.happens(90) else ()
        if dice.happens(25) and (second := self._second(number, found, verb, dice, head)) is not None:
            asked = number, second
            every = dice.happens(60)
            head[2] = " and " if every else " or "
        by_noun, pooled = dice.one_of(_ways(verb if verbs else "", pool))
        head[0] = dice.one_of(by_noun) + ("both " if every else "")
        question = Question(head, asked, found)
        question.of, question.verbs = tuple([numbered.names[one] for one in asked]), verbs
        question.every, question.relation = every, row
        if pooled:
            question.pools = (pool,)
        return question

    def _second(self, number: int, found: int, verb: str, dice: Dice, head: list[str]) -> int | None:
        """Say something else that what is found is related to in the same way; return it, None where there is none."""
        others = [other for other in self.numbered.others(found, verb) if other not in (number, found)]
        other = dice.one_of(others) if others else None
        if other is None or self.sides[number] != self.sides[other] or not self.near.alone(other):
            return None
        head.append("")
        if self.sayer.say(other, dice, head):
            return other
        head.pop()
        return None

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
            known = [span for span in spans if span is not None]
            if len(known) == len(spans):
                if len({span.start for span in known}) < len(known):
                    known = list(dict.fromkeys(known))
                grounds.append((tuple([ids[number] for number in numbers]), relations, tuple(known)))
            else:
                grounds.append(None)
        return grounds
