# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Secrets in many texts at once: one pass over all of them finds where a secret could begin, then those are read.

Nothing is missed that reading every text would find: the pass looks for the literal beginnings that each form of a
secret has, by the two of their characters that are the rarest in texts, and for the at sign of addresses and of
passwords in URLs.
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
_FREQUENT: Final = "etaoinshrdlcumwfgypbvkjxqz"  # letters of English, the most frequent first: Norvig, 2012
_AT: Final = ord("@")
_PADDING: Final = b"\0" * 8
# What a name that a secret is assigned to is followed by; a byte of a character beyond ASCII counts as one of a word.
_ASSIGNED: Final = re.compile(rb"[\w\x80-\xff-]{2,160}[\"'\]]{0,2}[ \t]{0,20}[:=]")


def with_secrets(texts: Sequence[bytes]) -> Iterator[tuple[int, str]]:
    """Yield the number of each text, in UTF-8, that holds a secret or an address, with the kind of the first."""
    places = _places(b"\n".join(texts))
    if not places:
        return
    import numpy as np

    ends = np.cumsum(np.fromiter(map(len, texts), np.int64, len(texts)) + 1)
    for number in np.unique(np.searchsorted(ends, places, side="right")).tolist():
        found = find_secrets(texts[number].decode("utf-8", "surrogatepass"))
        if found:
            yield number, found[0].kind


def _places(blob: bytes) -> list[int]:
    """Return where a secret or an address could begin, or holds its at sign."""
    import numpy as np

    pairs, table, starts = _tables()
    padded = blob + _PADDING
    found: list[int] = np.flatnonzero(np.frombuffer(blob, dtype=np.uint8) == _AT).tolist()
    letters = np.frombuffer(padded, dtype=np.uint8)
    for offset in range(2):
        # Every second window of two bytes; shifted, so that all are seen. Few are left for a look at three.
        windows = np.frombuffer(padded, dtype="<u2", offset=offset, count=(len(padded) - offset) // 2 - 2)
        hits = np.flatnonzero(pairs.take(windows))
        places = hits * 2 + offset
        three = windows[hits] | (letters[places + 2].astype(np.uint32) << np.uint32(16))
        for place in places[table[_hashed(three)]].tolist():
            key = padded[place : place + 3]
            for start, before, assigned in starts.get(key, ()):
                begin = place - before
                if begin >= 0 and padded.startswith(start, begin) and (not assigned or _ASSIGNED.match(padded, begin)):
                    found.append(begin)
                    break
    return found


def _hashed(windows: NDArray[np.uint32]) -> NDArray[np.uint32]:
    import numpy as np

    return ((windows << np.uint32(8)) * np.uint32(_SPREAD)) >> np.uint32(32 - _BITS)


@cache
def _tables() -> tuple[Any, Any, dict[bytes, list[tuple[bytes, int, bool]]]]:
    """Return which two bytes may be the rarest of a beginning, which hashes of three may, and what those are part of.

    That is the beginning in full, and where in it they are.
    """
    import numpy as np

    starts: dict[bytes, list[tuple[bytes, int, bool]]] = {}
    for start, assigned in BEGINNINGS:
        literal = start.encode()
        if start == "://":  # a password in a URL comes before an at sign
            continue
        at = max(range(len(start) - 1), key=lambda place: (_rarity(start[place]) + _rarity(start[place + 1]), place))
        some = literal[at : at + 3]
        for key in [some] if len(some) == 3 else [some + bytes([last]) for last in range(256)]:
            starts.setdefault(key, []).append((literal, at, assigned))
    table = np.zeros(1 << _BITS, dtype=bool)
    table[_hashed(np.array([int.from_bytes(key, "little") for key in starts], dtype=np.uint32))] = True
    pairs = np.zeros(1 << 16, dtype=bool)
    pairs[[int.from_bytes(key[:2], "little") for key in starts]] = True
    return pairs, table, starts


def _rarity(letter: str) -> int:
    """Return how seldom a character is met, about."""
    place = _FREQUENT.find(letter)
    return len(_FREQUENT) if place < 0 else place
