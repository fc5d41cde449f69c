# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Accepted examples on their way to the files: their lines and texts, and what is decided by in columns.

An example is never held as an object: its line of chat, its line of provenance and its text go to files at once, and so
does the row of numbers that splits, cleaning and balance need to know of it.
"""

import sys
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import blake2b
from itertools import chain, compress
from pathlib import Path
from typing import Any, Final

import orjson

from enliterator_core.dataset.parts import Parts
from enliterator_core.dataset.rows import Columns
from enliterator_core.nouns import Rights

_KEPT_PATHS: Final = 1 << 12
#: provenance goes on with its split and line after this, which is as long for every example of a task
HEAD: Final = b'{"id":"0123456789abcdef","task":%s,'


class Spill:
    """Writes the accepted examples of one task to files: lines to ``path``, texts and columns beside it."""

    def __init__(self, path: Path, task: str, system: str) -> None:
        self._lines, self._texts = path.open("wb"), texts_beside(path).open("wb")
        self._columns = Columns(path)
        self._count = 0
        self.system = system
        self._start = _hashed(blake2b(digest_size=8), task, system)
        self._task = f'"task":{orjson.dumps(task).decode()},'
        self._paths: dict[str, str] = {}  # as JSON

    def add(self, parts: Parts, words: Sequence[str], groups: Sequence[str], fragments: Sequence[str]) -> None:
        """Append drafts with their verifier's words and their groups; their rights are places in the fragments."""
        start, joined = self._start, b"".join
        ids: list[str] = []
        for user, answer in zip(parts.asked, parts.answered, strict=True):
            digest = start.copy()
            digest.update(joined((len(user).to_bytes(8), user, len(answer).to_bytes(8), answer)))
            ids.append(digest.hexdigest())
        chats = [
            joined((user, b'"},{"role":"assistant","content":"', answer, b'"}]}\n'))
            for user, answer in zip(_as_json(parts.users), _as_json(parts.answers), strict=True)
        ]
        proofs = self._provenance(parts, ids, groups, words, fragments)
        self._lines.write(joined(chain.from_iterable(zip(chats, proofs, strict=True))))
        self._texts.write(joined(parts.texts))
        extend = self._columns.extend
        extend("id", _numbers(ids))
        extend("group", _numbers(groups))
        extend("chat", map(len, chats))
        extend("proof", map(len, proofs))
        extend("text", map(len, parts.texts))

    def _provenance(
        self, parts: Parts, ids: Sequence[str], groups: Sequence[str], words: Sequence[str], fragments: Sequence[str]
    ) -> list[bytes]:
        """Return the lines of provenance of drafts, without their splits and lines."""
        paths, task = self._paths, self._task
        if len(paths) >= _KEPT_PATHS:
            paths.clear()
        paths.update((path, orjson.dumps(path).decode()) for path in set(parts.sources).difference(paths))
        spans = [
            f'{{"source":{paths[source]},"start":{start},"end":{end}}}'
            for source, start, end in zip(parts.sources, parts.starts, parts.ends, strict=True)
        ]
        keys = _items_as_json(list(chain.from_iterable(parts.relations)))
        columns = zip(
            ids,
            groups,
            _items_as_json(parts.entities),
            _joined([f"[{key}]" for key in keys], map(len, parts.relations)),
            _joined(spans, parts.counts),
            parts.rights,
            map(bytes.decode, _as_json(words)),
            _more(parts),
            strict=True,
        )
        return [
            f'{{"id":"{id}",{task}"group":"{group}","entities":[{entities}],"relations":[{relations}],"spans":[{spans}],'
            f'"rights":{fragments[rights]},"verifier":"{said}"{more}}}\n'.encode()
            for id, group, entities, relations, spans, rights, said, more in columns
        ]

    def note(self, parts: Parts, regions: Sequence[int], tokens: Sequence[int], sources: Mapping[str, int]) -> None:
        """Keep what is decided by of the drafts that were added last; ``sources`` are the codes of paths."""
        extend = self._columns.extend
        extend("rights", parts.rights)
        extend("region", regions)
        extend("tokens", tokens)
        given = list(map(_single_spaced, parts.users))
        extend("given", map(hash, given))
        extend("said", [hash(answer.strip()) for answer in parts.answers])
        folded = [text.casefold().rstrip(" .?!") for text in given]
        extend("twin", map(hash, zip(folded, parts.answers, strict=True)))
        extend("spans", parts.counts)
        extend("source", map(sources.__getitem__, parts.sources))
        extend("start", parts.starts)
        extend("end", parts.ends)
        self._count += len(parts)

    def __len__(self) -> int:
        return self._count

    def close(self) -> None:
        """Write what is left."""
        self._lines.close()
        self._texts.close()
        self._columns.close()


