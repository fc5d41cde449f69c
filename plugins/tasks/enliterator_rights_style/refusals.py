# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""What is said about a source whose content is not used here."""

from datetime import date
from typing import Final

from enliterator_core import Rights
from enliterator_rights_style.licences import asked_for, credit, licence_of, terms_of

SHARING: Final = {"share": "as it is", "share changed": "in a changed version", "share for money": "for money"}
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
_RESERVED: Final = {"share changed": "changes", "share for money": "commerce"}


def withheld(ask: str, today: date | None, path: str, rights: Rights) -> str | None:
    """Answer about a source whose content is not used here: what is allowed, what is not and why, and the way on."""
    if today is not None:
        return _embargoed(ask, path, rights, today) if rights.embargo else None
    if (ask == "share" and rights.publishable) or (ask == "train on" and rights.trainable):
        sharing = asked_for(terms_of(rights.license), changed=False)
        sharing = _WORD_FOR_WORD if rights.statement == _LICENCE_TEXT else sharing
        if ask == "share":
            return f"Yes, as it is: {path} may be published. {sharing}{_but(rights)}\n\n{credit(path, rights)}"
        return f"Yes: {path} may be used for training.{_but(rights)}\n\n{credit(path, rights)}"
    if ask in _RESERVED and not _decided(ask, rights):
        return None
    return _refused(ask, path, rights, _why(ask, rights))


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
    if terms and terms.forbids and not rights.quarantined and ask not in SHARING:
        return f"{rights.reason}, so nothing is made from it here" if rights.reason else "nothing is made from it here"
    if terms and "commerce" in terms.forbids and not rights.quarantined:
        return f"{rights.license} reserves commercial use, which passing it on freely would allow"
    return rights.reason or "its rights do not allow it"


def _refused(ask: str, path: str, rights: Rights, why: str, known: str = "") -> str:
    """Say no, and why; what is known; what is possible instead, whom to ask and where it stands."""
    start = f"No, {_CANNOT[ask].format(path=path)}."
    # A statement that is not understood is the reason already.
    licence = "none that is understood" if rights.statement and not rights.license else licence_of(rights)
    facts = f"Licence: {licence}. Holder: {rights.holder or 'none named'}."
    instead = f"Instead: {known or _instead(path, rights)} {_whom(rights)}"
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


def _embargoed(ask: str, path: str, rights: Rights, today: date) -> str | None:
    """Answer on a day that the request names: the embargo holds up to and including its own day."""
    end = date.fromisoformat(rights.embargo or "")
    left = (end - today).days
    if left >= 0:
        days = "and today is its last day" if left == 0 else f"{left:,} day{'' if left == 1 else 's'} from today"
        return _refused(ask, path, rights, f"it is under embargo up to and including {rights.embargo}, {days}")
    over = f"its embargo ended on {rights.embargo}, {-left:,} day{'' if left == -1 else 's'} before today"
    terms = terms_of(rights.license)
    if terms is None:
        why = f"{over}, but no licence is known that would allow it now"
        return _refused(ask, path, rights, why)
    if terms.forbids:
        return None
    if ask in ("quote from", "sum up"):
        known = f"{rights.license} allows it now: once {path} is taken in again, it can be done."
        return _refused(ask, path, rights, f"{over}, but its text was not taken in while that lasted", known)
    what = "used for training" if ask == "train on" else f"passed on {SHARING[ask]}"
    asked = asked_for(terms, changed=ask == "share changed")
    asked = "Name it in the data's card like this:" if ask == "train on" else asked
    return f"Yes: {over}, and {rights.license} counts now, so {path} may be {what}. {asked}\n\n{credit(path, rights)}"
