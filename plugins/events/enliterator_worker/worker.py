# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""One worker: claims what is due, queue by queue, and settles it; as many of them may run as one likes.

Three kinds of queues: a handler's (its events are told one by one, in a process of its own), OURS (what happened here
is handed on to the handlers), and every other is a sender's (its events bring the records up to date, then are handed
on). What is claimed is held by a lease that is renewed while it is worked on, and comes back when the worker dies.
"""

import os
import random
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from itertools import islice
from typing import Final

from attrs import define, field

from enliterator_core import (
    DEAD,
    DONE,
    OURS,
    SKIPPED,
    WAITING,
    EnliteratorError,
    Event,
    EventHandler,
    ServiceError,
    WebhookEvent,
    Workspace,
    keep_changes,
    sync,
    wants,
)
from enliterator_worker import RecordKeeper
from enliterator_worker.host import HandlerFailed, Host
from enliterator_worker.keeper import (
    ENDS,
    HANDLER,
    JOBS,
    Glances,
    Seen,
    by_subject,
    data_of,
    deliveries,
    glance,
    is_known,
    look,
)

POLL: Final = 0.25  # seconds between two looks for what is due
BATCH: Final = 500  # events of a sender that are claimed at a time
TOGETHER: Final = 4  # jobs that providers are asked for at once
KEPT: Final = 50  # jobs at most that one transaction changes: a receiver may be waiting to write
SYNC: Final = "sync"

_JITTER: Final = random.Random()  # unseeded: workers that failed together should not come back together


@define
class Worker:
    """Works in a workspace until `stop` is set; `say` is told what goes wrong, in one line."""

    workspace: Workspace
    say: Callable[[str], None]
    stop: threading.Event = field(factory=threading.Event)
    keeper: RecordKeeper = field(init=False)
    handlers: tuple[EventHandler, ...] = field(init=False)
    _name: str = field(init=False)
    _hosts: dict[str, Host] = field(init=False)
    _held: dict[int, Sequence[WebhookEvent]] = field(factory=dict, init=False)
    _asking: ThreadPoolExecutor = field(init=False)

    def __attrs_post_init__(self) -> None:
        known = self.workspace.plugins.event_handlers
        self.keeper = next((one for one in known if isinstance(one, RecordKeeper)), RecordKeeper())
        self.handlers = tuple(one for one in known if not isinstance(one, RecordKeeper))
        self._name = f"{socket.gethostname()}:{os.getpid()}"
        hosted = {f"{HANDLER}{one.name}": one for one in self.handlers if one.durable}
        self._hosts = {queue: Host(self.workspace.root, one) for queue, one in hosted.items()}
        self._asking = ThreadPoolExecutor(TOGETHER, thread_name_prefix="asking")

    def run(self, *, drain: bool = False) -> None:
        """Work until told to stop; with `drain` until nothing is due. What is under way then is ended first."""
        self.workspace.records, self.workspace.dispatcher  # noqa: B018  opened before several threads ask for them
        renewing = threading.Thread(target=self._renew, name="leases", daemon=True)
        renewing.start()
        with ThreadPoolExecutor(self.keeper.lanes, thread_name_prefix="lane") as lanes:
            try:
                self._rounds(lanes, drain)
            finally:  # however it ends, the lanes end after what is under way
                self.stop.set()
        renewing.join()
        self._asking.shutdown()
        for host in self._hosts.values():
            host.kill()

    def _rounds(self, lanes: ThreadPoolExecutor, drain: bool) -> None:
        busy: dict[str, Future[None]] = {}
        next_sync = 0.0
        while not self.stop.is_set():
            busy = {queue: one for queue, one in busy.items() if not self._ended(queue, one)}
            if not drain and SYNC not in busy and time.monotonic() >= next_sync:
                minutes = self.keeper.sync_minutes
                next_sync = time.monotonic() + minutes * 60 if minutes else float("inf")
                busy[SYNC] = lanes.submit(self._catch_up)
            due = self._due()
            for queue in due:
                if queue not in busy and len(busy) < self.keeper.lanes:
                    busy[queue] = lanes.submit(self._work_on, queue)
            if not due and not busy and drain:
                return
            self._pause(busy)

    def _pause(self, busy: dict[str, Future[None]]) -> None:
        """Wait for a look's time, or less when a lane has ended: there may be what follows from it."""
        if not busy:
            self.stop.wait(POLL)
        else:
            wait(busy.values(), POLL / 5, return_when="FIRST_COMPLETED")

    def _due(self) -> list[str]:
        """Return the queues that this worker works on in which something is due."""
        try:
            queues = self.workspace.records.due_queues()
        except ServiceError as error:  # the database may come back
            self.say(error.message)
            self.stop.wait(self.keeper.first_wait)
            return []
        return [one for one in queues if one in self._hosts or not one.startswith(HANDLER)]

    def _ended(self, queue: str, lane: Future[None]) -> bool:
        if not lane.done():
            return False
        error = lane.exception()
        if error is not None and not isinstance(error, EnliteratorError):
            raise error
        if error is not None:  # what was claimed comes back when its lease ends
            self.say(f"{queue}: {error.message}")
            self.stop.wait(self.keeper.first_wait)
        return True

    def _work_on(self, queue: str) -> None:
        """Claim and settle until nothing is due in the queue."""
        work, limit = self._keep, BATCH
        if queue == OURS:
            work = self._hand_on
        elif queue.startswith(HANDLER):
            work, limit = self._tell, 1
        while not self.stop.is_set():
            lease = self.keeper.lease
            claimed = self.workspace.records.claim_events(queue, self._name, limit=limit, lease=lease)
            if not claimed:
                return
            with self._holding(claimed):
                fresh = [one for one in claimed if one.attempts <= self.keeper.attempts]
                spent = [one for one in claimed if one.attempts > self.keeper.attempts]
                if spent:
                    self._settle(spent, DEAD, spent[-1].error or "every worker that took it died")
                if fresh:
                    work(fresh)

    @contextmanager
    def _holding(self, events: Sequence[WebhookEvent]) -> Iterator[None]:
        self._held[id(events)] = events
        try:
            yield
        finally:
            del self._held[id(events)]

    def _renew(self) -> None:
        """Renew the leases of what is worked on; it goes on while the last of it is ended."""
        while not (self.stop.wait(self.keeper.lease / 3) and not self._held):
            events = [event for held in list(self._held.values()) for event in held]
            try:
                if events:
                    self.workspace.records.extend_lease(events, self.keeper.lease)
            except ServiceError as error:  # until the lease ends there are two more tries
                self.say(error.message)
            if self.stop.is_set():
                time.sleep(POLL)

    def _settle(self, events: Sequence[WebhookEvent], state: str, error: str = "", *, wait: float = 0.0) -> None:
        if not events:
            return
        follow = [one for event in events for one in deliveries(event, self.handlers)] if state == DONE else []
        handled = events[0].queue.startswith(HANDLER)
        self.workspace.records.settle_events(events, state, error, wait=wait, follow=() if handled else follow)
        if state == DEAD:
            told = ", ".join(f"{one.number} ({one.type})" for one in events)
            self.say(f"given up: event {told} of {events[0].queue}: {error}")

    def _again(self, events: Sequence[WebhookEvent], error: str) -> None:
        """Let events be tried again later, those with no attempts left excepted."""
        left = [one for one in events if one.attempts < self.keeper.attempts]
        self._settle([one for one in events if one not in left], DEAD, error)
        if left:
            longest, exponent = self.keeper.longest_wait, min(max(one.attempts for one in left) - 1, 60)
            pause = min(longest, self.keeper.first_wait * 2.0**exponent) * _JITTER.uniform(0.5, 1.0)
            self._settle(left, WAITING, error, wait=pause)
            self.say(f"{left[0].queue}: {left[0].type} {left[0].subject}: {error}; tried again in {pause:.0f} s")

    def _hand_on(self, events: Sequence[WebhookEvent]) -> None:
        """Hand what happened here on to the durable handlers; the others were told where it happened."""
        self._settle(events, DONE)

    def _keep(self, events: Sequence[WebhookEvent]) -> None:
        """Bring the records up to date by what a provider told, then hand it on."""
        unknown = [one for one in events if not is_known(one.type, self.handlers)]
        for name in sorted({one.type for one in unknown}):
            self._settle([one for one in unknown if one.type == name], SKIPPED, f"nobody here knows {name}")
        known = by_subject(one for one in events if one not in unknown)
        shown = glance(self.workspace, (event.subject for event in events if wants(ENDS, event.type)))
        looking = {self._asking.submit(self._look, group, shown): group for group in known}
        while looking:  # what was seen while the last was kept is kept together
            ended = wait(looking, return_when="FIRST_COMPLETED").done
            seen: list[tuple[Sequence[WebhookEvent], Seen]] = []
            for one in islice(ended, KEPT):
                group = looking.pop(one)
                try:
                    seen.append((group, one.result()))
                except Exception as error:  # noqa: BLE001  what one event leads to stops no other; it is kept and told
                    self._again(group, _line(error))
            self._note(seen)

    def _look(self, group: Sequence[WebhookEvent], shown: Glances) -> Seen:
        """Ask once for all of a subject's events: what is true now is what all of them are about."""
        if self.stop.is_set():  # the rest of what was claimed is for the next worker
            return WAITING, "", None
        if not any(wants(JOBS, one.type) for one in group):
            return DONE, "", None
        return look(self.workspace, group[0].subject, group[0].queue, shown)

    def _note(self, seen: Sequence[tuple[Sequence[WebhookEvent], Seen]]) -> None:
        """Keep what was seen of several subjects in one transaction, then settle their events in another."""
        try:
            keep_changes(self.workspace, [change for _, (_, _, change) in seen if change], "webhook")
        except Exception as error:  # noqa: BLE001  as above: then each by itself
            if len(seen) == 1:
                self._again(seen[0][0], _line(error))
            else:
                for one in seen:
                    self._note([one])
            return
        ends: dict[tuple[str, str], list[WebhookEvent]] = {}
        for group, (state, why, _) in seen:
            ends.setdefault((state, why), []).extend(group)
        for (state, why), events in ends.items():
            self._settle(events, state, why)
        for event in ends.get((DONE, ""), ()):
            self.workspace.dispatcher.emit(Event(event.type, data_of(event), event.webhook_id))
        failures = self.workspace.dispatcher.failures
        while failures:
            failed = failures.pop(0)
            self.say(f"{failed.handler} at {failed.event}: {failed.message}")

    def _tell(self, events: Sequence[WebhookEvent]) -> None:
        """Tell a handler, in its own process, of events one by one."""
        for event in events:
            try:
                self._hosts[event.queue].tell(Event(event.type, data_of(event), event.webhook_id))
            except HandlerFailed as error:
                self._again([event], str(error))
            else:
                self._settle([event], DONE)

    def _catch_up(self) -> None:
        """Ask the providers for what webhooks did not tell."""
        for problem in sync(self.workspace)[1]:
            self.say(f"sync: {problem.message}")


def _line(error: Exception) -> str:
    """Return in one line what went wrong."""
    if isinstance(error, EnliteratorError):
        return error.message
    return f"{type(error).__name__}: {error}".partition("\n")[0]
