# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""rights_style: quote, paraphrase, sum up, share or train on something, as far as its source's rights allow.

Every answer follows from the request, the graph and the source's rights alone. What is withheld is refused with the
path, the holder, the licence and what would settle it, and with nothing of its content.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from typing import Final

from attrs import field, frozen
from attrs.validators import ge

from enliterator_core import (
    MASK,
    VERBS,
    Draft,
    Entity,
    Grade,
    Graph,
    Rights,
    Sampler,
    Span,
    TaskType,
    Verdict,
    entity_id,
    hookimpl,
    in_batches,
    phrase_of,
    sentences,
    trouble_with,
)

#: how people ask: about an entity in a source, or about a source as a whole
_WAYS: Final[Mapping[str, tuple[str, ...]]] = {
    "quote": (
        "quote what {path} says about {name}",
        "what exactly does {path} say about {name}? word for word please",
        "i need a citation on {name} from {path}, with its source line",
        "can i have the original wording on {name} in {path}?",
    ),
    "paraphrase": (
        "say in other words what {path} states about {name}",
        "paraphrase {path} on {name}",
        "put into plain words how {name} fits in, going by {path}",
    ),
    "sum up": ("sum up {path}", "what is {path} about, in short?", "give me a summary of {path} that i can cite"),
    "share": ("may i share {path}?", "can we put {path} on our website?", "is it fine to publish {path}?"),
    "train on": (
        "may {path} be used to train a model?",
        "can i fine-tune on {path}?",
        "is {path} cleared for training data?",
    ),
    "quote from": ("quote a few lines from {path}", "what does {path} say, word for word?"),
}
_ABOUT_ENTITY: Final = ("quote", "paraphrase")
_OPEN: Final = ("quote from", "sum up", "share", "train on")
_CLOSED: Final = ("quote from", "sum up", "share", "train on")
_MOST_WORDS: Final = 80
_LOOSE: Final = frozenset({"co_occurs_with", "connects_to"})


def _credit(path: str, rights: Rights) -> str:
    """Write the attribution line."""
    licence = f"licence {rights.license}" if rights.license else f'licence as stated: "{rights.statement}"'
    return f"Source: {path}; {f'rights held by {rights.holder}' if rights.holder else 'no holder is named'}; {licence}."


def _flags(rights: Rights) -> str:
    def word(allowed: bool) -> str:
        return "may" if allowed else "must not"

    joint = "and" if rights.publishable == rights.trainable else "but"
    return f"It {word(rights.publishable)} be published, {joint} it {word(rights.trainable)} be used for training."


def _refusal(graph: Graph, ask: str, path: str) -> str:
    """Refuse, with what may be said of a withheld source and what would settle it."""
    rights = graph.rights_of(path)
    if rights.embargo:
        settle = f"It can be used after {rights.embargo}, when the embargo ends."
    elif rights.license or rights.holder:
        settle = f"Permission from {rights.holder or 'whoever holds the rights'} would settle it."
    else:
        settle = "An SPDX tag in it, a licence file beside or above it, or a statement of its holder would settle it."
    known = f"Licence: {rights.license or 'none found'}. Holder: {rights.holder or 'none named'}."
    statement = f' Stated: "{rights.statement}".' if 0 < len(rights.statement) <= 200 else ""
    because = f": {rights.reason}" if rights.reason else ""
    known += f" {_flags(rights)}" if rights.publishable != rights.trainable else ""
    verb = {"quote from": "quote from", "share": "release"}.get(ask, ask)
    start = f"I cannot {verb} {path}{because}. {known}"
    full = f"{start}{statement} {settle}"
    # A statement can be a passage of the source itself; then it stays unsaid.
    return f"{start} {settle}" if graph.leaks(full, path) else full


def _passage(graph: Graph, entity: Entity, path: str) -> tuple[Span, str] | None:
    """Return the first whole sentence or two of prose that a source gives as evidence of an entity, and its words."""
    document = graph.document(path)
    prose = [block for block in document.blocks if block.kind in ("paragraph", "item", "quote")]
    for span in entity.evidence:
        block = next((one for one in prose if one.start <= span.start and span.end <= one.end), None)
        if span.source != path or block is None:
            continue
        every = sentences(document.text, block.start, block.end)
        whole = [(start, end) for start, end in every if end > span.start and start < span.end]
        if whole:
            found = Span(path, whole[0][0], whole[-1][1])
            words = " ".join(graph.text(found).split())
            if 5 <= len(words.split()) <= _MOST_WORDS and words[-1] in ".!?" and MASK not in words:
                return found, words
    return None


