# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""From candidates of all sources to entities, with the strictest rights and the earliest time among their evidence."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final

from attrs import define, evolve, field

from enliterator_core import UNKNOWN_TIME, Candidate, Entity, Rights, Source, Span, Term, Time, fold, strictest

# Pools whose names are code or paths, where upper and lower case differ in meaning.
_EXACT: Final = frozenset({"Manifest", "Evidence"})
# What an import names may be a package that a manifest or the dataset itself calls otherwise.
_SAME: Final = frozenset({"package", "module", "project"})

Key = tuple[str, str]


def key_of(candidate: Candidate) -> Key:
    """Return what makes two candidates one thing: pool and name, in prose whatever its case and hyphens."""
    return candidate.pool, candidate.name if candidate.pool in _EXACT else fold(candidate.name.replace("-", " "))


@define
class Thing:
    """What all sources say of one thing."""

    pool: str
    name: str
    kind: str = ""
    description: str = ""
    said_at: Span | None = None
    forms: dict[str, None] = field(factory=dict)
    evidence: set[Span] = field(factory=set)
    times: list[Time] = field(factory=list)
    languages: dict[tuple[str, str], None] = field(factory=dict)
    mistaken: dict[str, None] = field(factory=dict)
    defined: bool = False

    def take(self, candidate: Candidate, time: Time) -> None:
        """Add what one more candidate says; the first that defines and describes the thing describes it."""
        if candidate.description and (not self.description or (candidate.defines and not self.defined)):
            self.description = candidate.description
            self.said_at = candidate.evidence[0] if candidate.evidence else None
            self.kind = candidate.kind or self.kind
        self.kind = self.kind or candidate.kind
        self.defined = self.defined or bool(candidate.defines and candidate.description)
        self.forms.update(dict.fromkeys(form for form in (candidate.name, *candidate.forms) if form != self.name))
        self.languages.update(dict.fromkeys(candidate.languages))
        self.mistaken.update(dict.fromkeys(candidate.mistaken))
        self.evidence.update(candidate.evidence)
        if candidate.defines and time.value:
            self.times.append(time)


def gather(candidates: Iterable[Candidate], times: Mapping[str, Time]) -> list[Thing]:
    """Return one thing for each pool and name, by pool and name.

    Candidates that define nothing and have no kind of their own only add to a thing that others define; an imported
    package that is known under another name is that. ``times`` gives each source's time.
    """
    things: dict[Key, Thing] = {}
    later: list[tuple[Candidate, Time]] = []
    for candidate in candidates:
        time = candidate.time if candidate.time.value else _time_of(candidate, times)
        if not candidate.defines:
            later.append((candidate, time))
        elif candidate.evidence:
            _thing(things, candidate).take(candidate, time)
    owners = _owners(things)
    for candidate, time in later:
        key = key_of(candidate)
        if key not in things and candidate.kind == "package":
            key = owners.get(fold(candidate.name), key)
        if key in things:
            things[key].take(candidate, time)
        elif candidate.kind and candidate.evidence:
            _thing(things, candidate).take(candidate, time)
    return sorted(things.values(), key=lambda one: (one.pool, one.name))


def _time_of(candidate: Candidate, times: Mapping[str, Time]) -> Time:
    return times.get(candidate.evidence[0].source, UNKNOWN_TIME) if candidate.evidence else UNKNOWN_TIME


def _thing(things: dict[Key, Thing], candidate: Candidate) -> Thing:
    return things.setdefault(key_of(candidate), Thing(candidate.pool, candidate.name, candidate.kind))


def _owners(things: Mapping[Key, Thing]) -> dict[str, Key]:
    """Return the packages, modules and projects by those of their other names that no other has."""
    owners: dict[str, set[Key]] = {}
    for key, thing in things.items():
        if thing.pool == "Manifest" and thing.kind in _SAME:
            for form in thing.forms:
                owners.setdefault(fold(form), set()).add(key)
    return {form: min(keys) for form, keys in owners.items() if len(keys) == 1}


def entities_of(
    things: Iterable[Thing], sources: Mapping[str, Source], rights: dict[str, Rights], most: int
) -> tuple[list[Entity], list[Rights]]:
    """Return an entity for each thing, and the rights that were combined for them; at most ``most`` spans each.

    The first span is the one that holds the description.
    """
    known = {frozenset({id}): id for id in rights}
    combined: list[Rights] = []
    entities = []
    for thing in things:
        evidence = sorted(thing.evidence - {thing.said_at} if thing.said_at else thing.evidence)
        spans = ([thing.said_at] if thing.said_at else []) + evidence
        kept = tuple(spans[:most])
        ids = frozenset(sources[span.source].rights for span in kept)
        if ids not in known:
            together = strictest(rights[id] for id in ids)
            combined.append(together)
            known[ids] = together.id
        time = min(thing.times, key=lambda one: one.value or "", default=UNKNOWN_TIME)
        entities.append(Entity(thing.pool, thing.name, thing.kind, thing.description, "", time, known[ids], kept))
    return entities, combined


def terms_of(
    things: Iterable[Thing], lexicon: Mapping[str, Term], ambiguous: Iterable[str], entities: Iterable[Entity]
) -> list[Term]:
    """Return the final terms: the lexicon's, and one for each entity that the lexicon does not have.

    A form that now means more than one thing, or is another's name, is given up by all.
    """
    drafts = []
    for thing, entity in zip(things, entities, strict=True):
        term = lexicon.get(entity.id, Term(entity.id, entity.pool, entity.name, entity.description))
        made = lexicon.get(entity.id) is not None
        forms = dict.fromkeys(term.surface_forms)
        if not made or thing.pool in _EXACT:
            forms.update(thing.forms)
        languages = tuple(sorted(thing.languages))
        draft = evolve(term, description=entity.description, surface_forms=tuple(forms), languages=languages)
        drafts.append(evolve(draft, negative_forms=tuple(dict.fromkeys((*term.negative_forms, *thing.mistaken)))))
    names = {fold(term.name) for term in drafts}
    owners = Counter(form for term in drafts for form in {fold(form) for form in term.surface_forms})
    refused = set(ambiguous) | names
    kept = [_kept(term, owners, refused) for term in drafts]
    real = names | {fold(form) for term in kept for form in term.surface_forms}
    return [
        evolve(term, negative_forms=tuple(form for form in term.negative_forms if _differs(form, term, real)))
        for term in kept
    ]


def _kept(term: Term, owners: Mapping[str, int], refused: set[str]) -> Term:
    forms: dict[str, str] = {}
    for form in term.surface_forms:
        folded = fold(form)
        if len(folded) > 1 and owners[folded] == 1 and folded not in refused:
            forms.setdefault(folded, form)
    called = {term.name, *forms.values()}
    told = tuple(one for one in term.languages if one[0] in called)
    return evolve(term, surface_forms=tuple(forms.values()), languages=told)


def _differs(form: str, term: Term, real: set[str]) -> bool:
    folded = fold(form)
    return folded in real and folded != fold(term.name) and folded not in {fold(one) for one in term.surface_forms}
