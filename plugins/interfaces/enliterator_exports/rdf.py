# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Linked data: one description of a graph, as JSON-LD and as Turtle."""

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from json import dumps
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import quote

import orjson
from attrs import frozen

from enliterator_core import POOLS, VERBS, Entity, Exporter, Graph, Relation, Rights, Source, Span, content_id
from enliterator_exports.leaving import entities_out, publishable, relations_out

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

_LICENSE_ID = re.compile(r"[A-Za-z0-9.+-]+")


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
        nodes, count = _described(graph)
        with target.open("wb") as file:
            file.write(b'{"@context":' + orjson.dumps(CONTEXT) + b',"@graph":[\n')
            file.write(b",\n".join(map(orjson.dumps, nodes)))
            file.write(b"\n]}\n")
        return count


@frozen
class Turtle(Exporter):
    """Turtle: the same triples as the JSON-LD, for triple stores and for reading."""

    name: ClassVar[str] = "turtle"
    file_name: ClassVar[str] = "graph.ttl"

    def export(self, graph: Graph, target: Path) -> int:
        """Write one Turtle document; return how many entities and relations it holds."""
        nodes, count = _described(graph)
        prefixes = {("verb" if key == "@vocab" else key): iri for key, iri in CONTEXT.items()}
        with target.open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(f"@prefix {key}: <{iri}> .\n" for key, iri in prefixes.items())
            for node in nodes:
                said = " ;\n    ".join(_predicates({key: value for key, value in node.items() if key != "@id"}))
                file.write(f"\n{_named(node['@id'])}\n    {said} .\n")
        return count


def _predicates(node: Mapping[str, Any]) -> Iterator[str]:
    """Yield each predicate of a node with its objects."""
    for key, value in node.items():
        values = value if isinstance(value, list) else [value]
        if key == "@type":
            yield f"a {', '.join(map(_named, values))}"
        else:
            yield f"{key if ':' in key else f'verb:{key}'} {', '.join(map(_object, values))}"


def _object(value: Any) -> str:
    if isinstance(value, str):
        return dumps(value, ensure_ascii=False)  # every escape of JSON is one of Turtle
    return _named(value["@id"]) if "@id" in value else f"[ {' ; '.join(_predicates(value))} ]"


def _named(iri: str) -> str:
    """Return an IRI, a compact one as it is."""
    return iri if iri.partition(":")[0] in CONTEXT else f"<{iri}>"


def _described(graph: Graph) -> tuple[Iterator[dict[str, Any]], int]:
    """Return the nodes that say all that goes out, and how many entities and relations those are."""
    entities = entities_out(graph)
    relations = list(relations_out(graph, entities))
    nodes = chain(
        _glossary(entities.values(), relations),
        _source_nodes(graph, [*entities.values(), *relations]),
        _entity_nodes(graph, entities, relations),
        map(_statement, relations),
    )
    return map(_present, nodes), len(entities) + len(relations)


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
