# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""What can be told of an entity: what the graph has on it, counted, what it lacks, and what would close that."""

from collections import Counter
from collections.abc import Sequence
from typing import Final

from enliterator_core import VERBS, Entity, Graph, Relation, phrase_of
from enliterator_gap_awareness.tallies import LOOSE, usual_verbs

#: what joins an entity to others: verbs, read from it, and ids
Around = Sequence[tuple[str, str]]

_THIN: Final = 2
_MOST_WEIGHED: Final = 200


def and_list(parts: Sequence[str]) -> str:
    """Return `a`, `a and b` or `a, b and c`; with semicolons where a part has a comma or an `and` of its own."""
    if len(parts) == 1:
        return parts[0]
    if any(", " in part or " and " in part for part in parts):
        return "; ".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


def counted(number: int, thing: str) -> str:
    """Return `1 source` or `1,200 sources`."""
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def sources_of(entity: Entity) -> int:
    """Return how many sources give evidence for an entity."""
    return 1 if len(entity.evidence) == 1 else len({span.source for span in entity.evidence})


def described(graph: Graph, entity: Entity) -> str:
    """Return what the first source says of an entity, in one of three ways that its id decides."""
    words = " ".join(entity.description.split())
    source, who = entity.evidence[0].source, f"{entity.mention} ({entity.pool})"
    if not words or entity.name.startswith(words.rstrip(".")):
        return f"{source} names {who} and does not say what it is."
    words += "" if words.endswith((".", "!", "?")) else "."
    if entity.name == source:
        return f"{_capital(who)} says of itself: {words}"
    way = int(entity.id[-1], 16) % 3
    if way == 0:
        return f"{source} says of {who}: {words}"
    if way == 1:
        return f"{_capital(who)}, in the words of {source}: {words}"
    return f"{_capital(who)}: {words[:-1]} ({source}){words[-1]}"


def any_dated(graph: Graph) -> bool:
    """Say whether any source has a date: where none has, that is a hole in the collection, told in its overviews, and
    none in what is known of a single thing."""
    return any(source.time.value for source in graph.sources.values())


def dated(entity: Entity) -> list[str]:
    """Return a sentence on the day of an entity and what states it; none where it is not known."""
    return [f"It is dated {entity.time.value[:10]} ({entity.time.basis})."] if entity.time.value else []


def _capital(text: str) -> str:
    return f"The{text[3:]}" if text.startswith("the ") else text


def _pronoun(entity: Entity) -> str:
    return entity.name if entity.pool == "Actor" else "it"


def related(graph: Graph, entity: Entity, around: Around) -> tuple[str, Relation | None]:
    """Return what joins an entity to others, counted by what the relations say, and the relation that is told of."""
    count = sources_of(entity)
    sources = counted(count, "source")
    if not around:
        return f"No relation joins it to anything; {sources} {'names' if count == 1 else 'name'} it.", None
    verb, other, relation = _telling(graph, entity, around)
    told = f"{phrase_of(verb, relation.predicate if relation else None)} {graph.entities[other].mention}"
    if relation and relation.evidence and relation.evidence[0].source != entity.evidence[0].source:
        told += f" ({relation.evidence[0].source})"
    if len(around) == 1:
        return f"The only relation, from {sources}: {_pronoun(entity)} {told}.", relation
    ranked = sorted(Counter(phrase_of(verb) for verb, _ in around).items(), key=lambda one: (-one[1], one[0]))
    (phrase, number), *rest = ranked
    parts = [f"{phrase} {counted(number, 'thing')}", *(f"{phrase} {number:,}" for phrase, number in rest)]
    total = f"{len(around):,} relations from {sources}: {_pronoun(entity)} {and_list(parts)}."
    return f"{total} For instance, {_pronoun(entity)} {told}.", relation


def _telling(graph: Graph, entity: Entity, around: Around) -> tuple[str, str, Relation | None]:
    """Return the relation that says most, as read from an entity: with a telling verb, its own before others'."""
    best = around[0]
    if len(around) > 1:
        best = min(around[:_MOST_WEIGHED], key=lambda one: (one[0] in LOOSE, one[0] not in VERBS, one))
    return *best, graph.relation(entity.id, *best)


def dated_by(graph: Graph, path: str) -> str:
    """Return what would date a source: a file's history, or what the rows of an imported graph say."""
    rows = path in graph.sources and graph.sources[path].kind == "rows"
    return f"a date for {path}, such as {'a property that says when' if rows else 'its git history'}"


def lacks_of(graph: Graph, entity: Entity, around: Around) -> tuple[bool, list[tuple[str, str]]]:
    """Return whether an entity is thinly covered, and what the graph lacks on it, each with what would close it."""
    found = []
    name, source = entity.mention, entity.evidence[0].source
    verbs = {verb for verb, _ in around}
    if not entity.description:
        found.append(("what it is", f"a sentence that says what {name} is"))
    if not around:
        found.append(("any relation to something else", f"a sentence that joins {name} to something else"))
    elif verbs <= {"co_occurs_with"}:
        found.append(
            ("how it relates to what it is mentioned beside", f"a sentence that says what {name} does to them")
        )
    elif len(around) < _THIN:
        found.append(("more than that one relation", f"a source that says what else {name} has to do with"))
    thin = bool(found)
    if entity.time.value is None and graph.once(any_dated):
        found.append(("its date", dated_by(graph, source)))
    for verb, share in graph.once(usual_verbs)[entity.pool, entity.kind]:
        if verb not in verbs:
            kind = "kind" if entity.kind else "pool"
            phrase = phrase_of(verb)
            found.append(
                (f"what it {phrase} ({share:.0%} of its {kind} have that)", f"a source that says what it {phrase}")
            )
    return thin, found
