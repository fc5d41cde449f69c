# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Accepted examples on their way to the files: their lines on disk, and what is decided by in columns.

An example is never held as an object: its line of chat, its line of provenance and its text go to a file at once. What
splits, cleaning and balance need to know of it is a row of numbers, so that a million examples take tens of megabytes.
"""

from __future__ import annotations

import os
from array import array
from collections.abc import Iterable, Sequence
from hashlib import blake2b
from itertools import islice
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
_SPAN_KINDS: Final = {"source": "i", "start": "q", "end": "q"}
_AT_ONCE: Final = 32  # texts that are read at once,
_GAP: Final = 1 << 12  # where no more bytes than this are between one and the next
#: provenance goes on with its split and line after this, which is as long for every example of a task
_HEAD: Final = b'{"id":"0123456789abcdef","task":%s,'


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
        self._offset = 0
        self.system = system
        self._system = orjson.dumps({"role": "system", "content": system})
        self._start = _hashed(blake2b(digest_size=8), task, system)
        self._head = b'","task":%s,' % orjson.dumps(task)

    def add(
        self,
        drafts: Sequence[Draft],
        words: Sequence[str],
        groups: Sequence[int],
        rights: Sequence[int],
        fragments: Sequence[Any],
    ) -> None:
        """Append drafts with their verifier's words, their groups, and the places of their rights in the fragments."""
        parts: list[bytes] = []
        columns = self._columns
        offset, (chat_sizes, proof_sizes, text_sizes) = (
            self._offset,
            (columns[one] for one in ("chat", "proof", "text")),
        )
        for number, draft in enumerate(drafts):
            user, assistant = draft.user, draft.assistant
            said, answered = user.encode(), assistant.encode()
            digest = self._start.copy()
            digest.update(b"%b%b%b%b" % (len(said).to_bytes(8), said, len(answered).to_bytes(8), answered))
            id = digest.hexdigest()
            chat = b'{"messages":[%s,{"role":"user","content":%s},{"role":"assistant","content":%s}]}\n' % (
                self._system,
                orjson.dumps(user),
                orjson.dumps(assistant),
            )
            proof = b'{"id":"%s%s%s' % (
                id.encode(),
                self._head,
                _provenance(draft, groups[number], fragments[rights[number]], words[number]),
            )
            text = b"%b\n%b" % (said, answered)
            parts += (chat, proof, text)
            columns["id"].append(int(id, 16))
            columns["offset"].append(offset)
            chat_sizes.append(len(chat))
            proof_sizes.append(len(proof))
            text_sizes.append(len(text))
            offset += len(chat) + len(proof) + len(text)
        self._file.write(b"".join(parts))
        self._offset = offset
        columns["group"].extend(groups)
        columns["rights"].extend(rights)

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
        none = no_rows()
        return evolve(none, **columns, task=np.zeros(len(self), np.int32))


def _hashed(digest: Any, *texts: str) -> Any:
    """Feed texts to a digest as :func:`content_id` does."""
    for text in texts:
        encoded = text.encode("utf-8", "surrogatepass")
        digest.update(len(encoded).to_bytes(8, "big") + encoded)
    return digest


def rights_fragment(rights: Rights) -> Any:
    """Return what provenance says of rights, as JSON that is ready to be put into a line."""
    told = {"license": rights.license, "holder": rights.holder}
    return orjson.Fragment(orjson.dumps(told | {"trainable": rights.trainable, "publishable": rights.publishable}))


def _provenance(draft: Draft, group: int, rights: Any, words: str) -> bytes:
    """Return a line of provenance from its group on."""
    record: dict[str, Any] = {
        "group": f"{group:016x}",
        "entities": draft.entities,
        "relations": draft.relations,
        "spans": [{"source": one.source, "start": one.start, "end": one.end} for one in draft.spans],
        "rights": rights,
        "verifier": words,
    }
    if draft.anchor not in draft.entities:
        record["anchor"] = draft.anchor
    if draft.absence is not None:
        record["absence"] = {"query": draft.absence, "count": 0}
    if draft.withheld is not None:
        record["withheld"] = draft.withheld
    return orjson.dumps(record)[1:] + b"\n"


class Spilled:
    """The files that examples were spilled to, by their tasks' numbers, to be read again."""

    def __init__(self, paths: Sequence[Path], tasks: Sequence[str]) -> None:
        self._files = [os.open(path, os.O_RDONLY) for path in paths]
        self._heads = [len(_HEAD % orjson.dumps(task)) for task in tasks]

    def close(self) -> None:
        """Let go of the files."""
        for file in self._files:
            os.close(file)

    def texts(self, rows: Rows) -> Sequence[str]:
        """Return what the user says and what is answered of each row, each read when it is asked for."""
        return _Texts(self._files, rows)

    def lines(self, rows: Rows) -> Iterable[tuple[bytes, bytes, bytes]]:
        """Yield of each row its line of chat, and its line of provenance in two parts: before and after the split."""
        sizes = zip(rows.chat.tolist(), rows.proof.tolist(), strict=True)
        for task, offset, (chat, proof) in zip(rows.task.tolist(), rows.offset.tolist(), sizes, strict=True):
            both = os.pread(self._files[task], chat + proof, offset)
            head = chat + self._heads[task]
            yield both[:chat], both[chat:head], both[head:]


class _Texts(Sequence[str]):
    """Texts in files, by number; of a slice, those that lie near one another are read at once."""

    def __init__(self, files: Sequence[int], rows: Rows) -> None:
        self._files = files
        self._places = rows.task, rows.offset + rows.chat + rows.proof, rows.text

    def __len__(self) -> int:
        return len(self._places[0])

    def __getitem__(self, number: Any) -> Any:
        if isinstance(number, slice):
            return self._some(number)
        task, start, size = (places[number] for places in self._places)
        return os.pread(self._files[task], size, start).decode()

    def _some(self, numbers: slice) -> list[str]:
        import numpy as np

        tasks, starts, sizes = (places[numbers] for places in self._places)
        ends = starts + sizes
        apart = np.arange(len(tasks)) % _AT_ONCE == 0
        gaps = starts[1:] - ends[:-1]
        apart[1:] |= (tasks[1:] != tasks[:-1]) | (gaps < 0) | (gaps > _GAP)
        first = np.flatnonzero(apart)
        last = np.append(first, len(tasks))[1:] - 1
        counts = last - first + 1
        begins = np.repeat(starts[first], counts)
        inside = zip((starts - begins).tolist(), (ends - begins).tolist(), strict=True)
        read = zip(*(one.tolist() for one in (tasks[first], starts[first], ends[last], counts)), strict=True)
        texts: list[str] = []
        for task, start, end, count in read:
            piece = os.pread(self._files[task], end - start, start)
            places = islice(inside, count)
            if piece.isascii():  # nearly always: characters then stand where their bytes do
                said = piece.decode()
                texts += [said[begin:stop] for begin, stop in places]
            else:
                texts += [piece[begin:stop].decode() for begin, stop in places]
        return texts
