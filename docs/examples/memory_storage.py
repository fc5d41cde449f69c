# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Keeps graphs in this process's memory: `graph = "memory:"`."""

from pathlib import Path

from enliterator_core import GraphStorage, ServiceError, Storage, hookimpl
from enliterator_core.testing import MemoryGraph

GRAPHS: dict[tuple[Path, int], MemoryGraph] = {}


class Published(MemoryGraph):
    """A graph that others see once it is published."""

    def __init__(self, place: tuple[Path, int]) -> None:
        super().__init__()
        self.place = place

    def publish(self) -> None:
        """Make it the batch's graph."""
        GRAPHS[self.place] = self


class Memory(Storage):
    """Graphs in memory, gone with the process; records stay where they are."""

    name = "memory"
    schemes = ("memory",)

    def graph(self, url: str, state: Path, batch: int, *, rebuild: bool = False) -> GraphStorage | None:
        """Open a batch's graph."""
        if rebuild:
            return Published((state, batch))
        if (state, batch) not in GRAPHS:
            raise ServiceError(f"batch {batch} is not in memory", hint="build it again")
        return GRAPHS[state, batch]


@hookimpl
def register_storages() -> list[type[Storage]]:
    return [Memory]
