# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""What the report shows, taken from the graph and its notes, in plain values for the template."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

from enliterator_core import POOLS, VERBS, Context, Entity, Graph, Path, Rights, Sampler, Span, phrase_of

T = TypeVar("T")

# How many characters of a span the report quotes.
_QUOTED = 240
# How many spans of a relation it quotes: some take two to be stated, a commit's subject and the file that it changed.
_SPANS = 2


def facts_of(graph: Graph, context: Context, *, entities: int, paths: int, rows: int) -> dict[str, Any]:
    """Return everything that the template names."""
    literacy = graph.storage.note("literacy") or {}
    shown = _top_entities(graph, entities)
    walked = _sample_paths(graph, paths)
    quoted = {span.source for path in walked for hop in path["hops"] for span in hop["spans"]}
    quoted |= {span.source for pool in shown for entity in pool["entities"] for span in entity["spans"]}
    gaps = graph.gaps()
    return {
        "batch": {"id": context.batch.id, "name": context.batch.name},
        "counts": _counts(graph),
        "literacy": literacy,
        "components": _components(literacy),
        "checks": literacy.get("acceptance", []),
        "shape": graph.storage.note("graph") or {},
        "pools": _bars(Counter(entity.pool for entity in graph.entities.values()), {p: POOLS[p].title for p in POOLS}),
        "verbs": _bars(Counter(verb for _, verb, _ in graph.relations), {v: VERBS[v].phrase for v in VERBS}),
        "top": shown,
        "paths": walked,
        "rights": _rights(graph),
        "kept_out": _limited(
            [{"path": path, "reason": graph.rights_of(path).reason or ""} for path in _quarantined(graph)], rows
        ),
        "refused": _limited(sorted(({"path": r.path, "reason": r.reason} for r in context.refused), key=str), rows),
        "gaps": _limited(gaps, rows),
        "severities": Counter(gap.severity for gap in gaps),
        "internal": sorted(path for path in quoted if not graph.rights_of(path).publishable),
    }


def _limited(every: Sequence[T], rows: int) -> dict[str, Any]:
    return {"rows": list(every[:rows]), "rest": max(0, len(every) - rows), "all": len(every)}


def _counts(graph: Graph) -> dict[str, int]:
    sources = list(graph.sources.values())
    return {
        "sources": len(sources),
        "files": sum(source.kind == "file" for source in sources),
        "commits": sum(source.kind == "commit" for source in sources),
        "bytes": sum(source.size for source in sources),
        "entities": len(graph.entities),
        "relations": len(graph.relations),
        "terms": len(graph.terms),
        "forms": sum(len(term.surface_forms) for term in graph.terms.values()),
    }


