# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""gap_awareness: what is known, what is missing, and what intake would close it, all counted from the graph."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Final

from attrs import field, frozen
from attrs.validators import ge, le

from enliterator_core import (
    MASK,
    VERBS,
    Draft,
    Entity,
    Grade,
    Graph,
    Relation,
    Sampler,
    TaskType,
    Verdict,
    entity_id,
    hookimpl,
    in_batches,
    phrase_of,
    read_prompt,
    trouble_with,
)

#: how people ask about a name, and about a source
_NAME: Final = (
    "what do we know about {name}, and what not?",
    "how well is {name} covered?",
    "is there enough here on {name}?",
    "{name}: what is known, what is missing?",
    "what would you still need to know about {name}?",
    "tell me what the sources have on {name} and where they stop",
)
_SOURCE: Final = (
    "what do we have from {name}?",
    "does {name} close any gap here?",
    "can you use what is in {name}?",
)
_PROMPT: Final = read_prompt(__package__)
_PARTS: Final = ("Known", "Missing", "To close it")
_THIN: Final = 2
_LOOSE: Final = frozenset({"co_occurs_with", "connects_to", "is_connected_from"})


def _known(graph: Graph, entity: Entity) -> str:
    """Say what the graph has on an entity: its description with its source, its relations counted, one of them told."""
    words = " ".join(entity.description.split())
    source = entity.evidence[0].source
    told = f"{entity.mention} ({entity.pool})"
    if entity.name.startswith(words.rstrip(".")):
        told += f" ({source})." if words else f", without a description ({source})."
    else:
        told += f": {words.rstrip('.')} ({source})."
    count = len({span.source for span in entity.evidence})
    sources = f"{count} source{'' if count == 1 else 's'}"
    verbs = Counter(verb for verb, _ in graph.around(entity.id))
    listed = ", ".join(f"{verb} {count}" for verb, count in sorted(verbs.items(), key=lambda one: (-one[1], one[0])))
    number = (
        f"{verbs.total()} relation{'' if verbs.total() == 1 else 's'} ({listed}) from" if verbs else "No relations,"
    )
    told += f" {number} {sources}."
    if relation := _instance(graph, entity):
        told += f" For instance, {entity.name if entity.pool == 'Actor' else 'it'} {phrase_of(relation.verb)}"
        told += f" {graph.entities[relation.object].mention} ({relation.evidence[0].source})."
    return f"{told} Time: {entity.time.value} ({entity.time.basis})." if entity.time.value else told


def _instance(graph: Graph, entity: Entity) -> Relation | None:
    """Return the entity's own relation that says most: with a telling verb, to what has few other relations."""
    own = [
        (verb in _LOOSE, len(graph.around(id)), verb, id)
        for verb, id in graph.around(entity.id)
        if verb in VERBS and verb != "co_occurs_with" and id != entity.id
    ]
    for _, _, verb, id in sorted(own):
        relation = graph.relation(entity.id, verb, id)
        if relation and relation.subject == entity.id and relation.evidence:
            return relation
    return None


def _missing(graph: Graph, entity: Entity) -> list[tuple[str, str]]:
    """Return what the graph lacks on an entity, each with the intake that would close it."""
    found = []
    around = graph.around(entity.id)
    name, source = entity.mention, entity.evidence[0].source
    verbs = {verb for verb, _ in around}
    if not entity.description:
        found.append(("no source describes it", f"a sentence that says what {name} is"))
    if not around:
        found.append(("no source relates it to anything", f"a sentence that joins {name} to something else"))
    elif verbs <= {"co_occurs_with"}:
        found.append(("it is only mentioned beside others", f"a sentence that says how {name} relates to them"))
    elif len(around) < _THIN:
        found.append(("there is a single relation", f"a source that says what else {name} has to do with"))
    if entity.time.value is None:
        found.append(("its time is unknown", f"a date for {source}, or its git history"))
    usual = graph.once(_usual_verbs)[entity.pool, entity.kind]
    for verb in usual:
        if verb not in verbs:
            share = f"{graph.once(_share_of)[entity.pool, entity.kind, verb]:.0%}"
            like = f"{share} of its kind have" if entity.kind else f"{share} of its pool have"
            found.append((f"no {verb} relation, which {like}", f"a source that says what it {phrase_of(verb)}"))
    return found


