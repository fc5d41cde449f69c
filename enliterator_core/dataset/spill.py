# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Accepted examples on their way to the files: their lines on disk, and what is decided by in columns.

An example is never held as an object: its line of chat, its line of provenance and its text go to a file at once. What
splits, cleaning and balance need to know of it is a row of numbers, so that a million examples take tens of megabytes.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from hashlib import blake2b
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import orjson
from attrs import evolve, fields, frozen

from enliterator_core.contracts.task_type import Draft
from enliterator_core.nouns import Rights

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_KINDS: Final = {
    "id": "Q",
    "group": "Q",
    "given": "q",
    "said": "q",
    "twin": "q",
    "region": "i",
    "rights": "i",
    "tokens": "i",
    "offset": "q",
    "chat": "i",
    "proof": "i",
    "text": "i",
    "spans": "i",
}
_KEPT_PATHS: Final = 1 << 12
_SPAN_KINDS: Final = {"source": "i", "start": "q", "end": "q"}
#: provenance goes on with its split and line after this, which is as long for every example of a task
HEAD: Final = b'{"id":"0123456789abcdef","task":%s,'


@frozen(eq=False)
class Rows:
    """What is known of some examples, a row for each, in the order in which they were made.

    ``id`` and ``group`` are content ids as numbers; ``given`` stands for the input, ``said`` for the answer, ``twin``
    for both without what makes no difference (case, spaces, closing marks): equal numbers within one task only.
    ``region`` and ``rights`` are codes that the maker gave, ``tokens`` counts, where they were counted. The lines
    stand in the file of ``task`` from ``offset`` on: ``chat``, ``proof`` and ``text`` count their bytes. ``spans`` says
    how many each row has, one after the other in ``source`` (a code), ``start``, ``end``.
    """

    task: NDArray[np.int32]
    id: NDArray[np.uint64]
    group: NDArray[np.uint64]
    given: NDArray[np.int64]
    said: NDArray[np.int64]
    twin: NDArray[np.int64]
    region: NDArray[np.int32]
    rights: NDArray[np.int32]
    tokens: NDArray[np.int32]
    offset: NDArray[np.int64]
    chat: NDArray[np.int32]
    proof: NDArray[np.int32]
    text: NDArray[np.int32]
    spans: NDArray[np.int32]
    source: NDArray[np.int32]
    start: NDArray[np.int64]
    end: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.id)

    def of(self, rows: NDArray[np.int64]) -> Rows:
        """Return these rows, in this order, with their spans."""
        import numpy as np

        counts = self.spans[rows]
        first = (np.cumsum(self.spans) - self.spans)[rows]
        places = np.repeat(first - np.cumsum(counts) + counts, counts) + np.arange(counts.sum())
        chosen = {name: getattr(self, name)[rows] for name in ("task", *_KINDS)}
        return Rows(**chosen, **{name: getattr(self, name)[places] for name in _SPAN_KINDS})

    def numbered(self, task: int, rights: Sequence[int]) -> Rows:
        """Return the rows under a task's number, each code of rights replaced by what stands at its place."""
        import numpy as np

        codes = np.array([*rights, 0], np.int32)[self.rights]
        return evolve(self, task=np.full(len(self), task, np.int32), rights=codes)

    @staticmethod
    def joined(parts: Sequence[Rows]) -> Rows:
        """Return all rows of several, one after the other."""
        import numpy as np

        names = [one.name for one in fields(Rows)]
        return Rows(**{name: np.concatenate([getattr(part, name) for part in parts]) for name in names})


def no_rows() -> Rows:
    """Return rows of nothing."""
    import numpy as np

    kinds = {"task": "i", **_KINDS, **_SPAN_KINDS}
    return Rows(**{name: np.zeros(0, kind) for name, kind in kinds.items()})


