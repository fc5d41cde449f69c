# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Formats in which a graph leaves: JSON-LD for linked-data tools, GraphML for graph tools.

Only what may be published goes out: entities whose rights say so, and relations between them, with those of their
spans that stand in publishable sources (a relation with none is left out).
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import quote
from xml.sax.saxutils import escape, quoteattr

import orjson
from attrs import evolve, frozen

from enliterator_core import (
    POOLS,
    VERBS,
    Entity,
    Exporter,
    Graph,
    Relation,
    Rights,
    Source,
    Span,
    content_id,
    hookimpl,
)

URN = "urn:enliterator:"

# Terms of SKOS, PROV-O, Dublin Core, and the SPDX 2 vocabulary; names without a prefix are verbs of the glossary.
CONTEXT = {
    "@vocab": f"{URN}verb:",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "prov": "http://www.w3.org/ns/prov#",
    "dcterms": "http://purl.org/dc/terms/",
    "spdx": "http://spdx.org/rdf/terms#",
}

# What XML 1.0 cannot hold, not even escaped.
_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LICENSE_ID = re.compile(r"[A-Za-z0-9.+-]+")


def publishable(rights: Rights | None) -> bool:
    """Say whether content under these rights may go out."""
    return rights is not None and rights.publishable and not rights.quarantined


def entities_out(graph: Graph) -> dict[str, Entity]:
    """Return the entities that may be published, by id, in the graph's order."""
    return {id: entity for id, entity in graph.entities.items() if publishable(graph.rights.get(entity.rights))}


def relations_out(graph: Graph, entities: Mapping[str, Entity]) -> Iterator[Relation]:
    """Yield the relations between those entities that a publishable source states, with those spans alone."""
    for relation in graph.relations.values():
        if relation.subject in entities and relation.object in entities:
            spans = tuple(span for span in relation.evidence if publishable(graph.rights_of(span.source)))
            if spans:
                yield evolve(relation, evidence=spans)


@frozen
class JsonLd(Exporter):
    """JSON-LD 1.1: entities as SKOS concepts, their spans as PROV derivations, licences and hashes in SPDX terms.

    A relation is a plain triple and an `rdf:Statement` that carries its evidence. A span is its source's IRI with a
    character range as its fragment (RFC 5147).
    """

    name: ClassVar[str] = "json-ld"
    file_name: ClassVar[str] = "graph.jsonld"

    def export(self, graph: Graph, target: Path) -> int:
        """Write one JSON-LD document; return how many entities and relations it holds."""
        entities = entities_out(graph)
        relations = list(relations_out(graph, entities))
        nodes = [
            *_glossary(entities.values(), relations),
            *_source_nodes(graph, [*entities.values(), *relations]),
            *_entity_nodes(graph, entities, relations),
            *map(_statement, relations),
        ]
        with target.open("wb") as file:
            file.write(b'{"@context":' + orjson.dumps(CONTEXT) + b',"@graph":[\n')
            file.write(b",\n".join(orjson.dumps(_present(node)) for node in nodes))
            file.write(b"\n]}\n")
        return len(entities) + len(relations)


def _iri(kind: str, key: str) -> str:
    return f"{URN}{kind}:{quote(key, safe='/')}"


def _link(kind: str, key: str) -> dict[str, str]:
    return {"@id": _iri(kind, key)}


def _present(node: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in node.items() if value not in (None, "", [])}


def _spans(spans: Iterable[Span]) -> list[dict[str, str]]:
    return [{"@id": f"{_iri('source', span.source)}#char={span.start},{span.end}"} for span in spans]


def _glossary(entities: Iterable[Entity], relations: Iterable[Relation]) -> Iterator[dict[str, Any]]:
    """Yield the pools as concept schemes and the verbs as properties, those that are used."""
    for pool in sorted({entity.pool for entity in entities}):
        yield {
            "@id": _iri("pool", pool),
            "@type": "skos:ConceptScheme",
            "skos:prefLabel": POOLS[pool].title,
            "skos:definition": POOLS[pool].meaning,
        }
    for name in sorted({relation.verb for relation in relations}):
        verb = VERBS[name]
        kinds = ["owl:ObjectProperty", "owl:SymmetricProperty"] if verb.symmetric else ["owl:ObjectProperty"]
        inverse = None if verb.symmetric else _link("verb", verb.reverse)
        yield {"@id": _iri("verb", name), "@type": kinds, "rdfs:label": verb.phrase, "owl:inverseOf": inverse}


def _source_nodes(graph: Graph, things: Iterable[Entity | Relation]) -> Iterator[dict[str, Any]]:
    """Yield the publishable sources that anything cites, and the rights of all that goes out."""
    cited = sorted({span.source for thing in things for span in thing.evidence})
    sources = [graph.sources[path] for path in cited if publishable(graph.rights_of(path))]
    used = {thing.rights for thing in things if isinstance(thing, Entity)} | {source.rights for source in sources}
    yield from (_rights_node(graph.rights[id]) for id in sorted(used))
    yield from map(_source_node, sources)


