# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The entities of a graph as they are asked about, made from its arrays some hundred at a time."""

from collections.abc import Sequence
from typing import Final

from attrs import define

from enliterator_core import Graph, Span, mention_of, on_one_line
from enliterator_gap_awareness.tallies import Tallies

_REMEMBERED: Final = 4096


#: what a graph tells of an entity: an answer, and the relations and spans that it rests on
Told = tuple[str, tuple[tuple[str, str, str], ...], tuple[Span, ...]]


@define
class Thing:
    """An entity that is asked about: the place of its kind's tally, its first evidence, how many sources and relations
    it has, the codes of the verbs of these, and how its first source puts it."""

    number: int
    place: int
    id: str
    pool: str
    kind: str
    name: str
    mention: str
    span: Span
    sources: int
    degree: int
    verbs: bytes
    described: str
    told: Told | None = None


class Things:
    """The things of one graph; the latest are kept, since drafts are made, then verified."""

    def __init__(self, graph: Graph) -> None:
        arrays, tallies = graph.arrays, graph.once(Tallies)
        one_by_one, spans, steps = arrays.one_by_one, arrays.entities.spans, arrays.steps
        self._entities, self._tallies, self._place_of = arrays.entities, tallies.every, one_by_one(tallies.places)
        self._evidence, self._places = one_by_one(spans.offsets), one_by_one(spans.places.reshape(-1))
        self._steps, self._groups = one_by_one(steps.offsets), one_by_one(steps.groups)
        self._group_verbs = steps.group_verb.tobytes()
        self._kept: dict[int, Thing] = {}

    def thing(self, number: int) -> Thing | None:
        """Return an entity as it is asked about, None where nothing gives evidence for it."""
        return self._kept.get(number) or self.things([number])[0]

    def things(self, numbers: Sequence[int]) -> list[Thing | None]:
        """Return some entities as they are asked about, None where nothing gives evidence for one."""
        known = self._kept
        if len(known) + len(numbers) > _REMEMBERED:
            known.clear()
        self._make([number for number in numbers if number not in known])
        return list(map(known.get, numbers))

    def forget(self) -> None:
        """Let go of what was told."""
        self._kept.clear()

    def _make(self, numbers: Sequence[int]) -> None:
        entities, tallies, place_of = self._entities, self._tallies, self._place_of
        ids, names, descriptions, paths = entities.ids, entities.names, entities.descriptions, entities.spans.paths
        evidence, places, steps, groups = self._evidence, self._places, self._steps, self._groups
        words = on_one_line([descriptions[number] for number in numbers])
        for number, said in zip(numbers, words, strict=True):
            at, end = evidence[number], evidence[number + 1]
            if at == end:
                continue
            span = Span(paths[places[3 * at]], places[3 * at + 1], places[3 * at + 2])
            sources = 1 if end - at == 1 else len(entities.spans.sources(number))
            id, name, place = ids[number], names[number], place_of[number]
            pool, kind = tallies[place].pool, tallies[place].kind
            mention = mention_of(pool, kind, name)
            degree = steps[number + 1] - steps[number]
            verbs = self._group_verbs[groups[number] : groups[number + 1]]
            described = _described(id, name, pool, mention, span.source, said)
            self._kept[number] = Thing(
                number, place, id, pool, kind, name, mention, span, sources, degree, verbs, described
            )


def _described(id: str, name: str, pool: str, mention: str, source: str, words: str) -> str:
    """Return what the first source says of an entity, in one of three ways that its id decides."""
    who = f"{mention} ({pool})"
    if not words or name.startswith(words.rstrip(".")):
        return f"{source} names {who} and does not say what it is."
    words += "" if words.endswith((".", "!", "?")) else "."
    if name == source:
        return f"{_capital(who)} says of itself: {words}"
    way = int(id[-1], 16) % 3
    if way == 0:
        return f"{source} says of {who}: {words}"
    if way == 1:
        return f"{_capital(who)}, in the words of {source}: {words}"
    return f"{_capital(who)}: {words[:-1]} ({source}){words[-1]}"


def _capital(text: str) -> str:
    return f"The{text[3:]}" if text.startswith("the ") else text
