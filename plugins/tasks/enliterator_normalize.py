# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""normalize: from a messy question to the structured query that it means.

A question is an opening, the names it is about, and what limits the search; each limit is said in one of the ways
below, and read back from them. A name may be misspelt by one slip of the kinds and frequencies that were counted in
scholarly typing (Pollock and Zamora 1984: omission 34, insertion 27, substitution 19, transposition 12 in a hundred);
a first letter is hardly ever wrong, so it stays.
"""

import json
import re
from collections.abc import Iterator
from typing import Any, Final

from attrs import field, frozen
from attrs.validators import ge, le

from enliterator_core import (
    MASK,
    POOLS,
    VERBS,
    Draft,
    Entity,
    Grade,
    Graph,
    Query,
    Sampler,
    TaskType,
    Verdict,
    fold,
    hookimpl,
    in_batches,
    json_answer,
    json_object,
    phrase_of,
    trouble_with,
)

_OPENINGS: Final = (
    "hey can you find ", "can u look up ", "find ", "i need everything on ", "i'm looking for ", "looking 4 ",
    "pls show me ", "show me ", "um, what have we got on ", "what's there about ", "anything on ", "so, ",
    "need info re ", "",
)  # fmt: skip
_CLOSINGS: Final = (" thx", " please", " asap", "?", " ...", "")
_AND: Final = (" and ", " or also ", " + ")
_PHRASES: Final = {
    phrase: name
    for verb in VERBS.values()
    for phrase, name in ((verb.phrase, verb.name), (verb.reverse_phrase, verb.reverse))
    if verb.symmetric or verb.phrase != verb.reverse_phrase
}
_POOL_OF: Final = {name.lower(): name for name in POOLS}
#: what limits a search: the ways to say it, and how each is read
_LIMITS: Final = {
    "pools": ((", only in the {} pool", ", pool {}", " ({} stuff only)"), "|".join(_POOL_OF)),
    "verbs": ((", one that {} something", ", if it {} something"), "|".join(map(re.escape, _PHRASES))),
    "after": ((" since {}", " from {} on", ", nothing before {}"), r"\d{4}(?:-\d\d){0,2}"),
    "before": ((" up to {}", " until {}", ", nothing after {}"), r"\d{4}(?:-\d\d){0,2}"),
    "rights": ((", must be {}", ", only what is {}"), "trainable|publishable"),
    "limit": ((", max {}", ", top {}", ", {} at most"), r"[1-9]\d?"),
}  # fmt: skip
_READERS: Final = [
    (name, re.compile("(?:" + "|".join(re.escape(way).replace(r"\{\}", f"({values})") for way in ways) + r")\Z"))
    for name, (ways, values) in _LIMITS.items()
]
_KEYS: Final = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_FIELDS: Final = {"terms": 0.5, "pools": 0.1, "verbs": 0.1, "after": 0.1, "before": 0.1, "rights": 0.05, "limit": 0.05}


def _slip(form: str, sampler: Sampler, *key: str) -> str:
    """Return the form with one slip of the keyboard inside a word of at least five letters; without, where none is."""
    words = list(re.finditer(r"[a-z]{5,}", form))
    if not words:
        return form
    word = sampler.choose(words, "word", *key)
    at = word.start() + 1 + int(sampler.fraction("at", *key) * (len(word.group()) - 2))
    kind = sampler.fraction("slip", *key) * 92
    here = form[at]
    if kind < 34:
        return form[:at] + form[at + 1 :]
    if kind < 61:
        return form[:at] + here + form[at:]
    if kind < 80:
        row = next(row for row in _KEYS if here in row)
        return form[:at] + row[abs(row.index(here) - 1)] + form[at + 1 :]
    return form[:at] + form[at + 1] + here + form[at + 2 :]


def _forms(graph: Graph) -> dict[tuple[str, int], list[str]]:
    """Return every folded name and form under its first letter and its length."""
    every = {fold(entity.name) for entity in graph.entities.values()}
    every.update(fold(form) for term in graph.terms.values() for form in term.surface_forms)
    forms: dict[tuple[str, int], list[str]] = {}
    for form in sorted(every):
        forms.setdefault((form[:1], len(form)), []).append(form)
    return forms


def _meant(graph: Graph, said: str) -> set[str]:
    """Return the ids of what is called so, or, where nothing is, of what is called so but for one slip."""
    from rapidfuzz.distance import OSA
    from rapidfuzz.process import extract

    if known := graph.called(said):
        return {entity.id for entity in known}
    forms = graph.once(_forms)
    near = [form for size in (-1, 0, 1) for form in forms.get((said[:1], len(said) + size), ())]
    found = extract(said, near, scorer=OSA.distance, score_cutoff=1, limit=None)
    return {entity.id for form, _, _ in found for entity in graph.called(form)}


def _read(user: str) -> tuple[str, dict[str, str]] | None:
    """Return what a question is about and its limits, as said; None when a limit is said twice."""
    rest = next(user[: len(user) - len(closing)] for closing in _CLOSINGS if user.endswith(closing))
    limits: dict[str, str] = {}
    while found := next(((name, match) for name, reader in _READERS if (match := reader.search(rest))), None):
        name, match = found
        if name in limits:
            return None
        limits[name] = next(value for value in match.groups() if value is not None)
        rest = rest[: match.start()]
    opening = max((one for one in _OPENINGS if rest.startswith(one)), key=len)
    return rest[len(opening) :], limits


def _query(terms: tuple[str, ...], limits: dict[str, str]) -> Query:
    """Return the query that names and limits, as said, stand for."""
    return Query(
        terms,
        pools=(_POOL_OF[limits["pools"]],) if "pools" in limits else (),
        verbs=(_PHRASES[limits["verbs"]],) if "verbs" in limits else (),
        after=limits.get("after"),
        before=limits.get("before"),
        rights=limits.get("rights"),
        limit=int(limits.get("limit", "10")),
    )


@frozen
class Normalize(TaskType):
    """Turn a messy question into a structured query.

    ``questions_per_entity`` is how many are asked about each entity; ``slip_share`` is the share of names that are
    misspelt, ``pair_share`` that of questions about two things.
    """

    name = "normalize"
    system_prompt = (
        "Turn the question into a structured query. Answer with one JSON object: terms (canonical names), pools, "
        "verbs, after, before (ISO 8601), rights (trainable or publishable), limit. What the question does not limit "
        "is empty or null; limit is 10 unless it says another."
    )
    answer_schema = json_answer(
        terms={"type": "array", "items": {"type": "string"}},
        pools={"type": "array", "items": {"enum": list(POOLS)}},
        verbs={"type": "array", "items": {"type": "string"}},
        after=str | None,
        before=str | None,
        rights={"enum": ["trainable", "publishable", None]},
        limit={"type": "integer", "minimum": 1, "maximum": 100},
    )

    questions_per_entity: int = field(default=2, validator=ge(1))
    slip_share: float = field(default=0.4, validator=[ge(0), le(1)])
    pair_share: float = field(default=0.15, validator=[ge(0), le(1)])

    def generate(self, graph: Graph, sampler: Sampler) -> Iterator[list[Draft]]:
        """Yield drafts for every entity that a name stands for alone."""
        yield from in_batches(self._drafts(graph, sampler))

    def _drafts(self, graph: Graph, sampler: Sampler) -> Iterator[Draft]:
        for entity in graph.entities.values():
            for key in map(str, range(self.questions_per_entity)):
                about = [entity]
                ids = sorted({id for _, id in graph.around(entity.id) if sampler.together(entity.id, id)} - {entity.id})
                if ids and sampler.fraction("pair", entity.id, key) < self.pair_share:
                    about.append(graph.entities[sampler.pick(ids, "pair", entity.id, key)])
                said = [self._said(graph, sampler, one, key) for one in about]
                if not all(said):
                    continue
                limits = _limits_of(graph, sampler, entity, key) if len(about) == 1 else {}
                opening = sampler.choose(_OPENINGS, "opening", entity.id, key)
                closing = sampler.choose(_CLOSINGS, "closing", entity.id, key)
                tail = [
                    sampler.choose(_LIMITS[name][0], "way", entity.id, key, name).format(value)
                    for name, value in limits.items()
                ]
                joint = sampler.choose(_AND, "and", entity.id, key)
                spans = tuple(dict.fromkeys(one.evidence[0] for one in about if one.evidence))
                draft = Draft(
                    opening + joint.join(filter(None, said)) + "".join(tail) + closing,
                    _write(_query(tuple(one.name for one in about), limits)),
                    entity.id,
                    tuple(one.id for one in about),
                    spans=spans,
                )
                # What is called by the first term comes first, so it is found: the verifier alone runs the query.
                if graph.called(entity.name) == [entity] and isinstance(_asked(draft, graph), Query):
                    yield draft

    def _said(self, graph: Graph, sampler: Sampler, entity: Entity, key: str) -> str | None:
        """Return one of the entity's names as somebody types it, still to be told from all others."""
        term = graph.terms.get(entity.id)
        forms = sampler.ordered({entity.name, *(term.surface_forms if term else ())}, "said", entity.id, key)
        form = next((form for form in forms if len(graph.called(form)) == 1 and MASK not in form), None)
        if form is None:
            return None
        lower = form.lower()
        said = (
            _slip(lower, sampler, entity.id, key)
            if sampler.fraction("slips", entity.id, key) < self.slip_share
            else lower
        )
        return said if _meant(graph, said) == {entity.id} else lower

    def verify(self, draft: Draft, graph: Graph) -> Verdict:
        """Accept the query that the question says, no more and no less, when running it finds the anchor."""
        query = _asked(draft, graph)
        if isinstance(query, str):
            return Verdict(False, query)
        if draft.anchor not in (entity.id for entity in graph.run(query)):
            return Verdict(False, "running the query does not find what is asked about")
        return Verdict(True, f"the query was run and found {graph.entities[draft.anchor].mention}")

    def grade(self, draft: Draft, answer: str, graph: Graph) -> Grade:
        """Score each part of the query; a part that is empty in both counts only beside the right terms."""
        gold, given = json_object(draft.assistant), json_object(answer)
        if not gold or not given or "terms" not in given:
            return Grade(0.0, dict.fromkeys(_FIELDS, 0.0))
        parts = {name: _likeness(gold.get(name), given.get(name, 0)) for name in _FIELDS}
        if not parts["terms"]:
            parts = {name: part if gold.get(name) else 0.0 for name, part in parts.items()}
        return Grade(sum(_FIELDS[name] * part for name, part in parts.items()), parts)


