# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The one answer that a request, the graph and the rights of a source lead to."""

from typing import Final

from enliterator_rights_style.asking import ABOUT_A_SOURCE, Asked
from enliterator_rights_style.known import Known, Origin, Thing
from enliterator_rights_style.licences import asked_for, terms_of
from enliterator_rights_style.quoting import Found
from enliterator_rights_style.refusals import SHARING, withheld
from enliterator_rights_style.sayings import Said, restated, summary

QUOTED: Final = frozenset({"quote", "quote code", "quote from"})
_NOT_ITS_OWN: Final = ("Actor", "Rights")


def answered(asked: Asked, origin: Origin, thing: Thing | None, known: Known) -> Said | None:
    """Return the answer to a request about a source, or a thing in it; None where there is nothing worth saying.

    About a source that may not be used it reproduces nothing.
    """
    ask, today = asked
    if not origin.usable:
        answer = withheld(ask, today, origin.path, origin.rights) if ask in ABOUT_A_SOURCE else None
        return (answer, (), ()) if answer is not None else None
    if thing is None or today is not None:
        return None
    if ask == "paraphrase":
        return restated(known, origin, thing)
    said = _said(ask, origin, thing, known)
    for span in said[2] if said is not None else ():
        if span.source != origin.path or not span.start < span.end <= origin.length:
            return None  # the graph and its documents do not go together
    return said


def _said(ask: str, origin: Origin, thing: Thing, known: Known) -> Said | None:
    first = origin.first_of(thing)
    if first is None:
        return None
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
