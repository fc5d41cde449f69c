# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Blind mutators of the tasks that answer in prose: path_text, rights_style, gap_awareness."""

import json
import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from attrs import evolve
from blind_mutators import Mutator, World, exchanged, said

from enliterator_core import (
    POOLS,
    VERBS,
    Draft,
    Entity,
    Rights,
    Span,
    mention_of,
    parse,
    phrase_of,
    reverse_of,
    textize,
)

# path_text

Node = tuple[str, str]


def _lines(draft: Draft) -> list[str]:
    """Return the lines of an answer that are paths."""
    return [line for line in draft.assistant.splitlines() if " → " in line]


def _prose(draft: Draft) -> str:
    """Return the prose: of the answer, or of the request where that has it."""
    return draft.assistant.splitlines()[0] if draft.user.startswith("{") else draft.user


def _with_line(draft: Draft, old: str, nodes: Sequence[Node], verbs: Sequence[str]) -> Draft:
    return evolve(draft, assistant=draft.assistant.replace(old, textize(nodes, verbs), 1))


def _everywhere(draft: Draft, old: str, new: str) -> Draft:
    return evolve(draft, user=exchanged(draft.user, old, new), assistant=exchanged(draft.assistant, old, new))


def _id(world: World, node: Node) -> str:
    entity = world.graph.named(*node)
    assert entity is not None, node
    return entity.id


def node_of_another(world: World, draft: Draft) -> Iterator[Draft]:
    for id in draft.entities:
        entity = world.graph.entities[id]
        rival = world.rival(entity, draft, "node", id)
        if rival is None:
            continue
        for line in _lines(draft):
            nodes, verbs = parse(line)
            named = [(rival.pool, rival.name) if node == (entity.pool, entity.name) else node for node in nodes]
            if named != nodes:
                yield _with_line(draft, line, named, verbs)
        head, end, rest = draft.assistant.partition("\n")
        yield evolve(draft, assistant=exchanged(head, entity.name, rival.name) + end + rest)
        yield evolve(draft, assistant=exchanged(draft.assistant, entity.name, rival.name))
        wrong = _everywhere(draft, entity.name, rival.name)
        yield wrong
        claimed = tuple(rival.id if one == id else one for one in draft.entities)
        yield evolve(wrong, entities=claimed, anchor=rival.id if draft.anchor == id else draft.anchor)


def verb_reversed(world: World, draft: Draft) -> Iterator[Draft]:
    for line in _lines(draft):
        nodes, verbs = parse(line)
        for at, verb in enumerate(verbs):
            if reverse_of(verb) != verb:
                turned = [*verbs[:at], reverse_of(verb), *verbs[at + 1 :]]
                one, other = phrase_of(verb), phrase_of(reverse_of(verb))
                yield _with_line(draft, line, nodes, turned)
                for old, new in ((one, other), (other, one)):
                    head, end, rest = draft.assistant.partition("\n")
                    prose = evolve(draft, assistant=head.replace(old, new, 1) + end + rest)
                    if draft.user.startswith("{"):
                        yield prose
                        yield _with_line(prose, line, nodes, turned)
                    else:
                        yield evolve(draft, user=draft.user.replace(old, new, 1))


def verb_of_another_kind(world: World, draft: Draft) -> Iterator[Draft]:
    for line in _lines(draft):
        nodes, verbs = parse(line)
        for at, verb in enumerate(verbs):
            start, end = nodes[at], nodes[at + 1]
            others = [
                one.name
                for one in VERBS.values()
                if one.joins(start[0], end[0])
                and one.name not in (verb, reverse_of(verb))
                and world.graph.relation(_id(world, start), one.name, _id(world, end)) is None
            ]
            other = world.rng("kind", draft.user, verb).choice(others)
            yield _with_line(draft, line, nodes, [*verbs[:at], other, *verbs[at + 1 :]])
            for name in (verb, reverse_of(verb)):
                old, new = phrase_of(name), phrase_of(other)
                yield evolve(draft, user=draft.user.replace(f'"{name}"', f'"{other}"'))
                if old in _prose(draft):
                    texts = {"user": draft.user.replace(old, new), "assistant": draft.assistant.replace(old, new)}
                    yield evolve(draft, **texts)
                    yield evolve(draft, **{key: text.replace(verb, other) for key, text in texts.items()})


