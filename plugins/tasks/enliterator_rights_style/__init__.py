# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""rights_style: quote, paraphrase, sum up, share or train on something, as far as its source's rights allow.

Every answer follows from the request, the graph and the source's rights alone. What is withheld is refused with why,
what is known of licence and holder, what is possible instead and whom to ask, and with nothing of its content. A day
that matters is named in the request; there is no clock.
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import permutations
from typing import Final

from attrs import field, frozen
from attrs.validators import ge

from enliterator_core import (
    MASK,
    Draft,
    Entity,
    Grade,
    Graph,
    Rights,
    Sampler,
    Span,
    TaskType,
    Verdict,
    hookimpl,
    in_batches,
    read_prompt,
    trouble_with,
)
from enliterator_rights_style.answers import answered, draft_of, quoted
from enliterator_rights_style.asking import ABOUT_A_SOURCE, Request, read, write
from enliterator_rights_style.grading import grade
from enliterator_rights_style.keeping import Kept
from enliterator_rights_style.licences import credit
from enliterator_rights_style.sayings import speaker

_PROMPT: Final = read_prompt(__package__)
_QUOTED: Final = ("quote", "quote code", "quote from")
_ORDERS: Final = tuple((*order, "reuse") for order in permutations(("quote", "quote code", "paraphrase")))
_DAYS: Final = (-700, -90, -1, 0, 1, 30, 365)  # between an embargo's day and the day that a request names


@frozen
class RightsStyle(TaskType):
    """Answer what may be quoted, put in other words, summed up, shared or trained on, and do it where it may be done.

    ``requests_per_source`` bounds the requests about one source as a whole, ``requests_per_thing`` those about one
    thing in it.
    """

    name = "rights_style"
    system_prompt = _PROMPT.text
    prompt_version = _PROMPT.version

    requests_per_source: int = field(default=5, validator=ge(1))
    requests_per_thing: int = field(default=2, validator=ge(1))

    def generate(self, graph: Graph, sampler: Sampler) -> Iterator[list[Draft]]:
        """Yield drafts source by source: about the source, then about every thing that is first found in it."""
        yield from in_batches(self._drafts(graph, sampler))

    def _drafts(self, graph: Graph, sampler: Sampler) -> Iterator[Draft]:
        for path in graph.sources:
            rights = graph.rights_of(path)
            whole = speaker(graph, path)
            asked = (Request(ask, path, whole) for ask in sampler.ordered(ABOUT_A_SOURCE, "ask", path))
            usable = rights.trainable and rights.publishable
            # What cannot be used is soon said.
            most = self.requests_per_source if usable else (self.requests_per_source + 1) // 2
            yield from self._sound(graph, sampler, asked, most)
            if rights.embargo:
                yield from self._sound(graph, sampler, _dated(path, whole, rights, sampler), self.requests_per_source)
            for entity in graph.by_source.get(path, ()) if usable else ():
                # One source is enough to say who somebody's words are: the one that the entity is first found in.
                if entity.evidence[0].source == path and entity.name != path:
                    order = sampler.choose(_ORDERS, "asks", path, entity.id)
                    asked = (Request(ask, path, entity) for ask in order)
                    yield from self._sound(graph, sampler, asked, self.requests_per_thing)

    def _sound(self, graph: Graph, sampler: Sampler, asked: Iterator[Request], most: int) -> Iterator[Draft]:
        """Yield the answers to the first requests that have one which says nothing of a withheld source."""
        made = 0
        for request in asked:
            if made == most:
                return
            answer = answered(request, graph)
            user = write(request, graph, sampler) if answer is not None else None
            if answer is None or user is None or MASK in user or MASK in answer.text:
                continue
            draft = draft_of(request, answer, user)
            if read(user, request.path, request.entity, graph) == request and not _leak(draft, graph):
                made += 1
                yield draft

    def verify(self, draft: Draft, graph: Graph) -> Verdict:
        """Accept the one answer that the request and the rights lead to: its words proven against the source."""
        if trouble := trouble_with(draft, graph):
            return Verdict(False, trouble)
        path = draft.withheld if draft.withheld is not None else draft.spans[0].source if draft.spans else None
        if path is None or path not in graph.sources:
            return Verdict(False, f"there is no source {path!r}")
        request = read(draft.user, path, graph.entities[draft.entities[0]] if draft.entities else None, graph)
        if request is None:
            return Verdict(False, "the request is about another source or entity")
        if request.ask in ABOUT_A_SOURCE and request.entity != speaker(graph, path):
            return Verdict(False, "another entity stands for the source")
        rights = graph.rights_of(path)
        if trouble := _unproven(draft, request, rights, graph):
            return Verdict(False, trouble)
        answer = answered(request, graph)
        if answer is None or draft != draft_of(request, answer, draft.user):
            return Verdict(False, "the rights, or the source's words, lead to another answer")
        if run := _leak(draft, graph):
            return Verdict(False, f"withheld words are in the answer ({len(run)} characters)")
        state = "withheld" if draft.withheld is not None else "open"
        return Verdict(True, f"{request.ask}: {path} is {state}, licence {rights.license}, holder {rights.holder}")

    def grade(self, draft: Draft, answer: str, graph: Graph) -> Grade:
        """Score decision, content and attribution; an answer that leaks withheld words scores 0."""
        return grade(draft, answer, graph)


