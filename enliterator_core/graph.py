# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The graph as tasks, tools and exporters see it: read only, from any storage, indexed in memory on first use."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from itertools import islice
from typing import Any, ClassVar, Final, Protocol, TypeVar

from attrs import frozen

from enliterator_core.canon import VERBS, textize, verb_and_direction
from enliterator_core.contracts.storage import GraphStorage
from enliterator_core.nouns import Document, Entity, Gap, Relation, Rights, Source, Span, Term

T = TypeVar("T")

_WORD: Final = re.compile(r"\w+")
_RUN: Final = 5  # as many words of a withheld source in a row count as its content


@frozen
class Path:
    """Entities (ids) and the verbs (or reverse verbs) between them, in turn."""

    entities: tuple[str, ...]
    verbs: tuple[str, ...]


@frozen
class Query:
    """A structured query; every part that is given must hold.

    `terms` are names or surface forms, or words to search for; `pools` and `verbs` (in either direction) limit what
    is found; `after` and `before` bound the entity's time (ISO 8601, inclusive, compared as text to the precision
    given); `rights` is "trainable" or "publishable".
    """

    terms: tuple[str, ...] = ()
    pools: tuple[str, ...] = ()
    verbs: tuple[str, ...] = ()
    after: str | None = None
    before: str | None = None
    rights: str | None = None
    limit: int = 10


def fold(form: str) -> str:
    """Return the form under which names and surface forms are looked up: case folded, spaces single."""
    return " ".join(form.casefold().split())


class AnyTool(Protocol):
    """What a graph's user may call: see :class:`enliterator_core.Tool`."""

    name: ClassVar[str]
    description: ClassVar[str]
    parameters: ClassVar[dict[str, Any]]

    def call(self, graph: "Graph", parameters: Mapping[str, Any]) -> dict[str, Any]:
        """Answer with JSON values."""