def hop_dropped(world: World, draft: Draft) -> Iterator[Draft]:
    lines = _lines(draft)
    for line in lines:
        nodes, verbs = parse(line)
        if len(verbs) > 1:
            yield _with_line(draft, line, nodes[:-1], verbs[:-1])
            yield _with_line(draft, line, nodes[1:], verbs[1:])
            shorter = _with_line(draft, line, nodes[:-1], verbs[:-1])
            gone = _id(world, nodes[-1])
            yield evolve(shorter, entities=tuple(id for id in draft.entities if id != gone))
        if len(lines) > 1:
            yield evolve(draft, assistant=draft.assistant.replace(line, "").replace("\n\n", "\n").rstrip("\n"))
    for mark in (". ", "; ", ", which ", " and "):
        prose = _prose(draft)
        head = prose.rpartition(mark)[0]
        if head and parse(lines[0])[1] and (" → " not in head):
            yield evolve(
                draft,
                user=draft.user.replace(prose, f"{head}."),
                assistant=draft.assistant.replace(prose, f"{head}."),
            )


def hop_added(world: World, draft: Draft) -> Iterator[Draft]:
    """A hop more than was asked for: one that there is, and one that there is not."""
    line = _lines(draft)[-1]
    nodes, verbs = parse(line)
    last = _id(world, nodes[-1])
    rng = world.rng("hop", draft.user)
    steps = [(verb, id) for verb, id in world.graph.around(last) if id not in draft.entities]
    far = [one for one in world.entities if world.graph.relation(last, "connects_to", one.id) is None]
    there = [("connects_to", rng.choice(far).id)]
    if steps:
        there.append(rng.choice(steps))
    for verb, id in there:
        entity = world.graph.entities[id]
        longer = _with_line(draft, line, [*nodes, (entity.pool, entity.name)], [*verbs, verb])
        yield longer
        yield evolve(longer, entities=(*draft.entities, id))
        more = f"It {phrase_of(verb)} {entity.mention}."
        yield evolve(draft, assistant=f"{draft.assistant}\n{textize([nodes[-1], (entity.pool, entity.name)], [verb])}")
        if draft.user.startswith("{"):
            head, end, rest = longer.assistant.partition("\n")
            yield evolve(longer, assistant=f"{head} {more}{end}{rest}")
            yield evolve(draft, assistant=draft.assistant.replace("\n", f" {more}\n", 1))
        else:
            yield evolve(draft, user=f"{draft.user} {more}")


def nodes_swapped(world: World, draft: Draft) -> Iterator[Draft]:
    for line in _lines(draft):
        nodes, verbs = parse(line)
        symmetric = all(reverse_of(verb) == verb for verb in verbs)
        if not symmetric or len(verbs) > 1:
            yield _with_line(draft, line, [nodes[-1], *nodes[1:-1], nodes[0]], verbs)
            one, other = nodes[0][1], nodes[-1][1]
            head, end, rest = draft.assistant.partition("\n")
            if draft.user.startswith("{") and one in head and other in head:
                swapped = exchanged(exchanged(head, one, "\0"), other, one).replace("\0", other)
                yield evolve(draft, assistant=swapped + end + rest)
        if len(nodes) > 2:
            yield _with_line(draft, line, [nodes[0], nodes[2], nodes[1], *nodes[3:]], verbs)
            yield _with_line(draft, line, [nodes[1], nodes[0], *nodes[2:]], verbs)
        if len(set(verbs)) > 1:
            yield _with_line(draft, line, nodes, [*verbs[1:], verbs[0]])


def path_from_its_other_end(world: World, draft: Draft) -> Iterator[Draft]:
    """The first path starts at the first node, or in the order of the prose."""
    line = _lines(draft)[0]
    nodes, verbs = parse(line)
    yield _with_line(draft, line, nodes[::-1], [reverse_of(verb) for verb in verbs[::-1]])


