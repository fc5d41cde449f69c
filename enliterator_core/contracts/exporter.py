# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""An exporter writes a batch's graph in one format."""

from abc import ABC, abstractmethod
from pathlib import Path
from typing import ClassVar

from enliterator_core.graph import Graph


class Exporter(ABC):
    """A deliverable: `name` is the format's, `file_name` what it is called in `deliverables/batch_N/`."""

    name: ClassVar[str]
    file_name: ClassVar[str]

    @abstractmethod
    def export(self, graph: Graph, target: Path) -> int:
        """Write the file at `target` (beside its final place; the caller renames it); return how many things it holds.

        Only what may be published goes out; the same graph gives the same bytes.
        """
