# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""What a pure function of a graph gave, kept for a while: drafts are made and verified in batches."""

from collections.abc import Callable
from typing import TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")


class Kept(dict[Key, Value]):
    """What a function gives for each key, made when it is first asked for (``kept[key]``).

    It is emptied when it is full, so that a graph of any size takes no more than that.
    """

    def __init__(self, make: Callable[[Key], Value], most: int = 5000) -> None:
        super().__init__()
        self._make = make
        self._most = most

    def __missing__(self, key: Key) -> Value:
        made = self._make(key)
        if len(self) >= self._most:
            self.clear()
        self[key] = made
        return made
