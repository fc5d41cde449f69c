# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The representations stage: how each entity reads to a model, and paths written as text that must read back the same.

A text says what the graph says and no more: name, kind and pool, description, what it is part of, its relations in the
glossary's English, its other names. Only entities whose evidence may all be trained on get one.
"""

from collections.abc import Iterator, Mapping, Sequence

from attrs import evolve, field, frozen
from attrs.validators import ge

from enliterator_core import (
    POOLS,
    Context,
    Entity,
    Graph,
    Path,
    Sampler,
    Stage,
    StageResult,
    hookimpl,
    parse,
    phrase_of,
    textize,
)

# What is said first, where there is more than there is room for; other verbs follow by name, co-occurrence last.
_FIRST = ("part_of", "embodies", "codifies", "refines", "version_of", "normalizes", "validated_by", "measured_by")
_RANK = {verb: rank for rank, verb in enumerate(_FIRST)}
_NAMES_PER_VERB = 4
_FORMS = 4


@frozen
class RepresentationsStage(Stage):
    """Write each entity's text and prove that paths round-trip.

    `length` bounds a text in characters; `paths` bounds how many paths of one and of two hops are written and read
    back.
    """

    name = "representations"
    after = ("graph",)

    length: int = field(default=600, validator=ge(80))
    paths: int = field(default=5000, validator=ge(0))

    def run(self, context: Context) -> StageResult:
        """Rewrite the entities with their texts and write the note `representations`."""
        graph = Graph(context.graph)
        written = [self._with_text(graph, entity) for entity in graph.entities.values()]
        context.check()
        context.graph.write_entities(written)
        texts = sum(bool(entity.repr_text) for entity in written)
        tried = failed = 0
        for path in sample_paths(graph, self.paths):
            tried += 1
            failed += not round_trips(graph, path)
        context.graph.write_note("representations", {"texts": texts, "paths": tried, "failed": failed})
        counts = {"texts": texts, "paths": tried, "failed": failed}
        words = "all read back the same" if not failed else f"{failed:,} do not read back the same"
        return StageResult(counts, f"{texts:,} texts, {tried:,} paths, {words}")

    def _with_text(self, graph: Graph, entity: Entity) -> Entity:
        rights = graph.rights.get(entity.rights)
        usable = rights is not None and rights.trainable
        return evolve(entity, repr_text=represent(graph, entity, self.length) if usable else "")


def represent(graph: Graph, entity: Entity, length: int = 600) -> str:
    """Return the text of one entity: whole sentences only, so many as fit into `length` characters.

    The first sentence (name, kind and pool) always stands, cut when it alone is longer.
    """
    first = f"{entity.name}: {entity.kind or POOLS[entity.pool].meaning} ({POOLS[entity.pool].title})."
    if len(first) > length:
        return first[: length - 1] + "…"
    text = first
    for sentence in _sentences(graph, entity):
        if len(text) + 1 + len(sentence) <= length:
            text += " " + sentence
    return text


def _sentences(graph: Graph, entity: Entity) -> Iterator[str]:
    description = " ".join(entity.description.split())
    if description:
        yield description if description[-1] in ".!?…:" else description + "."
    others: dict[str, list[str]] = {}
    for verb, other in graph.around(entity.id):
        others.setdefault(verb, []).append(graph.entities[other].name)
    for verb in sorted(others, key=_rank):
        yield f"It {phrase_of(verb)} {_listed(sorted(set(others[verb])), _NAMES_PER_VERB)}."
    term = graph.terms.get(entity.id)
    if term and term.surface_forms:
        yield f"It is also called {_listed(term.surface_forms, _FORMS)}."


def _rank(verb: str) -> tuple[int, str]:
    return (len(_RANK) + 1 if verb == "co_occurs_with" else _RANK.get(verb, len(_RANK))), verb


def _listed(names: Sequence[str], most: int) -> str:
    """Write names as a list in prose: `a, b and c`, or `a, b and 7 more`."""
    shown = list(names[:most])
    if len(names) > most:
        return f"{', '.join(shown)} and {len(names) - most} more"
    return " and ".join([", ".join(shown[:-1]), shown[-1]]) if len(shown) > 1 else shown[0]


def sample_paths(graph: Graph, most: int) -> Iterator[Path]:
    """Yield paths of one hop, each with one of two hops that goes on from it where there is one.

    Of more than `most` relations a sample that depends on their content alone.
    """
    sampler = Sampler()
    keys: Mapping[str, tuple[str, str, str]] = {"\0".join(key): key for key in graph.relations}
    chosen = list(keys) if len(keys) <= most else sampler.ordered(keys, "paths")[:most]
    for key in chosen:
        subject, verb, object = keys[key]
        yield Path((subject, object), (verb,))
        onward = [(verb, other) for verb, other in graph.around(object) if other not in (subject, object)]
        if onward:
            then, last = sampler.choose(onward, "onward", key)
            yield Path((subject, object, last), (verb, then))


def round_trips(graph: Graph, path: Path) -> bool:
    """Say whether a path's text parses back to the same entities and verbs, each hop of which the graph has."""
    ends = [(graph.entities[id].pool, graph.entities[id].name) for id in path.entities]
    try:
        read = parse(textize(ends, path.verbs))
    except ValueError:
        return False
    return read == (ends, list(path.verbs)) and graph.relations_along(path) is not None


@hookimpl
def register_stages() -> list[type[Stage]]:
    """Add the representations stage."""
    return [RepresentationsStage]
