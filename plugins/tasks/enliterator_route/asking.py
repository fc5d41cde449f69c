# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""How people ask: the ways that tools know of, what is said around them, and how a request is read back.

A request is an opening, one way with its parameters said, and a closing. A way that two tools have is nobody's.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property, lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
from attrs import field, frozen

from enliterator_core import Graph, phrase_of, reverse_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: before anything; before what is no question
OPENINGS: Final = (
    "", "", "", "hi, ", "hello! ", "hey, ", "quick question: ", "ok so ", "sorry to bother you again. ",
    "good morning, ", "one more thing: ", "for a talk tomorrow: ", "me again. ", "um, ",
)  # fmt: skip
ORDERS: Final = (
    "", "", "please ", "can you ", "could you please ", "pls ", "i need you to ", "would you mind: ", "hi, can you ",
    "hello, please ", "next: ", "hey, ",
)  # fmt: skip
CLOSINGS: Final = (
    "", "", "", "", "", " thanks", " thx!", ", please", " asap", " - no hurry", " (asking for a colleague)", " ta",
)  # fmt: skip
#: these begin an order; after any other beginning, only an opening that goes with everything is used
_DEEDS: Final = re.compile(
    "(?:search|find|do|run|give|tell|describe|explain|list|count|browse|show|put|quote|check|trace|compare|delete|"
    "rename|merge|translate|send|email|draw|remind|write|set|book|buy|call|post|upload|add|correct|convert|rate|play)\\b"
)
_SLOT: Final = re.compile(r"\{(\w+)(?::(\w+))?\}")
STOPS: Final = " ?.!"
_BEGINNINGS: Final = tuple(sorted({*OPENINGS, *ORDERS} - {""}))
_ENDINGS: Final = tuple(sorted({*CLOSINGS} - {""}, key=len, reverse=True))
_OPENS: Final = 3
_OPENED: Final = frozenset(_BEGINNINGS)
#: beginnings by their first characters
_BY_START: Final = {
    start: tuple(one for one in _BEGINNINGS if one[:_OPENS] == start) for start in {one[:_OPENS] for one in _BEGINNINGS}
}
_CLOSING: Final = re.compile(f"[{STOPS}]*(?:{'|'.join(map(re.escape, _ENDINGS))})?")
#: most of what that matches
_CLOSINGS: Final = frozenset(stop + closing for stop in ("", *STOPS) for closing in ("", *_ENDINGS))
_ODD_ENDS: Final = (*(one.casefold() for one in _ENDINGS), *STOPS)
_ENDS: Final = frozenset(one[-2:].casefold() for one in _ENDINGS)
_BEFORE_ORDERS: Final = (*ORDERS, *OPENINGS)


@frozen(slots=False)
class Way:
    """One way to ask: texts and slots in turn; a slot is a parameter's key and how it is said."""

    tool: str
    keys: tuple[str, ...]
    texts: tuple[str, ...]
    slots: tuple[tuple[str, str], ...]
    order: bool = field(default=False)

    @cached_property
    def whos(self) -> tuple[str, ...]:
        """What a verb's subject is asked for as, where the way asks for it."""
        return ("what", "who") if any(how == "who" for _, how in self.slots) else ("what",)

    @cached_property
    def mark(self) -> str:
        """The longest of its texts, as :func:`read` has it: a request in which it is not is not in this way."""
        return max((text.strip(STOPS).casefold() for text in self.texts), key=len)

    @cached_property
    def stops(self) -> int:
        """How many stops it ends with."""
        return len(self.texts[-1]) - len(self.texts[-1].rstrip(STOPS))

    @cached_property
    def bare(self) -> tuple[str, ...]:
        """The parameters that are said as they are."""
        return tuple(key for key, how in self.slots if not how)

    @cached_property
    def _values(self) -> Callable[[Mapping[str, Any]], Any] | None:
        """What takes the values for the blanks out of parameters, where these are said as they are."""
        return itemgetter(*self.bare) if self.bare and len(self.bare) == len(self.slots) else None

    @cached_property
    def _blanks(self) -> str:
        """The texts with a blank for each slot."""
        return "%s".join(text.replace("%", "%%") for text in self.texts)

    def said(self, params: Mapping[str, Any], who: str = "what") -> str:
        """Return the way with its parameters said; KeyError where a verb is none."""
        if self._values is not None:
            said: str = self._blanks % self._values(params)
            return said
        return self._blanks % tuple([_said(how, params[key], who) if how else params[key] for key, how in self.slots])


