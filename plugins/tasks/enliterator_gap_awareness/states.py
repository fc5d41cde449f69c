# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The drafts, one function for each state that what is asked about can be in; the graph alone decides what they say."""

from functools import cache
from typing import Final

import numpy as np

from enliterator_core import Draft, Graph, entity_id
from enliterator_gap_awareness.asking import Beyond
from enliterator_gap_awareness.saying import Sayings
from enliterator_gap_awareness.tallies import Tally
from enliterator_gap_awareness.telling import Teller, and_list, answer_of, counted
from enliterator_gap_awareness.things import Thing, Things

PARTS: Final = ("Known", "Missing", "To close it")
#: the first words of every answer, which say the state
VERDICTS: Final = (
    *(
        "Well covered.",
        "Covered, with gaps.",
        "Thin.",
        "Contradictory.",
        "Told in two ways.",
        "Under different licences.",
    ),
    *("Not here.", "Outside this collection.", "Here, but withheld.", "Here, and usable.", "Here, for training only."),
    "An overview.",
)
_FEW: Final = 3
#: what an overview counts as missing, and what would close it
_HOLES: Final = (
    ("description", "sentences that say what they are"),
    ("relation", "sentences that join them to something else"),
    ("date", "dates for their sources, such as a git history"),
)


def present(teller: Teller, thing: Thing, user: str) -> Draft:
    """Return the draft that tells of a thing: well covered, with gaps, thin, or told differently by its sources."""
    answer, relations, spans = teller.told(thing)
    return Draft(user, answer, thing.id, (thing.id,), relations, spans)


def absent(thing: Thing, name: str, user: str) -> Draft:
    """Return the draft that tells that nothing has a name, and what comes next to it."""
    answer = answer_of(
        f'Not here. Nothing is called "{name}". What comes next to it: {thing.described}',
        f'everything on "{name}": 0 entries, so 0 relations.',
        f'a source that says what "{name}" is; or, if {thing.mention} is meant, a sentence that calls it so.',
    )
    return Draft(user, answer, thing.id, (thing.id,), (), (thing.span,), name)


def beyond(thing: Thing, scope: Beyond, user: str) -> Draft:
    """Return the draft that tells that the sources on a thing have nothing to say to such a question."""
    if thing.sources == 1:
        none = f"the 1 source on it holds none of the words {_any_of(scope.words)}"
    else:
        none = f"none of the {thing.sources:,} sources on it holds any of the words {_any_of(scope.words)}"
    answer = answer_of(
        f"Outside this collection. What it does hold: {thing.described}",
        f"{scope.lacks}: {none}.",
        f"{scope.close.replace('{name}', thing.mention)}.",
    )
    return Draft(user, answer, thing.id, (thing.id,), (), (thing.span,))


@cache
def _any_of(words: tuple[str, ...]) -> str:
    return and_list([f'"{word}"' for word in words]).replace(" and ", " or ")


def is_beyond(graph: Graph, thing: Thing, scope: Beyond) -> bool:
    """Say whether no source on a thing holds a word of such a question's answer."""
    holds = graph.once(Sayings).holds
    if thing.sources == 1:
        return not holds(thing.span.source, scope)
    return not any(holds(path, scope) for path in graph.arrays.entities.spans.sources(thing.number))


def sayable(graph: Graph, path: str) -> list[str]:
    """Return what may be said of a source that is withheld, even where its own text says it too."""
    rights = graph.rights_of(path)
    return [path, *(part for part in (rights.license, rights.holder, rights.statement, rights.reason) if part)]


def withheld(graph: Graph, path: str, user: str) -> Draft:
    """Return the draft that tells of a source whose content may not be used: path, holder and licence, no more."""
    rights, source = graph.rights_of(path), graph.sources[path]
    licence = f"under {rights.license}" if rights.license else "without a licence that was found"
    holder = f"held by {rights.holder}" if rights.holder else "with no holder named"
    close = "a licence for it: an SPDX tag, a licence file above it, or a statement of its holder"
    if rights.embargo:
        close = f"nothing before {rights.embargo}, when its embargo ends"
    elif rights.license or rights.holder:
        close = f"permission from {rights.holder or 'whoever holds the rights'}"
    made = len(graph.by_source.numbers(path)) if path in graph.by_source else 0
    return Draft(
        user,
        answer_of(
            f"Here, but withheld. {path} ({source.media_type}, {source.size:,} bytes) is {licence}, {holder}.",
            f"all that it says: {rights.reason or 'it may not be used for training'}. So nothing of it is told here; "
            f"{made:,} {'entry is' if made == 1 else 'entries are'} made from it.",
            f"{close}.",
        ),
        entity_id("Manifest", path),
        withheld=path,
    )


