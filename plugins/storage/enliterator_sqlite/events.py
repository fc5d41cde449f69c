# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Events that wait for a worker, in the records' database: kept once, claimed with a lease, settled by the claimant.

What is open (not settled) has indexes of its own, so that claims stay quick however long the history grows.
"""

import secrets
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, Final

import attrs
from sqlalchemy import Connection, Insert, and_, exists, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from enliterator_core import CLAIMED, OURS, WAITING, EventTotal, ServiceError, WebhookEvent
from enliterator_sqlite.database import Database, to_json
from enliterator_sqlite.tables import EVENT

_ROW: Final = EVENT.c
_COLUMNS: Final = tuple(_ROW[one.name] for one in attrs.fields(WebhookEvent))
_EARLIER: Final = EVENT.alias("earlier")


def moment(after: float = 0.0) -> str:
    """Return the time in `after` seconds: ISO 8601, UTC, to the millisecond, so that texts compare as times do."""
    return (datetime.now(UTC) + timedelta(seconds=after)).isoformat(timespec="milliseconds")


@cache
def _keep(dialect: str) -> Insert:
    made = postgresql.insert(EVENT) if dialect == "postgresql" else sqlite.insert(EVENT)
    return made.on_conflict_do_nothing(index_elements=["queue", "webhook_id"]).returning(_ROW.number)


def keep_events(connection: Connection, events: Sequence[WebhookEvent]) -> list[int | None]:
    """Keep events within the caller's transaction; return the number of each, None where it was known."""
    numbers: list[int | None] = []
    for event in events:
        at = moment()
        values = {
            "queue": event.queue,
            "webhook_id": event.webhook_id,
            "type": event.type,
            "subject": event.subject,
            "body": event.body,
            "received_at": event.received_at or at,
            "due_at": at,
        }
        statement = _keep(connection.dialect.name)
        numbers.append(connection.execute(statement, values).scalar_one_or_none())
    return numbers


def keep_ours(connection: Connection, type: str, subject: str, data: Mapping[str, Any]) -> WebhookEvent:
    """Keep an event of our own within the transaction of what it tells of; return it.

    Its id is random, not derived: it must be unique at whoever is sent it, whatever workspaces they hear from.
    """
    event = WebhookEvent(0, OURS, f"evt_{secrets.token_hex(12)}", type, subject, to_json(data), moment())
    (number,) = keep_events(connection, [event])
    return attrs.evolve(event, number=number or 0)


