# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""An engine for a machine whose disk fails now and then."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from enliterator_core import Engine, hookimpl


class SecondTry(Engine):
    """Runs each batch here, and once more when the machine failed it."""

    name = "second_try"

    def map_batches(self, function: Callable[[Any], Any], batches: Iterable[Any]) -> Iterator[Any]:
        """Yield the results in order; what fails twice is raised."""
        for batch in batches:
            try:
                result = function(batch)
            except OSError:
                result = function(batch)
            yield result


@hookimpl
def register_engines() -> list[type[Engine]]:
    """Add the engine."""
    return [SecondTry]
