# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""From a definition, as sources write it, to a clause that prose can go on with: `returns the weight`, `is a hive`.

Only definitions of a shape that leaves no doubt become one: "X is ...", an order ("Return the weight"), or a name for
the thing alone ("A storage of graphs"). Everything else is left as it is, for quoting.
"""

import re
import tomllib
from pathlib import Path
from typing import Any, Final

from enliterator_core import Entity

_DATA: Final[dict[str, Any]] = tomllib.loads(Path(__file__).with_name("verbs.toml").read_text(encoding="utf-8"))
_ORDERS: Final = frozenset(_DATA["orders"].split())
_NO_NOUNS: Final = frozenset(_DATA["no_nouns"].split())
_NOUNS: Final = frozenset(_DATA["nouns"].split())
_CALLED: Final = frozenset({"function", "method", "class", "module", "command", "test", "tool", "stage", "package"})
_ODD: Final = re.compile(r"[█|<>{}\\]| [;,.]|::|https?:|\]\(|SPDX-|\.\.\.|…|\b(TO-?DO|FIX-?ME|XXX)\b|^\W")
_LINKED: Final = r"(?:that|which|who|whose|of|for|to|with|in|from|under|between|by|on)"
_WITH_ARTICLE: Final = re.compile(rf"(?P<article>An?|The) (?P<head>(?:[\w'-]+ ){{1,3}}?){_LINKED} ")
_BARE: Final = re.compile(rf"(?P<head>[A-Z][a-z]+ (?:[a-z-]+ ){{0,2}}?){_LINKED} ")
_ARTICLES: Final = frozenset({"a", "an", "the"})
_FINITE: Final = re.compile(r" (?:is|are|was|were|has|have|must|can|may|will|does|do|should) ")
_RELATIVE: Final = re.compile(r" (?:that|which|who|whose|where|when|what|if|as|because|so) |[:;,]")
#: another order after the first one, told from a noun by what follows it
_NEXT: Final = re.compile(
    r"(; |,? and |,? or |, then |, )(\w+)(?= (?:an?|the|its?|our|your|them|what|whether|which|when|if|all|every|each"
    r"|any|no|none|nothing|True|False|None|how|one|those|this|that)\b)"
)
_SOON: Final = 3  # words between a relative and its verb
_STOP: Final = re.compile(r"[.!?](?= [A-Z]|$)(?<=[a-z0-9)\"'].)")
_IS: Final = re.compile(r" (is|are|means|was) (?=.)")
_BESIDES: Final = re.compile(r"^(?:the|an?) |[\"']|\s*\([^)]*\)|, (?:also|or|simply).*$", re.IGNORECASE)
_MOST_NAME: Final = 80  # characters
_MOST_WORDS: Final = 45


def clause(thing: Entity) -> str | None:
    """Return what a thing is or does, to go on after its name, from the words that define it; None for no such.

    There is no full stop at its end; of several sentences the first is used.
    """
    return clause_of(thing.name, thing.kind, thing.description)


def clause_of(name: str, kind: str, words: str) -> str | None:
    """Return the :func:`clause` of what has that name and kind and is defined by those words."""
    if not words:
        return None
    text = " ".join(words.replace("`", "").replace("*", "").split())
    if "." in text or "!" in text or "?" in text:
        text = _STOP.split(text, maxsplit=1)[0].rstrip(".")
    # A test's words say what holds, not what it is. What is odd is looked for last, since most words define nothing.
    found = _IS.search(text)
    said = _as_told(name, text, found) if found is not None else None
    if said is None and text[:1].isupper():
        said = _as_order(kind, text) or (_as_noun(text) if kind != "test" else None)
    if said is None or not 3 <= len(text.split()) <= _MOST_WORDS or text.endswith((":", ",", "?")) or _ODD.search(text):
        return None
    return said


def _as_told(called: str, text: str, found: re.Match[str]) -> str | None:
    """From "Swarming is the way in which a colony divides": a sentence whose subject is the thing itself."""
    if found.start() > _MOST_NAME:
        return None
    subject = _BESIDES.sub("", text[: found.start()])
    name = called.rpartition(".")[2] if "." in called and " " not in called else called
    if subject.casefold() not in (name.casefold(), called.casefold()):
        return None
    return text[found.start() + 1 :]


def _as_order(kind: str, text: str) -> str | None:
    """From "Return the weight; raise when there is none": what code is told to do."""
    first, _, rest = text.partition(" ")
    if kind not in _CALLED or first.lower() not in _ORDERS:
        return None
    second = re.match(r"(and|or|then) (\w+)\b", rest)
    if second and second[2] in _ORDERS:
        rest = f"{second[1]} {_third(second[2])}{rest[second.end() :]}"
    rest = _NEXT.sub(lambda one: f"{one[1]}{_third(one[2])}" if one[2] in _ORDERS else one[0], rest)
    return f"{_third(first.lower())} {rest}"


def _third(verb: str) -> str:
    """Return the third person of a verb: returns, applies, matches."""
    if verb.endswith(("s", "x", "z", "ch", "sh")):
        return f"{verb}es"
    if verb.endswith("y") and verb[-2] not in "aeiou":
        return f"{verb[:-1]}ies"
    return {"do": "does", "go": "goes", "be": "is", "have": "has", "undo": "undoes"}.get(verb, f"{verb}s")


def _as_noun(text: str) -> str | None:
    """From "A storage of graphs" or "Context manager that runs": a name for the thing, and nothing said of it yet."""
    found = _WITH_ARTICLE.match(text) or _BARE.match(text)
    if found is None or any(word.endswith(("s", "ed", "ly")) for word in found["head"].split() if word != "class"):
        return None
    if not _ARTICLES.isdisjoint(found["head"].split()):
        return None  # an order: "Run a command from a package"
    finite, relative = _FINITE.search(text), _RELATIVE.search(text)
    if finite and (
        relative is None
        or finite.start() < relative.start()
        or text.count(" ", relative.start(), finite.start()) > _SOON
    ):
        return None
    first, *_, last = [*found["head"].lower().split(), ""][:-1] * 2
    if found.groupdict().get("article"):
        return f"is {text[0].lower()}{text[1:]}" if first not in _NO_NOUNS else None
    if first == "one":
        return f"is one{text[3:]}"
    return f"is {'an' if first[0] in 'aeio' else 'a'} {first}{text[len(first) :]}" if last in _NOUNS else None
