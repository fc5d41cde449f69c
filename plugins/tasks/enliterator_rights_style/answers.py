# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The one answer that a request, the graph and the rights of a source lead to."""

from typing import Final, NamedTuple

from enliterator_core import Span
from enliterator_rights_style.asking import ABOUT_A_SOURCE, Request
from enliterator_rights_style.known import Known, Origin, Thing
from enliterator_rights_style.licences import asked_for, terms_of
from enliterator_rights_style.quoting import Found
from enliterator_rights_style.refusals import SHARING, withheld
from enliterator_rights_style.sayings import restated, summary

QUOTED: Final = frozenset({"quote", "quote code", "quote from"})
_NOT_ITS_OWN: Final = ("Actor", "Rights")


class Answer(NamedTuple):
    """An answer, and what it rests on; ``withheld`` where it reproduces nothing of the source that it is about."""

    text: str
    relations: tuple[tuple[str, str, str], ...] = ()
    spans: tuple[Span, ...] = ()
    withheld: bool = False


def answered(request: Request, known: Known) -> Answer | None:
    """Return the answer to a request; None where there is nothing to go by, or nothing worth saying."""
    origin = known.origins[request.path]
    if origin.usable:
        return _open(request, origin, known)
    answer = withheld(request, origin.rights) if request.ask in ABOUT_A_SOURCE else None
    return Answer(answer, withheld=True) if answer is not None else None


def _open(request: Request, origin: Origin, known: Known) -> Answer | None:
    ask, path, id, today = request
    if id is None or today is not None:
        return None
    thing = known.things[id]
    relations: tuple[tuple[str, str, str], ...] = ()
    spans = tuple([one for one in thing.evidence if one.source == path][:1])
    if not spans:
        return None
    if ask in QUOTED:
        found = _quotable(ask, origin, thing)
        if found is None:
            return None
        spans, body = (found[0],), quoted(ask, found[1])
    elif ask in ("paraphrase", "sum up"):
        said = restated(known, thing, path) if ask == "paraphrase" else summary(known, origin, thing)
        if said is None:
            return None
        body, relations, spans = said
    else:
        may = _may(ask, origin, thing)
        if may is None:
            return None
        body = may
    for span in spans:
        if span.source != path or not span.start < span.end <= origin.length:
            return None  # the graph and its documents do not go together
    return Answer(f"{body}\n\n{origin.line}", relations, spans)


def _quotable(ask: str, origin: Origin, thing: Thing) -> Found | None:
    if ask == "quote from":
        return origin.blocks.opening()
    return origin.blocks.declaration(thing.evidence) if ask == "quote code" else origin.blocks.passage(thing.evidence)


def quoted(ask: str, words: str) -> str:
    """Return words as a quotation: prose in quotation marks, code as it stands."""
    return f"```\n{words}\n```" if ask == "quote code" else f'"{words}"'


def _may(ask: str, origin: Origin, thing: Thing) -> str | None:
    """Say yes, and what the licence asks for in return."""
    if ask == "reuse":
        if thing.pool in _NOT_ITS_OWN or thing.kind == "package":
            return None  # a file names them; they are not in it
        return f"Yes: {thing.mention} {origin.reused}"
    path, license = origin.path, origin.rights.license
    under = f"{path} is under {license}" if license else f"{path} states its rights itself"
    if ask == "train on":
        return f"Yes: {under}, so it may be used for training. Name it in the data's card like this:"
    terms = terms_of(license)
    if ask != "share" and (terms is None or terms.forbids):
        return None
    return f"Yes: {under}, so it may be passed on {SHARING[ask]}. {asked_for(terms, changed=ask == 'share changed')}"
