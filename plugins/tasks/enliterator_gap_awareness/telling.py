# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""What can be told of an entity: what the graph has on it, counted, what it lacks, and what would close that."""

from collections.abc import Sequence
from typing import Final

from attrs import define

from enliterator_core import Graph, Span, mention_of, phrase_of
from enliterator_gap_awareness.differing import Difference, difference_in
from enliterator_gap_awareness.joining import Joined
from enliterator_gap_awareness.tallies import Tallies, Tally, lacking

#: what is lacking, and what would close that
Lack = tuple[str, str]
_THIN: Final = 2
_REMEMBERED: Final = 4096


def and_list(parts: Sequence[str]) -> str:
    """Return `a`, `a and b` or `a, b and c`; with semicolons where a part has a comma or an `and` of its own."""
    if len(parts) == 1:
        return parts[0]
    apart = "; ".join(parts)
    if ", " in apart or " and " in apart:
        return apart
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


def counted(number: int, thing: str) -> str:
    """Return `1 source` or `1,200 sources`."""
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def answer_of(known: str, missing: str, close: str) -> str:
    """Return the three lines of an answer."""
    return f"Known: {known}\nMissing: {missing}\nTo close it: {close}"


@define
class Told:
    """What a graph tells of an entity, and the relations and spans that this rests on."""

    answer: str
    relations: tuple[tuple[str, str, str], ...]
    spans: tuple[Span, ...]


@define
class Thing:
    """An entity that is asked about: its first evidence, how many sources and relations it has, the codes of the verbs
    of these, and how its first source puts it."""

    number: int
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


