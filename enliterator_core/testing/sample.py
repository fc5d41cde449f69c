# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""A small graph to test against: an invented beekeeping club's handbook, log and tools, with everything a task meets.

It has entities of every pool, over twenty verbs, terms with surface and negative forms, sources under two
open licences and one members' licence, and three that nothing may be made from: one without a licence, one under an
embargo, one whose licence forbids changes.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from typing import Any, Final

from enliterator_core.canon import parse
from enliterator_core.graph import AnyTool, Graph
from enliterator_core.nouns import (
    Block,
    Document,
    Entity,
    Gap,
    Relation,
    Rights,
    Source,
    Span,
    Term,
    Time,
    entity_id,
    sha256_of,
    strictest,
)
from enliterator_core.testing.memory import MemoryGraph
from enliterator_core.testing.sample_texts import MARKDOWN, RIGHTS, SOURCES
from enliterator_core.testing.sample_world import ENTITIES, RELATIONS

_EntityRow = tuple[str, str, str, str, Sequence[str], Sequence[str]]
_RelationRow = tuple[str, str, str]
_SourceRow = tuple[str, str, str, Time, str]

_LINE: Final = re.compile(
    r"^(?P<hashes>#{1,6}) (?P<heading>.+)|^(?P<item>(?:- |\d+\. ).+)|^def (?P<symbol>\w+).*", re.MULTILINE
)


def sample_graph(scale: int = 1, tools: Iterable[AnyTool] = ()) -> Graph:
    """Return the sample graph, about 45 entities; each further ``scale`` step adds an apiary of twelve hives.

    The same arguments always give the same graph, and a larger scale only adds to a smaller one.
    """
    return Graph(sample_storage(scale), tools)


def sample_storage(scale: int = 1) -> MemoryGraph:
    """Return the storage of :func:`sample_graph`, for tests that write to it."""
    sources, entities, relations = list(SOURCES), list[_EntityRow](ENTITIES), list[_RelationRow](RELATIONS)
    for number in range(1, scale):
        source, more, joins = _apiary(number)
        sources.append(source)
        entities.extend(more)
        relations.extend(joins)
    storage = MemoryGraph()
    texts = {path: text for path, _, _, _, text in sources}
    rights = {path: RIGHTS[key] for path, _, key, _, _ in sources}
    times = {path: time for path, _, _, time, _ in sources}
    storage.write_rights(RIGHTS.values())
    storage.write_sources(_source(row) for row in sources)
    storage.write_documents((path, _document(path, text, time)) for path, _, _, time, text in sources)
    made = _relations(relations, texts)
    evidence: dict[str, list[Span]] = {}
    for relation in made:
        for end in (relation.subject, relation.object):
            evidence.setdefault(end, []).extend(relation.evidence)
    storage.write_rights(_entity_rights(entities, evidence, texts, rights))
    storage.write_entities(_entities(entities, evidence, texts, rights, times))
    storage.write_terms(_terms(entities))
    storage.write_relations(made)
    storage.write_gaps(_GAPS)
    storage.write_note("literacy", LITERACY)
    return storage


#: A literacy note of the shape that the literacy stage writes.
LITERACY: Final[Mapping[str, Any]] = {
    "score": 81.5,
    "components": {
        "coverage": {"value": 0.86, "weight": 0.4, "counts": {"sources": 10, "with entities": 6}, "parts": {}},
        "relationships": {"value": 0.78, "weight": 0.3, "counts": {"relations": 38, "entities": 45}, "parts": {}},
        "rights": {"value": 0.9, "weight": 0.2, "counts": {"sources": 10, "settled": 9}, "parts": {}},
        "retrieval": {"value": 0.571, "weight": 0.1, "counts": {"queries": 45}, "parts": {}},
    },
    "maturity": {"level": "M2", "name": "Literate", "next": "rights settled for 95 % of the sources"},
    "gate": {"threshold": 70, "passed": True},
    "acceptance": [{"check": "every relation has a span", "passed": True, "counts": {"relations": 38}}],
}

_GAPS: Final = (
    Gap("rights", "high", "letters/breeder.md", "letters/breeder.md has no licence", "a licence statement for it"),
    Gap("embargo", "medium", "trial/late_treatment.md", "nothing may be used before 2031-01-01", "the trial in 2031"),
    Gap("thin", "low", "Practical(Feed syrup).", "Feed syrup has no relation", "a source that says when to feed"),
    Gap("time", "low", "handbook/health.md", "handbook/health.md has no time", "a date in its front matter"),
)


def span_of(path: str, text: str, words: str) -> Span:
    """Return the first span of the words in the text of a source; ValueError when they are not in it."""
    start = text.find(words)
    if start < 0:
        raise ValueError(f"{path} does not say {words!r}")
    return Span(path, start, start + len(words))


def _end(node: str) -> tuple[str, str]:
    (end,), _ = parse(node)
    return end


def _source(row: _SourceRow) -> Source:
    path, media_type, key, time, text = row
    data = text.encode()
    return Source(path, sha256_of(data), media_type, len(data), time=time, title=_title(text), rights=RIGHTS[key].id)


