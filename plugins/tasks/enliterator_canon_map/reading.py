# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""How a request is read: its frame, the forms in it, and the one label that the lexicon gives it."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from enliterator_canon_map.lexicon import description_of, listed, mistaken_for, owners, shown, told, written
from enliterator_canon_map.slips import is_slip, spelling_of
from enliterator_core import Entity, Graph, fold

#: what stands before and after the form that is asked about; the first is the bare form
ASKS: Final = (
    ("", ""),
    ("", "?"),
    ("what is ", "?"),
    ("what's ", ""),
    ("What do we call ", " here?"),
    ("canonical name for ", ""),
    ("Which term is meant by ", "?"),
    ("someone wrote ", ", what is the proper term?"),
    ("look up ", ""),
    ("Is there an entry for ", "?"),
    ("How is ", " properly called in this collection?"),
    ("define ", ""),
    ("", " - what does that stand for?"),
    ('My notes only say "', '". Which entry is that?'),
    ("A colleague keeps talking about ", ". What do they mean?"),
    ('what does "', '" refer to'),
)
#: what stands before a form and between it and the source's own words
CONTEXTS: Final = (
    ("what is ", " in: "),
    ("", ", as in: "),
    ("Which term does ", " stand for here: "),
    ("I do not get ", " in this sentence: "),
)
#: what stands before the source's own words, in which the form is marked
MARKED: Final = (
    "Which term is marked here? ",
    "Give the canonical term for what stands in [[ ]]: ",
    "Name the term in double brackets: ",
)
OPEN, CLOSE = "[[", "]]"
_ARTICLES: Final = ("the ", "The ")
_REMEMBERED: Final = 4096
#: what stands before, between and after two forms
COMPARISONS: Final = (
    ("is ", " the same as ", "?"),
    ("Do ", " and ", " mean the same?"),
    ("", " or ", ": one thing or two?"),
    ("can I say ", " when I mean ", "?"),
    ("What is the difference between ", " and ", "?"),
)


class Label(NamedTuple):
    """What a request is about.

    ``sort`` is name (one thing's form), same (two forms of one thing), slip (a misspelt form), two (two things),
    several (a form of more than one thing), mistaken (no form of anything, taken for something) or none. ``ids`` are
    the entities told of, the one that the answer turns on first; ``form`` is what was asked, ``other`` the second
    form, the form that was meant, or the sentence.
    """

    sort: str
    ids: tuple[str, ...] = ()
    form: str = ""
    other: str = ""


#: the frames of one form by the letter that they begin with, each with the lengths of its two parts
_FRAMES: Final[dict[str, list[tuple[str, str, int, int]]]] = {
    letter: [(one, other, len(one), len(other)) for one, other in ASKS if one[:1] == letter]
    for letter in {before[:1] for before, _ in ASKS}
}


def _forms_in(user: str) -> Iterator[tuple[str, str, str]]:
    """Yield every way to read a request: a form, the words it stands in, and the form it is compared with."""
    length = len(user)
    for frames in (_FRAMES[""], _FRAMES.get(user[:1], ())):
        for before, after, start, end in frames:
            if length > start + end and user.startswith(before) and user.endswith(after):
                form = user[start : length - end]
                yield form, "", ""
                if form[:4] in _ARTICLES:
                    yield form[4:], "", ""
    for before, between in CONTEXTS:
        if between in user and user.startswith(before):
            form, _, words = user[len(before) :].partition(between)
            yield form, words, ""
    for before in MARKED if OPEN in user else ():
        if user.startswith(before):
            head, _, rest = user[len(before) :].partition(OPEN)
            form, _, tail = rest.partition(CLOSE)
            yield form, head + form + tail, ""
    for before, between, after in COMPARISONS:
        if between in user and user.endswith(after) and user.startswith(before):
            body = user[len(before) : length - len(after)]
            at = body.find(between)
            while at >= 0:
                yield body[:at], "", body[at + len(between) :]
                at = body.find(between, at + 1)


def _memory(graph: Graph) -> dict[str, Label | None]:
    """Return how the latest requests were read: every draft is read when it is made and when it is verified."""
    return {}


def read(graph: Graph, user: str) -> Label | None:
    """Return the one label of a request; None where it can be read in two ways, or in none."""
    memory = graph.once(_memory)
    if user not in memory:
        if len(memory) >= _REMEMBERED:
            memory.clear()
        memory[user] = _read(graph, user)
    return memory[user]


