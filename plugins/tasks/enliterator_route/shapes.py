# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""What can be called: each tool with each set of parameters that people have ways to ask for."""

import json
from collections.abc import Mapping, Sequence
from functools import cached_property
from json.encoder import encode_basestring
from typing import Any, Final

from attrs import field, frozen

from enliterator_core import Graph, Verdict
from enliterator_route.asking import Way, ways
from enliterator_route.schemas import Check, check_of_some

ENCODE: Final = json.JSONEncoder(ensure_ascii=False).encode
#: what of the graph a parameter holds, by which a call's shape is known
_NAMED: Final = frozenset({"entity-name", "related-entity-name"})
_RELATED: Final = frozenset({"related-entity-name", "related-pool", "verb"})


def asked_back(titles: Sequence[str]) -> str:
    """Ask for what is missing by its titles: which one is meant, and which others."""
    first, *others = (f"which {title}" for title in titles)
    parts = [f"W{first[1:]} do you mean", *others[:-1], *(f"and {last}" for last in others[-1:])]
    return f"{', '.join(parts)}?"


@frozen(slots=False)
class Shape:
    """One tool with one set of parameters, and the ways to ask for it; ``missing`` are those that are left out.

    ``fits`` says whether parameters of these keys fit the tool's schema, those that are missing aside.
    """

    tool: str
    keys: tuple[str, ...]
    ways: tuple[Way, ...] = field(eq=False)
    properties: Mapping[str, Any] = field(eq=False)
    fits: Check = field(eq=False)
    missing: tuple[str, ...] = ()

    @cached_property
    def formats(self) -> tuple[str, ...]:
        """What each parameter holds, empty where its schema does not say."""
        return tuple(self.properties[key].get("format", "") for key in self.keys)

    @cached_property
    def parts(self) -> tuple[tuple[str, str], ...]:
        """Each parameter and its format; but that of a second entity is ``other``."""
        first = self.formats.index("entity-name") if "entity-name" in self.formats else -1
        return tuple(
            (key, "other" if kind in _NAMED and at != first else kind)
            for at, (key, kind) in enumerate(zip(self.keys, self.formats, strict=True))
        )

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The parameters that name an entity."""
        return tuple(key for key, kind in zip(self.keys, self.formats, strict=True) if kind in _NAMED)

    @cached_property
    def path(self) -> str | None:
        """The parameter that is a source's path; of several the last."""
        return dict(zip(self.formats, self.keys, strict=True)).get("source-path")

    @cached_property
    def by_name(self) -> bool:
        """Whether it names the entity that it is about."""
        return any(part == "entity-name" for _, part in self.parts)

    @cached_property
    def by_other(self) -> bool:
        """Whether it names a second entity."""
        return any(part == "other" for _, part in self.parts)

    @cached_property
    def near(self) -> bool:
        """Whether it turns on a relation of the entity that it names first."""
        return not _RELATED.isdisjoint(self.formats)

    @cached_property
    def far(self) -> bool:
        """Whether it names a second entity, which need not be related to the first."""
        return self.formats.count("entity-name") > 1

    @cached_property
    def holds(self) -> Verdict:
        """What is said of a draft that holds."""
        if self.missing:
            lacking = " and ".join(self.missing)
            return Verdict(True, f"{self.tool} cannot be called without {lacking}, which the request lacks")
        return Verdict(True, f"{self.tool} was called and found what is asked about")

    @cached_property
    def _blanks(self) -> str:
        """An answer with a blank for each parameter's value."""
        tail = "}}"
        if self.missing:
            titles = [self.properties.get(key, {}).get("title", key.replace("_", " ")) for key in self.missing]
            asked = {"missing": self.missing, "question": asked_back(titles)}
            tail = f"}}, {ENCODE(asked)[1:]}"
        values = ", ".join(f"{_escaped(ENCODE(key))}: %s" for key in self.keys)
        return f'{{"tool": {_escaped(ENCODE(self.tool))}, "params": {{{values}{_escaped(tail)}'

    @cached_property
    def _has_texts(self) -> bool:
        """Whether every parameter is a text, by the schema."""
        return all(self.properties[key].get("type") == "string" for key in self.keys)

    def written(self, params: Mapping[str, Any]) -> str:
        """Write a call, or, where it lacks parameters, what asks for them by their titles; as ``json`` writes it."""
        if self._has_texts:
            try:
                return self._blanks % tuple(map(encode_basestring, params.values()))
            except TypeError:  # what is to be proven may be anything
                pass
        return self._blanks % tuple(
            # Numbers as they are: most others need no encoder of their own either.
            [
                encode_basestring(value) if type(value) is str else value if type(value) is int else ENCODE(value)
                for value in params.values()
            ]
        )


def _escaped(text: str) -> str:
    return text.replace("%", "%%")


def by_call(graph: Graph) -> dict[tuple[str, tuple[str, ...]], Shape]:
    """Return every shape of the graph's tools under its tool and parameters."""
    found: dict[tuple[str, tuple[str, ...]], Shape] = {}
    for (tool, keys), known in graph.once(ways).items():
        schema = graph.tools[tool].parameters
        missing = tuple(key for key in schema.get("required", ()) if key not in keys)
        fits = check_of_some(schema, keys)
        found[tool, keys] = Shape(tool, keys, tuple(known), schema.get("properties", {}), fits, missing)
    return found


@frozen
class Kinds:
    """Shapes by what they turn on: the calls that an entity makes, by tool, and those that say too little of one;
    the calls about a source, by tool; and what turns on nothing in the graph. By tool, each shape stands as often as
    there are ways to ask for it."""

    calls: list[list[Shape]]
    short: list[Shape]
    of_source: list[list[Shape]]
    of_nothing: list[Shape]


def shapes(graph: Graph) -> Kinds:
    """Return the shapes of the graph's tools that can be filled: none that is about more than two entities."""
    calls: dict[str, list[Shape]] = {}
    of_source: dict[str, list[Shape]] = {}
    kinds = Kinds([], [], [], [])
    for shape in graph.once(by_call).values():
        formats = set(shape.formats)
        if len(shape.names) > 2 or (shape.near and shape.far):
            continue
        if shape.names and shape.missing:
            kinds.short.append(shape)
        elif shape.path is not None and not shape.missing:
            of_source.setdefault(shape.tool, []).extend([shape] * len(shape.ways))
        elif shape.missing or not formats - {"", "pool"}:
            kinds.of_nothing.append(shape)
        else:
            calls.setdefault(shape.tool, []).extend([shape] * len(shape.ways))
    kinds.calls.extend(calls.values())
    kinds.of_source.extend(of_source.values())
    return kinds
