# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The check of importers."""

from pathlib import Path

from enliterator_core.contracts.importer import Imported, Importer


def check_importer(importer: Importer, origin: str, mapping: Path | None = None) -> list[Imported]:
    """Raise AssertionError, with a plain message, unless the importer keeps its contract; return what it yields.

    ``origin`` is a SOURCE of its kind. It is claimed, also as it is then remembered; the same graph gives the same
    sources, each under a path of its own; every block and span stands in its text, a description at its first span.
    """
    assert isinstance(importer, Importer), f"{importer!r} is no Importer"
    name, claimed = importer.name, importer.claims(origin)
    assert claimed is not None, f"{name} does not claim {origin}"
    assert importer.claims(claimed) == claimed, f"{name} does not claim {claimed} as it remembers it"
    assert importer.claims("a folder") is None, f"{name} claims what is not there"
    every, again = (list(importer.read(claimed, mapping, lambda path, reason: None)) for _ in range(2))
    assert every == again, f"{name}: the same graph gives other sources"
    paths = [one.source.path for one in every]
    assert len(set(paths)) == len(paths), f"{name}: two sources have the path {max(paths, key=paths.count)}"
    for one in every:
        _check(name, one)
    return every


def _check(name: str, one: Imported) -> None:
    place, text = f"{name}: {one.source.path}", one.document.text
    assert one.source.kind == "rows", f"{place} is of the kind {one.source.kind}, not rows"
    for block in one.document.blocks:
        assert 0 <= block.start < block.end <= len(text), f"{place} has a block outside its text"
    evidence = [span for candidate in one.extraction.candidates for span in candidate.evidence]
    evidence += [span for claim in one.extraction.claims for span in claim.evidence]
    for span in evidence:
        assert span.source == one.source.path, f"{place} gives evidence in {span.source}"
        assert 0 <= span.start < span.end <= len(text), f"{place} has evidence outside its text"
    for candidate in one.extraction.candidates:
        assert candidate.evidence, f"{place}: {candidate.name} has no evidence"
        first = text[candidate.evidence[0].start : candidate.evidence[0].end]
        assert candidate.description in ("", first), (
            f"{place}: {candidate.name} is described by other words than its own"
        )
    for claim in one.extraction.claims:
        assert claim.evidence, f"{place} claims something about {claim.subject.name} that nothing states"
