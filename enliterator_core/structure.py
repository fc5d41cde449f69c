# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Settings from TOML values, strictly: nothing is coerced, and everything that is wrong is told at once, with its path.

What fits what: a boolean only `bool`, an integer `int` and (where exact) `float`, a string `str`, `Path` and a
`Literal` that lists it, an array a list, tuple or set, a table a dict or an attrs class.
"""

import re
import types
import typing
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import attrs

from enliterator_core.errors import Problem, did_you_mean

_WORDS: dict[Any, str] = {
    bool: "a boolean",
    int: "an integer",
    float: "a float",
    str: "a string",
    Path: "a string",
    list: "an array",
    dict: "a table",
    types.NoneType: "nothing",
}
_ARRAYS: dict[Any, Any] = {list: list, tuple: tuple, set: set, frozenset: frozenset, Sequence: tuple}
_TABLES = (dict, Mapping)
_BOUND = re.compile(r"'\w+' must be (<=|<|>=|>) (.+): .+")
_BEYOND = {"<=": "is more than", "<": "is not less than", ">=": "is less than", ">": "is not more than"}

Outcome = tuple[Any, list[Problem]]


def settable(cls: type) -> dict[str, "attrs.Attribute[Any]"]:
    """Return the fields of a class that a file may set: the public ones that its constructor takes, by name."""
    fields = attrs.fields(cls) if attrs.has(cls) else ()
    return {one.name: one for one in fields if one.init and not one.name.startswith("_")}


def default_of(attribute: "attrs.Attribute[Any]") -> Any:
    """Return a field's default, made by its factory where it has one; NOTHING for a required field."""
    default: Any = attribute.default
    if not hasattr(default, "takes_self"):  # only attrs.Factory has that
        return default
    return attrs.NOTHING if default.takes_self else default.factory()


def shown(value: Any) -> str:
    """Return a value as TOML would write it, cut to 60 characters."""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = f'"{value}"' if isinstance(value, str) else str(value)
    if attrs.has(type(value)):
        value = attrs.asdict(value, recurse=False)
    if isinstance(value, Mapping):
        text = f"{{ {', '.join(f'{key} = {shown(one)}' for key, one in value.items())} }}"
    return text if len(text) <= 60 else text[:57] + "..."


def words_of(kind: Any) -> str:
    """Return what a type is called in a message."""
    origin = get_origin(kind)
    if origin in (typing.Union, types.UnionType):
        return " or ".join(words_of(one) for one in get_args(kind) if one is not types.NoneType)
    if origin is Literal:
        return "one of " + ", ".join(shown(one) for one in get_args(kind))
    plain = origin or kind
    if plain in _ARRAYS:
        return "an array"
    if plain in _TABLES or attrs.has(plain):
        return "a table"
    return _WORDS.get(plain) or f"a {getattr(plain, '__name__', plain)}"


def type_of(cls: type, name: str) -> str:
    """Return what the type of a class's field is called."""
    return words_of(typing.get_type_hints(cls).get(name, Any))


def structure(value: Any, kind: Any, path: str) -> Outcome:
    """Return the value as `kind` and no problems, or anything and the problems, each with its path below `path`."""
    origin = get_origin(kind) or kind
    arguments = get_args(kind)
    if kind is Any or kind is object:
        return value, []
    if origin is typing.Annotated:
        return structure(value, arguments[0], path)
    if origin in (typing.Union, types.UnionType):
        return _one_of(value, kind, path)
    if origin is Literal:
        if any(value == one and type(value) is type(one) for one in arguments):
            return value, []
        hint = did_you_mean(value, [str(one) for one in arguments]) if isinstance(value, str) else ""
        return value, [Problem(path, f"{shown(value)} is not {words_of(kind)}{hint}")]
    if origin in _ARRAYS and isinstance(value, list):
        return _array(value, _ARRAYS[origin], arguments, path)
    if origin in _TABLES and isinstance(value, dict):
        return _table(value, arguments[1] if arguments else Any, path)
    if isinstance(value, dict) and attrs.has(origin):
        return _nested(value, origin, path)
    if kind is Path and isinstance(value, str):
        return Path(value), []
    if type(value) is kind:
        return value, []
    if kind is float and type(value) is int and abs(value) <= 2**53:
        return float(value), []
    return value, [Problem(path, f"{shown(value)} is {words_of(type(value))}, not {words_of(kind)}")]


def _one_of(value: Any, kind: Any, path: str) -> Outcome:
    members = [one for one in get_args(kind) if one is not types.NoneType]
    outcomes = [structure(value, one, path) for one in members]
    for outcome in outcomes:
        if not outcome[1]:
            return outcome
    if len(outcomes) == 1:
        return outcomes[0]
    return value, [Problem(path, f"{shown(value)} is {words_of(type(value))}, not {words_of(kind)}")]


