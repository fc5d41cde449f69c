# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""A model's reading of a document, believed only as far as it can quote it.

Every entity and relation must come with a quote that stands in the text and has its names in it; all else is dropped
and counted. So a model can add to the graph what a reader would find, and nothing that the sources do not say.
"""

import json
import re
from typing import Any, Final

from attrs import define, field

from enliterator_core import (
    MASK,
    POOLS,
    VERBS,
    Candidate,
    Chat,
    ChatRequest,
    Claim,
    Document,
    Extraction,
    Reference,
    Source,
    Span,
    fold,
    json_answer,
    plain,
)

_CHUNK: Final = 8000
_PROSE: Final = frozenset({"heading", "paragraph", "item", "quote", "table"})
_ENTITY: Final = json_answer(pool=str, name=str, quote=str)
_RELATION: Final = json_answer(subject_pool=str, subject=str, verb=str, object_pool=str, object=str, quote=str)
SCHEMA: Final = json_answer(
    entities={"type": "array", "items": _ENTITY}, relations={"type": "array", "items": _RELATION}
)


def instructions() -> str:
    """Return the system prompt: the canon, and that everything needs a verbatim quote."""
    pools = "; ".join(f"{pool.name}: {pool.meaning}" for pool in POOLS.values())
    verbs = "; ".join(
        f"{verb.name} ({'|'.join(sorted(verb.sources)) if len(verb.sources) < len(POOLS) else 'any'} to "
        f"{'|'.join(sorted(verb.targets)) if len(verb.targets) < len(POOLS) else 'any'}): {verb.phrase}"
        for verb in VERBS.values()
        if verb.name != "co_occurs_with"
    )
    return (
        "Read the text and return as JSON the things it describes and the relations it states. "
        f"Pools: {pools}. Verbs: {verbs}. For each, quote the sentence that says so, letter by letter; every name "
        "must stand in its quote. Leave out whatever the text does not say."
    )


@define
class ModelReading:
    """Asks one model about documents; `calls` counts questions, `dropped` what it said without a quote that holds."""

    chat: Chat
    model: str
    calls: int = 0
    dropped: int = 0
    _found: dict[str, list[Any]] = field(factory=lambda: {"candidates": [], "claims": []}, init=False)

    def read(self, source: Source, document: Document) -> Extraction:
        """Return what the model found in the document's prose and could quote; ServiceError when it does not answer."""
        self._found = {"candidates": [], "claims": []}
        for start, end in chunks(document):
            text = document.text[start:end]
            messages = [{"role": "system", "content": instructions()}, {"role": "user", "content": text}]
            answer = self.chat.complete(ChatRequest(self.model, messages, SCHEMA))
            self.calls += 1
            self._take(answer.text, source, document, start, end)
        return Extraction(tuple(self._found["candidates"]), tuple(self._found["claims"]))

    def _take(self, answer: str, source: Source, document: Document, start: int, end: int) -> None:
        try:
            said = json.loads(answer)
        except ValueError:
            said = None
        if not isinstance(said, dict):
            self.dropped += 1
            return
        for kind, keep in (("entities", self._entity), ("relations", self._relation)):
            items = said.get(kind)
            for item in items if isinstance(items, list) else []:
                if not (isinstance(item, dict) and all(isinstance(value, str) for value in item.values())):
                    self.dropped += 1
                    continue
                span = locate(document.text, item.get("quote", ""), start, end)
                if span is None or not keep(item, Span(source.path, *span)):
                    self.dropped += 1

    def _entity(self, item: dict[str, str], span: Span) -> bool:
        if item.get("pool") not in POOLS or not _stands_in(item.get("name", ""), item["quote"]):
            return False
        candidate = Candidate(item["pool"], item["name"].strip(), "", plain(item["quote"]), (), (span,))
        self._found["candidates"].append(candidate)
        return True

    def _relation(self, item: dict[str, str], span: Span) -> bool:
        verb = VERBS.get(item.get("verb", ""))
        pools = item.get("subject_pool", ""), item.get("object_pool", "")
        names = item.get("subject", ""), item.get("object", "")
        if verb is None or verb.symmetric or not verb.joins(*pools):
            return False
        if not all(_stands_in(name, item["quote"]) for name in names):
            return False
        ends = [Reference(pool, name.strip()) for pool, name in zip(pools, names, strict=True)]
        self._found["claims"].append(Claim(ends[0], verb.name, ends[1], (span,), confidence=0.8))
        return True


def chunks(document: Document) -> list[tuple[int, int]]:
    """Return the ranges of prose that are asked about one by one: whole blocks, up to some thousand characters."""
    found: list[tuple[int, int]] = []
    for block in document.blocks:
        if block.kind not in _PROSE:
            continue
        if found and block.end - found[-1][0] <= _CHUNK:
            found[-1] = (found[-1][0], max(found[-1][1], block.end))
        else:
            found.append((block.start, min(block.end, block.start + 4 * _CHUNK)))
    return found


def locate(text: str, quote: str, start: int, end: int) -> tuple[int, int] | None:
    """Return where a quote stands between two positions, spaces aside; None when it does not, or hides a secret."""
    words = quote.split()
    if len(words) < 2 or MASK in quote:
        return None
    match = re.compile(r"\s+".join(re.escape(word) for word in words)).search(text, start, end)
    return (match.start(), match.end()) if match else None


def _stands_in(name: str, quote: str) -> bool:
    """Say whether a name stands in a quote as whole words."""
    folded = fold(name)
    return bool(folded) and re.search(rf"(?<!\w){re.escape(folded)}(?!\w)", fold(plain(quote))) is not None