class Teller:
    """Tells of the entities of one graph; what was told of the latest is kept, since drafts are made, then verified."""

    def __init__(self, graph: Graph) -> None:
        arrays = graph.arrays
        self._graph, self._verbs, self._phrases = graph, arrays.verbs, [phrase_of(verb) for verb in arrays.verbs]
        self._entities, self._relations, self._steps = arrays.entities, arrays.relations, arrays.steps
        self._joined, self._tallies = graph.once(Joined), graph.once(Tallies)
        self._usual = [_usual(graph, tally) for tally in self._tallies.every]
        one_by_one = arrays.one_by_one
        self._evidence = one_by_one(arrays.entities.spans.offsets)
        self._verb_of, self._other_of = one_by_one(arrays.steps.verb), one_by_one(arrays.steps.other)
        self._row_of, self._predicate_of = one_by_one(arrays.steps.row), one_by_one(arrays.relations.predicate)
        self._undescribed = one_by_one(graph.once(lacking)["description"])
        self._refuted = arrays.verbs.index("is_refuted_by")
        self._beside = bytes([arrays.verbs.index("co_occurs_with")])
        # Where no source has a date, that is a hole in the collection, told in its overviews, and none in what is known
        # of a single thing.
        self.any_dated = any(source.time.value for source in graph.sources.values())
        self._things: dict[int, Thing] = {}

    def thing(self, number: int) -> Thing | None:
        """Return an entity as it is asked about, None where nothing gives evidence for it."""
        found = self._things.get(number)
        if found is None and (span := self._entities.spans.first(number)):
            if len(self._things) >= _REMEMBERED:
                self._things.clear()
            found = self._things[number] = self._made(number, span)
        return found

    def forget(self) -> None:
        """Let go of what was told."""
        self._things.clear()

    def _made(self, number: int, span: Span) -> Thing:
        entities = self._entities
        id, name = entities.ids[number], entities.names[number]
        pool, kind = entities.pool_of(number), entities.kind_of(number)
        mention = mention_of(pool, kind, name)
        one = self._evidence[number + 1] - self._evidence[number] == 1
        sources = 1 if one else len(entities.spans.sources(number))
        words = " ".join(entities.descriptions[number].split())
        described = _described(id, name, pool, mention, span, words)
        degree, verbs = self._joined.degree(number), self._joined.verbs(number)
        return Thing(number, id, pool, kind, name, mention, span, sources, degree, verbs, described)

    def told(self, thing: Thing) -> Told:
        """Return what the graph tells of a thing: well covered, with gaps, thin, or told differently by its sources."""
        if thing.told is None:
            thing.told = self._told(thing)
        return thing.told

    def difference(self, thing: Thing) -> Difference | None:
        """Return the gravest way in which the sources on a thing differ; None where they do not."""
        if thing.sources == 1 and self._refuted not in thing.verbs:
            return None
        return difference_in(self._graph, self._graph.entities[thing.id])

    def is_thin(self, thing: Thing) -> bool:
        """Say whether a thing is thinly covered, unless its sources differ."""
        return thing.degree < _THIN or thing.verbs == self._beside or self._undescribed[thing.number]

    def _told(self, thing: Thing) -> Told:
        differing = self.difference(thing)
        thin = self._thin(thing) if self.is_thin(thing) else []
        lacks = thin + self._missing(thing)
        joined, relations, span = self._related(thing)
        spans = (thing.span,) if span is None or span == thing.span else (thing.span, span)
        if differing is not None:
            known = f"{differing.verdict} {thing.described} {differing.told} {joined}{self._dated(thing)}"
            lacks.insert(0, (differing.missing, differing.close))
            relations = tuple(dict.fromkeys((*relations, *differing.relations)))
            spans = tuple(dict.fromkeys((*spans, *differing.spans)))
        else:
            verdict = "Thin." if thin else "Covered, with gaps." if lacks else "Well covered."
            known = f"{verdict} {thing.described} {joined}{self._dated(thing)}"
            if thing.sources > 1:
                known += f" No difference was found between what its {thing.sources:,} sources say of it."
        missing = and_list([lack for lack, _ in lacks]) if lacks else "nothing that the others of its kind have"
        close = "; ".join([intake for _, intake in lacks]) or "nothing needs to be taken in"
        return Told(answer_of(known, f"{missing}.", f"{close}."), relations, spans)

    def _dated(self, thing: Thing) -> str:
        """Return a sentence on the day of a thing and what states it; nothing where it is not known."""
        time = self._entities.time_of(thing.number)
        basis = self._entities.bases[self._entities.basis[thing.number]] if time else ""
        return f" It is dated {time[:10]} ({basis})." if time else ""

    def _related(self, thing: Thing) -> tuple[str, tuple[tuple[str, str, str], ...], Span | None]:
        """Return what joins a thing to others, counted by what the relations say, and the one told of with evidence."""
        number, degree, one = thing.number, thing.degree, thing.sources == 1
        sources = "1 source" if one else counted(thing.sources, "source")
        if not degree:
            return f"No relation joins it to anything; {sources} {'names' if one else 'name'} it.", (), None
        step = self._joined.step(number)
        row = self._row_of[step]
        span = self._relations.spans.first(row)
        told = self._step(step, row)
        if span is not None and span.source != thing.span.source:
            told += f" ({span.source})"
        pronoun = thing.name if thing.pool == "Actor" else "it"
        if degree == 1:
            said = f"The only relation, from {sources}: {pronoun} {told}."
        else:
            said = f"{degree:,} relations from {sources}: {pronoun} {and_list(self._joined.counts(number))}."
            said += f" For instance, {pronoun} {told}."
        return said, (self._relations.key(row),), span

    def _step(self, step: int, row: int) -> str:
        """Return what a relation says, as read along a step, and of what."""
        entities, other = self._entities, self._other_of[step]
        mention = mention_of(entities.pool_of(other), entities.kind_of(other), entities.names[other])
        verb, predicate = self._verb_of[step], self._relations.predicates[self._predicate_of[row]]
        phrase = self._phrases[verb] if predicate is None else phrase_of(self._verbs[verb], predicate)
        return f"{phrase} {mention}"

    def _thin(self, thing: Thing) -> list[Lack]:
        """Return what a thing lacks that makes it thinly covered, each with what would close it."""
        found = []
        name = thing.mention
        if self._undescribed[thing.number]:
            found.append(("what it is", f"a sentence that says what {name} is"))
        if not thing.degree:
            found.append(("any relation to something else", f"a sentence that joins {name} to something else"))
        elif thing.verbs == self._beside:
            found.append(
                ("how it relates to what it is mentioned beside", f"a sentence that says what {name} does to them")
            )
        elif thing.degree < _THIN:
            found.append(("more than that one relation", f"a source that says what else {name} has to do with"))
        return found

    def _missing(self, thing: Thing) -> list[Lack]:
        """Return what a thing lacks that others have, each with what would close it."""
        verbs = thing.verbs
        found = [lack for verb, lack in self._usual[self._tallies.place(thing.number)] if verb not in verbs]
        if self.any_dated and self._entities.time_of(thing.number) is None:
            found.insert(0, ("its date", self.dated_by(thing.span.source)))
        return found

    def dated_by(self, path: str) -> str:
        """Return what would date a source: a file's history, or what the rows of an imported graph say."""
        source = self._graph.sources.get(path)
        rows = source is not None and source.kind == "rows"
        return f"a date for {path}, such as {'a property that says when' if rows else 'its git history'}"


def _usual(graph: Graph, tally: Tally) -> list[tuple[int, Lack]]:
    """Return the verbs that are usual for a kind, each with what lacks where it is missing."""
    found = []
    for verb, share in tally.usual:
        phrase = phrase_of(graph.arrays.verbs[verb])
        lack = f"what it {phrase} ({share:.0%} of its {'kind' if tally.kind else 'pool'} have that)"
        found.append((verb, (lack, f"a source that says what it {phrase}")))
    return found


def _described(id: str, name: str, pool: str, mention: str, span: Span, words: str) -> str:
    """Return what the first source says of an entity, in one of three ways that its id decides."""
    source, who = span.source, f"{mention} ({pool})"
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
