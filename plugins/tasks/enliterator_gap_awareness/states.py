# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The drafts, one function for each state that what is asked about can be in; the graph alone decides what they say."""

from typing import Final

from enliterator_core import Draft, Entity, Graph, Span, entity_id
from enliterator_gap_awareness.asking import Beyond
from enliterator_gap_awareness.differing import difference_in
from enliterator_gap_awareness.tallies import Tally
from enliterator_gap_awareness.telling import (
    and_list,
    any_dated,
    counted,
    dated,
    dated_by,
    described,
    lacks_of,
    related,
    sources_of,
)

PARTS: Final = ("Known", "Missing", "To close it")
#: the first words of every answer, which say the state
VERDICTS: Final = (
    *(
        "Well covered.",
        "Covered, with gaps.",
        "Thin.",
        "Contradictory.",
        "Told in two ways.",
        "Under different licences.",
    ),
    *("Not here.", "Outside this collection.", "Here, but withheld.", "Here, and usable.", "Here, for training only."),
    "An overview.",
)
_FEW: Final = 3
#: what an overview counts as missing, and what would close it
_HOLES: Final = (
    ("description", "sentences that say what they are"),
    ("relation", "sentences that join them to something else"),
    ("date", "dates for their sources, such as a git history"),
)
_REMEMBERED: Final = 4096

Told = tuple[str, tuple[tuple[str, str, str], ...], tuple[Span, ...]]


def answer_of(known: str, missing: str, close: str) -> str:
    """Return the three lines of an answer."""
    return "\n".join(f"{part}: {text}" for part, text in zip(PARTS, (known, missing, close), strict=True))


def present(graph: Graph, entity: Entity, user: str) -> Draft:
    """Return the draft that tells of an entity: well covered, with gaps, thin, or told differently by its sources."""
    memory = graph.once(_memory)
    if entity.id not in memory:
        if len(memory) >= _REMEMBERED:
            memory.clear()
        memory[entity.id] = _told(graph, entity)
    assistant, relations, spans = memory[entity.id]
    return Draft(user, assistant, entity.id, (entity.id,), relations, spans)


def _memory(graph: Graph) -> dict[str, Told]:
    """Return what the graph tells of the latest entities: asked for when a draft is made, and when it is verified."""
    return {}


def _told(graph: Graph, entity: Entity) -> Told:
    """Return what the graph tells of an entity, and the relations and spans that this rests on."""
    differing = difference_in(graph, entity)
    around = graph.around(entity.id)
    thin, lacks = lacks_of(graph, entity, around)
    joined, relation = related(graph, entity, around)
    known = [described(graph, entity), joined, *dated(entity)]
    relations: tuple[tuple[str, str, str], ...] = (relation.key,) if relation else ()
    spans = (entity.evidence[0], *(relation.evidence[:1] if relation else ()))
    if differing:
        known = [differing.verdict, *known[:1], differing.told, *known[1:]]
        lacks = [(differing.missing, differing.close), *lacks]
        relations, spans = (*relations, *differing.relations), (*spans, *differing.spans)
    else:
        known.insert(0, "Thin." if thin else "Covered, with gaps." if lacks else "Well covered.")
        if (count := sources_of(entity)) > 1:
            known.append(f"No difference was found between what its {count:,} sources say of it.")
    missing = and_list([lack for lack, _ in lacks] or ["nothing that the others of its kind have"])
    close = "; ".join(intake for _, intake in lacks) or "nothing needs to be taken in"
    answer = answer_of(" ".join(known), f"{missing}.", f"{close}.")
    return answer, tuple(dict.fromkeys(relations)), tuple(dict.fromkeys(spans))


def absent(graph: Graph, entity: Entity, name: str, user: str) -> Draft:
    """Return the draft that tells that nothing has a name, and what comes next to it."""
    return Draft(
        user,
        answer_of(
            f'Not here. Nothing is called "{name}". What comes next to it: {described(graph, entity)}',
            f'everything on "{name}": 0 entries, so 0 relations.',
            f'a source that says what "{name}" is; or, if {entity.mention} is meant, a sentence that calls it so.',
        ),
        entity.id,
        (entity.id,),
        spans=entity.evidence[:1],
        absence=name,
    )


def beyond(graph: Graph, entity: Entity, scope: Beyond, user: str) -> Draft:
    """Return the draft that tells that the sources on an entity have nothing to say to such a question."""
    count = sources_of(entity)
    words = and_list([f'"{word}"' for word in scope.words]).replace(" and ", " or ")
    which = "the 1 source on it holds" if count == 1 else f"none of the {count:,} sources on it holds"
    no = "none of the words" if count == 1 else "any of the words"
    return Draft(
        user,
        answer_of(
            f"Outside this collection. What it does hold: {described(graph, entity)}",
            f"{scope.lacks}: {which} {no} {words}.",
            f"{scope.close.replace('{name}', entity.mention)}.",
        ),
        entity.id,
        (entity.id,),
        spans=entity.evidence[:1],
    )