def pool_or_kind_wrong(world: World, draft: Draft) -> Iterator[Draft]:
    rng = world.rng("pool", draft.user)
    for line in _lines(draft):
        nodes, verbs = parse(line)
        at = rng.randrange(len(nodes))
        pool = rng.choice([one for one in POOLS if world.graph.named(one, nodes[at][1]) is None])
        yield _with_line(draft, line, [*nodes[:at], (pool, nodes[at][1]), *nodes[at + 1 :]], verbs)
        yield evolve(draft, assistant=draft.assistant.replace(f"{nodes[at][0]}(", f"{pool}("))
    kinds = sorted({one.kind for one in world.entities})
    for id in draft.entities:
        entity = world.graph.entities[id]
        kind = rng.choice([one for one in kinds if one != entity.kind and one not in draft.assistant])
        head, end, rest = draft.assistant.partition("\n")
        for article in ("The", "the", "This", "this"):
            yield evolve(draft, assistant=head.replace(f"{article} {entity.kind}", f"{article} {kind}") + end + rest)
        yield evolve(draft, user=draft.user.replace(f'"pool":"{entity.pool}"', '"pool":"Lexicon"'))


def hop_denied(world: World, draft: Draft) -> Iterator[Draft]:
    verbs = [verb for line in _lines(draft) for verb in parse(line)[1]]
    for verb in verbs:
        for name in {verb, reverse_of(verb)}:
            phrase = phrase_of(name)
            for wrong in (f"never {phrase}", f"hardly {phrase}", f"probably {phrase}", f"no longer {phrase}"):
                head, end, rest = draft.assistant.partition("\n")
                yield evolve(draft, assistant=head.replace(phrase, wrong) + end + rest)
                if not draft.user.startswith("{"):
                    yield evolve(draft, user=draft.user.replace(phrase, wrong))


def half_an_answer(world: World, draft: Draft) -> Iterator[Draft]:
    head, _, rest = draft.assistant.partition("\n")
    if rest:
        yield evolve(draft, assistant=head)
        yield evolve(draft, assistant=rest)
    yield evolve(draft, assistant=draft.assistant.replace(" → ", " ← "))


def in_another_order(world: World, draft: Draft) -> Iterator[Draft]:
    """The lines of an answer in another order than they should have."""
    lines = draft.assistant.splitlines()
    yield evolve(draft, assistant="\n".join(lines[::-1]))
    yield evolve(draft, assistant="\n".join((*lines[1:], lines[0])))
    yield evolve(draft, assistant="\n".join((lines[0], *lines[:0:-1])))


def request_of_another(world: World, draft: Draft) -> Iterator[Draft]:
    """An edge or a node more or less, or another, in the request than in the answer."""
    if not draft.user.startswith("{"):
        return
    asked: dict[str, list[dict[str, Any]]] = json.loads(draft.user)
    nodes, edges = asked["nodes"], asked["edges"]
    first = edges[0]
    turned = {"from": first["to"], "verb": first["verb"], "to": first["from"]}
    if reverse_of(first["verb"]) != first["verb"]:
        yield _asks(draft, nodes, [turned, *edges[1:]])
    yield _asks(draft, nodes, edges[1:])
    yield _asks(draft, nodes, [*edges, first | {"verb": "connects_to"}])
    yield _asks(draft, nodes[1:], edges)
    other = world.rival(world.entities[0], draft, "asked", pool=False)
    if other:
        yield _asks(draft, [*nodes, {"pool": other.pool, "name": other.name}], edges)
    if len(edges) > 1:
        yield _asks(draft, nodes, [first | {"verb": edges[1]["verb"]}, first, *edges[2:]])


def _asks(draft: Draft, nodes: Sequence[Any], edges: Sequence[Any]) -> Draft:
    text = json.dumps({"nodes": nodes, "edges": edges}, ensure_ascii=False, separators=(",", ":"))
    return evolve(draft, user=text)


PATH_TEXT: tuple[Mutator, ...] = (
    node_of_another,
    verb_reversed,
    verb_of_another_kind,
    hop_dropped,
    hop_added,
    nodes_swapped,
    path_from_its_other_end,
    pool_or_kind_wrong,
    hop_denied,
    half_an_answer,
    in_another_order,
    request_of_another,
)

# rights_style


def _path(draft: Draft) -> str:
    """Return the source that an example is about."""
    return draft.withheld or draft.spans[0].source