def _array(values: list[Any], make: Any, arguments: tuple[Any, ...], path: str) -> Outcome:
    fixed = make is tuple and bool(arguments) and arguments[-1] is not ...
    if fixed and len(values) != len(arguments):
        return values, [Problem(path, f"has {len(values)} values, not {len(arguments)}")]
    kinds = arguments if fixed else [arguments[0] if arguments else Any] * len(values)
    parts = [structure(one, kinds[at], f"{path}[{at}]") for at, one in enumerate(values)]
    problems = [problem for _, wrong in parts for problem in wrong]
    return (values if problems else make(part for part, _ in parts)), problems


def _table(values: dict[str, Any], kind: Any, path: str) -> Outcome:
    parts = {key: structure(one, kind, f"{path}.{key}") for key, one in values.items()}
    return {key: part for key, (part, _) in parts.items()}, [
        problem for _, wrong in parts.values() for problem in wrong
    ]


def _nested(values: dict[str, Any], cls: type, path: str) -> Outcome:
    unknown = unknown_keys(values, settable(cls), path)
    known = {key: (f"{path}.{key}", value) for key, value in values.items() if key in settable(cls)}
    made, problems = make(cls, known, path)
    return made, unknown + problems


def unknown_keys(
    values: Mapping[str, Any], known: Mapping[str, Any], path: str, word: str = "setting"
) -> list[Problem]:
    """Return a problem for every key that is not among the known ones."""
    start = f"{path}." if path else ""
    return [Problem(f"{start}{key}", f"unknown {word}{did_you_mean(key, known)}") for key in values if key not in known]


def make(cls: type, values: Mapping[str, tuple[str, Any]], path: str) -> Outcome:
    """Return an instance made of values, each with the path that it came from, or None and all that is wrong.

    Types are checked first, then every field's validators (each sees the others' values), then the constructor.
    """
    fields = settable(cls)
    try:
        hints = typing.get_type_hints(cls) if fields else {}
    except Exception as error:  # noqa: BLE001  an annotation may be any text; it becomes a problem
        return None, [Problem(path, f"the types of {cls.__name__} cannot be told: {_first_line(error)}")]
    outcomes: dict[str, Outcome] = {}
    for name, attribute in fields.items():
        if name in values:
            place, value = values[name]
            # A converter says itself what it takes, so the type of the field is not asked of the value.
            outcomes[name] = structure(value, Any if attribute.converter else hints.get(name, Any), place)
        elif attribute.default is attrs.NOTHING:
            outcomes[name] = None, [Problem(f"{path}.{name}", f"is required: {words_of(hints.get(name, Any))}")]
    good = {name: value for name, (value, wrong) in outcomes.items() if not wrong}
    probe = _probe(cls, good)
    problems = []
    for name, (value, wrong) in outcomes.items():
        message = _validate(probe, fields[name], value, values[name][1]) if name in good else None
        problems += [Problem(values[name][0], message)] if message else wrong
    if problems:
        return None, problems
    try:
        return cls(**{fields[name].alias or name: value for name, value in good.items()}), []
    except Exception as error:  # noqa: BLE001  an author's code may raise anything; it becomes a problem
        return None, [Problem(path, f"{cls.__name__}: {_first_line(error)}")]


def _probe(cls: type, good: Mapping[str, Any]) -> Any:
    """Return an instance that no constructor has seen, with the good values and the defaults, for validators to see."""
    probe: Any = object.__new__(cls)
    for name, attribute in settable(cls).items():
        value = good.get(name, default_of(attribute))
        if value is not attrs.NOTHING:
            object.__setattr__(probe, name, value)
    return probe


def _validate(probe: Any, attribute: "attrs.Attribute[Any]", value: Any, written: Any) -> str | None:
    """Return what a field's validators have against its value, in plain words."""
    if attribute.validator is None or attribute.converter:
        return None
    try:
        attribute.validator(probe, attribute, value)
    except AttributeError:
        return None  # it looks at another field that is wrong or not made yet; the constructor asks it again
    except Exception as error:  # noqa: BLE001  a validator may raise anything; it becomes a problem
        line = _first_line(error)
        bound = _BOUND.fullmatch(line)
        words = f"{shown(written)} {_BEYOND[bound[1]]} {bound[2]}" if bound else line
        return words.removeprefix(f"'{attribute.name}' ")
    return None


def _first_line(error: Exception) -> str:
    text = str(error.args[0]) if error.args else ""
    return text.strip().partition("\n")[0] or type(error).__name__
