# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""How a request is read: its frame, the forms in it, and the one label that the lexicon gives it."""

from typing import Final, NamedTuple

from enliterator_canon_map.lexicon import Lexicon, written
from enliterator_canon_map.slips import is_slip
from enliterator_core import Graph, fold

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
_ARTICLE: Final = len(_ARTICLES[0])
_REMEMBERED: Final = 1 << 13
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


class _Frames(NamedTuple):
    """Some of the frames that a request may stand in: with an `ask` stand the lengths of its parts, and ``marks`` are
    what a request in any other frame has in it."""

    asks: tuple[tuple[str, str, int, int], ...]
    contexts: tuple[tuple[str, str], ...]
    marked: tuple[str, ...]
    comparisons: tuple[tuple[str, str, str], ...]
    marks: tuple[str, ...]


def _first_word(text: str) -> str:
    return text.partition(" ")[0]


def _frames_of(*words: str) -> _Frames:
    """Return the frames that begin with one of some words, an empty one for those that begin with the form."""
    contexts = tuple(frame for frame in CONTEXTS if _first_word(frame[0]) in words)
    marked = tuple(before for before in MARKED if _first_word(before) in words)
    comparisons = tuple(frame for frame in COMPARISONS if _first_word(frame[0]) in words)
    return _Frames(
        tuple((before, after, len(before), len(after)) for before, after in ASKS if _first_word(before) in words),
        contexts,
        marked,
        comparisons,
        (*(frame[1] for frame in (*contexts, *comparisons)), *((OPEN,) if marked else ())),
    )


_BEGINS: Final = (*MARKED, *(frame[0] for frame in (*ASKS, *CONTEXTS, *COMPARISONS)))
#: the frames of a request by its first word
_FRAMES: Final = {word: _frames_of("", word) for word in map(_first_word, _BEGINS)}
_ANY_WORD: Final = _frames_of("")


def _asked(frames: _Frames, user: str) -> list[tuple[int, int]]:
    """Return where a form that a request asks about alone may stand: how many characters are before and after it."""
    places = []
    length = len(user)
    for before, after, start, end in frames.asks:
        if user.endswith(after) and user.startswith(before) and length > start + end:
            places.append((start, end))
            if user.startswith(_ARTICLES, start, length - end):
                places.append((start + _ARTICLE, end))
    return places


def _others(frames: _Frames, user: str) -> list[tuple[str, str, str]]:
    """Return every other way to read a request: a form, the words it stands in, and the form it is compared with."""
    found: list[tuple[str, str, str]] = []
    for mark in frames.marks:
        if mark in user:
            break
    else:
        return found
    for before, between in frames.contexts:
        if between in user and user.startswith(before):
            form, _, words = user[len(before) :].partition(between)
            found.append((form, words, ""))
    for before in frames.marked:
        if OPEN in user and user.startswith(before):
            head, _, rest = user[len(before) :].partition(OPEN)
            form, _, tail = rest.partition(CLOSE)
            found.append((form, head + form + tail, ""))
    for before, between, after in frames.comparisons:
        if between in user and user.endswith(after) and user.startswith(before):
            body = user[len(before) : len(user) - len(after)]
            at = body.find(between)
            while at >= 0:
                found.append((body[:at], "", body[at + len(between) :]))
                at = body.find(between, at + 1)
    return found