class Spill:
    """Writes the accepted examples of one task to a file, and keeps their columns."""

    def __init__(self, path: Path, task: str, system: str) -> None:
        self._file = path.open("wb")
        self._columns = {name: array(kind) for name, kind in (_KINDS | _SPAN_KINDS).items()}
        self.system = system
        self._start = _hashed(blake2b(digest_size=8), task, system)
        self._task = orjson.dumps(task)
        self._chat = b'{"messages":[%s,{"role":"user","content":' % orjson.dumps({"role": "system", "content": system})
        self._paths: dict[str, bytes] = {}

    def add(
        self,
        drafts: Sequence[Draft],
        words: Sequence[str],
        groups: Sequence[int],
        rights: Sequence[int],
        fragments: Sequence[bytes],
    ) -> None:
        """Append drafts with their verifier's words, their groups, and the places of their rights in the fragments."""
        dumps, start, chat = orjson.dumps, self._start, self._chat
        ids: list[str] = []
        chats: list[bytes] = []
        proofs: list[bytes] = []
        texts: list[bytes] = []
        for draft, said, group, right in zip(drafts, words, groups, rights, strict=True):
            user, answer = draft.user, draft.assistant
            asked, answered = user.encode(), answer.encode()
            digest = start.copy()
            digest.update(b"%b%b%b%b" % (len(asked).to_bytes(8), asked, len(answered).to_bytes(8), answered))
            id = digest.hexdigest()
            ids.append(id)
            chats.append(b'%b%b},{"role":"assistant","content":%b}]}\n' % (chat, dumps(user), dumps(answer)))
            proofs.append(self._provenance(draft, id, group, fragments[right], said))
            texts.append(b"%b\n%b" % (asked, answered))
        self._file.write(b"".join(chain.from_iterable(zip(chats, proofs, texts, strict=True))))
        columns = self._columns
        columns["id"].extend([int(id, 16) for id in ids])
        columns["chat"].extend(map(len, chats))
        columns["proof"].extend(map(len, proofs))
        columns["text"].extend(map(len, texts))
        columns["group"].extend(groups)
        columns["rights"].extend(rights)

    def _provenance(self, draft: Draft, id: str, group: int, rights: bytes, said: str) -> bytes:
        """Return a draft's line of provenance, without its split and line."""
        dumps, paths, spans = orjson.dumps, self._paths, []
        for span in draft.spans:
            source = span.source
            if source not in paths:
                if len(paths) >= _KEPT_PATHS:
                    paths.clear()
                paths[source] = dumps(source)
            spans.append(b'{"source":%b,"start":%d,"end":%d}' % (paths[source], span.start, span.end))
        more = b""
        if draft.anchor not in draft.entities:
            more += b',"anchor":%b' % dumps(draft.anchor)
        if draft.absence is not None:
            more += b',"absence":%b' % dumps({"query": draft.absence, "count": 0})
        if draft.withheld is not None:
            more += b',"withheld":%b' % dumps(draft.withheld)
        return (
            b'{"id":"%b","task":%b,"group":"%016x","entities":%b,"relations":%b,"spans":[%b],"rights":%b,"verifier":%b%b}\n'
            % (
                id.encode(),
                self._task,
                group,
                dumps(draft.entities),
                dumps(draft.relations),
                b",".join(spans),
                rights,
                dumps(said),
                more,
            )
        )

    def note(
        self, drafts: Sequence[Draft], regions: Sequence[int], tokens: Sequence[int], sources: dict[str, int]
    ) -> None:
        """Keep what is decided by of the drafts that were added last; ``sources`` are the codes of paths."""
        columns = self._columns
        columns["region"].extend(regions)
        columns["tokens"].extend(tokens)
        given = [" ".join(draft.user.split()) for draft in drafts]
        columns["given"].extend(map(hash, given))
        columns["said"].extend([hash(draft.assistant.strip()) for draft in drafts])
        folded = [text.casefold().rstrip(" .?!") for text in given]
        columns["twin"].extend([hash((text, draft.assistant)) for text, draft in zip(folded, drafts, strict=True)])
        columns["spans"].extend([len(draft.spans) for draft in drafts])
        spans = [span for draft in drafts for span in draft.spans]
        columns["source"].extend([sources[span.source] for span in spans])
        columns["start"].extend([span.start for span in spans])
        columns["end"].extend([span.end for span in spans])

    def __len__(self) -> int:
        return len(self._columns["id"])

    def close(self) -> Rows:
        """Write what is left, and return the columns."""
        import numpy as np

        self._file.close()
        columns = {name: np.frombuffer(column, column.typecode) for name, column in self._columns.items() if column}
        rows = evolve(no_rows(), **columns, task=np.zeros(len(self), np.int32))
        sizes = rows.chat.astype(np.int64) + rows.proof + rows.text
        return evolve(rows, offset=np.cumsum(sizes) - sizes)


def _hashed(digest: Any, *texts: str) -> Any:
    """Feed texts to a digest as :func:`content_id` does."""
    for text in texts:
        encoded = text.encode("utf-8", "surrogatepass")
        digest.update(len(encoded).to_bytes(8, "big") + encoded)
    return digest


def rights_fragment(rights: Rights) -> bytes:
    """Return what provenance says of rights, as JSON that is ready to be put into a line."""
    told = {"license": rights.license, "holder": rights.holder}
    return orjson.dumps(told | {"trainable": rights.trainable, "publishable": rights.publishable})
