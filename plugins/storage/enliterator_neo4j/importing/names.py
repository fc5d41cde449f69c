# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""What the names of labels, properties and types say."""

import re
from typing import Final

_WORD: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[^\W\d_]+")
_KEY: Final = re.compile(r"(?:^|[^a-z])(?:id|uuid|key|code|isbn|ean|sku)$|[a-z](?:ID|Id|UUID)$")


def local(name: str) -> str:
    """Return the last part of an IRI, after # or /; any other name as it is."""
    if "://" not in name and not name.startswith("urn:"):
        return name
    return re.split(r"[#/:]", name.rstrip("#/:"))[-1] or name


def words_of(name: str) -> list[str]:
    """Return the words of a name in lower case: `orderDate` and `ORDER_DATE` are order and date."""
    return [word.lower() for word in _WORD.findall(name)]


def in_words(name: str) -> str:
    """Return a name as people write it; one without a letter as it is, of blanks alone "node"."""
    return " ".join(words_of(local(name))) or local(name).strip() or "node"


def is_key(name: str) -> bool:
    """Say whether a property's name is that of a key: `orderID`, `isbn`."""
    return _KEY.search(name) is not None