class Graph:
    """One batch's graph, and the ``tools`` that questions about it can be routed to, by name.

    Sources and rights are loaded at once; entities, terms and relations on first use. Everything iterates in the
    storage's order, so that the same graph gives the same sequence everywhere.
    """

    def __init__(self, storage: GraphStorage, tools: Iterable[AnyTool] = ()) -> None:
        self.storage = storage
        self.tools: Mapping[str, AnyTool] = {tool.name: tool for tool in tools}
        self.rights: Mapping[str, Rights] = {rights.id: rights for rights in storage.rights()}
        self.sources: Mapping[str, Source] = {source.path: source for source in storage.sources()}
        self._documents: dict[str, Document] = {}
        self._made: dict[Callable[[Graph], Any], Any] = {}

    def once(self, make: Callable[["Graph"], T]) -> T:
        """Return what `make` (a plain function) makes of this graph, made at the first call and then kept."""
        if make not in self._made:
            self._made[make] = make(self)
        made: T = self._made[make]
        return made

    # entities and terms

    @cached_property
    def entities(self) -> Mapping[str, Entity]:
        """Every entity by id, in the order of pool and name."""
        return {entity.id: entity for entity in self.storage.entities()}

    @cached_property
    def terms(self) -> Mapping[str, Term]:
        """Every term by its entity's id, in the order of pool and name."""
        return {term.entity: term for term in self.storage.terms()}

    @cached_property
    def _forms(self) -> dict[str, list[str]]:
        forms: dict[str, list[str]] = {}
        for id, entity in self.entities.items():
            forms.setdefault(fold(entity.name), []).append(id)
        for id, term in self.terms.items():
            for form in term.surface_forms:
                known = forms.setdefault(fold(form), [])
                if id not in known:
                    known.append(id)
        return forms

    def named(self, pool: str, name: str) -> Entity | None:
        """Return the entity of that pool with exactly that canonical name."""
        return next(
            (e for id in self._forms.get(fold(name), ()) if (e := self.entities[id]).pool == pool and e.name == name),
            None,
        )

    def called(self, form: str) -> list[Entity]:
        """Return every entity whose canonical name or surface form this is (case and spacing aside)."""
        return [self.entities[id] for id in self._forms.get(fold(form), ())]

    def batches(self, size: int = 1000) -> Iterator[list[Entity]]:
        """Yield all entities in lists of at most `size`."""
        rest = iter(self.entities.values())
        while batch := list(islice(rest, size)):
            yield batch

    # relations

    @cached_property
    def relations(self) -> Mapping[tuple[str, str, str], Relation]:
        """Every relation by its key (subject, verb, object), in that order."""
        return {relation.key: relation for relation in self.storage.relations()}

    @cached_property
    def _around(self) -> dict[str, list[tuple[str, str]]]:
        around: dict[str, list[tuple[str, str]]] = {id: [] for id in self.entities}
        for subject, verb, object in self.relations:
            around[subject].append((verb, object))
            around[object].append((VERBS[verb].reverse, subject))
        return around

    def around(self, id: str) -> list[tuple[str, str]]:
        """Return (verb or reverse verb, neighbour's id) for every relation of the entity, as read from it."""
        return self._around.get(id, [])

    def relation(self, subject: str, verb: str, object: str) -> Relation | None:
        """Return the stored relation that says this, the verb read in either direction; None when there is none."""
        try:
            known, forwards = verb_and_direction(verb)
        except KeyError:
            return None
        found = self.relations.get((subject, known.name, object) if forwards else (object, known.name, subject))
        if found is None and known.symmetric:
            found = self.relations.get((object, known.name, subject))
        return found

    def relations_along(self, path: Path) -> list[Relation] | None:
        """Return the relation behind each hop of a path, or None when a hop does not exist."""
        hops = [
            self.relation(a, verb, b) for a, verb, b in zip(path.entities, path.verbs, path.entities[1:], strict=False)
        ]
        found = [hop for hop in hops if hop is not None]
        return found if len(found) == len(path.verbs) else None

    def textize(self, path: Path) -> str:
        """Write a path of this graph as text; KeyError when an entity is not in it."""
        return textize([(self.entities[id].pool, self.entities[id].name) for id in path.entities], path.verbs)

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
        return self.rights.get(source.rights, Rights()) if source else Rights()

    @cached_property
    def by_source(self) -> Mapping[str, list[Entity]]:
        """Every entity under the path of each source that gives evidence for it."""
        found: dict[str, list[Entity]] = {}
        for entity in self.entities.values():
            for path in dict.fromkeys(span.source for span in entity.evidence):
                found.setdefault(path, []).append(entity)
        return found

    def leaks(self, text: str, *paths: str, besides: Iterable[str] = ()) -> str | None:
        """Return the first five words in a row of a text that also stand so in a source whose content is withheld.

        Case, spacing and punctuation do not count. Withheld are the sources that are not trainable, and those named;
        what the texts `besides` say may be said.
        """
        runs = [self.once(_withheld_runs), *(_runs(self.document(path).text) for path in paths if path in self.sources)]
        found = [run for run in _runs(text) if any(run in known for known in runs)]
        said = {run for one in besides for run in _runs(one)} if found else set()
        return next((run for run in found if run not in said), None)

    def gaps(self) -> list[Gap]:
        """Return what the literacy stage found absent."""
        return self.storage.gaps()

    # finding

    def search(self, query: str, *, pools: Iterable[str] = (), limit: int = 10) -> list[Entity]:
        """Return the entities that the full-text index finds, best first."""
        return [self.entities[id] for id, _ in self.storage.search(query, pools=pools, limit=limit)]

    def run(self, query: Query) -> list[Entity]:
        """Return what a structured query finds: entities called by a term first, then those that a search finds."""
        found: dict[str, Entity] = {}
        for term in query.terms:
            for entity in self.called(term):
                found.setdefault(entity.id, entity)
        for term in query.terms:
            for entity in self.search(term, pools=query.pools, limit=max(query.limit * 5, 50)):
                found.setdefault(entity.id, entity)
        candidates = found.values() if query.terms else self.entities.values()
        return list(islice((entity for entity in candidates if self._fits(entity, query)), query.limit))

    def _fits(self, entity: Entity, query: Query) -> bool:
        if query.pools and entity.pool not in query.pools:
            return False
        if query.after or query.before:
            time = entity.time.value
            if time is None or (query.after and time[: len(query.after)] < query.after):
                return False
            if query.before and time[: len(query.before)] > query.before:
                return False
        if query.rights:
            rights = self.rights.get(entity.rights, Rights())
            if not (rights.trainable if query.rights == "trainable" else rights.publishable):
                return False
        return not query.verbs or any(verb in query.verbs for verb, _ in self.around(entity.id))


def _runs(text: str) -> dict[str, None]:
    words = _WORD.findall(text.casefold())
    return dict.fromkeys(" ".join(words[at : at + _RUN]) for at in range(len(words) - _RUN + 1))


def _withheld_runs(graph: Graph) -> dict[str, None]:
    runs: dict[str, None] = {}
    for path in graph.sources:
        if not graph.rights_of(path).trainable:
            runs |= _runs(graph.document(path).text)
    return runs
