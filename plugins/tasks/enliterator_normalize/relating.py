# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Questions for what is related to an entity, by a verb or by any."""

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from enliterator_core import Graph
from enliterator_normalize.dice import Dice, ManyDice
from enliterator_normalize.evidence import Evidence
from enliterator_normalize.numbered import Numbered
from enliterator_normalize.question import Question
from enliterator_normalize.saying import Sayer
from enliterator_normalize.words import NEAR, NOUNS, PLURAL_SAID, RELATED, VERB_SAID

if TYPE_CHECKING:
    from enliterator_normalize.dice import Numbers

#: nobody asks for people as for things
_OF_PEOPLE: Final = tuple(way for way in RELATED if "{whom}" in way or "{pools}" in way)
#: how often a step is drawn that leads to something else in the same split
_TRIES: Final = 4


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


class Step(NamedTuple):
    """A step from an entity to what is found: whose turn it is, the head of the question with the entity's name, the
    entity, what is found, the verb and the relation by which that is related to it, whether the verb is said, and
    whether another entity that it is related to so is looked for."""

    turn: int
    head: list[str]
    number: int
    found: int
    verb: int
    row: int
    by_verb: bool
    more: bool


class Relating:
    """Asks for what is related to entities; ``sides`` tells the split of each."""

    def __init__(self, graph: Graph, numbered: Numbered, sayer: Sayer, sides: Any) -> None:
        import numpy as np

        self._steps, self._reverse, self._verbs = graph.arrays.steps, graph.arrays.reverse, graph.arrays.verbs
        self._sides, self._side_of = sides, graph.arrays.one_by_one(sides)
        self._evidence, self._numbered, self._sayer = graph.once(Evidence), numbered, sayer
        self._can_be_said = np.array([verb in VERB_SAID for verb in self._verbs])

    def draw(self, which: "Numbers", numbers: "Numbers", dice: ManyDice) -> list[Step]:
        """Draw a step for each of these turns of the entities, where there is one that leads to what may be found."""
        import numpy as np

        which = which[self._numbered.first_steps(numbers[which])[1] > 0]
        which, heads = self._sayer.say_all(which, numbers[which], dice)
        numbers = numbers[which]
        first, counts = self._numbered.first_steps(numbers)
        steps, left = first.copy(), np.arange(len(which))
        for _ in range(_TRIES):
            steps[left] = first[left] + dice.under(which[left], counts[left])
            found, number = self._steps.other[steps[left]], numbers[left]
            left = left[(found == number) | (self._sides[found] != self._sides[number])]
        found, verbs = self._steps.other[steps], self._reverse[self._steps.verb[steps]]
        rows = self._steps.rows(found, verbs, numbers)
        good = self._evidence.of_relation.are_there(rows)
        good[left] = False
        at = np.flatnonzero(good)
        which, verbs = which[at], verbs[at]
        by_verb = self._can_be_said[verbs]
        by_verb[by_verb] = dice.under(which[by_verb], 100) < 90
        more = dice.under(which, 100) < 25
        columns = [one.tolist() for one in (numbers[at], found[at], verbs, rows[at], by_verb, more)]
        return list(map(Step, which.tolist(), [heads[place] for place in at.tolist()], *columns))

    def question(self, step: Step, dice: Dice) -> Question:
        """Return the question for what a step leads to."""
        numbered, head, verb = self._numbered, step.head, self._verbs[step.verb]
        question = Question(head, (step.number,), step.found)
        if step.more and (second := self._second(step, verb, dice)) is not None:
            question.asked = step.number, second
            question.every = dice.happens(60)
            head[2] = " and " if question.every else " or "
        pool = numbered.pool_of(step.found)
        by_noun, pooled = dice.one_of(_ways(verb if step.by_verb else "", pool))
        head[0] = dice.one_of(by_noun) + ("both " if question.every else "")
        question.of, question.relation = tuple([numbered.names[one] for one in question.asked]), step.row
        if step.by_verb:
            question.verbs = (verb,)
        if pooled:
            question.pools = (pool,)
        return question

    def _second(self, step: Step, verb: str, dice: Dice) -> int | None:
        """Say something else that what is found is related to in the same way; return it, None where there is none."""
        number, head = step.number, step.head
        others = [other for other in self._numbered.others(step.found, verb) if other not in (number, step.found)]
        other = dice.one_of(others) if others else None
        if other is None or self._side_of[number] != self._side_of[other] or not self._sayer.near.alone(other):
            return None
        head.append("")
        if self._sayer.say(other, dice, head):
            return other
        head.pop()
        return None
