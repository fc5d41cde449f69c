# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""What the sources alone fix: every denominator of the score, whatever was found in them."""

from collections.abc import Iterable, Mapping

from attrs import frozen

from enliterator_core import Context, Document, Rights, Source, fold

# Blocks that say something in words or names. Left out are code listings (an illustration of the prose around them; a
# program's own code has its symbols), front matter (about the text, not of it) and comments (mostly licence headers).
TEXT_BEARING = frozenset(("heading", "paragraph", "item", "table", "quote", "symbol", "entry"))


@frozen
class Given:
    """The sources of a batch.

    `sources` and `bytes` count all that was taken in, `settled_sources` and `settled_bytes` those whose rights are
    known. `blocks` maps every trainable source that says anything to where its text-bearing blocks stand. `named`
    holds the pool and folded name of each thing that the lexicon's candidates, or the rows of a graph, name.
    """

    sources: int
    settled_sources: int
    bytes: int
    settled_bytes: int
    blocks: Mapping[str, tuple[tuple[int, int], ...]]
    named: frozenset[tuple[str, str]]


def gather(context: Context) -> Given:
    """Read the sources, their rights and blocks, and the lexicon's candidates, as the context has them."""
    sources = list(context.graph.sources())
    rights = {one.id: one for one in context.graph.rights()}
    settled = [source for source in sources if not rights.get(source.rights, Rights()).quarantined]
    trainable = [source for source in settled if rights[source.rights].trainable]
    blocks: dict[str, tuple[tuple[int, int], ...]] = {}
    for source in trainable:
        context.check()
        document = context.graph.document(source.path)
        if document is not None and document.text.strip():
            blocks[source.path] = text_bearing(document)
    return Given(
        len(sources), len(settled), sum(one.size for one in sources), sum(one.size for one in settled), blocks,
        frozenset(named_things(context, blocks)),
    )  # fmt: skip


def text_bearing(document: Document) -> tuple[tuple[int, int], ...]:
    """Return where the text-bearing blocks of a document stand; of one without any, all its blocks, or its whole text.

    So a reader that makes nothing but listings of what it does not know gives no document a cheap full mark.
    """
    blocks = tuple((block.start, block.end) for block in document.blocks if block.kind in TEXT_BEARING)
    return blocks or tuple((block.start, block.end) for block in document.blocks) or ((0, len(document.text)),)


def named_things(context: Context, paths: Iterable[str]) -> set[tuple[str, str]]:
    """Return pool and folded name of all that the lexicon's candidates, or a graph's rows, name in these sources."""
    wanted = set(paths)
    return {
        (pool, fold(name))
        for stage in ("lexicon", "import")
        for path, packed in context.pieces.of(stage)
        if path in wanted
        for pool, name, *_ in packed[0]
    }


def trainable_paths(sources: Iterable[Source], rights: Mapping[str, Rights]) -> set[str]:
    """Return the paths of the sources that may be trained on."""
    return {source.path for source in sources if rights.get(source.rights, Rights()).trainable}
