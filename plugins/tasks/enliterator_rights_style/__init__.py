# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""rights_style: quote, paraphrase, sum up, share or train on something, as far as its source's rights allow.

Every answer follows from the request, the graph and the source's rights alone. What is withheld is refused with why,
what is known of licence and holder, what is possible instead and whom to ask, and with nothing of its content. A day
that matters is named in the request; there is no clock.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import permutations
from typing import TYPE_CHECKING, Final

from attrs import field, frozen
from attrs.validators import ge

from enliterator_core import (
    Draft,
    Grade,
    Graph,
    Sampler,
    TaskType,
    Verdict,
    hookimpl,
    in_batches,
    read_prompt,
    trouble_with,
)
from enliterator_rights_style.answers import QUOTED, quoted
from enliterator_rights_style.asking import ABOUT_A_SOURCE, Request, read, write
from enliterator_rights_style.drafts import Drafts, leak
from enliterator_rights_style.grading import grade
from enliterator_rights_style.known import Known, Origin

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_PROMPT: Final = read_prompt(__package__)
#: what is asked about a thing, each with its number
_ASKS: Final = tuple(enumerate(("quote", "quote code", "paraphrase", "reuse")))
_ORDERS: Final = tuple((*order, _ASKS[-1]) for order in permutations(_ASKS[:-1]))
_BITS: Final = 13  # of the 64 drawn for a thing, so many say how each request is put; the rest says their order
_LAST: Final = (1 << _BITS) - 1

_Asked = tuple[Request, float]
"""A request, and a number in [0, 1) that says how it is put."""

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
        drafts = graph.once(Drafts)
        points = sampler.points(graph.arrays.entities.keys, "asks")
        for path in graph.sources:
            origin = drafts.known.origins[path]
            requests = [Request(ask, path, origin.speaker) for ask in sampler.ordered(ABOUT_A_SOURCE, "ask", path)]
            # What cannot be used is soon said.
            most = self.requests_per_source if origin.usable else (self.requests_per_source + 1) // 2
            yield from _sound(drafts, _drawn(requests, sampler), most)
            if origin.rights.embargo:
                yield from _sound(drafts, _drawn(_dated(origin, sampler), sampler), self.requests_per_source)
            for asked in _about_things(origin, graph, points) if origin.usable else ():
                yield from _sound(drafts, asked, self.requests_per_thing)

    def verify(self, draft: Draft, graph: Graph) -> Verdict:
        """Accept the one answer that the request and the rights lead to: its words proven against the source."""
        path, id = _source_of(draft), draft.entities[0] if draft.entities else None
        known = path in graph.sources and (id is None or (isinstance(id, str) and id in graph.entities))
        drafts = graph.once(Drafts)
        right = drafts.right[draft.user, path, id] if known and isinstance(draft.user, str) else None
        if right is None or draft != right[1]:
            return Verdict(False, _refusal(draft, graph))
        request, origin = right[0], drafts.known.origins[path]
        if trouble := _unproven(draft, request, origin, graph):
            return Verdict(False, trouble)
        state = "withheld" if draft.withheld is not None else "open"
        rights = origin.rights
        return Verdict(True, f"{request.ask}: {path} is {state}, licence {rights.license}, holder {rights.holder}")

    def grade(self, draft: Draft, answer: str, graph: Graph) -> Grade:
        """Score decision, content and attribution; an answer that leaks withheld words scores 0."""
        return grade(draft, answer, graph)


def _about_things(origin: Origin, graph: Graph, points: "NDArray[np.uint64]") -> Iterator[list[_Asked]]:
    """Yield what is asked about each thing that is first found in a source, in an order drawn for it.

    One source is enough to say who somebody's words are. What nothing in it answers is not asked.
    """
    ids, names, path = graph.arrays.entities.ids, graph.arrays.entities.names, origin.path
    here = [number for number in origin.first_here if names[number] != path]
    if not here:
        return
    nothing = [] if origin.blocks.has_prose else ["quote"]
    nothing += [] if origin.blocks.has_code else ["quote code"]
    orders = [[(ask, _BITS * place) for place, ask in order if ask not in nothing] for order in _ORDERS]
    for number, point in zip(here, points[here].tolist(), strict=True):
        rest, order = divmod(point, len(orders))
        id = ids[number]
        yield [(Request(ask, path, id), (rest >> shift & _LAST) / (_LAST + 1)) for ask, shift in orders[order]]


