# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""What differs between two datasets: examples, counts, rights, and what they were made with."""

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Any

import orjson
from attrs import field, frozen

from enliterator_core.dataset.show import metadata_of
from enliterator_core.dataset.write import PROVENANCE, TRAINING_DATA
from enliterator_core.errors import UsageError


@frozen
class Change:
    """One example that differs: its id and split in the newer dataset (a removed one's in the older), and what does.

    ``was`` is its id in the older one, where that is another.
    """

    id: str
    task: str
    split: str
    what: str
    was: str | None = None


@frozen
class Difference:
    """What differs between two datasets.

    The same id is the same example. ``changed`` are those with another answer to the same question of the same task and
    group; ``moved`` those in another split, by id or as changed ones, which are never any among datasets made here with
    the same split. ``counts`` gives by tasks, splits and rights what each dataset has; ``settings`` what differs in how
    they were made, by dotted key.
    """

    same: int
    added: tuple[Change, ...] = ()
    removed: tuple[Change, ...] = ()
    changed: tuple[Change, ...] = ()
    moved: tuple[Change, ...] = ()
    counts: Mapping[str, Mapping[str, tuple[int, int]]] = field(factory=dict)
    settings: Mapping[str, tuple[Any, Any]] = field(factory=dict)


@frozen
class _Known:
    """What is kept of an example: what it is about, by hash, its beginning, and where it stands."""

    id: str
    task: str
    split: str
    about: int
    asks: str


def compare(one: Path, other: Path) -> Difference:
    """Return what differs between the dataset in one folder and a newer one in another; UsageError without both."""
    older, newer = ({row.id: row for row in _rows(folder)} for folder in (one, other))
    gone: dict[int, list[_Known]] = {}
    for row in older.values():
        if row.id not in newer:
            gone.setdefault(row.about, []).append(row)
    added, changed, moved = [], [], []
    for row in newer.values():
        before = older.get(row.id)
        if before is None:
            if not gone.get(row.about):
                added.append(Change(row.id, row.task, row.split, row.asks))
            else:
                before = gone[row.about].pop(0)
                changed.append(Change(row.id, row.task, row.split, row.asks, before.id))
        if before is not None and before.split != row.split:
            moved.append(Change(row.id, row.task, row.split, f"was in {before.split}: {row.asks}", before.id))
    removed = [Change(row.id, row.task, row.split, row.asks) for rows in gone.values() for row in rows]
    metadata = metadata_of(one), metadata_of(other)
    return Difference(
        len(older.keys() & newer.keys()),
        tuple(added),
        tuple(removed),
        tuple(changed),
        tuple(moved),
        _counts(*metadata),
        {key: pair for key, pair in _pairs(*map(_made_with, metadata)).items() if pair[0] != pair[1]},
    )


def _rows(folder: Path) -> Iterator[_Known]:
    """Yield what is known of each example of a dataset."""
    metadata_of(folder)
    try:
        with (folder / TRAINING_DATA).open("rb") as lines, (folder / PROVENANCE).open("rb") as records:
            for line, record in zip(lines, records, strict=True):
                told, messages = orjson.loads(record), orjson.loads(line)["messages"]
                given = tuple(one["content"] for one in messages if one["role"] == "user")
                asks = " ".join(" ".join(given).split())
                about = hash((told["task"], told["group"], given))
                yield _Known(told["id"], told["task"], told["split"], about, asks[:80])
    except (OSError, ValueError, KeyError, TypeError) as error:
        message = f"{folder}: its lines and their provenance do not go together: {error}"
        raise UsageError(message, hint="build the dataset again") from error


def _counts(older: Mapping[str, Any], newer: Mapping[str, Any]) -> dict[str, dict[str, tuple[int, int]]]:
    found = {}
    for title in ("tasks", "splits"):
        found[title] = _both(older[title], newer[title])
    rights = [Counter({_rights(row): row["examples"] for row in one["rights"]}) for one in (older, newer)]
    return found | {"rights": _both(*rights)}


def _both(older: Mapping[str, int], newer: Mapping[str, int]) -> dict[str, tuple[int, int]]:
    return {name: (older.get(name, 0), newer.get(name, 0)) for name in dict.fromkeys(chain(older, newer))}


def _rights(row: Mapping[str, Any]) -> str:
    said = ", ".join(one for one in (row["license"] or "no licence", row["holder"]) if one)
    return said if row["publishable"] else f"{said}, not to be published"


def _made_with(metadata: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a dataset was made with, by dotted key."""
    kept = ("versions", "settings", "seed", "forced", "literacy", "prompts")
    return dict(_flat({key: metadata[key] for key in kept if key in metadata}))


def _flat(values: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in values.items():
        if isinstance(value, dict) and value and not key.endswith("schema"):
            yield from _flat(value, f"{before}{key}.")
        else:
            yield f"{before}{key}", value


def _pairs(older: Mapping[str, Any], newer: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    return {key: (older.get(key), newer.get(key)) for key in dict.fromkeys(chain(older, newer))}
