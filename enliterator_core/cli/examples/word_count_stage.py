# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Counts the words of everything that was taken in, between the rights and the lexicon."""

from attrs import frozen

from enliterator_core import Context, Stage, StageResult, hookimpl


@frozen
class WordCount(Stage):
    """Count words of at least so many letters."""

    name = "word_count"
    after = ("rights",)

    minimum: int = 1  # a field is a setting in plugins.toml

    def run(self, context: Context) -> StageResult:
        """Count, and keep the result with the graph."""
        words = 0
        for source in context.graph.sources():
            context.check()
            document = context.graph.document(source.path)
            words += sum(len(word) >= self.minimum for word in document.text.split()) if document else 0
        context.graph.write_note("word_count", {"words": words})
        return StageResult({"words": words}, f"{words:,} words")


@hookimpl
def register_stages() -> list[type[Stage]]:
    """Add the stage."""
    return [WordCount]