def _asked(draft: Draft, graph: Graph) -> Query | str:
    """Return the query that a draft's question and answer agree on, or why they do not."""
    if trouble := trouble_with(draft, graph, strict=True):
        return trouble
    read = _read(draft.user)
    if read is None or not draft.entities or draft.entities[0] != draft.anchor:
        return "the question cannot be read"
    said, limits = read
    entities = [graph.entities[id] for id in draft.entities]
    query = _query(tuple(entity.name for entity in entities), limits)
    if draft.assistant != _write(query):
        return "the query is not what the question says"
    splits = [[said]] if len(entities) == 1 else [said.split(joint) for joint in _AND]
    if not any([_meant(graph, one) for one in split] == [{id} for id in draft.entities] for split in splits):
        return "the question names something else"
    if not all(set(entity.evidence) & set(draft.spans) for entity in entities):
        return "what is named is without its span"
    return query


def _likeness(gold: Any, given: Any) -> float:
    """Return 1 for equal values, and for lists the share of what both have."""
    if isinstance(gold, list) and isinstance(given, list) and gold:
        both = [one for one in gold if one in given]
        return len(both) / max(len(gold), len(given))
    return float(gold == given)


def _write(query: Query) -> str:
    return json.dumps({name: getattr(query, name) for name in _FIELDS}, ensure_ascii=False)


