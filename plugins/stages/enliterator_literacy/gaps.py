# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""What is absent, how bad that is, and what intake would close it.

A gap's subject is a source's path, a pool, a verb, a word, or an entity as the canon writes it (`Idea(Swarm).`). Of
one kind at most so many are named; the rest is counted in one more gap of that kind.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal

from attrs import evolve

from enliterator_core import POOLS, VERBS, Entity, Gap, Graph, textize
from enliterator_literacy.measure import spans_by_source, touched

Severity = Literal["high", "medium", "low"]
Blocks = Mapping[str, tuple[tuple[int, int], ...]]

_ORDER = {"high": 0, "medium": 1, "low": 2}
# Below this many entities a pool holds examples rather than a picture.
_THIN = 3
# A source of which more than this share of the blocks is left over was hardly read.
_MOST_LEFT = 0.75


def find_gaps(graph: Graph, blocks: Blocks, named: int) -> list[Gap]:
    """Return every gap, the worst first, at most `named` of a kind by name, those that matter most.

    `blocks` maps every trainable source to where its text-bearing blocks stand.
    """
    degrees = Counter(end for relation in graph.relations.values() for end in (relation.subject, relation.object))
    found = [
        *_quarantined(graph),
        *_unread(graph, blocks),
        *_undefined(graph.storage.note("lexicon") or {}),
        *_undescribed(graph, degrees),
        *_orphans(graph, degrees),
        *_untimed(graph),
        *_thin_pools(graph),
        *_unused_verbs(graph),
    ]
    by_kind: dict[tuple[str, str], list[Gap]] = {}
    for gap in sorted(found, key=lambda gap: _ORDER[gap.severity]):
        by_kind.setdefault((gap.severity, gap.kind), []).append(gap)
    return [gap for gaps in by_kind.values() for gap in _limited(gaps, named)]


def _limited(gaps: list[Gap], named: int) -> list[Gap]:
    if len(gaps) <= named:
        return gaps
    rest = len(gaps) - named
    more = evolve(
        gaps[named],
        subject=f"{rest:,} more",
        message=f"{rest:,} more of the same kind",
        close="the same, for each of them",
        count=rest,
    )
    return [*gaps[:named], more]


def _written(entity: Entity) -> str:
    return textize([(entity.pool, entity.name)], [])


def _quarantined(graph: Graph) -> Iterator[Gap]:
    for path in graph.sources:
        rights = graph.rights_of(path)
        if rights.quarantined:
            close = "a licence for it: an SPDX tag, a licence file above it, or --rights"
            if rights.embargo:
                close = f"nothing before {rights.embargo}; then build again"
            yield Gap(
                "quarantined", "high", path, f"{path} is quarantined: {rights.reason or 'no reason given'}", close
            )


def _unread(graph: Graph, blocks: Blocks) -> Iterator[Gap]:
    """Gaps for the sources of which little became part of the graph, the ones with most left over first."""
    spans = spans_by_source([*graph.entities.values(), *graph.relations.values()], blocks)
    ranked = []
    for path, every in blocks.items():
        left = round(len(every) * (1 - touched(every, spans.get(path, []))))
        if left > len(every) * _MOST_LEFT:
            ranked.append((-left, path))
    for left, path in sorted(ranked):
        message = f"{-left:,} of {len(blocks[path]):,} blocks of {path} gave no evidence for anything"
        close = f"headings, definitions and named things in {path}, or an extractor that reads its kind"
        yield Gap("unread", "medium", path, message, close, -left)


def _undefined(note: dict[str, Any]) -> Iterator[Gap]:
    """Gaps for the words that the lexicon stage met again and again without finding what they mean."""
    for row in note.get("undefined", ()):
        word, count = row["term"], row["count"]
        message = f"“{word}” is used {count:,} times and defined nowhere"
        close = f"a sentence or a glossary entry that says what {word} is"
        if row.get("sources"):
            close += f", for instance in {row['sources'][0]}"
        yield Gap("undefined", "medium", word, message, close, count)


def _undescribed(graph: Graph, degrees: Counter[str]) -> Iterator[Gap]:
    for id, entity in sorted(graph.entities.items(), key=lambda pair: -degrees[pair[0]]):
        if not entity.description:
            message = f"no source describes {entity.name}, which has {_relations(degrees[id])}"
            yield Gap("undescribed", "low", _written(entity), message, f"a sentence on it{_where(entity)}")


def _relations(count: int) -> str:
    return f"{count:,} relation{'' if count == 1 else 's'}" if count else "no relation"


def _orphans(graph: Graph, degrees: Counter[str]) -> Iterator[Gap]:
    for id, entity in graph.entities.items():
        if not degrees[id]:
            message = f"no source says how {entity.name} relates to anything"
            close = f"a sentence that joins it to something else{_where(entity)}"
            yield Gap("orphan", "low", _written(entity), message, close)


def _where(entity: Entity) -> str:
    return f", for instance in {entity.evidence[0].source}" if entity.evidence else ""


def _untimed(graph: Graph) -> Iterator[Gap]:
    unknown = sum(entity.time.value is None for entity in graph.entities.values())
    if unknown:
        whole = len(graph.entities)
        message = f"{unknown:,} of {whole:,} entities have no known time"
        yield Gap(
            "time", "medium", "time", message, "dates in front matter, or the git history of the sources", unknown
        )


def _thin_pools(graph: Graph) -> Iterator[Gap]:
    sizes = Counter(entity.pool for entity in graph.entities.values())
    for name, pool in POOLS.items():
        if sizes[name] < _THIN and (sizes[name] or not pool.optional):
            severity: Severity = "low" if sizes[name] else "medium"
            held = f"only {sizes[name]}" if sizes[name] else "nothing"
            message = f"the pool {pool.title} ({pool.meaning}) holds {held}"
            yield Gap("thin_pool", severity, name, message, f"sources that speak of it: {pool.meaning}", sizes[name])


def _unused_verbs(graph: Graph) -> Iterator[Gap]:
    """Gaps for verbs between pools that the batch has, of which no source states a single case."""
    sizes = Counter(entity.pool for entity in graph.entities.values())
    used = {relation.verb for relation in graph.relations.values()}
    for verb in VERBS.values():
        if verb.name in used or verb.targets == frozenset(POOLS) or verb.sources == frozenset(POOLS):
            continue
        first, second = _sum(sizes, verb.sources), _sum(sizes, verb.targets)
        if first >= _THIN and second >= _THIN:
            ends = f"{_either(verb.sources)} {verb.phrase} {_either(verb.targets)}"
            message = f"no source states {verb.name}, though there are {first:,} and {second:,} entities it could join"
            yield Gap(
                "unused_verb", "low", verb.name, message, f"a sentence that says which {ends}", min(first, second)
            )


def _sum(sizes: Counter[str], pools: Iterable[str]) -> int:
    return sum(sizes[pool] for pool in pools)


def _either(pools: Iterable[str]) -> str:
    return " or ".join(POOLS[pool].title for pool in POOLS if pool in set(pools))
