# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Rows as columns, without making a noun of each."""

from collections.abc import Sequence
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from enliterator_core import EntityColumns, RelationColumns, SpanColumns

Row = dict[str, Any]
Edge = tuple[str, str, str, Row]
"""Subject, verb, object, properties."""


def _ids(hexadecimal: Sequence[str]) -> NDArray[np.uint64]:
    return np.frombuffer(bytes.fromhex("".join(hexadecimal)), ">u8").astype(np.uint64)


def _spans(rows: Sequence[Row]) -> SpanColumns:
    sources, starts, ends = (
        list(chain.from_iterable(row[f"evidence_{name}"] for row in rows)) for name in ("sources", "starts", "ends")
    )
    paths: dict[str, int] = {}
    codes = [paths.setdefault(source, len(paths)) for source in sources]
    counts = np.fromiter((len(row["evidence_starts"]) for row in rows), np.int64, len(rows))
    return SpanColumns(counts, np.array([codes, starts, ends], np.uint32).T.reshape(-1, 3), list(paths))


def entities(rows: Sequence[Row]) -> EntityColumns:
    """Return the columns of entities' properties."""
    return EntityColumns(
        _ids([row["id"] for row in rows]),
        [row["pool"] for row in rows],
        [row["name"] for row in rows],
        [row["kind"] for row in rows],
        [row["description"] for row in rows],
        [row["repr_text"] for row in rows],
        [row.get("time") for row in rows],
        [row["time_basis"] for row in rows],
        [row["rights"] for row in rows],
        _spans(rows),
    )


def relations(edges: Sequence[Edge]) -> RelationColumns:
    """Return the columns of relations."""
    subjects, verbs, objects, rows = zip(*edges, strict=True)
    confidences, predicates = [row["confidence"] for row in rows], [row.get("predicate") for row in rows]
    return RelationColumns(_ids(subjects), verbs, _ids(objects), confidences, predicates, _spans(rows))