def _swapped(draft: Draft, pairs: Sequence[tuple[str, str]]) -> Iterator[Draft]:
    for one, other in pairs:
        for old, new in ((one, other), (other, one)):
            if old in draft.assistant:
                yield from said(draft, old, new)


def licence_changed(world: World, draft: Draft) -> Iterator[Draft]:
    own = world.graph.rights_of(_path(draft)).license
    for other in ("CC-BY-SA-4.0", "CC0-1.0", "MIT", "CC-BY-4.0", "none found"):
        if own and other != own:
            yield from said(draft, own, other)
        elif own is None:
            yield from said(draft, "none found", other)


def holder_changed(world: World, draft: Draft) -> Iterator[Draft]:
    own = world.graph.rights_of(_path(draft)).holder
    for other in ("Mira Tolland", "Alder Vale Beekeepers' Trust", "Jonas Reed", "none named"):
        if other != own:
            yield from said(draft, own or "none named", other)
    for head in ("rights held by ", "Holder: "):
        yield from said(draft, head, f"{head}the heirs of ")


def source_changed(world: World, draft: Draft) -> Iterator[Draft]:
    path = _path(draft)
    for other in (world.other_path(draft), "no/such.md", path.upper()):
        if other != path:
            yield from said(draft, path, other)


def attribution_dropped(world: World, draft: Draft) -> Iterator[Draft]:
    head, mark, line = draft.assistant.rpartition("\n\nSource: ")
    if mark:
        yield evolve(draft, assistant=head)
        for part in line.split("; "):
            yield evolve(draft, assistant=f"{head}{mark}{line.replace(f'; {part}', '')}")
        yield evolve(draft, assistant=f"Source: {line}")
    for number, line in enumerate(lines := draft.assistant.splitlines()):
        if line.startswith(("Why: ", "Licence: ", "Instead: ")):
            yield evolve(draft, assistant="\n".join(lines[:number] + lines[number + 1 :]))


_ALLOWED = (
    ("may be passed on as it is", "may be passed on in a changed version"),
    ("may be passed on for money", "may be passed on as it is"),
    ("may be used for training", "may not be used for training"),
    ("may not be published", "may be published"),
    ("may not be passed on", "may be passed on"),
    ("may be passed on", "may not be passed on"),
    ("I cannot", "I can"),
    ("Training on it here is allowed, publishing it is not", "Training on it here and publishing it are allowed"),
    ("Training on it here is allowed, publishing it is not", "Publishing it is allowed, training on it here is not"),
    ("It may be passed on as it is, word for word", "It may be changed and sold"),
    ("allows it now", "does not allow it"),
    ("its licence decides", "anybody may use it"),
)
_ASKED = (
    ("name its holder and its licence and say what was changed", "name its holder and its licence"),
    ("name its holder and its licence", "name its holder"),
    ("name its holder and its licence", "name its holder and its licence and pass it on under the same licence"),
    (
        "In return you have to name its holder and its licence.",
        "The licence asks for nothing in return; naming the source is good manners all the same.",
    ),
    ("asks for nothing in return", "asks for a fee in return"),
    ("In return you have to", "In return you may"),
)
_REASONS = (
    "its holder does not allow publication",
    "the licence does not allow adapted versions, so nothing is made from it here",
    "no licence or statement was found",
    "it is under embargo up to and including 2031-01-01",
    "it holds personal data",
)


def allowed_and_not(world: World, draft: Draft) -> Iterator[Draft]:
    yield from _swapped(draft, _ALLOWED)
    for old, new in (("Yes: ", "No: "), ("No, ", "Yes, "), ("Yes: ", "Perhaps: "), ("No, ", "")):
        if draft.assistant.startswith(old):
            yield evolve(draft, assistant=new + draft.assistant[len(old) :])


def asked_in_return(world: World, draft: Draft) -> Iterator[Draft]:
    yield from _swapped(draft, _ASKED)


def reason_changed(world: World, draft: Draft) -> Iterator[Draft]:
    for old in _REASONS:
        for new in _REASONS:
            if new != old and old in draft.assistant:
                yield from said(draft, old, new)