def _dated(path: str, whole: Entity | None, rights: Rights, sampler: Sampler) -> Iterator[Request]:
    """Yield requests on days before, at and after the end of an embargo."""
    end = date.fromisoformat(rights.embargo or "")
    for days in sampler.ordered(map(str, _DAYS), "day", path):
        ask = sampler.choose(list(ABOUT_A_SOURCE), "dated", path, days)
        yield Request(ask, path, whole, end + timedelta(days=int(days)))


def _leak(draft: Draft, graph: Graph) -> str | None:
    """Return withheld words that a draft says; what its own spans, its path, licence and holder say is no leak."""
    kept, key = graph.once(_leaks), (draft.user, draft.assistant, draft.spans, draft.withheld)
    if key not in kept:
        kept[key] = _leaked(draft, graph)
    return kept[key]


def _leaks(graph: Graph) -> Kept[str | None]:
    return Kept()


def _leaked(draft: Draft, graph: Graph) -> str | None:
    text = f"{draft.user}\n{draft.assistant}"
    withheld = [draft.withheld] if draft.withheld is not None else []
    if graph.leaks(text, *withheld) is None:
        return None
    allowed = [graph.text(span) for span in draft.spans]
    for path in [*withheld, *{span.source for span in draft.spans}]:
        rights = graph.rights_of(path)
        allowed += [path, *(one for one in (rights.license, rights.holder, rights.statement, rights.reason) if one)]
    return graph.leaks(text, *withheld, besides=allowed)


def _unproven(draft: Draft, request: Request, rights: Rights, graph: Graph) -> str | None:
    """Say which of an answer's parts its source does not bear out, each read from the source itself."""
    path = request.path
    answer = draft.assistant
    usable = rights.trainable and rights.publishable
    if (draft.withheld is None) != usable:
        return "the source's rights say otherwise"
    if answer.startswith("Yes") or usable:
        if not answer.endswith(f"\n\n{credit(path, rights)}"):
            return "the attribution line is not that of the source"
    elif path not in answer or (rights.holder or "none named") not in answer:
        return "source or holder are not those of the rights"
    if usable and request.ask in _QUOTED:
        return _misquoted(draft, request, graph)
    return None


def _misquoted(draft: Draft, request: Request, graph: Graph) -> str | None:
    """Say where a quotation is not the words of its span, or its span not a part of the source."""
    (span, *more) = draft.spans
    if more or span.source != request.path:
        return "a quotation has one span, in its source"
    document: Span = span
    words = graph.document(document.source).text[document.start : document.end]
    words = words if request.ask == "quote code" else re.sub(r"\s+", " ", words).strip()
    if not draft.assistant.startswith(quoted(request.ask, words) + "\n\n"):
        return "the quotation is not word for word what stands in the span"
    return None


@hookimpl
def register_task_types() -> list[type[TaskType]]:
    """Add rights_style."""
    return [RightsStyle]