def _title(text: str) -> str:
    return next((match["heading"] for match in _LINE.finditer(text) if match["heading"]), "")


def _document(path: str, text: str, time: Time) -> Document:
    blocks: list[Block] = []
    for paragraph in re.finditer(r"(?:.+\n?)+", text):
        start, end = paragraph.start(), paragraph.start() + len(paragraph[0].rstrip("\n"))
        lines = list(_LINE.finditer(text, start, end))
        for line in lines:
            if line["heading"]:
                level = len(line["hashes"])
                blocks.append(Block("heading", line.start(), line.end(), level, name=line["heading"]))
            elif line["item"]:
                blocks.append(Block("item", line.start(), line.end(), 1, line["item"].split()[0].rstrip(".")))
            else:
                sort = "test" if line["symbol"].startswith("test_") else "function"
                blocks.append(Block("symbol", start, end, info=sort, name=line["symbol"]))
        if not lines:
            kind = "front_matter" if paragraph[0].startswith("---") else "paragraph"
            blocks.append(Block("code" if path.endswith(".py") else kind, start, end))
    stated = (("date", time.value),) if time.value and time.basis == "front matter" else ()
    return Document(text, tuple(blocks), _title(text), time, stated)


def _relations(rows: Iterable[_RelationRow], texts: Mapping[str, str]) -> list[Relation]:
    made = []
    for line, path, words in rows:
        (subject, object), (verb,) = parse(line)
        ends = entity_id(*subject), entity_id(*object)
        if verb in ("co_occurs_with", "adjacent_to"):
            ends = min(ends), max(ends)
        made.append(Relation(ends[0], verb, ends[1], (span_of(path, texts[path], words),)))
    return made


def _evidence(row: _EntityRow, more: Mapping[str, Sequence[Span]], texts: Mapping[str, str]) -> tuple[Span, ...]:
    node, _, path, words, _, _ = row
    own = span_of(path, texts[path], words)
    return (own, *sorted({span for span in more.get(entity_id(*_end(node)), ()) if span != own}))


def _entity_rights(
    rows: Iterable[_EntityRow],
    more: Mapping[str, Sequence[Span]],
    texts: Mapping[str, str],
    rights: Mapping[str, Rights],
) -> list[Rights]:
    return [strictest(rights[span.source] for span in _evidence(row, more, texts)) for row in rows]


def _entities(
    rows: Iterable[_EntityRow],
    more: Mapping[str, Sequence[Span]],
    texts: Mapping[str, str],
    rights: Mapping[str, Rights],
    times: Mapping[str, Time],
) -> list[Entity]:
    made = []
    for row in rows:
        node, kind, path, words, _, _ = row
        pool, name = _end(node)
        evidence = _evidence(row, more, texts)
        allowed = strictest(rights[span.source] for span in evidence).id
        made.append(Entity(pool, name, kind, words, f"{name} ({pool}): {words}", times[path], allowed, evidence))
    return made


def _terms(rows: Iterable[_EntityRow]) -> list[Term]:
    return [
        Term(entity_id(*_end(node)), *_end(node), words, tuple(forms), tuple(negative))
        for node, _, _, words, forms, negative in rows
    ]


_COLOURS: Final = ("amber", "birch", "copper", "dove", "elder", "fern", "granite", "hazel", "iris", "jet", "kelp")
_SORTS: Final = ("national", "long", "top-bar", "skep", "commercial", "nucleus", "warre")
_STANDS: Final = ("lime avenue", "bean field", "church wall", "ford", "gravel pit", "heath", "old kiln", "quarry")


def _apiary(number: int) -> tuple[_SourceRow, list[_EntityRow], list[_RelationRow]]:
    """Make the record of one more apiary: a place, twelve hives on it, and who wrote it."""
    path, place = f"apiaries/{number:05}.md", f"Apiary {number}"
    names = list(product(_SORTS, _STANDS, _COLOURS))
    lines = [f"# {place}\n", f"{place} lies next to Mill Meadow.\n"]
    entities: list[_EntityRow] = [(f"Spatial({place}).", "place", path, f"{place} lies next to Mill Meadow.", (), ())]
    relations: list[_RelationRow] = [(f"Spatial({place}) → adjacent_to → Spatial(Mill Meadow).", path, entities[0][3])]
    for row in range(12):
        sort, stand, colour = names[(number * 193 + row * 71) % len(names)]
        name = f"{colour.capitalize()} {sort} hive {number}-{row + 1}"
        words = f"The {name} is a {sort} hive, painted {colour}, that stands by the {stand} of {place}."
        lines.append(words)
        entities.append((f"Manifest({name}).", "hive", path, words, (f"hive {number}-{row + 1}",), ()))
        relations.append((f"Manifest({name}) → located_at → Spatial({place}).", path, words))
    time = Time(f"{2000 + number % 24}-05-01", "statement")
    return (path, MARKDOWN, "ccby", time, "\n".join(lines)), entities, relations
