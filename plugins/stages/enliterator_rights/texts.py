# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Licence texts, told by the pairs of words that they share with the SPDX texts.

`texts.json` holds for each licence the hashes of its word pairs (of a long text a fixed sample, as FracMinHash takes
it); :func:`write_sketches` makes it from a folder of SPDX texts. A text is taken for a licence when next to nothing in
it is foreign to the licence and little of the licence is missing, no other licence is nearer, and
it has no words of restriction that the licence itself has not.
"""

import json
import re
from functools import cache
from hashlib import blake2b
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from attrs import frozen

# How much of a text may be foreign to the licence, and how much of the licence may be missing (appendices are often).
_FOREIGN: Final = 0.07
_MISSING: Final = 0.15
_LONGEST: Final = 100_000
_WORD: Final = re.compile(r"[a-z0-9]+")
_NOTICE: Final = re.compile(
    r"^[ \t>#*/;-]*(?:portions )?copyright\b(?:[ \t]*(?:\(c\)|©|[12]\d{3}|<|\[|[A-Z█]).*)$", re.I | re.M
)
_RESTRICTIONS: Final = re.compile(
    r"commons clause|modified apache|non ?-?commercial|not for resale|evaluation purposes|no derivatives"
    r"|for good, not evil|may not be used to train|machine learning|field of use|internal use"
    r"|without the right to sell",
    re.IGNORECASE,
)
_LONG: Final = 250


@frozen
class Match:
    """A licence that a text was told to be, and how near it is, 0 to 1."""

    license: str
    confidence: float


def pairs(text: str) -> set[int]:
    """Return a 32-bit hash for every pair of neighbouring words, copyright lines left out."""
    plain = _NOTICE.sub(" ", text).lower().replace("https://", "http://")
    return {
        int.from_bytes(blake2b(f"{first} {second}".encode(), digest_size=4).digest(), "big")
        for first, second in pairwise(_WORD.findall(plain))
    }


def _sample(hashes: set[int], rate: int) -> set[int]:
    return {one for one in hashes if one % rate == 0} if rate > 1 else hashes


@cache
def _sketches() -> dict[str, tuple[int, set[int], set[str]]]:
    path = Path(__file__).with_name("texts.json")
    data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return {
        name: (one["rate"], {int(part, 16) for part in one["pairs"].split()}, set(one["restrictions"]))
        for name, one in data["licenses"].items()
    }


def identify(text: str) -> Match | None:
    """Return the licence that a text is, or None when it is none that is known, or more than that."""
    found = pairs(text) if len(text) <= _LONGEST else set()
    near: list[tuple[float, float, str]] = []
    for name, (rate, known, _) in _sketches().items():
        mine = _sample(found, rate)
        shared = len(mine & known)
        missing, foreign = 1 - shared / len(known), 1 - shared / max(len(mine), 1)
        if missing <= _MISSING and foreign <= _FOREIGN:
            # What was added tells licences apart better than what was left out.
            near.append((foreign + missing / 4, 2 * shared / (len(mine) + len(known)), name))
    if not near:
        return None
    _, dice, name = min(near)
    if {word.lower() for word in _RESTRICTIONS.findall(text)} - _sketches()[name][2]:
        return None
    return Match(name, round(dice, 3))


def write_sketches(folder: Path, names: list[str], target: Path) -> None:
    """Write `texts.json` from a folder of SPDX texts named `<identifier>.txt`.

    Two stand there otherwise than SPDX has them: LGPL-3.0-only without the GPL, which stands in a file of its own, and
    ISC with "the author" where SPDX has a name.
    """
    licenses = {}
    for name in sorted(names):
        text = (folder / f"{name}.txt").read_text(encoding="utf-8")
        every = pairs(text)
        rate = -(-len(every) // _LONG)
        licenses[name] = {
            "rate": rate,
            "pairs": " ".join(f"{one:x}" for one in sorted(_sample(every, rate))),
            "restrictions": sorted({word.lower() for word in _RESTRICTIONS.findall(text)}),
        }
    target.write_text(json.dumps({"licenses": licenses}, indent=0) + "\n", encoding="utf-8")
