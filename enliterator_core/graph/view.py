# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The graph as tasks, tools and exporters see it: read only, from any storage, in arrays in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Any, ClassVar, Final, Protocol, TypeVar

from enliterator_core.canon import textize
from enliterator_core.contracts.storage import GraphStorage
from enliterator_core.graph.folding import fold
from enliterator_core.graph.path import Path
from enliterator_core.graph.query import Finder, Query
from enliterator_core.graph.withheld import Withheld
from enliterator_core.nouns import Document, Entity, Gap, Relation, Rights, Source, Span, entity_id, mention_of

if TYPE_CHECKING:
    from enliterator_core.graph.arrays import Arrays
    from enliterator_core.graph.mappings import BySource, Entities, Forms, Relations, Terms

T = TypeVar("T")

_UNKNOWN: Final = Rights()
_REMEMBERED: Final = 1 << 14  # forms of which it is kept what they stand for: most are asked for several times in a row
_MANY: Final = 256  # surface forms of one term that are kept folded, rather than folded at each question


class AnyTool(Protocol):
    """What a graph's user may call: see :class:`enliterator_core.Tool`."""

    name: ClassVar[str]
    description: ClassVar[str]
    parameters: ClassVar[dict[str, Any]]

    def call(self, graph: Graph, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """Answer with JSON values."""


class Graph:
    """One batch's graph, and the ``tools`` that questions about it can be routed to, by name.

    Sources and rights are loaded at once; entities, terms and relations on first use, as arrays (``arrays``), and
    are made into nouns one by one when asked for. Everything iterates in the storage's order, so that the same graph
    gives the same sequence everywhere. An entity's number is its place in that order.
    """

    def __init__(self, storage: GraphStorage, tools: Iterable[AnyTool] = ()) -> None:
        self.storage = storage
        self.tools: Mapping[str, AnyTool] = {tool.name: tool for tool in tools}
        self.rights: Mapping[str, Rights] = {rights.id: rights for rights in storage.rights()}
        self.sources: Mapping[str, Source] = {source.path: source for source in storage.sources()}
        self._documents: dict[str, Document] = {}
        self._called: dict[str, list[int]] = {}
        self._many: dict[str, frozenset[str]] = {}
        self._made: dict[Callable[[Graph], Any], Any] = {}

    def once(self, make: Callable[[Graph], T]) -> T:
        """Return what `make` (a plain function) makes of this graph, made at the first call and kept till let go of."""
        if make not in self._made:
            self._made[make] = make(self)
        made: T = self._made[make]
        return made

    def let_go(self) -> None:
        """Let go of what was made of the graph by :meth:`once`, and of what was asked for lately, here and there."""
        for kept in (self._made, self._documents, self._called, self._many):
            kept.clear()
        if let_go := getattr(self.storage, "let_go", None):
            let_go()

    def forget(self) -> None:
        """Let go of what was read, too; who asks for it again has it read once more."""
        for name in ("arrays", "entities", "terms", "relations", "by_source", "_forms", "_withheld"):
            self.__dict__.pop(name, None)
        self.let_go()

    # numbers and arrays

    @cached_property
    def arrays(self) -> Arrays:
        """Entities, relations and steps as arrays: see :mod:`enliterator_core.graph.arrays`."""
        from enliterator_core.graph.arrays import Arrays

        return Arrays(self.storage)

    def number(self, id: str) -> int:
        """Return an entity's number; KeyError when it is not in the graph."""
        return self.arrays.entities.numbers[id]

    def id(self, number: int) -> str:
        """Return the id of the entity with that number."""
        return self.arrays.entities.ids[number]

    def name(self, id: str) -> str:
        """Return an entity's canonical name, without making the entity; KeyError when it is not in the graph."""
        entities = self.arrays.entities
        return entities.names[entities.numbers[id]]

    def pool(self, id: str) -> str:
        """Return an entity's pool, without making the entity; KeyError when it is not in the graph."""
        entities = self.arrays.entities
        return entities.pool_of(entities.numbers[id])

    def kind(self, id: str) -> str:
        """Return an entity's kind, without making the entity; KeyError when it is not in the graph."""
        entities = self.arrays.entities
        return entities.kind_of(entities.numbers[id])

    def mention(self, id: str) -> str:
        """Return how prose speaks of an entity, without making it; KeyError when it is not in the graph."""
        entities = self.arrays.entities
        number = entities.numbers[id]
        return mention_of(entities.pool_of(number), entities.kind_of(number), entities.names[number])

    def first_evidence(self, id: str) -> Span | None:
        """Return an entity's first span, without making the entity, None where it has none; KeyError as above."""
        entities = self.arrays.entities
        return entities.spans.first(entities.numbers[id])

    # entities and terms

    @cached_property
    def entities(self) -> Entities:
        """Every entity by id, in the order of pool and name."""
        from enliterator_core.graph.mappings import Entities

        return Entities(self.arrays)

    @cached_property
    def terms(self) -> Terms:
        """Every term by its entity's id, in the order of pool and name."""
        from enliterator_core.graph.mappings import Terms

        return Terms(self.storage.terms(), self.arrays.entities)

    @cached_property
    def _forms(self) -> Forms:
        from enliterator_core.graph.mappings import Forms

        return Forms(self.arrays.entities, self.terms)

    def _is_called(self, number: int, form: str, folded: str) -> bool:
        entities = self.arrays.entities
        name, id = entities.names[number], entities.ids[number]
        if name == form or id in self._many:
            return name == form or folded in self._many[id] or fold(name) == folded
        surface = self.terms.surface[id]
        if len(surface) >= _MANY:
            self._many[id] = frozenset(map(fold, surface))
        # Most forms are asked for as they are written, and folding takes longer than comparing.
        return form in surface or fold(name) == folded or folded in map(fold, surface)

    def named(self, pool: str, name: str) -> Entity | None:
        """Return the entity of that pool with exactly that canonical name."""
        found: Entity | None = self.entities.get(entity_id(pool, name))
        return found

    def called(self, form: str) -> list[Entity]:
        """Return every entity whose canonical name or surface form this is (case and spacing aside)."""
        return [self.entities.kept[number] for number in self.numbers_called(form)]

    def ids_called(self, form: str) -> list[str]:
        """Return the ids of what is :meth:`called` so, without making the entities."""
        ids = self.arrays.entities.ids
        return [ids[number] for number in self.numbers_called(form)]

    def numbers_called(self, form: str) -> list[int]:
        """Return the numbers of what is :meth:`called` so: a list that others are given too, not to be changed."""
        found = self._called.get(form)
        if found is None:
            if len(self._called) >= _REMEMBERED:
                self._called.clear()
            folded = fold(form)
            numbers = self._forms.find(hash(folded))
            found = self._called[form] = [number for number in numbers if self._is_called(number, form, folded)]
        return found

    def batches(self, size: int = 1000) -> Iterator[list[Entity]]:
        """Yield all entities in lists of at most `size`."""
        rest = iter(self.entities.values())
        while batch := list(islice(rest, size)):
            yield batch

    # relations

    @cached_property
    def relations(self) -> Relations:
        """Every relation by its key (subject, verb, object), in that order."""
        from enliterator_core.graph.mappings import Relations

        return Relations(self.arrays)

    def around(self, id: str) -> list[tuple[str, str]]:
        """Return (verb or reverse verb, neighbour's id) for every relation of the entity, as read from it.

        They come by verb, then in the order of entities.
        """
        entities = self.arrays.entities
        number = entities.numbers.get(id)
        if number is None:
            return []
        return [(verb, entities.ids[other]) for verb, other in self.arrays.steps.around(number)]

    def relation(self, subject: str, verb: str, object: str) -> Relation | None:
        """Return the stored relation that says this, the verb read in either direction; None when there is none."""
        numbers = self.arrays.entities.numbers
        start, end = numbers.get(subject), numbers.get(object)
        row = -1 if start is None or end is None else self.arrays.steps.find(start, verb, end)
        return self.relations.kept[row] if row >= 0 else None

    def relations_along(self, path: Path) -> list[Relation] | None:
        """Return the relation behind each hop of a path, or None when a hop does not exist."""
        hops = [
            self.relation(a, verb, b) for a, verb, b in zip(path.entities, path.verbs, path.entities[1:], strict=False)
        ]
        found = [hop for hop in hops if hop is not None]
        return found if len(found) == len(path.verbs) else None

    def textize(self, path: Path) -> str:
        """Write a path of this graph as text; KeyError when an entity is not in it."""
        return textize([(self.pool(id), self.name(id)) for id in path.entities], path.verbs)

    # sources

    def document(self, path: str) -> Document:
        """Return the text and blocks of a source; KeyError when it is not in the graph."""
        if path not in self._documents:
            document = self.storage.document(path)
            if document is None:
                raise KeyError(path)
            if len(self._documents) >= 256:
                self._documents.clear()
            self._documents[path] = document
        return self._documents[path]

    def text(self, span: Span) -> str:
        """Return the characters of a span; KeyError when its source is not in the graph."""
        return self.document(span.source).text[span.start : span.end]

    def rights_of(self, path: str) -> Rights:
        """Return the rights of a source, quarantined when nothing is known of it."""
        source = self.sources.get(path)
        return self.rights.get(source.rights, _UNKNOWN) if source else _UNKNOWN

    @cached_property
    def by_source(self) -> BySource:
        """The entities under the path of each source that gives evidence for them."""
        from enliterator_core.graph.mappings import BySource

        return BySource(self.arrays, self.entities)

    @cached_property
    def _withheld(self) -> Withheld:
        paths = [path for path in self.sources if not self.rights_of(path).trainable]
        return Withheld(paths, lambda path: self.document(path).text)

    def leaks(self, text: str, *paths: str, besides: Iterable[str] = ()) -> str | None:
        """Return the first five words in a row of a text that also stand so in a source whose content is withheld.

        Case, spacing and punctuation do not count. Withheld are the sources that are not trainable, and those named;
        what the texts `besides` say may be said.
        """
        return self._withheld.first(text, [path for path in paths if path in self.sources], tuple(besides))

    @property
    def withholds(self) -> bool:
        """Whether there is any source whose content nobody may have: one that is not trainable."""
        return self._withheld.any

    def gaps(self) -> list[Gap]:
        """Return what the literacy stage found absent."""
        return self.storage.gaps()

    # finding

    def search(self, query: str, *, pools: Iterable[str] = (), limit: int = 10) -> list[Entity]:
        """Return the entities that the full-text index finds, best first."""
        return [self.entities[id] for id, _ in self.storage.search(query, pools=pools, limit=limit)]

    def found(self, query: Query) -> Iterator[Entity]:
        """Yield what fits a structured query, its limit aside, best first, as far as somebody wants to know."""
        return (self.entities.kept[number] for number in self.once(Finder).found(query))

    def run(self, query: Query) -> list[Entity]:
        """Return what a structured query finds: entities called by a term first, then those that a search finds."""
        return list(islice(self.found(query), query.limit))