class Homes:
    """The entities of each source that holds their first evidence, by their numbers, in their order."""

    def __init__(self, graph: Graph) -> None:
        spans = graph.arrays.entities.spans
        evident = np.flatnonzero(np.diff(spans.offsets) > 0)
        homes = spans.places[spans.offsets[evident], 0]
        order = np.argsort(homes, kind="stable")
        self._numbers = graph.arrays.one_by_one(evident[order])
        self._bounds = np.searchsorted(homes[order], np.arange(len(spans.paths) + 1)).tolist()
        self._codes = {path: code for code, path in enumerate(spans.paths)}

    def of(self, path: str) -> list[int]:
        """Return the numbers of the entities whose first evidence is in a source."""
        code = self._codes.get(path)
        numbers = self._numbers[:0] if code is None else self._numbers[self._bounds[code] : self._bounds[code + 1]]
        return numbers.tolist()


def usable(graph: Graph, path: str, user: str) -> Draft | None:
    """Return the draft that tells what a source gives; None where nothing is made from it."""
    teller, things = graph.once(Teller), graph.once(Things).things
    first = [thing for thing in things(graph.once(Homes).of(path)[:_FEW]) if thing]
    if not first:
        return None
    rights, source, made = graph.rights_of(path), graph.sources[path], len(graph.by_source.numbers(path))
    names = and_list([one.mention for one in first])
    more = f"{made:,} entries, among them {names}" if made > 1 else names
    verdict = "Here, and usable." if rights.publishable else "Here, for training only."
    licence = f"under {rights.license}" if rights.license else "by a statement of its rights"
    holder = f", held by {rights.holder}" if rights.holder else ""
    unsaid = next((one for one in first if not graph.arrays.entities.descriptions[one.number]), None)
    missing = [f"what {unsaid.mention} is"] if unsaid else []
    close = [f"a sentence that says what {unsaid.mention} is"] if unsaid else []
    if source.time.value is None and teller.any_dated:
        missing.append("its date")
        close.append(teller.dated_by(path))
    when = f" It is dated {source.time.value[:10]} ({source.time.basis})." if source.time.value else ""
    return Draft(
        user,
        answer_of(
            f"{verdict} {path} ({source.media_type}, {source.size:,} bytes) stands {licence}{holder}.{when}"
            f" It gives evidence for {more}.",
            f"{and_list(missing or ['nothing that was looked for'])}.",
            f"{'; '.join(close) or 'nothing needs to be taken in'}.",
        ),
        entity_id("Manifest", path),
        tuple(one.id for one in first),
        spans=tuple(dict.fromkeys(one.span for one in first)),
    )


def overview(graph: Graph, tally: Tally, user: str) -> Draft:
    """Return the draft that counts what is known of all entities of a kind, and names one for every hole."""
    thing_of = graph.once(Things).thing
    instances = {lack: thing for lack, one in tally.instances.items() if (thing := thing_of(one))}
    holes = [(lack, close) for lack, close in _HOLES if tally.lacking[lack]]
    told = [
        f"{tally.lacking[lack]:,} with no {lack}"
        + (f", such as {instances[lack].mention}" if lack in instances else "")
        for lack, _ in holes
    ]
    first = None if tally.first is None else thing_of(tally.first)
    shown = {one.id: one for lack, _ in holes if (one := instances.get(lack))} or ({first.id: first} if first else {})
    return Draft(
        user,
        answer_of(
            f"An overview. {tally.count:,} {tally.spoken} from {counted(tally.sources, 'source')}, "
            f"{tally.whole or 'none'} of them with a description, a relation and a date.",
            f"{'; '.join(told) or 'nothing that was counted'}.",
            f"{'; '.join(close for _, close in holes) or 'nothing needs to be taken in'}.",
        ),
        f"kind {tally.spoken}",
        tuple(shown),
        spans=tuple(dict.fromkeys(one.span for one in shown.values())),
    )
