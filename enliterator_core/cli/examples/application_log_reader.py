# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Reads application logs: every line is a paragraph."""

from enliterator_core import Block, Document, Raw, Reader, hookimpl


class ApplicationLog(Reader):
    """Application logs."""

    name = "application_log"
    media_types = {".log": "text/x-log"}

    def read(self, raw: Raw) -> Document:
        """Make one block of each line that is not empty."""
        text, blocks, start = raw.text or "", [], 0
        for line in text.splitlines(keepends=True):
            if line.strip():
                blocks.append(Block("paragraph", start, start + len(line.rstrip())))
            start += len(line)
        return Document(text, tuple(blocks))


@hookimpl
def register_readers() -> list[type[Reader]]:
    """Add the reader."""
    return [ApplicationLog]
