# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Secrets in many texts at once: one pass over all of them finds where a secret could begin, then those are read.

Nothing is missed that reading every text would find: the pass looks for the literal beginnings that each form of a
secret has, and for the at sign of addresses and of passwords in URLs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from enliterator_core.redaction import BEGINNINGS, find_secrets

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_BITS: Final = 16
_SPREAD: Final = 0x9E3779B1  # 2^32 over the golden ratio, an odd number: Knuth's multiplicative hash
_AT: Final = ord("@")
_PADDING: Final = b"\0" * 8
# What a name that a secret is assigned to is followed by; a byte of a character beyond ASCII counts as one of a word.
_ASSIGNED: Final = re.compile(rb"[\w\x80-\xff-]{2,160}[\"'\]]{0,2}[ \t]{0,20}[:=]")


def with_secrets(texts: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Yield the number of each text that holds a secret or an address, with the kind of the first, in order."""
    blob = "\n".join(texts).encode("utf-8", "surrogatepass")
    places = _places(blob)
    if not places:
        return
    import numpy as np

    if len(blob) == sum(map(len, texts)) + len(texts) - 1:
        sizes = [len(text) + 1 for text in texts]
    else:
        sizes = [len(text.encode("utf-8", "surrogatepass")) + 1 for text in texts]
    ends = np.cumsum(sizes)
    for number in np.unique(np.searchsorted(ends, places, side="right")).tolist():
        found = find_secrets(texts[number])
        if found:
            yield number, found[0].kind


def _places(blob: bytes) -> list[int]:
    """Return where a secret or an address could begin, or holds its at sign."""
    import numpy as np

    table, starts = _table()
    padded = blob + _PADDING
    found: list[int] = np.flatnonzero(np.frombuffer(blob, dtype=np.uint8) == _AT).tolist()
    for offset in range(4):
        # Every fourth window of four bytes; shifted, so that the first three count.
        windows = np.frombuffer(padded, dtype="<u4", offset=offset, count=(len(padded) - offset) // 4)
        hits = np.flatnonzero(table[_hashed(windows)])
        for place in (hits * 4 + offset).tolist():
            key = padded[place : place + 3]
            for start, assigned in starts.get(key, ()):
                if padded.startswith(start, place) and (not assigned or _ASSIGNED.match(padded, place)):
                    found.append(place)
                    break
    return found


def _hashed(windows: NDArray[np.uint32]) -> NDArray[np.uint32]:
    import numpy as np

    return ((windows << np.uint32(8)) * np.uint32(_SPREAD)) >> np.uint32(32 - _BITS)


@cache
def _table() -> tuple[Any, dict[bytes, list[tuple[bytes, bool]]]]:
    """Return which hashes of three bytes may begin a secret, and for those bytes the beginnings in full."""
    import numpy as np

    starts: dict[bytes, list[tuple[bytes, bool]]] = {}
    for start, assigned in BEGINNINGS:
        literal = start.encode()
        if start == "://":  # a password in a URL comes before an at sign
            continue
        keys = [literal[:3]] if len(literal) > 2 else [literal + bytes([last]) for last in range(256)]
        for key in keys:
            starts.setdefault(key, []).append((literal, assigned))
    table = np.zeros(1 << _BITS, dtype=bool)
    table[_hashed(np.array([int.from_bytes(key, "little") for key in starts], dtype=np.uint32))] = True
    return table, starts
