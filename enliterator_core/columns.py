# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Entities and relations as columns: how a storage hands over many at once without making an object for each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from attrs import frozen

from enliterator_core.nouns import Entity, Relation, Span

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@frozen(eq=False)
class SpanColumns:
    """The spans of some rows, one after the other.

    ``counts`` holds how many each row has; ``places`` is a row of three for each span: an index into ``paths``, its
    start, its end, each below 2**32.
    """

    counts: NDArray[np.int64]
    places: NDArray[np.uint32]
    paths: Sequence[str]


@frozen(eq=False)
class EntityColumns:
    """Some entities, a column for each field: row by row what :class:`Entity` holds.

    ``ids`` are the content ids read as unsigned 64-bit numbers.
    """

    ids: NDArray[np.uint64]
    pools: Sequence[str]
    names: Sequence[str]
    kinds: Sequence[str]
    descriptions: Sequence[str]
    texts: Sequence[str]
    times: Sequence[str | None]
    bases: Sequence[str]
    rights: Sequence[str]
    spans: SpanColumns


@frozen(eq=False)
class RelationColumns:
    """Some relations, a column for each field: row by row what :class:`Relation` holds.

    ``subjects`` and ``objects`` are content ids read as unsigned 64-bit numbers.
    """

    subjects: NDArray[np.uint64]
    verbs: Sequence[str]
    objects: NDArray[np.uint64]
    confidences: Sequence[float]
    predicates: Sequence[str | None]
    spans: SpanColumns


def _spans(rows: Sequence[tuple[Span, ...]]) -> SpanColumns:
    import numpy as np

    paths: dict[str, int] = {}
    places = [(paths.setdefault(span.source, len(paths)), span.start, span.end) for spans in rows for span in spans]
    counts = np.fromiter(map(len, rows), np.int64, len(rows))
    return SpanColumns(counts, np.array(places, np.uint32).reshape(-1, 3), list(paths))


def _numbers(ids: Sequence[str]) -> NDArray[np.uint64]:
    import numpy as np

    return np.array([int(id, 16) for id in ids], np.uint64)


def entity_columns(entities: Iterable[Entity], size: int) -> Iterator[EntityColumns]:
    """Yield entities as columns, at most ``size`` at a time: for a storage that has nothing faster."""
    rest = iter(entities)
    while some := list(islice(rest, size)):
        yield EntityColumns(
            _numbers([one.id for one in some]),
            [one.pool for one in some],
            [one.name for one in some],
            [one.kind for one in some],
            [one.description for one in some],
            [one.repr_text for one in some],
            [one.time.value for one in some],
            [one.time.basis for one in some],
            [one.rights for one in some],
            _spans([one.evidence for one in some]),
        )


def relation_columns(relations: Iterable[Relation], size: int) -> Iterator[RelationColumns]:
    """Yield relations as columns, at most ``size`` at a time: for a storage that has nothing faster."""
    rest = iter(relations)
    while some := list(islice(rest, size)):
        yield RelationColumns(
            _numbers([one.subject for one in some]),
            [one.verb for one in some],
            _numbers([one.object for one in some]),
            [one.confidence for one in some],
            [one.predicate for one in some],
            _spans([one.evidence for one in some]),
        )
