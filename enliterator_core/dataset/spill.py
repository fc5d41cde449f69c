# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Accepted examples on their way to the files: their lines and texts, and what is decided by in columns.

An example is never held as an object: its line of chat, its line of provenance and its text go to files at once, and so
does the row of numbers that splits, cleaning and balance need to know of it.
"""

from collections.abc import Sequence
from hashlib import blake2b
from itertools import chain
from pathlib import Path
from typing import Any, Final

import orjson

from enliterator_core.contracts.task_type import Draft
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
        self._task = b'","task":%b,"group":"' % orjson.dumps(task)
        self._chat = b'{"messages":[%s,{"role":"user","content":' % orjson.dumps({"role": "system", "content": system})
        self._starts: dict[str, bytes] = {}

    def add(
        self,
        drafts: Sequence[Draft],
        words: Sequence[str],
        groups: Sequence[str],
        rights: Sequence[int],
        fragments: Sequence[bytes],
    ) -> None:
        """Append drafts with their verifier's words, their groups, and the places of their rights in the fragments."""
        dumps, start, chat, joined = orjson.dumps, self._start, self._chat, b"".join
        ids: list[str] = []
        chats: list[bytes] = []
        proofs: list[bytes] = []
        texts: list[bytes] = []
        for draft, said, group, right in zip(drafts, words, groups, rights, strict=True):
            user, answer = draft.user, draft.assistant
            asked, answered = user.encode(), answer.encode()
            digest = start.copy()
            digest.update(joined((len(asked).to_bytes(8), asked, len(answered).to_bytes(8), answered)))
            id = digest.hexdigest()
            ids.append(id)
            chats.append(joined((chat, dumps(user), b'},{"role":"assistant","content":', dumps(answer), b"}]}\n")))
            proofs.append(self._provenance(draft, id, group, fragments[right], said))
            texts.append(joined((asked, b"\n", answered)))
        self._lines.write(joined(chain.from_iterable(zip(chats, proofs, strict=True))))
        self._texts.write(joined(texts))
        extend = self._columns.extend
        extend("id", [int(id, 16) for id in ids])
        extend("group", [int(group, 16) for group in groups])
        extend("chat", map(len, chats))
        extend("proof", map(len, proofs))
        extend("text", map(len, texts))
        extend("rights", rights)

    def _provenance(self, draft: Draft, id: str, group: str, rights: bytes, said: str) -> bytes:
        """Return a draft's line of provenance, without its split and line."""
        dumps, starts, spans = orjson.dumps, self._starts, []
        for span in draft.spans:
            source = span.source
            if source not in starts:
                if len(starts) >= _KEPT_PATHS:
                    starts.clear()
                starts[source] = b'{"source":%b,"start":' % dumps(source)
            spans.append(b'%b%d,"end":%d}' % (starts[source], span.start, span.end))
        entities = draft.entities
        parts = [
            b'{"id":"',
            id.encode(),
            self._task,
            group.encode(),
            b'","entities":',
            dumps(entities),
            b',"relations":',
            dumps(draft.relations),
            b',"spans":[',
            b",".join(spans),
            b'],"rights":',
            rights,
            b',"verifier":',
            dumps(said),
        ]
        if draft.anchor not in entities:
            parts += (b',"anchor":', dumps(draft.anchor))
        if draft.absence is not None:
            parts += (b',"absence":', dumps({"query": draft.absence, "count": 0}))
        if draft.withheld is not None:
            parts += (b',"withheld":', dumps(draft.withheld))
        parts.append(b"}\n")
        return b"".join(parts)

    def note(
        self, drafts: Sequence[Draft], regions: Sequence[int], tokens: Sequence[int], sources: dict[str, int]
    ) -> None:
        """Keep what is decided by of the drafts that were added last; ``sources`` are the codes of paths."""
        extend = self._columns.extend
        extend("region", regions)
        extend("tokens", tokens)
        given = [_single_spaced(draft.user) for draft in drafts]
        extend("given", map(hash, given))
        extend("said", [hash(draft.assistant.strip()) for draft in drafts])
        folded = [text.casefold().rstrip(" .?!") for text in given]
        extend("twin", [hash((text, draft.assistant)) for text, draft in zip(folded, drafts, strict=True)])
        extend("spans", [len(draft.spans) for draft in drafts])
        spans = [span for draft in drafts for span in draft.spans]
        extend("source", [sources[span.source] for span in spans])
        extend("start", [span.start for span in spans])
        extend("end", [span.end for span in spans])
        self._count += len(drafts)

    def __len__(self) -> int:
        return self._count

    def close(self) -> None:
        """Write what is left."""
        self._lines.close()
        self._texts.close()
        self._columns.close()


def texts_beside(path: Path) -> Path:
    """Return where the texts are of the examples whose lines are in a file."""
    return path.with_name(f"{path.name}.texts")


def _single_spaced(text: str) -> str:
    """Return a text with every run of spaces as one, and none around it; most are so, which is told quicker."""
    spaced = "  " in text or text[:1] == " " or text[-1:] == " " or not text.isprintable()
    return " ".join(text.split()) if spaced else text


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
