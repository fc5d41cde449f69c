# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Bytes to text: a byte order mark, strict UTF-8, a detector where there is enough to detect by, Windows-1252."""

import codecs
from typing import Final

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Short texts are not given to the detector, which guesses wrong there; of long ones it sees the beginning.
_ENOUGH: Final = 2_000
_SAMPLE: Final = 64 * 1024


def decode(data: bytes) -> tuple[str, str] | None:
    """Return the text, line ends untouched and without a byte order mark, and its encoding; None if it is no text."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _strictly(data, encoding)
    if b"\0" in data:
        return None
    plain = _strictly(data, "utf-8")
    if plain is not None:
        return plain
    return _detected(data) or _strictly(data, "cp1252")


def _strictly(data: bytes, encoding: str) -> tuple[str, str] | None:
    try:
        text = data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None
    return None if "\0" in text else (text, encoding)


def _detected(data: bytes) -> tuple[str, str] | None:
    if len(data) < _ENOUGH:
        return None
    from charset_normalizer import from_bytes

    best = from_bytes(data[:_SAMPLE]).best()
    return None if best is None else _strictly(data, best.encoding)