def _rights_node(rights: Rights) -> dict[str, Any]:
    license = rights.license or ""
    known = _LICENSE_ID.fullmatch(license) is not None and not license.startswith("LicenseRef-")
    return {
        "@id": _iri("rights", rights.id),
        "@type": "dcterms:RightsStatement",
        "rdfs:label": license or rights.statement,
        "dcterms:license": {"@id": f"http://spdx.org/licenses/{license}"} if known else None,
        "dcterms:rightsHolder": {"rdfs:label": rights.holder} if rights.holder else None,
    }


def _source_node(source: Source) -> dict[str, Any]:
    return {
        "@id": _iri("source", source.path),
        "@type": "prov:Entity",
        "dcterms:identifier": source.path,
        "dcterms:title": source.title,
        "dcterms:format": source.media_type,
        "dcterms:date": source.time.value,
        "dcterms:rights": _link("rights", source.rights),
        "spdx:checksum": {
            "@type": "spdx:Checksum",
            "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256"},
            "spdx:checksumValue": source.sha256,
        },
    }


def _entity_nodes(
    graph: Graph, entities: Mapping[str, Entity], relations: Iterable[Relation]
) -> Iterator[dict[str, Any]]:
    joined: dict[str, dict[str, list[dict[str, str]]]] = {}
    for relation in relations:
        objects = joined.setdefault(relation.subject, {}).setdefault(relation.verb, [])
        objects.append(_link("entity", relation.object))
    for id, entity in entities.items():
        term = graph.terms.get(id)
        yield {
            "@id": _iri("entity", id),
            "@type": ["skos:Concept", "prov:Entity"],
            "skos:inScheme": _link("pool", entity.pool),
            "skos:prefLabel": entity.name,
            "skos:altLabel": [form for form in term.surface_forms if form != entity.name] if term else None,
            "skos:definition": entity.description,
            "dcterms:type": entity.kind,
            "dcterms:date": entity.time.value,
            "dcterms:rights": _link("rights", entity.rights),
            "prov:wasDerivedFrom": _spans(entity.evidence),
            **joined.get(id, {}),
        }


def _statement(relation: Relation) -> dict[str, Any]:
    return {
        "@id": _iri("relation", content_id(*relation.key)),
        "@type": ["rdf:Statement", "prov:Entity"],
        "rdf:subject": _link("entity", relation.subject),
        "rdf:predicate": _link("verb", relation.verb),
        "rdf:object": _link("entity", relation.object),
        "prov:wasDerivedFrom": _spans(relation.evidence),
    }


@frozen
class GraphMl(Exporter):
    """GraphML: nodes with pool, name, kind, description, time and licence; edges with verb, phrase and evidence.

    Every edge is directed and says whether its verb is symmetric: common readers refuse a graph that mixes both kinds.
    """

    name: ClassVar[str] = "graphml"
    file_name: ClassVar[str] = "graph.graphml"

    def export(self, graph: Graph, target: Path) -> int:
        """Write one GraphML document; return how many entities and relations it holds."""
        entities, count = entities_out(graph), 0
        with target.open("w", encoding="utf-8", newline="\n") as file:
            file.write(_GRAPHML_HEAD)
            for id, entity in entities.items():
                rights = graph.rights[entity.rights]
                values = {
                    "name": entity.name,
                    "pool": entity.pool,
                    "kind": entity.kind,
                    "description": entity.description,
                    "time": entity.time.value or "",
                    "license": rights.license or "",
                }
                file.write(f'<node id="{id}">{_data(values)}</node>\n')
            for relation in relations_out(graph, entities):
                count += 1
                spans = "\n".join(f"{span.source}#char={span.start},{span.end}" for span in relation.evidence)
                values = {"verb": relation.verb, "phrase": VERBS[relation.verb].phrase, "evidence": spans}
                ends = f'source="{relation.subject}" target="{relation.object}"'
                symmetric = str(VERBS[relation.verb].symmetric).lower()
                file.write(f'<edge id="e{count}" {ends}>{_data(values)}<data key="symmetric">{symmetric}</data>')
                file.write(f'<data key="confidence">{relation.confidence:g}</data></edge>\n')
            file.write("</graph>\n</graphml>\n")
        return len(entities) + count


_KEYS = (
    *((name, "node", "string") for name in ("name", "pool", "kind", "description", "time", "license")),
    *((name, "edge", "string") for name in ("verb", "phrase", "evidence")),
    ("symmetric", "edge", "boolean"),
    ("confidence", "edge", "double"),
)

_GRAPHML_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n'
    + "".join(f'<key id="{id}" for="{of}" attr.name={quoteattr(id)} attr.type="{type}"/>\n' for id, of, type in _KEYS)
    + '<graph id="batch" edgedefault="directed">\n'
)


def _data(values: Mapping[str, str]) -> str:
    return "".join(
        f'<data key="{key}">{escape(_NOT_XML.sub(chr(0xFFFD), value))}</data>' for key, value in values.items() if value
    )


@hookimpl
def register_exporters() -> list[type[Exporter]]:
    """Add the formats."""
    return [JsonLd, GraphMl]