class Events(Database):
    """The queues of events."""

    def add_events(self, events: Sequence[WebhookEvent]) -> list[bool]:
        """Keep events in one transaction and say of each whether it is new."""
        with self._writing(alone=False) as connection:
            return [number is not None for number in keep_events(connection, events)]

    def due_queues(self) -> list[str]:
        """The queues in which something is due, by name."""
        statement = select(_ROW.queue).where(_ROW.settled_at.is_(None), _ROW.due_at <= moment()).distinct()
        with self._reading() as connection:
            return sorted(connection.execute(statement).scalars())

    def claim_events(self, queue: str, by: str, *, limit: int = 100, lease: float = 60.0) -> list[WebhookEvent]:
        """Claim what is due in a queue, oldest first, in the order of each subject, for `lease` seconds."""
        claim, at = f"{by} {secrets.token_hex(4)}", moment()
        with self._writing(alone=False) as connection:
            chosen = _choose(connection, queue, at, limit)
            if not chosen:
                return []
            values = {"state": CLAIMED, "claimed_by": claim, "due_at": moment(lease), "attempts": _ROW.attempts + 1}
            still = and_(_ROW.number.in_(chosen), _ROW.settled_at.is_(None), _ROW.due_at <= at)
            claimed = connection.execute(update(EVENT).where(still).values(values).returning(*_COLUMNS)).all()
        return sorted((WebhookEvent(*row) for row in claimed), key=lambda event: event.number)

    def extend_lease(self, events: Sequence[WebhookEvent], lease: float = 60.0) -> int:
        """Hold claimed events for `lease` seconds from now; return how many of them are still held."""
        with self._writing(alone=False) as connection:
            return _change(connection, events, {"due_at": moment(lease)})

    def settle_events(
        self,
        events: Sequence[WebhookEvent],
        state: str,
        error: str = "",
        *,
        wait: float = 0.0,
        follow: Sequence[WebhookEvent] = (),
    ) -> int:
        """Give claimed events their state, and keep those that follow from them, in one transaction."""
        ends = None if state == WAITING else moment()
        values = {"state": state, "error": error, "due_at": moment(wait), "settled_at": ends}
        with self._writing(alone=False) as connection:
            keep_events(connection, follow)
            return _change(connection, events, values)

    def replay_event(self, number: int) -> WebhookEvent:
        """Let a settled event wait again, its attempts forgotten."""
        again = {"state": WAITING, "attempts": 0, "due_at": moment(), "error": "", "settled_at": None}
        settled = and_(_ROW.number == number, _ROW.settled_at.is_not(None))
        with self._writing(alone=False) as connection:
            row = connection.execute(update(EVENT).where(settled).values(again).returning(*_COLUMNS)).one_or_none()
        if row is None:
            hint = "enliterator webhooks list shows those that there are, with their states"
            raise ServiceError(f"there is no event {number} that could be replayed", hint=hint)
        return WebhookEvent(*row)

    def event(self, number: int) -> WebhookEvent | None:
        """One event."""
        with self._reading() as connection:
            row = connection.execute(select(*_COLUMNS).where(_ROW.number == number)).one_or_none()
        return None if row is None else WebhookEvent(*row)

    def events(
        self,
        *,
        queue: str | None = None,
        type: str | None = None,
        state: str | None = None,
        subject: str | None = None,
        webhook_id: str | None = None,
        before: int | None = None,
        limit: int = 50,
    ) -> list[WebhookEvent]:
        """Events, newest first: those that fit all that is given."""
        wanted = {"queue": queue, "type": type, "state": state, "subject": subject, "webhook_id": webhook_id}
        fits = [_ROW[name] == value for name, value in wanted.items() if value is not None]
        fits += [] if before is None else [_ROW.number < before]
        statement = select(*_COLUMNS).where(*fits).order_by(_ROW.number.desc()).limit(limit)
        with self._reading() as connection:
            return [WebhookEvent(*row) for row in connection.execute(statement)]

    def event_totals(self) -> list[EventTotal]:
        """How many events there are, by queue, type and state."""
        by = (_ROW.queue, _ROW.type, _ROW.state)
        statement = select(*by, func.count(), func.min(_ROW.received_at)).group_by(*by).order_by(*by)
        with self._reading() as connection:
            return [EventTotal(*row) for row in connection.execute(statement)]


def _choose(connection: Connection, queue: str, at: str, limit: int) -> list[int]:
    """Return the numbers to claim: heads, each the first open event of its subject, and what stands behind them.

    On PostgreSQL a head that another worker is claiming is passed over; whoever has the head has its whole row.
    """
    open_here = and_(_ROW.queue == queue, _ROW.settled_at.is_(None))
    before = and_(
        _EARLIER.c.queue == _ROW.queue,
        _EARLIER.c.subject == _ROW.subject,
        _EARLIER.c.settled_at.is_(None),
        _EARLIER.c.number < _ROW.number,
    )
    heads = (
        select(_ROW.number, _ROW.subject)
        .where(open_here, _ROW.due_at <= at, or_(_ROW.subject == "", ~exists().where(before)))
        .order_by(_ROW.number)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    found = connection.execute(heads).all()
    subjects = sorted({row.subject for row in found} - {""})
    waits = exists().where(before, _EARLIER.c.due_at > at)
    behind = select(_ROW.number).where(open_here, _ROW.due_at <= at, _ROW.subject.in_(subjects), ~waits)
    rows = connection.execute(behind.order_by(_ROW.number).limit(limit)).scalars() if subjects else ()
    return sorted({*rows, *(row.number for row in found if not row.subject)})[:limit]


def _change(connection: Connection, events: Sequence[WebhookEvent], values: Mapping[str, Any]) -> int:
    """Change those of the events whose claim still holds; return how many."""
    held = 0
    for claim in sorted({event.claimed_by for event in events}):
        numbers = [event.number for event in events if event.claimed_by == claim]
        mine = and_(_ROW.number.in_(numbers), _ROW.state == CLAIMED, _ROW.claimed_by == claim)
        held += len(connection.execute(update(EVENT).where(mine).values(values).returning(_ROW.number)).all())
    return held
