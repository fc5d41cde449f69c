# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""How people ask what is known: about a name, a source, a kind of thing, or what no collection of this sort holds."""

import re
from functools import lru_cache
from typing import Final

from attrs import frozen

from enliterator_core import POOLS, Entity
from enliterator_gap_awareness.things import Thing

_HEADINGS: Final = frozenset({"topic", "question", "procedure", "step", "test"})
_PAPERS: Final = frozenset({"document", "file"})
_CODE: Final = re.compile(r"_|\w[./]\w|::|\(\)|^[-.]")

NAME: Final = (
    "what do we know about {name}, and what not?",
    "How well is {name} covered?",
    "is there enough here on {name}?",
    "{name}: what is known, what is missing?",
    "What would you still need to know about {name}?",
    "tell me what the sources have on {name} and where they stop",
    "I have to write about {name}. Can I rely on what is here?",
    "anything on {name}?",
    "What can you tell me about {name}, and how sure is it?",
    "before I ask around: what is on file about {name}",
    "Where does our material on {name} end?",
)
#: asked only of what more than one source speaks of
AGREE: Final = ("do the sources agree on {name}?", "Is there any disagreement about {name}?")
SOURCE: Final = (
    "What do we have from {name}?",
    "does {name} close any gap here?",
    "can you use what is in {name}?",
    "What can I take from {name}?",
    "is {name} part of this, and what does it give us?",
)
KIND: Final = (
    "how complete is this collection on {name}?",
    "Where are the holes in what we have on {name}?",
)


@frozen
class Beyond:
    """A sort of question that the sources on a thing may have nothing to say to at all.

    It is asked of things of these ``pools``, of names of code only with ``code``, of documents with ``papers``, and
    with ``kinds`` of things of these kinds alone.
    ``words`` are what a source that could answer would hold one of; ``lacks`` names what is asked for, ``close`` the
    intake that would answer it.
    """

    ways: tuple[str, ...]
    words: tuple[str, ...]
    lacks: str
    close: str
    pools: frozenset[str]
    code: bool = False
    papers: bool = False
    kinds: frozenset[str] = frozenset()


_THINGS: Final = frozenset({"Manifest", "Method", "Practical"})
_ALL: Final = frozenset(POOLS) - {"Rights", "Actor", "Lexicon"}
_RUN: Final = frozenset({"function", "method", "command"})
_CODED: Final = _RUN | {"class", "module", "interface", "package"}

BEYOND: Final = (
    Beyond(
        ("What does {name} cost?", "how much would {name} set us back"),
        ("cost", "price", "fee", "$", "€", "£"),
        "what it costs",
        "a price list or an invoice that names {name}",
        _THINGS,
    ),
    Beyond(
        ("what do people think of {name}?", "Is {name} popular?"),
        ("opinion", "popular", "complain", "survey", "feedback"),
        "what people think of it",
        "a survey, reviews or letters that speak of {name}",
        _ALL,
    ),
    Beyond(
        ("What will become of {name} in the next five years?", "will {name} still be around in ten years?"),
        ("roadmap", "future", "plan", "deprecate", "retire"),
        "what is to come",
        "a roadmap or a plan with dates that names {name}",
        _ALL,
    ),
    Beyond(
        ("how fast is {name} in practice?", "Does {name} slow things down?"),
        ("fast", "slow", "speed", "performance", "benchmark", "latency", "millisecond"),
        "how fast it is",
        "measurements that name {name}",
        frozenset({"Manifest", "Method", "Practical"}),
        code=True,
        kinds=_RUN,
    ),
    Beyond(
        ("can {name} be called from several threads?", "Is {name} thread-safe?"),
        ("thread", "concurren", "lock", "atomic", "parallel"),
        "whether it may run in several threads at once",
        "a note on concurrency that names {name}",
        frozenset({"Manifest"}),
        code=True,
        kinds=_RUN | {"class"},
    ),
    Beyond(
        ("Since which version is {name} there?", "when was {name} added?"),
        ("since", "version", "release", "added in", "introduced", "changelog", "new in"),
        "since when it is there",
        "a changelog or a history that names {name}",
        frozenset({"Manifest"}),
        code=True,
        kinds=_CODED,
    ),
    Beyond(
        ("has {name} had a security review?", "Is anything known about {name} being attacked?"),
        ("secur", "vulnerab", "attack", "exploit", "malicious", "cve-"),
        "whether it is safe from attacks",
        "a security review or an advisory that names {name}",
        frozenset({"Manifest"}),
        code=True,
        kinds=_CODED,
    ),
    Beyond(
        ("Who outside uses {name}?", "which companies rely on {name}"),
        ("customer", "adopt", "company", "companies", "used by", "user"),
        "who else uses it",
        "a list of users, or their letters, that names {name}",
        _THINGS,
        code=True,
    ),
    Beyond(
        ("Why is {name} made the way it is?", "who decided on {name}, and for what reason?"),
        ("because", "decide", "decision", "reason", "rationale", "why", "so that"),
        "why it is as it is",
        "a note of the decision, or a discussion, that names {name}",
        _ALL,
        code=True,
        papers=True,
    ),
    Beyond(
        ("Who can I phone about {name} tonight?", "whom do I call when {name} gives trouble?"),
        ("phone", "on call", "on-call", "hotline", "contact"),
        "whom to call",
        "a list of contacts that names {name}",
        _ALL,
    ),
    Beyond(
        ("is {name} better than what others have?", "Which rivals does {name} have?"),
        ("better than", "alternative", "compare", "rival", "competitor", "instead of"),
        "how it compares with what is not in here",
        "a comparison in which {name} is one side",
        _THINGS,
    ),
)


