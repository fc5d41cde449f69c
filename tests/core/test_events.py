# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Events: every handler is told what it asked for, and one that raises or hangs hurts only itself."""

import threading
from time import monotonic

from enliterator_core import Event
from enliterator_core.events import PROVIDER_EVENTS, Dispatcher, wants


class Listener:
    def __init__(self, name, *event_types, react=lambda event: None):
        self.name, self.event_types, self.react, self.heard = name, event_types, react, []

    def handle(self, event):
        self.heard.append(event.type)
        self.react(event)


def test_a_handler_hears_the_types_it_asked_for_in_order():
    some, all_ = Listener("some", "a", "b"), Listener("all", "*")
    dispatcher = Dispatcher([some, all_])
    for kind in ("a", "c", "b"):
        dispatcher.emit(Event(kind, {}))
    assert some.heard == ["a", "b"]
    assert all_.heard == ["a", "c", "b"]
    assert dispatcher.failures == []


def test_one_that_raises_hurts_only_itself_and_is_told():
    def fail(event):
        raise RuntimeError("no disk")

    bad, good = Listener("bad", "*", react=fail), Listener("good", "*")
    dispatcher = Dispatcher([bad, good])
    dispatcher.emit(Event("a", {}))
    assert good.heard == ["a"]
    assert [(f.handler, f.event, f.message) for f in dispatcher.failures] == [("bad", "a", "RuntimeError: no disk")]


def test_one_that_hangs_is_left_behind():
    release = threading.Event()
    slow, good = Listener("slow", "*", react=lambda event: release.wait(30)), Listener("good", "*")
    dispatcher = Dispatcher([slow, good], time_limit=0.05)
    start = monotonic()
    dispatcher.emit(Event("a", {}))
    assert monotonic() - start < 5
    assert good.heard == ["a"]
    assert "left behind" in dispatcher.failures[0].message
    release.set()


def test_types_are_asked_for_by_name_by_their_beginning_or_all():
    assert wants(("a.b",), "a.b") and wants(("*",), "a.b") and wants(("x", "a.*"), "a.b.c")
    assert not any(wants(one, "a.b") for one in ((), ("a",), ("a.",), ("a.b.*",), ("a.bc",), ("b.*",)))
    assert wants(PROVIDER_EVENTS, "eval.run.canceled") and not wants(PROVIDER_EVENTS, "job.changed")
