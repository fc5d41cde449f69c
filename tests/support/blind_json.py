# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Blind mutators of the tasks that answer with JSON: canon_map, route, normalize."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import chain

from attrs import evolve
from blind_mutators import Mutator, World, answer_of, exchanged, put, written

from enliterator_core import POOLS, VERBS, Draft, Entity, reverse_of

# canon_map


def _term(world: World, draft: Draft) -> Entity | None:
    """Return the entity that a canonical answer names."""
    answer = answer_of(draft)
    return world.graph.named(answer["pool"], answer["canonical"]) if answer["canonical"] else None


def _form_asked(world: World, draft: Draft, entity: Entity) -> str | None:
    asked = draft.user.casefold()
    return next((form for form in world.forms(entity) if form.casefold() in asked), None)


def _described(world: World, entity: Entity) -> str:
    return f"{world.graph.terms[entity.id].description}"


def canonical_of_another(world: World, draft: Draft) -> Iterator[Draft]:
    entity = _term(world, draft)
    rival = world.rival(entity, draft) if entity else None
    if rival:
        yield put(draft, canonical=rival.name)
        yield put(draft, canonical=rival.name, description=_described(world, rival))
        yield evolve(
            put(draft, canonical=rival.name, description=_described(world, rival)),
            entities=(rival.id,),
            anchor=rival.id,
            spans=rival.evidence[:1],
        )


def canonical_in_another_pool(world: World, draft: Draft) -> Iterator[Draft]:
    entity = _term(world, draft)
    if entity:
        rng = world.rng("pool", draft.user)
        pools = [pool for pool in POOLS if world.graph.named(pool, entity.name) is None]
        yield put(draft, pool=rng.choice(pools))
        yield put(draft, pool=POOLS[entity.pool].title if POOLS[entity.pool].title != entity.pool else "Thing")
        yield put(draft, pool=entity.pool.lower())


