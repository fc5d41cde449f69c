# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""What a source says, found by structure: passages to quote, a thing in other words, a source in a few sentences.

Nothing is made up and no word is replaced by a like one: a paraphrase joins what the source gives as the definition
of a thing with the relations that it states, a summary its title, its headings and what it defines.
"""

import re
from bisect import bisect_right
from itertools import takewhile
from typing import Final

from enliterator_core import MASK, VERBS, Block, Document, Entity, Graph, Span, entity_id, phrase_of, plain, sentences
from enliterator_rights_style.clauses import clause
from enliterator_rights_style.keeping import Kept
from enliterator_rights_style.licences import listed

Key = tuple[str, str, str]
Said = tuple[str, tuple[Key, ...], tuple[Span, ...]]

_PROSE: Final = ("paragraph", "item", "quote")
_CODE: Final = ("symbol", "code", "entry")
_MOST_WORDS: Final = 80
_FEWEST_WORDS: Final = 6
_MOST_CODE: Final = 400  # characters
_LOOSE: Final = frozenset({"co_occurs_with", "connects_to", "is_connected_from"})
_MARKUP: Final = re.compile(
    r"\]\(|::|\{%|<[a-z/!]|\|.*\||^[#*=\-\s|>.:]|https?://\S+ https?://|SPDX-|(^|\W)(TO-?DO|FIX-?ME|XXX)\b"
)
_TELLING: Final = re.compile(r"\(.+\)|=|\bimport\b|: .", re.DOTALL)
_RELATIONS: Final = 4
_TOLD: Final = 2
_NO_THINGS: Final = frozenset({"rights holder", "licence", "document", "file", "topic", "package"})
_NEAREST: Final = 40  # blocks
_NAMED: Final = 3
_HEADINGS: Final = 8
#: headings that many documents have, and that say nothing of what this one is about
_FORM: Final = frozenset({
    "about", "configuration", "contents", "description", "example", "examples", "introduction", "notes", "options",
    "overview", "parameters", "references", "see also", "summary", "synopsis", "usage",
})  # fmt: skip


class _Blocks:
    """The blocks of one document that may be quoted, found by place; and their sentences, each split once."""

    def __init__(self, document: Document) -> None:
        self._text = document.text
        self._of: dict[tuple[str, ...], list[Block]] = {
            kinds: sorted((one for one in document.blocks if one.kind in kinds), key=lambda one: (one.start, -one.end))
            for kinds in (_PROSE, _CODE)
        }
        self._starts = {kinds: [one.start for one in blocks] for kinds, blocks in self._of.items()}
        self._sentences: dict[int, list[tuple[int, int]]] = {}

    def around(self, span: Span, kinds: tuple[str, ...]) -> Block | None:
        """Return the smallest block of one of the kinds that holds a span; None where none of the nearest does."""
        blocks = self._of[kinds]
        last = bisect_right(self._starts[kinds], span.start)
        return next((one for one in reversed(blocks[max(0, last - _NEAREST) : last]) if span.end <= one.end), None)

    def first(self) -> list[Block]:
        """Return the first blocks of prose."""
        return self._of[_PROSE][:_NEAREST]

    def sentences(self, block: Block) -> list[tuple[int, int]]:
        """Return where the sentences of a block stand."""
        if block.start not in self._sentences:
            self._sentences[block.start] = sentences(self._text, block.start, block.end)
        return self._sentences[block.start]


def _kept_blocks(graph: Graph) -> Kept[_Blocks]:
    return Kept(64)


def _blocks(graph: Graph, path: str) -> _Blocks:
    kept = graph.once(_kept_blocks)
    if path not in kept:
        kept[path] = _Blocks(graph.document(path))
    return kept[path]


def _whole(graph: Graph, path: str, start: int, end: int, block: Block) -> tuple[Span, str] | None:
    """Return the whole sentences that a piece of prose touches, and their words; None where they read badly alone."""
    every = _blocks(graph, path).sentences(block)
    first = bisect_right(every, (start, -1))
    first -= first > 0 and every[first - 1][1] > start
    touched = list(takewhile(lambda one: one[0] < end, every[first:]))
    if not touched:
        return None
    span = Span(path, touched[0][0], touched[-1][1])
    words = " ".join(graph.text(span).split())
    fits = _FEWEST_WORDS <= len(words.split()) <= _MOST_WORDS and words[-1] in ".!?" and words[0].isupper()
    return (span, words) if fits and MASK not in words and not _MARKUP.search(words) else None


def passage(graph: Graph, entity: Entity, path: str) -> tuple[Span, str] | None:
    """Return the first sentences of prose that a source gives as evidence of a thing, and their words."""
    for span in entity.evidence:
        block = _blocks(graph, path).around(span, _PROSE) if span.source == path else None
        found = _whole(graph, path, span.start, span.end, block) if block else None
        if found is not None:
            return found
    return None


def opening(graph: Graph, path: str) -> tuple[Span, str] | None:
    """Return the first sentence of a source that can stand alone, and its words."""
    blocks = _blocks(graph, path)
    for block in blocks.first():
        for start, end in blocks.sentences(block)[:3]:
            if (found := _whole(graph, path, start, end, block)) is not None:
                return found
    return None


def declaration(graph: Graph, entity: Entity, path: str) -> tuple[Span, str] | None:
    """Return the piece of code with which a source declares a thing, as it stands there."""
    for span in entity.evidence:
        if span.source == path and _blocks(graph, path).around(span, _CODE) is not None:
            text = graph.text(span)
            if len(text) <= _MOST_CODE and _TELLING.search(text) and MASK not in text and "```" not in text:
                return span, text
    return None


def restated(graph: Graph, entity: Entity, path: str) -> Said | None:
    """Return what a source says of a thing in other words, the relations that say it, and where; None for little."""
    own = clause(entity) if entity.evidence[0].source == path else None
    phrases, keys, spans = _stated(graph, entity, path)
    if own is None and not (set(phrases) - {phrase_of("part_of")}):
        return None
    subject = _capital(entity.mention)
    about = [f"{phrase} {_some(others)}" for phrase, others in phrases.items()]
    if own is None:
        text = f"{subject} {listed(about)}."
    else:
        spans = (entity.evidence[0], *spans)
        text = f"{subject} {own}." + (f" It {listed(about)}." if about else "")
    return (text, keys, tuple(dict.fromkeys(spans))) if MASK not in text else None


def _stated(graph: Graph, entity: Entity, path: str) -> tuple[dict[str, list[str]], tuple[Key, ...], tuple[Span, ...]]:
    """Return the relations of its own that a source states of a thing, by phrase, and the spans that say them."""
    said: dict[str, list[str]] = {}
    keys: list[Key] = []
    spans: list[Span] = []
    for verb, other in graph.around(entity.id):
        if verb in _LOOSE or verb not in VERBS:  # what others do to it is theirs
            continue
        relation = graph.relation(entity.id, verb, other)
        span = next((one for one in relation.evidence if one.source == path), None) if relation else None
        phrase = phrase_of(verb)
        if relation is None or relation.subject != entity.id or span is None:
            continue
        if phrase not in said and len(said) == _RELATIONS:
            continue
        said.setdefault(phrase, []).append(graph.entities[other].mention)
        if len(said[phrase]) <= _NAMED:
            keys.append(relation.key)
            spans.append(span)
    return said, tuple(keys), tuple(spans)


def _some(names: list[str]) -> str:
    if len(names) <= _NAMED:
        return listed(names)
    return f"{', '.join(names[:_NAMED])} and {len(names) - _NAMED} more"


def _capital(text: str) -> str:
    return f"The {text[4:]}" if text.startswith("the ") else text


def speaker(graph: Graph, path: str) -> Entity | None:
    """Return the entity that stands for a source: the one that is the file, else the first it gives evidence for."""
    kept = graph.once(_speakers)
    if path not in kept:
        whole = graph.entities.get(entity_id("Manifest", path))
        if whole is None or not whole.evidence or whole.evidence[0].source != path:
            whole = min(_first_in(graph, path), key=_place, default=None)
        kept[path] = whole
    return kept[path]


def _speakers(graph: Graph) -> Kept[Entity | None]:
    return Kept()


def _first_in(graph: Graph, path: str) -> list[Entity]:
    """Return the entities that are first found in a source."""
    return [one for one in graph.by_source.get(path, ()) if one.evidence[0].source == path]


def _place(entity: Entity) -> tuple[int, int, str]:
    return entity.evidence[0].start, entity.evidence[0].end, entity.id


def summary(graph: Graph, path: str, known: Entity) -> Said | None:
    """Return what a source is about in a few sentences, and where it says so; None where that would say little."""
    headings = _headings(graph, path)
    own = clause(known) if known.name == path else None
    title = " ".join((graph.document(path).title or (headings[0][0] if headings else "")).split())
    facts: list[str] = []
    spans: list[Span] = []
    if own is not None:
        facts.append(own)
        spans.append(known.evidence[0])
    elif known.name == path and known.description and _reads_well(known.description):
        facts.append(f'says of itself: "{" ".join(known.description.split()).rstrip(".")}"')
        spans.append(known.evidence[0])
    elif title and title != path and not _MARKUP.search(title) and len(title) < 120:
        facts.append(f'has the title "{title}"')
    under = [(name, span) for name, span in headings if name != title and name.casefold() not in _FORM]
    if len(under) > 1:
        more = [f"{len(under) - _HEADINGS} more"] if len(under) > _HEADINGS else []
        names = [f'"{name}"' for name, _ in under[:_HEADINGS]]
        facts.append(f"has parts on {listed([*names, *more])}")
        spans += [span for _, span in under[:_HEADINGS]]
    here = sorted((one for one in _first_in(graph, path) if one.id != known.id), key=_place)
    counted = _counted(here)
    facts += [counted] if counted else []
    told = _most_joined(graph, here)
    if len(facts) + len(told) < 2:
        return None
    text = " ".join([*_sentences(path, facts), *(f"{_capital(one.mention)} {said}." for one, said in told)])
    every = tuple(dict.fromkeys([*spans, *(one.evidence[0] for one, _ in told)]))
    return (text, (), every or (known.evidence[0],)) if MASK not in text else None


def _reads_well(words: str) -> bool:
    return 3 <= len(words.split()) <= 40 and '"' not in words and not _MARKUP.search(words)


def _most_joined(graph: Graph, here: list[Entity]) -> list[tuple[Entity, str]]:
    """Return the things of a source that most relations have and that it defines, with what they are, in its order."""
    said = [(one, own) for one in here if one.pool != "Rights" and (own := clause(one)) is not None]
    most = sorted(said, key=lambda pair: (-len(graph.around(pair[0].id)), _place(pair[0])))[:_TOLD]
    return sorted(most, key=lambda pair: _place(pair[0]))


def _sentences(path: str, facts: list[str]) -> list[str]:
    return [f"{'It' if place else path} {fact}." for place, fact in enumerate(facts)]


def _headings(graph: Graph, path: str) -> list[tuple[str, Span]]:
    """Return the headings of the upper two levels, in their order, with where they stand."""
    every = [one for one in graph.document(path).blocks if one.kind == "heading" and one.name.strip()]
    upper = min((one.level for one in every), default=0) + 1
    kept = [one for one in every if one.level <= upper and len(one.name) <= 80 and not _MARKUP.search(one.name)]
    return [(plain(one.name), Span(path, one.start, one.end)) for one in kept]


def _counted(here: list[Entity]) -> str:
    """Say how many things a source defines, by kind, naming the first of each; nothing where it defines none."""
    things: dict[str, list[Entity]] = {}
    for one in here:
        if one.kind and one.kind not in _NO_THINGS:
            things.setdefault(one.kind, []).append(one)
    most = sorted(things.items(), key=lambda item: (-len(item[1]), item[0]))[:_NAMED]
    parts = []
    for kind, ones in most:
        names = list(dict.fromkeys(_short(one.name) for one in ones))
        among = f" ({', '.join(names[:_NAMED])}{' and more' if len(names) > _NAMED else ''})"
        parts.append(f"{len(ones)} {kind if len(ones) == 1 else _plural(kind)}{among}")
    return f"defines {listed(parts)}" if parts else ""


def _short(name: str) -> str:
    """Return the last part of a qualified name."""
    return name if " " in name or "/" in name else name.rpartition(".")[2] or name


def _plural(kind: str) -> str:
    if kind.endswith(("s", "x", "ch", "sh")):
        return f"{kind}es"
    return f"{kind[:-1]}ies" if kind.endswith("y") and kind[-2:-1] not in "aeiou" else f"{kind}s"