def _share_of(graph: Graph) -> dict[tuple[str, str, str], float]:
    """Return the share of the entities of each pool and kind that have each verb."""
    sizes: Counter[tuple[str, str]] = Counter()
    having: Counter[tuple[str, str, str]] = Counter()
    for id, entity in graph.entities.items():
        sizes[entity.pool, entity.kind] += 1
        having.update((entity.pool, entity.kind, verb) for verb in {verb for verb, _ in graph.around(id)})
    return {key: count / sizes[key[:2]] for key, count in having.items()}


def _usual_verbs(graph: Graph) -> Mapping[tuple[str, str], list[str]]:
    """Return the verbs that at least half of the entities of a pool and kind have, of three or more."""
    sizes = Counter((entity.pool, entity.kind) for entity in graph.entities.values())
    usual: dict[tuple[str, str], list[str]] = {key: [] for key in sizes}
    for (pool, kind, verb), share in sorted(graph.once(_share_of).items()):
        if share >= 0.5 and sizes[pool, kind] >= 3 and verb not in _LOOSE:
            usual[pool, kind].append(verb)
    return usual


def _names(user: str, ways: tuple[str, ...]) -> Iterator[str]:
    """Yield every name that a request can be about."""
    for way in ways:
        before, after = way.split("{name}")
        if user.startswith(before) and user.endswith(after) and len(user) > len(before) + len(after):
            yield user[len(before) : len(user) - len(after)]


def _answer(known: str, missing: str, close: str) -> str:
    return "\n".join(f"{part}: {text}" for part, text in zip(_PARTS, (known, missing, close), strict=True))


def _present(graph: Graph, entity: Entity, user: str) -> Draft:
    """Return the draft that tells of an entity."""
    missing = _missing(graph, entity)
    lacks = "; ".join(lack for lack, _ in missing) or "nothing that the others of its kind have"
    close = "; ".join(intake for _, intake in missing) or "nothing needs to be taken in"
    relation = _instance(graph, entity)
    evidence = (*entity.evidence[:1], *(relation.evidence[:1] if relation else ()))
    return Draft(
        user,
        _answer(_known(graph, entity), f"{lacks}.", f"{close}."),
        entity.id,
        (entity.id,),
        (relation.key,) if relation else (),
        tuple(dict.fromkeys(evidence)),
    )


def _absent(graph: Graph, entity: Entity, name: str, user: str) -> Draft:
    """Return the draft that tells that nothing has a name, and what comes next to it."""
    words = " ".join(entity.description.split()).rstrip(".")
    next_to = f"{entity.mention} ({entity.pool})" + (f": {words}" if words else "")
    return Draft(
        user,
        _answer(
            f'nothing is called "{name}". Next to it there is {next_to} ({entity.evidence[0].source}).',
            f'"{name}" itself: 0 entities, so 0 relations.',
            f'a source that says what "{name}" is; if it only is another name, a sentence that says of what.',
        ),
        entity.id,
        (entity.id,),
        spans=entity.evidence[:1],
        absence=name,
    )


def _withheld(graph: Graph, path: str, user: str) -> Draft:
    """Return the draft that tells of a source whose content may not be used."""
    rights, source = graph.rights_of(path), graph.sources[path]
    close = "a licence for it: an SPDX tag, a licence file above it, or a statement of its holder"
    if rights.embargo:
        close = f"nothing before {rights.embargo}, when its embargo ends"
    elif rights.license or rights.holder:
        close = f"permission from {rights.holder or 'whoever holds the rights'}"
    return Draft(
        user,
        _answer(
            f"{path} is there ({source.media_type}, {source.size:,} bytes); "
            f"licence {rights.license or 'unknown'}, holder {rights.holder or 'unknown'}.",
            f"all that it says: {rights.reason or 'it may not be used for training'}. "
            f"{len(graph.by_source.get(path, ()))} entities are made from it.",
            f"{close}.",
        ),
        entity_id("Manifest", path),
        withheld=path,
    )


