# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""A reader turns the bytes of one file format into text and blocks."""

from abc import ABC, abstractmethod
from typing import ClassVar

from attrs import frozen

from enliterator_core.nouns import Document


@frozen
class Raw:
    """One file as intake found it: `text` is its decoded text, or None when it is not text."""

    path: str
    media_type: str
    data: bytes
    text: str | None


class Reader(ABC):
    """A file format.

    `media_types` maps file name endings (`.md`) or whole names (`Makefile`) in lower case to media types. Of
    several readers that match a file, the first in the order of `plugins.toml` reads it.
    """

    name: ClassVar[str]
    media_types: ClassVar[dict[str, str]] = {}

    def matches(self, path: str, head: bytes) -> str | None:
        """Return the file's media type when this reader reads it, else None; `head` is its first 4,096 bytes."""
        file_name = path.rsplit("/", 1)[-1].lower()
        if file_name in self.media_types:
            return self.media_types[file_name]
        dot = file_name.rfind(".")
        return self.media_types.get(file_name[dot:]) if dot >= 0 else None

    @abstractmethod
    def read(self, raw: Raw) -> Document:
        """Return the document; raise :class:`~enliterator_core.RefusedError` to refuse the file by name.

        Blocks stand in the order of their start; when `raw.text` is not None the document's text must be it,
        unchanged, so that spans open in the real file.
        """
