# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""How a request is read: its frame, the forms in it, and the one label that the lexicon gives it."""

from collections.abc import Collection, Sequence
from typing import Final, NamedTuple

from enliterator_canon_map.frames import ASKS, CLOSE, COMPARISONS, CONTEXTS, FIRST_WORDS, MARKED, OPEN
from enliterator_canon_map.lexicon import Lexicon
from enliterator_canon_map.rows import Rows
from enliterator_canon_map.slips import is_slip
from enliterator_core import Graph, fold

_ARTICLES: Final = ("the ", "The ")
_THE: Final = "the "
_ARTICLE: Final = len(_THE)
_REMEMBERED: Final = 1 << 13


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


#: a label as it is made by the thousand: without names for its parts
AnyLabel = tuple[str, tuple[str, ...], str, str]


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


def _frames_of(words: Collection[str], *, question: bool) -> _Frames:
    """Return the frames that begin with one of some words, an empty one for those that begin with the form.

    ``question`` says whether the request ends with a question mark.
    """

    def may_be(frame: tuple[str, ...]) -> bool:
        return _first_word(frame[0]) in words and (not frame[-1] or frame[-1].endswith("?") == question)

    asks = tuple((before, after, len(before), len(after)) for before, after in filter(may_be, ASKS))
    comparisons = tuple(frame for frame in COMPARISONS if may_be(frame))
    contexts = tuple(frame for frame in CONTEXTS if _first_word(frame[0]) in words)
    marked = tuple(before for before in MARKED if _first_word(before) in words)
    marks = (*(frame[1] for frame in (*contexts, *comparisons)), *((OPEN,) if marked else ()))
    return _Frames(asks, contexts, marked, comparisons, marks)


def _both_of(*words: str) -> tuple[_Frames, _Frames]:
    """Return the frames that begin with one of some words: of requests without a question mark at the end, and with."""
    return _frames_of(words, question=False), _frames_of(words, question=True)


#: the frames of a request by its first word
_FRAMES: Final = {word: _both_of("", word) for word in FIRST_WORDS}
_ANY_WORD: Final = _both_of("")