@frozen
class GapAwareness(TaskType):
    """Tell what is known and what is missing of something that is present, thin, absent or withheld.

    ``absent_share`` is the share of entities beside which something is asked that is not there.
    """

    name = "gap_awareness"
    system_prompt = _PROMPT.text
    prompt_version = _PROMPT.version

    absent_share: float = field(default=0.3, validator=[ge(0), le(1)])

    def generate(self, graph: Graph, sampler: Sampler) -> Iterator[list[Draft]]:
        """Yield drafts for every entity, and for every source that is withheld."""
        yield from in_batches(self._drafts(graph, sampler))

    def _drafts(self, graph: Graph, sampler: Sampler) -> Iterator[Draft]:
        for entity in graph.entities.values():
            if not entity.evidence:
                continue
            term = graph.terms.get(entity.id)
            forms = sampler.ordered({entity.name, *(term.surface_forms if term else ())}, "form", entity.id)
            if form := next((form for form in forms if graph.called(form) == [entity]), None):
                user = sampler.choose(_NAME, "ask", entity.id).format(name=form)
                yield from self._sound(graph, _present(graph, entity, user))
            absent = sampler.absent_name(graph, entity, "gap_awareness")
            if absent and sampler.fraction("absent", entity.id) < self.absent_share:
                user = sampler.choose(_NAME, "ask", entity.id, absent).format(name=absent)
                yield from self._sound(graph, _absent(graph, entity, absent, user))
        for path in graph.sources:
            if not graph.rights_of(path).trainable:
                for way in _SOURCE:
                    yield from self._sound(graph, _withheld(graph, path, way.format(name=path)))

    def _sound(self, graph: Graph, draft: Draft) -> Iterator[Draft]:
        if MASK not in draft.user + draft.assistant and self.verify(draft, graph).holds:
            yield draft

    def verify(self, draft: Draft, graph: Graph) -> Verdict:
        """Accept what the graph says when it is counted again."""
        if trouble := trouble_with(draft, graph):
            return Verdict(False, trouble)
        if draft.withheld is not None:
            if draft.withheld not in graph.sources or graph.rights_of(draft.withheld).trainable:
                return Verdict(False, "the source is not withheld")
            expected = _withheld(graph, draft.withheld, draft.user)
            holds = draft.withheld in _names(draft.user, _SOURCE)
            if graph.leaks(draft.assistant, draft.withheld):
                return Verdict(False, "withheld words are in the answer")
        else:
            entity = graph.entities.get(draft.anchor)
            if entity is None or not entity.evidence:
                return Verdict(False, "the anchor is not an entity with evidence")
            if draft.absence is None:
                expected = _present(graph, entity, draft.user)
                holds = any(graph.called(name) == [entity] for name in _names(draft.user, _NAME))
            else:
                expected = _absent(graph, entity, draft.absence, draft.user)
                holds = draft.absence in _names(draft.user, _NAME) and not graph.called(draft.absence)
        if not holds:
            return Verdict(False, "the request is about something else")
        if draft != expected:
            return Verdict(False, "counted again, the graph says something else")
        state = "withheld" if draft.withheld else "present" if draft.absence is None else "absent"
        return Verdict(True, f"counted again: what is asked about is {state}")

    def grade(self, draft: Draft, answer: str, graph: Graph) -> Grade:
        """Score the three lines by the words that they share with what the graph says."""
        gold, given = _lines(draft.assistant), _lines(answer)
        parts = {part.lower().replace(" ", "_"): _overlap(gold[part], given[part]) for part in _PARTS}
        if draft.withheld is not None and graph.leaks(answer, draft.withheld):
            parts = dict.fromkeys(parts, 0.0)
        return Grade(0.5 * parts["known"] + 0.3 * parts["missing"] + 0.2 * parts["to_close_it"], parts)


def _lines(answer: str) -> dict[str, str]:
    """Return what stands behind each of the three headings; empty where it is missing."""
    found = dict.fromkeys(_PARTS, "")
    for line in answer.splitlines():
        head, colon, text = line.partition(": ")
        if colon and head.strip() in found and not found[head.strip()]:
            found[head.strip()] = text
    return found


def _overlap(gold: str, given: str) -> float:
    """Return the harmonic mean of how many words of one text are in the other, both ways (F1 of words)."""
    one, other = Counter(gold.split()), Counter(given.split())
    both = (one & other).total()
    return 2 * both / (one.total() + other.total()) if both else 0.0


@hookimpl
def register_task_types() -> list[type[TaskType]]:
    """Add gap_awareness."""
    return [GapAwareness]