def embargo_changed(world: World, draft: Draft) -> Iterator[Draft]:
    if "embargo" not in draft.assistant:
        return
    yield from _swapped(
        draft,
        (
            ("up to and including", "up to"),
            ("before today", "from today"),
            ("ended on", "ends on"),
            ("From the day after", "From"),
            ("counts now", "counts no more"),
        ),
    )
    for match in re.finditer(r"\d{4}-\d\d-\d\d", draft.assistant):
        day = date.fromisoformat(match[0])
        for other in (day + timedelta(1), day - timedelta(1), day.replace(year=day.year + 1)):
            yield from said(draft, match[0], other.isoformat())
    days = re.search(r"(\d+) days?", draft.assistant)
    today = re.search(r"\d{4}-\d\d-\d\d", draft.user)
    if days and today:
        for by in (1, -1, 365, -4000, 4000):
            other = date.fromisoformat(today[0]) + timedelta(by)
            yield evolve(draft, user=draft.user.replace(today[0], other.isoformat()))


def refused_and_granted(world: World, draft: Draft) -> Iterator[Draft]:
    """The whole answer that the same request has for a source of other rights, told of this one."""
    own = world.graph.rights_of(_path(draft))
    granted = draft.assistant.startswith("Yes") or not draft.assistant.startswith("No, ")
    rng = world.rng("granted", draft.user)
    others = [one for one in world.drafts if granted is one.assistant.startswith("No, ") and _path(one) != _path(draft)]
    for other in rng.sample(others, min(4, len(others))):
        rights = world.graph.rights_of(_path(other))
        text = _retold(other.assistant, rights, own).replace(_path(other), _path(draft))
        wrong = evolve(draft, assistant=text)
        yield wrong
        if granted:
            yield evolve(wrong, spans=(), withheld=_path(draft))
        else:
            yield evolve(wrong, spans=(Span(_path(draft), 0, 20),), withheld=None)


def _retold(text: str, old: Rights, new: Rights) -> str:
    """Tell an answer with the licence and holder of other rights."""
    text = text.replace(old.license or "none found", new.license or "none found")
    return text.replace(old.holder or "none named", new.holder or "none named")


def withheld_text_told(world: World, draft: Draft) -> Iterator[Draft]:
    paths = [path for path in world.paths if not world.graph.rights_of(path).trainable]
    path = draft.withheld or world.rng("told", draft.user).choice(paths)
    text = max(world.graph.document(path).text.splitlines(), key=len)
    for piece in filter(None, (text, text.upper(), " ".join(text.split()[2:9]))):
        yield evolve(draft, assistant=draft.assistant.replace("\n", f" It says: {piece}\n", 1))
        yield evolve(draft, assistant=f'"{piece}"\n\n{draft.assistant}')


def quotation_changed(world: World, draft: Draft) -> Iterator[Draft]:
    quoted = re.match(r'"(.+)"\n\n|```\n(.+)\n```\n\n', draft.assistant, re.DOTALL)
    if not quoted:
        return
    text = quoted[1] or quoted[2]
    words = text.split(" ")
    rng = world.rng("quotation", draft.user)
    at = rng.randrange(len(words) - 1)
    wrong = [
        " ".join((*words[:at], words[at + 1], words[at], *words[at + 2 :])),
        " ".join((*words[:at], words[at].swapcase(), *words[at + 1 :])),
        " ".join((*words[:at], rng.choice(world.words), *words[at:])),
        f"{text} {rng.choice(world.entities).description}",
        f"{text} And so on.",
    ]
    entity = world.rival(world.graph.entities[draft.entities[0]], draft, "quoted", pool=False)
    if entity:
        wrong.append(entity.description)
        other = evolve(draft, assistant=draft.assistant.replace(text, entity.description, 1))
        yield evolve(other, spans=entity.evidence[:1])
    for one in wrong:
        if one != text:
            yield evolve(draft, assistant=draft.assistant.replace(text, one, 1))


