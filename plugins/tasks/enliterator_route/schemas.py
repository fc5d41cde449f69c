# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Parameters checked against a tool's JSON Schema, many thousand times a second.

Where a schema says nothing but what is understood here, a few comparisons stand for it; anything else is checked by
jsonschema, whose validator is made once.
"""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from operator import call
from typing import Any, Final

Check = Callable[[Any], bool]
_TELLS: Final = {"title", "description", "default", "examples", "format", "$comment", "deprecated"}
_OBJECT: Final = _TELLS | {"type", "properties", "required", "additionalProperties"}
_STRING: Final = _TELLS | {"type", "enum", "minLength", "maxLength", "pattern"}
_ENUM: Final = _TELLS | {"enum"}
_WHOLE: Final = _TELLS | {"type", "minimum", "maximum"}


def check_of(schema: Mapping[str, Any]) -> Check:
    """Return what says whether a value fits a schema, as JSON Schema 2020-12 has it; formats are not checked."""
    if _is_plain(schema):
        return _object(schema)
    texts = set(schema) <= _ENUM and "enum" in schema and all(isinstance(one, str) for one in schema["enum"])
    if texts or (set(schema) <= _STRING and schema.get("type") == "string"):
        return _string(schema)
    if set(schema) <= _WHOLE and schema.get("type") == "integer":
        return _whole(schema)
    from jsonschema import Draft202012Validator

    validator = Draft202012Validator(dict(schema))
    return lambda value: bool(validator.is_valid(value))


def _is_plain(schema: Mapping[str, Any]) -> bool:
    """Say whether a schema is one of an object that says no more than what each of its known properties is."""
    return set(schema) <= _OBJECT and schema.get("type") == "object" and schema.get("additionalProperties") is False


def check_of_some(schema: Mapping[str, Any], keys: Sequence[str]) -> Check:
    """Return what says of an object with just these keys, in this order, whether it fits a schema.

    Where the object lacks keys that the schema requires, nothing is said of that.
    """
    if not _is_plain(schema):
        return check_of(schema if set(schema.get("required", ())) <= set(keys) else {**schema, "required": []})
    checks = tuple(check_of(schema["properties"][key]) for key in keys)
    return lambda value: all(map(call, checks, value.values()))


def _object(schema: Mapping[str, Any]) -> Check:
    checks = {key: check_of(one) for key, one in schema.get("properties", {}).items()}
    required = tuple(schema.get("required", ()))

    def fits(value: Any) -> bool:
        if not isinstance(value, dict):
            return False
        for key in required:
            if key not in value:
                return False
        for key, one in value.items():
            check = checks.get(key)
            if check is None or not check(one):
                return False
        return True

    return fits


def _string(schema: Mapping[str, Any]) -> Check:
    least, most = schema.get("minLength", 0), schema.get("maxLength", math.inf)
    options = frozenset(one for one in schema["enum"] if isinstance(one, str)) if "enum" in schema else None
    pattern = re.compile(schema["pattern"]) if "pattern" in schema else None
    if options is None and pattern is None:
        return lambda value: isinstance(value, str) and least <= len(value) <= most

    def fits(value: Any) -> bool:
        return (
            isinstance(value, str)
            and least <= len(value) <= most
            and (options is None or value in options)
            and (pattern is None or pattern.search(value) is not None)
        )

    return fits


def _whole(schema: Mapping[str, Any]) -> Check:
    least, most = schema.get("minimum"), schema.get("maximum")

    def fits(value: Any) -> bool:
        whole = isinstance(value, int) or (isinstance(value, float) and value.is_integer())
        return whole and value is not True and value is not False and _within(value, least, most)

    return fits


def _within(value: float, least: float | None, most: float | None) -> bool:
    return (least is None or value >= least) and (most is None or value <= most)