def described_as_another(world: World, draft: Draft) -> Iterator[Draft]:
    entity = _term(world, draft)
    rival = world.rival(entity, draft, "described") if entity else None
    if entity and rival:
        own, other = _described(world, entity), _described(world, rival)
        yield put(draft, description=other)
        yield put(draft, description=f"{own} {other}")
        yield put(draft, description=own[: len(own) // 2])
        yield put(draft, description=f"{own[:-1]}, or so it is said.")


def null_where_there_is_a_value(world: World, draft: Draft) -> Iterator[Draft]:
    for key, value in answer_of(draft).items():
        if value is not None:
            yield put(draft, **{key: None})


def surface_form_as_canonical(world: World, draft: Draft) -> Iterator[Draft]:
    entity = _term(world, draft)
    for form in world.forms(entity) if entity else ():
        if entity and form != entity.name:
            yield put(draft, canonical=form)


_NOTHING = {"canonical": None, "pool": None, "description": None}


def known_denied(world: World, draft: Draft) -> Iterator[Draft]:
    entity = _term(world, draft)
    form = _form_asked(world, draft, entity) if entity else None
    rival = world.rival(entity, draft, "denied") if entity else None
    if entity and form and rival:
        denied = f'Nothing in this collection is called "{form}".'
        near = f'the {rival.kind} "{rival.name}" ({rival.pool}): {_described(world, rival)}'
        for note in (
            denied,
            f"{denied} The nearest that there is: {near}",
            f"{denied} It is something else than {near}",
        ):
            wrong = put(draft, **_NOTHING, note=note)
            yield wrong
            yield evolve(wrong, absence=form)
            yield evolve(wrong, absence=form, entities=(rival.id,), anchor=rival.id, spans=rival.evidence[:1])
        two = f'These are two things. One is the {entity.kind} "{entity.name}" ({entity.pool}): '
        two += f"{_described(world, entity)} The other is {near}"
        yield put(draft, **_NOTHING, note=two)


def unknown_affirmed(world: World, draft: Draft) -> Iterator[Draft]:
    if answer_of(draft)["canonical"] is not None:
        return
    for id in draft.entities:
        entity = world.graph.entities[id]
        known = {"canonical": entity.name, "pool": entity.pool, "description": _described(world, entity)}
        wrong = put(draft, **known, note=None)
        yield wrong
        yield evolve(wrong, absence=None, entities=(id,), anchor=id, spans=entity.evidence[:1])
        yield put(draft, **known)
        if draft.absence:
            yield put(draft, **known, note=f'"{draft.absence}" was read as "{entity.name}".')
            yield put(draft, **known, note=f'"{draft.absence}" and "{entity.name}" are names of one thing.')


def note_of_another(world: World, draft: Draft) -> Iterator[Draft]:
    """A slip that was none, another thing meant by it, another thing told apart."""
    answer = answer_of(draft)
    note = answer["note"]
    entity = world.graph.entities[draft.entities[0]]
    rival = world.rival(entity, draft, "note")
    far = world.rival(entity, draft, "far", pool=False)
    if note is None:
        form = _form_asked(world, draft, entity)
        yield put(draft, note=f'"{form or "that"}" was read as "{entity.name}".')
        yield put(draft, note="The sources do not agree on this.")
    for other in (rival, far):
        if note is None and other:
            yield put(draft, note=f'"{entity.name}" and "{other.name}" are names of one thing.')
            yield put(draft, note=f'It is something else than the {other.kind} "{other.name}" ({other.pool}).')
        elif other and " was read as " in note:
            head = note.partition(" was read as ")[0]
            yield put(draft, note=f'{head} was read as "{other.name}".')
            yield put(draft, note=f'"{other.name}" was read as{note.partition(" was read as")[2]}')
        elif other:
            for id in draft.entities:
                mine = world.graph.entities[id]
                changed = note.replace(_described(world, mine), _described(world, other))
                yield put(draft, note=changed)
                yield put(draft, note=exchanged(note, mine.name, other.name))
                yield put(draft, note=note.replace(f"the {mine.kind} ", f"the {other.kind} "))
                yield put(draft, note=note.replace(f"({mine.pool})", f"({(far or other).pool})"))


def another_called_nearest(world: World, draft: Draft) -> Iterator[Draft]:
    """What is unknown said to be nearest to, or mistaken for, something that it has nothing to do with."""
    note = answer_of(draft)["note"] or ""
    entity = world.graph.entities[draft.entities[0]]
    far = world.rival(entity, draft, "far", pool=False)
    if draft.absence and far and not set(draft.absence.casefold().split()) & set(far.name.casefold().split()):
        quoted = f'"{far.name}"' if " " in far.name else far.name
        said = quoted if far.pool == "Actor" else f"the {far.kind} {quoted}"
        head = note.partition(". ")[0]
        for words in ("The nearest that there is: ", "It is something else than "):
            wrong = put(draft, note=f"{head}. {words}{said} ({far.pool}): {_described(world, far)}")
            yield wrong
            yield evolve(wrong, entities=(far.id,), anchor=far.id, spans=far.evidence[:1])


def one_thing_and_two(world: World, draft: Draft) -> Iterator[Draft]:
    note = answer_of(draft)["note"] or ""
    if " are names of one thing" in note:
        yield put(draft, note=note.replace("are names of one thing", "are two things"))
        yield put(draft, **_NOTHING, note=note.replace("are names of one thing", "are two things"))
        yield put(draft, note=note.replace("are names of one thing", "are names of two things"))
    elif note.startswith("These are two things"):
        one, two = (world.graph.entities[id] for id in draft.entities[:2])
        yield put(draft, note=note.replace("two things", "one thing"))
        yield put(draft, note=note.replace("These are two things. ", ""))
        same = f'"{one.name}" and "{two.name}" are names of one thing.'
        yield put(draft, canonical=one.name, pool=one.pool, description=_described(world, one), note=same)
        swapped = note.replace(_described(world, one), "\0").replace(_described(world, two), _described(world, one))
        yield put(draft, note=swapped.replace("\0", _described(world, two)))


CANON_MAP: tuple[Mutator, ...] = (
    canonical_of_another,
    canonical_in_another_pool,
    described_as_another,
    null_where_there_is_a_value,
    surface_form_as_canonical,
    known_denied,
    unknown_affirmed,
    note_of_another,
    another_called_nearest,
    one_thing_and_two,
)

# route


def wrong_tool(world: World, draft: Draft) -> Iterator[Draft]:
    answer = answer_of(draft)
    tools = [name for name in world.graph.tools if name != answer["tool"]]
    if answer["tool"] is None:
        return
    rng = world.rng("tool", draft.user)
    for tool in rng.sample(tools, 2):
        yield put(draft, tool=tool)
    takers = [name for name in tools if set(answer["params"]) <= set(world.graph.tools[name].parameters["properties"])]
    if takers:
        yield put(draft, tool=rng.choice(takers))
    yield put(draft, tool=f"{answer['tool']}s")
    yield put(draft, tool="web_search")
    yield put(draft, tool=answer["tool"].upper())


def parameter_of_another(world: World, draft: Draft) -> Iterator[Draft]:
    params = answer_of(draft)["params"]
    rng = world.rng("parameter", draft.user)
    for key, value in params.items():
        if not isinstance(value, str):
            continue
        found = world.graph.called(value)
        rival = world.rival(found[0], draft, key) if found else None
        if rival:
            yield put(draft, params=params | {key: rival.name})
        if value in world.paths:
            yield put(draft, params=params | {key: world.other_path(draft, key)})
            yield put(draft, params=params | {key: f"docs/{value}"})
        if value in POOLS:
            yield put(draft, params=params | {key: rng.choice([pool for pool in POOLS if pool != value])})
        yield put(draft, params=params | {key: f"{value} etc"})
        yield put(draft, params=params | {key: ""})
        yield put(draft, params=params | {key: None})


def parameter_dropped(world: World, draft: Draft) -> Iterator[Draft]:
    params = answer_of(draft)["params"]
    for key in params:
        yield put(draft, params={one: value for one, value in params.items() if one != key})


def parameter_added(world: World, draft: Draft) -> Iterator[Draft]:
    answer = answer_of(draft)
    if answer["tool"] is None:
        yield put(draft, params={"name": world.entities[0].name})
        return
    params, known = answer["params"], world.graph.tools[answer["tool"]].parameters["properties"]
    likely = {"limit": 10, "pool": "Idea", "verb": "cites", "after": "2024", "before": "2024", "severity": "high"}
    for key, value in likely.items():
        if key not in params:
            yield put(draft, params=params | {key: value})
            if key == "limit" and key in known:
                yield put(draft, params=params | {key: 20})
    yield put(draft, params=params | {"strict": True})


def parameter_nearby(world: World, draft: Draft) -> Iterator[Draft]:
    """A neighbouring number, date or verb; a number as text."""
    params = answer_of(draft)["params"]
    for key, value in params.items():
        if isinstance(value, int):
            for other in (value - 1, value + 1, value * 10, str(value), float(value) + 0.5):
                yield put(draft, params=params | {key: other})
        elif value in _VERBS:
            for other in _other_verbs(world, value, draft.user):
                yield put(draft, params=params | {key: other})
        elif re.fullmatch(r"\d{4}(-\d\d){0,2}", value):
            for other in _neighbouring_times(key, value):
                yield put(draft, params=params | {key: other})


def _neighbouring_times(key: str, time: str) -> list[str]:
    """Return the bounds next to one, at each of its precisions, and a coarser or finer one that bounds otherwise."""
    year, *rest = time.split("-")
    found = ["-".join((str(int(year) + by), *rest)) for by in (-1, 1)]
    if rest:
        month = int(rest[0])
        found += ["-".join((year, f"{(month + by - 1) % 12 + 1:02}", *rest[1:])) for by in (-1, 1)]
    if len(rest) == 2:
        found += [(date.fromisoformat(time) + timedelta(by)).isoformat() for by in (-1, 1)]
    # From 2024 on is from 2024-01 on, and up to 2024 is up to 2024-12.
    if rest and rest[-1] not in (("01",) if key == "after" else ("12", "28", "29", "30", "31")):
        found.append("-".join((year, *rest[:-1])))
    if key == "before" and len(rest) < 2:
        found.append(f"{time}-01")
    return [other for other in found if other != time]


_VERBS = list(dict.fromkeys(chain.from_iterable((verb.name, verb.reverse) for verb in VERBS.values())))


def _other_verbs(world: World, verb: str, key: str) -> list[str]:
    """Return the verb read the other way round, and one more."""
    others = [one for one in _VERBS if one not in (verb, reverse_of(verb))]
    turned = [] if reverse_of(verb) == verb else [reverse_of(verb)]
    return [*turned, world.rng("verb", key).choice(others)]


def parameters_swapped(world: World, draft: Draft) -> Iterator[Draft]:
    answer = answer_of(draft)
    params = answer["params"]
    one_way = "verb" in params and reverse_of(params["verb"]) != params["verb"]
    for one, other in (("from", "to"), ("after", "before")):
        if one in params and other in params and (one_way or one == "after") and params[one] != params[other]:
            yield put(draft, params=params | {one: params[other], other: params[one]})
        elif (one in params) is not (other in params):
            moved = {{one: other, other: one}.get(key, key): value for key, value in params.items()}
            yield put(draft, params=moved)


def missing_is_wrong(world: World, draft: Draft) -> Iterator[Draft]:
    answer = answer_of(draft)
    if "missing" not in answer:
        return
    tool = world.graph.tools[answer["tool"]]
    optional = [key for key in tool.parameters["properties"] if key not in tool.parameters["required"]]
    yield put(draft, missing=answer["missing"][1:], question=answer["question"])
    yield put(draft, missing=[*answer["missing"], "strict"])
    yield put(draft, missing=answer["missing"] * 2)
    for key in optional:
        if key not in answer["params"]:
            yield put(draft, missing=[*answer["missing"], key])
            yield put(draft, missing=[key])
    for asks in ("Which colour do you mean?", "Which pool, please, and since when?", "Why do you ask?", ""):
        if asks.casefold() != answer["question"].casefold():
            yield put(draft, question=asks)
    yield put(draft, question=answer["question"].replace("?", " in 2024?"))


def missing_is_guessed(world: World, draft: Draft) -> Iterator[Draft]:
    answer = answer_of(draft)
    if "missing" not in answer:
        return
    known = world.graph.tools[answer["tool"]].parameters["properties"]
    rng = world.rng("guess", draft.user)
    made = {"pool": rng.choice(list(POOLS)), "path": rng.choice(world.paths), "query": rng.choice(world.words)}
    guess = {key: made.get(key) or rng.choice(world.entities).name for key in answer["missing"] if key in known}
    whole = {"tool": answer["tool"], "params": answer["params"] | guess}
    yield written(draft, whole)
    yield written(draft, answer | {"params": whole["params"]})
    entity = world.rival(rng.choice(world.entities), draft, "guess")
    if entity and len(guess) == 1 and "name" in guess:
        whole["params"] = answer["params"] | {"name": entity.name}
        claimed = evolve(written(draft, whole), absence=None, anchor=entity.id, entities=(entity.id,))
        yield evolve(claimed, spans=entity.evidence[:1])
    yield written(draft, {"tool": answer["tool"], "params": answer["params"]})


def asked_back_for_nothing(world: World, draft: Draft) -> Iterator[Draft]:
    answer = answer_of(draft)
    if answer["tool"] is None or "missing" in answer:
        return
    titles = {"pool": "pool", "limit": "number", "name": "entity", "verb": "verb"}
    for key, title in titles.items():
        if key in world.graph.tools[answer["tool"]].parameters["properties"]:
            asks = f"Which {title} do you mean?"
            yield written(draft, answer | {"missing": [key], "question": asks})
            less = {one: value for one, value in answer["params"].items() if one != key}
            yield written(draft, {"tool": answer["tool"], "params": less, "missing": [key], "question": asks})


def no_tool_and_a_tool(world: World, draft: Draft) -> Iterator[Draft]:
    answer = answer_of(draft)
    reasons = sorted({answer_of(one).get("reason") or "" for one in world.drafts} - {"", answer.get("reason")})
    rng = world.rng("reason", draft.user)
    yield written(draft, {"tool": None, "params": {}, "reason": rng.choice(reasons)})
    if answer["tool"] is not None:
        yield written(draft, answer | {"tool": None, "reason": rng.choice(reasons)})
        return
    entity = world.graph.entities[draft.entities[0]] if draft.entities else world.entities[0]
    yield written(draft, {"tool": "describe_entity", "params": {"name": entity.name}})
    yield written(draft, {"tool": "search_entities", "params": {"query": draft.user}})
    yield written(draft, {"tool": "list_gaps", "params": {}})
    asks = "Which entity do you mean?"
    yield written(draft, {"tool": "describe_entity", "params": {}, "missing": ["name"], "question": asks})
    yield put(draft, reason=answer["reason"].replace("No tool can", "The tools can").replace("none can", "all can"))
    yield put(draft, reason="")
    yield put(draft, reason="I do not feel like it.")


def number_in_the_request(world: World, draft: Draft) -> Iterator[Draft]:
    """Another number, date or pool asked for than the answer has."""
    for value in answer_of(draft)["params"].values():
        if isinstance(value, int):
            yield evolve(draft, user=exchanged(draft.user, str(value), str(value + 1)))
        elif value in POOLS:
            other = world.rng("asked", draft.user).choice([pool for pool in POOLS if pool != value])
            yield evolve(draft, user=exchanged(draft.user, value, other))
        elif isinstance(value, str) and value[:4].isdigit():
            yield evolve(draft, user=draft.user.replace(value[:4], str(int(value[:4]) + 1)))
        elif value in world.paths and value in draft.user:
            yield evolve(draft, user=draft.user.replace(value, world.other_path(draft, "asked")))


ROUTE: tuple[Mutator, ...] = (
    wrong_tool,
    parameter_of_another,
    parameter_dropped,
    parameter_added,
    parameter_nearby,
    parameters_swapped,
    missing_is_wrong,
    missing_is_guessed,
    asked_back_for_nothing,
    no_tool_and_a_tool,
    number_in_the_request,
)

# normalize


def name_of_another(world: World, draft: Draft) -> Iterator[Draft]:
    answer = answer_of(draft)
    for key in ("terms", "of"):
        for at, name in enumerate(answer[key]):
            entity = next((one for one in world.graph.called(name) if one.name == name), None)
            rival = world.rival(entity, draft, key) if entity else None
            if entity and rival:
                yield put(draft, **{key: [*answer[key][:at], rival.name, *answer[key][at + 1 :]]})
            for form in world.forms(entity) if entity else ():
                if form != name:
                    yield put(draft, **{key: [*answer[key][:at], form, *answer[key][at + 1 :]]})


def name_dropped_or_added(world: World, draft: Draft) -> Iterator[Draft]:
    answer = answer_of(draft)
    rival = world.rival(world.entities[0], draft, "added", pool=False)
    for key in ("terms", "of"):
        if answer[key]:
            yield put(draft, **{key: answer[key][1:]})
        if rival:
            yield put(draft, **{key: [*answer[key], rival.name]})
    if bool(answer["terms"]) is not bool(answer["of"]):
        yield put(draft, terms=answer["of"], of=answer["terms"])


def all_for_any(world: World, draft: Draft) -> Iterator[Draft]:
    answer = answer_of(draft)
    if len(answer["of"]) > 1:
        yield put(draft, every=not answer["every"])


def verb_of_another(world: World, draft: Draft) -> Iterator[Draft]:
    answer = answer_of(draft)
    for at, verb in enumerate(answer["verbs"]):
        for other in _other_verbs(world, verb, draft.user):
            yield put(draft, verbs=[*answer["verbs"][:at], other, *answer["verbs"][at + 1 :]])
    yield put(draft, verbs=answer["verbs"][1:] if answer["verbs"] else ["cites"])
    yield put(draft, verbs=[*answer["verbs"], "elicits" if "elicits" not in answer["verbs"] else "cites"])


def pool_of_another(world: World, draft: Draft) -> Iterator[Draft]:
    answer = answer_of(draft)
    rng = world.rng("pool", draft.user)
    others = [pool for pool in POOLS if pool not in answer["pools"]]
    for at in range(len(answer["pools"])):
        yield put(draft, pools=[*answer["pools"][:at], rng.choice(others), *answer["pools"][at + 1 :]])
    yield put(draft, pools=[*answer["pools"], rng.choice(others)])
    yield put(draft, pools=answer["pools"][1:] or [rng.choice(others)])


_LICENCES = ("CC0-1.0", "CC-BY-4.0", "CC-BY-SA-4.0", "MIT", "GPL-3.0-only")


def licence_of_another(world: World, draft: Draft) -> Iterator[Draft]:
    answer = answer_of(draft)
    others = [one for one in _LICENCES if one not in answer["licenses"]]
    other = world.rng("licence", draft.user).choice(others)
    yield put(draft, licenses=[other])
    if answer["licenses"]:
        yield put(draft, licenses=[])
        yield put(draft, licenses=[*answer["licenses"], other])
        yield put(draft, licenses=[], without=[*answer["without"], {"licenses": answer["licenses"]}])


def time_nearby(world: World, draft: Draft) -> Iterator[Draft]:
    answer = answer_of(draft)
    for key, other in (("after", "before"), ("before", "after")):
        if answer[key]:
            for time in _neighbouring_times(key, answer[key]):
                yield put(draft, **{key: time})
            yield put(draft, **{key: None})
            if answer[other] is None:
                yield put(draft, **{key: None, other: answer[key]})
            elif answer[other] != answer[key]:
                yield put(draft, **{key: answer[other], other: answer[key]})
        else:
            yield put(draft, **{key: "2024"})
            yield put(draft, **{key: answer[other] or "2001-05"})


def rights_of_another(world: World, draft: Draft) -> Iterator[Draft]:
    answer = answer_of(draft)
    for rights in ("trainable", "publishable", None):
        if rights != answer["rights"]:
            yield put(draft, rights=rights)


def exclusion_wrong(world: World, draft: Draft) -> Iterator[Draft]:
    answer = answer_of(draft)
    rng = world.rng("without", draft.user)
    likely = ({"pools": ["Lexicon"]}, {"licenses": ["AGPL"]}, {"verbs": ["cites"]}, {"terms": [world.entities[0].name]})
    added = rng.choice([one for one in likely if one not in answer["without"]])
    yield put(draft, without=[*answer["without"], added])
    for at, left_out in enumerate(answer["without"]):
        rest = answer["without"][:at] + answer["without"][at + 1 :]
        yield put(draft, without=rest)
        yield put(draft, without=[*rest, added])
        for key, value in left_out.items():
            if not answer[key]:
                yield put(draft, without=rest, **{key: value})
            if key == "terms":
                entity = world.graph.called(value[0])[0]
                rival = world.rival(entity, draft, "without")
                yield put(draft, without=[*rest, {"of": value}])
                if rival:
                    yield put(draft, without=[*rest, {"terms": [rival.name]}])
    for key in ("terms", "of", "verbs", "pools"):
        if answer[key]:
            yield put(draft, without=[*answer["without"], {key: answer[key]}], **{key: []})


def limit_nearby(world: World, draft: Draft) -> Iterator[Draft]:
    limit = answer_of(draft)["limit"]
    for other in (limit - 1, limit + 1, 10 if limit != 10 else 5, 100, str(limit), None):
        yield put(draft, limit=other)


_RELATIVE = re.compile(r"\b(last|yesterday|this|today|next|ago|past|recent|tomorrow)\b(?! (one|asap))", re.IGNORECASE)


def request_says_otherwise(world: World, draft: Draft) -> Iterator[Draft]:
    answer = answer_of(draft)
    today = re.match(r"Today: (\d{4})-(\d\d)-(\d\d) \(\w+\)\n", draft.user)
    if today and (answer["after"] or answer["before"]) and _RELATIVE.search(draft.user[today.end() :]):
        day = date(int(today[1]) + 2, int(today[2]), min(int(today[3]), 28))
        yield evolve(draft, user=f"Today: {day.isoformat()} ({day:%A})\n{draft.user[today.end() :]}")
    rest = draft.user[today.end() :] if today else draft.user
    head = draft.user[: today.end()] if today else ""
    for time in (answer["after"], answer["before"]):
        if time and time[:4] in rest:
            yield evolve(draft, user=head + rest.replace(time[:4], str(int(time[:4]) + 3)))
    for words in ("but not Super", "top 7", "since 1999", "only what we may train on", "nothing under MIT", "CC0 only"):
        if not re.search(words, rest) and _adds(answer, words):
            yield evolve(draft, user=f"{draft.user}, {words}")
    for one, other in (("train", "publish"), ("publishable", "trainable"), ("trainable", "publishable")):
        yield evolve(draft, user=head + re.sub(rf"\b{one}\b", other, rest))
    for one, other in (("not ", "only "), ("nothing after", "nothing before"), ("since", "until")):
        if "not more" not in rest:
            yield evolve(draft, user=head + rest.replace(one, other, 1))


def _adds(answer: dict[str, object], words: str) -> bool:
    """Say whether a request asks for something else when words are added to it."""
    part = {"top": "limit", "since": "after", "only": "rights", "CC0": "licenses"}.get(words.split()[0])
    return part is None or (answer[part] in (None, 10, []) and not (part == "limit" and answer[part] == 7))


NORMALIZE: tuple[Mutator, ...] = (
    name_of_another,
    name_dropped_or_added,
    all_for_any,
    verb_of_another,
    pool_of_another,
    licence_of_another,
    time_nearby,
    rights_of_another,
    exclusion_wrong,
    limit_nearby,
    request_says_otherwise,
)