@lru_cache(maxsize=512)
def _said(how: str, value: str, who: str) -> str:
    """Return how a verb is said."""
    if how == "phrase":
        return phrase_of(value)
    if how == "back":
        return phrase_of(reverse_of(value))
    return who if how == "who" else value


def way_of(tool: str, text: str, properties: Iterable[str] = ()) -> Way:
    """Read a way with its slots in braces; its keys stand in the order of the tool's properties."""
    pieces = _SLOT.split(text)
    slots = tuple((key, how or "") for key, how in zip(pieces[1::3], pieces[2::3], strict=True))
    said = {key for key, _ in slots}
    keys = tuple(key for key in properties if key in said) or tuple(dict.fromkeys(key for key, _ in slots))
    return Way(tool, keys, tuple(pieces[::3]), slots, _DEEDS.match(text) is not None)


def _described(description: str, parameters: Mapping[str, Any]) -> list[str]:
    """Return ways to ask for a tool that has none of its own: what it says that it does, and what is given."""
    deed = description.split(". ")[0].rstrip(".")
    deed = deed[:1].lower() + deed[1:]
    required = parameters.get("required", [])
    optional = [key for key in parameters.get("properties", {}) if key not in required]
    ways = [deed]
    for keys in (required, *([*required, key] for key in optional)):
        given = ", ".join(f"{parameters['properties'][key].get('title', key)} {{{key}}}" for key in keys)
        ways += [f"{deed}: {given}", f"i want this: {deed}, with {given}", f"{deed} ({given})"] if given else []
    return list(dict.fromkeys(ways))


def ways(graph: Graph) -> dict[tuple[str, tuple[str, ...]], list[Way]]:
    """Return the ways of the graph's tools by tool and parameters, without those that more than one tool has."""
    every: dict[str, list[Way]] = {}
    for name, tool in graph.tools.items():
        properties = tool.parameters.get("properties", {})
        for text in getattr(tool, "asked", ()) or _described(tool.description, tool.parameters):
            way = way_of(name, text, properties)
            if set(way.keys) <= set(properties):
                every.setdefault(_SLOT.sub("{}", text).strip(STOPS).casefold(), []).append(way)
    found: dict[tuple[str, tuple[str, ...]], list[Way]] = {}
    for same in every.values():
        if len({(way.tool, way.keys) for way in same}) == 1:
            found.setdefault((same[0].tool, same[0].keys), []).append(same[0])
    return found


class Manner(NamedTuple):
    """What is said around a request: whether its own question mark is left out, whether it gets one as an order does,
    and whether it begins with a capital; where there is an opening, that has it."""

    opening: str
    closing: str
    strips: bool
    asks: bool
    capital: bool


def _manner(opening: str, closing: str, early: bool, capital: bool) -> Manner:
    if opening and "please" in closing:
        closing = ""
    asks = early and opening.endswith("you ") and "need" not in opening
    begun = opening[:1].upper() + opening[1:] if capital else opening
    return Manner(begun, closing, early or closing.startswith(","), asks, capital and not opening)


#: every manner of what is no order, then every one of what is
MANNERS: Final = tuple(
    _manner(opening, closing, early, capital)
    for opening in (*OPENINGS, *_BEFORE_ORDERS)
    for closing in CLOSINGS
    for early in (False, True)
    for capital in (False, True)
)