def _restated(
    graph: Graph, entity: Entity, path: str
) -> tuple[str, tuple[tuple[str, str, str], ...], tuple[Span, ...]]:
    """Return the entity's own relations that a source states, as one sentence; empty where that would say little."""
    said: dict[str, list[str]] = {}
    keys: list[tuple[str, str, str]] = []
    spans: list[Span] = []
    for verb, other in graph.around(entity.id):
        relation = graph.relation(entity.id, verb, other) if verb in VERBS and verb not in _LOOSE else None
        span = next((one for one in relation.evidence if one.source == path), None) if relation else None
        if relation is not None and span is not None and relation.subject == entity.id and len(keys) < 4:
            said.setdefault(phrase_of(verb), []).append(graph.entities[other].mention)
            keys.append(relation.key)
            spans.append(span)
    if not keys or {key[1] for key in keys} == {"part_of"}:
        return "", (), ()
    parts = [f"{phrase} {_listed(mentions)}" for phrase, mentions in said.items()]
    return f"{_capital(entity.mention)} {_listed(parts)}.", tuple(keys), tuple(dict.fromkeys(spans))


def _listed(parts: list[str]) -> str:
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def _capital(text: str) -> str:
    return f"The {text[4:]}" if text.startswith("the ") else text


def _summary(graph: Graph, path: str, known: Entity) -> str:
    """Say what a source gives evidence for, counted by kind, and describe the entity that stands for it."""
    entities = graph.by_source[path]
    kinds = Counter(entity.kind or entity.pool for entity in entities)
    counts = ", ".join(f"{kind}: {count}" for kind, count in sorted(kinds.items(), key=lambda one: (-one[1], one[0])))
    words = " ".join(known.description.split())
    text = f"{path} speaks of {len(entities)} {'thing' if len(entities) == 1 else 'things'} ({counts})."
    text += f" On {known.mention} it says: {words}" if words else f" One of them is {known.mention}."
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _speaker(graph: Graph, path: str) -> Entity | None:
    """Return the entity that stands for a source: the one that is the file, else the first it gives evidence for."""
    here = [one for one in graph.by_source.get(path, []) if one.evidence[0].source == path]
    whole = entity_id("Manifest", path)
    return next((one for one in here if one.id == whole), None) or min(
        here, key=lambda one: (one.evidence[0], one.id), default=None
    )


def _open_draft(graph: Graph, ask: str, path: str, entity: Entity, user: str) -> Draft | None:
    """Return the draft that answers a request about a source whose content may be used; None where it has no answer."""
    rights = graph.rights_of(path)
    credit = _credit(path, rights)
    spans = tuple(span for span in entity.evidence if span.source == path)[:1]
    relations: tuple[tuple[str, str, str], ...] = ()
    if ask in ("quote", "quote from"):
        passage = _passage(graph, entity, path)
        if passage is None:
            return None
        spans, answer = (passage[0],), f'"{passage[1]}"\n\n{credit}'
    elif ask == "paraphrase":
        text, relations, spans = _restated(graph, entity, path)
        if not text:
            return None
        answer = f"{text}\n\n{credit}"
    elif ask == "sum up":
        answer = f"{_summary(graph, path, entity)}\n\n{credit}"
    else:
        allowed = rights.publishable if ask == "share" else rights.trainable
        answer = f"{'Yes' if allowed else 'No'}. {_flags(rights)}\n\n{credit} Known from: {rights.basis}."
    return Draft(user, answer, entity.id, (entity.id,), relations, spans)


