# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Where sources do not say the same of one thing: evidence for and against, other figures, other words, licences."""

import re
from collections.abc import Callable
from typing import Final

from attrs import frozen

from enliterator_core import MASK, Entity, Graph, Relation, Span, fold, phrase_of, plain

_NUMBER: Final = re.compile(r"\d+(?:[.,:/-]\d+)*")
_WORD: Final = re.compile(r"\w+")
_SENTENCE: Final = re.compile(r"(?![#<|@])\S.*[.!?…]\W*\Z", re.DOTALL)
_ARTICLE: Final = re.compile(r"(?:an?|the)\s+", re.IGNORECASE)
_HEADINGS: Final = frozenset({"topic", "procedure", "question"})
_LONGEST: Final = 400
_MOST: Final = 3


@frozen
class Difference:
    """What sources say differently: the verdict, what is told, what is missing, what closes it, and what proves it."""

    verdict: str
    told: str
    missing: str
    close: str
    spans: tuple[Span, ...]
    relations: tuple[tuple[str, str, str], ...] = ()


def difference_in(graph: Graph, entity: Entity) -> Difference | None:
    """Return the gravest way in which the sources on an entity differ; None where they do not."""
    if entity.pool == "Idea" and (found := _for_and_against(graph, entity)):
        return found
    first = entity.evidence[0].source
    if len(entity.evidence) < 2 or all(span.source == first for span in entity.evidence):
        return None
    return _sayings(graph, entity) or _licences(graph, entity)


def _words(graph: Graph, span: Span) -> str:
    """Return the words of a span on one line, without markup."""
    return " ".join(plain(graph.text(span)).split())


def _for_and_against(graph: Graph, entity: Entity) -> Difference | None:
    """Return the difference where one observation refutes what is said, whether or not another supports it."""
    if all(verb != "is_refuted_by" for verb, _ in graph.around(entity.id)):
        return None
    sides: dict[str, list[Relation]] = {"is_supported_by": [], "is_refuted_by": []}
    for verb, id in graph.around(entity.id):
        if verb in sides and (relation := graph.relation(entity.id, verb, id)) and relation.evidence:
            sides[verb].append(relation)
    if not sides["is_refuted_by"]:
        return None
    told, relations = [], []
    for verb, found in sides.items():
        for relation in found[:1]:
            relations.append(relation)
            observed = graph.entities[relation.subject].mention
            words, source = _words(graph, relation.evidence[0]), relation.evidence[0].source
            told.append(f'It {phrase_of(verb)} {observed}: "{words}" ({source})')
    pro, contra = (len(found) for found in sides.values())
    return Difference(
        "Contradictory.",
        f"Observations: {pro:,} for it, {contra:,} against it. {' '.join(told)}",
        "which of them holds, and under which conditions",
        f"another observation that bears on {entity.mention}, or a source that weighs these",
        tuple(relation.evidence[0] for relation in relations),
        tuple(relation.key for relation in relations),
    )


def _sayings(graph: Graph, entity: Entity) -> Difference | None:
    """Return the difference between the first whole sentences of two sources on the entity."""
    said: dict[str, tuple[Span, str]] = {}
    for span in entity.evidence[:8]:
        if span.source in said or not 20 <= span.end - span.start <= _LONGEST:
            continue
        words = _words(graph, span)
        if MASK not in words and _SENTENCE.match(words) and graph.rights_of(span.source).trainable:
            said[span.source] = span, words
    opens = _opens_with(graph, entity)
    every = list(said.values())
    for place, (span, words) in enumerate(every):
        for other, others in every[place + 1 :]:
            figures = _figures(words, others)
            if figures or (opens(words) and opens(others) and _differ(words, others)):
                return Difference(
                    "Contradictory." if figures else "Told in two ways.",
                    f"{span.source} says: {_marked(words)} But {other.source} says: {_marked(others)}"
                    if figures
                    else f"{span.source} puts it so: {_marked(words)} In {other.source} it reads: {_marked(others)}",
                    "which of the two figures holds"
                    if figures
                    else "whether both accounts hold, or one replaces the other",
                    f"a source that settles it, or a correction of {span.source} or {other.source}",
                    (span, other),
                )
    return None


def _opens_with(graph: Graph, entity: Entity) -> Callable[[str], bool]:
    """Return what says whether a sentence is about an entity: it opens with a form, or has a heading so called."""
    if entity.kind in _HEADINGS:
        return bool
    term = graph.terms.get(entity.id)
    forms = [fold(form) for form in (entity.name, *(term.surface_forms if term else ()))]

    def opens(words: str) -> bool:
        said = fold(_ARTICLE.sub("", words))
        return any(said.startswith(form) and not said[len(form) :][:1].isalnum() for form in forms)

    return opens


def _marked(words: str) -> str:
    return f'"{words}"'


def _figures(words: str, others: str) -> bool:
    """Say whether two sentences are the same but for their numbers."""
    if words == others or not _NUMBER.search(words):
        return False
    return _NUMBER.sub("0", words).casefold() == _NUMBER.sub("0", others).casefold() and words.count(" ") >= 3


def _differ(words: str, others: str) -> bool:
    """Say whether two sentences speak of the same in other words: they share half of their longer words, not most."""
    one, other = ({word for word in _WORD.findall(text.casefold()) if len(word) > 3} for text in (words, others))
    fewest = min(len(one), len(other))
    return fewest >= 4 and 0.5 <= len(one & other) / fewest <= 0.85


def _licences(graph: Graph, entity: Entity) -> Difference | None:
    """Return the difference between the licences of the sources on an entity."""
    first: dict[str, Span] = {}
    for span in entity.evidence:
        licence = graph.rights_of(span.source).license
        if licence:
            first.setdefault(licence, span)
    if len(first) < 2:
        return None
    shown = list(first.items())[:_MOST]
    listed = "; ".join(f"{span.source} under {licence}" for licence, span in shown)
    return Difference(
        "Under different licences.",
        f"The sources on it stand under {len(first)} licences: {listed}.",
        "one licence for all that is said of it",
        "a statement of the holders that puts these sources under one licence",
        tuple(span for _, span in shown),
    )
