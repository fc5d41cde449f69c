# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Text that may hold any character, also in PostgreSQL, whose text cannot hold the character 0."""

from collections.abc import Callable
from typing import Any, Final

from sqlalchemy import Dialect, Text
from sqlalchemy.types import TypeDecorator

_MARK: Final = "\ue000"  # a private character, of no meaning of its own
_ZERO: Final = _MARK + "0"
_ITSELF: Final = _MARK + "1"


def _written(value: str | None) -> str | None:
    if value is None or ("\0" not in value and _MARK not in value):
        return value
    return value.replace(_MARK, _ITSELF).replace("\0", _ZERO)


def _read(value: str | None) -> str | None:
    return value.replace(_ZERO, "\0").replace(_ITSELF, _MARK) if value and _MARK in value else value


class AnyText(TypeDecorator[str]):
    """Text as it is; in PostgreSQL the character 0 is written as a private one and 0, and that one as itself and 1."""

    impl = Text
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any] | None:
        """Return what makes a value fit for the database, None where nothing has to be done."""
        return _written if dialect.name == "postgresql" else None

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any] | None:
        """Return what makes a value of the database what it was, None where nothing has to be done."""
        return _read if dialect.name == "postgresql" else None
