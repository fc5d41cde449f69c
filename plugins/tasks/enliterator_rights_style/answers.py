# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The one answer that a request, the graph and the rights of a source lead to."""

from datetime import date
from typing import Final

from attrs import frozen

from enliterator_core import Draft, Entity, Graph, Rights, Span, entity_id
from enliterator_rights_style.asking import ABOUT_A_SOURCE, Request
from enliterator_rights_style.keeping import Kept
from enliterator_rights_style.licences import asked_for, credit, licence_of, terms_of
from enliterator_rights_style.sayings import declaration, opening, passage, restated, summary

_SHARING: Final = {"share": "as it is", "share changed": "in a changed version", "share for money": "for money"}
_CANNOT: Final = {
    "quote from": "I cannot quote from {path}",
    "sum up": "I cannot sum up {path}",
    "share": "{path} may not be passed on",
    "share changed": "a changed version of {path} may not be passed on",
    "share for money": "{path} may not be used for money",
    "train on": "{path} may not be used for training",
}
_LICENCE_TEXT: Final = "a licence text"  # how the rights stage states the rights of such a file
_WORD_FOR_WORD: Final = "It has to stay word for word what it is."
_NOT_ITS_OWN: Final = ("Actor", "Rights")
_RESERVED: Final = {"share changed": "changes", "share for money": "commerce"}


@frozen
class Answer:
    """An answer, and what it rests on; ``withheld`` where it reproduces nothing of the source that it is about."""

    text: str
    relations: tuple[tuple[str, str, str], ...] = ()
    spans: tuple[Span, ...] = ()
    withheld: bool = False


def answered(request: Request, graph: Graph) -> Answer | None:
    """Return the answer to a request; None where there is nothing to go by, or nothing worth saying."""
    kept = graph.once(_answers)
    key = (request.ask, request.path, request.entity.id if request.entity else None, request.today)
    if key not in kept:
        kept[key] = _answered(request, graph)
    return kept[key]


def draft_of(request: Request, answer: Answer, user: str) -> Draft:
    """Return the draft with a request in its user's words."""
    entity, path = request.entity, request.path
    anchor = entity.id if entity else entity_id("Manifest", path)
    about = (entity.id,) if entity else ()
    withheld = path if answer.withheld else None
    return Draft(user, answer.text, anchor, about, answer.relations, answer.spans, withheld=withheld)


def _answers(graph: Graph) -> Kept[Answer | None]:
    return Kept()


def _answered(request: Request, graph: Graph) -> Answer | None:
    rights = graph.rights_of(request.path)
    if rights.trainable and rights.publishable:
        return _open(request, graph, rights)
    answer = _withheld(request, rights) if request.ask in ABOUT_A_SOURCE else None
    return Answer(answer, withheld=True) if answer is not None else None


# what may be used


def _open(request: Request, graph: Graph, rights: Rights) -> Answer | None:
    ask, path, entity = request.ask, request.path, request.entity
    if entity is None or request.today is not None:
        return None
    line = credit(path, rights)
    relations: tuple[tuple[str, str, str], ...] = ()
    spans: tuple[Span, ...] = tuple(one for one in entity.evidence if one.source == path)[:1]
    if not spans:
        return None
    if ask in ("quote", "quote code", "quote from"):
        found = _quotable(ask, graph, entity, path)
        if found is None:
            return None
        spans, body = (found[0],), quoted(ask, found[1])
    elif ask in ("paraphrase", "sum up"):
        said = restated(graph, entity, path) if ask == "paraphrase" else summary(graph, path, entity)
        if said is None:
            return None
        body, relations, spans = said
    else:
        may = _may(ask, path, entity, rights)
        if may is None:
            return None
        body = may
    length = len(graph.document(path).text)
    if any(span.source != path or not span.start < span.end <= length for span in spans):
        return None  # the graph and its documents do not go together
    return Answer(f"{body}\n\n{line}", relations, spans)


def _quotable(ask: str, graph: Graph, entity: Entity, path: str) -> tuple[Span, str] | None:
    if ask == "quote from":
        return opening(graph, path)
    return declaration(graph, entity, path) if ask == "quote code" else passage(graph, entity, path)


def quoted(ask: str, words: str) -> str:
    """Return words as a quotation: prose in quotation marks, code as it stands."""
    return f"```\n{words}\n```" if ask == "quote code" else f'"{words}"'


def _may(ask: str, path: str, entity: Entity, rights: Rights) -> str | None:
    """Say yes, and what the licence asks for in return."""
    terms = terms_of(rights.license)
    under = f"{path} is under {rights.license}" if rights.license else f"{path} states its rights itself"
    if ask == "train on":
        return f"Yes: {under}, so it may be used for training. Name it in the data's card like this:"
    if ask == "reuse":
        if entity.pool in _NOT_ITS_OWN or entity.kind == "package":
            return None  # a file names them; they are not in it
        start = f"Yes: {entity.mention} stands in {path}, under {licence_of(rights)}."
        return f"{start} {asked_for(terms, changed=True)}"
    if ask != "share" and (terms is None or terms.forbids):
        return None
    return f"Yes: {under}, so it may be passed on {_SHARING[ask]}. {asked_for(terms, changed=ask == 'share changed')}"


