# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The pools stage: entities from all that the lexicon and the extractors found, each with evidence, rights and time.

Every trainable source is given to every extractor that wants it; a Python file's dotted module name is stated to them
as `module`. When the setting `model.extraction` names a model, that model reads each source as well, and what it cannot
quote is dropped and counted. The piece of a source is the packed extraction of all of them, with the claims that the
lexicon made about it, followed by how many of the model's statements were dropped; the graph stage makes the claims
relations.
"""

from collections.abc import Callable
from typing import Any

from attrs import evolve, field, frozen
from attrs.validators import ge

from enliterator_core import (
    Candidate,
    Context,
    Extraction,
    Extractor,
    Source,
    Stage,
    StageResult,
    content_id,
    fingerprint,
    hookimpl,
    module_names,
    pack_extraction,
    unpack_extraction,
)
from enliterator_pools.history import History
from enliterator_pools.manifests import Manifests
from enliterator_pools.merge import entities_of, gather, terms_of
from enliterator_pools.model import ModelReading
from enliterator_pools.prose import Sentences
from enliterator_pools.python import PythonCode
from enliterator_pools.rights import Statements


@frozen
class PoolsStage(Stage):
    """Run the extractors and merge what was found into entities; `spans` bounds the evidence kept for one entity."""

    name = "pools"
    after = ("lexicon",)

    spans: int = field(default=20, validator=ge(1))

    def run(self, context: Context) -> StageResult:
        """Write the entities, the final terms and the note `pools`."""
        rights = {one.id: one for one in context.graph.rights()}
        allowed = {id for id, one in rights.items() if one.trainable and not one.quarantined}
        sources = {source.path: source for source in context.graph.sources() if source.rights in allowed}
        lexicon = dict(context.pieces.of("lexicon"))
        candidates: list[Candidate] = []
        for path in sorted(sources):
            if path in lexicon:
                candidates += unpack_extraction([lexicon[path][0], []]).candidates
        version, work = self._work(context, sources, lexicon)
        claims = dropped = calls = 0
        for _, values in context.each("pools", version, sources.values(), work):
            candidates += unpack_extraction([values[0], []]).candidates
            claims += len(values[1])
            dropped += values[2]
            calls += values[3]
        things = gather(candidates, {path: source.time for path, source in sources.items()})
        entities, combined = entities_of(things, sources, rights, self.spans)
        note = context.graph.note("lexicon") or {}
        known = {term.entity: term for term in context.graph.terms()}
        terms = terms_of(things, known, note.get("ambiguous", ()), entities)
        context.graph.write_rights(combined)
        context.graph.write_entities(entities)
        context.graph.write_terms(terms)
        described = sum(1 for entity in entities if entity.description)
        counts = {"entities": len(entities), "described": described, "claims": claims, "dropped": dropped}
        counts |= {"model_calls": calls}
        context.graph.write_note("pools", counts)
        return StageResult(counts, f"{len(entities):,} entities, {claims:,} claims")

    def _work(
        self, context: Context, sources: dict[str, Source], lexicon: dict[str, Any]
    ) -> tuple[str, Callable[[Source], list[Any] | None]]:
        """Return what one source's piece depends on beside the source, and the function that makes it."""
        modules = module_names(sources)
        packages = sorted(path for path in modules if path.endswith("__init__.py"))
        chosen = context.chat("extraction")
        reading = ModelReading(*chosen) if chosen else None
        note = context.graph.note("lexicon") or {}
        version = content_id(
            fingerprint(self),
            str(note.get("version")),
            *packages,
            *(fingerprint(extractor) for extractor in context.extractors),
            f"{getattr(reading.chat, 'provider', type(reading.chat).__name__)} {reading.model}" if reading else "",
        )

        def work(source: Source) -> list[Any] | None:
            document = context.graph.document(source.path)
            if document is None:
                return None
            if source.path in modules:
                document = evolve(document, stated=(*document.stated, ("module", modules[source.path])))
            found = [one.extract(source, document) for one in context.extractors if one.reads(source)]
            before = (reading.dropped, reading.calls) if reading else (0, 0)
            if reading and source.kind == "file":
                found.append(reading.read(source, document))
            if source.kind == "rows":
                found.append(unpack_extraction(context.pieces.get("import", source.path, source.sha256)))
            if source.path in lexicon:
                found.append(Extraction((), unpack_extraction([[], lexicon[source.path][1]]).claims))
            merged = Extraction(
                tuple(candidate for one in found for candidate in one.candidates),
                tuple(claim for one in found for claim in one.claims),
            )
            after = (reading.dropped, reading.calls) if reading else (0, 0)
            return [*pack_extraction(merged), after[0] - before[0], after[1] - before[1]]

        return version, work


@hookimpl
def register_stages() -> list[type[Stage]]:
    """Add the pools stage."""
    return [PoolsStage]


@hookimpl
def register_extractors() -> list[type[Extractor]]:
    """Add the bundled extractors."""
    return [Sentences, PythonCode, Manifests, History, Statements]
