# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Names and forms as they are looked up, and texts on one line: of one, or of many in a fraction of the time."""

from collections.abc import Sequence
from typing import Final

_TOGETHER: Final = 1 << 8  # texts at a time, so that an unusual one costs few others
_SPACE: Final = ord(" ")


def fold(form: str) -> str:
    """Return the form under which names and surface forms are looked up: case folded, spaces single."""
    return " ".join(form.casefold().split())


def fold_all(forms: Sequence[str]) -> list[str]:
    """Return :func:`fold` of each form: at once where all their spaces are single ones, which is most often so."""
    folded: list[str] = []
    for start in range(0, len(forms), _TOGETHER):
        some = forms[start : start + _TOGETHER]
        if text := _as_lines(some):
            folded += text.casefold().split("\n")
        else:
            folded += map(fold, some)
    return folded


def on_one_line(texts: Sequence[str]) -> Sequence[str]:
    """Return texts with single spaces alone between their words: as they are where all have those, as most do."""
    return texts if _as_lines(texts) else [" ".join(text.split()) for text in texts]


def _as_lines(texts: Sequence[str]) -> str:
    """Return texts as lines of one; an empty text where one is empty, or has more than single spaces between words."""
    import numpy as np

    text = "\n".join(texts)
    data = np.frombuffer(text.encode("utf-8", "surrogatepass"), np.uint8)
    blank = data <= _SPACE
    controls = np.count_nonzero(data < _SPACE)
    is_plain = controls == len(texts) - 1 and text == text.strip() and not np.any(blank[1:] & blank[:-1])
    return text if is_plain and (text.isascii() or "".join(texts).isprintable()) else ""
