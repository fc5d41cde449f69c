# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The one answer to what a request is about, and what it tells of."""

from json import JSONEncoder
from typing import Final, NamedTuple

from enliterator_canon_map.lexicon import Kept, Lexicon
from enliterator_canon_map.reading import Label
from enliterator_core import Graph, Span, fold

_WRITE: Final = JSONEncoder(ensure_ascii=False).encode
_NOTHING: Final = '{"canonical": null, "pool": null, "description": null, "note": '
_MOST_TOLD: Final = 3
_REMEMBERED: Final = 1 << 13


class Entry(NamedTuple):
    """What the lexicon has of an entity.

    ``said`` is what its sources say of it, ``description`` what is told: on one line, the term's before its own.
    ``first`` is the first of its ``evidence``. ``answer`` is the answer to its name, ``begin`` the part of it that
    comes before the note.
    """

    name: str
    said: str
    description: str
    evidence: tuple[Span, ...]
    first: tuple[Span, ...]
    begin: str
    answer: str


class Answers:
    """The answers that a graph's lexicon gives; made once for a graph."""

    def __init__(self, graph: Graph) -> None:
        self._graph, self._owners = graph, graph.once(Lexicon).owners
        #: what the lexicon has of the entities asked for lately, by id: most are asked for several times in a row
        self.entries: Kept[str, Entry] = Kept(self._entry, _REMEMBERED)

    def _entry(self, id: str) -> Entry:
        entities, term = self._graph.arrays.entities, self._graph.terms.get(id)
        number = entities.numbers[id]
        name, said, evidence = entities.names[number], entities.descriptions[number], entities.spans.of(number)
        description = " ".join(((term.description if term else "") or said).split())
        written = _WRITE(description) if description else "null"
        pool = _WRITE(entities.pool_of(number))
        begin = f'{{"canonical": {_WRITE(name)}, "pool": {pool}, "description": {written}, "note": '
        return Entry(name, said, description, evidence, evidence[:1], begin, f"{begin}null}}")

    def told_of(self, label: Label, near: str) -> tuple[str, ...]:
        """Return the ids of what the answer to a label tells of, the one that it turns on first.

        ``near`` is what a note on an unknown form tells of.
        """
        ids = label.ids
        return ids[:_MOST_TOLD] if ids else (near,)

    def answer(self, label: Label, near: str) -> str:
        """Return the answer to a label, as JSON."""
        sort = label.sort
        if sort == "name":
            return self.entries[label.ids[0]].answer
        if sort == "same":
            note = f'"{label.form}" and "{label.other}" are names of one thing.'
        elif sort == "slip":
            note = f'"{label.form}" was read as "{label.other}".'
        else:
            return f"{_NOTHING}{_WRITE(self._note(label, near))}}}"
        return f"{self.entries[label.ids[0]].begin}{_WRITE(note)}}}"

    def _note(self, label: Label, near: str) -> str:
        """Return what there is where the answer names nothing."""
        if label.sort == "two":
            one, other = (self._told(self._owners[fold(form)][0]) for form in (label.form, label.other))
            return f"These are two things. One is {one} The other is {other}"
        if label.sort == "several":
            count, listed = len(label.ids), self._listed(label.ids)
            return f'{count:,} things may be called "{label.form}": {listed}. Say which one is meant.'
        nothing = f'Nothing in this collection is called "{label.form}".'
        if label.sort == "mistaken":
            return f"{nothing} It is something else than {self._told(label.ids[0])}"
        return f"{nothing} The nearest that there is: {self._told(near)}"

    def _told(self, id: str) -> str:
        """Return a sentence's worth of what an entity is: kind, name, pool, and its description."""
        words = self.entries[id].description
        text = f"{self._mention(id)}: {words}" if words else self._mention(id)
        return text if text.endswith((".", "!", "?")) else f"{text}."

    def _mention(self, id: str) -> str:
        return f"{self._graph.mention(id)} ({self._graph.pool(id)})"

    def _listed(self, ids: tuple[str, ...]) -> str:
        """Return the entities that share a form as one list: the first few by name, the others counted."""
        names = [self._mention(id) for id in ids[:_MOST_TOLD]]
        if more := len(ids) - len(names):
            names.append(f"{more:,} more")
        return ", ".join(names[:-1]) + f" and {names[-1]}"
