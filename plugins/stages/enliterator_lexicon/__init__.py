# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The lexicon stage: what the sources name, what they call it, and what is easily mistaken for it.

Terms come from structure (titles, headings, definitions, glossary tables, code) source by source; a term has the
source's own words as its description. Statistics rank what is spoken of often and never defined. The rules know
English; text in another language yields the terms that its structure shows, and no more.

The piece of a source is a packed extraction (candidates, and the claims that naming itself makes: what a definition is
part of, where it is described) followed by the phrases that recur in it. The note `lexicon` holds `version` (what the
pieces depend on beside their source), `undefined` (term, count, sources) and `ambiguous` (form: what it may mean).
"""

import re
from collections.abc import Iterator
from typing import Any, Final

from attrs import field, frozen
from attrs.validators import ge

from enliterator_core import (
    Candidate,
    Context,
    Document,
    Extraction,
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
from enliterator_lexicon.commands import about_commands
from enliterator_lexicon.definitions import about_definitions
from enliterator_lexicon.documents import Found, about_file, about_headings, title_of
from enliterator_lexicon.statistics import recurring, stems, undefined
from enliterator_lexicon.steps import about_steps
from enliterator_lexicon.symbols import about_symbols
from enliterator_lexicon.terms import merge, terms_of

# The words of licences are used without being anybody's terms.
_LICENCE: Final = re.compile(r"(?:^|/)(?:licen[cs]es?/|licen[cs]e|copying|notice)[^/]*$", re.IGNORECASE)


@frozen
class LexiconStage(Stage):
    """Find terms, their forms and what is mistaken for them.

    `undefined_terms` bounds the list of what recurs without a definition.
    """

    name = "lexicon"
    after = ("rights",)

    undefined_terms: int = field(default=30, validator=ge(0))

    def run(self, context: Context) -> StageResult:
        """Write the terms and the note `lexicon`."""
        sources = list(trainable(context))
        modules = module_names(source.path for source in sources)
        packages = sorted(path for path in modules if path.endswith("__init__.py"))
        version = content_id(fingerprint(self), *packages)

        def work(source: Source) -> list[Any] | None:
            document = context.graph.document(source.path)
            return None if document is None else read(source, document, modules.get(source.path))

        candidates: list[Candidate] = []
        counts: list[tuple[str, list[list[Any]]]] = []
        for source, values in context.each("lexicon", version, sources, work):
            candidates += unpack_extraction([values[0], []]).candidates
            counts.append((source.path, values[2]))
        things = merge(candidates)
        terms, ambiguous = terms_of(things)
        context.graph.write_terms(terms)
        known = {stems(form) for term in terms for form in (term.name, *term.surface_forms)}
        missing = undefined(counts, known, self.undefined_terms)
        note = {"version": version, "undefined": missing, "ambiguous": dict(list(ambiguous.items())[:200])}
        context.graph.write_note("lexicon", note)
        forms = sum(len(term.surface_forms) for term in terms)
        negative = sum(len(term.negative_forms) for term in terms)
        result = {
            "terms": len(terms),
            "forms": forms,
            "negative": negative,
            "ambiguous": len(ambiguous),
            "undefined": len(missing),
        }
        return StageResult(result, f"{len(terms):,} terms, {forms:,} forms, {negative:,} negative")


def trainable(context: Context) -> Iterator[Source]:
    """Yield the sources, by path, that a term may be made from."""
    allowed = {rights.id for rights in context.graph.rights() if rights.trainable and not rights.quarantined}
    return (source for source in context.graph.sources() if source.rights in allowed)


def read(source: Source, document: Document, module: str | None) -> list[Any]:
    """Return the packed extraction of one source and the phrases that recur in it; commits and rows name no terms."""
    if source.kind != "file":
        return [*pack_extraction(Extraction()), []]
    found = Found(source, document, title_of(source, document))
    about_file(found, module)
    if module is not None:
        about_symbols(found, module)
    elif any(block.kind in {"heading", "paragraph", "item", "table"} for block in document.blocks):
        about_headings(found)
        about_definitions(found)
        about_steps(found)
        about_commands(found)
    extraction = Extraction(tuple(found.candidates), tuple(found.claims))
    prose = module is None and not _LICENCE.search(source.path)
    return [*pack_extraction(extraction), recurring(document) if prose else []]


@hookimpl
def register_stages() -> list[type[Stage]]:
    """Add the lexicon stage."""
    return [LexiconStage]
