# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""What people ask for and no tool does: deeds beyond reading the collection, unless a tool says that it does them."""

import json
import re
from collections.abc import Mapping
from functools import cached_property
from typing import Any, ClassVar, Final

from attrs import frozen

from enliterator_core import Graph
from enliterator_route.asking import STOPS, Way, read, way_of

_READ_ONLY: Final = "The tools read the collection; none can {}."
_NONE: Final = "No tool can {}."
#: the stems of words by which a tool would say that it does this; what that is; why not; how people ask for it
_DEEDS: Final[tuple[tuple[str, str, str, tuple[str, ...]], ...]] = (
    ("renam", "rename", _READ_ONLY, ("rename {name} to something shorter", "can we call {name} something else?")),
    ("delet|remov", "delete", _READ_ONLY, ("delete {name}", "{name} is wrong, take it out of the collection")),
    ("merg", "merge", _READ_ONLY, ("merge {name} with its duplicate",)),
    ("edit|correct|updat|chang", "change an entry", _READ_ONLY,
     ("correct the description of {name}, there is a mistake in it", "change the date of {name} to yesterday")),
    ("add|creat|insert|upload", "add anything", _READ_ONLY,
     ("add a new entry next to {name}", "upload my notes on {name}", "write down that {name} is done")),
    ("translat", "translate", _NONE, ("translate {name} into French", "what is {name} in Japanese?")),
    ("send|mail|post", "send anything", _NONE,
     ("send {name} to my colleague", "email the text on {name} to the whole team", "post {name} to our channel")),
    ("remind|notif|alert|watch", "remind or tell anyone later", _NONE,
     ("remind me of {name} tomorrow", "tell me as soon as {name} changes")),
    ("predict|forecast", "tell what is to come", _NONE,
     ("what will become of {name} next year?", "when will the next version of {name} come out?")),
    ("draw|imag|picture|diagram|plot", "draw", _NONE,
     ("draw me a picture of {name}", "make a diagram of {name} for my slides")),
    ("rat|scor|judg|opinion", "rate things: the collection holds what its sources say", _NONE,
     ("rate {name} from 1 to 10", "do you like {name}?", "honestly, is {name} any good?")),
    ("poem|story|song|essay", "write a poem or a story", _NONE,
     ("write a poem about {name}", "make up a bedtime story with {name} in it")),
    ("convert|pdf|print", "convert or print files", _NONE, ("convert {name} to pdf", "print {name} twice")),
    ("run|execut|test|install|deploy", "run or install anything", _NONE,
     ("install {name} on my machine", "run {name} and tell me what comes out")),
    ("price|cost|buy|order|pay", "buy anything or tell a price", _NONE,
     ("where can i buy {name}?", "how much does {name} cost these days?")),
    ("weather", "tell the weather", _NONE, ("what's the weather like tomorrow?", "will it rain on sunday?")),
    ("book|reserv|calendar|meeting", "book or plan meetings", _NONE,
     ("book a table for four tonight", "set up a meeting about {name} for monday")),
    ("call|phone|chat", "call anyone", _NONE, ("call the person who knows most about {name}",)),
    ("time|clock|today", "tell the time", _NONE, ("what time is it in Tokyo?",)),
    ("calculat|arithmetic|number|count", "calculate", _NONE, ("what is 17 times 23?",)),
    ("joke", "tell jokes", _NONE, ("tell me a joke", "know any good joke about {name}?")),
    ("news|web|internet", "look anything up on the web", _NONE,
     ("what is in the news today?", "look {name} up on the web", "check what people on the internet say about {name}")),
    ("music|play", "play music", _NONE, ("play some music",)),
    ("password|login|account", "change accounts", _NONE, ("reset my password", "give my colleague an account")),
)  # fmt: skip


@frozen(slots=False)
class Deed:
    """One way to ask for what no tool does, and why it is not done; it is asked for as what a tool does is."""

    way: Way
    reason: str

    by_other: ClassVar[bool] = False
    parts: ClassVar[tuple[tuple[str, str], ...]] = (("name", "entity-name"),)
    properties: ClassVar[dict[str, Any]] = {}

    @property
    def by_name(self) -> bool:
        """Whether it is about an entity."""
        return bool(self.way.slots)

    @property
    def ways(self) -> tuple[Way]:
        """The way, as a shape has its ways."""
        return (self.way,)

    @cached_property
    def _answer(self) -> str:
        return json.dumps({"tool": None, "params": {}, "reason": self.reason}, ensure_ascii=False)

    def written(self, params: Mapping[str, Any]) -> str:
        """Write that no tool fits, and why, whatever it is asked about."""
        return self._answer


def out_of_reach(graph: Graph) -> tuple[Deed, ...]:
    """Return what none of the graph's tools says, by its name or its description, that it does."""
    told = " ".join(f"{name.replace('_', ' ')} {tool.description}".casefold() for name, tool in graph.tools.items())
    return tuple(
        Deed(way_of("", way, ("name",)), why.format(deed))
        for stems, deed, why, ways in _DEEDS
        if not re.search(rf"\b(?:{stems})", told)
        for way in ways
    )


def about_something(graph: Graph) -> tuple[Deed, ...]:
    """Return those of them that are about an entity."""
    return tuple(deed for deed in graph.once(out_of_reach) if deed.way.slots)


def _by_start(graph: Graph) -> dict[str, list[tuple[str, str, Deed]]]:
    """Return what stands before and after the name in each way, under its first word; without one under ""."""
    found: dict[str, list[tuple[str, str, Deed]]] = {"": []}
    for deed in graph.once(out_of_reach):
        before, after = deed.way.texts[0].casefold(), (deed.way.texts[-1] if deed.way.slots else "")
        if not deed.way.slots:
            before = before.rstrip(STOPS)
        first, space, _ = before.partition(" ")
        key = first if space or not deed.way.slots else ""
        found.setdefault(key, []).append((before, after.rstrip(STOPS).casefold(), deed))
    return found


def asked_beyond(user: str, graph: Graph) -> list[tuple[Deed, str]]:
    """Return what beyond the tools a request asks for, each with the name (case folded) that it is about."""
    found = []
    known = graph.once(_by_start)
    for text in read(user):
        for before, after, deed in (*known.get(text.partition(" ")[0], ()), *known[""]):
            if not deed.way.slots:
                if text == before:
                    found.append((deed, ""))
            elif text.startswith(before) and text.endswith(after) and len(text) > len(before) + len(after):
                found.append((deed, text[len(before) : len(text) - len(after)]))
    return found
