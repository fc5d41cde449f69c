# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""What a function of a graph gave lately, since drafts are made and verified in batches that ask for the same again."""

from collections.abc import Callable
from typing import TypeVar

K = TypeVar("K")
T = TypeVar("T")


class Kept(dict[K, T]):
    """What a function gives for each key (``kept[key]``), made when it is first asked for, and kept for a while.

    Once there are ``most`` it begins anew, with those still at hand until there are so many again: the last ``most``
    are always there, and there are never more than twice as many, however large a graph is. Fewer are often faster,
    since what a processor has just seen it sees many times as fast as the rest.
    """

    def __init__(self, make: Callable[[K], T], most: int) -> None:
        super().__init__()
        self._make, self._most = make, most
        self._older: dict[K, T] = {}

    def __missing__(self, key: K) -> T:
        return self.put(key, self._older[key] if key in self._older else self._make(key))

    def put(self, key: K, made: T) -> T:
        """Keep what the function gives for a key, where it is at hand already; return it."""
        self.make_room()
        self[key] = made
        return made

    def make_room(self) -> None:
        """Begin anew where there are as many as may be: before many are put here at once."""
        if len(self) >= self._most:
            older = dict(self)
            self.clear()
            self._older = older

    def clear(self) -> None:
        """Let go of all."""
        super().clear()
        self._older = {}