def _drawn(requests: Iterable[Request], sampler: Sampler) -> Iterator[_Asked]:
    """Yield requests about a source with a number drawn for each."""
    for request in requests:
        today = request.today.isoformat() if request.today else ""
        yield request, sampler.fraction("request", request.ask, request.path, request.thing or "", today)


def _sound(drafts: Drafts, asked: Iterable[_Asked], most: int) -> list[Draft]:
    """Return the answers to the first requests that have one which says nothing of a withheld source."""
    sound: list[Draft] = []
    for request, drawn in asked:
        user = write(request, drawn, drafts.known) if drafts.answers[request] is not None else None
        right = drafts.right[user, request.path, request.thing] if user is not None else None
        if right is not None and right[0] == request:
            sound.append(right[1])
            if len(sound) == most:
                break
    return sound


def _dated(origin: Origin, sampler: Sampler) -> Iterator[Request]:
    """Yield requests on days before, at and after the end of an embargo."""
    path, end = origin.path, date.fromisoformat(origin.rights.embargo or "")
    for days in sampler.ordered(map(str, _DAYS), "day", path):
        ask = sampler.choose(list(ABOUT_A_SOURCE), "dated", path, days)
        yield Request(ask, path, origin.speaker, end + timedelta(days=int(days)))


def _source_of(draft: Draft) -> str:
    """Return the path of the source that a draft is about; nothing when it says none."""
    return draft.withheld if draft.withheld is not None else draft.spans[0].source if draft.spans else ""


def _refusal(draft: Draft, graph: Graph) -> str:
    """Say why a draft is not the one that its request and the rights lead to."""
    if trouble := trouble_with(draft, graph):
        return trouble
    path = _source_of(draft)
    if path not in graph.sources:
        return f"there is no source {path!r}"
    known = graph.once(Known)
    request = read(draft.user, path, known.things[draft.entities[0]] if draft.entities else None, graph)
    if request is None:
        return "the request is about another source or entity"
    if trouble := _unproven(draft, request, known.origins[path], graph):
        return trouble
    if run := leak(draft, known):
        return f"withheld words are in the answer ({len(run)} characters)"
    return "the rights, or the source's words, lead to another answer"


def _unproven(draft: Draft, request: Request, origin: Origin, graph: Graph) -> str | None:
    """Say which of an answer's parts its source does not bear out, each read from the source itself."""
    path, rights, answer = origin.path, origin.rights, draft.assistant
    if request.ask in ABOUT_A_SOURCE and request.thing != origin.speaker:
        return "another entity stands for the source"
    if (draft.withheld is None) != origin.usable:
        return "the source's rights say otherwise"
    if answer.startswith("Yes") or origin.usable:
        if not answer.endswith(f"\n\n{origin.line}"):
            return "the attribution line is not that of the source"
    elif path not in answer or (rights.holder or "none named") not in answer:
        return "source or holder are not those of the rights"
    if origin.usable and request.ask in QUOTED:
        return _misquoted(draft, request, graph)
    return None


def _misquoted(draft: Draft, request: Request, graph: Graph) -> str | None:
    """Say where a quotation is not the words of its span, or its span not a part of the source."""
    (span, *more) = draft.spans
    if more or span.source != request.path:
        return "a quotation has one span, in its source"
    words = graph.text(span)
    words = words if request.ask == "quote code" else re.sub(r"\s+", " ", words).strip()
    if not draft.assistant.startswith(quoted(request.ask, words) + "\n\n"):
        return "the quotation is not word for word what stands in the span"
    return None


@hookimpl
def register_task_types() -> list[type[TaskType]]:
    """Add rights_style."""
    return [RightsStyle]