def told_of_another(world: World, draft: Draft) -> Iterator[Draft]:
    """A paraphrase or an overview with another entity, verb or kind."""
    for id in draft.entities:
        entity = world.graph.entities[id]
        rival = world.rival(entity, draft, "told", id)
        if rival and not draft.assistant.startswith(("No, ", "Yes")):
            yield evolve(draft, assistant=exchanged(draft.assistant, entity.name, rival.name))
        if rival and rival.kind != entity.kind:
            yield from said(draft, f" {entity.kind} ", f" {rival.kind} ")
            yield from said(draft, f"{entity.kind}s ", f"{rival.kind}s ")
    for _, verb, object in draft.relations:
        other = world.rival(world.graph.entities[object], draft, "object")
        if other:
            yield from said(draft, world.graph.entities[object].mention, other.mention)
        for name in (verb, reverse_of(verb)):
            if reverse_of(name) != name:
                yield from said(draft, phrase_of(name), phrase_of(reverse_of(name)))
            yield from said(draft, phrase_of(name), "competes with")
    yield from _swapped(draft, ((" has the title ", " lacks the title "), ("It defines", "It mentions no")))


def request_for_another_source(world: World, draft: Draft) -> Iterator[Draft]:
    path = _path(draft)
    for old in (path, path.rpartition("/")[2]):
        other = world.other_path(draft, "asked")
        if old in draft.user:
            yield evolve(draft, user=draft.user.replace(old, other))
            yield evolve(draft, user=draft.user.replace(old, "no/such.md"))
            break


def request_for_another_use(world: World, draft: Draft) -> Iterator[Draft]:
    """The request of another example of the same source for something else, with this answer."""
    others = [one for one in world.drafts if _path(one) == _path(draft) and _use(one) != _use(draft)]
    for other in world.rng("use", draft.user).sample(others, min(2, len(others))):
        yield evolve(draft, user=other.user)


def _use(draft: Draft) -> str:
    """Return what an answer does: grant, refuse, quote, or tell."""
    return draft.assistant[:1] if draft.assistant.startswith(("Yes", "No, ", '"', "`")) else "told"


RIGHTS_STYLE: tuple[Mutator, ...] = (
    licence_changed,
    holder_changed,
    source_changed,
    attribution_dropped,
    allowed_and_not,
    asked_in_return,
    reason_changed,
    embargo_changed,
    refused_and_granted,
    withheld_text_told,
    quotation_changed,
    told_of_another,
    request_for_another_source,
    request_for_another_use,
)

# gap_awareness

_STATES = (
    "Well covered.",
    "Covered, with gaps.",
    "Thin.",
    "Contradictory.",
    "Told in two ways.",
    "Under different licences.",
    "Not here.",
    "Outside this collection.",
    "Here, but withheld.",
    "Here, and usable.",
    "Here, for training only.",
    "An overview.",
)


def state_changed(world: World, draft: Draft) -> Iterator[Draft]:
    own = next(state for state in _STATES if draft.assistant.startswith(f"Known: {state}"))
    others = [state for state in _STATES if state != own]
    for state in (*world.rng("state", draft.user).sample(others, 3), ""):
        yield evolve(draft, assistant=draft.assistant.replace(own, state, 1))


def count_changed(world: World, draft: Draft) -> Iterator[Draft]:
    pattern = r"(?<![\w./-])(\d[\d,]*) (relations?|sources?|things?|entries|bytes|licences|of them|for it|against it)"
    for match in re.finditer(pattern, draft.assistant):
        for by in (-1, 1, 10):
            number = int(match[1].replace(",", "")) + by
            if number >= 0:
                text = draft.assistant
                yield evolve(draft, assistant=text[: match.start(1)] + f"{number:,}" + text[match.end(1) :])
    yield from _swapped(
        draft,
        (
            ("The only relation, from 1 source", "2 relations from 1 source"),
            ("No relation joins it to anything", "1 relation joins it to something"),
            ("more than that one relation", "more than those two relations"),
        ),
    )


def time_changed(world: World, draft: Draft) -> Iterator[Draft]:
    for match in re.finditer(r"It is dated ([\d-]+) \((.+?)\)\.", draft.assistant):
        year, *rest = match[1].split("-")
        for other in (int(year) - 1, int(year) + 1):
            yield from said(draft, match[0], match[0].replace(match[1], "-".join((str(other), *rest))))
        yield from said(draft, f" {match[0]}", "")
        for basis in ("git", "front matter", "statement", "archive"):
            if basis != match[2]:
                yield from said(draft, f"({match[2]})", f"({basis})")
    if "It is dated" not in draft.assistant:
        yield from said(draft, "\nMissing:", " It is dated 2024-03-01 (front matter).\nMissing:")


