# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Which sources are withdrawn now, and what in a graph or a dataset was made from them."""

from collections.abc import Callable, Iterable, Iterator, Set
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import orjson

from enliterator_core.contracts.records import Records
from enliterator_core.contracts.storage import GraphStorage
from enliterator_core.dataset.write import METADATA, PROVENANCE
from enliterator_core.errors import GateError, ServiceError
from enliterator_core.nouns import Batch, Source
from enliterator_core.operations import DatasetRecord, Withdrawal
from enliterator_core.workspace import Workspace

Key = tuple[str, str, str]

#: what every empty file has; withdrawing one withdraws no other
_NOTHING: Final = sha256(b"").hexdigest()


class Withdrawn:
    """The withdrawals that hold: those that were not taken back.

    A source is withdrawn when it stands where one was withdrawn (the same path in a batch of the same origin), or when
    it has the content of one, wherever it stands.
    """

    def __init__(self, records: Records) -> None:
        every = records.withdrawals()
        taken_back = {one.undoes for one in every}
        self.holding = [one for one in every if one.undoes is None and one.id not in taken_back]
        self._origins = {batch.id: batch.origin for batch in records.batches()} if self.holding else {}
        self._places = {(self._origins.get(batch, ""), path): one for one in self.holding for batch, path in one.places}
        self._contents = {one.sha256: one for one in self.holding if one.sha256 not in (None, _NOTHING)}

    def __bool__(self) -> bool:
        return bool(self.holding)

    def of(self, batch: int, path: str, content: str | None = None) -> Withdrawal | None:
        """Return the withdrawal of a batch's source, given by path and, where it is known, the SHA-256 of its bytes."""
        found = self._places.get((self._origins.get(batch, ""), path))
        return found if found is not None or content is None else self._contents.get(content)

    def among(self, batch: int, sources: Iterable[Source]) -> dict[str, Withdrawal]:
        """Return the withdrawals of those of a batch's sources that are withdrawn, by path."""
        found = ((one.path, self.of(batch, one.path, one.sha256)) for one in sources) if self else ()
        return {path: withdrawal for path, withdrawal in found if withdrawal is not None}

    def in_dataset(self, dataset: DatasetRecord | None) -> dict[str, Withdrawal]:
        """Return the withdrawals of the sources that a dataset was made from, by path."""
        if dataset is None or dataset.batch is None:
            return {}
        found = {path: self.of(dataset.batch, path) for path in dataset.content.get("sources", ())}
        for one in self.holding:  # an example can be made from a source without resting on a span of it
            if dataset.hash in (named["hash"] for named in one.named.get("datasets", ()) if named["files"]):
                found |= {path: one for batch, path in one.places if batch == dataset.batch}
        return {path: withdrawal for path, withdrawal in sorted(found.items()) if withdrawal is not None}


def said(withdrawal: Withdrawal) -> str:
    """Say when a source was withdrawn, by whom and why."""
    because = f": {withdrawal.reason}" if withdrawal.reason else ""
    return f"withdrawn on {withdrawal.at[:10]} by {withdrawal.who}{because}"


def withdrawn_in(workspace: Workspace, dataset: DatasetRecord | None) -> dict[str, str]:
    """Return the sources of a dataset that was sent which are withdrawn now, by path, each with when, by whom, why."""
    found = Withdrawn(workspace.records).in_dataset(dataset)
    return {path: said(withdrawal) for path, withdrawal in found.items()}


def at_intake(workspace: Workspace, batch: Batch) -> Callable[[str, str], str | None]:
    """Return what says of a path and the SHA-256 of what stands there why intake may not take it in, or None."""
    every = Withdrawn(workspace.records)

    def withdrawn(path: str, content: str) -> str | None:
        found = every.of(batch.id, path, content) if every else None
        return said(found) if found is not None else None

    return withdrawn


def held_by(workspace: Workspace, batch: Batch) -> dict[str, Withdrawal]:
    """Return the withdrawals of sources that a batch's published graph still holds, by path; none without a graph."""
    every = Withdrawn(workspace.records)
    if not every:
        return {}
    try:
        with closing(workspace.graph(batch.id)) as graph:
            return every.among(batch.id, graph.sources())
    except ServiceError:  # it was never published
        return {}


def require_none(workspace: Workspace, batch: Batch, graph: GraphStorage) -> None:
    """Raise GateError when a graph still holds a source that is withdrawn."""
    held = Withdrawn(workspace.records).among(batch.id, graph.sources())
    if held:
        path, withdrawal = next(iter(sorted(held.items())))
        more = f" and {len(held) - 1} more" if len(held) > 1 else ""
        message = f"the graph of batch {batch.id} still holds {path}{more}, {said(withdrawal)}"
        raise GateError(message, hint="enliterator build with the same sources makes one without it")


def batch_of(workspace: Workspace, folder: Path) -> Batch | None:
    """Return the batch of this workspace that a dataset's folder was built from; None for any other folder."""
    try:
        made_of = orjson.loads((folder / METADATA).read_bytes())["batch"]
        batch = workspace.records.batch(made_of["id"])
    except (OSError, ValueError, KeyError, TypeError):  # not a dataset that was built here
        return None
    return batch if batch is not None and batch.name == made_of.get("name") else None


def examples_from(
    folder: Path, paths: Set[str], entities: Set[str] = frozenset(), relations: Set[Key] = frozenset()
) -> Iterator[dict[str, Any]]:
    """Yield `id`, `task`, `split`, `line` and `sources` of each example of a dataset that was made from sources.

    It was when it rests on a span of one, when it is a refusal about one, or when it names one of the ``entities`` or
    ``relations``, which are known from these sources alone. Lines that are no provenance are left out.
    """
    if not (folder / PROVENANCE).is_file():
        return
    with (folder / PROVENANCE).open("rb") as lines:
        for line in lines:
            try:
                row = orjson.loads(line)
                found = {span["source"] for span in row["spans"]} | {row.get("withheld")}
                told = {key: row[key] for key in ("id", "task", "split", "line")}
                known = not entities.isdisjoint(row["entities"])
                known = known or not relations.isdisjoint(map(tuple, row["relations"]))
            except (ValueError, KeyError, TypeError):
                continue
            if known or not paths.isdisjoint(found):
                yield {**told, "sources": sorted(paths & found)}


def defects_of(workspace: Workspace, folder: Path) -> Iterator[tuple[dict[str, Any], Withdrawal]]:
    """Yield the examples of a dataset's folder that were made from a withdrawn source, with the withdrawal."""
    batch, every = batch_of(workspace, folder), Withdrawn(workspace.records)
    if batch is None or not every:
        return
    paths = {path: one for one in every.holding for path in _paths_in(every, batch, one)}
    for row in examples_from(folder, paths.keys()):
        yield row, paths[row["sources"][0]]


def _paths_in(every: Withdrawn, batch: Batch, withdrawal: Withdrawal) -> Iterator[str]:
    """Yield the paths under which a withdrawn source stands in a batch."""
    return (path for _, path in withdrawal.places if every.of(batch.id, path) is withdrawal)
