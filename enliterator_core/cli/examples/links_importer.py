# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Imports lists of links: a file `*.links` whose lines are `thing<tab>relation<tab>thing`."""

from collections.abc import Callable, Iterator
from pathlib import Path

from enliterator_core import (
    Block,
    Candidate,
    Claim,
    Document,
    Extraction,
    Imported,
    Importer,
    Reference,
    Source,
    Span,
    hookimpl,
    sha256_of,
)


class Links(Importer):
    """Things that are joined by named links; the whole list is one source, and each line states its link."""

    name = "links"

    def claims(self, origin: str) -> str | None:
        """Claim files that end with `.links`."""
        path = Path(origin)
        return str(path.resolve()) if path.suffix == ".links" and path.is_file() else None

    def read(self, origin: str, mapping: Path | None, refuse: Callable[[str, str], None]) -> Iterator[Imported]:
        """Yield the list; a line that is no link is refused by its number."""
        path, start = Path(origin), 0
        text = path.read_text(encoding="utf-8")
        blocks, candidates, claims = [], [], []
        for number, line in enumerate(text.splitlines(keepends=True), 1):
            span, parts = Span(path.name, start, start + len(line.rstrip())), line.strip().split("\t")
            start += len(line)
            if len(parts) != 3:
                refuse(f"{path.name}:{number}", "is no link: a thing, a relation and a thing, with tabs between")
                continue
            ends = Reference("Manifest", parts[0]), Reference("Manifest", parts[2])
            blocks.append(Block("item", span.start, span.end))
            candidates += [Candidate("Manifest", end.name, "thing", evidence=(span,)) for end in ends]
            claims.append(Claim(ends[0], "connects_to", ends[1], (span,), predicate=parts[1]))
        size, media_type = len(text.encode()), "text/tab-separated-values"
        source = Source(path.name, sha256_of(text.encode()), media_type, size, "rows", title=path.stem)
        yield Imported(source, Document(text, tuple(blocks), path.stem), Extraction(tuple(candidates), tuple(claims)))


@hookimpl
def register_importers() -> list[type[Importer]]:
    """Add the importer."""
    return [Links]