def described_otherwise(world: World, draft: Draft) -> Iterator[Draft]:
    for id in draft.entities:
        entity = world.graph.entities[id]
        rival = world.rival(entity, draft, "described")
        if rival:
            yield from said(draft, entity.description, rival.description)
            yield evolve(draft, assistant=exchanged(draft.assistant, entity.name, rival.name))
            yield from said(draft, entity.mention, rival.mention)
        for pool in ("Lexicon", "Idea"):
            if pool != entity.pool:
                yield from said(draft, f"({entity.pool})", f"({pool})")
        kind = world.rng("kind", draft.user).choice(["person", "risk", "village", "song"])
        yield from said(draft, f"{entity.kind} ", f"{kind} ")
        yield from said(draft, f"{entity.description[:-1]}", f"{entity.description[: len(entity.description) // 2]}")


def path_changed(world: World, draft: Draft) -> Iterator[Draft]:
    for path in [path for path in world.paths if path in draft.assistant]:
        for other in (world.other_path(draft, path), "no/such.md"):
            yield from said(draft, path, other)


def relation_changed(world: World, draft: Draft) -> Iterator[Draft]:
    phrases = {phrase: verb for verb in VERBS.values() for phrase in (verb.phrase, verb.reverse_phrase)}
    for phrase, verb in phrases.items():
        if phrase not in draft.assistant.partition("\n")[0].replace(_descriptions(world, draft), ""):
            continue
        for other in (verb.phrase, verb.reverse_phrase, "competes with", f"never {phrase}"):
            if other != phrase:
                yield from said(draft, f" {phrase} ", f" {other} ")
    for subject, _, object in draft.relations:
        for id in {subject, object} - set(draft.entities):
            entity = world.graph.entities[id]
            rival = world.rival(entity, draft, "related", id)
            if rival:
                yield from said(draft, entity.mention, rival.mention)
                yield from said(draft, entity.mention, mention_of(entity.pool, "song", entity.name))


def _descriptions(world: World, draft: Draft) -> str:
    return world.graph.entities[draft.entities[0]].description if draft.entities else "\0"


_MISSING = (
    "nothing that the others of its kind have",
    "nothing that was looked for",
    "its date",
    "more than that one relation",
    "any relation to something else",
    "one licence for all that is said of it",
    "all that it says",
    "which of them holds, and under which conditions",
)


def missing_changed(world: World, draft: Draft) -> Iterator[Draft]:
    known, missing, close = draft.assistant.splitlines()
    own = [part for part in _MISSING if part in missing]
    others = [part for part in _MISSING if part not in missing]
    for part in own:
        for other in world.rng("missing", draft.user, part).sample(others, 2):
            yield evolve(draft, assistant="\n".join((known, missing.replace(part, other), close)))
    for wrong in ("Missing: nothing.", "Missing: its date and its author.", "Missing:"):
        yield evolve(draft, assistant="\n".join((known, wrong, close)))
    for joint in (" and its date", "; its date", "; 1 with no date"):
        yield evolve(draft, assistant="\n".join((known, missing.replace(joint, ""), close)))
    yield evolve(draft, assistant="\n".join((known, f"{missing[:-1]} and a picture of it.", close)))


def close_changed(world: World, draft: Draft) -> Iterator[Draft]:
    known, missing, close = draft.assistant.splitlines()
    own = draft.entities[:1]
    others = sorted({one.assistant.splitlines()[2] for one in world.drafts if one.entities[:1] != own} - {close})
    plain = [one for one in others if not one.startswith("To close it: nothing needs")]
    for other in world.rng("close", draft.user).sample(plain, 2):
        yield evolve(draft, assistant="\n".join((known, missing, other)))
    for wrong in ("To close it: nothing needs to be taken in.", "To close it: ask a search engine.", "To close it:"):
        if wrong != close:
            yield evolve(draft, assistant="\n".join((known, missing, wrong)))
    if "; " in close:
        yield evolve(draft, assistant="\n".join((known, missing, close.partition("; ")[0] + ".")))
    yield evolve(draft, assistant="\n".join((known, missing, f"{close[:-1]}; a larger budget.")))