@frozen
class RightsStyle(TaskType):
    """Answer what may be quoted, put in other words, summed up, shared or trained on, and do it where it may be done.

    ``requests_per_source`` bounds the requests about one source as a whole.
    """

    name = "rights_style"
    system_prompt = (
        "Quote, paraphrase, sum up or release what the rights of its source allow, and no more. Quotations are word "
        "for word; each answer ends with an attribution line: source, holder, licence. Where the rights do not allow "
        "it, refuse: say why, what is known of licence and holder, and what would settle it, and nothing of the "
        "content."
    )

    requests_per_source: int = field(default=3, validator=ge(1))

    def generate(self, graph: Graph, sampler: Sampler) -> Iterator[list[Draft]]:
        """Yield drafts source by source."""
        yield from in_batches(self._drafts(graph, sampler))

    def _drafts(self, graph: Graph, sampler: Sampler) -> Iterator[Draft]:
        for path in graph.sources:
            rights = graph.rights_of(path)
            whole = _speaker(graph, path)
            usable = rights.trainable and rights.publishable
            asks = _OPEN if usable else _CLOSED
            for ask in sampler.ordered(asks, "ask", path)[: self.requests_per_source]:
                way = sampler.choose(_WAYS[ask], "way", ask, path)
                yield from self._sound(graph, ask, path, whole, way.format(path=path))
            for entity in graph.by_source.get(path, ()) if usable else ():
                # One source is enough to say who somebody's words are: the one that the entity is first found in.
                if entity.evidence[0].source == path and entity.name != path:
                    for ask in _ABOUT_ENTITY:
                        way = sampler.choose(_WAYS[ask], "way", ask, path, entity.id)
                        yield from self._sound(graph, ask, path, entity, way.format(path=path, name=entity.name))

    def _sound(self, graph: Graph, ask: str, path: str, entity: Entity | None, user: str) -> Iterator[Draft]:
        draft = _answered(graph, ask, path, entity, user)
        if draft is not None and MASK not in draft.assistant and self.verify(draft, graph).holds:
            yield draft

    def verify(self, draft: Draft, graph: Graph) -> Verdict:
        """Accept the one answer that the request and the rights lead to, when no withheld words are in it."""
        if trouble := trouble_with(draft, graph):
            return Verdict(False, trouble)
        path = draft.withheld if draft.withheld is not None else draft.spans[0].source if draft.spans else None
        if path is None or path not in graph.sources:
            return Verdict(False, f"there is no source {path!r}")
        entity = graph.entities[draft.entities[0]] if draft.entities else None
        words = {"path": path, "name": entity.name if entity else ""}
        ask = next((ask for ask, ways in _WAYS.items() if draft.user in (way.format(**words) for way in ways)), None)
        if ask is None:
            return Verdict(False, "the request is about another source or entity")
        if draft != _answered(graph, ask, path, entity, draft.user):
            return Verdict(False, "the rights, or the source's words, lead to another answer")
        if run := graph.leaks(draft.assistant, *([draft.withheld] if draft.withheld else [])):
            return Verdict(False, f"withheld words are in the answer ({len(run)} characters)")
        rights = graph.rights_of(path)
        state = "withheld" if draft.withheld else "open"
        return Verdict(True, f"{ask}: {path} is {state}, licence {rights.license}, holder {rights.holder}")

    def grade(self, draft: Draft, answer: str, graph: Graph) -> Grade:
        """Score the words of the answer and its attribution; an answer that leaks withheld words scores 0."""
        parts = {"answer": 0.0, "attribution": 0.0, "decision": 0.0}
        body, _, credit = draft.assistant.partition("\n\n")
        path = draft.withheld
        if not answer.strip() or graph.leaks(answer, *([path] if path and path in graph.sources else [])):
            return Grade(0.0, parts)
        given, _, given_credit = answer.partition("\n\n")
        parts["answer"] = _likeness(body, given)
        parts["attribution"] = _likeness(credit or body, given_credit if credit else given)
        refused = given.startswith(("I cannot", "No."))
        parts["decision"] = float(body.startswith(("I cannot", "No.")) == refused) * (parts["answer"] > 0)
        return Grade(0.5 * parts["answer"] + 0.3 * parts["attribution"] + 0.2 * parts["decision"], parts)


def _answered(graph: Graph, ask: str, path: str, entity: Entity | None, user: str) -> Draft | None:
    """Return the one draft that a request, the graph and the rights lead to."""
    rights = graph.rights_of(path)
    allowed = rights.trainable and rights.publishable
    if not allowed:
        if ask in _ABOUT_ENTITY:
            return None
        anchor = entity.id if entity else entity_id("Manifest", path)
        if ask in ("share", "train on") and (rights.publishable if ask == "share" else rights.trainable):
            answer = f"Yes. {_flags(rights)}\n\n{_credit(path, rights)} Known from: {rights.basis}."
        else:
            answer = _refusal(graph, ask, path)
        return Draft(user, answer, anchor, (entity.id,) if entity else (), withheld=path)
    if entity is None or path not in {span.source for span in entity.evidence}:
        return None
    return _open_draft(graph, ask, path, entity, user)


def _likeness(gold: str, given: str) -> float:
    """Return how far two texts agree word by word, 0 where they hardly do."""
    ratio = SequenceMatcher(None, gold.split(), given.split(), autojunk=False).ratio()
    return ratio if ratio >= 0.2 else 0.0


@hookimpl
def register_task_types() -> list[type[TaskType]]:
    """Add rights_style."""
    return [RightsStyle]
