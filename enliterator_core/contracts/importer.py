# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""An importer takes in what is a graph already: its things and their relations are given, not found in prose."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import ClassVar

from attrs import frozen

from enliterator_core.contracts.extractor import Extraction
from enliterator_core.nouns import Document, Source


@frozen
class Imported:
    """Some rows of a graph, as a source that a person can read and what they state.

    ``source`` has the kind `rows`, its path is stable, and its sha256 stands for text and extraction. The document's
    text shows each row's own values; every span of the extraction opens in it. What the document states as `license`,
    `holder` ... speaks for its rows, so that rows with different rights stand in different sources.
    """

    source: Source
    document: Document
    extraction: Extraction


class Importer(ABC):
    """A kind of existing graph: a database's address or a file, named as a SOURCE."""

    name: ClassVar[str]

    @abstractmethod
    def claims(self, origin: str) -> str | None:
        """Return the SOURCE as it is remembered (without secrets, a file's path whole) if it is this importer's.

        Asked before anything is opened; None leaves it to others.
        """

    @abstractmethod
    def read(self, origin: str, mapping: Path | None, refuse: Callable[[str, str], None]) -> Iterator[Imported]:
        """Yield everything, in a defined order and bounded memory; the same graph gives the same sources.

        ``mapping`` is the file that `--map` named; ``refuse(path, reason)`` leaves one part out by name. Raises
        UsageError for a mapping that is wrong, ServiceError when a server fails. Nothing is ever written to the graph.
        """
