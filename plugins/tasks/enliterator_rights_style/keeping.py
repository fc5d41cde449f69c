# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""What a pure function of a graph gave, kept for a while: drafts are made and verified in batches."""

from collections.abc import Callable
from typing import TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")


class Kept(dict[Key, Value]):
    """What a function gives for each key, made when it is first asked for (``kept[key]``).

    When it is full it starts anew, with what was asked for before at hand until it is full again: a graph of any size
    takes no more than twice ``most``, and the last ``most`` are always there.
    """

    def __init__(self, make: Callable[[Key], Value], most: int = 1000) -> None:
        super().__init__()
        self._make = make
        self._most = most
        self._before: dict[Key, Value] = {}

    def __missing__(self, key: Key) -> Value:
        return self.put(key, self._before[key] if key in self._before else self._make(key))

    def put(self, key: Key, value: Value) -> Value:
        """Keep what the function gives for a key, where that is known already; return it."""
        if len(self) >= self._most:
            self._before = dict(self)
            self.clear()
        self[key] = value
        return value