def _limits_of(graph: Graph, sampler: Sampler, entity: Entity, key: str) -> dict[str, str]:
    """Return up to three limits that the entity itself is within, in an order of their own."""
    rights = graph.rights.get(entity.rights)
    options = {"pools": entity.pool.lower(), "limit": sampler.choose(("3", "5", "20", "1"), "limit", entity.id, key)}
    verbs = sorted({verb for verb, _ in graph.around(entity.id)} & set(_PHRASES.values()))
    if verbs:
        options["verbs"] = phrase_of(sampler.choose(verbs, "verb", entity.id, key))
    if entity.time.value and re.match(r"\d{4}-\d\d-\d\d", entity.time.value):
        value = entity.time.value[: sampler.choose((4, 4, 7, 10), "precision", entity.id, key)]
        options[sampler.choose(("after", "before"), "time", entity.id, key)] = value
    if rights and rights.publishable and rights.trainable:
        options["rights"] = sampler.choose(("trainable", "publishable"), "rights", entity.id, key)
    chosen = sampler.ordered(options, "limits", entity.id, key)[
        : sampler.choose((0, 0, 1, 1, 1, 2, 2, 3), "how many", entity.id, key)
    ]
    return {name: options[name] for name in chosen}


@hookimpl
def register_task_types() -> list[type[TaskType]]:
    """Add normalize."""
    return [Normalize]