def chat_head(system: str) -> bytes:
    """Return what each line of chat of a task begins with, up to the quote before the user's text."""
    return b'{"messages":[%b,{"role":"user","content":"' % orjson.dumps({"role": "system", "content": system})


def texts_beside(path: Path) -> Path:
    """Return where the texts are of the examples whose lines are in a file."""
    return path.with_name(f"{path.name}.texts")


def _as_json(texts: Sequence[str]) -> list[bytes]:
    """Return what each text is in JSON, between its quotes."""
    # Two quotes with nothing but a comma between them end one text and begin the next: within one they are escaped.
    return orjson.dumps(texts)[2:-2].split(b'","') if texts else []


def _items_as_json(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return what each row of texts is in JSON, between its brackets."""
    told = orjson.dumps(rows).decode()[2:-2].split("],[") if rows else []
    if len(told) > len(rows):  # a text has such brackets itself
        told = [orjson.dumps(row).decode()[1:-1] for row in rows]
    return told


def _joined(pieces: Sequence[str], counts: Iterable[int]) -> Iterator[str]:
    """Yield so many of the pieces at a time, commas between them."""
    at = 0
    for count in counts:
        yield pieces[at] if count == 1 else ",".join(pieces[at : at + count])
        at += count


def _more(parts: Parts) -> list[str]:
    """Return what provenance tells of a draft that most have not: another anchor, an absence, a withheld source."""
    told = [""] * len(parts)
    for number in compress(range(len(parts)), parts.apart):
        told[number] = f',"anchor":{orjson.dumps(parts.anchors[number]).decode()}'
    for number, (absence, withheld) in enumerate(zip(parts.absences, parts.withheld, strict=True)):
        if absence is not None:
            told[number] += f',"absence":{orjson.dumps({"query": absence, "count": 0}).decode()}'
        if withheld is not None:
            told[number] += f',"withheld":{orjson.dumps(withheld).decode()}'
    return told


def _numbers(digits: Sequence[str]) -> "array[int]":
    """Return the numbers that texts of 16 hexadecimal digits stand for."""
    numbers = array("Q", bytes.fromhex("".join(digits)))
    if sys.byteorder == "little":
        numbers.byteswap()
    return numbers


def _single_spaced(text: str) -> str:
    """Return a text with every run of spaces as one, and none around it; most are so, which is told quicker."""
    spaced = text.strip() != text or "  " in text
    if not spaced and text.isascii():  # what else is a space there was refused as unprintable
        spaced = "\n" in text or "\t" in text or "\r" in text
    elif not spaced:
        spaced = not text.isprintable()
    return " ".join(text.split()) if spaced else text


def _hashed(digest: Any, *texts: str) -> Any:
    """Feed texts to a digest as :func:`content_id` does."""
    for text in texts:
        encoded = text.encode("utf-8", "surrogatepass")
        digest.update(len(encoded).to_bytes(8, "big") + encoded)
    return digest


def rights_fragment(rights: Rights) -> str:
    """Return what provenance says of rights, as JSON that is ready to be put into a line."""
    told = {"license": rights.license, "holder": rights.holder}
    return orjson.dumps(told | {"trainable": rights.trainable, "publishable": rights.publishable}).decode()
