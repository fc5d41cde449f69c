# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""What a pure function of a graph gave, kept for a while: drafts are made and verified in batches."""

from typing import Any, TypeVar

T = TypeVar("T")


class Kept(dict[Any, T]):
    """A dictionary that is emptied when it is full, so that a graph of any size takes no more than that."""

    def __init__(self, most: int = 5000) -> None:
        super().__init__()
        self._most = most

    def __setitem__(self, key: Any, value: T) -> None:
        if len(self) >= self._most:
            self.clear()
        super().__setitem__(key, value)
