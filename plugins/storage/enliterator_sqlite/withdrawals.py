# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Withdrawn sources in the records' database, and the step that brought their table."""

import orjson
from attrs import evolve
from sqlalchemy import Column, Connection, ForeignKey, Integer, MetaData, Table, Text, insert, select

from enliterator_core import ServiceError, Withdrawal
from enliterator_sqlite.database import Database, to_json
from enliterator_sqlite.tables import WITHDRAWAL


def withdrawn_sources(connection: Connection) -> None:
    """Sources that were withdrawn, and what had been made from them by then."""
    tables = MetaData()
    Table(
        "withdrawal",
        tables,
        Column("id", Integer, primary_key=True),
        Column("at", Text, nullable=False),
        Column("who", Text, nullable=False),
        Column("reason", Text, nullable=False),
        Column("places", Text, nullable=False),
        Column("sha256", Text),
        Column("named", Text, nullable=False),
        Column("undoes", Integer, ForeignKey("withdrawal.id"), unique=True),
        sqlite_autoincrement=True,
    )
    tables.create_all(connection)


class Withdrawals(Database):
    """What was withdrawn, by whom and why; rows are appended and never changed."""

    def add_withdrawal(self, withdrawal: Withdrawal) -> Withdrawal:
        """Append a withdrawal, or what takes one back; return it numbered."""
        values = {
            "at": withdrawal.at,
            "who": withdrawal.who,
            "reason": withdrawal.reason,
            "places": to_json([list(place) for place in withdrawal.places]),
            "sha256": withdrawal.sha256,
            "named": to_json(withdrawal.named),
            "undoes": withdrawal.undoes,
        }
        table = WITHDRAWAL.c
        with self._writing() as connection:
            if withdrawal.undoes is not None:
                known = connection.execute(select(table.undoes).where(table.id == withdrawal.undoes)).one_or_none()
                again = connection.execute(select(table.id).where(table.undoes == withdrawal.undoes)).one_or_none()
                if known is None or known.undoes is not None or again is not None:
                    message = f"there is no withdrawal {withdrawal.undoes} to take back"
                    raise ServiceError(message, hint="enliterator withdraw lists those that there are")
            id = connection.execute(insert(WITHDRAWAL).values(values).returning(table.id)).scalar_one()
        return evolve(withdrawal, id=id)

    def withdrawals(self) -> list[Withdrawal]:
        """Every withdrawal and what took one back, oldest first."""
        with self._reading() as connection:
            rows = connection.execute(select(WITHDRAWAL).order_by(WITHDRAWAL.c.id)).mappings().all()
        return [
            Withdrawal(
                **{
                    **row,
                    "places": tuple((batch, path) for batch, path in orjson.loads(row["places"])),
                    "named": orjson.loads(row["named"]),
                }
            )
            for row in rows
        ]
