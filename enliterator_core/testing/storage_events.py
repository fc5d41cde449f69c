# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The part of the records' contract that holds the queues of events: kept once, claimed, settled, replayed."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
from attrs import evolve

from enliterator_core.contracts.records import Records
from enliterator_core.operations import CLAIMED, DEAD, DONE, OURS, WAITING, EventTotal, WebhookEvent
from enliterator_core.testing.storage_graph import ODD_NAMES, refused
from enliterator_core.testing.storage_jobs import job_with


def event_with(webhook_id: str, **fields: Any) -> WebhookEvent:
    """Return an event that is not kept yet, its number 0, about a subject of its own."""
    given = {"queue": "acme", "type": "job.done", "subject": webhook_id, "body": "{}"}
    return WebhookEvent(0, webhook_id=webhook_id, **{**given, **fields})


class EventsContract:
    """What the records promise of the queues of events."""

    @contextmanager
    def opened(self, workspace: Path) -> Iterator[Records]:
        """Open the records, and close them."""
        raise NotImplementedError
        yield

    def test_events_are_kept_once(self, tmp_path: Path) -> None:
        """By queue and id, in order, with all that was told, whatever characters are in it."""
        with self.opened(tmp_path) as records:
            told = event_with("a", body='{"id": "→ ü"}', received_at="2026-11-01T10:00:00+00:00")
            assert records.add_events([told, event_with("b"), event_with("a", body="other")]) == [True, True, False]
            assert records.add_events([event_with("b"), event_with("a", queue="other")]) == [False, True]
            odd = [event_with(f"odd {name}", type=name, subject=name, body=name) for name in ODD_NAMES]
            assert all(records.add_events(odd)) and records.add_events([]) == []
            refused(lambda: records.add_events([event_with("c"), event_with("d", subject="\udc80")]))
        with self.opened(tmp_path) as records:
            assert records.events(webhook_id="c") == [], "nothing of a refused call is kept"
            newest = records.events(limit=len(odd))
            assert [(one.type, one.subject, one.body) for one in newest[::-1]] == [(name,) * 3 for name in ODD_NAMES]
            (kept,) = records.events(queue="acme", webhook_id="a")
            assert kept == evolve(told, number=kept.number, due_at=kept.due_at) and records.event(kept.number) == kept
            (other,) = records.events(webhook_id="b")
            assert datetime.fromisoformat(other.received_at).utcoffset() == timedelta(0)
            assert records.event(10_000) is None

    def test_events_are_found_by_what_is_asked(self, tmp_path: Path) -> None:
        """By any of the fields, newest first, page by page, and counted."""
        with self.opened(tmp_path) as records:
            records.add_events([event_with(f"{n}", type=f"t{n % 2}", subject=f"s{n % 3}") for n in range(12)])
            (claimed,) = records.claim_events("acme", "w", limit=1)
            records.settle_events([claimed], DEAD, "gave up")
            assert [one.webhook_id for one in records.events(limit=3)] == ["11", "10", "9"]
            third = records.events(limit=3)[-1].number
            assert [one.webhook_id for one in records.events(before=third, limit=3)] == ["8", "7", "6"]
            assert [one.webhook_id for one in records.events(type="t0", subject="s0")] == ["6", "0"]
            assert [one.webhook_id for one in records.events(state=DEAD)] == ["0"] and not records.events(queue="none")
            totals = {(one.type, one.state): one.events for one in records.event_totals()}
            assert totals == {("t0", DEAD): 1, ("t0", WAITING): 5, ("t1", WAITING): 6}
            oldest = records.events(limit=50)[-1].received_at
            assert records.event_totals()[0] == EventTotal("acme", "t0", DEAD, 1, oldest)

    def test_a_claim_is_held_until_it_is_settled(self, tmp_path: Path) -> None:
        """And only by whoever claimed."""
        with self.opened(tmp_path) as records:
            records.add_events([event_with("a"), event_with("b"), event_with("c", queue="other")])
            assert records.due_queues() == ["acme", "other"]
            first = records.claim_events("acme", "one", limit=1)
            assert [(one.webhook_id, one.state, one.attempts) for one in first] == [("a", CLAIMED, 1)]
            second = records.claim_events("acme", "two")
            assert [one.webhook_id for one in second] == ["b"] and records.claim_events("acme", "three") == []
            assert records.due_queues() == ["other"]
            follow = [event_with("a", queue="next"), event_with("a", queue="next")]
            assert records.settle_events(first, DONE, follow=follow) == 1
            assert records.settle_events(first, DEAD, "late") == 0 == records.extend_lease(first)
            assert [one.queue for one in records.events(webhook_id="a")] == ["next", "acme"]
            assert records.settle_events([evolve(second[0], claimed_by="one")], DONE) == 0
            assert records.settle_events(second, WAITING, "busy", wait=3600) == 1
            assert records.claim_events("acme", "one") == []
            (done, waiting) = (records.event(one.number) for one in (*first, *second))
            assert done and done.state == DONE and done.settled_at
            assert waiting and (waiting.state, waiting.error, waiting.settled_at) == (WAITING, "busy", None)

    def test_a_lease_that_ends_lets_another_claim(self, tmp_path: Path) -> None:
        """Nothing is lost by a worker that died, and what it says later does not count."""
        with self.opened(tmp_path) as records:
            records.add_events([event_with("a"), event_with("b")])
            lost = records.claim_events("acme", "one", lease=-1)
            assert records.extend_lease(lost[1:]) == 1
            again = records.claim_events("acme", "one")
            assert [(one.webhook_id, one.attempts) for one in again] == [("a", 2)]
            assert records.settle_events(lost[:1], DONE) == 0 and records.settle_events(again, DONE) == 1

    def test_a_subject_is_handled_in_order(self, tmp_path: Path) -> None:
        """Never one before an earlier one is settled; other subjects, and events without one, go on."""
        with self.opened(tmp_path) as records:
            names = ("x", "y", "x", "", "x", "")
            records.add_events([event_with(f"{n}", subject=name) for n, name in enumerate(names)])

            def claimed(limit: int) -> list[WebhookEvent]:
                return records.claim_events("acme", "w", limit=limit)

            first = claimed(1)
            assert [one.webhook_id for one in first] == ["0"]
            assert [one.webhook_id for one in claimed(10)] == ["1", "3", "5"]
            records.settle_events(first, WAITING, "later", wait=3600)
            assert claimed(10) == []
            records.add_events([event_with("6", subject="x", queue="other")])
            assert [one.webhook_id for one in records.claim_events("other", "w")] == ["6"]
        with self.opened(tmp_path) as records:
            records.add_events([event_with(f"row {n}", subject="z") for n in range(3)])
            row = records.claim_events("acme", "w", limit=2)
            assert [one.webhook_id for one in row] == ["row 0", "row 1"], "what is due of a subject comes together"
            records.settle_events(row[:1], DEAD, "gave up")
            assert records.claim_events("acme", "w") == [], "the second is still held"
            records.settle_events(row[1:], DONE)
            assert [one.webhook_id for one in records.claim_events("acme", "w")] == ["row 2"]

    def test_a_settled_event_can_be_replayed(self, tmp_path: Path) -> None:
        """With its attempts forgotten; one that is open, or none, cannot."""
        with self.opened(tmp_path) as records:
            records.add_events([event_with("a")])
            claimed = records.claim_events("acme", "w")
            refused(lambda: records.replay_event(claimed[0].number))
            refused(lambda: records.replay_event(99))
            records.settle_events(claimed, DEAD, "gave up")
            again = records.replay_event(claimed[0].number)
            assert (again.state, again.attempts, again.error, again.settled_at) == (WAITING, 0, "", None)
            assert [one.attempts for one in records.claim_events("acme", "w")] == [1]

    def test_what_changes_here_is_an_event_of_ours(self, tmp_path: Path) -> None:
        """In the transaction of the change: of many that tell the same, one is told that it changed."""
        with self.opened(tmp_path) as records:
            job = records.add_job(job_with("t1"))

        def work(_: int) -> list[WebhookEvent]:
            told: list[WebhookEvent] = []
            with self.opened(tmp_path) as records:
                records.change_job(job.id, "poll", on_change=told.append, state="running", tuned_model="m")
            return told

        with ThreadPoolExecutor(4) as pool:
            told = [event for events in pool.map(work, range(4)) for event in events]
        with self.opened(tmp_path) as records:
            assert len(told) == 1, "two were told of one change"
            (kept,) = records.events(queue=OURS)
            assert (kept.webhook_id, kept.type, kept.subject) == (told[0].webhook_id, "job.changed", f"job {job.id}")
            data = {"job": job.id, "provider": "acme", "state": "running", "model": "m"}
            assert orjson.loads(kept.body) == data
            first = records.deploy("route", "acme:m", "ann", job=job.id)
            records.deploy("route", None, "ann", undoes=first.id)
            told = records.events(queue=OURS, limit=2)[::-1]
            assert [one.type for one in told] == ["model.deployed", "model.rolled_back"]
            assert orjson.loads(told[0].body)["model"] == "acme:m" and len({one.webhook_id for one in told}) == 2

    def test_several_workers_share_a_queue(self, tmp_path: Path) -> None:
        """Every event once, those of a subject in order."""
        with self.opened(tmp_path) as records:
            records.add_events([event_with(f"{n}", subject=f"s{n % 7}") for n in range(84)])

        def work(who: int) -> list[WebhookEvent]:
            done: list[WebhookEvent] = []
            with self.opened(tmp_path) as records:
                while records.due_queues():
                    for event in records.claim_events("acme", f"{who}", limit=5):
                        done.append(event)
                        assert records.settle_events([event], DONE) == 1
            return done

        with ThreadPoolExecutor(4) as pool:
            done = [event for events in pool.map(work, range(4)) for event in events]
        assert sorted(int(event.webhook_id) for event in done) == list(range(84))
        assert all(event.attempts == 1 for event in done)
