# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Queries as the task answers with them: their JSON and its schema."""

from collections.abc import Sequence
from functools import lru_cache
from json.encoder import encode_basestring
from typing import Any, Final

from enliterator_core import POOLS, VERBS, Query, json_answer
from enliterator_normalize.question import Question

_VERBS: Final = list(dict.fromkeys(name for verb in VERBS.values() for name in (verb.name, verb.reverse)))
_TEXTS: Final = {"type": "array", "items": {"type": "string"}}
_POOLS: Final = {"type": "array", "items": {"enum": list(POOLS)}}
_EXCLUDED: Final[dict[str, Any]] = {
    "terms": _TEXTS,
    "of": _TEXTS,
    "verbs": {"type": "array", "items": {"enum": _VERBS}},
    "pools": _POOLS,
    "licenses": _TEXTS,
}

SCHEMA: Final = json_answer(
    terms=_TEXTS,
    of=_TEXTS,
    every=bool,
    verbs={"type": "array", "items": {"enum": _VERBS}},
    pools=_POOLS,
    licenses=_TEXTS,
    after=str | None,
    before=str | None,
    rights={"enum": ["trainable", "publishable", None]},
    without={
        "type": "array",
        "items": {"type": "object", "properties": _EXCLUDED, "additionalProperties": False, "minProperties": 1},
    },
    limit={"type": "integer", "minimum": 1, "maximum": 100},
)


def _list(texts: Sequence[str]) -> str:
    if len(texts) == 1:
        return f"[{encode_basestring(texts[0])}]"
    return f"[{', '.join(map(encode_basestring, texts))}]" if texts else "[]"


def _text(text: str | None) -> str:
    return encode_basestring(text) if text else "null" if text is None else '""'


def _excluded(query: Query) -> str:
    """Write a query by which something is left out: only what it says."""
    if query.terms:
        return f'{{"terms": {_list(query.terms)}}}'
    if query.of:
        return f'{{"of": {_list(query.of)}, "verbs": {_list(query.verbs)}}}'
    if query.verbs:
        return f'{{"verbs": {_list(query.verbs)}}}'
    return f'{{"pools": {_list(query.pools)}}}' if query.pools else f'{{"licenses": {_list(query.licenses)}}}'


@lru_cache(1 << 12)
def _limits(
    verbs: Sequence[str],
    pools: Sequence[str],
    licenses: Sequence[str],
    after: str | None,
    before: str | None,
    rights: str | None,
) -> str:
    """Write what limits a query: few limits are said again and again."""
    return (
        f'"verbs": {_list(verbs)}, "pools": {_list(pools)}, "licenses": {_list(licenses)},'
        f' "after": {_text(after)}, "before": {_text(before)}, "rights": {_text(rights)}'
    )


def written(query: Query | Question) -> str:
    """Write a query, or that of a question, as JSON, its parts in the order of the schema."""
    terms, of = query.terms, query.of
    limits = _limits(query.verbs, query.pools, query.licenses, query.after, query.before, query.rights)
    without = ", ".join(map(_excluded, query.without)) if query.without else ""
    return (
        f'{{"terms": {_list(terms) if terms else "[]"}, "of": {_list(of) if of else "[]"},'
        f' "every": {"true" if query.every else "false"}, {limits}, "without": [{without}], "limit": {query.limit}}}'
    )
