# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""What the options before a command's name said, and how commands get at the workspace."""

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import frozen

from enliterator_core.cli import show
from enliterator_core.cli.show import Terminal
from enliterator_core.errors import UsageError, did_you_mean
from enliterator_core.nouns import Batch

if TYPE_CHECKING:
    from enliterator_core.contracts.storage import GraphStorage
    from enliterator_core.workspace import Workspace


@frozen
class Session:
    """One call of the program."""

    workspace: Path | None = None
    quiet: bool = False
    verbose: bool = False

    @property
    def progress(self) -> Terminal:
        """Where progress goes."""
        return Terminal(quiet=self.quiet, verbose=self.verbose)

    table = staticmethod(show.table)
    document = staticmethod(show.document)

    def line(self, text: str = "") -> None:
        """Print one line of the result, without the orders to a terminal that it may hold."""
        show.line(show.plain(text))

    def note(self, text: str) -> None:
        """Say something on stderr, unless notes are unwanted."""
        if not self.quiet:
            show.note(show.plain(text))

    @contextmanager
    def open(self, flags: Mapping[str, str | None] | None = None) -> Iterator["Workspace"]:
        """Open the workspace; `flags` are configuration given on the command line."""
        from enliterator_core.workspace import Workspace

        with Workspace.open(flags=self.flags(flags)) as workspace:
            yield workspace

    def flags(self, more: Mapping[str, str | None] | None = None) -> dict[str, str]:
        """Return the configuration that options gave, those that were not given left out."""
        told = {"workspace": str(self.workspace) if self.workspace else None, **(more or {})}
        return {key: value for key, value in told.items() if value is not None}

    @contextmanager
    def graph(self, batch: str) -> Iterator[tuple["Workspace", Batch, "GraphStorage"]]:
        """Open the workspace and a batch's published graph, the batch given by number or name."""
        with self.open() as workspace:
            found = find_batch(workspace, batch)
            with closing(workspace.graph(found.id)) as graph:
                yield workspace, found, graph


def who() -> str:
    """Return who gives a command: the user's name, as far as the system knows one."""
    import getpass

    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a user without a name, as containers have
        return "unknown"


def find_batch(workspace: "Workspace", wanted: str | None) -> Batch:
    """Return the batch of that number, or the newest of that name (of any, for None); UsageError when there is none."""
    batches = workspace.records.batches()
    for batch in reversed(batches):
        if wanted in (None, str(batch.id), batch.name):
            return batch
    if not batches:
        raise UsageError("nothing has been built in this workspace yet", hint="enliterator build SOURCE makes a batch")
    near = did_you_mean(wanted or "", (batch.name for batch in batches))
    raise UsageError(f"there is no batch {wanted}{near}", hint="enliterator batches lists them")
