# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""What can be told of an entity: what the graph has on it, counted, what it lacks, and what would close that."""

from collections.abc import Sequence
from typing import Final

from enliterator_core import Graph, Span, mention_of, phrase_of
from enliterator_gap_awareness.differing import Difference, difference_in
from enliterator_gap_awareness.joining import Joined
from enliterator_gap_awareness.tallies import Tallies, Tally, lacking
from enliterator_gap_awareness.things import Thing, Told

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


class Teller:
    """Tells of the entities of one graph; what was told of the latest is kept, since drafts are made, then verified."""

    def __init__(self, graph: Graph) -> None:
        arrays = graph.arrays
        self._graph, self._verbs, self._phrases = graph, arrays.verbs, [phrase_of(verb) for verb in arrays.verbs]
        self._entities, self._relations = arrays.entities, arrays.relations
        self._joined, tallies, one_by_one = graph.once(Joined), graph.once(Tallies), arrays.one_by_one
        self._kinds = [(tally.pool, tally.kind) for tally in tallies.every]
        self._place_of, self._names = one_by_one(tallies.places), arrays.entities.names
        self._usual = [_usual(graph, tally) for tally in tallies.every]
        steps, spans = arrays.steps, arrays.relations.spans
        self._evidence, self._places = one_by_one(spans.offsets), one_by_one(spans.places.reshape(-1))
        self._verb_of, self._other_of = one_by_one(steps.verb), one_by_one(steps.other)
        self._row_of, self._predicate_of = one_by_one(steps.row), one_by_one(arrays.relations.predicate)
        self._predicates = arrays.relations.predicates
        self._undescribed = one_by_one(graph.once(lacking)["description"])
        self._refuted = arrays.verbs.index("is_refuted_by")
        self._beside = bytes([arrays.verbs.index("co_occurs_with")])
        # Where no source has a date, that is a hole in the collection, told in its overviews, and none in what is known
        # of a single thing.
        self.any_dated = any(source.time.value for source in graph.sources.values())
        self._gaps: dict[tuple[int, bytes], tuple[str, str]] = {}

    def told(self, thing: Thing) -> Told:
        """Return what the graph tells of a thing: well covered, with gaps, thin, or told differently by its sources."""
        if thing.told is None:
            self.tell([thing])
        assert thing.told is not None
        return thing.told

    def tell(self, things: Sequence[Thing]) -> None:
        """Have what the graph tells of some things told with them."""
        for thing, (joined, relations, spans) in zip(things, self._related(things), strict=True):
            thing.told = self._told(thing, joined, relations, spans)

    def difference(self, thing: Thing) -> Difference | None:
        """Return the gravest way in which the sources on a thing differ; None where they do not."""
        if thing.sources == 1 and self._refuted not in thing.verbs:
            return None
        return difference_in(self._graph, self._graph.entities[thing.id])

    def is_thin(self, thing: Thing) -> bool:
        """Say whether a thing is thinly covered, unless its sources differ."""
        return thing.degree < _THIN or thing.verbs == self._beside or self._undescribed[thing.number]

    def _told(
        self, thing: Thing, joined: str, relations: tuple[tuple[str, str, str], ...], spans: tuple[Span, ...]
    ) -> Told:
        """Return what is told of a thing, given what joins it to others and what that rests on."""
        differing = self.difference(thing)
        thin = self._thin(thing) if self.is_thin(thing) else []
        when = self._dated(thing) if self.any_dated else ""
        if differing is not None:
            known = f"{differing.verdict} {thing.described} {differing.told} {joined}{when}"
            relations = tuple(dict.fromkeys((*relations, *differing.relations)))
            spans = tuple(dict.fromkeys((*spans, *differing.spans)))
            thin.insert(0, (differing.missing, differing.close))
        missing, close = self._gaps_of(thing, thin, when)
        if differing is None:
            verdict = "Thin." if thin else "Covered, with gaps." if close else "Well covered."
            known = f"{verdict} {thing.described} {joined}{when}"
            if thing.sources > 1:
                known += f" No difference was found between what its {thing.sources:,} sources say of it."
        if not close:
            missing, close = "nothing that the others of its kind have", "nothing needs to be taken in"
        return answer_of(known, f"{missing}.", f"{close}."), relations, spans

    def _gaps_of(self, thing: Thing, first: list[Lack], when: str) -> tuple[str, str]:
        """Return what a thing lacks and what would close that, some of it given; empty where it lacks nothing."""
        if first or (self.any_dated and not when):
            return _gaps(first + self._missing(thing))
        # What lacks nothing but verbs lacks what all of its kind with the same verbs do.
        key = thing.place, thing.verbs
        found = self._gaps.get(key)
        if found is None:
            if len(self._gaps) >= _REMEMBERED:
                self._gaps.clear()
            found = self._gaps[key] = _gaps(self._missing(thing))
        return found

    def _dated(self, thing: Thing) -> str:
        """Return a sentence on the day of a thing and what states it; nothing where it is not known."""
        time = self._entities.time_of(thing.number)
        basis = self._entities.bases[self._entities.basis[thing.number]] if time else ""
        return f" It is dated {time[:10]} ({basis})." if time else ""

    def _related(self, things: Sequence[Thing]) -> list[Told]:
        """Return what joins each thing to others, counted by what the relations say and one told of; its relation and
        the spans of the thing and of that relation."""
        joined, row_of, key, paths = self._joined, self._row_of, self._relations.key, self._relations.spans.paths
        evidence, places, step_of = self._evidence, self._places, joined.told
        counts, bounds, parts = joined.counts, joined.bounds, joined.parts
        found: list[Told] = []
        for thing in things:
            degree, own = thing.degree, thing.span
            sources = "1 source" if thing.sources == 1 else counted(thing.sources, "source")
            if not degree:
                names = "names" if thing.sources == 1 else "name"
                found.append((f"No relation joins it to anything; {sources} {names} it.", (), (own,)))
                continue
            step = step_of[thing.number]
            row = row_of[step]
            at, said = evidence[row], self._step(step, row)
            spans: tuple[Span, ...] = (own,)
            if at < evidence[row + 1]:
                path, start, end = places[3 * at : 3 * at + 3]
                source = paths[path]
                if source != own.source:
                    spans, said = (own, Span(source, start, end)), f"{said} ({source})"
                elif start != own.start or end != own.end:
                    spans = own, Span(source, start, end)
            pronoun = thing.name if thing.pool == "Actor" else "it"
            if degree == 1:
                told = f"The only relation, from {sources}: {pronoun} {said}."
            else:
                every = [parts[count] for count in counts[bounds[thing.number] : bounds[thing.number + 1]]]
                every[0] += " thing" if every[0].endswith(" 1") else " things"
                listed = and_list(every)
                told = f"{degree:,} relations from {sources}: {pronoun} {listed}. For instance, {pronoun} {said}."
            found.append((told, (key(row),), spans))
        return found

    def _step(self, step: int, row: int) -> str:
        """Return what a relation says, as read along a step, and of what."""
        other = self._other_of[step]
        pool, kind = self._kinds[self._place_of[other]]
        verb, predicate = self._verb_of[step], self._predicates[self._predicate_of[row]]
        phrase = self._phrases[verb] if predicate is None else phrase_of(self._verbs[verb], predicate)
        return f"{phrase} {mention_of(pool, kind, self._names[other])}"

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
        found = [lack for verb, lack in self._usual[thing.place] if verb not in verbs]
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


def _gaps(lacks: Sequence[Lack]) -> tuple[str, str]:
    """Return all that is lacking, and all that would close it; empty where nothing is."""
    return and_list([lack for lack, _ in lacks]) if lacks else "", "; ".join([intake for _, intake in lacks])