def is_beyond(graph: Graph, entity: Entity, scope: Beyond) -> bool:
    """Say whether no source on an entity holds a word of such a question's answer."""
    said = graph.once(_said)
    for path in {span.source for span in entity.evidence}:
        if (path, scope.lacks) not in said:
            text = graph.document(path).text.casefold()
            said[path, scope.lacks] = any(word in text for word in scope.words)
        if said[path, scope.lacks]:
            return False
    return True


def _said(graph: Graph) -> dict[tuple[str, str], bool]:
    """Return what is known of which source holds the words of which question: filled as it is asked."""
    return {}


def sayable(graph: Graph, path: str) -> list[str]:
    """Return what may be said of a source that is withheld, even where its own text says it too."""
    rights = graph.rights_of(path)
    return [path, *(part for part in (rights.license, rights.holder, rights.statement, rights.reason) if part)]


def withheld(graph: Graph, path: str, user: str) -> Draft:
    """Return the draft that tells of a source whose content may not be used: path, holder and licence, no more."""
    rights, source = graph.rights_of(path), graph.sources[path]
    licence = f"under {rights.license}" if rights.license else "without a licence that was found"
    holder = f"held by {rights.holder}" if rights.holder else "with no holder named"
    close = "a licence for it: an SPDX tag, a licence file above it, or a statement of its holder"
    if rights.embargo:
        close = f"nothing before {rights.embargo}, when its embargo ends"
    elif rights.license or rights.holder:
        close = f"permission from {rights.holder or 'whoever holds the rights'}"
    made = len(graph.by_source.get(path, ()))
    return Draft(
        user,
        answer_of(
            f"Here, but withheld. {path} ({source.media_type}, {source.size:,} bytes) is {licence}, {holder}.",
            f"all that it says: {rights.reason or 'it may not be used for training'}. So nothing of it is told here; "
            f"{made:,} {'entry is' if made == 1 else 'entries are'} made from it.",
            f"{close}.",
        ),
        entity_id("Manifest", path),
        withheld=path,
    )


def usable(graph: Graph, path: str, user: str) -> Draft | None:
    """Return the draft that tells what a source gives; None where nothing is made from it."""
    rights, source, made = graph.rights_of(path), graph.sources[path], graph.by_source.get(path, [])
    first = [one for one in made if one.evidence[0].source == path][:_FEW]
    if not first:
        return None
    names = and_list([one.mention for one in first])
    more = f"{len(made):,} entries, among them {names}" if len(made) > 1 else names
    verdict = "Here, and usable." if rights.publishable else "Here, for training only."
    licence = f"under {rights.license}" if rights.license else "by a statement of its rights"
    holder = f", held by {rights.holder}" if rights.holder else ""
    unsaid = next((one for one in first if not one.description), None)
    missing = [f"what {unsaid.mention} is"] if unsaid else []
    close = [f"a sentence that says what {unsaid.mention} is"] if unsaid else []
    if source.time.value is None and graph.once(any_dated):
        missing.append("its date")
        close.append(dated_by(graph, path))
    when = f" It is dated {source.time.value[:10]} ({source.time.basis})." if source.time.value else ""
    return Draft(
        user,
        answer_of(
            f"{verdict} {path} ({source.media_type}, {source.size:,} bytes) stands {licence}{holder}.{when}"
            f" It gives evidence for {more}.",
            f"{and_list(missing or ['nothing that was looked for'])}.",
            f"{'; '.join(close) or 'nothing needs to be taken in'}.",
        ),
        entity_id("Manifest", path),
        tuple(one.id for one in first),
        spans=tuple(dict.fromkeys(one.evidence[0] for one in first)),
    )


def overview(graph: Graph, tally: Tally, user: str) -> Draft:
    """Return the draft that counts what is known of all entities of a kind, and names one for every hole."""
    holes = [(lack, close) for lack, close in _HOLES if tally.lacking[lack]]
    told = [
        f"{tally.lacking[lack]:,} with no {lack}"
        + (f", such as {graph.entities[tally.instances[lack]].mention}" if lack in tally.instances else "")
        for lack, _ in holes
    ]
    shown = dict.fromkeys(tally.instances[lack] for lack, _ in holes if lack in tally.instances) or [tally.first]
    ids = tuple(id for id in shown if id)
    return Draft(
        user,
        answer_of(
            f"An overview. {tally.count:,} {tally.spoken} from {counted(len(tally.sources), 'source')}, "
            f"{tally.whole or 'none'} of them with a description, a relation and a date.",
            f"{'; '.join(told) or 'nothing that was counted'}.",
            f"{'; '.join(close for _, close in holes) or 'nothing needs to be taken in'}.",
        ),
        f"kind {tally.spoken}",
        ids,
        spans=tuple(dict.fromkeys(span for id in ids for span in graph.entities[id].evidence[:1])),
    )
