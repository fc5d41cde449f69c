# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Finds what a text warns of: a paragraph that starts with "Warning:" states a risk."""

import re

from enliterator_core import Candidate, Document, Extraction, Extractor, Source, Span, hookimpl

WARNING = re.compile(r"Warning: ([^.\n]+)\.")


class WarningExtractor(Extractor):
    """Risks that the text names as such."""

    name = "warnings"

    def extract(self, source: Source, document: Document) -> Extraction:
        """Return one risk for each warning, with the sentence that states it."""
        return Extraction(
            candidates=tuple(
                Candidate(
                    pool="Risk",
                    name=match[1],
                    kind="warning",
                    description=match[0],
                    evidence=(Span(source.path, match.start(), match.end()),),
                )
                for match in WARNING.finditer(document.text)
            )
        )


@hookimpl
def register_extractors() -> list[type[Extractor]]:
    """Add the rules."""
    return [WarningExtractor]