class Reader:
    """Reads requests by a graph's lexicon; made once for a graph.

    How the latest ones were read is kept: every draft is read when it is made and when it is verified.
    """

    def __init__(self, graph: Graph) -> None:
        self._graph, self._lexicon = graph, graph.once(Lexicon)
        self._owners = self._lexicon.owners
        self._read: dict[str, Label | None] = {}
        # Where no form begins with the first word of a frame, what begins with that word does not begin with a form.
        begins = set(map(_first_word, self._owners))
        self._frames = {
            word: frames if word.casefold() in begins else _frames_of(word) for word, frames in _FRAMES.items()
        }

    def read(self, user: str, key: str | None = None) -> Label | None:
        """Return the one label of a request; None where it can be read in two ways, or in none.

        ``key`` is the request folded, where that is known.
        """
        read = self._read
        if user in read:
            return read[user]
        if len(read) >= _REMEMBERED:
            read.clear()
        label = read[user] = self._label(user, fold(user) if key is None else key)
        return label

    def forget(self) -> None:
        """Let go of how requests were read: what is verified is not read again."""
        self._read.clear()

    def _label(self, user: str, key: str) -> Label | None:
        if not key:
            return None
        owners, length, folded, word = self._owners, len(user), len(key), user.partition(" ")[0]
        frames, labels = self._frames.get(word, _ANY_WORD), list[Label]()
        for start, end in _asked(frames, user):
            # A frame is folded as it is, so that a form stands in the folded request where it stands in the request.
            said = key[start : folded - end].strip()
            if said in owners:
                ids = owners[said]
                labels.append(Label("name" if len(ids) == 1 else "several", ids, user[start : length - end]))
        for reading in _others(frames, user):
            if label := self._otherwise(*reading):
                labels.append(label)
        if labels:
            return labels[0] if len(labels) == 1 or len(set(labels)) == 1 else None
        return self._of_none(_FRAMES.get(word, _ANY_WORD), user)

    def _otherwise(self, form: str, words: str, other: str) -> Label | None:
        """Return the label of a form in a sentence, beside another form, or with neither after all."""
        if other:
            return self._pair(form, other)
        ids = self._owners.get(fold(form), ())
        if len(ids) > 1 and not words:
            return Label("several", ids, form)
        return Label("name", ids, form, words) if len(ids) == 1 else None

    def _of_none(self, frames: _Frames, user: str) -> Label | None:
        """Return the label of a request in which the lexicon has none of the forms that may be asked about."""
        forms = {user[start : len(user) - end] for start, end in _asked(frames, user)}
        forms.update(form for form, words, other in _others(frames, user) if not words and not other)
        asked = [form for form in forms if form == form.strip() != ""]
        near = {form: found for form in asked if (found := self._lexicon.near(fold(form)))}
        if near:
            return self._slip(*near.popitem()) if len(near) == 1 else None
        # Of forms that nothing has, the shortest is the one that was asked about: the rest of the request is its frame.
        return self._unknown(min(asked, key=lambda one: (len(one), one))) if asked else None

    def _pair(self, form: str, other: str) -> Label | None:
        """Return the label of two forms of one thing, or of two things of which one is taken for the other."""
        said, meant = fold(form), fold(other)
        ids, others = self._owners.get(said, ()), self._owners.get(meant, ())
        if len(ids) != 1 or len(others) != 1:
            return None
        if ids == others:
            return Label("same", ids, form, other)
        mistaken = self._lexicon.mistaken
        # A pair is anchored at the same one of the two, whichever was named first.
        if others[0] in mistaken.get(said, ()) or ids[0] in mistaken.get(meant, ()):
            return Label("two", (min(ids[0], others[0]), max(ids[0], others[0])), form, other)
        return None

    def _slip(self, form: str, near: list[str]) -> Label | None:
        """Return the label of a form that is one slip away from the forms of one thing, and of nothing else."""
        said = fold(form)
        ids = {id for one in near for id in self._owners[one]}
        if len(ids) != 1 or not all(is_slip(said, one) for one in near):
            return None
        id = ids.pop()
        return Label("slip", (id,), form, written(self._graph, id, near[0]))

    def _unknown(self, form: str) -> Label | None:
        mistaken = self._lexicon.mistaken.get(fold(form), [])
        if not mistaken:
            return Label("none", (), form)
        return Label("mistaken", (mistaken[0],), form) if len(mistaken) == 1 else None


def read(graph: Graph, user: str) -> Label | None:
    """Return the one label of a request; None where it can be read in two ways, or in none."""
    return graph.once(Reader).read(user)
