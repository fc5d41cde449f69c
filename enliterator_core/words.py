# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Full-text search over names, surface forms and texts, by SQLite's FTS5 and its bm25 ranking.

Every storage that ranks with this finds the same in the same order, so that the same graph gives the same dataset
wherever it is kept. The index stands in any SQLite database, a graph's own or one beside it.

A query's words are taken out of it and quoted one by one, so that nothing in it is read as FTS5 syntax. Every word
must match; when that finds nothing, every word but the most common ones must; when that finds nothing, any of those.
"""

import sqlite3
from collections.abc import Sequence
from typing import Any, Final
from unicodedata import category

WORD_TABLES: Final = """
CREATE TABLE indexed (row INTEGER PRIMARY KEY, node INTEGER NOT NULL);
CREATE VIRTUAL TABLE words USING fts5(
    name, forms, texts, content='', tokenize='porter unicode61 remove_diacritics 2'
);
"""
"""The tables of the index, beside `node` and `term`."""

_FILL: Final = (
    "DELETE FROM indexed",
    "INSERT INTO words(words) VALUES ('delete-all')",
    "INSERT INTO indexed (node) SELECT id FROM node ORDER BY id",
    "INSERT INTO words (rowid, name, forms, texts)"
    " SELECT row, node.name, (SELECT group_concat(value, ' ') FROM json_each(term.surface_forms)),"
    " node.description || ' ' || node.repr_text"
    " FROM indexed JOIN node ON node.id = indexed.node LEFT JOIN term ON term.entity = node.id ORDER BY row",
    # One piece of index instead of several: a search takes half the time.
    "INSERT INTO words(words) VALUES ('optimize')",
)

WEIGHTS: Final = (10.0, 5.0, 1.0)
"""How much a word counts in the name, in a surface form, in the description and text."""

MOST_WORDS: Final = 200
"""Distinct words of a query that are looked at: beyond any question, within what FTS5 reads as one expression."""

_SCORE: Final = f", -bm25(words, {', '.join(map(str, WEIGHTS))}) AS score"
_BEST_FIRST: Final = " ORDER BY score DESC, words.rowid"

_COMMON: Final = (
    "a about all also an and any are as at be been but by can could did do does for from had has have he her his "
    "how i if in into is it its just me more most my no not of on or our out she should so some such than that the "
    "their them then there these they this those to up us was we were what when where which while who whom why will "
    "with would you your"
)
"""The commonest words of English, which say little and cost most of the time."""

_STOP: Final = frozenset(_COMMON.split())


def words_of(query: str) -> list[str]:
    """Return the distinct words of a query, case folded, in their order: runs of letters, digits and marks."""
    # Nearly every query has nothing but letters, digits and blanks in it.
    plain = query.replace(" ", "").isalnum()
    spaced = query if plain else "".join(one if category(one)[0] in "LNM" else " " for one in query)
    return list(dict.fromkeys(spaced.casefold().split()))[:MOST_WORDS]


def expressions(query: str) -> list[str]:
    """Return the FTS5 expressions to try in turn; none when the query has no word."""
    words = words_of(query)
    content = words if _STOP.isdisjoint(words) else [word for word in words if word not in _STOP] or words
    tried = [_quoted(words, " AND "), _quoted(content, " AND "), _quoted(content, " OR ")]
    return list(dict.fromkeys(tried)) if words else []


def _quoted(words: Sequence[str], operator: str) -> str:
    return '"' + f'"{operator}"'.join(words) + '"'


def fill_words(connection: sqlite3.Connection) -> None:
    """Fill the index anew from the tables `node (id, name, description, repr_text)` and `term (entity, surface_forms)`.

    Its rows are dense and in the order of ids, which keeps it small and makes ties come by id.
    """
    for statement in _FILL:
        connection.execute(statement)


def find_words(
    connection: sqlite3.Connection, query: str, pools: Sequence[int] | None, limit: int
) -> list[tuple[int, float]]:
    """Return the numbers and scores of the entities that a query finds, best first, ties by id.

    ``pools`` are the codes of the pools to look in, None for all. ``limit`` below 1 finds nothing.
    """
    return _found(connection, query, _statement(_SCORE, _BEST_FIRST, pools), max(limit, 0))


def find_few(connection: sqlite3.Connection, query: str, pools: Sequence[int] | None, limit: int) -> list[int] | None:
    """Return the numbers of what :func:`find_words` finds, in no order; None where the limit leaves any of it out.

    Ranking what is found takes longer than finding it, and where all of it is told nothing depends on that.
    """
    found = _found(connection, query, _statement("", "", pools), max(limit, 0) + 1)
    return [number for (number,) in found] if len(found) <= limit else None


def _found(connection: sqlite3.Connection, query: str, statement: str, limit: int) -> list[Any]:
    for expression in expressions(query):
        if found := connection.execute(statement, (expression, limit)).fetchall():
            return found
    return []


def _statement(score: str, order: str, pools: Sequence[int] | None) -> str:
    """Return the statement that finds entities by an expression, so many at most."""
    among = "" if pools is None else f" AND node.pool IN ({', '.join(str(int(pool)) for pool in pools)})"
    join = "" if pools is None else " JOIN node ON node.id = indexed.node"
    return (
        f"SELECT indexed.node{score} FROM words JOIN indexed ON indexed.row = words.rowid{join}"
        f" WHERE words MATCH ?{among}{order} LIMIT ?"
    )
