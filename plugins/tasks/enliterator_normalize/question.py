# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""A question in the making."""

from datetime import date
from typing import Final

from enliterator_core import Query

#: as many are found where a question does not say how many
_LIMIT: Final = Query().limit


class Question:
    """A question in the making: its head, the parts of its query, what it rests on, and what says its limits.

    The head, and the tail, which says limits, are texts in pieces: names may still change. ``asked``, ``found`` and
    ``excluded`` are numbers of entities, ``relation`` the row of one; ``without`` holds queries for what is left out.
    ``opened`` says that it begins with a word that may be written with a capital letter.
    """

    # Most questions say few of these: what is not said is read from the class.
    terms: tuple[str, ...] = ()
    of: tuple[str, ...] = ()
    every: bool = False
    verbs: tuple[str, ...] = ()
    pools: tuple[str, ...] = ()
    licenses: tuple[str, ...] = ()
    after: str | None = None
    before: str | None = None
    rights: str | None = None
    limit: int = _LIMIT
    relation: int | None = None
    today: date | None = None
    opened: bool = True
    limited: bool = False
    limits: int = 0
    excluded: tuple[int, ...] = ()
    without: tuple[Query, ...] = ()
    _query: Query | None = None

    def __init__(self, head: list[str], asked: tuple[int, ...], found: int) -> None:
        self.head, self.asked, self.found = head, asked, found
        self.tail: list[str] = []

    def rests_on(self) -> tuple[int, ...]:
        """Return what is named, and what is found, each once."""
        named = self.asked + self.excluded
        return named if self.found in named else (*named, self.found)

    def query(self) -> Query:
        """Return the query, made when nothing is added any more."""
        if self._query is None:
            self._query = Query(
                self.terms,
                self.of,
                self.every,
                self.verbs,
                self.pools,
                self.licenses,
                self.after,
                self.before,
                self.rights,
                self.without,
                self.limit,
            )
        return self._query

    def add(self, tail: str) -> None:
        """Add what says one more limit."""
        self.tail.append(tail)
        self.limits += 1

    def leaves_out(self, part: str) -> bool:
        """Say whether something is left out by that part of a query."""
        for one in self.without:  # noqa: SIM110  a generator takes longer
            if getattr(one, part):
                return True
        return False
