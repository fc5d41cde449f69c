# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Property graphs in files: GraphML, and the CSV that APOC's `apoc.export.csv.all` writes."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from xml.parsers import expat

from attrs import define, field, frozen

from enliterator_core import RefusedError, ServiceError
from enliterator_neo4j.importing.staging import Edge, Node

CSV_HEAD: Final = ("_id", "_labels")
_ENDS: Final = ("_start", "_end", "_type")
_NUMBERS: Final = {"int": int, "long": int, "float": float, "double": float}
_AT_ONCE: Final = 1 << 16

csv.field_size_limit(max(csv.field_size_limit(), 1 << 26))  # a property may be a whole text


def is_dump(path: Path) -> bool:
    """Say whether a file begins as APOC's CSV does."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            head = next(csv.reader([file.readline(1 << 16)]), [])
    except (OSError, UnicodeError, csv.Error):
        return False
    return all(name in head for name in (*CSV_HEAD, *_ENDS))


@frozen
class CsvGraph:
    """A CSV file with a row for each node (`_id`, `_labels`) and each relationship (`_start`, `_end`, `_type`).

    The format: https://neo4j.com/docs/apoc/current/export/csv/.
    """

    path: Path

    def _rows(self) -> Iterator[dict[str, str]]:
        try:
            with self.path.open(encoding="utf-8-sig", newline="") as file:
                for number, row in enumerate(csv.DictReader(file), 2):
                    if None in row or any(value is None for value in row.values()):
                        raise RefusedError(f"{self.path.name}:{number} has not as many fields as the first line")
                    yield row
        except (OSError, UnicodeError, csv.Error) as error:
            raise ServiceError(f"{self.path} cannot be read: {error}", hint="see that it is CSV in UTF-8") from error

    def nodes(self) -> Iterator[Node]:
        """Every node."""
        for row in self._rows():
            if row["_id"]:
                labels = tuple(sorted(one for one in row["_labels"].split(":") if one))
                yield Node(row["_id"], labels, _values(row))

    def edges(self) -> Iterator[Edge]:
        """Every relationship."""
        for row in self._rows():
            if row["_type"]:
                yield Edge(row["_start"], row["_type"], row["_end"], _values(row))

    def close(self) -> None:
        """Nothing is open between reads."""


def _values(row: dict[str, str]) -> dict[str, Any]:
    """Return the properties of a row; what is JSON (a list, a map, a number) is read as such."""
    return {name: _value(row[name]) for name in sorted(row) if row[name] and not name.startswith("_")}


def _value(text: str) -> Any:
    if text[0] in "[{":
        try:
            value = json.loads(text)
            json.dumps(value, ensure_ascii=False).encode()  # an escaped half of a surrogate pair is no text
        except (ValueError, RecursionError):
            return text
        return value
    return text


@define
class _GraphML:
    """What an XML parser meets, event by event, as nodes and edges."""

    keys: dict[str, tuple[str, str]] = field(factory=dict)
    found: list[Node | Edge] = field(factory=list)
    now: dict[str, str] | None = None
    properties: dict[str, Any] = field(factory=dict)
    data: str = ""
    text: list[str] = field(factory=list)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Begin an element."""
        name = name.rpartition("}")[2]
        if name == "key":
            kind = attributes.get("attr.type", "string")
            self.keys[attributes.get("id", "")] = attributes.get("attr.name", attributes.get("id", "")), kind
        elif name in ("node", "edge"):
            self.now, self.properties = attributes, {}
        elif name == "data":
            self.data, self.text = attributes.get("key", ""), []

    def end(self, name: str) -> None:
        """End an element."""
        name = name.rpartition("}")[2]
        if name == "data" and self.now is not None:
            key, kind = self.keys.get(self.data, (self.data, "string"))
            self.properties[key] = _typed("".join(self.text), kind)
        elif name == "node" and self.now is not None:
            labels = self.now.get("labels") or self._take("labels", "label", "type")
            if self.properties.get("labels") == labels:
                del self.properties["labels"]
            names = tuple(sorted(one for one in labels.split(":") if one)) or ("Node",)
            self.found.append(Node(self.now.get("id", ""), names, dict(sorted(self.properties.items()))))
            self.now = None
        elif name == "edge" and self.now is not None:
            type = self.now.get("label") or self._take("label", "type", "predicate") or "RELATED"
            if self.properties.get("label") == type:
                del self.properties["label"]
            ends = self.now.get("source", ""), type, self.now.get("target", "")
            self.found.append(Edge(*ends, dict(sorted(self.properties.items()))))
            self.now = None

    def _take(self, *names: str) -> str:
        """Return the first of these properties that is there, and take it out."""
        found = next((name for name in names if self.properties.get(name)), None)
        return "" if found is None else str(self.properties.pop(found))

    def characters(self, text: str) -> None:
        """Take text inside an element."""
        self.text.append(text)


def _typed(text: str, kind: str) -> Any:
    if kind == "boolean":
        return text.strip().lower() == "true"
    try:
        return _NUMBERS[kind](text) if kind in _NUMBERS else text
    except ValueError:
        return text


@frozen
class GraphMLGraph:
    """A GraphML file (http://graphml.graphdrawing.org), as Neo4j, Gephi, yEd or NetworkX write it.

    A node's labels are its attribute `labels` (APOC) or its data `labels`, `label` or `type`; an edge's type is its
    attribute `label` or its data `label`, `type` or `predicate`. Declarations of entities are refused.
    """

    path: Path

    def _found(self) -> Iterator[Node | Edge]:
        reader = _GraphML()
        parser = expat.ParserCreate(namespace_separator="}")
        parser.StartElementHandler = reader.start
        parser.EndElementHandler = reader.end
        parser.CharacterDataHandler = reader.characters
        parser.EntityDeclHandler = _refuse_entities
        try:
            with self.path.open("rb") as file:
                while chunk := file.read(_AT_ONCE):
                    parser.Parse(chunk, False)
                    yield from reader.found
                    reader.found.clear()
                parser.Parse(b"", True)
                yield from reader.found
        except (OSError, expat.ExpatError) as error:
            raise ServiceError(f"{self.path} cannot be read: {error}", hint="see that it is whole GraphML") from error

    def nodes(self) -> Iterator[Node]:
        """Every node."""
        return (one for one in self._found() if isinstance(one, Node))

    def edges(self) -> Iterator[Edge]:
        """Every relationship."""
        return (one for one in self._found() if isinstance(one, Edge))

    def close(self) -> None:
        """Nothing is open between reads."""


def _refuse_entities(*declared: Any) -> None:
    raise RefusedError("it declares entities, which could make it grow without end")