def _components(literacy: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the components of the score with their parts, each part with its counts and what they count."""
    components = []
    for name, one in literacy.get("components", {}).items():
        counts, meanings = one.get("counts", {}), one.get("meanings", {})
        parts = [
            {
                "name": part.replace("_", " "),
                "value": value,
                "have": counts.get(part),
                "of": counts.get(f"{part}_of"),
                "meaning": meanings.get(part, ""),
            }
            for part, value in one.get("parts", {}).items()
        ]
        points = 100 * one["value"] * one["weight"]
        components.append(
            {"name": name, "value": one["value"], "weight": one["weight"], "points": points, "parts": parts}
        )
    return components


def _bars(counts: Mapping[str, int], titles: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the counts from the largest down, each with its length relative to the largest."""
    most = max(counts.values(), default=1)
    ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return [{"name": name, "title": titles[name], "count": count, "share": count / most} for name, count in ranked]


def _top_entities(graph: Graph, most: int) -> list[dict[str, Any]]:
    """Return for each pool the described entities with the most stated relations."""
    degree = Counter(
        end for relation in graph.relations.values() if relation.verb != "co_occurs_with"
        for end in (relation.subject, relation.object)
    )  # fmt: skip
    pools: dict[str, list[Entity]] = {}
    for entity in graph.entities.values():
        if entity.description:
            pools.setdefault(entity.pool, []).append(entity)
    shown = []
    for pool in (pool for pool in POOLS if pool in pools):
        best = sorted(pools[pool], key=lambda entity: (-degree[entity.id], entity.name))[:most]
        rows = [
            {
                "name": _cut(entity.name),
                "kind": entity.kind,
                "description": _cut(entity.description),
                "relations": degree[entity.id],
                "spans": entity.evidence[:1],
                "place": _places(graph, entity.evidence[:1]),
            }
            for entity in best
        ]
        if rows:
            shown.append({"pool": pool, "title": POOLS[pool].title, "meaning": POOLS[pool].meaning, "entities": rows})
    return shown


def _sample_paths(graph: Graph, most: int) -> list[dict[str, Any]]:
    """Return paths of two hops where there are any, else of one, chosen so that many verbs are seen."""
    stated = [relation for relation in graph.relations.values() if relation.verb != "co_occurs_with"]
    sampler = Sampler()
    by_verb: dict[str, list[str]] = {}
    keys = {"\0".join(relation.key): relation for relation in stated}
    for key in sampler.ordered(keys, "report"):
        by_verb.setdefault(keys[key].verb, []).append(key)
    chosen: list[str] = []
    depth = 0
    while len(chosen) < most and any(len(row) > depth for row in by_verb.values()):
        chosen.extend(by_verb[verb][depth] for verb in sorted(by_verb) if len(by_verb[verb]) > depth)
        depth += 1
    return [_path(graph, _onward(graph, keys[key].key, sampler)) for key in chosen[:most]]


def _onward(graph: Graph, key: tuple[str, str, str], sampler: Sampler) -> Path:
    subject, verb, object = key
    onward = [
        (then, other) for then, other in graph.around(object) if other != subject and then != "co_occurs_with"
    ]  # fmt: skip
    if not onward:
        return Path((subject, object), (verb,))
    then, last = sampler.choose(onward, "onward", *key)
    return Path((subject, object, last), (verb, then))


def _path(graph: Graph, path: Path) -> dict[str, Any]:
    entities = [graph.entities[id] for id in path.entities]
    hops = []
    for relation, verb, first, second in zip(
        graph.relations_along(path) or (), path.verbs, entities, entities[1:], strict=False
    ):
        spans = relation.evidence[:_SPANS]
        hops.append(
            {
                "subject": first,
                "phrase": phrase_of(verb),
                "object": second,
                "spans": spans,
                "quotes": [{"place": _place(graph, span), "text": _cut(graph.text(span))} for span in spans],
            }
        )
    return {"text": graph.textize(path), "hops": hops}


def _cut(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= _QUOTED else words[: _QUOTED - 1] + "…"


def _place(graph: Graph, span: Span) -> str:
    """Return where a span stands as people say it: path and line, the first being 1."""
    line = graph.document(span.source).text.count("\n", 0, span.start) + 1
    return f"{short(span.source)}:{line}"


def short(path: str) -> str:
    """Return a source's path, a commit's cut to the twelve digits that people use."""
    return path[: len("commit:") + 12] if path.startswith("commit:") else path


def _places(graph: Graph, spans: Iterable[Span]) -> str:
    return ", ".join(_place(graph, span) for span in spans)


def _rights(graph: Graph) -> list[dict[str, Any]]:
    """Return the sources by what may be done with them: licence, holder, flags, where that was found, how many."""
    rows: dict[tuple[str, str, str, bool, bool], list[int]] = {}
    for source in graph.sources.values():
        one: Rights = graph.rights_of(source.path)
        named = one.license or one.statement or "unknown"
        key = (_cut(named), one.holder or "", one.basis, one.trainable, one.publishable)
        row = rows.setdefault(key, [0, 0])
        row[0] += 1
        row[1] += source.size
    names = ("license", "holder", "basis", "trainable", "publishable")
    ranked = sorted(rows.items(), key=lambda pair: (-pair[1][0], pair[0]))
    return [dict(zip(names, key, strict=True)) | {"sources": row[0], "bytes": row[1]} for key, row in ranked]


def _quarantined(graph: Graph) -> list[str]:
    return [path for path in graph.sources if graph.rights_of(path).quarantined]
