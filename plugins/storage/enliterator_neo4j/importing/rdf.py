# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""RDF files as property graphs: a resource is a node, its classes are labels, what it says in literals is properties.

A property is called by its local name, with a language tag behind it where the literal has one (`prefLabel@de`); a
statement about another resource of the file is a relationship of the whole predicate's name, one about a resource
elsewhere is a property. Blank nodes are named by RDFC-1.0 (https://www.w3.org/TR/rdf-canon/), so that the same graph
has the same names.
"""

import sqlite3
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final
from xml.parsers import expat

from attrs import define, field

from enliterator_core import RefusedError, ServiceError
from enliterator_neo4j.importing.names import local
from enliterator_neo4j.importing.staging import Edge, Node

FORMATS: Final = {
    ".ttl": "TURTLE",
    ".nt": "N_TRIPLES",
    ".nq": "N_QUADS",
    ".trig": "TRIG",
    ".n3": "N3",
    ".rdf": "RDF_XML",
    ".owl": "RDF_XML",
    ".jsonld": "JSON_LD",
}
RESOURCE: Final = "http://www.w3.org/2000/01/rdf-schema#Resource"
_TYPE: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_NAMES: Final = frozenset(("prefLabel", "label", "title", "name"))
_OF_ALL: Final = frozenset(("Ontology", "ConceptScheme", "Dataset"))
_RIGHTS: Final = ("license", "rightsHolder")
_MOST_BYTES: Final = 2**30
_TABLE: Final = "CREATE TABLE triple (s TEXT, p TEXT, o TEXT, kind TEXT, language TEXT)"

Triple = tuple[str, str, str, str, str]


@define
class RdfGraph:
    """One RDF file, whatever its format; nothing is fetched from elsewhere."""

    path: Path
    _folder: "TemporaryDirectory[str] | None" = field(default=None, init=False)
    _connection: sqlite3.Connection | None = field(default=None, init=False)

    def _triples(self) -> sqlite3.Connection:
        """Return the statements in a temporary file, sorted by what they are about; read at the first call."""
        if self._connection is None:
            self._folder = TemporaryDirectory(prefix="enliterator-")
            self._connection = sqlite3.connect(Path(self._folder.name) / "triples.db", isolation_level=None)
            self._connection.execute("PRAGMA journal_mode=OFF")
            self._connection.execute(_TABLE)
            self._connection.execute("BEGIN")
            self._connection.executemany("INSERT INTO triple VALUES (?, ?, ?, ?, ?)", parsed(self.path))
            self._connection.execute("CREATE INDEX about ON triple (s, p, o)")
        return self._connection

    def nodes(self) -> Iterator[Node]:
        """Every resource that something is said about, by IRI; blank nodes only where they have a class or a name."""
        connection = self._triples()
        common = self._common()
        statement = (
            "SELECT DISTINCT s, p, o, kind, language, kind <> 'literal' AND EXISTS"
            " (SELECT 1 FROM triple AS other WHERE other.s = triple.o) FROM triple ORDER BY s, p, o, language"
        )
        for subject, rows in groupby(connection.execute(statement), key=lambda row: str(row[0])):
            node = _node(subject, rows)
            if node is not None:
                yield Node(node.id, node.labels, {**common, **node.properties})

    def _common(self) -> dict[str, str]:
        """Return the licence and its holder that the file states for all that is in it."""
        connection, said = self._triples(), dict[str, str]()
        statement = (
            "SELECT kinds.o, about.p, about.o FROM triple AS kinds JOIN triple AS about ON about.s = kinds.s"
            " WHERE kinds.p = ? ORDER BY about.p, about.o"
        )
        for kind, predicate, value in connection.execute(statement, (_TYPE,)):
            if local(kind) in _OF_ALL and local(predicate) in _RIGHTS:
                said.setdefault(local(predicate), value)
        return said

    def edges(self) -> Iterator[Edge]:
        """Every statement that joins two resources of the file."""
        statement = (
            "SELECT DISTINCT s, p, o FROM triple WHERE kind <> 'literal' AND p <> ? AND EXISTS"
            " (SELECT 1 FROM triple AS other WHERE other.s = triple.o) ORDER BY s, p, o"
        )
        for subject, predicate, object in self._triples().execute(statement, (_TYPE,)):
            yield Edge(subject, predicate, object, {})

    def subjects(self, predicate: str, start: str, most: int = -1) -> list[str]:
        """Return what has a statement with this predicate about an IRI that starts so, sorted; at most so many."""
        statement = (
            "SELECT DISTINCT s FROM triple WHERE p = ? AND kind = 'iri' AND substr(o, 1, ?) = ? ORDER BY s LIMIT ?"
        )
        rows = self._triples().execute(statement, (predicate, len(start), start, most))
        return [subject for (subject,) in rows]

    def said(self, subject: str) -> dict[str, list[tuple[str, str]]]:
        """Return what is said of a resource: by predicate, its objects with their languages, sorted."""
        found: dict[str, list[tuple[str, str]]] = {}
        statement = "SELECT DISTINCT p, o, language FROM triple WHERE s = ? ORDER BY p, o, language"
        for predicate, object, language in self._triples().execute(statement, (subject,)):
            found.setdefault(predicate, []).append((object, language))
        return found

    def close(self) -> None:
        """Remove the temporary file."""
        if self._connection is not None and self._folder is not None:
            self._connection.close()
            self._folder.cleanup()
            self._connection = None


def _node(subject: str, rows: Any) -> Node | None:
    """Return what a resource says of itself, or None for a blank node that has neither class nor name."""
    labels, said = list[str](), dict[str, list[str]]()
    for _, predicate, value, kind, language, inside in rows:
        if predicate == _TYPE:
            labels.append(value)
        elif kind == "literal" or not inside:
            said.setdefault(local(predicate) + (f"@{language}" if language else ""), []).append(value)
    named = any(key.partition("@")[0] in _NAMES for key in said)
    if subject.startswith("_:") and not labels and not named:
        return None
    values = {key: one[0] if len(one) == 1 else one for key, one in sorted(said.items())}
    return Node(subject, tuple(sorted(set(labels))) or (RESOURCE,), values)


def parsed(path: Path) -> Iterator[Triple]:
    """Yield (subject, predicate, object, kind, language), kind being iri, blank or literal."""
    try:
        import pyoxigraph as ox
    except ImportError as error:
        raise ServiceError(
            "RDF files need pyoxigraph, which is not installed", hint="pip install 'enliterator[rdf]'"
        ) from error
    _check(path)
    format = getattr(ox.RdfFormat, FORMATS[path.suffix.lower()])
    base = path.resolve().as_uri()
    try:
        blank = any(
            isinstance(end, ox.BlankNode)
            for quad in ox.parse(path=str(path), format=format, base_iri=base)
            for end in (quad.subject, quad.object)
        )
        quads: Any = ox.parse(path=str(path), format=format, base_iri=base)
        if blank:
            quads = ox.Dataset(quads)
            quads.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
        for quad in quads:
            yield from _triple(quad, ox)
    except (SyntaxError, ValueError, OSError) as error:
        line = " ".join(str(error).split())
        raise ServiceError(f"{path} cannot be read: {line}", hint="mend it there, or convert it to Turtle") from error


def _triple(quad: Any, ox: Any) -> Iterator[Triple]:
    """Yield a quad as text; statements about statements are left out."""
    subject, object = quad.subject, quad.object
    if not isinstance(subject, (ox.NamedNode, ox.BlankNode)):
        return
    about = subject.value if isinstance(subject, ox.NamedNode) else str(subject)
    if isinstance(object, ox.Literal):
        yield about, quad.predicate.value, object.value, "literal", object.language or ""
    elif isinstance(object, ox.NamedNode):
        yield about, quad.predicate.value, object.value, "iri", ""
    elif isinstance(object, ox.BlankNode):
        yield about, quad.predicate.value, str(object), "blank", ""


def _check(path: Path) -> None:
    """Refuse what is too large, and XML that could grow without end."""
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise RefusedError(f"{path.name} is over {_MOST_BYTES // 2**20} MiB")
    except OSError as error:
        raise ServiceError(f"{path} cannot be read: {error}", hint="see that it is there and may be read") from error
    if FORMATS[path.suffix.lower()] == "RDF_XML":
        _check_prolog(path)


class _Root(Exception):
    """The root element has begun: no entity can be declared any more."""


def _check_prolog(path: Path) -> None:
    """Refuse entities that are made of entities or stand elsewhere; those that only shorten names are harmless."""

    def declared(name: str, parameter: int, value: str | None, *elsewhere: object) -> None:
        if parameter or value is None or "&" in value or "%" in value:
            raise RefusedError(f"{path.name} declares entities made of entities, which could grow without end")

    def begun(name: str, attributes: object) -> None:
        raise _Root

    parser = expat.ParserCreate()
    parser.EntityDeclHandler = declared
    parser.StartElementHandler = begun
    try:
        with path.open("rb") as file:
            while chunk := file.read(1 << 16):
                parser.Parse(chunk, False)
    except _Root:
        return
    except expat.ExpatError as error:
        raise ServiceError(f"{path} cannot be read: {error}", hint="see that it is whole RDF/XML") from error