def is_asked_of(scope: Beyond, entity: Entity | Thing) -> bool:
    """Say whether people would ask such a question of a thing at all; of a heading nobody does."""
    return _is_asked_of(scope, entity.pool, entity.kind, _is_coded(entity.name))


def _is_coded(name: str) -> bool:
    return _CODE.search(name) is not None


def _is_asked_of(scope: Beyond, pool: str, kind: str, is_coded: bool) -> bool:
    if pool not in scope.pools or kind in _HEADINGS:
        return False
    if scope.kinds:
        return kind in scope.kinds
    if kind in _PAPERS:
        return scope.papers
    return scope.code or (kind != "interface" and not is_coded)


def asked_beyond(thing: Thing) -> tuple[tuple[Beyond, str], ...]:
    """Return all such questions that people would ask of a thing, each in every way to ask it."""
    return _asked_beyond(thing.pool, thing.kind, _is_coded(thing.name))


@lru_cache(1 << 10)
def _asked_beyond(pool: str, kind: str, is_coded: bool) -> tuple[tuple[Beyond, str], ...]:
    return tuple((scope, way) for scope in BEYOND if _is_asked_of(scope, pool, kind, is_coded) for way in scope.ways)


#: what is asked: of a `name`, whether sources `agree` on it, of a `source`, of a `kind`, or what none holds
Sort = str | Beyond
#: every way to ask, in the order in which requests are read, with the sort of question that it is
_WAYS: Final[tuple[tuple[str, Sort], ...]] = (
    *((way, "name") for way in NAME),
    *((way, "agree") for way in AGREE),
    *((way, scope) for scope in BEYOND for way in scope.ways),
    *((way, "source") for way in SOURCE),
    *((way, "kind") for way in KIND),
)


def _by_beginning() -> dict[str, list[tuple[int, str, int, Sort]]]:
    """Return which ways a request can be asked in that begins so: beginning's length, end, its length, and sort."""
    parts = [(before, after, sort) for way, sort in _WAYS for before, _, after in (way.partition("{name}"),)]
    beginnings = sorted({before for before, _, _ in parts}, key=len, reverse=True)
    return {
        one: [(len(before), after, len(after), sort) for before, after, sort in parts if one.startswith(before)]
        for one in beginnings
    }


_ENDS: Final = _by_beginning()
_BEGINNING: Final = re.compile("|".join(map(re.escape, _ENDS)))


def questions_in(user: str) -> list[tuple[Sort, str]]:
    """Return every question that a request can be: its sort and what it is about, read by any of the ways to ask."""
    begins, size = _BEGINNING.match(user), len(user)
    return [
        (sort, user[start : size - after])
        for start, end, after, sort in (_ENDS[begins[0]] if begins else ())
        if size > start + after and user.endswith(end)
    ]


def ask(way: str, name: str) -> str:
    """Return the request that asks so about a name, whatever characters that has."""
    return way.replace("{name}", name)
