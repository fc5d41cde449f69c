# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The parts of drafts, a column for each.

They are read once, before the task verifies its drafts: so what was checked is what is written, whatever a plugin does
to a draft later.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, repeat
from operator import attrgetter
from typing import Any, Final, Self

from attrs import define, fields

from enliterator_core.contracts.task_type import Draft
from enliterator_core.nouns import Span

_OF_DRAFT: Final = ("user", "assistant", "anchor", "entities", "relations", "spans", "absence", "withheld")
_OF_SPAN: Final = ("source", "start", "end")
_SPANS: Final = ("sources", "starts", "ends")  # the columns of spans


@define
class Parts:
    """What some drafts say, a list for each part; ``asked`` and ``answered`` are users' and answers' texts in UTF-8.

    ``texts`` are both with a line break between them, ``apart`` says which anchors are not among the draft's entities,
    ``counts`` how many spans each draft has; ``sources``, ``starts`` and ``ends`` are those of all spans, one
    draft's after the other's. ``rights`` are places in a list of rights, there once the drafts were checked.
    """

    users: Sequence[str]
    answers: Sequence[str]
    anchors: Sequence[str]
    entities: Sequence[tuple[str, ...]]
    relations: Sequence[tuple[tuple[str, str, str], ...]]
    spans: Sequence[tuple[Span, ...]]
    absences: Sequence[str | None]
    withheld: Sequence[str | None]
    asked: Sequence[bytes]
    answered: Sequence[bytes]
    texts: Sequence[bytes]
    apart: Sequence[bool]
    counts: Sequence[int]
    sources: Sequence[str]
    starts: Sequence[int]
    ends: Sequence[int]
    rights: Sequence[int] = ()

    @classmethod
    def of(cls, batch: Sequence[Any]) -> Self | None:
        """Read drafts; None where not all are drafts whose every part has its type: plugins may yield anything."""
        if not all(issubclass(kind, Draft) for kind in set(map(type, batch))):
            return None
        users, answers, anchors, entities, relations, spans, absences, withheld = _columns(batch, _OF_DRAFT)
        if not (_are(str, users, answers, anchors) and all(anchors) and _are(tuple, entities, relations, spans)):
            return None
        if set(map(type, chain(absences, withheld))) - {str, type(None)}:
            return None
        keys, pieces = list(chain.from_iterable(relations)), list(chain.from_iterable(spans))
        if not _are(tuple, keys) or set(map(len, keys)) - {3}:
            return None
        if not _are(str, chain.from_iterable(entities), chain.from_iterable(keys)):
            return None
        if not all(issubclass(kind, Span) for kind in set(map(type, pieces))):
            return None
        sources, starts, ends = _columns(pieces, _OF_SPAN)
        if not (_are(str, sources) and _are(int, starts, ends)):
            return None
        asked, answered = _encoded(users), _encoded(answers)
        texts = list(map(b"\n".join, zip(asked, answered, strict=True)))
        apart = [anchor not in named for anchor, named in zip(anchors, entities, strict=True)]
        told = (users, answers, anchors, entities, relations, spans, absences, withheld)
        return cls(*told, asked, answered, texts, apart, list(map(len, spans)), sources, starts, ends)

    def __len__(self) -> int:
        return len(self.users)

    def owners(self) -> Iterator[int]:
        """Yield for each span the number of the draft that has it."""
        return chain.from_iterable(map(repeat, range(len(self)), self.counts))

    def those(self, numbers: Sequence[int]) -> Self:
        """Return the parts of the drafts with these numbers, which ascend."""
        if len(numbers) == len(self):
            return self
        wanted = set(numbers)
        spans = [number for number, owner in enumerate(self.owners()) if owner in wanted]
        places = {field.name: spans if field.name in _SPANS else numbers for field in fields(type(self))}
        return type(self)(**{name: list(map(getattr(self, name).__getitem__, some)) for name, some in places.items()})


def _columns(things: Sequence[Any], names: Sequence[str]) -> list[tuple[Any, ...]]:
    """Return the attributes of things, a column for each name."""
    return list(zip(*map(attrgetter(*names), things), strict=True)) or [()] * len(names)


def _encoded(texts: Sequence[str]) -> list[bytes]:
    try:
        return list(map(str.encode, texts))
    except UnicodeEncodeError:  # half a surrogate pair, which is refused by name later
        return [text.encode("utf-8", "surrogatepass") for text in texts]


def _are(kind: type, *columns: Iterable[Any]) -> bool:
    """Say whether all in all columns are of just that type."""
    return set(map(type, chain(*columns))) <= {kind}