def _read(graph: Graph, user: str) -> Label | None:
    readings = list(_forms_in(user))
    known = {label for reading in readings if (label := _known(graph, *reading))}
    if known:
        return known.pop() if len(known) == 1 else None
    asked = [form for form, words, other in readings if not words and not other and form == form.strip() != ""]
    near = {form: found for form in asked if (found := _near(graph, form))}
    if near:
        return _slip(graph, *near.popitem()) if len(near) == 1 else None
    # Of forms that nothing has, the shortest is the one that was asked about: the rest of the request is its frame.
    form = min(asked, key=lambda one: (len(one), one), default=None)
    return None if form is None else _unknown(graph, form)


def _known(graph: Graph, form: str, words: str, other: str) -> Label | None:
    """Return the label of a reading whose forms the lexicon has."""
    ids = owners(graph, form)
    if len(ids) != 1:
        return Label("several", tuple(ids), form) if ids and not words and not other else None
    if not other:
        return Label("name", (ids[0],), form, words)
    others = owners(graph, other)
    if len(others) != 1:
        return None
    if ids == others:
        return Label("same", (ids[0],), form, other)
    mistaken = graph.once(mistaken_for)
    # A pair is anchored at the same one of the two, whichever was named first.
    if others[0] in mistaken.get(fold(form), ()) or ids[0] in mistaken.get(fold(other), ()):
        return Label("two", (min(ids[0], others[0]), max(ids[0], others[0])), form, other)
    return None


def _near(graph: Graph, form: str) -> list[str]:
    """Return the known forms that a form, unknown itself, is one slip away from."""
    said = fold(form)
    return [] if len(said) < 5 or said in graph.once(mistaken_for) else graph.once(spelling_of).near(said)


def _slip(graph: Graph, form: str, near: list[str]) -> Label | None:
    """Return the label of a form that is one slip away from the forms of one thing, and of nothing else."""
    said = fold(form)
    ids = {id for one in near for id in owners(graph, one)}
    meant = [one for one in near if is_slip(said, one)]
    if len(ids) != 1 or len(meant) != len(near):
        return None
    id = ids.pop()
    return Label("slip", (id,), form, written(graph, id, meant[0]))


def _unknown(graph: Graph, form: str) -> Label | None:
    mistaken = graph.once(mistaken_for).get(fold(form), [])
    if not mistaken:
        return Label("none", (), form)
    return Label("mistaken", (mistaken[0],), form) if len(mistaken) == 1 else None


def answer_to(graph: Graph, label: Label, near: Entity) -> dict[str, str | None]:
    """Return the one answer to a label; ``near`` is what a note on an unknown form tells of."""
    if label.sort in ("name", "same", "slip"):
        entity = graph.entities[label.ids[0]]
        note = None
        if label.sort == "same":
            note = f'"{label.form}" and "{label.other}" are names of one thing.'
        elif label.sort == "slip":
            note = f'"{label.form}" was read as "{label.other}".'
        return {
            "canonical": entity.name,
            "pool": entity.pool,
            "description": description_of(graph, entity) or None,
            "note": note,
        }
    return {"canonical": None, "pool": None, "description": None, "note": _note(graph, label, near)}


def _note(graph: Graph, label: Label, near: Entity) -> str:
    if label.sort == "two":
        one, other = (graph.entities[owners(graph, form)[0]] for form in (label.form, label.other))
        return f"These are two things. One is {told(graph, one)} The other is {told(graph, other)}"
    if label.sort == "several":
        ids = list(label.ids)
        return f'{len(ids):,} things may be called "{label.form}": {listed(graph, ids)}. Say which one is meant.'
    nothing = f'Nothing in this collection is called "{label.form}".'
    if label.sort == "mistaken":
        return f"{nothing} It is something else than {told(graph, graph.entities[label.ids[0]])}"
    return f"{nothing} The nearest that there is: {told(graph, near)}"


def entities_told(graph: Graph, label: Label, near: Entity) -> list[Entity]:
    """Return the entities that the answer to a label tells of, the one that it turns on first."""
    if label.sort == "none":
        return [near]
    if label.sort == "several":
        return shown(graph, list(label.ids))
    return [graph.entities[id] for id in label.ids]
