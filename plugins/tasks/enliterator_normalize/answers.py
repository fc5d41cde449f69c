# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Queries as the task answers with them: their JSON and its schema."""

from collections.abc import Iterable
from json.encoder import encode_basestring
from typing import Any, Final

from enliterator_core import POOLS, VERBS, Query, json_answer

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


def _list(texts: Iterable[str]) -> str:
    return f"[{', '.join(map(encode_basestring, texts))}]" if texts else "[]"


def _text(text: str | None) -> str:
    return encode_basestring(text) if text else "null" if text is None else '""'


def _excluded(query: Query) -> str:
    """Write a query by which something is left out: only what it says."""
    said = [f'"{name}": {_list(texts)}' for name in _EXCLUDED if (texts := getattr(query, name))]
    return f"{{{', '.join(said)}}}"


def written(query: Query) -> str:
    """Write a query as JSON, its parts in the order of the schema."""
    without = ", ".join(map(_excluded, query.without)) if query.without else ""
    return (
        f'{{"terms": {_list(query.terms)}, "of": {_list(query.of)}, "every": {"true" if query.every else "false"},'
        f' "verbs": {_list(query.verbs)}, "pools": {_list(query.pools)}, "licenses": {_list(query.licenses)},'
        f' "after": {_text(query.after)}, "before": {_text(query.before)}, "rights": {_text(query.rights)},'
        f' "without": [{without}], "limit": {query.limit}}}'
    )