# what is withheld


def _withheld(request: Request, rights: Rights) -> str | None:
    """Answer about a source whose content is not used here: what is allowed, what is not and why, and the way on."""
    ask, path, today = request.ask, request.path, request.today
    if today is not None:
        return _embargoed(request, rights, today) if rights.embargo else None
    if (ask == "share" and rights.publishable) or (ask == "train on" and rights.trainable):
        sharing = asked_for(terms_of(rights.license), changed=False)
        sharing = _WORD_FOR_WORD if rights.statement == _LICENCE_TEXT else sharing
        if ask == "share":
            return f"Yes, as it is: {path} may be published. {sharing}{_but(rights)}\n\n{credit(path, rights)}"
        return f"Yes: {path} may be used for training.{_but(rights)}\n\n{credit(path, rights)}"
    if ask in _RESERVED and not _decided(ask, rights):
        return None
    return _refused(request, rights, _why(ask, rights))


def _but(rights: Rights) -> str:
    what = "used for training" if rights.publishable else "published"
    return f" It may not be {what}{f': {rights.reason}' if rights.reason else ''}."


def _decided(ask: str, rights: Rights) -> bool:
    """Say whether the rights settle sharing it changed or for money: nothing may be used, or just that is reserved."""
    terms = terms_of(rights.license)
    return bool(rights.embargo or rights.quarantined or (terms and _RESERVED[ask] in terms.forbids))


def _why(ask: str, rights: Rights) -> str:
    terms = terms_of(rights.license)
    if rights.embargo:
        return f"it is under embargo up to and including {rights.embargo}"
    if terms and ask in _RESERVED and _RESERVED[ask] in terms.forbids:
        what = "changed versions" if _RESERVED[ask] == "changes" else "use for money"
        return f"{rights.license} reserves {what} to its holder"
    if terms and terms.forbids and not rights.quarantined and ask not in _SHARING:
        return f"{rights.reason}, so nothing is made from it here" if rights.reason else "nothing is made from it here"
    if terms and "commerce" in terms.forbids and not rights.quarantined:
        return f"{rights.license} reserves commercial use, which passing it on freely would allow"
    return rights.reason or "its rights do not allow it"


def _refused(request: Request, rights: Rights, why: str, known: str = "") -> str:
    """Say no, and why; what is known; what is possible instead, whom to ask and where it stands."""
    start = f"No, {_CANNOT[request.ask].format(path=request.path)}."
    # A statement that is not understood is the reason already.
    licence = "none that is understood" if rights.statement and not rights.license else licence_of(rights)
    facts = f"Licence: {licence}. Holder: {rights.holder or 'none named'}."
    instead = f"Instead: {known or _instead(request.path, rights)} {_whom(rights)}"
    return "\n".join([start, f"Why: {why}.", facts, instead])


def _instead(path: str, rights: Rights) -> str:
    """Say what may be done with a source all the same."""
    terms = terms_of(rights.license)
    here = f"read it where it stands, {path}."
    if rights.embargo:
        after = f" From the day after {rights.embargo} on, its licence decides." if rights.license else ""
        return f"{here}{after}"
    if rights.publishable:
        return f"{here} It may be passed on as it is, word for word, under its licence."
    if rights.trainable:
        return f"{here} Training on it here is allowed, publishing it is not."
    if terms and "commerce" in terms.forbids and not rights.quarantined:
        return f"{here} Its licence allows use that is not commercial. {asked_for(terms, changed=False)}"
    return here


def _whom(rights: Rights) -> str:
    whom = rights.holder or "whoever wrote it"
    if rights.license and not rights.quarantined:
        return f"For more, ask {whom} for permission."
    return (
        f"To settle it, ask {whom} which licence it is under, and put that into an SPDX tag in it, a licence file"
        " beside or above it, or a rules file."
    )


def _embargoed(request: Request, rights: Rights, today: date) -> str | None:
    """Answer on a day that the request names: the embargo holds up to and including its own day."""
    end = date.fromisoformat(rights.embargo or "")
    left = (end - today).days
    if left >= 0:
        days = "and today is its last day" if left == 0 else f"{left:,} day{'' if left == 1 else 's'} from today"
        return _refused(request, rights, f"it is under embargo up to and including {rights.embargo}, {days}")
    over = f"its embargo ended on {rights.embargo}, {-left:,} day{'' if left == -1 else 's'} before today"
    terms = terms_of(rights.license)
    if terms is None:
        why = f"{over}, but no licence is known that would allow it now"
        return _refused(request, rights, why)
    if terms.forbids:
        return None
    if request.ask in ("quote from", "sum up"):
        known = f"{rights.license} allows it now: once {request.path} is taken in again, it can be done."
        return _refused(request, rights, f"{over}, but its text was not taken in while that lasted", known)
    what = "used for training" if request.ask == "train on" else f"passed on {_SHARING[request.ask]}"
    asked = asked_for(terms, changed=request.ask == "share changed")
    asked = "Name it in the data's card like this:" if request.ask == "train on" else asked
    return (
        f"Yes: {over}, and {rights.license} counts now, so {request.path} may be {what}. {asked}\n\n"
        f"{credit(request.path, rights)}"
    )
