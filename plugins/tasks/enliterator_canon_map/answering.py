# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The one answer to what a request is about, and what it tells of."""

from itertools import chain
from json.encoder import encode_basestring
from typing import Final

from enliterator_canon_map.entries import Answer, Entries
from enliterator_canon_map.lexicon import Lexicon
from enliterator_canon_map.reading import AnyLabel
from enliterator_core import Graph, Span, fold

_NOTHING: Final = '{"canonical": null, "pool": null, "description": null, "note": '
_NO_NOTE: Final = "null}"
_MOST_TOLD: Final = 3


class Answers:
    """The answers that a graph's lexicon gives; made once for a graph."""

    def __init__(self, graph: Graph) -> None:
        self._graph, self._lexicon = graph, graph.once(Lexicon)
        self._entries = graph.once(Entries)

    def answer(self, label: AnyLabel, near: str) -> Answer:
        """Return the answer to a label; ``near`` is what a note on an unknown form tells of."""
        sort, ids, form, other = label
        if sort == "name":
            return self._entries[ids[0]].answer
        if sort == "same":
            return self._noted(ids[0], f'"{form}" and "{other}" are names of one thing.')
        if sort == "slip":
            return self._noted(ids[0], f'"{form}" was read as "{other}".')
        if sort == "two":
            first, second = (self._told(self._lexicon.owned(fold(each))[0]) for each in (form, other))
            return self._nothing(f"These are two things. One is {first} The other is {second}", ids)
        if sort == "several":
            told = f'{len(ids):,} things may be called "{form}": {self._listed(ids)}. Say which one is meant.'
            return self._nothing(told, ids[:_MOST_TOLD])
        nothing = f'Nothing in this collection is called "{form}".'
        if sort == "mistaken":
            return self._nothing(f"{nothing} It is something else than {self._told(ids[0])}", ids, form)
        return self._nothing(f"{nothing} The nearest that there is: {self._told(near)}", (near,), form)

    def _noted(self, id: str, note: str) -> Answer:
        """Return the answer to an entity's name, with a note."""
        text, told, spans, _ = self._entries[id].answer
        return Answer(f"{text.removesuffix(_NO_NOTE)}{encode_basestring(note)}}}", told, spans)

    def _nothing(self, note: str, told: tuple[str, ...], absence: str | None = None) -> Answer:
        spans = dict.fromkeys(chain.from_iterable(self._entries[id].answer.spans for id in told))
        return Answer(f"{_NOTHING}{encode_basestring(note)}}}", told, tuple(spans), absence)

    def _told(self, id: str) -> str:
        """Return a sentence's worth of what an entity is: kind, name, pool, and its description."""
        words = self._entries[id].description
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

    def is_borne_out(self, answer: Answer, spans: tuple[Span, ...]) -> bool:
        """Say whether spans are evidence of what an answer tells of: each of something, and something for each."""
        if len(answer.told) == 1:
            if spans == answer.spans:
                return len(spans) > 0
            known = self._entries[answer.told[0]].evidence
            return len(spans) > 0 and all(span in known for span in spans)
        evidence = [self._entries[id].evidence for id in answer.told]
        return all(any(span in one for one in evidence) for span in spans) and all(
            any(span in one for span in spans) for one in evidence
        )