def line_dropped(world: World, draft: Draft) -> Iterator[Draft]:
    lines = draft.assistant.splitlines()
    for at in range(len(lines)):
        yield evolve(draft, assistant="\n".join(lines[:at] + lines[at + 1 :]))
    known = lines[0].split(". ")
    for at in range(1, len(known) - 1):
        yield evolve(draft, assistant="\n".join((". ".join(known[:at] + known[at + 1 :]), *lines[1:])))


def lines_of_two(world: World, draft: Draft) -> Iterator[Draft]:
    """What is known of one thing with what is missing of another."""
    lines = draft.assistant.splitlines()
    other = world.other_draft(draft, "lines")
    theirs = other.assistant.splitlines() if other else lines
    if len(theirs) == len(lines):
        for at in range(len(lines)):
            if theirs[at] != lines[at]:
                yield evolve(draft, assistant="\n".join((*lines[:at], theirs[at], *lines[at + 1 :])))


def rights_changed(world: World, draft: Draft) -> Iterator[Draft]:
    yield from _swapped(
        draft,
        (
            ("under CC-BY-4.0", "under CC0-1.0"),
            ("under CC-BY-ND-4.0", "under CC-BY-4.0"),
            ("LicenseRef-Members", "CC0-1.0"),
            ("held by Alder Vale Beekeepers' Trust", "held by Mira Tolland"),
            ("held by Ilse Brandt", "held by Jonas Reed"),
            ("held by Hollin Institute", "with no holder named"),
            ("with no holder named", "held by Mira Tolland"),
            ("without a licence that was found", "under MIT"),
            ("permission from Ilse Brandt", "permission from Mira Tolland"),
            ("under embargo until 2031-01-01", "under embargo until 2030-01-01"),
            ("nothing before 2031-01-01", "nothing before 2032-01-01"),
            ("no licence or statement was found", "its holder does not allow publication"),
            ("the licence does not allow adapted versions", "no licence or statement was found"),
            ("text/markdown", "text/plain"),
            ("So nothing of it is told here", "So something of it is told here"),
        ),
    )


def absent_and_present(world: World, draft: Draft) -> Iterator[Draft]:
    """What is here said not to be, what is not here told of as if it were."""
    entity: Entity = world.graph.entities[draft.entities[0]] if draft.entities else world.entities[0]
    near = world.rival(entity, draft, "near")
    if draft.absence is not None:
        present = [one for one in world.drafts if one.entities == draft.entities and one.absence is None]
        for other in present[:2]:
            yield evolve(draft, assistant=other.assistant)
            yield evolve(other, user=draft.user)
            yield evolve(other, user=draft.user, assistant=exchanged(other.assistant, entity.name, draft.absence))
        yield evolve(draft, assistant=draft.assistant.replace(draft.absence, f"{draft.absence} of old"))
        yield from said(draft, "Nothing is called", "Something is called")
    elif near and draft.entities and draft.withheld is None:
        name = next((form for form in world.forms(entity) if form.casefold() in draft.user.casefold()), entity.name)
        denied = (
            f'Known: Not here. Nothing is called "{name}". What comes next to it: {near.evidence[0].source} says of '
            f"{near.mention} ({near.pool}): {near.description}\n"
            f'Missing: everything on "{name}": 0 entries, so 0 relations.\n'
            f'To close it: a source that says what "{name}" is; or, if {near.mention} is meant, a sentence that '
            "calls it so."
        )
        yield evolve(draft, assistant=denied)
        claims = {"absence": name, "anchor": near.id, "entities": (near.id,), "spans": near.evidence[:1]}
        yield evolve(draft, assistant=denied, relations=(), **claims)


GAP_AWARENESS: tuple[Mutator, ...] = (
    state_changed,
    count_changed,
    time_changed,
    described_otherwise,
    path_changed,
    relation_changed,
    missing_changed,
    close_changed,
    line_dropped,
    in_another_order,
    lines_of_two,
    rights_changed,
    withheld_text_told,
    absent_and_present,
)