def _others(frames: _Frames, user: str) -> list[tuple[str, str, str]]:
    """Return every other way to read a request: a form, the words it stands in, and the form it is compared with."""
    found: list[tuple[str, str, str]] = []
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
        self._lexicon = graph.once(Lexicon)
        rows = graph.once(Rows)
        self._owners, self._there, self._last = self._lexicon.owners, rows.there, rows.last
        self._read: dict[str, AnyLabel | None] = {}
        # Where no form begins with the first word of a frame, what begins with that word does not begin with a form.
        begins = rows.begins
        self._frames = {
            word: frames if word.casefold() in begins else _both_of(word) for word, frames in _FRAMES.items()
        }

    def read(self, user: str) -> AnyLabel | None:
        """Return the one label of a request; None where it can be read in two ways, or in none."""
        return self._read[user] if user in self._read else self.read_all((user,), (fold(user),))[0]

    def read_all(self, users: Sequence[str], keys: Sequence[str]) -> list[AnyLabel | None]:
        """Return the one label of each of some requests, of which the ``keys`` are what they are folded."""
        if len(self._read) >= _REMEMBERED:
            self._read.clear()
        labels = self._labels(users, keys)
        self._read.update(zip(users, labels, strict=True))
        return labels

    def forget(self) -> None:
        """Let go of how requests were read: what is verified is not read again."""
        self._read.clear()

    def _labels(self, users: Sequence[str], keys: Sequence[str]) -> list[AnyLabel | None]:
        there, last, owners, tables = self._there, self._last, self._owners, self._frames
        known = owners.get
        labels: list[AnyLabel | None] = []
        of_none: list[int] = []
        for user, key in zip(users, keys, strict=True):
            found: list[AnyLabel] = []
            length, folded, word = len(user), len(key), user.partition(" ")[0]
            frames = tables.get(word, _ANY_WORD)[user[-1:] == "?"]
            asks, _, _, _, marks = frames
            for before, after, start, end in asks:
                if user.endswith(after) and user.startswith(before) and length > start + end:
                    # A frame is folded as it is, so that a form stands in the folded request where it stands in this.
                    said = key[start : folded - end].strip()
                    if (ids := known(said)) is None:
                        place = hash(said) & last
                        ids = owners[said] if there[place >> 3] >> (place & 7) & 1 else ()
                    if ids:
                        found.append(("name" if len(ids) == 1 else "several", ids, user[start : length - end], ""))
                    if said[:_ARTICLE] == _THE and user.startswith(_ARTICLES, start, length - end):
                        form, ids = user[start + _ARTICLE : length - end], owners[said[_ARTICLE:]]
                        found += [("name" if len(ids) == 1 else "several", ids, form, "")] if ids else []
            for mark in marks:
                if mark in user:
                    found += filter(None, [self._otherwise(*reading) for reading in _others(frames, user)])
                    break
            if len(found) == 1:
                labels.append(found[0])
            elif found:
                labels.append(found[0] if len(set(found)) == 1 else None)
            else:
                if key:
                    of_none.append(len(labels))
                labels.append(None)
        if of_none:
            found_of_none = self._of_none([(users[place], keys[place]) for place in of_none])
            for place, label in zip(of_none, found_of_none, strict=True):
                labels[place] = label
        return labels

    def _otherwise(self, form: str, words: str, other: str) -> AnyLabel | None:
        """Return the label of a form in a sentence, beside another form, or with neither after all."""
        if other:
            return self._pair(form, other)
        ids = self._lexicon.owned(fold(form))
        if len(ids) > 1 and not words:
            return "several", ids, form, ""
        return ("name", ids, form, words) if len(ids) == 1 else None

    def _of_none(self, requests: Sequence[tuple[str, str]]) -> list[AnyLabel | None]:
        """Return the labels of requests in which the lexicon has none of the forms that may be asked about."""
        asked_of_each = [self._asked(user, key) for user, key in requests]
        near_of_each = iter(self._lexicon.near([said for asked in asked_of_each for _, said in asked]))
        labels: list[AnyLabel | None] = []
        for asked in asked_of_each:
            near = [(form, said, found) for (form, said), found in zip(asked, near_of_each, strict=False) if found]
            if near:
                labels.append(self._slip(*near[0]) if len(near) == 1 else None)
            elif asked:
                # The shortest is the one that was asked about: the rest of the request is its frame.
                labels.append(self._unknown(*min(asked, key=lambda one: (len(one[0]), one[0]))))
            else:
                labels.append(None)
        return labels

    @staticmethod
    def _asked(user: str, key: str) -> list[tuple[str, str]]:
        """Return each form that a request may ask about, with what it is folded."""
        forms: dict[str, str] = {}
        length, folded = len(user), len(key)
        frames = _FRAMES.get(_first_word(user), _ANY_WORD)[user[-1] == "?"]
        for before, after, start, end in frames.asks:
            if user.endswith(after) and user.startswith(before) and length > start + end:
                forms[user[start : length - end]] = said = key[start : folded - end].strip()
                if said[:_ARTICLE] == _THE and user.startswith(_ARTICLES, start, length - end):
                    forms[user[start + _ARTICLE : length - end]] = said[_ARTICLE:]
        for mark in frames.marks:
            if mark in user:
                for form, words, other in _others(frames, user):
                    if not words and not other:
                        forms[form] = fold(form)
                break
        return [(form, said) for form, said in forms.items() if form == form.strip() != ""]

    def _pair(self, form: str, other: str) -> AnyLabel | None:
        """Return the label of two forms of one thing, or of two things of which one is taken for the other."""
        said, meant = fold(form), fold(other)
        ids, others = self._lexicon.owned(said), self._lexicon.owned(meant)
        if len(ids) != 1 or len(others) != 1:
            return None
        if ids == others:
            return "same", ids, form, other
        # A pair is anchored at the same one of the two, whichever was named first.
        if others[0] in self._lexicon.taken(said) or ids[0] in self._lexicon.taken(meant):
            return "two", (min(ids[0], others[0]), max(ids[0], others[0])), form, other
        return None

    def _slip(self, form: str, said: str, near: list[str]) -> AnyLabel | None:
        """Return the label of a form that is one slip away from the forms of one thing, and of nothing else."""
        ids = {id for one in near for id in self._lexicon.owned(one)}
        if len(ids) != 1 or not all(is_slip(said, one) for one in near):
            return None
        id = ids.pop()
        return "slip", (id,), form, self._lexicon.written(id, near[0])

    def _unknown(self, form: str, said: str) -> AnyLabel | None:
        mistaken = self._lexicon.taken(said)
        if not mistaken:
            return "none", (), form, ""
        return ("mistaken", (mistaken[0],), form, "") if len(mistaken) == 1 else None


def read(graph: Graph, user: str) -> Label | None:
    """Return the one label of a request; None where it can be read in two ways, or in none."""
    label = graph.once(Reader).read(user)
    return None if label is None else Label(*label)
