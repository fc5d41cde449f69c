# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""An engine runs work that outgrows one process."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from typing import Any, ClassVar, TypeVar

T = TypeVar("T")


class Engine(ABC):
    """Runs one function over many batches: in other processes, or on other machines that see the same files.

    What it runs depends on its batch alone, so the results are the same wherever and in whatever order it is run.
    """

    name: ClassVar[str]

    @abstractmethod
    def map_batches(self, function: Callable[[T], Any], batches: Iterable[T]) -> Iterator[Any]:
        """Yield what ``function`` returns for each batch, in the order of the batches.

        ``function`` may be a closure over what this process holds, such as a graph; batches and results can be
        pickled. What it raises is raised here. When the caller stops asking, running work may be left unfinished.
        """
