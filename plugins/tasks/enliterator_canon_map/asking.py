# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""What people ask for an entity by: its forms, in sentences too and misspelt, what it is mistaken for, what is not."""

from collections.abc import Iterator
from typing import Final

from attrs import frozen

from enliterator_canon_map.answering import Answers
from enliterator_canon_map.lexicon import Lexicon, bare
from enliterator_canon_map.quoting import Request, in_sentence
from enliterator_canon_map.reading import ASKS, COMPARISONS
from enliterator_canon_map.slips import slip
from enliterator_core import Graph, Sampler, fold

_MOST_FORMS: Final = 20


@frozen
class Shares:
    """How much is asked for one entity: see :class:`enliterator_canon_map.CanonMap`."""

    forms: int
    negatives: int
    slips: float
    unknown: float


class Asker:
    """Asks for the entities of a graph."""

    def __init__(self, graph: Graph, sampler: Sampler, shares: Shares) -> None:
        self._graph, self._sampler, self._shares = graph, sampler, shares
        self._ids = graph.arrays.entities.ids
        self._lexicon, self._entries = graph.once(Lexicon), graph.once(Answers).entries

    def requests(self, number: int) -> list[Request]:
        """Return what is asked for an entity, each with the spans whose words it uses."""
        id = self._ids[number]
        name, term = self._entries[id].name, self._graph.terms.get(id)
        owners, own = self._lexicon.owners, (id,)
        forms = dict.fromkeys((name, *term.surface_forms[:_MOST_FORMS])) if term else (name,)
        own_forms = [form for form in forms if form == form.strip() != "" and owners.get(fold(form)) == own]
        found = self._named(id, own_forms) if own_forms else []
        if term is not None and term.negative_forms:
            found += self._negative(id, name, term.negative_forms)
        if self._sampler.fraction("unknown", id) < self._shares.unknown:
            absent = self._sampler.absent_name(self._graph, self._graph.entities[id], "canon_map")
            if absent:
                found.append(self._ask(absent, "ask", id, absent))
        return found

    def several(self) -> Iterator[tuple[int, Request]]:
        """Yield a request for every bare name that several things have, with the number of the first of them."""
        for form, ids in self._lexicon.several.items():
            if self._sampler.together(*ids[:3]):
                yield self._graph.number(ids[0]), self._ask(bare(self._graph.name(ids[0])) or form, "several", form)

    def _ask(self, said: str, *key: str) -> Request:
        before, after = self._sampler.choose(ASKS, *key)
        return f"{before}{said}{after}", ()

    def _named(self, id: str, own: list[str]) -> list[Request]:
        """Return requests that say one of the entity's own forms, of which there is one at least."""
        sampler, shares, entry = self._sampler, self._shares, self._entries[id]
        # One draw turns the forms, so that a term with many costs no more than one with few.
        first = int(sampler.fraction("form", id) * len(own))
        own = own[first:] + own[:first]
        quoted = in_sentence(self._graph, sampler, id, entry.evidence, own)
        found = [quoted] if quoted else []
        for form in own[: shares.forms]:
            place = sampler.fraction("ask", id, form) * len(ASKS)
            before, after = ASKS[int(place)]
            said = form.lower() if place % 1 < 0.4 else form
            # People say `the`, where the source does.
            if place % 1 > 0.6 and f"the {form.lower()} " in entry.said.lower():
                said = f"the {form}"
            found.append((f"{before}{said}{after}", ()))
        if len(own) == 1:
            found.append(self._ask(own[0], "again", id))
        elif sampler.fraction("same", id) < 0.15:
            before, between, after = sampler.choose(COMPARISONS[:4], "same", id, own[0])
            found.append((f"{before}{own[0]}{between}{own[1]}{after}", ()))
        if sampler.fraction("slips", id) < shares.slips and (misspelt := self._misspelt(id, own)):
            found.append(misspelt)
        return found

    def _misspelt(self, id: str, own: list[str]) -> Request | None:
        """Return a request that says one of the entity's own forms with a slip."""
        form = self._sampler.choose(own, "misspelt", id)
        own_part = (bare(form) if form.endswith(")") else None) or form
        misspelt = slip(own_part, self._sampler, id, form)
        return self._ask(f"{misspelt}{form[len(own_part) :]}", "misspelt", id, form) if misspelt else None

    def _negative(self, id: str, name: str, negative: tuple[str, ...]) -> Iterator[Request]:
        """Yield requests that mistake something for the entity."""
        owners, sampler = self._lexicon.owners, self._sampler
        for form in sampler.ordered(negative, "negative", id)[: self._shares.negatives]:
            known = owners.get(fold(form), ())
            if not known:
                yield self._ask(form, "ask", id, form)
            elif len(known) == 1 and sampler.together(id, known[0]):
                # Where each is mistaken for the other, one of the two questions is enough.
                if known[0] < id and self._is_mistaken(known[0], id):
                    continue
                pair = [form, name]
                if sampler.fraction("turned", id, form) < 0.5:
                    pair.reverse()
                before, between, after = sampler.choose(COMPARISONS, "compare", id, form)
                yield f"{before}{pair[0]}{between}{pair[1]}{after}", ()

    def _is_mistaken(self, id: str, other: str) -> bool:
        """Say whether an entity is mistaken for another, by a form that it has."""
        term = self._graph.terms.get(id)
        owners = self._lexicon.owners
        return any(other in owners.get(fold(form), ()) for form in (term.negative_forms if term else ()))
