# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""What a source says, found by structure: a thing in other words, a source in a few sentences.

Nothing is made up and no word is replaced by a like one: a paraphrase joins what the source gives as the definition
of a thing with the relations that it states, a summary its title, its headings and what it defines.
"""

from typing import TYPE_CHECKING, Final

import numpy as np

from enliterator_core import Graph, Span, plain
from enliterator_rights_style.known import Known, Origin, Thing
from enliterator_rights_style.licences import listed
from enliterator_rights_style.quoting import MARKUP
from enliterator_rights_style.stating import Key

if TYPE_CHECKING:
    from numpy.typing import NDArray

Said = tuple[str, tuple[Key, ...], tuple[Span, ...]]

_TOLD: Final = 2
_NO_THINGS: Final = frozenset({"rights holder", "licence", "document", "file", "topic", "package"})
_NAMED: Final = 3
_HEADINGS: Final = 8
#: headings that many documents have, and that say nothing of what this one is about
_FORM: Final = frozenset({
    "about", "configuration", "contents", "description", "example", "examples", "introduction", "notes", "options",
    "overview", "parameters", "references", "see also", "summary", "synopsis", "usage",
})  # fmt: skip


def restated(known: Known, origin: Origin, thing: Thing) -> Said | None:
    """Return what a source says of a thing in other words, the relations that say it, and where; None for little."""
    path, length = origin.path, origin.length
    if origin.first_of(thing) is None:
        return None
    first = thing.evidence[0]
    own = thing.clause if first.source == path else None
    _, about, keys, spans, telling = known.statements.of(thing.number, path)
    if own is None:
        if not telling:
            return None
        text = f"{_capital(thing.mention)} {listed(about)}.\n\n{origin.line}"
    else:
        spans = [first, *spans]
        more = f" It {listed(about)}." if about else ""
        text = f"{_capital(thing.mention)} {own}.{more}\n\n{origin.line}"
    for span in spans:
        if not span.start < span.end <= length:
            return None  # the graph and its documents do not go together
    several = len({span.start for span in spans}) < len(spans)
    return text, tuple(keys), tuple(dict.fromkeys(spans) if several else spans)


def _capital(text: str) -> str:
    return f"The {text[4:]}" if text.startswith("the ") else text


def summary(known: Known, origin: Origin, whole: Thing) -> Said | None:
    """Return what a source is about in a few sentences, and where it says so; None where that would say little."""
    graph, path = known.graph, origin.path
    headings = _headings(graph, path)
    own = whole.clause if whole.name == path else None
    title = " ".join((graph.document(path).title or (headings[0][0] if headings else "")).split())
    facts: list[str] = []
    spans: list[Span] = []
    if own is not None:
        facts.append(own)
        spans.append(whole.evidence[0])
    elif whole.name == path and whole.description and _reads_well(whole.description):
        facts.append(f'says of itself: "{" ".join(whole.description.split()).rstrip(".")}"')
        spans.append(whole.evidence[0])
    elif title and title != path and not MARKUP.search(title) and len(title) < 120:
        facts.append(f'has the title "{title}"')
    under = [(name, span) for name, span in headings if name != title and name.casefold() not in _FORM]
    if len(under) > 1:
        more = [f"{len(under) - _HEADINGS} more"] if len(under) > _HEADINGS else []
        names = [f'"{name}"' for name, _ in under[:_HEADINGS]]
        facts.append(f"has parts on {listed([*names, *more])}")
        spans += [span for _, span in under[:_HEADINGS]]
    here = origin.by_place[origin.by_place != whole.number]
    counted = _counted(graph, here)
    facts += [counted] if counted else []
    told = _most_joined(known, here)
    if len(facts) + len(told) < 2:
        return None
    text = " ".join([*_sentences(path, facts), *(f"{_capital(one.mention)} {said}." for one, said in told)])
    every = tuple(dict.fromkeys([*spans, *(one.evidence[0] for one, _ in told)]))
    return f"{text}\n\n{origin.line}", (), every or (whole.evidence[0],)


def _reads_well(words: str) -> bool:
    return 3 <= len(words.split()) <= 40 and '"' not in words and not MARKUP.search(words)


def _most_joined(known: Known, here: "NDArray[np.int64]") -> list[tuple[Thing, str]]:
    """Return the things of a source that most relations have and that it defines, with what they are, in its order."""
    ids, steps = known.graph.arrays.entities.ids, known.graph.arrays.steps.offsets
    told: dict[int, tuple[Thing, str]] = {}
    order = np.argsort(steps[here] - steps[here + 1], kind="stable")
    for place, number in zip(order.tolist(), here[order].tolist(), strict=True):
        thing = known.things[ids[number]]
        if thing.clause is not None and thing.pool != "Rights":
            told[place] = thing, thing.clause
            if len(told) == _TOLD:
                break
    return [told[place] for place in sorted(told)]


def _sentences(path: str, facts: list[str]) -> list[str]:
    return [f"{'It' if place else path} {fact}." for place, fact in enumerate(facts)]


def _headings(graph: Graph, path: str) -> list[tuple[str, Span]]:
    """Return the headings of the upper two levels, in their order, with where they stand."""
    every = [one for one in graph.document(path).blocks if one.kind == "heading" and one.name.strip()]
    upper = min((one.level for one in every), default=0) + 1
    kept = [one for one in every if one.level <= upper and len(one.name) <= 80 and not MARKUP.search(one.name)]
    return [(plain(one.name), Span(path, one.start, one.end)) for one in kept]


def _counted(graph: Graph, here: "NDArray[np.int64]") -> str:
    """Say how many things a source defines, by kind, naming the first of each; nothing where it defines none."""
    entities = graph.arrays.entities
    kinds = entities.kind[here]
    counts = [(-count, entities.kinds[code], code) for code, count in enumerate(np.bincount(kinds).tolist()) if count]
    most = sorted(one for one in counts if one[1] and one[1] not in _NO_THINGS)[:_NAMED]
    parts = []
    for count, kind, code in most:
        names: dict[str, None] = {}
        for number in here[kinds == code]:
            names[_short(entities.names[number])] = None
            if len(names) > _NAMED:
                break
        among = f" ({', '.join([*names][:_NAMED])}{' and more' if len(names) > _NAMED else ''})"
        parts.append(f"{-count} {kind if count == -1 else _plural(kind)}{among}")
    return f"defines {listed(parts)}" if parts else ""


def _short(name: str) -> str:
    """Return the last part of a qualified name."""
    return name if " " in name or "/" in name else name.rpartition(".")[2] or name


def _plural(kind: str) -> str:
    if kind.endswith(("s", "x", "ch", "sh")):
        return f"{kind}es"
    return f"{kind[:-1]}ies" if kind.endswith("y") and kind[-2:-1] not in "aeiou" else f"{kind}s"
