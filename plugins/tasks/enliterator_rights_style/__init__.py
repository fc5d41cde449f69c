# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""rights_style: quote, paraphrase, sum up, share or train on something, as far as its source's rights allow.

Every answer follows from the request, the graph and the source's rights alone. What is withheld is refused with why,
what is known of licence and holder, what is possible instead and whom to ask, and with nothing of its content. A day
that matters is named in the request; there is no clock.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import chain, permutations
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
from enliterator_rights_style.asking import ABOUT_A_SOURCE, Asked, read, write
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
        yield from in_batches(chain.from_iterable(self._drafts(graph, sampler)))

    def _drafts(self, graph: Graph, sampler: Sampler) -> Iterator[Iterable[Draft]]:
        drafts = graph.once(Drafts)
        points = sampler.points(graph.arrays.entities.keys, "asks")
        drafts.known.expect()
        for path in graph.sources:
            origin = drafts.known.origins[path]
            asked = [(ask, None) for ask in sampler.ordered(ABOUT_A_SOURCE, "ask", path)]
            # What cannot be used is soon said.
            most = self.requests_per_source if origin.usable else (self.requests_per_source + 1) // 2
            yield _about_source(origin, asked, most, drafts, sampler)
            if origin.rights.embargo:
                yield _about_source(origin, _dated(origin, sampler), self.requests_per_source, drafts, sampler)
            if origin.usable:
                yield _about_things(origin, points, self.requests_per_thing, drafts)

    def verify(self, draft: Draft, graph: Graph) -> Verdict:
        """Accept the one answer that the request and the rights lead to: its words proven against the source."""
        return _verdict(draft, graph.once(Drafts), graph)

    def verify_batch(self, drafts: Sequence[Draft], graph: Graph) -> list[Verdict]:
        """Verify many drafts as :meth:`verify` does each."""
        right = graph.once(Drafts)
        return [_verdict(draft, right, graph) for draft in drafts]

    def grade(self, draft: Draft, answer: str, graph: Graph) -> Grade:
        """Score decision, content and attribution; an answer that leaks withheld words scores 0."""
        return grade(draft, answer, graph)


def _about_source(
    origin: Origin, asked: Iterable[Asked], most: int, drafts: Drafts, sampler: Sampler
) -> Iterator[Draft]:
    """Yield the answers to the first requests about a source that have one which says nothing of a withheld source."""
    path, id = origin.path, origin.speaker
    thing = drafts.known.things[id] if id is not None else None
    left = most
    for ask, today in asked:
        drawn = sampler.fraction("request", ask, path, id or "", today.isoformat() if today else "")
        user = write(ask, drawn, origin, thing, drafts.known, today)
        right = drafts.right[user, path, id] if user is not None else None
        if right is not None and right[0] == (ask, today):
            yield right[1]
            left -= 1
            if not left:
                return


def _about_things(origin: Origin, points: "NDArray[np.uint64]", most: int, drafts: Drafts) -> list[Draft]:
    """Return the answers to what is asked about each thing that is first found in a source, in an order drawn for it.

    One source is enough to say who somebody's words are. What nothing in it answers is not asked.
    """
    known, made = drafts.known, list[Draft]()
    entities = known.graph.arrays.entities
    here = [number for number in origin.first_here.tolist() if entities.names[number] != origin.path]
    if not here:
        return made
    nothing = [] if origin.blocks.has_prose else ["quote"]
    nothing += [] if origin.blocks.has_code else ["quote code"]
    orders = [[(ask, _BITS * place) for place, ask in order if ask not in nothing] for order in _ORDERS]
    rest, order = (part.tolist() for part in divmod(points[here], len(orders)))
    for number, point, place in zip(here, rest, order, strict=True):
        thing, left = known.things[entities.ids[number]], most
        for ask, shift in orders[place]:
            user = write(ask, (point >> shift & _LAST) / (_LAST + 1), origin, thing, known)
            found = drafts.to(user, origin, thing) if user is not None else None
            if found is not None and found[0][0] == ask:
                made.append(found[1])
                left -= 1
                if not left:
                    break
    return made


def _dated(origin: Origin, sampler: Sampler) -> Iterator[Asked]:
    """Yield what is asked on days before, at and after the end of an embargo."""
    path, end = origin.path, date.fromisoformat(origin.rights.embargo or "")
    for days in sampler.ordered(map(str, _DAYS), "day", path):
        ask = sampler.choose(list(ABOUT_A_SOURCE), "dated", path, days)
        yield ask, end + timedelta(days=int(days))


def _verdict(draft: Draft, drafts: Drafts, graph: Graph) -> Verdict:
    path, id = _source_of(draft), draft.entities[0] if draft.entities else None
    known = isinstance(draft.user, str) and path in graph.sources
    known = known and (id is None or (isinstance(id, str) and id in graph.arrays.entities.numbers))
    right = drafts.right[draft.user, path, id] if known else None
    if right is None or (draft is not right[1] and draft != right[1]):
        return Verdict(False, _refusal(draft, graph))
    ask, origin = right[0][0], drafts.known.origins[path]
    if trouble := _unproven(draft, ask, id, origin, graph):
        return Verdict(False, trouble)
    verdict = origin.verdicts.get(ask)
    if verdict is None:
        state = "open" if origin.usable else "withheld"
        words = f"{ask}: {path} is {state}, licence {origin.rights.license}, holder {origin.rights.holder}"
        verdict = origin.verdicts[ask] = Verdict(True, words)
    return verdict


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
    if trouble := _unproven(draft, request.ask, request.thing, known.origins[path], graph):
        return trouble
    if run := leak(draft, known):
        return f"withheld words are in the answer ({len(run)} characters)"
    return "the rights, or the source's words, lead to another answer"


def _unproven(draft: Draft, ask: str, thing: str | None, origin: Origin, graph: Graph) -> str | None:
    """Say which of an answer's parts its source does not bear out, each read from the source itself."""
    path, rights, answer = origin.path, origin.rights, draft.assistant
    if ask in ABOUT_A_SOURCE and thing != origin.speaker:
        return "another entity stands for the source"
    if (draft.withheld is None) != origin.usable:
        return "the source's rights say otherwise"
    if answer.startswith("Yes") or origin.usable:
        if not answer.endswith(f"\n\n{origin.line}"):
            return "the attribution line is not that of the source"
    elif path not in answer or (rights.holder or "none named") not in answer:
        return "source or holder are not those of the rights"
    if origin.usable and ask in QUOTED:
        return _misquoted(draft, ask, path, graph)
    return None


def _misquoted(draft: Draft, ask: str, path: str, graph: Graph) -> str | None:
    """Say where a quotation is not the words of its span, or its span not a part of the source."""
    (span, *more) = draft.spans
    if more or span.source != path:
        return "a quotation has one span, in its source"
    words = graph.text(span)
    words = words if ask == "quote code" else re.sub(r"\s+", " ", words).strip()
    if not draft.assistant.startswith(quoted(ask, words) + "\n\n"):
        return "the quotation is not word for word what stands in the span"
    return None


@hookimpl
def register_task_types() -> list[type[TaskType]]:
    """Add rights_style."""
    return [RightsStyle]