def manners(orders: "NDArray[np.bool]", chances: "NDArray[np.floating[Any]]") -> "NDArray[np.int64]":
    """Return for each request, an order or not, the number of the manner that one chance gives it."""
    rest = chances * np.where(orders, len(_BEFORE_ORDERS), len(OPENINGS))
    opening = rest.astype(np.int64)
    rest = (rest - opening) * len(CLOSINGS)
    closing = rest.astype(np.int64)
    rest -= closing
    number = (opening + np.where(orders, len(OPENINGS), 0)) * len(CLOSINGS) + closing
    return (number * 2 + (rest < 0.4)) * 2 + (rest * 4 % 1 > 0.6)


def around(said: str, manner: Manner, named: bool) -> str:
    """Return what is said as somebody writes it; ``named`` says that it begins with a name, which stays as it is."""
    opening, closing, strips, asks, capital = manner
    if said.endswith("?"):
        if strips:
            said = said.rstrip("?")
    elif asks:
        said += "?"
    if capital and not named:
        said = said[:1].upper() + said[1:]
    return f"{opening}{said}{closing}"


def manners_of(ways: Sequence[Way], chances: Sequence[float]) -> list[Manner]:
    """Return the manner that a chance gives each request in a way."""
    orders = np.array([way.order for way in ways], bool)
    return [MANNERS[number] for number in manners(orders, np.array(chances, float)).tolist()]


def request(said: str, order: bool, chance: float) -> str:
    """Return what is said as somebody writes it: an opening, a closing, capitals and stops, all by one chance."""
    return around(said, MANNERS[int(manners(np.array([order]), np.array([chance]))[0])], False)


def is_odd(value: Any) -> bool:
    """Say whether what is said may be taken for a part of what is said around it."""
    if not isinstance(value, str):
        return False
    folded = value.casefold()
    if folded[:_OPENS] in _BY_START and folded.startswith(_BEGINNINGS):
        return True
    return (folded[-2:] in _ENDS or folded[-1:] in STOPS) and folded.endswith(_ODD_ENDS)


def _bare(text: str) -> str:
    return text.rstrip(STOPS).casefold()


def _starts(user: str) -> list[int]:
    """Return where what is asked may start: "hi, can you explain it?" opens with "hi, can you ", "hi, " or nothing."""
    lower = user.lower()
    return [0, *[len(one) for one in _BY_START.get(lower[:_OPENS], ()) if lower.startswith(one)]]


def read(user: str) -> set[str]:
    """Return what a request may say, case folded, without openings, closings and stops."""
    texts, starts = [user], _starts(user)
    if user.endswith(_ENDINGS):
        texts.append(user.removesuffix(next(one for one in _ENDINGS if user.endswith(one))))
    return {_bare(text[start:]) for text in texts for start in starts if start <= len(text)}


def says(user: str, known: Iterable[Way], params: Mapping[str, Any]) -> Way | None:
    """Return which of some ways a request is in, with these parameters said; None when it is in none.

    Texts must stand in the request as they are given; case counts for nothing in the words around them.
    """
    folded = user.casefold()
    for way in known:
        if way.mark not in folded:
            continue
        for who in way.whos:
            try:
                whole = way.said(params, who)
            except (KeyError, TypeError):
                return None
            said = whole.rstrip(STOPS)
            start = user.find(said)
            # Nearly all requests say it letter by letter, and no text in it ends with stops.
            if (
                start >= 0
                and len(whole) - len(said) == way.stops
                and user[start + len(said) :] in _CLOSINGS
                and (not start or user[:start].lower() in _OPENED)
            ):
                return way
            said = said.casefold()
            start = folded.find(said)
            while start >= 0:
                if (not start or user[:start].lower() in _OPENED) and _closes(user, folded[start + len(said) :]):
                    return None if [key for key in way.bare if str(params[key]) not in user] else way
                start = folded.find(said, start + 1)
    return None


def _closes(user: str, rest: str) -> bool:
    """Say whether the rest of a request is stops and a closing, which stands as it is."""
    return not rest or (user.endswith(rest) and (rest in _CLOSINGS or _CLOSING.fullmatch(rest) is not None))
