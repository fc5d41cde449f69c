# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""One error base: what, where and what to do next, with the exit code that tells the kind."""

from collections.abc import Iterable
from typing import ClassVar

from attrs import frozen


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return ``; did you mean X?`` for the known word that is nearest, or nothing where none is near."""
    import difflib

    near = difflib.get_close_matches(word, sorted(known), n=1, cutoff=0.6)
    return f"; did you mean {near[0]}?" if near else ""


class EnliteratorError(Exception):
    """Something that a person can act on.

    `message` is one line that says what and where; `hint` is one line that says what to do next.
    `exit_code` is what the command line ends with: 1 handled failures, 2 usage, 3 a gate said no,
    4 a provider, a server or the machine failed, 130 interrupted.
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return self.message if self.hint is None else f"{self.message}\n  {self.hint}"


class UsageError(EnliteratorError):
    """The call or its arguments are wrong."""

    exit_code = 2


@frozen
class Problem:
    """One thing wrong in a configuration: its `path` in the file and what is wrong there."""

    path: str
    message: str


class ConfigurationError(UsageError):
    """Everything that is wrong in one configuration, all at once."""

    def __init__(self, where: str, problems: list[Problem]) -> None:
        self.where = where
        self.problems = problems
        width = max((len(problem.path) for problem in problems), default=0)
        lines = [f"  {problem.path:<{width}}  {problem.message}" for problem in problems]
        count = f"{len(problems)} problem{'s' if len(problems) != 1 else ''}"
        super().__init__("\n".join([f"{where}: {count}", *lines]))


class GateError(EnliteratorError):
    """A gate said no: the work was sound, the result is not good enough to go on."""

    exit_code = 3


class ServiceError(EnliteratorError):
    """A provider, a server, the storage or the machine failed."""

    exit_code = 4


class RejectedError(ServiceError):
    """A provider said no: nothing was made or changed there, and asking again the same way will not help."""


class RefusedError(EnliteratorError):
    """One input is refused by name; the rest goes on."""


class InterruptedBuild(EnliteratorError):
    """A person stopped the work; what is done is kept."""

    exit_code = 130
