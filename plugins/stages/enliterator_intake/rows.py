# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Takes in the rows of existing graphs: their documents at once, what they state as pieces for the pools stage."""

from collections import Counter
from collections.abc import Iterable
from typing import Any, Final

from enliterator_core import Context, Document, Imported, Importer, mask, pack_extraction
from enliterator_intake.taking import Run, masked

_AT_ONCE: Final = 256


def importer_of(context: Context, origin: str) -> Importer | None:
    """Return the importer that claims a SOURCE; None for a folder or a file."""
    return next((one for one in context.importers if one.claims(origin) is not None), None)


def take_rows(run: Run, rows: Iterable[Imported]) -> list[str]:
    """Write the documents of an existing graph, secrets masked, keep what its rows state, and return their paths."""
    pieces, taken, documents = run.context.pieces, list[str](), list[tuple[str, Document]]()
    known = {source.path for source in run.written}
    for one in rows:
        run.context.check()
        path = one.source.path
        reason = "another source has this path" if path in known else run.context.withdrawn(path, one.source.sha256)
        if reason is not None:
            run.context.refuse(path, reason)
            continue
        known.add(path)
        document, findings = masked(one.document)
        redactions = dict(sorted(Counter(finding.kind for finding in findings).items()))
        size = len(one.document.text.encode("utf-8", "surrogatepass"))
        pieces.put("import", one.source.path, one.source.sha256, _masked(pack_extraction(one.extraction)))
        run.note(one.source, document, {"encoding": "utf-8", "size": size, "redactions": redactions})
        taken.append(one.source.path)
        documents.append((one.source.path, document))
        if len(documents) >= _AT_ONCE:
            run.context.graph.write_documents(documents)
            documents.clear()
            pieces.commit()
    run.context.graph.write_documents(documents)
    return taken


def _masked(value: Any) -> Any:
    """Mask every text in JSON values as the document's is."""
    if isinstance(value, str):
        return mask(value)[0]
    return [_masked(one) for one in value] if isinstance(value, (list, tuple)) else value
