# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The one answer that a request, the graph and the rights of a source lead to."""

from typing import Final, NamedTuple

from enliterator_core import Span
from enliterator_rights_style.asking import ABOUT_A_SOURCE, Asked
from enliterator_rights_style.known import Known, Origin, Thing
from enliterator_rights_style.licences import asked_for, terms_of
from enliterator_rights_style.quoting import Found
from enliterator_rights_style.refusals import SHARING, withheld
from enliterator_rights_style.sayings import Said, restated, summary

QUOTED: Final = frozenset({"quote", "quote code", "quote from"})
_NOT_ITS_OWN: Final = ("Actor", "Rights")


class Answer(NamedTuple):
    """An answer, and what it rests on; ``withheld`` where it reproduces nothing of the source that it is about."""

    text: str
    relations: tuple[tuple[str, str, str], ...] = ()
    spans: tuple[Span, ...] = ()
    withheld: bool = False


def answered(asked: Asked, origin: Origin, thing: Thing | None, known: Known) -> Answer | None:
    """Return the answer to a request about a source, or a thing in it; None where there is nothing worth saying."""
    ask, today = asked
    if not origin.usable:
        answer = withheld(ask, today, origin.path, origin.rights) if ask in ABOUT_A_SOURCE else None
        return Answer(answer, withheld=True) if answer is not None else None
    said = _said(ask, origin, thing, known) if thing is not None and today is None else None
    if said is None:
        return None
    path, length = origin.path, origin.length
    for span in said[2]:
        if span.source != path or not span.start < span.end <= length:
            return None  # the graph and its documents do not go together
    return Answer(*said)


def _said(ask: str, origin: Origin, thing: Thing, known: Known) -> Said | None:
    path = origin.path
    for first in thing.evidence:
        if first.source == path:
            break
    else:
        return None
    if ask == "paraphrase":
        return restated(known, origin, thing)
    if ask == "sum up":
        return summary(known, origin, thing)
    if ask in QUOTED:
        found = _quotable(ask, origin, thing)
        return (f"{quoted(ask, found[1])}\n\n{origin.line}", (), (found[0],)) if found is not None else None
    may = _may(ask, origin, thing)
    return (may, (), (first,)) if may is not None else None


def _quotable(ask: str, origin: Origin, thing: Thing) -> Found | None:
    if ask == "quote from":
        return origin.blocks.opening()
    return origin.blocks.declaration(thing.evidence) if ask == "quote code" else origin.blocks.passage(thing.evidence)


def quoted(ask: str, words: str) -> str:
    """Return words as a quotation: prose in quotation marks, code as it stands."""
    return f"```\n{words}\n```" if ask == "quote code" else f'"{words}"'


def _may(ask: str, origin: Origin, thing: Thing) -> str | None:
    """Say yes, and what the licence asks for in return; whose it is."""
    if ask == "reuse":
        if thing.pool in _NOT_ITS_OWN or thing.kind == "package":
            return None  # a file names them; they are not in it
        return f"Yes: {thing.mention} {origin.reused}"
    path, license = origin.path, origin.rights.license
    under = f"{path} is under {license}" if license else f"{path} states its rights itself"
    if ask == "train on":
        return f"Yes: {under}, so it may be used for training. Name it in the data's card like this:\n\n{origin.line}"
    terms = terms_of(license)
    if ask != "share" and (terms is None or terms.forbids):
        return None
    asked = asked_for(terms, changed=ask == "share changed")
    return f"Yes: {under}, so it may be passed on {SHARING[ask]}. {asked}\n\n{origin.line}"
