# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Memory that is free, given back to the system."""

import ctypes
import gc
import sys
from functools import cache
from typing import Any, Final

_MANY: Final = 200_000


@cache
def _trim() -> Any:
    """Return what makes the C library give back what it keeps (`malloc_trim` of glibc), None where it has no such."""
    return getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None


def give_back(count: int, garbage: bool = True) -> None:
    """Give free memory back to the system, after so many rows were read, or examples made; collect garbage before.

    What a large graph leaves behind is tens of megabytes; after less than some ten thousand it is not worth the time.
    Where nothing can have been left that holds itself, there is no ``garbage`` to look for.
    """
    if count >= _MANY:
        if garbage:
            gc.collect()
        if trim := _trim():
            trim(0)
