# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""From candidates of many sources to terms: a canonical name each, forms that mean one thing, forms mistaken for it."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final

from attrs import define, field

from enliterator_core import Candidate, Term, entity_id, fold
from enliterator_lexicon.forms import unqualified, variants
from enliterator_lexicon.mistaken import mistaken

# Pools whose names are code or paths, where upper and lower case differ in meaning.
_EXACT: Final = frozenset({"Manifest", "Evidence"})
# Names that differ on purpose in a number or a few words, and are never looked up by heart.
_NEVER_MISTAKEN: Final = frozenset({"Evolutionary", "Rights"})
_SHORTEST_FORM: Final = 2


@define
class Merged:
    """What all sources say of one thing."""

    pool: str
    name: str
    kind: str = ""
    description: str = ""
    forms: dict[str, None] = field(factory=dict)
    defined: bool = False

    def take(self, candidate: Candidate) -> None:
        """Add what one more candidate says; the first that defines the thing describes it."""
        better = candidate.defines and candidate.description and not (self.defined and self.description)
        if better or not self.description:
            self.description = candidate.description
            self.kind = candidate.kind
        self.defined = self.defined or candidate.defines
        for form in (candidate.name, *candidate.forms):
            self.forms.setdefault(form)


def merge(candidates: Iterable[Candidate]) -> list[Merged]:
    """Return one merged thing for each pool and name, by pool and name; in prose, case and hyphens may differ."""
    merged: dict[tuple[str, str], Merged] = {}
    for candidate in candidates:
        name = candidate.name if candidate.pool in _EXACT else fold(candidate.name.replace("-", " "))
        known = merged.setdefault((candidate.pool, name), Merged(candidate.pool, candidate.name, candidate.kind))
        known.take(candidate)
    return sorted(merged.values(), key=lambda one: (one.pool, one.name))


def terms_of(things: list[Merged]) -> tuple[list[Term], dict[str, list[str]]]:
    """Return a term for each thing, and the ambiguous forms with the names of the things that they may mean.

    A form stays with a term only when no other thing is called or written so.
    """
    names = Counter(fold(thing.name) for thing in things)
    written = [_forms(thing, names) for thing in things]
    owners: dict[str, list[int]] = {}
    for index, forms in enumerate(written):
        for folded in forms:
            owners.setdefault(folded, []).append(index)
    kept = [[form for folded, form in forms.items() if len(owners[folded]) == 1] for forms in written]
    negative = _negative_forms(things, kept)
    terms = [
        Term(
            entity_id(one.pool, one.name),
            one.pool,
            one.name,
            one.description,
            tuple(forms),
            tuple(negative[index]),
        )
        for index, (one, forms) in enumerate(zip(things, kept, strict=True))
    ]
    ambiguous = {
        folded: sorted({f"{things[index].pool}({things[index].name})" for index in indexes})
        for folded, indexes in sorted(owners.items())
        if len(indexes) > 1
    }
    return terms, ambiguous


def _forms(thing: Merged, names: Mapping[str, int]) -> dict[str, str]:
    """Return the forms by folded form, without those that are a canonical name; stated ones before made ones."""
    own = fold(thing.name)
    forms: dict[str, str] = {}
    for form in (*thing.forms, *(one for base in thing.forms for one in _made(thing, base))):
        folded = fold(form)
        if folded != own and folded not in names and len(folded) >= _SHORTEST_FORM and len(form) <= 100:
            forms.setdefault(folded, form)
    return forms


def _made(thing: Merged, form: str) -> list[str]:
    return [] if thing.pool in _EXACT or thing.kind == "command" else variants(form, thing.kind)


def _negative_forms(things: list[Merged], kept: list[list[str]]) -> list[list[str]]:
    """Return for each thing up to three names or forms of other things that are easily mistaken for it."""
    labels = [_label(thing, forms) for thing, forms in zip(things, kept, strict=True)]
    found = mistaken(labels, [thing.pool for thing in things], _EXACT, _NEVER_MISTAKEN)
    own = [{fold(thing.name), *map(fold, forms)} for thing, forms in zip(things, kept, strict=True)]
    return [[form for form in forms if fold(form) not in own[index]] for index, forms in enumerate(found)]


def _label(thing: Merged, forms: list[str]) -> str:
    """Return what people would call a thing: its name in prose pools, else its shortest usable form."""
    if not forms:
        return thing.name
    if thing.pool not in _EXACT:
        bare = unqualified(thing.name)
        return bare if bare in forms else thing.name
    return min(forms, key=lambda form: (form.endswith("()"), len(form), form))
